//! A type's columns as a tree of keys, so that a reader walking a record knows at each key what becomes of the value.

use super::file::FormatFile;
use super::fold::fold_key;
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
    /// Children by folded key.
    pub(crate) kids: HashMap<String, usize>,
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

impl PlanDef {
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
            for from in def.from.iter().chain([&def.name]) {
                let path: Vec<String> = from.split('.').map(fold_key).collect();
                if !paths.contains(&path) {
                    paths.push(path);
                }
            }
            if let Some(inner) = &file.also_in {
                let inside = paths.clone();
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
