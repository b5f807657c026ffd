//! User Timing measures: `chartroom:ingest`, `chartroom:first-rows`, `chartroom:query`, with sizes in `detail`.

use crate::platform::clock;
use chartroom_protocol::{Reply, event::Status};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

// The form of `measure` that takes options counts as unstable in `web-sys`; browsers have had it since 2021.
#[wasm_bindgen]
extern "C" {
    type Stopwatch;
    #[wasm_bindgen(method, catch)]
    fn measure(this: &Stopwatch, name: &str, options: &Object) -> Result<JsValue, JsValue>;
}

/// A load as it is timed.
#[derive(Default)]
pub(super) struct Timing {
    load: Option<Load>,
}

struct Load {
    start: f64,
    has_begun: bool,
    has_rows: bool,
    bytes: u64,
    bytes_done: u64,
    files: u32,
}

impl Timing {
    /// A drop was made; one made while another is loading belongs to the same measure.
    pub(super) fn begin_load(&mut self) {
        if self.load.is_none() {
            self.load = Some(Load {
                start: clock::now_ms(),
                has_begun: false,
                has_rows: false,
                bytes: 0,
                bytes_done: 0,
                files: 0,
            });
        }
    }

    pub(super) fn see_status(&mut self, status: &Status) {
        let Some(load) = &mut self.load else { return };
        if let Some(progress) = &status.load {
            load.has_begun = true;
            load.bytes = progress.bytes;
            load.bytes_done = progress.bytes_done;
            load.files = progress.files;
        } else if load.has_begun {
            let (start, bytes, files) = (load.start, load.bytes, load.files);
            let memory: u64 = status.memory.iter().sum();
            self.load = None;
            measure(
                "chartroom:ingest",
                start,
                &[
                    ("bytes", bytes as f64),
                    ("files", f64::from(files)),
                    ("records", status.records as f64),
                    ("memory", memory as f64),
                ],
            );
        }
    }

    /// The first rows that arrive after a drop.
    pub(super) fn see_reply(&mut self, reply: &Reply) {
        if let (Some(load), Reply::Rows { rows, .. }) = (&mut self.load, reply)
            && !load.has_rows
            && !rows.is_empty()
        {
            load.has_rows = true;
            let sizes = [
                ("rows", rows.len() as f64),
                ("bytes_read", load.bytes_done as f64),
                ("bytes", load.bytes as f64),
            ];
            measure("chartroom:first-rows", load.start, &sizes);
        }
    }
}

/// Records a measure from `start` (as [`clock::now_ms`] counts) until now.
pub(crate) fn measure(name: &str, start: f64, sizes: &[(&str, f64)]) {
    let (detail, options) = (Object::new(), Object::new());
    // Setting a property of a plain object cannot fail.
    for (key, value) in sizes {
        Reflect::set(&detail, &JsValue::from_str(key), &JsValue::from_f64(*value)).ok();
    }
    Reflect::set(&options, &JsValue::from_str("detail"), &detail).ok();
    Reflect::set(&options, &JsValue::from_str("start"), &JsValue::from_f64(start)).ok();
    if let Some(performance) = clock::performance() {
        // A browser without the form that takes options measures nothing; the page works as well without.
        performance.unchecked_into::<Stopwatch>().measure(name, &options).ok();
    }
}
