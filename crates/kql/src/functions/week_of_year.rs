//! `week_of_year(time)`.
use super::{Call, Function, Kind, Parameter, Value};
use chartroom_base::ticks::PER_DAY;

pub(super) const FUNCTION: Function = Function {
    name: "week_of_year",
    aliases: &["weekofyear"],
    about: "The week of the year by ISO 8601: weeks begin on Monday, the first is the one with the year's first Thursday.",
    parameters: &[Parameter::DateTime],
    returns: |_| Ok(Kind::Int),
    call,
    examples: &[("week_of_year(datetime(2020-12-31))", "53"), ("week_of_year(datetime(2021-01-03))", "53"), ("week_of_year(datetime(2021-01-04))", "1"), ("week_of_year(datetime(0001-01-01))", "1")],
    ..Function::BASE
};

fn call<'a>(call: &Call<'_, 'a>) -> Value<'a> {
    call.long(0).map(week).into()
}

/// The ISO week.
pub(super) fn week(ticks: i64) -> i64 {
    // The Thursday of the week decides which year it belongs to; day 0 is a Monday.
    let thursday = ticks.div_euclid(PER_DAY).div_euclid(7) * 7 + 3;
    (super::dayofyear::day(thursday * PER_DAY) - 1) / 7 + 1
}
