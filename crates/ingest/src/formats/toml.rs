//! The part of TOML that log types are written in, to a tree in which every value knows where it stands.
//!
//! Read by the build script for the built-in types and at run time for a person's own, so that both are told the same mistakes. Of TOML
//! it leaves out dates, `inf`, `nan` and numbers in other bases: no setting takes them, and each is refused by name.
//!
//! **Invariant:** any text ends in a tree or in a mistake with its place; nesting is bounded.

/// How deep lists and tables may lie in each other.
const DEPTH: usize = 16;

/// What is wrong with a log type's file, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Byte of the file.
    pub(crate) at: usize,
    /// For the person.
    pub(crate) text: String,
}

impl Mistake {
    pub(crate) fn new(at: usize, text: impl Into<String>) -> Self {
        Self { at, text: text.into() }
    }
}

/// A value and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Item {
    pub(crate) at: usize,
    pub(crate) value: Value,
}

/// A value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    /// As it is written; JSON writes it alike.
    Number(String),
    Bool(bool),
    List(Vec<Item>),
    Table(Table),
}

impl Default for Value {
    fn default() -> Self {
        Self::Table(Table::default())
    }
}

/// Keys and values, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) members: Vec<Member>,
    /// Written in braces or by another key: nothing may be added to it.
    is_closed: bool,
    /// Begun by a header of its own.
    is_begun: bool,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) at: usize,
    pub(crate) item: Item,
}

impl Item {
    /// A text that stands where something else does.
    pub(crate) fn text(at: usize, text: impl Into<String>) -> Self {
        Self { at, value: Value::Text(text.into()) }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self.value { Some(value) } else { None }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        if let Value::List(list) = &self.value { Some(list) } else { None }
    }

    pub(crate) fn as_table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }

    /// What it is, in words.
    pub(crate) const fn what(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "a text",
            Value::Number(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// Appends it as JSON.
    pub(crate) fn write(&self, out: &mut String) {
        match &self.value {
            Value::Text(text) => quote(text, out),
            Value::Number(text) => out.push_str(text),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::List(list) => {
                out.push('[');
                for (at, item) in list.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            Value::Table(table) => table.write(out),
        }
    }
}

impl Table {
    pub(crate) fn get(&self, key: &str) -> Option<&Item> {
        self.members.iter().find(|member| member.key == key).map(|member| &member.item)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Item> {
        self.members.iter_mut().find(|member| member.key == key).map(|member| &mut member.item)
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        self.get(key).and_then(Item::as_text).unwrap_or_default()
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<Item> {
        let at = self.members.iter().position(|member| member.key == key)?;
        Some(self.members.remove(at).item)
    }

    /// Sets a key, in its old place if it has one.
    pub(crate) fn insert(&mut self, key: &str, item: Item) {
        match self.get_mut(key) {
            Some(known) => *known = item,
            None => self.members.push(Member { key: key.to_owned(), at: item.at, item }),
        }
    }

    /// Sets a key that it lacks.
    pub(crate) fn add(&mut self, key: &str, item: Item) {
        if self.get(key).is_none() {
            self.insert(key, item);
        }
    }

    /// Appends it as JSON.
    pub(crate) fn write(&self, out: &mut String) {
        out.push('{');
        for (at, member) in self.members.iter().enumerate() {
            out.push_str(if at > 0 { "," } else { "" });
            quote(&member.key, out);
            out.push(':');
            member.item.write(out);
        }
        out.push('}');
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            char if char < ' ' => {
                out.push_str("\\u00");
                for digit in [u32::from(char) / 16, u32::from(char) % 16] {
                    out.push(char::from_digit(digit, 16).unwrap_or('0'));
                }
            }
            char => out.push(char),
        }
    }
    out.push('"');
}

/// The tree of a file.
///
/// # Errors
/// The first thing that is no TOML, or none that is read here.
pub(crate) fn parse(text: &str) -> Result<Table, Mistake> {
    let mut parser = Parser { text, at: if text.starts_with('\u{feff}') { 3 } else { 0 } };
    let mut root = Table::default();
    // The table that lines belong to.
    let mut path: Vec<(String, usize)> = Vec::new();
    loop {
        parser.blank_lines();
        let start = parser.at;
        match parser.peek() {
            None => return Ok(root),
            Some('[') => {
                let is_list = parser.rest().starts_with("[[");
                parser.at = parser.at.saturating_add(if is_list { 2 } else { 1 });
                path = parser.keys()?;
                parser.expect(if is_list { "]]" } else { "]" })?;
                open(&mut root, &path, start, is_list)?;
            }
            Some(_) => {
                let keys = parser.keys()?;
                parser.expect("=")?;
                let item = parser.value(DEPTH)?;
                let table = reach(&mut root, &path, start)?;
                put(table, &keys, item)?;
            }
        }
        parser.end_of_line()?;
    }
}

/// Begins the table that a header names.
fn open(root: &mut Table, path: &[(String, usize)], start: usize, is_list: bool) -> Result<(), Mistake> {
    let Some(((key, at), around)) = path.split_last() else {
        return Err(Mistake::new(start, "a header without a name"));
    };
    let table = reach(root, around, start)?;
    if table.get(key).is_none() {
        let fresh = if is_list { Value::List(Vec::new()) } else { Value::Table(Table::default()) };
        table.insert(key, Item { at: *at, value: fresh });
    }
    let twice = || Mistake::new(*at, format!("`{key}` stands here a second time; put both into one"));
    match table.get_mut(key).map(|item| &mut item.value) {
        Some(Value::List(list)) if is_list => {
            let table = Table { is_begun: true, ..Table::default() };
            list.push(Item { at: start, value: Value::Table(table) });
            Ok(())
        }
        Some(Value::Table(table)) if !is_list && !table.is_begun && !table.is_closed => {
            table.is_begun = true;
            Ok(())
        }
        _ => Err(twice()),
    }
}

/// The table at `path`, made if need be; of a list of tables, the last.
fn reach<'t>(root: &'t mut Table, path: &[(String, usize)], start: usize) -> Result<&'t mut Table, Mistake> {
    let mut table = root;
    for (key, at) in path {
        if table.get(key).is_none() {
            table.insert(key, Item { at: *at, value: Value::default() });
        }
        let found = match table.get_mut(key).map(|item| &mut item.value) {
            Some(Value::Table(table)) => Some(table),
            Some(Value::List(list)) => match list.last_mut().map(|item| &mut item.value) {
                Some(Value::Table(table)) => Some(table),
                _ => None,
            },
            _ => None,
        };
        table = found.filter(|table| !table.is_closed).ok_or_else(|| {
            Mistake::new(start, format!("`{key}` has a value already, it cannot hold keys too"))
        })?;
    }
    Ok(table)
}

/// Sets what `keys`, which may be dotted, name in `table`.
fn put(table: &mut Table, keys: &[(String, usize)], item: Item) -> Result<(), Mistake> {
    let Some(((key, at), around)) = keys.split_last() else { return Ok(()) };
    let table = reach(table, around, *at)?;
    if table.get(key).is_some() {
        return Err(Mistake::new(*at, format!("`{key}` stands here a second time; take one of them out")));
    }
    table.members.push(Member { key: key.clone(), at: *at, item });
    Ok(())
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn mistake<T>(&self, text: impl Into<String>) -> Result<T, Mistake> {
        Err(Mistake::new(self.at, text))
    }

    /// Takes what `is` holds for.
    fn take(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|char| !is(char)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(end);
        rest.get(..end).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.take(|char| matches!(char, ' ' | '\t'));
    }

    /// Past blanks, comments and line breaks.
    fn blank_lines(&mut self) {
        loop {
            self.take(|char| matches!(char, ' ' | '\t' | '\r' | '\n'));
            if self.peek() != Some('#') {
                return;
            }
            self.take(|char| char != '\n');
        }
    }

    fn end_of_line(&mut self) -> Result<(), Mistake> {
        self.blanks();
        match self.peek() {
            None | Some('\n' | '\r' | '#') => Ok(()),
            Some(char) => {
                self.mistake(format!("`{char}` where the line should end; begin a new line before it"))
            }
        }
    }

    fn expect(&mut self, sign: &str) -> Result<(), Mistake> {
        self.blanks();
        if !self.rest().starts_with(sign) {
            return self.mistake(format!("`{sign}` is missing here"));
        }
        self.at = self.at.saturating_add(sign.len());
        Ok(())
    }

    /// A key, or several with dots between them.
    fn keys(&mut self) -> Result<Vec<(String, usize)>, Mistake> {
        let mut keys = Vec::new();
        loop {
            self.blanks();
            let at = self.at;
            let key = match self.peek() {
                Some('"' | '\'') => self.text()?,
                _ => self.take(|char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-')).to_owned(),
            };
            if key.is_empty() {
                return self.mistake("a key is missing here; one with other signs than letters, digits, _ and - goes into \"quotes\"");
            }
            keys.push((key, at));
            self.blanks();
            if self.peek() != Some('.') || keys.len() > DEPTH {
                return Ok(keys);
            }
            self.at = self.at.saturating_add(1);
        }
    }

    /// A value; `depth` more may lie in it.
    fn value(&mut self, depth: usize) -> Result<Item, Mistake> {
        self.blanks();
        let at = self.at;
        let Some(depth) = depth.checked_sub(1) else {
            return self.mistake("lists and tables lie too deep in each other");
        };
        let value = match self.peek() {
            Some('"' | '\'') => Value::Text(self.text()?),
            Some('[') => self.list(depth)?,
            Some('{') => self.braces(depth)?,
            _ => {
                let word = self.take(|char| !char.is_whitespace() && !matches!(char, ',' | ']' | '}' | '#'));
                match word {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "" => return Err(Mistake::new(at, "a value is missing here")),
                    word if is_number(word) => Value::Number(word.replace('_', "")),
                    word => {
                        return Err(Mistake::new(
                            at,
                            format!("`{word}` is no value; a text goes into \"quotes\""),
                        ));
                    }
                }
            }
        };
        Ok(Item { at, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Mistake> {
        let start = self.at;
        self.at = self.at.saturating_add(1);
        let mut list = Vec::new();
        loop {
            self.blank_lines();
            match self.peek() {
                Some(']') => {
                    self.at = self.at.saturating_add(1);
                    return Ok(Value::List(list));
                }
                None => return Err(Mistake::new(start, "this list has no end; `]` is missing")),
                Some(_) => list.push(self.value(depth)?),
            }
            self.blank_lines();
            match self.peek() {
                Some(',') => self.at = self.at.saturating_add(1),
                Some(']') => {}
                None => return Err(Mistake::new(start, "this list has no end; `]` is missing")),
                Some(_) => return self.mistake("`,` or `]` is missing here"),
            }
        }
    }

    fn braces(&mut self, depth: usize) -> Result<Value, Mistake> {
        self.at = self.at.saturating_add(1);
        let mut table = Table::default();
        loop {
            self.blank_lines();
            if self.peek() == Some('}') && table.members.is_empty() {
                break;
            }
            let keys = self.keys()?;
            self.expect("=")?;
            let item = self.value(depth)?;
            put(&mut table, &keys, item)?;
            self.blank_lines();
            match self.peek() {
                Some('}') => break,
                Some(',') => self.at = self.at.saturating_add(1),
                _ => return self.mistake("`,` or `}` is missing here"),
            }
        }
        self.at = self.at.saturating_add(1);
        table.is_closed = true;
        Ok(Value::Table(table))
    }

    /// A text in any of the four quotes.
    fn text(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        let rest = self.rest();
        let (quotes, is_raw) = match () {
            () if rest.starts_with("\"\"\"") => ("\"\"\"", false),
            () if rest.starts_with("'''") => ("'''", true),
            () if rest.starts_with('"') => ("\"", false),
            () => ("'", true),
        };
        self.at = self.at.saturating_add(quotes.len());
        if quotes.len() > 1 {
            let line_break =
                if self.rest().starts_with("\r\n") { 2 } else { usize::from(self.rest().starts_with('\n')) };
            self.at = self.at.saturating_add(line_break);
        }
        let mut text = String::new();
        loop {
            let rest = self.rest();
            if rest.starts_with(quotes) {
                self.at = self.at.saturating_add(quotes.len());
                // Up to two quotes of its own may stand at the end of a long text.
                while quotes.len() > 1 && self.rest().starts_with(quotes.get(..1).unwrap_or_default()) {
                    text.push_str(quotes.get(..1).unwrap_or_default());
                    self.at = self.at.saturating_add(1);
                }
                return Ok(text);
            }
            let Some(char) = rest.chars().next() else {
                return Err(Mistake::new(start, format!("this text has no end; {quotes} is missing")));
            };
            if char == '\n' && quotes.len() == 1 {
                return Err(Mistake::new(
                    start,
                    format!("this text has no end on its line; {quotes} is missing"),
                ));
            }
            self.at = self.at.saturating_add(char.len_utf8());
            if char == '\\' && !is_raw { self.escape(&mut text)? } else { text.push(char) }
        }
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Mistake> {
        let at = self.at.saturating_sub(1);
        let Some(char) = self.peek() else { return Ok(()) };
        self.at = self.at.saturating_add(char.len_utf8());
        let digits = match char {
            // A line that goes on below.
            '\n' | '\r' | ' ' => {
                self.take(char::is_whitespace);
                return Ok(());
            }
            'u' => 4,
            'U' => 8,
            _ => {
                let signs = [
                    ('n', '\n'),
                    ('t', '\t'),
                    ('r', '\r'),
                    ('b', '\u{8}'),
                    ('f', '\u{c}'),
                    ('e', '\u{1b}'),
                    ('"', '"'),
                    ('\\', '\\'),
                ];
                let Some((_, sign)) = signs.iter().find(|(name, _)| *name == char) else {
                    let told = format!(
                        "`\\{char}` says nothing; write \\\\ for one backslash, or use 'single quotes'"
                    );
                    return Err(Mistake::new(at, told));
                };
                text.push(*sign);
                return Ok(());
            }
        };
        let number = self.rest().get(..digits).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(char) = number.and_then(char::from_u32) else {
            return Err(Mistake::new(
                at,
                format!("behind this stand {digits} hexadecimal digits of a character"),
            ));
        };
        self.at = self.at.saturating_add(digits);
        text.push(char);
        Ok(())
    }
}

/// Whether a word is a number as JSON has them, underscores aside.
fn is_number(word: &str) -> bool {
    let digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let word = word.strip_prefix('-').unwrap_or(word);
    let (whole, fraction) = word.split_once('.').unwrap_or((word, "0"));
    digits(whole) && digits(fraction) && (whole.len() == 1 || !whole.starts_with('0'))
}
