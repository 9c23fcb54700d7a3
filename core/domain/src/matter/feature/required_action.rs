//! 规定动作 / 特色动作 (26): what a unit must do in a year and what is special about it, with the evidence that the document
//! review asks for. A weekly clean-up is done fifty-two times.

use super::{LOOKING, STAFF};
use crate::matter::{ActForm, Against, Feature, FieldForm, Figure, Header, Home, Shape, Telling, Told};
use crate::rights::ScopeClass;
use std::collections::BTreeSet;

/// Of which list it is.
const LISTS: &[&str] = &["required", "distinctive"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "required-action",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN,
    open: ActForm::opening(
        STAFF,
        &[
            FieldForm::new("list", Shape::Choice(LISTS)),
            FieldForm::text("what", 500),
            FieldForm::count("times", 1, 366),
            FieldForm::due("until"),
        ],
    ),
    acts: &[
        ActForm::new(
            "evidence",
            STAFF,
            &[FieldForm::day("day"), FieldForm::text("words", 2_000), FieldForm::photos("photos")],
        ),
        ActForm::new("accept", LOOKING, &[FieldForm::new("entry", Shape::Event)]).against(&[Against {
            act: "return",
            same: &["entry"],
            differ: &[],
        }]),
        ActForm::new(
            "return",
            LOOKING,
            &[FieldForm::new("entry", Shape::Event), FieldForm::text("reason", 500)],
        ),
    ],
    closed: &[],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let entries =
        |name| told.each(name).filter_map(|event| event.act.event("entry")).collect::<BTreeSet<_>>();
    let (accepted, returned) = (entries("accept"), entries("return"));
    let standing = || told.each("evidence").filter(|event| !returned.contains(&event.id));
    // Two pieces of evidence for one day show one doing.
    let days: BTreeSet<_> = standing().filter_map(|event| event.act.day("day")).collect();
    let times = usize::try_from(plan.count("times")).unwrap_or(1);
    let step = if days.len() >= times { "complete" } else { "open" };
    let so_far = Told::at(step, plan.text("what"))
        .figures(vec![
            Figure::share("completed", days.len().min(times), times),
            Figure::count("evidence", told.each("evidence").count()),
            Figure::count("accepted", accepted.len()),
        ])
        .remark("returned", !returned.is_empty())
        // It counts: some is a list or a certificate. Who reviews it should know before the city does.
        .remark("no-photo", standing().any(|event| event.act.photos().next().is_none()));
    if step == "open" { so_far.open(told.waits(plan.day("until"))) } else { so_far }
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, DISCIPLINE, INSPECTOR};
    use crate::matter::Amount;
    use crate::matter::story::{Tale, figure};

    fn action(list: &str, what: &str, times: i64) -> Tale {
        Tale::of("required-action")
            .choice("list", list)
            .text("what", what)
            .count("times", times)
            .day_in("until", 31)
            .opened_by(CLERK)
    }

    fn evidence(action: &mut Tale, of_march: u32) -> crate::id::EventId {
        let fields = action.with().day_in("day", of_march).text("words", "全局干部职工清理院落及门口周边");
        action.tell(CLERK, "evidence", fields)
    }

    #[test]
    fn a_weekly_clean_up_is_complete_when_every_week_has_its_evidence() {
        let mut action = action("required", "爱国卫生大扫除", 4);
        for of_march in [6, 13, 13, 20] {
            evidence(&mut action, of_march);
        }
        assert_eq!(
            figure(&action.state(), "completed"),
            Amount::Share { part: 3, whole: 4 },
            "one day twice is once"
        );
        evidence(&mut action, 27);
        assert_eq!(action.state().step, "complete");
    }

    #[test]
    fn evidence_without_a_photo_is_remarked_until_it_is_returned() {
        let mut action = action("required", "爱国卫生大扫除", 1);
        let shown = action.with().day_in("day", 6).text("words", "清理院落").photo("photos", 7);
        action.tell(CLERK, "evidence", shown);
        assert!(!action.state().remarks.contains(&"no-photo"));
        let told = evidence(&mut action, 13);
        assert!(action.state().remarks.contains(&"no-photo"));
        let fields = action.with().event("entry", told).text("reason", "没有照片");
        action.tell(INSPECTOR, "return", fields);
        assert!(!action.state().remarks.contains(&"no-photo"));
    }

    #[test]
    fn evidence_that_was_returned_does_not_count_and_a_disputed_return_does_not_take_it_away() {
        let mut action = action("distinctive", "小记者走进规划馆", 1);
        let entry = evidence(&mut action, 12);
        let (accept, send_back) = (
            action.with().event("entry", entry),
            action.with().event("entry", entry).text("reason", "照片看不清"),
        );
        action.apart((INSPECTOR, "accept", accept), (DISCIPLINE, "return", send_back));
        assert_eq!(action.state().disputes.len(), 1);
        assert_eq!(action.state().step, "complete");
        let upheld = action.state().disputes[0]
            .iter()
            .copied()
            .find(|event| action.record.events[event].act.name == "return");
        action.decide(DISCIPLINE, upheld.unwrap());
        assert_eq!(figure(&action.state(), "completed"), Amount::Share { part: 0, whole: 1 });
    }
}
