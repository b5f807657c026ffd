//! A load as it goes, and what does not fit.

use crate::{
    fake::Fake,
    stage::{Stage, until},
};
use chartroom::{
    components::{
        load_bar::{LoadBar, LoadBarProps},
        over_budget::{OverBudgetDialog, OverBudgetDialogProps},
    },
    state::sources::OverBudget,
};
use chartroom_base::ticks::Ticks;
use chartroom_protocol::request::LoadChoice;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

#[wasm_bindgen_test]
async fn bytes_rate_and_time_left_are_said_and_reading_can_be_stopped() {
    let stops = Rc::new(RefCell::new(0));
    let on_cancel = Callback::from({
        let stops = stops.clone();
        move |()| *stops.borrow_mut() += 1
    });
    let stage =
        Stage::<LoadBar>::new(LoadBarProps { load: Fake::new(9, 14).loading().load, held: 14, on_cancel });
    until("the bar", || stage.find("progress").is_some()).await;
    let words = stage.root.text_content().unwrap();
    for needed in [
        "Reading 5 of 14 files",
        "40 %",
        "412.0 MB of 1.0 GB",
        "171.7 MB/s",
        "3.6 s left",
        "PT1H.json",
        "83 %",
    ] {
        assert!(words.contains(needed), "{needed} in {words}");
    }
    stage.button("Stop reading").click();
    assert_eq!(*stops.borrow(), 1);
}

#[wasm_bindgen_test]
async fn what_does_not_fit_has_ways_out() {
    let hour = |hour| Ticks::from_civil((2021, 8, 2), (hour, 0, 0), 0).unwrap();
    let chosen = Rc::new(RefCell::new(Vec::new()));
    let on_choose = Callback::from({
        let chosen = chosen.clone();
        move |choice| chosen.borrow_mut().push(choice)
    });
    let what = OverBudget {
        estimate: 5_000_000_000,
        budget: 2_000_000_000,
        files: 300,
        hours: Some((hour(1), hour(9))),
        every_nth: 3,
    };
    let stage = Stage::<OverBudgetDialog>::new(OverBudgetDialogProps { what, on_choose });
    until("the dialog", || stage.find("dialog[open]").is_some()).await;
    assert!(stage.text("dialog").contains("300 files would take about 5.0 GB of memory; there are 2.0 GB"));
    stage.button("Read as far as it fits").click();
    stage.button("Read every 3rd file").click();
    stage.button("Read these hours").click();
    stage.button("Leave these files alone").click();
    let expected = [
        LoadChoice::UpToBudget,
        LoadChoice::EveryNth { n: 3 },
        LoadChoice::TimeSpan { from: hour(1), to: hour(10) },
        LoadChoice::Nothing,
    ];
    assert_eq!(*chosen.borrow(), expected);
}
