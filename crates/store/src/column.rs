//! One column of a table: its name, its kind and its chunks.
//!
//! **Invariant:** only the last chunk changes; a column without values holds no chunks.

use crate::bools::{BoolChunk, BoolsView};
use crate::codes::Codes;
use crate::dictionary::Dictionary;
use crate::longs::{LongChunk, LongsView};
use crate::numbers::NumberChunk;
use crate::plain::PlainView;
use crate::reals::RealsView;
use crate::text::{TextChunk, TextColumn};
use chartroom_schema::kind::Kind;

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueRef<'a> {
    /// No value. Never of a string column, where absent is the empty text.
    Null,
    /// Of a bool column.
    Bool(bool),
    /// Of an int, long, datetime (ticks) or timespan (ticks) column.
    Long(i64),
    /// Of a real column.
    Real(f64),
    /// Of a string, guid or dynamic (JSON) column.
    Text(&'a str),
}

/// The values of one chunk of a column.
#[derive(Clone, Copy, Debug)]
pub enum ChunkView<'a> {
    /// No row has a value.
    Absent,
    /// Texts as codes into [`Column::dictionary`].
    Codes(Codes<'a>),
    /// Texts as they are.
    Plain(PlainView<'a>),
    /// Integers and times.
    Longs(LongsView<'a>),
    /// Floats.
    Reals(RealsView<'a>),
    /// Bools.
    Bools(BoolsView<'a>),
}

/// Where a row lies: chunk, and row within it.
#[inline]
pub(crate) const fn place(row: u32) -> (usize, usize) {
    ((row >> 16) as usize, (row & 0xffff) as usize)
}

#[derive(Clone, Debug)]
pub(crate) enum Data {
    Text(TextColumn),
    Longs(Vec<LongChunk>),
    Reals(Vec<NumberChunk<f64>>),
    Bools(Vec<BoolChunk>),
}

/// A value that a row had, in the form in which setting it again costs least. Of the column and table that it is from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Again {
    /// A text, by its code.
    Code(u32),
    /// A whole number or time.
    Long(i64),
    /// A float.
    Real(f64),
    /// A truth.
    Bool(bool),
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    pub(crate) name: Box<str>,
    pub(crate) kind: Kind,
    pub(crate) is_hidden: bool,
    pub(crate) has_values: bool,
    pub(crate) data: Data,
}

impl Data {
    pub(crate) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bools(Vec::new()),
            Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan => Self::Longs(Vec::new()),
            Kind::Real => Self::Reals(Vec::new()),
            Kind::Guid | Kind::String | Kind::Dynamic | Kind::Decimal => Self::Text(TextColumn::default()),
        }
    }
}

/// The chunk to write to, made when it is not there.
#[inline]
fn open<T>(chunks: &mut Vec<T>, chunk: usize, absent: impl FnMut() -> T) -> Option<&mut T> {
    if chunks.len() <= chunk {
        chunks.reserve_exact(chunk + 1 - chunks.len());
        chunks.resize_with(chunk + 1, absent);
    }
    chunks.get_mut(chunk)
}

impl Column {
    pub(crate) fn new(name: &str, kind: Kind, is_hidden: bool) -> Self {
        Self { name: name.into(), kind, is_hidden, has_values: false, data: Data::new(kind) }
    }

    /// Its name, unique in the table, in the spelling of whoever added it first.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its values are.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is absent from `*`, `getschema` and bare results.
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.is_hidden
    }

    /// Whether no row ever had a value.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        !self.has_values
    }

    /// The texts that codes stand for; `None` unless it is a column of texts.
    #[must_use]
    pub const fn dictionary(&self) -> Option<&Dictionary> {
        match &self.data {
            Data::Text(text) => Some(text.dictionary()),
            _ => None,
        }
    }

    /// The values of chunk number `chunk`. Look at it between rows, not while one is being written.
    #[must_use]
    pub fn chunk(&self, chunk: usize) -> ChunkView<'_> {
        let view = match &self.data {
            Data::Text(text) => match text.chunk(chunk) {
                TextChunk::Absent => None,
                TextChunk::Codes(codes) => Some(ChunkView::Codes(codes.view())),
                TextChunk::Plain(plain) => Some(ChunkView::Plain(plain.view())),
            },
            Data::Longs(chunks) => chunks.get(chunk).and_then(LongChunk::view).map(ChunkView::Longs),
            Data::Reals(chunks) => chunks.get(chunk).and_then(NumberChunk::view).map(ChunkView::Reals),
            Data::Bools(chunks) => chunks.get(chunk).and_then(BoolChunk::view).map(ChunkView::Bools),
        };
        view.unwrap_or(ChunkView::Absent)
    }

    /// Whether one of these chunks holds an integer that no float holds exactly: a column with such a one is no real
    /// column, whatever else it holds.
    #[must_use]
    pub fn has_inexact(&self, mut chunks: std::ops::Range<usize>) -> bool {
        const END: u64 = 1 << f64::MANTISSA_DIGITS;
        chunks.any(|chunk| match self.chunk(chunk) {
            ChunkView::Longs(longs) if longs.min().unsigned_abs().max(longs.max().unsigned_abs()) > END => (0
                ..crate::CHUNK_ROWS)
                .any(|row| longs.get(row).is_some_and(|value| exact_real(value).is_none())),
            _ => false,
        })
    }

    /// The value of one row. For many rows, go by [`Self::chunk`].
    #[must_use]
    pub fn value(&self, row: u32) -> ValueRef<'_> {
        let (chunk, row) = place(row);
        if let Data::Text(text) = &self.data {
            return match text.get(chunk, row) {
                "" if self.kind != Kind::String => ValueRef::Null,
                text => ValueRef::Text(text),
            };
        }
        match self.chunk(chunk) {
            ChunkView::Longs(longs) => longs.get(row).map_or(ValueRef::Null, ValueRef::Long),
            ChunkView::Reals(reals) => reals.get(row).map_or(ValueRef::Null, ValueRef::Real),
            ChunkView::Bools(bools) => bools.get(row).map_or(ValueRef::Null, ValueRef::Bool),
            _ => ValueRef::Null,
        }
    }

    /// The value of the last row, to be set again in later ones.
    pub(crate) fn again(&self, row: u32) -> Option<Again> {
        if let Data::Text(text) = &self.data {
            let (chunk, row) = place(row);
            return text.code(chunk, row).map(Again::Code);
        }
        match self.value(row) {
            ValueRef::Long(value) => Some(Again::Long(value)),
            ValueRef::Real(value) => Some(Again::Real(value)),
            ValueRef::Bool(value) => Some(Again::Bool(value)),
            ValueRef::Null | ValueRef::Text(_) => None,
        }
    }

    /// Bytes allocated.
    #[must_use]
    pub fn memory(&self) -> usize {
        let data = match &self.data {
            Data::Text(text) => text.memory(),
            Data::Longs(chunks) => {
                chunks.iter().map(LongChunk::memory).sum::<usize>()
                    + chunks.capacity() * size_of::<LongChunk>()
            }
            Data::Reals(chunks) => {
                chunks.iter().map(NumberChunk::memory).sum::<usize>()
                    + chunks.capacity() * size_of::<NumberChunk<f64>>()
            }
            Data::Bools(chunks) => {
                chunks.iter().map(BoolChunk::memory).sum::<usize>()
                    + chunks.capacity() * size_of::<BoolChunk>()
            }
        };
        data + self.name.len()
    }

    #[inline]
    pub(crate) fn push_text(&mut self, row: u32, value: &str) -> bool {
        self.push_coded(row, value).is_some()
    }

    /// The same; the text's code, 0 when it has none, `None` when the column holds no texts.
    #[inline]
    pub(crate) fn push_coded(&mut self, row: u32, value: &str) -> Option<u32> {
        let (chunk, row) = place(row);
        let Data::Text(text) = &mut self.data else { return None };
        self.has_values |= !value.is_empty();
        Some(text.push(chunk, row, value))
    }

    #[inline]
    pub(crate) fn push_code(&mut self, row: u32, code: u32) -> bool {
        let (chunk, row) = place(row);
        let Data::Text(text) = &mut self.data else { return false };
        text.push_code(chunk, row, code)
    }

    #[inline]
    pub(crate) fn push_long(&mut self, row: u32, value: i64) -> bool {
        if let Data::Longs(chunks) = &mut self.data {
            let (chunk, row) = place(row);
            self.has_values = true;
            if let Some(chunk) = open(chunks, chunk, LongChunk::default) {
                chunk.set(row, value);
            }
            return true;
        }
        match self.kind {
            Kind::Real => exact_real(value).is_some_and(|value| self.push_real(row, value)),
            Kind::String | Kind::Dynamic => self.push_text(row, itoa::Buffer::new().format(value)),
            _ => false,
        }
    }

    #[inline]
    pub(crate) fn push_real(&mut self, row: u32, value: f64) -> bool {
        let Data::Reals(chunks) = &mut self.data else { return false };
        let (chunk, row) = place(row);
        self.has_values = true;
        if let Some(chunk) = open(chunks, chunk, || NumberChunk::Absent) {
            chunk.set(row, value);
        }
        true
    }

    #[inline]
    pub(crate) fn push_bool(&mut self, row: u32, value: bool) -> bool {
        let Data::Bools(chunks) = &mut self.data else { return false };
        let (chunk, row) = place(row);
        self.has_values = true;
        if let Some(chunk) = open(chunks, chunk, BoolChunk::default) {
            chunk.set(row, value);
        }
        true
    }

    /// Forgets the rows of the open chunk from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, row: u32) {
        let (chunk, row) = place(row);
        match &mut self.data {
            Data::Text(text) => text.truncate(chunk, row),
            Data::Longs(chunks) => {
                if let Some(chunk) = chunks.get_mut(chunk) {
                    chunk.truncate(row);
                }
            }
            Data::Reals(chunks) => {
                if let Some(chunk) = chunks.get_mut(chunk) {
                    chunk.truncate(row);
                }
            }
            Data::Bools(chunks) => {
                if let Some(chunk) = chunks.get_mut(chunk) {
                    chunk.truncate(row);
                }
            }
        }
    }

    /// Brings a full chunk into its smallest form.
    pub(crate) fn seal(&mut self, chunk: usize) {
        match &mut self.data {
            Data::Text(text) => text.seal(chunk),
            Data::Longs(chunks) => {
                if let Some(chunk) = chunks.get_mut(chunk) {
                    chunk.seal();
                }
            }
            Data::Reals(chunks) => {
                if let Some(chunk) = chunks.get_mut(chunk) {
                    chunk.seal();
                }
            }
            Data::Bools(chunks) => {
                if let Some(chunk) = chunks.get_mut(chunk) {
                    chunk.seal();
                }
            }
        }
    }
}

/// The float that is exactly `value`, if there is one.
pub(crate) fn exact_real(value: i64) -> Option<f64> {
    let real = value as f64;
    (real as i128 == i128::from(value)).then_some(real)
}
