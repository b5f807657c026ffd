//! The store against a model of it: a vector of rows of values.
//!
//! Whatever is pushed, pushed twice, rolled back, widened, closed or moved, the store shows what the model
//! holds, by single values and by chunks.

#![expect(clippy::expect_used, reason = "a test may panic anywhere in its file")]

use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use chartroom_store::{CHUNK_ROWS, ChunkView, Column, ColumnId, RowAt, Store, Table, ValueRef};
use proptest::prelude::*;
use std::collections::BTreeSet;

const KINDS: [Kind; 9] = [
    Kind::Bool,
    Kind::Int,
    Kind::Long,
    Kind::Real,
    Kind::DateTime,
    Kind::String,
    Kind::String,
    Kind::Dynamic,
    Kind::Guid,
];

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Long(i64),
    Real(f64),
    Text(String),
}

impl Value {
    fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null | ValueRef::Text("") => Self::Null,
            ValueRef::Bool(value) => Self::Bool(value),
            ValueRef::Long(value) => Self::Long(value),
            ValueRef::Real(value) => Self::Real(value),
            ValueRef::Text(value) => Self::Text(value.to_owned()),
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// A row: for some columns a seed of the value, pushed in this order, and the file it is of.
    Row(Vec<(usize, u16)>, u32),
    RolledBack(Vec<(usize, u16)>),
    Widen(usize, Kind),
    Close(u32),
    Move,
}

fn pushes() -> impl Strategy<Value = Vec<(usize, u16)>> {
    prop::collection::vec((0..KINDS.len(), 0_u16..40), 0..14)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        20 => (pushes(), 0_u32..4).prop_map(|(pushes, file)| Step::Row(pushes, file)),
        3 => pushes().prop_map(Step::RolledBack),
        1 => (0..KINDS.len(), prop::sample::select(KINDS.to_vec())).prop_map(|(column, kind)| Step::Widen(column, kind)),
        1 => (0_u32..4).prop_map(Step::Close),
        1 => Just(Step::Move),
    ];
    prop::collection::vec(step, 0..60)
}

/// The value of a seed in a column that was of `kind` when it was added. 0 is null.
fn value_of(kind: Kind, column: usize, seed: u16) -> Value {
    let number = i64::from(seed);
    match kind {
        _ if seed == 0 => Value::Null,
        Kind::Bool => Value::Bool(seed.is_multiple_of(2)),
        Kind::Int => Value::Long(number - 20),
        Kind::Long if seed == 39 => Value::Long(i64::MAX),
        Kind::Long => Value::Long(number << 30),
        Kind::Real => Value::Real(number as f64 / 4.0),
        Kind::DateTime | Kind::TimeSpan => Value::Long(637_000_000_000_000_000 + number * 10_000_000),
        Kind::Dynamic => Value::Text(format!("{{\"n\":{seed}}}")),
        Kind::Decimal => Value::Text(format!("{seed}.5")),
        Kind::Guid => Value::Text(format!("00000000-0000-0000-0000-{seed:012}")),
        Kind::String if column.is_multiple_of(2) => Value::Text("\"é\n\\".repeat(usize::from(seed))),
        Kind::String => Value::Text(format!("value {seed}")),
    }
}

/// What a value of a column of one kind becomes in another.
fn widened(value: &Value, from: Kind, to: Kind) -> Value {
    let text = match value {
        Value::Null => return Value::Null,
        Value::Long(value) if to == Kind::Real => return Value::Real(*value as f64),
        value if !to.is_text() => return value.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Long(value) if from == Kind::DateTime => Ticks(*value).to_string(),
        Value::Long(value) => value.to_string(),
        Value::Real(value) if value.fract() == 0.0 && value.abs() < 1e18 => format!("{value:.0}"),
        Value::Real(value) => format!("{value:?}"),
        Value::Text(value) => value.clone(),
    };
    // Of these texts only those that were numbers or truths before read as such.
    let is_bare = matches!(text.as_str(), "true" | "false") || text.parse::<f64>().is_ok();
    let is_quoted =
        to == Kind::Dynamic && !is_bare && matches!(from, Kind::DateTime | Kind::String | Kind::Guid);
    Value::Text(if is_quoted {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
    } else {
        text
    })
}

struct Model {
    store: Store,
    kinds: Vec<Kind>,
    rows: Vec<(RowAt, Vec<Value>)>,
    closed: BTreeSet<u32>,
    next_offset: u64,
}

fn add_columns(table: &mut Table) {
    for (column, &kind) in KINDS.iter().enumerate() {
        assert_eq!(table.add_column(&format!("c{column}"), kind, column == 3), ColumnId(column as u32));
    }
}

impl Model {
    fn new() -> Self {
        let mut store = Store::new();
        add_columns(store.table_mut("T"));
        Self { store, kinds: KINDS.to_vec(), rows: Vec::new(), closed: BTreeSet::new(), next_offset: 0 }
    }

    fn table(&self) -> &Table {
        self.store.table("T").expect("it was made")
    }

    /// Pushes the values of seeds; what the row holds then.
    fn push(&mut self, pushes: &[(usize, u16)]) -> Vec<Value> {
        let mut values = vec![Value::Null; KINDS.len()];
        let table = self.store.table_mut("T");
        table.begin_row();
        for &(column, seed) in pushes {
            let id = ColumnId(column as u32);
            let value = value_of(KINDS[column], column, seed);
            let value = match widened(&value, KINDS[column], self.kinds[column]) {
                // A column that was widened takes what its kind is.
                Value::Real(_) if value == Value::Long(i64::MAX) => Value::Null,
                value => value,
            };
            match &value {
                Value::Null => table.push_null(id),
                Value::Bool(value) => assert!(table.push_bool(id, *value)),
                Value::Long(value) => assert!(table.push_long(id, *value)),
                Value::Real(value) => assert!(table.push_real(id, *value)),
                Value::Text(value) => assert!(table.push_text(id, value)),
            }
            values[column] = value;
        }
        values
    }

    fn add(&mut self, pushes: &[(usize, u16)], file: u32) {
        let values = self.push(pushes);
        // Some rows jump back in their file, some far ahead, some share their offset.
        let (offset, number) = match self.next_offset % 7 {
            3 => (self.next_offset, 3),
            4 => (self.next_offset - 1, 4),
            5 => (self.next_offset + (1 << 33), 0),
            _ => (self.next_offset, 0),
        };
        let at =
            RowAt { file: file + if self.closed.contains(&file) { 10 } else { 0 }, offset, len: 5, number };
        self.next_offset =
            if self.next_offset % 50 == 49 { self.next_offset + 1_000 } else { self.next_offset + 1 };
        self.store.table_mut("T").commit_row(at);
        self.rows.push((at, values));
    }

    fn is_dead(&self, at: RowAt) -> bool {
        self.closed.contains(&at.file)
    }

    fn forget(&mut self) {
        let closed = self.closed.clone();
        self.rows.retain(|(at, _)| !closed.contains(&at.file));
    }

    fn widen(&mut self, column: usize, kind: Kind) {
        let from = self.kinds[column];
        let mut to = from.widen(kind);
        let is_inexact = |value: &Value| matches!(value, Value::Long(i64::MAX));
        if to == Kind::Real && self.rows.iter().any(|(_, values)| is_inexact(&values[column])) {
            to = Kind::String;
        }
        assert_eq!(self.store.table_mut("T").widen(ColumnId(column as u32), kind), Some(to));
        self.kinds[column] = to;
        if to != from {
            for (_, values) in &mut self.rows {
                values[column] = widened(&values[column], from, to);
            }
        }
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Row(pushes, file) => self.add(pushes, *file),
            Step::RolledBack(pushes) => {
                self.push(pushes);
                self.store.table_mut("T").roll_back_row();
            }
            Step::Widen(column, kind) => self.widen(*column, *kind),
            Step::Close(file) => {
                let alive = self.rows.iter().filter(|(at, _)| !self.is_dead(*at) && at.file == *file).count();
                assert_eq!(self.store.close_files(&BTreeSet::from([*file])), alive as u64);
                self.closed.insert(*file);
                if alive > 0 && self.rows.iter().all(|(at, _)| self.is_dead(*at)) {
                    // The table begins anew: its columns went with the last row.
                    assert_eq!(self.table().columns().len(), 0);
                    add_columns(self.store.table_mut("T"));
                    self.kinds = KINDS.to_vec();
                    self.rows.iter_mut().for_each(|(_, values)| values.fill(Value::Null));
                }
            }
            Step::Move => {
                let blocks: Vec<Vec<u8>> = self.store.encode().collect();
                let mut store = Store::new();
                for block in &blocks {
                    assert!(block.len() <= 4 << 20);
                    assert_eq!(store.decode_block(block), Ok(()));
                }
                self.store = store;
                self.forget();
            }
        }
    }

    fn check(&self) {
        let table = self.table();
        assert_eq!(table.row_count() as usize, self.rows.len());
        let alive = self.rows.iter().filter(|(at, _)| !self.is_dead(*at)).count();
        assert_eq!(self.store.live_rows(), alive as u64);
        if !self.rows.is_empty() {
            assert_eq!(self.store.dead_share(), (self.rows.len() - alive) as f64 / self.rows.len() as f64);
        }
        let mut files = Vec::new();
        for chunk in 0..table.chunk_count() {
            files.extend(table.file_runs(chunk).flat_map(|(rows, file)| rows.map(move |row| (row, file))));
        }
        for (row, (at, values)) in (0_u32..).zip(&self.rows) {
            assert_eq!(table.row_at(row), Some(*at));
            assert_eq!(table.find_row(at.file, at.offset, at.number), Some(row));
            assert_eq!(table.find_row(at.file, at.offset, at.number + 9), None);
            assert_eq!(files[row as usize], (row, at.file));
            let (chunk, in_chunk) = (row as usize / CHUNK_ROWS, row as usize % CHUNK_ROWS);
            assert_eq!(table.live(chunk).is_none_or(|live| live.get(in_chunk)), !self.is_dead(*at));
            for (column, value) in table.columns().iter().zip(values) {
                assert_eq!(Value::of(column.value(row)), *value, "row {row} of {}", column.name());
            }
        }
        for (number, column) in table.columns().iter().enumerate() {
            assert_eq!((column.kind(), column.is_hidden()), (self.kinds[number], number == 3));
            for chunk in 0..table.chunk_count() {
                let rows = table.chunk_rows(chunk);
                assert!(table.live(chunk).is_none_or(|live| live.len() == rows));
                let first = chunk * CHUNK_ROWS;
                let expected: Vec<Value> =
                    self.rows[first..first + rows].iter().map(|(_, values)| values[number].clone()).collect();
                assert_eq!(by_chunk(column, chunk, rows), expected, "chunk {chunk} of {}", column.name());
                if expected.iter().any(|value| *value != Value::Null) {
                    assert!(!column.is_empty());
                }
            }
        }
    }
}

/// The values of a chunk as kernels read them.
fn by_chunk(column: &Column, chunk: usize, rows: usize) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) };
    match column.chunk(chunk) {
        ChunkView::Absent => vec![Value::Null; rows],
        ChunkView::Codes(codes) => {
            let mut copied = vec![0; rows];
            codes.copy_into(&mut copied);
            codes.for_each(|row, code| assert_eq!(codes.get(row), code));
            let dictionary = column.dictionary().expect("codes have one");
            copied.iter().map(|&code| text(dictionary.get(code))).collect()
        }
        ChunkView::Plain(plain) => {
            let mut values = vec![Value::Null; rows];
            for block in plain.blocks() {
                for row in block.rows() {
                    let range = block.range_of(row).expect("it is in the block");
                    values[row] = text(&block.text[range.clone()]);
                    if !range.is_empty() {
                        assert_eq!(block.row_at(range.start), (row, range.end));
                    }
                }
            }
            assert!(plain.iter().zip(&values).all(|(got, value)| text(got) == *value));
            values
        }
        ChunkView::Longs(longs) => {
            let mut values = vec![Value::Null; rows];
            longs.for_each(|row, value| values[row] = Value::Long(value));
            assert_eq!(longs.value_count(), values.iter().filter(|value| **value != Value::Null).count());
            longs.for_each(|_, value| assert!((longs.min()..=longs.max()).contains(&value)));
            values
        }
        ChunkView::Reals(reals) => {
            let mut values = vec![Value::Null; rows];
            reals.for_each(|row, value| values[row] = Value::Real(value));
            assert_eq!(reals.validity(rows).count(), reals.value_count());
            values
        }
        ChunkView::Bools(bools) => {
            (0..rows).map(|row| bools.get(row).map_or(Value::Null, Value::Bool)).collect()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_store_shows_what_the_model_holds(steps in steps()) {
        let mut model = Model::new();
        for step in &steps {
            model.run(step);
        }
        model.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 8, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn and_so_across_the_end_of_a_chunk(steps in steps(), before in 0_usize..40, density in 1_usize..400) {
        let mut model = Model::new();
        for row in 0..CHUNK_ROWS - before {
            // Some columns full, some sparse, some absent at first.
            let pushes: Vec<_> = (0..KINDS.len())
                .filter(|column| row % (1 + column * density) == 0 && *column != row / 40_000)
                .map(|column| (column, (row * 7 % 39) as u16))
                .collect();
            model.add(&pushes, (row / 30_000) as u32);
        }
        for step in &steps {
            model.run(step);
        }
        model.check();
    }

    #[test]
    fn damaged_blocks_are_refused_without_a_trace(steps in steps(), at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut model = Model::new();
        for step in &steps {
            model.run(step);
        }
        for block in model.store.encode() {
            let mut damaged = block.clone();
            damaged[at.index(block.len())] = to;
            let mut store = Store::new();
            if store.decode_block(&damaged).is_err() {
                prop_assert_eq!(store.live_rows(), 0);
            }
            let mut store = Store::new();
            prop_assert!(store.decode_block(&block[..cut.index(block.len())]).is_err());
            prop_assert_eq!(store.live_rows(), 0);
        }
    }
}
