//! 抽查 (9): discipline staff look again at problems that are said to be put right, drawn by lot. Before it is announced
//! nobody else knows what was drawn.
//!
//! What is checked is what was drawn: the sample comes out of the draw's file ([`of_draw`]), the check names the draw by
//! its two published hashes, and whoever has the file can compare ([`agrees`]). A sample that somebody put together by
//! hand is taken, and remarked.

use super::DISCIPLINE;
use crate::draw::{Bytes32, Draw, DrawError};
use crate::id::DocumentId;
use crate::matter::{
    ActForm, Against, Feature, FieldForm, Fields, Figure, Header, Home, MOST_PLACES, MatterAct, MatterRecord,
    Shape, Telling, Told, Value,
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
            FieldForm::new("sample", Shape::Documents { max: 500 }),
            FieldForm::text("draw", 200).optional(),
            FieldForm::text("committed", 64).optional(),
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
        .among("case", "sample")
        .against(&[Against { act: "check", same: &["case"], differ: &["result"] }]),
        ActForm::new("finish", DISCIPLINE, &[FieldForm::text("words", 2_000).optional()]),
    ],
    closed: &["finished"],
    schedule: None,
    fold,
    gather: None,
    counting: None,
};

fn fold(told: &Telling<'_>) -> Told {
    let drawn = &told.opening.act;
    let sample: BTreeSet<_> = drawn.documents("sample").iter().copied().collect();
    // What was not drawn is no part of the sample; an earlier version let it be checked all the same.
    let drawn_case = |act: &MatterAct| act.document("case").filter(|case| sample.contains(case));
    let checks = told.latest("check", drawn_case);
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
        .remark("not-drawn", draw_of(drawn).is_none())
}

/// The hashes of the draw that an opening names: of the frozen list, and of the commitments.
fn draw_of(open: &MatterAct) -> Option<(Bytes32, Bytes32)> {
    Some((open.text("draw").parse().ok()?, open.text("committed").parse().ok()?))
}

/// Why a draw makes no spot check, or a spot check is not that of a draw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotDrawn {
    /// The draw does not hold.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// An item begins with no case's id.
    #[error("{0:?} does not begin with the whole id of a case: freeze a list of cases, one id a line")]
    NoCase(String),
    /// More was drawn than one check holds.
    #[error("{drawn} were drawn and one check holds {MOST_PLACES}: draw fewer")]
    TooMany {
        /// So many.
        drawn: usize,
    },
    /// It names another draw, or none.
    #[error("the check names another draw, or none")]
    Another,
    /// It checks something else than was drawn.
    #[error("the sample is not what was drawn")]
    Sample,
}

/// The fields with which the spot check of a draw is opened: its title, everything that was drawn, in order, and the
/// draw by its hashes. An item of the list begins with the whole id of a case; what follows is for people.
///
/// # Errors
/// [`NotDrawn::Draw`] when the draw does not hold, [`NotDrawn::NoCase`], [`NotDrawn::TooMany`].
pub fn of_draw(draw: &Draw) -> Result<Fields, NotDrawn> {
    let drawn = draw.verify()?;
    let committed = draw.committed().ok_or(DrawError::NoResult)?;
    let case = |item: &String| {
        let id = item.split_whitespace().next().unwrap_or_default();
        id.parse::<DocumentId>().map_err(|_| NotDrawn::NoCase(item.clone()))
    };
    let sample: Vec<DocumentId> = drawn.iter().map(case).collect::<Result<_, _>>()?;
    if sample.len() > MOST_PLACES {
        return Err(NotDrawn::TooMany { drawn: sample.len() });
    }
    let title: String = draw.frame.title.chars().take(200).collect();
    Ok(Fields::from([
        ("title".to_owned(), Value::Text(title)),
        ("sample".to_owned(), Value::Documents(sample)),
        ("draw".to_owned(), Value::Text(draw.frozen.to_string())),
        ("committed".to_owned(), Value::Text(committed.to_string())),
    ]))
}

/// Whether a spot check is that of a draw: it names this one, and its sample is what was drawn, all of it and in order.
///
/// # Errors
/// Why not.
pub fn agrees(check: &MatterRecord, draw: &Draw) -> Result<(), NotDrawn> {
    let expected = of_draw(draw)?;
    let opening = check.opening().filter(|_| check.feature == FEATURE.name).ok_or(NotDrawn::Another)?;
    if draw_of(&opening.act) != draw.committed().map(|committed| (draw.frozen, committed)) {
        return Err(NotDrawn::Another);
    }
    let same = opening.act.fields.get("sample") == expected.get("sample");
    if same { Ok(()) } else { Err(NotDrawn::Sample) }
}

#[cfg(test)]
mod tests {
    use super::{NotDrawn, agrees, of_draw};
    use crate::draw::{Bytes32, Commitment, Draw, DrawError, Frame};
    use crate::fixture::{CLERK, COMMAND, DISCIPLINE, INSPECTOR, VOLUNTEER};
    use crate::matter::story::{Tale, figure};
    use crate::matter::{Amount, Fields, Flaw, MatterAct, Value, is_among};
    use crate::rights::Denied;

    #[test]
    fn discipline_staff_check_what_was_drawn_and_nobody_else_does() {
        let mut check = Tale::of("spot-check")
            .text("title", "整改情况抽查")
            .documents("sample", &[11, 12, 13, 14])
            .opened_by(DISCIPLINE);
        for (case, result) in [(11, "put-right"), (12, "put-right"), (13, "not-put-right")] {
            let fields = check.with().document("case", case).choice("result", result);
            check.tell(DISCIPLINE, "check", fields);
        }
        let other = check.with().document("case", 99).choice("result", "not-put-right").done();
        let flawed = is_among(&check.record, &MatterAct::new("check", other)).unwrap_err();
        assert_eq!((flawed.field.as_str(), flawed.why), ("case", Flaw::Outside), "it was not drawn");
        let state = check.state();
        assert_eq!(figure(&state, "checked"), Amount::Share { part: 3, whole: 4 });
        assert_eq!(figure(&state, "put-right"), Amount::Share { part: 2, whole: 3 });
        assert_eq!(state.remarks, ["not-put-right", "not-drawn"], "nobody drew this sample");
        for other in [COMMAND, INSPECTOR, CLERK, VOLUNTEER] {
            assert_eq!(check.may(other, "finish"), Err(Denied::Role), "{other}");
        }
        assert_eq!(check.shared(), Vec::<String>::new());
        assert_eq!(check.record.scope().to_string(), "park:discipline");
    }

    #[test]
    fn a_check_of_something_else_that_is_held_already_stays_and_counts_nothing() {
        let mut check =
            Tale::of("spot-check").text("title", "抽查").documents("sample", &[11, 12]).opened_by(DISCIPLINE);
        let of = |case| check.with().document("case", case).choice("result", "not-put-right");
        let (drawn, other) = (of(11), of(99));
        check.tell(DISCIPLINE, "check", drawn);
        let other = check.tell(DISCIPLINE, "check", other);
        let state = check.state();
        assert!(!state.idle.contains(&other), "a form is never narrowed: what was taken once stays");
        assert_eq!(figure(&state, "checked"), Amount::Share { part: 1, whole: 2 });
        assert_eq!(figure(&state, "put-right"), Amount::Share { part: 0, whole: 1 });
    }

    /// Twelve rectified problems, of which five are drawn by discipline staff and a residents' representative.
    fn draw(number: u32) -> Draw {
        let case = |n: u128| format!("{} 第{n}件", uuid::Uuid::from_u128(n));
        let parties = ["纪检组", "居民代表"].map(str::to_owned);
        let frame = Frame {
            title: "整改情况抽查".to_owned(),
            day: "2026-03-20".to_owned(),
            number,
            draw: 5,
            parties: parties.to_vec(),
            items: (1..=12).map(case).collect(),
        };
        let mut draw = Draw::of(frame.freeze().unwrap());
        let nonce = |party: usize| Bytes32([u8::try_from(party).unwrap() + 7; 32]);
        for (place, party) in parties.iter().enumerate() {
            draw.commit(party, Commitment::of(draw.frozen, nonce(place), party)).unwrap();
        }
        for (place, party) in parties.iter().enumerate() {
            draw.reveal(party, nonce(place)).unwrap();
        }
        draw.close().unwrap();
        draw
    }

    fn of(fields: Fields) -> Tale {
        let tale = Tale::of("spot-check");
        fields.into_iter().fold(tale, |tale, (name, value)| tale.value(&name, value)).opened_by(DISCIPLINE)
    }

    #[test]
    fn what_is_checked_is_exactly_what_was_drawn() {
        let (first, second) = (draw(1), draw(2));
        let check = of(of_draw(&first).unwrap());
        assert_eq!(check.state().remarks, Vec::<&str>::new());
        let drawn: Vec<_> = first.verify().unwrap().iter().map(|item| item[..36].to_owned()).collect();
        let sample = check.record.opening().unwrap().act.documents("sample").to_vec();
        assert_eq!(sample.iter().map(ToString::to_string).collect::<Vec<_>>(), drawn);
        assert_eq!(agrees(&check.record, &first), Ok(()));
        assert_eq!(agrees(&check.record, &second), Err(NotDrawn::Another));
        // Somebody takes out what should not be looked at, or puts something else in its place.
        for bent in [&sample[..4], &[&sample[1..], &sample[..1]].concat()] {
            let mut fields = of_draw(&first).unwrap();
            fields.insert("sample".to_owned(), Value::Documents(bent.to_vec()));
            assert_eq!(agrees(&of(fields).record, &first), Err(NotDrawn::Sample));
        }
    }

    #[test]
    fn a_void_or_bent_draw_and_a_list_of_words_make_no_check() {
        let mut bent = draw(1);
        bent.drawn.as_mut().unwrap().swap(0, 1);
        assert_eq!(of_draw(&bent), Err(NotDrawn::Draw(DrawError::WrongResult)));
        let mut words = draw(1).frame;
        words.items[0] = "00 南入口".to_owned();
        let mut words = Draw::of(words.freeze().unwrap());
        for party in words.frame.parties.clone() {
            words.commit(&party, Commitment::of(words.frozen, Bytes32([1; 32]), &party)).unwrap();
        }
        for party in words.frame.parties.clone() {
            words.reveal(&party, Bytes32([1; 32])).unwrap();
        }
        words.frame.draw = 12;
        assert_eq!(of_draw(&words), Err(NotDrawn::Draw(DrawError::WrongFrame)));
    }
}
