//! 志愿服务 (22): a recurring roster, every Tuesday and Friday: how many cadres, volunteers, stair heads and grid members
//! turned out on each of its days.

use super::{OFFICE, STREET};
use crate::event::Event;
use crate::matter::{
    ActForm, Against, Count, Counting, Days, Feature, FieldForm, Figure, Header, Home, MatterAct, Rhythm,
    Shape, Telling, Told,
};
use crate::rights::ScopeClass;
use chrono::{NaiveDate, Weekday};

/// The groups that turn out.
const GROUPS: [&str; 4] = ["cadres", "volunteers", "stair-heads", "grid-members"];

/// The rhythms a roster can have.
const RHYTHMS: [(&str, Rhythm); 4] = [
    ("tuesday-and-friday", Rhythm::On(&[Weekday::Tue, Weekday::Fri])),
    ("saturday", Rhythm::On(&[Weekday::Sat])),
    ("working-days", Rhythm::On(&[Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri])),
    ("daily", Rhythm::Daily),
];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "roster",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN,
    open: ActForm::opening(
        OFFICE,
        &[
            FieldForm::text("title", 200),
            FieldForm::new(
                "rhythm",
                Shape::Choice(&["tuesday-and-friday", "saturday", "working-days", "daily"]),
            ),
        ],
    ),
    acts: &[
        ActForm::new(
            "turn-out",
            STREET,
            &[
                FieldForm::day("day"),
                FieldForm::count("cadres", 0, 10_000).optional(),
                FieldForm::count("volunteers", 0, 10_000).optional(),
                FieldForm::count("stair-heads", 0, 10_000).optional(),
                FieldForm::count("grid-members", 0, 10_000).optional(),
                FieldForm::text("words", 1_000).optional(),
                FieldForm::photos("photos"),
            ],
        )
        .against(&[Against { act: "turn-out", same: &["day"], differ: &GROUPS }]),
        ActForm::new("finish", OFFICE, &[FieldForm::text("reason", 500).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Acts, each: counts }),
};

/// One roster's day is one, on whatever tablet it was written down.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let title = told.opening.act.text("title").trim();
    let days = told.latest("turn-out", |act| act.day("day"));
    let of = |(day, event): (&NaiveDate, &Event<MatterAct>)| {
        let numbers = GROUPS.map(|group| (group, event.act.count(group))).into_iter();
        let numbers = numbers.filter(|(_, number)| *number > 0);
        let counts = numbers.map(|(group, number)| Count::of(told, event, group, number));
        counts.map(|count| count.named(title).on(*day)).collect::<Vec<_>>()
    };
    days.iter().flat_map(|(day, event)| of((day, event))).collect()
}

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let rhythm = RHYTHMS.iter().find(|(name, _)| *name == plan.choice("rhythm")).map(|(_, rhythm)| *rhythm);
    let days = told.latest("turn-out", |act| act.day("day"));
    let due = |day: NaiveDate| rhythm.is_some_and(|rhythm| rhythm.day_of(day) == Some(day));
    let sum = |group| days.values().map(|event| event.act.count(group)).sum();
    let people = |act: &MatterAct| GROUPS.iter().map(|group| act.count(group)).sum::<i64>();
    let mut figures = vec![
        Figure::count("days", days.keys().filter(|day| due(**day)).count()),
        Figure::count("extra-days", days.keys().filter(|day| !due(**day)).count()),
        Figure::of("turned-out", days.values().map(|event| people(&event.act)).sum()),
    ];
    figures.extend(GROUPS.map(|group| Figure::of(group, sum(group))));
    let after = days.keys().next_back().and_then(|day| day.succ_opt()).unwrap_or(told.record.day);
    let next = rhythm.and_then(|rhythm| rhythm.next(after));
    let step = if told.has("finish") { "finished" } else { "open" };
    Told::at(step, plan.text("title")).figures(figures).open(told.waits(next))
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, RHYTHMS};
    use crate::fixture::{CLERK, GRID, VOLUNTEER, at, day};
    use crate::matter::Amount;
    use crate::matter::story::{Tale, figure};

    fn roster() -> Tale {
        Tale::of("roster").text("title", "志愿服务日").choice("rhythm", "tuesday-and-friday").opened_by(CLERK)
    }

    fn turn_out(roster: &Tale, of_march: u32, numbers: [i64; 4]) -> Tale {
        let fields = roster.with().day_in("day", of_march);
        GROUPS.iter().zip(numbers).fold(fields, |fields, (group, number)| fields.count(group, number))
    }

    #[test]
    fn cadres_volunteers_stair_heads_and_grid_members_turn_out_every_tuesday_and_friday() {
        let mut roster = roster();
        assert_eq!(roster.state().due, Some(at(3, 20, 18, 0)), "20 March is a Friday");
        for (of_march, numbers) in [(20, [3, 12, 5, 4]), (24, [2, 10, 5, 4])] {
            let fields = turn_out(&roster, of_march, numbers);
            roster.tell(GRID, "turn-out", fields);
        }
        let state = roster.state();
        assert_eq!(figure(&state, "days"), Amount::Count(2));
        assert_eq!(figure(&state, "turned-out"), Amount::Count(24 + 21));
        assert_eq!(figure(&state, "stair-heads"), Amount::Count(10));
        assert_eq!(state.due, Some(at(3, 27, 18, 0)), "the next Friday");
    }

    #[test]
    fn an_extra_day_counts_apart_and_two_counts_of_one_day_are_disputed() {
        let mut roster = roster();
        let sunday = turn_out(&roster, 22, [1, 6, 0, 0]);
        roster.tell(GRID, "turn-out", sunday);
        assert_eq!(figure(&roster.state(), "extra-days"), Amount::Count(1));
        let (one, other) = (turn_out(&roster, 24, [2, 10, 5, 4]), turn_out(&roster, 24, [2, 11, 5, 4]));
        roster.apart((GRID, "turn-out", one), (VOLUNTEER, "turn-out", other));
        assert_eq!(roster.state().disputes.len(), 1);
        assert_eq!(figure(&roster.state(), "turned-out"), Amount::Count(7));
    }

    #[test]
    fn the_form_offers_the_rhythms_that_there_are() {
        let offered = super::FEATURE.open.field("rhythm").unwrap().shape;
        let names: Vec<_> = RHYTHMS.iter().map(|(name, _)| *name).collect();
        let crate::matter::Shape::Choice(choices) = offered else { panic!("a choice") };
        assert_eq!(names, choices);
        assert_eq!(RHYTHMS[0].1.next(day(3, 21)), Some(day(3, 24)));
    }
}
