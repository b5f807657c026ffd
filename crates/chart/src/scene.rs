//! What a chart consists of once it is worked out: marks at places.

/// Marks on a surface. Origin is the upper left corner; lengths are CSS pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Width of the surface.
    pub width: f64,
    /// Height of the surface.
    pub height: f64,
    /// What to draw, in this order.
    pub marks: Vec<Mark>,
}

/// One thing to draw.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled rectangle.
    Bar {
        /// Left edge.
        x: f64,
        /// Upper edge.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// Index into the palette.
        palette: u8,
    },
    /// A short line from the axis, down from `y`.
    Tick {
        /// Where on the axis.
        x: f64,
        /// Upper end.
        y: f64,
        /// How far down it goes.
        length: f64,
    },
    /// A text beside a tick.
    Label {
        /// Where its anchor stands.
        x: f64,
        /// Its baseline.
        y: f64,
        /// Which part of the text stands at `x`.
        anchor: Anchor,
        /// What it says.
        text: String,
    },
}

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its first character.
    Start,
    /// Its middle.
    Middle,
    /// Its last character.
    End,
}
