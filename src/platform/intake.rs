//! What the person hands over: dropped, chosen, pasted, also before the page was up.
//!
//! A drop's entries are only there while its event runs: [`Intake::of_transfer`] takes them at once.

use super::{files, window};
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{
    ClipboardEvent, DataTransfer, DragEvent, Event, EventTarget, File, FileSystemDirectoryEntry,
    HtmlInputElement,
};
use yew::Callback;

/// Files and folders that were handed over in one go.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// Files with their paths.
    pub files: Vec<(String, File)>,
    /// Folders, yet to be walked.
    pub folders: Vec<FileSystemDirectoryEntry>,
    /// What cannot be had: path and reason.
    pub unreadable: Vec<(String, String)>,
}

type OnEvent = Closure<dyn FnMut(Event)>;

thread_local! {
    static PASTES: Cell<u32> = const { Cell::new(0) };
}

impl Intake {
    /// Whether nothing was handed over.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty() && self.unreadable.is_empty()
    }

    /// What was dropped or pasted. To be called while the event runs.
    #[must_use]
    pub fn of_transfer(transfer: &DataTransfer) -> Self {
        let mut intake = Self::default();
        let items = transfer.items();
        for at in 0..items.length() {
            let Some(item) = items.get(at).filter(|item| item.kind() == "file") else { continue };
            let entry = item.webkit_get_as_entry().ok().flatten();
            match entry {
                Some(entry) if entry.is_directory() => intake.folders.push(entry.unchecked_into()),
                entry => match item.get_as_file().ok().flatten() {
                    Some(file) => intake.files.push((files::path_of(&file), file)),
                    None => {
                        let path = entry.map_or_else(|| "?".to_owned(), |entry| entry.name());
                        intake.unreadable.push((path, "the browser did not hand it over".to_owned()));
                    }
                },
            }
        }
        if intake.is_empty()
            && let Ok(text) = transfer.get_data("text/plain")
            && !text.trim().is_empty()
        {
            return Self::of_text(&text);
        }
        intake
    }

    /// Files that were chosen, with their paths.
    #[must_use]
    pub fn of_files(files: Vec<(String, File)>) -> Self {
        Self { files, ..Self::default() }
    }

    /// Pasted text, as a file named `pasted-1.txt`, `pasted-2.txt`, …
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let number = PASTES.get() + 1;
        PASTES.set(number);
        let name = format!("pasted-{number}.txt");
        match files::of_text(&name, text) {
            Some(file) => Self::of_files(vec![(name, file)]),
            None => Self {
                unreadable: vec![(name, "the browser has no room for the text".to_owned())],
                ..Self::default()
            },
        }
    }

    /// What `boot.js` kept until now; it keeps nothing from here on.
    #[must_use]
    fn take_early() -> Self {
        let get = |target: &JsValue, key: &str| js_sys::Reflect::get(target, &JsValue::from_str(key)).ok();
        let mut intake = Self::default();
        let Some(early) = get(&window(), "chartroomEarly").filter(JsValue::is_object) else { return intake };
        // Both are plain objects of ours.
        js_sys::Reflect::set(&early, &JsValue::from_str("taken"), &JsValue::TRUE).ok();
        if let Some(files) = get(&early, "files") {
            let early = js_sys::Array::from(&files);
            let early = early.iter().filter_map(|file| file.dyn_into::<File>().ok());
            intake.files.extend(early.map(|file| (files::path_of(&file), file)));
        }
        if let Some(folders) = get(&early, "folders") {
            intake.folders.extend(js_sys::Array::from(&folders).iter().map(JsCast::unchecked_into));
        }
        intake
    }
}

/// The page as one drop zone, while it lives: drops anywhere, both choosers, paste outside of text fields.
pub struct Listening {
    listeners: Vec<(EventTarget, &'static str, OnEvent)>,
}

impl Listening {
    /// `on_intake` hears what is handed over, in the same task as the event (what came before the page was up: now);
    /// `on_drag` whether something hovers over the page that could be dropped.
    #[must_use]
    pub fn start(on_intake: Callback<Intake>, on_drag: Callback<bool>) -> Self {
        let mut listening = Self { listeners: Vec::new() };
        let is_over = Rc::new(Cell::new(false));
        let set_over = Rc::new(move |over: bool| {
            if is_over.replace(over) != over {
                on_drag.emit(over);
            }
        });
        let page: EventTarget = window().into();

        let over = set_over.clone();
        listening.add(&page, "dragover", move |event| {
            if carries_files(&event) {
                // Without it the browser would open the file in the page's place.
                event.prevent_default();
                over(true);
            }
        });
        let over = set_over.clone();
        listening.add(&page, "dragleave", move |event| {
            // Left the window, not just one element for another.
            if event.dyn_ref::<DragEvent>().is_some_and(|event| event.related_target().is_none()) {
                over(false);
            }
        });
        let emit = on_intake.clone();
        listening.add(&page, "drop", move |event| {
            set_over(false);
            if !carries_files(&event) {
                return;
            }
            event.prevent_default();
            if let Some(transfer) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) {
                emit_filled(&emit, Intake::of_transfer(&transfer));
            }
        });
        let emit = on_intake.clone();
        listening.add(&page, "paste", move |event| {
            if is_text_field(event.target()) {
                return;
            }
            if let Some(transfer) = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data)
            {
                emit_filled(&emit, Intake::of_transfer(&transfer));
            }
        });
        for input in files::inputs() {
            let (emit, of) = (on_intake.clone(), input.clone());
            listening.add(&input, "change", move |_| emit_filled(&emit, take_chosen(&of)));
        }
        emit_filled(&on_intake, Intake::take_early());
        listening
    }

    fn add(&mut self, target: &EventTarget, name: &'static str, then: impl FnMut(Event) + 'static) {
        let then = OnEvent::new(then);
        if target.add_event_listener_with_callback(name, then.as_ref().unchecked_ref()).is_ok() {
            self.listeners.push((target.clone(), name, then));
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        for (target, name, then) in &self.listeners {
            // Removing what is not there does nothing.
            target.remove_event_listener_with_callback(name, then.as_ref().unchecked_ref()).ok();
        }
    }
}

fn emit_filled(emit: &Callback<Intake>, intake: Intake) {
    if !intake.is_empty() {
        emit.emit(intake);
    }
}

/// The files of an input, which is emptied: choosing the same ones again must be heard.
fn take_chosen(input: &HtmlInputElement) -> Intake {
    let files = input.files().map(|list| files::of_list(&list)).unwrap_or_default();
    input.set_value("");
    Intake::of_files(files)
}

/// Whether a drag brings files; text that is dragged within the page is none of ours.
fn carries_files(event: &Event) -> bool {
    let transfer = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    transfer.is_some_and(|transfer| transfer.types().includes(&JsValue::from_str("Files"), 0))
}

fn is_text_field(target: Option<EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| {
        element.closest("input, textarea, [contenteditable]").is_ok_and(|field| field.is_some())
    })
}
