//! KQL tree to plan to columns.
