//! Messages to JavaScript values and back.
