//! What opens beside the table: a record, a file.

use crate::{
    fake::{Fake, ledger_file},
    stage::{Stage, press, until},
};
use chartroom::{
    components::{
        file_drawer::{FileDrawer, FileDrawerProps},
        record_drawer::{RecordDrawer, RecordDrawerProps},
    },
    platform::zone::Zone,
    shared::Shared,
    state::marks::Needles,
};
use chartroom_protocol::{FileNo, Request, RowId};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

#[wasm_bindgen_test]
async fn a_record_shows_fields_tree_and_bytes_with_their_place() {
    let fake = Fake::new(100, 1);
    let steps = Rc::new(RefCell::new(Vec::new()));
    let on_step = Callback::from({
        let steps = steps.clone();
        move |is_back| steps.borrow_mut().push(is_back)
    });
    let stage = Stage::<RecordDrawer>::new(RecordDrawerProps {
        bridge: fake.bridge(Callback::noop()),
        row: RowId { file: FileNo(0), offset: 3_000, number: 0 },
        index: 3,
        rows: 100,
        zone: Zone::utc(),
        needles: Shared::from(Needles::default()),
        on_step,
        on_close: Callback::noop(),
    });
    until("the fields", || stage.find("[data-name=CallerIPAddress]").is_some()).await;
    assert!(stage.text("aside").contains("4 of 100"));
    assert!(stage.text("aside").contains("byte 1,204,118 · line 883"));
    assert_eq!(stage.text(".cr-drawer__source").trim(), "PT1H.json");
    assert!(stage.text("aside").contains("Beyond the documented columns"));
    assert!(stage.text("[data-name=CallerIPAddress]").contains("personal"));
    stage.button("Tree").click();
    let has_digits = || {
        stage.find("[role=tree]").is_some() && stage.text("[role=tree]").contains("12345678901234567890123")
    };
    until("the tree, with all digits", has_digits).await;
    stage.button("Original").click();
    until("the bytes", || stage.find("pre").is_some()).await;
    assert!(stage.text("pre").starts_with("{\"time\":"));
    crate::stage::document().body().unwrap().click();
    press("j", false);
    press("k", false);
    stage.button("Next record").click();
    assert_eq!(*steps.borrow(), [false, true, false]);
}

#[wasm_bindgen_test]
async fn a_file_accounts_for_its_bytes_and_shows_those_of_a_problem() {
    let fake = Fake::new(100, 2);
    let stage = Stage::<FileDrawer>::new(FileDrawerProps {
        bridge: fake.bridge(Callback::noop()),
        file: Rc::new(ledger_file(1)),
        zone: Zone::utc(),
        on_forget: Callback::noop(),
        on_close: Callback::noop(),
    });
    until("the facts", || stage.find("table").is_some()).await;
    let words = stage.text("aside");
    for needed in [
        "1,204,118 bytes",
        "abab",
        "Records rejected",
        "columns of the DICOM audit log",
        "no value after the colon",
    ] {
        assert!(words.contains(needed), "{needed} in {words}");
    }
    stage.get("li button").click();
    until("the bytes", || stage.find("li pre").is_some()).await;
    let raw = Request::Raw { file: FileNo(1), offset: 371, len: 400 + 120 + 400 };
    assert!(fake.asked.borrow().contains(&raw), "{:?}", fake.asked.borrow());
}
