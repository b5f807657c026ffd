//! What the editor asks: proposals, explanations, layout, errors; of a catalogue with records in it.

mod world;

#[path = "world/samples.rs"]
mod samples;

use chartroom_base::ticks::Ticks;
use chartroom_protocol::{
    Reply, Request,
    edit::{EditAnswer, EditAsk},
};
use world::World;

/// The caret stands at the bar.
#[track_caller]
fn ask(world: &mut World, ask: EditAsk, text: &str) -> EditAnswer {
    let at = text.find('¦').unwrap_or(text.len()) as u32;
    let text = text.replace('¦', "");
    match world.request(Request::Edit { ask, text, at, now: Ticks(0) }) {
        Reply::Edit { answer } => *answer,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_editor_is_told_what_fits_what_is_meant_and_what_is_wrong() {
    let mut world = World::new(2, 1);
    world.drop_files(&samples::mixed());
    world.settle();
    let labels = |answer: &EditAnswer| -> Vec<String> {
        answer.proposals.iter().take(3).map(|one| format!("{} {}", one.sort, one.label)).collect()
    };
    let found = ask(&mut world, EditAsk::Complete, "AWSCloudTrail | whe¦");
    assert_eq!(labels(&found)[0], "operator where");
    assert_eq!((found.word.start, found.word.end), (16, 19));
    let found = ask(&mut world, EditAsk::Complete, "AWSCloudTrail | where EventNa¦");
    assert_eq!(
        (labels(&found)[0].as_str(), found.proposals[0].detail.as_str()),
        ("column EventName", "string")
    );
    let found = ask(&mut world, EditAsk::Complete, "AWSCloudTrail | extend x = bin(EventTime, ¦");
    let call = found.call.unwrap();
    assert_eq!((call.name.as_str(), call.active), ("bin", Some(1)));

    let found =
        ask(&mut world, EditAsk::Explain, "AWSCloudTrail | where Event¦Name == 'x'").word_help.unwrap();
    assert_eq!(found.title, "EventName: string");
    let found = ask(&mut world, EditAsk::Layout, "AWSCloudTrail|where   EventName=='x'|count");
    assert_eq!(found.text.unwrap(), "AWSCloudTrail\n| where EventName == 'x'\n| count");
    let wrong = ask(&mut world, EditAsk::Check, "AWSCloudTrail | where EventNam == 'x'").diagnostics;
    assert_eq!((wrong.len(), wrong[0].span.start), (1, 22));
    assert_eq!(ask(&mut world, EditAsk::Check, "AWSCloudTrail | count").diagnostics, []);
}
