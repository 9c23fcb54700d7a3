//! Reminders of what this person has to do, made here from what is held; no server sends any.

use crate::error::FieldError;
use crate::{Field, lock};
use sanben_document::encode;
use sanben_domain::id::DocumentId;
use sanben_domain::matter::State;
use sanben_domain::reference::Person;
use sanben_domain::reminder::{Due, Plan, Reminder};
use sanben_domain::time::Timestamp;
use sanben_store::{CaseQuery, MatterQuery, Order};

/// Where the plan is kept.
const PLAN: &str = "reminders";
/// Where those are kept that the person set.
const OWN: &str = "own-reminders";
/// So many open cases at most, soonest due first: nobody is reminded of more.
const MOST: usize = 200;

/// A reminder of one case or matter that the person set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReminder {
    /// When to remind.
    pub at: Timestamp,
    /// The case or matter.
    pub document: DocumentId,
    /// What it is called.
    pub title: String,
}

impl Field {
    /// When this device reminds; the usual plan until somebody sets another.
    ///
    /// # Errors
    /// A store error.
    pub fn reminder_plan(&self) -> Result<Plan, FieldError> {
        let kept = self.store.meta(PLAN)?;
        let read = kept.and_then(|bytes| ciborium::from_reader(bytes.as_slice()).ok());
        Ok(read.unwrap_or_default())
    }

    /// Sets when this device reminds; `None` for the usual plan.
    ///
    /// # Errors
    /// A store error.
    pub fn set_reminder_plan(&self, plan: Option<&Plan>) -> Result<(), FieldError> {
        let bytes = plan.map(encode);
        Ok(self.store.set_meta(PLAN, bytes.as_deref())?)
    }

    /// The reminders still to come, soonest first: of the open cases that this person handles or answers for, and of what
    /// they, or their unit where nobody is named, have to do in matters. Reminders are not noted as given: ask again after
    /// every change, and put these in the place of the earlier ones.
    ///
    /// # Errors
    /// A store error; [`FieldError::NothingYet`] before the first sync.
    pub fn reminders(&self) -> Result<Vec<Reminder>, FieldError> {
        let reference = self.store.reference()?;
        let zone = reference.tenant.as_ref().ok_or(FieldError::NothingYet)?.zone;
        let me = self.me(&reference)?;
        let cases = CaseQuery {
            mine: Some(me.id.clone()),
            mine_unit: Some(me.unit.clone()),
            open_only: true,
            order: Order::Due,
            limit: MOST,
            ..CaseQuery::default()
        };
        let cases = self.store.cases(&cases)?.rows.into_iter();
        // What somebody only reported is not theirs to put right.
        let cases = cases.filter(|row| row.reported_by != me.id || row.handler.is_some());
        let mut dues: Vec<Due> = cases
            .filter_map(|row| Some(Due { at: row.due?, document: row.id, title: row.description }))
            .collect();
        let open = MatterQuery { open_only: true, ..MatterQuery::default() };
        for (record, state) in self.store.matter_records(&open)? {
            dues.extend(of_person(record.id, &state, &me));
        }
        Ok(self.reminder_plan()?.reminders(dues, zone, self.now()?))
    }

    /// Reminds of a case or matter once, at an instant that the person chose, quiet hours or not, and in the place of one
    /// set earlier; `None` for not any more. It stays when its hour has come, until it is taken back.
    ///
    /// # Errors
    /// [`FieldError::NotFound`] for a document that is not held here.
    pub fn remind_of(&self, document: DocumentId, at: Option<Timestamp>) -> Result<(), FieldError> {
        let _alone = lock(&self.reminding);
        let mut kept = self.kept()?;
        kept.retain(|(of, _)| *of != document);
        if let Some(at) = at {
            let unknown = || FieldError::NotFound { what: "document", id: document.to_string() };
            self.called(document)?.ok_or_else(unknown)?;
            kept.push((document, at));
        }
        Ok(self.store.set_meta(OWN, Some(&encode(&kept)))?)
    }

    /// Those that the person set, soonest first; of documents that are held here. One whose hour has come is among them:
    /// whoever was not told, or put it off, finds it there.
    ///
    /// # Errors
    /// A store error.
    pub fn own_reminders(&self) -> Result<Vec<OwnReminder>, FieldError> {
        let mut own = Vec::new();
        for (document, at) in self.kept()? {
            if let Some(title) = self.called(document)? {
                own.push(OwnReminder { at, document, title });
            }
        }
        own.sort_by_key(|it| (it.at, it.document));
        Ok(own)
    }

    fn kept(&self) -> Result<Vec<(DocumentId, Timestamp)>, FieldError> {
        let kept = self.store.meta(OWN)?;
        Ok(kept.and_then(|bytes| ciborium::from_reader(bytes.as_slice()).ok()).unwrap_or_default())
    }

    /// What a case or matter is called, if it is held here.
    fn called(&self, document: DocumentId) -> Result<Option<String>, FieldError> {
        if let Some(case) = self.store.case(document)? {
            return Ok(Some(case.record.description));
        }
        let matter = self.store.matter(document)?;
        Ok(matter.map(|matter| matter.state.map(|state| state.title).unwrap_or_default()))
    }
}

/// What a matter waits for from this person.
fn of_person<'a>(id: DocumentId, state: &'a State, me: &'a Person) -> impl Iterator<Item = Due> + 'a {
    let mine = state.open.iter().filter(|open| match &open.person {
        Some(person) => *person == me.id,
        None => open.unit.as_ref() == Some(&me.unit),
    });
    mine.filter_map(move |open| {
        let title = if open.what.is_empty() { &state.title } else { &open.what };
        Some(Due { at: open.due?, document: id, title: title.clone() })
    })
}
