//! Records over time, stacked by outcome.

use crate::{
    hooks::use_size::use_size,
    platform::zone::Zone,
    state::{
        cell::Outcome,
        format::{counted, grouped},
        zone::{minute_text, offset_text, time_parts},
    },
    widgets::scene::draw_mark,
};
use chartroom_base::{
    sort,
    ticks::{PER_DAY, PER_SECOND, Ticks},
};
use chartroom_chart::{
    scene::Scene,
    stacked_bars::{AXIS_HEIGHT, StackedBars},
};
use chartroom_protocol::result::TimelineData;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// Height of the bars in CSS pixels.
const HEIGHT: f64 = 52.0;

/// Properties of [`Timeline`].
#[derive(PartialEq, Properties)]
pub struct TimelineProps {
    /// The counts; `None` before the first came.
    pub data: Option<Rc<TimelineData>>,
    /// The zone of the axis.
    pub zone: Zone,
    /// Told how many buckets there is room for.
    pub on_room: Callback<u32>,
}

/// The place of an outcome in the palette.
fn palette(outcome: Option<Outcome>) -> u8 {
    match outcome {
        Some(Outcome::Succeeded) | Some(Outcome::Neutral) | None => 0,
        Some(Outcome::Pending) => 1,
        Some(Outcome::Failed) => 2,
    }
}

/// Bars over a time axis, with the same in words.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let node = use_node_ref();
    let (width, _) = use_size(&node);
    let pointed = use_state_eq(|| None::<u32>);
    let room = ((width / 6.0) as u32).clamp(10, 400);
    use_effect_with((room, props.on_room.clone(), width > 0.0), |(room, on_room, is_known)| {
        if *is_known {
            on_room.emit(*room);
        }
    });
    let onmousemove = {
        let (node, pointed) = (node.clone(), pointed.setter());
        let buckets = props.data.as_ref().map_or(0, |data| data.buckets);
        Callback::from(move |event: MouseEvent| {
            let Some(element) = node.cast::<Element>() else { return };
            let bounds = element.get_bounding_client_rect();
            let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width().max(1.0);
            let at = (share * f64::from(buckets)) as u32;
            pointed.set((share >= 0.0 && at < buckets).then_some(at));
        })
    };
    let onmouseleave = use_callback(pointed.setter(), |_: MouseEvent, pointed| pointed.set(None));

    // The same elements with and without data: the plot is measured once, and nothing is drawn before.
    let data = props.data.as_ref().filter(|data| data.buckets > 0 && data.step > 0 && width > 0.0);
    let drawn = data.map(|data| Drawn::new(data, &props.zone, width, *pointed));
    html! {
        <figure class="cr-timeline">
            <div ref={node} class="cr-timeline__plot" {onmousemove} {onmouseleave}>
                if let Some(drawn) = &drawn { { drawn.plot.clone() } }
            </div>
            <figcaption class="cr-timeline__caption">
                if let Some(drawn) = drawn { { drawn.caption } }
            </figcaption>
        </figure>
    }
}

/// What is drawn of data.
struct Drawn {
    plot: Html,
    caption: Html,
}

impl Drawn {
    fn new(data: &TimelineData, zone: &Zone, width: f64, pointed: Option<u32>) -> Self {
        let offset_at = |time: Ticks| i64::from(zone.offset_seconds(time)) * PER_SECOND;
        let mut series: Vec<(Option<Outcome>, &[u32])> = data
            .series
            .iter()
            .map(|series| (Outcome::of(&series.outcome), series.counts.as_slice()))
            .collect();
        sort::sort_by_key(&mut series, |(outcome, _)| palette(*outcome));
        let bars = StackedBars {
            from: data.from,
            step: data.step,
            buckets: data.buckets,
            series: series.iter().map(|(outcome, counts)| (palette(*outcome), *counts)).collect(),
            width: width.max(1.0),
            height: HEIGHT,
        };
        let scene = bars.scene(&offset_at);
        let totals = totals(&series);
        let (first, last) =
            (data.from, Ticks(data.from.0.saturating_add(data.step * i64::from(data.buckets))));
        let zone_name = zone.name().to_owned();
        let range =
            format!("{} – {}", minute_text(first, offset_at(first)), minute_text(last, offset_at(last)));
        let alternative = format!(
            "Records over time, {range}, {zone_name}: {}",
            totals
                .iter()
                .map(|(name, rows)| format!("{} {name}", grouped(*rows)))
                .collect::<Vec<_>>()
                .join(", "),
        );
        let words = match pointed {
            Some(bucket) => bucket_words(data, &series, bucket, &offset_at),
            None => format!("{range} · a bar is {}", step_words(data.step)),
        };
        let pitch = 100.0 / f64::from(data.buckets);
        let plot = html! {
            <>
                if let Some(bucket) = pointed {
                    <div
                        class="cr-timeline__pointed"
                        style={format!("--cr-x: {:.3}%; --cr-w: {pitch:.3}%", pitch * f64::from(bucket))}
                    />
                }
                { draw(&scene, &alternative) }
            </>
        };
        let caption = html! {
            <>
                    <span class="cr-timeline__words">{ words }</span>
                    <span class="cr-timeline__legend">
                        { for totals.iter().map(|(name, rows)| html! {
                            <span class={format!("cr-legend cr-legend--{}", name)}>
                                <i class="cr-legend__key" />{ format!("{} {name}", grouped(*rows)) }
                            </span>
                        }) }
                        if data.without_time > 0 {
                            <span class="cr-legend">{ format!("{} without a time", grouped(data.without_time)) }</span>
                        }
                        <span class="cr-timeline__zone">{ zone_name }</span>
                    </span>
            </>
        };
        Self { plot, caption }
    }
}

/// Rows of each outcome in all buckets, for the legend; those that are there.
fn totals(series: &[(Option<Outcome>, &[u32])]) -> Vec<(&'static str, u64)> {
    let sum = |palette_index: u8| {
        series
            .iter()
            .filter(|(outcome, _)| palette(*outcome) == palette_index)
            .flat_map(|(_, counts)| counts.iter().map(|&count| u64::from(count)))
            .sum::<u64>()
    };
    let names = [(0, "other"), (1, "pending"), (2, "failed")];
    let has_success = series.iter().any(|(outcome, counts)| {
        *outcome == Some(Outcome::Succeeded) && counts.iter().any(|&count| count > 0)
    });
    names
        .into_iter()
        .map(|(index, name)| (if index == 0 && has_success { "succeeded" } else { name }, sum(index)))
        .filter(|(_, rows)| *rows > 0)
        .collect()
}

fn bucket_words(
    data: &TimelineData,
    series: &[(Option<Outcome>, &[u32])],
    bucket: u32,
    offset_at: &dyn Fn(Ticks) -> i64,
) -> String {
    let start = Ticks(data.from.0.saturating_add(data.step * i64::from(bucket)));
    let parts = time_parts(start, offset_at(start));
    let at = usize::try_from(bucket).unwrap_or(0);
    let count = |counts: &[u32]| u64::from(counts.get(at).copied().unwrap_or(0));
    let all: u64 = series.iter().map(|(_, counts)| count(counts)).sum();
    let failed: u64 = series
        .iter()
        .filter(|(outcome, _)| *outcome == Some(Outcome::Failed))
        .map(|(_, counts)| count(counts))
        .sum();
    let mut words = format!(
        "{} {} {}: {}",
        parts.date,
        parts.time,
        offset_text(offset_at(start)),
        counted(all, "record", "records")
    );
    if failed > 0 {
        words.push_str(&format!(", {} failed", grouped(failed)));
    }
    words
}

/// A length of time in the largest unit that it is a whole number of.
fn step_words(step: i64) -> String {
    let units = [
        (PER_DAY, "day", "days"),
        (3_600 * PER_SECOND, "hour", "hours"),
        (60 * PER_SECOND, "minute", "minutes"),
        (PER_SECOND, "second", "seconds"),
        (PER_SECOND / 1_000, "millisecond", "milliseconds"),
    ];
    let whole = units.into_iter().find(|(unit, ..)| step >= *unit && step % *unit == 0);
    let (unit, one, many) = whole.unwrap_or((1, "tick of 100 ns", "ticks of 100 ns"));
    counted(u64::try_from(step / unit).unwrap_or(0), one, many)
}

/// A scene as SVG.
fn draw(scene: &Scene, alternative: &str) -> Html {
    let view = format!("0 0 {:.0} {:.0}", scene.width, scene.height);
    html! {
        <svg
            class="cr-timeline__svg"
            role="img"
            aria-label={alternative.to_owned()}
            viewBox={view}
            width={format!("{:.0}", scene.width)}
            height={format!("{:.0}", HEIGHT + AXIS_HEIGHT)}
        >
            <path class="cr-timeline__axis" d={format!("M0 {:.1}H{:.0}", HEIGHT + 0.5, scene.width)} />
            { for scene.marks.iter().map(|mark| draw_mark(mark, "cr-bar")) }
        </svg>
    }
}
