//! What the person is told and may put away.

use crate::{
    state::notices::{Notice, Notices},
    widgets::icon::{Glyph, Icon},
};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`NoticeList`].
#[derive(PartialEq, Properties)]
pub struct NoticeListProps {
    /// What is told now.
    pub notices: Rc<Notices>,
    /// Told which one is put away.
    pub on_dismiss: Callback<u32>,
}

/// One line each.
#[component]
pub fn NoticeList(props: &NoticeListProps) -> Html {
    html! {
        <div class="cr-notices" role="status">
            { for props.notices.list.iter().map(|notice| {
                html! { <Line key={notice.id} notice={notice.clone()} on_dismiss={props.on_dismiss.clone()} /> }
            }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct LineProps {
    notice: Notice,
    on_dismiss: Callback<u32>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let onclick =
        use_callback((props.notice.id, props.on_dismiss.clone()), |_: MouseEvent, (id, on_dismiss)| {
            on_dismiss.emit(*id);
        });
    html! {
        <div class={classes!("cr-notice", props.notice.is_warning.then_some("cr-notice--warning"))}>
            <span class="cr-notice__text">{ &props.notice.text }</span>
            <button type="button" class="cr-button cr-button--quiet" aria-label="Dismiss" {onclick}>
                <Icon glyph={Glyph::Close} />
            </button>
        </div>
    }
}
