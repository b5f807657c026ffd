//! Rooms logs exported as the documentation prints its examples: not quite JSON.

use crate::{
    data::rooms::EXAMPLES,
    outcome::{Outcome, ensure, same},
    page::{SHORT, Theme},
    world::World,
};

pub(super) async fn run(world: &mut World) -> Outcome {
    let mut paths = Vec::new();
    for (name, content, _) in EXAMPLES {
        paths.push(world.files.small(name, content.as_bytes())?);
    }
    let count = EXAMPLES.len() as u64;
    // Wide enough for all columns: those out of sight are not in the document.
    world.page.emulate(Theme::Light, 6_000, 800).await?;
    world.open("").await?;
    let page = &world.page;
    page.load(&paths, SHORT).await?;
    same("the ledger", page.ledger_totals().await?, (count, count, 0))?;
    for file in page.ledger().await? {
        same(
            &file.name,
            (file.status.as_str(), file.table.as_str()),
            ("done", "ACSRoomsIncomingOperations"),
        )?;
    }

    let error = page.query("ACSRoomsIncomingOperations | take 10").await?;
    ensure!(error.is_none(), "{error:?}");
    let mut operations = page.column("OperationName").await?;
    operations.sort();
    let mut expected: Vec<String> =
        EXAMPLES.iter().map(|(_, _, operation)| (*operation).to_owned()).collect();
    expected.sort();
    same("operations", operations, expected)?;
    let mut times = page.column("TimeGenerated").await?;
    times.sort();
    let expected = [
        "2024-06-14T15:07:21.1180000Z",
        "2024-06-14T15:09:02.7700100Z",
        "2024-06-14T15:11:40.0000007Z",
        "2024-06-15T08:30:00.5000000Z",
    ];
    same("times in both forms", times, expected.map(str::to_owned).to_vec())?;
    // Seventeen digits: a number of JavaScript would have rounded them.
    let rooms = page.column("RoomId").await?;
    same("room ids", rooms.iter().filter(|id| *id == "99411223344556677").count(), 3)
}
