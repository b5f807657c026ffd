//! chromedriver and the one browser session, with Chrome's own commands beside those of WebDriver.

use crate::outcome::{Outcome, wrong};
use fantoccini::{
    Client, ClientBuilder,
    wd::{TimeoutConfiguration, WebDriverCompatibleCommand},
};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};
use url::{ParseError, Url};

/// A browser that is driven; ended by [`Driver::end`], at the latest when dropped.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    client: Client,
    profile: PathBuf,
}

impl Driver {
    /// Starts chromedriver on a free port and a browser with a fresh profile.
    ///
    /// `settings` is `webdriver.json`; CHROME and CHROMEDRIVER name the programs.
    pub(crate) async fn start(settings: &Path, profile: PathBuf) -> Outcome<Self> {
        if profile.exists() {
            std::fs::remove_dir_all(&profile)?;
        }
        std::fs::create_dir_all(&profile)?;
        let mut settings: Value = serde_json::from_str(&std::fs::read_to_string(settings)?)?;
        let options = &mut settings["goog:chromeOptions"];
        if let Some(args) = options["args"].as_array_mut() {
            args.push(format!("--user-data-dir={}", profile.display()).into());
        }
        if let Some(chrome) = std::env::var_os("CHROME") {
            options["binary"] = chrome.to_string_lossy().into();
        }
        settings["goog:loggingPrefs"] = json!({ "browser": "ALL" });
        // Leaving a page with data asks first; between journeys the answer is yes.
        settings["unhandledPromptBehavior"] = "accept".into();

        let (process, port) = start_process()?;
        let Value::Object(capabilities) = settings else { return Err(wrong!("webdriver.json is no object")) };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await;
        let client = match client {
            Ok(client) => client,
            Err(error) => {
                end_process(process);
                return Err(wrong!("no browser session: {error}"));
            }
        };
        let driver = Self { process, client, profile };
        let (script, load) = (Duration::from_secs(120), Duration::from_secs(60));
        driver.client.update_timeouts(TimeoutConfiguration::new(Some(script), Some(load), None)).await?;
        Ok(driver)
    }

    /// WebDriver's own commands.
    pub(crate) const fn client(&self) -> &Client {
        &self.client
    }

    /// A command of the Chrome DevTools Protocol.
    pub(crate) async fn cdp(&self, command: &str, params: Value) -> Outcome<Value> {
        let body = json!({ "cmd": command, "params": params });
        self.client
            .issue_cmd(ChromeCommand { path: "goog/cdp/execute", body })
            .await
            .map_err(|error| wrong!("{command}: {error}"))
    }

    /// What the page said on its console since the last call, one line an entry.
    pub(crate) async fn console(&self) -> Outcome<Vec<String>> {
        let entries = self
            .client
            .issue_cmd(ChromeCommand { path: "se/log", body: json!({ "type": "browser" }) })
            .await?;
        let entries = entries.as_array().cloned().unwrap_or_default();
        Ok(entries
            .iter()
            .map(|entry| {
                format!(
                    "{} {}",
                    entry["level"].as_str().unwrap_or(""),
                    entry["message"].as_str().unwrap_or("")
                )
            })
            .collect())
    }

    /// Closes the browser and ends chromedriver.
    pub(crate) async fn end(self) {
        // The process is ended in any case, and the browser with it.
        self.client.clone().close().await.ok();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        std::fs::remove_dir_all(&self.profile).ok();
    }
}

fn start_process() -> Outcome<(Child, u16)> {
    let program = std::env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    let mut process = Command::new(&program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| wrong!("{} could not be started: {error}", program.to_string_lossy()))?;
    let Some(stdout) = process.stdout.take() else { return Err(wrong!("chromedriver has no output")) };
    let mut lines = BufReader::new(stdout).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        line.contains("started successfully")
            .then(|| line.rsplit("port ").next()?.trim_end_matches('.').parse().ok())?
    });
    // Read on, so that it never waits for somebody to listen.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    match port {
        Some(port) => Ok((process, port)),
        None => {
            end_process(process);
            Err(wrong!("chromedriver did not say its port"))
        }
    }
}

fn end_process(mut process: Child) {
    process.kill().ok();
    process.wait().ok();
}

/// A command of chromedriver's own, below the session.
#[derive(Debug)]
struct ChromeCommand {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for ChromeCommand {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
