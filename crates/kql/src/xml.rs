//! XML as JSON, the way Kusto's `parse_xml` gives it.
//!
//! An element is its text, or an object of its attributes (`@name`), its text (`#text`) and its children; children of one name are an
//! array, an empty element is null. **Invariant:** no recursion; depth and size are bounded, what is no XML gives `None`.

use crate::json::{ArrayWriter, ObjectWriter, push_string};
use std::collections::BTreeMap;

/// Deeper texts are no XML to us.
const MAX_DEPTH: usize = 256;

/// An element whose end has not come.
#[derive(Default)]
struct Open<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
    /// The children's JSON by name, and the names in the order in which they came.
    children: BTreeMap<&'a str, Vec<String>>,
    names: Vec<&'a str>,
    text: String,
}

impl<'a> Open<'a> {
    fn add(&mut self, name: &'a str, json: String) {
        let list = self.children.entry(name).or_default();
        if list.is_empty() {
            self.names.push(name);
        }
        list.push(json);
    }

    fn finish(&self) -> String {
        let quoted = |text: &str| {
            let mut out = String::new();
            push_string(&mut out, text);
            out
        };
        let is_blank = self.text.trim().is_empty();
        if self.attributes.is_empty() && self.names.is_empty() {
            return if is_blank { "null".to_owned() } else { quoted(&self.text) };
        }
        let mut out = ObjectWriter::default();
        for (name, value) in &self.attributes {
            out.value(&format!("@{name}"), &quoted(value));
        }
        if !is_blank {
            out.value("#text", &quoted(&self.text));
        }
        for name in &self.names {
            match self.children.get(name).map(Vec::as_slice) {
                Some([one]) => out.value(name, one),
                Some(several) => {
                    let mut array = ArrayWriter::default();
                    several.iter().for_each(|json| array.raw(json));
                    out.value(name, &array.finish());
                }
                None => {}
            }
        }
        out.finish()
    }
}

/// Text with its entities read; `None` for one that there is not.
fn decoded(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (entity, behind) = after.split_once(';')?;
        out.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = entity.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = behind;
    }
    out.push_str(rest);
    Some(out)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// The attributes behind an element's name.
fn attributes(mut text: &str) -> Option<Vec<(&str, String)>> {
    let mut all: Vec<(&str, String)> = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return Some(all);
        }
        let (name, rest) = text.split_once('=')?;
        let name = name.trim_end();
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, behind) = rest.get(1..)?.split_once(quote)?;
        if !is_name(name) || value.contains('<') || all.iter().any(|(known, _)| *known == name) {
            return None;
        }
        all.push((name, decoded(value)?));
        text = behind;
    }
}

/// One past the `>` that ends a tag, quotes skipped.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The text as JSON; `None` when it is no XML.
pub(crate) fn to_json(text: &str) -> Option<String> {
    // The root's element is the only child of this one.
    let mut open: Vec<Open<'_>> = vec![Open::default()];
    let mut rest = text.trim_start_matches('\u{feff}').trim();
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let (plain, markup) = rest.split_at(at);
        let top = open.len() == 1;
        if top && !plain.trim().is_empty() {
            return None;
        }
        open.last_mut()?.text.push_str(&decoded(plain)?);
        rest = markup;
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->")?.1;
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let (data, behind) = after.split_once("]]>")?;
            if top {
                return None;
            }
            open.last_mut()?.text.push_str(data);
            rest = behind;
        } else if let Some(after) = rest.strip_prefix("<?") {
            rest = after.split_once("?>")?.1;
        } else if let Some(after) = rest.strip_prefix("</") {
            let (name, behind) = after.split_once('>')?;
            let element = open.pop().filter(|element| !top && element.name == name.trim_end())?;
            open.last_mut()?.add(element.name, element.finish());
            rest = behind;
        } else if rest.starts_with('<') {
            let end = tag_end(rest)?;
            let tag = rest.get(1..end - 1)?;
            let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let name_end = tag.find(|c: char| c.is_whitespace()).unwrap_or(tag.len());
            let (name, behind) = tag.split_at(name_end);
            let is_second = top && open.first().is_some_and(|root| !root.names.is_empty());
            if !is_name(name) || is_second || open.len() > MAX_DEPTH {
                return None;
            }
            let element = Open { name, attributes: attributes(behind)?, ..Open::default() };
            if is_empty {
                open.last_mut()?.add(name, element.finish());
            } else {
                open.push(element);
            }
            rest = rest.get(end..)?;
        }
    }
    let root = open.pop().filter(|root| open.is_empty() && root.names.len() == 1)?;
    Some(root.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(xml: &str, expected: Option<&str>) {
        assert_eq!(to_json(xml).as_deref(), expected, "{xml}");
    }

    #[test]
    fn elements_become_properties() {
        check("<a>1</a>", Some(r#"{"a":"1"}"#));
        check("<a><b>1</b><b>2</b><c/></a>", Some(r#"{"a":{"b":["1","2"],"c":null}}"#));
        check(
            r#"<?xml version="1.0"?><E><!-- x --><Data Name="q">a &amp; b</Data></E>"#,
            Some(r##"{"E":{"Data":{"@Name":"q","#text":"a & b"}}}"##),
        );
        check("<a><![CDATA[<x>]]></a>", Some(r#"{"a":"<x>"}"#));
        for wrong in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a b=1/>",
            "<a>&nope;</a>",
            "<!DOCTYPE x><a/>",
            "<a b='1' b='2'/>",
        ] {
            check(wrong, None);
        }
        check(&"<a>".repeat(10_000), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "[<>/a&;='\"!\\[\\]? -]{0,40}") {
            let _: Option<String> = to_json(&text);
        }
    }
}
