//! 工作简报 (8): the brief of a day of inspections. Every problem in it names department, person and deadline; once it is
//! issued, each department that it names has it.

use super::COMMAND;
use crate::matter::{ActForm, Feature, FieldForm, Figure, Header, Home, Open, Shape, Sharing, Telling, Told};
use crate::rights::ScopeClass;
use std::collections::BTreeSet;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "work-brief",
    class: ScopeClass::Work,
    home: Home::Root,
    header: Header::PLAIN,
    open: ActForm::opening(COMMAND, &[FieldForm::text("title", 200)]),
    acts: &[
        ActForm::new(
            "problem",
            COMMAND,
            &[
                FieldForm::text("what", 500),
                FieldForm::new("case", Shape::Document).optional(),
                FieldForm::new("unit", Shape::Unit),
                FieldForm::new("person", Shape::Person),
                // A brief names what is overdue too.
                FieldForm::new("until", Shape::Day),
            ],
        )
        .at(&["empty", "drafted"]),
        ActForm::new("issue", COMMAND, &[FieldForm::text("words", 2_000).optional()])
            .at(&["drafted"])
            .shares(&[Sharing::Entries { act: "problem", field: "unit" }]),
        ActForm::new(
            "answer",
            super::STAFF,
            &[
                FieldForm::new("entry", Shape::Event),
                FieldForm::text("words", 1_000),
                FieldForm::after("photos"),
            ],
        )
        .at(&["issued"]),
    ],
    closed: &["answered"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let answered: BTreeSet<_> = told.each("answer").filter_map(|event| event.act.event("entry")).collect();
    let problems: Vec<_> = told.each("problem").collect();
    let left = problems.iter().filter(|event| !answered.contains(&event.id)).count();
    let step = match (problems.is_empty(), told.has("issue")) {
        (true, _) => "empty",
        (false, false) => "drafted",
        (false, true) if left == 0 => "answered",
        (false, true) => "issued",
    };
    let units: BTreeSet<_> = problems.iter().filter_map(|event| event.act.unit("unit")).collect();
    let mut so_far = Told::at(step, told.opening.act.text("title")).figures(vec![
        Figure::count("problems", problems.len()),
        Figure::count("departments", units.len()),
        Figure::share("answered", problems.len() - left, problems.len()),
    ]);
    for event in problems.iter().filter(|event| !answered.contains(&event.id)) {
        so_far = so_far.open(Open {
            entry: Some(event.id),
            what: event.act.text("what").to_owned(),
            due: event.act.day("until").map(|day| told.end_of(day)),
            unit: event.act.unit("unit").cloned(),
            person: event.act.person("person").cloned(),
        });
    }
    so_far
}

#[cfg(test)]
mod tests {
    use crate::fixture::{COMMAND, HEAD, NEW_HEAD, march20};
    use crate::matter::Flaw;
    use crate::matter::story::Tale;
    use crate::rights::Denied;

    fn brief() -> Tale {
        Tale::of("work-brief").text("title", "创城工作简报").opened_by(COMMAND)
    }

    #[test]
    fn every_problem_names_department_person_and_deadline() {
        let mut brief = brief();
        assert_eq!(brief.may(COMMAND, "issue"), Err(Denied::Step), "an empty brief says nothing");
        let half =
            brief.with().text("what", "垃圾未清").unit("unit", "dept-huanwei").day_in("until", 20).done();
        let flawed = brief.check("problem", half).unwrap_err();
        assert_eq!((flawed.field.as_str(), flawed.why), ("person", Flaw::Missing));
        for (what, unit, person) in [("垃圾未清", "dept-huanwei", NEW_HEAD), ("桶盖未盖", "park-02", HEAD)]
        {
            let problem = brief
                .with()
                .text("what", what)
                .unit("unit", unit)
                .person_in("person", person)
                .day_in("until", 20);
            brief.tell(COMMAND, "problem", problem);
        }
        assert_eq!(brief.shared(), Vec::<String>::new(), "a draft is the command post's own");
        brief.act(COMMAND, "issue", &[]);
        let state = brief.state();
        let named: Vec<_> = state
            .open
            .iter()
            .map(|open| (open.unit.clone().unwrap(), open.person.clone().unwrap(), open.due))
            .collect();
        assert!(named.contains(&("dept-huanwei".into(), NEW_HEAD.into(), Some(march20(18, 0)))));
        assert_eq!(named.len(), 2);
        let mut shared = brief.shared();
        shared.sort();
        assert_eq!(shared, ["dept-huanwei:work", "park-02:work"]);
    }
}
