//! The evening: look-back, a dispute, the device that was away, the brief, the sheet, the ledgers.

use super::day::status;
use super::proxy::{Proxy, Trouble};
use super::stage::{Failure, Said, Stage};
use super::{AWAY, COLLEAGUE, COMMAND, COMMUNITY, Cases, ENTRANCE, INSPECTOR, STREET_HEAD, must};
use crate::language::say;
use serde_json::Value;

/// 17:00: the list makes itself; the entrance is clean.
pub(super) fn look_back(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(17, 0, &say!(language, "demo-look-back"));
    stage.field(INSPECTOR, &["sync"])?;
    stage.field_quietly(COLLEAGUE, &["sync"])?;
    for (person, case) in
        [(INSPECTOR, &cases.rubbish), (INSPECTOR, &cases.market), (COLLEAGUE, &cases.market)]
    {
        must(status(stage, person, case)? == "rectified", "who looks back knows that it was put right")?;
    }
    let today = stage.field_quietly(INSPECTOR, &["today"])?;
    let found = today.list_at("/look_back")?;
    let count: usize =
        found.iter().filter_map(|task| task.pointer("/cases").and_then(Value::as_array)).map(Vec::len).sum();
    stage.tell(&say!(language, "demo-look-back-text", cases = count, name = stage.name(INSPECTOR)?));
    let photo = stage.photo("south-entrance-look-back.jpg");
    stage.field(INSPECTOR, &["look-back", &cases.rubbish, "--passed", "--photo", &photo, "已清理干净"])?;
    let shown = stage.field(INSPECTOR, &["show", &cases.rubbish])?;
    must(shown.text_at("/status")? == "closed", "what passed the look-back is closed")?;
    stage.tell(&say!(language, "demo-spot-look-back-text", name = stage.name(COLLEAGUE)?));
    stage.field(COLLEAGUE, &["look-back", &cases.bicycles, "--passed", "车辆摆放整齐"])?;
    Ok(())
}

/// Two look-backs contradict; a person decides.
pub(super) fn dispute(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(17, 12, &say!(language, "demo-dispute"));
    stage.tell(&say!(
        language,
        "demo-dispute-text",
        first = stage.name(INSPECTOR)?,
        second = stage.name(COLLEAGUE)?,
    ));
    let passed = stage.field(INSPECTOR, &["look-back", &cases.market, "--passed", "门口已摆整齐"])?;
    let passed = passed.text_at("/event")?.to_owned();
    stage.field(COLLEAGUE, &["look-back", &cases.market, "--failed", "西侧仍有车乱停"])?;
    stage.clock.set(17, 20);
    stage.field_quietly(INSPECTOR, &["sync"])?;
    stage.field_quietly(COLLEAGUE, &["sync"])?;
    stage.field_quietly(INSPECTOR, &["sync"])?;
    stage.field_quietly(COMMAND, &["sync"])?;
    for person in [INSPECTOR, COLLEAGUE, COMMAND] {
        let shown = stage.field_quietly(person, &["show", &cases.market])?;
        must(shown.json.pointer("/disputed") == Some(&Value::Bool(true)), "everybody sees the dispute")?;
        if person == COMMAND {
            stage.show(&["field", "--store", &stage.store(person), "show", &cases.market], &shown);
        }
    }
    stage.tell(&say!(language, "demo-dispute-open"));
    let reason = "以现场照片为准,西侧车辆属于另一点位";
    let store = stage.store(INSPECTOR);
    let refused = stage.try_run(&["field", "--store", &store, "decide", &cases.market, &passed, reason]);
    let refused = refused.err().ok_or_else(|| Failure("an inspector decided a dispute".to_owned()))?;
    stage.field(COMMAND, &["decide", &cases.market, &passed, reason])?;
    stage.tell(&say!(
        language,
        "demo-dispute-decided",
        name = stage.name(COMMAND)?,
        refused = refused.trim().to_owned(),
    ));
    stage.field_quietly(COMMAND, &["sync"])?;
    stage.field_quietly(INSPECTOR, &["sync"])?;
    must(status(stage, INSPECTOR, &cases.market)? == "closed", "the inspector sees the decision")
}

/// The device that was away all day syncs over a line that cuts in every way.
pub(super) fn back_on_a_bad_line(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(17, 40, &say!(language, "demo-away-back"));
    stage.tell(&say!(language, "demo-away-back-text", name = stage.name(AWAY)?));
    let before = stage.field_quietly(COMMAND, &["cases", "--limit", "200"])?;
    let proxy = Proxy::start(
        stage.office.address,
        &[Trouble::InRequest, Trouble::AfterCommit, Trouble::InAnswer, Trouble::AfterCommit],
    )?;
    let (store, url) = (stage.store(AWAY), proxy.url());
    let sync = ["field", "--store", &store, "sync", "--url", &url];
    let mut number = 1;
    let report = loop {
        match stage.try_run(&sync) {
            Ok(report) => break report,
            Err(error) if number < 12 => {
                let error = error.trim().to_owned();
                stage.tell(&say!(language, "demo-away-back-retry", number = number, error = error));
                number += 1;
            }
            Err(error) => return Err(Failure(error)),
        }
    };
    stage.show(&sync, &report);
    must(proxy.left() == 0 && number > 1, "the line was really cut")?;
    stage.field_quietly(COMMAND, &["sync"])?;
    let after = stage.field_quietly(COMMAND, &["cases", "--limit", "200"])?;
    let mine = |said: &Said| -> Result<usize, Failure> {
        let by = |row: &&Value| row.pointer("/reported_by/id").and_then(Value::as_str) == Some(AWAY);
        Ok(said.list_at("/rows")?.iter().filter(by).count())
    };
    must(mine(&before)? == 0, "nobody knew of the work of the day before")?;
    must(mine(&after)? == 1, "work that was sent several times is there once")?;
    let shown = stage.field_quietly(AWAY, &["show", &cases.paving])?;
    let delivered = shown.number_at("/delivery/photos_delivered")?;
    must(delivered == shown.number_at("/delivery/photos")?, "every photo has its receipt")?;
    stage.tell(&say!(
        language,
        "demo-away-back-done",
        number = number,
        name = stage.name(AWAY)?,
        cases = mine(&after)?,
        delivered = delivered,
    ));
    Ok(())
}

/// 18:00: the same-day rule is decided, and who is overdue is named.
pub(super) fn brief(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(18, 5, &say!(language, "demo-evening"));
    let brief = stage.field(COMMAND, &["brief"])?;
    let overdue = brief.list_at("/overdue")?;
    let names: Vec<&str> =
        overdue.iter().filter_map(|named| named.pointer("/person/name").and_then(Value::as_str)).collect();
    let expected = stage.name(STREET_HEAD)?;
    must(names == [expected.as_str()], "exactly the head of the dormitory is named as overdue")?;
    let listed =
        overdue.iter().filter_map(|named| named.pointer("/cases").and_then(Value::as_array)).flatten();
    let listed: Vec<&str> = listed.filter_map(Value::as_str).collect();
    must(listed == [cases.bin.as_str()], "for the bin, and for nothing else")?;
    stage.tell(&say!(language, "demo-evening-text", names = names.join("、")));
    stage.field(COMMAND, &["act", &cases.bin, "comment", "明早8点前整改到位,第一督导组复查"])?;
    Ok(())
}

/// What moved the score, and why.
pub(super) fn sheet(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(18, 10, &say!(language, "demo-sheet"));
    let sheet = stage.field(COMMAND, &["score", COMMUNITY])?;
    let total = sheet.text_at("/total")?.to_owned();
    must(total != cases.morning_total, "the day moved the score")?;
    let of_case = |case: &str| -> Result<usize, Failure> {
        let names = |entry: &&Value| entry.pointer("/case").and_then(Value::as_str) == Some(case);
        Ok(sheet.list_at("/entries")?.iter().filter(names).count())
    };
    must(of_case(&cases.rubbish)? == 1, "what two people found is scored once")?;
    must(of_case(&cases.rubbish_again)? == 0, "the merged record costs nothing")?;
    must(of_case(&cases.bin)? == 2, "the bin costs its finding and the missed day")?;
    must(of_case(&cases.paving)? == 1, "the work of the device that was away counts")?;
    let past = stage.field_quietly(COMMAND, &["score", COMMUNITY, "--as-of", "2026-03-20 12:00"])?;
    stage.tell(&say!(
        language,
        "demo-sheet-morning",
        community = sheet.text_at("/community/name")?.to_owned(),
        points = amount(&cases.morning_total)?,
        total = amount(&total)?,
    ));
    stage.tell(&say!(language, "demo-sheet-past", points = amount(past.text_at("/total")?)?));
    Ok(())
}

/// The three ledgers of a point.
pub(super) fn ledgers(stage: &Stage) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(18, 20, &say!(language, "demo-ledgers"));
    stage.tell(&say!(language, "demo-ledgers-text"));
    stage.field(COMMAND, &["ledgers", ENTRANCE])?;
    Ok(())
}

/// Points as people write them.
fn amount(exact: &str) -> Result<String, Failure> {
    let points = exact.parse().map_err(|_| Failure(format!("{exact} is no amount")))?;
    Ok(crate::words::amount(points))
}
