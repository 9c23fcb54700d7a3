//! 测评点位回头看 (24): a planned second round over all assessed points; how far it has come, and what was found.

use super::{COMMAND, LOOKING};
use crate::matter::{ActForm, Against, Feature, FieldForm, Figure, Header, Home, Shape, Telling, Told};
use crate::rights::ScopeClass;
use std::collections::BTreeSet;

/// What a visit found.
const RESULTS: &[&str] = &["clean", "found", "not-accessible"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "look-back-round",
    class: ScopeClass::Work,
    home: Home::Root,
    header: Header::PLAIN,
    open: ActForm::opening(
        COMMAND,
        &[
            FieldForm::text("title", 200),
            FieldForm::new("points", Shape::Points { max: 2_000 }),
            FieldForm::due("until"),
        ],
    ),
    acts: &[
        ActForm::new(
            "visit",
            LOOKING,
            &[
                FieldForm::new("point", Shape::Point),
                FieldForm::new("result", Shape::Choice(RESULTS)),
                FieldForm::text("words", 1_000).optional(),
                FieldForm::new("case", Shape::Document).optional(),
                FieldForm::photos("photos"),
            ],
        )
        .against(&[Against { act: "visit", same: &["point"], differ: &["result"] }]),
        ActForm::new("finish", COMMAND, &[FieldForm::text("words", 2_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let planned: BTreeSet<_> = plan.points("points").iter().collect();
    let visits = told.latest("visit", |act| act.point("point").filter(|point| planned.contains(point)));
    let with = |result| visits.values().filter(|event| event.act.choice("result") == result).count();
    let seen = with("clean") + with("found");
    let step = match () {
        () if told.has("finish") => "finished",
        () if seen == planned.len() => "walked",
        () => "under-way",
    };
    let told_so = Told::at(step, plan.text("title"))
        .figures(vec![
            Figure::share("visited", seen, planned.len()),
            Figure::count("found", with("found")),
            Figure::share("clean", with("clean"), seen),
        ])
        .remark("not-accessible", with("not-accessible") > 0);
    told_so.open(told.waits(plan.day("until")))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{COLLEAGUE, COMMAND, INSPECTOR};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw};

    fn points() -> Vec<String> {
        (1..=136).map(|number| format!("P{number:03}")).collect()
    }

    fn round() -> Tale {
        Tale::of("look-back-round")
            .text("title", "测评点位回头看")
            .points("points", &points())
            .day_in("until", 27)
            .opened_by(COMMAND)
    }

    #[test]
    fn all_136_points_are_walked_and_each_counts_once() {
        let mut round = round();
        for (count, point) in points().iter().enumerate() {
            let result = if count % 10 == 0 { "found" } else { "clean" };
            let visit = round.with().point_in("point", point).choice("result", result);
            round.tell(INSPECTOR, "visit", visit);
        }
        let again = round.with().point_in("point", "P002").choice("result", "clean");
        round.tell(COLLEAGUE, "visit", again);
        let elsewhere = round.with().point_in("point", "P900").choice("result", "found");
        round.tell(COLLEAGUE, "visit", elsewhere);
        let state = round.state();
        assert_eq!(state.step, "walked");
        assert_eq!(figure(&state, "visited"), Amount::Share { part: 136, whole: 136 });
        assert_eq!(
            figure(&state, "found"),
            Amount::Count(14),
            "0, 10, …, 130; a point outside the plan adds nothing"
        );
        assert_eq!(figure(&state, "clean").per_mille(), Some(897), "122 of 136 are 89.7 %");
    }

    #[test]
    fn two_teams_that_disagree_about_a_point_leave_it_open() {
        let mut round = round();
        let of = |round: &Tale, result| round.with().point_in("point", "P011").choice("result", result);
        let (clean, found) = (of(&round, "clean"), of(&round, "found"));
        round.apart((INSPECTOR, "visit", clean), (COLLEAGUE, "visit", found));
        let state = round.state();
        assert_eq!(state.disputes.len(), 1);
        assert_eq!(figure(&state, "visited"), Amount::Share { part: 0, whole: 136 });
        round.decide(COMMAND, state.disputes[0][0]);
        assert_eq!(figure(&round.state(), "visited"), Amount::Share { part: 1, whole: 136 });
    }

    #[test]
    fn a_round_without_points_or_a_made_up_result_is_refused() {
        let round = round();
        let flaw = |fields: crate::matter::Fields| round.check("visit", fields).unwrap_err();
        assert_eq!(flaw(round.with().point_in("point", "P001").done()).why, Flaw::Missing);
        let made_up = round.with().point_in("point", "P001").choice("result", "perfect").done();
        assert_eq!((flaw(made_up.clone()).field.as_str(), flaw(made_up).why), ("result", Flaw::Bounds));
        let none =
            Tale::of("look-back-round").text("title", "空").points::<&str>("points", &[]).day_in("until", 27);
        assert_eq!(none.refused_by(COMMAND).field, "points");
    }
}
