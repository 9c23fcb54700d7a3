//! Taking back: a case that was handed to the wrong unit goes away from there. A note in that unit's scope says so, its
//! devices drop the case once their own work in it was judged, and later changes do not go there any more. A new
//! dispatch shares it again, with its whole history.

use crate::erase::record;
use crate::log::LogError;
use crate::tenant::{Server, ServerError};
use crate::trail::DeskAct;
use sanben_document::Record;
use sanben_domain::id::{CaseId, UnitId};
use sanben_domain::rights::{Scope, work_scope};

/// Why nothing was taken back.
#[derive(Debug, thiserror::Error)]
pub enum TakeBackError {
    /// The log has no such case.
    #[error("{0} is no case in the log: give the whole id, as `field show` has it")]
    Unknown(CaseId),
    /// There is no such unit.
    #[error("there is no unit {0}")]
    NoUnit(UnitId),
    /// It is not there, or not any more.
    #[error("{0} does not have this case")]
    NotThere(UnitId),
    /// It lives there, or its place lies there: whoever answers for it keeps it.
    #[error("{0} answers for this case: it can be voided, not taken back")]
    Answers(UnitId),
    /// Taking back needs its reason.
    #[error("say why: it is kept in the trail")]
    NoReason,
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for TakeBackError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

impl Server {
    /// Takes a case back from a unit that it was dispatched or escalated to; gives the scope that it left.
    ///
    /// # Errors
    /// [`TakeBackError`]; nothing was taken back then.
    pub fn take_back(&self, case: CaseId, unit: &UnitId, reason: &str) -> Result<Scope, TakeBackError> {
        if reason.trim().is_empty() {
            return Err(TakeBackError::NoReason);
        }
        let now = self.now();
        let mut tx = self.log.begin()?;
        let Some(Record::Case(held)) = record(&*tx, case)? else { return Err(TakeBackError::Unknown(case)) };
        let reference = self.reference_in(&*tx)?;
        if !reference.units.contains_key(unit) {
            return Err(TakeBackError::NoUnit(unit.clone()));
        }
        let scope = work_scope(unit, &reference);
        let place = held.point.as_ref().and_then(|point| reference.community_of_point(point));
        let of_place = place.map(|community| work_scope(&community.id, &reference));
        if scope == work_scope(&held.home, &reference) || of_place.as_ref() == Some(&scope) {
            return Err(TakeBackError::Answers(unit.clone()));
        }
        if !tx.take_back(case, &scope, now)? {
            return Err(TakeBackError::NotThere(unit.clone()));
        }
        self.deed(&mut *tx, DeskAct::TakeBack, [case.to_string(), scope.to_string()], reason)?;
        tx.commit()?;
        self.follow();
        tracing::info!(%scope, "a case was taken back");
        Ok(scope)
    }
}
