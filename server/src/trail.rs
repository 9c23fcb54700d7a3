//! The trail: what the desk did, when, who said so, and why. Each row is chained to the one before, from the server's key
//! on, through every life of the log; the end of the trail is signed with each backup and each exported log, so that
//! whoever has an earlier one sees a trail that was cut or edited. Of persons it holds ids only, beside the name that the
//! operator gave for themselves and the words of the reason.

use crate::log::{LogError, Snapshot, TrailRow, Transaction};
use crate::tenant::{Server, ServerError};
use sanben_document::{decode, encode};
use sanben_domain::time::Timestamp;
use sanben_sync::chain::Link;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest, Sha256};

/// What the desk can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeskAct {
    /// Reference data was published.
    Publish,
    /// Somebody was invited.
    Invite,
    /// A device was taken out.
    Revoke,
    /// A code was given for a device whose PIN was forgotten.
    RecoveryCode,
    /// Work in review was taken in.
    Accept,
    /// Work in review was refused.
    Refuse,
    /// Documents were erased.
    Erase,
    /// Documents were erased again: the log was older than their erasure.
    EraseAgain,
    /// A case was taken back from a unit.
    TakeBack,
    /// The log was restored from a backup.
    Restore,
    /// The log was found to be older than what had been told, and began a new life.
    NewLife,
    /// Something of a later version.
    #[serde(other)]
    Unknown,
}

/// Something that the desk did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Who said so: as given, else the account that the program ran under.
    pub by: String,
    /// What.
    pub act: DeskAct,
    /// To what, by id.
    pub subjects: Vec<String>,
    /// Why; empty where no reason is asked for.
    #[serde(default)]
    pub reason: String,
}

/// A deed with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrailEntry {
    /// Its number, from 1 without gaps.
    pub seq: u64,
    /// What was done.
    #[serde(flatten)]
    pub deed: Deed,
}

/// Of a long list of subjects no more are named.
const MAX_SUBJECTS: usize = 20;
/// An operator's name is cut here, characters.
const MAX_NAME: usize = 80;

/// Where the trail of a server with this fingerprint begins.
pub(crate) fn genesis(server: [u8; 32]) -> Link {
    Link(Sha256::digest(encode(&("sanben trail 1", ByteBuf::from(server)))).into())
}

/// The chain after a row.
pub(crate) fn then(link: Link, seq: u64, bytes: &[u8]) -> Link {
    let hasher = Sha256::new().chain_update(link.0).chain_update(seq.to_be_bytes());
    Link(hasher.chain_update(Sha256::digest(bytes)).finalize().into())
}

/// Appends a deed.
pub(crate) fn note(tx: &mut dyn Transaction, deed: &Deed) -> Result<(), LogError> {
    let (before, link) = match tx.trail_end()? {
        Some(end) => (end.seq, end.link),
        None => (0, genesis(tx.life()?.server)),
    };
    let (seq, bytes) = (before + 1, encode(deed));
    tx.append_trail(&TrailRow { seq, link: then(link, seq, &bytes), bytes })
}

/// Reads the trail again; gives how many rows hold, and the first that does not.
pub(crate) fn check(view: &dyn Snapshot) -> Result<(u64, Option<u64>), LogError> {
    let (mut seq, mut link) = (0, genesis(view.life()?.server));
    for row in view.trail()? {
        if row.seq != seq + 1 || row.link != then(link, row.seq, &row.bytes) {
            return Ok((seq, Some(row.seq)));
        }
        (seq, link) = (row.seq, row.link);
    }
    Ok((seq, None))
}

/// Who the program runs for, when nobody says so: `SANBEN_BY`, else the account, by its name or by its number. Nothing is
/// noted of nobody.
pub(crate) fn operator() -> String {
    let named = ["SANBEN_BY", "USER", "LOGNAME", "USERNAME"];
    let named =
        named.into_iter().find_map(|name| std::env::var(name).ok().filter(|by| !by.trim().is_empty()));
    named.unwrap_or_else(account)
}

/// The account of this process, as the system's own list names it; a service often has no name in its environment.
#[cfg(unix)]
fn account() -> String {
    let number = rustix::process::geteuid().as_raw();
    let listed = std::fs::read_to_string("/etc/passwd").ok();
    listed.and_then(|listed| name_in(&listed, number)).unwrap_or_else(|| format!("uid {number}"))
}

#[cfg(not(unix))]
fn account() -> String {
    "?".to_owned()
}

#[cfg(unix)]
fn name_in(listed: &str, number: u32) -> Option<String> {
    let named = listed.lines().find_map(|line| {
        let mut columns = line.split(':');
        let (name, number_of) = (columns.next()?, columns.nth(1)?);
        (number_of.parse() == Ok(number)).then(|| name.to_owned())
    });
    named.filter(|name| !name.is_empty())
}

impl Server {
    /// The same server, with whatever is done through it noted under this name.
    #[must_use]
    pub fn by(mut self, who: &str) -> Self {
        if !who.trim().is_empty() {
            self.by = who.trim().chars().take(MAX_NAME).collect();
        }
        self
    }

    /// The trail, oldest first.
    ///
    /// # Errors
    /// When the log cannot be read, or a row was written by a later version.
    pub fn trail(&self) -> Result<Vec<TrailEntry>, ServerError> {
        let rows = self.log.read()?.trail()?;
        let entry = |row: TrailRow| {
            let deed = decode(&row.bytes).ok_or(LogError::Newer)?;
            Ok(TrailEntry { seq: row.seq, deed })
        };
        rows.into_iter().map(entry).collect()
    }

    /// Notes what is done in this transaction.
    pub(crate) fn deed(
        &self,
        tx: &mut dyn Transaction,
        act: DeskAct,
        subjects: impl IntoIterator<Item = String>,
        reason: &str,
    ) -> Result<(), LogError> {
        let mut subjects: Vec<String> = subjects.into_iter().collect();
        if subjects.len() > MAX_SUBJECTS {
            let more = subjects.len() - MAX_SUBJECTS;
            subjects.truncate(MAX_SUBJECTS);
            subjects.push(format!("+{more}"));
        }
        let (at, by, reason) = (self.now(), self.by.clone(), reason.trim().to_owned());
        note(tx, &Deed { at, by, act, subjects, reason })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn an_account_without_a_name_in_its_environment_has_one_in_the_list_or_a_number() {
        let listed = "root:x:0:0:root:/root:/bin/sh\nsanben:x:990:990::/var/lib/sanben:/bin/false\n";
        assert_eq!(name_in(listed, 990).as_deref(), Some("sanben"));
        assert_eq!(name_in(listed, 991), None);
        assert!(!account().is_empty() && account() != "?");
    }
}
