//! 专项行动 (21): a campaign (社区专项提升, 市场集中整治提升 …) that consists of tasks; its progress is that of its tasks.

use super::{COMMAND, OFFICE, STAFF};
use crate::matter::{
    ActForm, Feature, FieldForm, Figure, Header, Home, MatterRecord, Shape, State, Telling, Told,
};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "special-action",
    class: ScopeClass::Work,
    home: Home::Root,
    header: Header::PLAIN,
    open: ActForm::opening(
        COMMAND,
        &[FieldForm::text("title", 200), FieldForm::text("words", 4_000).optional(), FieldForm::due("until")],
    ),
    acts: &[
        ActForm::new(
            "assign",
            OFFICE,
            &[
                FieldForm::text("what", 500),
                FieldForm::new("point", Shape::Point).optional(),
                FieldForm::new("unit", Shape::Unit).optional(),
                FieldForm::new("person", Shape::Person).optional(),
                FieldForm::due("until"),
            ],
        )
        .opens("task"),
        ActForm::new("progress", STAFF, &[FieldForm::text("words", 4_000), FieldForm::photos("photos")]),
        ActForm::new("finish", COMMAND, &[FieldForm::text("words", 4_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: Some(gather),
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let step = if told.has("finish") { "finished" } else { "under-way" };
    Told::at(step, plan.text("title"))
        .figures(vec![Figure::count("assigned", told.each("assign").count())])
        .open(told.waits(plan.day("until")))
}

fn gather(_: &State, belonging: &[(MatterRecord, State)]) -> (Vec<Figure>, Vec<&'static str>) {
    let tasks = || belonging.iter().filter(|(record, _)| record.feature == "task").map(|(_, state)| state);
    let with = |step| tasks().filter(|task| task.step == step).count();
    let held = tasks().count() - with("withdrawn");
    let figures = vec![
        Figure::share("tasks-done", with("done") + with("confirmed"), held),
        Figure::share("tasks-confirmed", with("confirmed"), held),
    ];
    (figures, Vec::new())
}

#[cfg(test)]
mod tests {
    use crate::fixture::{COMMAND, HEAD};
    use crate::matter::story::Tale;
    use crate::matter::{Amount, gather};

    const TITLES: [&str; 15] = [
        "社区专项提升",
        "市场集中整治提升",
        "背街小巷提升",
        "沿街门市提升",
        "楼道清理",
        "飞线整治",
        "小广告清理",
        "车辆停放整治",
        "公益广告更新",
        "绿地养护",
        "垃圾分类提升",
        "窗口服务提升",
        "校园周边整治",
        "施工围挡整治",
        "文明养犬",
    ];

    #[test]
    fn fifteen_actions_each_progress_with_their_own_tasks() {
        let actions: Vec<Tale> = TITLES
            .iter()
            .map(|title| {
                Tale::of("special-action").text("title", title).day_in("until", 31).opened_by(COMMAND)
            })
            .collect();
        assert_eq!(actions.len(), 15);
        let mut tasks: Vec<Tale> = (0..4)
            .map(|_| {
                Tale::of("task")
                    .about(actions[0].id())
                    .text("what", "更换破损护栏")
                    .person(HEAD)
                    .day_in("until", 25)
                    .opened_by(COMMAND)
            })
            .collect();
        for task in &mut tasks[..3] {
            let done = task.with().text("words", "已完成");
            task.tell(HEAD, "done", done);
        }
        tasks[0].act(COMMAND, "confirm", &[]);
        let reason = tasks[3].with().text("reason", "重复");
        tasks[3].tell(COMMAND, "withdraw", reason);
        let belonging: Vec<_> = tasks.iter().map(|task| (task.record.clone(), task.state())).collect();
        let (figures, _) = gather(&actions[0].record, &actions[0].state(), &belonging);
        let amounts: Vec<_> = figures.iter().map(|figure| figure.amount).collect();
        assert_eq!(amounts, [Amount::Share { part: 3, whole: 3 }, Amount::Share { part: 1, whole: 3 }]);
        let (none, _) = gather(&actions[1].record, &actions[1].state(), &[]);
        assert_eq!(none[0].amount, Amount::Share { part: 0, whole: 0 });
    }
}
