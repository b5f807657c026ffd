//! Pictures to be looked at by people: both themes, a wide and a narrow window, and forced colours once.

use crate::{
    outcome::{Outcome, ensure},
    page::{SHORT, Theme},
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    let (trail, audit) = (world.files.trail("look.jsonl", 20_000)?, world.files.fhir("look.json", 5_000)?);
    let odd = world.files.small("odd.json", b"{\"Records\":[{\"eventVersion\":\"1.11\",")?;
    world.open("").await?;
    world.pictures("empty").await?;
    world.page.load(&[trail, audit, odd], SHORT).await?;
    world.pictures("loaded").await?;
    no_sideways_scroll(world).await?;

    world.page.click_on("[data-testid=result-table] [role=gridcell]").await?;
    world.page.press(&[fantoccini::key::Key::Enter.into()]).await?;
    world.page.until("the record", SHORT, "return !!document.querySelector('[data-testid=record]')").await?;
    world.pictures("record").await?;

    world.page.emulate(Theme::Forced, 1280, 800).await?;
    world.picture("record-forced-1280").await?;
    world.page.as_usual().await
}

/// A window of 360 px shows all of the page's width.
async fn no_sideways_scroll(world: &World) -> Outcome {
    world.page.emulate(Theme::Light, 360, 800).await?;
    let script = "return document.documentElement.scrollWidth - innerWidth";
    let over = world.page.run(script, Vec::new()).await?.as_i64().unwrap_or(0);
    ensure!(over <= 0, "the page is {over} px wider than a window of 360 px");
    world.page.as_usual().await
}
