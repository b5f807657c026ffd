//! Rows of a table of their own: where they live, what their columns hold, and that they are events.
//!
//! A record of no known type goes to the catch-all table; a row of such a table goes to one called after its file.

use super::Reader;
use super::shape::Plan;
use crate::formats::{Evidence, Format, Formats, RuleNo};
use crate::hints::{Around, Hints, TimeRules};
use crate::order::OrderSeen;
use crate::place_time;
use crate::text::block::Block;
use crate::time::Seen;
use chartroom_schema::kind::Kind;
use chartroom_store::Table;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// Plans of tables that are not being read, at most.
const KEPT: usize = 64;

/// The table that takes what is of no known type.
#[derive(Debug, Default)]
pub(crate) struct FoundTable {
    /// Its name; empty for the catch-all table.
    name: String,
    kinds: HashMap<String, Kind>,
    /// Plans of other tables, by name.
    plans: BTreeMap<String, Option<Plan>>,
    /// How times are read.
    pub(crate) times: Rc<TimeRules>,
}

/// When and by what resource the records of a file were written that do not say so themselves.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) time: Option<i64>,
    pub(crate) resource: Option<String>,
}

impl FoundTable {
    /// Where records of that type live.
    pub(crate) fn table_of<'a>(&'a self, format: &'a Format) -> Option<&'a str> {
        if format.file.is_found && !self.name.is_empty() { Some(&self.name) } else { format.table() }
    }

    /// A plan for records of that type.
    pub(crate) fn plan(&self, format: &Format) -> Plan {
        let mut plan = Plan::new(&format.file, &format.plan);
        plan.times = Rc::clone(&self.times);
        if format.file.is_found {
            plan.told.clone_from(&self.kinds);
        }
        plan
    }

    /// The rule for a record; a row of a table is an event, even if it looks like something that is none.
    pub(crate) fn judge(&self, formats: &Formats, evidence: &Evidence) -> Option<RuleNo> {
        if self.name.is_empty() { formats.rules.judge(evidence) } else { formats.rules.judge_event(evidence) }
    }

    /// The rule for a record that is not what the rule `after` says.
    pub(crate) fn judge_after(
        &self,
        formats: &Formats,
        after: RuleNo,
        evidence: &Evidence,
    ) -> Option<RuleNo> {
        formats.rules.judge_after(after, evidence, !self.name.is_empty())
    }

    /// See [`Reader::forget_tables`].
    pub(crate) fn forget(&mut self) {
        self.plans.clear();
    }
}

impl Reader {
    /// From now on records are of a file with these hints, and that around them.
    pub(crate) fn set_hints(&mut self, hints: &Hints, around: Around) {
        if self.hints == *hints && self.around == around {
            return;
        }
        self.hints.clone_from(hints);
        self.around = around;
        self.forced = hints.format.as_deref().and_then(|id| self.formats.find(id)).map(|(no, _)| no);
        self.found.times = Rc::new(TimeRules::new(hints, &self.around));
        // What was remembered of values was read in the other way.
        self.forget_tables();
        self.last = None;
    }

    /// From now on records are of the file at `path`.
    pub(crate) fn set_path(&mut self, path: &str) {
        if self.path != path {
            path.clone_into(&mut self.path);
            self.written = Written {
                time: place_time::time_of(path).map(|time| time.0),
                resource: place_time::resource_of(path).map(str::to_owned),
            };
        }
    }

    /// What times and cells of records stored since the last call showed, by the path of their keys.
    pub(crate) fn take_seen(&mut self) -> (BTreeMap<String, Seen>, BTreeMap<String, OrderSeen>) {
        if !self.seen.is_empty() {
            self.seen_round = self.seen_round.wrapping_add(1);
        }
        (std::mem::take(&mut self.seen), std::mem::take(&mut self.orders))
    }

    /// Notes both readings of times of the record at `offset` that leave open which number is the day.
    #[cold]
    pub(super) fn note_orders(
        orders: &mut BTreeMap<String, OrderSeen>,
        (plan, table): (&Plan, &Table),
        offset: u64,
        both: &mut Vec<(usize, [i64; 2])>,
    ) {
        let others = plan.sure_times(table);
        for (node, readings) in both.drain(..) {
            let path = plan.nodes.get(node).map_or("", |node| node.path.as_str());
            if !orders.contains_key(path) {
                orders.insert(path.to_owned(), OrderSeen::default());
            }
            if let Some(seen) = orders.get_mut(path) {
                seen.add(offset, readings, others.iter().copied());
            }
        }
    }

    /// From now on, what is of no known type are rows of the table `name`, whose columns hold `kinds` where that does not
    /// follow from their values; of the catch-all table when `name` is empty.
    pub(crate) fn set_table<'k>(&mut self, name: &str, kinds: impl Iterator<Item = (&'k str, Kind)>) {
        if name.is_empty() && self.found.name.is_empty() {
            return;
        }
        let Some(at) = self.formats.all().iter().position(|format| format.file.is_found) else { return };
        let Some(plan) = self.plans.get_mut(at) else { return };
        if self.found.name == name {
            for (name, kind) in kinds {
                if let Some(plan) = plan
                    && !plan.told.contains_key(name)
                {
                    plan.told.insert(name.to_owned(), kind);
                }
                self.found.kinds.entry(name.to_owned()).or_insert(kind);
            }
            return;
        }
        if self.found.plans.len() > KEPT {
            self.found.plans.clear();
        }
        let kept = self.found.plans.remove(name).flatten();
        let last = std::mem::replace(&mut self.found.name, name.to_owned());
        self.found.plans.insert(last, std::mem::replace(plan, kept));
        self.found.kinds = kinds.map(|(name, kind)| (name.to_owned(), kind)).collect();
        if let Some(plan) = plan {
            plan.told.clone_from(&self.found.kinds);
        }
    }

    /// The rule for a record.
    pub(super) fn judge(&self, evidence: &Evidence) -> Option<RuleNo> {
        self.found.judge(self.formats, evidence)
    }

    /// Whether the record that `block` is, is of a known type.
    pub(crate) fn knows(&mut self, block: Block<'_>) -> bool {
        let Ok((_, evidence)) = self.probe(super::Input::Record(block, 0), false) else { return false };
        if let Some(forced) = self.forced {
            return self.formats.get(forced).is_some_and(|format| !format.file.is_found);
        }
        let judged = self.formats.rules.judge_event(&evidence);
        let format = judged.and_then(|rule| self.formats.get(self.formats.rules.get(rule)?.format));
        format.is_some_and(|format| !format.file.is_found)
    }
}
