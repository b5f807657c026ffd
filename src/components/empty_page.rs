//! The screen before anything is dropped: what this is, what it reads, that nothing leaves.
//!
//! Its words are those of the plain HTML in `index.html`, which stands here until the page is up.

use super::keep_format::KeptFormats;
use crate::{
    platform::files,
    widgets::{dialog::Dialog, prose::Prose},
};
use yew::prelude::*;

/// How to get the logs, per type.
pub const GETTING_LOGS: &str = include_str!("../../docs/getting-logs.md");
/// How to check that nothing leaves the machine.
pub const CHECKING: &str = include_str!("../../docs/checking-privacy.md");

/// Properties of [`EmptyPage`].
#[derive(PartialEq, Properties)]
pub struct EmptyPageProps {
    /// Told when text is to be pasted.
    pub on_paste: Callback<()>,
    /// Told when the sample data is wanted.
    pub on_sample: Callback<()>,
    /// What does not work here.
    #[prop_or_default]
    pub limits: Vec<AttrValue>,
}

/// Which help text is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Help {
    Getting,
    Checking,
}

/// The first screen.
#[component]
pub fn EmptyPage(props: &EmptyPageProps) -> Html {
    let help = use_state_eq(|| None::<Help>);
    let on_close = use_callback(help.setter(), |(), help| help.set(None));
    let open = |which: Help| {
        let help = help.setter();
        Callback::from(move |_: MouseEvent| help.set(Some(which)))
    };
    let on_files = use_callback((), |_: MouseEvent, ()| files::choose_files());
    let on_folder = use_callback((), |_: MouseEvent, ()| files::choose_folder());
    let on_paste = use_callback(props.on_paste.clone(), |_: MouseEvent, on_paste| on_paste.emit(()));
    let on_sample = use_callback(props.on_sample.clone(), |_: MouseEvent, on_sample| on_sample.emit(()));

    html! {
        <main class="cr-empty">
            <Chart />
            <h1 class="cr-empty__title">{ "Drop your logs here" }</h1>
            <p class="cr-empty__lead">
                { "Chartroom reads exported cloud logs in this page, and nowhere else. Nothing you drop leaves this machine." }
            </p>
            <div class="cr-empty__actions">
                <button type="button" class="cr-button cr-button--primary" onclick={on_files}>{ "Choose files" }</button>
                <button type="button" class="cr-button" onclick={on_folder}>{ "Choose a folder" }</button>
                <button type="button" class="cr-button" onclick={on_paste}>{ "Paste text" }</button>
                <button type="button" class="cr-button cr-button--quiet" onclick={on_sample}>{ "Try sample data" }</button>
            </div>
            <dl class="cr-empty__reads">
                <div><dt>{ "Azure Healthcare APIs" }</dt><dd>{ "FHIR, DICOM, MedTech and de-identification logs" }</dd></div>
                <div><dt>{ "Amazon HealthLake" }</dt><dd>{ "and every other service in AWS CloudTrail" }</dd></div>
                <div><dt>{ "Communication Services" }</dt><dd>{ "calls, chat, SMS, e-mail, rooms, usage and their siblings" }</dd></div>
                <div>
                    <dt>{ "Anything else" }</dt>
                    <dd>{ "in JSON, CSV, logfmt or dated lines, shown with the columns it has" }</dd>
                </div>
                <div>
                    <dt>{ "As you were given them" }</dt>
                    <dd>{ "folders, zip, tar, gzip: storage archives, Event Hub, workspace exports, S3" }</dd>
                </div>
            </dl>
            <p class="cr-empty__help">
                <button type="button" class="cr-link" onclick={open(Help::Getting)}>{ "How do I get these logs?" }</button>
                <button type="button" class="cr-link" onclick={open(Help::Checking)}>
                    { "How can I check that nothing leaves?" }
                </button>
            </p>
            <KeptFormats />
            { for props.limits.iter().map(|limit| html! { <p class="cr-empty__limit">{ limit }</p> }) }
            if let Some(help) = *help {
                <Dialog
                    title={match help {
                        Help::Getting => "How to get these logs",
                        Help::Checking => "How to check that nothing leaves",
                    }}
                    is_wide=true
                    {on_close}
                >
                    <Prose
                        text={match help { Help::Getting => GETTING_LOGS, Help::Checking => CHECKING }}
                        is_titled=true
                    />
                </Dialog>
            }
        </main>
    }
}

/// A course on a chart, for the eye alone.
#[component]
fn Chart() -> Html {
    let columns = (0..=12).map(|at| format!("M{} 0V220", at * 50));
    let rows = (0..=5).map(|at| format!("M0 {}H600", 10 + at * 42));
    let grid: String = columns.chain(rows).collect();
    html! {
        <svg class="cr-empty__chart" viewBox="0 0 600 220" aria-hidden="true" focusable="false">
            <path class="cr-empty__grid" d={grid} />
            <path class="cr-empty__depth" d="M0 192c70-8 96-52 150-50s80 40 130 36 64-60 124-66 92 34 132 26 44-24 64-27" />
            <path class="cr-empty__coast" d="M0 158c62-10 84-62 142-58s68 48 118 44 62-68 122-76 88 38 128 30 60-28 90-32" />
            <path class="cr-empty__course" d="M58 192 188 122 332 150 522 42" />
            <g class="cr-empty__fix">
                <circle cx="188" cy="122" r="4" /><circle cx="332" cy="150" r="4" /><circle cx="522" cy="42" r="4" />
            </g>
        </svg>
    }
}
