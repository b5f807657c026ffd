//! `sample`: some rows, the same ones every time.
//!
//! Which they are follows from a hash of who each row is (file, offset and number; its place for rows that a query makes), so that
//! no number of shards changes them. They come in the order in which they stood.

use chartroom_base::sort;
use super::{Body, Operator, Pulled, Ready, Refusal, Run, Setup, Site};
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
    ready: Ready,
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
        Ok(self.ready.pull())
    }

    fn memory(&self) -> usize {
        self.kept.memory() + self.chosen.len() * size_of::<(u64, Place)>() + self.ready.memory()
    }
}
