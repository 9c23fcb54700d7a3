//! 观测表: the observations at one point of an assessment, standard by standard: met, not met, or not applicable. What is
//! not applicable is seen and not counted. It counts for the community of its point: an inspector who may not write there
//! opens it with the tenant, and it is shared into the community at once.

use super::LOOKING;
use crate::id::{EventId, PointId, StandardId};
use crate::matter::{
    ActForm, Against, Always, Feature, FieldForm, Figure, Header, Home, MatterRecord, Need, Shape, Sharing,
    State, Telling, Told, Value,
};
use crate::reference::Reference;
use crate::rights::ScopeClass;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What an observation says.
const RESULTS: &[&str] = &["met", "not-met", "not-applicable"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "observation-sheet",
    class: ScopeClass::Work,
    home: Home::Place,
    header: Header::PLAIN.point(Need::Must).part_of("assessment"),
    open: ActForm::opening(LOOKING, &[]).on_its_day().shares(&[Sharing::Place]),
    acts: &[
        ActForm::new(
            "observe",
            LOOKING,
            &[
                FieldForm::new("standard", Shape::Standard),
                FieldForm::new("result", Shape::Choice(RESULTS)),
                FieldForm::text("words", 500).optional(),
                FieldForm::photos("photos"),
            ],
        )
        .against(&[Against { act: "observe", same: &["standard"], differ: &["result"] }]),
        ActForm::new("finish", LOOKING, &[]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let observed = told.latest("observe", |act| match act.fields.get("standard") {
        Some(Value::Standard(standard)) => Some(standard),
        _ => None,
    });
    let with = |result| observed.values().filter(|event| event.act.choice("result") == result).count();
    let (met, not_met) = (with("met"), with("not-met"));
    let step = if told.has("finish") { "finished" } else { "under-way" };
    let point = told.record.point.as_ref().map(|point| point.as_str()).unwrap_or_default();
    Told::at(step, point).figures(vec![
        Figure::count("observations", met + not_met),
        Figure::count("not-applicable", with("not-applicable")),
        Figure::share("met", met, met + not_met),
    ])
}

/// A title as people read it: a sheet has none of its own and is called after its point, by the point's name.
#[must_use]
pub fn titled(feature: &str, title: &str, reference: &Reference) -> String {
    let point = reference.points.get(&PointId::from(title)).filter(|_| feature == FEATURE.name);
    point.map_or(title, |point| point.name.as_str()).to_owned()
}

/// What a sheet says of its point, standard by standard, with when; what is not applicable is left out.
pub fn observed<'a>(
    record: &'a MatterRecord,
    state: &State,
) -> Vec<(&'a PointId, &'a StandardId, (Timestamp, EventId), bool)> {
    let Some(point) = record.point.as_ref().filter(|_| record.feature == FEATURE.name) else {
        return Vec::new();
    };
    if state.step == Always::WITHDRAWN {
        return Vec::new();
    }
    let order = record.order();
    let counting = order.sequence().iter().filter(|event| !state.idle.contains(event));
    let mut last = BTreeMap::new();
    for event in counting.filter_map(|id| record.events.get(id)).filter(|it| it.act.name == "observe") {
        if let Some(Value::Standard(standard)) = event.act.fields.get("standard") {
            last.insert(standard, event);
        }
    }
    let told = last.into_iter().filter_map(|(standard, event)| {
        let met = match event.act.choice("result") {
            "met" => true,
            "not-met" => false,
            _ => return None,
        };
        Some((point, standard, (event.at.at(), event.id), met))
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use crate::fixture::{COLLEAGUE, INSPECTOR, OTHER_TEAM, SOUTH_GATE};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, gather};

    /// 78 points and 1,166 observations, of which `met` hold.
    fn mock_assessment(met: usize) -> (Tale, Vec<Tale>) {
        let points: Vec<String> = (1..=78).map(|number| format!("P{number:03}")).collect();
        let assessment = Tale::of("assessment")
            .text("title", "模拟测评")
            .points("points", &points)
            .day_in("until", 27)
            .opened_by(INSPECTOR);
        let mut sheets: Vec<Tale> = points
            .iter()
            .map(|point| {
                Tale::of("observation-sheet").point(point).about(assessment.id()).opened_by(INSPECTOR)
            })
            .collect();
        for number in 0..1_166 {
            let sheet = &mut sheets[number % 78];
            // Of 328 standards, other ones at each point.
            let standard = format!("S{:03}", 1 + number % 328);
            let result = if number < met { "met" } else { "not-met" };
            let observed = sheet.with().standard("standard", &standard).choice("result", result);
            sheet.tell(INSPECTOR, "observe", observed);
        }
        (assessment, sheets)
    }

    #[test]
    fn of_1166_observations_817_met_are_70_1_percent() {
        let (assessment, sheets) = mock_assessment(817);
        let belonging: Vec<_> = sheets.iter().map(|sheet| (sheet.record.clone(), sheet.state())).collect();
        let (figures, _) = gather(&assessment.record, &assessment.state(), &belonging);
        let named = |name: &str| figures.iter().find(|figure| figure.name == name).unwrap().amount;
        assert_eq!(named("observations"), Amount::Count(1_166));
        assert_eq!(named("met").per_mille(), Some(701));
    }

    #[test]
    fn not_applicable_is_seen_and_not_counted_and_a_later_look_replaces_the_earlier() {
        let (_, mut sheets) = mock_assessment(0);
        let sheet = &mut sheets[0];
        let before = figure(&sheet.state(), "observations");
        let other = sheet.with().standard("standard", "S001").choice("result", "not-applicable");
        sheet.tell(COLLEAGUE, "observe", other);
        let Amount::Count(count) = before else { panic!("a count") };
        assert_eq!(figure(&sheet.state(), "observations"), Amount::Count(count - 1));
        assert_eq!(figure(&sheet.state(), "not-applicable"), Amount::Count(1));
    }

    #[test]
    fn the_sheet_of_an_inspector_without_rights_at_the_point_reaches_its_community() {
        let of = |home: &str| Tale::of("observation-sheet").point(SOUTH_GATE).about_number(7).home(home);
        assert_eq!(of("park").opened_by(OTHER_TEAM).shared(), ["park-02:work"]);
        assert_eq!(of("park-02").opened_by(INSPECTOR).shared(), Vec::<String>::new(), "it is there");
    }
}
