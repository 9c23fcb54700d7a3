//! 工作简报 (8): the brief that follows from the cases becomes the matter that is issued and answered.

use crate::Field;
use crate::error::FieldError;
use crate::matter::{Files, NewMatter};
use chrono::NaiveDate;
use sanben_domain::brief::BriefItem;
use sanben_domain::id::{CaseId, DocumentId, MatterId, PersonId, UnitId};
use sanben_domain::matter::{Fields, MatterRecord, Value};
use sanben_domain::reference::Reference;
use sanben_store::MatterQuery;
use std::collections::BTreeSet;

/// A brief that was filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledBrief {
    /// The matter.
    pub matter: MatterId,
    /// The problems that were put into it now.
    pub added: Vec<CaseId>,
    /// Those for which nobody in their department answers, or that find no room: a problem in a brief names department and person.
    pub left_out: Vec<CaseId>,
}

impl Field {
    /// Puts the problems of a day's brief that are not closed, with department, person and deadline, into its matter: into the draft of that
    /// day when there is one, else into a new one with this title. What is in it already is not put in again, so it may
    /// be filled again later in the day.
    ///
    /// # Errors
    /// As [`Field::open_matter`] and [`Field::brief`].
    pub fn fill_work_brief(&self, day: NaiveDate, title: &str) -> Result<FilledBrief, FieldError> {
        let (brief, reference, today) = (self.brief(day)?, self.reference()?, self.today()?);
        let matter = match self.unissued(day)? {
            Some(draft) => draft,
            None => self.open_matter(NewMatter {
                feature: "work-brief".to_owned(),
                day: Some(day),
                fields: Fields::from([("title".to_owned(), Value::Text(title.to_owned()))]),
                ..NewMatter::default()
            })?,
        };
        let mut record = self.matter(matter)?.record;
        let held = named(&record);
        let (mut added, mut left_out) = (Vec::new(), Vec::new());
        for item in brief.items.iter().filter(|item| !item.status.is_final() && !held.contains(&item.case)) {
            let fields = problem(item, today, &reference);
            let room = record.room(&sanben_domain::matter::MatterAct::new("problem", Fields::new())).is_ok();
            match fields.filter(|_| room) {
                None => left_out.push(item.case),
                Some(fields) => {
                    self.act_on_matter(matter, "problem", fields, &Files::new())?;
                    record = self.matter(matter)?.record;
                    added.push(item.case);
                }
            }
        }
        Ok(FilledBrief { matter, added, left_out })
    }

    /// The brief of a day that was not issued yet; the one opened last.
    fn unissued(&self, day: NaiveDate) -> Result<Option<MatterId>, FieldError> {
        let query = MatterQuery {
            feature: Some("work-brief".to_owned()),
            from: Some(day),
            to: Some(day),
            ..MatterQuery::default()
        };
        let held = self.matters(&query)?.rows.into_iter();
        Ok(held.filter(|row| ["empty", "drafted"].contains(&row.step.as_str())).map(|row| row.id).next())
    }
}

/// The cases that a brief names already.
fn named(record: &MatterRecord) -> BTreeSet<DocumentId> {
    record.events.values().filter_map(|event| event.act.document("case")).collect()
}

/// A problem as the brief's form wants it; `None` when nobody answers for it. What is overdue is to be done today: no
/// brief sets a term that has passed.
fn problem(item: &BriefItem, today: NaiveDate, reference: &Reference) -> Option<Fields> {
    let (unit, person) = answering(item, reference)?;
    let zone = reference.tenant.as_ref()?.zone;
    let standard = || item.standard.as_ref().and_then(|id| reference.standards.get(id));
    let what = match (item.what.trim(), standard()) {
        ("", Some(standard)) => standard.name.clone(),
        ("", None) => reference.points.get(item.point.as_ref()?)?.name.clone(),
        (words, _) => words.chars().take(500).collect(),
    };
    Some(Fields::from([
        ("what".to_owned(), Value::Text(what)),
        ("case".to_owned(), Value::Document(item.case)),
        ("unit".to_owned(), Value::Unit(unit)),
        ("person".to_owned(), Value::Person(person)),
        ("until".to_owned(), Value::Day(item.due.map_or(today, |due| zone.day(due).max(today)))),
    ]))
}

/// Department and person: who handles it; where no person is named, the point's head answers, if they belong to the department
/// that does: nobody answers for another one.
fn answering(item: &BriefItem, reference: &Reference) -> Option<(UnitId, PersonId)> {
    let head = || {
        let head = reference.head_of(item.point.as_ref()?, item.found)?;
        reference.people.get(&head.person)
    };
    match (&item.department, &item.person) {
        (Some(unit), Some(person)) => Some((unit.clone(), person.clone())),
        (Some(unit), None) => {
            let head = head().filter(|head| reference.is_within(&head.unit, unit))?;
            Some((unit.clone(), head.id.clone()))
        }
        (None, _) => {
            let head = head()?;
            Some((head.unit.clone(), head.id.clone()))
        }
    }
}
