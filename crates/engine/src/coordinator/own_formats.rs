//! Log types of the person's own: files of the drop that say how others are read.
//!
//! They last as long as their files are open. **Invariant:** every shard knows the same types before it is told to read.

use super::Coordinator;
use crate::{message::ToShard, output::Output};
use chartroom_base::sort;
use chartroom_ingest::{
    Formats,
    formats::{FormatFile, own::read_own},
};
use chartroom_protocol::{Reply, RequestId};

/// The types, in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct OwnFormats {
    all: Vec<OwnFormat>,
}

/// One of them.
#[derive(Debug)]
struct OwnFormat {
    /// Where it is from.
    source: u32,
    text: String,
    file: FormatFile,
}

impl OwnFormats {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl Coordinator {
    /// A file was read; it may be a type.
    pub(crate) fn learn_own(&mut self, source: u32) {
        let Some(text) = self.files.get(&source).and_then(|state| state.merged.own.clone()) else { return };
        if self.own.all.iter().any(|own| own.source == source && own.text == text) {
            return;
        }
        let Ok(file) = read_own(&text) else { return };
        let id = file.id.clone();
        // The same type once more: the newer one counts.
        self.own.all.retain(|own| own.file.id != id);
        self.own.all.push(OwnFormat { source, text, file });
        self.formats_changed();
        // What was of no known type may be of this one, and what was of an older one of the same id is.
        self.read_generic_again(&[&id, "other"]);
    }

    /// A file was closed; it may have been a type.
    pub(crate) fn forget_own(&mut self, source: u32) {
        let Some(at) = self.own.all.iter().position(|own| own.source == source) else { return };
        let id = self.own.all.remove(at).file.id;
        self.formats_changed();
        self.read_generic_again(&[&id]);
    }

    fn formats_changed(&mut self) {
        let files: Vec<FormatFile> = self.own.all.iter().map(|own| own.file.clone()).collect();
        self.formats = Formats::leak_with_own(&files);
        self.names = super::catalogue::Names::default();
        for shard in 0..self.shards.len() as u32 {
            if self.shards.get(shard as usize).is_some_and(|state| state.is_up()) {
                self.tell_formats(shard);
            }
        }
    }

    /// Tells a shard the types, if there are any.
    pub(crate) fn tell_formats(&mut self, shard: u32) {
        let texts: Vec<String> = self.own.all.iter().map(|own| own.text.clone()).collect();
        self.outputs.push(Output::ToShard { shard, message: ToShard::Formats { texts }, files: Vec::new() });
    }

    /// Reads files again that have records of one of these types.
    fn read_generic_again(&mut self, ids: &[&str]) {
        let mut again = Vec::new();
        for (&number, file) in &mut self.files {
            let is_of = ids.iter().any(|id| file.merged.formats.contains_key(*id));
            match file.stage {
                super::files::Stage::Settled if is_of => again.push(number),
                super::files::Stage::Settled | super::files::Stage::Waiting => {}
                // Parts of it were read without the new type, perhaps.
                super::files::Stage::Reading => file.is_outdated = true,
            }
        }
        self.read_anew(again);
    }

    /// The types there are.
    pub(crate) fn log_types(&mut self, id: RequestId) {
        let events = self.formats.all().iter().filter(|format| format.table().is_some());
        let mut types: Vec<(String, String)> =
            events.map(|format| (format.id().to_owned(), format.title().to_owned())).collect();
        sort::sort_by(&mut types, |a, b| a.1.cmp(&b.1));
        self.reply(id, Reply::LogTypes { types });
    }
}
