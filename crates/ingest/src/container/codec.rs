//! Single streams of one coding, as layers: whatever decodes bytes a piece at a time is a [`Codec`].
//!
//! **Invariant:** what comes out does not depend on how the input is cut; damage ends the stream with a reason, and what
//! was decoded before it counts. To add a coding: write `codec/<name>.rs` with a [`Codec`].

mod check;
mod inflate;

pub(crate) use check::Check;

use super::{Layer, Peeled};
use crate::report::Container;

/// Bytes that come out at once.
const CHUNK: usize = 512 << 10;

/// Decodes bytes a piece at a time.
pub(crate) trait Codec: std::fmt::Debug {
    /// Decodes from `input` to the end of `out`, not beyond its capacity.
    ///
    /// # Errors
    /// What is wrong with the input, for the person.
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String>;
}

/// What a step of decoding did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    /// Bytes of input that are done with.
    pub(crate) used: usize,
    /// Whether the stream is at its end.
    pub(crate) is_end: bool,
}

/// A codec as a layer.
#[derive(Debug)]
pub(crate) struct Decoding {
    kind: &'static str,
    codec: Box<dyn Codec>,
    input: Vec<u8>,
    at: usize,
    is_ended: bool,
    is_over: bool,
    problem: Option<String>,
}

impl Decoding {
    /// The codec of a zip's method, or what the method is when there is none.
    pub(crate) fn of_method(method: u16) -> Result<Option<Self>, String> {
        Ok(match method {
            0 => None,
            8 => Some(Self::new("deflate", Box::new(inflate::Inflate::new()))),
            other => return Err(method_name(other)),
        })
    }

    fn new(kind: &'static str, codec: Box<dyn Codec>) -> Self {
        Self { kind, codec, input: Vec::new(), at: 0, is_ended: false, is_over: false, problem: None }
    }

    fn fail(&mut self, reason: String) -> Peeled {
        self.is_over = true;
        self.problem = Some(reason);
        Peeled::End
    }
}

/// What a zip's method is, by its number.
fn method_name(method: u16) -> String {
    let name = match method {
        1 => "Shrink",
        2..=5 => "Reduce",
        6 => "Implode",
        9 => "Deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "zstd",
        95 => "xz",
        97 => "WavPack",
        98 => "PPMd",
        other => return format!("method {other}"),
    };
    name.to_owned()
}

impl Layer for Decoding {
    fn container(&self) -> Option<Container> {
        None
    }

    fn push(&mut self, bytes: Vec<u8>) {
        let left = self.input.split_off(self.at.min(self.input.len()));
        self.input = if left.is_empty() { bytes } else { [left, bytes].concat() };
        self.at = 0;
    }

    fn end(&mut self) {
        self.is_ended = true;
    }

    fn pull(&mut self, fuel: &mut usize) -> Peeled {
        loop {
            if self.is_over {
                return Peeled::End;
            }
            if *fuel == 0 {
                return Peeled::Working;
            }
            let mut out = Vec::with_capacity(CHUNK);
            let input = self.input.get(self.at..).unwrap_or_default();
            let decoded = self.codec.decode(input, &mut out);
            let used = decoded.as_ref().map_or(0, |decoded| decoded.used).min(input.len());
            self.at = self.at.saturating_add(used);
            *fuel = fuel.saturating_sub(out.len().max(1));
            match decoded {
                Ok(decoded) => self.is_over = decoded.is_end,
                Err(reason) => {
                    self.fail(format!("{} is damaged: {reason}", self.kind));
                }
            }
            if !out.is_empty() {
                return Peeled::Bytes(out);
            }
            if used == 0 && !self.is_over {
                if !self.is_ended {
                    return Peeled::Hungry;
                }
                return self.fail(format!("{} is cut short", self.kind));
            }
        }
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.problem.as_deref().map(|reason| (reason, true))
    }
}
