//! Where components are put up, looked at and acted on.

use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, InputEvent, KeyboardEvent};
use yew::{AppHandle, BaseComponent};

const SHEETS: [&str; 8] = [
    include_str!("../../static/styles/tokens.css"),
    include_str!("../../static/styles/reset.css"),
    include_str!("../../static/styles/base.css"),
    include_str!("../../static/styles/layout.css"),
    include_str!("../../static/styles/widgets/virtual-list.css"),
    include_str!("../../static/styles/components/data-table.css"),
    include_str!("../../static/styles/components/ledger.css"),
    include_str!("../../static/styles/components/workbench.css"),
];

pub fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

/// A component in a box of 1,200 by 600 CSS pixels; gone when dropped.
pub struct Stage<C: BaseComponent> {
    pub root: HtmlElement,
    handle: Option<AppHandle<C>>,
}

impl<C: BaseComponent> Stage<C> {
    pub fn new(props: C::Properties) -> Self {
        let document = document();
        if document.get_element_by_id("sheets").is_none() {
            let style = document.create_element("style").unwrap();
            style.set_id("sheets");
            style.set_text_content(Some(&SHEETS.concat()));
            document.head().unwrap().append_child(&style).unwrap();
        }
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        let layout = "position: fixed; inset: 0 auto auto 0; width: 1200px; height: 600px; display: flex; flex-direction: column";
        root.set_attribute("style", layout).unwrap();
        document.body().unwrap().append_child(&root).unwrap();
        let handle = yew::Renderer::<C>::with_root_and_props(root.clone().into(), props).render();
        Self { root, handle: Some(handle) }
    }

    pub fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).map(|at| found.get(at).unwrap().unchecked_into()).collect()
    }

    pub fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    #[track_caller]
    pub fn get(&self, selector: &str) -> HtmlElement {
        self.find(selector).unwrap_or_else(|| panic!("no {selector} in {}", self.root.inner_html()))
    }

    /// The button of that name.
    #[track_caller]
    pub fn button(&self, name: &str) -> HtmlElement {
        let is_named = |button: &HtmlElement| {
            button.get_attribute("aria-label").as_deref() == Some(name)
                || button.text_content().is_some_and(|words| words.trim() == name)
        };
        self.all("button").into_iter().find(is_named).unwrap_or_else(|| panic!("no button {name}"))
    }

    pub fn text(&self, selector: &str) -> String {
        self.get(selector).text_content().unwrap_or_default()
    }

    pub fn attribute(&self, selector: &str, name: &str) -> String {
        self.get(selector).get_attribute(name).unwrap_or_default()
    }
}

impl<C: BaseComponent> Drop for Stage<C> {
    fn drop(&mut self) {
        if let Some(handle) = self.handle.take() {
            handle.destroy();
        }
        self.root.remove();
    }
}

/// Waits until it holds; ten seconds at most, which a busy machine may need.
#[track_caller]
pub fn until(what: &'static str, mut holds: impl FnMut() -> bool) -> impl Future<Output = ()> {
    let place = std::panic::Location::caller();
    async move {
        for _ in 0..1_000 {
            if holds() {
                return;
            }
            rest(10).await;
        }
        panic!("not within ten seconds: {what} ({place})");
    }
}

pub async fn rest(millis: u64) {
    yew::platform::time::sleep(Duration::from_millis(millis)).await;
}

/// Presses a key where the focus is; a capital letter with Shift.
pub fn press(key: &str, has_ctrl: bool) {
    let options = web_sys::KeyboardEventInit::new();
    options.set_key(key);
    options.set_ctrl_key(has_ctrl);
    options.set_shift_key(matches!(key.as_bytes(), [b'A'..=b'Z']));
    options.set_bubbles(true);
    options.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options).unwrap();
    let target: Element = document().active_element().unwrap();
    target.dispatch_event(&event).unwrap();
}

/// Puts a text into a field as if it was typed.
pub fn type_into(field: &HtmlElement, text: &str) {
    js_sys::Reflect::set(field, &"value".into(), &text.into()).unwrap();
    let options = web_sys::InputEventInit::new();
    options.set_bubbles(true);
    let event = InputEvent::new_with_event_init_dict("input", &options).unwrap();
    field.dispatch_event(&event).unwrap();
}
