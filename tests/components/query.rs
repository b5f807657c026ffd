//! The editor and the search box.

use crate::stage::{Stage, press, type_into, until};
use chartroom::components::{
    query_bar::{QueryBar, QueryBarProps},
    search_box::{SearchBox, SearchBoxProps},
};
use chartroom_base::diagnostic::{Diagnostic, Span};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

fn log<T: 'static>() -> (Rc<RefCell<Vec<T>>>, Callback<T>) {
    let log = Rc::new(RefCell::new(Vec::new()));
    let push = log.clone();
    (log, Callback::from(move |item| push.borrow_mut().push(item)))
}

#[wasm_bindgen_test]
async fn text_is_told_as_typed_and_run_by_click_and_key() {
    let (edits, on_edit) = log();
    let (runs, on_run) = log();
    let errors = vec![
        Diagnostic::error("KQL0001", Span::new(9, 12), "`tak` is no operator")
            .with_help("Did you mean `take`?"),
    ];
    let text = "Events | tak 3";
    let stage = Stage::<QueryBar>::new(QueryBarProps {
        text: text.into(),
        is_running: false,
        errors,
        errors_text: text.into(),
        names: chartroom::state::completion::Names::default(),
        clock: yew::Html::default(),
        on_edit,
        on_run,
    });
    until("the editor", || stage.find("[data-testid=query-input]").is_some()).await;
    let field = stage.get("[data-testid=query-input]");
    type_into(&field, "Events | count");
    assert_eq!(*edits.borrow(), ["Events | count"]);
    stage.get("[data-testid=run-query]").click();
    field.focus().unwrap();
    press("Enter", true);
    assert_eq!(runs.borrow().len(), 2);
    let words = stage.text("[data-testid=query-error]");
    for needed in ["`tak` is no operator", "line 1, column 10", "Did you mean `take`?"] {
        assert!(words.contains(needed), "{words}");
    }
    assert_eq!(stage.text(".cr-kql-table"), "Events");
    assert_eq!(stage.text(".cr-kql-wrong"), "tak");
}

#[wasm_bindgen_test]
async fn searching_waits_for_a_pause_and_a_slash_goes_there() {
    let (searches, on_search) = log();
    let (typing, on_typing) = log();
    let stage = Stage::<SearchBox>::new(SearchBoxProps {
        text: "".into(),
        hits: "3 rows".into(),
        on_typing,
        on_search,
    });
    until("the field", || stage.find("input").is_some()).await;
    crate::stage::document().body().unwrap().click();
    press("/", false);
    let field = stage.get("input");
    assert!(crate::stage::document().active_element().is_some_and(|active| active == *field.as_ref()));
    type_into(&field, "pat");
    type_into(&field, "patient");
    assert_eq!(*typing.borrow(), [true, true]);
    assert!(searches.borrow().is_empty());
    until("the search", || !searches.borrow().is_empty()).await;
    assert_eq!(*searches.borrow(), ["patient"]);
    assert_eq!(typing.borrow().last(), Some(&false));
    type_into(&field, "other");
    press("Escape", false);
    assert_eq!(searches.borrow().last().unwrap(), "");
    assert_eq!(stage.text("[role=search] [role=status]"), "3 rows");
}
