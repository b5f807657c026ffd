//! How the page looks: window size, theme, pictures.

use super::Page;
use crate::outcome::Outcome;
use serde_json::json;
use std::path::Path;

/// What the person's system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
    /// Forced colours, as with Windows' contrast themes.
    Forced,
}

impl Theme {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Forced => "forced",
        }
    }
}

impl Page {
    /// Gives the window a size in CSS pixels and the system a theme.
    pub(crate) async fn emulate(&self, theme: Theme, width: u32, height: u32) -> Outcome {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver().cdp("Emulation.setDeviceMetricsOverride", size).await?;
        let scheme = if theme == Theme::Light { "light" } else { "dark" };
        let forced = if theme == Theme::Forced { "active" } else { "none" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "forced-colors", "value": forced },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.driver().cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// Back to a plain window.
    pub(crate) async fn as_usual(&self) -> Outcome {
        self.emulate(Theme::Light, 1280, 800).await
    }

    /// Writes what one sees into a PNG file.
    pub(crate) async fn picture(&self, file: &Path) -> Outcome {
        let bytes = self.driver().client().screenshot().await?;
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(file, bytes)?)
    }
}
