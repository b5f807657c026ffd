//! Columns of numbers as bytes: one width for all of them, little-endian.
//!
//! **Invariant:** unpacking never takes more memory than eight times the bytes at hand, and gives nothing for bytes that are too few.

/// Appends whole numbers.
pub fn pack_longs(out: &mut Vec<u8>, longs: &[i64]) {
    let least = longs.iter().copied().min().unwrap_or(0);
    let steps = longs.iter().map(|long| long.wrapping_sub(least).cast_unsigned());
    out.extend_from_slice(&least.to_le_bytes());
    pack(out, steps.clone().max().unwrap_or(0), steps);
}

/// Appends codes.
pub fn pack_codes(out: &mut Vec<u8>, codes: &[u32]) {
    pack(out, codes.iter().copied().max().unwrap_or(0).into(), codes.iter().map(|code| u64::from(*code)));
}

/// Appends the lengths of texts that end there, the first of which begins at 0.
pub fn pack_ends(out: &mut Vec<u8>, ends: &[usize]) {
    let starts = std::iter::once(&0).chain(ends);
    let lens = starts.zip(ends).map(|(start, end)| (end - start) as u64);
    pack(out, lens.clone().max().unwrap_or(0), lens);
}

/// Takes so many whole numbers from the front of the bytes.
pub fn unpack_longs(bytes: &mut &[u8], count: usize) -> Option<Vec<i64>> {
    let (least, rest) = bytes.split_first_chunk::<8>()?;
    *bytes = rest;
    let least = i64::from_le_bytes(*least);
    unpack(bytes, count, |step| least.wrapping_add(step.cast_signed()))
}

/// Takes so many codes from the front of the bytes; all are below `bound`.
pub fn unpack_codes(bytes: &mut &[u8], count: usize, bound: usize) -> Option<Vec<u32>> {
    let codes = unpack(bytes, count, |code| u32::try_from(code).unwrap_or(u32::MAX))?;
    codes.iter().all(|code| (*code as usize) < bound).then_some(codes)
}

/// Takes so many texts from the front of the bytes: the texts end to end, and where each ends.
pub fn unpack_texts(bytes: &mut &[u8], count: usize) -> Option<(String, Vec<usize>)> {
    let mut end = 0_usize;
    let ends = unpack(bytes, count, |len| {
        end = end.saturating_add(usize::try_from(len).unwrap_or(usize::MAX));
        end
    })?;
    let (texts, rest) = bytes.split_at_checked(end)?;
    let texts = std::str::from_utf8(texts).ok()?;
    *bytes = rest;
    ends.iter().all(|end| texts.is_char_boundary(*end)).then(|| (texts.to_owned(), ends))
}

fn pack(out: &mut Vec<u8>, most: u64, numbers: impl Iterator<Item = u64>) {
    let width: u8 = match most {
        0..0x100 => 1,
        0x100..0x1_0000 => 2,
        0x1_0000..0x1_0000_0000 => 4,
        _ => 8,
    };
    out.push(width);
    match width {
        1 => out.extend(numbers.map(|number| number as u8)),
        2 => numbers.for_each(|number| out.extend_from_slice(&(number as u16).to_le_bytes())),
        4 => numbers.for_each(|number| out.extend_from_slice(&(number as u32).to_le_bytes())),
        _ => numbers.for_each(|number| out.extend_from_slice(&number.to_le_bytes())),
    }
}

fn unpack<T>(bytes: &mut &[u8], count: usize, mut number: impl FnMut(u64) -> T) -> Option<Vec<T>> {
    let (width, rest) = bytes.split_first()?;
    let (own, rest) = rest.split_at_checked(count.checked_mul(usize::from(*width))?)?;
    *bytes = rest;
    Some(match width {
        1 => own.iter().map(|byte| number(u64::from(*byte))).collect(),
        2 => own.as_chunks().0.iter().map(|bytes| number(u64::from(u16::from_le_bytes(*bytes)))).collect(),
        4 => own.as_chunks().0.iter().map(|bytes| number(u64::from(u32::from_le_bytes(*bytes)))).collect(),
        8 => own.as_chunks().0.iter().map(|bytes| number(u64::from_le_bytes(*bytes))).collect(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn columns_come_back(longs: Vec<i64>, narrow: Vec<u8>, texts: Vec<String>, codes: Vec<u32>) {
            let narrow: Vec<i64> = narrow.into_iter().map(i64::from).collect();
            let all: String = texts.concat();
            let ends: Vec<usize> =
                texts.iter().scan(0, |end, text| { *end += text.len(); Some(*end) }).collect();
            let mut out = Vec::new();
            pack_longs(&mut out, &longs);
            pack_longs(&mut out, &narrow);
            pack_codes(&mut out, &codes);
            pack_ends(&mut out, &ends);
            out.extend_from_slice(all.as_bytes());
            let mut rest = out.as_slice();
            prop_assert_eq!(unpack_longs(&mut rest, longs.len()), Some(longs));
            prop_assert_eq!(unpack_longs(&mut rest, narrow.len()), Some(narrow));
            prop_assert_eq!(unpack_codes(&mut rest, codes.len(), usize::MAX), Some(codes));
            prop_assert_eq!(unpack_texts(&mut rest, texts.len()), Some((all, ends)));
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn any_bytes_unpack_or_do_not(bytes: Vec<u8>, count in 0_usize..1_000) {
            let _ = unpack_longs(&mut bytes.as_slice(), count);
            let _ = unpack_texts(&mut bytes.as_slice(), count);
            if let Some(codes) = unpack_codes(&mut bytes.as_slice(), count, 100) {
                prop_assert!(codes.iter().all(|code| *code < 100));
            }
        }
    }
}
