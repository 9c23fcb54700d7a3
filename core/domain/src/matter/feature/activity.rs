//! 文明实践活动 (17): 诚信经营 / 排队礼让 / 清洁环境 / 文明出行: who takes part, and that it was held.

use super::{OFFICE, STREET};
use crate::matter::{
    ActForm, Against, Count, Counting, Days, Feature, FieldForm, Figure, Header, Home, Need, Shape, Telling,
    Told,
};
use crate::rights::ScopeClass;

/// The four kinds.
const THEMES: &[&str] = &["honest-trade", "courteous-queueing", "clean-surroundings", "civil-travel"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "activity",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May),
    open: ActForm::opening(
        OFFICE,
        &[
            FieldForm::new("theme", Shape::Choice(THEMES)),
            FieldForm::text("what", 500),
            FieldForm::due("until").optional(),
        ],
    ),
    acts: &[
        ActForm::new(
            "join",
            STREET,
            &[FieldForm::new("group", Shape::Anonymous { max: 100 }), FieldForm::count("people", 1, 10_000)],
        )
        .at(&["planned"]),
        ActForm::new(
            "hold",
            STREET,
            &[
                FieldForm::count("people", 1, 100_000),
                FieldForm::text("words", 2_000),
                FieldForm::photos("photos"),
            ],
        )
        .at(&["planned"])
        .against(&[Against { act: "hold", same: &[], differ: &["people"] }]),
    ],
    closed: &["held"],
    schedule: None,
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Acts, each: counts }),
};

/// It counts on the day on which it was held.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let Some(held) = told.last("hold") else { return Vec::new() };
    let of = |figure, number| Count::of(told, held, figure, number).on(told.day_of(held));
    vec![of("activities", 1), of("participants", held.act.count("people"))]
}

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    // A group that says its number again has changed it.
    let joined = told.latest("join", |act| Some(act.text("group")));
    let held = told.last("hold");
    let step = if held.is_some() { "held" } else { "planned" };
    Told::at(step, plan.text("what"))
        .figures(vec![
            Figure::count("activities", usize::from(held.is_some())),
            Figure::of("joined", joined.values().map(|event| event.act.count("people")).sum()),
            Figure::of("participants", held.map_or(0, |event| event.act.count("people"))),
        ])
        .open(told.waits(plan.day("until")))
}

#[cfg(test)]
mod tests {
    use super::THEMES;
    use crate::fixture::{CLERK, GRID};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw};

    fn activity(theme: &str) -> Tale {
        Tale::of("activity").choice("theme", theme).text("what", "清洁环境我参与").day_in("until", 28)
    }

    #[test]
    fn there_are_four_kinds_and_no_fifth() {
        assert_eq!(THEMES.len(), 4);
        for theme in THEMES {
            assert_eq!(activity(theme).opened_by(CLERK).state().step, "planned");
        }
        assert_eq!(activity("street-party").refused_by(CLERK).why, Flaw::Bounds);
    }

    #[test]
    fn who_joins_twice_is_counted_once_and_nobody_leaves_a_number() {
        let mut activity = activity("clean-surroundings").opened_by(CLERK);
        for people in [6, 8] {
            let join = activity.with().text("group", "柳林小区党员").count("people", people);
            activity.tell(GRID, "join", join);
        }
        assert_eq!(figure(&activity.state(), "joined"), Amount::Count(8));
        let numbered = activity.with().text("group", "周女士 138 0000 0042").count("people", 1).done();
        assert_eq!(activity.check("join", numbered).unwrap_err().why, Flaw::Numbered);
        let held = activity.with().count("people", 30).text("words", "清理楼道杂物");
        activity.tell(GRID, "hold", held);
        assert!(activity.state().closed);
        assert_eq!(figure(&activity.state(), "participants"), Amount::Count(30));
    }
}
