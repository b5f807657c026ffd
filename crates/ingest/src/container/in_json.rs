//! Packed records that travel as text in JSON: `data` in base64, gzip inside, as CloudWatch Logs subscriptions come out of
//! Lambda (`awslogs`), Kinesis and Firehose. What is decoded are gzips back to back; the objects around them are the
//! container.
//!
//! **Invariant:** told by its marks and the beginning of a gzip, so that a record that merely has such a value keeps its other
//! values. What has no such data is counted and said, never passed over in silence. A byte is looked at once.

use super::{Layer, Peeled};
use crate::report::Container;

/// Bytes in which its marks must stand.
pub(crate) const MARKS_WITHIN: usize = 1 << 10;
/// Keys of which one stands around the data.
const MARKS: [&[u8]; 5] =
    [b"\"awslogs\"", b"\"kinesis\"", b"\"recordId\"", b"\"partitionKey\"", b"\"SequenceNumber\""];
/// The magic bytes of a gzip in base64.
const PACKED: &[u8] = b"H4sI";
/// Bytes of input looked at in one pull.
const AT_ONCE: usize = 256 << 10;

/// The layer.
#[derive(Debug)]
pub(crate) struct InJson {
    input: Vec<u8>,
    at: usize,
    is_ended: bool,
    state: State,
    depth: u32,
    /// The last byte that was no blank, outside of texts.
    before: u8,
    /// The beginning of the text at hand.
    text: Vec<u8>,
    is_data: bool,
    /// Bits that do not make a byte yet, and how many.
    bits: (u32, u32),
    /// Something was decoded since the object at the top began.
    has_data: bool,
    others: u64,
    problem: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Outside,
    Text { is_value: bool },
    Escaped { is_value: bool },
    Packed,
    PackedEscape,
}

/// Whether such a file begins with `head`.
pub(crate) fn is_packed(head: &[u8]) -> bool {
    let head = head.strip_prefix(crate::framing::BOM).unwrap_or(head);
    if !matches!(head.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return false;
    }
    let head = head.get(..MARKS_WITHIN).unwrap_or(head);
    let after = |at: usize, skip: u8| {
        head.get(at..).unwrap_or_default().trim_ascii_start().strip_prefix(&[skip]).unwrap_or_default()
    };
    let is_data = |at: usize| {
        let key = head.get(at..at.saturating_add(6)).unwrap_or_default();
        let value = after(at.saturating_add(6), b':').trim_ascii_start();
        key.eq_ignore_ascii_case(b"\"data\"")
            && value.strip_prefix(b"\"").is_some_and(|text| text.starts_with(PACKED))
    };
    MARKS.iter().any(|mark| memchr::memmem::find(head, mark).is_some())
        && memchr::memchr_iter(b'"', head).any(is_data)
}

impl InJson {
    pub(crate) fn new() -> Self {
        Self {
            input: Vec::new(),
            at: 0,
            is_ended: false,
            state: State::Outside,
            depth: 0,
            before: 0,
            text: Vec::new(),
            is_data: false,
            bits: (0, 0),
            has_data: false,
            others: 0,
            problem: None,
        }
    }

    fn take(&mut self, byte: u8, out: &mut Vec<u8>) {
        match self.state {
            State::Outside => self.outside(byte),
            State::Text { is_value } => match byte {
                b'"' => self.end_text(is_value),
                b'\\' => self.state = State::Escaped { is_value },
                _ => {
                    if self.text.len() <= PACKED.len() {
                        self.text.push(byte);
                    }
                    if is_value && self.is_data && self.text == PACKED {
                        self.state = State::Packed;
                        self.has_data = true;
                        self.bits = (0, 0);
                        PACKED.iter().for_each(|&byte| self.decode(byte, out));
                    }
                }
            },
            State::Escaped { is_value } => {
                // No key and no beginning that is looked for has one.
                self.text.resize(PACKED.len().saturating_add(1), 0);
                self.state = State::Text { is_value };
            }
            State::Packed => match byte {
                b'"' => self.state = State::Outside,
                b'\\' => self.state = State::PackedEscape,
                _ => self.decode(byte, out),
            },
            State::PackedEscape => {
                self.state = State::Packed;
                // A slash may be escaped; whatever else is, is no character of base64 but the padding.
                if byte == b'/' {
                    self.decode(byte, out);
                }
            }
        }
    }

    fn outside(&mut self, byte: u8) {
        match byte {
            b'"' => {
                self.text.clear();
                self.state = State::Text { is_value: self.before == b':' };
            }
            b'{' | b'[' => {
                self.has_data &= self.depth > 0;
                self.depth = self.depth.saturating_add(1);
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 && !self.has_data {
                    self.others = self.others.saturating_add(1);
                }
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            self.before = byte;
        }
    }

    fn end_text(&mut self, is_value: bool) {
        self.state = State::Outside;
        self.before = b'"';
        if !is_value {
            self.is_data = self.text.eq_ignore_ascii_case(b"data");
        } else if std::mem::take(&mut self.is_data) {
            self.others = self.others.saturating_add(1);
        }
    }

    /// One character of base64; those that are none are passed over, as line breaks are.
    fn decode(&mut self, byte: u8, out: &mut Vec<u8>) {
        let six = match byte {
            b'A'..=b'Z' => byte.wrapping_sub(b'A'),
            b'a'..=b'z' => byte.wrapping_sub(b'a').wrapping_add(26),
            b'0'..=b'9' => byte.wrapping_sub(b'0').wrapping_add(52),
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return,
        };
        let (bits, count) = self.bits;
        let (bits, count) = (bits << 6 | u32::from(six), count.saturating_add(6));
        if count < 8 {
            self.bits = (bits, count);
            return;
        }
        let left = count.saturating_sub(8);
        let [.., whole] = (bits >> left).to_be_bytes();
        out.push(whole);
        self.bits = (bits & ((1 << left) - 1), left);
    }
}

impl Layer for InJson {
    fn container(&self) -> Option<Container> {
        Some(Container { kind: "base64".to_owned(), name: String::new() })
    }

    fn push(&mut self, bytes: Vec<u8>) {
        self.input = bytes;
        self.at = 0;
    }

    fn end(&mut self) {
        self.is_ended = true;
    }

    fn pull(&mut self, fuel: &mut usize) -> Peeled {
        loop {
            if *fuel == 0 {
                return Peeled::Working;
            }
            let upto = self.at.saturating_add(AT_ONCE).min(self.input.len());
            let bytes = self.input.get(self.at..upto).unwrap_or_default().to_vec();
            self.at = upto;
            if bytes.is_empty() {
                if !self.is_ended {
                    return Peeled::Hungry;
                }
                if self.problem.is_none() && (self.depth > 0 || self.state != State::Outside) {
                    self.problem = Some("the text around packed records is cut short".to_owned());
                } else if self.problem.is_none() && self.others > 0 {
                    let count = self.others;
                    self.problem = Some(format!(
                        "{count} more of what lies beside packed records is not packed; not read"
                    ));
                }
                return Peeled::End;
            }
            *fuel = fuel.saturating_sub(bytes.len());
            let mut out = Vec::with_capacity(bytes.len());
            for &byte in &bytes {
                self.take(byte, &mut out);
            }
            if !out.is_empty() {
                return Peeled::Bytes(out);
            }
        }
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.problem.as_deref().map(|reason| (reason, true))
    }
}
