//! Expressions over frames, a column at a time.
//!
//! **Invariant:** the instructions are those that work out constants and stored rows ([`Instruction::apply`]). What is the same in
//! all rows is worked out once; what depends on one column of codes, once per text of its dictionary, and kept from frame to
//! frame ([`Known`]). A kernel for a shape belongs in [`kernels`], before the general way.

mod kernels;

use crate::{
    frame::{Builder, Frame, Texts, Vector},
    program::{Action, Instruction, Program},
    value::Value,
};
use chartroom_store::Bitmap;
use std::{collections::BTreeMap, rc::Rc};

/// What nodes come to per text of a dictionary.
#[derive(Default)]
pub(crate) struct Known(BTreeMap<usize, PerText>);

struct PerText {
    /// Held, so that its address stays its own.
    texts: Rc<Texts>,
    /// Rows it was asked for.
    rows: usize,
    values: Option<Rc<Vector>>,
}

impl Known {
    /// What `node` comes to for each of the texts of the leaf that alone it depends on; `None` while rows are cheaper.
    fn values(
        &mut self,
        program: &Program,
        node: usize,
        texts: &Rc<Texts>,
        rows: usize,
    ) -> Option<Rc<Vector>> {
        let fresh = || PerText { texts: Rc::clone(texts), rows: 0, values: None };
        let entry = self.0.entry(node).or_insert_with(fresh);
        if !Rc::ptr_eq(&entry.texts, texts) {
            *entry = fresh();
        }
        entry.rows = entry.rows.saturating_add(rows);
        if entry.values.is_none() && entry.rows >= texts.len() {
            let mut leaf = |_: usize, _: &Instruction| Rc::new(Vector::Dictionary(Rc::clone(texts)));
            let values =
                evaluate_over(program, texts.len(), &[node], &mut Self::default(), &mut leaf).pop()?;
            let values = Rc::try_unwrap(values).unwrap_or_else(|values| (*values).clone());
            entry.values = Some(Rc::new(values.into_dictionary()));
        }
        entry.values.clone()
    }
}

/// The values of the nodes `roots` over the rows of a frame; `known` is kept for the next frame of the stream.
pub(crate) fn evaluate(
    program: &Program,
    frame: &Frame,
    roots: &[usize],
    known: &mut Known,
) -> Vec<Rc<Vector>> {
    evaluate_over(program, frame.rows(), roots, known, &mut |_, instruction| match &instruction.action {
        Action::Input(column) => frame.column(*column),
        _ => Rc::new(Vector::Same(Value::none(instruction.kind), frame.rows())),
    })
}

/// The same over `rows` rows of which `leaf` knows what is worked out from nothing else: columns, file and offset, what stands
/// anywhere.
pub(crate) fn evaluate_over(
    program: &Program,
    rows: usize,
    roots: &[usize],
    known: &mut Known,
    leaf: &mut dyn FnMut(usize, &Instruction) -> Rc<Vector>,
) -> Vec<Rc<Vector>> {
    let count = roots.iter().max().map_or(0, |last| last + 1).min(program.instructions().len());
    let mut vectors: Vec<Option<Rc<Vector>>> = vec![None; count];
    let mut is_needed = crate::operators::flags(count, roots.iter().copied());
    for at in (0..count).rev() {
        let Some(instruction) = program.instructions().get(at).filter(|_| is_needed.get(at) == Some(&true))
        else {
            continue;
        };
        let mut read = |at: usize, vectors: &mut Vec<Option<Rc<Vector>>>| {
            let slot = vectors.get_mut(at)?;
            if slot.is_none() {
                *slot = Some(leaf(at, program.instructions().get(at)?));
            }
            slot.clone()
        };
        crate::work::count(rows);
        if instruction.is_leaf() {
            read(at, &mut vectors);
            continue;
        }
        if let Some(vector) = instruction.only_leaf.and_then(|leaf| read(leaf, &mut vectors))
            && let Vector::Coded { codes, texts } = vector.as_ref()
            && let Some(values) = known.values(program, at, texts, rows)
        {
            if let Some(slot) = vectors.get_mut(at) {
                *slot = Some(Rc::new(Vector::spread(&values, codes.clone())));
            }
            continue;
        }
        for operand in &instruction.operands {
            if let Some(flag) = is_needed.get_mut(*operand) {
                *flag = true;
            }
        }
    }
    for at in 0..count {
        let is_open = is_needed.get(at) == Some(&true) && vectors.get(at).is_some_and(Option::is_none);
        let Some(instruction) = program.instructions().get(at).filter(|_| is_open) else { continue };
        let operands: Vec<Rc<Vector>> =
            instruction.operands.iter().filter_map(|at| vectors.get(*at).cloned().flatten()).collect();
        let vector = Rc::new(column(instruction, &operands, rows));
        if let Some(slot) = vectors.get_mut(at) {
            *slot = Some(vector);
        }
    }
    let null = || Rc::new(Vector::Same(Value::Null, rows));
    roots.iter().map(|root| vectors.get(*root).cloned().flatten().unwrap_or_else(null)).collect()
}

/// One instruction over whole columns.
fn column(instruction: &Instruction, operands: &[Rc<Vector>], rows: usize) -> Vector {
    let is_same = |vector: &Rc<Vector>| matches!(vector.as_ref(), Vector::Same(..));
    if operands.iter().all(is_same) {
        let values: Vec<Value<'_>> = operands.iter().map(|vector| vector.get(0)).collect();
        return Vector::Same(instruction.apply(&values).into_owned(), rows);
    }
    if let Some(vector) = kernels::kernel(instruction, operands, rows) {
        return vector;
    }
    let mut builder = Builder::new(instruction.kind);
    let mut values: Vec<Value<'_>> = Vec::with_capacity(operands.len());
    for row in 0..rows {
        values.clear();
        values.extend(operands.iter().map(|vector| vector.get(row)));
        builder.push(&instruction.apply(&values));
    }
    builder.finish()
}

/// The rows in which a predicate holds.
pub(crate) fn truths(vector: &Vector, rows: usize) -> Bitmap {
    match vector {
        Vector::Same(value, _) => Bitmap::filled(rows, value.truth() == Some(true)),
        Vector::Bools { values, nulls } => {
            let mut truths = values.clone();
            if let Some(nulls) = nulls {
                truths.and_not(nulls);
            }
            truths
        }
        other => Bitmap::from_fn(rows, |row| other.get(row).truth() == Some(true)),
    }
}
