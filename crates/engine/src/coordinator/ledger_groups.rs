//! The ledger by outcome and folder: which files stand together.
//!
//! **Invariant:** the groups, one after the other, are the list: the first holds its first files, and so on.

use chartroom_protocol::ledger::{LedgerGroup, LedgerOutcome};

/// More groups than this help nobody: then there are none.
const MOST_GROUPS: usize = 2_000;

/// A file at its place in the ledger; the order of the fields is the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Listed<'a> {
    pub(crate) outcome: LedgerOutcome,
    pub(crate) folder: &'a str,
    pub(crate) rank: u32,
    pub(crate) file: u32,
}

/// The folder of a path, with its last `/`; folders that only tell the hour are left out (`…/y=2021/m=08/d=02/`, `…/2021/08/02/`).
///
/// Else each hour of an export would be a folder of one file.
pub(crate) fn folder(path: &str) -> &str {
    let mut end = path.rfind('/').map_or(0, |at| at + 1);
    while let Some(inner) = path.get(..end.saturating_sub(1)).filter(|_| end > 0) {
        let start = inner.rfind('/').map_or(0, |at| at + 1);
        if !inner.get(start..).is_some_and(is_part_of_time) {
            break;
        }
        end = start;
    }
    path.get(..end).unwrap_or("")
}

/// `y=2021`, `h=07`, `2021`, `08`.
fn is_part_of_time(name: &str) -> bool {
    let (digits, is_long_enough) = match name.split_once('=') {
        Some(("y" | "m" | "d" | "h", digits)) => (digits, (1..=4).contains(&digits.len())),
        Some(_) => return false,
        None => (name, matches!(name.len(), 2 | 4)),
    };
    is_long_enough && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The groups of a sorted list; `figures` gives the records a file stored and rejected.
pub(crate) fn groups(list: &[Listed<'_>], figures: impl Fn(u32) -> (u64, u64)) -> Vec<LedgerGroup> {
    let mut groups: Vec<LedgerGroup> = Vec::new();
    for listed in list {
        let is_same = |group: &LedgerGroup| group.outcome == listed.outcome && group.folder == listed.folder;
        if !groups.last().is_some_and(is_same) {
            if groups.len() == MOST_GROUPS {
                return Vec::new();
            }
            let (outcome, folder) = (listed.outcome, listed.folder.to_owned());
            groups.push(LedgerGroup { outcome, folder, ..LedgerGroup::default() });
        }
        if let Some(group) = groups.last_mut() {
            let (stored, rejected) = figures(listed.file);
            group.files = group.files.saturating_add(1);
            group.stored = group.stored.saturating_add(stored);
            group.rejected = group.rejected.saturating_add(rejected);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        assert_eq!(folder(path), expected);
    }

    #[test]
    fn folders_that_tell_the_hour_are_left_out() {
        check("a.json", "");
        check("a/b.json", "a/");
        check(
            "logs/resourceId=/SUBSCRIPTIONS/1/y=2021/m=08/d=02/h=16/m=00/PT1H.json",
            "logs/resourceId=/SUBSCRIPTIONS/1/",
        );
        check(
            "AWSLogs/111122223333/CloudTrail/us-east-1/2021/08/02/x.json.gz",
            "AWSLogs/111122223333/CloudTrail/us-east-1/",
        );
        check("2021/08/02/x.json", "");
        check("case=7/x.json", "case=7/");
        check("export.zip!/a/x.json", "export.zip!/a/");
    }

    #[test]
    fn files_of_one_outcome_and_folder_stand_together_what_needs_attention_first() {
        let listed = |outcome, folder, rank| Listed { outcome, folder, rank, file: rank };
        let mut list = vec![
            listed(LedgerOutcome::Done, "b/", 3),
            listed(LedgerOutcome::Done, "a/", 2),
            listed(LedgerOutcome::Failed, "b/", 4),
            listed(LedgerOutcome::Done, "a/", 1),
        ];
        list.sort_unstable();
        let groups = groups(&list, |file| (u64::from(file) * 10, 1));
        let told: Vec<_> = groups
            .iter()
            .map(|group| (group.outcome, group.folder.as_str(), group.files, group.stored))
            .collect();
        assert_eq!(
            told,
            [
                (LedgerOutcome::Failed, "b/", 1, 40),
                (LedgerOutcome::Done, "a/", 2, 30),
                (LedgerOutcome::Done, "b/", 1, 30)
            ]
        );
    }

    #[test]
    fn too_many_groups_are_none() {
        let folders: Vec<String> = (0..MOST_GROUPS + 1).map(|at| format!("{at:05}x/")).collect();
        let list: Vec<_> = (0..)
            .zip(&folders)
            .map(|(rank, folder)| Listed { outcome: LedgerOutcome::Done, folder, rank, file: rank })
            .collect();
        assert!(groups(&list, |_| (0, 0)).is_empty());
        assert_eq!(groups(&list[1..], |_| (0, 0)).len(), MOST_GROUPS);
    }
}
