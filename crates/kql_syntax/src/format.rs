//! Lays a text out as people write KQL: one `|` a line, one space around operators, brackets with a pipe in them opened out.
//!
//! **Invariant:** only blanks change. Every other token, comments too, comes out as it went in and in its order, so the tree is the
//! same; a text that could not be kept so is given back as it is. Line breaks within a stage are the writer's and stay.

use crate::{
    keyword::{is_clause_word, is_operator, is_word_operator},
    lex::tokens,
    token::{Token, TokenKind, slice},
};

/// Blanks a level.
const INDENT: usize = 4;
/// A bracket with a pipe in it stays on one line up to this many bytes.
const SHORT: u32 = 60;

/// The text, laid out. Doing it again changes nothing.
#[must_use]
pub fn format(text: &str) -> String {
    let pieces = pieces(text);
    let laid_out =
        Layout { pieces: &pieces, text, out: String::new(), stack: Vec::new(), is_stage_begun: false }.run();
    let words = |text: &str| -> Vec<String> {
        let kept = tokens(text).into_iter().filter(|token| token.kind != TokenKind::Blank);
        kept.map(|token| slice(text, token.span).trim_end().to_owned()).collect()
    };
    if words(&laid_out) == words(text) { laid_out } else { text.to_owned() }
}

/// A token that is no blank, with what stood before it.
struct Piece<'t> {
    token: Token,
    word: &'t str,
    /// Whether blanks stood before it.
    has_blank: bool,
    /// How many line ends stood before it.
    breaks: usize,
    /// For an opening bracket: whether it is opened out.
    is_block: bool,
    /// The word of the stage it is in.
    stage: &'t str,
    /// Whether it is a part of its stage's word, of a name with hyphens, or a sign before its operand.
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    /// The first word of a stage.
    StageWord,
    /// A hyphen in a name, or what follows it.
    Joined,
    /// `-x`.
    Sign,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let (mut has_blank, mut breaks) = (false, 0);
    for token in tokens(text) {
        let word = slice(text, token.span);
        if token.kind == TokenKind::Blank {
            has_blank = true;
            breaks = word.matches('\n').count();
            continue;
        }
        let role = Role::Plain;
        pieces.push(Piece { token, word, has_blank, breaks, is_block: false, stage: "", role });
        (has_blank, breaks) = (false, 0);
    }
    mark_blocks(&mut pieces, text);
    mark_stages(&mut pieces, text);
    pieces
}

/// Brackets that hold a pipe or statements are opened out, unless they are short and on one line already.
fn mark_blocks(pieces: &mut [Piece<'_>], text: &str) {
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut blocks = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if piece.token.kind != TokenKind::Sign {
            continue;
        }
        match piece.word {
            "(" | "[" | "{" => open.push((at, false)),
            "|" | ";" => {
                if let Some((_, has_pipe)) = open.last_mut() {
                    *has_pipe = true;
                }
            }
            ")" | "]" | "}" => {
                let Some((start, has_pipe)) = open.pop() else { continue };
                let Some(first) = pieces.get(start) else { continue };
                let inner = crate::token::slice(text, first.token.span.to(piece.token.span));
                let is_long = piece.token.span.end.saturating_sub(first.token.span.start) > SHORT;
                if has_pipe && (is_long || inner.contains('\n')) {
                    blocks.push(start);
                }
            }
            _ => {}
        }
    }
    // What holds a block is a block where it holds a pipe; a bracket never closed is none.
    for at in blocks {
        if let Some(piece) = pieces.get_mut(at) {
            piece.is_block = true;
        }
    }
}

fn mark_stages<'t>(pieces: &mut [Piece<'t>], text: &'t str) {
    let mut stages: Vec<&'t str> = vec![""];
    let mut at = 0_usize;
    while at < pieces.len() {
        let before = at.checked_sub(1).and_then(|at| pieces.get(at)).map_or("", |piece| piece.word);
        let is_start = matches!(before, "" | "|" | ";" | "(" | "{");
        let (len, span) = joined(pieces, at);
        let word = slice(text, span);
        let is_joined_name =
            len > 1 && (is_operator(word) || matches!(word, "granny-asc" | "granny-desc" | "project-smart"));
        let is_stage =
            is_start && (is_operator(word) || matches!(word, "print" | "let" | "set" | "range" | "find"));
        if is_stage && let Some(stage) = stages.last_mut() {
            *stage = word;
        }
        let stage = stages.last().copied().unwrap_or_default();
        let count = if is_joined_name { len } else { 1 };
        for step in 0..count {
            let is_first = step == 0;
            let sign = is_sign(pieces, at);
            let Some(piece) = pieces.get_mut(at) else { break };
            piece.stage = stage;
            piece.role = match (is_first, is_stage) {
                (false, _) => Role::Joined,
                (true, true) => Role::StageWord,
                (true, false) if sign => Role::Sign,
                (true, false) => Role::Plain,
            };
            if piece.token.kind == TokenKind::Sign {
                match piece.word {
                    "(" | "[" | "{" => stages.push(stage),
                    ")" | "]" | "}" if stages.len() > 1 => {
                        stages.pop();
                    }
                    "|" | ";" => {
                        if let Some(stage) = stages.last_mut() {
                            *stage = "";
                        }
                    }
                    _ => {}
                }
            }
            at = at.saturating_add(1);
        }
    }
}

/// Words from `at` on with hyphens that touch them: how many pieces, and their place.
fn joined(pieces: &[Piece<'_>], at: usize) -> (usize, chartroom_base::diagnostic::Span) {
    let Some(first) = pieces.get(at) else { return (1, chartroom_base::diagnostic::Span::default()) };
    let (mut len, mut span) = (1_usize, first.token.span);
    if first.token.kind != TokenKind::Name {
        return (len, span);
    }
    while let [hyphen, next, ..] = pieces.get(at.saturating_add(len)..).unwrap_or_default() {
        let touches = !hyphen.has_blank && !next.has_blank;
        if !touches || hyphen.word != "-" || next.token.kind != TokenKind::Name {
            break;
        }
        span = span.to(next.token.span);
        len = len.saturating_add(2);
    }
    (len, span)
}

/// Whether the `-` or `+` at `at` belongs to what follows it.
fn is_sign(pieces: &[Piece<'_>], at: usize) -> bool {
    let is_one = pieces.get(at).is_some_and(|piece| matches!(piece.word, "-" | "+"));
    let Some(before) = at.checked_sub(1).and_then(|at| pieces.get(at)).filter(|_| is_one) else {
        return is_one;
    };
    match before.token.kind {
        TokenKind::Sign => !matches!(before.word, ")" | "]" | "*"),
        TokenKind::Name => {
            matches!(before.role, Role::StageWord | Role::Joined) && !before.stage.is_empty()
                || is_clause_word(before.word)
                || is_word_operator(before.word)
        }
        _ => false,
    }
}

struct Layout<'p, 't> {
    pieces: &'p [Piece<'t>],
    text: &'t str,
    out: String,
    /// The open brackets: whether each is opened out.
    stack: Vec<bool>,
    /// Whether something of the stage stands already, so that a new line goes on with it.
    is_stage_begun: bool,
}

impl Layout<'_, '_> {
    fn run(mut self) -> String {
        for (at, piece) in self.pieces.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| self.pieces.get(at));
            self.gap(before, piece, at);
            self.put(piece);
        }
        self.out.truncate(self.out.trim_end_matches(' ').len());
        if self.text.ends_with('\n') && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    /// What goes between two pieces.
    fn gap(&mut self, before: Option<&Piece<'_>>, piece: &Piece<'_>, at: usize) {
        let Some(before) = before else { return };
        let is_sign = piece.token.kind == TokenKind::Sign;
        let in_block = self.stack.last().copied().unwrap_or(true);
        let is_closing = is_sign && matches!(piece.word, ")" | "]" | "}");
        if piece.token.kind == TokenKind::Comment && piece.breaks == 0 {
            self.out.push(' ');
            return;
        }
        let is_new_line = before.token.kind == TokenKind::Comment
            || before.word == ";" && before.token.kind == TokenKind::Sign && in_block
            || before.is_block
            || is_closing && in_block && !self.stack.is_empty()
            || is_sign && piece.word == "|" && in_block && before.word != "|"
            || piece.breaks > 0 && !self.joins(before, piece);
        if is_new_line {
            let is_statement = before.word == ";"
                || before.token.kind == TokenKind::Comment
                || piece.token.kind == TokenKind::Comment;
            let is_apart = piece.breaks > 1 && is_statement;
            self.new_line(at, is_closing, is_apart);
        } else if self.has_space(before, piece, at) {
            self.out.push(' ');
        }
    }

    /// What stays on its line though the writer broke it there.
    fn joins(&self, before: &Piece<'_>, piece: &Piece<'_>) -> bool {
        let is_sign = piece.token.kind == TokenKind::Sign;
        before.word == "|"
            || is_sign && matches!(piece.word, "," | ";" | ".")
            || before.word == "."
            || piece.role == Role::Joined
            || before.role == Role::Sign
    }

    fn new_line(&mut self, at: usize, is_closing: bool, is_apart: bool) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        self.out.push('\n');
        if is_apart {
            self.out.push('\n');
        }
        let open = if is_closing { self.stack.len().saturating_sub(1) } else { self.stack.len() };
        let blocks = self.stack.iter().take(open).filter(|is_block| **is_block).count();
        // Brackets on top of the last block.
        let inner = self.stack.iter().take(open).rev().take_while(|is_block| !**is_block).count();
        let inner = if inner > 0 {
            inner
        } else {
            // A comment stands as what it comes before.
            let next = self.pieces.iter().skip(at).find(|next| next.token.kind != TokenKind::Comment);
            let is_pipe = next.is_some_and(|next| next.token.kind == TokenKind::Sign && next.word == "|");
            usize::from(self.is_stage_begun && !is_pipe && !is_closing)
        };
        let width = blocks.saturating_add(inner).saturating_mul(INDENT);
        self.out.extend(std::iter::repeat_n(' ', width));
    }

    fn put(&mut self, piece: &Piece<'_>) {
        // A comment's blanks at its end are nobody's.
        self.out.push_str(if piece.token.kind == TokenKind::Comment {
            piece.word.trim_end()
        } else {
            piece.word
        });
        if piece.token.kind == TokenKind::Comment {
            return;
        }
        self.is_stage_begun = true;
        if piece.token.kind != TokenKind::Sign {
            return;
        }
        match piece.word {
            "(" | "[" | "{" => {
                self.stack.push(piece.is_block);
                self.is_stage_begun = !piece.is_block;
            }
            ")" | "]" | "}" => {
                self.stack.pop();
            }
            ";" => self.is_stage_begun = false,
            _ => {}
        }
    }

    /// Whether a space stands between two pieces on one line.
    fn has_space(&self, before: &Piece<'_>, piece: &Piece<'_>, at: usize) -> bool {
        let (left, right) = (before.word, piece.word);
        let left_is_sign = before.token.kind == TokenKind::Sign;
        let right_is_sign = piece.token.kind == TokenKind::Sign;
        if piece.role == Role::Joined || before.role == Role::Sign {
            return false;
        }
        if right_is_sign && matches!(right, "," | ";" | ")" | "]" | "." | ":")
            || left_is_sign && matches!(left, "(" | "[" | ".")
        {
            return false;
        }
        if left_is_sign && left == "," {
            return true;
        }
        // A wildcard, a type behind a colon, and what means nothing stay as they are.
        if left == "*"
            || right == "*"
            || left == ":"
            || before.token.kind == TokenKind::Unknown
            || piece.token.kind == TokenKind::Unknown
            || matches!(
                (before.token.kind, piece.token.kind),
                (TokenKind::String { .. }, TokenKind::String { .. })
            )
        {
            return piece.has_blank;
        }
        if right_is_sign && matches!(right, "(" | "[") {
            let is_word = before.token.kind == TokenKind::Name
                && (is_word_operator(left)
                    || is_clause_word(left)
                    || matches!(left, "declare" | "join" | "union"));
            let is_behind = matches!(before.token.kind, TokenKind::Name) || matches!(left, ")" | "]");
            return piece.has_blank || is_word || !is_behind;
        }
        if right_is_sign && right == "=" || left_is_sign && left == "=" {
            let name = if right == "=" { at.checked_sub(1) } else { at.checked_sub(2) };
            return !self.is_tight(name);
        }
        true
    }

    /// Whether the `=` behind this name belongs to a parameter: `kind=inner`.
    fn is_tight(&self, name: Option<usize>) -> bool {
        let Some(piece) = name.and_then(|at| self.pieces.get(at)) else { return false };
        let is_hint = name
            .and_then(|at| at.checked_sub(1))
            .and_then(|at| self.pieces.get(at))
            .is_some_and(|dot| dot.word == ".");
        is_hint
            || match piece.stage {
                "render" => true,
                "join" | "lookup" | "parse" | "parse-where" => matches!(piece.word, "kind" | "flags"),
                "union" => matches!(piece.word, "kind" | "withsource" | "isfuzzy"),
                "mv-expand" | "mv-apply" => matches!(piece.word, "bagexpansion" | "with_itemindex"),
                "search" | "make-series" => piece.word == "kind",
                "scan" => matches!(piece.word, "with_match_id" | "output"),
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, print};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let formatted = format(text);
        assert_eq!(formatted, expected);
        assert_eq!(format(&formatted), formatted, "the second time");
        assert_eq!(print(&parse(text).statements), print(&parse(&formatted).statements));
    }

    #[test]
    fn a_pipe_a_line() {
        check("T|where a==1 and b  has 'x'|take 5", "T\n| where a == 1 and b has 'x'\n| take 5");
        check("T\n  |where\n  a\n  |count\n", "T\n| where\n    a\n| count\n");
        check("let x=5;let y = -x ;\n\n\nT|where a>y", "let x = 5;\nlet y = -x;\n\nT\n| where a > y");
    }

    #[test]
    fn brackets_with_pipes_are_opened_out() {
        check(
            "T | join kind = inner ( U | where a == 1 and b == 2 and c == 3 and d == 4 | project a ) on a | count",
            "T\n| join kind=inner (\n    U\n    | where a == 1 and b == 2 and c == 3 and d == 4\n    | project a\n) on a\n| count",
        );
        check("T | where a in (( U|project a ))", "T\n| where a in ((U | project a))");
        check(
            "let f=(a:long,T:(*)){T\n|where x>a\n|take 1};f(1,U)",
            "let f = (a:long, T:(*)) {\n    T\n    | where x > a\n    | take 1\n};\nf(1, U)",
        );
    }

    #[test]
    fn names_signs_and_lists_stay_what_they_are() {
        check(
            "T|mv-expand a to typeof(long)|project-away b*,*c",
            "T\n| mv-expand a to typeof(long)\n| project-away b*, *c",
        );
        check("T|extend x=a-b,y=-1,z=a[0].b['c']", "T\n| extend x = a - b, y = -1, z = a[0].b['c']");
        check(
            "T|take -5|where t between(ago(1d)..now())",
            "T\n| take -5\n| where t between (ago(1d) .. now())",
        );
        check("T | project a,\nb,\n  c", "T\n| project a,\n    b,\n    c");
        check("datatable(a:long)[\n1,\n2\n]", "datatable(a:long)[\n    1,\n    2\n]");
        check(
            "T|render piechart with(title='x',kind = stacked)",
            "T\n| render piechart with (title='x', kind=stacked)",
        );
        check(
            "T|summarize hint.strategy = shuffle count() by a",
            "T\n| summarize hint.strategy=shuffle count() by a",
        );
    }

    #[test]
    fn comments_stay_where_they_are() {
        check(
            "// first\nT // table\n// second\n|count // last",
            "// first\nT // table\n// second\n| count // last",
        );
        check("T | where a // why\n and b", "T\n| where a // why\n    and b");
    }

    #[test]
    fn broken_texts_come_back_whole() {
        for text in ["", " ", "T | where 'open", "T ]) | (", "|", ";;", "T | where a ==", "'a\nb'"] {
            let kept: String = format(text).split_whitespace().collect();
            assert_eq!(kept, text.split_whitespace().collect::<String>());
        }
    }
}
