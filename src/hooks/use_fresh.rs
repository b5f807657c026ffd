//! Something fetched from the workers that follows a key: fetched again when the key changes, at most so often.

use crate::{
    bridge::Pending,
    platform::clock::{self, Timeout},
    tasks::Answer,
};
use chartroom_base::diagnostic::Diagnostic;
use std::rc::Rc;
use yew::prelude::*;

/// What was fetched, and for which key.
#[derive(Debug, PartialEq)]
pub struct Fresh<K, T> {
    /// The key it belongs to.
    pub key: K,
    /// What came, or why nothing did.
    pub value: Result<T, Vec<Diagnostic>>,
}

/// Fetches something: the key, and who hears the answer.
pub type Fetch<K, T> = Callback<(K, Callback<Answer<T>>), Pending>;

/// With a pause, a request that took long rests so many times as long: it shall not take more than a tenth of the
/// workers' time from the load that it follows.
const REST: f64 = 9.0;

/// After a request that something else ended, it is made again after so long.
const RETRY_MS: i32 = 120;

/// The last that was fetched; it stays while something newer is on its way. `None` without a key.
///
/// With a `pause_ms`, requests follow each other no faster, and each is let run to its end: for what changes all the
/// time during a load. Without, a new key ends the request for the old one.
#[hook]
pub fn use_fresh<K, T>(key: Option<K>, pause_ms: i32, fetch: Fetch<K, T>) -> Option<Rc<Fresh<K, T>>>
where
    K: Clone + PartialEq + 'static,
    T: 'static,
{
    let have = use_state(|| None::<Rc<Fresh<K, T>>>);
    let in_flight = use_mut_ref(|| None::<(K, Pending)>);
    let last_start = use_mut_ref(|| f64::NEG_INFINITY);
    let took = use_mut_ref(|| 0.0_f64);
    let timer = use_mut_ref(|| None::<Timeout>);
    let again = use_state(|| 0_u32);

    let have_key = (*have).as_ref().map(|have| have.key.clone());
    use_effect_with((key.clone(), have_key, *again), {
        let (have, in_flight, timer, again) = (have.setter(), in_flight, timer, again);
        move |(key, have_key, _)| {
            let Some(key) = key else {
                *in_flight.borrow_mut() = None;
                return;
            };
            if have_key.as_ref() == Some(key)
                || in_flight.borrow().as_ref().is_some_and(|(asked, _)| asked == key)
            {
                return;
            }
            if pause_ms > 0 {
                if in_flight.borrow().is_some() {
                    return;
                }
                let rested = clock::now_ms() - *last_start.borrow();
                let pause = f64::from(pause_ms).max(*took.borrow() * (REST + 1.0));
                if rested < pause {
                    let again = again.clone();
                    let wait = (pause - rested).ceil() as i32;
                    *timer.borrow_mut() = Some(Timeout::start(wait, move || again.set(*again + 1)));
                    return;
                }
            }
            *last_start.borrow_mut() = clock::now_ms();
            let on_answer = Callback::from({
                let (key, in_flight, timer, again) =
                    (key.clone(), in_flight.clone(), timer.clone(), again.clone());
                let (last_start, took) = (last_start.clone(), took.clone());
                move |answer: Answer<T>| {
                    let value = match answer {
                        Answer::Progress(_) => return,
                        Answer::Done(value) => Ok(value),
                        Answer::Failed(diagnostics) => Err(diagnostics),
                        Answer::Cancelled => {
                            in_flight.borrow_mut().take();
                            let again = again.clone();
                            *timer.borrow_mut() =
                                Some(Timeout::start(RETRY_MS, move || again.set(*again + 1)));
                            return;
                        }
                    };
                    in_flight.borrow_mut().take();
                    *took.borrow_mut() = clock::now_ms() - *last_start.borrow();
                    have.set(Some(Rc::new(Fresh { key: key.clone(), value })));
                }
            });
            // Ended before the new one begins; its callback hears nothing more.
            in_flight.borrow_mut().take();
            let pending = fetch.emit((key.clone(), on_answer));
            *in_flight.borrow_mut() = Some((key.clone(), pending));
        }
    });
    key.and((*have).clone())
}
