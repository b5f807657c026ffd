//! zstd: one frame; several back to back are told apart by the layer.
//!
//! **Invariant:** one block is decoded at a time, however many are at hand: a block of four bytes can become 128 KiB.

use super::{Codec, Decoded};
use ruzstd::decoding::FrameDecoder;
use std::io::Read as _;

/// The beginning of a frame.
pub(crate) const MAGIC: &[u8] = b"\x28\xB5\x2F\xFD";
/// The end of the magic bytes of a frame that holds nothing of the content; in front is 0x50 to 0x5F.
pub(crate) const SKIPPABLE: &[u8] = b"\x2A\x4D\x18";
/// Bytes before every block.
const BLOCK_HEADER: usize = 3;

/// A frame being unpacked.
pub(super) struct Zstd {
    decoder: FrameDecoder,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Header,
    Blocks {
        has_checksum: bool,
    },
    Last,
    /// A frame without content: so many bytes of it are left.
    Skip(u64),
}

impl Zstd {
    pub(super) fn new() -> Self {
        Self { decoder: FrameDecoder::new(), state: State::Header }
    }

    /// The frame's header; `None` when more of it is needed.
    fn header(&mut self, input: &[u8]) -> Result<Option<Decoded>, String> {
        let Some(&first) = input.first() else { return Ok(None) };
        if first & 0xF0 == 0x50 && input.get(1..4) == Some(SKIPPABLE) {
            let Some(len) = crate::container::zip::u32_at(input, 4) else { return Ok(None) };
            self.state = State::Skip(u64::from(len));
            return Ok(Some(Decoded { used: 8, is_end: false }));
        }
        let Some(&descriptor) = input.get(4) else { return Ok(None) };
        let is_single = descriptor & 0x20 != 0;
        let dictionary = [0, 1, 2, 4].get(usize::from(descriptor & 3)).copied().unwrap_or(0);
        let size = match descriptor >> 6 {
            0 => usize::from(is_single),
            1 => 2,
            2 => 4,
            _ => 8,
        };
        let len =
            5_usize.saturating_add(usize::from(!is_single)).saturating_add(dictionary).saturating_add(size);
        let Some(header) = input.get(..len) else { return Ok(None) };
        self.decoder.init(header).map_err(|error| error.to_string())?;
        self.state = State::Blocks { has_checksum: descriptor & 4 != 0 };
        Ok(Some(Decoded { used: len, is_end: false }))
    }

    /// The next block; `None` when more of it is needed.
    fn block(&mut self, input: &[u8], has_checksum: bool) -> Result<Option<Decoded>, String> {
        let Some(&[low, middle, high]) = input.first_chunk::<BLOCK_HEADER>() else { return Ok(None) };
        let header = u32::from_le_bytes([low, middle, high, 0]);
        let (is_last, kind, size) = (header & 1 != 0, header >> 1 & 3, header >> 3);
        let content = if kind == 1 { 1 } else { usize::try_from(size).unwrap_or(usize::MAX) };
        let tail = if is_last && has_checksum { 4 } else { 0 };
        let len = BLOCK_HEADER.saturating_add(content).saturating_add(tail);
        let Some(block) = input.get(..len) else { return Ok(None) };
        let (used, _) = self.decoder.decode_from_to(block, &mut []).map_err(|error| error.to_string())?;
        if is_last {
            self.state = State::Last;
        }
        // Whatever it says: this block is done with.
        Ok(Some(Decoded { used: used.max(len), is_end: false }))
    }
}

impl std::fmt::Debug for Zstd {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Zstd({:?})", self.state)
    }
}

impl Codec for Zstd {
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String> {
        if !matches!(self.state, State::Header) {
            let room = out.capacity().saturating_sub(out.len());
            let ready = self.decoder.can_collect().min(room);
            if ready > 0 {
                let start = out.len();
                out.resize(start.saturating_add(ready), 0);
                let into = out.get_mut(start..).unwrap_or_default();
                self.decoder.read_exact(into).map_err(|error| error.to_string())?;
                return Ok(Decoded { used: 0, is_end: false });
            }
        }
        let decoded = match self.state {
            State::Header => self.header(input)?,
            State::Blocks { has_checksum } => self.block(input, has_checksum)?,
            State::Last => {
                let (said, found) =
                    (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
                if said.is_some() && said != found {
                    return Err("the checksum does not match".to_owned());
                }
                Some(Decoded { used: 0, is_end: true })
            }
            State::Skip(left) => {
                let used = input.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left.saturating_sub(used as u64);
                self.state = State::Skip(left);
                Some(Decoded { used, is_end: left == 0 })
            }
        };
        Ok(decoded.unwrap_or(Decoded { used: 0, is_end: false }))
    }
}
