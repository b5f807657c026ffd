//! Colors: whatever is read stands out from whatever it may stand on, in both themes.

use wasm_bindgen_test::wasm_bindgen_test;

const TOKENS: &str = include_str!("../../static/styles/tokens.css");
/// Least contrast of text that is read (WCAG 2.2, 1.4.3), and of what must be made out (1.4.11).
const TEXT: f64 = 4.5;
const SHAPE: f64 = 3.0;

const TEXTS: &[&str] = &[
    "text",
    "text-muted",
    "accent",
    "succeeded",
    "danger",
    "pending",
    "neutral",
    "key",
    "string",
    "function",
    "literal",
];
const GROUNDS: &[&str] = &["background", "panel", "raised", "hover", "wash", "warning-wash"];
/// What stands on a ground of its own only.
const PAIRS: &[(&str, &str)] = &[("on-accent", "accent"), ("on-danger", "danger"), ("text", "mark")];

/// A token's colors, in the light and in the dark theme.
fn colors(token: &str) -> [String; 2] {
    let start = format!("--cr-{token}: light-dark(");
    let rest = TOKENS.split(&start).nth(1).unwrap_or_else(|| panic!("no {token}"));
    let mut both = rest.split(')').next().unwrap().split(", ").map(str::to_owned);
    [both.next().unwrap(), both.next().unwrap()]
}

fn luminance(color: &str) -> f64 {
    let part = |at: usize| f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
    let linear = |part: f64| if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
}

/// The lesser contrast of two tokens, over both themes.
fn contrast(one: &str, other: &str) -> f64 {
    let both = colors(one).into_iter().zip(colors(other));
    let ratios = both.map(|(one, other)| {
        let (one, other) = (luminance(&one), luminance(&other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    });
    ratios.fold(f64::INFINITY, f64::min)
}

#[wasm_bindgen_test]
fn every_text_stands_out_in_both_themes() {
    let all = TEXTS.iter().flat_map(|text| GROUNDS.iter().map(move |ground| (*text, *ground)));
    let low: Vec<_> = all
        .chain(PAIRS.iter().copied())
        .map(|(text, ground)| (text, ground, contrast(&format!("color-{text}"), &format!("color-{ground}"))))
        .filter(|(.., ratio)| *ratio < TEXT)
        .collect();
    assert!(low.is_empty(), "{low:.2?}");
}

#[wasm_bindgen_test]
fn every_series_of_a_chart_can_be_made_out() {
    let low: Vec<_> = (1..=10)
        .map(|number| (number, contrast(&format!("series-{number}"), "color-background")))
        .filter(|(_, ratio)| *ratio < SHAPE)
        .collect();
    assert!(low.is_empty(), "{low:.2?}");
}
