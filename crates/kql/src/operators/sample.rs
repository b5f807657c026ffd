//! `sample`: some rows, the same ones every time.
//!
//! Which they are follows from a hash of who each row is (file, offset and number; its place for rows that a query makes), so that
//! no number of shards changes them. They come in the order in which they stood.

use chartroom_base::sort;
use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup, Site, order::BlockOrder};
use crate::{
    bind::{Binder, Pipe, Told},
    frame::{BATCH_ROWS, Frame, Place, Places},
};
use chartroom_kql_syntax::ast::Expr;
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// So many rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// How many.
    pub count: u64,
    /// Whether others choose among what it gives.
    pub is_first: bool,
}

/// `sample n`.
pub(crate) fn bind(binder: &mut Binder<'_>, pipe: Pipe, count: &Expr) -> Result<Pipe, Told> {
    let count = binder.row_count(count)?;
    let relation = binder.seal_all(pipe);
    let columns = binder.columns_of(relation);
    let shown = columns.len();
    let sample = Body::Sample(Sample { count, is_first: false });
    let relation = binder.relation(sample, vec![relation], columns);
    Ok(binder.restart(relation, shown))
}

impl Operator for Sample {
    fn needs(&self, needed: &[bool], _: &[usize]) -> Vec<Vec<bool>> {
        vec![needed.to_vec()]
    }

    fn begin(&self, setup: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Sampling {
            sample: self.clone(),
            kinds: setup.output_kinds(),
            kept: Frame::default(),
            chosen: Vec::new(),
            before: 0,
            many: (self.count > BATCH_ROWS as u64).then(Many::default),
            ready: Ready::default(),
        })
    }

    fn site(&self, setup: &Setup<'_>) -> Site {
        let body = |is_first| Box::new(Body::Sample(Self { is_first, ..self.clone() }));
        Site::Split { first: body(true), columns: setup.output.to_vec(), second: body(false), is_ordered: false }
    }
}

struct Sampling {
    sample: Sample,
    kinds: Vec<Kind>,
    /// The rows chosen so far.
    kept: Frame,
    /// Per row of `kept` its lot and its place, by lot.
    chosen: Vec<(u64, Place)>,
    before: u64,
    /// Where more rows than a batch are drawn, which are not chosen before all are in.
    many: Option<Many>,
    ready: Ready,
}

/// Many rows to draw from: put in the order of their lots a block at a time, and those that are drawn in that of their places.
#[derive(Default)]
struct Many {
    frames: Vec<Frame>,
    lots: BlockOrder<(u32, u32)>,
    drawn: BlockOrder<(u32, u32)>,
    left: usize,
    is_drawn: bool,
    is_ended: bool,
}

impl Many {
    /// The next rows that were drawn, in order; `None` for a turn of work that gave none.
    fn pull(&mut self) -> Option<Vec<(u32, u32)>> {
        let frames = &self.frames;
        let place = |(frame, row): (u32, u32)| {
            frames.get(frame as usize).map_or_else(Place::default, |frame| frame.place(0, row as usize))
        };
        if self.is_drawn {
            return self.drawn.sort_some(place).then(|| self.drawn.next(place));
        }
        let lot = |row| {
            let place = place(row);
            Place { key: u128::from(lot(&place)) << 64 | (place.key & u128::from(u64::MAX)), part: place.part, time: 0 }
        };
        if self.lots.sort_some(lot) {
            let mut rows = self.lots.next(lot);
            rows.truncate(self.left);
            self.left -= rows.len();
            self.is_drawn = rows.is_empty();
            self.drawn.extend(rows);
        }
        None
    }
}

/// The lot of a row: a number that looks as if drawn.
fn lot(place: &Place) -> u64 {
    let mix = |number: u64| {
        let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ number >> 31
    };
    let bytes = place.key.to_le_bytes();
    let (halves, _) = bytes.as_chunks::<8>();
    let seed = place.part.wrapping_add(0x9e37_79b9_7f4a_7c15);
    halves.iter().fold(mix(seed), |lot, half| mix(lot.wrapping_add(u64::from_le_bytes(*half))))
}

impl Run for Sampling {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let most = usize::try_from(self.sample.count).unwrap_or(usize::MAX);
        if let Some(many) = &mut self.many {
            // Rows without places of their own are known by their number.
            let places = (0..frame.rows()).map(|row| frame.place(self.before, row)).collect();
            self.before += frame.rows() as u64;
            let number = u32::try_from(many.frames.len()).unwrap_or(u32::MAX);
            many.lots.extend((0..u32::try_from(frame.rows()).unwrap_or(u32::MAX)).map(|row| (number, row)));
            many.frames.push(frame.with_places(Some(Rc::new(Places::Each(places)))));
            many.left = most;
            return Ok(());
        }
        let worst = self.chosen.last().copied().filter(|_| self.chosen.len() >= most);
        let places: Vec<Place> = (0..frame.rows()).map(|row| frame.place(self.before, row)).collect();
        self.before += frame.rows() as u64;
        let kept = (0_u32..).zip(&self.chosen).map(|(row, chosen)| (*chosen, (0, row)));
        let new = (0_u32..).zip(&places).map(|(row, place)| ((lot(place), *place), (1, row)));
        let new = new.filter(|(chosen, _)| worst.is_none_or(|worst| *chosen < worst));
        let mut all: Vec<((u64, Place), (u32, u32))> = kept.chain(new).collect();
        sort::sort(&mut all);
        all.truncate(most);
        let rows: Vec<(u32, u32)> = all.iter().map(|(_, row)| *row).collect();
        self.chosen = all.into_iter().map(|(chosen, _)| chosen).collect();
        // Nothing new was drawn: what is kept stays.
        if rows.iter().any(|(source, _)| *source == 1) {
            self.kept = Frame::collect(&[std::mem::take(&mut self.kept), frame], &self.kinds, &rows);
        }
        Ok(())
    }

    fn end(&mut self, _: usize) {
        if let Some(many) = &mut self.many {
            many.is_ended = true;
            return;
        }
        let mut order: Vec<(Place, u32)> =
            self.chosen.iter().zip(0_u32..).map(|((_, place), row)| (*place, row)).collect();
        sort::sort(&mut order);
        for batch in order.chunks(BATCH_ROWS) {
            let rows: Vec<u32> = batch.iter().map(|(_, row)| *row).collect();
            let places = Rc::new(Places::Each(batch.iter().map(|(place, _)| *place).collect()));
            let frame = self.kept.take(&rows);
            self.ready.push(frame.with_places(self.sample.is_first.then_some(places)));
        }
        self.kept = Frame::default();
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        let Some(many) = self.many.as_mut().filter(|many| many.is_ended) else { return Ok(self.ready.pull()) };
        let Some(rows) = many.pull() else { return Ok(Pulled::Working) };
        if rows.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let frame = Frame::collect(&many.frames, &self.kinds, &rows);
        Ok(Pulled::Frame(if self.sample.is_first { frame } else { frame.with_places(None) }))
    }

    fn memory(&self) -> usize {
        let many = self.many.as_ref().map_or(0, |many| {
            many.frames.iter().map(Frame::memory).sum::<usize>() + many.lots.memory() + many.drawn.memory()
        });
        many + self.kept.memory() + self.chosen.len() * size_of::<(u64, Place)>() + self.ready.memory()
    }
}
