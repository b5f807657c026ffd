//! Ending a job before its end.

use super::{Job, Phase, Step};
use crate::driver::ledger::Ledger;
use crate::reader::Reader;
use crate::report::PartReport;

impl Job {
    /// Ends the job where it is: rows that were read stay, and the figures are of what was read. Bytes of a cut that is
    /// not given out yet are nobody's.
    #[must_use]
    pub fn stop(mut self, reader: &Reader) -> PartReport {
        if let Phase::Result(Step::Done(report)) = self.phase {
            return *report;
        }
        let mut ledger = std::mem::replace(&mut self.ledger, Ledger::new(0));
        ledger.set_partial();
        ledger.finish(self.stream.containers(), reader.formats())
    }
}
