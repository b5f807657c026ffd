//! What the page weighs on the way: every file of `dist/` in brotli, against `docs/size.toml`.

use crate::{build, report::Failure, root::Root};
use std::{io, path::Path};

/// One file's weight.
struct Weight {
    path: String,
    plain: usize,
    brotli: usize,
}

/// Prints the weights and compares their sum with the budget.
///
/// # Errors
/// When there is no `dist/`, or it weighs more than the budget.
pub fn check(root: &Root) -> Result<(), Failure> {
    let dist = root.dist();
    if !dist.join("index.html").is_file() {
        return Err(Failure::new("there is no dist/", "cargo xtask build"));
    }
    let budget = budget(&root.read("docs/size.toml")?)?;
    let paths = build::files(&dist)?;
    // Two files are nearly all of it: each gets a core.
    let mut weights = std::thread::scope(|scope| {
        let weighing: Vec<_> = paths.iter().map(|path| scope.spawn(|| weigh(&dist, path))).collect();
        let weights = weighing.into_iter().map(|weight| {
            weight.join().unwrap_or_else(|_| {
                Err(Failure::new("a thread that packs files panicked", "see its words above"))
            })
        });
        weights.collect::<Result<Vec<Weight>, Failure>>()
    })?;
    weights.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.path.cmp(&b.path)));
    let total: usize = weights.iter().map(|weight| weight.brotli).sum();
    for Weight { path, plain, brotli } in &weights {
        println!("   {brotli:>9} B in brotli  {plain:>9} B  {path}");
    }
    println!("   {total:>9} B in brotli, {budget} B allowed");
    if total <= budget {
        return Ok(());
    }
    Err(Failure::new(
        format!("the page weighs {} B more than docs/size.toml allows", total - budget),
        "find what made it grow: twiggy top, cargo bloat; raise the budget only with a reason in the same commit",
    ))
}

fn weigh(dist: &Path, path: &str) -> Result<Weight, Failure> {
    let bytes = std::fs::read(dist.join(path))
        .map_err(|error| Failure::new(format!("dist/{path}: {error}"), "cargo xtask build"))?;
    Ok(Weight { plain: bytes.len(), brotli: brotli_size(&bytes)?, path: path.to_owned() })
}

fn budget(text: &str) -> Result<usize, Failure> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == "brotli_bytes")
        .and_then(|(_, value)| value.trim().replace('_', "").parse().ok())
        .ok_or_else(|| Failure::new("docs/size.toml has no `brotli_bytes = N`", "put it back"))
}

fn brotli_size(bytes: &[u8]) -> Result<usize, Failure> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut count = Count(0);
    brotli::BrotliCompress(&mut &*bytes, &mut count, &params)
        .map_err(|error| Failure::new(format!("brotli: {error}"), ""))?;
    Ok(count.0)
}

/// Counts what is written into it.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_read_from_its_line() {
        assert_eq!(budget("# why\nbrotli_bytes = 1_500_000\n").unwrap(), 1_500_000);
        assert!(budget("other = 1").is_err());
    }

    #[test]
    fn text_gets_smaller() {
        let size = brotli_size(&b"chartroom ".repeat(1000)).unwrap();
        assert!(size < 100, "{size}");
    }
}
