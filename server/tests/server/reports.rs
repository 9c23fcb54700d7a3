//! What offices print counts what matters hold, once, from the log that devices synced into.

use crate::device::*;
use sanben_document::ChangeHash;
use sanben_domain::id::UnitId;
use sanben_domain::matter::Value;
use sanben_domain::score::Period;
use sanben_domain::time::Zone;
use sanben_server::report::{Block, Kind, Paper, Wanted};
use sanben_sync::wire::Verdict;

/// A head, a grid member and a volunteer of park-02; its fixed point.
const HEAD: &str = "U060";
const GRID: &str = "U038";
const VOLUNTEER: &str = "U170";
const POINT: &str = "P011";

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn clock(hour: u32) -> Value {
    Value::Time(chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
}

fn today() -> Value {
    Value::Day(Zone::CHINA.day(MORNING))
}

/// Everything that a device recorded, handed in and accepted.
fn hand_in(desk: &Desk, device: &mut Device, changes: &[ChangeHash]) {
    device.sync(&desk.server);
    for change in changes {
        let verdict = &device.verdicts[change];
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    }
}

/// A volunteer of the post, as one tablet wrote it down.
fn shift(desk: &Desk, tablet: &mut Device, from: u32, until: u32) {
    let plan = [("post", text("南入口")), ("from", clock(6)), ("until", clock(18))];
    let (shift, opened) = tablet.open("shift", "park-02", None, &plan);
    let who = Value::Person(VOLUNTEER.into());
    let (_, came) = tablet.does(shift, "sign-in", &[("who", who.clone()), ("time", clock(from))]);
    let (_, left) = tablet.does(shift, "sign-out", &[("who", who), ("time", clock(until))]);
    hand_in(desk, tablet, &[opened, came, left]);
}

fn tally(desk: &Desk, tablet: &mut Device, numbers: &[(i64, &str)]) {
    let counted = [("counted", Value::Choice("vendors-moved".to_owned()))];
    let (tally, opened) = tablet.open("tally", "park-02", None, &counted);
    let mut changes = vec![opened];
    for (number, source) in numbers {
        let entry = [("number", Value::Count(*number)), ("source", text(source)), ("day", today())];
        changes.push(tablet.does(tally, "add", &entry).1);
    }
    hand_in(desk, tablet, &changes);
}

fn report(desk: &Desk, tablet: &mut Device, put_right: i64) {
    let said = [("words", text("已清扫")), ("put-right", Value::Count(put_right)), ("left", Value::Count(0))];
    let (_, opened) = tablet.open_at("daily-report", "park-02", Some(POINT), None, &said);
    hand_in(desk, tablet, &[opened]);
}

fn paper(desk: &Desk, kind: Kind, unit: Option<&str>) -> Paper {
    let day = Zone::CHINA.day(MORNING);
    let period = match kind {
        Kind::Daily => Period { from: day, until: day.succ_opt().unwrap() },
        _ => Period::week_of(day),
    };
    desk.server.report(&Wanted { kind, period, unit: unit.map(UnitId::from) }).unwrap()
}

/// The row of a table that begins so.
fn row<'a>(paper: &'a Paper, begins: &[&str]) -> Option<&'a Vec<String>> {
    let tables = paper.blocks.iter().filter_map(|block| match block {
        Block::Table { rows, .. } => Some(rows),
        _ => None,
    });
    tables
        .flatten()
        .find(|row| row.iter().zip(begins).filter(|(cell, begin)| cell == begin).count() == begins.len())
}

fn says(paper: &Paper, words: &str) -> bool {
    paper.blocks.iter().any(|block| matches!(block, Block::Text(text) if text.contains(words)))
}

#[test]
fn twelve_hours_205_vendors_and_one_report_count_once_whoever_wrote_them_down() {
    let desk = Desk::park();
    let before = paper(&desk, Kind::Daily, Some("park-02"));
    assert!(says(&before, "已报0个") && row(&before, &["志愿者值守"]).is_none());

    // Two tablets without a network: each has matters of its own for the same post, list and point.
    let (mut one, mut other) = (desk.synced(GRID), desk.synced(GRID));
    let mut head = desk.synced(HEAD);
    shift(&desk, &mut one, 6, 13);
    shift(&desk, &mut other, 12, 18);
    tally(&desk, &mut one, &[(120, "早市清单")]);
    tally(&desk, &mut other, &[(120, "早市清单"), (85, "夜市清单")]);
    report(&desk, &mut one, 1);
    head.now = head.now.plus_ms(60_000);
    report(&desk, &mut head, 3);

    let daily = paper(&desk, Kind::Daily, Some("park-02"));
    assert_eq!(row(&daily, &["志愿者值守", "志愿者"]).unwrap()[2], "1");
    assert_eq!(row(&daily, &["志愿者值守", "服务时长"]).unwrap()[2], "12.0小时");
    assert_eq!(row(&daily, &["累计数", "疏导游商散贩"]).unwrap()[2], "205");
    assert!(says(&daily, "已报1个；点位自报整改3件"), "{daily:?}");
    assert!(says(&daily, "重复登记3条，只计一次"), "{daily:?}");
    assert!(row(&paper(&desk, Kind::Daily, Some("park-03")), &["志愿者值守"]).is_none());

    let weekly = paper(&desk, Kind::Weekly, Some("park-02"));
    assert_eq!(row(&weekly, &["累计数", "疏导游商散贩"]).unwrap()[2], "205");
    assert!(says(&weekly, "应报社区1个，已报0个"), "{weekly:?}");
    let bulletin = paper(&desk, Kind::Bulletin, None);
    let tables = bulletin.blocks.iter().filter_map(|block| match block {
        Block::Table { head, rows } => Some((head, rows)),
        _ => None,
    });
    let name = desk.server.reference().unwrap().units[&UnitId::from("park-02")].name.clone();
    let (head, rows) =
        tables.into_iter().find(|(head, _)| head.iter().any(|it| it == "疏导游商散贩")).unwrap();
    let column = head.iter().position(|it| it == "疏导游商散贩").unwrap();
    let cells: Vec<_> = rows.iter().map(|row| (row[0].as_str(), row[column].as_str())).collect();
    assert_eq!(cells, [(name.as_str(), "205"), ("合计", "205")]);
}

#[test]
fn what_was_done_in_another_week_is_in_that_week() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_02);
    let theme = [("theme", Value::Choice("civil-travel".to_owned())), ("what", text("文明出行"))];
    let (activity, planned) = clerk.open("activity", "park-02", None, &theme);
    hand_in(&desk, &mut clerk, &[planned]);
    assert!(row(&paper(&desk, Kind::Weekly, None), &["文明实践活动"]).is_none(), "a plan is no activity");
    desk.wait(7 * 24 * 3_600_000);
    clerk.now = desk.now();
    let (_, held) =
        clerk.does(activity, "hold", &[("people", Value::Count(30)), ("words", text("路口劝导"))]);
    hand_in(&desk, &mut clerk, &[held]);
    assert!(row(&paper(&desk, Kind::Weekly, None), &["文明实践活动"]).is_none());
    let next = Period::week_of(Zone::CHINA.day(desk.now()));
    let next = desk.server.report(&Wanted { kind: Kind::Weekly, period: next, unit: None }).unwrap();
    assert_eq!(row(&next, &["文明实践活动", "参加人数"]).unwrap()[2], "30");
}
