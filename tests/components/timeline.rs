//! The timeline: bars, axis, words.

use crate::stage::{Stage, until};
use chartroom::{
    components::timeline::{Timeline, TimelineProps},
    platform::zone::{Zone, ZoneChoice},
};
use chartroom_base::ticks::{PER_SECOND, Ticks};
use chartroom_protocol::result::{TimelineData, TimelineSeries};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

#[wasm_bindgen_test]
async fn bars_are_stacked_by_outcome_and_said_in_words() {
    let room = Rc::new(Cell::new(0));
    let on_room = Callback::from({
        let room = room.clone();
        move |buckets| room.set(buckets)
    });
    let data = TimelineData {
        from: Ticks::from_civil((2021, 8, 2), (0, 0, 0), 0).unwrap(),
        step: 3_600 * PER_SECOND,
        buckets: 3,
        series: vec![
            TimelineSeries { outcome: "Succeeded".into(), counts: vec![5, 0, 1] },
            TimelineSeries { outcome: "Failed".into(), counts: vec![1, 0, 0] },
        ],
        without_time: 0,
    };
    let zone = Zone::find(&ZoneChoice::Named("America/Chicago".into())).unwrap();
    let stage = Stage::<Timeline>::new(TimelineProps { data: Some(Rc::new(data)), zone, on_room });
    until("the bars", || stage.all("rect").len() == 3).await;
    until("its room", || room.get() >= 10).await;
    let words = stage.attribute("svg", "aria-label");
    for needed in ["6 succeeded", "1 failed", "America/Chicago", "2021-08-01 19:00"] {
        assert!(words.contains(needed), "{words}");
    }
    assert_eq!(stage.all("rect.cr-bar--2").len(), 1);
    assert!(stage.text("figcaption").contains("a bar is 1 hour"));
}
