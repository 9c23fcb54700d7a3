//! Intents: what a person meant, versioned, with the id and time it was recorded under. When the server
//! rejects an earlier change, later intents are run again on the rebuilt document and make the same events.

use sanben_domain::case::{CaseAct, PhotoRef, Source};
use sanben_domain::id::{
    CaseId, DocumentId, EventId, PersonId, PhotoHash, PointId, StandardId, TeamId, UnitId,
};
use sanben_domain::matter::MatterAct;
use sanben_domain::patrol::{PatrolAct, Round};
use sanben_domain::place::Fix;
use sanben_domain::rights::ScopeClass;
use sanben_domain::time::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing a person meant to do to one document. It becomes exactly one change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Version of this form; 1.
    pub v: u16,
    /// The document.
    pub document: DocumentId,
    /// The id of the event it makes: running it again makes the same event.
    pub event: EventId,
    /// When it was recorded.
    pub at: Stamp,
    /// Who acted.
    pub by: PersonId,
    /// The heads of the events the person had seen ([`crate::Document::event_heads`]).
    pub seen: Vec<EventId>,
    /// What was meant.
    pub body: IntentBody,
}

/// What was meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntentBody {
    /// Report a problem: creates the case with its first event.
    Report {
        /// The unit whose scope the case lives in.
        home: UnitId,
        /// Who found it.
        source: Source,
        /// Where, if chosen.
        point: Option<PointId>,
        /// Which standard it breaks, if chosen.
        standard: Option<StandardId>,
        /// The words.
        description: String,
        /// The fix at the tap, if there was one.
        fix: Option<Fix>,
        /// Photos taken.
        photos: BTreeMap<PhotoHash, PhotoRef>,
    },
    /// Act on a case.
    Act {
        /// The act.
        act: CaseAct,
        /// Photos that come with it.
        photos: BTreeMap<PhotoHash, PhotoRef>,
    },
    /// Complete or correct registers of a case, visibly; `None` leaves a register as it is.
    Amend {
        /// The point.
        point: Option<PointId>,
        /// The standard.
        standard: Option<StandardId>,
        /// The words.
        description: Option<String>,
        /// The fix.
        fix: Option<Fix>,
        /// Photos that were missing.
        photos: BTreeMap<PhotoHash, PhotoRef>,
    },
    /// Start a round: creates the patrol with its first event.
    StartPatrol {
        /// The unit whose scope the patrol lives in.
        home: UnitId,
        /// The team that walks.
        team: TeamId,
        /// The local day.
        day: chrono::NaiveDate,
        /// Which round.
        round: Round,
    },
    /// Act in a patrol.
    Patrol {
        /// The act.
        act: PatrolAct,
    },
    /// Add whom a case is about: creates the contact with its first event.
    AddContact {
        /// The unit whose scope the contact lives in: the case's home.
        home: UnitId,
        /// The case.
        case: CaseId,
        /// The resident's name.
        name: String,
        /// How to reach them.
        telephone: String,
        /// What else has to be known to reach them.
        note: String,
    },
    /// Open a matter: creates it with its first event.
    OpenMatter {
        /// Its header.
        header: MatterHeader,
        /// The opening's act.
        act: MatterAct,
        /// Photos that come with it.
        photos: BTreeMap<PhotoHash, PhotoRef>,
    },
    /// Act on a matter.
    Matter {
        /// The act.
        act: MatterAct,
        /// Photos that come with it.
        photos: BTreeMap<PhotoHash, PhotoRef>,
    },
}

/// The header of a new matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterHeader {
    /// The name of its feature.
    pub feature: String,
    /// The unit whose scope it lives in.
    pub home: UnitId,
    /// The class of that scope.
    pub class: ScopeClass,
    /// The local day it is about.
    pub day: chrono::NaiveDate,
    /// The point it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// The person it is about, or who has to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The document it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
}

impl IntentBody {
    /// The home unit, when this creates a document.
    #[must_use]
    pub fn creates_in(&self) -> Option<&UnitId> {
        match self {
            Self::Report { home, .. } | Self::StartPatrol { home, .. } | Self::AddContact { home, .. } => {
                Some(home)
            }
            Self::OpenMatter { header, .. } => Some(&header.home),
            Self::Act { .. } | Self::Amend { .. } | Self::Patrol { .. } | Self::Matter { .. } => None,
        }
    }

    /// The photos that it cites.
    #[must_use]
    pub fn photos(&self) -> Vec<PhotoHash> {
        match self {
            Self::Report { photos, .. }
            | Self::Act { photos, .. }
            | Self::Amend { photos, .. }
            | Self::OpenMatter { photos, .. }
            | Self::Matter { photos, .. } => photos.keys().copied().collect(),
            Self::Patrol { act: PatrolAct::Visit { photos, .. } } => photos.clone(),
            Self::StartPatrol { .. } | Self::Patrol { .. } | Self::AddContact { .. } => Vec::new(),
        }
    }
}
