//! What offices print counts what matters hold, once, from the log that devices synced into.

use crate::device::*;
use chrono::Datelike;
use sanben_document::ChangeHash;
use sanben_domain::id::UnitId;
use sanben_domain::matter::Value;
use sanben_domain::score::Period;
use sanben_domain::time::Zone;
use sanben_server::report::{Block, DocumentNumber, Kind, Paper, Wanted};
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
    desk.server
        .report(&Wanted { kind, period, unit: unit.map(UnitId::from), number: None, words: None })
        .unwrap()
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
    let next = desk
        .server
        .report(&Wanted { kind: Kind::Weekly, period: next, unit: None, number: None, words: None })
        .unwrap();
    assert_eq!(row(&next, &["文明实践活动", "参加人数"]).unwrap()[2], "30");
}

/// Row 18 and 19: what the head of a point and a community say in their own words is printed, of two reports the later one's;
/// 25: what a leader said and assigned on a visit.
#[test]
fn papers_print_what_the_head_the_community_and_the_leader_said() {
    let desk = Desk::park();
    let (mut head, mut clerk, mut leader) = (desk.synced(HEAD), desk.synced(CLERK_02), desk.synced("U001"));
    let words = "发现的破损路面,已及时修补";
    let said = [("words", text(words)), ("put-right", Value::Count(1)), ("left", Value::Count(0))];
    let (_, opened) = head.open_at("daily-report", "park-02", Some(POINT), None, &said);
    hand_in(&desk, &mut head, &[opened]);
    let week = |words| [("words", text(words)), ("found", Value::Count(2)), ("put-right", Value::Count(1))];
    let (summary, first) = clerk.open("weekly-summary", "park-02", None, &week("本周卫生死角待清理"));
    clerk.now = clerk.now.plus_ms(60_000);
    let again = clerk.does(summary, "hand-in-again", &week("个别小区的卫生死角,已彻底清理干净")).1;
    hand_in(&desk, &mut clerk, &[first, again]);
    let (visit, came) = leader.open("leader-visit", "park-02", None, &[("where", text("金桥小区"))]);
    let guided = leader.does(visit, "guide", &[("words", text("活动室要有活动记录"))]).1;
    hand_in(&desk, &mut leader, &[came, guided]);

    let daily = paper(&desk, Kind::Daily, Some("park-02"));
    let point = desk.server.reference().unwrap().points[&POINT.into()].name.clone();
    assert_eq!(row(&daily, &[&point]).unwrap().last().unwrap(), words);
    let weekly = paper(&desk, Kind::Weekly, None);
    let community = desk.server.reference().unwrap().units[&UnitId::from("park-02")].name.clone();
    let of_week = row(&weekly, &[&community, "2", "1"]).unwrap();
    assert_eq!(of_week[3], "个别小区的卫生死角,已彻底清理干净");
    let day = Zone::CHINA.day(MORNING);
    let day = format!("{}月{}日", day.month(), day.day());
    let guidance = row(&weekly, &[&day, "金桥小区"]).unwrap();
    assert_eq!(guidance[3], "现场指导：活动室要有活动记录");
    assert!(says(&weekly, "个部门包联点位"), "11: the departments' rates are in the week's paper");
    assert!(row(&paper(&desk, Kind::Weekly, Some("park-03")), &[&community, "2", "1"]).is_none());
}

/// 千分制 (20): the weekly bulletin has its number, this week's emphasis before the signature, the details as an annex.
#[test]
fn a_bulletin_is_filed_under_its_number_and_says_what_is_asked_of_everybody() {
    let desk = Desk::park();
    let (number, words) = (DocumentNumber::read("公创[2026]3号"), "本周重点：背街小巷\n周五前自查一遍");
    let period = Period::week_of(Zone::CHINA.day(MORNING));
    let wanted = Wanted { kind: Kind::Bulletin, period, unit: None, number, words: Some(words.to_owned()) };
    let paper = desk.server.report(&wanted).unwrap();
    assert_eq!(paper.number.as_ref().unwrap().to_string(), "公创〔2026〕3号");
    let asked =
        paper.blocks.iter().position(|it| *it == Block::Text("本周重点：背街小巷".to_owned())).unwrap();
    assert!(matches!(&paper.blocks[asked - 1], Block::Heading(text) if text.ends_with("、工作要求")));
    assert_eq!(paper.blocks[asked + 1], Block::Text("周五前自查一遍".to_owned()));
    assert!(!paper.blocks[..asked].iter().any(|block| matches!(block, Block::Annex(_))));
}
