//! Once the page is up nothing is fetched, and nothing could be.

use crate::{
    outcome::{Outcome, same},
    page::SHORT,
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    let file = world.files.trail("secret.jsonl", 1_000)?;
    world.open("").await?;
    let page = &world.page;
    let before = asked(world);
    page.load(&[file], SHORT).await?;
    page.count("AWSCloudTrail | where EventName == \"Decrypt\" | count").await?;
    same("requests", asked(world), before.clone())?;

    for script in [
        "fetch('./index.html').then(() => 'allowed', () => 'refused').then(done)",
        "fetch('https://chartroom.invalid/', { mode: 'no-cors' }).then(() => 'allowed', () => 'refused').then(done)",
        "const i = new Image(); i.onload = () => done('allowed'); i.onerror = () => done('refused');
         i.src = 'https://chartroom.invalid/x.png'",
        "done(navigator.sendBeacon('./x', 'y') ? 'refused' : 'refused')",
    ] {
        let script = format!("const done = arguments[arguments.length - 1]; {script}");
        let outcome = page.driver().client().execute_async(&script, Vec::new()).await?;
        same(&script, outcome.as_str(), Some("refused"))?;
    }
    same("requests after trying", asked(world), before)?;
    // What is searched for is patient data too.
    let address = page.driver().client().current_url().await?;
    same("the address", (address.query().unwrap_or(""), address.fragment()), ("", None))
}

/// What the page asked for; not what the browser itself looks for, in its own time: icon, manifest, service worker.
fn asked(world: &World) -> Vec<String> {
    let mut paths = world.server.requests();
    paths.retain(|path| !path.contains("icon") && path != "/manifest.webmanifest" && path != "/sw.js");
    paths
}
