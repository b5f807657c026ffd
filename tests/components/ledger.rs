//! The ledger: one line a file, what needs attention first.

use crate::{
    fake::Fake,
    stage::{Stage, type_into, until},
};
use chartroom::{
    components::ledger::{Ledger, LedgerProps},
    platform::zone::Zone,
};
use chartroom_protocol::{Request, ledger::LedgerFile};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

type Opened = Rc<RefCell<Vec<Rc<LedgerFile>>>>;

fn stage(files: u32, is_wide: bool) -> (Stage<Ledger>, Fake, Opened) {
    let fake = Fake::new(48_210, files);
    let opened = Opened::default();
    let props = LedgerProps {
        bridge: fake.bridge(Callback::noop()),
        status: fake.status(),
        is_loading: false,
        zone: Zone::utc(),
        is_wide,
        on_wide: Callback::noop(),
        open_key: None,
        on_open: Callback::from({
            let opened = opened.clone();
            move |file| opened.borrow_mut().push(file)
        }),
        on_close_all: Callback::noop(),
        on_notice: Callback::noop(),
        on_drawn: Callback::noop(),
    };
    (Stage::new(props), fake, opened)
}

#[wasm_bindgen_test]
async fn each_file_has_its_line_and_its_facts() {
    let (stage, _, opened) = stage(14, true);
    until("the files", || stage.all("[data-testid=ledger-file]").len() == 14).await;
    let ledger = "[data-testid=ledger]";
    assert_eq!(stage.attribute(ledger, "data-files"), "14");
    assert_eq!(stage.attribute(ledger, "data-events"), "48210");
    assert_eq!(stage.attribute(ledger, "data-rejected"), "2");
    let second = &stage.all("[data-testid=ledger-file]")[1];
    let get = |name: &str| second.get_attribute(name).unwrap();
    assert_eq!(get("data-name"), "export/insights-logs-auditlogs/dicom-audit.json");
    assert_eq!(
        (get("data-status"), get("data-events"), get("data-rejected")),
        ("partial".into(), "3102".into(), "2".into())
    );
    assert_eq!(get("data-table"), "MicrosoftHealthcareApisAuditLogs");
    assert!(stage.root.text_content().unwrap().contains("no events"));
    second.query_selector("button").unwrap().unwrap().dyn_ref::<web_sys::HtmlElement>().unwrap().click();
    assert_eq!(opened.borrow()[0].stored, 3_102);
}

#[wasm_bindgen_test]
async fn files_stand_under_the_heads_of_their_groups_and_fold_away() {
    let (stage, ..) = stage(14, false);
    until("the files", || stage.all("[data-testid=ledger-file]").len() == 14).await;
    let heads = stage.all("[data-testid=ledger-group]");
    assert!(heads.len() > 2);
    let first = stage.attribute("[role=listitem]", "data-testid");
    assert_eq!(first, "ledger-group");
    assert_eq!(stage.attribute("[data-testid=ledger-group]", "data-outcome"), "failed");
    let button = stage.get("[data-testid=ledger-group] button");
    assert_eq!(button.get_attribute("aria-expanded").unwrap(), "true");
    assert!(button.get_attribute("aria-label").unwrap().starts_with("Not read, export/: 1 file"));
    button.click();
    until("the fold", || stage.all("[data-testid=ledger-file]").len() == 13).await;
    assert_eq!(stage.attribute("[data-testid=ledger-group] button", "aria-expanded"), "false");
    stage.get("[data-testid=ledger-group] button").click();
    until("the unfolded file", || stage.all("[data-testid=ledger-file]").len() == 14).await;
}

#[wasm_bindgen_test]
async fn beyond_a_thousand_files_only_those_seen_exist_and_all_can_be_found() {
    let (stage, fake, _) = stage(3_000, false);
    until("some files", || stage.find("[data-testid=ledger-file]").is_some()).await;
    assert!(stage.all("[data-testid=ledger-file]").len() < 100);
    stage.get(".cr-virtual").set_scroll_top(24 * 4_000);
    until("the last file", || {
        stage
            .all("[data-testid=ledger-file]")
            .iter()
            .any(|file| file.get_attribute("data-name").is_some_and(|name| name.contains("d=125/h=23")))
    })
    .await;
    type_into(&stage.get("input"), "dicom");
    until("the one file", || stage.all("[data-testid=ledger-file]").len() == 1).await;
    let has_filter =
        |request: &Request| matches!(request, Request::Ledger { filter, .. } if filter == "dicom");
    assert!(fake.asked.borrow().iter().any(has_filter));
}
