//! Who has the smaller id decides nothing that matters: for every pair of acts recorded without knowing of
//! each other, both orders lead to the same case.

use super::super::*;
use crate::fixture::*;
use crate::id::DocumentId;
use crate::reference::Reference;
use std::collections::BTreeSet;
use uuid::Uuid;

fn acts() -> Vec<CaseAct> {
    vec![
        CaseAct::Confirm,
        CaseAct::File,
        dispatch("dept-huanwei"),
        acknowledge(),
        rectify(),
        passed(),
        failed(),
        CaseAct::Close,
        rework(),
        on_account(at(3, 27, 18, 0)),
        void(),
        extend(at(3, 24, 18, 0)),
        CaseAct::Except { reason: "等配件".to_owned(), due: at(3, 23, 18, 0) },
        CaseAct::Escalate { to: "park".into(), reason: String::new() },
        CaseAct::Answer { words: String::new() },
        found_again(),
        CaseAct::MergeInto { kept: DocumentId(Uuid::from_u128(9)) },
        CaseAct::Amend { fields: vec![Field::Fix] },
        comment(),
    ]
}

/// What everybody has seen before two people act apart.
fn beginnings() -> Vec<Vec<CaseAct>> {
    let found_again_once = vec![rectify(), passed(), CaseAct::Close, found_again()];
    vec![
        vec![],
        vec![CaseAct::Confirm],
        vec![CaseAct::Confirm, CaseAct::File],
        vec![CaseAct::Confirm, CaseAct::File, dispatch("park-02")],
        vec![acknowledge()],
        vec![rectify()],
        vec![rectify(), failed()],
        vec![passed()],
        vec![rectify(), passed()],
        vec![rectify(), passed(), CaseAct::Close],
        vec![on_account(at(3, 25, 18, 0))],
        vec![void()],
        vec![extend(at(3, 22, 18, 0))],
        found_again_once,
    ]
}

/// What a person sees, without the ids that differ by construction.
fn seen(state: &CaseState) -> impl PartialEq + std::fmt::Debug + use<> {
    let due = |due: Option<Due>| due.map(|due| due.at);
    let terms: Vec<_> = state.terms.iter().map(|term| (due(term.due), term.done.is_some())).collect();
    (
        (state.status, state.unmerged, state.disputes.len(), state.findings.len(), state.sent_back),
        (due(state.due), state.handler.clone(), state.rectified.is_some(), state.acknowledged.is_some()),
        (terms, state.settled.is_some(), state.merged.is_some(), state.hops.len()),
    )
}

fn told(begin: &[CaseAct], a: &CaseAct, b: &CaseAct, mirrored: bool, park: &Reference) -> CaseState {
    let mut case = Story::told(1, SOUTH_GATE, "S01", march20(7, 4), mirrored);
    for act in begin {
        case.tell(COMMAND, march20(8, 0), act.clone());
    }
    case.apart(march20(9, 0), (INSPECTOR, a.clone()), (COMMAND, b.clone()));
    case.state(park)
}

#[test]
fn ties_between_two_acts_decide_nothing() {
    let mut differing = BTreeSet::new();
    for park in [park(), park_with(full_workflow())] {
        for begin in beginnings() {
            for a in acts() {
                for b in acts() {
                    let (one, other) =
                        (told(&begin, &a, &b, false, &park), told(&begin, &a, &b, true, &park));
                    if seen(&one) != seen(&other) {
                        differing.insert(format!(
                            "{begin:?}: {a:?} | {b:?}\n  {:?}\n  {:?}",
                            seen(&one),
                            seen(&other)
                        ));
                    }
                }
            }
        }
    }
    let all: Vec<_> = differing.iter().map(String::as_str).collect();
    assert!(all.is_empty(), "{} pairs\n{}", all.len(), all.join("\n"));
}
