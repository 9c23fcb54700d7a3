//! What a mock assessment (模拟测评) saw at a community's points, as a fact that rules can watch for.
//!
//! The assessment itself lives with the tenant, and the sheet of a point lies in the scope of its community, so a
//! community's fact is made of the finished sheets in its own scope alone: whoever holds that scope comes to the same rate.
//! It belongs to the day on
//! which the first of them was finished; a sheet that is finished later changes what it is worth, not when it was.

use super::facts::Happening;
use super::{Reason, Suspension, When};
use crate::event::Event;
use crate::id::{DocumentId, EventId, UnitId};
use crate::matter::feature::observed;
use crate::matter::{MatterAct, MatterRecord, State, fold};
use crate::reference::Reference;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// One assessment in one community.
#[derive(Default)]
struct Assessed {
    met: u32,
    observed: u32,
    finished: Option<Event<MatterAct>>,
    disputed: Vec<EventId>,
}

/// Each assessment of which a sheet is finished and something on it applies.
pub(super) fn of_community(
    community: &UnitId,
    sheets: &[MatterRecord],
    reference: &Reference,
    as_of: Timestamp,
) -> Vec<Happening> {
    let mut assessments: BTreeMap<DocumentId, Assessed> = BTreeMap::new();
    let here = |record: &&MatterRecord| {
        let place = record.point.as_ref().and_then(|point| reference.community_of_point(point));
        place.is_some_and(|place| place.id == *community)
    };
    for record in sheets.iter().filter(here) {
        let then = known_at(record, as_of);
        let (Some(about), Some(state)) = (then.about, fold(&then, reference)) else { continue };
        if state.step != "finished" {
            continue;
        }
        let told = assessments.entry(about).or_default();
        told.take(&then, &state);
    }
    assessments.into_iter().filter_map(|(id, told)| told.happening(id)).collect()
}

/// A matter as it was known at an instant.
fn known_at(record: &MatterRecord, as_of: Timestamp) -> MatterRecord {
    let mut then = record.clone();
    then.events.retain(|_, event| event.at.at() <= as_of);
    then
}

impl Assessed {
    fn take(&mut self, sheet: &MatterRecord, state: &State) {
        for (.., met) in observed(sheet, state) {
            self.met += u32::from(met);
            self.observed += 1;
        }
        let finished = sheet
            .events
            .values()
            .filter(|event| event.act.name == "finish" && !state.idle.contains(&event.id));
        let first = finished.chain(&self.finished).min_by_key(|event| (event.at.at(), event.id)).cloned();
        self.finished = first;
        self.disputed.extend(state.disputes.iter().flatten());
    }

    fn happening(mut self, assessment: DocumentId) -> Option<Happening> {
        let finished = self.finished?;
        self.disputed.sort_unstable();
        let disputed = (!self.disputed.is_empty()).then_some(Suspension::Disputed { between: self.disputed });
        // While somebody has to decide, there may be nothing else on the sheet: it is shown all the same.
        if self.observed == 0 && disputed.is_none() {
            return None;
        }
        Some(Happening {
            when: When::Assessed,
            named: None,
            reason: Reason::Assessed { assessment, met: self.met, observed: self.observed },
            at: finished.at,
            event: finished.id,
            case: None,
            point: None,
            person: None,
            photos: Vec::new(),
            on_the_spot: false,
            repeated: false,
            suspended: disputed,
        })
    }
}
