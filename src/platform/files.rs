//! File choosers, and files made of text.

use super::window;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FileList, FilePropertyBag, HtmlInputElement};

const FILE_INPUT: &str = "input[type=file][data-testid=file-input]";
const FOLDER_INPUT: &str = "input[type=file][data-testid=folder-input]";

/// The inputs of `index.html`: they stand from the first paint and are never replaced.
#[must_use]
pub fn inputs() -> Vec<HtmlInputElement> {
    [FILE_INPUT, FOLDER_INPUT].into_iter().filter_map(find_input).collect()
}

/// Opens the browser's chooser for files. Only within a click or a key.
pub fn choose_files() {
    if let Some(input) = find_input(FILE_INPUT) {
        input.click();
    }
}

/// Opens the browser's chooser for a folder. Only within a click or a key.
pub fn choose_folder() {
    if let Some(input) = find_input(FOLDER_INPUT) {
        input.click();
    }
}

/// The files of a list with their paths: a chosen folder's files carry theirs, others just their name.
#[must_use]
pub fn of_list(list: &FileList) -> Vec<(String, File)> {
    (0..list.length()).filter_map(|at| list.get(at)).map(|file| (path_of(&file), file)).collect()
}

/// The path of a file within what was chosen.
#[must_use]
pub fn path_of(file: &File) -> String {
    let path = js_sys::Reflect::get(file, &JsValue::from_str("webkitRelativePath"));
    path.ok().and_then(|path| path.as_string()).filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}

/// A file made of text: pasted, or a sample. `None` when the browser has no room for it.
#[must_use]
pub fn of_text(name: &str, text: &str) -> Option<File> {
    let options = FilePropertyBag::new();
    options.set_type("text/plain");
    File::new_with_str_sequence_and_options(&Array::of1(&JsValue::from_str(text)), name, &options).ok()
}

fn find_input(selector: &str) -> Option<HtmlInputElement> {
    window().document()?.query_selector(selector).ok()??.dyn_into().ok()
}
