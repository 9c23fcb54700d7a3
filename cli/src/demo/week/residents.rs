//! Rows of residents: deliberation, the kiosk, small works.

use super::{CLERK, ENTRANCE, Failure, GRID, VOLUNTEER, Week, comes_to, count, must, stands_at};
use serde_json::Value;

/// 27: 14:00 collect, 14:30 meet.
pub(super) fn meeting_and_suggestions(week: &Week<'_>) -> Result<(), Failure> {
    week.feature(27, "meeting", 18, 14, 0);
    let meeting = week.open(CLERK, &["meeting", "where=小游园凉亭", "collect=14:00", "meet=14:30"])?;
    week.sync()?;
    let words = "words=电动车充电桩不够用";
    let charging = week.open_quietly(GRID, &["suggestion", words, "anonymous=yes", "--about", &meeting])?;
    let words = "words=分区停放车辆";
    let parking =
        week.open_quietly(GRID, &["suggestion", words, "anonymous=no", "name=姜先生", "--about", &meeting])?;
    week.refused(GRID, &["matter", "open", "suggestion", "words=装座椅", "anonymous=yes", "name=姜先生"])?;
    week.sync()?;
    must(
        !week.has(VOLUNTEER, &parking) && week.has(VOLUNTEER, &meeting),
        "volunteers never receive who said it",
    )?;
    week.stage.clock.set_on(18, 14, 30);
    for role in ["role=社区党委", "role=居民党员代表", "role=双报到党员", "role=物业", "role=共建单位"]
    {
        week.act_quietly(CLERK, &meeting, &["attend", role, "people=1"])?;
    }
    week.act_quietly(CLERK, &charging, &["answer", "words=计划在1号楼旁加装充电桩", "on-the-spot=yes"])?;
    week.act_quietly(
        CLERK,
        &parking,
        &["hand-on", "what=划定非机动车停放区", "unit=park-02", "until=2026-03-22"],
    )?;
    week.stage.clock.set_on(18, 16, 0);
    week.act_quietly(CLERK, &parking, &["answer", "words=停车线已施划", "on-the-spot=no"])?;
    stands_at(&week.act_quietly(CLERK, &parking, &["rate", "satisfied=满意"])?, "rated")?;
    let seen = week.stage.field(CLERK, &["matter", "show", &meeting])?;
    comes_to(&seen, "suggestions", &count(2))?;
    comes_to(&seen, "on-the-spot", &count(1))?;
    comes_to(&seen, "handed-on", &count(1))
}

/// 15, 16.
pub(super) fn kiosk_and_small_works(week: &Week<'_>) -> Result<(), Failure> {
    let stage = week.stage;
    week.feature(15, "kiosk", 21, 15, 0);
    let kiosk = week.open(CLERK, &["kiosk", "title=志愿服务岗亭", "--point", ENTRANCE])?;
    for (item, number) in
        [("item=打气筒", "number=1"), ("item=工具箱", "number=2"), ("item=小型拖车器", "number=1")]
    {
        week.act_quietly(CLERK, &kiosk, &["stock", item, number])?;
    }
    week.sync()?;
    let loan = ["loan", "item=打气筒", "number=1", "to=3号楼", "until=2026-03-21", "--about", &kiosk];
    let one = week.open(GRID, &loan)?;
    week.open_quietly(VOLUNTEER, &loan)?;
    week.sync()?;
    let seen = stage.field(GRID, &["matter", "show", &kiosk])?;
    let pump = seen.list_at("/figures")?.iter().find(|figure| {
        let is = |key, text| figure.get(key).and_then(Value::as_str) == Some(text);
        is("name", "in-stock") && is("label", "打气筒")
    });
    must(
        pump.and_then(|pump| pump.get("amount")) == Some(&count(-1)),
        "both loans stand, and one pump is short",
    )?;
    week.act_quietly(GRID, &one, &["give-back", "number=1"])?;
    must(week.see(GRID, &kiosk)?.list_at("/remarks")?.is_empty(), "it came back")?;
    week.feature(16, "small-work", 21, 16, 0);
    let before = format!("before={}", stage.photo("damaged-paving.jpg"));
    let work =
        week.open(CLERK, &["small-work", "kind=护栏", "what=更换破损护栏", &before, "--point", ENTRANCE])?;
    week.refused(CLERK, &["matter", "act", &work, "done", "words=已更换"])?;
    let after = format!("after={}", stage.photo("south-entrance-clean-after.jpg"));
    stands_at(&week.act(CLERK, &work, &["done", "words=已更换", &after])?, "done")?;
    week.sync()
}
