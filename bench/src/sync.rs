//! Sync over loopback HTTP against the real server: nothing new, 50 up and 50 down, and a device that
//! fetches everything. Bytes are those of the bodies.

use crate::cases::{By, Town};
use crate::desk::{COMMAND, Desk, Loopback, NEW_YEAR, Wire, sync};
use crate::measure::{Ratio, Samples, timed};
use crate::report::{Row, bytes, grouped, time};
use crate::{Outcome, Run};
use rusqlite::Connection;
use sanben_document::Intent;
use sanben_field::{Field, Http, SyncReport};
use std::time::Duration;

/// Changes each way.
const EACH: usize = 50;
/// A body with nothing new, bytes.
const NOTHING: u64 = 150;

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let dir = run.scratch.path().join("sync");
    let desk = Desk::open(&dir.join("server"))?;
    let loopback = Loopback::of(&desk.server)?;
    let http = loopback.http();
    let [one, other] = COMMAND;
    let mine = desk.enrol(&dir.join("mine"), one, true, &loopback.url, &http)?;
    sync(&mine, &http)?;
    nothing(run, &mine, &http, 0)?;

    let theirs = desk.enrol(&dir.join("theirs"), other, true, &loopback.url, &http)?;
    sync(&theirs, &http)?;
    exchange(run, (&mine, one), (&theirs, other), &http)?;

    // More cases, pushed by somebody else in this process: only the fetching is measured.
    let pusher = desk.device(&dir.join("pusher"), other, false)?;
    let cases = run.scale.pushed;
    push(run, &desk, &pusher, other, cases)?;
    fetch(run, &desk, &loopback, &http, cases)
}

/// Records cases on a device and delivers them.
pub(crate) fn push(run: &mut Run, desk: &Desk, device: &Field, person: &str, cases: usize) -> Outcome<()> {
    record(run, device, person, cases)?;
    sync(device, &Wire::to(&desk.server))?;
    Ok(())
}

/// Records cases with what followed, by one person, on a device; gives the number of changes.
pub(crate) fn record(run: &mut Run, device: &Field, person: &str, cases: usize) -> Outcome<usize> {
    let town = Town::of(&*device.reference()?, None, NEW_YEAR.plus_ms(1));
    let (mut changes, mut batch) = (0, Vec::new());
    for number in 0..cases {
        let at = NEW_YEAR.plus_ms(i64::try_from(number)? * 60_000);
        batch.extend(town.life(&mut run.writer, at, By::One(person))?);
        if batch.len() >= 500 || number + 1 == cases {
            changes += device.store().record(&batch, None)?.changes.len();
            batch.clear();
        }
    }
    Ok(changes)
}

fn nothing(run: &mut Run, device: &Field, http: &Http, cases: usize) -> Outcome<()> {
    let mut samples = Samples::default();
    let mut last = SyncReport::default();
    for _ in 0..run.scale.runs * run.scale.opens {
        let (took, report) = timed(|| sync(device, http))?;
        samples.push(took);
        last = report;
    }
    let cursors: Vec<(String, u64)> = device
        .store()
        .standing()?
        .cursors
        .into_iter()
        .map(|(scope, cursor)| (scope.to_string(), cursor.seq))
        .collect();
    let plain = u64::try_from(serde_json::to_vec(&cursors)?.len())?;
    let met = last.requests == 1 && last.bytes_up <= NOTHING && last.bytes_down <= NOTHING;
    run.table.row(&Row {
        name: format!("sync, nothing new, {} cases held", grouped(cases)),
        ratio: Some(Ratio::exact(last.bytes_up as f64 / plain as f64)),
        measured: format!("{}, {}", told(&last), time(samples.median())),
        baseline: format!("the {} cursors as plain JSON: {} up", cursors.len(), bytes(plain)),
        goal: Some((format!("1 request, ≤ {NOTHING} B each way"), met)),
    });
    Ok(())
}

fn told(report: &SyncReport) -> String {
    let requests = if report.requests == 1 { "request" } else { "requests" };
    let SyncReport { bytes_up, bytes_down, .. } = *report;
    format!("{} {requests}, {} up, {} down", report.requests, bytes(bytes_up), bytes(bytes_down))
}

fn exchange(run: &mut Run, mine: (&Field, &str), theirs: (&Field, &str), http: &Http) -> Outcome<()> {
    let (mut samples, mut ours, mut plain, mut packed) = (Samples::default(), 0, 0, 0);
    let mut last = SyncReport::default();
    for _ in 0..run.scale.runs {
        let up = reports(run, mine)?;
        let down = reports(run, theirs)?;
        sync(theirs.0, http)?;
        let (took, report) = timed(|| sync(mine.0, http))?;
        samples.push(took);
        if report.accepted != up.len() as u64 || report.received != down.len() as u64 {
            return Err(format!("not {EACH} and {EACH}: {report:?}").into());
        }
        ours = report.bytes_up + report.bytes_down;
        last = report;
        let json = [serde_json::to_vec(&up)?, serde_json::to_vec(&down)?];
        plain = json.iter().map(|json| json.len() as u64).sum();
        packed = 0;
        for json in &json {
            packed += zstd::bulk::compress(json, 3)?.len() as u64;
        }
        // So that both know the same before the next turn.
        sync(theirs.0, http)?;
    }
    run.table.row(&Row {
        name: format!("sync, {EACH} new cases up and {EACH} down"),
        ratio: Some(Ratio::exact(ours as f64 / plain as f64)),
        measured: format!("{}, {}", told(&last), time(samples.median())),
        baseline: format!("the same as plain JSON, unsigned: {} ({} with zstd)", bytes(plain), bytes(packed)),
        goal: Some(("1 request".to_owned(), last.requests == 1)),
    });
    Ok(())
}

fn reports(run: &mut Run, (device, person): (&Field, &str)) -> Outcome<Vec<Intent>> {
    let town = Town::of(&*device.reference()?, None, NEW_YEAR.plus_ms(1));
    let reports = town.reports(&mut run.writer, EACH, device.now()?, By::One(person))?;
    device.store().record(&reports, None)?;
    Ok(reports)
}

/// A new device, from the log and with bundles; what it does when it is idle afterwards.
fn fetch(run: &mut Run, desk: &Desk, loopback: &Loopback, http: &Http, cases: usize) -> Outcome<()> {
    let log = Connection::open(run.scratch.path().join("sync/server/log.db"))?;
    let bare: i64 = log.query_row("SELECT sum(length(bytes)) FROM change", [], |row| row.get(0))?;
    let bare = u64::try_from(bare)?;
    let mut last = None;
    for (how, bundles) in [("from the log", false), ("with bundles", true)] {
        let mut made = String::new();
        if bundles {
            let (took, number) = timed(|| Ok(desk.server.make_bundles(1)?))?;
            made = format!(" ({number} bundles made in {})", time(took));
        }
        let mut samples = Samples::default();
        let mut first = Duration::ZERO;
        let mut report = SyncReport::default();
        for turn in 0..run.scale.ingests {
            let dir = run.scratch.path().join(format!("sync/fresh-{bundles}-{turn}"));
            let fresh = desk.enrol(&dir, COMMAND[0], true, &loopback.url, http)?;
            let begun = std::time::Instant::now();
            let mut page = None;
            let (took, done) = timed(|| {
                Ok(fresh.sync(http, sanben_field::Budget::unlimited(), &mut |_| {
                    let query = sanben_field::CaseQuery { limit: 50, ..sanben_field::CaseQuery::default() };
                    if page.is_none() && fresh.cases(&query).is_ok_and(|page| page.rows.len() == 50) {
                        page = Some(begun.elapsed());
                    }
                    std::ops::ControlFlow::Continue(())
                })?)
            })?;
            samples.push(took);
            first = page.unwrap_or(took);
            report = done;
            last = Some(fresh);
        }
        let took = samples.median();
        run.table.row(&Row {
            name: format!("first sync of a new device, {} cases, {how}", grouped(cases)),
            ratio: Some(Ratio::exact(report.bytes_down as f64 / bare as f64)),
            measured: format!(
                "{}, {}; the first 50 rows after {}{made}",
                told(&report),
                time(took),
                time(first)
            ),
            baseline: format!("the changes alone, unpacked: {}", bytes(bare)),
            goal: None,
        });
    }
    let fresh = last.ok_or("no device was measured")?;
    let held = usize::try_from(fresh.counts()?.cases)?;
    if held < cases {
        return Err("the new device does not hold every case".into());
    }
    tidy(run, &fresh, held)?;
    nothing(run, &fresh, http, held)
}

/// Looking into what came in bundles; and what documents at rest take as changes and as one save each.
fn tidy(run: &mut Run, device: &Field, held: usize) -> Outcome<()> {
    let size = |device: &Field| -> Outcome<u64> {
        device.suspend()?;
        Ok(std::fs::metadata(device.store().dir().join("sanben.db"))?.len())
    };
    let before = size(device)?;
    let (took, ()) = timed(|| {
        while device.store().examine(500)?.more {}
        Ok(())
    })?;
    run.table.row(&Row {
        name: format!("looking into what came in bundles, {} documents", grouped(held)),
        ratio: None,
        measured: format!(
            "{}; the file grows from {} to {}",
            time(took),
            bytes(before),
            bytes(size(device)?)
        ),
        baseline: String::new(),
        goal: None,
    });
    let by_log = run.scratch.path().join("sync/fresh-false-0");
    let by_log = Field::open(&by_log, crate::desk::platform(true))?;
    let before = size(&by_log)?;
    let (took, compacted) = timed(|| {
        let mut compacted = 0;
        loop {
            let step = by_log.store().compact(sanben_domain::time::Timestamp(i64::MAX), 500)?;
            compacted += step.documents;
            if !step.more {
                by_log.store().give_back_room()?;
                return Ok(compacted);
            }
        }
    })?;
    let after = size(&by_log)?;
    run.table.row(&Row {
        name: format!("compaction, {} documents at rest", grouped(compacted)),
        ratio: Some(Ratio::exact(after as f64 / before as f64)),
        measured: format!("{} in {}", bytes(after), time(took)),
        baseline: format!("the same store before: {}", bytes(before)),
        goal: None,
    });
    Ok(())
}
