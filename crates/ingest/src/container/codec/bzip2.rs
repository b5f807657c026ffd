//! bzip2: one stream; several back to back are told apart by the layer.

use super::{Codec, Decoded};
use bzip2::{Decompress, Status};

/// The magic bytes, before the digit of the block size.
pub(crate) const MAGIC: &[u8] = b"BZh";

/// A stream being unpacked.
pub(super) struct Bzip2(Decompress);

impl Bzip2 {
    pub(super) fn new() -> Self {
        Self(Decompress::new(false))
    }
}

impl std::fmt::Debug for Bzip2 {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Bzip2")
    }
}

impl Codec for Bzip2 {
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String> {
        if input.is_empty() {
            return Ok(Decoded { used: 0, is_end: false });
        }
        let before = self.0.total_in();
        let status = self.0.decompress_vec(input, out).map_err(|error| error.to_string())?;
        let used = usize::try_from(self.0.total_in().saturating_sub(before)).unwrap_or(usize::MAX);
        Ok(Decoded { used, is_end: status == Status::StreamEnd })
    }
}
