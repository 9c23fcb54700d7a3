//! What happened, before any rule is put to it: findings, failed look-backs and deadlines of cases, and
//! what the desk announced.

use super::{Announcement, Deadline, Fact, Reason, ScoredCase, Suspension, When};
use crate::case::{
    CaseAct, CaseRecord, CaseState, Dispute, DueBasis, Lateness, Outcome, Source, Status, finding_lateness,
};
use crate::id::{CaseId, EventId, PersonId, PhotoHash, PointId, UnitId};
use crate::reference::{Reference, TimeLimit};
use crate::time::{Stamp, Timestamp};
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

/// One thing that rules can watch for.
#[derive(Debug)]
pub(super) struct Happening {
    pub when: When,
    /// What the office calls it, for [`When::Announced`].
    pub named: Option<String>,
    pub reason: Reason,
    pub at: Stamp,
    pub event: EventId,
    pub case: Option<CaseId>,
    pub point: Option<PointId>,
    pub person: Option<PersonId>,
    pub photos: Vec<PhotoHash>,
    /// The problem was put right in front of the inspector.
    pub on_the_spot: bool,
    /// The same kind already counted in this case: only rules that count each time go on.
    pub repeated: bool,
    /// Why it does not count.
    pub suspended: Option<Suspension>,
}

/// Everything that happened in a case. Its own people's finds cost nothing: that is their daily work.
pub(super) fn of_case(case: ScoredCase<'_>, reference: &Reference, as_of: Timestamp) -> Vec<Happening> {
    let finding = match case.state.source {
        Source::Own => return Vec::new(),
        _ if case.state.unmerged == Status::Voided => return Vec::new(),
        Source::Subdistrict => Some(When::FindingSubdistrict),
        Source::District => Some(When::FindingDistrict),
        Source::City => Some(When::FindingCity),
        Source::DigitalCity => None,
    };
    let told = Told::new(case, reference, as_of);
    let mut happenings = told.findings(finding);
    happenings.extend(told.failed_look_backs());
    happenings.extend(told.deadlines());
    happenings.extend(told.contested(finding));

    let in_question = told.voiding();
    let mut counted = BTreeSet::new();
    for happening in &mut happenings {
        if happening.suspended.is_none() {
            happening.suspended.clone_from(&in_question);
        }
        happening.repeated = counted.contains(&happening.when);
        if happening.suspended.is_none() {
            counted.insert(happening.when);
        }
    }
    happenings
}

/// A case while it is being told.
struct Told<'a> {
    record: &'a CaseRecord,
    state: &'a CaseState,
    as_of: Timestamp,
    /// Who answered for the point when each finding was made.
    answered: Vec<Option<PersonId>>,
    photos: Vec<PhotoHash>,
}

impl<'a> Told<'a> {
    fn new(ScoredCase { record, state }: ScoredCase<'a>, reference: &Reference, as_of: Timestamp) -> Self {
        let again = state.findings.iter().skip(1).map(|finding| {
            let head = reference.head_of(record.point.as_ref()?, finding.at.at());
            Some(head?.person.clone())
        });
        let answered = std::iter::once(state.answered_then.clone()).chain(again).collect();
        let photos = record.photos.keys().copied().collect();
        Self { record, state, as_of, answered, photos }
    }

    fn findings(&self, finding: Option<When>) -> Vec<Happening> {
        let mut happenings = Vec::new();
        for (index, mark) in self.state.findings.iter().enumerate() {
            let put_right = self.state.first_rectified.get(index).and_then(Option::as_ref);
            for (when, reason) in self.found(index, finding) {
                happenings.push(Happening {
                    on_the_spot: put_right.is_some_and(|done| done.on_the_spot),
                    ..self.happening(index, when, reason, mark.at, mark.event)
                });
            }
        }
        happenings
    }

    /// What rules can see in the finding of this index.
    fn found(&self, index: usize, finding: Option<When>) -> impl Iterator<Item = (When, Reason)> + use<> {
        let source = self.state.source;
        let (again, reason) = match ordinal(index) {
            1 => (None, Reason::Finding { source }),
            times => (Some(When::FoundAgain), Reason::FoundAgain { source, times }),
        };
        finding.into_iter().chain(again).map(move |when| (when, reason.clone()))
    }

    fn failed_look_backs(&self) -> Vec<Happening> {
        let order = LazyCell::new(|| self.record.order());
        let mut counted: Vec<EventId> = Vec::new();
        let mut happenings = Vec::new();
        for look in self.state.look_backs.iter().filter(|look| look.outcome == Outcome::Failed) {
            let event = look.mark.event;
            if !self.had_to_be_right(event) {
                continue;
            }
            // Two inspectors who did not know of each other saw one and the same failure.
            let same = counted.iter().find(|other| order.concurrent(**other, event)).copied();
            if same.is_none() {
                counted.push(event);
            }
            let reason = Reason::LookBackFailed { times: ordinal(counted.len() - 1) };
            happenings.push(Happening {
                suspended: same.map(|counted| Suspension::CountedAlready { counted }),
                ..self.happening(
                    self.finding_before(event),
                    When::LookBackFailed,
                    reason,
                    look.mark.at,
                    event,
                )
            });
        }
        happenings
    }

    /// Before anybody was told to handle it, or once it was accepted that it cannot be put right now, a
    /// look-back finds the problem without anybody having failed.
    fn had_to_be_right(&self, look_back: EventId) -> bool {
        let taken = self.state.thread.iter().find(|taken| taken.event == look_back);
        !taken.is_some_and(|taken| {
            matches!(taken.status, Status::Reported | Status::Confirmed | Status::Filed | Status::OnAccount)
        })
    }

    fn deadlines(&self) -> Vec<Happening> {
        let dues = self.state.findings.iter().zip(&self.state.terms).enumerate();
        let passed = dues.filter_map(|(index, (finding, term))| {
            let due = term.due?;
            let suspended = match finding_lateness(self.state, index, self.as_of) {
                Lateness::NotDue | Lateness::InTime => return None,
                Lateness::Late => None,
                // Whatever is in dispute (a look-back, a closing) bears on whether it was put right.
                Lateness::Doubtful => {
                    Some(self.state.disputes.first().map_or(Suspension::DoubtfulClock, disputed))
                }
            };
            let (deadline, when) = match (self.state.source, due.basis) {
                (Source::DigitalCity, _) => (Deadline::DigitalCity, When::OverdueDigital),
                (_, DueBasis::Limit(TimeLimit::SameDay)) => (Deadline::SameDay, When::OverdueSameDay),
                _ => (Deadline::Other, When::Overdue),
            };
            let rectified = term.done.as_ref().map(|done| done.at);
            let reason = Reason::Overdue { deadline, due: due.at, rectified };
            let at = Stamp::exact(due.at);
            Some(Happening { suspended, ..self.happening(index, when, reason, at, finding.event) })
        });
        passed.collect()
    }

    /// What would count if it were not contradicted: the case does not hold it until a person decides.
    fn contested(&self, finding: Option<When>) -> Vec<Happening> {
        let failed = self.state.look_backs.iter().filter(|look| look.outcome == Outcome::Failed).count();
        let mut happenings = Vec::new();
        for dispute in &self.state.disputes {
            for event in dispute.between.iter().filter_map(|id| self.record.events.get(id)) {
                let would_be: Vec<_> = match event.act {
                    CaseAct::LookBack { outcome: Outcome::Failed, .. } => {
                        let reason = Reason::LookBackFailed { times: ordinal(failed) };
                        vec![(When::LookBackFailed, reason)]
                    }
                    CaseAct::FindAgain { .. } => self.found(self.state.findings.len(), finding).collect(),
                    _ => continue,
                };
                for (when, reason) in would_be {
                    happenings.push(Happening {
                        suspended: Some(disputed(dispute)),
                        ..self.happening(self.finding_before(event.id), when, reason, event.at, event.id)
                    });
                }
            }
        }
        happenings
    }

    /// The dispute over whether this is a problem at all.
    fn voiding(&self) -> Option<Suspension> {
        let voids = |id: &EventId| {
            let event = self.record.events.get(id);
            event.is_some_and(|event| matches!(event.act, CaseAct::Void { .. }))
        };
        self.state.disputes.iter().find(|dispute| dispute.between.iter().any(voids)).map(disputed)
    }

    /// The finding that an event answers: the last one before it in the thread.
    fn finding_before(&self, event: EventId) -> usize {
        let before = self.state.thread.iter().take_while(|taken| taken.event != event);
        let findings = before.filter(|taken| self.state.findings.iter().any(|f| f.event == taken.event));
        findings.count().saturating_sub(1)
    }

    fn happening(&self, finding: usize, when: When, reason: Reason, at: Stamp, event: EventId) -> Happening {
        Happening {
            when,
            named: None,
            reason,
            at,
            event,
            case: Some(self.record.id),
            point: self.record.point.clone(),
            person: self.answered.get(finding).cloned().flatten(),
            photos: self.photos.clone(),
            on_the_spot: false,
            repeated: false,
            suspended: None,
        }
    }
}

fn disputed(dispute: &Dispute) -> Suspension {
    Suspension::Disputed { between: dispute.between.clone() }
}

/// Position as people count: the first is 1.
fn ordinal(index: usize) -> u32 {
    u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1))
}

/// What was announced about the community and is known at the sheet's instant.
pub(super) fn announced(community: &UnitId, reference: &Reference, as_of: Timestamp) -> Vec<Happening> {
    let mut known: Vec<&Announcement> = reference
        .announcements
        .values()
        .filter(|said| said.community == *community && said.at <= as_of)
        .collect();
    known.sort_by_key(|said| (said.at, said.id));
    let clean = CleanPoints::of(&known);
    known.into_iter().map(|said| announcement(said, &clean, reference)).collect()
}

/// The clean points of each check with the announcement that counts for each.
struct CleanPoints<'a>(BTreeMap<(Fact, &'a str), BTreeMap<&'a PointId, EventId>>);

impl<'a> CleanPoints<'a> {
    /// The first announcement of a point in a check is the one that counts.
    fn of(known: &[&'a Announcement]) -> Self {
        let mut checks: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for said in known.iter().filter(|said| said.fact.is_clean_point()) {
            if let (Some(check), Some(point)) = (&said.check, &said.point) {
                let points = checks.entry((said.fact, check.as_str())).or_default();
                points.entry(point).or_insert(said.id);
            }
        }
        Self(checks)
    }

    fn beside(&self, said: &'a Announcement) -> Option<&BTreeMap<&'a PointId, EventId>> {
        self.0.get(&(said.fact, said.check.as_deref()?))
    }
}

fn announcement<'a>(said: &'a Announcement, clean: &CleanPoints<'a>, reference: &Reference) -> Happening {
    let same_check = clean.beside(said);
    let counted = same_check.and_then(|points| points.get(said.point.as_ref()?).copied());
    let head = said.point.as_ref().and_then(|point| reference.head_of(point, said.at));
    Happening {
        when: said.fact.when(),
        named: said.named.clone(),
        reason: Reason::Announced {
            fact: said.fact,
            check: said.check.clone(),
            clean_points: same_check.map(|points| u32::try_from(points.len()).unwrap_or(u32::MAX)),
            words: said.words.clone(),
        },
        at: Stamp::exact(said.at),
        event: said.id,
        case: None,
        point: said.point.clone(),
        person: head.map(|head| head.person.clone()),
        photos: said.evidence.clone(),
        on_the_spot: false,
        repeated: false,
        suspended: counted
            .filter(|counted| *counted != said.id)
            .map(|counted| Suspension::CountedAlready { counted }),
    }
}
