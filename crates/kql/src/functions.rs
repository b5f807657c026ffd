//! The scalar functions: one file each, listed once here.
//!
//! To add one: write `functions/<name>.rs` (copy `strlen.rs`), then add its name to [`functions!`] below. Its examples run as
//! tests, and become its documentation and its completion entry.

use crate::{
    convert::{as_json, convert},
    value::Value,
};
use chartroom_base::ticks::Ticks;
use chartroom_schema::kind::Kind;
use regex::Regex;

#[cfg(test)]
mod conformance;
mod inner;

macro_rules! functions {
    ($($name:ident)*) => {
        $(mod $name;)*
        /// All functions, by name.
        pub static ALL: &[&Function] = &[$(&$name::FUNCTION,)*];
    };
}

functions! {
    abs acos ago around array_concat array_iff array_index_of array_length array_reverse array_rotate_left
    array_rotate_right array_shift_left array_shift_right array_slice array_sort_asc array_sort_desc
    array_split array_sum asin atan atan2 bag_has_key bag_keys bag_merge bag_pack bag_remove_keys
    bag_set_key bag_zip base64_decode_toarray base64_decode_toguid base64_decode_tostring
    base64_encode_fromarray base64_encode_fromguid base64_encode_tostring beta_cdf beta_inv beta_pdf bin
    bin_at binary_and binary_not binary_or binary_shift_left binary_shift_right binary_xor bitset_count_ones
    case ceiling coalesce convert_angle convert_energy convert_force convert_length convert_mass convert_speed convert_temperature
    convert_volume cos cot countof datetime_add datetime_diff datetime_list_timezones datetime_local_to_utc
    datetime_part datetime_utc_to_local dayofmonth dayofweek dayofyear dcount_hll degrees dynamic_to_json endofday
    endofmonth endofweek endofyear erf erfc estimate_data_size exp exp10 exp2 extract extract_all
    extract_json format_bytes format_datetime format_ipv4 format_ipv4_mask format_timespan gamma gettype
    getyear gzip_decompress_from_base64_string has_any_index has_any_ipv4 has_any_ipv4_prefix has_ipv4
    has_ipv4_prefix hash hash_md5 hash_sha1 hash_sha256 hll_merge hourofday iff indexof indexof_regex ipv4_compare
    ipv4_is_in_any_range ipv4_is_in_range ipv4_is_match ipv4_is_private ipv4_netmask_suffix
    ipv4_range_to_cidr_list ipv6_compare ipv6_is_in_any_range ipv6_is_in_range ipv6_is_match isascii isempty
    isfinite isinf isnan isnotempty isnotnull isnull isutf8 jaccard_index log log10 log2 loggamma
    make_datetime make_timespan max_of min_of monthofyear not now pack_array parse_command_line parse_csv
    parse_ipv4 parse_ipv4_mask parse_ipv6 parse_ipv6_mask parse_json parse_path parse_url parse_urlquery
    parse_version parse_xml percentile_tdigest percentiles_array_tdigest percentrank_tdigest pi pow punycode_domain_from_string punycode_from_string punycode_to_string
    radians range rank_tdigest regex_quote repeat replace replace_regex replace_string replace_strings reverse round
    series_abs series_acos series_add series_asin series_atan series_ceiling series_cos
    series_cosine_similarity series_decompose series_decompose_anomalies series_decompose_forecast
    series_divide series_dot_product series_equals series_exp series_fft series_fill_backward
    series_fill_const series_fill_forward series_fill_linear series_fir series_fit_2lines
    series_fit_2lines_dynamic series_fit_line series_fit_line_dynamic series_fit_poly series_floor
    series_greater series_greater_equals series_ifft series_iir series_less series_less_equals series_log
    series_magnitude series_multiply series_not_equals series_outliers series_pearson_correlation
    series_pow series_product series_seasonal series_sign series_sin series_stats series_stats_dynamic
    series_subtract series_sum series_tan set_difference set_equals set_has_element
    set_intersect set_union sign sin split sqrt startofday startofmonth startofweek startofyear strcat
    strcat_array strcat_delim strcmp string_size strlen strrep substring tan tdigest_merge tobool todatetime todecimal
    toguid tohex toint tolong tolower toreal tostring totimespan toupper translate treepath trim trim_end trim_start
    unicode_codepoints_from_string unicode_codepoints_to_string unixtime_microseconds_todatetime
    unixtime_milliseconds_todatetime unixtime_nanoseconds_todatetime unixtime_seconds_todatetime url_decode
    url_encode url_encode_component week_of_year welch_test zip zlib_decompress_from_base64_string
}

pub(crate) use hash::xxh64;

/// A scalar function: what it takes, gives and does, and what a person reads about it.
pub struct Function {
    /// Its name in KQL.
    pub name: &'static str,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// One sentence.
    pub about: &'static str,
    /// The columns it gives, when it gives several: its value is a bag of these, and it stands by itself in `project`, `extend`, `print`.
    pub columns: &'static [(&'static str, Kind)],
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// How many of the last parameters may be left out.
    pub optional: usize,
    /// Whether the last parameter may come any number of times.
    pub repeats: bool,
    /// Whether any null argument makes the result null (or empty).
    pub is_strict: bool,
    /// Which argument is a constant regular expression.
    pub regex: Option<usize>,
    /// What is wrong with the arguments that are constants (`None` for those that are not), beyond their kinds.
    pub check: fn(&[Option<Value<'_>>]) -> Result<(), String>,
    /// The result's kind for arguments of these kinds, or what is wrong with them.
    pub returns: fn(&[Kind]) -> Result<Kind, String>,
    /// The result's value.
    pub call: for<'a> fn(&Call<'_, 'a>) -> Value<'a>,
    /// Expressions and their values as exported (`null` for null); run as tests.
    pub examples: &'static [(&'static str, &'static str)],
}

impl Function {
    /// The usual: nothing optional, null in null out. To be completed.
    const BASE: Self = Self {
        name: "",
        aliases: &[],
        about: "",
        columns: &[],
        parameters: &[],
        optional: 0,
        repeats: false,
        is_strict: true,
        regex: None,
        check: |_| Ok(()),
        returns: |_| Ok(Kind::String),
        call: |_| Value::Null,
        examples: &[],
    };
}

/// What an argument may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Anything.
    Any,
    /// A text; a dynamic or guid is taken as its text.
    Text,
    /// int, long or real.
    Number,
    /// int or long.
    Whole,
    /// bool.
    Bool,
    /// datetime.
    DateTime,
    /// timespan.
    TimeSpan,
    /// dynamic.
    Dynamic,
}

/// One call of a function.
pub struct Call<'c, 'a> {
    /// The arguments.
    pub arguments: &'c [Value<'a>],
    /// Their kinds.
    pub kinds: &'c [Kind],
    /// The result's kind.
    pub kind: Kind,
    /// The constant regular expression, for functions that take one.
    pub regex: Option<&'c Regex>,
    /// What `now()` is.
    pub now: Ticks,
}

impl<'a> Call<'_, 'a> {
    /// Argument number `at`; null when it was left out.
    pub(crate) fn value(&self, at: usize) -> Value<'a> {
        self.arguments.get(at).cloned().unwrap_or(Value::Null)
    }

    pub(crate) fn text(&self, at: usize) -> &str {
        self.arguments.get(at).map_or("", Value::text)
    }

    pub(crate) fn long(&self, at: usize) -> Option<i64> {
        self.arguments.get(at).and_then(Value::long)
    }

    pub(crate) fn real(&self, at: usize) -> Option<f64> {
        self.arguments.get(at).and_then(Value::real)
    }

    pub(crate) fn truth(&self, at: usize) -> Option<bool> {
        self.arguments.get(at).and_then(Value::truth)
    }

    /// Whether argument number `at` was given.
    pub(crate) fn has(&self, at: usize) -> bool {
        at < self.arguments.len()
    }

    /// Argument number `at` as text, of any kind.
    pub(crate) fn shown(&self, at: usize) -> Value<'a> {
        convert(self.value(at), self.kind_of(at), Kind::String)
    }

    /// Argument number `at` as JSON, of any kind; a text is the string that it is. Null when it is null.
    pub(crate) fn json(&self, at: usize) -> Value<'a> {
        as_json(self.value(at), self.kind_of(at))
    }

    /// Argument number `at` as JSON, null as `null`.
    pub(crate) fn json_or_null(&self, at: usize) -> Value<'a> {
        match self.json(at) {
            Value::Null => Value::borrowed("null"),
            json => json,
        }
    }

    pub(crate) fn kind_of(&self, at: usize) -> Kind {
        self.kinds.get(at).copied().unwrap_or(Kind::String)
    }
}

/// The function of that name or alias.
#[must_use]
pub fn find(name: &str) -> Option<&'static Function> {
    let mut all = ALL.iter().chain(inner::ALL).copied();
    all.find(|function| function.name == name || function.aliases.contains(&name))
}

/// The kind of the result where it is that of the first argument, int as long.
fn first_kind(kinds: &[Kind]) -> Result<Kind, String> {
    Ok(match kinds.first() {
        Some(Kind::Int) => Kind::Long,
        other => other.copied().unwrap_or(Kind::Long),
    })
}

/// The one kind that all these arguments share, numbers promoted; for `iff`, `case`, `coalesce`.
fn common_kind(kinds: impl IntoIterator<Item = Kind>) -> Result<Kind, String> {
    let mut common: Option<Kind> = None;
    for kind in kinds {
        common = Some(match (common, kind) {
            (None, kind) => kind,
            (Some(a), b) if a == b => a,
            // A dynamic goes with anything: beside a text it is its text.
            (Some(Kind::Dynamic), Kind::String) | (Some(Kind::String), Kind::Dynamic) => Kind::String,
            (Some(Kind::Dynamic), _) | (Some(_), Kind::Dynamic) => Kind::Dynamic,
            (Some(Kind::Decimal), Kind::Int | Kind::Long | Kind::Real)
            | (Some(Kind::Int | Kind::Long | Kind::Real), Kind::Decimal) => Kind::Decimal,
            (Some(Kind::Int | Kind::Long | Kind::Real), Kind::Real)
            | (Some(Kind::Real), Kind::Int | Kind::Long) => Kind::Real,
            (Some(Kind::Int | Kind::Long), Kind::Int | Kind::Long) => Kind::Long,
            (Some(a), b) => {
                return Err(format!(
                    "all results must be of one type, not {} and {}; convert one of them",
                    a.name(),
                    b.name()
                ));
            }
        });
    }
    common.ok_or_else(|| "needs a result".to_owned())
}

/// Argument number `at` as the result's kind, where they were promoted.
fn promoted<'a>(call: &Call<'_, 'a>, at: usize) -> Value<'a> {
    let (value, from) = (call.value(at), call.kind_of(at));
    match call.kind {
        Kind::Dynamic => as_json(value, from),
        kind => convert(value, from, kind),
    }
}
