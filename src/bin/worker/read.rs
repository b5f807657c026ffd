//! Ranges of a file into this worker's memory.
//!
//! Large ranges come through a byte stream into a buffer that is used again: a fresh `ArrayBuffer` for every range is memory that
//! the system has to find, clear and take back, which cost this thread more than all else about a read (see `docs/performance.md`).

use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStreamByobReader, ReadableStreamGetReaderOptions, ReadableStreamReaderMode};

/// Below this a stream is not worth its set-up.
const LEAST_STREAMED: u32 = 256 << 10;
/// Buffers that wait for their next use: two reads are under way.
const MOST_SPARE: usize = 2;

/// Buffers that are not in use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers(Rc<RefCell<Vec<ArrayBuffer>>>);

impl Buffers {
    /// A buffer of at least that many bytes.
    fn take(&self, len: u32) -> ArrayBuffer {
        let spare = self.0.borrow_mut().pop().filter(|buffer| buffer.byte_length() >= len);
        spare.unwrap_or_else(|| ArrayBuffer::new(len))
    }

    fn give_back(&self, buffer: ArrayBuffer) {
        let mut spare = self.0.borrow_mut();
        if spare.len() < MOST_SPARE {
            spare.push(buffer);
        }
    }
}

/// All bytes of `slice`, which are `len` unless the file has changed.
pub(crate) async fn read(slice: Blob, len: u64, buffers: Buffers) -> Result<Vec<u8>, JsValue> {
    match u32::try_from(len) {
        Ok(len) if len >= LEAST_STREAMED => match byte_reader(&slice) {
            Some(reader) => read_stream(reader, len, buffers).await,
            None => read_whole(&slice).await,
        },
        _ => read_whole(&slice).await,
    }
}

async fn read_whole(slice: &Blob) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(slice.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A reader into buffers of ours; not every browser has one for files.
fn byte_reader(slice: &Blob) -> Option<ReadableStreamByobReader> {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    // Throws where the stream is none of bytes, which the import does not catch.
    let stream = slice.stream();
    let get_reader = Reflect::get(&stream, &"getReader".into()).ok()?;
    let get_reader: js_sys::Function = get_reader.dyn_into().ok()?;
    get_reader.call1(&stream, &options).ok()?.dyn_into().ok()
}

async fn read_stream(
    reader: ReadableStreamByobReader,
    len: u32,
    buffers: Buffers,
) -> Result<Vec<u8>, JsValue> {
    let mut buffer = buffers.take(len);
    let mut filled = 0;
    while filled < len {
        let rest = Uint8Array::new_with_byte_offset_and_length(&buffer, filled, len - filled);
        // The buffer is the browser's until it comes back with the bytes, in another object.
        let read = JsFuture::from(reader.read_with_array_buffer_view(&rest)).await?;
        let Ok(bytes) = Reflect::get(&read, &"value".into())?.dyn_into::<Uint8Array>() else { break };
        buffer = bytes.buffer();
        filled += bytes.length();
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            break;
        }
    }
    // Nothing is left to come; how it ends is of no interest.
    drop(reader.cancel());
    let bytes = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, filled).to_vec();
    buffers.give_back(buffer);
    Ok(bytes)
}
