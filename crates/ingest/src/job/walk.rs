//! The middle and the end of a job: what is in view is walked over, more is brought into view, the figures are closed.

use super::{Job, LEAST_AT_ONCE, MOST_AT_ONCE, Part, Phase, Step};
use crate::driver::ledger::Ledger;
use crate::driver::{Sink, View, Walked};
use crate::encoding::Decoder;
use crate::hints::Around;
use crate::reader::{Block, Reader};
use crate::source::stream::Stream;
use crate::source::window::Window;
use crate::source::{Pulled, Source};
use chartroom_store::Store;

impl Job {
    /// Brings more into view. Some when that has to wait.
    pub(super) fn feed(&mut self, fuel: &mut usize) -> Option<Step> {
        if self.window.grow() {
            return None;
        }
        match self.stream.pull(fuel) {
            Pulled::Bytes(bytes) => {
                let bytes = self.decoder.decode(bytes);
                if !bytes.is_empty() {
                    self.window.push(bytes);
                    self.window.grow();
                }
                None
            }
            Pulled::Working => Some(Step::Working),
            Pulled::Waiting => Some(Step::Waiting),
            Pulled::End => {
                let source = self.stream.source();
                let (end, is_well) = (source.end(), source.failure().is_none());
                if matches!(self.task.part, Part::Lines { .. }) && is_well && end < self.task.size {
                    let more = end.saturating_add(self.tail).min(self.task.size);
                    self.stream.source_mut().extend(more, self.limits.slice_bytes);
                    self.tail = self.tail.saturating_mul(2);
                    return Some(Step::Waiting);
                }
                let rest = self.decoder.finish();
                if !rest.is_empty() {
                    self.window.push(rest);
                    self.window.grow();
                }
                self.window.end();
                None
            }
        }
    }

    /// Passes over the line that belongs to the part before.
    pub(super) fn seek(&mut self, fuel: &mut usize) -> Option<Step> {
        let Part::Lines { end, .. } = self.task.part else { return None };
        let bytes = self.window.bytes();
        let newline = memchr::memchr(b'\n', bytes);
        let len = newline.map_or(bytes.len(), |newline| newline.saturating_add(1));
        self.window.advance(len);
        *fuel = fuel.saturating_sub(len);
        let is_over =
            self.window.offset() >= end || (self.window.is_last() && self.window.bytes().is_empty());
        if newline.is_none() && !is_over {
            return if self.window.bytes().is_empty() { self.feed(fuel) } else { None };
        }
        self.ledger = Ledger::new(self.window.offset());
        // Lines are in view: to bring in the next slice as well would copy it.
        self.is_starved = self.window.bytes().is_empty();
        if let Phase::Seek(lines) = std::mem::replace(&mut self.phase, Phase::Over) {
            self.phase = Phase::Lines(lines);
        }
        None
    }

    /// Walks on over what is in view.
    pub(super) fn walk(&mut self, store: &mut Store, reader: &mut Reader, fuel: &mut usize) -> Option<Step> {
        if self.is_starved {
            if let Some(step) = self.feed(fuel) {
                return Some(step);
            }
            self.is_starved = false;
        }
        let all = self.window.bytes();
        let most = self.limits.record_bytes;
        let clip = self.clip.max((*fuel).clamp(LEAST_AT_ONCE, MOST_AT_ONCE)).min(all.len()).min(most);
        let bytes = all.get(..clip).unwrap_or(all);
        // Rows are written anew before they are read.
        let needs_block = self.cutting.is_none() && !matches!(self.phase, Phase::Rows(_) | Phase::Grid(_));
        let view = View {
            bytes,
            block: needs_block.then(|| Block::new(bytes)),
            base: self.window.offset(),
            is_last: self.window.is_last() && clip == all.len(),
            // One byte more must be there: else the file may end here.
            is_full: clip == most && all.len() > most,
        };
        let (is_last, is_clipped, in_view) = (view.is_last, clip < all.len(), all.len());
        let before = self.ledger.walked();
        let mut sink = Sink {
            store,
            reader,
            ledger: &mut self.ledger,
            cutting: self.cutting.as_mut(),
            file: self.task.file,
            limits: self.limits,
        };
        let form = if let Phase::Rows(rows) = &self.phase { Some(rows.form()) } else { None };
        sink.reader.set_hints(&self.task.hints, Around::new(form));
        sink.reader.set_path(&self.task.path);
        if !matches!(self.phase, Phase::Rows(_) | Phase::Grid(_)) {
            sink.reader.set_table("", std::iter::empty());
        }
        let walked = match &mut self.phase {
            Phase::Lines(lines) => lines.walk(view, &mut sink),
            Phase::Framed(framed) => framed.walk(view, &mut sink),
            Phase::Rows(rows) => rows.walk(view, &mut sink),
            Phase::Grid(grid) => grid.walk(view, &mut sink),
            _ => Walked::Over,
        };
        let (times, orders) = reader.take_seen();
        self.ledger.saw(times, orders);
        let passed = usize::try_from(self.ledger.walked().saturating_sub(before)).unwrap_or(usize::MAX);
        self.window.advance(passed);
        *fuel = fuel.saturating_sub(clip.max(1));
        match walked {
            Walked::Cut => return self.take_cut(),
            Walked::HandBack => return self.hand_back(store),
            Walked::Over => self.finish(store, reader),
            Walked::NeedMore if is_last => {
                if let Some(step) = self.take_cut() {
                    return Some(step);
                }
                self.finish(store, reader);
            }
            Walked::NeedMore if is_clipped => {
                // Within what is in memory: look at more of it at once only if one record needs it.
                self.clip = if passed == 0 { clip.saturating_mul(2) } else { LEAST_AT_ONCE };
            }
            Walked::NeedMore => {
                if passed > 0 {
                    self.clip = LEAST_AT_ONCE;
                } else {
                    self.clip = clip.saturating_mul(2);
                }
                // Behind a bridge the next slice may have come into view: joining another to it would copy both.
                self.is_starved = self.window.bytes().len() <= in_view.saturating_sub(passed);
            }
        }
        None
    }

    fn take_cut(&mut self) -> Option<Step> {
        let cutting = self.cutting.as_mut()?;
        let cut = cutting.open.take()?;
        let bytes = cutting.with_bytes.then_some(cut.bytes);
        Some(Step::Cut { start: cut.start, end: cut.end, layout: cut.layout, bytes })
    }

    /// These are not lines: a whole file starts over by itself.
    fn hand_back(&mut self, store: &mut Store) -> Option<Step> {
        store.drop_rows(self.task.file, &(0..u64::MAX));
        if !matches!(self.task.part, Part::Whole | Part::Held { .. }) {
            self.phase = Phase::Over;
            return Some(Step::HandBack);
        }
        self.stream = if matches!(self.task.part, Part::Held { .. }) {
            Stream::held(std::mem::take(&mut self.held), &self.task.place)
        } else {
            let source = Source::new(0..self.task.size, self.limits.slice_bytes);
            Stream::peeling(source, &self.task.place, self.task.size)
        };
        self.decoder = self.task.hints.encoding.map_or_else(Decoder::new, Decoder::known);
        self.window = Window::new(0);
        self.ledger = Ledger::new(0);
        self.must_frame = true;
        self.clip = LEAST_AT_ONCE;
        self.phase = Phase::Head;
        None
    }

    /// The part is read: the figures.
    fn finish(&mut self, store: &mut Store, reader: &mut Reader) {
        let mut ledger = std::mem::replace(&mut self.ledger, Ledger::new(0));
        for (reason, is_loss) in self.stream.problems() {
            ledger.problem(0, reason, is_loss);
            if is_loss {
                ledger.set_partial();
            }
        }
        if let (Phase::Framed(framed), Part::Whole | Part::Held { .. } | Part::Frame) =
            (&self.phase, &self.task.part)
        {
            let limits = self.limits;
            let file = self.task.file;
            framed.finish(&mut Sink { store, reader, ledger: &mut ledger, cutting: None, file, limits });
        }
        if let (Phase::Grid(grid), Part::Whole | Part::Frame) = (&self.phase, &self.task.part) {
            let limits = self.limits;
            let file = self.task.file;
            grid.finish(&mut Sink { store, reader, ledger: &mut ledger, cutting: None, file, limits });
        }
        let mut report = ledger.finish(self.stream.containers(), reader.formats());
        if matches!(self.task.part, Part::Whole | Part::Held { .. }) {
            report.settle();
        }
        self.phase = Phase::Result(Step::Done(Box::new(report)));
    }
}
