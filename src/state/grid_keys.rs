//! Where the focus of a grid goes with each key, as the grid pattern of WAI-ARIA has it.

/// A cell: row and column from 0. Row `None` is the header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CellAt {
    /// Row of the result; `None` for the header.
    pub row: Option<u64>,
    /// Column among those shown.
    pub column: usize,
}

/// What there is to move in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Rows of the result.
    pub rows: u64,
    /// Columns shown.
    pub columns: usize,
    /// Rows that Page Up and Page Down move by.
    pub page: u64,
}

/// The cell that has the focus after `key`, or `None` when the key is none of the grid's.
#[must_use]
pub fn moved(at: CellAt, key: &str, has_ctrl: bool, extent: Extent) -> Option<CellAt> {
    let last_column = extent.columns.saturating_sub(1);
    let last_row = extent.rows.checked_sub(1);
    let column = at.column.min(last_column);
    let to = match key {
        "ArrowLeft" => CellAt { column: column.saturating_sub(1), ..at },
        "ArrowRight" => CellAt { column: (column + 1).min(last_column), ..at },
        "ArrowUp" => CellAt { row: at.row.and_then(|row| row.checked_sub(1)), column },
        "ArrowDown" => {
            let row = at.row.map_or(0, |row| row.saturating_add(1));
            CellAt { row: last_row.map(|last| row.min(last)), column }
        }
        "PageUp" => CellAt { row: at.row.map(|row| row.saturating_sub(extent.page)), column },
        "PageDown" => {
            let row = at.row.unwrap_or(0).saturating_add(extent.page);
            CellAt { row: last_row.map(|last| row.min(last)), column }
        }
        "Home" if has_ctrl => CellAt { row: last_row.map(|_| 0), column: 0 },
        "End" if has_ctrl => CellAt { row: last_row, column: last_column },
        "Home" => CellAt { column: 0, ..at },
        "End" => CellAt { column: last_column, ..at },
        _ => return None,
    };
    Some(to)
}
