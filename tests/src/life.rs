//! What people do: they record, answer, put right, look back, contradict, merge, correct, sync; and when something
//! of theirs was refused, they correct it and send it again, or give it up with a reason.

use crate::check::{Invariant, broken};
use crate::world::{Done, World, park};
use crate::{contact, desk, gone, idle, matter, misfortune, thrift};
use sanben_document::IntentBody;
use sanben_domain::case::{CaseAct, Outcome, Source, Status};
use sanben_domain::id::{CaseId, EventId, PointId, UnitId};
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::place::{Coordinate, Fix};
use sanben_domain::reference::Role;
use sanben_field::{Attention, CaseQuery, Completion, Field, FieldError, NewCase};
use std::path::PathBuf;

/// The people of a run: two inspectors of one team, the heads of two points they walk, the clerk of that
/// community, an inspector of another team, discipline staff and the command post.
pub const PEOPLE: [&str; 8] = ["U008", "U009", "U060", "U062", "U024", "U012", "U005", "U001"];

const POINTS: [&str; 6] = ["P010", "P011", "P013", "P014", "P015", "P050"];
const STANDARDS: [&str; 4] = ["S01", "S02", "S11", "S15"];
const WORDS: [&str; 5] =
    ["南入口有大片垃圾", "垃圾桶没有盖盖", "非机动车乱停乱放", "消防通道被占用", "路面破损,行人不便"];
const PHOTOS: [&str; 3] =
    ["south-entrance-rubbish-before.jpg", "south-entrance-clean-after.jpg", "open-bin-upright.jpg"];

/// One step of the run.
pub fn step(world: &mut World) {
    let number = world.dice.roll(world.devices.len());
    world.time.pass(i64::try_from(world.dice.roll(20 * 60_000)).unwrap());
    match world.dice.roll(100) {
        0..24 => act(world, number),
        24..40 => record(world, number),
        40..44 => contact::add(world, number),
        44..47 => thrift::sync(world, number),
        47 => thrift::wait(world, number),
        48..69 => {
            // The outcome is in the trace; a failed sync is ordinary here.
            let _ = world.sync(number);
        }
        69..72 => visit(world, number),
        72 => matter::play(world, number),
        73 => idle::tidy(world, number),
        74 => idle::pack(world),
        75..79 => desk::reassign(world),
        79..82 => desk::put_right(world),
        82 => gone::take_back(world),
        83 => desk::announce(world),
        84..87 => choose(world, number),
        87 => desk::review(world, false),
        88 => gone::erase(world),
        89..99 => misfortune::strike(world, number),
        _ => {
            world.time.pass(3 * 3_600_000);
            matter::play(world, number);
        }
    }
    world.tend(number);
}

fn record(world: &mut World, number: usize) {
    let dice = &world.dice;
    let photo = dice.chance(10).then(|| park().join("photos").join(dice.pick(&PHOTOS)));
    let degrees = |base: f64| base + f64::from(u32::try_from(dice.roll(100)).unwrap()) * 1e-6;
    let coordinate = Coordinate::from_degrees(degrees(38.308), degrees(116.8397)).unwrap();
    let sources = [None, None, Some(Source::City), Some(Source::District), Some(Source::DigitalCity)];
    let new = NewCase {
        point: dice.chance(85).then(|| PointId::from(*dice.pick(&POINTS))),
        standard: dice.chance(85).then(|| (*dice.pick(&STANDARDS)).into()),
        description: (*dice.pick(&WORDS)).to_owned(),
        fix: dice.chance(70).then_some(Fix { coordinate, accuracy_m: Some(12) }),
        source: *dice.pick(&sources),
        photos: photo.into_iter().collect(),
    };
    match world.devices[number].field().record(new) {
        Ok(reported) => {
            // Read from the document: the disk may fail just then, and then nobody knows the event.
            let event = world.devices[number].field().case(reported.case).map(|row| row.state.reported.event);
            world.devices[number].note_done(event.ok().map(|event| Done { document: reported.case, event }));
            let (case, alike) = (reported.case, reported.duplicates.len());
            world.trace.push(format!("record {number} {case} ({alike} alike)"));
        }
        // The source is not for everybody to claim.
        Err(FieldError::Denied(_) | FieldError::NothingYet) => {
            world.trace.push(format!("record {number} denied"));
        }
        // Who was taken out has lost the reference data too.
        Err(FieldError::NotFound { .. }) if world.ever_moved.contains(&world.devices[number].person) => {
            world.trace.push(format!("record {number} without reference data"));
        }
        Err(error) => excused(world, number, "recording must never be blocked", &error),
    }
}

/// An error of a device needs a disk that failed it.
pub(crate) fn excused(world: &mut World, number: usize, what: &str, error: &FieldError) {
    if !world.devices[number].disk.troubled() {
        broken(Invariant::Told, &format!("device {number}: {what}: {error}"));
    }
    world.tally.disk += 1;
    world.trace.push(format!("{number} {what}: {}", error.code()));
    if !world.devices[number].disk.dead() {
        world.devices[number].pass_over();
    }
}

pub(crate) fn any_case(world: &World, field: &Field) -> Option<CaseId> {
    let page = field.cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).ok()?;
    (!page.rows.is_empty()).then(|| world.dice.pick(&page.rows).id)
}

/// Now and then a picture; it is always the same one, as when somebody has sent it around.
pub(crate) fn seen(world: &World) -> Vec<PathBuf> {
    let picture = park().join("photos/south-entrance-clean-after.jpg");
    if world.dice.chance(25) { vec![picture] } else { Vec::new() }
}

fn act(world: &mut World, number: usize) {
    let field = world.devices[number].field();
    let Some(case) = any_case(world, field) else { return };
    // The disk may fail that very read.
    let Ok(row) = field.case(case) else { return };
    let outcome = if world.dice.chance(60) { Outcome::Passed } else { Outcome::Failed };
    let words = || "已到现场".to_owned();
    let result = match world.dice.roll(16) {
        0 | 1 => field.acknowledge(case, "收到,马上落实!"),
        2..=4 => {
            let files = seen(world);
            field.rectify(case, "已清理", world.dice.chance(20), &files)
        }
        5..=7 => {
            let files = seen(world);
            field.look_back(case, outcome, "回头看", &files)
        }
        8 => field.act(case, CaseAct::Comment { words: words() }, &[]),
        9 => match row.state.disputes.first() {
            Some(dispute) => {
                let upholds = *world.dice.pick(&dispute.between);
                field.decide(case, upholds, "以现场照片为准")
            }
            None => field.act(case, CaseAct::Void { reason: "不属于本辖区".to_owned() }, &[]),
        },
        10 => match any_case(world, field).filter(|kept| *kept != case) {
            Some(kept) => field.merge(case, kept),
            None => return,
        },
        11 => field.act(case, CaseAct::FindAgain { words: words(), photos: Vec::new() }, &[]),
        12..15 => handed(world, field, case),
        _ => {
            let point = Some(PointId::from(*world.dice.pick(&POINTS)));
            let completion = Completion { point, photos: seen(world), ..Completion::default() };
            let outcome = field.complete(case, completion).map(drop);
            done(world, number, case, "complete", outcome.map(|()| None));
            return;
        }
    };
    let status: Status = row.state.status;
    done(world, number, case, &format!("act on {status:?}"), result.map(Some));
}

/// To a department, or up to those who decide: the case is shared with them.
fn handed(world: &World, field: &Field, case: CaseId) -> Result<EventId, FieldError> {
    let unit = UnitId::from(*world.dice.pick(&["dept-jijian", "park-05", "park-09"]));
    let reason = "需要部门协调".to_owned();
    let act = if world.dice.chance(50) {
        CaseAct::Dispatch { to: sanben_domain::case::Handler { unit, person: None } }
    } else {
        CaseAct::Escalate { to: unit, reason }
    };
    field.act(case, act, &[])
}

pub(crate) fn done(
    world: &mut World,
    number: usize,
    case: CaseId,
    what: &str,
    result: Result<Option<EventId>, FieldError>,
) {
    match result {
        Ok(event) => {
            world.devices[number].note_done(event.map(|event| Done { document: case, event }));
            world.trace.push(format!("{what} {number} {case}"));
        }
        Err(
            error @ (FieldError::Denied(_)
            | FieldError::Unfit(_)
            | FieldError::Invalid(_)
            | FieldError::NotFound { .. }
            | FieldError::NothingYet),
        ) => {
            world.trace.push(format!("{what} {number} {case} {}", error.code()));
        }
        Err(error) => excused(world, number, what, &error),
    }
}

fn visit(world: &mut World, number: usize) {
    let point = PointId::from(*world.dice.pick(&POINTS));
    let round = if world.dice.chance(50) { Round::Morning } else { Round::LookBack };
    let result = world.devices[number].field().visit(round, &point, VisitResult::Clean, None);
    match result {
        Ok(()) => {
            world.devices[number].note_done(None);
            world.trace.push(format!("visit {number} {point}"));
        }
        Err(FieldError::Denied(_) | FieldError::Invalid(_) | FieldError::NotFound { .. }) => {}
        Err(error) => excused(world, number, "visit", &error),
    }
}

/// What somebody does about their refused work.
pub fn choose(world: &mut World, number: usize) {
    let Ok(waiting) = world.devices[number].field().needs_attention() else { return };
    if waiting.is_empty() {
        return;
    }
    let row = world.dice.pick(&waiting).clone();
    let (outcome, what) = match world.dice.roll(4) {
        0 => {
            let outcome = world.devices[number].field().discard(row.id, "情况已变化");
            world.tally.discarded += usize::from(outcome.is_ok());
            (outcome, "discard")
        }
        1 | 2 => {
            let corrected = corrected(world, number, &row);
            let again = world.devices[number].field().store().resend(row.id, Some(corrected));
            world.tally.corrected += usize::from(again.is_ok());
            (again.map(drop).map_err(FieldError::from), "correct and resend")
        }
        _ => {
            let outcome = world.devices[number].field().resend(row.id);
            world.tally.resent += usize::from(outcome.is_ok());
            (outcome, "resend")
        }
    };
    match outcome {
        Ok(()) => {
            world.devices[number].pass_over();
            world.trace.push(format!("{what} {number} {} {:?}", row.document, row.rejection));
        }
        // It still does not fit its document.
        Err(FieldError::Other(_)) => world.trace.push(format!("{what} {number} does not fit")),
        Err(error) => excused(world, number, what, &error),
    }
}

/// The same event, said so that its author may say it now.
fn corrected(world: &World, number: usize, row: &Attention) -> sanben_document::Intent {
    let mut intent = row.intent.clone();
    let field = world.devices[number].field();
    let role = field.reference().ok().and_then(|all| Some(all.people.get(&intent.by)?.role));
    intent.body = match intent.body {
        IntentBody::Report { home, point, standard, description, fix, photos, .. } => {
            let source = if role == Some(Role::Inspector) { Source::Subdistrict } else { Source::Own };
            IntentBody::Report { home, source, point, standard, description, fix, photos }
        }
        IntentBody::Act { photos, .. } => {
            IntentBody::Act { act: CaseAct::Comment { words: "更正:仅作说明".to_owned() }, photos }
        }
        other => other,
    };
    intent
}
