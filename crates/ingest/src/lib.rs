//! Bytes to rows: containers, detection, framing, reading, mapping, ledger.
