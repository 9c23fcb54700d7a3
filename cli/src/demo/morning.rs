//! The morning: the office sets up, the patrol walks without a network, two people see the same thing.

use super::stage::{Failure, Said, Stage};
use super::{
    AWAY, COLLEAGUE, COMMAND, COMMUNITY, Cases, ENTRANCE, ENTRANCE_HEAD, EVERYBODY, INSPECTOR, STREET, must,
};
use crate::language::say;
use serde_json::Value;

/// The server, the reference data, a device for everybody.
pub(super) fn prepare(stage: &Stage, cases: &mut Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.tell(&say!(language, "demo-title"));
    stage.tell(&say!(language, "demo-intro", devices = EVERYBODY.len()));
    stage.scene(6, 30, &say!(language, "demo-prepare"));
    stage.tell(&say!(language, "demo-prepare-served", url = stage.office.url()));
    let server = stage.store("server");
    let data = stage.data.to_string_lossy().into_owned();
    stage.run(&["import", "--dir", &server, &data])?;
    let reference = stage.office.reference()?;
    let units = |kind| reference.units.values().filter(|unit| unit.kind == kind).count();
    stage.tell(&say!(
        language,
        "demo-prepare-imported",
        communities = units(sanben_domain::reference::UnitKind::Community),
        compounds = units(sanben_domain::reference::UnitKind::Compound),
        points = reference.points.len(),
        teams = reference.teams.len(),
    ));
    for person in EVERYBODY {
        let words = ["invite", "--dir", &server, "--url", &stage.office.url(), person];
        let invited = if person == INSPECTOR { stage.run(&words)? } else { stage.run_quietly(&words)? };
        let code = invited.text_at("/code")?.to_owned();
        let enroll = ["enroll", &stage.office.url(), &code];
        if person == INSPECTOR {
            stage.field(person, &enroll)?;
            stage.field(person, &["sync"])?;
        } else {
            stage.field_quietly(person, &enroll)?;
            stage.field_quietly(person, &["sync"])?;
        }
        let points = stage.field_quietly(person, &["points"])?;
        must(!points.list_at("/points")?.is_empty(), "the reference data is on the device")?;
        let role = reference.people.get(&person.into()).map(|person| person.role);
        let role = role.map(|role| crate::words::role(language, role)).unwrap_or_default();
        stage.tell(&say!(language, "demo-prepare-enrolled", name = stage.name(person)?, role = role));
    }
    let sheet = stage.field_quietly(COMMAND, &["score", COMMUNITY])?;
    sheet.text_at("/total")?.clone_into(&mut cases.morning_total);
    Ok(())
}

/// 07:00, no signal: from a fix to the point, its standards and who answers; a report with a photo.
pub(super) fn patrol(stage: &Stage, cases: &mut Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(7, 0, &say!(language, "demo-patrol"));
    let today = stage.field_quietly(INSPECTOR, &["today"])?;
    let points = today.list_at("/morning")?.len();
    stage.tell(&say!(language, "demo-patrol-list", points = points));
    let place = stage.field(INSPECTOR, &["where", "38.308162", "116.839776"])?;
    must(place.text_at("/nearest/0/point/id")? == ENTRANCE, "the nearest point is the south entrance")?;
    stage.tell(&say!(
        language,
        "demo-patrol-text",
        name = stage.name(INSPECTOR)?,
        cell = place.text_at("/cells/0")?.to_owned(),
        point = place.text_at("/nearest/0/point/name")?.to_owned(),
        head = place.text_at("/nearest/0/head/name")?.to_owned(),
    ));
    stage.field(INSPECTOR, &["standards", "--point", ENTRANCE, "垃圾"])?;
    stage.clock.set(7, 6);
    stage.tell(&say!(language, "demo-rubbish-text"));
    let photo = stage.photo("south-entrance-rubbish-before.jpg");
    let recorded = stage.field(
        INSPECTOR,
        &[
            "record",
            "--point",
            ENTRANCE,
            "--standard",
            "S01",
            "--photo",
            &photo,
            "--at",
            "38.308162,116.839776,8",
            "柳林小区南入口处有大片垃圾,请立即清理",
        ],
    )?;
    recorded.text_at("/case")?.clone_into(&mut cases.rubbish);
    let outbox = stage.field(INSPECTOR, &["outbox"])?;
    must(pending(&outbox) > 0, "what was recorded waits for a network")
}

/// 07:11: another inspector reports the same pile; sync, hint, merge. A third one goes off for the day.
pub(super) fn the_same_thing_twice(stage: &Stage, cases: &mut Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(7, 11, &say!(language, "demo-twice"));
    stage.tell(&say!(language, "demo-twice-text", name = stage.name(COLLEAGUE)?));
    let photo = stage.photo("south-entrance-rubbish-second.jpg");
    let again = stage.field(
        COLLEAGUE,
        &[
            "record",
            "--point",
            ENTRANCE,
            "--standard",
            "S01",
            "--photo",
            &photo,
            "--at",
            "38.308260,116.839830,10",
            "南门口垃圾成堆",
        ],
    )?;
    again.text_at("/case")?.clone_into(&mut cases.rubbish_again);
    must(again.list_at("/duplicates")?.is_empty(), "the devices do not know of each other yet")?;

    stage.clock.set(7, 20);
    stage.field(INSPECTOR, &["sync"])?;
    stage.field(COLLEAGUE, &["sync"])?;
    let hint = stage.field(COLLEAGUE, &["show", &cases.rubbish_again])?;
    let hinted = hint.list_at("/duplicates")?;
    must(
        hinted.iter().any(|row| row.pointer("/id").and_then(Value::as_str) == Some(&cases.rubbish)),
        "the other report is hinted at",
    )?;
    let reference = stage.office.reference()?;
    let metres = reference.tenant.as_ref().map_or(0, |tenant| tenant.duplicate.metres);
    stage.tell(&say!(language, "demo-twice-hint", name = stage.name(COLLEAGUE)?, metres = metres));
    stage.field(COLLEAGUE, &["merge", &cases.rubbish_again, &cases.rubbish])?;
    stage.tell(&say!(language, "demo-twice-merged"));
    stage.field(COLLEAGUE, &["sync"])?;

    stage.scene(7, 40, &say!(language, "demo-away-start"));
    stage.tell(&say!(language, "demo-away-start-text", name = stage.name(AWAY)?));
    let photo = stage.photo("damaged-paving.jpg");
    let paving = stage.field(
        AWAY,
        &["record", "--point", STREET, "--standard", "S21", "--photo", &photo, "柳林街路面破损,行人容易绊倒"],
    )?;
    paving.text_at("/case")?.clone_into(&mut cases.paving);
    Ok(())
}

/// 07:30: "收到,马上落实!"
pub(super) fn acknowledge(stage: &Stage, cases: &Cases) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(7, 50, &say!(language, "demo-acknowledge"));
    stage.tell(&say!(language, "demo-acknowledge-text", name = stage.name(ENTRANCE_HEAD)?));
    stage.field(ENTRANCE_HEAD, &["sync"])?;
    let mine = stage.field(ENTRANCE_HEAD, &["cases", "--mine", "--open"])?;
    must(mine.list_at("/rows")?.len() == 1, "two reports of one thing are one thing to do")?;
    stage.field(ENTRANCE_HEAD, &["acknowledge", &cases.rubbish])?;
    stage.field(ENTRANCE_HEAD, &["sync"])?;
    Ok(())
}

/// How many changes of an outbox wait.
pub(super) fn pending(outbox: &Said) -> u64 {
    outbox.number_at("/pending").unwrap_or_default()
}
