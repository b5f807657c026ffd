//! Chromium and its chromedriver, of the same major version.

use crate::{report::Failure, root::Root, run};
use std::path::{Path, PathBuf};

const CHROMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const WHAT_TO_INSTALL: &str = "\
install Chromium and the chromedriver of the same major version, both on PATH, or name them by CHROME and CHROMEDRIVER.
  Debian: apt install chromium chromium-driver
  Ubuntu: its snap cannot read files outside the home folder; take Chrome for Testing with its chromedriver
  Fedora: dnf install chromium chromedriver
  macOS:  brew install --cask chromium chromedriver";

/// A browser that can be driven.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The browser's program.
    pub chrome: PathBuf,
    /// The driver's program.
    pub driver: PathBuf,
}

/// Looks at CHROME and CHROMEDRIVER, then on PATH; as root on Debian it installs the packages.
pub(super) fn find_or_install(root: &Root) -> Result<Browser, Failure> {
    if let Some(browser) = find()? {
        return check(root, browser);
    }
    if !is_debian() || !is_root(root) {
        return Err(Failure::new("no Chromium with chromedriver was found", WHAT_TO_INSTALL));
    }
    println!("   Chromium: missing, installing Debian's packages chromium and chromium-driver");
    let apt = |args: &[&str]| {
        run::run(run::command(root, "apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(args))
            .map_err(|failure| failure.todo(WHAT_TO_INSTALL))
    };
    apt(&["update", "-qq"])?;
    apt(&["install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver"])?;
    let browser =
        find()?.ok_or_else(|| Failure::new("the packages came without programs", WHAT_TO_INSTALL))?;
    check(root, browser)
}

fn find() -> Result<Option<Browser>, Failure> {
    let named = |variable: &str| -> Result<Option<PathBuf>, Failure> {
        let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let file = PathBuf::from(value);
        if run::is_program(&file) {
            return Ok(Some(file));
        }
        Err(Failure::new(
            format!("{variable} names {}, which is no program", file.display()),
            WHAT_TO_INSTALL,
        ))
    };
    let chrome = named("CHROME")?.or_else(|| CHROMES.iter().find_map(|name| run::find_on_path(name)));
    let driver = named("CHROMEDRIVER")?.or_else(|| run::find_on_path("chromedriver"));
    Ok(chrome.zip(driver).map(|(chrome, driver)| Browser { chrome, driver }))
}

fn check(root: &Root, browser: Browser) -> Result<Browser, Failure> {
    let chrome = version(root, &browser.chrome)?;
    let driver = version(root, &browser.driver)?;
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    if major(&chrome) != major(&driver) {
        return Err(Failure::new(
            format!("Chromium is {chrome} and chromedriver is {driver}: they do not work together"),
            WHAT_TO_INSTALL,
        ));
    }
    println!("   Chromium {chrome} with its driver: there");
    Ok(browser)
}

fn version(root: &Root, program: &Path) -> Result<String, Failure> {
    let said = run::read(run::command(root, program).arg("--version")).unwrap_or_default();
    said.split_whitespace()
        .find(|word| word.contains('.') && word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
        .ok_or_else(|| {
            Failure::new(format!("{} does not tell its version", program.display()), WHAT_TO_INSTALL)
        })
}

fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line.trim() == "ID=debian")
}

fn is_root(root: &Root) -> bool {
    run::read(run::command(root, "id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
