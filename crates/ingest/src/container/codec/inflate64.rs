//! Deflate64, as Windows packs files above 2 GiB.

use super::{CHUNK, Codec, Decoded};
use deflate64::InflaterManaged;

/// A stream being inflated.
pub(super) struct Inflate64(Box<InflaterManaged>);

impl Inflate64 {
    pub(super) fn new() -> Self {
        Self(Box::new(InflaterManaged::new()))
    }
}

impl std::fmt::Debug for Inflate64 {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Inflate64")
    }
}

impl Codec for Inflate64 {
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String> {
        out.resize(CHUNK, 0);
        let result = self.0.inflate(input, out);
        out.truncate(result.bytes_written);
        if result.data_error {
            return Err("what is there is no Deflate64".to_owned());
        }
        Ok(Decoded { used: result.bytes_consumed, is_end: self.0.finished() })
    }
}
