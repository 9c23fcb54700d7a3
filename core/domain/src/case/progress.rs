//! How one act moves a case on: whether it is in place, and what it changes.
//!
//! Facts (acknowledged, put right, looked back) are taken at any open status, because they happened;
//! steps of the office (confirm, file, dispatch, close) wait for each other as the tenant's workflow says.
//! Where an act was recorded offline, it answers only for what its author had seen: a look-back cannot
//! undo a rectification it did not know, a rectification cannot settle a finding it did not know.

use super::{
    CaseAct, CaseRecord, CaseState, Due, DueBasis, Handler, Hop, Ignored, LookedBack, Mark, Outcome,
    Rectification, Status, Step, Taken, Term, due_at,
};
use crate::event::{CausalOrder, Event};
use crate::id::{EventId, PersonId};
use crate::reference::{Reference, TimeLimit};
use crate::time::Timestamp;

/// A case on its way through its events.
pub(super) struct Progress<'a> {
    record: &'a CaseRecord,
    reference: &'a Reference,
    order: &'a CausalOrder,
    state: CaseState,
    /// The dispatch by hand that named the handler.
    dispatch: Option<EventId>,
    /// A contested event was passed: the case cannot close.
    held: bool,
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
        let mut progress = Self { record, reference, order, state, dispatch: None, held: false };
        progress.find(report);
        progress.state.answered_then = progress.head_at(report.at.at());
        progress.advance(report);
        Some(progress)
    }

    fn head_at(&self, at: Timestamp) -> Option<PersonId> {
        let assignment = self.reference.head_of(self.record.point.as_ref()?, at)?;
        Some(assignment.person.clone())
    }

    /// The head of the point as a handler, with the unit they belong to.
    fn handler_at(&self, at: Timestamp) -> Option<Handler> {
        let person = self.head_at(at)?;
        let unit = match self.reference.people.get(&person) {
            Some(person) => person.unit.clone(),
            None => self.reference.points.get(self.record.point.as_ref()?)?.unit.clone(),
        };
        Some(Handler { unit, person: Some(person) })
    }

    /// Whether a person has to take this step. Before the tenant's settings are known only the look-back
    /// does.
    fn needs(&self, step: Step) -> bool {
        match &self.reference.tenant {
            Some(tenant) => tenant.workflow.needs(step),
            None => step == Step::Verify,
        }
    }

    fn saw(&self, event: &Event<CaseAct>, earlier: EventId) -> bool {
        self.order.saw(event.id, earlier)
    }

    /// Whether the author had seen the rectification that stands, if there is one.
    fn saw_rectified(&self, event: &Event<CaseAct>) -> bool {
        self.state.rectified.as_ref().is_none_or(|stands| self.saw(event, stands.mark.event))
    }

    /// Whether the act speaks of an earlier finding than the current one.
    fn stale(&self, event: &Event<CaseAct>) -> bool {
        let again = self.state.findings.get(1..).and_then(<[Mark]>::last);
        again.is_some_and(|finding| !self.saw(event, finding.event))
    }

    /// Whether the act is in place here. A contested act is not held back by its own dispute.
    pub(super) fn fits(&self, event: &Event<CaseAct>, contested: bool) -> Result<(), Ignored> {
        use Status::{Acknowledged, Closed, Dispatched, OnAccount, Rectified, Rework, Verified, Voided};
        let status = self.state.unmerged;
        let open = !matches!(status, Verified | Closed | Voided);
        let done = self.state.terms.last().and_then(|term| term.done.as_ref());
        let in_place = match &event.act {
            CaseAct::Unknown => return Err(Ignored::UnknownKind),
            CaseAct::Comment { .. } | CaseAct::Amend { .. } | CaseAct::Decide { .. } => true,
            CaseAct::Report { .. } => false,
            CaseAct::Confirm => self.awaited() == Some(Step::Confirm),
            CaseAct::File => self.awaited() == Some(Step::File),
            CaseAct::Dispatch { .. } => match status {
                Dispatched | Acknowledged | Rework | OnAccount => true,
                Rectified => !self.saw_rectified(event),
                _ => self.awaited() == Some(Step::Dispatch),
            },
            CaseAct::Acknowledge { .. } => {
                open && !self.stale(event) && self.dispatch.is_none_or(|dispatch| self.saw(event, dispatch))
            }
            CaseAct::Rectify { .. } => {
                // A look-back that passed without waiting for it leaves room for a rectification that its
                // author recorded meanwhile.
                let beside = self.state.rectified.is_none()
                    && status != Voided
                    && done.is_some_and(|passed| !self.saw(event, passed.event));
                (open || beside) && !self.stale(event)
            }
            CaseAct::LookBack { .. } => status != Voided && !self.stale(event),
            CaseAct::Close => status == Verified && (contested || !self.held),
            CaseAct::Rework { .. } => {
                matches!(status, Rectified | Verified) && self.saw_rectified(event) && !self.stale(event)
            }
            CaseAct::PutOnAccount { .. } => {
                let unrectified = status != Rectified || !self.saw_rectified(event);
                open && unrectified && !self.stale(event)
            }
            CaseAct::Extend { .. } | CaseAct::Except { .. } => status != Voided && !self.stale(event),
            CaseAct::Void { .. } => status != Voided,
            CaseAct::Escalate { .. } => !matches!(status, Closed | Voided),
            CaseAct::Answer { .. } => !self.state.hops.is_empty(),
            CaseAct::FindAgain { .. } => {
                let put_right = matches!(status, Rectified | Verified | Closed);
                put_right && done.is_some_and(|done| self.saw(event, done.event)) && !self.stale(event)
            }
            CaseAct::MergeInto { kept } if *kept == self.record.id => return Err(Ignored::DanglingReference),
            CaseAct::MergeInto { .. } => self.state.merged.is_none() && status != Voided,
            CaseAct::Unmerge { merge, .. } => match self.state.merged {
                Some((_, stands)) if stands == *merge => true,
                _ => return Err(Ignored::DanglingReference),
            },
        };
        in_place.then_some(()).ok_or(Ignored::OutOfPlace)
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

    /// Lets an act that is in place take effect.
    pub(super) fn take(&mut self, event: &Event<CaseAct>) {
        match &event.act {
            CaseAct::Confirm => self.state.unmerged = Status::Confirmed,
            CaseAct::File => self.state.unmerged = Status::Filed,
            CaseAct::Dispatch { to } => {
                self.state.handler = Some(to.clone());
                self.dispatch = Some(event.id);
                if self.state.unmerged != Status::Rectified {
                    self.state.unmerged = Status::Dispatched;
                    self.state.acknowledged = None;
                }
            }
            CaseAct::Acknowledge { .. } => {
                self.state.acknowledged.get_or_insert_with(|| mark(event));
                if self.state.unmerged == Status::Dispatched {
                    self.state.unmerged = Status::Acknowledged;
                }
            }
            CaseAct::Rectify { on_the_spot, .. } => self.rectify(event, *on_the_spot),
            CaseAct::LookBack { outcome, .. } => self.look_back(event, *outcome),
            CaseAct::Close => self.settle(Status::Closed, event),
            CaseAct::Rework { .. } => self.send_back(),
            CaseAct::PutOnAccount { due, .. } => {
                self.grant(event, *due);
                if self.state.unmerged != Status::Rectified {
                    self.state.unmerged = Status::OnAccount;
                }
            }
            CaseAct::Extend { due, .. } | CaseAct::Except { due, .. } => self.grant(event, *due),
            CaseAct::Void { .. } => self.settle(Status::Voided, event),
            CaseAct::Escalate { to, .. } => {
                self.state.hops.push(Hop { mark: mark(event), to: Some(to.clone()) });
            }
            CaseAct::Answer { .. } => self.state.hops.push(Hop { mark: mark(event), to: None }),
            CaseAct::FindAgain { .. } => self.find(event),
            CaseAct::MergeInto { kept } => self.state.merged = Some((*kept, event.id)),
            CaseAct::Unmerge { .. } => self.state.merged = None,
            CaseAct::Report { .. }
            | CaseAct::Decide { .. }
            | CaseAct::Amend { .. }
            | CaseAct::Comment { .. }
            | CaseAct::Unknown => {}
        }
        self.advance(event);
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
        let state = &mut self.state;
        state.findings.push(mark(event));
        state.first_rectified.push(None);
        state.terms.push(Term { due, done: None });
        state.due = due;
        state.acknowledged = None;
        state.rectified = None;
        state.settled = None;
        if !first {
            state.unmerged = if state.handler.is_some() { Status::Dispatched } else { Status::Filed };
        }
    }

    fn rectify(&mut self, event: &Event<CaseAct>, on_the_spot: bool) {
        if self.state.rectified.is_some() {
            return;
        }
        let done = Rectification { mark: mark(event), on_the_spot };
        if let Some(first) = self.state.first_rectified.last_mut() {
            first.get_or_insert_with(|| done.clone());
        }
        if let Some(term) = self.state.terms.last_mut() {
            term.done = Some(done.mark.clone());
        }
        self.state.rectified = Some(done);
        if !matches!(self.state.unmerged, Status::Verified | Status::Closed) {
            self.state.unmerged = Status::Rectified;
        }
    }

    fn look_back(&mut self, event: &Event<CaseAct>, outcome: Outcome) {
        let status = self.state.unmerged;
        self.state.look_backs.push(LookedBack { mark: mark(event), outcome });
        match outcome {
            Outcome::Passed if matches!(status, Status::Verified | Status::Closed) => {}
            Outcome::Passed => {
                if let Some(term) = self.state.terms.last_mut() {
                    term.done.get_or_insert_with(|| mark(event));
                }
                self.state.unmerged = Status::Verified;
            }
            // Nobody has been told to handle it yet, or it was accepted that it cannot be fixed now.
            Outcome::Failed
                if matches!(
                    status,
                    Status::Reported | Status::Confirmed | Status::Filed | Status::OnAccount
                ) => {}
            Outcome::Failed if !self.saw_rectified(event) => self.state.sent_back += 1,
            Outcome::Failed => self.send_back(),
        }
    }

    fn send_back(&mut self) {
        self.state.sent_back += 1;
        self.state.rectified = None;
        self.state.acknowledged = None;
        self.state.settled = None;
        if let Some(term) = self.state.terms.last_mut() {
            term.done = None;
        }
        self.state.unmerged = Status::Rework;
    }

    /// A new due instant; of two granted concurrently the later one, in favour of who has to meet it.
    fn grant(&mut self, event: &Event<CaseAct>, at: Timestamp) {
        let outdone = self.state.due.is_some_and(|due| match due.basis {
            DueBasis::Granted(other) => self.order.concurrent(other, event.id) && due.at >= at,
            DueBasis::Limit(_) => false,
        });
        if outdone {
            return;
        }
        self.state.due = Some(Due { at, basis: DueBasis::Granted(event.id) });
        if let Some(term) = self.state.terms.last_mut() {
            term.due = self.state.due;
        }
    }

    fn settle(&mut self, status: Status, event: &Event<CaseAct>) {
        self.state.unmerged = status;
        self.state.settled = Some(mark(event));
    }

    /// Passes the steps that need no person here.
    fn advance(&mut self, event: &Event<CaseAct>) {
        if self.awaited() == Some(Step::Dispatch) {
            // A blind spot cannot be dispatched by itself: it waits until somebody is named.
            let to_somebody = !self.needs(Step::Dispatch) && self.state.handler.is_some();
            self.state.unmerged = if to_somebody { Status::Dispatched } else { Status::Filed };
            if to_somebody && self.state.acknowledged.is_some() {
                self.state.unmerged = Status::Acknowledged;
            }
        }
        if self.state.unmerged == Status::Rectified && !self.needs(Step::Verify) {
            self.state.unmerged = Status::Verified;
        }
        if self.state.unmerged == Status::Verified && !self.needs(Step::Close) && !self.held {
            self.settle(Status::Closed, event);
        }
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
