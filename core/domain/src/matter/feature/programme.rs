//! 双创 (28): several programmes over the same points and cases (全国文明城市, 省级卫生城市). A programme lists its points;
//! a case belongs to every programme that its point is in, and is recorded once.

use super::COMMAND;
use crate::id::PointId;
use crate::matter::{
    ActForm, Always, Feature, FieldForm, Figure, Header, Home, MatterRecord, Shape, State, Telling, Told,
};
use crate::rights::ScopeClass;
use std::collections::BTreeSet;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "programme",
    class: ScopeClass::Work,
    home: Home::Root,
    header: Header::PLAIN,
    open: ActForm::opening(
        COMMAND,
        &[FieldForm::text("title", 200), FieldForm::new("points", Shape::Points { max: 2_000 })],
    ),
    acts: &[
        ActForm::new("add-points", COMMAND, &[FieldForm::new("points", Shape::Points { max: 2_000 })]),
        ActForm::new(
            "drop-points",
            COMMAND,
            &[FieldForm::new("points", Shape::Points { max: 2_000 }), FieldForm::text("reason", 500)],
        ),
        ActForm::new("finish", COMMAND, &[FieldForm::text("words", 2_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let points = points(told.opening.act.points("points"), told.acts().map(|event| &event.act));
    let step = if told.has("finish") { "finished" } else { "under-way" };
    Told::at(step, told.opening.act.text("title")).figures(vec![Figure::count("points", points.len())])
}

fn points<'a>(
    first: &'a [PointId],
    acts: impl Iterator<Item = &'a crate::matter::MatterAct>,
) -> BTreeSet<&'a PointId> {
    let mut points: BTreeSet<&PointId> = first.iter().collect();
    for act in acts {
        match act.name.as_str() {
            "add-points" => points.extend(act.points("points")),
            "drop-points" => points.retain(|point| !act.points("points").contains(point)),
            _ => {}
        }
    }
    points
}

/// The points of a programme; none of another matter, or of one that was withdrawn.
#[must_use]
pub fn points_of<'a>(record: &'a MatterRecord, state: &State) -> BTreeSet<&'a PointId> {
    if record.feature != FEATURE.name || state.step == Always::WITHDRAWN {
        return BTreeSet::new();
    }
    let order = record.order();
    let acts = order.sequence().iter().filter(|event| !state.idle.contains(event));
    let acts: Vec<_> = acts.filter_map(|event| Some(&record.events.get(event)?.act)).collect();
    let first = record.opening().map(|opening| opening.act.points("points")).unwrap_or_default();
    points(first, acts.into_iter())
}

/// The programmes that a point is in, by title, of those held here.
#[must_use]
pub fn programmes_of<'a>(point: &PointId, held: &'a [(MatterRecord, State)]) -> Vec<&'a str> {
    let mut titles: Vec<_> = held
        .iter()
        .filter(|(record, state)| record.feature == FEATURE.name && !state.closed)
        .filter(|(record, state)| points_of(record, state).contains(point))
        .map(|(_, state)| state.title.as_str())
        .collect();
    titles.sort_unstable();
    titles
}

#[cfg(test)]
mod tests {
    use super::programmes_of;
    use crate::fixture::{COMMAND, INSPECTOR};
    use crate::matter::story::Tale;
    use crate::rights::Denied;

    #[test]
    fn two_programmes_share_points_and_a_case_is_recorded_once() {
        let civilised = Tale::of("programme")
            .text("title", "全国文明城市")
            .points("points", &["P010", "P011"])
            .opened_by(COMMAND);
        let mut sanitary = Tale::of("programme")
            .text("title", "省级卫生城市")
            .points("points", &["P011"])
            .opened_by(COMMAND);
        let held = |two: [&Tale; 2]| two.map(|tale| (tale.record.clone(), tale.state())).to_vec();
        let of = |point: &str, held: &[_]| {
            programmes_of(&point.into(), held).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of("P011", &held([&civilised, &sanitary])), ["全国文明城市", "省级卫生城市"]);
        assert_eq!(of("P010", &held([&civilised, &sanitary])), ["全国文明城市"]);
        let dropped = sanitary.with().points("points", &["P011"]).text("reason", "不在验收范围");
        sanitary.tell(COMMAND, "drop-points", dropped);
        assert_eq!(of("P011", &held([&civilised, &sanitary])), ["全国文明城市"]);
        assert_eq!(sanitary.may(INSPECTOR, "finish"), Err(Denied::Role));
    }
}
