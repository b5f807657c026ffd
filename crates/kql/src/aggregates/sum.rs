//! `sum(value)`.
use super::{Aggregate, Damaged, Kind, Naming, Parameter, Reader, Rows, States, Value, codec, decimals::DecimalSum, exact_sum::ExactSum, per_group::PerGroup, summable};

pub(super) const AGGREGATE: Aggregate = Aggregate {
    name: "sum",
    about: "The sum of the values; of none it is 0.",
    parameters: &[Parameter::Any],
    naming: Naming::Prefix("sum_"),
    kinds: |inputs| Ok(vec![match summable(inputs, &[Kind::TimeSpan, Kind::Decimal])? {
        Kind::Int => Kind::Long,
        kind => kind,
    }]),
    start: |setup| match setup.kind(0) {
        Kind::Real => Box::new(RealSums::default()),
        Kind::Decimal => PerGroup::<DecimalSum<false>>::start(setup),
        _ => Box::new(LongSums::default()),
    },
    examples: &[
        ("datatable(x: long)[1, 2, long(null)] | summarize sum(x)", "3"),
        ("datatable(x: real)[0.1, 0.2, 0.3] | summarize sum(x)", "0.6"),
        ("datatable(x: timespan)[1h, 30m] | summarize sum(x)", "01:30:00"),
        ("datatable(x: decimal)[decimal(0.1), decimal(0.2)] | summarize sum(x)", "0.3"),
        ("datatable(x: long)[] | summarize sum(x)", "0"),
    ],
    ..Aggregate::BASE
};

/// Whole numbers, which wrap.
#[derive(Debug, Default)]
struct LongSums(Vec<i64>);

impl States for LongSums {
    fn grow(&mut self, groups: usize) {
        if groups > self.0.len() {
            self.0.resize(groups, 0);
        }
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        let argument = rows.argument(0);
        for (row, group) in rows.placed() {
            if let (Some(sum), Some(long)) = (self.0.get_mut(group), argument.long(row)) {
                *sum = sum.wrapping_add(long);
            }
        }
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        codec::push_i64(out, self.0.get(group).copied().unwrap_or(0));
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let sum = self.0.get_mut(group).ok_or(Damaged)?;
        *sum = sum.wrapping_add(bytes.i64()?);
        Ok(())
    }

    fn finish(&self, group: usize, _: usize) -> Value<'static> {
        Value::Long(self.0.get(group).copied().unwrap_or(0))
    }

    fn memory(&self) -> usize {
        self.0.capacity() * size_of::<i64>()
    }

    fn needs_keys(&self) -> bool {
        false
    }
}

/// Floats, exactly.
#[derive(Debug, Default)]
struct RealSums {
    sums: Vec<ExactSum>,
    heap: usize,
}

impl States for RealSums {
    fn grow(&mut self, groups: usize) {
        if groups > self.sums.len() {
            self.sums.resize_with(groups, ExactSum::default);
        }
    }

    fn update(&mut self, rows: &Rows<'_, '_>) {
        let argument = rows.argument(0);
        for (row, group) in rows.placed() {
            if let (Some(sum), Some(real)) = (self.sums.get_mut(group), argument.real(row)) {
                sum.add(real);
            }
        }
    }

    fn encode(&self, group: usize, out: &mut Vec<u8>) {
        if let Some(sum) = self.sums.get(group) {
            sum.encode(out);
        }
    }

    fn merge(&mut self, group: usize, bytes: &mut Reader<'_>) -> Result<(), Damaged> {
        let sum = self.sums.get_mut(group).ok_or(Damaged)?;
        let before = sum.heap();
        let merged = sum.merge(bytes);
        self.heap = (self.heap + sum.heap()).saturating_sub(before);
        merged
    }

    fn finish(&self, group: usize, _: usize) -> Value<'static> {
        Value::Real(self.sums.get(group).map_or(0.0, ExactSum::total))
    }

    fn memory(&self) -> usize {
        self.sums.capacity() * size_of::<ExactSum>() + self.heap
    }

    fn needs_keys(&self) -> bool {
        false
    }
}
