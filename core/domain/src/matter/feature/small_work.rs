//! 关键小事 (16): railings replaced, a road mended, a flower bed, a poster: done, with the place before and after.

use super::STAFF;
use crate::matter::{
    ActForm, Count, Counting, Days, Feature, FieldForm, Figure, Header, Home, Need, Shape, Telling, Told,
};
use crate::rights::ScopeClass;

/// What small works are.
const KINDS: &[&str] = &["railings", "road", "landscape", "posters", "clean-up", "other"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "small-work",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May).about(Need::May),
    open: ActForm::opening(
        STAFF,
        &[
            FieldForm::new("kind", Shape::Choice(KINDS)),
            FieldForm::text("what", 500),
            FieldForm::due("until").optional(),
            FieldForm::photos("before"),
        ],
    ),
    acts: &[
        ActForm::new("before", STAFF, &[FieldForm::photos("before").required()]).at(&["planned"]),
        ActForm::new("done", STAFF, &[FieldForm::text("words", 1_000), FieldForm::after("after").required()])
            .at(&["planned"]),
    ],
    closed: &["done"],
    schedule: None,
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Acts, each: counts }),
};

/// It counts on the day on which it was done.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    told.last("done")
        .map(|done| Count::of(told, done, "works", 1).on(told.day_of(done)))
        .into_iter()
        .collect()
}

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let step = if told.has("done") { "done" } else { "planned" };
    let before = plan.fields.contains_key("before") || told.has("before");
    Told::at(step, plan.text("what"))
        .figures(vec![Figure::count("works", usize::from(step == "done"))])
        .remark("no-before-photo", step == "done" && !before)
        .open(told.waits(plan.day("until")))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, SOUTH_GATE};
    use crate::matter::Flaw;
    use crate::matter::story::Tale;

    #[test]
    fn a_work_is_done_with_a_photo_of_the_place_afterwards() {
        let mut work = Tale::of("small-work")
            .point(SOUTH_GATE)
            .choice("kind", "railings")
            .text("what", "更换破损护栏")
            .photo("before", 1)
            .opened_by(CLERK);
        let bare = work.with().text("words", "已更换").done();
        let flawed = work.check("done", bare).unwrap_err();
        assert_eq!((flawed.field.as_str(), flawed.why), ("after", Flaw::Missing));
        let done = work.with().text("words", "已更换").photo("after", 2);
        work.tell(CLERK, "done", done);
        let state = work.state();
        assert!(state.closed && state.remarks.is_empty());
    }
}
