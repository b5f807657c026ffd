//! File handles by number: the person's, and those of the engine's own making, which are Blobs outside the worker's memory.

use super::read::Reads;
use chartroom_protocol::FileNo;
use js_sys::{Array, Uint8Array};
use std::{collections::BTreeMap, ops::Range};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

#[derive(Default)]
pub(crate) struct Files {
    blobs: BTreeMap<FileNo, Blob>,
    reads: Reads,
}

impl Files {
    /// Takes handles as they travel: a list of `[number, handle]`.
    pub(crate) fn take(&mut self, things: &Array) {
        for pair in things.iter() {
            let pair = Array::from(&pair);
            let number =
                pair.get(0).as_f64().filter(|number| *number >= 0.0 && *number <= f64::from(u32::MAX));
            if let (Some(number), Ok(blob)) = (number, pair.get(1).dyn_into::<Blob>()) {
                self.blobs.insert(FileNo(number as u32), blob);
            }
        }
    }

    /// Handles as they travel. One that is not here is left out; reading it elsewhere says so.
    pub(crate) fn give(&self, files: &[FileNo]) -> Array {
        let known = files.iter().filter_map(|file| Some((file, self.blobs.get(file)?)));
        known.map(|(file, blob)| Array::of2(&JsValue::from(file.0), blob)).collect()
    }

    /// Appends bytes to a file of the engine's own making.
    pub(crate) fn keep(&mut self, file: FileNo, bytes: &[u8]) -> Result<(), JsValue> {
        let parts = Array::new();
        if let Some(blob) = self.blobs.get(&file) {
            parts.push(blob);
        }
        parts.push(&Uint8Array::from(bytes));
        self.blobs.insert(file, Blob::new_with_u8_array_sequence(&parts)?);
        Ok(())
    }

    pub(crate) fn release(&mut self, files: &[FileNo]) {
        self.reads.release(files);
        for file in files {
            self.blobs.remove(file);
        }
    }

    /// Reads a range of a file, behind which reading means to go on to `upto`; `done` is told the bytes, or why they cannot be
    /// had; never before this has returned.
    pub(crate) fn read(
        &mut self,
        file: FileNo,
        range: Range<u64>,
        upto: u64,
        done: impl FnOnce(Result<Vec<u8>, String>) + 'static,
    ) {
        match self.blobs.get(&file) {
            Some(blob) => self.reads.read((file, blob), range, upto, |bytes| {
                done(bytes.map_err(|err| format!("the file could not be read: {}", reason(&err))));
            }),
            None => spawn_local(async move { done(Err("the file was closed".to_owned())) }),
        }
    }
}

fn reason(err: &JsValue) -> String {
    let message = js_sys::Reflect::get(err, &JsValue::from_str("message")).ok();
    message.and_then(|message| message.as_string()).unwrap_or_else(|| "the browser gave no reason".to_owned())
}
