//! Whether a matter and an act fit their forms: asked at recording, by the server, and by the fold of everything held.
//! So what fitted once has to fit for good; what only a new act is asked stands in [`super::door`].

use super::{ActForm, Always, Flaw, Flawed, MatterAct, MatterRecord, Need, Value};

impl MatterRecord {
    /// Whether the header and an act of this matter fit their forms, and what the act names is in the matter.
    ///
    /// # Errors
    /// The first part that does not, and why. An act of a later version reads as one without a form: `None`.
    pub fn check(&self, act: &MatterAct) -> Result<Option<&'static ActForm>, Flawed> {
        let flawed = |field: &str, why| Err(Flawed::new(field, why));
        let Some(feature) = self.feature() else { return Ok(None) };
        let Some(form) = feature.act(&act.name) else { return Ok(None) };
        if self.class != feature.class {
            return flawed("class", Flaw::Bounds);
        }
        let parts = [
            ("point", feature.header.point, self.point.is_some()),
            ("person", feature.header.person, self.person.is_some()),
            ("about", feature.header.about, self.about.is_some()),
        ];
        for (part, need, held) in parts {
            match (need, held) {
                (Need::Must, false) => return flawed(part, Flaw::Missing),
                (Need::No, true) => return flawed(part, Flaw::Unknown),
                _ => {}
            }
        }
        form.check(act)?;
        if let Some(field) = form.later_day
            && act.day(field).is_some_and(|day| day <= self.day)
        {
            return flawed(field, Flaw::Order);
        }
        for (name, value) in &act.fields {
            let held = match value {
                Value::Event(event) => self.events.contains_key(event),
                Value::Photos(photos) => photos.iter().all(|photo| self.photos.contains_key(photo)),
                _ => true,
            };
            if !held {
                return flawed(name, Flaw::Dangling);
            }
        }
        Ok(Some(form))
    }

    /// Whether another act fits into the document. A thread takes comments up to [`MOST_WITH_COMMENTS`] events; the rest
    /// is kept for what moves the matter.
    ///
    /// # Errors
    /// [`Flaw::Bounds`] of the `entries`, when it is full.
    pub fn room(&self, act: &MatterAct) -> Result<(), Flawed> {
        let most = if act.name == Always::COMMENT { MOST_WITH_COMMENTS } else { MOST_EVENTS };
        if self.events.len() < most { Ok(()) } else { Err(Flawed::new("entries", Flaw::Bounds)) }
    }
}

/// The most events that a document holds.
pub const MOST_EVENTS: usize = 500;
/// The most events up to which it takes comments.
pub const MOST_WITH_COMMENTS: usize = 300;
