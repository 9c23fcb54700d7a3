//! 抽查 (9): discipline staff look again at problems that are said to be put right, drawn by lot. Before it is announced
//! nobody else knows what was drawn.

use super::DISCIPLINE;
use crate::matter::{
    ActForm, Against, Feature, FieldForm, Figure, Header, Home, MOST_PLACES, Shape, Telling, Told,
};
use crate::rights::ScopeClass;
use std::collections::BTreeSet;

/// What a check found.
const RESULTS: &[&str] = &["put-right", "not-put-right"];

/// The feature.
pub(super) const FEATURE: Feature = Feature {
    name: "spot-check",
    class: ScopeClass::Discipline,
    home: Home::Root,
    header: Header::PLAIN,
    open: ActForm::opening(
        DISCIPLINE,
        &[
            FieldForm::text("title", 200),
            FieldForm::new("sample", Shape::Documents { max: MOST_PLACES }),
            FieldForm::text("draw", 200).optional(),
        ],
    ),
    acts: &[
        ActForm::new(
            "check",
            DISCIPLINE,
            &[
                FieldForm::new("case", Shape::Document),
                FieldForm::new("result", Shape::Choice(RESULTS)),
                FieldForm::text("words", 1_000).optional(),
                FieldForm::photos("photos"),
            ],
        )
        .against(&[Against { act: "check", same: &["case"], differ: &["result"] }]),
        ActForm::new("finish", DISCIPLINE, &[FieldForm::text("words", 2_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let drawn = &told.opening.act;
    let sample: BTreeSet<_> = drawn.documents("sample").iter().copied().collect();
    let checks = told.latest("check", |act| act.document("case").filter(|case| sample.contains(case)));
    let failed = checks.values().filter(|event| event.act.choice("result") == "not-put-right").count();
    let step = match () {
        () if told.has("finish") => "finished",
        () if checks.len() == sample.len() => "checked",
        () => "under-way",
    };
    Told::at(step, drawn.text("title"))
        .figures(vec![
            Figure::share("checked", checks.len(), sample.len()),
            Figure::share("put-right", checks.len() - failed, checks.len()),
        ])
        .remark("not-put-right", failed > 0)
}

#[cfg(test)]
mod tests {
    use crate::fixture::{CLERK, COMMAND, DISCIPLINE, INSPECTOR, VOLUNTEER};
    use crate::matter::Amount;
    use crate::matter::story::{Tale, figure};
    use crate::rights::Denied;

    #[test]
    fn discipline_staff_check_what_was_drawn_and_nobody_else_does() {
        let mut check = Tale::of("spot-check")
            .text("title", "整改情况抽查")
            .documents("sample", &[11, 12, 13, 14])
            .opened_by(DISCIPLINE);
        for (case, result) in
            [(11, "put-right"), (12, "put-right"), (13, "not-put-right"), (99, "not-put-right")]
        {
            let fields = check.with().document("case", case).choice("result", result);
            check.tell(DISCIPLINE, "check", fields);
        }
        let state = check.state();
        assert_eq!(
            figure(&state, "checked"),
            Amount::Share { part: 3, whole: 4 },
            "what was not drawn does not count"
        );
        assert_eq!(figure(&state, "put-right"), Amount::Share { part: 2, whole: 3 });
        assert_eq!(state.remarks, ["not-put-right"]);
        for other in [COMMAND, INSPECTOR, CLERK, VOLUNTEER] {
            assert_eq!(check.may(other, "finish"), Err(Denied::Role), "{other}");
        }
        assert_eq!(check.shared(), Vec::<String>::new());
        assert_eq!(check.record.scope().to_string(), "park:discipline");
    }
}
