//! What a person chose about the screen: theme, zone, columns.

use crate::platform::{theme::Theme, zone::ZoneChoice};
use std::rc::Rc;
use yew::Reducible;

/// The settings as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The theme.
    pub theme: Theme,
    /// The zone of all times shown.
    pub zone: ZoneChoice,
    /// Whether columns without values, and those beyond the first, are shown too.
    pub has_all_columns: bool,
}

/// Everything that may happen to [`Settings`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsAction {
    /// Another theme.
    Theme(Theme),
    /// Another zone.
    Zone(ZoneChoice),
    /// More columns or fewer.
    AllColumns(bool),
}

impl Reducible for Settings {
    type Action = SettingsAction;

    fn reduce(self: Rc<Self>, action: SettingsAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            SettingsAction::Theme(theme) => next.theme = theme,
            SettingsAction::Zone(zone) => next.zone = zone,
            SettingsAction::AllColumns(has_all_columns) => next.has_all_columns = has_all_columns,
        }
        if next == *self { self } else { Rc::new(next) }
    }
}
