//! Selections by the text of their chain of `where`s, the last used ones.

use chartroom_kql::Selection;

/// Selections kept.
const KEPT: usize = 32;

/// The last selections, newest last.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    kept: Vec<(String, Selection)>,
}

impl Cache {
    /// The longest prefix of `chain` that is kept: how many `where`s it has, and its rows.
    pub(crate) fn find(&mut self, chain: &[String]) -> Option<(usize, Selection)> {
        let (wheres, at) = chain.iter().enumerate().rev().find_map(|(wheres, text)| {
            self.kept.iter().position(|(kept, _)| kept == text).map(|at| (wheres, at))
        })?;
        let entry = self.kept.remove(at);
        let selection = entry.1.clone();
        self.kept.push(entry);
        Some((wheres, selection))
    }

    /// Keeps a selection, or a newer state of one.
    pub(crate) fn put(&mut self, text: &str, selection: Selection) {
        self.kept.retain(|(kept, _)| kept != text);
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        self.kept.push((text.to_owned(), selection));
    }

    /// Forgets all: rows died.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }

    /// Bytes they hold.
    pub(crate) fn memory(&self) -> usize {
        self.kept.iter().map(|(text, selection)| text.len() + selection.memory()).sum()
    }
}
