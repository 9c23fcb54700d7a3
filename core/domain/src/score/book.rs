//! Everything that happened to one community, told case by case and kept, so that one more event costs one
//! case and not all of them.

use super::assessed;
use super::facts::{self, Happening};
use super::{Period, ScoreError, ScoreSheet, ScoredCase, settle};
use crate::case::Merges;
use crate::id::{CaseId, EventId, UnitId};
use crate::matter::MatterRecord;
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked of a book.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Which days.
    pub period: Period,
    /// What is known at this instant.
    pub as_of: Timestamp,
    /// How far the log of each scope was read.
    pub cut: BTreeMap<String, u64>,
    /// Rule sets, rulings and publications.
    pub reference: &'a Reference,
    /// Events that the server has not accepted yet.
    pub pending: &'a BTreeSet<EventId>,
}

/// What happened to one community.
///
/// It holds what is true at one instant. That instant may move on: then tell again the cases that
/// [`Self::due_by`] names, because a deadline of theirs passed on the way.
#[derive(Debug)]
pub struct Book {
    pub(super) community: UnitId,
    cases: BTreeMap<CaseId, Kept>,
    merges: Merges,
    announced: Vec<(NaiveDate, Happening)>,
    assessed: Vec<(NaiveDate, Happening)>,
}

/// What a case told.
#[derive(Debug)]
struct Kept {
    happenings: Vec<(NaiveDate, Happening)>,
    /// The next instant at which something can become late.
    due: Option<Timestamp>,
    merged: Option<(CaseId, EventId)>,
}

impl Book {
    /// An empty book.
    #[must_use]
    pub fn new(community: UnitId) -> Self {
        let (cases, merges) = (BTreeMap::new(), Merges::default());
        Self { community, cases, merges, announced: Vec::new(), assessed: Vec::new() }
    }

    /// The book of what lies in a community's scope.
    ///
    /// A case there that another community answers for was only shared into it: it does not count here, and
    /// neither does a merge into a case that does not, which not everybody who holds this community could
    /// follow. So equal cuts make equal sheets.
    ///
    /// # Errors
    /// [`ScoreError::NoTenant`].
    pub fn of<'a>(
        community: &UnitId,
        cases: impl IntoIterator<Item = ScoredCase<'a>>,
        reference: &Reference,
        as_of: Timestamp,
    ) -> Result<Self, ScoreError> {
        let mut book = Self::new(community.clone());
        for case in cases {
            book.keep(case, reference, as_of)?;
        }
        book.merge();
        book.announce(reference, as_of)?;
        Ok(book)
    }

    /// Tells one case, anew if it was told before.
    ///
    /// # Errors
    /// [`ScoreError::NoTenant`].
    pub fn tell(
        &mut self,
        case: ScoredCase<'_>,
        reference: &Reference,
        as_of: Timestamp,
    ) -> Result<(), ScoreError> {
        let id = case.record.id;
        let before = self.cases.remove(&id).and_then(|kept| kept.merged);
        self.keep(case, reference, as_of)?;
        if before.is_some() || self.cases.get(&id).is_some_and(|kept| kept.merged.is_some()) {
            self.merge();
        }
        Ok(())
    }

    /// Tells again what the desk announced.
    ///
    /// # Errors
    /// [`ScoreError::NoTenant`].
    pub fn announce(&mut self, reference: &Reference, as_of: Timestamp) -> Result<(), ScoreError> {
        let zone = reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
        let told = facts::announced(&self.community, reference, as_of);
        self.announced = told.into_iter().map(|happening| (zone.day(happening.at.at()), happening)).collect();
        Ok(())
    }

    /// Tells again what mock assessments saw, from the observation sheets that lie in the community's scope.
    ///
    /// # Errors
    /// [`ScoreError::NoTenant`].
    pub fn assess(
        &mut self,
        sheets: &[MatterRecord],
        reference: &Reference,
        as_of: Timestamp,
    ) -> Result<(), ScoreError> {
        let zone = reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
        let told = assessed::of_community(&self.community, sheets, reference, as_of);
        self.assessed = told.into_iter().map(|happening| (zone.day(happening.at.at()), happening)).collect();
        Ok(())
    }

    /// The cases in which a deadline passes before this instant; each names an instant once it was told.
    pub fn due_by(&self, as_of: Timestamp) -> impl Iterator<Item = CaseId> {
        let due = self.cases.iter().filter(move |(_, kept)| kept.due.is_some_and(|due| due < as_of));
        due.map(|(id, _)| *id)
    }

    /// The sheet of a period.
    ///
    /// # Errors
    /// [`ScoreError`] when there is no rule set to count by, or a sum is too large to be exact.
    pub fn sheet(&self, asked: &Asked<'_>) -> Result<ScoreSheet, ScoreError> {
        settle::sheet(self, asked)
    }

    fn keep(
        &mut self,
        case: ScoredCase<'_>,
        reference: &Reference,
        as_of: Timestamp,
    ) -> Result<(), ScoreError> {
        if case.state.community.as_ref() != Some(&self.community) {
            return Ok(());
        }
        let zone = reference.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
        let happenings = facts::of_case(case, reference, as_of).into_iter();
        let dues = case.state.terms.iter().filter_map(|term| Some(term.due?.at));
        let kept = Kept {
            happenings: happenings.map(|happening| (zone.day(happening.at.at()), happening)).collect(),
            due: dues.filter(|due| *due >= as_of).min(),
            merged: case.state.merged,
        };
        self.cases.insert(case.record.id, kept);
        Ok(())
    }

    fn merge(&mut self) {
        let merged = self.cases.iter().map(|(id, kept)| {
            let into = kept.merged.filter(|(into, _)| self.cases.contains_key(into));
            (*id, into)
        });
        self.merges = Merges::of(merged);
    }

    /// What happened within a period, in an order that does not depend on the order of the telling.
    pub(super) fn within(&self, period: Period) -> impl Iterator<Item = &Happening> {
        let standing = self
            .cases
            .iter()
            .filter(|(id, kept)| kept.merged.is_none() || self.merges.stands(**id))
            .flat_map(|(_, kept)| &kept.happenings);
        standing
            .chain(&self.announced)
            .chain(&self.assessed)
            .filter(move |(day, _)| period.contains(*day))
            .map(|(_, happening)| happening)
    }
}
