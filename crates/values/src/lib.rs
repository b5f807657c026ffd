//! Values of KQL's types and frames of them: texts of JSON, conversions, decimals, the numbering of keys.
//!
//! Apart from `chartroom_kql`, which is built for size: this runs once per row, and is built for speed. What runs once per query stays there.
//!
//! **Invariant:** knows no tree, no plan and no table; values in, values out.

pub mod convert;
pub mod decimal;
pub mod frame;
pub mod json;
pub mod json_path;
pub mod keys;
pub mod value;
pub mod work;
