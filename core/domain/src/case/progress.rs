//! How one act moves a case on: whether it is in place, and what it changes.
//!
//! Facts (acknowledged, put right, looked back) are in place at any open status, because they happened;
//! steps of the office (confirm, file, dispatch, close) wait for each other as the tenant's workflow says.
//!
//! An act answers for what its author had seen. It belongs to the latest finding its author knew, a failed
//! look-back takes back only the rectifications its author knew, and where two acts that did not know of
//! each other lead to different statuses, the one further on ([`rank`]) holds.

use super::{
    CaseAct, CaseRecord, CaseState, Due, DueBasis, Handling, Hop, Ignored, LookedBack, Mark, Outcome,
    Rectification, Status, Step, Taken, Term, due_at,
};
use crate::event::{CausalOrder, Event};
use crate::id::{CaseId, EventId, PersonId};
use crate::reference::{Reference, TimeLimit};
use crate::time::Timestamp;

/// A case on its way through its events.
pub(super) struct Progress<'a> {
    record: &'a CaseRecord,
    reference: &'a Reference,
    order: &'a CausalOrder,
    state: CaseState,
    /// What was done about each finding, in the order of `state.findings`.
    efforts: Vec<Effort>,
    /// The event that led to the status.
    since: EventId,
    /// The dispatch by hand that named the handler.
    dispatch: Option<EventId>,
    /// A contested event was passed: the case cannot close.
    held: bool,
}

/// What was done about one finding and was not taken back.
#[derive(Default)]
struct Effort {
    rectified: Vec<Rectification>,
    passed: Vec<Mark>,
}

/// Which of two statuses holds when two acts lead to them without knowing of each other. A dispatch comes
/// after an acknowledgement here: the new handler has not answered yet.
fn rank(status: Status) -> u8 {
    match status {
        Status::Reported => 0,
        Status::Confirmed => 1,
        Status::Filed => 2,
        Status::Acknowledged => 3,
        Status::Dispatched => 4,
        Status::Rework => 5,
        Status::OnAccount => 6,
        Status::Rectified => 7,
        Status::Verified => 8,
        Status::Closed => 9,
        Status::Voided | Status::Merged => 10,
    }
}

fn mark(event: &Event<CaseAct>) -> Mark {
    Mark { event: event.id, at: event.at, by: event.by.clone() }
}

impl<'a> Progress<'a> {
    /// Begins with the report; `None` for any other event.
    pub(super) fn start(
        record: &'a CaseRecord,
        reference: &'a Reference,
        order: &'a CausalOrder,
        report: &Event<CaseAct>,
    ) -> Option<Self> {
        let CaseAct::Report { source } = report.act else { return None };
        let community = record.point.as_ref().and_then(|point| reference.community_of_point(point));
        let community = community.or_else(|| reference.community_of(&record.home));
        let state = CaseState {
            status: Status::Reported,
            unmerged: Status::Reported,
            disputes: Vec::new(),
            source,
            reported: mark(report),
            community: community.map(|unit| unit.id.clone()),
            answered_then: None,
            handler: None,
            due: None,
            findings: Vec::new(),
            terms: Vec::new(),
            acknowledged: None,
            rectified: None,
            first_rectified: Vec::new(),
            look_backs: Vec::new(),
            settled: None,
            sent_back: 0,
            hops: Vec::new(),
            merged: None,
            thread: Vec::new(),
        };
        let (efforts, since) = (Vec::new(), report.id);
        let mut progress =
            Self { record, reference, order, state, efforts, since, dispatch: None, held: false };
        progress.find(report);
        progress.state.answered_then = progress.head_at(report.at.at());
        progress.advance(report);
        Some(progress)
    }

    fn head_at(&self, at: Timestamp) -> Option<PersonId> {
        let assignment = self.reference.head_of(self.record.point.as_ref()?, at)?;
        Some(assignment.person.clone())
    }

    /// The head of the point as a handler, with the unit they belong to where the staff list is.
    fn handler_at(&self, at: Timestamp) -> Option<Handling> {
        let person = self.head_at(at)?;
        let unit = self.reference.people.get(&person).map(|person| person.unit.clone());
        Some(Handling { unit, person: Some(person) })
    }

    /// Whether a person has to take this step. Before the tenant's settings are known only the look-back
    /// needs one.
    fn needs(&self, step: Step) -> bool {
        match &self.reference.tenant {
            Some(tenant) => tenant.workflow.needs(step),
            None => step == Step::Verify,
        }
    }

    fn saw(&self, event: &Event<CaseAct>, earlier: EventId) -> bool {
        self.order.saw(event.id, earlier)
    }

    /// The step of the office that a case before its dispatch waits for.
    fn awaited(&self) -> Option<Step> {
        let behind: &[Step] = match self.state.unmerged {
            Status::Reported => &[Step::Confirm, Step::File],
            Status::Confirmed => &[Step::File],
            Status::Filed => &[],
            _ => return None,
        };
        Some(behind.iter().copied().find(|step| self.needs(*step)).unwrap_or(Step::Dispatch))
    }

    /// Whether the act is in place, asked of the case as its author saw it; says the status they saw.
    pub(super) fn judge(&self, event: &Event<CaseAct>) -> Result<Status, Ignored> {
        use Status::{Acknowledged, Closed, Dispatched, OnAccount, Rectified, Rework, Verified, Voided};
        let status = self.state.unmerged;
        let open = !matches!(status, Verified | Closed | Voided);
        let in_place = match &event.act {
            CaseAct::Unknown => return Err(Ignored::UnknownKind),
            CaseAct::Comment { .. } | CaseAct::Amend { .. } | CaseAct::Decide { .. } => true,
            CaseAct::Report { .. } => false,
            CaseAct::Confirm => self.awaited() == Some(Step::Confirm),
            CaseAct::File => self.awaited() == Some(Step::File),
            CaseAct::Dispatch { .. } => {
                matches!(status, Dispatched | Acknowledged | Rework | OnAccount)
                    || self.awaited() == Some(Step::Dispatch)
            }
            CaseAct::Acknowledge { .. } | CaseAct::Rectify { .. } => open,
            CaseAct::LookBack { .. } | CaseAct::Extend { .. } | CaseAct::Except { .. } => status != Voided,
            CaseAct::Void { .. } => status != Voided,
            CaseAct::Close => status == Verified && !self.held,
            CaseAct::Rework { .. } => matches!(status, Rectified | Verified),
            CaseAct::PutOnAccount { .. } => open && status != Rectified,
            CaseAct::Escalate { .. } => !matches!(status, Closed | Voided),
            CaseAct::Answer { .. } => !self.state.hops.is_empty(),
            CaseAct::FindAgain { .. } => matches!(status, Rectified | Verified | Closed),
            CaseAct::MergeInto { kept } if *kept == self.record.id => return Err(Ignored::DanglingReference),
            CaseAct::MergeInto { .. } => self.state.merged.is_none() && status != Voided,
            CaseAct::Unmerge { merge, .. } => match self.state.merged {
                Some((_, stands)) if stands == *merge => true,
                _ => return Err(Ignored::DanglingReference),
            },
        };
        in_place.then_some(status).ok_or(Ignored::OutOfPlace)
    }

    /// Lets an act that is in place take effect. `view` is the status that its author saw.
    pub(super) fn take(&mut self, event: &Event<CaseAct>, view: Status) {
        match &event.act {
            CaseAct::Confirm => self.reach(Status::Confirmed, event),
            CaseAct::File => self.reach(Status::Filed, event),
            CaseAct::Dispatch { to } => {
                self.state.handler = Some(to.clone().into());
                self.state.acknowledged = None;
                self.dispatch = Some(event.id);
                self.reach(Status::Dispatched, event);
            }
            CaseAct::Acknowledge { .. } => self.acknowledge(event),
            CaseAct::Rectify { on_the_spot, .. } => self.rectify(event, *on_the_spot),
            CaseAct::LookBack { outcome, .. } => self.look_back(event, *outcome, view),
            CaseAct::Close if self.held => {}
            CaseAct::Close => self.reach(Status::Closed, event),
            CaseAct::Rework { .. } => self.send_back(event),
            CaseAct::PutOnAccount { due, .. } => {
                self.grant(event, *due);
                self.reach(Status::OnAccount, event);
            }
            CaseAct::Extend { due, .. } | CaseAct::Except { due, .. } => self.grant(event, *due),
            CaseAct::Void { .. } => self.reach(Status::Voided, event),
            CaseAct::Escalate { to, .. } => {
                self.state.hops.push(Hop { mark: mark(event), to: Some(to.clone()) });
            }
            CaseAct::Answer { .. } => self.state.hops.push(Hop { mark: mark(event), to: None }),
            // Of two who found it again without knowing of each other, one finding counts.
            CaseAct::FindAgain { .. } if !self.current(event) => {}
            CaseAct::FindAgain { .. } => self.find(event),
            CaseAct::MergeInto { kept } => self.merge_into(*kept, event),
            CaseAct::Unmerge { merge, .. } => {
                self.state.merged = self.state.merged.filter(|(_, stands)| stands != merge);
            }
            CaseAct::Report { .. }
            | CaseAct::Decide { .. }
            | CaseAct::Amend { .. }
            | CaseAct::Comment { .. }
            | CaseAct::Unknown => {}
        }
        self.advance(event);
    }

    /// The finding that an act speaks of: the latest its author had seen.
    fn finding_of(&self, event: &Event<CaseAct>) -> usize {
        self.state.findings.iter().rposition(|finding| self.saw(event, finding.event)).unwrap_or(0)
    }

    /// Whether an act speaks of the latest finding.
    fn current(&self, event: &Event<CaseAct>) -> bool {
        self.finding_of(event) + 1 == self.state.findings.len()
    }

    /// Moves to a status, unless the act speaks of an earlier finding, or an act that its author had not
    /// seen has led further.
    fn reach(&mut self, status: Status, event: &Event<CaseAct>) {
        let knew = self.since == self.state.reported.event || self.saw(event, self.since);
        if self.current(event) && (knew || rank(status) > rank(self.state.unmerged)) {
            self.enter(status, event);
        }
    }

    fn enter(&mut self, status: Status, event: &Event<CaseAct>) {
        self.state.unmerged = status;
        self.since = event.id;
        self.state.settled = matches!(status, Status::Closed | Status::Voided).then(|| mark(event));
    }

    /// A finding, the first or a later one: a new term begins, for whoever answers at that time.
    fn find(&mut self, event: &Event<CaseAct>) {
        let found = event.at.at();
        let standard = self.record.standard.as_ref().and_then(|id| self.reference.standards.get(id));
        // 铁纪律: a problem whose limit is not known has to be put right the same day.
        let limit = standard.map_or(TimeLimit::SameDay, |standard| standard.limit);
        let due = self.reference.tenant.as_ref().map(|tenant| Due {
            at: due_at(limit, found, tenant, &self.reference.calendar),
            basis: DueBasis::Limit(limit),
        });
        if self.dispatch.is_none() {
            self.state.handler = self.handler_at(found);
        }
        let first = self.state.findings.is_empty();
        self.efforts.push(Effort::default());
        let state = &mut self.state;
        state.findings.push(mark(event));
        state.first_rectified.push(None);
        state.terms.push(Term { due, done: None });
        state.acknowledged = None;
        if !first {
            let again = if state.handler.is_some() { Status::Dispatched } else { Status::Filed };
            self.enter(again, event);
        }
    }

    fn acknowledge(&mut self, event: &Event<CaseAct>) {
        let for_this_handler = self.dispatch.is_none_or(|dispatch| self.saw(event, dispatch));
        if for_this_handler && self.current(event) {
            self.state.acknowledged.get_or_insert_with(|| mark(event));
            if self.state.unmerged == Status::Dispatched {
                self.enter(Status::Acknowledged, event);
            }
        }
    }

    fn rectify(&mut self, event: &Event<CaseAct>, on_the_spot: bool) {
        let done = Rectification { mark: mark(event), on_the_spot };
        let finding = self.finding_of(event);
        if let Some(first) = self.state.first_rectified.get_mut(finding) {
            first.get_or_insert_with(|| done.clone());
        }
        if let Some(effort) = self.efforts.get_mut(finding) {
            effort.rectified.push(done);
        }
        self.reach(Status::Rectified, event);
    }

    fn look_back(&mut self, event: &Event<CaseAct>, outcome: Outcome, view: Status) {
        use Status::{Closed, Confirmed, Filed, OnAccount, Reported, Verified};
        self.state.look_backs.push(LookedBack { mark: mark(event), outcome });
        match (outcome, view) {
            (Outcome::Passed, Verified | Closed) => {}
            (Outcome::Passed, _) => {
                let finding = self.finding_of(event);
                if let Some(effort) = self.efforts.get_mut(finding) {
                    effort.passed.push(mark(event));
                }
                self.reach(Status::Verified, event);
            }
            // Nobody had been told to handle it yet, or it was accepted that it cannot be fixed now.
            (Outcome::Failed, Reported | Confirmed | Filed | OnAccount) => {}
            (Outcome::Failed, _) => self.send_back(event),
        }
    }

    /// Takes back what the author knew to have been done. Two who send it back without knowing of each
    /// other send it back once.
    fn send_back(&mut self, event: &Event<CaseAct>) {
        let (order, finding) = (self.order, self.finding_of(event));
        let unseen = |mark: &Mark| !order.saw(event.id, mark.event);
        if let Some(effort) = self.efforts.get_mut(finding) {
            effort.rectified.retain(|done| unseen(&done.mark));
            effort.passed.retain(unseen);
        }
        let once_more = self.state.unmerged != Status::Rework || self.saw(event, self.since);
        self.state.sent_back += u32::from(once_more);
        self.reach(Status::Rework, event);
    }

    /// A new due instant for the finding that the author knew; of two granted concurrently the later one,
    /// in favour of who has to meet it.
    fn grant(&mut self, event: &Event<CaseAct>, at: Timestamp) {
        let finding = self.finding_of(event);
        let Some(term) = self.state.terms.get_mut(finding) else { return };
        let outdone = term.due.is_some_and(|due| match due.basis {
            DueBasis::Granted(other) => self.order.concurrent(other, event.id) && due.at >= at,
            DueBasis::Limit(_) => false,
        });
        if !outdone {
            term.due = Some(Due { at, basis: DueBasis::Granted(event.id) });
        }
    }

    /// Of two merges that did not know of each other the one into the smaller id stands.
    fn merge_into(&mut self, kept: CaseId, event: &Event<CaseAct>) {
        let merge = (kept, event.id);
        self.state.merged = Some(self.state.merged.map_or(merge, |other| other.min(merge)));
    }

    /// Passes the steps that need no person here, and brings what follows from the efforts up to date.
    fn advance(&mut self, event: &Event<CaseAct>) {
        if self.awaited() == Some(Step::Dispatch) {
            // A blind spot cannot be dispatched by itself: it waits until somebody is named.
            let to_somebody = !self.needs(Step::Dispatch) && self.state.handler.is_some();
            self.state.unmerged = match &self.state.acknowledged {
                _ if !to_somebody => Status::Filed,
                Some(_) => Status::Acknowledged,
                None => Status::Dispatched,
            };
        }
        if self.state.unmerged == Status::Rectified && !self.needs(Step::Verify) {
            self.enter(Status::Verified, event);
        }
        if self.state.unmerged == Status::Verified && !self.needs(Step::Close) && !self.held {
            self.enter(Status::Closed, event);
        }
        for (term, effort) in self.state.terms.iter_mut().zip(&self.efforts) {
            let rectified = effort.rectified.first().map(|done| &done.mark);
            term.done = rectified.or(effort.passed.first()).cloned();
        }
        self.state.rectified = self.efforts.last().and_then(|effort| effort.rectified.first().cloned());
        self.state.due = self.state.terms.last().and_then(|term| term.due);
    }

    /// Passes a contested act without effect. A closed case is open to doubt again.
    pub(super) fn suspend(&mut self) {
        self.held = true;
        if self.state.unmerged == Status::Closed {
            self.state.unmerged = Status::Verified;
            self.state.settled = None;
        }
    }

    /// Writes the event into the thread with the status after it.
    pub(super) fn note(&mut self, event: &Event<CaseAct>, ignored: Option<Ignored>) {
        let merged = self.state.merged.is_some();
        self.state.status = if merged { Status::Merged } else { self.state.unmerged };
        self.state.thread.push(Taken { event: event.id, status: self.state.status, ignored });
    }

    /// The state after all events.
    pub(super) fn end(self) -> CaseState {
        self.state
    }
}
