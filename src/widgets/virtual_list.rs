//! A list of any length of which only what is seen exists.
//!
//! Rows stand within a tall element that the browser scrolls by itself; nothing is rendered until a row comes into
//! view that is not drawn yet. Beyond the height an element may have, [`crate::state::scroll`] maps the scrollbar.

use crate::{
    platform::{clock::Timeout, observers::SizeObserver},
    state::{
        pages::Shift,
        scroll::{Geometry, Place},
    },
};
use std::ops::Range;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{AddEventListenerOptions, Element, WheelEvent};
use yew::prelude::*;

/// When scrolling has rested for so long, the scrollbar goes where the rows are.
const REST_MS: i32 = 160;

/// A row to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slot {
    /// Which, from 0.
    pub index: u64,
    /// Its upper edge within the scrolled element, in CSS pixels.
    pub y: f64,
    /// Which of the elements it takes: rows that come into view take those of rows that went out of it, so that a step
    /// changes texts instead of making elements.
    pub key: u64,
}

/// Where a list is to be scrolled to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reveal {
    /// Grows with each wish.
    pub count: u32,
    /// The row to be seen.
    pub row: u64,
}

/// What is seen of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Rows that are drawn.
    pub drawn: Range<u64>,
    /// Rows that are seen at least in part.
    pub seen: Range<u64>,
    /// Whole rows that fit.
    pub page: u64,
    /// Width of what is seen.
    pub width: f64,
    /// How far it is scrolled to the side.
    pub left: f64,
}

/// Properties of [`VirtualList`].
#[derive(PartialEq, Properties)]
pub struct VirtualListProps {
    /// Rows there are.
    pub rows: u64,
    /// Height of each, in CSS pixels.
    pub row_height: f64,
    /// Width of a row; 0: as wide as what is seen.
    #[prop_or_default]
    pub width: f64,
    /// Draws a row; it is to stand at `--cr-y`.
    pub row: Callback<Slot, Html>,
    /// Told when other rows come into view.
    pub on_view: Callback<View>,
    /// A row to scroll to.
    #[prop_or_default]
    pub reveal: Reveal,
    /// A row that stands elsewhere now and is to stay where it is seen.
    #[prop_or_default]
    pub shift: Shift,
    /// Grows when the list is another one: it begins at its top.
    #[prop_or_default]
    pub resets: u32,
    /// Stands above the rows and stays there.
    #[prop_or_default]
    pub head: Html,
    /// Height of `head`, in CSS pixels.
    #[prop_or_default]
    pub head_height: f64,
    /// Role of the element that holds the rows.
    #[prop_or(AttrValue::Static("presentation"))]
    pub role: AttrValue,
    /// Its name, where it has a role.
    #[prop_or_default]
    pub label: Option<AttrValue>,
}

/// The list.
#[component]
pub fn VirtualList(props: &VirtualListProps) -> Html {
    let node = use_node_ref();
    let size = use_state(|| (0.0_f64, 0.0_f64));
    let place = use_mut_ref(Place::default);
    let left = use_mut_ref(|| 0.0_f64);
    let rest = use_mut_ref(|| None::<Timeout>);
    // What is drawn: the rows and what to add to their own places.
    let drawn = use_state_eq(|| (0_u64..0, 0.0_f64));
    let geometry = Geometry {
        rows: props.rows,
        row_height: props.row_height,
        viewport: (size.1 - props.head_height).max(0.0),
    };

    use_effect_with(node.clone(), {
        let size = size.setter();
        move |node| {
            let observer = node
                .cast::<Element>()
                .map(|element| SizeObserver::observe(&element, Callback::from(move |now| size.set(now))));
            move || drop(observer)
        }
    });

    // Draws what `place` shows, where it is not drawn already.
    let draw = use_callback((drawn.clone(), props.on_view.clone(), size.0), {
        let (place, left) = (place.clone(), left.clone());
        move |(geometry, is_forced): (Geometry, bool), (drawn, on_view, width)| {
            let place = *place.borrow();
            let seen = geometry.seen(place);
            let (have, offset) = &**drawn;
            let is_drawn = have.start <= seen.start && seen.end <= have.end;
            if !is_forced && is_drawn && *offset == place.offset() {
                return;
            }
            let range = geometry.drawn(place);
            drawn.set((range.clone(), place.offset()));
            on_view.emit(View {
                drawn: range,
                seen,
                page: geometry.page(),
                width: *width,
                left: *left.borrow(),
            });
        }
    });
    let scroll_to = {
        let (node, place) = (node.clone(), place.clone());
        move |to: Place| {
            // Before the element is told: the scroll event that follows then finds nothing to do.
            *place.borrow_mut() = to;
            if let Some(element) = node.cast::<Element>() {
                element.set_scroll_top(to.scroll as i32);
            }
        }
    };

    // Another list begins at its top.
    use_effect_with(props.resets, {
        let scroll_to = scroll_to.clone();
        move |_| scroll_to(Place::default())
    });
    // A row that went elsewhere stays where it is seen.
    use_effect_with(props.shift.count, {
        let (scroll_to, place, shift) = (scroll_to.clone(), place.clone(), props.shift);
        move |count| {
            if *count > 0 {
                let by = (shift.to as f64 - shift.from as f64) * geometry.row_height;
                let moved = geometry.moved(*place.borrow(), by);
                scroll_to(moved);
            }
        }
    });
    use_effect_with(props.reveal, {
        let (scroll_to, place) = (scroll_to.clone(), place.clone());
        move |reveal| {
            if reveal.count > 0 {
                let now = *place.borrow();
                let to = geometry.revealed(now, reveal.row);
                if to != now {
                    scroll_to(to);
                }
            }
        }
    });
    // After those above, so that it draws where they went.
    use_effect_with(
        (props.rows, geometry.viewport, size.0, props.resets, props.shift, props.reveal, props.width),
        {
            let (draw, place) = (draw.clone(), place.clone());
            move |_| {
                let top = place.borrow().top;
                if top > geometry.last_top() {
                    *place.borrow_mut() = geometry.place_at(top);
                }
                draw.emit((geometry, true));
            }
        },
    );

    let onscroll = {
        let (draw, place, node) = (draw.clone(), place.clone(), node.clone());
        let scroll_to = scroll_to.clone();
        Callback::from(move |_: Event| {
            let Some(element) = node.cast::<Element>() else { return };
            let next = geometry.scrolled(*place.borrow(), f64::from(element.scroll_top()));
            *place.borrow_mut() = next;
            let now_left = f64::from(element.scroll_left());
            let has_moved_aside = left.replace(now_left) != now_left;
            draw.emit((geometry, has_moved_aside));
            if geometry.is_mapped() {
                let (scroll_to, place, draw) = (scroll_to.clone(), place.clone(), draw.clone());
                *rest.borrow_mut() = Some(Timeout::start(REST_MS, move || {
                    let to = geometry.place_at(place.borrow().top);
                    if to != *place.borrow() {
                        scroll_to(to);
                        draw.emit((geometry, true));
                    }
                }));
            }
        })
    };
    // Where the scrollbar has another measure, a wheel still moves by pixels.
    use_effect_with((node.clone(), geometry), {
        move |(node, geometry)| {
            let geometry = *geometry;
            let element = node.cast::<Element>().filter(|_| geometry.is_mapped());
            let listener = Closure::<dyn FnMut(WheelEvent)>::new(move |event: WheelEvent| {
                if event.ctrl_key() || event.delta_y() == 0.0 {
                    return;
                }
                event.prevent_default();
                let unit = match event.delta_mode() {
                    WheelEvent::DOM_DELTA_LINE => geometry.row_height,
                    WheelEvent::DOM_DELTA_PAGE => geometry.viewport,
                    _ => 1.0,
                };
                let to = geometry.moved(*place.borrow(), event.delta_y() * unit);
                scroll_to(to);
                draw.emit((geometry, false));
            });
            if let Some(element) = &element {
                let options = AddEventListenerOptions::new();
                options.set_passive(false);
                // An element of ours takes a listener of ours.
                element
                    .add_event_listener_with_callback_and_add_event_listener_options(
                        "wheel",
                        listener.as_ref().unchecked_ref(),
                        &options,
                    )
                    .ok();
            }
            move || {
                if let Some(element) = element {
                    element
                        .remove_event_listener_with_callback("wheel", listener.as_ref().unchecked_ref())
                        .ok();
                }
            }
        }
    });

    let (range, offset) = (*drawn).clone();
    let range = range.start.min(props.rows)..range.end.min(props.rows);
    // What is drawn may still be that of a larger window.
    let pool = geometry.pool().max(range.end - range.start).max(1);
    let width = if props.width > 0.0 { format!("{:.0}px", props.width) } else { "100%".to_owned() };
    html! {
        <div ref={node} class="cr-virtual" tabindex="-1" {onscroll}>
            { props.head.clone() }
            <div
                class="cr-virtual__rows"
                role={props.role.clone()}
                aria-label={props.label.clone()}
                style={format!("--cr-height: {:.0}px; --cr-width: {width}", geometry.spacer())}
            >
                { for range.map(|index| {
                    let y = index as f64 * props.row_height + offset;
                    props.row.emit(Slot { index, y, key: index % pool })
                }) }
            </div>
        </div>
    }
}
