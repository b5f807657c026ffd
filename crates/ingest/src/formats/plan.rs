//! A type's columns as a tree of keys, so that a reader walking a record knows at each key what becomes of the value.

use super::file::FormatFile;
use super::fold::{fold_key, loosely};
use chartroom_base::sort;
use std::collections::HashMap;

/// The tree of one type. Node 0 is the record itself.
#[derive(Debug, Default)]
pub(crate) struct PlanDef {
    pub(crate) nodes: Vec<PlanNode>,
    /// Per column: how many places it may come from.
    pub(crate) sources: Vec<u16>,
}

/// A place in a record.
#[derive(Debug, Default)]
pub(crate) struct PlanNode {
    /// Children by folded key; [`PlanDef::kid`] finds them.
    pub(crate) kids: HashMap<String, usize>,
    /// How the type's file spells the key that leads here, best first.
    spellings: Vec<String>,
    /// Columns that take the value found here.
    pub(crate) columns: Vec<Source>,
    /// When not empty: walked only when one of these, quoted keys, occurs in it.
    pub(crate) needles: Vec<String>,
}

/// A column at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// Position in the file's columns.
    pub(crate) column: usize,
    /// 0 is the best place for it.
    pub(crate) rank: u16,
}

impl PlanNode {
    /// How well a key that leads here is spelled: where it stands among the file's spellings; behind them all when it differs in letter
    /// case, blanks or underscores. The lower one takes the column where two keys of one record lead to it.
    pub(crate) fn spelling(&self, key: &str) -> u16 {
        let at = self.spellings.iter().position(|known| known == key);
        at.and_then(|at| u16::try_from(at).ok()).unwrap_or(u16::MAX)
    }
}

impl PlanDef {
    /// The child of a node under the folded `key`: the one called so, else the one that is called so but for underscores, if that
    /// is one column's place.
    pub(crate) fn kid(&self, node: usize, key: &str) -> Option<usize> {
        let around = self.nodes.get(node)?;
        around.kids.get(key).copied().or_else(|| {
            let known = around.kids.iter().map(|(name, &at)| (name.as_str(), at));
            loosely(key, known, |&a, &b| self.is_same_place(a, b))
        })
    }

    /// Whether two nodes feed the same columns and nothing else.
    fn is_same_place(&self, a: usize, b: usize) -> bool {
        let columns = |at: usize| {
            let node = self.nodes.get(at).filter(|node| node.kids.is_empty())?;
            let mut columns: Vec<usize> = node.columns.iter().map(|source| source.column).collect();
            sort::sort(&mut columns);
            Some(columns)
        };
        columns(a).is_some_and(|of_a| columns(b) == Some(of_a))
    }

    /// The tree of `file`'s columns.
    pub(crate) fn compile(file: &FormatFile) -> Self {
        let mut plan = Self { nodes: vec![PlanNode::default()], sources: vec![0; file.column.len()] };
        for path in &file.rare {
            let keys: Vec<String> = path.split('.').map(fold_key).collect();
            let inside = format!("{path}.");
            let wanted =
                file.column.iter().flat_map(|column| &column.from).filter(|from| from.starts_with(&inside));
            let mut needles: Vec<String> =
                wanted.filter_map(|from| Some(format!("\"{}\"", from.rsplit('.').next()?))).collect();
            sort::sort(&mut needles);
            needles.dedup();
            let at = plan.reach(&keys);
            if let Some(node) = plan.nodes.get_mut(at) {
                node.needles = needles;
            }
        }
        for (column, def) in file.column.iter().enumerate() {
            let mut paths: Vec<Vec<String>> = Vec::new();
            let mut spelled: Vec<Vec<String>> = Vec::new();
            for from in def.from.iter().chain([&def.name]) {
                let path: Vec<String> = from.split('.').map(fold_key).collect();
                spelled.push(from.split('.').map(str::to_owned).collect());
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
            if let Some(inner) = &file.also_in {
                let inside = paths.clone();
                let within = spelled.iter().filter(|path| path.len() == 1);
                let within = within.map(|path| [vec![inner.clone()], path.clone()].concat());
                spelled.extend(within.collect::<Vec<_>>());
                for path in inside.into_iter().filter(|path| path.len() == 1) {
                    let path = [vec![fold_key(inner)], path].concat();
                    if !paths.contains(&path) {
                        paths.push(path);
                    }
                }
            }
            for (rank, path) in paths.iter().enumerate() {
                plan.put(path, Source { column, rank: u16::try_from(rank).unwrap_or(u16::MAX) });
            }
            for path in &spelled {
                let mut at = 0;
                for key in path {
                    let around = plan.nodes.get(at).and_then(|node| node.kids.get(&fold_key(key)));
                    let Some(&kid) = around else { break };
                    at = kid;
                    if let Some(node) = plan.nodes.get_mut(at)
                        && !node.spellings.contains(key)
                    {
                        node.spellings.push(key.clone());
                    }
                }
            }
        }
        plan
    }

    fn put(&mut self, path: &[String], source: Source) {
        let at = self.reach(path);
        if let Some(node) = self.nodes.get_mut(at) {
            node.columns.push(source);
        }
        if let Some(count) = self.sources.get_mut(source.column) {
            *count = count.saturating_add(1);
        }
    }

    /// The node at `path`, made if need be.
    fn reach(&mut self, path: &[String]) -> usize {
        let mut at = 0;
        for key in path {
            let known = self.nodes.get(at).and_then(|node| node.kids.get(key)).copied();
            at = match known {
                Some(next) => next,
                None => {
                    let next = self.nodes.len();
                    self.nodes.push(PlanNode::default());
                    if let Some(node) = self.nodes.get_mut(at) {
                        node.kids.insert(key.clone(), next);
                    }
                    next
                }
            };
        }
        at
    }
}
