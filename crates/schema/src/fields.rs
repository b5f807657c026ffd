//! The fields every log shares, read from `fields.toml`.
//!
//! **Invariant:** a field's name and kind are the same in every table that has it.

use crate::kind::Kind;
use crate::personal::Personal;
use chartroom_base::json::Json;
use std::sync::OnceLock;

/// One shared field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, e.g. `SrcIpAddr`.
    pub name: String,
    /// Its kind.
    pub kind: Kind,
    /// One sentence about it.
    pub about: String,
    /// What is personal about it.
    pub personal: Personal,
    /// Its place among the columns to show first, from 1; 0: not among them.
    pub rank: u32,
    /// It names what a request was about. Records that were about something and do not name it are counted beside each answer
    /// that selects by it.
    pub is_target: bool,
    /// It says who asked, or from where: a log type that cannot say it is said not to log it.
    pub is_caller: bool,
    /// The field that says what its numbers count; empty: none.
    pub unit: String,
}

impl Field {
    /// As the build script wrote it.
    pub(crate) fn read(json: &Json) -> Self {
        let text = |name: &str| json.text(name).unwrap_or_default();
        Self {
            name: text("name"),
            kind: Kind::from_name(&text("kind")).unwrap_or(Kind::String),
            about: text("about"),
            personal: Personal::from_word(&text("personal")),
            rank: json.count("rank"),
            is_target: json.is("is_target"),
            is_caller: json.is("is_caller"),
            unit: text("unit"),
        }
    }
}

/// All shared fields, in the order they are shown.
#[must_use]
pub fn shared_fields() -> &'static [Field] {
    static FIELDS: OnceLock<Vec<Field>> = OnceLock::new();
    // The build script wrote it from the checked file; a test reads it.
    FIELDS.get_or_init(|| {
        let fields = Json::parse(include_str!(concat!(env!("OUT_DIR"), "/fields.json"))).unwrap_or_default();
        fields.items().iter().map(Field::read).collect()
    })
}

/// The shared field of that name.
#[must_use]
pub fn find_field(name: &str) -> Option<&'static Field> {
    shared_fields().iter().find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_is_read_and_named_once() {
        let names: BTreeSet<&str> = shared_fields().iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names.len(), 40);
        assert_eq!(names.len(), shared_fields().len());
        assert!(shared_fields().iter().all(|field| !field.about.is_empty() && !field.about.ends_with('.')));
    }

    #[test]
    fn the_fields_to_show_first_are_ranked_one_to_eight() {
        let mut ranks: Vec<u32> =
            shared_fields().iter().map(|field| field.rank).filter(|&rank| rank > 0).collect();
        ranks.sort_unstable();
        assert_eq!(ranks, (1..=8).collect::<Vec<u32>>());
        assert_eq!(find_field("SrcIpAddr").map(|field| field.personal), Some(Personal::Address));
    }
}
