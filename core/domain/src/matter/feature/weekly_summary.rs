//! 社区周汇总 (19): each community to the subdistrict's party committee, every week.

use super::{COMMAND, OFFICE};
use crate::matter::{
    ActForm, Against, Count, Counting, Days, Feature, FieldForm, Figure, Header, Home, Place, Rhythm,
    Schedule, Telling, Told,
};
use crate::rights::ScopeClass;

const CONTENT: &[FieldForm] = &[
    FieldForm::text("words", 4_000),
    FieldForm::count("found", 0, 100_000),
    FieldForm::count("put-right", 0, 100_000),
    FieldForm::photos("photos"),
];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "weekly-summary",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN,
    open: ActForm::opening(OFFICE, CONTENT).on_its_day(),
    acts: &[
        ActForm::new("hand-in-again", OFFICE, CONTENT).at(&["returned", "handed-in"]),
        ActForm::new("take", COMMAND, &[FieldForm::text("words", 1_000).optional()])
            .at(&["handed-in"])
            .against(&[Against { act: "return", same: &[], differ: &[] }]),
        ActForm::new("return", COMMAND, &[FieldForm::text("reason", 1_000)]).at(&["handed-in"]),
    ],
    closed: &["taken"],
    schedule: Some(Schedule { rhythm: Rhythm::Weekly, place: Place::Community }),
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Own, each: counts }),
};

/// A community's week is summed up once: of two summaries the one recorded last holds.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let holds = told.last("hand-in-again").unwrap_or(told.opening);
    let of = |figure, number| Count::of(told, holds, figure, number).named("");
    vec![
        of("reports", 1),
        of("found", holds.act.count("found")),
        of("put-right-count", holds.act.count("put-right")),
    ]
}

fn fold(told: &Telling<'_>) -> Told {
    let step = told.acts().fold("handed-in", |step, event| match event.act.name.as_str() {
        "hand-in-again" => "handed-in",
        "take" => "taken",
        "return" => "returned",
        _ => step,
    });
    let holds = told.last("hand-in-again").unwrap_or(told.opening);
    Told::at(step, holds.act.text("words")).figures(vec![
        Figure::of("found", holds.act.count("found")),
        Figure::of("put-right-count", holds.act.count("put-right")),
    ])
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, COMMAND, day, march20, park};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, missing, sum};

    fn summary(home: &str) -> Tale {
        Tale::of("weekly-summary")
            .home(home)
            .text("words", "本周卫生死角已彻底清理干净")
            .count("found", 12)
            .count("put-right", 11)
    }

    #[test]
    fn every_community_hands_in_each_week_and_who_did_not_is_named() {
        let schedule = crate::matter::feature::named("weekly-summary").unwrap().schedule.unwrap();
        let held = [summary("park-02").opened_by(CLERK).record];
        let missing = missing(schedule, day(3, 22), &held, &park(), march20(18, 0));
        assert_eq!(missing.len(), 1, "the Friday's is that of its week, until Sunday");
        assert_eq!((missing[0].unit.as_str(), missing[0].day), ("park-01", day(3, 16)));
    }

    #[test]
    fn what_is_handed_in_again_replaces_and_is_not_added() {
        let mut one = summary("park-02").opened_by(CLERK);
        let reason = one.with().text("reason", "数字不符");
        one.tell(COMMAND, "return", reason);
        assert_eq!(one.state().step, "returned");
        let again = one.with().text("words", "更正").count("found", 13).count("put-right", 13);
        one.tell(CLERK, "hand-in-again", again);
        one.act(COMMAND, "take", &[]);
        let other = summary("park-01").opened_by(CLERK);
        assert_eq!(figure(&one.state(), "found"), Amount::Count(13));
        let all = sum([one.state(), other.state()].into_iter().flat_map(|state| state.figures));
        let found = all.iter().find(|figure| figure.name == "found").unwrap();
        assert_eq!(found.amount, Amount::Count(25), "13 and 12");
    }
}
