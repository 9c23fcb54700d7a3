//! Questions about cases, answered from the read model without loading a document.

use crate::asked::Asked;
use crate::columns::{LATENESSES, SOURCES, STATUSES, cbor, code, document, unreadable, variant};
use crate::error::StoreError;
use crate::store::Store;
use crate::{case_words, merging};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use sanben_domain::case::{CaseRecord, CaseState, Handling, Lateness, Merges, Source, Status};
use sanben_domain::id::{CaseId, DocumentId, MatterId, PersonId, PhotoHash, PointId, StandardId, UnitId};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// No page holds more rows than this.
pub const MAX_PAGE: usize = 200;
const DEFAULT_PAGE: usize = 50;

/// How far the own work on a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delivery {
    /// Own changes that wait for the server.
    pub pending: u32,
    /// Own changes that the server has accepted.
    pub accepted: u32,
    /// Own changes that need attention.
    pub rejected: u32,
    /// Photos cited by own work that was not discarded, each once, whoever else cites it too.
    pub photos: u32,
    /// Of those, confirmed by the server: it has a receipt for this very hash.
    pub photos_delivered: u32,
}

/// A case with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its content.
    pub record: CaseRecord,
    /// What was folded from it.
    pub state: CaseState,
    /// Its status seen together with the other cases ([`Merges::status`]).
    pub status: Status,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

/// Which order a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Latest report first.
    #[default]
    Newest,
    /// Soonest due first, those without a due instant last.
    Due,
}

/// Which cases. Every field narrows; the default takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseQuery {
    /// At this point.
    pub point: Option<PointId>,
    /// On this community's sheet.
    pub community: Option<UnitId>,
    /// To be handled by this person.
    pub handler: Option<PersonId>,
    /// Reported by, answered for by, or to be handled by this person.
    pub mine: Option<PersonId>,
    /// With [`CaseQuery::mine`]: what was handed to this unit without naming anybody is theirs too.
    pub mine_unit: Option<UnitId>,
    /// With one of these statuses; empty takes all.
    pub status: Vec<Status>,
    /// Not closed, voided or merged.
    pub open_only: bool,
    /// At a point of this programme.
    pub programme: Option<MatterId>,
    /// A person has to decide.
    pub disputed_only: bool,
    /// Due before this instant.
    pub due_before: Option<Timestamp>,
    /// Reported at or after this instant.
    pub reported_from: Option<Timestamp>,
    /// Reported before this instant.
    pub reported_until: Option<Timestamp>,
    /// With these words.
    pub text: Option<String>,
    /// The order.
    pub order: Order,
    /// Rows wanted; 0 means 50, never more than [`MAX_PAGE`].
    pub limit: usize,
    /// Go on after this place.
    pub after: Option<PageToken>,
}

/// A place in an ordered list. It stays valid while rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PageToken {
    pub(crate) due: i64,
    pub(crate) n: i64,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CasePage {
    /// The rows.
    pub rows: Vec<CaseSummary>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<PageToken>,
}

/// A case as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSummary {
    /// The case.
    pub id: CaseId,
    /// Where.
    pub point: Option<PointId>,
    /// The community.
    pub community: Option<UnitId>,
    /// The standard it breaks.
    pub standard: Option<StandardId>,
    /// The words.
    pub description: String,
    /// Who found it.
    pub source: Source,
    /// How far it has come, seen together with the other cases.
    pub status: Status,
    /// Whether a person has to decide.
    pub disputed: bool,
    /// By when.
    pub due: Option<Timestamp>,
    /// Lateness while `due` has not passed, and after.
    pub late: (Lateness, Lateness),
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Whether the reporter's clock is doubtful.
    pub reported_doubtful: bool,
    /// By whom.
    pub reported_by: PersonId,
    /// Who has to handle it.
    pub handler: Option<Handling>,
    /// How many times it was found.
    pub times_found: u32,
    /// How many photos it has.
    pub photos: u32,
    /// The first photo by hash among those that show the problem.
    pub thumbnail: Option<PhotoHash>,
    /// The record it was merged into.
    pub merged_into: Option<CaseId>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

impl CaseSummary {
    /// Whether it is late at an instant.
    #[must_use]
    pub fn lateness(&self, now: Timestamp) -> Lateness {
        if self.due.is_some_and(|due| due < now) { self.late.1 } else { self.late.0 }
    }
}

/// Which whole cases, for ledgers, briefs and scores.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordFilter {
    /// At this point.
    pub point: Option<PointId>,
    /// On this community's sheet.
    pub community: Option<UnitId>,
    /// Lies in this scope, or has own work that may bring it there.
    pub lies_in: Option<Scope>,
    /// Reported at or after this instant.
    pub reported_from: Option<Timestamp>,
    /// Reported before this instant.
    pub reported_until: Option<Timestamp>,
    /// Still open, or with an event at or after this instant.
    pub open_or_active_since: Option<Timestamp>,
}

/// Bits of the id below the instant in a case's number.
const ID_BITS: u32 = 20;
/// 2^42 ms reach into the year 2109; the number stays positive.
const LAST_INSTANT: i64 = (1 << 42) - 1;

/// The number of a case in the read model: when it was reported, then bits of its id. A clock that is
/// centuries off sorts first or last.
pub(crate) fn case_n(reported: Timestamp, id: CaseId) -> i64 {
    let bits = id.0.as_u128() >> (128 - ID_BITS);
    since_n(reported) | i64::try_from(bits).unwrap_or(0)
}

/// The smallest number of a case reported at or after an instant.
pub(crate) fn since_n(reported: Timestamp) -> i64 {
    reported.0.clamp(0, LAST_INSTANT) << ID_BITS
}

impl Store {
    /// A case; `None` when this replica does not hold it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn case(&self, id: CaseId) -> Result<Option<CaseRow>, StoreError> {
        self.projected()?;
        self.examine_those(&BTreeSet::from([id]))?;
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT record, state, status FROM case_row JOIN case_content USING (n) WHERE id = ?1",
            )?;
            let found = statement
                .query_row([id.0.as_bytes()], |row| {
                    Ok((cbor(row, 0)?, cbor(row, 1)?, variant(STATUSES, row, 2)?))
                })
                .optional()?;
            let Some((record, state, status)) = found else { return Ok(None) };
            Ok(Some(CaseRow { record, state, status, delivery: delivery(connection, id)? }))
        })
    }

    /// The cases whose id begins with these hexadecimal digits (hyphens may be left out), by id; at most
    /// [`MAX_PAGE`]. None for a text that begins no id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cases_by_prefix(&self, digits: &str) -> Result<Vec<CaseId>, StoreError> {
        self.projected()?;
        let digits = digits.replace('-', "");
        let (Ok(first), Ok(last)) = (
            uuid::Uuid::try_parse(&format!("{digits:0<32}")),
            uuid::Uuid::try_parse(&format!("{digits:f<32}")),
        ) else {
            return Ok(Vec::new());
        };
        let limit = i64::try_from(MAX_PAGE).unwrap_or(i64::MAX);
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT id FROM case_row WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3")?;
            let found =
                statement.query_map((first.as_bytes(), last.as_bytes(), limit), |row| document(row, 0))?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }

    /// One page of cases. Pages in [`Order::Newest`] have no gaps or repeats, whatever is written between
    /// them; in [`Order::Due`] a case whose due instant moves may move across pages.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn cases(&self, query: &CaseQuery) -> Result<CasePage, StoreError> {
        self.projected()?;
        if query.text.is_some() {
            self.examine_all()?;
        }
        let limit = if query.limit == 0 { DEFAULT_PAGE } else { query.limit.min(MAX_PAGE) };
        let points = query.programme.map(|id| self.points_of(id)).transpose()?;
        let Some(asked) = Asked::cases(query, points.as_ref(), limit + 1) else {
            return Ok(CasePage::default());
        };
        if query.text.is_some() {
            while self.read(case_words::has_unread)? {
                self.write(case_words::read_words)?;
            }
        }
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&asked.sql)?;
            let mut rows: Vec<(PageToken, CaseSummary)> =
                statement.query_map(params_from_iter(&asked.values), summary)?.collect::<Result<_, _>>()?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().map(|(token, _)| *token).filter(|_| more);
            let rows = rows.into_iter().map(|(_, mut row)| {
                row.delivery = delivery(connection, row.id)?;
                Ok(row)
            });
            Ok(CasePage { rows: rows.collect::<Result<_, StoreError>>()?, next })
        })
    }

    /// Cases with these words, latest first: any two or more characters in a row, single characters by the
    /// beginning of a word, Latin words and digits by their beginning.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<CaseSummary>, StoreError> {
        let query = CaseQuery { text: Some(text.to_owned()), limit, ..CaseQuery::default() };
        Ok(self.cases(&query)?.rows)
    }

    /// Whole cases with their states, oldest report first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn case_records(&self, filter: &RecordFilter) -> Result<Vec<(CaseRecord, CaseState)>, StoreError> {
        self.projected()?;
        self.examine_all()?;
        let asked = Asked::records(filter);
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&asked.sql)?;
            let rows = statement
                .query_map(params_from_iter(&asked.values), |row| Ok((cbor(row, 0)?, cbor(row, 1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The same one by one, for more than fits into memory; it ends with the last one or with the first error.
    ///
    /// # Errors
    /// [`StoreError`]; what `take` returns.
    pub fn each_case<E: From<StoreError>>(
        &self,
        filter: &RecordFilter,
        take: &mut dyn FnMut(CaseRecord, CaseState) -> Result<(), E>,
    ) -> Result<(), E> {
        self.projected()?;
        self.examine_all()?;
        let asked = Asked::records(filter);
        let mut ended = Ok(());
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&asked.sql)?;
            let mut rows = statement.query(params_from_iter(&asked.values))?;
            while let Some(row) = rows.next()?
                && ended.is_ok()
            {
                ended = take(cbor(row, 0)?, cbor(row, 1)?);
            }
            Ok(())
        })?;
        ended
    }

    /// Which records were merged into which.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn merges(&self) -> Result<Merges, StoreError> {
        self.projected()?;
        self.read(merging::merges)
    }
}

fn summary(row: &Row<'_>) -> rusqlite::Result<(PageToken, CaseSummary)> {
    let token = PageToken { n: row.get(0)?, due: row.get(12)? };
    let (unit, person): (Option<UnitId>, Option<PersonId>) = (code(row, 5)?, code(row, 6)?);
    let summary = CaseSummary {
        id: document(row, 1)?,
        point: code(row, 2)?,
        community: code(row, 3)?,
        standard: code(row, 4)?,
        handler: (unit.is_some() || person.is_some()).then_some(Handling { unit, person }),
        reported_by: code(row, 7)?.ok_or_else(|| unreadable(7))?,
        source: variant(SOURCES, row, 8)?,
        status: variant(STATUSES, row, 9)?,
        disputed: row.get(10)?,
        description: row.get(11)?,
        due: Some(Timestamp(token.due)).filter(|due| due.0 != i64::MAX),
        late: (variant(LATENESSES, row, 13)?, variant(LATENESSES, row, 14)?),
        reported_at: Timestamp(row.get(15)?),
        reported_doubtful: row.get(16)?,
        times_found: row.get(17)?,
        photos: row.get(18)?,
        thumbnail: row.get::<_, Option<[u8; 32]>>(19)?.map(PhotoHash),
        merged_into: row.get::<_, Option<[u8; 16]>>(20)?.map(|id| DocumentId(uuid::Uuid::from_bytes(id))),
        delivery: Delivery::default(),
    };
    Ok((token, summary))
}

/// How far the own work on a document has come.
pub(crate) fn delivery(connection: &Connection, id: DocumentId) -> Result<Delivery, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("delivery.sql"))?;
    let counted = statement.query_row([id.0.as_bytes()], |row| {
        Ok(Delivery {
            pending: row.get(0)?,
            accepted: row.get(1)?,
            rejected: row.get(2)?,
            photos: row.get(3)?,
            photos_delivered: row.get(4)?,
        })
    })?;
    Ok(counted)
}
