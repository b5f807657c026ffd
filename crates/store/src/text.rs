//! A text column: a dictionary and codes, or plain text once the dictionary stops paying.

use crate::codes::CodeChunk;
use crate::dictionary::Dictionary;
use crate::plain::PlainChunk;

/// Texts at the looks at whether the dictionary pays. The zeroth asks only whether anything repeats at all.
const ZEROTH_LOOK: u32 = 1_024;
const FIRST_LOOK: u32 = 8_192;
const SECOND_LOOK: u32 = 16_384;
/// Most new texts between two looks.
const MAX_WINDOW: u32 = 16_384;

#[derive(Clone, Debug)]
pub(crate) enum TextChunk {
    Absent,
    Codes(CodeChunk),
    Plain(PlainChunk),
}

/// All chunks of a text column.
#[derive(Clone, Debug)]
pub(crate) struct TextColumn {
    dictionary: Dictionary,
    chunks: Vec<TextChunk>,
    last: u32,
    is_plain: bool,
    /// Texts pushed since the last look, and codes there were then.
    pushed: u32,
    looked_at: u32,
    next_look: u32,
}

impl Default for TextColumn {
    fn default() -> Self {
        Self {
            dictionary: Dictionary::default(),
            chunks: Vec::new(),
            last: 0,
            is_plain: false,
            pushed: 0,
            looked_at: 0,
            next_look: ZEROTH_LOOK,
        }
    }
}

impl TextColumn {
    pub(crate) fn chunk(&self, chunk: usize) -> &TextChunk {
        self.chunks.get(chunk).unwrap_or(&TextChunk::Absent)
    }

    pub(crate) const fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    pub(crate) fn get(&self, chunk: usize, row: usize) -> &str {
        match self.chunk(chunk) {
            TextChunk::Absent => "",
            TextChunk::Codes(codes) => self.dictionary.get(codes.view().get(row)),
            TextChunk::Plain(plain) => plain.get(row),
        }
    }

    /// The code of a row's text; `None` when it has none.
    pub(crate) fn code(&self, chunk: usize, row: usize) -> Option<u32> {
        match self.chunk(chunk) {
            TextChunk::Codes(codes) => Some(codes.view().get(row)).filter(|&code| code != 0),
            TextChunk::Absent | TextChunk::Plain(_) => None,
        }
    }

    /// Sets the text of a row, which is the last row or beyond; its code, or 0 when it has none.
    #[inline]
    pub(crate) fn push(&mut self, chunk: usize, row: usize, text: &str) -> u32 {
        match self.chunks.get_mut(chunk) {
            // Code 0 is the empty text; `last` is 0 while there is none.
            Some(TextChunk::Codes(codes))
                if !text.is_empty() && self.dictionary.is_text_of(self.last, text) =>
            {
                self.pushed = self.pushed.saturating_add(1);
                codes.set(row, self.last);
                self.last
            }
            _ => self.push_another(chunk, row, text),
        }
    }

    /// Sets the text of a row to that of a code given out by [`Self::push`]; `false` when codes do not hold any more.
    #[inline]
    pub(crate) fn push_code(&mut self, chunk: usize, row: usize, code: u32) -> bool {
        match self.chunks.get_mut(chunk) {
            Some(TextChunk::Codes(codes)) if self.dictionary.holds(code) => {
                self.last = code;
                self.pushed = self.pushed.saturating_add(1);
                codes.set(row, code);
                true
            }
            _ => false,
        }
    }

    fn push_another(&mut self, chunk: usize, row: usize, text: &str) -> u32 {
        if text.is_empty() {
            self.truncate(chunk, row);
            return 0;
        }
        if !self.is_plain {
            if let Some(code) = self.code_of(text) {
                self.last = code;
                self.pushed = self.pushed.saturating_add(1);
                if let Some(TextChunk::Codes(codes)) = self.chunks.get_mut(chunk) {
                    codes.set(row, code);
                    return code;
                }
                return self
                    .start(chunk, TextChunk::Codes(CodeChunk::starting_at(row)))
                    .push(chunk, row, text);
            }
            self.go_plain(chunk);
        }
        match self.chunks.get_mut(chunk) {
            Some(TextChunk::Plain(plain)) => {
                plain.set(row, text);
                0
            }
            _ => self.start(chunk, TextChunk::Plain(PlainChunk::default())).push(chunk, row, text),
        }
    }

    /// The code of `text`, or `None` when the dictionary does not pay any more.
    #[inline]
    fn code_of(&mut self, text: &str) -> Option<u32> {
        let code = self.dictionary.insert(text)?;
        let len = self.dictionary.held() as u32;
        if len > self.next_look { self.look(len).then_some(code) } else { Some(code) }
    }

    /// Whether the dictionary pays, and when to look again: at 1,024 texts, 8,192, 16,384 and every 16,384 from there.
    #[cold]
    fn look(&mut self, len: u32) -> bool {
        let (fresh, pushed) = (len - self.looked_at, std::mem::take(&mut self.pushed));
        self.looked_at = len;
        self.next_look = match len {
            ..FIRST_LOOK => FIRST_LOOK,
            FIRST_LOOK..SECOND_LOOK => SECOND_LOOK,
            _ => len.saturating_add(MAX_WINDOW),
        };
        is_paying(len, fresh, pushed)
    }

    /// Makes the open chunk plain, and those that follow until [`Self::seal`] tries again.
    #[cold]
    fn go_plain(&mut self, chunk: usize) {
        self.is_plain = true;
        if let Some(slot @ TextChunk::Codes(_)) = self.chunks.get_mut(chunk) {
            let TextChunk::Codes(codes) = std::mem::replace(slot, TextChunk::Absent) else { return };
            let mut plain = PlainChunk::default();
            codes.view().for_each(|row, code| {
                if code != 0 {
                    plain.set(row, self.dictionary.get(code));
                }
            });
            *slot = TextChunk::Plain(plain);
        }
        if !self.chunks.iter().any(|chunk| matches!(chunk, TextChunk::Codes(_))) {
            self.dictionary.forget();
        }
        self.last = 0;
    }

    #[cold]
    fn start(&mut self, chunk: usize, fresh: TextChunk) -> &mut Self {
        if self.chunks.len() <= chunk {
            self.chunks.resize(chunk + 1, TextChunk::Absent);
        }
        if let Some(slot) = self.chunks.get_mut(chunk) {
            *slot = fresh;
        }
        self
    }

    /// Forgets the rows of the open chunk from `row` on.
    #[inline]
    pub(crate) fn truncate(&mut self, chunk: usize, row: usize) {
        match self.chunks.get_mut(chunk) {
            Some(TextChunk::Codes(codes)) => codes.truncate(row),
            Some(TextChunk::Plain(plain)) => plain.truncate(row),
            _ => {}
        }
    }

    /// Brings a full chunk into its smallest form.
    pub(crate) fn seal(&mut self, chunk: usize) {
        let Some(slot) = self.chunks.get_mut(chunk) else { return };
        let kept = match slot {
            TextChunk::Codes(codes) => codes.seal(),
            TextChunk::Plain(plain) => plain.seal(),
            TextChunk::Absent => None,
        };
        if kept.is_none() {
            *slot = TextChunk::Absent;
        }
        // What a dictionary did not pay for may have been a beginning: values that come round one after the other.
        if self.is_plain && self.dictionary.is_empty() && (chunk + 1).is_power_of_two() {
            (self.is_plain, self.pushed, self.looked_at, self.next_look) = (false, 0, 0, ZEROTH_LOOK);
        }
    }

    pub(crate) fn memory(&self) -> usize {
        let chunks: usize = self
            .chunks
            .iter()
            .map(|chunk| match chunk {
                TextChunk::Absent => 0,
                TextChunk::Codes(codes) => codes.memory(),
                TextChunk::Plain(plain) => plain.memory(),
            })
            .sum();
        chunks + self.chunks.capacity() * size_of::<TextChunk>() + self.dictionary.memory()
    }
}

/// Whether a dictionary of `len` texts pays, of which `fresh` were new among the last `pushed`.
///
/// An entry costs some 18 bytes beside its text, so a third must repeat. But many values that do repeat look all
/// distinct at first: 50,000 in equal shares repeat ten times among the first thousand rows, once in 12 among the
/// first 8,000. Identifiers never do.
const fn is_paying(len: u32, fresh: u32, pushed: u32) -> bool {
    let repeats = pushed.saturating_sub(fresh) as u64;
    let needed_in = if len < FIRST_LOOK {
        400
    } else if len < 16_384 {
        50
    } else if len < 49_152 {
        8
    } else {
        3
    };
    repeats * needed_in >= pushed as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CHUNK_ROWS;

    /// A column of the texts that `text_of` gives each row.
    fn column(rows: usize, text_of: impl Fn(usize) -> String) -> TextColumn {
        let mut column = TextColumn::default();
        for row in 0..rows {
            let (chunk, in_chunk) = (row / CHUNK_ROWS, row % CHUNK_ROWS);
            if in_chunk == 0 && chunk > 0 {
                column.seal(chunk - 1);
            }
            column.push(chunk, in_chunk, &text_of(row));
        }
        for row in 0..rows {
            assert_eq!(column.get(row / CHUNK_ROWS, row % CHUNK_ROWS), text_of(row), "row {row}");
        }
        column
    }

    #[test]
    fn identifiers_go_plain_early_and_leave_no_dictionary() {
        let column = column(10_000, |row| format!("request-{row:08}"));
        assert!(matches!(column.chunk(0), TextChunk::Plain(_)));
        assert!(column.dictionary().is_empty());
    }

    #[test]
    fn many_values_in_turn_get_a_dictionary_from_the_second_chunk_on() {
        let column =
            column(CHUNK_ROWS * 5, |row| format!("host-{}", if row < 2_000 { row } else { row % 700 }));
        assert!(matches!(column.chunk(0), TextChunk::Plain(_)));
        assert!(matches!(column.chunk(1), TextChunk::Codes(CodeChunk::U16(_))));
        assert!(matches!(column.chunk(4), TextChunk::Codes(CodeChunk::U16(_))));
    }

    #[test]
    fn many_values_that_repeat_keep_their_dictionary() {
        let column = column(150_000, |row| {
            format!("user-{}", chartroom_base::hash::hash_bytes(&row.to_le_bytes()) & 0x3fff)
        });
        assert!(matches!(column.chunk(2), TextChunk::Codes(CodeChunk::U16(_))));
        assert!(column.dictionary().len() <= 0x4001);
    }

    #[test]
    fn a_column_that_becomes_identifiers_keeps_its_first_chunk_in_codes() {
        let column = column(2 * CHUNK_ROWS, |row| {
            if row < CHUNK_ROWS { format!("v{}", row % 300) } else { format!("id-{row}") }
        });
        assert!(matches!(column.chunk(0), TextChunk::Codes(CodeChunk::U16(_))));
        assert!(matches!(column.chunk(1), TextChunk::Plain(_)));
    }

    #[test]
    fn texts_larger_than_a_block_have_one_to_themselves() {
        column(12, |row| "é".repeat(row * 150_000));
        column(6_000, |row| {
            format!("{row:04}{}", if row % 1_000 == 999 { "x".repeat(1 << 21) } else { String::new() })
        });
    }

    #[test]
    fn a_seldom_used_column_takes_pairs() {
        let column =
            column(CHUNK_ROWS + 1, |row| if row % 500 == 499 { "error".to_owned() } else { String::new() });
        assert!(matches!(column.chunk(0), TextChunk::Codes(CodeChunk::Sparse(_))));
        assert!(column.memory() < 4_000, "{}", column.memory());
    }
}
