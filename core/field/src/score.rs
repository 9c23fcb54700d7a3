//! The sheet on the device: the same bytes as everywhere else for the same cut, plus what is pending here.

use crate::Field;
use crate::error::FieldError;
use sanben_domain::id::UnitId;
use sanben_domain::reference::UnitKind;
use sanben_domain::rights::{Scope, ScopeClass, home_scope};
use sanben_domain::score::{Period, RuleSet, ScoreSheet, ScoredCase, SheetInput, sheet};
use sanben_domain::time::Timestamp;
use std::collections::BTreeMap;

impl Field {
    /// The sheet of a community for a period, as far as it was known at `as_of` (now when `None`).
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for something that is no community, [`FieldError::NothingYet`].
    pub fn score(
        &self,
        community: &UnitId,
        period: Period,
        as_of: Option<Timestamp>,
    ) -> Result<ScoreSheet, FieldError> {
        self.score_under(community, period, as_of, None)
    }

    /// The same under other rules than those that held: what would it have been? Rules that held count when
    /// `under` is `None`.
    ///
    /// # Errors
    /// As [`Self::score`].
    pub fn score_under(
        &self,
        community: &UnitId,
        period: Period,
        as_of: Option<Timestamp>,
        under: Option<RuleSet>,
    ) -> Result<ScoreSheet, FieldError> {
        let reference = self.store.reference()?;
        let known = reference.units.get(community).is_some_and(|unit| unit.kind == UnitKind::Community);
        if !known {
            return Err(FieldError::NotFound { what: "community", id: community.to_string() });
        }
        let reference = match under {
            None => reference,
            Some(rules) => reference.under(rules).into(),
        };
        let as_of = as_of.map_or_else(|| self.now(), Ok)?;
        let folded = self.store.scored_cases(community, &reference, as_of)?;
        Ok(sheet(&SheetInput {
            community,
            period,
            as_of,
            cut: self.cut(community)?,
            reference: &reference,
            cases: folded.iter().map(|(record, state)| ScoredCase { record, state }).collect(),
            sheets: self.store.observation_sheets(community)?,
            pending: self.store.pending_events()?,
        })?)
    }

    /// How far the scopes that a community's sheet reads were applied here: its own work, the reference
    /// data and the people. Between two pages of a sync a case that lies in several scopes may be further in
    /// one than in another: then all of them say what the sheet was made of.
    fn cut(&self, community: &UnitId) -> Result<BTreeMap<String, u64>, FieldError> {
        let own = home_scope(community);
        let standing = self.store.standing()?;
        let read = |scope: &Scope| {
            *scope == own
                || !standing.confirmed
                || matches!(scope.class, ScopeClass::Reference | ScopeClass::People)
        };
        let cursors = standing.cursors.iter().filter(|(scope, _)| read(scope));
        Ok(cursors.map(|(scope, cursor)| (scope.to_string(), cursor.seq)).collect())
    }
}
