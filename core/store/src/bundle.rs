//! Documents that came in a bundle, each kept as one save ([`crate::resting`]). A save from a bundle is taken in without
//! loading it, its list row on the server's word; it is looked into when somebody opens it, when something arrives
//! for it, when a question needs every case, or when the device is idle. What cannot be what it claims to be is
//! set aside, and its scopes are read from the log again.

use crate::arrive;
use crate::columns::{KINDS, cbor, document as document_id, number};
use crate::error::StoreError;
use crate::page::CONFIRMED;
use crate::project::{self, CaseColumns};
use crate::store::{Changed, Store};
use crate::writing::Writing;
use crate::{gone, life};
use crate::{identity, outbox};
use rusqlite::{Connection, OptionalExtension, Params};
use sanben_document::{Document, DocumentError, Record, encode};
use sanben_domain::case::fold;
use sanben_domain::id::DocumentId;
use sanben_domain::reference::Reference;
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_sync::bundle::{Offer, SignedOffer};
use sanben_sync::device::{Arrived, Page};
use sanben_sync::note::Noted;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Set when a bundle held what it should not: from then on this device reads the log.
const DISTRUSTED: &str = "bundles-distrusted";

/// Set while rows on a bundle's word may be older than the reference data.
const OUTDATED: &str = "bundle-rows-outdated";

/// Set when a scope was begun with a bundle.
const USED: &str = "bundles-used";

/// A document as it stands in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    id: DocumentId,
    kind: u8,
    home: String,
    /// The whole document, uncompressed.
    save: ByteBuf,
    /// The row of a case that can be listed as it is; without it, the document is looked into at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    row: Option<CaseColumns>,
}

impl Packed {
    /// Packs a document with the row that lists show of it.
    ///
    /// # Errors
    /// When its content cannot be read.
    pub fn of(document: &Document, reference: &Reference) -> Result<Self, DocumentError> {
        let record = document.record()?;
        let row = match &record {
            // Merges are settled together with other cases: from the record, not from a row.
            Record::Case(case) => fold(case, reference, None)
                .filter(|state| state.merged.is_none())
                .map(|state| CaseColumns::of(case, &state)),
            _ => None,
        };
        Ok(Self {
            id: record.id(),
            kind: u8::try_from(number(KINDS, record.kind())).unwrap_or(u8::MAX),
            home: record.home().as_str().to_owned(),
            save: ByteBuf::from(document.save()),
            row,
        })
    }

    /// About what it takes in a block, bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        const FIELDS: usize = 400;
        FIELDS + self.save.len()
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        self.id
    }
}

/// A bundle that is being fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// What is fetched.
    pub offer: SignedOffer,
    /// How many of its blocks are here.
    pub blocks: usize,
}

/// How far looking into saves has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examined {
    /// Documents looked into.
    pub documents: usize,
    /// Of those, not what they claimed to be.
    pub refused: usize,
    /// There are more.
    pub more: bool,
    /// What lists show of them may have changed.
    pub changed: Changed,
}

impl Store {
    /// Whether a bundle once held what it should not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn distrusts_bundles(&self) -> Result<bool, StoreError> {
        self.read(|connection| Ok(identity::get(connection, DISTRUSTED)?.is_some()))
    }

    /// The bundles that are being fetched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn bundles_begun(&self) -> Result<Vec<Begun>, StoreError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT offer, blocks FROM bundle ORDER BY scope")?;
            let rows = statement.query_map([], |row| {
                Ok(Begun { offer: cbor(row, 0)?, blocks: row.get::<_, u32>(1)? as usize })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Gives all bundles up that are being fetched.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn give_up_bundles(&self) -> Result<(), StoreError> {
        self.write(|writing| read_from_the_log(writing, "bundle", "", ()))
    }

    /// Gives a bundle up; what came of it stays, and the log brings the rest.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn give_up_bundle(&self, scope: &Scope) -> Result<(), StoreError> {
        self.write(|writing| read_from_the_log(writing, "bundle", "WHERE scope = ?1", [encode(scope)]))
    }

    /// Takes the next block of a bundle in; with the last one, its scope stands at the bundle's head, and what the offer
    /// says is `gone` goes, as if that had been read in the log. A block that was taken in before, or of a bundle that is not being fetched, changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of it was kept then.
    pub fn take_block(
        &self,
        offer: &Offer,
        block: usize,
        documents: &[Packed],
        gone: &[Noted],
    ) -> Result<Changed, StoreError> {
        let (changed, remnants) = self.write(|writing| {
            let scope = encode(&offer.scope);
            let next: Option<u32> = writing
                .prepare_cached("SELECT blocks FROM bundle WHERE scope = ?1")?
                .query_row([&scope], |row| row.get(0))
                .optional()?;
            if next.map(|next| next as usize) != Some(block) {
                return Ok((writing.finish()?, false));
            }
            let ids = documents.iter().map(Packed::id).collect();
            let erased = gone::erased_among(writing, ids)?;
            for packed in documents.iter().filter(|packed| !erased.contains(&packed.id)) {
                take(writing, packed, &offer.scope, &scope)?;
            }
            let trusted = writing
                .prepare_cached("UPDATE bundle SET blocks = blocks + 1 WHERE scope = ?1")?
                .execute([&scope])?
                > 0;
            if trusted && block + 1 >= offer.blocks.len() {
                let (head, seq) = (encode(&offer.head), crate::columns::signed(offer.head.seq));
                writing
                    .prepare_cached(
                        "INSERT INTO cursor (scope, seq, link, head) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                    )?
                    .execute((&scope, seq, offer.head.link.0, head))?;
                writing.prepare_cached("DELETE FROM lost_scope WHERE scope = ?1")?.execute([&scope])?;
                writing.prepare_cached("DELETE FROM bundle WHERE scope = ?1")?.execute([&scope])?;
                identity::set(writing, CONFIRMED, None)?;
                identity::set(writing, USED, Some(&[1]))?;
                gone::erase(writing, gone, Some(offer.epoch), self.files())?;
                // What it says is all there is to say of this scope.
                writing.prepare_cached("DELETE FROM taken_back WHERE scope = ?1")?.execute([&scope])?;
                gone::take_back(writing, &[], gone, self.files())?;
            }
            Ok((writing.finish()?, gone::remnants(writing)?))
        })?;
        if remnants {
            // What could not be scrubbed now is scrubbed another time.
            let _ = self.scrub();
        }
        Ok(changed)
    }

    /// Looks into saves that nobody has looked into, the newest first, at most so many: for a device that is idle.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn examine(&self, limit: usize) -> Result<Examined, StoreError> {
        // Without a write when there is nothing to do.
        if !self.read(any_unexamined)? && !self.outdated_rows()? {
            return Ok(Examined::default());
        }
        self.write(|writing| {
            let ids: Vec<DocumentId> = writing
                .prepare_cached("SELECT document FROM saved WHERE hashes IS NULL ORDER BY n LIMIT ?1")?
                .query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| document_id(row, 0))?
                .collect::<Result<_, _>>()?;
            let mut examined = Examined { documents: ids.len(), ..Examined::default() };
            for id in ids {
                examined.refused += usize::from(!look_into(writing, id)?);
            }
            examined.changed = writing.finish()?;
            examined.more = any_unexamined(writing)?;
            if !examined.more {
                identity::set(writing, OUTDATED, None)?;
            }
            Ok(examined)
        })
    }

    /// Whether lists show rows on a bundle's word that the reference data of today may show in another light: until
    /// their documents are looked into ([`Store::examine`]), which may take a while.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn outdated_rows(&self) -> Result<bool, StoreError> {
        self.read(|connection| Ok(identity::get(connection, OUTDATED)?.is_some()))
    }

    /// Looks into everything: for a question that needs every case.
    pub(crate) fn examine_all(&self) -> Result<(), StoreError> {
        const BATCH: usize = 500;
        while self.examine(BATCH)?.more {}
        Ok(())
    }

    /// Looks into those of some documents that nobody has looked into: says whether all are what they claimed to be.
    pub(crate) fn examine_those(&self, ids: &BTreeSet<DocumentId>) -> Result<bool, StoreError> {
        let new = self.read(|connection| {
            let mut new = Vec::new();
            for id in ids {
                if unexamined(connection, *id)? {
                    new.push(*id);
                }
            }
            Ok(new)
        })?;
        if new.is_empty() {
            return Ok(true);
        }
        self.write(|writing| {
            let mut sound = true;
            for id in new {
                sound &= look_into(writing, id)?;
            }
            writing.finish()?;
            Ok(sound)
        })
    }
}

fn any_unexamined(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM saved WHERE hashes IS NULL LIMIT 1")?.exists([])?)
}

/// The reference data moved in a way that may show in every row.
pub(crate) fn outdate_rows(writing: &mut Writing<'_>) -> Result<(), StoreError> {
    if any_unexamined(writing)? {
        identity::set(writing, OUTDATED, Some(&[1]))?;
    }
    Ok(())
}

/// Looks into those of some listed cases that nobody has looked into: what they fold with has moved.
pub(crate) fn look_into_rows(writing: &mut Writing<'_>, numbers: &[i64]) -> Result<(), StoreError> {
    for n in numbers {
        let id: Option<DocumentId> = writing
            .prepare_cached(
                "SELECT c.id FROM case_row c JOIN saved s ON s.document = c.id WHERE c.n = ?1 AND s.hashes IS NULL",
            )?
            .query_row([n], |row| document_id(row, 0))
            .optional()?;
        if let Some(id) = id {
            look_into(writing, id)?;
        }
    }
    Ok(())
}

fn unexamined(connection: &Connection, id: DocumentId) -> Result<bool, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM saved WHERE document = ?1 AND hashes IS NULL")?;
    Ok(statement.exists([id.0.as_bytes()])?)
}

fn take(
    writing: &mut Writing<'_>,
    packed: &Packed,
    scope: &Scope,
    scope_bytes: &[u8],
) -> Result<(), StoreError> {
    let key = packed.id.0.as_bytes();
    let new = writing.prepare_cached("INSERT OR IGNORE INTO document VALUES (?1, ?2, ?3)")?.execute((
        key,
        packed.kind,
        &packed.home,
    ))? > 0;
    writing
        .prepare_cached("INSERT OR IGNORE INTO document_scope (document, scope) VALUES (?1, ?2)")?
        .execute((key, scope_bytes))?;
    if !new {
        return join(writing, packed, scope);
    }
    writing
        .prepare_cached("INSERT INTO saved (document, bytes) VALUES (?1, ?2)")?
        .execute((key, packed.save.as_ref()))?;
    match &packed.row {
        Some(row) => project::list(writing, packed.id, &packed.home, row),
        None => look_into(writing, packed.id).map(drop),
    }
}

/// The document is here already, from elsewhere or by own work: what is new in the bundle arrives as if from the log.
fn join(writing: &mut Writing<'_>, packed: &Packed, scope: &Scope) -> Result<(), StoreError> {
    if same_save(writing, packed)? {
        return brought_whole(writing, packed.id);
    }
    let Ok(document) = Document::load(&packed.save) else { return distrust(writing, packed.id) };
    let mut fresh = Vec::new();
    let mut held = Vec::new();
    settle_down(writing, packed.id)?;
    for (hash, bytes) in document.changes() {
        if crate::writing::holds(writing, packed.id, hash)? {
            held.push(hash);
        } else {
            fresh.push(Arrived {
                scope: scope.clone(),
                seq: outbox::ELSEWHERE,
                received: Timestamp::default(),
                document: packed.id,
                hash,
                bytes: Some(bytes),
            });
        }
    }
    // Own work that waits hears of its number with the next request, which sends it again.
    held.into_iter().try_for_each(|hash| life::brought(writing, packed.id, hash))?;
    arrive::apply(writing, &fresh)
}

/// The present life has all that is in a save.
fn brought_whole(writing: &Writing<'_>, id: DocumentId) -> Result<(), StoreError> {
    let sql = "DELETE FROM doubted WHERE document = ?1 AND hash NOT IN (SELECT hash FROM change WHERE document = ?1)";
    writing.prepare_cached(sql)?.execute([id.0.as_bytes()])?;
    Ok(())
}

fn same_save(writing: &Writing<'_>, packed: &Packed) -> Result<bool, StoreError> {
    let mut statement = writing.prepare_cached("SELECT 1 FROM saved WHERE document = ?1 AND bytes = ?2")?;
    Ok(statement.exists((packed.id.0.as_bytes(), packed.save.as_ref()))?)
}

/// Looks into a save before something happens to its document; nothing for any other document.
pub(crate) fn settle_down(writing: &mut Writing<'_>, id: DocumentId) -> Result<(), StoreError> {
    if unexamined(writing, id)? {
        look_into(writing, id)?;
    }
    Ok(())
}

/// Loads a save, whose changes have to be those that its heads name, notes which they are, and writes what lists
/// and questions read from the document itself. `false` when it is not what it claims to be.
fn look_into(writing: &mut Writing<'_>, id: DocumentId) -> Result<bool, StoreError> {
    let key = id.0.as_bytes();
    let (bytes, kind, home): (Vec<u8>, i64, String) = writing
        .prepare_cached(
            "SELECT s.bytes, d.kind, d.home FROM saved s JOIN document d ON d.id = s.document
             WHERE s.document = ?1",
        )?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let read = Document::load(&bytes).and_then(|document| Ok((document.record()?, document)));
    let fits = |record: &Record| {
        record.id() == id && number(KINDS, record.kind()) == kind && record.home().as_str() == home
    };
    let (record, document) = match read {
        Ok((record, document)) if fits(&record) => (record, document),
        _ => {
            distrust(writing, id)?;
            return Ok(false);
        }
    };
    let hashes: Vec<u8> = document.changes().iter().flat_map(|(hash, _)| hash.0).collect();
    writing.prepare_cached("UPDATE saved SET hashes = ?2 WHERE document = ?1")?.execute((key, hashes))?;
    if let Record::Case(case) = &record {
        project::unlist_unless_reported(writing, case)?;
    }
    project::project(writing, &record)?;
    Ok(true)
}

/// A save is not what the bundle claimed: it is set aside, the scopes it came through are read from the log, and no
/// bundle is asked for any more.
fn distrust(writing: &mut Writing<'_>, id: DocumentId) -> Result<(), StoreError> {
    let key = id.0.as_bytes();
    let save: Option<Vec<u8>> = writing
        .prepare_cached("SELECT bytes FROM saved WHERE document = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    if let Some(save) = save {
        let hash: [u8; 32] = Sha256::digest(&save).into();
        writing
            .prepare_cached("INSERT OR IGNORE INTO past_change VALUES (?1, ?2, ?3)")?
            .execute((key, hash, save))?;
        writing.drop_document(id)?;
    }
    for table in ["cursor", "bundle"] {
        let of = "WHERE scope IN (SELECT scope FROM document_scope WHERE document = ?1)";
        read_from_the_log(writing, table, of, [key])?;
    }
    identity::set(writing, CONFIRMED, None)?;
    identity::set(writing, DISTRUSTED, Some(&[1]))
}

/// Drops cursors, or bundles that were begun, so that the log of their scopes is read from its first entry. When it has
/// been read and a scope among them did not come, that one is lost: a server names as lost only what has a cursor.
fn read_from_the_log(
    writing: &mut Writing<'_>,
    table: &str,
    of: &str,
    values: impl Params,
) -> Result<(), StoreError> {
    let scopes: Vec<Scope> = writing
        .prepare_cached(&format!("DELETE FROM {table} {of} RETURNING scope"))?
        .query_map(values, |row| cbor(row, 0))?
        .collect::<Result<_, _>>()?;
    life::unless_brought(writing, scopes)
}

/// Something arrived from the log that builds on what is not here: where bundles were used, one of them had left it
/// out. The scopes of the page are read from the log then, which brings the foundation; says whether they are.
pub(crate) fn doubt(writing: &mut Writing<'_>, page: &Page) -> Result<bool, StoreError> {
    if identity::get(writing, USED)?.is_none() || identity::get(writing, DISTRUSTED)?.is_some() {
        return Ok(false);
    }
    let missing = DocumentError::MissingDependency.to_string();
    let mut aside = false;
    for entry in &page.changes {
        let sql = "SELECT 1 FROM quarantine WHERE document = ?1 AND reason = ?2";
        aside |= writing.prepare_cached(sql)?.exists((entry.document.0.as_bytes(), &missing))?;
    }
    if !aside {
        return Ok(false);
    }
    for (scope, ..) in &page.cursors {
        read_from_the_log(writing, "cursor", "WHERE scope = ?1", [encode(scope)])?;
    }
    identity::set(writing, CONFIRMED, None)?;
    identity::set(writing, DISTRUSTED, Some(&[1]))?;
    Ok(true)
}
