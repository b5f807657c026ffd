//! What is written into `dist/` after Trunk: the policy's hashes, the service worker's list.

pub mod hash;
pub mod names;
pub mod policy;
pub mod service_worker;
