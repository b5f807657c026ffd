//! The bridge and the verbs over it, without workers: what is sent, what answers, what is cancelled.

use chartroom::{
    bridge::{Bridge, BridgeEvent},
    platform::{files, turn},
    tasks::{self, Answer},
};
use chartroom_base::diagnostic::{Diagnostic, Span};
use chartroom_base::ticks::Ticks;
use chartroom_protocol::{
    Envelope, Event, FileNo, Reply, Request, RequestId, ResultId, RowId, ToPage, event::Status,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;
use yew::Callback;

type Log<T> = Rc<RefCell<Vec<T>>>;

fn log<T: 'static>() -> (Log<T>, Callback<T>) {
    let log: Log<T> = Log::default();
    let push = log.clone();
    (log, Callback::from(move |item| push.borrow_mut().push(item)))
}

fn bridge() -> (Bridge, Log<Envelope>, Log<BridgeEvent>) {
    let (sent, on_request) = log();
    let (heard, on_event) = log();
    (Bridge::for_test(on_request, on_event), sent, heard)
}

fn reply(bridge: &Bridge, id: RequestId, reply: Reply) {
    bridge.receive(ToPage::Reply { id, reply });
}

#[wasm_bindgen_test]
fn progress_then_one_final_answer() {
    let (bridge, sent, _) = bridge();
    let (answers, on_answer) = log();
    let _pending = tasks::find_position(&bridge, ResultId(1), row(), on_answer);
    let id = sent.borrow()[0].id;
    reply(&bridge, id, Reply::Progress { fraction: 0.5 });
    reply(&bridge, id, Reply::Position { row: row(), index: Some(4) });
    reply(&bridge, id, Reply::Position { row: row(), index: Some(5) });
    assert_eq!(*answers.borrow(), [Answer::Progress(0.5), Answer::Done(Some(4))]);
}

#[wasm_bindgen_test]
fn an_answer_of_another_kind_is_a_failure_and_no_panic() {
    let (bridge, sent, _) = bridge();
    let (answers, on_answer) = log();
    let _pending = tasks::fetch_rows(&bridge, ResultId(1), 0, 10, on_answer);
    let id = sent.borrow()[0].id;
    reply(&bridge, id, Reply::Done);
    reply(&bridge, RequestId(999), Reply::Done);
    assert!(matches!(answers.borrow()[..], [Answer::Failed(_)]));
}

#[wasm_bindgen_test]
fn failure_and_cancellation_are_told() {
    let (bridge, sent, _) = bridge();
    let (answers, on_answer) = log();
    let diagnostics = vec![Diagnostic::error("KQL0001", Span::new(0, 1), "no such table")];
    let first = tasks::run_query(&bridge, "x".to_owned(), Ticks(0), on_answer.clone());
    let second = tasks::run_query(&bridge, "y".to_owned(), Ticks(0), on_answer);
    let ids: Vec<_> = sent.borrow().iter().map(|envelope| envelope.id).collect();
    reply(&bridge, ids[0], Reply::Cancelled);
    reply(&bridge, ids[1], Reply::Failed { diagnostics: diagnostics.clone() });
    assert_eq!(*answers.borrow(), [Answer::Cancelled, Answer::Failed(diagnostics)]);
    drop((first, second));
    assert_eq!(sent.borrow().len(), 2, "nothing is left to cancel");
}

#[wasm_bindgen_test]
fn dropping_what_is_pending_cancels_it_and_detaching_does_not() {
    let (bridge, sent, _) = bridge();
    let (answers, on_answer) = log();
    let pending = tasks::fetch_record(&bridge, row(), on_answer.clone());
    tasks::fetch_record(&bridge, row(), on_answer).detach();
    let ids: Vec<_> = sent.borrow().iter().map(|envelope| envelope.id).collect();
    drop(pending);
    assert_eq!(sent.borrow()[2].request, Request::Cancel { target: ids[0] });
    assert_eq!(sent.borrow().len(), 3);
    // The answer was on its way already: nobody waits for it any more.
    reply(&bridge, ids[0], Reply::Cancelled);
    reply(&bridge, ids[1], Reply::Cancelled);
    assert_eq!(*answers.borrow(), [Answer::Cancelled]);
}

#[wasm_bindgen_test]
fn a_callback_may_ask_again() {
    let (bridge, sent, _) = bridge();
    let again = bridge.clone();
    let on_answer = Callback::from(move |_| tasks::cancel_load(&again));
    let _pending = tasks::run_query(&bridge, "x".to_owned(), Ticks(0), on_answer);
    let id = sent.borrow()[0].id;
    reply(&bridge, id, Reply::Cancelled);
    assert_eq!(sent.borrow()[1].request, Request::CancelLoad);
}

#[wasm_bindgen_test]
fn events_are_handed_on() {
    let (bridge, _, heard) = bridge();
    let event = Event::Status { status: Box::new(Status { files: 3, ..Status::default() }) };
    bridge.receive(ToPage::Event { event: event.clone() });
    assert_eq!(*heard.borrow(), [BridgeEvent::Engine(event)]);
}

#[wasm_bindgen_test]
async fn files_go_out_by_thirty_two_and_then_the_drop_is_complete() {
    let (bridge, sent, _) = bridge();
    let file = |at| (format!("folder/{at}"), files::of_text("x", "abc").unwrap());
    let drop = tasks::open_files(&bridge, (0..70).map(file).collect()).unwrap();
    assert!(tasks::open_files(&bridge, Vec::new()).is_none());
    for _ in 0..20 {
        turn::next_turn().await;
    }
    let mut counts = Vec::new();
    for envelope in sent.borrow().iter() {
        match &envelope.request {
            Request::Files { drop: of, files } => {
                assert_eq!(*of, drop);
                assert!(files.iter().all(|info| info.size == 3 && info.path.starts_with("folder/")));
                counts.push(files.len());
            }
            Request::DropComplete { drop: of, unreadable } => {
                assert_eq!((*of, unreadable.len()), (drop, 0));
                counts.push(0);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(counts, [32, 32, 6, 0]);
    assert_eq!(bridge.file_count(), 70);
    tasks::close_files(&bridge, vec![FileNo(3)], Callback::noop()).detach();
    assert_eq!((bridge.file_count(), bridge.find_file(FileNo(3))), (69, None));
    tasks::close_files(&bridge, Vec::new(), Callback::noop()).detach();
    assert_eq!(bridge.file_count(), 0);
}

#[wasm_bindgen_test]
async fn what_a_cancelled_load_had_not_reached_is_named() {
    let (bridge, sent, _) = bridge();
    let file = |at| (format!("{at}"), files::of_text("x", "abc").unwrap());
    let _ = tasks::open_files(&bridge, (0..70).map(file).collect());
    // The first files go out in the next microtask; the cancel comes before that.
    tasks::cancel_load(&bridge);
    for _ in 0..20 {
        turn::next_turn().await;
    }
    let sent = sent.borrow();
    assert_eq!(sent[0].request, Request::CancelLoad);
    match &sent[1].request {
        Request::DropComplete { unreadable, .. } => assert_eq!(unreadable.len(), 70),
        other => panic!("{other:?}"),
    }
}

const fn row() -> RowId {
    RowId { file: FileNo(1), offset: 2, number: 0 }
}
