//! Rows keep their source wherever they change from one to another.

use super::{Keys, RowRef, Run, Sorted};

#[test]
fn rows_keep_their_source() {
    let mut sorted = Sorted::default();
    let mut expected = Vec::new();
    for (source, count) in [(0, 3), (1, 2), (0, 70_000), (2, 1), (0, 1)] {
        let rows: Vec<(u64, u16)> = (0..count).map(|row: u32| (0, row as u16)).collect();
        expected.extend(rows.iter().map(|(_, row)| RowRef { source, row: u32::from(*row) | 7 << 16 }));
        let mut run = Run { source, chunk: 7, rows, next: 0, keys: Keys::new(&[]) };
        // Piece by piece, as a merge takes them.
        while run.next < run.rows.len() {
            let count = (run.rows.len() - run.next).min(40_000);
            sorted.extend(&run, count);
            run.next += count;
        }
    }
    assert_eq!(sorted.len(), expected.len() as u64);
    let found: Vec<RowRef> = (0..sorted.len()).filter_map(|at| sorted.get(at)).collect();
    assert_eq!(found, expected);
}
