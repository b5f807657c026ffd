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
    /// What can be pointed at; the last one that holds a place is meant.
    pub hits: Vec<Hit>,
}

impl Scene {
    /// What is pointed at.
    #[must_use]
    pub fn hit_at(&self, x: f64, y: f64) -> Option<&Hit> {
        self.hits.iter().rev().find(|hit| hit.shape.holds(x, y))
    }
}

/// Something that can be pointed at, and what it says then.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Where.
    pub shape: HitShape,
    /// What it is: a time, a name.
    pub title: String,
    /// Palette index, name and value of each series there.
    pub values: Vec<(u8, String, String)>,
}

/// Where something can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HitShape {
    /// A rectangle: left, top, width, height.
    Box(f64, f64, f64, f64),
    /// A part of a disc: its center, its radius, and where it begins and ends, in turns from the top to the right.
    Slice((f64, f64), f64, f64, f64),
}

impl HitShape {
    fn holds(self, x: f64, y: f64) -> bool {
        match self {
            Self::Box(left, top, width, height) => {
                x >= left && x < left + width && y >= top && y < top + height
            }
            Self::Slice((cx, cy), radius, from, to) => {
                let (dx, dy) = (x - cx, y - cy);
                let turn = (dx.atan2(-dy) / std::f64::consts::TAU).rem_euclid(1.0);
                dx.hypot(dy) <= radius && turn >= from && turn < to
            }
        }
    }
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
    /// A line through points, not filled.
    Line {
        /// The points.
        points: Vec<(f64, f64)>,
        /// Index into the palette.
        palette: u8,
    },
    /// A filled outline.
    Area {
        /// The points around it.
        points: Vec<(f64, f64)>,
        /// Index into the palette.
        palette: u8,
    },
    /// A point.
    Dot {
        /// Its center.
        x: f64,
        /// Its center.
        y: f64,
        /// Index into the palette.
        palette: u8,
    },
    /// A part of a disc, in turns from the top to the right.
    Slice {
        /// The disc's center.
        center: (f64, f64),
        /// Its radius.
        radius: f64,
        /// Where the part begins.
        from: f64,
        /// Where it ends; a whole turn more is the whole disc.
        to: f64,
        /// Index into the palette.
        palette: u8,
    },
    /// A thin straight line of the grid.
    Rule {
        /// From.
        from: (f64, f64),
        /// To.
        to: (f64, f64),
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
