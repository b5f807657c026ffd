//! One column of a frame, and how it is built.

use crate::{value::Value, work};
use chartroom_schema::kind::Kind;
use chartroom_store::Bitmap;
use std::{ops::Range, rc::Rc};

/// Most texts of the dictionaries of a collected column.
const MOST_COLLECTED: usize = 1 << 14;

/// The values of one column, all of one kind.
///
/// Null rule: a set bit in `nulls` is null, whatever the value below it; no bitmap, no nulls. Strings have none.
#[derive(Clone, Debug)]
pub enum Vector {
    /// The same value in every row.
    Same(Value<'static>, usize),
    /// bool.
    Bools {
        /// One a row.
        values: Bitmap,
        /// A set bit is null.
        nulls: Option<Bitmap>,
    },
    /// int, long, datetime, timespan.
    Longs {
        /// One a row.
        values: Vec<i64>,
        /// A set bit is null.
        nulls: Option<Bitmap>,
    },
    /// real.
    Reals {
        /// One a row.
        values: Vec<f64>,
        /// A set bit is null.
        nulls: Option<Bitmap>,
    },
    /// string, guid, dynamic: one text per row.
    Texts(Texts),
    /// The same by number: dictionaries are shared by the frames of a stream, and their address stands for what they hold.
    Coded {
        /// One a row: which text.
        codes: Vec<u32>,
        /// The dictionary.
        texts: Rc<Texts>,
    },
    /// A dictionary itself: never a column of a frame.
    Dictionary(Rc<Texts>),
    /// Partial states, for exchanges only: no expression reads them.
    Bytes {
        /// End to end.
        bytes: Vec<u8>,
        /// Where each state ends.
        ends: Vec<usize>,
    },
}

/// Texts, end to end.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: String,
    /// Where each text ends.
    ends: Vec<usize>,
    nulls: Option<Bitmap>,
}

impl Texts {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    pub fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.get(row))
    }

    /// The text of row `row`; empty for null.
    pub fn text(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(row).copied());
        range.and_then(|(start, end)| self.bytes.get(start..end)).unwrap_or_default()
    }

    /// The value of row `row`.
    pub fn get(&self, row: usize) -> Value<'_> {
        if self.is_null(row) { Value::Null } else { Value::borrowed(self.text(row)) }
    }

    /// Of texts that lie end to end, and where each ends; no nulls.
    pub fn from_parts((bytes, ends): (String, Vec<usize>)) -> Self {
        Self { bytes, ends, nulls: None }
    }

    /// All texts end to end, and where each ends; `None` where some are null.
    pub fn parts(&self) -> Option<(&str, &[usize])> {
        self.nulls.is_none().then_some((&self.bytes, &self.ends))
    }

    /// The same texts; those of these rows are null.
    pub fn with_nulls(self, nulls: Bitmap) -> Self {
        Self { nulls: nulls.any().then_some(nulls), ..self }
    }

    /// Those of a range, where none are null.
    fn slice(&self, range: Range<usize>) -> Option<Self> {
        let (bytes, ends) = self.parts()?;
        let start = range.start.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
        let ends = ends.get(range)?;
        let bytes = bytes.get(start..ends.last().copied().unwrap_or(start))?.to_owned();
        Some(Self { bytes, ends: ends.iter().map(|end| end - start).collect(), nulls: None })
    }

    /// Those of these rows.
    pub fn take(&self, rows: &[u32]) -> Self {
        if let Some(slice) = run_of(rows).and_then(|range| self.slice(range)) {
            return slice;
        }
        let bytes = self.bytes.len() / self.len().max(1) * rows.len();
        let mut taken = Self::with_capacity(rows.len(), bytes);
        for row in rows.iter().map(|row| *row as usize) {
            taken.push((!self.is_null(row)).then(|| self.text(row)));
        }
        taken
    }

    /// Without texts, with place for some.
    pub fn with_capacity(texts: usize, bytes: usize) -> Self {
        Self { bytes: String::with_capacity(bytes), ends: Vec::with_capacity(texts), nulls: None }
    }

    /// One more; none is null.
    pub fn push(&mut self, text: Option<&str>) {
        self.bytes.push_str(text.unwrap_or_default());
        self.ends.push(self.bytes.len());
        push_null(&mut self.nulls, self.ends.len() - 1, text.is_none());
    }

    /// Bytes in use.
    pub fn memory(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>() + nulls_memory(self.nulls.as_ref())
    }
}

/// The range that rows are, if they are one.
fn run_of(rows: &[u32]) -> Option<Range<usize>> {
    let first = *rows.first()?;
    let is_run = rows.iter().zip(first..).all(|(row, expected)| *row == expected);
    is_run.then(|| first as usize..first as usize + rows.len())
}

fn nulls_memory(nulls: Option<&Bitmap>) -> usize {
    nulls.map_or(0, Bitmap::memory)
}

/// Adds a row to the nulls of `len` rows.
fn push_null(nulls: &mut Option<Bitmap>, len: usize, is_null: bool) {
    match nulls {
        Some(nulls) => nulls.push(is_null),
        None if is_null => {
            let mut bits = Bitmap::filled(len, false);
            bits.push(true);
            *nulls = Some(bits);
        }
        None => {}
    }
}

fn take_nulls(nulls: Option<&Bitmap>, rows: &[u32]) -> Option<Bitmap> {
    let taken = nulls.map(|nulls| Bitmap::from_slice(rows, |row| nulls.get(*row as usize)));
    taken.filter(Bitmap::any)
}

impl Vector {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Same(_, rows) => *rows,
            Self::Bools { values, .. } => values.len(),
            Self::Longs { values, .. } => values.len(),
            Self::Reals { values, .. } => values.len(),
            Self::Texts(texts) => texts.len(),
            Self::Coded { codes, .. } => codes.len(),
            Self::Dictionary(texts) => texts.len(),
            Self::Bytes { ends, .. } => ends.len(),
        }
    }

    /// The value of row `row`; null beyond the end.
    #[inline]
    pub fn get(&self, row: usize) -> Value<'_> {
        work::count(1);
        let is_null = |nulls: &Option<Bitmap>| nulls.as_ref().is_some_and(|nulls| nulls.get(row));
        match self {
            Self::Same(value, _) => value.borrow(),
            Self::Bools { nulls, .. } | Self::Longs { nulls, .. } | Self::Reals { nulls, .. }
                if is_null(nulls) =>
            {
                Value::Null
            }
            Self::Bools { values, .. } => Value::Bool(values.get(row)),
            Self::Longs { values, .. } => values.get(row).copied().map_or(Value::Null, Value::Long),
            Self::Reals { values, .. } => values.get(row).copied().map_or(Value::Null, Value::Real),
            Self::Texts(texts) => texts.get(row),
            Self::Dictionary(texts) => texts.get(row),
            Self::Coded { codes, texts } => {
                codes.get(row).map_or(Value::Null, |code| texts.get(*code as usize))
            }
            Self::Bytes { .. } => Value::Null,
        }
    }

    /// Of these values.
    pub fn from_values<'v>(kind: Kind, values: impl IntoIterator<Item = Value<'v>>) -> Self {
        let mut builder = Builder::new(kind);
        for value in values {
            builder.push(&value);
        }
        builder.finish()
    }

    /// Of a partial state for each of these, as `push` writes it.
    pub fn from_bytes<T>(states: impl IntoIterator<Item = T>, mut push: impl FnMut(T, &mut Vec<u8>)) -> Self {
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for state in states {
            push(state, &mut bytes);
            ends.push(bytes.len());
        }
        Self::Bytes { bytes, ends }
    }

    /// The partial state of row `row`.
    pub fn bytes(&self, row: usize) -> Option<&[u8]> {
        let Self::Bytes { bytes, ends } = self else { return None };
        let start = row.checked_sub(1).map_or(Some(0), |before| ends.get(before).copied())?;
        bytes.get(start..*ends.get(row)?)
    }

    /// Texts become a dictionary; other values stay as they are.
    pub fn into_dictionary(self) -> Self {
        match self {
            Self::Texts(texts) => Self::Dictionary(Rc::new(texts)),
            other => other,
        }
    }

    /// Per row the value of its code.
    pub fn spread(values: &Self, codes: Vec<u32>) -> Self {
        match values {
            Self::Dictionary(texts) => Self::Coded { codes, texts: Rc::clone(texts) },
            other => other.take(&codes),
        }
    }

    /// Rows of several columns of this kind, each by column and row; null where there is none.
    pub fn collect(
        kind: Kind,
        columns: &[Option<&Self>],
        rows: impl Iterator<Item = Option<(u32, u32)>> + Clone,
    ) -> Self {
        let column = |at: u32| columns.get(at as usize).copied().flatten();
        work::count(rows.size_hint().0);
        if let Some(collected) = Self::collect_shared(columns, rows.clone()) {
            return collected;
        }
        if columns.iter().flatten().all(|column| matches!(column, Self::Longs { nulls: None, .. })) {
            let mut nulls = None;
            let mut values = Vec::with_capacity(rows.size_hint().0);
            for place in rows {
                let value = place.and_then(|(at, row)| match column(at) {
                    Some(Self::Longs { values, .. }) => values.get(row as usize).copied(),
                    _ => None,
                });
                push_null(&mut nulls, values.len(), value.is_none());
                values.push(value.unwrap_or(0));
            }
            if matches!(Builder::new(kind).vector, Self::Longs { .. }) {
                return Self::Longs { values, nulls };
            }
            return Self::Same(Value::none(kind), values.len());
        }
        if let Some(coded) = Self::collect_coded(columns) {
            let (bases, texts) = coded;
            let none = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            let code = |place: Option<(u32, u32)>| {
                let (at, row) = place?;
                let Some(Self::Coded { codes, .. }) = column(at) else { return None };
                Some(bases.get(at as usize)? + codes.get(row as usize)?)
            };
            let codes = rows.map(|place| code(place).unwrap_or(none)).collect();
            let mut texts = texts;
            texts.push((kind == Kind::String).then_some(""));
            return Self::Coded { codes, texts: Rc::new(texts) };
        }
        let mut builder = Builder::new(kind);
        for place in rows {
            let value = place.and_then(|(at, row)| column(at).map(|column| column.get(row as usize)));
            builder.push(&value.unwrap_or(Value::Null));
        }
        builder.finish()
    }

    /// By number, when all columns share one dictionary and no row is wanting.
    fn collect_shared(
        columns: &[Option<&Self>],
        mut rows: impl Iterator<Item = Option<(u32, u32)>>,
    ) -> Option<Self> {
        let Some(Some(Self::Coded { texts, .. })) = columns.first() else { return None };
        let codes = columns.iter().map(|column| match column {
            Some(Self::Coded { codes, texts: own }) if Rc::ptr_eq(own, texts) => Some(codes),
            _ => None,
        });
        let columns: Vec<&Vec<u32>> = codes.collect::<Option<_>>()?;
        let code = |place: Option<(u32, u32)>| {
            let (at, row) = place?;
            columns.get(at as usize)?.get(row as usize).copied()
        };
        let codes = rows.try_fold(Vec::new(), |mut codes, place| {
            codes.push(code(place)?);
            Some(codes)
        });
        Some(Self::Coded { codes: codes?, texts: Rc::clone(texts) })
    }

    /// All dictionaries one behind the other, and where each begins; `None` unless there are only small ones.
    fn collect_coded(columns: &[Option<&Self>]) -> Option<(Vec<u32>, Texts)> {
        let (mut bases, mut all) = (Vec::new(), Texts::default());
        let mut known: Vec<(*const Texts, u32)> = Vec::new();
        for column in columns {
            let Some(Self::Coded { texts, .. }) = column else { return None };
            let base = u32::try_from(all.len()).ok()?;
            let shared = known.iter().find(|(address, _)| *address == Rc::as_ptr(texts));
            if let Some((_, base)) = shared {
                bases.push(*base);
                continue;
            }
            if all.len() + texts.len() > MOST_COLLECTED {
                return None;
            }
            (0..texts.len()).for_each(|row| all.push((!texts.is_null(row)).then(|| texts.text(row))));
            known.push((Rc::as_ptr(texts), base));
            bases.push(base);
        }
        (!bases.is_empty()).then_some((bases, all))
    }

    /// The rows of these numbers.
    pub fn take(&self, rows: &[u32]) -> Self {
        work::count(rows.len());
        let number = |row: &u32| *row as usize;
        match self {
            Self::Same(value, _) => Self::Same(value.clone(), rows.len()),
            Self::Bools { values, nulls } => Self::Bools {
                values: Bitmap::from_slice(rows, |row| values.get(number(row))),
                nulls: take_nulls(nulls.as_ref(), rows),
            },
            Self::Longs { values, nulls } => Self::Longs {
                values: rows.iter().map(|row| values.get(number(row)).copied().unwrap_or(0)).collect(),
                nulls: take_nulls(nulls.as_ref(), rows),
            },
            Self::Reals { values, nulls } => Self::Reals {
                values: rows.iter().map(|row| values.get(number(row)).copied().unwrap_or(0.0)).collect(),
                nulls: take_nulls(nulls.as_ref(), rows),
            },
            Self::Texts(texts) => Self::Texts(texts.take(rows)),
            Self::Dictionary(texts) => Self::Coded { codes: rows.to_vec(), texts: Rc::clone(texts) },
            Self::Coded { codes, texts } => Self::Coded {
                codes: rows.iter().map(|row| codes.get(number(row)).copied().unwrap_or(0)).collect(),
                texts: Rc::clone(texts),
            },
            Self::Bytes { .. } => Self::from_bytes(rows, |row, bytes| {
                bytes.extend_from_slice(self.bytes(number(row)).unwrap_or_default());
            }),
        }
    }

    /// Bytes it holds.
    pub fn memory(&self) -> usize {
        match self {
            Self::Same(..) => size_of::<Self>(),
            Self::Bools { values, nulls } => values.memory() + nulls_memory(nulls.as_ref()),
            Self::Longs { values, nulls } => values.capacity() * 8 + nulls_memory(nulls.as_ref()),
            Self::Reals { values, nulls } => values.capacity() * 8 + nulls_memory(nulls.as_ref()),
            Self::Texts(texts) => texts.memory(),
            Self::Dictionary(texts) => texts.memory(),
            // Frames share dictionaries: each counts its part.
            Self::Coded { codes, texts } => codes.capacity() * 4 + texts.memory() / Rc::strong_count(texts),
            Self::Bytes { bytes, ends } => bytes.capacity() + ends.capacity() * size_of::<usize>(),
        }
    }
}

/// Builds a column value by value.
#[derive(Debug)]
pub struct Builder {
    kind: Kind,
    vector: Vector,
}

impl Builder {
    /// Of values of that kind.
    pub fn new(kind: Kind) -> Self {
        let vector = match kind {
            Kind::Bool => Vector::Bools { values: Bitmap::new(), nulls: None },
            Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan => {
                Vector::Longs { values: Vec::new(), nulls: None }
            }
            Kind::Real => Vector::Reals { values: Vec::new(), nulls: None },
            Kind::String | Kind::Guid | Kind::Dynamic | Kind::Decimal => Vector::Texts(Texts::default()),
        };
        Self { kind, vector }
    }

    /// Adds a row. A value of another layout than the kind's is null: the binder converts before.
    pub fn push(&mut self, value: &Value<'_>) {
        work::count(1);
        match (&mut self.vector, value) {
            (Vector::Bools { values, nulls }, value) => {
                let truth = value.truth();
                push_null(nulls, values.len(), truth.is_none());
                values.push(truth.unwrap_or(false));
            }
            (Vector::Longs { values, nulls }, value) => {
                let long = value.long();
                push_null(nulls, values.len(), long.is_none());
                values.push(long.unwrap_or(0));
            }
            (Vector::Reals { values, nulls }, value) => {
                let real = value.real();
                push_null(nulls, values.len(), real.is_none());
                values.push(real.unwrap_or(0.0));
            }
            (Vector::Texts(texts), Value::Text(text)) => texts.push(Some(text)),
            (Vector::Texts(texts), _) => texts.push((self.kind == Kind::String).then_some("")),
            (Vector::Same(..) | Vector::Coded { .. } | Vector::Dictionary(_) | Vector::Bytes { .. }, _) => {}
        }
    }

    /// What came so far.
    pub fn finish(self) -> Vector {
        self.vector
    }

    /// Bytes it holds.
    pub fn memory(&self) -> usize {
        self.vector.memory()
    }
}
