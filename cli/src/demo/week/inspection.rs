//! Rows of inspection: ledgers, teams, patrols, visits, rounds, briefs, notices, reports, the sheet.

use super::{
    CLERK, COMMAND, DISCIPLINE, ENTRANCE, ENTRANCE_HEAD, Failure, GRID, INSPECTOR, Said, VOLUNTEER, Week,
    comes_to, must, share, stands_at,
};
use crate::language::say;
use serde_json::Value;

/// 1, 3, 4, 11.
pub(super) fn ledgers_teams_and_grid(week: &Week<'_>) -> Result<(), Failure> {
    let (stage, language) = (week.stage, week.stage.language);
    week.row(1, &say!(language, "week-ledgers"), 16, 8, 0);
    stage.field(COMMAND, &["ledgers", ENTRANCE])?;
    week.row(3, &say!(language, "week-command"), 16, 8, 10);
    let server = stage.store("server");
    let devices = stage.run(&["devices", "--dir", &server])?;
    must(devices.text.contains(&stage.name(COMMAND)?), "the command post has its device")?;
    week.row(4, &say!(language, "week-teams"), 16, 8, 20);
    let teams = stage.field(COMMAND, &["teams"])?;
    let points_of = |team: &Value| team.get("points").and_then(Value::as_array).map_or(0, Vec::len);
    let points: Vec<_> = teams.list_at("/teams")?.iter().map(points_of).collect();
    must((points.len(), points.iter().sum::<usize>()) == (4, 136), "4 teams walk 136 points")?;
    let today = stage.field_quietly(INSPECTOR, &["today"])?;
    let walked = today.list_at("/morning")?.len();
    stage.tell(&say!(language, "week-teams-text", points = walked));
    must(Some(&walked) == points.first(), "an inspector walks the points of the own team")?;
    week.row(11, &say!(language, "week-grid"), 16, 8, 30);
    let place = stage.field(GRID, &["where", "38.308162", "116.839776"])?;
    must(place.text_at("/nearest/0/point/id")? == ENTRANCE, "from a place to the point and who answers")?;
    stage.field(COMMAND, &["blind-spots"])?;
    Ok(())
}

/// 5, 6, 7, 10: found at 07:00 and clean at 17:00, on Friday the 20th.
pub(super) fn patrol_thread_and_same_day(week: &Week<'_>) -> Result<(), Failure> {
    let (stage, language) = (week.stage, week.stage.language);
    week.row(5, &say!(language, "week-patrol"), 20, 7, 0);
    let photo = stage.photo("south-entrance-rubbish-before.jpg");
    let words = "柳林小区南入口处有大片垃圾,请立即清理";
    let record = ["record", "--point", ENTRANCE, "--standard", "S01", "--photo", &photo, words];
    let case = stage.field(INSPECTOR, &record)?.text_at("/case")?.to_owned();
    week.sync()?;
    week.row(6, &say!(language, "week-thread"), 20, 7, 5);
    stage.field(ENTRANCE_HEAD, &["acknowledge", &case])?;
    let clean = stage.photo("south-entrance-clean-after.jpg");
    stage.clock.set_on(20, 15, 30);
    stage.field(ENTRANCE_HEAD, &["rectify", &case, "--photo", &clean, "已清运"])?;
    week.sync()?;
    stage.clock.set_on(20, 17, 0);
    stage.field(INSPECTOR, &["look-back", &case, "--passed", "垃圾已被清理干净"])?;
    week.row(10, &say!(language, "week-dispatch"), 20, 17, 10);
    let poster = stage.field_quietly(
        INSPECTOR,
        &["record", "--point", ENTRANCE, "--standard", "S01", "门口又有零散垃圾"],
    )?;
    let poster = poster.text_at("/case")?.to_owned();
    week.sync()?;
    stage.field(COMMAND, &["act", &poster, "dispatch", "--to", "dept-chengguan/U074"])?;
    week.sync()?;
    week.row(7, &say!(language, "week-same-day"), 20, 18, 5);
    let brief = stage.field(COMMAND, &["brief"])?;
    let overdue = brief.list_at("/overdue")?;
    let cases =
        overdue.iter().filter_map(|named| named.pointer("/cases").and_then(Value::as_array)).flatten();
    let cases: Vec<&str> = cases.filter_map(Value::as_str).collect();
    must(cases.contains(&poster.as_str()), "what was not put right the same day is late")?;
    must(!cases.contains(&case.as_str()), "what was clean at 17:00 is not")?;
    week.feature(8, "work-brief", 20, 18, 10);
    let filled = stage.field(COMMAND, &["brief", "--fill"])?;
    let brief = filled.text_at("/filled/matter")?.to_owned();
    must(
        filled.number_at("/filled/added")? == 1,
        "what was found that day and is not closed, by department, person and deadline",
    )?;
    let again = stage.field_quietly(COMMAND, &["brief", "--fill"])?;
    must(again.number_at("/filled/added")? == 0 && again.text_at("/filled/matter")? == brief, "once each")?;
    stands_at(&week.act(COMMAND, &brief, &["issue"])?, "issued")
}

/// 25, 2.
pub(super) fn leader_visit_and_tasks(week: &Week<'_>) -> Result<(), Failure> {
    let until = "until=2026-03-17";
    week.feature(25, "leader-visit", 17, 9, 0);
    let visit = week.open(INSPECTOR, &["leader-visit", "where=柳林小区", "--point", ENTRANCE])?;
    week.act_quietly(INSPECTOR, &visit, &["guide", "words=活动室要有活动记录"])?;
    week.act(INSPECTOR, &visit, &["assign", "what=扶正精神文明宣传牌", "person=U060", until])?;
    for what in ["what=精神文明宣传牌倾斜", "what=楼前垃圾桶不盖盖", "what=小区内非机动车无序停放"]
    {
        week.act_quietly(INSPECTOR, &visit, &["look-back", what, "fixed=yes"])?;
    }
    week.sync()?;
    week.feature(2, "task", 17, 10, 0);
    let list = week.stage.field(ENTRANCE_HEAD, &["matter", "list", "task", "--person", "U060", "--open"])?;
    let task = list.text_at("/rows/0/id")?.to_owned();
    week.act(ENTRANCE_HEAD, &task, &["done", "words=已扶正"])?;
    week.sync()?;
    week.act_quietly(INSPECTOR, &task, &["confirm"])?;
    week.sync()?;
    let seen = week.see(COMMAND, &visit)?;
    comes_to(&seen, "tasks-done", &share(1, 1))?;
    comes_to(&seen, "fixed", &share(3, 3))
}

/// 8.
pub(super) fn brief(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(8, "work-brief", 19, 17, 30);
    let brief = week.open(COMMAND, &["work-brief", "title=创城工作简报"])?;
    week.refused(
        COMMAND,
        &["matter", "act", &brief, "problem", "what=桶盖未盖", "unit=park-02", "until=2026-03-19"],
    )?;
    let problem = ["problem", "what=桶盖未盖", "unit=park-02", "person=U060", "until=2026-03-19"];
    week.act_quietly(COMMAND, &brief, &problem)?;
    stands_at(&week.act(COMMAND, &brief, &["issue"])?, "issued")?;
    week.sync()?;
    must(week.has(CLERK, &brief), "the department that is named has the brief")
}

/// A draw that was held.
struct Drawn {
    file: String,
    frozen: String,
    committed: String,
    case: String,
}

/// One of these cases, by a draw of two parties.
fn drawn(week: &Week<'_>, cases: &Said) -> Result<Drawn, Failure> {
    let stage = week.stage;
    let path = |name: &str| stage.dir.join(name).to_string_lossy().into_owned();
    let (list, file) = (path("week-list.txt"), path("week-draw.json"));
    let ids: Vec<_> = cases.list_at("/rows")?.iter().filter_map(|row| row.get("id")?.as_str()).collect();
    std::fs::write(&list, ids.join("\n"))?;
    let parties = ["纪检组", "居民代表"];
    let title = ["--title", "整改情况抽查", "--draw", "1", "--party", parties[0], "--party", parties[1]];
    let frozen = stage.run(&[&["draw", "freeze", &list], &title[..], &["-o", &file]].concat())?;
    for step in ["commit", "reveal"] {
        for (number, party) in parties.iter().enumerate() {
            let secret = path(&format!("week-secret-{number}"));
            stage.run_quietly(&["draw", step, &file, party, "--secret", &secret])?;
        }
    }
    let result = stage.run(&["draw", "result", &file])?;
    Ok(Drawn {
        file,
        frozen: frozen.text_at("/draw/frozen")?.to_owned(),
        committed: result.text_at("/committed")?.to_owned(),
        case: result.text_at("/draw/drawn/0")?.to_owned(),
    })
}

/// 9.
pub(super) fn spot_check_notice_and_interview(week: &Week<'_>) -> Result<(), Failure> {
    let stage = week.stage;
    week.feature(9, "spot-check", 21, 9, 0);
    // What the communities say is put right.
    let put_right = ["--status", "rectified,verified,closed", "--limit", "200"];
    let cases = stage.field_quietly(DISCIPLINE, &[&["cases"], &put_right[..]].concat())?;
    let draw = drawn(week, &cases)?;
    let check = stage.field(
        DISCIPLINE,
        &["spot-check", &draw.file, "--frozen", &draw.frozen, "--committed", &draw.committed],
    )?;
    let check = check.text_at("/matter")?.to_owned();
    let of_case = format!("case={}", draw.case);
    let not_drawn = cases.list_at("/rows")?.iter().filter_map(|row| row.get("id").and_then(Value::as_str));
    if let Some(other) = not_drawn.into_iter().find(|id| *id != draw.case) {
        let other = format!("case={other}");
        week.refused(DISCIPLINE, &["matter", "act", &check, "check", &other, "result=put-right"])?;
    }
    week.act_quietly(DISCIPLINE, &check, &["check", &of_case, "result=not-put-right"])?;
    stage.field(DISCIPLINE, &["spot-check", &draw.file, "--check", &check])?;
    week.feature(9, "notice", 21, 10, 0);
    let found = stage.field_quietly(DISCIPLINE, &["show", &draw.case])?;
    // The notice names who answered for the case that was drawn, wherever it lies.
    let head = found.text_at("/answered_then/id")?;
    if !stage.dir.join(head).exists() {
        week.enrol(head)?;
    }
    let unit = format!("unit={}", found.text_at("/community/id")?);
    let what = format!("what=抽查发现整改不到位：{}", found.text_at("/description")?);
    let term = [&unit, "until=2026-03-22", "--person", head, "--about", &check];
    let notice = week.open(DISCIPLINE, &[&["notice", &what, &of_case], &term[..]].concat())?;
    week.sync()?;
    stage.field_quietly(head, &["sync"])?;
    for other in [COMMAND, CLERK, GRID, VOLUNTEER, INSPECTOR] {
        must(
            !week.has(other, &notice) && !week.has(other, &check),
            "nobody else knows before it is published",
        )?;
    }
    week.refused(DISCIPLINE, &["matter", "act", &notice, "publish"])?;
    week.act(head, &notice, &["answer", "words=已重新整改,请督导组明早复查"])?;
    stage.field_quietly(head, &["sync"])?;
    week.sync()?;
    stands_at(&week.act(DISCIPLINE, &notice, &["publish"])?, "published")?;
    week.sync()?;
    must(week.has(COMMAND, &notice), "published, it is read")?;
    week.feature(9, "interview", 21, 11, 0);
    let given = [
        "interview",
        "reason=整改不到位",
        "where=会议室",
        "until=2026-03-22",
        "time=15:00",
        "--person",
        head,
        "--about",
        &notice,
    ];
    let interview = week.open_quietly(DISCIPLINE, &given)?;
    week.act_quietly(DISCIPLINE, &interview, &["hold", "present=纪检两人", "words=说明情况,限期整改"])?;
    week.sync()?;
    stage.field_quietly(head, &["sync"])?;
    stands_at(&week.act(head, &interview, &["sign"])?, "signed")?;
    must(!week.has(COMMAND, &interview), "an interview stays with the discipline staff and whom it concerns")
}

/// 18.
pub(super) fn daily_report(week: &Week<'_>) -> Result<(), Failure> {
    let stage = week.stage;
    week.feature(18, "daily-report", 20, 18, 10);
    let words = "words=发现的破损路面,已及时修补";
    week.open(ENTRANCE_HEAD, &["daily-report", words, "put-right=1", "left=0", "--point", ENTRANCE])?;
    week.sync()?;
    let missing = stage.field_quietly(COMMAND, &["matter", "missing", "daily-report"])?;
    let missing = missing.list_at("/missing")?;
    let named = |row: &Value| row.pointer("/point/id").and_then(Value::as_str) == Some(ENTRANCE);
    must(!missing.is_empty() && !missing.iter().any(named), "who has not reported the day is named")
}

/// 19, 20.
pub(super) fn summary_and_score(week: &Week<'_>) -> Result<(), Failure> {
    let stage = week.stage;
    week.feature(19, "weekly-summary", 22, 16, 0);
    week.open(CLERK, &["weekly-summary", "words=本周卫生死角已清理", "found=2", "put-right=1"])?;
    week.sync()?;
    let missing = stage.field(COMMAND, &["matter", "missing", "weekly-summary"])?;
    must(missing.list_at("/missing")?.len() == 13, "13 of 14 communities have not handed in")?;
    week.row(20, &say!(stage.language, "week-score"), 22, 17, 0);
    stage.field(COMMAND, &["score", "park-02"])?;
    stage.field(COMMAND, &["ranking"])?;
    let (server, paper) =
        (stage.store("server"), stage.dir.join("周汇总.html").to_string_lossy().into_owned());
    stage.run(&["report", "weekly", "--dir", &server, "--week", "2026-03-20", "-o", &paper])?;
    let paper = std::fs::read_to_string(&paper)?;
    must(
        paper.contains("服务时长") && paper.contains("疏导游商散贩"),
        "hours and tallies are in the week's paper",
    )?;
    must(
        paper.contains("本周卫生死角已清理") && paper.contains("活动室要有活动记录"),
        "and what the community and the leader said",
    )?;
    let bulletin = stage.dir.join("通报.html").to_string_lossy().into_owned();
    let filed = ["--number", "公创〔2026〕3号", "--words", "下周重点：小区入口和农贸市场周边"];
    let month = ["report", "bulletin", "--dir", &server, "--month", "2026-03", "-o", &bulletin];
    stage.run(&[&month[..], &filed[..]].concat())?;
    let bulletin = std::fs::read_to_string(&bulletin)?;
    let parts = ["公创〔2026〕3号", "下周重点", "附件：加减分明细"];
    must(parts.iter().all(|part| bulletin.contains(part)), "filed, with what is asked for and its annex")
}
