//! 模拟测评: a mock assessment. Each of its points has an observation sheet; the rate is that of all observations
//! together (a part of the 1000-point scheme, 20).

use super::LOOKING;
use crate::matter::{
    ActForm, Feature, FieldForm, Figure, Header, Home, MatterRecord, Shape, State, Telling, Told, sum,
};
use crate::rights::ScopeClass;

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "assessment",
    class: ScopeClass::Work,
    home: Home::Root,
    header: Header::PLAIN,
    open: ActForm::opening(
        LOOKING,
        &[
            FieldForm::text("title", 200),
            FieldForm::new("points", Shape::Points { max: 2_000 }),
            FieldForm::due("until"),
        ],
    ),
    acts: &[ActForm::new("finish", LOOKING, &[FieldForm::text("words", 2_000).optional()])],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: Some(gather),
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let plan = &told.opening.act;
    let step = if told.has("finish") { "finished" } else { "under-way" };
    Told::at(step, plan.text("title"))
        .figures(vec![Figure::count("points", plan.points("points").len())])
        .open(told.waits(plan.day("until")))
}

fn gather(_: &State, belonging: &[(MatterRecord, State)]) -> (Vec<Figure>, Vec<&'static str>) {
    let sheets = belonging.iter().filter(|(record, _)| record.feature == "observation-sheet");
    (sum(sheets.flat_map(|(_, sheet)| sheet.figures.clone())), Vec::new())
}
