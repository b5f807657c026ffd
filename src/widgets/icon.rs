//! Small drawings beside words; never in their place.

use yew::prelude::*;

/// Which drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// A cross.
    Close,
    /// Opens below.
    Down,
    /// To the left: the previous one.
    Left,
    /// To the right: the next one.
    Right,
    /// A lens.
    Search,
    /// A closed lock.
    Lock,
    /// Two sheets.
    Copy,
    /// A triangle that starts something.
    Play,
    /// A sheet.
    File,
    /// Arrows apart: larger.
    Widen,
    /// Arrows together: smaller.
    Narrow,
    /// An arrow down to a line.
    Save,
    /// A plus.
    Add,
}

/// Properties of [`Icon`].
#[derive(PartialEq, Properties)]
pub struct IconProps {
    /// Which drawing.
    pub glyph: Glyph,
}

/// A drawing of 14 CSS pixels in the color of its text, hidden from screen readers.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let path = match props.glyph {
        Glyph::Close => "M4 4l8 8M12 4l-8 8",
        Glyph::Down => "M4 6l4 4 4-4",
        Glyph::Left => "M10 4l-4 4 4 4",
        Glyph::Right => "M6 4l4 4-4 4",
        Glyph::Search => "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 10l3.5 3.5",
        Glyph::Lock => "M5 7V5a3 3 0 0 1 6 0v2M4 7h8v6H4z",
        Glyph::Copy => "M6 6h7v7H6zM10 6V3H3v7h3",
        Glyph::Play => "M5 3.5v9l7-4.5z",
        Glyph::File => "M4 2.5h5l3 3v8H4zM9 2.5v3h3",
        Glyph::Widen => "M9.5 6.5L13 3M9.5 3H13v3.5M6.5 9.5L3 13M3 9.5V13h3.5",
        Glyph::Narrow => "M13 3L9.5 6.5M9.5 3v3.5H13M3 13l3.5-3.5M3 9.5h3.5V13",
        Glyph::Save => "M8 2.5v7M5 7l3 3 3-3M3 13h10",
        Glyph::Add => "M8 3v10M3 8h10",
    };
    html! { <svg class="cr-icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d={path} /></svg> }
}
