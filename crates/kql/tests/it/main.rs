//! Queries over small stores: expected tables, and random ones against a naive evaluator.

mod laws;
mod queries;
mod small;
