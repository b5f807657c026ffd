//! What `now()` is: old files are the rule, and `ago(1h)` before today would find nothing in them.

use chartroom_base::ticks::{PER_SECOND, Ticks};

/// Records newer than this before the clock are of today: the clock is right for them.
const FRESH: i64 = 15 * 60 * PER_SECOND;

/// Which clock queries read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockChoice {
    /// The newest record, unless that is of the last quarter of an hour.
    #[default]
    Records,
    /// The clock of the machine.
    Machine,
}

/// The time that a query takes for now, and whether it is that of the newest record.
#[must_use]
pub fn query_now(choice: ClockChoice, newest: Option<Ticks>, clock: Ticks) -> (Ticks, bool) {
    match newest {
        Some(newest) if choice == ClockChoice::Records && newest.0 < clock.0.saturating_sub(FRESH) => {
            (newest, true)
        }
        _ => (clock, false),
    }
}
