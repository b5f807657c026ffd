//! Single streams of one coding, as layers: whatever decodes bytes a piece at a time is a [`Codec`].
//!
//! **Invariant:** what comes out does not depend on how the input is cut; damage ends the stream with a reason, and what
//! was decoded before it counts. To add a coding: write `codec/<name>.rs` with a [`Codec`].

pub(crate) mod bzip2;
mod check;
pub(crate) mod crypt;
mod inflate;
mod inflate64;
pub(crate) mod zstd;

pub(crate) use check::Check;

use super::{Layer, Peeled};
use crate::report::Container;

/// Bytes that come out at once.
const CHUNK: usize = 512 << 10;
/// What the beginning of another stream takes from the fuel.
const STREAM_COST: usize = 16 << 10;

/// Decodes bytes a piece at a time.
pub(crate) trait Codec: std::fmt::Debug {
    /// Decodes from `input` to the end of `out`, not beyond its capacity.
    ///
    /// # Errors
    /// What is wrong with the input, for the person.
    fn decode(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Decoded, String>;

    /// Whether the end of the input is the end.
    fn ends_with_input(&self) -> bool {
        false
    }
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
    problem: Option<(String, bool)>,
    /// Told as a container of its own, and followed by others of its kind.
    is_alone: bool,
    /// Between two streams of a kind.
    is_between: bool,
}

impl Decoding {
    /// The codec of a zip's method; `None` when content is stored as it is.
    ///
    /// # Errors
    /// What the method is, when there is no codec for it.
    pub(crate) fn of_method(method: u16) -> Result<Option<Self>, String> {
        let codec = Self::codec(method)?;
        Ok(codec.map(|codec| Self::new(kind_of(method), codec)))
    }

    /// The same without a layer around it.
    pub(crate) fn codec(method: u16) -> Result<Option<Box<dyn Codec>>, String> {
        Ok(Some(match method {
            0 => return Ok(None),
            8 => Box::new(inflate::Inflate::new()),
            9 => Box::new(inflate64::Inflate64::new()),
            12 => Box::new(bzip2::Bzip2::new()),
            93 => Box::new(zstd::Zstd::new()),
            other => return Err(method_name(other)),
        }))
    }

    /// What lies behind the encryption of a member.
    pub(crate) fn decrypting(codec: Box<dyn Codec>) -> Self {
        Self::new("the encryption", codec)
    }

    /// One or more streams, back to back, that begin with `head`.
    pub(crate) fn alone(head: &[u8]) -> Option<Self> {
        let (kind, codec) = begin(head)?;
        Some(Self { is_alone: true, ..Self::new(kind, codec) })
    }

    fn new(kind: &'static str, codec: Box<dyn Codec>) -> Self {
        Self {
            kind,
            codec,
            input: Vec::new(),
            at: 0,
            is_ended: false,
            is_over: false,
            problem: None,
            is_alone: false,
            is_between: false,
        }
    }

    /// Behind a stream: another one, the end, or what does not belong there.
    fn between(&mut self) -> Option<Peeled> {
        let rest = self.input.get(self.at..).unwrap_or_default();
        if rest.len() < MAGIC_LEN && !self.is_ended {
            return Some(Peeled::Hungry);
        }
        match begin(rest) {
            Some((_, codec)) => {
                self.codec = codec;
                self.is_between = false;
                None
            }
            None => {
                let what = format!("bytes after the end of the {} stream; not read", self.kind);
                self.problem = (!rest.is_empty()).then_some((what, false));
                self.is_over = true;
                Some(Peeled::End)
            }
        }
    }

    fn fail(&mut self, reason: String) -> Peeled {
        self.is_over = true;
        self.problem = Some((reason, true));
        Peeled::End
    }
}

/// Bytes by which streams that stand alone are told.
pub(crate) const MAGIC_LEN: usize = 10;

/// The codec of a stream that begins with `head`.
fn begin(head: &[u8]) -> Option<(&'static str, Box<dyn Codec>)> {
    const BLOCK: &[u8] = b"1AY&SY";
    const END: &[u8] = b"\x17\x72\x45\x38\x50\x90";
    let is_bzip2 = head.starts_with(bzip2::MAGIC)
        && matches!(head.get(3), Some(b'1'..=b'9'))
        && head.get(4..MAGIC_LEN).is_some_and(|next| next == BLOCK || next == END);
    let is_skippable =
        head.first().is_some_and(|first| first & 0xF0 == 0x50) && head.get(1..4) == Some(zstd::SKIPPABLE);
    if is_bzip2 {
        Some(("bzip2", Box::new(bzip2::Bzip2::new())))
    } else if head.starts_with(zstd::MAGIC) || is_skippable {
        Some(("zstd", Box::new(zstd::Zstd::new())))
    } else {
        None
    }
}

/// What a codec is called.
fn kind_of(method: u16) -> &'static str {
    match method {
        8 => "deflate",
        9 => "Deflate64",
        12 => "bzip2",
        _ => "zstd",
    }
}

/// What a zip's method is, by its number.
fn method_name(method: u16) -> String {
    let name = match method {
        1 => "Shrink",
        2..=5 => "Reduce",
        6 => "Implode",
        14 => "LZMA",
        95 => "xz",
        97 => "WavPack",
        98 => "PPMd",
        other => return format!("method {other}"),
    };
    name.to_owned()
}

impl Layer for Decoding {
    fn container(&self) -> Option<Container> {
        self.is_alone.then(|| Container { kind: self.kind.to_owned(), name: String::new() })
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
            if self.is_between {
                if let Some(peeled) = self.between() {
                    return peeled;
                }
                *fuel = fuel.saturating_sub(STREAM_COST);
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
                Ok(decoded) if decoded.is_end && self.is_alone => self.is_between = true,
                Ok(decoded) => self.is_over = decoded.is_end,
                Err(reason) if reason == crypt::WRONG_PASSWORD => {
                    self.fail(reason);
                }
                Err(reason) => {
                    self.fail(format!("{} is damaged: {reason}", self.kind));
                }
            }
            if !out.is_empty() {
                return Peeled::Bytes(out);
            }
            if used == 0 && !self.is_over && !self.is_between {
                if self.is_ended && self.codec.ends_with_input() {
                    self.is_over = true;
                    return Peeled::End;
                }
                if !self.is_ended {
                    return Peeled::Hungry;
                }
                return self.fail(format!("{} is cut short", self.kind));
            }
        }
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.problem.as_ref().map(|(reason, is_loss)| (reason.as_str(), *is_loss))
    }
}
