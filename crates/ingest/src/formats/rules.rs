//! Detection as data: tests of single keys (atoms) and rules over them.
//!
//! A reader walking a record gathers which atoms hold (its evidence); a rule is three sets of atoms. So a record is judged by
//! what the walk passes anyway, whatever type it was first taken for.
//!
//! **Invariant:** the evidence of a record is the same under every type's tree of keys.

use super::file::{FormatFile, TestFile, ValueType};
use super::fold::{fold_key, loosely};
use super::{FormatNo, RuleNo};
use chartroom_base::sort;
use std::collections::HashMap;

/// How many atoms all types together may have; a test holds the types to it.
pub(crate) const MAX_ATOMS: usize = 512;

/// A set of atoms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Evidence([u64; MAX_ATOMS / 64]);

impl Evidence {
    pub(crate) fn add(&mut self, atom: usize) {
        if let Some(word) = self.0.get_mut(atom / 64) {
            *word |= 1 << (atom % 64);
        }
    }

    #[inline]
    pub(crate) fn add_all(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }

    fn holds(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(word, wanted)| word & wanted == wanted)
    }

    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(word, wanted)| word & wanted != 0)
    }
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum KeyLevel {
    /// In the record.
    Record,
    /// In its `properties`.
    Properties,
}

/// All atoms, by key.
#[derive(Debug, Default)]
pub(crate) struct Atoms {
    tests: Vec<TestFile>,
    by_key: HashMap<(KeyLevel, String), Vec<usize>>,
}

impl Atoms {
    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.tests.len()
    }

    fn intern(&mut self, test: &TestFile) -> usize {
        if let Some(at) = self.tests.iter().position(|known| known == test) {
            return at;
        }
        let at = self.tests.len();
        for key in test.key.split('|') {
            let (level, key) = match key.split_once('.') {
                Some(("properties", key)) => (KeyLevel::Properties, fold_key(key)),
                _ => (KeyLevel::Record, fold_key(key)),
            };
            self.by_key.entry((level, key)).or_default().push(at);
        }
        self.tests.push(test.clone());
        at
    }

    /// The atoms that test the folded `key` at `level`; where none does, those of the one key that differs in underscores alone.
    pub(crate) fn of_key(&self, level: KeyLevel, key: &str) -> &[usize] {
        if let Some(atoms) = self.by_key.get(&(level, key.to_owned())) {
            return atoms;
        }
        let known = self.by_key.iter().filter(|((at, _), _)| *at == level);
        let known = known.map(|((_, name), atoms)| (name.as_str(), atoms.as_slice()));
        loosely(key, known, |_, _| false).unwrap_or_default()
    }

    /// Whether the atom looks at a text's content, not only its type.
    pub(crate) fn reads_text(&self, atom: usize) -> bool {
        self.tests.get(atom).is_some_and(|test| {
            !(test.equals.is_empty() && test.starts.is_empty() && test.contains.is_empty())
        })
    }

    /// Whether `atom` holds for a value of `kind`, whose text is `text` if it is one (or its digits).
    pub(crate) fn test(&self, atom: usize, kind: ValueType, text: &str) -> bool {
        let Some(test) = self.tests.get(atom) else { return false };
        if test.is.is_some_and(|wanted| wanted != kind) {
            return false;
        }
        if !self.reads_text(atom) {
            return true;
        }
        if matches!(kind, ValueType::Object | ValueType::Array) {
            return false;
        }
        let begins = |wanted: &String| {
            text.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
        };
        test.equals.iter().any(|wanted| text.eq_ignore_ascii_case(wanted))
            || test.starts.iter().any(begins)
            || test.contains.iter().any(|wanted| contains_ignoring_case(text, wanted))
    }
}

fn contains_ignoring_case(text: &str, wanted: &str) -> bool {
    !wanted.is_empty()
        && text.as_bytes().windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

/// A rule, compiled.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) format: FormatNo,
    pub(crate) why: String,
    pub(crate) no_event: Option<String>,
    pub(crate) named_by: Option<String>,
    /// See [`super::file::RuleFile::lists`].
    pub(crate) lists: Vec<String>,
    /// Where the records lie that it only wraps: paths, best first.
    pub(crate) unwrap: Vec<Vec<String>>,
    order: u32,
    all: Evidence,
    any: Vec<Evidence>,
    none: Evidence,
}

impl Rule {
    /// Whether a record of it is a row.
    pub(crate) fn is_event(&self) -> bool {
        self.no_event.is_none() && self.unwrap.is_empty()
    }

    fn holds(&self, evidence: &Evidence) -> bool {
        evidence.holds(&self.all)
            && self.any.iter().all(|one| evidence.meets(one))
            && !evidence.meets(&self.none)
    }
}

/// The rule of records whose type the person told.
pub(crate) const TOLD: RuleNo = RuleNo(u16::MAX);

/// All rules. Their numbers follow the files, so that types that are added change none.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    all: Vec<Rule>,
    /// Numbers, in the order in which rules are tried.
    tried: Vec<u16>,
}

impl Rules {
    /// The rules of all files, their tests interned in `atoms`.
    pub(crate) fn compile(files: &[FormatFile], atoms: &mut Atoms) -> Self {
        let mut rules = Vec::new();
        for (no, file) in files.iter().enumerate() {
            let Ok(no) = u16::try_from(no) else { break };
            for rule in &file.rule {
                let mut set = |tests: &[TestFile]| {
                    let mut evidence = Evidence::default();
                    tests.iter().for_each(|test| evidence.add(atoms.intern(test)));
                    evidence
                };
                rules.push(Rule {
                    format: FormatNo(no),
                    why: rule.why.clone(),
                    no_event: rule.no_event.clone(),
                    named_by: rule.named_by.clone(),
                    lists: rule.lists.clone(),
                    unwrap: rule
                        .unwrap
                        .iter()
                        .map(|path| path.split('.').map(str::to_owned).collect())
                        .collect(),
                    order: rule.order,
                    all: set(&rule.all),
                    any: rule.any.iter().map(|tests| set(tests)).collect(),
                    none: set(&rule.none),
                });
            }
        }
        let mut tried: Vec<u16> = (0..u16::MAX).take(rules.len()).collect();
        sort::sort_by_key(&mut tried, |&no| rules.get(usize::from(no)).map_or(u32::MAX, |rule| rule.order));
        Self { all: rules, tried }
    }

    pub(crate) fn get(&self, no: RuleNo) -> Option<&Rule> {
        self.all.get(usize::from(no.0))
    }

    /// The first rule that holds.
    pub(crate) fn judge(&self, evidence: &Evidence) -> Option<RuleNo> {
        self.judge_by(evidence, None, |_| true)
    }

    /// The first rule that holds, of those that say what a record is, not that it is none.
    pub(crate) fn judge_event(&self, evidence: &Evidence) -> Option<RuleNo> {
        self.judge_by(evidence, None, |rule| rule.no_event.is_none())
    }

    /// The first rule behind `after` that holds; `is_event`: of those that say what a record is.
    pub(crate) fn judge_after(&self, after: RuleNo, evidence: &Evidence, is_event: bool) -> Option<RuleNo> {
        self.judge_by(evidence, Some(after), |rule| !is_event || rule.no_event.is_none())
    }

    fn judge_by(
        &self,
        evidence: &Evidence,
        after: Option<RuleNo>,
        counts: impl Fn(&Rule) -> bool,
    ) -> Option<RuleNo> {
        let from = after.and_then(|after| self.tried.iter().position(|&no| no == after.0));
        let behind = self.tried.iter().skip(from.map_or(0, |from| from.saturating_add(1)));
        let mut rules = behind.filter_map(|&no| Some((no, self.all.get(usize::from(no))?)));
        let (no, _) = rules.find(|(_, rule)| counts(rule) && rule.holds(evidence))?;
        Some(RuleNo(no))
    }

    /// The first rule that holds and makes a row of the record itself, with its type.
    pub(crate) fn judge_closed(&self, evidence: &Evidence) -> Option<(RuleNo, FormatNo)> {
        let no = self.judge_by(evidence, None, Rule::is_event)?;
        Some((no, self.get(no)?.format))
    }
}

#[cfg(test)]
mod tests {
    use super::MAX_ATOMS;

    #[test]
    fn there_is_room_for_all_atoms() {
        let count = crate::formats().atoms.count();
        assert!(0 < count && count <= MAX_ATOMS, "{count}");
    }
}
