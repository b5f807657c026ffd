//! Stored columns as vectors: the rows that were chosen of a chunk, a column at a time.
//!
//! **Invariant:** a value is that of [`StoredChunk::get`]. Codes stay codes: the texts of a dictionary are copied once and
//! shared by all frames, so that whoever works on them can keep what they come to by the dictionary's address.

use super::stored::{StoredChunk, as_wanted, text};
use crate::{
    frame::{Builder, Texts, Vector},
    value::Value,
};
use chartroom_schema::kind::Kind;
use chartroom_store::{Bitmap, ChunkView, Codes, Dictionary, LongsView, PlainView, RealsView};
use std::{collections::BTreeMap, rc::Rc};

/// Texts of a dictionary that is copied whole; of a larger one, only those that a chunk has.
const SHARED: usize = 1 << 16;

/// Dictionaries that were copied, by the node that reads their column.
#[derive(Default)]
pub(crate) struct Dictionaries {
    known: BTreeMap<usize, Rc<Vector>>,
    /// Per code of a large dictionary, its number in the chunk at hand and one more; 0 for none.
    numbers: Vec<u32>,
}

/// The rows chosen of a chunk.
pub(crate) struct ChosenRows<'a> {
    /// Their numbers within the chunk, ascending.
    pub(crate) rows: &'a [u32],
    /// How many rows the chunk has.
    pub(crate) of: usize,
}

impl ChosenRows<'_> {
    const fn are_all(&self) -> bool {
        self.rows.len() == self.of
    }
}

impl Dictionaries {
    /// The values of the column that node `node` reads, in the chosen rows of a chunk.
    pub(crate) fn read(&mut self, node: usize, stored: &StoredChunk<'_>, chosen: &ChosenRows<'_>) -> Vector {
        let is_same = stored.held == stored.wanted;
        let is_number = is_same || (stored.held, stored.wanted) == (Kind::Int, Kind::Long);
        match stored.view {
            ChunkView::Absent => Vector::Same(Value::none(stored.wanted), chosen.rows.len()),
            ChunkView::Codes(codes) => match stored.dictionary {
                Some(dictionary) => self.coded(node, codes, dictionary, stored, chosen),
                None => Vector::Same(Value::none(stored.wanted), chosen.rows.len()),
            },
            ChunkView::Plain(plain) if is_same => texts_of(plain, stored.held, chosen),
            ChunkView::Longs(longs) if is_number => longs_of(longs, chosen),
            ChunkView::Reals(reals) if is_same => reals_of(reals, chosen),
            _ => Vector::from_values(stored.wanted, chosen.rows.iter().map(|row| stored.get(*row as usize))),
        }
    }

    fn coded(
        &mut self,
        node: usize,
        codes: Codes<'_>,
        dictionary: &Dictionary,
        stored: &StoredChunk<'_>,
        chosen: &ChosenRows<'_>,
    ) -> Vector {
        let mut chosen_codes = codes.of(chosen.rows);
        let value = |code: usize| {
            let found = dictionary.get(u32::try_from(code).unwrap_or(0));
            as_wanted(text(found, stored.held), stored.held, stored.wanted)
        };
        let values = if dictionary.len() <= SHARED {
            let known = self.known.get(&node).filter(|known| known.len() == dictionary.len());
            match known {
                Some(known) => Rc::clone(known),
                None => {
                    let all = values_of(stored.wanted, (0..dictionary.len()).map(value));
                    self.known.insert(node, Rc::clone(&all));
                    all
                }
            }
        } else {
            self.numbers.resize(dictionary.len(), 0);
            let mut used: Vec<u32> = Vec::new();
            for code in &mut chosen_codes {
                let Some(number) = self.numbers.get_mut(*code as usize) else { continue };
                if *number == 0 {
                    used.push(*code);
                    *number = u32::try_from(used.len()).unwrap_or(u32::MAX);
                }
                *code = *number - 1;
            }
            for code in &used {
                if let Some(number) = self.numbers.get_mut(*code as usize) {
                    *number = 0;
                }
            }
            values_of(stored.wanted, used.iter().map(|code| value(*code as usize)))
        };
        Vector::spread(&values, chosen_codes)
    }
}

/// The values as a column whose texts are a dictionary.
fn values_of<'v>(kind: Kind, values: impl Iterator<Item = Value<'v>>) -> Rc<Vector> {
    let mut builder = Builder::new(kind);
    values.for_each(|value| builder.push(&value));
    Rc::new(builder.finish().into_dictionary())
}

fn texts_of(plain: PlainView<'_>, held: Kind, chosen: &ChosenRows<'_>) -> Vector {
    let (mut bytes, mut ends) = (String::new(), Vec::new());
    plain.copy_into(chosen.rows, &mut bytes, &mut ends);
    let mut start = 0;
    let is_null = |end: &usize| held != Kind::String && std::mem::replace(&mut start, *end) == *end;
    let nulls = Bitmap::from_slice(&ends, is_null);
    let texts = Texts::from_parts((bytes, ends)).with_nulls(nulls);
    Vector::Texts(texts)
}

/// The rows that are null, by the rows of the chunk that are valid.
fn nulls_of(valid: &Bitmap, chosen: &ChosenRows<'_>) -> Option<Bitmap> {
    if valid.all() {
        return None;
    }
    let nulls = Bitmap::from_slice(chosen.rows, |row| !valid.get(*row as usize));
    nulls.any().then_some(nulls)
}

fn longs_of(longs: LongsView<'_>, chosen: &ChosenRows<'_>) -> Vector {
    if chosen.rows.len() * 8 < chosen.of {
        let values = chosen.rows.iter().map(|row| longs.get(*row as usize).map_or(Value::Null, Value::Long));
        return Vector::from_values(Kind::Long, values);
    }
    let mut values = vec![0; chosen.of];
    longs.copy_into(&mut values);
    let nulls = nulls_of(&longs.validity(chosen.of), chosen);
    if !chosen.are_all() {
        values = chosen.rows.iter().map(|row| values.get(*row as usize).copied().unwrap_or(0)).collect();
    }
    Vector::Longs { values, nulls }
}

fn reals_of(reals: RealsView<'_>, chosen: &ChosenRows<'_>) -> Vector {
    let mut values = vec![0.0; chosen.of];
    reals.copy_into(&mut values);
    let nulls = nulls_of(&reals.validity(chosen.of), chosen);
    if !chosen.are_all() {
        values = chosen.rows.iter().map(|row| values.get(*row as usize).copied().unwrap_or(0.0)).collect();
    }
    Vector::Reals { values, nulls }
}
