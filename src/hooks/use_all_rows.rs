//! The rows of a result from its first on, for a chart: fetched once it stands, a request after the other.

use crate::{
    bridge::{Bridge, Pending},
    platform::clock::Timeout,
    shared::Shared,
    tasks::{Answer, RowsPage, fetch_rows},
};
use chartroom_protocol::result::{PageRow, ResultInfo};
use std::{cell::RefCell, rc::Rc};
use yew::prelude::*;

/// Most rows that one request may ask for.
const AT_ONCE: u64 = 500;
/// A request that another one ended is made again after so long.
const RETRY_MS: i32 = 100;

/// Rows and what they are of.
pub type AllRows = (Shared<ResultInfo>, Shared<Vec<PageRow>>);

/// What is under way: dropped, it ends.
#[derive(Default)]
struct Under {
    pending: Option<Pending>,
    timer: Option<Timeout>,
}

/// The first `most` rows of `info`; those of the result before stay until they are here. Nothing is asked for before `is_ready`.
#[hook]
pub fn use_all_rows(
    bridge: &Bridge,
    info: &Shared<ResultInfo>,
    most: u64,
    is_ready: bool,
) -> Option<AllRows> {
    let rows = use_state_eq(|| None::<AllRows>);
    use_effect_with((info.clone(), is_ready), {
        let (bridge, rows) = (bridge.clone(), rows.setter());
        move |(info, is_ready)| {
            let under = Rc::new(RefCell::new(Under::default()));
            if *is_ready {
                let want = info.rows.min(most);
                let job = Rc::new(Job { bridge, info: info.clone(), want, rows, under: under.clone() });
                go_on(&job, Vec::new());
            }
            move || drop(under.take())
        }
    });
    (*rows).clone()
}

struct Job {
    bridge: Bridge,
    info: Shared<ResultInfo>,
    want: u64,
    rows: UseStateSetter<Option<AllRows>>,
    under: Rc<RefCell<Under>>,
}

/// Asks for what is still missing behind `have`.
fn go_on(job: &Rc<Job>, have: Vec<PageRow>) {
    let start = have.len() as u64;
    if start >= job.want {
        job.rows.set(Some((job.info.clone(), Shared::from(have))));
        return;
    }
    let have = RefCell::new(Some(have));
    let on_answer = Callback::from({
        let job = job.clone();
        move |answer: Answer<RowsPage>| {
            let is_done = matches!(answer, Answer::Done(_));
            if matches!(answer, Answer::Progress(_)) {
                return;
            }
            let Some(mut have) = have.borrow_mut().take() else { return };
            if let Answer::Done(page) = answer {
                if page.rows.is_empty() {
                    // Fewer than were told: the result changed, and its successor is on its way.
                    job.rows.set(Some((job.info.clone(), Shared::from(have))));
                    return;
                }
                have.extend(page.rows);
            }
            let next = job.clone();
            // Never within the answer: what is under way is taken out there.
            let pause = if is_done { 0 } else { RETRY_MS };
            let timer = Timeout::start(pause, move || go_on(&next, have));
            job.under.borrow_mut().timer = Some(timer);
        }
    });
    let count = u32::try_from((job.want - start).min(AT_ONCE)).unwrap_or(500);
    let pending = fetch_rows(&job.bridge, job.info.result, start, count, on_answer);
    job.under.borrow_mut().pending = Some(pending);
}
