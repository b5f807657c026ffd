//! The chart that a query asks for with `render`: drawn above its rows, which say the same in words.

use super::data_table::DrawnRows;
use crate::{
    bridge::Bridge,
    hooks::{use_all_rows::use_all_rows, use_size::use_size},
    platform::zone::Zone,
    shared::Shared,
    state::{
        chart::{MOST_ROWS, table},
        format::grouped,
    },
    widgets::scene::draw_mark,
};
use chartroom_base::ticks::{PER_SECOND, Ticks};
use chartroom_chart::{
    data::Table,
    render::{CardValue, Drawn, card, scene},
    scene::Hit,
    spec::{Asked, Kind, read},
};
use chartroom_protocol::result::{ChartWish, ResultInfo};
use web_sys::Element;
use yew::prelude::*;

/// Hues of series and parts.
const HUES: &str = "cr-series";

/// Properties of [`Chart`].
#[derive(PartialEq, Properties)]
pub struct ChartProps {
    /// Where rows come from.
    pub bridge: Bridge,
    /// The result.
    pub info: Shared<ResultInfo>,
    /// The zone of its times.
    pub zone: Zone,
    /// Whether the table below is drawn: it goes first.
    pub is_ready: bool,
    /// Told of which rows the chart is drawn, or that there is nothing to draw of them.
    pub on_drawn: Callback<DrawnRows>,
}

/// What stands in the place of the chart.
#[derive(PartialEq)]
enum Shown {
    Chart(Asked, Drawn, Vec<String>),
    Card(Asked, Vec<CardValue>),
    /// Why there is none.
    Words(String),
}

/// The figure.
#[component]
pub fn Chart(props: &ChartProps) -> Html {
    let node = use_node_ref();
    let (width, height) = use_size(&node);
    let pointed = use_state_eq(|| None::<usize>);
    let rows = use_all_rows(&props.bridge, &props.info, MOST_ROWS, props.is_ready);
    let figures = use_memo(rows.clone(), |rows| {
        rows.as_ref().map(|(info, rows)| (info.clone(), table(&info.columns, rows)))
    });
    let key = (figures, props.zone.clone(), width, height);
    let shown = use_memo(key, |(figures, zone, width, height)| {
        let (info, table) = (**figures).as_ref()?;
        (*width > 0.0 && *height > 0.0).then(|| work_out(info, table, zone, (*width, *height)))
    });
    use_effect_with((rows, props.on_drawn.clone()), |(rows, on_drawn)| {
        if let Some((info, _)) = rows {
            on_drawn.emit(DrawnRows::of(info));
        }
    });
    use_effect_with(shown.clone(), {
        let pointed = pointed.setter();
        move |_| pointed.set(None)
    });

    let hits = match &*shown {
        Some(Shown::Chart(_, drawn, _)) => drawn.scene.hits.len(),
        _ => 0,
    };
    let onmousemove = {
        let (node, pointed, shown) = (node.clone(), pointed.setter(), shown.clone());
        Callback::from(move |event: MouseEvent| {
            let (Some(element), Some(Shown::Chart(_, drawn, _))) = (node.cast::<Element>(), &*shown) else {
                return;
            };
            let bounds = element.get_bounding_client_rect();
            let (x, y) =
                (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top());
            let hit = drawn.scene.hit_at(x, y);
            pointed.set(hit.and_then(|hit| drawn.scene.hits.iter().position(|one| std::ptr::eq(one, hit))));
        })
    };
    let onmouseleave = use_callback(pointed.setter(), |_: MouseEvent, pointed| pointed.set(None));
    let onkeydown = {
        let pointed = pointed.clone();
        Callback::from(move |event: KeyboardEvent| {
            let last = hits.checked_sub(1);
            let next = match (event.key().as_str(), *pointed) {
                ("ArrowRight" | "ArrowDown", at) => last.map(|last| at.map_or(0, |at| (at + 1).min(last))),
                ("ArrowLeft" | "ArrowUp", at) => last.map(|last| at.map_or(last, |at| at.saturating_sub(1))),
                ("Home", _) => last.map(|_| 0),
                ("End", _) => last,
                ("Escape", Some(_)) => None,
                _ => return,
            };
            event.prevent_default();
            pointed.set(next);
        })
    };

    let (title, notes): (String, Vec<String>) = match &*shown {
        Some(Shown::Chart(asked, _, notes)) => {
            (asked.spec.title.clone(), asked.notes.iter().chain(notes).cloned().collect())
        }
        Some(Shown::Card(asked, _)) => (asked.spec.title.clone(), asked.notes.clone()),
        Some(Shown::Words(words)) => (String::new(), vec![words.clone()]),
        None => Default::default(),
    };
    let is_empty = matches!(&*shown, Some(Shown::Words(_)));
    let hit = match &*shown {
        Some(Shown::Chart(_, drawn, _)) => pointed.and_then(|at| drawn.scene.hits.get(at)),
        _ => None,
    };
    let words = hit.map_or_else(String::new, hit_words);
    html! {
        <figure class={classes!("cr-chart", is_empty.then_some("cr-chart--empty"))} data-testid="chart">
            <div class="cr-chart__head">
                <h2 class="cr-chart__title">{ title }</h2>
                { for notes.iter().map(|note| html! { <span class="cr-chart__note">{ note }</span> }) }
            </div>
            <div
                ref={node}
                class="cr-chart__plot"
                tabindex={if hits > 0 { "0" } else { "-1" }}
                role="group"
                aria-label="Chart; the arrow keys go from value to value"
                {onmousemove}
                {onmouseleave}
                {onkeydown}
            >
                { match &*shown {
                    Some(Shown::Chart(asked, drawn, _)) => svg(asked, drawn, hit, (width, height)),
                    Some(Shown::Card(asked, values)) => cards(asked, values, (width, height)),
                    Some(Shown::Words(_)) | None => html! {},
                } }
            </div>
            if let Some(Shown::Chart(_, drawn, _)) = &*shown {
                <div class="cr-chart__foot">
                    <span class="cr-chart__axes">{ axes_words(drawn, &props.zone) }</span>
                    <span class="cr-chart__legend">
                        { for drawn.legend.iter().map(|(palette, name)| html! {
                            <span class={format!("cr-chart__key {HUES}--{}", palette % 10)} title={name.clone()}>
                                <i aria-hidden="true" />{ name }
                            </span>
                        }) }
                    </span>
                </div>
            }
            <figcaption class="cr-chart__pointed" role="status">{ words }</figcaption>
        </figure>
    }
}

fn work_out(info: &ResultInfo, table: &Table, zone: &Zone, size: (f64, f64)) -> Shown {
    let nothing = ChartWish { chart: String::new(), properties: Vec::new() };
    let wish = info.chart.as_ref().unwrap_or(&nothing);
    let mut asked = match read(&wish.chart, &wish.properties) {
        Ok(Some(asked)) => asked,
        Ok(None) => return Shown::Words(String::new()),
        Err(words) => return Shown::Words(words),
    };
    if info.rows > MOST_ROWS {
        asked.notes.push(format!(
            "The first {} of {} rows are drawn",
            grouped(MOST_ROWS),
            grouped(info.rows)
        ));
    }
    if asked.spec.kind == Kind::Card {
        return Shown::Card(asked, card(table));
    }
    let offset_at = |time: Ticks| i64::from(zone.offset_seconds(time)) * PER_SECOND;
    match table.figures(&asked.spec) {
        Ok(figures) if figures.series.is_empty() => Shown::Words("There is no value to draw".to_owned()),
        Ok(figures) => {
            let drawn = scene(&figures, &asked.spec, size, &offset_at);
            Shown::Chart(asked, drawn, figures.notes)
        }
        Err(words) => Shown::Words(format!("No chart: {words}")),
    }
}

fn svg(asked: &Asked, drawn: &Drawn, hit: Option<&Hit>, (width, height): (f64, f64)) -> Html {
    let series: Vec<&str> = drawn.legend.iter().map(|(_, name)| name.as_str()).collect();
    let alternative = format!(
        "{} of {} by {}{}; the rows below say the same",
        asked.spec.kind.name(),
        if drawn.titles.1.is_empty() { "the result" } else { &drawn.titles.1 },
        if drawn.titles.0.is_empty() { "name" } else { &drawn.titles.0 },
        if series.is_empty() { String::new() } else { format!(": {}", series.join(", ")) },
    );
    html! {
        <svg
            class="cr-chart__svg"
            role="img"
            aria-label={alternative}
            viewBox={format!("0 0 {width:.0} {height:.0}")}
            width={format!("{width:.0}")}
            height={format!("{height:.0}")}
        >
            { for drawn.scene.marks.iter().map(|mark| draw_mark(mark, HUES)) }
            if let Some(chartroom_chart::scene::HitShape::Box(x, y, box_width, box_height)) = hit.map(|hit| hit.shape) {
                <rect
                    class="cr-chart__band"
                    x={format!("{x:.1}")}
                    y={format!("{y:.1}")}
                    width={format!("{:.1}", box_width.max(1.0))}
                    height={format!("{box_height:.1}")}
                />
            }
        </svg>
    }
}

/// Each value large, its name below.
fn cards(asked: &Asked, values: &[CardValue], (width, height): (f64, f64)) -> Html {
    let pitch = width / values.len().max(1) as f64;
    let spoken: Vec<String> = values.iter().map(|(name, value)| format!("{name} {value}")).collect();
    html! {
        <svg
            class="cr-chart__svg"
            role="img"
            aria-label={format!("{}: {}", asked.spec.kind.name(), spoken.join(", "))}
            viewBox={format!("0 0 {width:.0} {height:.0}")}
            width={format!("{width:.0}")}
            height={format!("{height:.0}")}
        >
            { for values.iter().enumerate().map(|(at, (name, value))| {
                let x = format!("{:.1}", pitch * (at as f64 + 0.5));
                html! {
                    <>
                        <text class="cr-chart__value" x={x.clone()} y={format!("{:.1}", height / 2.0)} text-anchor="middle">{ value }</text>
                        <text class="cr-scene__label" {x} y={format!("{:.1}", height / 2.0 + 26.0)} text-anchor="middle">{ name }</text>
                    </>
                }
            }) }
        </svg>
    }
}

fn hit_words(hit: &Hit) -> String {
    let values: Vec<String> = hit.values.iter().map(|(_, name, value)| format!("{name} {value}")).collect();
    format!("{}: {}", hit.title, values.join(" · "))
}

/// What the axes show, the zone where one is of times.
fn axes_words(drawn: &Drawn, zone: &Zone) -> String {
    let (x, y) = &drawn.titles;
    if x.is_empty() && y.is_empty() {
        return String::new();
    }
    let zone = if drawn.is_over_time { format!(" ({})", zone.name()) } else { String::new() };
    if y.is_empty() { format!("by {x}{zone}") } else { format!("{y} by {x}{zone}") }
}
