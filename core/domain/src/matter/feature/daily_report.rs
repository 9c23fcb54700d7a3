//! 点位日报 (18): the head of each point reports the day. Whose report is missing follows from the schedule.

use super::OFFICE;
use crate::matter::{
    ActForm, Count, Counting, Days, Feature, FieldForm, Figure, Grant, Header, Home, Need, Place, Rhythm,
    Schedule, Telling, Told,
};
use crate::reference::Role;
use crate::rights::ScopeClass;

const REPORTING: &[Grant] =
    &[Grant::Head, Grant::Role(Role::PointHead), Grant::Role(Role::GridMember), Grant::Role(Role::Command)];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "daily-report",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::Must),
    open: ActForm::opening(
        REPORTING,
        &[
            FieldForm::text("words", 2_000),
            FieldForm::count("put-right", 0, 10_000),
            FieldForm::count("left", 0, 10_000),
            FieldForm::photos("photos"),
        ],
    )
    .on_its_day(),
    acts: &[
        ActForm::new("add", REPORTING, &[FieldForm::text("words", 2_000), FieldForm::photos("photos")]),
        ActForm::new("take-note", OFFICE, &[FieldForm::text("words", 1_000).optional()]).at(&["reported"]),
    ],
    closed: &[],
    schedule: Some(Schedule { rhythm: Rhythm::Daily, place: Place::Point }),
    fold,
    gather: None,
    counting: Some(Counting { days: Days::Own, each: counts }),
};

/// A point's day is reported once: of two reports the one recorded last holds.
fn counts(told: &Telling<'_>) -> Vec<Count> {
    let report = &told.opening.act;
    let point = told.record.point.as_ref().map(|point| point.as_str()).unwrap_or_default();
    let of = |figure, number| Count::of(told, told.opening, figure, number).named(point);
    vec![of("reports", 1), of("put-right-count", report.count("put-right")), of("left", report.count("left"))]
}

fn fold(told: &Telling<'_>) -> Told {
    let report = &told.opening.act;
    let step = if told.has("take-note") { "noted" } else { "reported" };
    Told::at(step, report.text("words")).figures(vec![
        Figure::of("put-right-count", report.count("put-right")),
        Figure::of("left", report.count("left")),
    ])
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, HEAD, MARKET, NORTH, ORPHAN, SOUTH_GATE, VOLUNTEER, day, march20, park};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, missing};
    use crate::rights::Denied;

    fn report() -> Tale {
        Tale::of("daily-report")
            .point(SOUTH_GATE)
            .text("words", "发现的破损路面,已及时修补")
            .count("put-right", 1)
            .count("left", 0)
    }

    #[test]
    fn the_head_reports_the_day_and_the_community_takes_note() {
        let mut report = report().opened_by(HEAD);
        assert_eq!(figure(&report.state(), "put-right-count"), Amount::Count(1));
        assert_eq!(report.may(VOLUNTEER, "take-note"), Err(Denied::Role));
        report.act(CLERK, "take-note", &[]);
        assert_eq!(report.state().step, "noted");
    }

    #[test]
    fn points_without_a_report_of_the_day_are_named() {
        let schedule = crate::matter::feature::named("daily-report").unwrap().schedule.unwrap();
        let held = [report().opened_by(HEAD).record];
        let absent = |on| {
            let missing = missing(schedule, on, &held, &park(), march20(18, 0));
            missing.into_iter().map(|missing| missing.point.unwrap().0).collect::<Vec<_>>()
        };
        assert_eq!(absent(day(3, 20)), [NORTH, MARKET], "{ORPHAN} has nobody who could report");
        assert_eq!(absent(day(3, 21)), [NORTH, SOUTH_GATE, MARKET]);
    }
}
