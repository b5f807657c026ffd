//! The editor and the search box.

use crate::stage::{Stage, press, type_into, until};
use chartroom::components::{
    query_bar::{QueryBar, QueryBarProps},
    search_box::{SearchBox, SearchBoxProps},
};
use chartroom_base::diagnostic::{Diagnostic, Span};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
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
        bridge: crate::fake::Fake::new(0, 0).bridge(Callback::noop()),
        text: text.into(),
        is_draft: false,
        is_running: false,
        errors,
        errors_text: text.into(),
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

/// An editor over a fake, and what it tells.
async fn editor(text: &'static str, is_draft: bool) -> (Stage<QueryBar>, Rc<RefCell<Vec<String>>>) {
    let (edits, on_edit) = log();
    let stage = Stage::<QueryBar>::new(QueryBarProps {
        bridge: crate::fake::Fake::new(0, 0).bridge(Callback::noop()),
        text: text.into(),
        is_draft,
        is_running: false,
        errors: Vec::new(),
        errors_text: "".into(),
        clock: yew::Html::default(),
        on_edit,
        on_run: Callback::noop(),
    });
    until("the editor", || stage.find("[data-testid=query-input]").is_some()).await;
    stage.get("[data-testid=query-input]").focus().unwrap();
    (stage, edits)
}

#[wasm_bindgen_test]
async fn proposals_are_chosen_by_arrows_and_taken_by_tab_or_enter() {
    let (stage, edits) = editor("Events | wh", false).await;
    let field: web_sys::HtmlTextAreaElement = stage.get("[data-testid=query-input]").unchecked_into();
    field.set_selection_range(11, 11).unwrap();
    press(" ", true);
    until("the list", || stage.find("[role=listbox]").is_some()).await;
    assert_eq!(stage.text(".cr-completions__about"), "What where does");
    // Nothing is chosen so far: Enter is a line, and closes the list.
    assert_eq!(field.get_attribute("aria-activedescendant"), None);
    press("Escape", false);
    until("no list", || stage.find("[role=listbox]").is_none()).await;
    press(" ", true);
    until("the list", || stage.find("[role=listbox]").is_some()).await;
    press("ArrowDown", false);
    press("ArrowDown", false);
    until("the second", || field.get_attribute("aria-activedescendant").is_some_and(|id| id.ends_with("-1")))
        .await;
    press("Enter", false);
    until("it stands there", || field.value() == "Events | whole()").await;
    assert_eq!(edits.borrow().last().unwrap(), "Events | whole()");
    until("no list", || stage.find("[role=listbox]").is_none()).await;
}

#[wasm_bindgen_test]
async fn words_are_explained_texts_laid_out_and_drafts_checked() {
    let (stage, edits) = editor("Events | oops", true).await;
    until("the squiggle", || stage.find(".cr-kql-wrong").is_some()).await;
    press("F1", false);
    until("the words", || stage.text("[data-testid=query-hint]").contains("All records")).await;
    press("Escape", false);
    until("no words", || !stage.text("[data-testid=query-hint]").contains("All records")).await;
    stage.get("[data-testid=format-query]").click();
    until("the layout", || edits.borrow().last().is_some_and(|text| text == "Events\n| oops")).await;
}
