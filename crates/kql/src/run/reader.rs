//! Values of expressions row by row: for cells, sort keys, and predicates that no kernel takes.
//!
//! Within a chunk, what depends on one coded column comes from the cache, once per distinct value.

use super::{
    Context, anywhere,
    cache::Cache,
    stored::{StoredChunk, value_of},
};
use crate::{
    program::{Action, Program},
    value::{Value, push_export},
};
use chartroom_store::{ChunkView, Codes, Table};

/// How one needed node gets its value.
enum Way<'a> {
    Stored(StoredChunk<'a>),
    /// Worked out once per code.
    Coded {
        codes: Codes<'a>,
        node: usize,
    },
    /// From its operands.
    Apply,
    /// From the whole row.
    Row,
}

/// Reads the values of some nodes in the rows of one chunk.
pub(crate) struct ChunkReader<'a, 'p> {
    program: &'p Program,
    context: Context<'a>,
    table: &'a Table,
    chunk: usize,
    steps: Vec<(usize, Way<'a>)>,
}

impl<'a, 'p> ChunkReader<'a, 'p> {
    /// For `nodes`; those below a coded one are not needed and left out.
    pub(crate) fn new(
        program: &'p Program,
        context: Context<'a>,
        table: &'a Table,
        chunk: usize,
        nodes: &[usize],
    ) -> Self {
        let mut is_needed = vec![false; nodes.iter().max().map_or(0, |last| last + 1)];
        for node in nodes {
            if let Some(slot) = is_needed.get_mut(*node) {
                *slot = true;
            }
        }
        let mut steps = Vec::new();
        for at in (0..is_needed.len()).rev() {
            if is_needed.get(at) != Some(&true) {
                continue;
            }
            let Some(instruction) = program.instructions().get(at) else { continue };
            let way = match &instruction.action {
                Action::Column(name) => match table.find(name).and_then(|id| table.column(id)) {
                    Some(column) => Way::Stored(StoredChunk::new(column, chunk, instruction.kind)),
                    None => Way::Apply,
                },
                Action::FilePath | Action::Offset | Action::MatchAny { .. } => Way::Row,
                _ => match coded_column(program, table, at, chunk) {
                    Some(codes) => Way::Coded { codes, node: at },
                    None => Way::Apply,
                },
            };
            if matches!(way, Way::Apply) {
                for operand in &instruction.operands {
                    if let Some(slot) = is_needed.get_mut(*operand) {
                        *slot = true;
                    }
                }
            }
            steps.push((at, way));
        }
        steps.reverse();
        Self { program, context, table, chunk, steps }
    }

    /// The nodes whose values per code must be prepared before reading.
    pub(crate) fn coded_nodes(&self) -> impl Iterator<Item = usize> + '_ {
        self.steps.iter().filter_map(|(_, way)| match way {
            Way::Coded { node, .. } => Some(*node),
            _ => None,
        })
    }

    /// Works out all nodes for row `row` of the chunk into `values` (index = node).
    pub(crate) fn read<'v>(&self, cache: &'v Cache, row: usize, values: &mut Vec<Value<'v>>)
    where
        'a: 'v,
    {
        let len = self.steps.last().map_or(0, |(last, _)| last + 1);
        values.clear();
        values.resize(len, Value::Null);
        let mut operands = Vec::new();
        for (at, way) in &self.steps {
            let Some(instruction) = self.program.instructions().get(*at) else { continue };
            let value = match way {
                Way::Stored(stored) => stored.get(row),
                Way::Coded { codes, node } => {
                    let code = codes.get(row) as usize;
                    cache.values(*node).get(code).map_or(Value::Null, Value::borrow)
                }
                Way::Row => self.row_value(*at, row),
                Way::Apply => {
                    operands.clear();
                    operands.extend(
                        instruction.operands.iter().map(|at| values.get(*at).cloned().unwrap_or(Value::Null)),
                    );
                    instruction.apply(&operands)
                }
            };
            if let Some(slot) = values.get_mut(*at) {
                *slot = value;
            }
        }
    }

    fn row_value(&self, node: usize, row: usize) -> Value<'a> {
        let number = super::selection::row_number(self.chunk, row);
        row_value(self.program, self.context, self.table, node, number)
    }
}

/// The codes of the one column that `node` depends on, when this chunk has it coded and the node is more than the column.
pub(crate) fn coded_column<'a>(
    program: &Program,
    table: &'a Table,
    node: usize,
    chunk: usize,
) -> Option<Codes<'a>> {
    let column = only_column(program, table, node)?;
    match column.chunk(chunk) {
        ChunkView::Codes(codes) => Some(codes),
        _ => None,
    }
}

/// The stored column that alone `node` depends on.
pub(crate) fn only_column<'a>(
    program: &Program,
    table: &'a Table,
    node: usize,
) -> Option<&'a chartroom_store::Column> {
    let leaf = program.instructions().get(node)?.only_column?;
    match &program.instructions().get(leaf)?.action {
        Action::Column(name) => table.find(name).and_then(|id| table.column(id)),
        _ => None,
    }
}

/// A node that is worked out from the whole row.
pub(crate) fn row_value<'a>(
    program: &Program,
    context: Context<'a>,
    table: &'a Table,
    node: usize,
    row: u32,
) -> Value<'a> {
    let Some(instruction) = program.instructions().get(node) else { return Value::Null };
    match &instruction.action {
        Action::FilePath => {
            table.row_at(row).map_or(Value::EMPTY, |at| Value::borrowed(context.files.path(at.file)))
        }
        Action::Offset => {
            let offset = table.row_at(row).and_then(|at| i64::try_from(at.offset).ok());
            offset.map_or(Value::Null, Value::Long)
        }
        Action::MatchAny { needle, is_negated } => {
            let mut scratch = String::new();
            let found = table.columns().iter().any(|column| {
                let kind = column.kind();
                if !anywhere::is_possible(needle, kind) {
                    return false;
                }
                match value_of(column, row, kind) {
                    Value::Null => false,
                    Value::Text(text) => anywhere::holds(needle, &text, kind),
                    other => {
                        scratch.clear();
                        push_export(&mut scratch, &other, kind);
                        needle.matches(&scratch)
                    }
                }
            });
            Value::Bool(found != *is_negated)
        }
        _ => Value::Null,
    }
}

/// The values of all nodes that `nodes` need, in one row (index = node); nothing is cached.
pub(crate) fn read_row<'a>(
    program: &Program,
    context: Context<'a>,
    table: &'a Table,
    row: u32,
    nodes: &[usize],
) -> Vec<Value<'a>> {
    let mut is_needed = vec![false; nodes.iter().max().map_or(0, |last| last + 1)];
    for node in nodes {
        for at in program.needed(*node) {
            if let Some(slot) = is_needed.get_mut(at) {
                *slot = true;
            }
        }
    }
    let mut values = vec![Value::Null; is_needed.len()];
    let mut operands = Vec::new();
    for (at, _) in is_needed.iter().enumerate().filter(|(_, needed)| **needed) {
        let Some(instruction) = program.instructions().get(at) else { continue };
        let value = match &instruction.action {
            Action::Column(name) => table
                .find(name)
                .and_then(|id| table.column(id))
                .map_or(Value::none(instruction.kind), |column| value_of(column, row, instruction.kind)),
            Action::FilePath | Action::Offset | Action::MatchAny { .. } => {
                row_value(program, context, table, at, row)
            }
            _ => {
                operands.clear();
                operands.extend(
                    instruction.operands.iter().map(|at| values.get(*at).cloned().unwrap_or(Value::Null)),
                );
                instruction.apply(&operands)
            }
        };
        if let Some(slot) = values.get_mut(at) {
            *slot = value;
        }
    }
    values
}
