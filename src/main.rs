//! Mounts the application on the page, in place of the first screen that `index.html` holds.

use chartroom::{components::app::App, platform};

fn main() {
    // A panic of the page is a bug of ours: its words belong where they can be read and reported.
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    platform::theme::Theme::stored().apply();
    let root = platform::window().document().and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<App>::with_root(root).render(),
        None => yew::Renderer::<App>::new().render(),
    };
}
