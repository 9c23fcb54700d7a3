//! 一线督导 (25): a leader visits, gives guidance on the spot (现场指导), assigns on the spot (现场交办: a task is opened
//! with it), notes the problems reported there, and looks back at what earlier visits found.

use super::LOOKING;
use crate::matter::{
    ActForm, Against, Feature, FieldForm, Figure, Header, Home, MatterRecord, Need, Shape, State, Telling,
    Told,
};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "leader-visit",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May).person(Need::May),
    open: ActForm::opening(LOOKING, &[FieldForm::text("where", 200)]).on_its_day(),
    acts: &[
        ActForm::new(
            "guide",
            LOOKING,
            &[
                FieldForm::text("words", 1_000),
                FieldForm::new("point", Shape::Point).optional(),
                FieldForm::photos("photos"),
            ],
        ),
        ActForm::new(
            "assign",
            LOOKING,
            &[
                FieldForm::text("what", 500),
                FieldForm::new("point", Shape::Point).optional(),
                FieldForm::new("unit", Shape::Unit).optional(),
                FieldForm::new("person", Shape::Person).optional(),
                FieldForm::due("until"),
                FieldForm::photos("photos"),
            ],
        )
        .opens("task"),
        ActForm::new(
            "report",
            LOOKING,
            &[FieldForm::new("case", Shape::Document), FieldForm::text("words", 500).optional()],
        ),
        ActForm::new(
            "look-back",
            LOOKING,
            &[
                FieldForm::text("what", 200),
                FieldForm::new("case", Shape::Document).optional(),
                FieldForm::new("fixed", Shape::Yes),
                FieldForm::photos("photos"),
            ],
        )
        .against(&[Against { act: "look-back", same: &["what", "case"], differ: &["fixed"] }]),
        ActForm::new("finish", LOOKING, &[FieldForm::text("words", 1_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: Some(gather),
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let step = if told.has("finish") { "finished" } else { "open" };
    let looked = told.latest("look-back", |act| Some((act.text("what"), act.document("case"))));
    let fixed = looked.values().filter(|event| event.act.yes("fixed")).count();
    Told::at(step, told.opening.act.text("where")).figures(vec![
        Figure::count("guided", told.each("guide").count()),
        Figure::count("assigned", told.each("assign").count()),
        Figure::count("reported", told.each("report").count()),
        Figure::share("fixed", fixed, looked.len()),
    ])
}

fn gather(_: &State, belonging: &[(MatterRecord, State)]) -> (Vec<Figure>, Vec<&'static str>) {
    let tasks: Vec<_> = belonging.iter().filter(|(record, _)| record.feature == "task").collect();
    let done = tasks.iter().filter(|(_, task)| ["done", "confirmed"].contains(&task.step)).count();
    (vec![Figure::share("tasks-done", done, tasks.len())], Vec::new())
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, COLLEAGUE, INSPECTOR, SOUTH_GATE};
    use crate::matter::Amount;
    use crate::matter::story::{Tale, figure};
    use crate::rights::Denied;

    const FOUND: [&str; 3] = ["精神文明宣传牌倾斜", "楼前垃圾桶不盖盖", "小区内非机动车无序停放"];

    fn visit() -> Tale {
        Tale::of("leader-visit")
            .point(SOUTH_GATE)
            .text("where", "金狮社区、御景国际小区")
            .opened_by(INSPECTOR)
    }

    #[test]
    fn a_tilted_board_open_bins_and_bicycles_are_looked_back_at() {
        let mut visit = visit();
        for what in FOUND {
            let looked = visit.with().text("what", what).yes("fixed", true);
            visit.tell(INSPECTOR, "look-back", looked);
        }
        assert_eq!(figure(&visit.state(), "fixed"), Amount::Share { part: 3, whole: 3 });
        let again = visit.with().text("what", FOUND[1]).yes("fixed", false);
        visit.tell(INSPECTOR, "look-back", again);
        assert_eq!(
            figure(&visit.state(), "fixed"),
            Amount::Share { part: 2, whole: 3 },
            "the later look holds"
        );
    }

    #[test]
    fn two_who_look_at_the_same_bins_and_disagree_are_disputed() {
        let mut visit = visit();
        let of = |visit: &Tale, fixed| visit.with().text("what", FOUND[1]).yes("fixed", fixed);
        let (yes, no) = (of(&visit, true), of(&visit, false));
        visit.apart((INSPECTOR, "look-back", yes), (COLLEAGUE, "look-back", no));
        let state = visit.state();
        assert_eq!(state.disputes.len(), 1);
        assert_eq!(
            figure(&state, "fixed"),
            Amount::Share { part: 0, whole: 0 },
            "neither counts until decided"
        );
    }

    #[test]
    fn guidance_and_assignment_on_the_spot_are_noted_and_a_clerk_leads_no_visit() {
        let mut visit = visit();
        let words = visit.with().text("words", "雷锋服务站活动要有记录");
        visit.tell(INSPECTOR, "guide", words);
        let assigned =
            visit.with().text("what", "扶正宣传牌").day_in("until", 21).unit("unit", "dept-huanwei");
        visit.tell(INSPECTOR, "assign", assigned);
        assert_eq!(figure(&visit.state(), "assigned"), Amount::Count(1));
        assert_eq!(visit.may(CLERK, "guide"), Err(Denied::Role));
    }
}
