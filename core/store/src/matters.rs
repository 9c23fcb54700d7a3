//! Questions about matters of all features, answered from the read model.

use crate::cases::{Delivery, MAX_PAGE, case_n, delivery};
use crate::columns::{KINDS, cbor, code, document, number, unreadable};
use crate::error::StoreError;
use crate::store::Store;
use crate::words;
use crate::writing::Writing;
use chrono::NaiveDate;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};
use sanben_document::{Kind, encode};
use sanben_domain::id::{DocumentId, MatterId, PersonId, PointId, UnitId};
use sanben_domain::matter::{MatterRecord, State, feature, fold};
use sanben_domain::reference::Reference;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const DEFAULT_PAGE: usize = 50;

/// A matter with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterRow {
    /// Its content.
    pub record: MatterRecord,
    /// What was folded from it; `None` for a feature of a later version.
    pub state: Option<State>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

/// A matter as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterSummary {
    /// The matter.
    pub id: MatterId,
    /// The name of its feature.
    pub feature: String,
    /// The unit it lives in.
    pub home: UnitId,
    /// The local day it is about.
    pub day: NaiveDate,
    /// The point.
    pub point: Option<PointId>,
    /// The person it is about, or who has to act.
    pub person: Option<PersonId>,
    /// The document it belongs to.
    pub about: Option<DocumentId>,
    /// Who opened it.
    pub opener: PersonId,
    /// How far it has come; empty for a feature of a later version.
    pub step: String,
    /// Something is to be done.
    pub open: bool,
    /// A person has to decide.
    pub disputed: bool,
    /// By when.
    pub due: Option<Timestamp>,
    /// What it is called.
    pub title: String,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

/// Which matters. Every field narrows; the default takes all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatterQuery {
    /// Of this feature.
    pub feature: Option<String>,
    /// Living in this unit.
    pub home: Option<UnitId>,
    /// Lying in this scope, or with own work that may bring it there.
    pub lies_in: Option<Scope>,
    /// About this day or a later one.
    pub from: Option<NaiveDate>,
    /// About this day or an earlier one.
    pub to: Option<NaiveDate>,
    /// At this point.
    pub point: Option<PointId>,
    /// About this person, or for them to do.
    pub person: Option<PersonId>,
    /// Belonging to this document.
    pub about: Option<DocumentId>,
    /// At this step.
    pub step: Option<String>,
    /// With something to be done.
    pub open_only: bool,
    /// A person has to decide.
    pub disputed_only: bool,
    /// With these words.
    pub text: Option<String>,
    /// Rows wanted; 0 means 50, never more than [`MAX_PAGE`].
    pub limit: usize,
    /// Go on after this place.
    pub after: Option<MatterToken>,
}

/// A place in the list, which has the latest opened first. It stays valid while rows come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MatterToken(pub(crate) i64);

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MatterPage {
    /// The rows.
    pub rows: Vec<MatterSummary>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<MatterToken>,
}

/// What narrows, with its values.
struct Asked {
    sql: String,
    values: Vec<Value>,
}

impl Asked {
    /// `None` when nothing can be found: words were asked for and there are none in the text.
    fn of(columns: &str, query: &MatterQuery) -> Option<Self> {
        let mut asked =
            Self { sql: format!("SELECT {columns} FROM matter_row m WHERE 1"), values: Vec::new() };
        asked.given("m.feature =", query.feature.clone().map(Into::into));
        asked.given("m.home =", query.home.as_ref().map(|id| id.0.clone().into()));
        if let Some(scope) = &query.lies_in {
            asked.values.push(encode(scope).into());
            let place = asked.values.len();
            asked.sql.push_str(&format!(
                " AND (EXISTS (SELECT 1 FROM outbox o WHERE o.document = m.id AND o.state IN (0, 4))
                  OR EXISTS (SELECT 1 FROM document_scope s WHERE s.document = m.id AND s.scope = ?{place}))"
            ));
        }
        asked.given("m.day >=", query.from.map(|day| day.to_string().into()));
        asked.given("m.day <=", query.to.map(|day| day.to_string().into()));
        asked.given("m.point =", query.point.as_ref().map(|id| id.0.clone().into()));
        asked.given("m.person =", query.person.as_ref().map(|id| id.0.clone().into()));
        asked.given("m.about =", query.about.map(|id| id.0.as_bytes().to_vec().into()));
        asked.given("m.step =", query.step.clone().map(Into::into));
        asked.given("m.n <", query.after.map(|token| token.0.into()));
        if query.open_only {
            asked.sql.push_str(" AND m.open = 1");
        }
        if query.disputed_only {
            asked.sql.push_str(" AND m.disputed = 1");
        }
        if let Some(text) = &query.text {
            asked.values.push(words::query(text)?.into());
            let place = asked.values.len();
            asked.sql.push_str(&format!(
                " AND m.n IN (SELECT rowid FROM matter_search WHERE matter_search MATCH ?{place})"
            ));
        }
        asked.sql.push_str(" ORDER BY m.n DESC");
        Some(asked)
    }

    fn given(&mut self, what: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.values.push(value);
            self.sql.push_str(&format!(" AND {what} ?{}", self.values.len()));
        }
    }
}

impl Store {
    /// A matter; `None` when this replica does not hold it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matter(&self, id: MatterId) -> Result<Option<MatterRow>, StoreError> {
        self.projected()?;
        self.examine_those(&BTreeSet::from([id]))?;
        let reference = self.reference()?;
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT record FROM matter_row WHERE id = ?1")?;
            let found = statement.query_row([id.0.as_bytes()], |row| cbor(row, 0)).optional()?;
            let Some(record) = found else { return Ok(None) };
            let state = fold(&record, &reference);
            Ok(Some(MatterRow { record, state, delivery: delivery(connection, id)? }))
        })
    }

    /// One page of matters, latest opened first. Pages have no gaps or repeats, whatever is written between them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matters(&self, query: &MatterQuery) -> Result<MatterPage, StoreError> {
        self.projected()?;
        self.examine_matters()?;
        let limit = if query.limit == 0 { DEFAULT_PAGE } else { query.limit.min(MAX_PAGE) };
        let columns =
            "m.n, m.id, m.feature, m.home, m.day, m.point, m.person, m.about, m.opener, m.step, m.open,
            m.disputed, m.due, m.title";
        let Some(asked) = Asked::of(columns, query) else { return Ok(MatterPage::default()) };
        self.read(|connection| {
            let sql = format!("{} LIMIT {}", asked.sql, limit + 1);
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows: Vec<(MatterToken, MatterSummary)> =
                statement.query_map(params_from_iter(&asked.values), summary)?.collect::<Result<_, _>>()?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().map(|(token, _)| *token).filter(|_| more);
            let rows = rows.into_iter().map(|(_, mut row)| {
                row.delivery = delivery(connection, row.id)?;
                Ok(row)
            });
            Ok(MatterPage { rows: rows.collect::<Result<_, StoreError>>()?, next })
        })
    }

    /// Whole matters with their states, latest opened first: for figures, and for what belongs together. The limit of a
    /// page does not hold here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matter_records(&self, query: &MatterQuery) -> Result<Vec<(MatterRecord, State)>, StoreError> {
        self.projected()?;
        self.examine_matters()?;
        let reference = self.reference()?;
        let Some(asked) = Asked::of("m.record", query) else { return Ok(Vec::new()) };
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&asked.sql)?;
            let records: Vec<MatterRecord> = statement
                .query_map(params_from_iter(&asked.values), |row| cbor(row, 0))?
                .collect::<Result<_, _>>()?;
            let folded = records.into_iter().filter_map(|record| {
                let state = fold(&record, &reference)?;
                Some((record, state))
            });
            Ok(folded.collect())
        })
    }

    /// The points of a programme that is held here; none when there is no such programme.
    pub(crate) fn points_of(&self, programme: MatterId) -> Result<BTreeSet<PointId>, StoreError> {
        let Some(MatterRow { record, state: Some(state), .. }) = self.matter(programme)? else {
            return Ok(BTreeSet::new());
        };
        Ok(feature::points_of(&record, &state).into_iter().cloned().collect())
    }

    /// Looks into the matters that a bundle brought and that nobody has looked into; its cases wait.
    fn examine_matters(&self) -> Result<(), StoreError> {
        let new: BTreeSet<DocumentId> = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT s.document FROM saved s JOIN document d ON d.id = s.document
                 WHERE s.hashes IS NULL AND d.kind IN (?1, ?2, ?3)",
            )?;
            let kinds = [Kind::Matter, Kind::ResidentMatter, Kind::DisciplineMatter];
            let found = statement.query_map(kinds.map(|kind| number(KINDS, kind)), |row| document(row, 0))?;
            Ok(found.collect::<Result<_, _>>()?)
        })?;
        self.examine_those(&new).map(drop)
    }

    /// The matters whose id begins with these hexadecimal digits (hyphens may be left out), by id; at most
    /// [`MAX_PAGE`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn matters_by_prefix(&self, digits: &str) -> Result<Vec<MatterId>, StoreError> {
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
            let mut statement = connection.prepare_cached(
                "SELECT id FROM matter_row WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3",
            )?;
            let found =
                statement.query_map((first.as_bytes(), last.as_bytes(), limit), |row| document(row, 0))?;
            Ok(found.collect::<Result<_, _>>()?)
        })
    }
}

fn summary(row: &Row<'_>) -> rusqlite::Result<(MatterToken, MatterSummary)> {
    let day: String = row.get(4)?;
    let due: i64 = row.get(12)?;
    let summary = MatterSummary {
        id: document(row, 1)?,
        feature: row.get(2)?,
        home: code(row, 3)?.ok_or_else(|| unreadable(3))?,
        day: day.parse().map_err(|_| unreadable(4))?,
        point: code(row, 5)?,
        person: code(row, 6)?,
        about: row.get::<_, Option<[u8; 16]>>(7)?.map(|id| DocumentId(uuid::Uuid::from_bytes(id))),
        opener: code(row, 8)?.ok_or_else(|| unreadable(8))?,
        step: row.get(9)?,
        open: row.get(10)?,
        disputed: row.get(11)?,
        due: Some(Timestamp(due)).filter(|due| due.0 != i64::MAX),
        title: row.get(13)?,
        delivery: Delivery::default(),
    };
    Ok((MatterToken(row.get(0)?), summary))
}

/// Writes the row of a matter, and of what can be searched of it.
pub(crate) fn write(writing: &mut Writing<'_>, record: &MatterRecord) -> Result<(), StoreError> {
    let Some(opening) = record.opening() else { return Ok(()) };
    let reference = writing.reference()?;
    let state = fold(record, &reference);
    let n = match number_of(writing, record.id)? {
        Some(n) => n,
        None => free_n(writing, opening.at.at(), record.id)?,
    };
    writing.prepare_cached("DELETE FROM matter_row WHERE n = ?1")?.execute([n])?;
    writing
        .prepare_cached(
            "INSERT INTO matter_row VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(rusqlite::params![
            n,
            record.id.0.as_bytes(),
            record.feature,
            record.home.as_str(),
            record.day.to_string(),
            record.point.as_ref().map(|id| id.as_str()),
            record.person.as_ref().map(|id| id.as_str()),
            record.about.map(|id| id.0.into_bytes()),
            opening.by.as_str(),
            state.as_ref().map_or("", |state| state.step),
            state.as_ref().is_some_and(|state| !state.closed),
            state.as_ref().is_some_and(|state| !state.disputes.is_empty()),
            state.as_ref().and_then(|state| state.due).map_or(i64::MAX, |due| due.0),
            state.as_ref().map_or("", |state| state.title.as_str()),
            encode(record),
        ])?;
    writing.prepare_cached("DELETE FROM matter_search WHERE rowid = ?1")?.execute([n])?;
    writing
        .prepare_cached("INSERT INTO matter_search (rowid, words) VALUES (?1, ?2)")?
        .execute((n, words::index(&spoken(record, &reference))))?;
    writing.changed.matters.insert(record.id);
    Ok(())
}

/// Removes the row of a matter that is gone; nothing happens when there is none.
pub(crate) fn remove(writing: &mut Writing<'_>, id: MatterId) -> Result<(), StoreError> {
    if let Some(n) = number_of(writing, id)? {
        writing.prepare_cached("DELETE FROM matter_row WHERE n = ?1")?.execute([n])?;
        writing.prepare_cached("DELETE FROM matter_search WHERE rowid = ?1")?.execute([n])?;
        writing.changed.matters.insert(id);
    }
    Ok(())
}

/// Folds all again after the tenant's settings changed.
pub(crate) fn refold(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let records: Vec<MatterRecord> = writing
        .prepare_cached("SELECT record FROM matter_row")?
        .query_map([], |row| cbor(row, 0))?
        .collect::<Result<_, _>>()?;
    records.iter().try_for_each(|record| write(writing, record))
}

fn number_of(connection: &Connection, id: MatterId) -> Result<Option<i64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT n FROM matter_row WHERE id = ?1")?;
    Ok(statement.query_row([id.0.as_bytes()], |row| row.get(0)).optional()?)
}

fn free_n(connection: &Connection, opened: Timestamp, id: MatterId) -> Result<i64, StoreError> {
    let mut n = case_n(opened, id);
    let mut taken = connection.prepare_cached("SELECT 1 FROM matter_row WHERE n = ?1")?;
    while taken.exists([n])? {
        n += 1;
    }
    Ok(n)
}

/// What people wrote in it, and where it is.
fn spoken(record: &MatterRecord, reference: &Reference) -> String {
    let point = record.point.as_ref().and_then(|id| reference.points.get(id));
    let words = record.events.values().flat_map(|event| event.act.words());
    let place =
        point.map(|point| point.name.as_str()).into_iter().chain(record.point.as_ref().map(|id| id.as_str()));
    words.chain(place).collect::<Vec<_>>().join("\n")
}
