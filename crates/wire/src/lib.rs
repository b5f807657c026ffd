//! Messages to JavaScript values and back: the only place that does it.
//!
//! Two forms. [`encode`] makes plain objects for what the page asks and hosts say: readable in the browser's tools,
//! and small. [`pack`] makes one `Uint8Array` for what there is much of, answers and all between workers: both ends
//! are of one build, and its buffer can be transferred.
//!
//! **Invariant:** all 64 bits of an integer arrive. The default of `serde-wasm-bindgen` refuses what is beyond 2⁵³,
//! and a time in ticks always is; hence `BigInt`, and hence this crate. Nothing that arrives can cause a panic.
//!
//! A type that travels packed cannot be tagged inside (`#[serde(tag = "…")]`, `untagged`, `flatten`): the packed form
//! does not describe itself. Plain enums are fine.

#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

use js_sys::Uint8Array;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};

/// A message that cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not a value of the expected shape: a worker of another version, or not ours at all.
    #[error("the message does not have the expected shape: {0}")]
    Value(String),
    /// Not the packed form of the expected type.
    #[error("the packed message does not have the expected shape")]
    Packed(#[source] postcard::Error),
    /// Not a `Uint8Array`.
    #[error("the packed message is not a Uint8Array")]
    NotBytes,
}

/// Writes `message` as a plain JavaScript value, ready for `postMessage`.
///
/// # Errors
/// Only for types that JavaScript cannot hold (128-bit integers); none of ours.
pub fn encode(message: &impl Serialize) -> Result<JsValue, WireError> {
    let serializer = serde_wasm_bindgen::Serializer::new()
        .serialize_large_number_types_as_bigints(true)
        // A `Map` inside a tagged message would not be read back.
        .serialize_maps_as_objects(true);
    message.serialize(&serializer).map_err(|err| WireError::Value(err.to_string()))
}

/// Reads a message as [`encode`] wrote it.
///
/// # Errors
/// When `value` has another shape.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, WireError> {
    serde_wasm_bindgen::from_value(value).map_err(|err| WireError::Value(err.to_string()))
}

/// Writes `message` as bytes of its own buffer, which may be transferred.
///
/// # Errors
/// When a sequence in it does not know its own length; none of ours.
pub fn pack(message: &impl Serialize) -> Result<Uint8Array, WireError> {
    let bytes = postcard::to_stdvec(message).map_err(WireError::Packed)?;
    Ok(Uint8Array::from(bytes.as_slice()))
}

/// Reads a message as [`pack`] wrote it.
///
/// # Errors
/// When `value` is no `Uint8Array`, or its bytes are not those of a `T`.
pub fn unpack<T: DeserializeOwned>(value: &JsValue) -> Result<T, WireError> {
    let bytes = value.dyn_ref::<Uint8Array>().ok_or(WireError::NotBytes)?.to_vec();
    postcard::from_bytes(&bytes).map_err(WireError::Packed)
}
