//! `hash_sha1(value)`.
use super::{Call, Function, Kind, Parameter, Value, hash_md5::hex_of};
use sha1::{Digest as _, Sha1};

pub(super) const FUNCTION: Function = Function {
    name: "hash_sha1",
    about: "The SHA-1 sum of the value's text, in hexadecimal; empty for the empty text.",
    parameters: &[Parameter::Any],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"hash_sha1("abc")"#, "a9993e364706816aba3e25717850c26c9cd0d89d")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    hex_of(call, |bytes| Sha1::digest(bytes).to_vec())
}
