//! Applying a checked answer: verdicts, arrived changes, reference data, cursors and lost scopes in one
//! transaction, so that resuming and retrying need nothing else.

use crate::columns::{cbor, change_hash, count, document, signed};
use crate::error::StoreError;
use crate::outbox::{self, OutboxId};
use crate::store::{Changed, Store};
use crate::writing::Writing;
use crate::{arrive, attention, bundle, gone, handed_on, identity, life, purge, reference};
use rusqlite::OptionalExtension;
use sanben_document::{ChangeHash, decode, encode};
use sanben_domain::id::{DocumentId, Epoch};
use sanben_domain::reference::ReferenceUpdate;
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Timestamp;
use sanben_sync::chain::{Link, SignedHead};
use sanben_sync::device::{Arrived, Cursor, Page, Standing};
use sanben_sync::manifest::Cited;
use sanben_sync::note::Noted;
use sanben_sync::wire::{MAX_HANDED_ON, MAX_IN_REVIEW, Rejection, Verdict};
use std::collections::{BTreeMap, HashMap};

pub(crate) const EPOCH: &str = "epoch";
pub(crate) const CONFIRMED: &str = "confirmed";
const OFFSET: &str = "clock-offset";
/// The device's clock at the last page, and the last outbox row of then.
const SYNCED: &str = "clock-synced";

impl Store {
    /// Where this device stands.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn standing(&self) -> Result<Standing, StoreError> {
        self.read(|connection| {
            let epoch = identity::get(connection, EPOCH)?
                .map(|bytes| uuid::Uuid::from_slice(&bytes))
                .transpose()
                .map_err(|_| StoreError::Corrupt("the epoch is unreadable".to_owned()))?
                .map(Epoch);
            let mut statement = connection.prepare_cached("SELECT scope, seq, link FROM cursor")?;
            let cursors = statement
                .query_map([], |row| {
                    Ok((cbor(row, 0)?, Cursor { seq: count(row, 1)?, link: Link(row.get(2)?) }))
                })?
                .collect::<Result<_, _>>()?;
            let confirmed = identity::get(connection, CONFIRMED)?.is_some();
            let mut statement =
                connection.prepare_cached("SELECT hash FROM outbox WHERE state = 4 ORDER BY id")?;
            let in_review = statement.query_map([], |row| change_hash(row, 0))?;
            let in_review = in_review.take(MAX_IN_REVIEW).collect::<Result<_, _>>()?;
            let handed_on = attention::all_handed_on(connection)?
                .into_iter()
                .map(|row| (row.document, row.intent.event))
                .take(MAX_HANDED_ON)
                .collect();
            Ok(Standing { epoch, cursors, confirmed, in_review, handed_on })
        })
    }

    /// The signed heads that were kept, by scope: the proof of what the server once said.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn heads(&self) -> Result<Vec<(Scope, SignedHead)>, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT scope, head FROM cursor")?;
            let rows = statement.query_map([], |row| Ok((cbor(row, 0)?, cbor(row, 1)?)))?;
            let mut heads: Vec<(Scope, SignedHead)> = rows.collect::<Result<_, _>>()?;
            heads.sort_by(|(a, _), (b, _)| a.cmp(b));
            Ok(heads)
        })
    }

    /// Server clock minus device clock in milliseconds, as measured by the last page; `None` before any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn clock_offset(&self) -> Result<Option<i64>, StoreError> {
        let (known, generation) = {
            let remembered = self.remembered();
            (remembered.clock_offset, remembered.generation)
        };
        if let Some(offset) = known {
            return Ok(offset);
        }
        let bytes = self.read(|connection| identity::get(connection, OFFSET))?;
        let offset = bytes.and_then(|bytes| Some(i64::from_be_bytes(bytes.try_into().ok()?)));
        let mut remembered = self.remembered();
        if remembered.generation == generation {
            remembered.clock_offset = Some(offset);
        }
        Ok(offset)
    }

    /// The latest that this device's clock is known to have shown since it was last compared with the
    /// server's: then, or in what was recorded since. A clock that shows less was set back, even while
    /// nobody was looking. `None` before any sync.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn clock_seen(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|connection| {
            let synced = identity::get(connection, SYNCED)?.and_then(|bytes| decode::<(i64, i64)>(&bytes));
            let Some((synced, row)) = synced else { return Ok(None) };
            let mut statement =
                connection.prepare_cached("SELECT max(recorded) FROM outbox WHERE id > ?1")?;
            let recorded: Option<i64> = statement.query_row([row], |row| row.get(0))?;
            Ok(Some(Timestamp(recorded.map_or(synced, |recorded| recorded.max(synced)))))
        })
    }

    /// Applies a page, whole or not at all; applying it twice changes nothing. `now` is the device's clock
    /// at the middle of the round trip. A change that cannot be applied is set aside
    /// ([`Store::quarantined`]) and stops nothing.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of the page was kept and the next request asks for it again.
    pub fn apply(&self, page: &Page, now: Timestamp) -> Result<Changed, StoreError> {
        // A save that is not what it claimed to be takes its scope's cursor with it: the page does not fit then, and
        // the next request asks for it again.
        let documents = page.changes.iter().map(|entry| entry.document).collect();
        if !self.examine_those(&documents)? {
            return Ok(Changed::default());
        }
        let applied = self.write(|writing| {
            // First: a refusal of what was erased finds nothing any more. One without the server's word is as any other.
            gone::erase_refused(writing, &page.erased, page.epoch, self.files())?;
            apply_verdicts(writing, page)?;
            gone::erase(writing, &page.notes, Some(page.epoch), self.files())?;
            arrive::apply(writing, &page.changes)?;
            handed_on::told(writing, &page.taken_over, page.now)?;
            if page.cursors.iter().any(|(scope, ..)| scope.class == ScopeClass::Reference) {
                reference::begin_again(writing)?;
            }
            page.references.iter().try_for_each(|update| reference::update(writing, update))?;
            stand(writing, page)?;
            identity::set(writing, OFFSET, Some(&page.now.since(now).to_be_bytes()))?;
            let last: i64 = writing
                .prepare_cached("SELECT coalesce(max(id), 0) FROM outbox")?
                .query_row([], |row| row.get(0))?;
            identity::set(writing, SYNCED, Some(&encode(&(now.0, last))))?;
            let whole = !bundle::doubt(writing, page)? && !page.more;
            let lost = lost(writing, page, whole)?;
            purge::lost(writing, &lost, self.files())?;
            if whole {
                life::settle(writing, self.files())?;
                purge::unscoped(writing, self.files())?;
            }
            if !lost.is_empty() {
                purge::forget_past(writing)?;
            }
            gone::take_back(writing, &page.changes, &page.notes, self.files())?;
            Ok((writing.finish()?, gone::remnants(writing)?))
        });
        // Whatever became of it: what is asked next is read from the file.
        self.remembered().forget();
        let (changed, remnants) = applied?;
        if remnants {
            // The page is applied; what could not be scrubbed now is scrubbed another time.
            let _ = self.scrub();
        }
        Ok(changed)
    }

    /// The server's side: the same projection from its own log, without an outbox. `position` names how far
    /// a log was read and is kept in the same transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn apply_log(
        &self,
        entries: &[Arrived],
        references: &[ReferenceUpdate],
        position: (&str, u64),
    ) -> Result<Changed, StoreError> {
        self.follow_log(entries, &[], references, position)
    }

    /// As [`Store::apply_log`], with what the log says beside changes and reference data.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn follow_log(
        &self,
        entries: &[Arrived],
        notes: &[Noted],
        references: &[ReferenceUpdate],
        position: (&str, u64),
    ) -> Result<Changed, StoreError> {
        let (changed, remnants) = self.write(|writing| {
            // Before the changes: their fold wants the reference data that they were accepted under.
            references.iter().try_for_each(|update| reference::update(writing, update))?;
            gone::erase(writing, notes, None, self.files())?;
            arrive::apply(writing, entries)?;
            gone::take_back(writing, entries, notes, self.files())?;
            writing
                .prepare_cached(
                    "INSERT INTO position VALUES (?1, ?2) ON CONFLICT DO UPDATE SET seq = excluded.seq",
                )?
                .execute((position.0, signed(position.1)))?;
            Ok((writing.finish()?, gone::remnants(writing)?))
        })?;
        if remnants {
            let _ = self.scrub();
        }
        Ok(changed)
    }

    /// How far a log was read; 0 before any.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn position(&self, key: &str) -> Result<u64, StoreError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached("SELECT seq FROM position WHERE key = ?1")?;
            Ok(statement.query_row([key], |row| count(row, 0)).optional()?.unwrap_or_default())
        })
    }
}

fn apply_verdicts(writing: &mut Writing<'_>, page: &Page) -> Result<(), StoreError> {
    // A verdict that was taken in before finds nothing pending and changes nothing.
    let pending: HashMap<ChangeHash, (OutboxId, DocumentId)> = writing
        .prepare_cached("SELECT hash, id, document FROM outbox WHERE state IN (0, 4)")?
        .query_map([], |row| Ok((change_hash(row, 0)?, (OutboxId(row.get(1)?), document(row, 2)?))))?
        .collect::<Result<_, _>>()?;
    let received: HashMap<ChangeHash, Timestamp> =
        page.changes.iter().map(|entry| (entry.hash, entry.received)).collect();
    let mut refused: BTreeMap<DocumentId, BTreeMap<ChangeHash, Rejection>> = BTreeMap::new();
    for (hash, verdict) in &page.verdicts {
        let Some((id, of)) = pending.get(hash).copied() else { continue };
        match verdict {
            Verdict::Accepted { seq } => {
                let at = received.get(hash).copied().unwrap_or(page.now);
                outbox::accept(writing, id, of, *seq, at)?;
                purge::passed(writing, of, *seq)?;
                life::brought(writing, of, *hash)?;
            }
            Verdict::Rejected(rejection) => {
                refused.entry(of).or_default().insert(*hash, rejection.clone());
            }
            Verdict::Review { why } => outbox::review(writing, id, of, why, page.now)?,
            Verdict::Later => {}
        }
    }
    for (of, refusals) in refused {
        attention::reject(writing, of, &refusals, page.now)?;
    }
    Ok(())
}

/// The scopes that are lost with this page: those it names, and with the last one, when the `whole` log has been read,
/// those that were held before it was read anew and did not come back.
fn lost(writing: &mut Writing<'_>, page: &Page, whole: bool) -> Result<Vec<Scope>, StoreError> {
    let mut lost = page.lost.clone();
    if whole {
        for scope in life::held_before(writing)? {
            let mut statement = writing.prepare_cached("SELECT 1 FROM cursor WHERE scope = ?1")?;
            if !statement.exists([encode(&scope)])? {
                lost.push(scope);
            }
        }
        // Half of a bundle, of a scope that is not held any more.
        let begun: Vec<Scope> = writing
            .prepare_cached("SELECT scope FROM bundle")?
            .query_map([], |row| cbor(row, 0))?
            .collect::<Result<_, _>>()?;
        lost.extend(begun);
        writing.execute("DELETE FROM bundle", [])?;
    }
    Ok(lost)
}

fn stand(writing: &mut Writing<'_>, page: &Page) -> Result<(), StoreError> {
    identity::set(writing, EPOCH, Some(page.epoch.0.as_bytes().as_slice()))?;
    let published = |scope: &Scope| matches!(scope.class, ScopeClass::Reference | ScopeClass::People);
    let moved = page.cursors.iter().any(|(scope, _, _)| published(scope));
    for (scope, cursor, head) in &page.cursors {
        let scope = encode(scope);
        writing
            .prepare_cached(
                "INSERT INTO cursor VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE
                 SET seq = excluded.seq, link = excluded.link, head = excluded.head
                 WHERE excluded.seq >= cursor.seq",
            )?
            .execute((&scope, signed(cursor.seq), cursor.link.0, encode(head)))?;
        writing.prepare_cached("DELETE FROM lost_scope WHERE scope = ?1")?.execute([&scope])?;
        // The log was read instead.
        writing.prepare_cached("DELETE FROM bundle WHERE scope = ?1")?.execute([&scope])?;
    }
    for (scope, offer) in &page.bundles {
        writing
            .prepare_cached(
                "INSERT INTO bundle (scope, offer, blocks) VALUES (?1, ?2, 0) ON CONFLICT DO NOTHING",
            )?
            .execute((encode(scope), encode(offer)))?;
    }
    if moved {
        let mut cited: Vec<Cited> = writing
            .prepare_cached("SELECT scope, seq, link FROM cursor")?
            .query_map([], |row| {
                Ok(Cited { scope: cbor(row, 0)?, seq: count(row, 1)?, link: Link(row.get(2)?) })
            })?
            .collect::<Result<_, _>>()?;
        cited.retain(|cited| published(&cited.scope));
        cited.sort();
        writing.prepare_cached("INSERT INTO cited (heads) VALUES (?1)")?.execute([encode(&cited)])?;
    }
    identity::set(writing, CONFIRMED, page.confirmed.then_some(&[1]))
}
