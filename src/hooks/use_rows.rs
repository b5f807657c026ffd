//! The rows of a result that are on the screen, fetched as they come into view.
//!
//! Another result takes the place of the old one once its first rows are here, so that nothing flickers while one types.
//! When only the order changes (a load ended), the old rows stay until the new place of the row one is on is known and the
//! rows around it are here; then they change at once, and that row stays where it was seen.

use crate::{
    bridge::{Bridge, Pending},
    platform::clock::Timeout,
    shared::Shared,
    state::pages::{MOST, Order, PAGE, Pages, PagesAction},
    tasks::{Answer, RowsPage, fetch_rows, find_position},
};
use chartroom_protocol::{RowId, result::ResultInfo};
use std::{ops::Range, rc::Rc};
use yew::prelude::*;

/// After a request that something else ended, it is made again after so long.
const RETRY_MS: i32 = 100;

/// The rows and how they stand.
#[derive(Clone, PartialEq)]
pub struct Rows {
    /// What is here.
    pub pages: Rc<Pages>,
    /// Whether all rows on the screen are here, in the result's newest order.
    pub is_whole: bool,
}

/// Keeps the rows of `info` that are in `drawn`.
///
/// `epoch` changes with every result that is not the old one brought up to date. `cursor` is the row one is on; with
/// none, the first row `seen` is held in place, unless that is the very first.
#[hook]
pub fn use_rows(
    bridge: &Bridge,
    info: Option<&Shared<ResultInfo>>,
    epoch: u32,
    drawn: Range<u64>,
    seen_start: u64,
    cursor: Option<u64>,
) -> Rows {
    let pages = use_reducer(Pages::default);
    let in_flight = use_mut_ref(|| None::<(Order, u64, Pending)>);
    let turning = use_mut_ref(|| None::<(Order, Pending)>);
    let timer = use_mut_ref(|| None::<Timeout>);
    let again = use_state(|| 0_u32);
    let order = info.map(|info| Order { result: info.result, generation: info.generation });
    let rows = info.map_or(0, |info| info.rows);

    // Which rows they are.
    // Looked at again whenever the pages changed: a result may have grown while its rows were on their way.
    let here = (pages.order, pages.epoch, pages.rows);
    use_effect_with((order, rows, epoch, *again, here), {
        let (pages, bridge, in_flight, turning, again, timer) =
            (pages.clone(), bridge.clone(), in_flight.clone(), turning, again.clone(), timer.clone());
        let drawn = drawn.clone();
        move |(order, rows, epoch, ..)| {
            let Some(order) = *order else { return };
            let is_new = pages.epoch != Some(*epoch);
            if is_new && *rows == 0 {
                turning.borrow_mut().take();
                in_flight.borrow_mut().take();
                pages.dispatch(PagesAction::Reset { epoch: *epoch, order, rows: 0, fetched: Vec::new() });
            } else if !is_new && pages.order == Some(order) {
                pages.dispatch(PagesAction::Grown { order, rows: *rows });
            // A turn under way is let run to its end: orders that follow fast would leave no time for any.
            } else if turning.borrow().as_ref().is_none_or(|(to, _)| to.result != order.result) {
                in_flight.borrow_mut().take();
                let held = cursor.or((seen_start > 0).then_some(seen_start)).filter(|_| !is_new);
                let held = held.and_then(|row| Some((row, pages.id(row)?)));
                let drawn = if is_new { 0..drawn.end.saturating_sub(drawn.start) } else { drawn };
                let epoch = is_new.then_some(*epoch);
                let again = Callback::from(move |()| {
                    let again = again.clone();
                    *timer.borrow_mut() = Some(Timeout::start(RETRY_MS, move || again.set(*again + 1)));
                });
                turn(Turn { bridge, epoch, order, rows: *rows, held, drawn, pages, turning, again });
            }
        }
    });

    // What of them is missing; with all of it here, what a scroll would bring into view.
    let is_current = pages.order == order && pages.epoch == Some(epoch);
    let missing = if is_current { pages.missing(&drawn) } else { None };
    let wanted = missing.or_else(|| pages.ahead(&drawn).filter(|_| is_current));
    use_effect_with((pages.order, wanted, *again), {
        let (pages, bridge) = (pages.dispatcher(), bridge.clone());
        move |(order, wanted, _)| {
            let (Some(order), Some((start, count))) = (*order, *wanted) else { return };
            if in_flight.borrow().as_ref().is_some_and(|(of, from, _)| (*of, *from) == (order, start)) {
                return;
            }
            let on_answer = Callback::from({
                let (in_flight, timer, again) = (in_flight.clone(), timer.clone(), again.clone());
                move |answer: Answer<RowsPage>| match answer {
                    Answer::Progress(_) => {}
                    Answer::Done(page) => {
                        in_flight.borrow_mut().take();
                        let order = Order { generation: page.generation, ..order };
                        pages.dispatch(PagesAction::Put { order, start: page.start, rows: page.rows });
                    }
                    Answer::Cancelled | Answer::Failed(_) => {
                        in_flight.borrow_mut().take();
                        let again = again.clone();
                        *timer.borrow_mut() = Some(Timeout::start(RETRY_MS, move || again.set(*again + 1)));
                    }
                }
            });
            in_flight.borrow_mut().take();
            let count = u32::try_from(count).unwrap_or(500);
            let pending = fetch_rows(&bridge, order.result, start, count, on_answer);
            *in_flight.borrow_mut() = Some((order, start, pending));
        }
    });

    let is_whole = order.is_none() || (is_current && pages.rows == rows && missing.is_none());
    Rows { pages: Rc::new((*pages).clone()), is_whole }
}

/// What it takes to go over to another order.
struct Turn {
    bridge: Bridge,
    /// Of a result that is not the old one brought up to date.
    epoch: Option<u32>,
    order: Order,
    rows: u64,
    held: Option<(u64, RowId)>,
    drawn: Range<u64>,
    pages: UseReducerHandle<Pages>,
    turning: Rc<std::cell::RefCell<Option<(Order, Pending)>>>,
    again: Callback<()>,
}

/// Finds the held row, fetches the rows around it, then changes all at once.
fn turn(turn: Turn) {
    let (order, turning, bridge) = (turn.order, turn.turning.clone(), turn.bridge.clone());
    let Some((from, row)) = turn.held else { return bring(turn, None) };
    let turn = std::cell::RefCell::new(Some(turn));
    let on_answer = Callback::from(move |answer: Answer<Option<u64>>| {
        let to = match answer {
            Answer::Progress(_) => return,
            Answer::Done(to) => to,
            Answer::Cancelled | Answer::Failed(_) => None,
        };
        let turn = turn.borrow_mut().take();
        if let Some(turn) = turn {
            bring(turn, to.map(|to| (from, to)));
        }
    });
    let pending = find_position(&bridge, order.result, row, on_answer);
    *turning.borrow_mut() = Some((order, pending));
}

fn bring(turn: Turn, moved: Option<(u64, u64)>) {
    let Turn { bridge, epoch, order, rows, drawn, pages, turning, again, .. } = turn;
    let first = match moved {
        Some((from, to)) => to.saturating_sub(from.saturating_sub(drawn.start)),
        None => drawn.start,
    };
    let start = first.min(rows.saturating_sub(1)) / PAGE * PAGE;
    let count = (drawn.end.saturating_sub(drawn.start) + 2 * PAGE).min(MOST);
    let on_answer = Callback::from({
        let turning = turning.clone();
        move |answer: Answer<RowsPage>| match answer {
            Answer::Progress(_) => {}
            Answer::Done(page) => {
                turning.borrow_mut().take();
                let order = Order { generation: page.generation, ..order };
                let fetched = page.rows;
                pages.dispatch(match epoch {
                    Some(epoch) => PagesAction::Reset { epoch, order, rows, fetched },
                    None => PagesAction::Switch { order, rows, start: page.start, fetched, moved },
                });
            }
            Answer::Cancelled | Answer::Failed(_) => {
                turning.borrow_mut().take();
                again.emit(());
            }
        }
    });
    let pending = fetch_rows(&bridge, order.result, start, u32::try_from(count).unwrap_or(500), on_answer);
    *turning.borrow_mut() = Some((order, pending));
}
