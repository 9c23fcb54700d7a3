//! Rows of people: shifts, rosters, activities, tallies, special and required actions, programmes.

use super::{
    CLERK, COMMAND, Failure, GRID, INSPECTOR, VOLUNTEER, Week, comes_to, count, must, share, stands_at,
};
use serde_json::json;

/// 13, 22.
pub(super) fn shifts_and_roster(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(13, "shift", 17, 6, 0);
    let shift = week
        .open(VOLUNTEER, &["shift", "post=柳林市场门口", "from=06:00", "until=18:00", "--point", "P015"])?;
    week.act_quietly(VOLUNTEER, &shift, &["sign-in", "who=U170", "time=06:00"])?;
    // The other tablet has not heard of it yet.
    week.sync()?;
    week.act_quietly(GRID, &shift, &["sign-in", "who=U183", "time=06:10"])?;
    week.act_quietly(VOLUNTEER, &shift, &["sign-in", "who=U183", "time=06:12"])?;
    week.sync()?;
    week.stage.clock.set_on(17, 12, 10);
    week.act_quietly(VOLUNTEER, &shift, &["sign-out", "who=U183", "time=12:10"])?;
    week.stage.clock.set_on(17, 18, 0);
    let seen = week.act(VOLUNTEER, &shift, &["sign-out", "who=U170", "time=18:00"])?;
    comes_to(&seen, "served", &json!({ "minutes": 12 * 60 + 6 * 60 }))?;
    week.feature(22, "roster", 17, 8, 0);
    let roster = week.open(CLERK, &["roster", "title=志愿服务日", "rhythm=tuesday-and-friday"])?;
    let tuesday =
        ["turn-out", "day=2026-03-17", "cadres=3", "volunteers=12", "stair-heads=5", "grid-members=4"];
    week.act_quietly(CLERK, &roster, &tuesday)?;
    let friday =
        ["turn-out", "day=2026-03-13", "cadres=2", "volunteers=10", "stair-heads=5", "grid-members=4"];
    let seen = week.act(CLERK, &roster, &friday)?;
    comes_to(&seen, "turned-out", &count(24 + 21))
}

/// 17, 23.
pub(super) fn activities_and_tallies(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(17, "activity", 19, 14, 0);
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
    week.feature(23, "tally", 19, 15, 0);
    for (counted, numbers) in
        [("vendors-moved", [120, 85]), ("posters-renewed", [150, 56]), ("spaces-marked", [90, 42])]
    {
        let tally = week.open_quietly(CLERK, &["tally", &format!("counted={counted}")])?;
        for (page, number) in numbers.iter().enumerate() {
            let (number, source) = (format!("number={number}"), format!("source=台账第{}页", page + 1));
            week.act_quietly(CLERK, &tally, &["add", &number, &source, "day=2026-03-19"])?;
        }
        let again = ["add", &format!("number={}", numbers[0]), "source=台账第1页", "day=2026-03-19"];
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
    for number in 1..=15 {
        let title = match number {
            1 => "title=社区专项提升".to_owned(),
            2 => "title=市场集中整治提升".to_owned(),
            _ => format!("title=专项行动{number}"),
        };
        actions.push(week.open_quietly(COMMAND, &["special-action", &title, "until=2026-04-30"])?);
    }
    let first = actions.first().ok_or_else(|| Failure("no action".to_owned()))?;
    let assign = ["assign", "what=更换破损护栏", "person=U060", "until=2026-03-18"];
    week.act_quietly(COMMAND, first, &assign)?;
    let listed = stage.field_quietly(COMMAND, &["matter", "list", "special-action"])?;
    must(listed.list_at("/rows")?.len() == 15, "15 special actions")?;
    comes_to(&stage.field(COMMAND, &["matter", "show", first])?, "tasks-done", &share(0, 1))?;
    week.feature(26, "required-action", 16, 11, 0);
    let what = "what=爱国卫生大扫除";
    let action =
        week.open(CLERK, &["required-action", "list=required", what, "times=2", "until=2026-03-31"])?;
    for day in ["day=2026-03-06", "day=2026-03-13"] {
        week.act_quietly(CLERK, &action, &["evidence", day, "words=清理办公室、楼道、院落及门口"])?;
    }
    stands_at(&week.see(CLERK, &action)?, "complete")?;
    week.sync()?;
    let evidence = week.see(INSPECTOR, &action)?;
    let entry = format!("entry={}", evidence.text_at("/thread/1/event")?);
    week.act(INSPECTOR, &action, &["return", &entry, "reason=照片看不清"])?;
    comes_to(&week.see(INSPECTOR, &action)?, "completed", &share(1, 2))?;
    week.feature(28, "programme", 16, 14, 0);
    for title in ["title=全国文明城市", "title=省级卫生城市"] {
        week.open_quietly(COMMAND, &["programme", title, "points=all"])?;
    }
    let listed = stage.field(COMMAND, &["matter", "list", "programme"])?;
    must(listed.list_at("/rows")?.len() == 2, "two programmes over the same points")?;
    stage.field(COMMAND, &["cases", "--programme", "省级卫生城市"])?;
    comes_to(&stage.field_quietly(COMMAND, &["matter", "figures", "programme"])?, "points", &count(2 * 136))
}
