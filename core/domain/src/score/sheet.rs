//! The sheet of one community: what is put in, what comes out, and its bytes.

use super::{Period, RuleSet, ScoreEntry, ScorePoints, Suspended};
use crate::case::{CaseRecord, CaseState};
use crate::id::{EventId, RuleSetId, UnitId};
use crate::matter::MatterRecord;
use crate::reference::Reference;
use crate::time::Timestamp;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The version of the arithmetic. A device whose engine is older than the sheet shows the server's sheet.
pub const ENGINE: u32 = 2;

/// A case and what it folds to at the sheet's instant.
#[derive(Debug, Clone, Copy)]
pub struct ScoredCase<'a> {
    /// Its content.
    pub record: &'a CaseRecord,
    /// Its state, folded as of [`SheetInput::as_of`].
    pub state: &'a CaseState,
}

/// Everything a sheet is made of.
#[derive(Debug, Clone)]
pub struct SheetInput<'a> {
    /// Whose sheet.
    pub community: &'a UnitId,
    /// Which days it covers.
    pub period: Period,
    /// What is known at this instant; facts after it do not count yet.
    pub as_of: Timestamp,
    /// How far the log of each scope was read.
    pub cut: BTreeMap<String, u64>,
    /// Rule sets, announcements, assignments, the tenant's zone.
    pub reference: &'a Reference,
    /// The cases that lie in the community's scope or are on their way into it, in any order; those that
    /// other communities answer for are passed over.
    pub cases: Vec<ScoredCase<'a>>,
    /// The observation sheets that lie in the community's scope, in any order.
    pub sheets: Vec<MatterRecord>,
    /// Events that the server has not accepted yet: entries that rest on them are marked.
    pub pending: BTreeSet<EventId>,
}

/// Why there is no sheet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScoreError {
    /// Reference data has not arrived.
    #[error("the tenant's settings are missing: sync, or import them first")]
    NoTenant,
    /// No rule set holds.
    #[error("no rule set holds on {0}: publish one with an earlier first day")]
    NoRuleSet(NaiveDate),
    /// The sum does not fit.
    #[error("a total is too large to be exact: check the points of rule set {0}")]
    Overflow(RuleSetId),
    /// A published sheet stands.
    #[error("the sheet that begins on {0} is published already: what came later is in the open period")]
    Published(NaiveDate),
    /// Only what the server accepted is published.
    #[error("some lines rest on work that the server has not accepted: sync first, or publish at the desk")]
    Pending,
    /// A rule set or sheet cannot be written as bytes.
    #[error("cannot encode: {0}")]
    Encoding(String),
}

/// SHA-256 over the canonical bytes of a rule set.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleSetHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl fmt::Display for RuleSetHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for RuleSetHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RuleSetHash({self})")
    }
}

/// A rule set as a sheet names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSetUsed {
    /// Its code.
    pub id: RuleSetId,
    /// Its exact content.
    pub hash: RuleSetHash,
}

/// The sheet of one community for one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreSheet {
    /// [`ENGINE`] of whoever made it.
    pub engine: u32,
    /// Whose.
    pub community: UnitId,
    /// Which days.
    pub period: Period,
    /// What was known at this instant.
    pub as_of: Timestamp,
    /// How far the log of each scope was read.
    pub cut: BTreeMap<String, u64>,
    /// The rule sets that hold in the period, oldest first; each entry names its own.
    pub rule_sets: Vec<RuleSetUsed>,
    /// What it started with: the base of the first of [`Self::rule_sets`].
    pub base: ScorePoints,
    /// What counts, by time, event and rule.
    pub entries: Vec<ScoreEntry>,
    /// What is shown but does not count, in the same order.
    pub suspended: Vec<Suspended>,
    /// What each part of the base came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartTotal>,
    /// Since when it stands as published; `None` while the period is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Timestamp>,
    /// Base and entries together.
    pub total: ScorePoints,
}

/// What a part of the base came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartTotal {
    /// The part's code.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it started with.
    pub base: ScorePoints,
    /// What is left of it, within its bounds.
    pub total: ScorePoints,
}

/// SHA-256 over the bytes of a sheet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SheetHash(#[serde(with = "serde_bytes")] pub [u8; 32]);

impl fmt::Display for SheetHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        RuleSetHash(self.0).fmt(f)
    }
}

impl fmt::Debug for SheetHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SheetHash({self})")
    }
}

impl ScoreSheet {
    /// The sheet as bytes: CBOR with fields as declared and maps by key, so equal sheets are equal bytes.
    ///
    /// # Errors
    /// [`ScoreError::Encoding`], which no sheet made by [`super::sheet`] brings about.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ScoreError> {
        canonical(self)
    }

    /// The hash by which a publication names this exact sheet.
    ///
    /// # Errors
    /// As [`Self::to_bytes`].
    pub fn hash(&self) -> Result<SheetHash, ScoreError> {
        Ok(SheetHash(Sha256::digest(self.to_bytes()?).into()))
    }
}

impl RuleSet {
    /// The hash by which a sheet names this exact content.
    ///
    /// # Errors
    /// [`ScoreError::Encoding`], which no rule set read from data brings about.
    pub fn hash(&self) -> Result<RuleSetHash, ScoreError> {
        Ok(RuleSetHash(Sha256::digest(canonical(self)?).into()))
    }
}

fn canonical(value: &impl Serialize) -> Result<Vec<u8>, ScoreError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|error| ScoreError::Encoding(error.to_string()))?;
    Ok(bytes)
}
