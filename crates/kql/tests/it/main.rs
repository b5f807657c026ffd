//! Queries over small stores: expected tables, and random ones against a naive evaluator.

mod laws;
mod naive;
mod queries;
mod small;
