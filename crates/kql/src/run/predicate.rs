//! Predicates over one chunk: a bit per row that holds, a bit per row that does not; neither is null.
//!
//! Each shape has the cheapest way that its column allows: numbers against constants by range, coded texts once per distinct
//! value, plain texts by scanning whole blocks, everything else row by row over the rows that are still in question.

use super::{
    Context, anywhere,
    cache::{Cache, Truths, dictionary_len},
    reader::{ChunkReader, coded_column, only_column},
    stored::StoredChunk,
};
use crate::{
    needle::Needle,
    plan::Binary,
    program::{Action, Instruction, Program},
    value::{Value, push_export},
};
use chartroom_base::sort;
use chartroom_schema::kind::Kind;
use chartroom_store::{Bitmap, ChunkView, Codes, LongsView, PlainBlock, PlainView, Table};

/// One chunk of one table, ready to be asked.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'a, 'p> {
    pub(crate) program: &'p Program,
    pub(crate) context: Context<'a>,
    pub(crate) table: &'a Table,
    pub(crate) chunk: usize,
    /// How many rows it has.
    pub(crate) rows: usize,
    /// The rows that are asked of now: a step over an expensive predicate takes a part of a chunk.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// What must be worked out before a chunk can be asked, so that no step is long.
pub(crate) enum Need {
    /// Truth per code of a node.
    Truths(usize),
    /// Value per code of a node.
    Values(usize),
    /// Where a node's needle stands in a column's dictionary.
    Found(usize, usize),
}

impl<'a> Chunk<'a, '_> {
    fn instruction(&self, node: usize) -> Option<&Instruction> {
        self.program.instructions().get(node)
    }

    /// Whether a whole chunk takes so long that it is asked in parts.
    pub(crate) fn is_expensive(&self, node: usize) -> bool {
        self.cost(node) >= 10_000
    }

    /// A guess of what asking `node` costs; cheap predicates go first.
    pub(crate) fn cost(&self, node: usize) -> usize {
        let Some(instruction) = self.instruction(node) else { return 0 };
        let operands = || instruction.operands.iter().map(|at| self.cost(*at)).sum::<usize>();
        match &instruction.action {
            Action::Constant(_) => 0,
            Action::And | Action::Or => 1 + operands(),
            Action::MatchAny { .. } => 1_000_000,
            _ => match only_column(self.program, self.table, node)
                .map(|column| (column, column.chunk(self.chunk)))
            {
                Some((_, ChunkView::Absent)) => 1,
                Some((_, ChunkView::Longs(_) | ChunkView::Bools(_) | ChunkView::Reals(_))) => 10,
                Some((column, ChunkView::Codes(_))) => 20 + dictionary_len(column.dictionary()) / 1000,
                Some((_, ChunkView::Plain(_))) => 10_000,
                None => 100_000,
            },
        }
    }

    /// What asking `node` needs worked out first.
    pub(crate) fn needs(&self, node: usize, needs: &mut Vec<Need>) {
        let Some(instruction) = self.instruction(node) else { return };
        match &instruction.action {
            Action::Constant(_) => {}
            Action::And | Action::Or => {
                instruction.operands.iter().for_each(|operand| self.needs(*operand, needs));
            }
            Action::Call { function, .. } if function.name == "not" => {
                instruction.operands.iter().for_each(|operand| self.needs(*operand, needs));
            }
            Action::MatchAny { .. } => {
                let coded = self.table.columns().iter().enumerate();
                let coded =
                    coded.filter(|(_, column)| matches!(column.chunk(self.chunk), ChunkView::Codes(_)));
                needs.extend(coded.map(|(at, _)| Need::Found(node, at)));
            }
            _ if coded_column(self.program, self.table, node, self.chunk).is_some() => {
                needs.push(Need::Truths(node));
            }
            _ if self.range(node).is_some() || self.plain_rows(node).is_some() => {}
            _ => {
                let reader = ChunkReader::new(self.program, self.context, self.table, self.chunk, &[node]);
                needs.extend(reader.coded_nodes().map(Need::Values));
            }
        }
    }

    /// Works on a need; the fuel it took, 0 when it is met.
    pub(crate) fn meet(&self, need: &Need, cache: &mut Cache) -> usize {
        match need {
            Need::Truths(node) | Need::Values(node) => {
                let (Some(column), Some(leaf)) = (
                    only_column(self.program, self.table, *node),
                    self.instruction(*node).and_then(|instruction| instruction.only_column),
                ) else {
                    return 0;
                };
                let wanted = self.instruction(leaf).map_or(Kind::String, |leaf| leaf.kind);
                match need {
                    Need::Truths(_) => cache.prepare_truths(self.program, *node, column, wanted),
                    _ => cache.prepare_values(self.program, *node, column, wanted),
                }
            }
            Need::Found(node, at) => {
                match (self.table.columns().get(*at), self.instruction(*node).map(|it| &it.action)) {
                    (Some(column), Some(Action::MatchAny { needle, .. })) => {
                        cache.prepare_found(*node, *at, column, needle)
                    }
                    _ => 0,
                }
            }
        }
    }

    /// The truth of `node` in the rows of `among`; what it says of other rows means nothing. Needs must be met.
    pub(crate) fn truths(&self, cache: &Cache, node: usize, among: &Bitmap) -> Truths {
        let Some(instruction) = self.instruction(node) else { return self.none() };
        match &instruction.action {
            Action::Constant(value) => self.all(value.truth()),
            Action::And => self.junction(cache, instruction, among, false),
            Action::Or => self.junction(cache, instruction, among, true),
            Action::Call { function, .. } if function.name == "not" => {
                let Truths { yes, no } = instruction
                    .operands
                    .first()
                    .map_or_else(|| self.none(), |operand| self.truths(cache, *operand, among));
                Truths { yes: no, no: yes }
            }
            Action::MatchAny { needle, is_negated } => {
                let yes = self.anywhere(cache, node, needle, among);
                total(yes, *is_negated, self.rows)
            }
            _ => self.leaf(cache, node, instruction, among),
        }
    }

    fn none(&self) -> Truths {
        Truths { yes: Bitmap::filled(self.rows, false), no: Bitmap::filled(self.rows, false) }
    }

    fn all(&self, truth: Option<bool>) -> Truths {
        Truths {
            yes: Bitmap::filled(self.rows, truth == Some(true)),
            no: Bitmap::filled(self.rows, truth == Some(false)),
        }
    }

    /// `and`, or `or` when `is_or`: the operands that remain are asked only of rows that are not decided.
    fn junction(&self, cache: &Cache, instruction: &Instruction, among: &Bitmap, is_or: bool) -> Truths {
        let mut operands = instruction.operands.clone();
        sort::sort_by_key(&mut operands, |operand| self.cost(*operand));
        let mut result = self.all(Some(!is_or));
        let mut open = among.clone();
        for operand in operands {
            if !open.any() {
                break;
            }
            let Truths { yes, no } = self.truths(cache, operand, &open);
            if is_or {
                result.yes.or(&masked(&yes, &open));
                result.no.and(&merged(&no, &open));
                open.and_not(&yes);
            } else {
                result.no.or(&masked(&no, &open));
                result.yes.and(&merged(&yes, &open));
                open.and_not(&no);
            }
        }
        // What one operand decided is decided, whatever the others left standing.
        if is_or {
            result.no.and_not(&result.yes);
        } else {
            result.yes.and_not(&result.no);
        }
        result
    }

    fn leaf(&self, cache: &Cache, node: usize, instruction: &Instruction, among: &Bitmap) -> Truths {
        if let Some(codes) = coded_column(self.program, self.table, node, self.chunk) {
            return cache.truths(node).map_or_else(|| self.none(), |truths| self.gather(codes, truths));
        }
        if let Action::Column(name) = &instruction.action
            && let Some(column) = self.table.find(name).and_then(|id| self.table.column(id))
            && let ChunkView::Bools(bools) = column.chunk(self.chunk)
        {
            let yes = bools.values().clone().resized(self.rows);
            let mut no = bools.valid().clone().resized(self.rows);
            no.and_not(&yes);
            return Truths { yes, no };
        }
        if let Some((longs, range, is_inside)) = self.range(node) {
            return self.in_range(longs, range, is_inside, instruction);
        }
        if let Some((plain, needle, is_negated)) = self.plain(node)
            && among.count() * 16 > self.to - self.from
        {
            return total(self.scan_plain(plain, needle), is_negated, self.rows);
        }
        if let Some((plain, test)) = self.plain_rows(node) {
            let mut yes = Bitmap::filled(self.rows, false);
            among.iter().filter(|row| test.holds(plain.get(*row))).for_each(|row| yes.set(row, true));
            return total(yes, test.is_negated(), self.rows);
        }
        self.row_by_row(cache, node, among)
    }

    /// A text operator, or an equality with a constant, on a stored column whose texts lie plain in this chunk.
    fn plain_rows(&self, node: usize) -> Option<(PlainView<'a>, TextTest<'_>)> {
        let instruction = self.instruction(node)?;
        let constant = |at: usize| match &self.instruction(*instruction.operands.get(at)?)?.action {
            Action::Constant(Value::Text(text)) => Some(text.as_ref()),
            _ => None,
        };
        let (operand, test) = match &instruction.action {
            Action::Match { needle, is_negated } => (0, TextTest::Needle(needle, *is_negated)),
            Action::Binary(operator @ (Binary::Equal | Binary::NotEqual)) => {
                let (operand, text) = match (constant(0), constant(1)) {
                    (None, Some(text)) => (0, text),
                    (Some(text), None) => (1, text),
                    _ => return None,
                };
                (operand, TextTest::Equal(text, *operator == Binary::NotEqual))
            }
            _ => return None,
        };
        if instruction.operand_kinds.iter().any(|kind| *kind != Kind::String) {
            return None;
        }
        let column = self.instruction(*instruction.operands.get(operand)?)?;
        let Action::Column(name) = &column.action else { return None };
        let stored = StoredChunk::new(self.table.column(self.table.find(name)?)?, self.chunk, column.kind);
        let ChunkView::Plain(plain) = stored.view else { return None };
        (stored.held == Kind::String && stored.wanted == Kind::String).then_some((plain, test))
    }

    /// Truth per code → truth per row.
    fn gather(&self, codes: Codes<'_>, truths: &Truths) -> Truths {
        let mut result = if truths.yes.get(0) {
            self.all(Some(true))
        } else if truths.no.get(0) {
            self.all(Some(false))
        } else {
            self.none()
        };
        match codes {
            Codes::Sparse { .. } => codes.for_each(|row, code| {
                result.yes.set(row, truths.yes.get(code as usize));
                result.no.set(row, truths.no.get(code as usize));
            }),
            Codes::U8(codes) => {
                result.yes = spread(codes, &truths.yes, self.rows);
                result.no = spread(codes, &truths.no, self.rows);
            }
            Codes::U16(codes) => {
                result.yes = spread(codes, &truths.yes, self.rows);
                result.no = spread(codes, &truths.no, self.rows);
            }
            Codes::U32(codes) => {
                result.yes = spread(codes, &truths.yes, self.rows);
                result.no = spread(codes, &truths.no, self.rows);
            }
        }
        result
    }

    /// A comparison of whole numbers (times too) with a constant, as the range that holds.
    fn range(&self, node: usize) -> Option<(LongsView<'a>, Range, bool)> {
        let instruction = self.instruction(node)?;
        let Action::Binary(operator) = instruction.action else { return None };
        let (left, right) = (*instruction.operands.first()?, *instruction.operands.get(1)?);
        let constant = |at: usize| match &self.instruction(at)?.action {
            Action::Constant(Value::Long(long)) => Some(*long),
            _ => None,
        };
        let (column, value, operator) = match (constant(left), constant(right)) {
            (None, Some(value)) => (left, value, operator),
            (Some(value), None) => (right, value, mirrored(operator)?),
            _ => return None,
        };
        let column = self.instruction(column)?;
        let Action::Column(name) = &column.action else { return None };
        let stored = StoredChunk::new(self.table.column(self.table.find(name)?)?, self.chunk, column.kind);
        let is_same = stored.held == stored.wanted
            || matches!((stored.held, stored.wanted), (Kind::Int, Kind::Long) | (Kind::Long, Kind::Int));
        let ChunkView::Longs(longs) = stored.view else { return None };
        let range = match operator {
            Binary::Equal | Binary::NotEqual => Range { low: value, high: value },
            Binary::Less => Range { low: i64::MIN, high: value.checked_sub(1)? },
            Binary::LessOrEqual => Range { low: i64::MIN, high: value },
            Binary::Greater => Range { low: value.checked_add(1)?, high: i64::MAX },
            Binary::GreaterOrEqual => Range { low: value, high: i64::MAX },
            _ => return None,
        };
        is_same.then_some((longs, range, operator != Binary::NotEqual))
    }

    fn in_range(
        &self,
        longs: LongsView<'_>,
        range: Range,
        is_inside: bool,
        instruction: &Instruction,
    ) -> Truths {
        let valid = longs.validity(self.rows);
        // Equality holds for null too (it is unequal); order does not.
        let is_total = matches!(instruction.action, Action::Binary(Binary::Equal | Binary::NotEqual));
        let mut inside = if longs.max() < range.low || longs.min() > range.high {
            Bitmap::filled(self.rows, false)
        } else if longs.min() >= range.low && longs.max() <= range.high {
            valid.clone()
        } else {
            let mut values = vec![0_i64; self.rows];
            longs.copy_into(&mut values);
            let words = values.chunks(64).map(|values| {
                values
                    .iter()
                    .enumerate()
                    .fold(0_u64, |bits, (at, value)| bits | u64::from(range.contains(*value)) << at)
            });
            let mut inside = Bitmap::from_words(words.collect(), self.rows);
            inside.and(&valid);
            inside
        };
        let mut outside = if is_total { Bitmap::filled(self.rows, true) } else { valid };
        outside.and_not(&inside);
        inside.trim();
        if is_inside { Truths { yes: inside, no: outside } } else { Truths { yes: outside, no: inside } }
    }

    /// A text operator on a stored column whose texts lie plain in this chunk.
    fn plain(&self, node: usize) -> Option<(PlainView<'a>, &Needle, bool)> {
        let instruction = self.instruction(node)?;
        let Action::Match { needle, is_negated } = &instruction.action else { return None };
        let column = self.instruction(*instruction.operands.first()?)?;
        let Action::Column(name) = &column.action else { return None };
        let stored = StoredChunk::new(self.table.column(self.table.find(name)?)?, self.chunk, column.kind);
        let ChunkView::Plain(plain) = stored.view else { return None };
        (stored.held == Kind::String && stored.wanted == Kind::String && needle.is_literal()).then_some((
            plain,
            needle,
            *is_negated,
        ))
    }

    fn scan_plain(&self, plain: PlainView<'a>, needle: &Needle) -> Bitmap {
        let finder = needle.finder();
        let mut hits = Bitmap::filled(self.rows, false);
        if finder.text().is_empty() || plain.len() < self.rows && needle.matches("") {
            return Bitmap::from_fn(self.rows, |row| needle.matches(plain.get(row)));
        }
        for (block, rows, from, to) in self.blocks(plain) {
            let text = block.text.get(..to).unwrap_or_default();
            if !finder.is_fast_in(text) {
                for row in rows {
                    hits.set(row, needle.matches(plain.get(row)));
                }
                continue;
            }
            let mut at = from;
            while let Some(found) = finder.find_fast(text.as_bytes(), at) {
                let (row, end) = block.row_at(found);
                if found + finder.text().len() > end {
                    at = found + 1;
                    continue;
                }
                if needle.is_contains() || needle.matches(plain.get(row)) {
                    hits.set(row, true);
                }
                at = end.max(found + 1);
            }
        }
        hits
    }

    /// The blocks that hold rows asked of: those rows, and where their texts begin and end.
    fn blocks(
        &self,
        plain: PlainView<'a>,
    ) -> impl Iterator<Item = (PlainBlock<'a>, std::ops::Range<usize>, usize, usize)> {
        let (from, to) = (self.from, self.to);
        plain.blocks().filter_map(move |block| {
            let rows = block.rows();
            let rows = rows.start.max(from)..rows.end.min(to);
            let first = block.range_of(rows.start)?;
            let last = block.range_of(rows.end.checked_sub(1)?)?;
            (!rows.is_empty()).then_some((block, rows, first.start, last.end))
        })
    }

    fn scan_anywhere(&self, plain: PlainView<'a>, needle: &Needle, kind: Kind, hits: &mut Bitmap) {
        let holds_empty = kind == Kind::String && needle.matches("");
        if holds_empty {
            (self.from..self.to).filter(|row| plain.get(*row).is_empty()).for_each(|row| hits.set(row, true));
        }
        for (block, _, from, to) in self.blocks(plain) {
            anywhere::scan(needle, &block, from, to, kind, |row| hits.set(row, true));
        }
    }

    /// Rows in which the needle stands anywhere.
    fn anywhere(&self, cache: &Cache, node: usize, needle: &Needle, among: &Bitmap) -> Bitmap {
        let mut hits = Bitmap::filled(self.rows, false);
        let mut scratch = String::new();
        for (at, column) in self.table.columns().iter().enumerate() {
            let kind = column.kind();
            if !anywhere::is_possible(needle, kind) {
                continue;
            }
            // The rows that are still in question.
            let open = |hits: &Bitmap| {
                let mut open = among.clone();
                open.and_not(hits);
                open
            };
            match column.chunk(self.chunk) {
                ChunkView::Absent => {
                    if kind == Kind::String && needle.matches("") {
                        hits = Bitmap::filled(self.rows, true);
                    }
                }
                ChunkView::Codes(codes) => {
                    if let Some(found) = cache.found(node, at) {
                        mark(codes, found, &mut hits, self.rows);
                    }
                }
                ChunkView::Plain(plain) => {
                    let open = open(&hits);
                    if open.count() * 16 > self.to - self.from {
                        self.scan_anywhere(plain, needle, kind, &mut hits);
                    } else {
                        for row in open.iter() {
                            if anywhere::holds(needle, plain.get(row), kind) {
                                hits.set(row, true);
                            }
                        }
                    }
                }
                view => {
                    let stored = StoredChunk { view, dictionary: None, held: kind, wanted: kind };
                    // Neighbours often are the same: times of one second, versions, flags.
                    let mut last: Option<(Value<'_>, bool)> = None;
                    for row in open(&hits).iter() {
                        let value = stored.get(row);
                        if value.is_null() {
                            continue;
                        }
                        let is_hit = match &last {
                            Some((known, is_hit)) if *known == value => *is_hit,
                            _ => {
                                scratch.clear();
                                push_export(&mut scratch, &value, kind);
                                needle.matches(&scratch)
                            }
                        };
                        last = Some((value, is_hit));
                        if is_hit {
                            hits.set(row, true);
                        }
                    }
                }
            }
        }
        hits.resize(self.rows);
        hits
    }

    fn row_by_row(&self, cache: &Cache, node: usize, among: &Bitmap) -> Truths {
        let reader = ChunkReader::new(self.program, self.context, self.table, self.chunk, &[node]);
        let mut result = self.none();
        let mut values = Vec::new();
        for row in among.iter() {
            reader.read(cache, row, &mut values);
            match values.get(node).and_then(Value::truth) {
                Some(true) => result.yes.set(row, true),
                Some(false) => result.no.set(row, true),
                None => {}
            }
        }
        result
    }
}

/// What may be asked of a text; whether the answer is turned over.
enum TextTest<'p> {
    Needle(&'p Needle, bool),
    Equal(&'p str, bool),
}

impl TextTest<'_> {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Needle(needle, _) => needle.matches(text),
            Self::Equal(wanted, _) => text == *wanted,
        }
    }

    const fn is_negated(&self) -> bool {
        match self {
            Self::Needle(_, is_negated) | Self::Equal(_, is_negated) => *is_negated,
        }
    }
}

/// Whole numbers from `low` to `high`.
#[derive(Clone, Copy)]
pub(crate) struct Range {
    low: i64,
    high: i64,
}

impl Range {
    const fn contains(self, value: i64) -> bool {
        (value >= self.low) & (value <= self.high)
    }
}

const fn mirrored(operator: Binary) -> Option<Binary> {
    Some(match operator {
        Binary::Equal => Binary::Equal,
        Binary::NotEqual => Binary::NotEqual,
        Binary::Less => Binary::Greater,
        Binary::LessOrEqual => Binary::GreaterOrEqual,
        Binary::Greater => Binary::Less,
        Binary::GreaterOrEqual => Binary::LessOrEqual,
        _ => return None,
    })
}

fn total(mut yes: Bitmap, is_negated: bool, rows: usize) -> Truths {
    yes.resize(rows);
    let mut no = yes.clone();
    no.not();
    if is_negated { Truths { yes: no, no: yes } } else { Truths { yes, no } }
}

/// `bits` among `open`.
fn masked(bits: &Bitmap, open: &Bitmap) -> Bitmap {
    let mut bits = bits.clone();
    bits.and(open);
    bits
}

/// `bits` among `open`, and all that is not in `open`.
fn merged(bits: &Bitmap, open: &Bitmap) -> Bitmap {
    let mut closed = open.clone();
    closed.not();
    closed.or(bits);
    closed
}

/// The bit of each row's code; rows beyond the slice have code 0.
fn spread<T: Copy + Into<u32>>(codes: &[T], bits: &Bitmap, rows: usize) -> Bitmap {
    let table = bits.words();
    let bit = |code: u32| table.get(code as usize / 64).map_or(0, |word| word >> (code % 64) & 1);
    let words = codes.chunks(64).map(|codes| {
        codes.iter().enumerate().fold(0_u64, |word, (at, code)| word | bit((*code).into()) << at)
    });
    let mut result = Bitmap::from_words(words.collect(), codes.len().min(rows));
    let known = result.len();
    result.resize(rows);
    if bits.get(0) {
        result.fill(known..rows, true);
    }
    result
}

/// Sets the bit of each row whose code is among `found`.
fn mark(codes: Codes<'_>, found: &Bitmap, hits: &mut Bitmap, rows: usize) {
    if !found.any() {
        return;
    }
    let marked = match codes {
        Codes::U8(codes) => spread(codes, found, rows),
        Codes::U16(codes) => spread(codes, found, rows),
        Codes::U32(codes) => spread(codes, found, rows),
        Codes::Sparse { .. } => {
            let mut marked = Bitmap::filled(rows, found.get(0));
            codes.for_each(|row, code| {
                if row < rows {
                    marked.set(row, found.get(code as usize));
                }
            });
            marked
        }
    };
    hits.or(&marked);
}
