//! The projection: from documents and reference data to the rows that lists, search and ledgers read.

use crate::bundle;
use crate::case_words::{known_words, words_of, write_words};
use crate::cases::case_n;
use crate::columns::{LATENESSES, ROUNDS, SOURCES, STATUSES, cbor, document, number, signed};
use crate::contacts;
use crate::error::StoreError;
use crate::identity;
use crate::matters;
use crate::merging::settle_merges;
use crate::nearby;
use crate::writing::{Writing, load};
use rusqlite::{Connection, OptionalExtension, ToSql, TransactionBehavior, named_params};
use sanben_document::{Record, encode};
use sanben_domain::case::{CaseAct, CaseRecord, CaseState, PhotoRole, Status, fold, lateness};
use sanben_domain::id::{CaseId, DocumentId};
use sanben_domain::patrol::{PatrolRecord, fold_patrol};
use sanben_domain::reference::Reference;
use sanben_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// The form of the read model: raised whenever the tables, the words or the folds change.
const PROJECTION: u32 = 8;
const PROJECTION_KEY: &str = "projection";
/// The last document that a rebuild has reached; absent when it is complete.
const REBUILT_KEY: &str = "projection-rebuilt";
/// Documents or cases handled in one go while rebuilding.
pub(crate) const BATCH: i64 = 200;

/// Makes empty tables when the read model has another form. Says whether it is complete.
pub(crate) fn prepare(connection: &mut Connection) -> Result<bool, StoreError> {
    let form = PROJECTION.to_be_bytes();
    if identity::get(connection, PROJECTION_KEY)?.as_deref() != Some(&form) {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(include_str!("projection.sql"))?;
        identity::set(&tx, PROJECTION_KEY, Some(&form))?;
        identity::set(&tx, REBUILT_KEY, Some(&[]))?;
        tx.commit()?;
    }
    Ok(identity::get(connection, REBUILT_KEY)?.is_none())
}

/// Projects the next batch of documents; says whether there are more.
pub(crate) fn continue_rebuild(writing: &mut Writing<'_>) -> Result<bool, StoreError> {
    let Some(reached) = identity::get(writing, REBUILT_KEY)? else { return Ok(false) };
    if reached.is_empty() {
        let rows: Vec<_> = writing
            .prepare("SELECT body FROM reference_row WHERE kind IN ('point', 'cell')")?
            .query_map([], |row| cbor(row, 0))?
            .collect::<Result<_, _>>()?;
        rows.iter().try_for_each(|row| nearby::place(writing, row))?;
    }
    let ids: Vec<DocumentId> = writing
        .prepare_cached("SELECT id FROM document WHERE id > ?1 ORDER BY id LIMIT ?2")?
        .query_map((&reached, BATCH), |row| document(row, 0))?
        .collect::<Result<_, _>>()?;
    for id in &ids {
        // Past the hot set: a rebuild would only push everything else out.
        if let Some(document) = load(writing, *id)? {
            let record = document.content()?;
            project(writing, &record)?;
        }
    }
    settle_merges(writing)?;
    let next = ids.last().map(|id| id.0.as_bytes().as_slice());
    identity::set(writing, REBUILT_KEY, next)?;
    Ok(next.is_some())
}

/// Writes the rows of one document.
pub(crate) fn project(writing: &mut Writing<'_>, record: &Record) -> Result<(), StoreError> {
    match record {
        Record::Case(case) => {
            let reference = writing.reference()?;
            if let Some(state) = fold(case, &reference, None) {
                write_case(writing, case, &state, &reference)?;
            }
            writing.changed.cases.insert(case.id);
        }
        Record::Patrol(patrol) => {
            write_patrol(writing, patrol)?;
            writing.changed.patrols.insert(patrol.id);
        }
        Record::Contact(contact) => contacts::write(writing, contact)?,
        Record::Matter(matter) => matters::write(writing, matter)?,
    }
    Ok(())
}

/// Removes the rows of a document that is gone.
pub(crate) fn remove(writing: &mut Writing<'_>, id: DocumentId) -> Result<(), StoreError> {
    let gone: Option<(i64, Option<[u8; 16]>)> = writing
        .prepare_cached("DELETE FROM case_row WHERE id = ?1 RETURNING n, merged_into")?
        .query_row([id.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((n, merged_into)) = gone {
        writing.prepare_cached("DELETE FROM case_content WHERE n = ?1")?.execute([n])?;
        writing.prepare_cached("DELETE FROM case_search WHERE rowid = ?1")?.execute([n])?;
        writing.prepare_cached("DELETE FROM case_unread WHERE n = ?1")?.execute([n])?;
        writing.merges_moved |= merged_into.is_some();
        writing.changed.cases.insert(id);
    }
    if writing.prepare_cached("DELETE FROM patrol_row WHERE id = ?1")?.execute([id.0.as_bytes()])? > 0 {
        writing.changed.patrols.insert(id);
    }
    matters::remove(writing, id)?;
    contacts::remove(writing, id)
}

/// Folds again what changed reference data may show in another light.
pub(crate) fn refold(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    let what = std::mem::take(&mut writing.refold);
    if what.all {
        matters::refold(writing)?;
        // Those that nobody has looked into are many at once: a write would take too long.
        bundle::outdate_rows(writing)?;
        let mut reached = i64::MIN;
        loop {
            let numbers: Vec<i64> = writing
                .prepare_cached("SELECT n FROM case_row WHERE n > ?1 ORDER BY n LIMIT ?2")?
                .query_map((reached, BATCH), |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let Some(last) = numbers.last() else { return Ok(()) };
            reached = *last;
            refold_rows(writing, &numbers)?;
        }
    }
    let points = what.points.iter().map(|id| ("point", id.as_str()));
    let standards = what.standards.iter().map(|id| ("standard", id.as_str()));
    let people = what.people.iter().map(|id| ("handler", id.as_str()));
    for (column, id) in points.chain(standards).chain(people) {
        let select = match column {
            "point" => "SELECT n FROM case_row WHERE point = ?1",
            "standard" => "SELECT n FROM case_row WHERE standard = ?1",
            _ => "SELECT n FROM case_row WHERE handler = ?1",
        };
        let numbers: Vec<i64> =
            writing.prepare_cached(select)?.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
        bundle::look_into_rows(writing, &numbers)?;
        refold_rows(writing, &numbers)?;
    }
    Ok(())
}

fn refold_rows(writing: &mut Writing<'_>, numbers: &[i64]) -> Result<(), StoreError> {
    let reference = writing.reference()?;
    for n in numbers {
        let content: Option<(CaseRecord, Vec<u8>)> = writing
            .prepare_cached("SELECT record, state FROM case_content WHERE n = ?1")?
            .query_row([n], |row| Ok((cbor(row, 0)?, row.get(1)?)))
            .optional()?;
        // One that came in a bundle is folded when it is looked into.
        let Some((record, before)) = content else { continue };
        let Some(state) = fold(&record, &reference, None) else { continue };
        let words = words_of(&record, &reference).0;
        if encode(&state) != before || words.as_slice() != known_words(writing, *n)? {
            write_case(writing, &record, &state, &reference)?;
            writing.changed.cases.insert(record.id);
        }
    }
    Ok(())
}

fn write_case(
    writing: &mut Writing<'_>,
    record: &CaseRecord,
    state: &CaseState,
    reference: &Reference,
) -> Result<(), StoreError> {
    let before = writing
        .prepare_cached("SELECT n, merged_into, words FROM case_row WHERE id = ?1")?
        .query_row([record.id.0.as_bytes()], |row| {
            Ok(Before { n: row.get(0)?, merged_into: row.get(1)?, words: row.get(2)? })
        })
        .optional()?;
    let merged_into = state.merged.map(|(kept, _)| kept.0.into_bytes());
    // Also when it was merged before: the row is written as if no other record of the same problem had been merged into it.
    writing.merges_moved |=
        merged_into.is_some() || before.as_ref().is_some_and(|row| row.merged_into.is_some());
    let n = match &before {
        Some(before) => before.n,
        None => free_n(writing, state.reported.at.at(), record.id)?,
    };
    let words = if writing.words_later {
        writing.prepare_cached("INSERT OR IGNORE INTO case_unread VALUES (?1)")?.execute([n])?;
        before.as_ref().map(|before| before.words.clone()).unwrap_or_default()
    } else {
        write_words(writing, n, record, reference)?
    };
    let columns = CaseColumns::of(record, state);
    let place = (n, record.id, record.home.as_str());
    write_row(writing, place, &columns, &words, merged_into, before.is_some())?;
    writing
        .prepare_cached(
            "INSERT INTO case_content VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET record = excluded.record, state = excluded.state",
        )?
        .execute((n, encode(record), encode(state)))?;
    Ok(())
}

/// What there was of a case.
struct Before {
    n: i64,
    merged_into: Option<[u8; 16]>,
    words: Vec<u8>,
}

/// Runs a statement with those of the values that it names.
fn bind(connection: &Connection, sql: &str, values: &[(&str, &dyn ToSql)]) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    for (name, value) in values {
        if let Some(place) = statement.parameter_index(name)? {
            statement.raw_bind_parameter(place, value)?;
        }
    }
    statement.raw_execute()?;
    Ok(())
}

/// What lists show of a case by itself: a bundle brings it, so that they show it before anybody has looked into
/// the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CaseColumns {
    point: Option<String>,
    community: Option<String>,
    standard: Option<String>,
    handler_unit: Option<String>,
    handler: Option<String>,
    answered: Option<String>,
    reporter: String,
    source: i64,
    status: i64,
    open: bool,
    disputed: bool,
    due: i64,
    late_before: i64,
    late_after: i64,
    reported: i64,
    doubtful: bool,
    active: i64,
    times_found: i64,
    photos: i64,
    thumbnail: Option<ByteBuf>,
    place: Option<(i32, i32)>,
    description: String,
}

impl CaseColumns {
    pub(crate) fn of(record: &CaseRecord, state: &CaseState) -> Self {
        let active = record.events.values().map(|event| event.at.at()).max().unwrap_or_default();
        let shown = record.photos.iter().find(|(_, photo)| photo.role == PhotoRole::Before);
        let handler = state.handler.as_ref();
        Self {
            point: record.point.as_ref().map(|id| id.0.clone()),
            community: state.community.as_ref().map(|id| id.0.clone()),
            standard: record.standard.as_ref().map(|id| id.0.clone()),
            handler_unit: handler.and_then(|handler| handler.unit.as_ref()).map(|id| id.0.clone()),
            handler: handler.and_then(|handler| handler.person.as_ref()).map(|id| id.0.clone()),
            answered: state.answered_then.as_ref().map(|id| id.0.clone()),
            reporter: state.reported.by.0.clone(),
            source: number(SOURCES, state.source),
            status: number(STATUSES, state.unmerged),
            open: !state.unmerged.is_final(),
            disputed: state.disputed(),
            due: state.due.map_or(i64::MAX, |due| due.at.0),
            late_before: number(LATENESSES, lateness(state, Timestamp(i64::MIN))),
            late_after: number(LATENESSES, lateness(state, Timestamp(i64::MAX))),
            reported: state.reported.at.at().0,
            doubtful: state.reported.at.doubtful(),
            active: active.0,
            times_found: signed(state.findings.len() as u64),
            photos: signed(record.photos.len() as u64),
            thumbnail: shown.map(|(hash, _)| ByteBuf::from(hash.0.to_vec())),
            place: record.fix.map(|fix| (fix.coordinate.lat_e7, fix.coordinate.lon_e7)),
            description: record.description.clone(),
        }
    }
}

fn write_row(
    connection: &Connection,
    (n, id, home): (i64, CaseId, &str),
    columns: &CaseColumns,
    words: &[u8],
    merged_into: Option<[u8; 16]>,
    known: bool,
) -> Result<(), StoreError> {
    // A merge may fall to another record of the same problem: settle_merges looks at them together.
    let (status, open) = match merged_into {
        Some(_) => (number(STATUSES, Status::Merged), !Status::Merged.is_final()),
        None => (columns.status, columns.open),
    };
    let columns: &[(&str, &dyn ToSql)] = named_params! {
        ":n": n,
        ":id": id.0.as_bytes(),
        ":home": home,
        ":point": columns.point,
        ":community": columns.community,
        ":standard": columns.standard,
        ":handler_unit": columns.handler_unit,
        ":handler": columns.handler,
        ":answered": columns.answered,
        ":reporter": columns.reporter,
        ":source": columns.source,
        ":status": status,
        ":unmerged": columns.status,
        ":open": open,
        ":disputed": columns.disputed,
        ":due": columns.due,
        ":late_before": columns.late_before,
        ":late_after": columns.late_after,
        ":reported": columns.reported,
        ":doubtful": columns.doubtful,
        ":active": columns.active,
        ":times_found": columns.times_found,
        ":photos": columns.photos,
        ":thumbnail": columns.thumbnail.as_deref(),
        ":merged_into": merged_into,
        ":lat": columns.place.map(|(lat, _)| lat),
        ":lon": columns.place.map(|(_, lon)| lon),
        ":description": columns.description,
        ":words": words,
    };
    if known {
        // Two statements: SQLite touches every index whose columns an UPDATE names, changed or not, and each is
        // one page more to be made durable.
        bind(connection, include_str!("update_case.sql"), columns)?;
        return bind(connection, include_str!("move_case.sql"), columns);
    }
    bind(connection, include_str!("insert_case.sql"), columns)
}

/// Lists a case on the word of a bundle. Its words and content follow when it is looked into.
pub(crate) fn list(
    writing: &mut Writing<'_>,
    id: CaseId,
    home: &str,
    columns: &CaseColumns,
) -> Result<(), StoreError> {
    let n = free_n(writing, Timestamp(columns.reported), id)?;
    write_row(writing, (n, id, home), columns, &[], None, false)?;
    writing.changed.cases.insert(id);
    Ok(())
}

/// Takes a row that a bundle claimed out again where it has another number than the document's own report gives.
pub(crate) fn unlist_unless_reported(
    writing: &mut Writing<'_>,
    record: &CaseRecord,
) -> Result<(), StoreError> {
    let claimed: Option<i64> = writing
        .prepare_cached("SELECT reported FROM case_row WHERE id = ?1")?
        .query_row([record.id.0.as_bytes()], |row| row.get(0))
        .optional()?;
    let reports = record.events.values().filter(|event| matches!(event.act, CaseAct::Report { .. }));
    let mut instants = reports.map(|event| event.at.at().0);
    match claimed {
        Some(claimed) if !instants.any(|instant| instant == claimed) => remove(writing, record.id),
        _ => Ok(()),
    }
}

/// The first free number for a case that was reported then.
fn free_n(connection: &Connection, reported: Timestamp, id: CaseId) -> Result<i64, StoreError> {
    let mut n = case_n(reported, id);
    let mut taken = connection.prepare_cached("SELECT 1 FROM case_row WHERE n = ?1")?;
    while taken.exists([n])? {
        n += 1;
    }
    Ok(n)
}

fn write_patrol(connection: &Connection, record: &PatrolRecord) -> Result<(), StoreError> {
    let Some(state) = fold_patrol(record, None) else { return Ok(()) };
    connection
        .prepare_cached(
            "INSERT INTO patrol_row (id, home, team, day, round, record, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO UPDATE SET record = excluded.record, state = excluded.state",
        )?
        .execute((
            record.id.0.as_bytes(),
            record.home.as_str(),
            record.team.as_str(),
            record.day.to_string(),
            number(ROUNDS, record.round),
            encode(record),
            encode(&state),
        ))?;
    Ok(())
}
