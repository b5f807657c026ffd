//! JSON paths: `$.a.b`, `$['a b'][0]`, as far as Kusto's functions take them.

use crate::json;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A property.
    Name(String),
    /// An element.
    At(i64),
}

/// The steps of a path; `None` when it is none.
pub fn parse(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.trim().strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let name = after.get(..end).filter(|name| !name.is_empty() && *name != "*")?;
            steps.push(Step::Name(name.to_owned()));
            rest = after.get(end..)?;
        } else {
            let after = rest.strip_prefix('[')?;
            let quote = after.chars().next().filter(|c| matches!(c, '\'' | '"'));
            let (inner, behind) = match quote {
                Some(quote) => {
                    let (inner, behind) = after.get(1..)?.split_once(quote)?;
                    (inner, behind.strip_prefix(']')?)
                }
                None => after.split_once(']')?,
            };
            steps.push(match quote {
                Some(_) => Step::Name(inner.to_owned()),
                None => Step::At(inner.trim().parse().ok()?),
            });
            rest = behind;
        }
    }
    Some(steps)
}

/// What the path leads to.
pub fn follow<'a>(json: &'a str, steps: &[Step]) -> Option<&'a str> {
    steps.iter().try_fold(json, |json, step| match step {
        Step::Name(name) => json::property(json, name),
        Step::At(index) => json::element(json, *index),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_into_the_text() {
        let json = r#"{"a":{"b c":[1,{"d":2}]}}"#;
        let find = |path: &str| parse(path).and_then(|steps| follow(json, &steps));
        assert_eq!(find("$.a['b c'][1].d"), Some("2"));
        assert_eq!(find("$"), Some(json));
        assert_eq!(find("$.a.x"), None);
        for wrong in ["a", "$a", "$.", "$[", "$['a", "$[x]", "$.*"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
