//! How much memory the workers take, how much they may, and the way to change that while they run.

use crate::{state::format::size, widgets::dialog::Dialog};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Bytes of the unit that budgets are given in.
const UNIT: u64 = 1_000_000;
/// The least budget that holds anything.
const LEAST: u64 = 64;
/// The most that all workers together may be given: what eight of them can address.
const MOST: u64 = 8 * 3 * 1_073;

/// Properties of [`BudgetDialog`].
#[derive(PartialEq, Properties)]
pub struct BudgetDialogProps {
    /// Memory of all workers in bytes.
    pub memory: u64,
    /// Bytes they may take.
    pub budget: u64,
    /// Told the new budget in bytes.
    pub on_budget: Callback<u64>,
    /// Told when it is to go.
    pub on_close: Callback<()>,
}

/// Figures, a field in megabytes, a button.
#[component]
pub fn BudgetDialog(props: &BudgetDialogProps) -> Html {
    let node = use_node_ref();
    let has_problem = use_state_eq(|| false);
    let onsubmit = {
        let (node, has_problem, on_budget) = (node.clone(), has_problem.setter(), props.on_budget.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = node.cast::<HtmlInputElement>().map(|field| field.value()).unwrap_or_default();
            match text.trim().parse::<u64>() {
                Ok(units) if (LEAST..=MOST).contains(&units) => on_budget.emit(units * UNIT),
                _ => has_problem.set(true),
            }
        })
    };
    html! {
        <Dialog title="Memory" on_close={props.on_close.clone()}>
            <p>
                { format!("The workers take {} of {} that they may.", size(props.memory), size(props.budget)) }
            </p>
            <p>
                { "Reading stops at the limit, says where, and goes on when you raise it. Beyond what the machine has, \
                   the browser ends the tab without a word." }
            </p>
            <form class="cr-dialog__actions" {onsubmit}>
                <label class="cr-budget">
                    { "Limit in MB " }
                    <input
                        ref={node}
                        class="cr-budget__field"
                        type="number"
                        autofocus=true
                        inputmode="numeric"
                        min={LEAST.to_string()}
                        max={MOST.to_string()}
                        data-testid="budget-input"
                        aria-describedby="budget-problem"
                        value={(props.budget / UNIT).to_string()}
                    />
                </label>
                <button type="submit" class="cr-button cr-button--primary">{ "Set the limit" }</button>
            </form>
            <p id="budget-problem" role="alert">
                if *has_problem { { format!("Give a number from {LEAST} to {MOST}") } }
            </p>
        </Dialog>
    }
}
