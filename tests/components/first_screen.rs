//! What a person sees before anything is dropped.

use crate::stage::{Stage, until};
use chartroom::components::empty_page::{EmptyPage, EmptyPageProps};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

fn stage() -> (Stage<EmptyPage>, Rc<Cell<u32>>) {
    let samples = Rc::new(Cell::new(0));
    let on_sample = Callback::from({
        let samples = samples.clone();
        move |()| samples.set(samples.get() + 1)
    });
    let props =
        EmptyPageProps { on_paste: Callback::noop(), on_sample, limits: vec!["No storage here".into()] };
    (Stage::new(props), samples)
}

#[wasm_bindgen_test]
async fn it_says_what_it_is_and_what_does_not_work() {
    let (stage, samples) = stage();
    until("the words", || stage.find("h1").is_some()).await;
    assert_eq!(stage.text("h1"), "Drop your logs here");
    assert!(stage.root.text_content().unwrap().contains("Nothing you drop leaves this machine"));
    assert!(stage.root.text_content().unwrap().contains("No storage here"));
    stage.button("Try sample data").click();
    assert_eq!(samples.get(), 1);
    stage.button("Choose files");
    stage.button("Choose a folder");
    stage.button("Paste text");
}

#[wasm_bindgen_test]
async fn how_to_get_the_logs_stands_in_the_page() {
    let (stage, _) = stage();
    until("the button", || stage.find("h1").is_some()).await;
    stage.button("How do I get these logs?").click();
    until("the dialog", || stage.find("dialog[open]").is_some()).await;
    let words = stage.text("dialog");
    for needed in [
        "off by default",
        "RoomsOperational",
        "insights-logs-auditlogs",
        "10 to 15 minutes",
        "90 days",
        "bucket",
    ] {
        assert!(words.contains(needed), "{needed}");
    }
    stage.button("Close").click();
    until("it is closed", || stage.find("dialog").is_none()).await;
}
