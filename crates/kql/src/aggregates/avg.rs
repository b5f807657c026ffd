//! `avg(value)`.
use super::{Aggregate, Damaged, Kind, Naming, Parameter, Reader, Rows, Setup, Value, codec, decimals::DecimalSum, exact_sum::ExactSum, per_group::{PerGroup, State}, summable};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "avg",
    about: "The mean of the values; of none it is NaN.",
    parameters: &[Parameter::Any],
    naming: Naming::Prefix("avg_"),
    kinds: |inputs| Ok(vec![match summable(inputs, &[Kind::TimeSpan, Kind::DateTime, Kind::Decimal])? {
        Kind::Int | Kind::Long => Kind::Real,
        kind => kind,
    }]),
    start: |setup| match setup.kind(0) {
        Kind::Real => PerGroup::<RealMean>::start(setup),
        Kind::Decimal => PerGroup::<DecimalSum<true>>::start(setup),
        _ => PerGroup::<LongMean>::start(setup),
    },
    examples: &[
        ("datatable(x: long)[1, 2, long(null)] | summarize avg(x)", "1.5"),
        ("datatable(x: real)[0.1, 0.2, 0.3] | summarize avg(x)", "0.19999999999999998"),
        ("datatable(x: timespan)[1h, 2h] | summarize avg(x)", "01:30:00"),
        ("datatable(x: decimal)[decimal(0.1), decimal(0.2)] | summarize avg(x)", "0.15"),
        ("datatable(x: long)[] | summarize avg(x)", "NaN"),
    ],
    ..Aggregate::BASE
};

/// Of whole numbers: a sum that cannot overflow.
#[derive(Debug, Default)]
struct LongMean {
    sum: i128,
    count: i64,
}

impl State for LongMean {
    const NEEDS_KEYS: bool = false;

    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        if let Some(long) = rows.argument(0).long(row) {
            self.sum += i128::from(long);
            self.count += 1;
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sum.to_le_bytes());
        codec::push_i64(out, self.count);
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.sum = self.sum.wrapping_add(bytes.i128()?);
        self.count = self.count.wrapping_add(bytes.i64()?);
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean of whole numbers is a float")]
    fn finish(&self, setup: &Setup, _: usize) -> Value<'static> {
        if matches!(setup.kind(0), Kind::TimeSpan | Kind::DateTime) {
            let mean = self.sum.checked_div(i128::from(self.count));
            return mean.and_then(|mean| i64::try_from(mean).ok()).map_or(Value::Null, Value::Long);
        }
        Value::Real(self.sum as f64 / self.count as f64)
    }
}

/// Of floats.
#[derive(Debug, Default)]
struct RealMean {
    sum: ExactSum,
    count: i64,
}

impl State for RealMean {
    const NEEDS_KEYS: bool = false;

    fn add(&mut self, _: &Setup, rows: &Rows<'_, '_>, row: usize) {
        if let Some(real) = rows.argument(0).real(row) {
            self.sum.add(real);
            self.count += 1;
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        self.sum.encode(out);
        codec::push_i64(out, self.count);
    }

    fn merge(&mut self, _: &Setup, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        self.sum.merge(bytes)?;
        self.count = self.count.wrapping_add(bytes.i64()?);
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of rows stay below 2^53")]
    fn finish(&self, _: &Setup, _: usize) -> Value<'static> {
        Value::Real(self.sum.total() / self.count as f64)
    }

    fn heap(&self) -> usize {
        self.sum.heap()
    }
}
