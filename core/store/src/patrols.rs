//! Questions about patrols.

use crate::cases::{Delivery, delivery};
use crate::columns::{ROUNDS, cbor, number};
use crate::error::StoreError;
use crate::store::Store;
use chrono::NaiveDate;
use rusqlite::OptionalExtension;
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
        self.projected()?;
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT record, state FROM patrol_row WHERE id = ?1")?;
            let found = statement
                .query_row([id.0.as_bytes()], |row| Ok((cbor(row, 0)?, cbor(row, 1)?)))
                .optional()?;
            let Some((record, state)) = found else { return Ok(None) };
            Ok(Some(PatrolRow { record, state, delivery: delivery(connection, id)? }))
        })
    }

    /// Patrols by day, then id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn patrols(&self, query: &PatrolQuery) -> Result<Vec<PatrolState>, StoreError> {
        self.projected()?;
        self.read(|connection| {
            // Days as text sort as days.
            let mut statement = connection.prepare_cached(
                "SELECT state FROM patrol_row
                 WHERE day >= ?1 AND day <= ?2 AND (?3 IS NULL OR team = ?3) AND (?4 IS NULL OR round = ?4)
                 ORDER BY day, id",
            )?;
            let rows = statement.query_map(
                (
                    query.from.unwrap_or_default().to_string(),
                    query.to.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
                    query.team.as_ref().map(|team| team.as_str()),
                    query.round.map(|round| number(ROUNDS, round)),
                ),
                |row| cbor(row, 0),
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
