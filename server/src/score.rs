//! Sheets at the desk: counted from the server's replica, previewed under other rules, and published.

use crate::publish::{PublishError, Published};
use crate::tenant::{Server, ServerError};
use sanben_domain::id::UnitId;
use sanben_domain::reference::{Reference, ReferenceRow, ReferenceUpdate, UnitKind};
use sanben_domain::rights::{ScopeClass, home_scope};
use sanben_domain::score::{Asked, Book, Period, Publication, RuleSet, ScoreError, ScoreSheet, ScoredCase};
use sanben_domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Why there are no sheets, or none were published.
#[derive(Debug, thiserror::Error)]
pub enum SheetsError {
    /// They cannot be counted.
    #[error(transparent)]
    Score(#[from] ScoreError),
    /// They were not published.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The period is not over yet.
    #[error("the period is not over: publish from its last day's end on")]
    NotOver,
    /// There is no such community.
    #[error("no such community")]
    NoCommunity,
}

impl From<ServerError> for SheetsError {
    fn from(error: ServerError) -> Self {
        Self::Publish(error.into())
    }
}

impl Server {
    /// The sheets of these communities (all of them when `None`) for each period, as known at an instant (now
    /// when `None`); under other rules than those that held when some are given.
    ///
    /// # Errors
    /// [`SheetsError`].
    pub fn sheets(
        &self,
        communities: Option<&[UnitId]>,
        periods: &[Period],
        as_of: Option<Timestamp>,
        under: Option<RuleSet>,
    ) -> Result<Vec<ScoreSheet>, SheetsError> {
        let store = self.replica_to_ask()?;
        let held = self.reference()?;
        let reference = match under {
            None => held,
            Some(rules) => held.under(rules).into(),
        };
        let as_of = as_of.unwrap_or_else(|| self.now());
        let communities = match communities {
            Some(named) => named.to_vec(),
            None => communities_of(&reference),
        };
        let heads = self.log.read().and_then(|view| view.heads()).map_err(ServerError::from)?;
        let mut sheets = Vec::new();
        for community in communities {
            let own = home_scope(&community);
            if reference.units.get(&community).is_none_or(|unit| unit.kind != UnitKind::Community) {
                return Err(SheetsError::NoCommunity);
            }
            let cases = store.scored_cases(&community, &reference, as_of).map_err(ServerError::from)?;
            let cases = cases.iter().map(|(record, state)| ScoredCase { record, state });
            let mut book = Book::of(&community, cases, &reference, as_of)?;
            let assessed = store.observation_sheets(&community).map_err(ServerError::from)?;
            book.assess(&assessed, &reference, as_of)?;
            let read = heads.iter().filter(|(scope, _)| {
                **scope == own || matches!(scope.class, ScopeClass::Reference | ScopeClass::People)
            });
            let cut: BTreeMap<_, _> = read.map(|(scope, head)| (scope.to_string(), head.seq)).collect();
            for period in periods {
                sheets.push(book.sheet(&Asked {
                    period: *period,
                    as_of,
                    cut: cut.clone(),
                    reference: &reference,
                    pending: &BTreeSet::new(),
                })?);
            }
        }
        Ok(sheets)
    }

    /// Publishes the sheets of all communities for a period that is over. From then on they stand; what
    /// comes later is corrected in the period after.
    ///
    /// # Errors
    /// [`SheetsError`]; nothing was published then. [`ScoreError::Published`] when it was before.
    pub fn publish_sheets(&self, period: Period) -> Result<(Vec<ScoreSheet>, Published), SheetsError> {
        let zone = self.reference()?.tenant.as_ref().ok_or(ScoreError::NoTenant)?.zone;
        if self.now() < zone.midnight(period.until) {
            return Err(SheetsError::NotOver);
        }
        let sheets = self.sheets(None, &[period], None, None)?;
        let rows = sheets.iter().map(|sheet| Ok(ReferenceRow::Publication(Publication::of(sheet)?)));
        let rows = rows.collect::<Result<Vec<_>, ScoreError>>()?;
        let published = self.publish(ReferenceUpdate { rows, removed: Vec::new() })?;
        Ok((sheets, published))
    }
}

fn communities_of(reference: &Reference) -> Vec<UnitId> {
    let units = reference.units.values().filter(|unit| unit.kind == UnitKind::Community);
    units.map(|unit| unit.id.clone()).collect()
}
