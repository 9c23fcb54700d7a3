//! Rounds over points: the 07:00 patrol (晨扫描) and the 17:00 look-back (晚督导, 回头看).
//!
//! A patrol is a document of its own, made by whoever starts the round; several people of a team may
//! each have one, coverage is the union of their visits.

mod walk;

pub use walk::{
    Coverage, PatrolState, Task, Visit, Whose, coverage, fold_patrol, look_back_list, morning_list,
};

use crate::event::Event;
use crate::id::{CaseId, EventId, PatrolId, PhotoHash, PointId, TeamId, UnitId};
use crate::place::Fix;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which round of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Round {
    /// 晨扫描: the morning patrol.
    Morning,
    /// 晚督导 / 回头看: back to every point where something was found.
    LookBack,
}

/// What a visit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VisitResult {
    /// Nothing to complain about.
    Clean,
    /// Problems, each with its case.
    Found(Vec<CaseId>),
    /// Could not be looked at (gate closed, flooded), with the reason.
    NotAccessible(String),
}

/// One act in a patrol.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PatrolAct {
    /// The round began. The first event of every patrol.
    Start,
    /// A point was visited.
    Visit {
        /// Which.
        point: PointId,
        /// What was found.
        result: VisitResult,
        /// The fix at the tap.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fix: Option<Fix>,
        /// Photos of the state found.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        photos: Vec<PhotoHash>,
    },
    /// The round ended.
    Finish,
    /// An act of a later version: kept byte for byte, without effect here.
    #[serde(skip)]
    Unknown,
}

/// The content of a patrol document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatrolRecord {
    /// Its id.
    pub id: PatrolId,
    /// The unit whose scope it lives in, for good.
    pub home: UnitId,
    /// The team that walks.
    pub team: TeamId,
    /// The local day.
    pub day: NaiveDate,
    /// Which round.
    pub round: Round,
    /// Events by id.
    pub events: BTreeMap<EventId, Event<PatrolAct>>,
}

#[cfg(test)]
mod tests;
