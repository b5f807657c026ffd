//! The bytes of the innermost file: the source with its containers peeled off.
//!
//! First the hops of its [`Place`] are made; then whatever single streams the bytes turn out to be are peeled.

use super::{Pulled, Source};
use crate::container::{self, Layer, Peeled};
use crate::place::{Hop, Password, Place};
use crate::report::Container;
use std::collections::VecDeque;
use std::ops::Range;

/// What nested containers may make of one byte of the outer file. One gzip alone cannot pass 1,032; only gzips in gzips,
/// made to harm, go beyond.
const LARGEST_RATIO: u64 = 4_096;
/// What may always come out.
const ALWAYS_ALLOWED: u64 = 64 << 20;

/// A stream of the innermost file's bytes.
#[derive(Debug)]
pub(crate) struct Stream {
    source: Source,
    layers: Vec<Box<dyn Layer>>,
    /// Hops still to be made.
    hops: VecDeque<Hop>,
    /// Layers of hops; those above were found by what came out.
    hop_layers: usize,
    password: Option<Password>,
    /// Whether the source is the file as handed over, from the place on.
    is_outer: bool,
    /// Containers around the place, outermost first.
    around: Vec<Container>,
    /// Bytes of the innermost level while it is not known whether they are a container.
    sniffed: Option<Vec<u8>>,
    made: u64,
    allowed: u64,
    stopped: Option<String>,
}

impl Stream {
    /// Peels what comes out of `source`: the `size` bytes of `place`.
    pub(crate) fn peeling(source: Source, place: &Place, size: u64) -> Self {
        let allowed = size.saturating_mul(LARGEST_RATIO).max(ALWAYS_ALLOWED);
        Self {
            source: source.based(place.start),
            layers: Vec::new(),
            hops: place.hops.iter().cloned().collect(),
            hop_layers: 0,
            password: place.password.clone(),
            is_outer: true,
            around: place.containers.clone(),
            sniffed: Some(Vec::new()),
            made: 0,
            allowed,
            stopped: None,
        }
    }

    /// The bytes of `source` as they are.
    pub(crate) fn plain(source: Source, place: &Place) -> Self {
        Self {
            source: source.based(place.start),
            layers: Vec::new(),
            hops: VecDeque::new(),
            hop_layers: 0,
            password: None,
            is_outer: true,
            around: place.containers.clone(),
            sniffed: None,
            made: 0,
            allowed: u64::MAX,
            stopped: None,
        }
    }

    /// Peels what is in bytes of a member that are at hand, as they lie in its archive.
    pub(crate) fn held(bytes: Vec<u8>, place: &Place) -> Self {
        let size = bytes.len() as u64;
        let stream = Self::peeling(Source::given(bytes), &place.within(), size);
        Self { is_outer: false, ..stream }
    }

    /// The same for bytes that come one after the other, out of `size` bytes of the file as handed over.
    pub(crate) fn fed(place: &Place, size: u64) -> Self {
        let stream = Self::peeling(Source::fed(), &place.within(), size);
        Self { is_outer: false, ..stream }
    }

    /// Whether its bytes are those of the file as handed over, and not of what was found in it.
    pub(crate) fn is_outer(&self) -> bool {
        self.is_outer
    }

    /// Single streams that were found by what came out.
    pub(crate) fn sniffed_layers(&self) -> usize {
        self.layers.len().saturating_sub(self.hop_layers)
    }

    /// See [`Source::wants`].
    pub(crate) fn wants(&mut self) -> Option<Range<u64>> {
        self.source.wants()
    }

    /// See [`Source::deliver`].
    pub(crate) fn deliver(&mut self, start: u64, bytes: Result<Vec<u8>, String>) {
        self.source.deliver(start, bytes);
    }

    /// Where the bytes come from.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }

    /// The source, to read on.
    pub(crate) fn source_mut(&mut self) -> &mut Source {
        &mut self.source
    }

    /// All containers around the bytes, outermost first.
    pub(crate) fn containers(&self) -> Vec<Container> {
        let peeled = self.layers.iter().skip(self.hop_layers).filter_map(|layer| layer.container());
        self.around.iter().cloned().chain(peeled).collect()
    }

    /// Whether bytes come as they lie in the outer file.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_outer && self.layers.is_empty() && self.hops.is_empty()
    }

    /// Bytes at the front of the source that do not come out, when all others come as they lie in the outer file.
    pub(crate) fn shift(&self) -> Option<u64> {
        if !self.hops.is_empty() || !self.is_outer {
            return None;
        }
        self.layers.iter().try_fold(0_u64, |sum, layer| sum.checked_add(layer.shift()?))
    }

    /// What went wrong or is odd, with whether content is missing; after the end.
    pub(crate) fn problems(&self) -> impl Iterator<Item = (&str, bool)> {
        let failure = self.source.failure().map(|reason| (reason, true));
        let stopped = self.stopped.as_deref().map(|reason| (reason, true));
        self.layers.iter().filter_map(|layer| layer.problem()).chain(stopped).chain(failure)
    }

    /// The next bytes.
    pub(crate) fn pull(&mut self, fuel: &mut usize) -> Pulled {
        loop {
            if self.stopped.is_some() {
                return Pulled::End;
            }
            match self.hops.front() {
                Some(Hop::Zip(member)) => {
                    match container::member_layers(member, self.password.as_ref()) {
                        Ok(layers) => self.layers.extend(layers),
                        Err(reason) => self.stopped = Some(reason),
                    }
                    self.hop_made();
                    continue;
                }
                Some(Hop::Take { start, len }) => {
                    self.layers.push(container::part(*start, *len));
                    self.hop_made();
                    continue;
                }
                Some(Hop::Peel) | None => {}
            }
            let pulled = self.pull_level(self.layers.len(), fuel);
            let Some(sniffed) = &mut self.sniffed else {
                if let Pulled::Bytes(bytes) = &pulled {
                    self.made = self.made.saturating_add(bytes.len() as u64);
                    if self.made > self.allowed {
                        self.stop("inflates to far more than an honest file would; stopped");
                    }
                }
                return pulled;
            };
            let is_end = match pulled {
                Pulled::Bytes(bytes) if sniffed.is_empty() => {
                    *sniffed = bytes;
                    false
                }
                Pulled::Bytes(bytes) => {
                    sniffed.extend_from_slice(&bytes);
                    false
                }
                Pulled::End => true,
                Pulled::Working | Pulled::Waiting => return pulled,
            };
            if sniffed.len() < container::SNIFF && !is_end {
                continue;
            }
            let head = std::mem::take(sniffed);
            let is_hop = !self.hops.is_empty();
            match container::open(&head) {
                Some(_) if !is_hop && self.containers().len() >= container::NESTING => {
                    self.stop("more than four containers inside one another; not opened");
                    self.sniffed = None;
                    return Pulled::End;
                }
                Some(mut layer) => {
                    layer.push(head);
                    self.layers.push(layer);
                    if is_hop {
                        self.hop_made();
                    }
                    self.sniffed = Some(Vec::new());
                }
                None if is_hop => self.stop("the container is not what it was when its members were listed"),
                None => {
                    self.sniffed = None;
                    self.made = head.len() as u64;
                    if !head.is_empty() {
                        return Pulled::Bytes(head);
                    }
                }
            }
        }
    }

    fn hop_made(&mut self) {
        self.hops.pop_front();
        self.hop_layers = self.layers.len();
    }

    fn stop(&mut self, reason: &str) {
        self.stopped = Some(reason.to_owned());
    }

    /// Pulls from the layer below `level`, or the source at level 0. Recursion is bounded by the nesting.
    fn pull_level(&mut self, level: usize, fuel: &mut usize) -> Pulled {
        let Some(below) = level.checked_sub(1) else { return self.source.pull() };
        loop {
            let Some(layer) = self.layers.get_mut(below) else { return Pulled::End };
            match layer.pull(fuel) {
                Peeled::Bytes(bytes) => return Pulled::Bytes(bytes),
                Peeled::Working => return Pulled::Working,
                Peeled::End => return Pulled::End,
                Peeled::Hungry => {}
            }
            let input = self.pull_level(below, fuel);
            let Some(layer) = self.layers.get_mut(below) else { return Pulled::End };
            match input {
                Pulled::Bytes(bytes) => layer.push(bytes),
                Pulled::End => layer.end(),
                Pulled::Working | Pulled::Waiting => return input,
            }
        }
    }
}
