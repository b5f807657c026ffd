//! What `render` asks for: the kind of chart and its properties, as Kusto documents them.
//!
//! What is not drawn as asked is said so in words ([`Asked::notes`]), never silently left out.

/// A kind of chart that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Lines over time.
    Time,
    /// Lines over numbers, or names in their order.
    Line,
    /// Filled lines.
    Area,
    /// Upright bars.
    Column,
    /// Bars to the right.
    Bar,
    /// Shares of a whole.
    Pie,
    /// Points.
    Scatter,
    /// The values of the first row, large.
    Card,
}

/// How series that share a place stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stacking {
    /// Each for itself.
    #[default]
    Apart,
    /// On each other.
    Stacked,
    /// On each other, each place filled up to the whole.
    Shares,
}

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// The kind.
    pub kind: Kind,
    /// What stands above.
    pub title: String,
    /// Column along the first axis; none: the first that fits.
    pub x_column: Option<String>,
    /// Columns of values; empty: all numbers.
    pub y_columns: Vec<String>,
    /// Columns whose values name the series; empty: all texts.
    pub series: Vec<String>,
    /// How series stand.
    pub stacking: Stacking,
    /// Whether each value adds up those before it.
    pub is_accumulated: bool,
    /// Whether the legend is shown.
    pub has_legend: bool,
    /// Lower end of the axis of values.
    pub y_min: Option<f64>,
    /// Upper end of the axis of values.
    pub y_max: Option<f64>,
    /// Words beside the first axis.
    pub x_title: String,
    /// Words beside the axis of values.
    pub y_title: String,
}

/// A spec, and what of the wish is not drawn as asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What is drawn.
    pub spec: Spec,
    /// One sentence each.
    pub notes: Vec<String>,
}

/// Kinds by the names that `render` knows: the name, what is drawn, and whether that is only the nearest.
const KINDS: [(&str, Kind, bool); 15] = [
    ("timechart", Kind::Time, false),
    ("linechart", Kind::Line, false),
    ("areachart", Kind::Area, false),
    ("stackedareachart", Kind::Area, false),
    ("columnchart", Kind::Column, false),
    ("barchart", Kind::Bar, false),
    ("piechart", Kind::Pie, false),
    ("scatterchart", Kind::Scatter, false),
    ("card", Kind::Card, false),
    ("anomalychart", Kind::Time, true),
    ("ladderchart", Kind::Bar, true),
    ("timepivot", Kind::Bar, true),
    ("pivotchart", Kind::Column, true),
    ("treemap", Kind::Pie, true),
    ("3Dchart", Kind::Scatter, true),
];

impl Kind {
    /// The name that `render` knows it by.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Time => "timechart",
            Self::Line => "linechart",
            Self::Area => "areachart",
            Self::Column => "columnchart",
            Self::Bar => "barchart",
            Self::Pie => "piechart",
            Self::Scatter => "scatterchart",
            Self::Card => "card",
        }
    }
}

/// Reads `render chart with (name=value, …)`; `Ok(None)` for `table`, an error in words for what is no chart of ours.
///
/// # Errors
/// When no chart is near to the one asked for.
pub fn read(chart: &str, properties: &[(String, Vec<String>)]) -> Result<Option<Asked>, String> {
    if chart.eq_ignore_ascii_case("table") {
        return Ok(None);
    }
    let Some((name, kind, is_near)) = KINDS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(chart)) else {
        return Err(format!("`{chart}` is not drawn here; the rows are shown"));
    };
    let mut notes = Vec::new();
    if *is_near {
        notes.push(format!("`{name}` is not drawn here; the nearest is `{}`", kind.name()));
    }
    let mut spec = Spec {
        kind: *kind,
        title: String::new(),
        x_column: None,
        y_columns: Vec::new(),
        series: Vec::new(),
        stacking: if *name == "stackedareachart" { Stacking::Stacked } else { Stacking::Apart },
        is_accumulated: false,
        has_legend: true,
        y_min: None,
        y_max: None,
        x_title: String::new(),
        y_title: String::new(),
    };
    for (name, values) in properties {
        let first = values.first().map_or("", String::as_str);
        let number = || first.parse::<f64>().ok().filter(|number| number.is_finite());
        let is = |word: &str| first.eq_ignore_ascii_case(word);
        match name.to_ascii_lowercase().as_str() {
            "title" => spec.title = first.to_owned(),
            "xtitle" => spec.x_title = first.to_owned(),
            "ytitle" => spec.y_title = first.to_owned(),
            "xcolumn" => spec.x_column = Some(first.to_owned()),
            "ycolumns" => spec.y_columns = values.clone(),
            "series" => spec.series = values.clone(),
            "accumulate" => spec.is_accumulated = is("true"),
            "legend" => spec.has_legend = !is("hidden"),
            "ymin" if number().is_some() => spec.y_min = number(),
            "ymax" if number().is_some() => spec.y_max = number(),
            "kind" if is("stacked") => spec.stacking = Stacking::Stacked,
            "kind" if is("stacked100") => spec.stacking = Stacking::Shares,
            "kind" if is("default") || is("unstacked") => spec.stacking = Stacking::Apart,
            "xaxis" | "yaxis" if is("linear") => {}
            "ysplit" if is("none") => {}
            _ => notes.push(format!("`{name}={}` is not drawn here", values.join(", "))),
        }
    }
    Ok(Some(Asked { spec, notes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn asked(chart: &str, properties: &[(&str, &[&str])]) -> Asked {
        let own = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
        let properties: Vec<_> =
            properties.iter().map(|(name, values)| ((*name).to_owned(), own(values))).collect();
        read(chart, &properties).unwrap().unwrap()
    }

    #[test]
    fn properties_are_read_in_any_case() {
        let asked = asked(
            "ColumnChart",
            &[("Kind", &["stacked"]), ("ycolumns", &["a", "b"]), ("ymax", &["5"]), ("legend", &["hidden"])],
        );
        assert_eq!((asked.spec.kind, asked.spec.stacking), (Kind::Column, Stacking::Stacked));
        assert_eq!(
            (asked.spec.y_columns.len(), asked.spec.y_max, asked.spec.has_legend),
            (2, Some(5.0), false)
        );
        assert_eq!(asked.notes, [""; 0]);
    }

    #[test]
    fn what_is_not_drawn_as_asked_is_said() {
        let asked = asked("anomalychart", &[("yaxis", &["log"]), ("anomalycolumns", &["a"])]);
        assert_eq!(asked.spec.kind, Kind::Time);
        assert_eq!(
            asked.notes,
            [
                "`anomalychart` is not drawn here; the nearest is `timechart`",
                "`yaxis=log` is not drawn here",
                "`anomalycolumns=a` is not drawn here",
            ]
        );
        assert_eq!(read("table", &[]), Ok(None));
        assert_eq!(read("plotly", &[]), Err("`plotly` is not drawn here; the rows are shown".to_owned()));
    }
}
