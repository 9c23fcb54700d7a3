//! 通报 (9): a failure is named. The person whom it names reads it first, and answers or appeals *before* it is published:
//! publishing needs their answer, or that the term has passed since everybody could have it. What comes after is a correction that erases nothing.

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
            FieldForm::due("until"),
            FieldForm::photos("photos"),
        ],
    )
    .later_day("until")
    .shares(&[Sharing::Named]),
    acts: &[
        ActForm::new(
            "answer",
            &[Grant::Named],
            &[FieldForm::text("words", 2_000), FieldForm::photos("photos")],
        )
        .at(&["named"])
        .stands(),
        ActForm::new(
            "appeal",
            &[Grant::Named],
            &[FieldForm::text("reason", 2_000), FieldForm::photos("photos")],
        )
        .at(&["named", "answered"])
        .stands(),
        ActForm::new(
            "settle",
            DISCIPLINE,
            &[FieldForm::new("stands", Shape::Yes), FieldForm::text("reason", 2_000)],
        )
        .at(&["appealed"])
        .stands()
        .against(&[Against { act: "settle", same: &[], differ: &["stands"] }]),
        ActForm::new("publish", DISCIPLINE, &[])
            .at(&["answered", "upheld"])
            .seals()
            .against(&[Against { act: "appeal", same: &[], differ: &[] }])
            .shares(&[Sharing::Home, Sharing::Unit("unit")]),
        ActForm::new("publish-unanswered", DISCIPLINE, &[])
            .at(&["named"])
            .after_due()
            .seals()
            .against(&[
                Against { act: "answer", same: &[], differ: &[] },
                Against { act: "appeal", same: &[], differ: &[] },
            ])
            .shares(&[Sharing::Home, Sharing::Unit("unit")]),
        ActForm::new("correct", DISCIPLINE, &[FieldForm::text("words", 2_000)]).at(&["published"]).stands(),
    ],
    closed: &["dropped"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
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
    use crate::fixture::{CLERK, COMMAND, DISCIPLINE, HEAD, NEW_HEAD, march20, park};
    use crate::matter::story::Tale;
    use crate::matter::{Always, Fields, Flaw, MatterAct, has_waited, may};
    use crate::rights::Denied;

    fn notice() -> Tale {
        notice_until(21).opened_by(DISCIPLINE)
    }

    fn notice_until(of_march: u32) -> Tale {
        Tale::of("notice")
            .person(HEAD)
            .text("what", "南入口垃圾整改不到位")
            .unit("unit", "park-02")
            .day_in("until", of_march)
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
    fn what_was_answered_settled_or_published_is_neither_struck_out_nor_withdrawn() {
        let mut notice = notice();
        let words = notice.with().text("words", "已清运");
        let answer = notice.tell(HEAD, "answer", words);
        let strike = |notice: &Tale, by: &str, entry| {
            let act = MatterAct::new(
                Always::STRIKE,
                notice.with().event("entry", entry).text("reason", "错").done(),
            );
            let person = &park().people[&by.into()];
            may(person, &act, &notice.record, Some(&notice.state()), &park(), march20(9, 0))
        };
        for by in [HEAD, COMMAND] {
            assert_eq!(strike(&notice, by, answer), Err(Denied::Step), "{by}");
        }
        assert_eq!(notice.may(DISCIPLINE, Always::WITHDRAW), Ok(()), "nobody else has read it");
        let withdraw = notice.with().text("reason", "发错");
        let [published, _] =
            notice.apart((DISCIPLINE, "publish", notice.with()), (DISCIPLINE, Always::WITHDRAW, withdraw));
        assert_eq!(notice.state().step, "published", "what others have read stays");
        assert_eq!(notice.may(DISCIPLINE, Always::WITHDRAW), Err(Denied::Step));
        assert_eq!(strike(&notice, DISCIPLINE, published), Err(Denied::Step));
        // Forged past everybody's judgement it still has no effect.
        let forged = notice.with().event("entry", published).text("reason", "错");
        notice.apart(
            (COMMAND, Always::STRIKE, forged),
            (HEAD, Always::COMMENT, notice.with().text("words", "?")),
        );
        assert_eq!(notice.state().step, "published");
    }

    #[test]
    fn without_an_answer_it_is_published_once_the_term_has_passed() {
        let notice = notice();
        let after = march20(18, 1).plus_hours(24);
        assert_eq!(notice.may_at(DISCIPLINE, "publish-unanswered", after), Ok(()));
        assert_eq!(notice.may_at(COMMAND, "publish-unanswered", after), Err(Denied::Role));
    }

    #[test]
    fn whoever_is_named_has_at_least_the_next_day_to_answer() {
        let until = |day| notice_until(day).refused_by(DISCIPLINE);
        for day in [19, 20] {
            let flawed = until(day);
            assert_eq!((flawed.field.as_str(), flawed.why), ("until", Flaw::Order), "{day}");
        }
    }

    #[test]
    fn the_term_runs_from_when_the_log_received_it() {
        let notice = notice();
        let act = MatterAct::new("publish-unanswered", Fields::new());
        let (state, park) = (notice.state(), park());
        let due = state.due.unwrap();
        let waited = |at, received| has_waited(&notice.record, &act, Some(&state), &park, at, received);
        let later = due.plus_ms(1);
        assert!(!waited(due, None) && waited(later, None), "by the clock alone");
        // Received on its day, as nearly always: nothing changes.
        assert!(waited(later, Some(march20(9, 0))));
        // Received only when the term was over: it runs from then on, as long as it was to be.
        assert!(!waited(later, Some(due)));
        assert!(!waited(due.plus_hours(24), Some(due)));
        assert!(waited(due.plus_hours(24).plus_ms(1), Some(due)));
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
