//! The little of Markdown that our own help texts use, taken apart for the screen.
//!
//! Headings, paragraphs, lists, tables; bold, emphasis and code within a line. One text serves `docs/` and the page.

/// A block of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading: level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list, numbered or not.
    List {
        /// Whether its items count.
        is_numbered: bool,
        /// The items.
        items: Vec<Vec<Inline>>,
    },
    /// A table: its head, then its rows.
    Table {
        /// The head.
        head: Vec<Vec<Inline>>,
        /// The rows.
        rows: Vec<Vec<Vec<Inline>>>,
    },
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// As it stands.
    Text(String),
    /// `**…**`.
    Strong(String),
    /// `*…*`.
    Emphasis(String),
    /// `` `…` ``.
    Code(String),
}

/// The blocks of a text.
#[must_use]
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            continue;
        }
        let level = trimmed.bytes().take_while(|&byte| byte == b'#').count();
        if (1..=6).contains(&level) {
            let words = trimmed.trim_start_matches('#').trim();
            blocks.push(Block::Heading(u8::try_from(level).unwrap_or(6), inlines(words)));
            continue;
        }
        if trimmed.starts_with('|') {
            let mut rows = vec![cells(trimmed)];
            while let Some(next) = lines.next_if(|next| next.trim().starts_with('|')) {
                // The line of dashes under the head.
                if !next.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ')) {
                    rows.push(cells(next.trim()));
                }
            }
            let head = rows.remove(0);
            blocks.push(Block::Table { head, rows });
            continue;
        }
        if let Some((is_numbered, first)) = item(trimmed) {
            let mut items = vec![inlines(first)];
            while let Some((_, words)) = lines.peek().and_then(|next| item(next.trim())) {
                items.push(inlines(words));
                lines.next();
            }
            blocks.push(Block::List { is_numbered, items });
            continue;
        }
        let mut paragraph = trimmed.to_owned();
        while let Some(next) = lines.next_if(|next| {
            let next = next.trim();
            !next.is_empty() && !next.starts_with(['#', '|']) && item(next).is_none()
        }) {
            paragraph.push(' ');
            paragraph.push_str(next.trim());
        }
        blocks.push(Block::Paragraph(inlines(&paragraph)));
    }
    blocks
}

/// Whether a line is an item of a list, and what it says.
fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(words) = line.strip_prefix("* ").or_else(|| line.strip_prefix("- ")) {
        return Some((false, words));
    }
    let (number, words) = line.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some((true, words))
}

fn cells(line: &str) -> Vec<Vec<Inline>> {
    line.trim_matches('|').split('|').map(|cell| inlines(cell.trim())).collect()
}

fn inlines(mut text: &str) -> Vec<Inline> {
    let mut found = Vec::new();
    while let Some(at) = text.find(['*', '`']) {
        let (before, rest) = text.split_at(at);
        let (mark, build): (&str, fn(String) -> Inline) = if rest.starts_with("**") {
            ("**", Inline::Strong)
        } else if rest.starts_with('`') {
            ("`", Inline::Code)
        } else {
            ("*", Inline::Emphasis)
        };
        let inner = rest.get(mark.len()..).unwrap_or("");
        let Some(end) = inner.find(mark).filter(|&end| end > 0) else {
            // A mark without its partner is a character like any other.
            let (kept, after) = text.split_at(at + mark.len());
            found.push(Inline::Text(kept.to_owned()));
            text = after;
            continue;
        };
        if !before.is_empty() {
            found.push(Inline::Text(before.to_owned()));
        }
        found.push(build(inner.get(..end).unwrap_or("").to_owned()));
        text = inner.get(end + mark.len()..).unwrap_or("");
    }
    if !text.is_empty() {
        found.push(Inline::Text(text.to_owned()));
    }
    found
}
