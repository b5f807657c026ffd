//! JSON as a tree: a level is looked at when it is opened.

use crate::{
    shared::Shared,
    state::{
        json::{Sort, children, sort_of, unquoted},
        marks::Needles,
    },
    widgets::marked::marked,
};
use yew::prelude::*;

/// Children shown at once; a button shows as many more.
const AT_ONCE: usize = 100;
/// Levels open at first.
const OPEN_LEVELS: u32 = 2;
/// Deeper than this a value stays text: nobody reads that, and elements in elements have a price.
const DEEPEST: u32 = 60;
/// Characters shown of a text.
const TEXT_CHARS: usize = 2_000;

/// Properties of [`JsonTree`].
#[derive(PartialEq, Properties)]
pub struct JsonTreeProps {
    /// The text.
    pub text: AttrValue,
    /// What to mark in its values: search looks at values, not at names.
    pub needles: Shared<Needles>,
}

/// The tree of one value.
#[component]
pub fn JsonTree(props: &JsonTreeProps) -> Html {
    html! {
        <div class="cr-json" role="tree" aria-label="Record as JSON" translate="no">
            <Node name={None::<AttrValue>} value={props.text.clone()} level={0} needles={props.needles.clone()} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct NodeProps {
    name: Option<AttrValue>,
    value: AttrValue,
    level: u32,
    needles: Shared<Needles>,
}

/// A value, and under it its children when it is open.
#[component]
fn Node(props: &NodeProps) -> Html {
    let sort = sort_of(&props.value);
    let is_open = use_state_eq(|| props.level < OPEN_LEVELS);
    let most = use_state_eq(|| AT_ONCE);
    let onclick = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let on_more = {
        let most = most.clone();
        Callback::from(move |_: MouseEvent| most.set(*most + AT_ONCE))
    };
    let name = props.name.as_ref().map(|name| {
        html! { <><span class="cr-json__key">{ name }</span><span class="cr-json__colon">{ ": " }</span></> }
    });
    let level = (props.level + 1).to_string();
    if !matches!(sort, Sort::Object | Sort::Array) || props.level >= DEEPEST {
        return html! {
            <div class="cr-json__node" role="treeitem" aria-level={level}>
                { for name }
                { leaf(sort, &props.value, &props.needles) }
            </div>
        };
    }
    let (found, has_more) = children(&props.value, if *is_open { *most } else { AT_ONCE });
    let brackets = if sort == Sort::Object { ("{", "}") } else { ("[", "]") };
    if found.is_empty() {
        return html! {
            <div class="cr-json__node" role="treeitem" aria-level={level}>
                { for name }<span class="cr-json__bracket">{ brackets.0 }{ brackets.1 }</span>
            </div>
        };
    }
    let gist =
        format!("{}{} {}{}{}", brackets.0, "…", found.len(), if has_more { "+ " } else { " " }, brackets.1);
    html! {
        <div class="cr-json__node" role="treeitem" aria-level={level} aria-expanded={is_open.to_string()}>
            <button type="button" class="cr-json__toggle" {onclick}>
                <span class="cr-json__twist" aria-hidden="true" />
                { for name }
                <span class="cr-json__bracket">{ if *is_open { brackets.0.to_owned() } else { gist } }</span>
            </button>
            if *is_open {
                <div class="cr-json__children" role="group">
                    { for found.into_iter().enumerate().map(|(at, child)| {
                        let name = child.key.unwrap_or_else(|| at.to_string());
                        html! {
                            <Node
                                key={at}
                                name={Some(AttrValue::from(name))}
                                value={child.value.to_owned()}
                                level={props.level + 1}
                                needles={props.needles.clone()}
                            />
                        }
                    }) }
                    if has_more {
                        <button type="button" class="cr-link" onclick={on_more}>{ "Show more" }</button>
                    }
                </div>
                <span class="cr-json__bracket cr-json__bracket--end">{ brackets.1 }</span>
            }
        </div>
    }
}

/// A text, number or word.
fn leaf(sort: Sort, value: &str, needles: &Needles) -> Html {
    let (class, text) = match sort {
        Sort::Text => ("cr-json__text", format!("\"{}\"", unquoted(value))),
        Sort::Number => ("cr-json__number", value.to_owned()),
        _ => ("cr-json__word", value.to_owned()),
    };
    let is_long = text.chars().count() > TEXT_CHARS;
    let shown: String = if is_long { text.chars().take(TEXT_CHARS).chain(['…']).collect() } else { text };
    html! { <span {class}>{ marked(&shown, needles) }</span> }
}
