//! Archives whose bytes come by: members too large to be handed out whole are walked through as they pass.
//!
//! **Invariant:** bytes that pass are unpacked once, however deep the archives lie in one another: each walk is fed by the
//! one around it, and asks for nothing itself. How deep they lie is bounded as that of all containers.

use super::members::{Listing, Told};
use super::{Job, Part, Phase, Step, Task};
use crate::framing::Limits;
use crate::members::Member;
use crate::reader::Reader;
use crate::source::Source;
use crate::source::stream::Stream;
use chartroom_store::Store;

/// An archive being listed.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) listing: Listing,
    /// The walk through the member that passes by.
    passing: Option<Box<Job>>,
}

/// The phase in which an archive is listed.
pub(super) fn phase(listing: Listing) -> Phase {
    Phase::Members(Box::new(Listed { listing, passing: None }))
}

impl Job {
    /// A walk through a member whose bytes are pushed, out of `size` bytes of the file as handed over. It stores nothing.
    fn passing(member: &Member, size: u64, limits: Limits) -> Self {
        let (path, place) = (member.name.clone(), member.place.clone());
        let stream = Stream::fed(&place, size);
        let task = Task { path, size, place, part: Part::Frame, ..Task::default() };
        Self { stream, ..Self::with_limits(task, limits) }
    }

    /// Where bytes that are pushed go.
    fn fed(&mut self) -> &mut Source {
        match &mut self.phase {
            Phase::Members(listed) => listed.listing.source_mut(),
            _ => self.stream.source_mut(),
        }
    }

    /// The bytes at hand are an archive: they are listed where they are.
    pub(super) fn list_within(&mut self) -> Option<Step> {
        let (place, size, limits) = (self.task.place.clone(), self.task.size, self.limits);
        self.held = Vec::new();
        let stream = std::mem::replace(&mut self.stream, Stream::plain(Source::new(0..0, 1), &place));
        self.phase = phase(Listing::within(place, size, limits, stream, self.window.take_all()));
        Some(Step::Archive { plain: None, is_listed: true })
    }

    /// Goes on with an archive.
    pub(super) fn list(&mut self, store: &mut Store, reader: &mut Reader, fuel: &mut usize) -> Option<Step> {
        let Phase::Members(listed) = &mut self.phase else { return None };
        if let Some(job) = &mut listed.passing {
            match job.step(store, reader, *fuel) {
                Step::Waiting => {}
                Step::Working => {
                    *fuel = 0;
                    return None;
                }
                step => {
                    if matches!(&step, Step::Done(_) | Step::Archive { is_listed: false, .. }) {
                        listed.passing = None;
                    }
                    return Some(Step::Within(Box::new(step)));
                }
            }
        }
        match listed.listing.step(fuel) {
            Told::Waiting => return Some(Step::Waiting),
            Told::Members(members) => return Some(Step::Members { members, held: None, is_passing: false }),
            Told::Held(members, bytes) => {
                return Some(Step::Members { members, held: Some(bytes), is_passing: false });
            }
            Told::Begun(members) => {
                let job = members.last().map(|member| Self::passing(member, self.task.size, self.limits));
                listed.passing = job.map(Box::new);
                return Some(Step::Members { members, held: None, is_passing: true });
            }
            // Who is done with a member before its end lets the rest pass.
            Told::Bytes(bytes) => {
                if let Some(job) = &mut listed.passing {
                    job.fed().push(bytes);
                }
            }
            Told::Passed => {
                if let Some(job) = &mut listed.passing {
                    job.fed().close();
                }
            }
            Told::Working | Told::Over => return Some(Step::Working),
            Told::Done(report) => {
                self.phase = Phase::Over;
                return Some(Step::Done(report));
            }
        }
        None
    }
}
