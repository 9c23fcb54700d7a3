//! The sheet (千分制) of a community with the reason of every line. Amounts are exact and travel as text.

use crate::case::CaseSource;
use crate::failure::FieldFailure;
use crate::field::Field;
use crate::value::{Day, PhotoHash, Uuid, instant, timestamp};
use sanben_domain::score;
use std::time::SystemTime;

/// Which deadline passed.
pub type Deadline = score::Deadline;

/// Which deadline passed.
#[uniffi::remote(Enum)]
pub enum Deadline {
    /// That of a digital-city-management case.
    DigitalCity,
    /// The end of the day.
    SameDay,
    /// Any other.
    Other,
}

/// A fact from outside that the desk announced.
pub type Announced = score::Fact;

/// A fact from outside that the desk announced.
#[uniffi::remote(Enum)]
pub enum Announced {
    /// Praise in writing or by a city leader.
    PraiseCity,
    /// Praise by the district.
    PraiseDistrict,
    /// Praise by the subdistrict.
    PraiseSubdistrict,
    /// A point without a finding in a city check.
    CleanPointCity,
    /// A point without a finding in a district check.
    CleanPointDistrict,
    /// Material failed by the city.
    MaterialFailedCity,
    /// Material failed by the district.
    MaterialFailedDistrict,
    /// Something the office gave a name of its own; the rule's title says what.
    Other,
}

/// Which days a sheet covers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Period {
    /// The week, Monday to Sunday, that a day lies in.
    Week {
        /// The day.
        day: Day,
    },
    /// The calendar month that a day lies in.
    Month {
        /// The day.
        day: Day,
    },
    /// From the first day up to, but not including, the second.
    Days {
        /// The first day.
        first: Day,
        /// The first day after.
        until: Day,
    },
}

impl From<Period> for score::Period {
    fn from(period: Period) -> Self {
        match period {
            Period::Week { day } => Self::week_of(day.0),
            Period::Month { day } => Self::month_of(day.0),
            Period::Days { first, until } => Self { from: first.0, until: until.0 },
        }
    }
}

/// Why points were taken or given.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum ScoreReason {
    /// A problem was found.
    Finding {
        /// In whose check.
        source: CaseSource,
    },
    /// The same problem was found again.
    FoundAgain {
        /// In whose check it was first found.
        source: CaseSource,
        /// How often it had been found with this time.
        times: i64,
    },
    /// A look-back found that the problem was still there.
    LookBackFailed {
        /// How many look-backs had failed with this one.
        times: i64,
    },
    /// A deadline passed.
    Overdue {
        /// Which.
        deadline: Deadline,
        /// The last instant in time.
        due: SystemTime,
        /// When it was first put right after all.
        rectified: Option<SystemTime>,
    },
    /// A fact from outside was announced.
    Announcement {
        /// Which.
        announced: Announced,
        /// In which check.
        check: Option<String>,
        /// How many points were clean in that check.
        clean_points: Option<i64>,
        /// The words of the announcement.
        words: String,
    },
    /// A mock assessment observed the community's points.
    Assessed {
        /// The assessment.
        assessment: Uuid,
        /// How many observations are met.
        met: i64,
        /// Of how many that apply.
        observed: i64,
    },
    /// An appeal was decided; this line makes the difference.
    Ruling {
        /// The event of the line it is about.
        of: Uuid,
        /// What that line was worth.
        was: String,
        /// What it is worth now.
        is_now: String,
        /// The words of the decision.
        words: String,
    },
    /// What was published no longer stands.
    Withdrawn,
}

/// Why a line does not count, or not yet.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Suspension {
    /// Events contradict each other until a person has decided.
    Disputed {
        /// The events.
        between: Vec<Uuid>,
    },
    /// Only a clock that cannot be trusted says that it was late.
    DoubtfulClock,
    /// Another event already counts for the same thing.
    CountedAlready {
        /// The event that counts.
        counted: Uuid,
    },
}

/// One line of a sheet, traceable to rule, clause, case, photo, person and time.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ScoreLine {
    /// The rule set.
    pub rule_set: String,
    /// The rule.
    pub rule: String,
    /// Its clause in the published scheme.
    pub clause: String,
    /// Its title.
    pub title: String,
    /// What it costs (negative) or earns: `-1`, `1/2`.
    pub points: String,
    /// Halved, because the problem was put right on the spot.
    pub halved: bool,
    /// Doubled, because so many points were clean in the same check.
    pub doubled: bool,
    /// Why.
    pub reason: ScoreReason,
    /// When the fact happened.
    pub at: SystemTime,
    /// The clock that says so cannot be trusted.
    pub clock_doubtful: bool,
    /// The event that is the fact.
    pub event: Uuid,
    /// The case.
    pub case_id: Option<Uuid>,
    /// The point's code.
    pub point: Option<String>,
    /// Who answered for the point at that time.
    pub person: Option<String>,
    /// Photos of the case, or the evidence of the announcement.
    pub photos: Vec<PhotoHash>,
    /// Rests on work the server has not accepted yet.
    pub pending: bool,
    /// The first day of the published period that it corrects.
    pub corrects: Option<Day>,
    /// Why it does not count; `None` when it does.
    pub suspended: Option<Suspension>,
}

/// The sheet of one community for one period.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ScoreSheet {
    /// The community's code.
    pub community: String,
    /// The first day.
    pub first: Day,
    /// The first day after.
    pub until: Day,
    /// What was known at this instant.
    pub as_of: SystemTime,
    /// What it started with.
    pub base: String,
    /// Base and lines together.
    pub total: String,
    /// Since when it stands as published; absent while the period is open.
    pub published: Option<SystemTime>,
    /// What counts.
    pub lines: Vec<ScoreLine>,
    /// What is shown but counts nothing.
    pub suspended: Vec<ScoreLine>,
}

impl From<score::Reason> for ScoreReason {
    fn from(reason: score::Reason) -> Self {
        match reason {
            score::Reason::Finding { source } => Self::Finding { source },
            score::Reason::FoundAgain { source, times } => Self::FoundAgain { source, times: times.into() },
            score::Reason::LookBackFailed { times } => Self::LookBackFailed { times: times.into() },
            score::Reason::Overdue { deadline, due, rectified } => Self::Overdue {
                deadline,
                due: instant(due),
                rectified: rectified.map(|stamp| instant(stamp.at())),
            },
            score::Reason::Announced { fact, check, clean_points, words } => Self::Announcement {
                announced: fact,
                check,
                clean_points: clean_points.map(Into::into),
                words,
            },
            score::Reason::Assessed { assessment, met, observed } => {
                Self::Assessed { assessment: assessment.0, met: met.into(), observed: observed.into() }
            }
            score::Reason::Ruling { of, was, is, words } => {
                Self::Ruling { of: of.0, was: was.to_string(), is_now: is.to_string(), words }
            }
            score::Reason::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<score::Suspension> for Suspension {
    fn from(why: score::Suspension) -> Self {
        match why {
            score::Suspension::Disputed { between } => {
                Self::Disputed { between: between.into_iter().map(|event| event.0).collect() }
            }
            score::Suspension::DoubtfulClock => Self::DoubtfulClock,
            score::Suspension::CountedAlready { counted } => Self::CountedAlready { counted: counted.0 },
        }
    }
}

impl ScoreLine {
    fn of(entry: score::ScoreEntry, suspended: Option<Suspension>) -> Self {
        Self {
            rule_set: entry.rule_set.0,
            rule: entry.rule.0,
            clause: entry.clause,
            title: entry.title,
            points: entry.points.to_string(),
            halved: entry.halved,
            doubled: entry.doubled,
            reason: entry.reason.into(),
            at: instant(entry.at.at()),
            clock_doubtful: entry.at.doubtful(),
            event: entry.event.0,
            case_id: entry.case.map(|case| case.0),
            point: entry.point.map(|point| point.0),
            person: entry.person.map(|person| person.0),
            photos: entry.photos,
            pending: entry.pending,
            corrects: entry.corrects.map(|corrects| Day(corrects.period.from)),
            suspended,
        }
    }
}

impl From<score::ScoreSheet> for ScoreSheet {
    fn from(sheet: score::ScoreSheet) -> Self {
        Self {
            community: sheet.community.0,
            first: Day(sheet.period.from),
            until: Day(sheet.period.until),
            as_of: instant(sheet.as_of),
            base: sheet.base.to_string(),
            total: sheet.total.to_string(),
            published: sheet.published.map(instant),
            lines: sheet.entries.into_iter().map(|entry| ScoreLine::of(entry, None)).collect(),
            suspended: sheet
                .suspended
                .into_iter()
                .map(|line| ScoreLine::of(line.entry, Some(line.why.into())))
                .collect(),
        }
    }
}

#[uniffi::export]
impl Field {
    /// The sheet of a community for a period, as far as it was known at `as_of`, now by default.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for something that is no community, [`FieldFailure::NothingYet`].
    #[uniffi::method(default(as_of = None))]
    pub fn score(
        &self,
        community: &str,
        period: Period,
        as_of: Option<SystemTime>,
    ) -> Result<ScoreSheet, FieldFailure> {
        self.call(|field| Ok(field.score(&community.into(), period.into(), as_of.map(timestamp))?.into()))
    }
}
