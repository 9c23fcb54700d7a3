//! What people do: they record, answer, put right, look back, contradict, merge, correct, and now and then
//! a phone is killed, a clock is wrong, the server falls over.

use crate::world::{Done, World, park};
use sanben_domain::case::{CaseAct, Outcome, Status};
use sanben_domain::id::{CaseId, PointId};
use sanben_domain::patrol::{Round, VisitResult};
use sanben_domain::place::{Coordinate, Fix};
use sanben_field::{CaseQuery, Completion, Field, FieldError, NewCase};

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
        0..30 => act(world, number),
        30..50 => record(world, number),
        50..80 => {
            // The outcome is in the trace; a failed sync is ordinary here.
            let _ = world.sync(number);
        }
        80..86 => visit(world, number),
        86..92 => {
            world.devices[number].restart();
            world.trace.push(format!("kill {number}"));
        }
        92..95 => {
            let days = i64::try_from(world.dice.roll(5)).unwrap() - 2;
            world.devices[number].set_clock_error(days * 86_400_000);
            world.trace.push(format!("clock {number} {days} d"));
        }
        95..97 => {
            world.start_server();
            world.trace.push("server restarted".to_owned());
        }
        _ => world.time.pass(3 * 3_600_000),
    }
}

fn record(world: &mut World, number: usize) {
    let dice = &world.dice;
    let photo = dice.chance(25).then(|| park().join("photos").join(dice.pick(&PHOTOS)));
    let degrees = |base: f64| base + f64::from(u32::try_from(dice.roll(100)).unwrap()) * 1e-6;
    let coordinate = Coordinate::from_degrees(degrees(38.308), degrees(116.8397)).unwrap();
    let new = NewCase {
        point: dice.chance(85).then(|| PointId::from(*dice.pick(&POINTS))),
        standard: dice.chance(85).then(|| (*dice.pick(&STANDARDS)).into()),
        description: (*dice.pick(&WORDS)).to_owned(),
        fix: dice.chance(70).then_some(Fix { coordinate, accuracy_m: Some(12) }),
        source: None,
        photos: photo.into_iter().collect(),
    };
    match world.devices[number].field().record(new) {
        Ok(reported) => {
            world.trace.push(format!(
                "record {number} {} ({} alike)",
                reported.case,
                reported.duplicates.len()
            ));
            world.devices[number].done.push(Done { document: reported.case, event: None });
        }
        Err(error) => panic!("recording must never be blocked: {error}"),
    }
}

fn any_case(world: &World, field: &Field) -> Option<CaseId> {
    let page = field.cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).unwrap();
    (!page.rows.is_empty()).then(|| world.dice.pick(&page.rows).id)
}

fn act(world: &mut World, number: usize) {
    let field = world.devices[number].field();
    let Some(case) = any_case(world, field) else { return };
    let row = field.case(case).unwrap();
    let outcome = if world.dice.chance(60) { Outcome::Passed } else { Outcome::Failed };
    let words = || "已到现场".to_owned();
    let result = match world.dice.roll(12) {
        0 | 1 => field.acknowledge(case, "收到,马上落实!"),
        2..=4 => {
            let after = park().join("photos/south-entrance-clean-after.jpg");
            let files = if world.dice.chance(30) { vec![after] } else { Vec::new() };
            field.rectify(case, "已清理", world.dice.chance(20), &files)
        }
        5..=7 => field.look_back(case, outcome, "回头看", &[]),
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
        _ => {
            let point = Some(PointId::from(*world.dice.pick(&POINTS)));
            let completion = Completion { point, ..Completion::default() };
            let outcome = field.complete(case, completion);
            trace(world, number, case, "complete", outcome.err());
            return;
        }
    };
    let status: Status = row.state.status;
    match result {
        Ok(event) => {
            world.devices[number].done.push(Done { document: case, event: Some(event) });
            trace(world, number, case, &format!("act on {status:?}"), None);
        }
        Err(error) => trace(world, number, case, "act", Some(error)),
    }
}

fn visit(world: &mut World, number: usize) {
    let point = PointId::from(*world.dice.pick(&POINTS));
    let round = if world.dice.chance(50) { Round::Morning } else { Round::LookBack };
    let device = &mut world.devices[number];
    let result = device.field().visit(round, &point, VisitResult::Clean, None);
    if result.is_ok() {
        // The visit is what was recorded last.
        let noted = device.field().outbox(1).unwrap().into_iter().map(|row| row.intent);
        device.done.extend(noted.map(|intent| Done { document: intent.document, event: Some(intent.event) }));
    }
    world.trace.push(format!("visit {number} {point} {:?}", result.err().map(|error| error.code())));
}

fn trace(world: &mut World, number: usize, case: CaseId, what: &str, error: Option<FieldError>) {
    if let Some(error) = &error {
        let expected =
            matches!(error, FieldError::Denied(_) | FieldError::Invalid(_) | FieldError::NotFound { .. });
        assert!(expected, "an act failed for no reason of the person's: {error}");
    }
    world.trace.push(format!("{what} {number} {case} {:?}", error.map(|error| error.code())));
}
