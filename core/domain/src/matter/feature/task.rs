//! 任务清单 (2): a thing to do at a point, with who answers and by when. Other matters open tasks as well: what a leader
//! assigns on the spot, what a special action consists of, what a resident's suggestion asks of a department.

use super::{LOOKING, STAFF};
use crate::matter::{
    ActForm, Against, Feature, FieldForm, Grant, Header, Home, Need, Open, Shape, Sharing, Telling, Told,
};
use crate::reference::Role;
use crate::rights::ScopeClass;

const ANSWERING: &[Grant] = &[Grant::Named, Grant::OfUnit, Grant::Head, Grant::Role(Role::Command)];
const ASKING: &[Grant] = &[Grant::Opener, Grant::Role(Role::Command)];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "task",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May).person(Need::May).about(Need::May),
    open: ActForm::opening(
        STAFF,
        &[
            FieldForm::text("what", 500),
            FieldForm::new("unit", Shape::Unit).optional(),
            FieldForm::due("until"),
            FieldForm::photos("photos"),
        ],
    )
    .shares(&[Sharing::Named, Sharing::Unit("unit")]),
    acts: &[
        ActForm::new("accept", ANSWERING, &[FieldForm::text("words", 500).optional()]).at(&["open"]),
        ActForm::new("progress", ANSWERING, &[FieldForm::text("words", 1_000), FieldForm::photos("photos")])
            .at(&["open", "accepted"]),
        ActForm::new("done", ANSWERING, &[FieldForm::text("words", 1_000), FieldForm::after("photos")])
            .at(&["open", "accepted"]),
        ActForm::new("confirm", ASKING, &[FieldForm::text("words", 500).optional()])
            .at(&["done"])
            .against(&[Against { act: "return", same: &[], differ: &[] }]),
        ActForm::new("return", LOOKING, &[FieldForm::text("reason", 500), FieldForm::photos("photos")])
            .at(&["done"]),
        ActForm::new("extend", ASKING, &[FieldForm::due("until"), FieldForm::text("reason", 500)])
            .at(&["open", "accepted"]),
    ],
    closed: &["confirmed"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let asked = &told.opening.act;
    let step = told.acts().fold("open", |step, event| match event.act.name.as_str() {
        "accept" if step == "open" => "accepted",
        "done" => "done",
        "confirm" => "confirmed",
        "return" => "open",
        _ => step,
    });
    let until = told.last("extend").map_or(asked.day("until"), |event| event.act.day("until"));
    let waits =
        Open { unit: asked.unit("unit").cloned(), what: asked.text("what").to_owned(), ..told.waits(until) };
    Told::at(step, asked.text("what")).open(waits).remark("returned", step == "open" && told.has("return"))
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, COMMAND, HEAD, SOUTH_GATE, VOLUNTEER, march20};
    use crate::matter::story::Tale;
    use crate::rights::Denied;

    fn task() -> Tale {
        Tale::of("task")
            .point(SOUTH_GATE)
            .person(HEAD)
            .day_in("until", 20)
            .text("what", "补齐南入口垃圾桶盖")
            .opened_by(COMMAND)
    }

    #[test]
    fn a_task_names_who_answers_and_by_when() {
        let task = task();
        let state = task.state();
        assert_eq!((state.step, state.title.as_str()), ("open", "补齐南入口垃圾桶盖"));
        assert_eq!(state.due, Some(march20(18, 0)), "the end of its day");
        assert_eq!(state.open[0].person.as_ref().map(|person| person.as_str()), Some(HEAD));
        assert_eq!(task.shared(), [format!("{HEAD}:personal")]);
    }

    #[test]
    fn it_is_done_by_who_answers_and_confirmed_by_who_asked() {
        let mut task = task();
        assert_eq!(task.may(VOLUNTEER, "accept"), Err(Denied::Role));
        task.act(HEAD, "accept", &[]);
        let done = task.with().text("words", "已补齐");
        assert_eq!(task.may(CLERK, "confirm"), Err(Denied::Role));
        assert_eq!(task.may(COMMAND, "confirm"), Err(Denied::Step), "nothing is done yet");
        task.tell(HEAD, "done", done);
        assert_eq!(task.state().step, "done");
        task.act(COMMAND, "confirm", &[]);
        let state = task.state();
        assert!(state.closed && state.due.is_none() && state.open.is_empty());
    }
}
