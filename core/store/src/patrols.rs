//! Questions about patrols.

use crate::cases::Delivery;
use crate::error::StoreError;
use crate::store::Store;
use chrono::NaiveDate;
use sanben_domain::id::{PatrolId, TeamId};
use sanben_domain::patrol::{PatrolRecord, PatrolState, Round};

/// A patrol with what was folded from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatrolRow {
    /// Its content.
    pub record: PatrolRecord,
    /// What was folded from it.
    pub state: PatrolState,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

/// Which patrols. Every field narrows; the default takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PatrolQuery {
    /// Of this team.
    pub team: Option<TeamId>,
    /// On this local day or later.
    pub from: Option<NaiveDate>,
    /// On this local day or earlier.
    pub to: Option<NaiveDate>,
    /// Of this round.
    pub round: Option<Round>,
}

impl PatrolQuery {
    /// All rounds of all teams on one day.
    #[must_use]
    pub fn on(day: NaiveDate) -> Self {
        Self { from: Some(day), to: Some(day), ..Self::default() }
    }
}

impl Store {
    /// A patrol; `None` when this replica does not hold it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn patrol(&self, id: PatrolId) -> Result<Option<PatrolRow>, StoreError> {
        let _ = id;
        unimplemented!()
    }

    /// Patrols by day, then id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn patrols(&self, query: &PatrolQuery) -> Result<Vec<PatrolState>, StoreError> {
        let _ = query;
        unimplemented!()
    }
}
