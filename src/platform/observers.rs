//! Sizes as they change.

use js_sys::Array;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, ResizeObserver, ResizeObserverEntry};
use yew::Callback;

type OnResize = Closure<dyn FnMut(Array)>;

/// Watches the size of an element until dropped.
pub struct SizeObserver {
    observer: Option<ResizeObserver>,
    _on_resize: OnResize,
}

impl SizeObserver {
    /// `on_size` hears width and height of the content in CSS pixels: once soon, then whenever they change.
    #[must_use]
    pub fn observe(element: &Element, on_size: Callback<(f64, f64)>) -> Self {
        let on_resize = OnResize::new(move |entries: Array| {
            // The last entry is the newest.
            if let Some(entry) =
                entries.iter().last().and_then(|entry| entry.dyn_into::<ResizeObserverEntry>().ok())
            {
                let rect = entry.content_rect();
                on_size.emit((rect.width(), rect.height()));
            }
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _on_resize: on_resize }
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
