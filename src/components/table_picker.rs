//! Which table is looked at: all events, or one kind.

use crate::state::{format::grouped, query::FIRST_TABLE};
use chartroom_protocol::event::TableInfo;
use yew::prelude::*;

/// Properties of [`TablePicker`].
#[derive(PartialEq, Properties)]
pub struct TablePickerProps {
    /// Tables with rows.
    pub tables: Vec<TableInfo>,
    /// Records in all of them.
    pub records: u64,
    /// The table the query begins with; empty when it begins with something else.
    pub current: AttrValue,
    /// Told which one is picked.
    pub on_pick: Callback<String>,
}

/// A row of buttons, one pressed.
#[component]
pub fn TablePicker(props: &TablePickerProps) -> Html {
    let all = TableInfo { name: FIRST_TABLE.to_owned(), rows: props.records };
    let tables = std::iter::once(&all).chain(props.tables.iter().filter(|table| table.name != FIRST_TABLE));
    html! {
        <div class="cr-tables" role="group" aria-label="Tables">
            { for tables.map(|table| {
                let is_current = *props.current == *table.name;
                let onclick = {
                    let (on_pick, name) = (props.on_pick.clone(), table.name.clone());
                    Callback::from(move |_: MouseEvent| on_pick.emit(name.clone()))
                };
                html! {
                    <button
                        key={table.name.clone()}
                        type="button"
                        class="cr-tables__one"
                        aria-pressed={is_current.to_string()}
                        title={table.name.clone()}
                        {onclick}
                    >
                        <span class="cr-tables__name">{ &table.name }</span>
                        <span class="cr-tables__rows">{ grouped(table.rows) }</span>
                    </button>
                }
            }) }
        </div>
    }
}
