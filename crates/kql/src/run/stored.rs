//! Values straight from the store, as the kind the catalogue agreed on.

use crate::program::{Action, Program};
use crate::{convert::convert, value::Value};
use chartroom_schema::kind::Kind;
use chartroom_store::{ChunkView, Column, Dictionary, LongsView, Table, ValueRef, write_text};

/// One chunk of a column.
#[derive(Clone, Copy)]
pub(crate) struct StoredChunk<'a> {
    pub(crate) view: ChunkView<'a>,
    pub(crate) dictionary: Option<&'a Dictionary>,
    /// The kind this shard holds.
    pub(crate) held: Kind,
    /// The kind the query wants.
    pub(crate) wanted: Kind,
}

impl<'a> StoredChunk<'a> {
    pub(crate) fn new(column: &'a Column, chunk: usize, wanted: Kind) -> Self {
        Self { view: column.chunk(chunk), dictionary: column.dictionary(), held: column.kind(), wanted }
    }

    /// The value of row `row` of the chunk.
    #[inline]
    pub(crate) fn get(&self, row: usize) -> Value<'a> {
        let value = match self.view {
            ChunkView::Absent => Value::Null,
            ChunkView::Codes(codes) => {
                self.dictionary.map_or(Value::Null, |texts| text(texts.get(codes.get(row)), self.held))
            }
            ChunkView::Plain(plain) => text(plain.get(row), self.held),
            ChunkView::Longs(longs) => longs.get(row).map_or(Value::Null, Value::Long),
            ChunkView::Reals(reals) => reals.get(row).map_or(Value::Null, Value::Real),
            ChunkView::Bools(bools) => bools.get(row).map_or(Value::Null, Value::Bool),
        };
        as_wanted(value, self.held, self.wanted)
    }
}

/// The whole numbers (times too) of a chunk where `node` is a stored column as it is (`Some(None)`: no row has one); `None` where
/// it is anything else.
#[expect(
    clippy::option_option,
    reason = "no such column, a column without values, and values are three things"
)]
pub(crate) fn stored_longs<'a>(
    program: &Program,
    table: &'a Table,
    chunk: usize,
    node: usize,
) -> Option<Option<LongsView<'a>>> {
    let instruction = program.instructions().get(node)?;
    let Action::Column(name) = &instruction.action else { return None };
    let Some(column) = table.find(name).and_then(|id| table.column(id)) else {
        return (instruction.kind != Kind::String).then_some(None);
    };
    match column.chunk(chunk) {
        ChunkView::Absent if instruction.kind != Kind::String => Some(None),
        ChunkView::Longs(longs) if column.kind() == instruction.kind => Some(Some(longs)),
        _ => None,
    }
}

/// A chunk of the stored column that `node` is.
pub(crate) fn stored_chunk<'a>(
    program: &Program,
    table: &'a Table,
    chunk: usize,
    node: usize,
) -> Option<StoredChunk<'a>> {
    let instruction = program.instructions().get(node)?;
    let Action::Column(name) = &instruction.action else { return None };
    let column = table.find(name).and_then(|id| table.column(id))?;
    Some(StoredChunk::new(column, chunk, instruction.kind))
}

/// A stored text: absent is empty, and null in all but strings.
pub(crate) fn text(text: &str, held: Kind) -> Value<'_> {
    if text.is_empty() && held != Kind::String { Value::Null } else { Value::borrowed(text) }
}

/// The value of one row.
pub(crate) fn value_of(column: &Column, row: u32, wanted: Kind) -> Value<'_> {
    let value = match column.value(row) {
        ValueRef::Null => Value::Null,
        ValueRef::Bool(truth) => Value::Bool(truth),
        ValueRef::Long(long) => Value::Long(long),
        ValueRef::Real(real) => Value::Real(real),
        ValueRef::Text(found) => text(found, column.kind()),
    };
    as_wanted(value, column.kind(), wanted)
}

/// What the store makes of a value that it widens.
fn written(value: &Value<'_>, held: Kind, is_json: bool) -> String {
    let value = match value {
        Value::Null => ValueRef::Null,
        Value::Bool(truth) => ValueRef::Bool(*truth),
        Value::Long(long) => ValueRef::Long(*long),
        Value::Real(real) => ValueRef::Real(*real),
        Value::Text(text) => ValueRef::Text(text),
    };
    let mut text = String::new();
    write_text(&mut text, held, value, is_json);
    text
}

/// A stored value of kind `held` as the catalogue's `wanted`: as the store itself widens a column, so that a shard that has met
/// only numbers answers like one that has met texts too.
#[inline]
pub(crate) fn as_wanted(value: Value<'_>, held: Kind, wanted: Kind) -> Value<'_> {
    if held == wanted {
        return value.or_none(wanted);
    }
    if value.is_null() || value == Value::EMPTY {
        return Value::none(wanted);
    }
    match wanted {
        Kind::String => match value {
            Value::Text(text) => Value::Text(text),
            other => Value::owned(written(&other, held, false)),
        },
        Kind::Dynamic => Value::owned(written(&value, held, true)),
        _ => convert(value, held, wanted),
    }
}
