//! Whether what came out is what the container promised: its size and its CRC-32.

use crate::container::{Layer, Peeled};
use crate::report::Container;

/// A checker around the bytes of a member.
#[derive(Debug)]
pub(crate) struct Check {
    size: Option<u64>,
    crc: Option<u32>,
    passed: u64,
    sum: flate2::Crc,
    input: Vec<u8>,
    is_ended: bool,
    is_over: bool,
    problem: Option<&'static str>,
}

impl Check {
    pub(crate) fn new(size: Option<u64>, crc: Option<u32>) -> Self {
        Self {
            size,
            crc,
            passed: 0,
            sum: flate2::Crc::new(),
            input: Vec::new(),
            is_ended: false,
            is_over: false,
            problem: None,
        }
    }
}

impl Layer for Check {
    fn container(&self) -> Option<Container> {
        None
    }

    fn push(&mut self, bytes: Vec<u8>) {
        self.input = bytes;
    }

    fn end(&mut self) {
        self.is_ended = true;
    }

    fn pull(&mut self, _fuel: &mut usize) -> Peeled {
        if self.is_over {
            return Peeled::End;
        }
        if !self.input.is_empty() {
            let mut bytes = std::mem::take(&mut self.input);
            let room = self.size.map_or(u64::MAX, |size| size.saturating_sub(self.passed));
            if (bytes.len() as u64) > room {
                bytes.truncate(usize::try_from(room).unwrap_or(usize::MAX));
                self.is_over = true;
                self.problem = Some("more comes out than the container says; stopped there");
            }
            self.passed = self.passed.saturating_add(bytes.len() as u64);
            self.sum.update(&bytes);
            return if bytes.is_empty() { Peeled::End } else { Peeled::Bytes(bytes) };
        }
        if !self.is_ended {
            return Peeled::Hungry;
        }
        self.is_over = true;
        if self.size.is_some_and(|size| self.passed < size) {
            self.problem = Some("less comes out than the container says");
        } else if self.crc.is_some_and(|crc| crc != self.sum.sum()) {
            self.problem = Some("the checksum does not match: its content is damaged");
        }
        Peeled::End
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.problem.map(|reason| (reason, true))
    }

    fn shift(&self) -> Option<u64> {
        Some(0)
    }
}
