//! An act as it is shown: what was done, with names, words and local times; one flat form for all kinds.

use crate::language::{Language, say};
use crate::view::{HandlerView, Moment, Names, short};
use crate::words;
use sanben_domain::case::{CaseAct, Field as Register, Handling, Outcome};
use sanben_domain::id::{CaseId, EventId, PhotoHash, UnitId};
use serde::Serialize;

/// What was done to a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Deed {
    /// The kind of act, as documents name it.
    pub(crate) kind: &'static str,
    /// Words or reason, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) words: String,
    /// Photos that came with it, by hash.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) photos: Vec<String>,
    /// Put right in front of the inspector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) on_the_spot: Option<bool>,
    /// What a look-back found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<Outcome>,
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<HandlerView>,
    /// The new due instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<Moment>,
    /// The record that is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) kept: Option<CaseId>,
    /// The event that stands, or the merge that is undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) upholds: Option<EventId>,
    /// The registers that were completed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Register>,
}

impl Deed {
    /// The form in which an act is shown.
    #[must_use]
    pub(crate) fn of(act: &CaseAct, names: &Names) -> Self {
        let plain = |kind| Self { kind, ..Self::default() };
        let worded = |kind, words: &String| Self { words: words.clone(), ..plain(kind) };
        let hashes = |photos: &[PhotoHash]| photos.iter().map(ToString::to_string).collect();
        let unit = |id: &UnitId| names.handler(&Handling { unit: Some(id.clone()), person: None });
        match act {
            CaseAct::Report { .. } => plain("report"),
            CaseAct::Confirm => plain("confirm"),
            CaseAct::File => plain("file"),
            CaseAct::Dispatch { to } => {
                Self { to: Some(names.handler(&to.clone().into())), ..plain("dispatch") }
            }
            CaseAct::Acknowledge { words } => worded("acknowledge", words),
            CaseAct::Rectify { words, photos, on_the_spot } => {
                Self { photos: hashes(photos), on_the_spot: Some(*on_the_spot), ..worded("rectify", words) }
            }
            CaseAct::LookBack { outcome, words, photos } => {
                Self { photos: hashes(photos), outcome: Some(*outcome), ..worded("look-back", words) }
            }
            CaseAct::Close => plain("close"),
            CaseAct::Rework { reason } => worded("rework", reason),
            CaseAct::PutOnAccount { reason, due } => {
                Self { due: Some(names.moment(*due)), ..worded("put-on-account", reason) }
            }
            CaseAct::Void { reason } => worded("void", reason),
            CaseAct::Extend { reason, due } => {
                Self { due: Some(names.moment(*due)), ..worded("extend", reason) }
            }
            CaseAct::Except { reason, due } => {
                Self { due: Some(names.moment(*due)), ..worded("except", reason) }
            }
            CaseAct::Escalate { to, reason } => Self { to: Some(unit(to)), ..worded("escalate", reason) },
            CaseAct::Answer { words } => worded("answer", words),
            CaseAct::FindAgain { words, photos } => {
                Self { photos: hashes(photos), ..worded("find-again", words) }
            }
            CaseAct::Decide { upholds, reason, .. } => {
                Self { upholds: Some(*upholds), ..worded("decide", reason) }
            }
            CaseAct::MergeInto { kept } => Self { kept: Some(*kept), ..plain("merge-into") },
            CaseAct::Unmerge { merge, reason } => Self { upholds: Some(*merge), ..worded("unmerge", reason) },
            CaseAct::Amend { fields } => Self { fields: fields.clone(), ..plain("amend") },
            CaseAct::Comment { words } => worded("comment", words),
            CaseAct::Unknown => plain("unknown"),
        }
    }

    /// The act with whom and what it is about, and its words.
    #[must_use]
    pub(crate) fn say(&self, act: &str, language: Language) -> String {
        let about = [
            self.outcome.map(|outcome| words::outcome(language, outcome)),
            self.on_the_spot.filter(|is| *is).map(|_| say!(language, "on-the-spot")),
            self.to.as_ref().map(|to| say!(language, "deed-to", who = to.to_string())),
            self.due.map(|due| say!(language, "deed-until", time = due.to_string())),
            self.kept.map(short),
            self.upholds.map(short),
            (!self.fields.is_empty()).then(|| {
                let named: Vec<_> =
                    self.fields.iter().map(|field| words::register(language, *field)).collect();
                named.join(&say!(language, "between"))
            }),
            (!self.photos.is_empty()).then(|| say!(language, "deed-photos", n = self.photos.len())),
        ];
        let mut text = act.to_owned();
        for part in about.into_iter().flatten() {
            text.push_str(" · ");
            text.push_str(&part);
        }
        if !self.words.is_empty() {
            text.push_str(&say!(language, "deed-words", words = self.words.as_str()));
        }
        text
    }
}
