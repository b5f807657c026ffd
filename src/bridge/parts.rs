//! What the workers run: fetched (or taken out of the single file) and compiled once, before the page locks itself.

use js_sys::{Array, JsString, Uint8Array, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, RequestCache, RequestInit, Response, Url};

const GLUE: &str = "worker.js";
const WASM: &str = "worker_bg.wasm";

/// What runs in a worker besides wasm-bindgen's own output. Its first message is `[start, ports, module]`.
/// A trap inside a promise never reaches the page by itself, hence `died`. Rust's allocator traps without a word when
/// there is no more memory, so that the memory's size must speak for it. `partInHand` is set by the worker's host.
const LOADER: &str = r#"
{
  let memory;
  const died = (reason) => {
    const words = String((reason && (reason.stack || reason.message)) || reason);
    const is_full = memory && memory.buffer.byteLength > 0xf0000000;
    self.postMessage([{ died: { reason: is_full ? "it ran out of memory\n" + words : words, part: self.partInHand } }]);
  };
  self.addEventListener("error", (event) => died(event.error || event.message));
  self.addEventListener("unhandledrejection", (event) => died(event.reason));
  self.onmessage = ({ data }) => {
    self.onmessage = null;
    wasm_bindgen({ module_or_path: data[2] }).then((wasm) => {
      memory = wasm.memory;
      wasm_bindgen.start(data[0], data[1]);
    }).catch(died);
  };
}
"#;

/// What every worker is made of.
pub(super) struct Parts {
    /// Of a Blob that holds glue and loader. A worker from it inherits the page's policy; one from an address would not.
    pub(super) url: String,
    pub(super) module: WebAssembly::Module,
}

/// Fetches and compiles, then forbids the page every connection. Nothing that sees data runs before.
///
/// # Errors
/// For the person: what could not be had.
pub(super) async fn load() -> Result<Parts, String> {
    let glue = text(GLUE).await?;
    let wasm = bytes(WASM).await?;
    let compiled = JsFuture::from(WebAssembly::compile(&wasm)).await;
    let module: WebAssembly::Module =
        compiled.map_err(|err| format!("The engine did not compile: {}", words(&err)))?.unchecked_into();
    lock().map_err(|err| format!("The page could not lock itself: {}", words(&err)))?;
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let source = Array::of2(&glue.into(), &LOADER.into());
    let url = Blob::new_with_str_sequence_and_options(&source, &options)
        .and_then(|blob| Url::create_object_url_with_blob(&blob))
        .map_err(|err| format!("The engine's script could not be made: {}", words(&err)))?;
    Ok(Parts { url, module })
}

/// No connection any more: a second policy takes effect at once, and workers from Blobs inherit it.
fn lock() -> Result<(), JsValue> {
    let document = crate::platform::window().document().ok_or("no document")?;
    let meta = document.create_element("meta")?;
    meta.set_attribute("http-equiv", "Content-Security-Policy")?;
    meta.set_attribute("content", "connect-src 'none'")?;
    document.head().ok_or("no head")?.append_child(&meta)?;
    Ok(())
}

/// What a thrown value says.
pub(super) fn words(err: &JsValue) -> String {
    err.dyn_ref::<js_sys::Error>()
        .map(|err| String::from(err.message()))
        .or_else(|| err.as_string())
        .unwrap_or_else(|| format!("{err:?}"))
}

/// A part that stands in an element of that id: the single file inlines them, wasm in base64.
fn inlined(name: &str) -> Option<String> {
    crate::platform::window().document()?.get_element_by_id(name)?.text_content()
}

async fn response(name: &str) -> Result<Response, String> {
    let options = RequestInit::new();
    // Revalidated, so that glue and wasm of two releases are never mixed.
    options.set_cache(RequestCache::NoCache);
    let fetched = JsFuture::from(crate::platform::window().fetch_with_str_and_init(name, &options)).await;
    let response: Response =
        fetched.map_err(|err| format!("{name} could not be fetched: {}", words(&err)))?.unchecked_into();
    if response.ok() {
        Ok(response)
    } else {
        Err(format!("{name} could not be fetched: the server answered {}", response.status()))
    }
}

async fn text(name: &str) -> Result<String, String> {
    if let Some(text) = inlined(name) {
        return Ok(text);
    }
    let failed = |err: JsValue| format!("{name} could not be read: {}", words(&err));
    let body = response(name).await?.text().map_err(failed)?;
    Ok(JsFuture::from(body).await.map_err(failed)?.as_string().unwrap_or_default())
}

async fn bytes(name: &str) -> Result<Uint8Array, String> {
    let failed = |err: JsValue| format!("{name} could not be read: {}", words(&err));
    if let Some(text) = inlined(name) {
        let binary: JsString = crate::platform::window().atob(text.trim()).map_err(failed)?.into();
        let length = binary.length();
        let codes = Uint8Array::new_with_length(length);
        for at in 0..length {
            // `atob` gives characters below 256 only.
            codes.set_index(at, u8::try_from(binary.char_code_at(at) as u32).unwrap_or(0));
        }
        return Ok(codes);
    }
    let body = response(name).await?.array_buffer().map_err(failed)?;
    Ok(Uint8Array::new(&JsFuture::from(body).await.map_err(failed)?))
}
