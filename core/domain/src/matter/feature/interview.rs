//! 约谈 (9): the record of an accountability interview. The person concerned reads it, and signs or objects.

use super::DISCIPLINE;
use crate::matter::{
    ActForm, Against, Feature, FieldForm, Grant, Header, Home, Need, Shape, Sharing, Telling, Told,
};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "interview",
    class: ScopeClass::Discipline,
    home: Home::Root,
    header: Header::PLAIN.person(Need::Must).about(Need::May),
    open: ActForm::opening(
        DISCIPLINE,
        &[
            FieldForm::text("reason", 1_000),
            FieldForm::text("where", 200),
            FieldForm::due("until"),
            FieldForm::new("time", Shape::Time),
        ],
    )
    .shares(&[Sharing::Named]),
    acts: &[
        ActForm::new(
            "hold",
            DISCIPLINE,
            &[FieldForm::text("present", 500), FieldForm::text("words", 4_000), FieldForm::photos("photos")],
        )
        .at(&["set"]),
        ActForm::new("sign", &[Grant::Named], &[FieldForm::text("words", 2_000).optional()])
            .at(&["held"])
            .stands()
            .against(&[Against { act: "object", same: &[], differ: &[] }]),
        ActForm::new("object", &[Grant::Named], &[FieldForm::text("reason", 2_000)]).at(&["held"]).stands(),
    ],
    closed: &["signed", "objected"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let step = match () {
        () if told.has("object") => "objected",
        () if told.has("sign") => "signed",
        () if told.has("hold") => "held",
        () => "set",
    };
    Told::at(step, told.opening.act.text("reason")).open(told.waits(told.opening.act.day("until")))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{COMMAND, DISCIPLINE, HEAD, VOLUNTEER};
    use crate::matter::Value;
    use crate::matter::story::Tale;
    use crate::rights::Denied;

    #[test]
    fn the_person_concerned_has_the_last_word_in_the_record() {
        let time = Value::Time(crate::fixture::time(15, 0));
        let mut interview = Tale::of("interview")
            .person(HEAD)
            .text("reason", "整改不到位")
            .text("where", "纪工委会议室")
            .day_in("until", 24)
            .value("time", time)
            .opened_by(DISCIPLINE);
        assert_eq!(interview.shared(), [format!("{HEAD}:personal")]);
        assert_eq!(interview.may(HEAD, "sign"), Err(Denied::Step), "nothing was said yet");
        let held = interview.with().text("present", "纪工委两人").text("words", "说明情况,限期整改");
        interview.tell(DISCIPLINE, "hold", held);
        for other in [COMMAND, DISCIPLINE, VOLUNTEER] {
            assert_eq!(interview.may(other, "sign"), Err(Denied::Role));
        }
        interview.act(HEAD, "sign", &[]);
        assert!(interview.state().closed);
    }
}
