//! Walks dropped folders: some files at a time, so that reading starts before the walk ends and the page stays awake.

use super::turn;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry, FileSystemFileEntry,
};

/// Files handed over in one task.
const BATCH: usize = 32;

/// Walks `folders` and all below them. `on_files` gets at most 32 files at a time, with their paths; between two calls
/// the browser gets its turn. Stops when `is_ended` says so. What could not be opened comes back: path and reason.
pub async fn walk(
    folders: Vec<FileSystemDirectoryEntry>,
    mut on_files: impl FnMut(Vec<(String, File)>),
    is_ended: impl Fn() -> bool,
) -> Vec<(String, String)> {
    let mut unreadable = Vec::new();
    // The last is walked first: reversed, folders come in the order of their names.
    let mut waiting: Vec<FileSystemDirectoryEntry> = folders.into_iter().rev().collect();
    while let Some(folder) = waiting.pop() {
        if is_ended() {
            unreadable.push((path_of(&folder), "the walk was cancelled before this folder".to_owned()));
            continue;
        }
        let entries = match list(&folder).await {
            Ok(entries) => entries,
            Err(reason) => {
                unreadable.push((path_of(&folder), reason));
                continue;
            }
        };
        let (folders, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.is_directory());
        waiting.extend(folders.into_iter().rev().map(JsCast::unchecked_into::<FileSystemDirectoryEntry>));
        for batch in files.chunks(BATCH) {
            if is_ended() {
                let reason = "the walk was cancelled before this file";
                unreadable.extend(batch.iter().map(|entry| (path_of(entry), reason.to_owned())));
                continue;
            }
            on_files(open(batch, &mut unreadable).await);
            turn::next_turn().await;
        }
    }
    unreadable
}

/// The path in the drop, without the `/` in front.
fn path_of(entry: &FileSystemEntry) -> String {
    entry.full_path().trim_start_matches('/').to_owned()
}

/// All entries of a folder, by name. The browser hands out a hundred at a time, and an empty list at the end.
async fn list(folder: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, String> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        let more = Array::from(&read_some(&reader).await.map_err(|err| reason(&err))?);
        if more.length() == 0 {
            break;
        }
        entries.extend(more.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
    entries.sort_by_cached_key(FileSystemEntry::name);
    Ok(entries)
}

async fn read_some(reader: &FileSystemDirectoryReader) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        if let Err(err) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
            // A promise's own function does not throw.
            reject.call1(&JsValue::NULL, &err).ok();
        }
    });
    JsFuture::from(promise).await
}

/// The files of some entries, all asked for at once.
async fn open(entries: &[FileSystemEntry], unreadable: &mut Vec<(String, String)>) -> Vec<(String, File)> {
    let promises: Array = entries
        .iter()
        .map(|entry| {
            let entry: &FileSystemFileEntry = entry.unchecked_ref();
            Promise::new(&mut |resolve: Function, reject: Function| {
                entry.file_with_callback_and_callback(&resolve, &reject);
            })
        })
        .collect();
    // `allSettled` is never rejected.
    let settled = JsFuture::from(Promise::all_settled(&promises)).await.unwrap_or_default();
    let mut files = Vec::new();
    for (entry, outcome) in entries.iter().zip(Array::from(&settled).iter()) {
        let get = |key: &str| Reflect::get(&outcome, &JsValue::from_str(key)).unwrap_or_default();
        match get("value").dyn_into::<File>() {
            Ok(file) => files.push((path_of(entry), file)),
            Err(_) => unreadable.push((path_of(entry), reason(&get("reason")))),
        }
    }
    files
}

fn reason(err: &JsValue) -> String {
    let message =
        Reflect::get(err, &JsValue::from_str("message")).ok().and_then(|message| message.as_string());
    let message = message.unwrap_or_else(|| "the browser gave no reason".to_owned());
    format!("it could not be opened: {message}")
}
