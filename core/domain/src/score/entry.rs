//! One line of a sheet, with everything needed to trace it: rule, clause, case, photo, person, time.

use super::{Fact, Factor, Period, ScorePoints};
use crate::case::Source;
use crate::id::{CaseId, EventId, MatterId, PersonId, PhotoHash, PointId, RuleId, RuleSetId};
use crate::time::{Stamp, Timestamp};
use serde::{Deserialize, Serialize};

/// Which deadline passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deadline {
    /// That of a digital-city-management case.
    DigitalCity,
    /// The end of the day, for what can be put right the same day.
    SameDay,
    /// Any other.
    Other,
}

/// Why points were taken or given: kind and figures, so that a shell can say it in any language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Reason {
    /// A problem was found.
    Finding {
        /// In whose check.
        source: Source,
    },
    /// The same problem was found again.
    FoundAgain {
        /// In whose check it was first found.
        source: Source,
        /// How often it had been found with this time: 2 or more.
        times: u32,
    },
    /// A look-back found that the problem was still there.
    LookBackFailed {
        /// How many look-backs had failed with this one: 1 or more.
        times: u32,
    },
    /// A deadline passed.
    Overdue {
        /// Which.
        deadline: Deadline,
        /// The last instant that was still in time.
        due: Timestamp,
        /// When it was first put right after all; `None` while it was not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rectified: Option<Stamp>,
    },
    /// A fact from outside was announced.
    Announced {
        /// Which.
        fact: Fact,
        /// In which check.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check: Option<String>,
        /// How many points were clean in that check.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clean_points: Option<u32>,
        /// The words of the announcement.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// A mock assessment observed the community's points.
    Assessed {
        /// The assessment.
        assessment: MatterId,
        /// How many observations are met.
        met: u32,
        /// Of how many; what is not applicable is not among them.
        observed: u32,
    },
    /// An appeal was decided: the line it is about stays, this one makes the difference.
    Ruling {
        /// The event of the line.
        of: EventId,
        /// What the line was worth before.
        was: ScorePoints,
        /// What it is worth now.
        is: ScorePoints,
        /// The words of the decision.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
    },
    /// What was published no longer stands: its case was voided, merged, or is not here.
    Withdrawn,
}

/// The line of an earlier sheet that a line corrects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Corrects {
    /// The published period it belongs to.
    pub period: Period,
    /// What all published sheets together count for it; the correction makes up the difference.
    pub counted: ScorePoints,
}

/// One line of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScoreEntry {
    /// The rule set that held on the day of the fact.
    pub rule_set: RuleSetId,
    /// The rule.
    pub rule: RuleId,
    /// Its clause in the published scheme.
    pub clause: String,
    /// Its title as people read it.
    pub title: String,
    /// What it costs (negative) or earns.
    pub points: ScorePoints,
    /// Halved, because the problem was put right on the spot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub halved: bool,
    /// Doubled, because so many points were clean in the same check.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubled: bool,
    /// What else multiplied it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Factor>,
    /// Less than the rule says, because the rule's cap for the period was reached.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub capped: bool,
    /// It belongs to a period that was already published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Corrects>,
    /// Why.
    pub reason: Reason,
    /// When the fact happened and how far that can be believed; for a deadline, when it passed.
    pub at: Stamp,
    /// The event that is the fact; for a deadline the finding it belongs to, for a fact from outside the
    /// announcement.
    pub event: EventId,
    /// The case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<PointId>,
    /// Who answered for the point at that time; a later reassignment changes nothing here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Photos of the case, or the evidence of the announcement.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<PhotoHash>,
    /// Rests on work the server has not accepted yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pending: bool,
}

/// Why a line does not count, or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Suspension {
    /// Events contradict each other; it counts nothing until a person has decided.
    Disputed {
        /// The events, ordered by id.
        between: Vec<EventId>,
    },
    /// Only a clock that cannot be trusted says that it was late.
    DoubtfulClock,
    /// Another event already counts for the same thing: a point announced clean twice in one check, or a
    /// failure that two inspectors saw without knowing of each other.
    CountedAlready {
        /// The event that counts.
        counted: EventId,
    },
}

/// A line that is shown but counts nothing, with what it would be worth.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Suspended {
    /// The line, as it would stand.
    pub entry: ScoreEntry,
    /// Why it does not count.
    pub why: Suspension,
}
