//! What the page weighs on the way: every file of `dist/` in brotli; page and worker together, and all the rest, each against
//! its budget in `docs/size.toml`.

use crate::{build, report::Failure, root::Root};
use std::{io, path::Path};

/// One file's weight.
struct Weight {
    path: String,
    plain: usize,
    brotli: usize,
}

/// Prints the weights and compares their sums with the budgets.
///
/// # Errors
/// When there is no `dist/`, or it weighs more than the budget.
pub fn check(root: &Root) -> Result<(), Failure> {
    let dist = root.dist();
    if !dist.join("index.html").is_file() {
        return Err(Failure::new("there is no dist/", "cargo xtask build"));
    }
    let budgets = root.read("docs/size.toml")?;
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
    for Weight { path, plain, brotli } in &weights {
        println!("   {brotli:>9} B in brotli  {plain:>9} B  {path}");
    }
    let mut over = Vec::new();
    for (what, name, is_code) in
        [("page and worker", "code_brotli_bytes", true), ("all else", "other_brotli_bytes", false)]
    {
        let of_kind = weights.iter().filter(|weight| is_page_or_worker(&weight.path) == is_code);
        let sum: usize = of_kind.map(|weight| weight.brotli).sum();
        let budget = budget(&budgets, name)?;
        println!("   {sum:>9} B in brotli  {budget:>9} B allowed  {what}");
        if sum > budget {
            over.push(format!("{what}: {} B more than docs/size.toml allows", sum - budget));
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        over.join("; "),
        "find what made it grow: twiggy top, cargo bloat; raise a budget only with a reason in the same commit",
    ))
}

/// The two wasm files and the glue that Trunk lays beside them.
fn is_page_or_worker(path: &str) -> bool {
    let is_ours = path.starts_with("page-") || path.starts_with("worker");
    is_ours && (path.ends_with(".wasm") || path.ends_with(".js"))
}

fn weigh(dist: &Path, path: &str) -> Result<Weight, Failure> {
    let bytes = std::fs::read(dist.join(path))
        .map_err(|error| Failure::new(format!("dist/{path}: {error}"), "cargo xtask build"))?;
    Ok(Weight { plain: bytes.len(), brotli: brotli_size(&bytes)?, path: path.to_owned() })
}

fn budget(text: &str, wanted: &str) -> Result<usize, Failure> {
    text.lines()
        .filter_map(|line| line.split_once('='))
        .find(|(name, _)| name.trim() == wanted)
        .and_then(|(_, value)| value.trim().replace('_', "").parse().ok())
        .ok_or_else(|| Failure::new(format!("docs/size.toml has no `{wanted} = N`"), "put it back"))
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
        assert_eq!(budget("# why\na = 1\nb = 1_500_000\n", "b").unwrap(), 1_500_000);
        assert!(budget("other = 1", "b").is_err());
    }

    #[test]
    fn text_gets_smaller() {
        let size = brotli_size(&b"chartroom ".repeat(1000)).unwrap();
        assert!(size < 100, "{size}");
    }
}
