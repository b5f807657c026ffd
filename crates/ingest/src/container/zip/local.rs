//! A member's data, cut out of the zip: its local header is passed over, its end is where the directory says.

use super::{LOCAL, LOCAL_LEN, u16_at};
use crate::container::{Layer, Peeled};
use crate::report::Container;

/// The front of a member.
#[derive(Debug)]
pub(crate) struct Local {
    /// Bytes of the header as far as they came.
    front: Vec<u8>,
    /// Its length, once known.
    header: Option<u64>,
    /// Bytes of data that are still to come out; `None`: whoever reads them finds the end.
    left: Option<u64>,
    input: Vec<u8>,
    is_ended: bool,
    problem: Option<&'static str>,
}

impl Local {
    /// `packed`: bytes of data behind the header.
    pub(crate) fn new(packed: Option<u64>) -> Self {
        Self {
            front: Vec::new(),
            header: None,
            left: packed,
            input: Vec::new(),
            is_ended: false,
            problem: None,
        }
    }

    /// The length of the header at the front, once all of it is there.
    fn header_len(&self) -> Option<usize> {
        let name = usize::from(u16_at(&self.front, 26)?);
        let extra = usize::from(u16_at(&self.front, 28)?);
        let len = LOCAL_LEN.checked_add(name)?.checked_add(extra)?;
        (self.front.len() >= len).then_some(len)
    }

    fn fail(&mut self, reason: &'static str) -> Peeled {
        self.problem.get_or_insert(reason);
        self.left = Some(0);
        Peeled::End
    }
}

impl Layer for Local {
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
        if self.problem.is_some() {
            return Peeled::End;
        }
        if self.header.is_none() {
            self.front.append(&mut self.input);
            let known = self.front.len().min(LOCAL.len());
            if self.front.get(..known) != LOCAL.get(..known) {
                return self.fail("the zip is damaged: no member begins where its directory says");
            }
            match self.header_len() {
                Some(len) => {
                    self.header = Some(len as u64);
                    self.input = std::mem::take(&mut self.front).split_off(len);
                }
                None if self.is_ended => return self.fail("the zip ends within this member"),
                None => return Peeled::Hungry,
            }
        }
        if self.left == Some(0) {
            return Peeled::End;
        }
        if self.input.is_empty() {
            return match (self.is_ended, self.left) {
                (false, _) => Peeled::Hungry,
                (true, None) => Peeled::End,
                (true, Some(_)) => self.fail("the zip ends within this member"),
            };
        }
        let mut bytes = std::mem::take(&mut self.input);
        if let Some(left) = &mut self.left {
            bytes.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left = left.saturating_sub(bytes.len() as u64);
        }
        Peeled::Bytes(bytes)
    }

    fn problem(&self) -> Option<(&str, bool)> {
        self.problem.map(|reason| (reason, true))
    }

    fn shift(&self) -> Option<u64> {
        self.header
    }
}
