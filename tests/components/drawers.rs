//! What opens beside the table: a record, a file.

use crate::{
    fake::{DUPLICATE, Fake, ledger_file},
    stage::{Stage, press, until},
};
use chartroom::{
    components::{
        file_drawer::{FileDrawer, FileDrawerProps},
        keep_format::KeptFormats,
        record_drawer::{RecordDrawer, RecordDrawerProps},
    },
    platform::{kept, zone::Zone},
    shared::Shared,
    state::marks::Needles,
};
use chartroom_protocol::{FileNo, Request, RowId, ledger::DigestCheck};
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
        index: Some(3),
        rows: 100,
        has_duplicates: false,
        on_show: Callback::noop(),
        on_query: Callback::noop(),
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
    stage.button("Fields").focus().unwrap();
    press("ArrowRight", false);
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

#[wasm_bindgen_test]
async fn a_duplicate_leads_to_the_record_that_is_shown_for_it() {
    let fake = Fake::new(100, 1);
    let (shown, asked) = (Rc::new(RefCell::new(Vec::new())), Rc::new(RefCell::new(Vec::new())));
    let stage = Stage::<RecordDrawer>::new(RecordDrawerProps {
        bridge: fake.bridge(Callback::noop()),
        row: RowId { file: FileNo(0), offset: DUPLICATE * 1_000, number: 0 },
        index: Some(DUPLICATE),
        rows: 100,
        has_duplicates: true,
        on_show: Callback::from({
            let shown = shown.clone();
            move |row| shown.borrow_mut().push(row)
        }),
        on_query: Callback::from({
            let asked = asked.clone();
            move |text| asked.borrow_mut().push(text)
        }),
        zone: Zone::utc(),
        needles: Shared::from(Needles::default()),
        on_step: Callback::noop(),
        on_close: Callback::noop(),
    });
    until("the mark", || stage.find("[data-testid=duplicate]").is_some()).await;
    assert!(stage.text("[data-testid=duplicate]").contains("exports/log.csv@4000"));
    stage.button("Open that record").click();
    stage.button("List all records of this event").click();
    assert_eq!(*shown.borrow(), [RowId { file: FileNo(0), offset: 4_000, number: 0 }]);
    let query = "Events\n| where _DuplicateOf == \"exports/log.csv@4000\" or (_File == \"exports/log.csv\" and _Offset == 4000)";
    assert_eq!(*asked.borrow(), [query]);
}

#[wasm_bindgen_test]
async fn a_digest_says_what_is_altered_and_a_log_type_is_kept_and_forgotten() {
    let fake = Fake::new(100, 2);
    let digest = DigestCheck {
        listed: 3,
        found: 2,
        matching: 1,
        altered: 1,
        missing: 1,
        altered_files: vec!["trail-2.json.gz".into()],
        missing_files: vec!["trail-3.json.gz".into()],
    };
    let mut file = ledger_file(1);
    file.path = "my/shop.toml".into();
    file.digest = Some(digest);
    file.own_format = Some("id = \"shop\"".into());
    let stage = Stage::<FileDrawer>::new(FileDrawerProps {
        bridge: fake.bridge(Callback::noop()),
        file: Rc::new(file),
        zone: Zone::utc(),
        on_forget: Callback::noop(),
        on_close: Callback::noop(),
    });
    until("the digest", || stage.find("[data-testid=digest]").is_some()).await;
    let words = stage.text("[data-testid=digest]");
    for needed in ["Altered1", "Matching1", "Listed3", "trail-2.json.gz", "trail-3.json.gz"] {
        assert!(words.contains(needed), "{needed} in {words}");
    }
    stage.button("Keep it in this browser").click();
    until("it is kept", || stage.text("[data-testid=keep-format]").contains("is kept in this browser")).await;
    assert_eq!(kept::names(), ["shop.toml"]);
    assert_eq!(kept::get("shop.toml").as_deref(), Some("id = \"shop\""));
    assert_eq!(kept::all().len(), 1);
    let list = Stage::<KeptFormats>::new(());
    until("the list", || list.find("li").is_some()).await;
    list.button("Forget shop.toml").click();
    until("the list is empty", || list.find("li").is_none()).await;
    assert_eq!(kept::names(), Vec::<String>::new());
}
