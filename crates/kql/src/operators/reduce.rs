//! `reduce by text`: texts that are alike, as patterns with `*` for what differs.
//!
//! A text is cut into words at signs that are neither letters nor digits (and at those the text adds as `characters`). A word stays in the
//! pattern when more than `threshold` of all rows have it at that place among texts of the same build; the rest is `*`. Patterns of too few
//! rows, and those of nothing but `*`, are `others`.

use chartroom_base::sort;
use super::{Body, Operator, Pulled, Refusal, Run, Setup};
use crate::{
    bind::{Binder, Given, Pipe, Told},
    frame::{Builder, Frame},
    plan::Constant,
    relation::Column,
    value::Value,
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
        Box::new(Reducing { reduce: self.clone(), texts: BTreeMap::new(), bytes: 0, is_ended: false })
    }
}

struct Reducing {
    reduce: Reduce,
    /// How often each text occurs.
    texts: BTreeMap<String, u64>,
    bytes: usize,
    is_ended: bool,
}

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

    /// The patterns with their counts and a text of each.
    fn patterns(&self) -> Vec<(String, u64, String)> {
        let total: u64 = self.texts.values().sum();
        #[expect(clippy::cast_precision_loss, reason = "a share of rows")]
        let is_common = |count: u64| count as f64 > self.reduce.threshold * total as f64;
        // Texts of one build have as many words and the same signs between them.
        type Build = Vec<Option<char>>;
        let build = |words: &[(Option<char>, &str)]| words.iter().map(|(sign, _)| *sign).collect::<Build>();
        let mut counts: BTreeMap<(Build, usize, &str), u64> = BTreeMap::new();
        for (text, count) in &self.texts {
            let words = self.words(text);
            let own = build(&words);
            for (at, (_, word)) in words.iter().enumerate() {
                *counts.entry((own.clone(), at, word)).or_default() += count;
            }
        }
        let mut found: BTreeMap<String, (u64, String)> = BTreeMap::new();
        let mut others = 0;
        for (text, count) in &self.texts {
            let words = self.words(text);
            let own = build(&words);
            let mut pattern = String::new();
            let mut is_star = false;
            for (at, (sign, word)) in words.iter().enumerate() {
                let is_kept = counts.get(&(own.clone(), at, *word)).is_some_and(|count| is_common(*count));
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
            let entry = found.entry(pattern).or_insert_with(|| (0, text.clone()));
            entry.0 += count;
        }
        let is_star = |pattern: &str| pattern.chars().all(|sign| sign == '*' || !sign.is_alphanumeric());
        let mut patterns = Vec::new();
        for (pattern, (count, text)) in found {
            if is_common(count) && !is_star(&pattern) {
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

    fn end(&mut self, _: usize) {
        self.is_ended = true;
    }

    fn pull(&mut self) -> Result<Pulled, Refusal> {
        if !self.is_ended || self.texts.is_empty() {
            return Ok(Pulled::Nothing);
        }
        let patterns = self.patterns();
        self.texts.clear();
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
