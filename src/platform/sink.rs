//! A file that grows part by part: straight onto the disk where the browser can, else in parts that the browser keeps.

use super::{download, window};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Parts smaller than this are put together before the browser gets them.
const PART_BYTES: u32 = 1 << 20;

/// Where the parts go.
pub enum Sink {
    /// A file that the person has named; the browser's `FileSystemWritableFileStream`.
    Disk(JsValue),
    /// Blobs, saved into the downloads at the end: the browser may keep them on its disk.
    Parts {
        /// Name and type of the file.
        name: String,
        /// Whole parts.
        blobs: Array,
        /// What is not yet one.
        loose: Array,
        /// Its bytes.
        loose_bytes: u32,
    },
}

impl Sink {
    /// Parts that are saved as `name` at the end.
    #[must_use]
    pub fn parts(name: &str) -> Self {
        Self::Parts { name: name.to_owned(), blobs: Array::new(), loose: Array::new(), loose_bytes: 0 }
    }

    /// Asks the person for a place on the disk; parts, where the browser has no such question.
    ///
    /// # Errors
    /// When the person names none.
    pub async fn ask(name: &str) -> Result<Self, JsValue> {
        let picker = Reflect::get(&window(), &"showSaveFilePicker".into())?;
        let Ok(picker) = picker.dyn_into::<Function>() else { return Ok(Self::parts(name)) };
        let options = Object::new();
        Reflect::set(&options, &"suggestedName".into(), &name.into())?;
        let handle = JsFuture::from(picker.call1(&window(), &options)?.unchecked_into::<Promise>()).await?;
        call(&handle, "createWritable", &JsValue::UNDEFINED).await.map(Self::Disk)
    }

    /// Adds a part.
    ///
    /// # Errors
    /// When the disk is full, or gone.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        let part = Uint8Array::from(bytes);
        match self {
            Self::Disk(stream) => call(stream, "write", &part).await.map(drop),
            Self::Parts { blobs, loose, loose_bytes, .. } => {
                *loose_bytes += part.length();
                loose.push(&part);
                if *loose_bytes >= PART_BYTES {
                    blobs.push(Blob::new_with_u8_array_sequence(loose)?.as_ref());
                    *loose = Array::new();
                    *loose_bytes = 0;
                }
                Ok(())
            }
        }
    }

    /// The file is whole.
    ///
    /// # Errors
    /// As above.
    pub async fn close(self) -> Result<(), JsValue> {
        match self {
            Self::Disk(stream) => call(&stream, "close", &JsValue::UNDEFINED).await.map(drop),
            Self::Parts { name, blobs, loose, .. } => {
                blobs.push(Blob::new_with_u8_array_sequence(&loose)?.as_ref());
                download::save_blob(&name, &Blob::new_with_blob_sequence(&blobs)?)
            }
        }
    }

    /// The file is not wanted.
    pub async fn abort(self) {
        if let Self::Disk(stream) = self {
            // What is left of it is the browser's to remove.
            call(&stream, "abort", &JsValue::UNDEFINED).await.ok();
        }
    }
}

async fn call(object: &JsValue, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &name.into())?.dyn_into()?;
    JsFuture::from(function.call1(object, argument)?.unchecked_into::<Promise>()).await
}
