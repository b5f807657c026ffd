//! Deflate without a wrapper, as it lies in a zip.

use super::{Codec, Decoded};
use flate2::{Decompress, FlushDecompress, Status};

/// A stream being inflated.
#[derive(Debug)]
pub(super) struct Inflate(Decompress);

impl Inflate {
    pub(super) fn new() -> Self {
        Self(Decompress::new(false))
    }
}

impl Codec for Inflate {
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String> {
        let before = self.0.total_in();
        let status =
            self.0.decompress_vec(input, out, FlushDecompress::None).map_err(|error| error.to_string())?;
        let used = usize::try_from(self.0.total_in().saturating_sub(before)).unwrap_or(usize::MAX);
        Ok(Decoded { used, is_end: status == Status::StreamEnd })
    }
}
