//! Ranges of files into this worker's memory, by byte streams that go on from one range to the next.
//!
//! **Invariant:** ranges of one stream are read one after the other, in the order of asking; each is answered once.
//!
//! A slice with an `ArrayBuffer` of its own per range was what cost most about a read (see `docs/performance.md`): a millisecond to
//! cut and to let go of, and memory that the system has to find, clear and take back. A stream is cut once for all ranges that
//! follow each other, and its bytes come into a buffer that is used again.

use chartroom_protocol::FileNo;
use js_sys::{ArrayBuffer, Function, Reflect, Uint8Array};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    ops::Range,
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ReadableStreamByobReader, ReadableStreamGetReaderOptions, ReadableStreamReaderMode};

/// Below this a stream is not worth its set-up.
const LEAST_STREAMED: u64 = 256 << 10;
/// Streams that wait to be gone on with; the oldest makes room.
const MOST_OPEN: usize = 4;
/// Buffers that wait for their next use.
const MOST_SPARE: usize = 2;

/// Who is told the bytes, or why they cannot be had.
type Done = Box<dyn FnOnce(Result<Vec<u8>, JsValue>)>;

/// All reads of this worker.
#[derive(Default)]
pub(crate) struct Reads {
    open: Vec<Rc<Stream>>,
    buffers: Rc<RefCell<Vec<ArrayBuffer>>>,
}

/// A range of a file that is being read from its beginning to its end.
struct Stream {
    file: FileNo,
    range: Range<u64>,
    slice: Blob,
    /// Where the range that is asked for next must begin.
    next: Cell<u64>,
    /// `None` until it is needed; `Some(None)` in a browser without readers of this kind.
    reader: RefCell<Option<Option<ReadableStreamByobReader>>>,
    waiting: RefCell<VecDeque<(Range<u64>, Done)>>,
    is_busy: Cell<bool>,
    buffers: Rc<RefCell<Vec<ArrayBuffer>>>,
}

impl Reads {
    /// Reads a range of a file, behind which reading means to go on to `upto`. `done` is not called before this has returned.
    pub(crate) fn read(
        &mut self,
        (file, blob): (FileNo, &Blob),
        range: Range<u64>,
        upto: u64,
        done: impl FnOnce(Result<Vec<u8>, JsValue>) + 'static,
    ) {
        let done: Done = Box::new(done);
        if range.end.saturating_sub(range.start) < LEAST_STREAMED {
            match cut(blob, range) {
                Ok(slice) => spawn_local(async move { done(read_whole(&slice).await) }),
                Err(err) => spawn_local(async move { done(Err(err)) }),
            }
            return;
        }
        let goes_on = |stream: &Rc<Stream>| {
            stream.file == file && stream.next.get() == range.start && range.end <= stream.range.end
        };
        let stream = match self.open.iter().position(goes_on) {
            Some(at) => self.open.remove(at),
            None => match Stream::open(file, blob, range.start..upto.max(range.end), &self.buffers) {
                Ok(stream) => Rc::new(stream),
                Err(err) => return spawn_local(async move { done(Err(err)) }),
            },
        };
        stream.next.set(range.end);
        stream.waiting.borrow_mut().push_back((range, done));
        if !stream.is_busy.replace(true) {
            spawn_local(Stream::run(Rc::clone(&stream)));
        }
        if stream.next.get() < stream.range.end {
            self.open.push(stream);
            if self.open.len() > MOST_OPEN {
                self.open.remove(0);
            }
        }
    }

    /// Lets go of what is open of these files.
    pub(crate) fn release(&mut self, files: &[FileNo]) {
        self.open.retain(|stream| !files.contains(&stream.file));
    }
}

impl Stream {
    fn open(
        file: FileNo,
        blob: &Blob,
        range: Range<u64>,
        buffers: &Rc<RefCell<Vec<ArrayBuffer>>>,
    ) -> Result<Self, JsValue> {
        let slice = cut(blob, range.clone())?;
        Ok(Self {
            file,
            next: Cell::new(range.start),
            range,
            slice,
            reader: RefCell::default(),
            waiting: RefCell::default(),
            is_busy: Cell::new(false),
            buffers: Rc::clone(buffers),
        })
    }

    /// Reads what waits, until nothing does.
    async fn run(self: Rc<Self>) {
        loop {
            let waiting = self.waiting.borrow_mut().pop_front();
            let Some((range, done)) = waiting else { break };
            let reader = self.reader.borrow_mut().get_or_insert_with(|| byte_reader(&self.slice)).clone();
            let bytes = match (reader, u32::try_from(range.end.saturating_sub(range.start))) {
                (Some(reader), Ok(len)) => self.read_on(&reader, len).await,
                _ => {
                    let start = self.range.start;
                    match cut(&self.slice, range.start.saturating_sub(start)..range.end.saturating_sub(start))
                    {
                        Ok(slice) => read_whole(&slice).await,
                        Err(err) => Err(err),
                    }
                }
            };
            if bytes.is_err() {
                // Whoever tries again begins anew.
                self.next.set(u64::MAX);
            }
            done(bytes);
        }
        self.is_busy.set(false);
    }

    /// The next `len` bytes; fewer only when the file is shorter than it was.
    async fn read_on(&self, reader: &ReadableStreamByobReader, len: u32) -> Result<Vec<u8>, JsValue> {
        let spare = self.buffers.borrow_mut().pop().filter(|buffer| buffer.byte_length() >= len);
        let mut buffer = spare.unwrap_or_else(|| ArrayBuffer::new(len));
        let mut filled = 0;
        while filled < len {
            let rest = Uint8Array::new_with_byte_offset_and_length(&buffer, filled, len - filled);
            // The buffer is the browser's until it comes back with the bytes, in another object.
            let read = JsFuture::from(reader.read_with_array_buffer_view(&rest)).await?;
            let Ok(bytes) = Reflect::get(&read, &"value".into())?.dyn_into::<Uint8Array>() else { break };
            buffer = bytes.buffer();
            filled += bytes.length();
            if bytes.length() == 0 {
                break;
            }
        }
        let bytes = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, filled).to_vec();
        let mut spare = self.buffers.borrow_mut();
        if spare.len() < MOST_SPARE {
            spare.push(buffer);
        }
        Ok(bytes)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        if let Some(Some(reader)) = self.reader.get_mut() {
            // The browser need not fetch ahead any more; how that ends is of no interest.
            drop(reader.cancel());
        }
    }
}

fn cut(blob: &Blob, range: Range<u64>) -> Result<Blob, JsValue> {
    // Positions in a file are below 2^53.
    blob.slice_with_f64_and_f64(range.start as f64, range.end as f64)
}

async fn read_whole(slice: &Blob) -> Result<Vec<u8>, JsValue> {
    let buffer = JsFuture::from(slice.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A reader into buffers of ours; not every browser has one for files.
fn byte_reader(slice: &Blob) -> Option<ReadableStreamByobReader> {
    let options = ReadableStreamGetReaderOptions::new();
    options.set_mode(ReadableStreamReaderMode::Byob);
    let stream = slice.stream();
    // Throws where the stream is none of bytes; the import of that name does not catch it.
    let get_reader: Function = Reflect::get(&stream, &"getReader".into()).ok()?.dyn_into().ok()?;
    get_reader.call1(&stream, &options).ok()?.dyn_into().ok()
}
