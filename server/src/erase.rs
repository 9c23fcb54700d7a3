//! Erasing: a contact, or on the desk's explicit word a whole case, leaves the log. Its bytes go, its hashes stay, so that
//! every chain still verifies; in each scope that it has been in the server's signed word says so, and whoever reads
//! that drops it. Nothing of it comes back in: not from its author, not by hand, not after a restore. Devices keep the
//! word, and show it to a log that was put back to a state from before.
//!
//! Earlier backups and exported logs still hold what was erased. They are files of the desk, and the desk has to
//! see to them.

use crate::hex;
use crate::log::{Decision, LogError, Transaction};
use crate::review::{InReview, in_review};
use crate::tenant::{Server, ServerError};
use crate::trail::DeskAct;
use sanben_document::{Document, Kind, Record};
use sanben_domain::id::{CaseId, ContactId, DocumentId, PhotoHash};
use sanben_domain::rights::ScopeClass;
use sanben_domain::time::Timestamp;
use sanben_sync::note::Erasure;
use sanben_sync::wire::{EntryBody, Rejection};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};

/// In the server's folder: what it has erased, in its own signed words. Kept beside the backups it makes a restore erase
/// again what an older backup still holds.
pub const ERASED_LIST: &str = "erased.list";
/// A request proves no more erasures than this at once; the device shows the others with the next.
const MAX_PROVEN: usize = 200;
/// Scopes are read in pages of about this many bytes.
const PAGE_BYTES: usize = 1024 * 1024;

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Erased {
    /// The document, and with a case its contacts.
    pub documents: Vec<DocumentId>,
    /// Photos that nothing else cites: their files are gone.
    pub photos: u64,
    /// Whether nothing of it is left in the files of the log. Otherwise somebody else was reading, or there was no room:
    /// it is tried again whenever the server starts.
    pub scrubbed: bool,
}

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The log has no such document.
    #[error("{0} is not in the log: give the whole id, as `field show` has it")]
    Unknown(DocumentId),
    /// It was erased before.
    #[error("{0} was erased before")]
    Already(DocumentId),
    /// It is a case, and nobody said that a whole case may go.
    #[error("{0} is a case: void it, or say that the whole case has to go")]
    WholeCase(DocumentId),
    /// Patrols hold nothing about residents.
    #[error("{0} is a patrol: only contacts and cases can be erased")]
    Patrol(DocumentId),
    /// A line of the list is not this server's word.
    #[error("line {0} of the list is not this server's word: take the list of its own folder")]
    List(usize),
    /// An erasure needs its reason.
    #[error("say why: it is kept in the trail")]
    NoReason,
    /// The server failed.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl From<LogError> for EraseError {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

/// What has to be cleared away once an erasure is durable.
#[derive(Debug, Default)]
pub(crate) struct Cleared {
    pub(crate) erased: Vec<Erasure>,
    photos: Vec<PhotoHash>,
    /// Something of it was in the log or in review, and so in files made from it.
    held: bool,
}

impl Cleared {
    /// Takes in what else has to be cleared away.
    pub(crate) fn and(&mut self, other: Self) {
        self.erased.extend(other.erased);
        self.photos.extend(other.photos);
        self.held |= other.held;
    }
}

impl Server {
    /// Erases a contact; with `whole_case` also a case, and with it its contacts.
    ///
    /// # Errors
    /// [`EraseError`]; nothing was erased then.
    pub fn erase(&self, document: DocumentId, whole_case: bool, reason: &str) -> Result<Erased, EraseError> {
        if reason.trim().is_empty() {
            return Err(EraseError::NoReason);
        }
        let now = self.now();
        let mut tx = self.log.begin()?;
        if tx.erased(document)?.is_some() {
            return Err(EraseError::Already(document));
        }
        let record = record(&*tx, document)?.ok_or(EraseError::Unknown(document))?;
        match record.kind() {
            // What a resident said is theirs, as how to reach them is.
            Kind::Contact | Kind::ResidentMatter => {}
            Kind::Matter | Kind::DisciplineMatter if whole_case => {}
            Kind::Case if whole_case => {}
            Kind::Case | Kind::Matter | Kind::DisciplineMatter => {
                return Err(EraseError::WholeCase(document));
            }
            Kind::Patrol => return Err(EraseError::Patrol(document)),
        }
        let cleared = self.erase_all(&mut *tx, &[Erasure::sign(document, now, &self.secret)], now)?;
        let documents: Vec<DocumentId> = cleared.erased.iter().map(|erasure| erasure.document).collect();
        let named = documents.iter().map(ToString::to_string);
        self.deed(&mut *tx, DeskAct::Erase, named, reason)?;
        tx.commit()?;
        let scrubbed = self.clear_away(&cleared);
        tracing::info!(documents = documents.len(), photos = cleared.photos.len(), "erased");
        Ok(Erased { documents, photos: cleared.photos.len() as u64, scrubbed })
    }

    /// Erases again what a list names that a server wrote beside its log ([`ERASED_LIST`]): after a restore. Gives how
    /// many documents were erased again.
    ///
    /// # Errors
    /// When the log cannot be written, or a line of the list is not this server's word.
    pub fn erase_listed(&self, list: &str) -> Result<u64, EraseError> {
        let mut erasures = Vec::new();
        for (number, line) in (1..).zip(list.lines().filter(|line| !line.trim().is_empty())) {
            let erasure = listed(line).filter(|erasure| erasure.verify(&self.secret.public()));
            erasures.push(erasure.ok_or(EraseError::List(number))?);
        }
        let mut tx = self.log.begin()?;
        let cleared = self.erase_proven(&mut *tx, &erasures, self.now())?;
        tx.commit()?;
        self.clear_away(&cleared);
        // What this log knew already belongs into the list beside it, too.
        self.list(&erasures);
        Ok(cleared.erased.len() as u64)
    }

    /// Writes what was erased beside the log, each document once, for a restore. The log has it too: this is for when the
    /// log is lost.
    fn list(&self, erasures: &[Erasure]) {
        let list = std::fs::read_to_string(self.dir.join(ERASED_LIST)).unwrap_or_default();
        let mut listed: BTreeSet<DocumentId> =
            list.lines().filter_map(listed).map(|erasure| erasure.document).collect();
        let new = erasures.iter().filter(|erasure| listed.insert(erasure.document));
        let lines: String = new.map(|erasure| hex::write(&sanben_document::encode(erasure)) + "\n").collect();
        if lines.is_empty() {
            return;
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(self.dir.join(ERASED_LIST)).and_then(|mut file| {
            file.write_all(lines.as_bytes())?;
            file.sync_all()
        });
        if let Err(error) = written {
            tracing::error!(%error, "the list of what was erased cannot be written; it is in the log only");
        }
    }

    /// Writes into the list what the log says was erased and a crash or a full disk kept out of it.
    pub(crate) fn complete_list(&self) {
        match self.log.read().and_then(|view| view.all_erased()) {
            Ok(erasures) => self.list(&erasures),
            Err(error) => tracing::error!(%error, "whether the list of what was erased is whole is unknown"),
        }
    }

    /// Of what a device shows, this server's own words: verified before anything waits for it.
    pub(crate) fn proven(&self, shown: &[Erasure]) -> Vec<Erasure> {
        let own = shown.iter().take(MAX_PROVEN).filter(|erasure| erasure.verify(&self.secret.public()));
        own.cloned().collect()
    }

    /// Erases again what was erased in a life of the log that was lost, by words that were [`proven`](Self::proven).
    pub(crate) fn erase_proven(
        &self,
        tx: &mut dyn Transaction,
        proofs: &[Erasure],
        now: Timestamp,
    ) -> Result<Cleared, LogError> {
        let mut unknown: Vec<Erasure> = Vec::new();
        for erasure in proofs {
            let named = unknown.iter().any(|other| other.document == erasure.document);
            if !named && tx.erased(erasure.document)?.is_none() {
                unknown.push(erasure.clone());
            }
        }
        let cleared = self.erase_all(tx, &unknown, now)?;
        if !cleared.erased.is_empty() {
            let again = cleared.erased.iter().map(|erasure| erasure.document.to_string());
            self.deed(tx, DeskAct::EraseAgain, again, "")?;
            tracing::warn!(
                documents = cleared.erased.len(),
                "erased again: the log was older than their erasure"
            );
        }
        Ok(cleared)
    }

    /// Erases documents that were not erased before, and with a case its contacts: wherever they lie, in review too.
    fn erase_all(
        &self,
        tx: &mut dyn Transaction,
        erasures: &[Erasure],
        now: Timestamp,
    ) -> Result<Cleared, LogError> {
        let mut cleared = Cleared::default();
        if erasures.is_empty() {
            return Ok(cleared);
        }
        let waiting = in_review(&*tx, tx.open_reviews()?)?;
        let mut all: BTreeMap<DocumentId, Erasure> =
            erasures.iter().map(|erasure| (erasure.document, erasure.clone())).collect();
        let mut cases = BTreeSet::new();
        for document in all.keys() {
            if !matches!(record(&*tx, *document)?, Some(Record::Contact(_) | Record::Matter(_))) {
                cases.insert(*document);
            }
        }
        if !cases.is_empty() {
            for contact in contacts_of(&*tx, &cases, &waiting)? {
                if !all.contains_key(&contact) && tx.erased(contact)?.is_none() {
                    all.insert(contact, Erasure::sign(contact, now, &self.secret));
                }
            }
        }
        // In the order in which they were named, then the contacts that go along.
        for erasure in erasures {
            all.remove(&erasure.document);
            self.erase_one(tx, erasure, &waiting, now, &mut cleared)?;
        }
        for erasure in all.values() {
            self.erase_one(tx, erasure, &waiting, now, &mut cleared)?;
        }
        Ok(cleared)
    }

    fn erase_one(
        &self,
        tx: &mut dyn Transaction,
        erasure: &Erasure,
        waiting: &[InReview],
        now: Timestamp,
        cleared: &mut Cleared,
    ) -> Result<(), LogError> {
        cleared.held |= !tx.scopes_of(erasure.document)?.is_empty();
        cleared.photos.extend(tx.erase(erasure, now)?);
        cleared.erased.push(erasure.clone());
        for InReview { review, document, .. } in waiting {
            if *document == erasure.document {
                tx.reject(review.change, review.device, review.manifest, &Rejection::Erased, now)?;
                let decision = Decision { accepted: false, reason: String::new(), at: now };
                tx.decide(review.change, &decision)?;
                cleared.held = true;
            }
        }
        Ok(())
    }

    /// A contact that comes when its case is erased goes the same way, with a word of its own: its author's device drops
    /// nothing without one.
    pub(crate) fn erase_late_contact(
        &self,
        tx: &mut dyn Transaction,
        contact: ContactId,
        now: Timestamp,
        cleared: &mut Cleared,
    ) -> Result<(), LogError> {
        self.erase_one(tx, &Erasure::sign(contact, now, &self.secret), &[], now, cleared)
    }

    /// Clears away what a committed erasure left behind; whether nothing is left in the files of the log.
    pub(crate) fn clear_away(&self, cleared: &Cleared) -> bool {
        if cleared.erased.is_empty() {
            return true;
        }
        self.list(&cleared.erased);
        if !cleared.held {
            return true;
        }
        // Made from the log, and made again: what was packed for new devices holds it too.
        match std::fs::remove_dir_all(self.dir.join("bundles")) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::error!(%error, "remove the folder bundles/: it holds what was erased");
            }
            _ => {}
        }
        self.drop_photos();
        // A replica that nobody has asked for yet, and that an earlier process left behind, holds it too.
        if self.dir.join("replica").is_dir()
            && let Err(error) = self.replica()
        {
            tracing::warn!(%error, "the replica holds what was erased until it reads on");
        }
        match self.log.scrub() {
            Ok(scrubbed) => scrubbed,
            Err(error) => {
                tracing::warn!(%error, "remnants of what was erased stay until the server starts again");
                false
            }
        }
    }
}

/// A line of the list.
fn listed(line: &str) -> Option<Erasure> {
    sanben_document::decode(&hex::read(line.trim())?)
}

/// What a document of the log says; `None` when it is not there.
pub(crate) fn record(tx: &dyn Transaction, document: DocumentId) -> Result<Option<Record>, LogError> {
    let changes = tx.document(document)?;
    if changes.is_empty() {
        return Ok(None);
    }
    let built = Document::from_changes(changes.iter().map(Vec::as_slice)).and_then(|held| held.record());
    built.map(Some).map_err(|_| LogError::Damaged("a document cannot be built".to_owned()))
}

/// The contacts of cases. They lie in the scope that each names as its home, which need not be its case's.
fn contacts_of(
    tx: &dyn Transaction,
    cases: &BTreeSet<CaseId>,
    waiting: &[InReview],
) -> Result<Vec<ContactId>, LogError> {
    let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
    for scope in tx.heads()?.into_keys().filter(|scope| scope.class == ScopeClass::Resident) {
        let mut after = 0;
        loop {
            let page = tx.entries(&scope, after, PAGE_BYTES)?;
            let Some(last) = page.last() else { break };
            after = last.entry.seq;
            for linked in page {
                if let EntryBody::Change { document, .. } = linked.entry.body
                    && seen.insert(document)
                    && let Some(Record::Contact(contact)) = record(tx, document)?
                    && cases.contains(&contact.case)
                {
                    found.push(document);
                }
            }
        }
    }
    for work in waiting {
        if work.of_case().is_some_and(|case| cases.contains(&case)) && seen.insert(work.document) {
            found.push(work.document);
        }
    }
    Ok(found)
}
