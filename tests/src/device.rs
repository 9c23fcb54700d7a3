//! One device and the person who holds it: on, off, killed, and what it has confirmed so far.

use crate::check::{Invariant, broken};
use crate::disk::{Backup, Cut, Disk};
use crate::versions::Version;
use sanben_document::ChangeHash;
use sanben_domain::id::{DocumentId, EventId, PersonId};
use sanben_field::{Field, Platform};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Something a person did on a device, as the device confirmed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Done {
    /// The document.
    pub document: DocumentId,
    /// The event.
    pub event: EventId,
}

/// One device and the person who holds it.
pub struct Device {
    /// Who.
    pub person: PersonId,
    pub(crate) dir: PathBuf,
    /// What its database lies on.
    pub disk: Disk,
    pub(crate) platform: Platform,
    pub(crate) error_ms: Arc<AtomicI64>,
    /// The open store.
    pub field: Option<Field>,
    /// Everything the device said it had recorded.
    pub done: BTreeSet<Done>,
    /// Everything the device said the server has.
    pub acknowledged: BTreeMap<ChangeHash, (DocumentId, EventId)>,
    /// The last outbox row that was looked at.
    pub(crate) looked: i64,
    /// A backup of it, with the photos of that time.
    pub(crate) backup: Option<(Backup, PathBuf)>,
    /// How it speaks with the server.
    pub(crate) version: Version,
}

impl Device {
    /// The open store.
    #[must_use]
    pub fn field(&self) -> &Field {
        self.field.as_ref().expect("the device is on")
    }

    /// Kills the process and starts it again.
    pub fn restart(&mut self) {
        self.crash(Cut::Process);
    }

    /// Lets the device go down and starts it again on what is left.
    ///
    /// # Panics
    /// When the store does not open.
    pub fn crash(&mut self, cut: Cut) {
        self.turn_off();
        self.disk.revive(cut);
        self.turn_on();
    }

    pub(crate) fn turn_off(&mut self) {
        self.disk.die();
        self.field = None;
    }

    pub(crate) fn turn_on(&mut self) {
        match Field::open(&self.dir, self.platform.clone()) {
            Ok(field) => self.field = Some(field),
            Err(error) => broken(Invariant::Opens, &format!("the store of {}: {error}", self.person)),
        }
        self.pass_over();
    }

    /// Moves the wall clock.
    pub fn set_clock_error(&self, ms: i64) {
        self.error_ms.store(ms, Ordering::Relaxed);
    }

    /// Notes what the device has just confirmed: the event it named, and what its outbox shows beside.
    pub fn note_done(&mut self, named: Option<Done>) {
        self.done.extend(named);
        let Ok(rows) = self.field().outbox(8) else { return };
        let new = rows.iter().filter(|row| row.id.0 > self.looked);
        let done: Vec<_> = new.map(|row| Done { document: row.document, event: row.intent.event }).collect();
        self.done.extend(done);
        self.looked = rows.first().map_or(0, |row| row.id.0);
    }

    /// What is in the outbox now was not confirmed, or was noted before.
    pub fn pass_over(&mut self) {
        if let Ok(rows) = self.field().outbox(1) {
            self.looked = rows.first().map_or(0, |row| row.id.0);
        }
    }
}
