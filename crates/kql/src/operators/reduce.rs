//! `reduce by text`: texts that are alike, as patterns with `*` for what differs.
//!
//! A text is cut into words at signs that are neither letters nor digits (and at those the text adds as `characters`). A word stays in the
//! pattern when more than `threshold` of all rows have it at that place among texts of the same build; the rest is `*`. Patterns of too few
//! rows, and those of nothing but `*`, are `others`.

use chartroom_base::sort;
use super::{Body, Operator, Pulled, Refusal, Run, Setup};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{BATCH_ROWS, Builder, Frame},
    plan::Constant,
    relation::Column,
    value::Value,
    work,
};
use chartroom_kql_syntax::ast::{Expr, Parameter};
use chartroom_schema::kind::Kind;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, rc::Rc};

/// The patterns of the texts in the first column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reduce {
    /// The share of rows that a word needs to stay.
    pub threshold: f64,
    /// Further signs between words.
    pub characters: String,
}

/// `reduce by text with threshold=0.1, characters="…"`.
pub(crate) fn bind(
    binder: &mut Binder<'_>,
    pipe: Pipe,
    by: &Expr,
    parameters: &[Parameter],
) -> Result<Pipe, Told> {
    let mut reduce = Reduce { threshold: 0.1, characters: String::new() };
    for parameter in parameters {
        match (parameter.name.text.as_str(), binder.constant(&parameter.value)?) {
            ("threshold", (_, Constant::Real(real))) if (0.0..=1.0).contains(&real) => reduce.threshold = real,
            ("threshold", (_, Constant::Long(long))) if (0..=1).contains(&long) => {
                reduce.threshold = if long == 0 { 0.0 } else { 1.0 };
            }
            ("characters", (_, Constant::Text(text))) => reduce.characters = text,
            (name, _) => {
                let message = format!("`reduce` does not support `{name}` with this value");
                return Err(binder.error("KQL0023", parameter.span, message));
            }
        }
    }
    let mut pipe = binder.rows_of(pipe);
    let cells = binder.cells(&mut pipe, by)?;
    let cells = binder.cells_as(&mut pipe, &cells, Kind::String, by.span)?;
    let input = binder.seal(pipe, vec![Given::new("", cells)]);
    let columns = vec![
        Column::new("Pattern", Kind::String),
        Column::new("Count", Kind::Long),
        Column::new("Representative", Kind::String),
    ];
    let relation = binder.relation(Body::Reduce(reduce), vec![input], columns);
    Ok(binder.restart(relation, 3))
}

impl Operator for Reduce {
    fn begin(&self, _: &Setup<'_>) -> Box<dyn Run> {
        Box::new(Reducing {
            reduce: self.clone(),
            texts: BTreeMap::new(),
            bytes: 0,
            all: Vec::new(),
            looked: 0,
            builds: BTreeMap::new(),
            words: BTreeMap::new(),
            found: BTreeMap::new(),
            is_ended: false,
            is_given: false,
        })
    }
}

struct Reducing {
    reduce: Reduce,
    /// How often each text occurs.
    texts: BTreeMap<String, u64>,
    bytes: usize,
    /// The same once all are in, and how many were looked at: all of them for their words, then for their patterns.
    all: Vec<(String, u64)>,
    looked: usize,
    /// Texts of one build have as many words and the same signs between them.
    builds: BTreeMap<Vec<Option<char>>, u32>,
    /// Per build, place and word, the rows that have it.
    words: BTreeMap<(u32, usize), BTreeMap<String, u64>>,
    /// Per pattern its rows, and a text of it.
    found: BTreeMap<String, (u64, String)>,
    is_ended: bool,
    is_given: bool,
}

/// Texts that are looked at in one turn.
const MOST_AT_ONCE: usize = BATCH_ROWS / 8;

impl Reducing {
    /// The words of a text, and the sign before each (none before the first).
    fn words<'t>(&self, text: &'t str) -> Vec<(Option<char>, &'t str)> {
        let is_sign = |sign: char| !sign.is_alphanumeric() || self.reduce.characters.contains(sign);
        let mut words = Vec::new();
        let (mut before, mut rest) = (None, text);
        loop {
            let end = rest.find(is_sign).unwrap_or(rest.len());
            let (word, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
            words.push((before, word));
            let mut signs = tail.chars();
            before = signs.next();
            rest = signs.as_str();
            if before.is_none() {
                return words;
            }
        }
    }

    /// Whether so many rows are enough for a word to stay.
    #[expect(clippy::cast_precision_loss, reason = "a share of rows")]
    fn is_common(&self, count: u64, total: u64) -> bool {
        count as f64 > self.reduce.threshold * total as f64
    }

    /// Looks at the words, then at the pattern, of some texts. Whether all are through.
    fn look(&mut self, total: u64) -> bool {
        let all = std::mem::take(&mut self.all);
        for number in self.looked..(self.looked + MOST_AT_ONCE).min(all.len() * 2) {
            let Some((text, count)) = all.get(number % all.len().max(1)) else { break };
            let words = self.words(text);
            work::count(words.len());
            let signs: Vec<Option<char>> = words.iter().map(|(sign, _)| *sign).collect();
            let new = u32::try_from(self.builds.len()).unwrap_or(u32::MAX);
            let build = *self.builds.entry(signs).or_insert(new);
            if number < all.len() {
                for (at, (_, word)) in words.iter().enumerate() {
                    let known = self.words.entry((build, at)).or_default();
                    match known.get_mut(*word) {
                        Some(known) => *known += count,
                        None => {
                            self.bytes += word.len() + 64;
                            known.insert((*word).to_owned(), *count);
                        }
                    }
                }
                continue;
            }
            let mut pattern = String::new();
            let mut is_star = false;
            for (at, (sign, word)) in words.iter().enumerate() {
                let rows = self.words.get(&(build, at)).and_then(|words| words.get(*word));
                let is_kept = rows.is_some_and(|rows| self.is_common(*rows, total));
                let sign = sign.filter(|sign| !self.reduce.characters.contains(*sign) || (is_kept && !is_star));
                if is_kept || word.is_empty() {
                    pattern.extend(sign);
                    pattern.push_str(word);
                    is_star = false;
                } else if !is_star || sign.is_some() {
                    pattern.extend(sign);
                    pattern.push('*');
                    is_star = true;
                }
            }
            let entry = self.found.entry(pattern).or_insert_with(|| (0, text.clone()));
            entry.0 += count;
        }
        self.all = all;
        self.looked = (self.looked + MOST_AT_ONCE).min(self.all.len() * 2);
        self.looked >= self.all.len() * 2
    }

    /// The patterns with their counts and a text of each.
    fn patterns(&mut self, total: u64) -> Vec<(String, u64, String)> {
        let mut others = 0;
        let found = std::mem::take(&mut self.found);
        let is_star = |pattern: &str| pattern.chars().all(|sign| sign == '*' || !sign.is_alphanumeric());
        let mut patterns = Vec::new();
        for (pattern, (count, text)) in found {
            if self.is_common(count, total) && !is_star(&pattern) {
                patterns.push((pattern, count, text));
            } else {
                others += count;
            }
        }
        sort::sort_by(&mut patterns, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        if others > 0 {
            patterns.push(("others".to_owned(), others, String::new()));
        }
        patterns
    }
}

impl Run for Reducing {
    fn push(&mut self, _: usize, frame: Frame) -> Result<(), Refusal> {
        let column = frame.column(0);
        for row in 0..frame.rows() {
            let value = column.get(row);
            match self.texts.get_mut(value.text()) {
                Some(count) => *count += 1,
                None => {
                    self.bytes += value.text().len() + 64;
                    self.texts.insert(value.text().to_owned(), 1);
                }
            }
        }
        Ok(())
    }

    fn most_rows(&self) -> usize {
        MOST_AT_ONCE
    }

    fn end(&mut self, _: usize) {
        self.is_ended = true;
        self.all = std::mem::take(&mut self.texts).into_iter().collect();
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ended || self.is_given || self.all.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let total = self.all.iter().map(|(_, count)| count).sum();
        if !self.look(total) {
            return Ok(Pulled::Working);
        }
        self.is_given = true;
        let patterns = self.patterns(total);
        let mut builders = [Builder::new(Kind::String), Builder::new(Kind::Long), Builder::new(Kind::String)];
        for (pattern, count, text) in &patterns {
            let count = i64::try_from(*count).unwrap_or(i64::MAX);
            for (builder, value) in
                builders.iter_mut().zip([Value::borrowed(pattern), Value::Long(count), Value::borrowed(text)])
            {
                builder.push(&value);
            }
        }
        let columns = builders.into_iter().map(|builder| Rc::new(builder.finish())).collect();
        Ok(Pulled::Frame(Frame::new(patterns.len(), columns)))
    }

    fn memory(&self) -> usize {
        self.bytes
    }
}
