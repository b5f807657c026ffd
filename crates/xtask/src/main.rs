//! `cargo xtask <command>`: reads the arguments and calls the module that does it.

#![expect(clippy::print_stdout, reason = "a command speaks on standard output")]

use chartroom_xtask::{bench, build, new, report::Failure, root::Root, serve, setup, size, test};
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <command>

  setup                     install what is missing: wasm32 target, Trunk, wasm-bindgen, Chromium
  build                     make dist/, the page as static files
  serve [--port N] [--pwa]  build, then serve dist/ on 127.0.0.1 (8080, or the next free port);
                            --pwa keeps the service worker, else it unregisters itself
  test [JOURNEY…]           all that must hold: format, lints, tests, component tests, size, journeys
  components                the component tests alone, in Chromium
  journeys [JOURNEY…]       the journeys alone, against dist/ as it is
  new format ID SAMPLE      begin the file of a log type, ID.toml, from a sample of its records
  size                      what the page weighs, against its budget (dist/ as it is)
  bench                     the figures, native and in Chromium, each beside its peer

Tools go into ~/.cache/chartroom/tools (CHARTROOM_TOOLS moves it); CHROME and CHROMEDRIVER name a browser.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<(), Failure> {
    let (command, rest) = match args.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", args),
    };
    if command != "new"
        && command != "serve"
        && command != "test"
        && command != "journeys"
        && !rest.is_empty()
    {
        return Err(Failure::new(format!("`{command}` takes no arguments, got {}", rest.join(" ")), USAGE));
    }
    let root = Root::find()?;
    match command {
        "setup" => setup::for_tests(&root).map(drop),
        "build" => build::build(&root, &setup::for_build(&root)?),
        "serve" => serve_command(&root, rest),
        "test" => test::test(&root, rest),
        "components" => test::components(&root, &setup::for_tests(&root)?),
        "journeys" => test::journeys(&root, &setup::for_tests(&root)?, rest),
        "new" => new::new(&root, rest).map(|path| {
            println!(
                "{} is begun: look it over, then `chartroom inspect --format {} SAMPLE`",
                path.display(),
                path.display()
            );
        }),
        "size" => size::check(&root),
        "bench" => bench::bench(&root),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(Failure::new(format!("there is no command {other:?}"), USAGE)),
    }
}

fn serve_command(root: &Root, args: &[String]) -> Result<(), Failure> {
    let mut port = 8080;
    let mut is_pwa = false;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        match name {
            "--pwa" if value.is_none() => is_pwa = true,
            "--port" => {
                let text = value.or_else(|| args.next().cloned()).unwrap_or_default();
                port = text.parse().map_err(|error| {
                    Failure::new(format!("`--port` wants a number up to 65535, got {text:?}: {error}"), USAGE)
                })?;
            }
            _ => return Err(Failure::new(format!("`serve` does not know {arg:?}"), USAGE)),
        }
    }
    build::build(root, &setup::for_build(root)?)?;
    let server = serve::Server::start(&root.dist(), port, serve::ServiceWorker::from_flag(is_pwa)).map_err(
        |error| {
            Failure::new(
                format!("no port from {port} on could be had: {error}"),
                "name another one: --port N",
            )
        },
    )?;
    if server.port() != port {
        println!("port {port} is taken, so it is the next free one");
    }
    println!("\nserving dist/ on {} (end with Ctrl-C)", server.address());
    server.wait();
    Ok(())
}
