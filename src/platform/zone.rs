//! Time zones as the browser knows them, summer time included.

use chartroom_base::{
    sort,
    ticks::{PER_SECOND, Ticks},
};
use js_sys::{Array, Date, Intl, Object, Reflect};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};

/// In whose time the person wants to see times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ZoneChoice {
    /// As stored.
    #[default]
    Utc,
    /// Where the browser stands.
    Browser,
    /// By name, like `America/Chicago`.
    Named(String),
}

impl ZoneChoice {
    /// The word in storage and in the chooser: `UTC`, `browser`, or the name.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Browser => "browser",
            Self::Named(name) => name,
        }
    }

    /// As [`Self::word`] wrote it.
    #[must_use]
    pub fn of_word(word: &str) -> Self {
        match word {
            "" | "UTC" => Self::Utc,
            "browser" => Self::Browser,
            name => Self::Named(name.to_owned()),
        }
    }
}

/// A zone to show times in. Cloning is cheap; equal when the same choice leads to the same zone.
#[derive(Clone)]
pub struct Zone(Rc<Inner>);

struct Inner {
    name: String,
    /// `None`: UTC.
    format: Option<Intl::DateTimeFormat>,
    /// Offset in seconds by quarter of an hour since year 1: asking the browser takes microseconds, a page of rows
    /// asks for hundreds of times, and no zone has changed its offset within a quarter since 1972.
    offsets: RefCell<BTreeMap<i64, i32>>,
}

const QUARTER: i64 = 15 * 60 * PER_SECOND;
const MAX_CACHED: usize = 10_000;

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl std::fmt::Debug for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Zone").field(&self.0.name).finish()
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::utc()
    }
}

impl Zone {
    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self(Rc::new(Inner { name: "UTC".to_owned(), format: None, offsets: RefCell::default() }))
    }

    /// The zone chosen; `None` when the browser does not know the name.
    #[must_use]
    pub fn find(choice: &ZoneChoice) -> Option<Self> {
        let name = match choice {
            ZoneChoice::Utc => return Some(Self::utc()),
            ZoneChoice::Browser => browser_zone(),
            ZoneChoice::Named(name) => name.clone(),
        };
        if name == "UTC" {
            return Some(Self::utc());
        }
        let format = formatter(&name)?;
        Some(Self(Rc::new(Inner { name, format: Some(format), offsets: RefCell::default() })))
    }

    /// Every name the browser knows, sorted.
    #[must_use]
    pub fn names() -> Vec<String> {
        // Not known by browsers from before 2022: then only UTC and the browser's own zone are offered.
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).unwrap_or_default();
        let ask = Reflect::get(&intl, &JsValue::from_str("supportedValuesOf")).unwrap_or_default();
        let Some(ask) = ask.dyn_ref::<js_sys::Function>() else { return Vec::new() };
        let names = ask.call1(&intl, &JsValue::from_str("timeZone")).unwrap_or_default();
        let mut names: Vec<_> = Array::from(&names).iter().filter_map(|name| name.as_string()).collect();
        sort::sort(&mut names);
        names
    }

    /// `UTC` or a name like `America/Chicago`: what column heads and axes say.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether it is UTC.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        self.0.format.is_none()
    }

    /// Seconds that its clocks are ahead of UTC at `at`; negative in America.
    #[must_use]
    pub fn offset_seconds(&self, at: Ticks) -> i32 {
        let Some(format) = &self.0.format else { return 0 };
        let quarter = at.0.div_euclid(QUARTER);
        if let Some(offset) = self.0.offsets.borrow().get(&quarter) {
            return *offset;
        }
        let asked = Ticks(quarter.saturating_mul(QUARTER));
        let offset = ask(format, asked).unwrap_or(0);
        let mut offsets = self.0.offsets.borrow_mut();
        if offsets.len() >= MAX_CACHED {
            offsets.clear();
        }
        offsets.insert(quarter, offset);
        offset
    }

    /// `+00:00`, `−05:00`, as said beside a time.
    #[must_use]
    pub fn offset_words(&self, at: Ticks) -> String {
        let seconds = self.offset_seconds(at);
        let (hours, minutes) = (seconds.abs() / 3_600, seconds.abs() / 60 % 60);
        format!("{}{hours:02}:{minutes:02}", if seconds < 0 { '−' } else { '+' })
    }

    /// The tick whose civil parts in UTC are those that this zone's clocks show at `at`.
    ///
    /// For showing only: at the very ends of the calendar it is cut off.
    #[must_use]
    pub fn shift(&self, at: Ticks) -> Ticks {
        at.checked_add(i64::from(self.offset_seconds(at)).saturating_mul(PER_SECOND)).unwrap_or(at)
    }

    /// The point in time at which this zone's clocks show the civil parts of `shown`; the earlier one when they show
    /// it twice, and as if the clocks had not been put forward when they never do.
    #[must_use]
    pub fn unshift(&self, shown: Ticks) -> Ticks {
        let back =
            |offset: i32| shown.checked_add(-i64::from(offset).saturating_mul(PER_SECOND)).unwrap_or(shown);
        // The offset before a change is the one of a day earlier; the one after of a day later.
        let day = 86_400 * PER_SECOND;
        let before = self.offset_seconds(shown.checked_add(-day).unwrap_or(shown));
        let after = self.offset_seconds(shown.checked_add(day).unwrap_or(shown));
        let candidates = [back(before), back(after)];
        let fitting = candidates.into_iter().filter(|at| self.shift(*at) == shown).min();
        fitting.unwrap_or_else(|| back(before))
    }

    /// `2021-08-02 16:01:29.1234567` on this zone's clocks, all seven digits.
    #[must_use]
    pub fn format(&self, at: Ticks) -> String {
        let ((year, month, day), (hour, minute, second), fraction) = self.shift(at).to_civil();
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{fraction:07}")
    }
}

/// The name of the zone where the browser stands.
#[must_use]
pub fn browser_zone() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let name = Reflect::get(&options, &JsValue::from_str("timeZone")).ok().and_then(|name| name.as_string());
    name.unwrap_or_else(|| "UTC".to_owned())
}

/// Throws for an unknown name, hence by way of `Reflect::construct`, which catches.
fn formatter(zone: &str) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    let settings = [
        ("timeZone", zone),
        ("calendar", "gregory"),
        ("numberingSystem", "latn"),
        ("hourCycle", "h23"),
        ("era", "short"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ];
    for (key, value) in settings {
        Reflect::set(&options, &JsValue::from_str(key), &JsValue::from_str(value)).ok()?;
    }
    let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
    let class = Reflect::get(&intl, &JsValue::from_str("DateTimeFormat")).ok()?;
    let arguments = Array::of2(&JsValue::from_str("en-US"), &options);
    Reflect::construct(class.dyn_ref::<js_sys::Function>()?, &arguments).ok().map(JsCast::unchecked_into)
}

/// What the clocks show at a point in time, minus that point.
fn ask(format: &Intl::DateTimeFormat, at: Ticks) -> Option<i32> {
    let millis = at.unix_millis();
    let parts = format.format_to_parts(&Date::new(&JsValue::from_f64(millis as f64)));
    let get = |part: &JsValue, key: &str| Reflect::get(part, &JsValue::from_str(key)).ok()?.as_string();
    let mut civil = BTreeMap::new();
    for part in parts.iter() {
        civil.insert(get(&part, "type")?, get(&part, "value")?);
    }
    // The hours before year 1 on clocks behind UTC cannot be shown; the offset of such times is of no use.
    if civil.get("era").is_some_and(|era| era.starts_with('B')) {
        return None;
    }
    let number = |key: &str| civil.get(key)?.parse::<i64>().ok();
    let date = (number("year")?, number("month")?, number("day")?);
    let shown = Ticks::from_civil(date, (number("hour")?, number("minute")?, number("second")?), 0)?;
    i32::try_from((shown.0 - at.0).div_euclid(PER_SECOND)).ok()
}
