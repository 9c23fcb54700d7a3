//! Rows of people: shifts, rosters, activities, tallies, special and required actions, programmes.

use super::{
    CLERK, COMMAND, Failure, GRID, INSPECTOR, VOLUNTEER, Week, comes_to, count, must, share, stands_at,
};
use crate::language::say;
use serde_json::json;

/// 13: at 06:00 two sign in. The volunteer holds no staff list, and knows the own name.
pub(super) fn shift_begins(week: &Week<'_>) -> Result<String, Failure> {
    week.feature(13, "shift", 17, 6, 0);
    let shift = week
        .open(VOLUNTEER, &["shift", "post=柳林市场门口", "from=06:00", "until=18:00", "--point", "P015"])?;
    let seen = week.act(VOLUNTEER, &shift, &["sign-in", "who=U170", "time=06:00"])?;
    must(seen.text.contains(&week.stage.name(VOLUNTEER)?), "who signs in reads the own name")?;
    // The other tablet has not heard of it yet.
    week.sync()?;
    week.act_quietly(GRID, &shift, &["sign-in", "who=U183", "time=06:10"])?;
    week.act_quietly(VOLUNTEER, &shift, &["sign-in", "who=U183", "time=06:12"])?;
    week.sync()?;
    Ok(shift)
}

/// 13: the end of it at 18:00.
pub(super) fn shift_ends(week: &Week<'_>, shift: &str) -> Result<(), Failure> {
    week.stage.clock.set_on(17, 12, 10);
    week.act_quietly(VOLUNTEER, shift, &["sign-out", "who=U183", "time=12:10"])?;
    week.feature(13, "shift", 17, 18, 0);
    week.act_quietly(VOLUNTEER, shift, &["sign-out", "who=U170", "time=18:00"])?;
    week.sync()?;
    let seen = week.stage.field(GRID, &["matter", "show", shift])?;
    comes_to(&seen, "served", &json!({ "minutes": 12 * 60 + 6 * 60 }))
}

/// 22: every Tuesday …
pub(super) fn roster(week: &Week<'_>) -> Result<String, Failure> {
    week.feature(22, "roster", 17, 8, 0);
    let roster = week.open(CLERK, &["roster", "title=志愿服务日", "rhythm=tuesday-and-friday"])?;
    let tuesday =
        ["turn-out", "day=2026-03-17", "cadres=3", "volunteers=12", "stair-heads=5", "grid-members=4"];
    comes_to(&week.act_quietly(CLERK, &roster, &tuesday)?, "turned-out", &count(24))?;
    Ok(roster)
}

/// … and Friday.
pub(super) fn roster_on_friday(week: &Week<'_>, roster: &str) -> Result<(), Failure> {
    week.feature(22, "roster", 20, 18, 30);
    let friday =
        ["turn-out", "day=2026-03-20", "cadres=2", "volunteers=10", "stair-heads=5", "grid-members=4"];
    let seen = week.act(CLERK, roster, &friday)?;
    comes_to(&seen, "days", &count(2))?;
    comes_to(&seen, "turned-out", &count(24 + 21))
}

/// 17, 23.
pub(super) fn activities_and_tallies(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(17, "activity", 21, 13, 0);
    for (theme, what) in [
        ("theme=诚信经营", "what=诚信经营我示范"),
        ("theme=排队礼让", "what=排队礼让我遵守"),
        ("theme=清洁环境", "what=清洁环境我参与"),
        ("theme=文明出行", "what=文明出行我带头"),
    ] {
        let activity = week.open_quietly(CLERK, &["activity", theme, what])?;
        week.act_quietly(CLERK, &activity, &["hold", "people=20", "words=如期举办"])?;
    }
    let figures = week.stage.field(CLERK, &["matter", "figures", "activity"])?;
    comes_to(&figures, "activities", &count(4))?;
    comes_to(&figures, "participants", &count(80))?;
    week.feature(23, "tally", 21, 14, 0);
    for (counted, numbers) in
        [("vendors-moved", [120, 85]), ("posters-renewed", [150, 56]), ("spaces-marked", [90, 42])]
    {
        let tally = week.open_quietly(CLERK, &["tally", &format!("counted={counted}")])?;
        for (page, number) in numbers.iter().enumerate() {
            let (number, source) = (format!("number={number}"), format!("source=台账第{}页", page + 1));
            week.act_quietly(CLERK, &tally, &["add", &number, &source, "day=2026-03-21"])?;
        }
        let again = ["add", &format!("number={}", numbers[0]), "source=台账第1页", "day=2026-03-21"];
        week.act_quietly(CLERK, &tally, &again)?;
    }
    let figures = week.stage.field(CLERK, &["matter", "figures", "tally"])?;
    comes_to(&figures, "vendors-moved", &count(205))?;
    comes_to(&figures, "posters-renewed", &count(206))?;
    comes_to(&figures, "spaces-marked", &count(132))
}

/// 21, 26, 28.
pub(super) fn actions_and_programmes(week: &Week<'_>) -> Result<(), Failure> {
    let stage = week.stage;
    week.feature(21, "special-action", 16, 9, 0);
    let mut actions = Vec::new();
    for title in SPECIAL_ACTIONS {
        let title = format!("title={title}");
        actions.push(week.open_quietly(COMMAND, &["special-action", &title, "until=2026-04-30"])?);
    }
    let first = actions.first().ok_or_else(|| Failure("no action".to_owned()))?;
    let assign = ["assign", "what=更换破损护栏", "person=U060", "until=2026-03-18"];
    week.act_quietly(COMMAND, first, &assign)?;
    let listed = stage.field(COMMAND, &["matter", "list", "special-action"])?;
    must(listed.list_at("/rows")?.len() == 15, "15 special actions")?;
    comes_to(&stage.field(COMMAND, &["matter", "show", first])?, "tasks-done", &share(0, 1))?;
    week.feature(26, "required-action", 16, 11, 0);
    let what = "what=爱国卫生大扫除";
    let action =
        week.open(CLERK, &["required-action", "list=required", what, "times=2", "until=2026-03-31"])?;
    let photo = |name| format!("photos={}", stage.photo(name));
    for (day, photo) in [
        ("day=2026-03-06", photo("stairwell-stickers.jpg")),
        ("day=2026-03-13", photo("south-entrance-clean-after.jpg")),
    ] {
        let words = "words=清理办公室、楼道、院落及门口";
        week.act_quietly(CLERK, &action, &["evidence", day, words, &photo])?;
    }
    stands_at(&week.see(CLERK, &action)?, "complete")?;
    week.sync()?;
    let evidence = week.see(INSPECTOR, &action)?;
    let entry = format!("entry={}", evidence.text_at("/thread/1/event")?);
    week.act(INSPECTOR, &action, &["return", &entry, "reason=照片是清理前的,看不出已清理"])?;
    comes_to(&week.see(INSPECTOR, &action)?, "completed", &share(1, 2))?;
    week.feature(28, "programme", 16, 14, 0);
    week.open_quietly(COMMAND, &["programme", "title=全国文明城市", "points=all"])?;
    week.open_quietly(COMMAND, &["programme", "title=省级卫生城市", "points=T1"])?;
    let listed = stage.field(COMMAND, &["matter", "list", "programme"])?;
    must(listed.list_at("/rows")?.len() == 2, "two programmes that share points")?;
    comes_to(&stage.field(COMMAND, &["matter", "figures", "programme"])?, "points", &count(136 + 35))
}

/// 28: at the week's end each programme has its cases, and those at shared points are cases of both.
pub(super) fn cases_by_programme(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(28, "programme", 22, 17, 30);
    let of = |title| week.stage.field_quietly(COMMAND, &["cases", "--programme", title, "--limit", "200"]);
    let all = of("全国文明城市")?.list_at("/rows")?.len();
    let shared = week.stage.field(COMMAND, &["cases", "--programme", "省级卫生城市"])?;
    let shared = shared.list_at("/rows")?.len();
    week.stage.tell(&say!(week.stage.language, "week-programmes", all = all, shared = shared));
    must(shared > 0 && shared < all, "one case in two programmes, and cases that are in one of them only")
}

/// The 15 of the subdistrict's list.
const SPECIAL_ACTIONS: [&str; 15] = [
    "社区专项提升",
    "市场集中整治提升",
    "背街小巷整治",
    "主次干道保洁提升",
    "沿街门市三包落实",
    "停车秩序整治",
    "非机动车有序停放",
    "楼道杂物清理",
    "飞线充电整治",
    "小广告清除",
    "公益广告更新",
    "公共厕所提升",
    "校园周边秩序整治",
    "建筑工地围挡整治",
    "窗口服务提升",
];
