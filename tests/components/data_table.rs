//! The grid: what exists, what keys and clicks do.

use crate::{
    fake::{DUPLICATE, Fake},
    stage::{Stage, document, press, rest, until},
};
use chartroom::{
    components::data_table::{DataTable, DataTableProps, DrawnRows, Step},
    platform::zone::Zone,
    shared::Shared,
    state::{marks::Needles, query::SortBy},
};
use chartroom_protocol::RowId;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsValue, prelude::Closure};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use yew::Callback;

type Opened = Rc<RefCell<Vec<Option<(u64, RowId)>>>>;

fn props(rows: u64) -> (DataTableProps, Opened, Rc<RefCell<Vec<String>>>) {
    let fake = Fake::new(rows, 1);
    let opened = Opened::default();
    let sorted = Rc::new(RefCell::new(Vec::new()));
    let props = DataTableProps {
        bridge: fake.bridge(Callback::noop()),
        info: Shared::from(fake.info(1, rows)),
        epoch: 1,
        zone: Zone::utc(),
        needles: Shared::from(Needles::of_search("patient")),
        has_all_columns: false,
        sort: Some(SortBy { column: "TimeGenerated".into(), is_descending: true }),
        on_sort: Callback::from({
            let sorted = sorted.clone();
            move |name| sorted.borrow_mut().push(name)
        }),
        has_open: false,
        on_open: Callback::from({
            let opened = opened.clone();
            move |record| opened.borrow_mut().push(record)
        }),
        on_drawn: Callback::from(|_: DrawnRows| ()),
        on_columns: Callback::noop(),
        zones_assumed: 0,
        step: Step::default(),
    };
    (props, opened, sorted)
}

async fn drawn(stage: &Stage<DataTable>) {
    until("the first row", || stage.find("[data-row=\"0\"][data-column=\"7\"]").is_some()).await;
    until("its values", || stage.find("[role=gridcell] .cr-time").is_some()).await;
}

fn cell(stage: &Stage<DataTable>, row: u64, column: usize) -> HtmlElement {
    stage.get(&format!("[data-row=\"{row}\"][data-column=\"{column}\"]"))
}

#[wasm_bindgen_test]
async fn only_what_is_seen_exists_and_counts_are_true() {
    let (props, ..) = props(10_000_000);
    let stage = Stage::<DataTable>::new(props);
    drawn(&stage).await;
    assert_eq!(stage.attribute("[role=grid]", "aria-rowcount"), "10000001");
    assert_eq!(stage.attribute("[role=grid]", "aria-colcount"), "8");
    let rows = stage.all("[role=row][aria-rowindex]").len();
    assert!((20..60).contains(&rows), "{rows}");
    assert_eq!(stage.attribute("[role=columnheader]", "data-name"), "TimeGenerated");
    assert_eq!(stage.attribute("[role=columnheader]", "data-type"), "datetime");
    assert_eq!(stage.attribute("[role=columnheader]", "aria-sort"), "descending");
    assert_eq!(stage.text("[role=columnheader] small"), "UTC");
    assert_eq!(cell(&stage, 0, 0).get_attribute("data-value").unwrap(), "2021-08-09T23:58:12.0000000Z");
    assert!(
        stage.all("mark").iter().all(|mark| mark.text_content().unwrap().eq_ignore_ascii_case("patient"))
    );
    assert!(!stage.all("mark").is_empty());
}

#[wasm_bindgen_test]
async fn keys_reach_the_very_last_row_of_ten_million_and_come_back() {
    let (props, opened, _) = props(10_000_000);
    let stage = Stage::<DataTable>::new(props);
    drawn(&stage).await;
    cell(&stage, 0, 0).focus().unwrap();
    press("End", true);
    until("the last row", || stage.find("[data-row=\"9999999\"] ").is_some()).await;
    let has_focus = |row: &str, column: &str| {
        let active = document().active_element();
        active.is_some_and(|cell| {
            cell.get_attribute("data-row").as_deref() == Some(row)
                && cell.get_attribute("data-column").as_deref() == Some(column)
        })
    };
    until("the focus", || has_focus("9999999", "7")).await;
    let list = stage.get(".cr-virtual").get_bounding_client_rect();
    let last = cell(&stage, 9_999_999, 7).get_bounding_client_rect();
    assert!(last.bottom() <= list.bottom() + 1.0 && last.top() >= list.top());
    press("ArrowDown", false);
    press("PageUp", false);
    until("a page up", || !has_focus("9999999", "7")).await;
    press("Home", true);
    until("the first row", || has_focus("0", "0")).await;
    press("ArrowDown", false);
    until("the second row", || has_focus("1", "0")).await;
    until("its values", || stage.find("[data-row=\"1\"] .cr-time").is_some()).await;
    press("Enter", false);
    assert_eq!(opened.borrow().last().unwrap().unwrap().0, 1);
    press("Escape", false);
    assert_eq!(*opened.borrow().last().unwrap(), None);
}

#[wasm_bindgen_test]
async fn a_click_opens_the_record_and_a_head_sorts() {
    let (props, opened, sorted) = props(50);
    let stage = Stage::<DataTable>::new(props);
    drawn(&stage).await;
    cell(&stage, 3, 2).click();
    assert_eq!(opened.borrow().last().unwrap().unwrap().0, 3);
    stage.get("[role=columnheader][data-name=Outcome]").click();
    assert_eq!(*sorted.borrow(), ["Outcome"]);
    rest(30).await;
    stage.get("[role=columnheader][data-name=Outcome]").focus().unwrap();
    press("Enter", false);
    assert_eq!(sorted.borrow().len(), 2);
}

#[wasm_bindgen_test]
async fn a_row_and_the_names_of_its_columns_are_copied() {
    let (props, ..) = props(50);
    let stage = Stage::<DataTable>::new(props);
    drawn(&stage).await;
    // The real clipboard belongs to the machine that runs the tests.
    let clipboard = web_sys::window().unwrap().navigator().clipboard();
    let copied = Rc::new(RefCell::new(String::new()));
    let write = Closure::<dyn FnMut(String) -> js_sys::Promise>::new({
        let copied = copied.clone();
        move |text| {
            *copied.borrow_mut() = text;
            js_sys::Promise::resolve(&JsValue::TRUE)
        }
    });
    js_sys::Reflect::set(&clipboard, &"writeText".into(), write.as_ref()).unwrap();
    cell(&stage, 2, 1).focus().unwrap();
    press("ArrowDown", false);
    rest(30).await;
    press("C", true);
    until("the row", || copied.borrow().contains('\t')).await;
    let values = (0..8).map(|column| cell(&stage, 1, column).get_attribute("data-value").unwrap_or_default());
    assert_eq!(*copied.borrow(), values.collect::<Vec<_>>().join("\t"));
    stage.get("[role=columnheader]").click();
    rest(30).await;
    stage.get("[role=columnheader]").focus().unwrap();
    press("C", true);
    until("the names", || copied.borrow().starts_with("TimeGenerated\tEventType\tObject\t")).await;
    js_sys::Reflect::delete_property(&clipboard, &"writeText".into()).unwrap();
}

#[wasm_bindgen_test]
async fn scrolling_fetches_the_rows_that_come_into_view() {
    let (props, ..) = props(5_000);
    let stage = Stage::<DataTable>::new(props);
    drawn(&stage).await;
    stage.get(".cr-virtual").set_scroll_top(60_000);
    until("the rows there", || stage.find("[data-row=\"2405\"] .cr-time").is_some()).await;
    assert!(stage.find("[data-row=\"5\"]").is_none());
    stage.get(".cr-virtual").set_scroll_top(10_000_000);
    until("the end", || stage.find("[data-row=\"4999\"] .cr-time").is_some()).await;
}

#[wasm_bindgen_test]
async fn duplicates_units_and_widened_columns_are_marked_for_eyes_and_ears() {
    let (mut props, ..) = props(100);
    props.zones_assumed = 2;
    let stage = Stage::<DataTable>::new(props);
    drawn(&stage).await;
    let head = |name: &str| stage.text(&format!("[role=columnheader][data-name={name}]"));
    assert!(head("TimeGenerated").contains("2 files name no zone"), "{}", head("TimeGenerated"));
    assert!(head("StatusCode").contains("do not fit the documented kind"));
    assert!(head("DurationMs").ends_with("ms"));
    let marked = stage.all(".cr-row--duplicate");
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0].get_attribute("aria-rowindex").unwrap(), (DUPLICATE + 2).to_string());
    assert!(marked[0].text_content().unwrap().starts_with("Duplicate"));
}
