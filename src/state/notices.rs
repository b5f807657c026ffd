//! What the person is told and may put away.

use std::rc::Rc;
use yew::Reducible;

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// For keys and for putting it away.
    pub id: u32,
    /// One or two sentences.
    pub text: String,
    /// Whether something could not be done.
    pub is_warning: bool,
}

/// All that is told now, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// The notices.
    pub list: Vec<Notice>,
    next: u32,
}

/// Most notices at once; beyond, the oldest go.
const MOST: usize = 6;

/// Everything that may happen to [`Notices`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticesAction {
    /// Tell something.
    Tell {
        /// One or two sentences.
        text: String,
        /// Whether something could not be done.
        is_warning: bool,
    },
    /// Put one away.
    Dismiss(u32),
}

impl Reducible for Notices {
    type Action = NoticesAction;

    fn reduce(self: Rc<Self>, action: NoticesAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            // The same words twice say nothing new.
            NoticesAction::Tell { text, .. } if self.list.iter().any(|notice| notice.text == text) => {
                return self;
            }
            NoticesAction::Tell { text, is_warning } => {
                next.list.push(Notice { id: next.next, text, is_warning });
                next.next = next.next.wrapping_add(1);
                if next.list.len() > MOST {
                    next.list.remove(0);
                }
            }
            NoticesAction::Dismiss(id) => next.list.retain(|notice| notice.id != id),
        }
        Rc::new(next)
    }
}
