//! What was worked out once per distinct value of a column.
//!
//! **Invariant:** a dictionary only grows and a code keeps its meaning, so that what is known of a code stays true; new codes are
//! added to it, by steps.

use super::anywhere::{self, DictionaryTexts};
use crate::{
    needle::Needle,
    program::{Action, Program},
    run::stored,
    value::Value,
};
use chartroom_schema::kind::Kind;
use chartroom_store::{Bitmap, Column, Dictionary};
use std::collections::BTreeMap;

/// Codes worked out between two looks at the fuel.
const CODES_PER_STEP: usize = 1 << 14;

/// Per node (and per column, for what is looked for anywhere), what each code comes to.
#[derive(Default)]
pub(crate) struct Cache {
    truths: BTreeMap<usize, Truths>,
    values: BTreeMap<usize, Vec<Value<'static>>>,
    found: BTreeMap<(usize, usize), Found>,
}

/// A predicate over codes: neither bit is null.
#[derive(Default, Clone)]
pub(crate) struct Truths {
    pub(crate) yes: Bitmap,
    pub(crate) no: Bitmap,
}

/// Codes whose texts hold a needle.
#[derive(Default)]
struct Found {
    hits: Bitmap,
    /// Codes looked at.
    done: usize,
}

impl Cache {
    /// Works on `node`'s truth for codes of its column; the fuel it took, 0 when all codes are known.
    pub(crate) fn prepare_truths(
        &mut self,
        program: &Program,
        node: usize,
        column: &Column,
        wanted: Kind,
    ) -> usize {
        let Some(dictionary) = column.dictionary() else { return 0 };
        let known = self.truths.entry(node).or_default();
        let from = known.yes.len();
        let to = dictionary.len().min(from + CODES_PER_STEP);
        if from >= to {
            return 0;
        }
        let mut reader = CodeReader::new(program, node);
        known.yes.resize(to);
        known.no.resize(to);
        let mut bytes = 0;
        for code in from..to {
            let text = dictionary.get(u32::try_from(code).unwrap_or(0));
            bytes += text.len() + 30;
            match reader.read(stored_text(text, column.kind(), wanted)).truth() {
                Some(true) => known.yes.set(code, true),
                Some(false) => known.no.set(code, true),
                None => {}
            }
        }
        bytes
    }

    /// The truth of each code, as far as prepared.
    pub(crate) fn truths(&self, node: usize) -> Option<&Truths> {
        self.truths.get(&node)
    }

    /// Works on `node`'s value for codes of its column; the fuel it took, 0 when all codes are known.
    pub(crate) fn prepare_values(
        &mut self,
        program: &Program,
        node: usize,
        column: &Column,
        wanted: Kind,
    ) -> usize {
        let Some(dictionary) = column.dictionary() else { return 0 };
        let known = self.values.entry(node).or_default();
        let from = known.len();
        let to = dictionary.len().min(from + CODES_PER_STEP);
        let mut bytes = 0;
        let mut reader = CodeReader::new(program, node);
        for code in from..to {
            let text = dictionary.get(u32::try_from(code).unwrap_or(0));
            bytes += text.len() + 60;
            known.push(reader.read(stored_text(text, column.kind(), wanted)).into_owned());
        }
        bytes
    }

    /// The value of each code, as far as prepared.
    pub(crate) fn values(&self, node: usize) -> &[Value<'static>] {
        self.values.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Works on which codes of column number `column_at` hold the needle of `node`; the fuel it took, 0 when all are known.
    pub(crate) fn prepare_found(
        &mut self,
        node: usize,
        column_at: usize,
        column: &Column,
        needle: &Needle,
    ) -> usize {
        let Some(dictionary) = column.dictionary() else { return 0 };
        let found = self.found.entry((node, column_at)).or_default();
        if found.done >= dictionary.len() {
            return 0;
        }
        let kind = column.kind();
        found.hits.resize(dictionary.len());
        if found.done == 0 {
            // The empty text lies in no block; absent values hold nothing.
            let is_empty_hit = kind == Kind::String && needle.matches("");
            found.hits.set(0, is_empty_hit);
            found.done = 1;
        }
        let Some(block) =
            dictionary.blocks().find(|block| block.first_code as usize + block.len() > found.done)
        else {
            found.done = dictionary.len();
            return 1;
        };
        let end = block.first_code as usize + block.len();
        let texts = DictionaryTexts { dictionary, block };
        let from = texts.start_of(u32::try_from(found.done).unwrap_or(0));
        let bytes = block.text.len().saturating_sub(from) + 1;
        let hits = &mut found.hits;
        anywhere::scan(needle, &texts, from, block.text.len(), kind, |code| hits.set(code, true));
        found.done = end;
        bytes
    }

    /// The codes that hold the needle, as far as prepared.
    pub(crate) fn found(&self, node: usize, column_at: usize) -> Option<&Bitmap> {
        self.found.get(&(node, column_at)).map(|found| &found.hits)
    }
}

fn stored_text(text: &str, held: Kind, wanted: Kind) -> Value<'_> {
    stored::as_wanted(stored::text(text, held), held, wanted)
}

/// Works out a node that depends on one column, from that column's value.
pub(crate) struct CodeReader<'p> {
    program: &'p Program,
    needed: Vec<usize>,
    node: usize,
}

impl<'p> CodeReader<'p> {
    pub(crate) fn new(program: &'p Program, node: usize) -> Self {
        Self { program, needed: program.needed(node), node }
    }

    pub(crate) fn read<'a>(&mut self, value: Value<'a>) -> Value<'a> {
        // The common shape, one step above the column, without a table of values.
        if let [_, last] = self.needed.as_slice()
            && let Some(instruction) = self.program.instructions().get(*last)
            && instruction.operands.len() == 1
        {
            return instruction.apply(&[value]);
        }
        let mut values: Vec<Value<'a>> = vec![Value::Null; self.node + 1];
        let mut operands = Vec::new();
        for at in &self.needed {
            let Some(instruction) = self.program.instructions().get(*at) else { continue };
            let result = match &instruction.action {
                Action::Column(_) => value.clone(),
                _ => {
                    operands.clear();
                    operands.extend(
                        instruction.operands.iter().map(|at| values.get(*at).cloned().unwrap_or(Value::Null)),
                    );
                    instruction.apply(&operands)
                }
            };
            if let Some(slot) = values.get_mut(*at) {
                *slot = result;
            }
        }
        values.pop().unwrap_or(Value::Null)
    }
}

/// How many texts a dictionary holds, for guesses of cost.
pub(crate) fn dictionary_len(dictionary: Option<&Dictionary>) -> usize {
    dictionary.map_or(0, Dictionary::len)
}
