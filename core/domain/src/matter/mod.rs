//! Matters (事项): every record that is neither a case, a patrol nor a contact. A shift of volunteers, a loan of the
//! pump, a notice, a week's summary: each is one document with a short header and immutable events, and a *feature*
//! says what it means.
//!
//! Four shapes carry all features, and each is written once:
//!
//! - a **form** ([`Feature`], [`ActForm`], [`FieldForm`]): which fields an act has, who may do it, at which step, what
//!   it contradicts, with whom it shares the matter, what it opens along with it. Forms are data: recording, the
//!   judge, the command line and the phones' screens all read the same ones. What was recorded once fits for good;
//!   what only a new act is asked (that it names what is there, that a day it speaks of has come) is asked at the door.
//! - a **fold** ([`fold`]): from the events, in causal order, to a [`State`]: its step, figures, what is open, until
//!   when and with whom. Contradicting concurrent acts are disputed until a person decides.
//! - a **schedule** ([`Schedule`]): what has to be there every day or week, and so what is missing ([`missing`]).
//! - a **report** ([`gather`], [`sum`], [`counts`], [`once`]): figures over many matters. They are sums over documents
//!   and events, so that nothing is counted twice; what a day or a week counts is a list of things, each told apart.
//!
//! A feature is one file in [`feature`]. A document of a feature, or an act, that this version does not know is kept
//! byte for byte and has no effect.

mod count;
mod door;
pub mod feature;
mod field;
mod figure;
mod fit;
mod fold;
mod form;
mod names;
mod rights;
mod schedule;
#[cfg(test)]
pub(crate) mod story;
#[cfg(test)]
mod tests;
mod value;
#[cfg(test)]
mod widening;

pub use count::{Count, Counted, Counting, Days, Once, Thing, Worth, counts, once};
use door::MOST_PLACES;
pub use door::{Unlisted, belongs, has_come, is_ahead, is_among, listed, named_documents, takes};
pub use field::{FieldForm, Flaw, Flawed, Shape, Side};
pub use figure::{Amount, Figure, sum};
pub use fit::{MOST_EVENTS, MOST_WITH_COMMENTS};
pub use fold::{Open, Opened, State, Telling, Told, fold, gather};
pub use form::{ActForm, Against, Always, Feature, Gather, Grant, Header, Home, Need, OPENED, Rule, Sharing};
pub use names::{
    Tongue, act_name, any_field_name, choice_name, feature_name, field_name, figure_name, remark_name,
    step_name, title_name,
};
pub use rights::{has_waited, may, shared_with, waits};
pub use schedule::{Missing, Place, Rhythm, Schedule, missing};
pub use value::{Fields, MatterAct, Value};

use crate::case::PhotoRef;
use crate::event::{CausalOrder, Event};
use crate::id::{DocumentId, EventId, MatterId, PersonId, PhotoHash, PointId, UnitId};
use crate::rights::{Scope, ScopeClass};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The act that opens every matter.
pub const OPEN: &str = "open";

/// The content of a matter: header, photos, events. The header never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRecord {
    /// Its id.
    pub id: MatterId,
    /// The name of its feature.
    pub feature: String,
    /// The unit whose scope it lives in, for good.
    pub home: UnitId,
    /// The class of that scope.
    pub class: ScopeClass,
    /// The local day it is about.
    pub day: NaiveDate,
    /// The point it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// The person it is about, or who has to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The document it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<DocumentId>,
    /// Photos by hash.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub photos: BTreeMap<PhotoHash, PhotoRef>,
    /// Events by id.
    pub events: BTreeMap<EventId, Event<MatterAct>>,
}

impl MatterRecord {
    /// Its feature; `None` for one of a later version.
    #[must_use]
    pub fn feature(&self) -> Option<&'static Feature> {
        feature::named(&self.feature)
    }

    /// The scope it lives in.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope { unit: self.home.clone(), class: self.class }
    }

    /// The causal order of the events.
    #[must_use]
    pub fn order(&self) -> CausalOrder {
        CausalOrder::of(self.events.values().map(|event| (event.id, event.seen.as_slice())))
    }

    /// How it was opened; `None` while its first event is not here.
    #[must_use]
    pub fn opening(&self) -> Option<&Event<MatterAct>> {
        self.events.values().find(|event| event.act.name == OPEN)
    }

    /// The matter as the author of an event saw it.
    #[must_use]
    pub fn as_seen_by(&self, event: EventId) -> Self {
        let order = self.order();
        let mut seen = self.clone();
        seen.events.retain(|id, _| order.saw(event, *id));
        seen
    }
}
