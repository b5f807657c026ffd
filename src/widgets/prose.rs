//! A help text on the screen.

use crate::state::prose::{Block, Inline, blocks};
use yew::{prelude::*, virtual_dom::VTag};

/// Properties of [`Prose`].
#[derive(PartialEq, Properties)]
pub struct ProseProps {
    /// The text, in the Markdown of [`crate::state::prose`].
    pub text: AttrValue,
    /// Whether the first heading is left out: the dialog's title says it already.
    #[prop_or_default]
    pub is_titled: bool,
}

/// The text with its headings, lists and tables.
#[component]
pub fn Prose(props: &ProseProps) -> Html {
    let blocks = use_memo(props.text.clone(), |text| blocks(text));
    let is_title = |block: &&Block| matches!(block, Block::Heading(1, _));
    html! {
        <div class="cr-prose">
            { for blocks.iter().filter(|block| !(props.is_titled && is_title(block))).map(block) }
        </div>
    }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Heading(level, words) => {
            let mut tag = VTag::new(format!("h{}", (level + 1).min(6)));
            tag.add_child(inlines(words));
            tag.into()
        }
        Block::Paragraph(words) => html! { <p>{ inlines(words) }</p> },
        Block::List { is_numbered: true, items } => {
            html! { <ol>{ for items.iter().map(|item| html! { <li>{ inlines(item) }</li> }) }</ol> }
        }
        Block::List { items, .. } => {
            html! { <ul>{ for items.iter().map(|item| html! { <li>{ inlines(item) }</li> }) }</ul> }
        }
        Block::Table { head, rows } => html! {
            <div class="cr-prose__table">
                <table>
                    <thead>
                        <tr>{ for head.iter().map(|cell| html! { <th scope="col">{ inlines(cell) }</th> }) }</tr>
                    </thead>
                    <tbody>
                        { for rows.iter().map(|row| html! {
                            <tr>{ for row.iter().map(|cell| html! { <td>{ inlines(cell) }</td> }) }</tr>
                        }) }
                    </tbody>
                </table>
            </div>
        },
    }
}

fn inlines(words: &[Inline]) -> Html {
    html! {
        <>
            { for words.iter().map(|word| match word {
                Inline::Text(text) => html! { { text } },
                Inline::Strong(text) => html! { <strong>{ text }</strong> },
                Inline::Emphasis(text) => html! { <em>{ text }</em> },
                Inline::Code(text) => html! { <code>{ text }</code> },
            }) }
        </>
    }
}
