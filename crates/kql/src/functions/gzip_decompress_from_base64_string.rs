//! `gzip_decompress_from_base64_string(base64)`.
use super::{Call, Function, Kind, Parameter, Value, base64_decode_tostring};

pub(super) const FUNCTION: Function = Function {
    name: "gzip_decompress_from_base64_string",
    about: "The text that was packed with gzip; empty when it was not, or is above 32 MiB.",
    parameters: &[Parameter::Text],
    returns: |_| Ok(Kind::String),
    call,
    examples: &[(r#"gzip_decompress_from_base64_string("H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==")"#, "1234567890qwertyuiop"), (r#"gzip_decompress_from_base64_string("x0x0x0")"#, "")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    let bytes = base64_decode_tostring::bytes(call.text(0)).unwrap_or_default();
    Value::owned(unpacked(flate2::read::GzDecoder::new(bytes.as_slice())))
}

/// Most bytes that a packed text may come to.
const MOST: u64 = 32 << 20;

/// All that the reader gives, as text; empty when it fails, is no text or too long.
pub(super) fn unpacked(reader: impl std::io::Read) -> String {
    use std::io::Read as _;
    let mut text = String::new();
    match reader.take(MOST + 1).read_to_string(&mut text) {
        Ok(count) if u64::try_from(count).is_ok_and(|count| count <= MOST) => text,
        _ => String::new(),
    }
}
