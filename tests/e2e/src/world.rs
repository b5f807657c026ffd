//! All that a journey has: the page, the server behind it, made-up files, a place for pictures.

use crate::{
    driver::Driver,
    files::Files,
    outcome::{Outcome, wrong},
    page::{Page, Theme},
};
use chartroom_xtask::{
    root::Root,
    serve::{Server, ServiceWorker},
};
use std::path::PathBuf;

/// The widths that pictures are taken in, in CSS pixels.
pub(crate) const WIDTHS: &[u32] = &[1280, 360];

/// What all journeys share.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) page: Page,
    pub(crate) server: Server,
    pub(crate) files: Files,
    dist: PathBuf,
    pictures: PathBuf,
}

impl World {
    /// Starts server and browser.
    pub(crate) async fn start() -> Outcome<Self> {
        let root = Root::find().map_err(|failure| wrong!("{failure}"))?;
        // CHARTROOM_DIST: another page to go through, for trying the harness itself.
        let dist = std::env::var_os("CHARTROOM_DIST").map_or_else(|| root.dist(), PathBuf::from);
        if !dist.join("index.html").is_file() {
            return Err(wrong!("there is no {}: cargo xtask build", dist.join("index.html").display()));
        }
        let server = Server::start(&dist, 0, ServiceWorker::Unregisters)?;
        let profile = root.target().join(format!("journeys-profile-{}", std::process::id()));
        let driver = Driver::start(&root.join("webdriver.json"), profile).await?;
        let files = Files::new(root.target().join("journeys-data"));
        Ok(Self { page: Page::new(driver), server, files, dist, pictures: root.target().join("journeys") })
    }

    /// Closes the browser.
    pub(crate) async fn end(self) {
        self.page.into_driver().end().await;
    }

    /// Makes ready for a journey: a plain window, an empty page, no words left over.
    pub(crate) async fn begin(&self, _name: &str) -> Outcome {
        self.page.driver().client().goto("about:blank").await?;
        self.page.as_usual().await?;
        self.page.driver().console().await.map(drop)
    }

    /// Opens the page with a query such as `shards=2`.
    pub(crate) async fn open(&self, query: &str) -> Outcome {
        self.page.open(&format!("{}?{query}", self.server.address())).await
    }

    /// A server that hands out the real service worker; its own origin, so nothing is left over.
    pub(crate) fn pwa_server(&self) -> Outcome<Server> {
        Ok(Server::start(&self.dist, 0, ServiceWorker::Real)?)
    }

    /// The same for a copy of the page, which may be changed: the server and the copy's folder.
    pub(crate) fn pwa_copy(&self, name: &str) -> Outcome<(Server, PathBuf)> {
        let copy = self.pictures.with_file_name("journeys-copies").join(name);
        if copy.exists() {
            std::fs::remove_dir_all(&copy)?;
        }
        copy_folder(&self.dist, &copy)?;
        Ok((Server::start(&copy, 0, ServiceWorker::Real)?, copy))
    }

    /// The built page.
    pub(crate) fn dist(&self) -> &std::path::Path {
        &self.dist
    }

    /// One picture in the window as it is.
    pub(crate) async fn picture(&self, name: &str) -> Outcome {
        self.page.picture(&self.pictures.join(format!("{name}.png"))).await
    }

    /// Pictures in both themes and all widths: `<name>-<theme>-<width>.png`.
    pub(crate) async fn pictures(&self, name: &str) -> Outcome {
        for theme in [Theme::Light, Theme::Dark] {
            for &width in WIDTHS {
                self.page.emulate(theme, width, 800).await?;
                // Two frames: the first lays out, the second has painted.
                let script = "const done = arguments[arguments.length - 1];
                    requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
                self.page.driver().client().execute_async(script, Vec::new()).await?;
                self.page.until_drawn().await?;
                self.picture(&format!("{name}-{}-{width}", theme.name())).await?;
            }
        }
        self.page.as_usual().await
    }

    /// After a failure: what the page said, what its ledger holds, how it looks.
    pub(crate) async fn tell_all(&self, name: &str) {
        match self.page.driver().console().await {
            Ok(lines) => lines.iter().for_each(|line| println!("         console: {line}")),
            Err(error) => println!("         console: {error}"),
        }
        match self.page.ledger().await {
            Ok(files) => files.iter().take(20).for_each(|file| println!("         ledger: {file:?}")),
            Err(error) => println!("         ledger: {error}"),
        }
        let picture = format!("failed-{name}");
        match self.picture(&picture).await {
            Ok(()) => println!("         picture: target/journeys/{picture}.png"),
            Err(error) => println!("         no picture: {error}"),
        }
    }
}

fn copy_folder(from: &std::path::Path, to: &std::path::Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
