//! gzip: one or more members back to back.
//!
//! **Invariant:** a member that is cut short or damaged gives what can be inflated before the damage, and says so.
//! Zeros or other bytes after the last member are noted, not inflated.

use super::{Layer, Peeled};
use crate::report::Container;
use flate2::{Decompress, FlushDecompress, Status};

/// The magic bytes, with the only method there is.
pub(crate) const MAGIC: [u8; 3] = [0x1F, 0x8B, 8];
/// Bytes that come out at once.
const CHUNK: usize = 512 << 10;
/// The largest window, which every gzip may use.
const WINDOW_BITS: u8 = 15;
/// What the beginning of a member takes from the fuel.
const MEMBER_COST: usize = 4 << 10;
/// Bytes of the first header that are kept to find the name in it.
const HEADER_KEPT: usize = 600;

/// A gzip being inflated.
#[derive(Debug)]
pub(crate) struct Gzip {
    inflate: Decompress,
    input: Vec<u8>,
    at: usize,
    is_ended: bool,
    state: State,
    header: Vec<u8>,
    problem: Option<(String, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Inside a member.
    Member,
    /// After a member; so many bytes of the next one's magic were seen.
    Between(usize),
    /// Nothing more comes out.
    Over,
}

impl Gzip {
    pub(crate) fn new() -> Self {
        Self {
            inflate: Decompress::new_gzip(WINDOW_BITS),
            input: Vec::new(),
            at: 0,
            is_ended: false,
            state: State::Member,
            header: Vec::new(),
            problem: None,
        }
    }

    /// Inflates from the input at hand; empty when it needs more.
    fn inflate(&mut self, room: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(room);
        while out.len() < out.capacity() {
            let input = self.input.get(self.at..).unwrap_or_default();
            let (before_in, before_out) = (self.inflate.total_in(), out.len());
            let status = self.inflate.decompress_vec(input, &mut out, FlushDecompress::None);
            let used = self.inflate.total_in().saturating_sub(before_in);
            self.at =
                self.at.saturating_add(usize::try_from(used).unwrap_or(usize::MAX)).min(self.input.len());
            match status {
                Ok(Status::StreamEnd) => {
                    self.state = State::Between(0);
                    break;
                }
                Ok(_) if used == 0 && out.len() == before_out => break,
                Ok(_) => {}
                Err(error) => {
                    self.fail(format!("gzip is damaged: {error}"));
                    break;
                }
            }
        }
        out
    }

    fn fail(&mut self, reason: String) {
        self.state = State::Over;
        self.problem = Some((reason, true));
    }

    /// After a member: the next one, padding, or the end.
    fn between(&mut self, seen: usize) -> Option<Peeled> {
        let Some(&byte) = self.input.get(self.at) else {
            if !self.is_ended {
                return Some(Peeled::Hungry);
            }
            self.state = State::Over;
            if seen > 0 {
                self.problem = Some((TRAILING.to_owned(), false));
            }
            return Some(Peeled::End);
        };
        if MAGIC.get(seen) != Some(&byte) {
            self.problem = Some((if byte == 0 && seen == 0 { PADDING } else { TRAILING }.to_owned(), false));
            self.state = State::Over;
            return Some(Peeled::End);
        }
        self.at = self.at.saturating_add(1);
        let seen = seen.saturating_add(1);
        self.state = State::Between(seen);
        if seen == MAGIC.len() {
            self.inflate = Decompress::new_gzip(WINDOW_BITS);
            self.state = State::Member;
            // The inflater wants the whole header: the magic bytes may have come with an earlier push.
            if let Err(error) = self.inflate.decompress_vec(&MAGIC, &mut Vec::new(), FlushDecompress::None) {
                self.fail(format!("gzip is damaged: {error}"));
                return Some(Peeled::End);
            }
        }
        None
    }
}

const PADDING: &str = "zeros after the end of the gzip";
const TRAILING: &str = "bytes after the end of the gzip that are no gzip; not read";

impl Layer for Gzip {
    fn container(&self) -> Option<Container> {
        Some(Container { kind: "gzip".to_owned(), name: name_in(&self.header).unwrap_or_default() })
    }

    fn push(&mut self, bytes: Vec<u8>) {
        let room = HEADER_KEPT.saturating_sub(self.header.len());
        self.header.extend(bytes.iter().take(room));
        self.input = bytes;
        self.at = 0;
    }

    fn end(&mut self) {
        self.is_ended = true;
    }

    fn pull(&mut self, fuel: &mut usize) -> Peeled {
        loop {
            match self.state {
                State::Over => return Peeled::End,
                State::Between(seen) => {
                    if let Some(peeled) = self.between(seen) {
                        return peeled;
                    }
                    // A new member costs even when nothing is in it, so that many empty ones do not make a step long.
                    if self.state == State::Member {
                        *fuel = fuel.saturating_sub(MEMBER_COST);
                    }
                }
                State::Member => {
                    if *fuel == 0 {
                        return Peeled::Working;
                    }
                    let out = self.inflate(CHUNK);
                    *fuel = fuel.saturating_sub(out.len());
                    if !out.is_empty() {
                        return Peeled::Bytes(out);
                    }
                    if self.state == State::Member && self.at >= self.input.len() {
                        if !self.is_ended {
                            return Peeled::Hungry;
                        }
                        self.fail("gzip is cut short".to_owned());
                    } else if self.state == State::Member {
                        self.fail("gzip is damaged: no progress".to_owned());
                    }
                }
            }
        }
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.problem.as_ref().map(|(reason, is_loss)| (reason.as_str(), *is_loss))
    }
}

/// The original name, when the header bears one.
fn name_in(header: &[u8]) -> Option<String> {
    const HAS_NAME: u8 = 8;
    const HAS_EXTRA: u8 = 4;
    let flags = *header.get(3)?;
    if flags & HAS_NAME == 0 {
        return None;
    }
    let mut at = 10_usize;
    if flags & HAS_EXTRA != 0 {
        let len = u16::from_le_bytes([*header.get(10)?, *header.get(11)?]);
        at = at.saturating_add(2).saturating_add(usize::from(len));
    }
    let rest = header.get(at..)?;
    let name = rest.get(..memchr::memchr(0, rest)?)?;
    // The header's characters are Latin-1.
    Some(name.iter().map(|&byte| char::from(byte)).filter(|c| !c.is_control()).collect())
}
