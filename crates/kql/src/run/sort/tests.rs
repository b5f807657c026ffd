//! See `tests/` for orders over stores.
use super::*;

#[test]
fn rows_of_several_sources_are_found_again() {
    let mut sorted = Sorted::default();
    let rows: Vec<RowRef> =
        (0..200_000).map(|row| RowRef { source: u16::from(row > 70_000 && row % 3 == 0), row }).collect();
    rows.iter().for_each(|row| sorted.push(*row));
    assert_eq!(sorted.len(), 200_000);
    for at in [0, 65_535, 65_536, 70_002, 199_998, 199_999] {
        assert_eq!(sorted.get(at as u64), Some(rows[at]));
    }
    assert_eq!(sorted.get(200_000), None);
}
