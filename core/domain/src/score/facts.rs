//! What happened, before any rule is put to it: findings, failed look-backs and deadlines of cases, and
//! what the desk announced.

use super::{Announcement, Deadline, Fact, Reason, ScoredCase, SheetInput, Suspension, When};
use crate::case::{CaseAct, CaseState, DueBasis, Lateness, Outcome, Source, Status, finding_lateness};
use crate::id::{CaseId, EventId, PersonId, PhotoHash, PointId};
use crate::reference::TimeLimit;
use crate::time::Stamp;
use std::collections::{BTreeMap, BTreeSet};

/// One thing that rules can watch for.
pub(super) struct Happening {
    pub when: When,
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

/// Everything that happened in a case, in the order of its findings and look-backs.
pub(super) fn of_case(case: ScoredCase<'_>, input: &SheetInput<'_>) -> Vec<Happening> {
    let found = match case.state.source {
        // The community's own people did their daily work: that costs nothing.
        Source::Own => return Vec::new(),
        _ if case.state.status == Status::Voided => return Vec::new(),
        Source::Subdistrict => Some(When::FindingSubdistrict),
        Source::District => Some(When::FindingDistrict),
        Source::City => Some(When::FindingCity),
        Source::DigitalCity => None,
    };
    let mut told = Told::new(case, input);
    told.findings(found);
    told.failed_look_backs();
    told.deadlines();
    told.happenings
}

/// A case while it is being told.
struct Told<'a> {
    case: ScoredCase<'a>,
    input: &'a SheetInput<'a>,
    /// Who answered when each finding was made.
    answered: Vec<Option<PersonId>>,
    counted: BTreeSet<When>,
    happenings: Vec<Happening>,
}

impl<'a> Told<'a> {
    fn new(case: ScoredCase<'a>, input: &'a SheetInput<'a>) -> Self {
        let then = case.state.answered_then.clone();
        let again = case.state.findings.iter().skip(1).map(|finding| {
            let head = input.reference.head_of(case.record.point.as_ref()?, finding.at.at());
            Some(head?.person.clone())
        });
        let answered = std::iter::once(then).chain(again).collect();
        Self { case, input, answered, counted: BTreeSet::new(), happenings: Vec::new() }
    }

    fn findings(&mut self, found: Option<When>) {
        let state = self.case.state;
        for (index, finding) in state.findings.iter().enumerate() {
            let source = state.source;
            let reason = match ordinal(index) {
                1 => Reason::Finding { source },
                times => Reason::FoundAgain { source, times },
            };
            let on_the_spot =
                state.first_rectified.get(index).and_then(Option::as_ref).is_some_and(|r| r.on_the_spot);
            let again = (index > 0).then_some(When::FoundAgain);
            for when in found.into_iter().chain(again) {
                let disputed = self.dispute_over(finding.event);
                self.tell(index, when, reason.clone(), finding.at, finding.event, on_the_spot, disputed);
            }
        }
    }

    fn failed_look_backs(&mut self) {
        let state = self.case.state;
        let failed = state.look_backs.iter().filter(|look| look.outcome == Outcome::Failed);
        for (index, look) in failed.enumerate() {
            let reason = Reason::LookBackFailed { times: ordinal(index) };
            let (event, disputed) = (look.mark.event, self.dispute_over(look.mark.event));
            let finding = finding_before(state, event);
            self.tell(finding, When::LookBackFailed, reason, look.mark.at, event, false, disputed);
        }
    }

    fn deadlines(&mut self) {
        let state = self.case.state;
        for (index, (finding, term)) in state.findings.iter().zip(&state.terms).enumerate() {
            let Some(due) = term.due else { continue };
            let clock = match finding_lateness(state, index, self.input.as_of) {
                Lateness::NotDue | Lateness::InTime => continue,
                Lateness::Late => None,
                Lateness::Doubtful => Some(Suspension::DoubtfulClock),
            };
            let (deadline, when) = match (state.source, due.basis) {
                (Source::DigitalCity, _) => (Deadline::DigitalCity, When::OverdueDigital),
                (_, DueBasis::Limit(TimeLimit::SameDay)) => (Deadline::SameDay, When::OverdueSameDay),
                _ => (Deadline::Other, When::Overdue),
            };
            let rectified = term.done.as_ref().map(|done| done.at);
            let reason = Reason::Overdue { deadline, due: due.at, rectified };
            // Whatever is in dispute (a look-back, a closing, an extension) bears on whether it is late.
            let disputed =
                state.disputes.first().map(|d| Suspension::Disputed { between: d.between.clone() });
            let at = Stamp::exact(due.at);
            self.tell(index, when, reason, at, finding.event, false, disputed.or(clock));
        }
    }

    /// The open dispute that puts this event, or the whole case, in question.
    fn dispute_over(&self, event: EventId) -> Option<Suspension> {
        let whether_at_all = |id: &EventId| {
            let act = self.case.record.events.get(id).map(|event| &event.act);
            matches!(act, Some(CaseAct::Void { .. } | CaseAct::MergeInto { .. }))
        };
        let disputes = &self.case.state.disputes;
        let over =
            disputes.iter().find(|d| d.between.contains(&event) || d.between.iter().any(whether_at_all));
        over.map(|dispute| Suspension::Disputed { between: dispute.between.clone() })
    }

    #[expect(clippy::too_many_arguments, reason = "each is one column of the entry")]
    fn tell(
        &mut self,
        finding: usize,
        when: When,
        reason: Reason,
        at: Stamp,
        event: EventId,
        on_the_spot: bool,
        suspended: Option<Suspension>,
    ) {
        let repeated = self.counted.contains(&when);
        if suspended.is_none() {
            self.counted.insert(when);
        }
        let record = self.case.record;
        self.happenings.push(Happening {
            when,
            reason,
            at,
            event,
            case: Some(record.id),
            point: record.point.clone(),
            person: self.answered.get(finding).cloned().flatten(),
            photos: record.photos.keys().copied().collect(),
            on_the_spot,
            repeated,
            suspended,
        });
    }
}

/// Position as people count: the first is 1.
fn ordinal(index: usize) -> u32 {
    u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1))
}

/// The finding that an event answers: the last one before it in the thread.
fn finding_before(state: &CaseState, event: EventId) -> usize {
    let before = state.thread.iter().take_while(|taken| taken.event != event);
    before.filter(|taken| state.findings.iter().any(|f| f.event == taken.event)).count().saturating_sub(1)
}

/// What was announced about the community and is known at the sheet's instant.
pub(super) fn announced(input: &SheetInput<'_>) -> Vec<Happening> {
    let mut known: Vec<&Announcement> = input
        .reference
        .announcements
        .values()
        .filter(|said| said.community == *input.community && said.at <= input.as_of)
        .collect();
    known.sort_by_key(|said| (said.at, said.id));
    let clean = CleanPoints::of(&known);
    known.into_iter().map(|said| announcement(said, &clean, input)).collect()
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

fn announcement<'a>(said: &'a Announcement, clean: &CleanPoints<'a>, input: &SheetInput<'_>) -> Happening {
    let same_check = clean.beside(said);
    let counted = same_check.and_then(|points| points.get(said.point.as_ref()?).copied());
    let head = said.point.as_ref().and_then(|point| input.reference.head_of(point, said.at));
    Happening {
        when: said.fact.when(),
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
            .map(|counted| Suspension::AnnouncedTwice { counted }),
    }
}
