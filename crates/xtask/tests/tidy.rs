//! What the compiler does not check: who may know whom, and a few rules about files.
//!
//! A new crate gets its line in `FLOORS`; a new edge is a commit of its own, with its reason.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    process::Command,
};

/// Each of our packages, and those of ours that it may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("chartroom_base", &[]),
    ("chartroom_schema", &["base"]),
    ("chartroom_zones", &["base"]),
    ("chartroom_store", &["base", "schema"]),
    ("chartroom_kql_syntax", &["base"]),
    ("chartroom_protocol", &["base", "schema"]),
    ("chartroom_ingest", &["base", "schema", "store", "zones"]),
    ("chartroom_values", &["base", "schema", "store", "kql_syntax"]),
    ("chartroom_kql", &["base", "schema", "store", "zones", "kql_syntax", "values"]),
    ("chartroom_chart", &["base"]),
    ("chartroom_wire", &[]),
    ("chartroom_engine", &["base", "schema", "store", "kql_syntax", "protocol", "ingest", "kql"]),
    // schema: the kinds of columns that the protocol names.
    ("chartroom", &["base", "schema", "chart", "kql_syntax", "protocol", "wire", "engine"]),
    ("chartroom_cli", &["base", "protocol", "engine"]),
    ("chartroom_testkit", &["base", "schema", "store", "kql_syntax", "protocol", "ingest", "kql", "engine"]),
    ("chartroom_xtask", &[]),
    ("chartroom_e2e", &["xtask"]),
];

/// Packages that run in a browser and elsewhere: no clock, files, environment or threads of their own.
const LIBRARIES: &[&str] = &[
    "base",
    "schema",
    "zones",
    "store",
    "kql_syntax",
    "protocol",
    "ingest",
    "kql",
    "chart",
    "wire",
    "engine",
];

/// Crates that only the browser's side may name.
const BROWSER: &[&str] =
    &["web-sys", "js-sys", "wasm-bindgen", "wasm-bindgen-futures", "serde-wasm-bindgen", "yew"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn cargo(args: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).current_dir(root()).args(args).args(["--offline"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A dependency as a manifest names it.
struct Edge {
    from: String,
    to: String,
    is_dev: bool,
}

fn edges() -> Vec<Edge> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    let mut edges = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        for dependency in package["dependencies"].as_array().unwrap() {
            edges.push(Edge {
                from: package["name"].as_str().unwrap().to_owned(),
                to: dependency["name"].as_str().unwrap().to_owned(),
                is_dev: dependency["kind"] == "dev",
            });
        }
    }
    edges
}

#[test]
fn each_crate_uses_only_what_stands_below_it() {
    let floors: BTreeMap<&str, BTreeSet<String>> = FLOORS
        .iter()
        .map(|(name, below)| (*name, below.iter().map(|b| format!("chartroom_{b}")).collect()))
        .collect();
    let mut wrong = Vec::new();
    for Edge { from, to, is_dev } in edges() {
        let Some(below) = floors.get(from.as_str()) else {
            wrong.push(format!("{from} has no line in FLOORS"));
            continue;
        };
        if to == "chartroom_testkit" {
            if !is_dev {
                wrong.push(format!("{from} uses {to} outside its tests"));
            }
        } else if to.starts_with("chartroom") && !below.contains(&to) {
            wrong.push(format!("{from} uses {to}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_wire_and_the_root_package_meet_the_browser() {
    let wrong: Vec<String> = edges()
        .into_iter()
        .filter(|edge| edge.from != "chartroom" && edge.from != "chartroom_wire")
        .filter(|edge| BROWSER.contains(&edge.to.as_str()))
        .map(|edge| format!("{} uses {}", edge.from, edge.to))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_engine_does_not_reach_the_browser_by_any_way() {
    let tree = cargo(&[
        "tree",
        "-p",
        "chartroom_engine",
        "-e",
        "normal,build",
        "--target",
        "all",
        "--prefix",
        "none",
    ]);
    assert_reaches_none(&tree, &["web-sys", "js-sys", "wasm-bindgen"]);
}

#[test]
fn the_journeys_bring_no_tls() {
    let tree = cargo(&["tree", "-p", "chartroom_e2e", "--target", "all", "--prefix", "none"]);
    assert_reaches_none(&tree, &["rustls", "native-tls", "openssl", "openssl-sys", "ring", "aws-lc-rs"]);
}

#[track_caller]
fn assert_reaches_none(tree: &str, names: &[&str]) {
    let reached: BTreeSet<&str> =
        tree.lines().filter_map(|line| line.split(' ').next()).filter(|name| names.contains(name)).collect();
    assert!(reached.is_empty(), "{reached:?}");
}

#[test]
fn only_the_worker_names_the_engine() {
    let wrong: Vec<PathBuf> = rust_files(&root().join("src"))
        .into_iter()
        .filter(|file| !file.starts_with(root().join("src/bin")))
        .filter(|file| code_lines(file).iter().any(|(_, line)| line.contains("chartroom_engine")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_is_one_wasm_bindgen_and_it_is_pinned() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let versions: Vec<&str> = lock
        .split("[[package]]")
        .filter(|package| package.contains("\nname = \"wasm-bindgen\"\n"))
        .filter_map(|package| package.split("version = \"").nth(1)?.split('"').next())
        .collect();
    let [version] = versions[..] else { panic!("{versions:?}") };
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(
        manifest.contains(&format!("wasm-bindgen = \"={version}\"")),
        "Cargo.toml pins another than {version}"
    );
}

#[test]
fn nothing_sets_rustflags() {
    // It replaces the flags of .cargo/config.toml, and SIMD is lost without a word.
    let mut wrong = Vec::new();
    for file in all_files(&root()) {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let is_rust = file.extension().is_some_and(|ending| ending == "rs");
        let is_setting = ["toml", "sh", "yml", "yaml", "run"]
            .iter()
            .any(|ending| file.to_string_lossy().ends_with(ending));
        let sets = text.lines().any(|line| {
            let is_comment = line.trim_start().starts_with(['#', '/']);
            (is_setting && !is_comment && line.contains("RUSTFLAGS"))
                || (is_rust && line.contains(concat!(".env(\"RUST", "FLAGS")))
        });
        if sets {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn libraries_have_no_clock_files_environment_or_threads() {
    const HOST: &[&str] = &[
        "std::fs",
        "std::env",
        "std::thread",
        // Addresses as values are no network.
        "std::net::Tcp",
        "std::net::Udp",
        "std::net::ToSocketAddrs",
        "std::process",
        "Instant::now",
        "SystemTime::now",
    ];
    let mut wrong = Vec::new();
    for library in LIBRARIES {
        let folder = root().join("crates").join(library).join("src");
        let files = rust_files(&folder);
        let test_modules: BTreeSet<String> = files.iter().flat_map(|file| test_modules(file)).collect();
        for file in files {
            let name = file.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            let module = file.file_stem().unwrap().to_string_lossy().into_owned();
            // The engine's native host is the one place for them; tests may read files.
            if (*library == "engine" && name.starts_with("native")) || test_modules.contains(&module) {
                continue;
            }
            for (number, line) in code_lines(&file) {
                if line.contains("#[cfg(test)]") {
                    break;
                }
                if HOST.iter().any(|host| line.contains(host)) {
                    wrong.push(format!("{library}/src/{name}:{number}: {}", line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let mut folders = vec![root().join("src"), root().join("tests")];
    folders.extend(std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path()));
    let wrong: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter(|file| !std::fs::read_to_string(file).unwrap().starts_with("//!"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Modules with files of their own that are only built for tests.
fn test_modules(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let declared = text.split("#[cfg(test)]\nmod ").skip(1);
    let names =
        declared.filter_map(|rest| rest.split_once([';', ' ', '\n']).map(|(name, _)| name.to_owned()));
    names.filter(|name| !name.is_empty()).collect()
}

/// Lines that are not comments, with their numbers.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(index, line)| (index + 1, line.to_owned())).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = all_files(folder);
    files.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
    files
}

/// All files below a folder but for what is built or belongs to git.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() {
            if name != ".git" && name != "dist" && !name.starts_with("target") {
                found.extend(all_files(&path));
            }
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}
