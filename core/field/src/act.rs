//! Acting on a case: answer, put right, look back, decide, merge. Each act is one event, checked against
//! the person's rights here and again on the server.

use crate::Field;
use crate::error::FieldError;
use crate::invalid::Invalid;
use sanben_document::{Intent, IntentBody};
use sanben_domain::case::{CaseAct, CaseRecord, Outcome, PhotoRole};
use sanben_domain::id::{CaseId, EventId};
use sanben_domain::rights;
use sanben_store::CaseRow;
use std::path::PathBuf;

impl Field {
    /// Does something to a case. Photo files come along as after-photos or look-back photos, as the act says.
    ///
    /// # Errors
    /// [`FieldError::Denied`] when the person's role or place does not allow it, [`FieldError::NotFound`],
    /// [`FieldError::Photo`]; nothing is recorded then.
    pub fn act(&self, case: CaseId, act: CaseAct, files: &[PathBuf]) -> Result<EventId, FieldError> {
        self.enact(self.act_intent(case, act, files)?, Vec::new())
    }

    fn act_intent(&self, case: CaseId, act: CaseAct, files: &[PathBuf]) -> Result<Intent, FieldError> {
        if act.reason().is_some_and(|reason| reason.trim().is_empty()) {
            return Err(FieldError::Invalid(Invalid::NoReason));
        }
        if let CaseAct::PutOnAccount { due, .. } | CaseAct::Extend { due, .. } | CaseAct::Except { due, .. } =
            &act
            && *due <= self.now()?
        {
            return Err(FieldError::Invalid(Invalid::PastDeadline));
        }
        if let CaseAct::Comment { words } | CaseAct::Answer { words } = &act
            && words.trim().is_empty()
        {
            return Err(FieldError::Invalid(Invalid::NoWords));
        }
        // Rights first: a photo is not taken in for an act that cannot happen.
        let seen = self.may(case, &act)?;
        let role = match &act {
            CaseAct::LookBack { .. } => PhotoRole::LookBack,
            CaseAct::Rectify { .. } => PhotoRole::After,
            _ => PhotoRole::Before,
        };
        let photos = self.take_files(files, role)?;
        let hashes = || photos.keys().copied().collect();
        let act = match act {
            CaseAct::Rectify { words, on_the_spot, .. } => {
                CaseAct::Rectify { words, on_the_spot, photos: hashes() }
            }
            CaseAct::LookBack { outcome, words, .. } => {
                CaseAct::LookBack { outcome, words, photos: hashes() }
            }
            CaseAct::FindAgain { words, .. } => CaseAct::FindAgain { words, photos: hashes() },
            other => other,
        };
        self.intent(seen, IntentBody::Act { act, photos })
    }

    /// "收到,马上落实!"
    ///
    /// # Errors
    /// As [`Field::act`].
    pub fn acknowledge(&self, case: CaseId, words: &str) -> Result<EventId, FieldError> {
        self.act(case, CaseAct::Acknowledge { words: words.to_owned() }, &[])
    }

    /// It has been put right, with after-photos.
    ///
    /// # Errors
    /// As [`Field::act`].
    pub fn rectify(
        &self,
        case: CaseId,
        words: &str,
        on_the_spot: bool,
        files: &[PathBuf],
    ) -> Result<EventId, FieldError> {
        self.act(case, CaseAct::Rectify { words: words.to_owned(), photos: Vec::new(), on_the_spot }, files)
    }

    /// Went back and looked. The visit is noted in the day's look-back round as well, in one transaction.
    ///
    /// # Errors
    /// As [`Field::act`].
    pub fn look_back(
        &self,
        case: CaseId,
        outcome: Outcome,
        words: &str,
        files: &[PathBuf],
    ) -> Result<EventId, FieldError> {
        let act = CaseAct::LookBack { outcome, words: words.to_owned(), photos: Vec::new() };
        let act = self.act_intent(case, act, files)?;
        let visit = self.looked_back(case, outcome, act.at)?;
        self.enact(act, visit)
    }

    /// Settles the open dispute of a case: `upholds` stands, everything that contradicts it falls.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] when the event is not part of an open dispute.
    pub fn decide(&self, case: CaseId, upholds: EventId, reason: &str) -> Result<EventId, FieldError> {
        let row = self.case(case)?;
        let dispute = row.state.disputes.iter().find(|dispute| dispute.between.contains(&upholds));
        let dispute = dispute.ok_or(FieldError::Invalid(Invalid::NoDispute))?;
        let over = dispute.between.iter().copied().filter(|event| *event != upholds).collect();
        self.act(case, CaseAct::Decide { upholds, over, reason: reason.to_owned() }, &[])
    }

    /// Merges a duplicate into the record that is kept; [`CaseAct::Unmerge`] undoes it.
    ///
    /// # Errors
    /// [`FieldError::Invalid`] for a case merged into itself, [`FieldError::NotFound`].
    pub fn merge(&self, duplicate: CaseId, kept: CaseId) -> Result<EventId, FieldError> {
        if duplicate == kept {
            return Err(FieldError::Invalid(Invalid::MergeIntoItself));
        }
        // A merge into another community's case could not be followed by everybody who holds this one.
        if self.case(kept)?.state.community != self.case(duplicate)?.state.community {
            return Err(FieldError::Invalid(Invalid::OtherCommunity));
        }
        self.act(duplicate, CaseAct::MergeInto { kept }, &[])
    }

    /// One case with everything folded from it.
    ///
    /// # Errors
    /// [`FieldError::NotFound`].
    pub fn case(&self, id: CaseId) -> Result<CaseRow, FieldError> {
        self.store.case(id)?.ok_or_else(|| FieldError::NotFound { what: "case", id: id.to_string() })
    }

    /// The case as it is seen now, if this may be done to it by right. Whether it would still have an effect
    /// is another question, and the thread answers it.
    ///
    /// # Errors
    /// [`FieldError::Denied`], [`FieldError::NotFound`].
    pub fn may(&self, case: CaseId, act: &CaseAct) -> Result<CaseRecord, FieldError> {
        let reference = self.store.reference()?;
        let me = self.me(&reference)?;
        let row = self.case(case)?;
        rights::may(&me, act, &row.record, Some(&row.state), &reference, self.stamp()?.at())?;
        Ok(row.record)
    }

    pub(crate) fn run_on_case(
        &self,
        case: CaseId,
        act: &CaseAct,
        body: IntentBody,
    ) -> Result<EventId, FieldError> {
        let seen = self.may(case, act)?;
        self.enact(self.intent(seen, body)?, Vec::new())
    }

    fn intent(&self, seen: CaseRecord, body: IntentBody) -> Result<Intent, FieldError> {
        Ok(Intent {
            v: 1,
            document: seen.id,
            event: self.new_event(),
            at: self.stamp()?,
            by: self.enrolment()?.person,
            seen: seen.order().heads(),
            body,
        })
    }

    /// Records an act together with what follows from it.
    fn enact(&self, act: Intent, along: Vec<Intent>) -> Result<EventId, FieldError> {
        let event = act.event;
        let intents: Vec<Intent> = std::iter::once(act).chain(along).collect();
        self.tell(self.store.record(&intents, None)?.changed);
        Ok(event)
    }
}
