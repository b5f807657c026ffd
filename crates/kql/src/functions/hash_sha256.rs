//! `hash_sha256(value)`.
use super::{Call, Function, Kind, Parameter, Value, hash_md5::hex_of};
use sha2::{Digest as _, Sha256};

pub(super) const FUNCTION: Function = Function {
    name: "hash_sha256",
    about: "The SHA-256 sum of the value's text, in hexadecimal; empty for the empty text.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"hash_sha256("abc")"#, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    hex_of(call, |bytes| Sha256::digest(bytes).to_vec())
}
