//! The whole page over a coordinator that is not there: from paste to rows, and busy until then.

use crate::{
    fake::Fake,
    stage::{Stage, document, rest, type_into, until},
};
use chartroom::{
    components::app::{App, AppProps},
    state::sample,
};
use chartroom_protocol::Request;
use wasm_bindgen_test::wasm_bindgen_test;

fn is_busy() -> bool {
    document().document_element().unwrap().get_attribute("data-busy").as_deref() == Some("true")
}

#[wasm_bindgen_test]
async fn from_sample_data_to_rows_search_and_record() {
    let files = sample::files().len();
    let fake = Fake::new(48_210, files as u32);
    let stage = Stage::<App>::new(AppProps { start: Some(fake.start()) });
    until("the first screen", || stage.find("h1").is_some()).await;
    // What follows the first drawing would end the busy time that the click begins.
    rest(50).await;
    assert_eq!(stage.attribute("[data-testid=event-count]", "data-value"), "0");

    stage.button("Try sample data").click();
    assert!(is_busy(), "in the same task");
    until("it rests", || !is_busy()).await;
    assert_eq!(stage.attribute("[data-testid=event-count]", "data-value"), "48210");
    assert_eq!(stage.attribute("[data-testid=row-count]", "data-value"), "48210");
    assert_eq!(stage.attribute("[data-testid=memory]", "data-value"), "111000000");
    assert!(stage.all("[role=gridcell][data-value]").len() > 50);
    assert!(stage.find(".cr-timeline rect").is_some());
    assert_eq!(stage.all("[data-testid=ledger-file]").len(), files);

    type_into(&stage.get("[data-testid=search-input]"), "Patient");
    assert!(is_busy(), "in the same task");
    until("it rests", || !is_busy()).await;
    let has_search = |request: &Request| matches!(request, Request::Query { text, .. } if text.contains("contains \"Patient\""));
    assert!(fake.asked.borrow().iter().any(has_search));
    assert!(stage.find("mark").is_some());

    stage.get("[data-testid=save-csv]").click();
    until("all are saved", || stage.text("[data-testid=save-words]") == "48,210 rows saved").await;

    assert_eq!(stage.text("[data-testid=hide-duplicates]").trim(), "Hide 1 duplicate");
    stage.get("[data-testid=hide-duplicates]").click();
    assert!(is_busy(), "in the same task");
    until("it rests", || !is_busy()).await;
    assert_eq!(stage.attribute("[data-testid=hide-duplicates]", "aria-pressed"), "true");
    let hides = |request: &Request| matches!(request, Request::Query { text, .. } if text.starts_with("Events\n| where isempty(_DuplicateOf)"));
    assert!(fake.asked.borrow().iter().any(hides));

    stage.get("[data-row=\"2\"][data-column=\"1\"]").click();
    until("the record", || stage.find("[data-testid=record] [data-name=ResultType]").is_some()).await;
    assert!(stage.text("[data-testid=record]").contains("3 of 48,210"));
    stage.button("Next record").click();
    until("the next record", || stage.text("[data-testid=record]").contains("4 of 48,210")).await;
    stage.button("Close the record").click();
    until("it is closed", || stage.find("[data-testid=record]").is_none()).await;

    stage.get("[data-row=\"2\"][data-column=\"1\"]").click();
    until("the record", || stage.find("[data-testid=record]").is_some()).await;
    type_into(&stage.get("[data-testid=query-input]"), "AWSCloudTrail");
    stage.get("[data-testid=run-query]").click();
    until("the record of another result is gone", || stage.find("[data-testid=record]").is_none()).await;
    until("it rests", || !is_busy()).await;
    assert!(stage.find("[data-testid=record]").is_none());

    type_into(&stage.get("[data-testid=query-input]"), "Events | nonsense");
    stage.get("[data-testid=run-query]").click();
    assert!(is_busy(), "in the same task");
    until("it rests", || !is_busy()).await;
    assert!(stage.text("[data-testid=query-error]").contains("`nonsense` is no operator"));
    type_into(&stage.get("[data-testid=query-input]"), "Events");
    stage.get("[data-testid=run-query]").click();
    until("the message is gone", || stage.find("[data-testid=query-error]").is_none()).await;

    stage.button("Show more about each file").click();
    until("the wide list", || stage.find(".cr-ledger--wide").is_some()).await;
    stage.button("Close all files").click();
    until("the first screen", || stage.find("h1").is_some()).await;
    until("it rests", || !is_busy()).await;
}
