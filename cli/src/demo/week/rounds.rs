//! Rows of rounds over many points: the look-back round that all four teams walk, and the mock assessment that the sheet
//! (20) draws on.

use super::{COMMAND, ENTRANCE, Failure, INSPECTOR, Week, comes_to, count, must, share};
use serde_json::Value;

/// The leaders of the four teams.
const LEADERS: [(&str, &str); 4] = [("T1", "U007"), ("T2", "U011"), ("T3", "U015"), ("T4", "U019")];
/// What they find, at every tenth point.
const FOUND: [(&str, &str); 3] =
    [("S01", "楼前有零散垃圾"), ("S11", "非机动车压盲道"), ("S01", "绿化带内有白色垃圾")];

/// A round under way.
pub(super) struct Round {
    id: String,
    /// What was found and put right on the spot, and by whom.
    found: Vec<(&'static str, String)>,
}

/// 24: the teams visit every point of their own, without a network. What they find is put right before their eyes.
pub(super) fn look_back_round(week: &Week<'_>) -> Result<Round, Failure> {
    let stage = week.stage;
    week.feature(24, "look-back-round", 18, 9, 0);
    let (title, points) = ("title=测评点位回头看", "points=第一督导组,第二督导组,T3,T4");
    let round = week.open(COMMAND, &["look-back-round", title, points, "until=2026-03-22"])?;
    week.sync()?;
    let teams = stage.field_quietly(COMMAND, &["teams"])?;
    let (mut seen, mut found) = (0, Vec::new());
    for ((team, leader), line) in LEADERS.into_iter().zip(teams.list_at("/teams")?) {
        week.enrol(leader)?;
        must(line.pointer("/team/id").and_then(Value::as_str) == Some(team), "the teams by code")?;
        let points = line.get("points").and_then(Value::as_array);
        for point in points.into_iter().flatten().filter_map(Value::as_str) {
            let at = format!("point={point}");
            if seen % 10 == 0 {
                let (standard, words) = FOUND[found.len() % FOUND.len()];
                let record = ["record", "--point", point, "--standard", standard, words];
                let case = stage.field_quietly(leader, &record)?.text_at("/case")?.to_owned();
                stage.field_quietly(leader, &["rectify", &case, "--on-the-spot", "已当场整改"])?;
                let of_case = format!("case={case}");
                week.act_quietly(leader, &round, &["visit", &at, "result=found", &of_case])?;
                found.push((leader, case));
            } else {
                week.act_quietly(leader, &round, &["visit", &at, "result=clean"])?;
            }
            seen += 1;
        }
    }
    let of_one = stage.field_quietly("U007", &["matter", "show", &round])?;
    comes_to(&of_one, "visited", &share(35, 136))?;
    for (_, leader) in LEADERS {
        stage.field_quietly(leader, &["sync"])?;
    }
    week.sync()?;
    let seen = stage.field_quietly(COMMAND, &["matter", "show", &round])?;
    stage.tell(&figures_of(&seen.text));
    comes_to(&seen, "visited", &share(136, 136))?;
    comes_to(&seen, "found", &count(14))?;
    comes_to(&seen, "clean", &share(122, 136))?;
    Ok(Round { id: round, found })
}

/// 5: at 17:00 the same day they go back to every point where something was found.
pub(super) fn back_at_five(week: &Week<'_>, round: &Round) -> Result<(), Failure> {
    let stage = week.stage;
    week.row(5, &crate::language::say!(stage.language, "week-back-at-five"), 18, 17, 0);
    for (leader, case) in &round.found {
        stage.field_quietly(leader, &["look-back", case, "--passed", "仍然干净"])?;
    }
    for (_, leader) in LEADERS {
        stage.field_quietly(leader, &["sync"])?;
    }
    week.act_quietly(COMMAND, &round.id, &["finish", "words=136个点位全部走到"])?;
    week.sync()?;
    let closed = stage.field(COMMAND, &["cases", "--status", "closed"])?;
    must(closed.list_at("/rows")?.len() == 14, "14 found, put right on the spot and seen again the same day")
}

/// What was said without the thread, which has an entry for each of 136 visits.
fn figures_of(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("  "));
    lines.map(|line| format!("      {line}")).collect::<Vec<_>>().join("\n")
}

/// A mock assessment, and what it does to the sheet (20).
pub(super) fn assessment(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(20, "assessment", 18, 11, 0);
    let points = "points=P010,P011";
    let assessment = week.open(INSPECTOR, &["assessment", "title=模拟测评", points, "until=2026-03-20"])?;
    let sheet =
        week.open_quietly(INSPECTOR, &["observation-sheet", "--point", ENTRANCE, "--about", &assessment])?;
    for (standard, result) in [("S01", "not-met"), ("S02", "met"), ("S03", "met"), ("S04", "not-applicable")]
    {
        let (standard, result) = (format!("standard={standard}"), format!("result={result}"));
        week.act_quietly(INSPECTOR, &sheet, &["observe", &standard, &result])?;
    }
    week.act_quietly(INSPECTOR, &sheet, &["finish"])?;
    let sheets = week.stage.field(INSPECTOR, &["matter", "list", "--about", &assessment])?;
    must(sheets.text_at("/rows/0/title")? == "柳林小区南入口", "a sheet is called after its point, by name")?;
    let seen = week.stage.field(INSPECTOR, &["matter", "show", &assessment])?;
    comes_to(&seen, "met", &share(2, 3))?;
    let score = week.stage.field(INSPECTOR, &["score", "park-02"])?;
    let lines = score.list_at("/entries")?;
    let line = lines.iter().find(|line| line.pointer("/reason/kind").is_some_and(|kind| kind == "assessed"));
    must(line.is_some_and(|line| line["points"] == "-10/3"), "a third not met of 10 points, on the sheet")
}
