//! Journeys through the built page, one after the other in one browser.
//!
//!     cargo xtask journeys [NAME…]      those whose name holds one of the words; none: all
//!     cargo xtask bench                 what the browser measures, instead of journeys
//!
//! A new journey: a function in `journeys/<name>.rs`, one line in `journeys.rs`.

#![expect(clippy::print_stdout, reason = "it reports on standard output")]
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "native: it waits for a browser, with a clock and a thread"
)]

mod benches;
mod data;
mod driver;
mod files;
mod journeys;
mod outcome;
mod page;
mod world;

use outcome::{Outcome, wrong};
use std::{process::ExitCode, time::Instant};
use world::World;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &[String]) -> Outcome {
    let mut is_bench = false;
    let mut words = Vec::new();
    for arg in args {
        match arg.as_str() {
            "--bench" => is_bench = true,
            "--list" => {
                journeys::ALL.iter().for_each(|journey| println!("{:<28} {}", journey.name, journey.about));
                return Ok(());
            }
            word if !word.starts_with('-') => words.push(word),
            other => {
                return Err(wrong!("there is no flag {other}; --bench, --list, or words of journeys' names"));
            }
        }
    }
    let mut world = World::start().await?;
    let outcome = if is_bench {
        benches::run(&mut world, &words).await
    } else {
        run_journeys(&mut world, &words).await
    };
    world.end().await;
    outcome
}

/// Runs them all, even if one fails.
async fn run_journeys(world: &mut World, words: &[&str]) -> Outcome {
    let chosen: Vec<_> = journeys::ALL
        .iter()
        .filter(|journey| words.is_empty() || words.iter().any(|word| journey.name.contains(word)))
        .collect();
    if chosen.is_empty() {
        return Err(wrong!("no journey's name holds {}", words.join(" or ")));
    }
    let mut failed = Vec::new();
    for journey in &chosen {
        let start = Instant::now();
        let outcome = match world.begin(journey.name).await {
            Ok(()) => (journey.run)(world).await,
            Err(error) => Err(error),
        };
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => println!("ok     {:<28} {seconds:>6.1} s  {}", journey.name, journey.about),
            Err(error) => {
                println!("FAILED {:<28} {seconds:>6.1} s  {error}", journey.name);
                world.tell_all(journey.name).await;
                failed.push(journey.name);
            }
        }
    }
    println!("\n{} of {} journeys passed", chosen.len() - failed.len(), chosen.len());
    if failed.is_empty() { Ok(()) } else { Err(wrong!("failed: {}", failed.join(", "))) }
}
