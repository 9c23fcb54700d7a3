//! 居民议事亭 (27): residents speak; 14:00 a representative collects, 14:30 they meet. The meeting itself holds who came, by
//! role, and the approved minute; what a resident said is a suggestion of its own, kept apart.

use super::{OFFICE, STREET};
use crate::matter::{
    ActForm, Count, Counting, Days, Feature, FieldForm, Figure, Header, Home, MatterRecord, Need, Shape,
    State, Telling, Told,
};
use crate::rights::ScopeClass;

/// Who comes.
const ROLES: &[&str] = &[
    "community-party",
    "residents-representative",
    "registered-party-member",
    "property-firm",
    "partner-unit",
    "resident",
];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "meeting",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::May),
    open: ActForm::opening(
        STREET,
        &[
            FieldForm::text("where", 200),
            FieldForm::text("topic", 500).optional(),
            FieldForm::new("collect", Shape::Time).optional(),
            FieldForm::new("meet", Shape::Time),
        ],
    ),
    acts: &[
        ActForm::new(
            "attend",
            STREET,
            &[FieldForm::new("role", Shape::Choice(ROLES)), FieldForm::count("people", 1, 1_000)],
        )
        .on_its_day(),
        ActForm::new(
            "minute",
            OFFICE,
            &[FieldForm::new("words", Shape::Anonymous { max: 8_000 }), FieldForm::photos("photos")],
        )
        .on_its_day(),
        ActForm::new("finish", OFFICE, &[]).on_its_day(),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: Some(gather),
    counting: Some(Counting { days: Days::Own, each: counts }),
};

/// A meeting to which somebody came.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let came = told.latest("attend", |act| Some(act.choice("role")));
    let people = came.values().map(|event| event.act.count("people")).sum();
    let of = |figure, number| Count::of(told, told.opening, figure, number);
    if came.is_empty() { Vec::new() } else { vec![of("meetings", 1), of("participants", people)] }
}

fn fold(told: &Telling<'_>) -> Told {
    let came = told.latest("attend", |act| Some(act.choice("role")));
    let step = match () {
        () if told.has("finish") => "finished",
        () if !came.is_empty() => "meeting",
        () => "collecting",
    };
    Told::at(step, told.opening.act.text("where")).figures(vec![
        Figure::count("roles", came.len()),
        Figure::of("participants", came.values().map(|event| event.act.count("people")).sum()),
    ])
}

fn gather(_: &State, belonging: &[(MatterRecord, State)]) -> (Vec<Figure>, Vec<&'static str>) {
    let suggestions: Vec<_> = belonging
        .iter()
        .filter(|(record, state)| record.feature == "suggestion" && state.step != "withdrawn")
        .collect();
    let mut figures = vec![Figure::count("suggestions", suggestions.len())];
    figures.extend(crate::matter::sum(suggestions.iter().flat_map(|(_, state)| state.figures.clone())));
    let waiting = suggestions.iter().any(|(_, state)| ["raised", "handed-on"].contains(&state.step));
    (figures, if waiting { vec!["waiting"] } else { Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::ROLES;
    use crate::fixture::{CLERK, GRID, time};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Flaw, Value, gather};

    fn meeting() -> Tale {
        let at = |hour, minute| Value::Time(time(hour, minute));
        Tale::of("meeting")
            .text("where", "禧福荷塘A区凉亭")
            .value("collect", at(14, 0))
            .value("meet", at(14, 30))
            .opened_by(CLERK)
    }

    fn suggestion(meeting: &Tale, words: &str) -> Tale {
        Tale::of("suggestion").about(meeting.id()).text("words", words).yes("anonymous", true).opened_by(GRID)
    }

    #[test]
    fn they_meet_at_half_past_two_and_every_role_is_counted() {
        let mut meeting = meeting();
        assert_eq!(meeting.state().step, "collecting");
        for (role, people) in ROLES.iter().zip([1, 2, 3, 1, 1, 9]) {
            let fields = meeting.with().choice("role", role).count("people", people);
            meeting.tell(GRID, "attend", fields);
        }
        assert_eq!(figure(&meeting.state(), "participants"), Amount::Count(17));
        assert_eq!(meeting.state().step, "meeting");
        let named = meeting.with().text("words", "联系电话13800000042").done();
        assert_eq!(meeting.check("minute", named).unwrap_err().why, Flaw::Numbered);
    }

    #[test]
    fn what_was_answered_on_the_spot_and_what_was_handed_on_adds_up() {
        let meeting = meeting();
        let mut suggestions = [
            suggestion(&meeting, "电动车充电桩不够用"),
            suggestion(&meeting, "分区停放车辆"),
            suggestion(&meeting, "及时维护电梯、监控"),
        ];
        let answer =
            suggestions[0].with().text("words", "正在协调,计划在1号楼旁加装").yes("on-the-spot", true);
        suggestions[0].tell(CLERK, "answer", answer);
        let hand_on = suggestions[1]
            .with()
            .text("what", "划定非机动车停放区")
            .unit("unit", "dept-huanwei")
            .day_in("until", 27);
        suggestions[1].tell(CLERK, "hand-on", hand_on);
        let belonging: Vec<_> = suggestions.iter().map(|one| (one.record.clone(), one.state())).collect();
        let (figures, remarks) = gather(&meeting.record, &meeting.state(), &belonging);
        let named = |name: &str| figures.iter().find(|figure| figure.name == name).unwrap().amount;
        assert_eq!(named("suggestions"), Amount::Count(3));
        assert_eq!(named("on-the-spot"), Amount::Count(1));
        assert_eq!(named("handed-on"), Amount::Count(1));
        assert_eq!(remarks, ["waiting"]);
    }
}
