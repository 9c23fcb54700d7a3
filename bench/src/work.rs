//! A device's working day over HTTP, with another process at the other end: everything from the beginning, nothing
//! new, 50 up and 50 down, back after 50 of all cases changed, and 1,000 cases recorded without a network. Every
//! case has 15 fields and three photos cited, those that were there before twelve acts more.
//!
//! `--peer DIR` writes the same cases down and the figures beside them, for the peer in `tests/peers`.

use crate::cases::Town;
use crate::desk::{COMMAND, Desk, NEW_YEAR, Wire, platform, sync};
use crate::measure::{Samples, timed, worked};
use crate::memory::of_beginning;
use crate::report::{Row, bytes, grouped, time};
use crate::rows::Bare;
use crate::served::{Counted, Served};
use crate::words::Writer;
use crate::{Outcome, Run};
use sanben_document::{Intent, IntentBody};
use sanben_domain::case::{CaseAct, PhotoRef};
use sanben_domain::id::{PersonId, PhotoHash};
use sanben_domain::time::Timestamp;
use sanben_field::{Field, Http};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashSet};
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

/// Changes each way, and cases that were changed while the device was away.
const EACH: usize = 50;
/// Cold start over the same rows received and inserted bare: speed.
const COLD: f64 = 0.9;
/// The same: bytes down.
const COLD_BYTES: f64 = 1.35;
/// What a device may hold while it begins with everything, bytes.
const BEGINNING: u64 = 30_000_000;

/// What one kind of work took, run by run.
#[derive(Default)]
struct Took {
    time: Samples,
    /// Of a processor, the device's.
    device: Samples,
    /// The server's.
    server: Samples,
    requests: u64,
    up: u64,
    down: u64,
}

/// The two ends, the line between them, and what was measured.
struct Line {
    served: Served,
    counted: Option<Counted>,
    /// What a device held at most while it began with everything, bytes.
    beginning: u64,
    took: BTreeMap<&'static str, Took>,
}

impl Line {
    /// A sync over the line, measured.
    fn measure(&mut self, name: &'static str, field: &Field) -> Outcome<()> {
        let url = self.counted.as_ref().map_or_else(|| self.served.url(), Counted::url);
        let http = Http::new(&url);
        if let Some(counted) = &mut self.counted {
            counted.bytes()?;
        }
        let (_, server) = self.served.state()?;
        let own = worked();
        let (took, report) = timed(|| sync(field, &http))?;
        let own = worked().saturating_sub(own);
        let server = self.served.state()?.1.saturating_sub(server);
        let wire = self.counted.as_mut().map(Counted::bytes).transpose()?;
        let all = self.took.entry(name).or_default();
        all.time.push(took);
        all.device.push(own);
        all.server.push(server);
        all.requests = report.requests;
        (all.up, all.down) = wire.unwrap_or((report.bytes_up, report.bytes_down));
        Ok(())
    }
}

/// Everything that is recorded before and during the day, from one seed.
struct Day {
    whole: Vec<Vec<Intent>>,
    /// By run: up, down, changed, offline.
    turns: Vec<[Vec<Intent>; 4]>,
}

impl Day {
    fn of(town: &Town, writer: &mut Writer, cases: usize, runs: usize, now: Timestamp) -> Outcome<Self> {
        let mut whole = Vec::with_capacity(cases);
        for number in 0..cases {
            let at = NEW_YEAR.plus_ms(i64::try_from(number)? * 20 * 60_000);
            whole.push(town.whole(writer, at, COMMAND[1])?);
        }
        let mut turns = Vec::with_capacity(runs);
        for run in 0..runs {
            let mut reports = |count: usize, person: &str| -> Outcome<Vec<Intent>> {
                (0..count).map(|_| town.begun(writer, now, person)).collect()
            };
            let (up, down) = (reports(EACH, COMMAND[0])?, reports(EACH, COMMAND[1])?);
            let offline = reports(cases / 10, COMMAND[0])?;
            let mut changed = Vec::with_capacity(EACH);
            for life in whole.iter().skip(run * EACH).step_by(7).take(EACH) {
                let last = life.last().ok_or("a case without an event")?;
                changed.push(Intent {
                    event: sanben_domain::id::EventId::from_random(writer.bytes()),
                    at: sanben_domain::time::Stamp::exact(now),
                    seen: vec![last.event],
                    body: IntentBody::Act {
                        act: CaseAct::Comment { words: writer.entry() },
                        photos: BTreeMap::new(),
                    },
                    ..last.clone()
                });
            }
            // Once in a run, each of other cases than in the run before.
            turns.push([up, down, changed, offline]);
        }
        Ok(Self { whole, turns })
    }

    /// No sentence stands twice.
    fn varied(&self) -> Outcome<()> {
        let mut said = HashSet::new();
        let spoken = self.whole.iter().flatten().filter_map(|intent| match &intent.body {
            IntentBody::Report { description, .. } => Some(description),
            IntentBody::Act { act: CaseAct::Comment { words } | CaseAct::Rectify { words, .. }, .. } => {
                Some(words)
            }
            _ => None,
        });
        let all = spoken.map(|text| u64::from(said.insert(text.as_str())));
        let (total, different) = all.fold((0_u64, 0_u64), |(total, new), one| (total + 1, new + one));
        if different * 1_000 < total * 999 { Err("sentences are repeated".into()) } else { Ok(()) }
    }

    /// For the peer: a line of JSON each.
    fn write(&self, dir: &Path) -> Outcome<()> {
        lines(&dir.join("cases.jsonl"), self.whole.iter().map(|life| document(life)))?;
        for (run, [up, down, changed, offline]) in self.turns.iter().enumerate() {
            for (name, reports) in [("up", up), ("down", down), ("offline", offline)] {
                let reports = reports.iter().map(|report| document(std::slice::from_ref(report)));
                lines(&dir.join(format!("{name}-{run}.jsonl")), reports)?;
            }
            let changed = changed.iter().map(|intent| {
                Ok(json!({
                    "_id": intent.document.to_string(),
                    "event": event(intent)?,
                }))
            });
            lines(&dir.join(format!("changed-{run}.jsonl")), changed)?;
        }
        Ok(())
    }
}

fn lines(path: &Path, values: impl Iterator<Item = Outcome<Value>>) -> Outcome<()> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for value in values {
        writeln!(file, "{}", value?)?;
    }
    Ok(file.flush()?)
}

/// A case as an app without a log of its own would keep it.
fn document(life: &[Intent]) -> Outcome<Value> {
    let first = life.first().ok_or("a case without an event")?;
    let IntentBody::Report { home, source, point, standard, description, fix, .. } = &first.body else {
        return Err("a case begins with its report".into());
    };
    let fix = fix.ok_or("reports have a fix")?;
    let photos = life.iter().flat_map(|intent| match &intent.body {
        IntentBody::Report { photos, .. } | IntentBody::Act { photos, .. } => {
            photos.iter().map(photo).collect()
        }
        _ => Vec::new(),
    });
    let photos: Map<String, Value> = photos.collect();
    let events: Outcome<Vec<Value>> = life.iter().map(event).collect();
    Ok(json!({
        "_id": first.document.to_string(),
        "fields": {
            "kind": "case",
            "home": home.as_str(),
            "source": source,
            "point": point.as_ref().map(|id| id.as_str()),
            "standard": standard.as_ref().map(|id| id.as_str()),
            "description": description,
            "lat": fix.coordinate.lat_e7,
            "lon": fix.coordinate.lon_e7,
            "accuracy": fix.accuracy_m,
            "reported": first.at.at().0,
            "reporter": first.by.as_str(),
            "doubtful": first.at.doubtful(),
            "active": life.last().map(|intent| intent.at.at().0),
            "open": life.len() < 13,
            "found": 1,
        },
        "photos": photos,
        "events": events?,
    }))
}

fn photo((hash, photo): (&PhotoHash, &PhotoRef)) -> (String, Value) {
    let PhotoRef { role, width, height, bytes } = photo;
    (hash.to_string(), json!({ "role": role, "width": width, "height": height, "bytes": bytes }))
}

fn event(intent: &Intent) -> Outcome<Value> {
    let act = match &intent.body {
        IntentBody::Report { source, .. } => CaseAct::Report { source: *source },
        IntentBody::Act { act, .. } => act.clone(),
        _ => return Err("only reports and acts are written down".into()),
    };
    let mut act = serde_json::to_value(act)?;
    // Hashes as text, as in the case itself.
    if let (Some(fields), IntentBody::Act { photos, .. }) = (
        act.as_object_mut().and_then(|act| act.values_mut().next()).and_then(Value::as_object_mut),
        &intent.body,
    ) && fields.contains_key("photos")
    {
        fields.insert("photos".into(), photos.keys().map(ToString::to_string).collect());
    }
    Ok(json!({
        "id": intent.event.to_string(),
        "at": intent.at.at().0,
        "by": intent.by.as_str(),
        "seen": intent.seen.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "act": act,
    }))
}

/// Goes through the day. `through` the counting proxy, or past it.
fn live(scratch: &Path, day: &Day, desk: Desk, pusher: &Field, through: bool) -> Outcome<Line> {
    for lives in day.whole.chunks(100) {
        let intents: Vec<Intent> = lives.iter().flatten().cloned().collect();
        pusher.store().record(&intents, None)?;
        sync(pusher, &Wire::to(&desk.server))?;
    }
    // As a server that has been running: it makes them in the background.
    if desk.server.make_bundles(1)? == 0 {
        return Err("there is nothing to begin with".into());
    }
    let invite = |person: &str| desk.server.invite(&PersonId::from(person), 3_000_000);
    let codes: Result<Vec<_>, _> = day.turns.iter().map(|_| invite(COMMAND[0])).collect();
    let (codes, theirs, alone) = (codes?, invite(COMMAND[1])?, invite(COMMAND[0])?);
    drop(desk);

    let served = Served::of(&scratch.join("server"))?;
    let http = Http::new(&served.url());
    let counted = if through { Some(Counted::before(&served)?) } else { None };
    let beginning = of_beginning(&scratch.join("alone"), &served.url(), &alone.to_string())?;
    let mut line = Line { served, counted, beginning, took: BTreeMap::new() };
    let enrolled = |name: &str, code: &str| -> Outcome<Field> {
        let field = Field::open(&scratch.join(name), platform(true))?;
        field.enrol("", code, &http)?;
        Ok(field)
    };
    let mut mine = None;
    for (run, code) in codes.iter().enumerate() {
        let field = enrolled(&format!("mine-{run}"), &code.to_string())?;
        line.measure("cold", &field)?;
        let held = usize::try_from(field.counts()?.cases)?;
        if held != day.whole.len() {
            return Err(format!("{held} cases arrived").into());
        }
        mine = Some(field);
    }
    let mine = mine.ok_or("no run")?;
    let theirs = enrolled("theirs", &theirs.to_string())?;
    sync(&theirs, &http)?;
    for [up, down, changed, offline] in &day.turns {
        sync(&mine, &http)?;
        line.measure("nothing", &mine)?;
        mine.store().record(up, None)?;
        theirs.store().record(down, None)?;
        sync(&theirs, &http)?;
        line.measure("exchange", &mine)?;
        sync(&theirs, &http)?;
        theirs.store().record(changed, None)?;
        sync(&theirs, &http)?;
        line.measure("reconnect", &mine)?;
        mine.store().record(offline, None)?;
        line.measure("pushed", &mine)?;
        sync(&theirs, &http)?;
    }
    if mine.counts()?.rejected > 0 {
        return Err("work was refused".into());
    }
    Ok(line)
}

/// A server with reference data, somebody who fills it, and what they will record.
fn prepare(scratch: &Path, cases: usize, runs: usize) -> Outcome<(Desk, Field, Day)> {
    let desk = Desk::open(&scratch.join("server"))?;
    let pusher = desk.device(&scratch.join("pusher"), COMMAND[1], false)?;
    let town = Town::of(&*pusher.reference()?, None, NEW_YEAR.plus_ms(1));
    let day = Day::of(&town, &mut Writer::new(7), cases, runs, pusher.now()?)?;
    day.varied()?;
    Ok((desk, pusher, day))
}

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let scratch = run.scratch.path().join("work");
    let cases = run.scale.pushed;
    let (desk, pusher, day) = prepare(&scratch, cases, run.scale.ingests)?;
    let bare = Bare::of(&day.whole)?;
    let mut rows = Samples::default();
    for turn in 0..run.scale.ingests {
        rows.push(bare.fetch(&scratch.join(format!("bare-{turn}.db")))?);
    }
    let mut line = live(&scratch, &day, desk, &pusher, false)?;
    let names = [
        ("cold", format!("cold start, {} cases with 12 acts each", grouped(cases))),
        ("nothing", format!("nothing new, {} cases held", grouped(cases))),
        ("exchange", format!("{EACH} new cases up and {EACH} down")),
        ("reconnect", format!("back after {EACH} of {} cases changed", grouped(cases))),
        ("pushed", format!("{} cases recorded offline, pushed", grouped(cases / 10))),
    ];
    for (key, name) in names {
        let Some(took) = line.took.get(key) else { continue };
        let middle = took.time.median();
        let mut row = Row {
            name,
            ratio: None,
            measured: format!(
                "{}, {} requests, {} up, {} down; on a processor: device {}, server {}",
                time(middle),
                took.requests,
                bytes(took.up),
                bytes(took.down),
                time(took.device.median()),
                time(took.server.median())
            ),
            baseline: String::new(),
            goal: None,
        };
        if key == "cold" {
            let speed = rows.median().as_secs_f64() / middle.as_secs_f64();
            row.ratio =
                Some(crate::measure::Ratio::exact(middle.as_secs_f64() / rows.median().as_secs_f64()));
            row.baseline = format!(
                "the same {} rows received over HTTP and inserted: {}, {} down",
                grouped(bare.rows()),
                time(rows.median()),
                bytes(bare.bytes())
            );
            let more = took.down as f64 / bare.bytes() as f64;
            row.goal = Some((
                format!("≥ {COLD} × its speed, ≤ {COLD_BYTES} × its bytes"),
                speed >= COLD && more <= COLD_BYTES,
            ));
        }
        run.table.row(&row);
    }
    let held = day.whole.len()
        + day.turns.iter().map(|[up, down, _, offline]| up.len() + down.len() + offline.len()).sum::<usize>();
    let changes: usize = day.whole.iter().chain(day.turns.iter().flatten()).map(Vec::len).sum();
    let mut places = Vec::new();
    for (place, file) in [
        ("log", "server/log.db"),
        ("the server's replica", "server/replica/sanben.db"),
        ("device", "mine-0/sanben.db"),
    ] {
        // What was not brought back from beside it yet belongs to it.
        let size = |name: String| std::fs::metadata(scratch.join(name)).map_or(0, |file| file.len());
        let whole = size(file.to_owned()) + size(format!("{file}-wal"));
        places.push(format!("{place} {}", bytes(whole / u64::try_from(held.max(1))?)));
    }
    run.table.row(&Row {
        name: format!("disk a case, {} cases, {} changes", grouped(held), grouped(changes)),
        ratio: None,
        measured: places.join(", "),
        baseline: String::new(),
        goal: None,
    });
    run.table.row(&Row {
        name: format!("memory of a device that begins, {} cases", grouped(cases)),
        ratio: None,
        measured: format!("{} at most", bytes(line.beginning)),
        baseline: String::new(),
        goal: Some((format!("≤ {}", bytes(BEGINNING)), line.beginning <= BEGINNING)),
    });
    let (held, _) = line.served.state()?;
    run.table.row(&Row {
        name: format!("memory of the server after that, {} cases", grouped(cases)),
        ratio: None,
        measured: format!("{} held, {} at most", bytes(held), bytes(line.served.peak()?)),
        baseline: String::new(),
        goal: None,
    });
    Ok(())
}

/// The same through the proxy, with everything written down for the peer.
pub(crate) fn peer(dir: &Path, cases: usize, runs: usize) -> Outcome<()> {
    std::fs::create_dir_all(dir)?;
    let scratch = dir.join("sanben");
    let (desk, pusher, day) = prepare(&scratch, cases, runs)?;
    day.write(dir)?;
    let mut line = live(&scratch, &day, desk, &pusher, true)?;
    let ms = |took: Duration| took.as_secs_f64() * 1e3;
    let mut told = Map::new();
    for (name, took) in &line.took {
        let figures = json!({
            "ms": ms(took.time.median()), "up": took.up, "down": took.down,
            "device_ms": ms(took.device.median()), "server_ms": ms(took.server.median()),
        });
        told.insert((*name).to_owned(), figures);
    }
    let memory = json!({ "device": line.beginning, "server": line.served.state()?.0 });
    told.insert("memory".to_owned(), memory);
    std::fs::write(dir.join("sanben.json"), serde_json::to_vec_pretty(&told)?)?;
    Ok(())
}
