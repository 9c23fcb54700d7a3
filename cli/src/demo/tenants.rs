//! An hour in another tenant: the high-tech zone's server starts beside the subdistrict's, and a man of the bus
//! company works in both, with a store for each on his phone. Nothing of one is seen in the other.

use super::day::status;
use super::office::Office;
use super::stage::{Failure, Stage};
use super::{BUS_HEAD, BUS_STOP, must};
use crate::language::say;
use sanben_domain::reference::UnitKind;
use std::path::Path;

/// Who takes part in the zone, by the zone's own codes: an inspector, and the man of the bus company. In the
/// subdistrict the same codes are those of others.
const ZONE_INSPECTOR: &str = "U011";
const ZONE_BUS_HEAD: &str = "U087";
/// The terminus in the zone, and its standard for seats.
const TERMINUS: &str = "P054";
const SEATS: &str = "S20";

/// What is written down in each of the two, and never in the other.
const IN_THE_ZONE: &str = "首末站候车亭座椅松动,有人差点摔倒";
const ON_THE_STREET: &str = "柳林站护栏歪斜,已报修";

pub(super) fn one_person_in_both(stage: &Stage) -> Result<(), Failure> {
    let language = stage.language;
    stage.scene(16, 0, &say!(language, "demo-zone"));
    let zone = Office::open(&stage.dir.join("hightech-server"), &stage.clock)?;
    let server = zone.dir.to_string_lossy().into_owned();
    stage.tell(&say!(language, "demo-zone-served", url = zone.url()));
    stage.run(&["import", "--dir", &server, &stage.beside().to_string_lossy()])?;
    let reference = zone.reference()?;
    let units = |kind| reference.units.values().filter(|unit| unit.kind == kind).count();
    stage.tell(&say!(
        language,
        "demo-zone-imported",
        departments = units(UnitKind::Department),
        communities = units(UnitKind::Community),
        floors = units(UnitKind::Floor),
        points = reference.points.len(),
    ));

    let code = enrol(stage, &zone, ZONE_INSPECTOR, false)?;
    let found = stage.field_quietly(
        &of_zone(ZONE_INSPECTOR),
        &["record", "--point", TERMINUS, "--standard", SEATS, IN_THE_ZONE],
    )?;
    let case = found.text_at("/case")?.to_owned();
    stage.field_quietly(&of_zone(ZONE_INSPECTOR), &["sync"])?;

    let name = zone.name(ZONE_BUS_HEAD)?;
    must(name == stage.name(BUS_HEAD)?, "the same man works in both")?;
    stage.tell(&say!(
        language,
        "demo-zone-both",
        name = name.clone(),
        here = BUS_HEAD,
        there = ZONE_BUS_HEAD,
        other = zone.name(BUS_HEAD)?,
    ));
    enrol(stage, &zone, ZONE_BUS_HEAD, true)?;
    let mine = stage.field(&of_zone(ZONE_BUS_HEAD), &["cases", "--mine", "--open"])?;
    must(mine.list_at("/rows")?.len() == 1, "the zone's finding at his terminus is there")?;
    stage.field_quietly(&of_zone(ZONE_BUS_HEAD), &["acknowledge", &case])?;
    stage.field(&of_zone(ZONE_BUS_HEAD), &["rectify", &case, "座椅已紧固"])?;
    stage.field_quietly(&of_zone(ZONE_BUS_HEAD), &["sync"])?;
    stage.field_quietly(&of_zone(ZONE_INSPECTOR), &["sync"])?;
    must(
        status(stage, &of_zone(ZONE_INSPECTOR), &case)? == "rectified",
        "the zone sees that it was put right",
    )?;

    stage.clock.set(16, 20);
    stage.tell(&say!(language, "demo-zone-street", name = name.clone()));
    let own = stage
        .field(BUS_HEAD, &["record", "--point", BUS_STOP, "--standard", "S29", ON_THE_STREET])?
        .text_at("/case")?
        .to_owned();
    stage.field_quietly(BUS_HEAD, &["sync"])?;

    for (store, other) in [(BUS_HEAD.to_owned(), &case), (of_zone(ZONE_BUS_HEAD), &own)] {
        let shown = stage.try_run(&["field", "--store", &stage.store(&store), "show", other]);
        must(shown.is_err(), "a case of one tenant is unknown in the store of the other")?;
    }
    let astray = stage.store("astray");
    let refused = stage.try_run(&["field", "--store", &astray, "enroll", &stage.office.url(), &code]);
    let refused = refused.err().ok_or_else(|| Failure("a code of the other tenant was good".to_owned()))?;
    stage.tell(&say!(language, "demo-zone-refused", refused = refused.trim().to_owned()));
    for (folder, words, expected) in [
        (&zone.dir, IN_THE_ZONE, true),
        (&stage.office.dir, ON_THE_STREET, true),
        (&zone.dir, ON_THE_STREET, false),
        (&stage.office.dir, IN_THE_ZONE, false),
    ] {
        must(
            lies_in(folder, words.as_bytes())? == expected,
            "each server holds its own words and no others",
        )?;
    }
    stage.tell(&say!(language, "demo-zone-apart", name = name));
    Ok(())
}

/// The store of somebody in the zone: another one than that of the same code, or the same man, on the street.
fn of_zone(person: &str) -> String {
    format!("hightech-{person}")
}

/// Enrols and syncs a device; gives a further code for the same person, which nobody uses.
fn enrol(stage: &Stage, zone: &Office, person: &str, aloud: bool) -> Result<String, Failure> {
    let server = zone.dir.to_string_lossy().into_owned();
    let invite = || -> Result<String, Failure> {
        let invited = stage.run_quietly(&["invite", "--dir", &server, "--url", &zone.url(), person])?;
        Ok(invited.text_at("/code")?.to_owned())
    };
    let (code, store, url) = (invite()?, of_zone(person), zone.url());
    if aloud {
        stage.field(&store, &["enroll", &url, &code])?;
        stage.field(&store, &["sync"])?;
    } else {
        stage.field_quietly(&store, &["enroll", &url, &code])?;
        stage.field_quietly(&store, &["sync"])?;
    }
    invite()
}

/// Whether any file below a folder holds these bytes.
fn lies_in(folder: &Path, words: &[u8]) -> Result<bool, Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let found = if path.is_dir() {
            lies_in(&path, words)?
        } else {
            std::fs::read(&path)?.windows(words.len()).any(|window| window == words)
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}
