//! Expressions over frames, a column at a time.
//!
//! **Invariant:** the instructions are those that work out constants and stored rows ([`Instruction::apply`]). What is the same in
//! all rows is worked out once; what depends on one column of distinct texts, once per text. A kernel for a shape belongs in
//! [`column`], before the general way.

use crate::{
    frame::{Builder, Frame, Vector},
    program::{Action, Instruction, Program},
    value::Value,
};
use chartroom_store::Bitmap;
use std::rc::Rc;

/// The values of the nodes `roots` over the rows of a frame.
pub(crate) fn evaluate(program: &Program, frame: &Frame, roots: &[usize]) -> Vec<Rc<Vector>> {
    let mut is_needed = vec![false; program.instructions().len()];
    for root in roots {
        for at in program.needed(*root) {
            if let Some(slot) = is_needed.get_mut(at) {
                *slot = true;
            }
        }
    }
    let mut vectors: Vec<Option<Rc<Vector>>> = vec![None; is_needed.len()];
    for (at, _) in is_needed.iter().enumerate().filter(|(_, needed)| **needed) {
        let Some(instruction) = program.instructions().get(at) else { continue };
        let vector = match &instruction.action {
            Action::Input(column) => frame.column(*column),
            Action::Constant(value) => Rc::new(Vector::Same(value.clone(), frame.rows())),
            _ => {
                let operands: Vec<Rc<Vector>> = instruction
                    .operands
                    .iter()
                    .filter_map(|operand| vectors.get(*operand).cloned().flatten())
                    .collect();
                Rc::new(column(instruction, &operands, frame.rows()))
            }
        };
        if let Some(slot) = vectors.get_mut(at) {
            *slot = Some(vector);
        }
    }
    let null = || Rc::new(Vector::Same(Value::Null, frame.rows()));
    roots.iter().map(|root| vectors.get(*root).cloned().flatten().unwrap_or_else(null)).collect()
}

/// One instruction over whole columns.
fn column(instruction: &Instruction, operands: &[Rc<Vector>], rows: usize) -> Vector {
    let is_same = |vector: &Rc<Vector>| matches!(vector.as_ref(), Vector::Same(..));
    if operands.iter().all(is_same) {
        let values: Vec<Value<'_>> = operands.iter().map(|vector| vector.get(0)).collect();
        return Vector::Same(instruction.apply(&values).into_owned(), rows);
    }
    let mut varying = operands.iter().enumerate().filter(|(_, vector)| !is_same(vector));
    if let (Some((at, vector)), None) = (varying.next(), varying.next())
        && let Vector::Coded { codes, texts } = vector.as_ref()
        && texts.len() <= rows
    {
        // Once per distinct text.
        let mut builder = Builder::new(instruction.kind);
        let mut values: Vec<Value<'_>> = operands.iter().map(|vector| vector.get(0)).collect();
        for code in 0..texts.len() {
            if let Some(slot) = values.get_mut(at) {
                *slot = texts.get(code);
            }
            builder.push(&instruction.apply(&values));
        }
        return match builder.finish() {
            Vector::Texts(texts) => Vector::Coded { codes: codes.clone(), texts: Rc::new(texts) },
            other => other.take(codes),
        };
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
