//! KQL text to tokens to tree; never fails.
