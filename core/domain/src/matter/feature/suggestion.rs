//! 居民建议 (27): what a resident asks for: answered on the spot, or recorded, handed to a department as a task, and answered
//! later. The resident hears the end and says whether they are satisfied. They may stay anonymous; only those who keep
//! residents' contacts have it at all.

use super::STREET;
use crate::matter::{
    ActForm, Against, Count, Counting, Days, Feature, FieldForm, Figure, Flaw, Flawed, Header, Home,
    MatterAct, Need, Shape, Telling, Told,
};
use crate::rights::ScopeClass;

/// How content a resident is.
const SATISFIED: &[&str] = &["satisfied", "partly", "not-satisfied"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "suggestion",
    class: ScopeClass::Resident,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May).about(Need::May),
    open: ActForm::opening(
        STREET,
        &[
            FieldForm::text("words", 2_000),
            FieldForm::new("anonymous", Shape::Yes),
            FieldForm::text("name", 100).optional(),
            FieldForm::text("reach", 200).optional(),
            FieldForm::photos("photos"),
        ],
    )
    .on_its_day()
    .rule(nameless),
    acts: &[
        ActForm::new(
            "answer",
            STREET,
            &[
                FieldForm::text("words", 2_000),
                FieldForm::new("on-the-spot", Shape::Yes),
                FieldForm::after("photos"),
            ],
        )
        .at(&["raised", "handed-on"]),
        ActForm::new(
            "hand-on",
            STREET,
            &[
                FieldForm::new("what", Shape::Anonymous { max: 500 }),
                FieldForm::new("unit", Shape::Unit),
                FieldForm::due("until"),
            ],
        )
        .at(&["raised"])
        .opens("task"),
        ActForm::new(
            "rate",
            STREET,
            &[
                FieldForm::new("satisfied", Shape::Choice(SATISFIED)),
                FieldForm::text("words", 1_000).optional(),
            ],
        )
        .at(&["answered"])
        .against(&[Against { act: "rate", same: &[], differ: &["satisfied"] }]),
    ],
    closed: &["rated"],
    schedule: None,
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Own, each: counts }),
};

/// Who stays anonymous leaves neither name nor number.
fn nameless(open: &MatterAct) -> Result<(), Flawed> {
    let named = ["name", "reach"].into_iter().find(|field| open.fields.contains_key(*field));
    match named {
        Some(field) if open.yes("anonymous") => Err(Flawed::new(field, Flaw::Anonymous)),
        _ => Ok(()),
    }
}

/// Numbers alone: what was said stays with those who have it.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let of = |figure, holds: bool| holds.then(|| Count::of(told, told.opening, figure, 1));
    let on_the_spot = told.each("answer").any(|event| event.act.yes("on-the-spot"));
    let counts = [
        of("suggestions", true),
        of("on-the-spot", on_the_spot),
        of("handed-on", told.has("hand-on")),
        of("replied", told.has("answer")),
    ];
    counts.into_iter().flatten().collect()
}

fn fold(told: &Telling<'_>) -> Told {
    let step = match () {
        () if told.has("rate") => "rated",
        () if told.has("answer") => "answered",
        () if told.has("hand-on") => "handed-on",
        () => "raised",
    };
    let rated = told.last("rate").map(|event| event.act.choice("satisfied"));
    let on_the_spot = told.each("answer").any(|event| event.act.yes("on-the-spot"));
    let so_far = Told::at(step, told.opening.act.text("words")).figures(vec![
        Figure::count("on-the-spot", usize::from(on_the_spot)),
        Figure::count("handed-on", usize::from(told.has("hand-on"))),
        Figure::share("answered", usize::from(told.has("answer")), 1),
        Figure::share("satisfied", usize::from(rated == Some("satisfied")), usize::from(rated.is_some())),
    ]);
    match told.last("hand-on") {
        Some(handed) if step == "handed-on" => so_far.open(told.waits(handed.act.day("until"))),
        _ => so_far,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, GRID, march20};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw};
    use crate::rights::Denied;

    #[test]
    fn it_is_recorded_coordinated_answered_later_and_the_resident_sees_the_end() {
        let mut one = Tale::of("suggestion")
            .text("words", "充分利用文明养宠便民箱")
            .yes("anonymous", false)
            .text("name", "姜先生")
            .opened_by(GRID);
        assert_eq!(one.may(CLERK, "rate"), Err(Denied::Step), "nothing was answered");
        let hand_on =
            one.with().text("what", "补充便民箱拾便袋").unit("unit", "dept-huanwei").day_in("until", 20);
        one.tell(CLERK, "hand-on", hand_on);
        assert_eq!(one.state().due, Some(march20(18, 0)));
        let answer = one.with().text("words", "已补充").yes("on-the-spot", false);
        one.tell(CLERK, "answer", answer);
        let rated = one.with().choice("satisfied", "satisfied");
        one.tell(GRID, "rate", rated);
        let state = one.state();
        assert!(state.closed);
        assert_eq!(figure(&state, "satisfied"), Amount::Share { part: 1, whole: 1 });
        assert_eq!(one.record.scope().to_string(), "park-02:resident", "volunteers do not have it");
    }

    #[test]
    fn who_stays_anonymous_leaves_no_name() {
        let named = Tale::of("suggestion")
            .text("words", "楼下装座椅")
            .yes("anonymous", true)
            .text("reach", "13800000042");
        let flawed = named.refused_by(GRID);
        assert_eq!((flawed.field.as_str(), flawed.why), ("reach", Flaw::Anonymous));
    }
}
