//! 通报 (9): a failure is named. The person whom it names reads it first, and answers or appeals *before* it is published:
//! publishing needs their answer, or that the term has passed. What comes after is a correction that erases nothing.

use super::DISCIPLINE;
use crate::matter::{
    ActForm, Against, Feature, FieldForm, Grant, Header, Home, Need, Shape, Sharing, Telling, Told,
};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "notice",
    class: ScopeClass::Discipline,
    home: Home::Root,
    header: Header::PLAIN.person(Need::Must).about(Need::May),
    open: ActForm::opening(
        DISCIPLINE,
        &[
            FieldForm::text("what", 1_000),
            FieldForm::new("unit", Shape::Unit),
            FieldForm::new("case", Shape::Document).optional(),
            FieldForm::new("until", Shape::Day),
            FieldForm::photos("photos"),
        ],
    )
    .shares(&[Sharing::Named]),
    acts: &[
        ActForm::new(
            "answer",
            &[Grant::Named],
            &[FieldForm::text("words", 2_000), FieldForm::photos("photos")],
        )
        .at(&["named"]),
        ActForm::new(
            "appeal",
            &[Grant::Named],
            &[FieldForm::text("reason", 2_000), FieldForm::photos("photos")],
        )
        .at(&["named", "answered"]),
        ActForm::new(
            "settle",
            DISCIPLINE,
            &[FieldForm::new("stands", Shape::Yes), FieldForm::text("reason", 2_000)],
        )
        .at(&["appealed"])
        .against(&[Against { act: "settle", same: &[], differ: &["stands"] }]),
        ActForm::new("publish", DISCIPLINE, &[])
            .at(&["answered", "upheld"])
            .against(&[Against { act: "appeal", same: &[], differ: &[] }])
            .shares(&[Sharing::Home, Sharing::Unit("unit")]),
        ActForm::new("publish-unanswered", DISCIPLINE, &[])
            .at(&["named"])
            .after_due()
            .against(&[
                Against { act: "answer", same: &[], differ: &[] },
                Against { act: "appeal", same: &[], differ: &[] },
            ])
            .shares(&[Sharing::Home, Sharing::Unit("unit")]),
        ActForm::new("correct", DISCIPLINE, &[FieldForm::text("words", 2_000)]).at(&["published"]),
    ],
    closed: &["dropped"],
    schedule: None,
    fold,
    gather: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let step = told.acts().fold("named", |step, event| match event.act.name.as_str() {
        "answer" if step == "named" => "answered",
        "appeal" if step != "published" => "appealed",
        "settle" if event.act.yes("stands") => "upheld",
        "settle" => "dropped",
        "publish" | "publish-unanswered" => "published",
        _ => step,
    });
    let so_far = Told::at(step, told.opening.act.text("what")).remark("corrected", told.has("correct"));
    match step {
        "named" => so_far.open(told.waits(told.opening.act.day("until"))),
        _ => so_far,
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, COMMAND, DISCIPLINE, HEAD, NEW_HEAD, march20};
    use crate::matter::story::Tale;
    use crate::rights::Denied;

    fn notice() -> Tale {
        Tale::of("notice")
            .person(HEAD)
            .text("what", "南入口垃圾整改不到位")
            .unit("unit", "park-02")
            .day_in("until", 21)
            .opened_by(DISCIPLINE)
    }

    #[test]
    fn the_named_person_reads_it_before_anybody_else_and_answers_before_it_is_published() {
        let mut notice = notice();
        assert_eq!(notice.shared(), [format!("{HEAD}:personal")]);
        assert_eq!(notice.may_at(DISCIPLINE, "publish", march20(20, 0)), Err(Denied::Step));
        assert_eq!(
            notice.may_at(DISCIPLINE, "publish-unanswered", march20(20, 0)),
            Err(Denied::Step),
            "the term runs"
        );
        assert_eq!(notice.may(NEW_HEAD, "answer"), Err(Denied::Role), "only who is named answers");
        let words = notice.with().text("words", "17时已清运,附照片");
        notice.tell(HEAD, "answer", words);
        assert_eq!(notice.may(CLERK, "publish"), Err(Denied::Role));
        notice.act(DISCIPLINE, "publish", &[]);
        assert_eq!(notice.state().step, "published");
        assert_eq!(notice.shared(), [format!("{HEAD}:personal"), "park:work".into(), "park-02:work".into()]);
    }

    #[test]
    fn without_an_answer_it_is_published_once_the_term_has_passed() {
        let notice = notice();
        let after = march20(18, 1).plus_hours(24);
        assert_eq!(notice.may_at(DISCIPLINE, "publish-unanswered", after), Ok(()));
        assert_eq!(notice.may_at(COMMAND, "publish-unanswered", after), Err(Denied::Role));
    }

    #[test]
    fn an_appeal_stops_it_until_it_is_settled_and_a_dropped_notice_is_never_published() {
        let mut notice = notice();
        let appeal = notice.with().text("reason", "该处不属于本点位");
        notice.tell(HEAD, "appeal", appeal);
        assert_eq!(notice.may(DISCIPLINE, "publish"), Err(Denied::Step));
        let dropped = notice.with().yes("stands", false).text("reason", "属实,予以撤销");
        notice.tell(DISCIPLINE, "settle", dropped);
        let state = notice.state();
        assert!(state.closed && state.step == "dropped");
        assert_eq!(notice.may(DISCIPLINE, "publish"), Err(Denied::Step));
        assert_eq!(notice.shared(), [format!("{HEAD}:personal")]);
    }

    #[test]
    fn an_answer_that_was_given_offline_while_it_was_published_is_for_a_person_to_decide() {
        let mut notice = notice();
        let words = notice.with().text("words", "已整改");
        notice.apart((HEAD, "answer", words), (DISCIPLINE, "publish-unanswered", notice.with()));
        let state = notice.state();
        assert_eq!((state.disputes.len(), state.step), (1, "named"));
    }
}
