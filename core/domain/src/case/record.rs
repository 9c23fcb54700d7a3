//! The content of a case document, read out of whatever holds it.

use super::CaseAct;
use crate::event::{CausalOrder, Event};
use crate::id::{CaseId, EventId, PhotoHash, PointId, StandardId, UnitId};
use crate::place::Fix;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a photo shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhotoRole {
    /// The problem.
    Before,
    /// The place put right.
    After,
    /// What a look-back saw.
    LookBack,
}

/// A photo as a document cites it: immutable, addressed by the hash of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhotoRef {
    /// What it shows.
    pub role: PhotoRole,
    /// Width in pixels as displayed.
    pub width: u32,
    /// Height in pixels as displayed.
    pub height: u32,
    /// Size of the original in bytes.
    pub bytes: u64,
}

/// The content of a case: registers, photos, events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Its id.
    pub id: CaseId,
    /// The unit whose scope it lives in, for good.
    pub home: UnitId,
    /// Where; a case can be recorded without and completed later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// The standard it breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<StandardId>,
    /// The words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The fix at the tap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Photos by hash.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub photos: BTreeMap<PhotoHash, PhotoRef>,
    /// Events by id.
    pub events: BTreeMap<EventId, Event<CaseAct>>,
}

impl CaseRecord {
    /// The causal order of the events.
    #[must_use]
    pub fn order(&self) -> CausalOrder {
        CausalOrder::of(self.events.values().map(|event| (event.id, event.seen.as_slice())))
    }
}
