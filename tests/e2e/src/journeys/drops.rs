//! Ways in besides the one drop: a second one, the clipboard, our own samples.

use crate::{
    data::{cloudtrail::Trail, fhir},
    outcome::{Outcome, ensure, same},
    page::SHORT,
    world::World,
};

pub(super) async fn second(world: &mut World) -> Outcome {
    let (trail, audit) = (world.files.trail("first.jsonl", 2_000)?, world.files.fhir("second.json", 1_000)?);
    world.open("").await?;
    let page = &world.page;
    page.load(&[trail], SHORT).await?;
    same("after the first", page.ledger_totals().await?, (1, 2_000, 0))?;
    page.load(&[audit], SHORT).await?;
    same("after the second", page.ledger_totals().await?, (2, 3_000, 0))?;
    same("Events", page.count("Events | count").await?, 3_000)?;

    let expected = (0..1_000).filter(|&number| fhir::resource_type(number) == "Patient").count() as u64;
    let query = "MicrosoftHealthcareApisAuditLogs | where FhirResourceType == \"Patient\" | count";
    same(query, page.count(query).await?, expected)?;
    same("AWSCloudTrail", page.count("AWSCloudTrail | count").await?, 2_000)
}

pub(super) async fn paste(world: &mut World) -> Outcome {
    let text = String::from_utf8_lossy(&Trail::PLAIN.lines(0..7)).into_owned();
    world.open("").await?;
    let page = &world.page;
    let script = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);
        document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))";
    page.run(script, vec![text.into()]).await?;
    page.settle(SHORT).await?;
    same("the ledger", page.ledger_totals().await?, (1, 7, 0))?;
    same("AWSCloudTrail", page.count("AWSCloudTrail | count").await?, 7)
}

pub(super) async fn sample(world: &mut World) -> Outcome {
    world.open("").await?;
    let page = &world.page;
    page.click("button", "Try sample data").await?;
    page.until("samples to be read", SHORT, "return !!document.querySelector('[data-testid=ledger-file]')")
        .await?;
    page.settle(SHORT).await?;
    let (files, events, rejected) = page.ledger_totals().await?;
    ensure!(
        files >= 12 && events > 500 && rejected == 0,
        "{files} files, {events} events, {rejected} rejected"
    );
    for table in [
        "AWSCloudTrail",
        "MicrosoftHealthcareApisAuditLogs",
        "AHDSDicomAuditLogs",
        "AHDSDicomDiagnosticLogs",
        "AHDSMedTechDiagnosticLogs",
        "ACSBillingUsage",
        "ACSChatIncomingOperations",
        "ACSSMSIncomingOperations",
        "ACSRoomsIncomingOperations",
        "ACSCallSummary",
        "ACSEmailSendMailOperational",
        "ACSEmailStatusUpdateOperational",
    ] {
        let count = page.count(&format!("{table} | count")).await?;
        ensure!(count > 0, "no sample for {table}");
    }
    Ok(())
}
