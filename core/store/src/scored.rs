//! What a community's sheet is made of, from the read model.

use crate::cases::RecordFilter;
use crate::error::StoreError;
use crate::matters::MatterQuery;
use crate::store::Store;
use sanben_domain::case::{CaseRecord, CaseState, fold};
use sanben_domain::id::UnitId;
use sanben_domain::matter::MatterRecord;
use sanben_domain::reference::Reference;
use sanben_domain::rights::home_scope;
use sanben_domain::time::Timestamp;

impl Store {
    /// The observation sheets that lie in a community's scope: mock assessments move its sheet too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn observation_sheets(&self, community: &UnitId) -> Result<Vec<MatterRecord>, StoreError> {
        let query = MatterQuery {
            feature: Some("observation-sheet".to_owned()),
            lies_in: Some(home_scope(community)),
            ..MatterQuery::default()
        };
        Ok(self.matter_records(&query)?.into_iter().map(|(record, _)| record).collect())
    }

    /// The cases of a community with their states as of an instant.
    ///
    /// The stored state knows of all events; a case with one that came after the instant is folded again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn scored_cases(
        &self,
        community: &UnitId,
        reference: &Reference,
        as_of: Timestamp,
    ) -> Result<Vec<(CaseRecord, CaseState)>, StoreError> {
        let filter = RecordFilter {
            community: Some(community.clone()),
            lies_in: Some(home_scope(community)),
            ..RecordFilter::default()
        };
        let held = self.case_records(&filter)?.into_iter();
        let then = held.filter_map(|(record, state)| {
            let later = record.events.values().any(|event| event.at.at() > as_of);
            let state = if later { fold(&record, reference, Some(as_of))? } else { state };
            Some((record, state))
        });
        Ok(then.collect())
    }
}
