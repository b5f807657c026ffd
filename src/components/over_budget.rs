//! More was dropped than fits into memory: what the person can do about it.

use crate::{
    platform::zone::Zone,
    state::{
        format::{counted, size},
        sources::OverBudget,
        zone::parse_hour_field,
    },
    widgets::dialog::Dialog,
};
use chartroom_base::ticks::{PER_SECOND, Ticks};
use chartroom_protocol::request::LoadChoice;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`OverBudgetDialog`].
#[derive(PartialEq, Properties)]
pub struct OverBudgetDialogProps {
    /// What does not fit.
    pub what: OverBudget,
    /// Told the person's choice.
    pub on_choose: Callback<LoadChoice>,
}

/// The ways out, each a button; closing the dialog leaves the files alone.
#[component]
pub fn OverBudgetDialog(props: &OverBudgetDialogProps) -> Html {
    let OverBudget { estimate, budget, files, hours, every_nth } = &props.what;
    let from_node = use_node_ref();
    let to_node = use_node_ref();
    let problem = use_state_eq(|| false);
    let choose = |choice: LoadChoice| {
        let on_choose = props.on_choose.clone();
        Callback::from(move |_: MouseEvent| on_choose.emit(choice.clone()))
    };
    let on_span = {
        let (from_node, to_node, problem, on_choose) =
            (from_node.clone(), to_node.clone(), problem.setter(), props.on_choose.clone());
        Callback::from(move |_: MouseEvent| {
            let read = |node: &NodeRef| {
                let text = node.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
                parse_hour_field(&text)
            };
            match (read(&from_node), read(&to_node)) {
                // Hours in paths are hours of UTC, and the last one counts as a whole.
                (Some(from), Some(to)) if from <= to => {
                    let to = Ticks(to.0.saturating_add(3_600 * PER_SECOND));
                    on_choose.emit(LoadChoice::TimeSpan { from, to });
                }
                _ => problem.set(true),
            }
        })
    };
    let on_close = use_callback(props.on_choose.clone(), |(), on_choose| on_choose.emit(LoadChoice::Nothing));
    let field = |time: Ticks| Zone::utc().format(time).get(..16).unwrap_or("").replace(' ', "T");
    html! {
        <Dialog title="This is more than fits into memory" {on_close}>
            <p>
                { format!(
                    "{} would take about {} of memory; there are {} to use. Nothing was read of them yet.",
                    counted(u64::from(*files), "file", "files"), size(*estimate), size(*budget),
                ) }
            </p>
            <div class="cr-ways">
                <div class="cr-ways__one">
                    <button type="button" class="cr-button cr-button--primary" onclick={choose(LoadChoice::UpToBudget)}>
                        { "Read as far as it fits" }
                    </button>
                    <span>{ "In the order of paths; you are told where it stopped" }</span>
                </div>
                if *every_nth >= 2 {
                    <div class="cr-ways__one">
                        <button
                            type="button"
                            class="cr-button"
                            onclick={choose(LoadChoice::EveryNth { n: *every_nth })}
                        >
                            { format!("Read every {}", ordinal(*every_nth)) }
                        </button>
                        <span>{ "A sample over the whole time; the others are listed as not read" }</span>
                    </div>
                }
                if let Some((first, last)) = hours {
                    <div class="cr-ways__one cr-ways__one--span">
                        <button type="button" class="cr-button" onclick={on_span}>{ "Read these hours" }</button>
                        <span class="cr-ways__fields">
                            <label>{ "From " }
                                <input ref={from_node} type="datetime-local" step="3600" value={field(*first)} />
                            </label>
                            <label>{ "to " }
                                <input ref={to_node} type="datetime-local" step="3600" value={field(*last)} />
                            </label>
                            { "UTC, by the hours in the paths" }
                        </span>
                        if *problem { <span role="alert">{ "Give two hours, the first not after the last" }</span> }
                    </div>
                }
                <div class="cr-ways__one">
                    <button type="button" class="cr-button cr-button--quiet" onclick={choose(LoadChoice::Nothing)}>
                        { "Leave these files alone" }
                    </button>
                    <span>{ "What was loaded before stays" }</span>
                </div>
            </div>
        </Dialog>
    }
}

/// `2nd file`, `3rd file`, `12th file`.
fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (1, rest) if rest != 11 => "st",
        (2, rest) if rest != 12 => "nd",
        (3, rest) if rest != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending} file")
}
