//! Living rows on their way to a fresh worker: blocks of bytes that describe themselves.
//!
//! A block holds rows of one table: its name, its columns, who the rows are, then the values column by column.

use crate::column::ValueRef;
use crate::error::StoreError;
use crate::rows::RowAt;
use crate::store::Store;
use crate::table::Table;
use chartroom_schema::kind::Kind;

const MAGIC: &[u8] = b"crrows1\n";
/// Bytes of a block, but for a single larger row.
const BLOCK_BYTES: usize = 4 << 20;
/// Rows that one block looks at, dead ones included.
const BLOCK_ROWS: u32 = 1 << 16;

impl Store {
    /// The living rows as blocks of at most 4 MiB and 64 Ki rows (a single larger row makes a larger block), for
    /// [`Self::decode_block`] of another store. Tables and columns without rows come too.
    pub fn encode(&self) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.tables().flat_map(|table| {
            let mut next = Some(0);
            std::iter::from_fn(move || {
                let (block, rest) = encode_rows(table, next?);
                next = rest;
                Some(block)
            })
        })
    }

    /// One block of [`Self::encode`]: of table number `table` (by name), from row `first` on, and the row to go on from.
    /// `None` when there is no such table.
    #[must_use]
    pub fn encode_block(&self, table: usize, first: u32) -> Option<(Vec<u8>, Option<u32>)> {
        self.tables().nth(table).map(|table| encode_rows(table, first))
    }

    /// Appends the rows of a block that [`Self::encode`] made.
    ///
    /// # Errors
    /// When it is no such block; then nothing of it is kept, but for its columns.
    pub fn decode_block(&mut self, block: &[u8]) -> Result<(), StoreError> {
        let mut input = Input(block.strip_prefix(MAGIC).ok_or(StoreError::NotABlock)?);
        let name = input.text()?;
        let column_count = input.size()?;
        let table = self.table_mut(name);
        table.begin_row();
        table.roll_back_row();
        let mut ids = Vec::new();
        for _ in 0..column_count {
            let name = input.text()?;
            let kind = Kind::from_name(input.text()?).ok_or(StoreError::Malformed)?;
            let is_hidden = input.byte()? != 0;
            let id = table.add_column(name, kind, is_hidden);
            ids.push((id, kind));
        }
        // Once over everything first, so that a damaged block leaves no rows behind.
        let rows = input.clone();
        for is_dry in [true, false] {
            let mut input = rows.clone();
            let row_count = input.size()?;
            for _ in 0..row_count {
                let at = RowAt {
                    file: input.small()?,
                    offset: input.number()?,
                    len: input.small()?,
                    number: input.small()?,
                };
                if !is_dry {
                    table.begin_row();
                }
                let set = input.size()?;
                let mut index = 0_usize;
                for _ in 0..set {
                    index = index.checked_add(input.small()? as usize).ok_or(StoreError::Malformed)?;
                    let &(id, kind) = ids.get(index).ok_or(StoreError::Malformed)?;
                    let value = match kind {
                        Kind::Bool => ValueRef::Bool(input.byte()? != 0),
                        Kind::Real => ValueRef::Real(f64::from_le_bytes(input.array()?)),
                        Kind::Int | Kind::Long | Kind::DateTime | Kind::TimeSpan => {
                            ValueRef::Long(i64::from_le_bytes(input.array()?))
                        }
                        Kind::Guid | Kind::String | Kind::Dynamic | Kind::Decimal => {
                            ValueRef::Text(input.text()?)
                        }
                    };
                    if !is_dry {
                        table.push_widening(id, kind, value);
                    }
                    index += 1;
                }
                if !is_dry {
                    table.commit_row(at);
                }
            }
            if !input.0.is_empty() {
                return Err(StoreError::Malformed);
            }
        }
        Ok(())
    }
}

fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

fn encode_rows(table: &Table, first: u32) -> (Vec<u8>, Option<u32>) {
    let mut head = MAGIC.to_vec();
    put_text(&mut head, table.name());
    put_number(&mut head, table.columns().len() as u64);
    for column in table.columns() {
        put_text(&mut head, column.name());
        put_text(&mut head, column.kind().name());
        head.push(column.is_hidden().into());
    }
    let (mut body, mut count, mut next) = (Vec::new(), 0_u64, None);
    let mut line = Vec::new();
    for row in first..table.row_count() {
        if row - first >= BLOCK_ROWS {
            next = Some(row);
            break;
        }
        let (chunk, in_chunk) = crate::column::place(row);
        if table.live(chunk).is_some_and(|live| !live.get(in_chunk)) {
            continue;
        }
        let Some(at) = table.row_at(row) else { continue };
        line.clear();
        for number in [at.file.into(), at.offset, at.len.into(), at.number.into()] {
            put_number(&mut line, number);
        }
        encode_values(&mut line, table, row);
        if count > 0 && head.len() + body.len() + line.len() + 10 > BLOCK_BYTES {
            next = Some(row);
            break;
        }
        body.extend_from_slice(&line);
        count += 1;
    }
    put_number(&mut head, count);
    head.extend_from_slice(&body);
    (head, next)
}

fn encode_values(out: &mut Vec<u8>, table: &Table, row: u32) {
    let values = || {
        table
            .columns()
            .iter()
            .map(|column| column.value(row))
            .enumerate()
            .filter(|(_, value)| !matches!(value, ValueRef::Null | ValueRef::Text("")))
    };
    put_number(out, values().count() as u64);
    let mut next = 0;
    for (index, value) in values() {
        put_number(out, (index - next) as u64);
        next = index + 1;
        match value {
            ValueRef::Null => {}
            ValueRef::Bool(value) => out.push(value.into()),
            ValueRef::Long(value) => out.extend_from_slice(&value.to_le_bytes()),
            ValueRef::Real(value) => out.extend_from_slice(&value.to_le_bytes()),
            ValueRef::Text(value) => put_text(out, value),
        }
    }
}

#[derive(Clone)]
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Result<u8, StoreError> {
        let (&byte, rest) = self.0.split_first().ok_or(StoreError::Truncated)?;
        self.0 = rest;
        Ok(byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or(StoreError::Truncated)?;
        self.0 = rest;
        Ok(*bytes)
    }

    fn number(&mut self) -> Result<u64, StoreError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                return Err(StoreError::Malformed);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(StoreError::Malformed)
    }

    fn small(&mut self) -> Result<u32, StoreError> {
        u32::try_from(self.number()?).ok().ok_or(StoreError::Malformed)
    }

    /// A count or a length; never more than the bytes that are left, as each takes at least one.
    fn size(&mut self) -> Result<usize, StoreError> {
        let size = usize::try_from(self.number()?).ok().ok_or(StoreError::Malformed)?;
        if size > self.0.len() { Err(StoreError::Truncated) } else { Ok(size) }
    }

    fn text(&mut self) -> Result<&'a str, StoreError> {
        let size = self.size()?;
        let (bytes, rest) = self.0.split_at_checked(size).ok_or(StoreError::Truncated)?;
        self.0 = rest;
        std::str::from_utf8(bytes).ok().ok_or(StoreError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_value_may_stand_behind_many_columns() {
        let mut store = Store::new();
        let table = store.table_mut("T");
        for number in 0..300 {
            table.add_column(&format!("c{number}"), Kind::Bool, false);
        }
        let last = table.add_column("last", Kind::Bool, false);
        table.begin_row();
        assert!(table.push_bool(last, true));
        table.commit_row(RowAt { file: 0, offset: 0, len: 1, number: 0 });
        let mut other = Store::new();
        for block in store.encode() {
            assert_eq!(other.decode_block(&block), Ok(()));
        }
        assert_eq!(other.live_rows(), 1);
    }
}
