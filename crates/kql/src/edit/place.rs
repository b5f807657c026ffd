//! Where the caret is: which brackets are open around it, which stage it is in, and what stands before it.

use chartroom_base::diagnostic::Span;
use chartroom_kql_syntax::{
    keyword::is_operator,
    token::{Token, TokenKind, slice},
    tokens,
};

/// What is known of a caret from the tokens before it.
pub(super) struct Place<'t> {
    pub(super) text: &'t str,
    /// The tokens before the caret, blanks, comments and the word at the caret left out.
    pub(super) before: Vec<Token>,
    /// The word at the caret, which a proposal replaces; empty (a place) when there is none.
    pub(super) word: Span,
    /// The open brackets, outermost first; the first one is the text itself.
    pub(super) frames: Vec<Frame>,
    /// Whether the caret is in a comment or a text.
    pub(super) is_quiet: bool,
    /// The typed literal that the caret is in, up to its bracket (`typeof`, `datetime`).
    pub(super) typed: Option<&'t str>,
}

/// An open bracket, and how far what is in it has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// The bracket's place among the tokens; none for the text itself.
    pub(super) open: Option<usize>,
    /// The first token of the statement or query.
    pub(super) start: usize,
    /// The last `|`.
    pub(super) pipe: Option<usize>,
    /// How many `,` there are since the bracket.
    pub(super) commas: usize,
}

impl<'t> Place<'t> {
    pub(super) fn new(text: &'t str, caret: u32) -> Self {
        let mut place = Self {
            text,
            before: Vec::new(),
            word: Span::new(caret, caret),
            frames: vec![Frame::default()],
            is_quiet: false,
            typed: None,
        };
        for token in tokens(text) {
            if token.span.start >= caret {
                break;
            }
            let is_at_caret = token.span.end >= caret;
            match token.kind {
                TokenKind::Blank => {}
                TokenKind::Comment => place.is_quiet = is_at_caret,
                TokenKind::String { is_closed } => {
                    place.is_quiet = token.span.end > caret || (is_at_caret && !is_closed);
                    place.before.push(token);
                }
                TokenKind::Name if is_at_caret => place.word = token.span,
                // `!ha`, `in~`: a word operator half typed.
                TokenKind::Sign if is_at_caret && slice(text, token.span).starts_with('!') => {
                    place.word = token.span;
                }
                TokenKind::Unknown if is_at_caret && slice(text, token.span) == "!" => {
                    place.word = token.span;
                }
                TokenKind::Typed { is_closed } if token.span.end > caret || (is_at_caret && !is_closed) => {
                    place.enter_typed(token, caret);
                }
                TokenKind::Sign => {
                    place.before.push(token);
                    place.sign(token);
                }
                _ => place.before.push(token),
            }
        }
        place.join_hyphens();
        place
    }

    /// `project-aw▮`: an operator's name is one word.
    fn join_hyphens(&mut self) {
        let frame = self.innermost();
        let from = frame.pipe.map_or(frame.start, |pipe| pipe + 1);
        let Some(first) = self.token(from).filter(|token| token.kind == TokenKind::Name) else { return };
        let touches = |pair: &[Token]| matches!(pair, [left, right] if left.span.end == right.span.start);
        let rest = self.before.get(from..).unwrap_or_default();
        let is_one = rest.last().is_some_and(|last| slice(self.text, last.span) == "-")
            && rest.windows(2).all(touches)
            && rest.last().is_some_and(|last| last.span.end == self.word.start)
            && rest.iter().skip(1).step_by(2).all(|hyphen| slice(self.text, hyphen.span) == "-");
        if is_one {
            self.word = first.span.to(self.word);
            self.before.truncate(from);
        }
    }

    fn enter_typed(&mut self, token: Token, caret: u32) {
        let whole = slice(self.text, token.span);
        let open = whole.find('(').unwrap_or(whole.len());
        self.typed = whole.get(..open).map(str::trim_end);
        let inner = token.span.start + u32::try_from(open + 1).unwrap_or(0);
        let typed = slice(self.text, Span::new(inner, caret));
        let blank = typed.len() - typed.trim_start().len();
        self.word = Span::new(inner.min(caret) + u32::try_from(blank).unwrap_or(0), caret);
    }

    fn sign(&mut self, token: Token) {
        let at = self.before.len();
        let sign = slice(self.text, token.span);
        match sign {
            "(" | "[" | "{" => {
                self.frames.push(Frame { open: Some(at - 1), start: at, pipe: None, commas: 0 });
            }
            ")" | "]" | "}" if self.frames.len() > 1 => {
                self.frames.pop();
            }
            _ => {
                let Some(frame) = self.frames.last_mut() else { return };
                match sign {
                    ";" => *frame = Frame { start: at, pipe: None, commas: 0, ..*frame },
                    "|" => frame.pipe = Some(at - 1),
                    "," => frame.commas += 1,
                    _ => {}
                }
            }
        }
    }

    /// The text of token number `at`; empty where there is none.
    pub(super) fn at(&self, at: usize) -> &'t str {
        self.before.get(at).map_or("", |token| slice(self.text, token.span))
    }

    /// The token before the caret.
    pub(super) fn last(&self) -> &'t str {
        self.before.last().map_or("", |token| slice(self.text, token.span))
    }

    /// The token `distance` before the last one.
    pub(super) fn back(&self, distance: usize) -> &'t str {
        self.before.len().checked_sub(distance + 1).map_or("", |at| self.at(at))
    }

    /// What is typed of the word at the caret, up to the caret.
    pub(super) fn typed_word(&self, caret: u32) -> &'t str {
        slice(self.text, Span::new(self.word.start, caret.max(self.word.start)))
    }

    pub(super) fn token(&self, at: usize) -> Option<Token> {
        self.before.get(at).copied()
    }

    /// The operator of a frame's stage: its word, and the token behind it.
    pub(super) fn stage(&self, frame: &Frame) -> Option<(String, usize)> {
        let from = frame.pipe.map_or(frame.start, |pipe| pipe + 1);
        let (word, end) = self.joined(from)?;
        let is_stage = frame.pipe.is_some() || self.is_body(frame);
        (is_stage && end <= self.before.len()).then_some((word, end))
    }

    /// The word at `from`, with hyphens that touch, and the token behind it.
    pub(super) fn joined(&self, from: usize) -> Option<(String, usize)> {
        let first = self.token(from).filter(|token| token.kind == TokenKind::Name)?;
        let (mut span, mut end) = (first.span, from + 1);
        while let (Some(hyphen), Some(next)) = (self.token(end), self.token(end + 1)) {
            let touches = hyphen.span.start == span.end && hyphen.span.end == next.span.start;
            if !touches || self.at(end) != "-" || next.kind != TokenKind::Name {
                break;
            }
            span = span.to(next.span);
            end += 2;
        }
        Some((slice(self.text, span).to_owned(), end))
    }

    /// Whether a bracket holds stages for rows at hand: behind `mv-apply … on`, `fork`, `facet … with`, `partition by x`.
    pub(super) fn is_body(&self, frame: &Frame) -> bool {
        let Some(open) = frame.open.filter(|open| self.at(*open) == "(") else { return false };
        let Some(outer) = self.outer(frame) else { return false };
        let Some((operator, _)) = self.stage(&outer) else { return false };
        let before = open.checked_sub(1).map_or("", |at| self.at(at));
        match operator.as_str() {
            "mv-apply" => before == "on",
            "facet" => before == "with",
            "fork" => matches!(before, "fork" | "=" | ")" | ","),
            "partition" => {
                let has_by = (outer.pipe.unwrap_or(outer.start)..open).any(|at| self.at(at) == "by");
                has_by && before != "by"
            }
            _ => false,
        }
    }

    /// Whether a bracket holds a query of its own: behind `join`, `union`, `materialize`, …, or one with a `|` in it.
    pub(super) fn is_query(&self, frame: &Frame) -> bool {
        let Some(open) = frame.open else { return true };
        if frame.pipe.is_some() || self.at(open) == "{" {
            return true;
        }
        let before = open.checked_sub(1).map_or("", |at| self.at(at));
        if matches!(before, "materialize" | "toscalar" | "")
            || matches!(before, ";" | "=" | "(") && self.is_source(frame)
        {
            return true;
        }
        let Some(outer) = self.outer(frame) else { return false };
        if self.at(outer.start) == "union" && outer.pipe.is_none() {
            return true;
        }
        match self.stage(&outer) {
            Some((operator, end)) if matches!(operator.as_str(), "join" | "lookup") => {
                !(end..open).any(|at| self.at(at) == "on")
            }
            Some((operator, _)) => operator == "union",
            None => false,
        }
    }

    /// Whether a bracket stands where rows may come from.
    fn is_source(&self, frame: &Frame) -> bool {
        let Some(open) = frame.open else { return true };
        let Some(outer) = self.outer(frame) else { return true };
        let is_let = self.at(outer.start) == "let" && outer.pipe.is_none() && open == outer.start + 3;
        open == outer.start || is_let
    }

    /// The frame around a frame.
    pub(super) fn outer(&self, frame: &Frame) -> Option<Frame> {
        let at = self.frames.iter().position(|known| known.open == frame.open)?;
        at.checked_sub(1).and_then(|outer| self.frames.get(outer)).copied()
    }

    /// The frame whose rows an expression at the caret sees.
    pub(super) fn pipeline(&self) -> Frame {
        let found = self.frames.iter().rev().find(|frame| self.is_query(frame) || self.is_body(frame));
        found.copied().unwrap_or_default()
    }

    /// The innermost frame.
    pub(super) fn innermost(&self) -> Frame {
        self.frames.last().copied().unwrap_or_default()
    }

    /// The function whose arguments the caret is in, and which of them.
    pub(super) fn call(&self) -> Option<(&'t str, usize, Frame)> {
        self.frames.iter().rev().find_map(|frame| {
            let open = frame.open.filter(|open| self.at(*open) == "(")?;
            let name = self.token(open.checked_sub(1)?).filter(|token| token.kind == TokenKind::Name)?;
            let word = slice(self.text, name.span);
            let is_word = chartroom_kql_syntax::keyword::is_word_operator(word)
                || is_operator(word) && open.checked_sub(2).is_some_and(|before| self.at(before) == "|")
                || matches!(word, "by" | "on" | "with" | "in" | "as" | "step" | "of");
            (!is_word && !self.is_query_frame_of_operator(frame)).then_some((word, frame.commas, *frame))
        })
    }

    fn is_query_frame_of_operator(&self, frame: &Frame) -> bool {
        frame.pipe.is_some()
            && !matches!(
                frame.open.and_then(|open| open.checked_sub(1)).map(|at| self.at(at)),
                Some("materialize" | "toscalar")
            )
    }
}
