//! The year's mark of a community: what the sheets of the year came to and what others gave, each with its
//! weight.

use super::{Announcement, Fact, Period, Rhythm, ScoreError, ScorePoints, ScoreSheet};
use crate::id::UnitId;
use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul};
use serde::{Deserialize, Serialize};

/// How a year is marked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct YearEnd {
    /// Which sheets are averaged.
    pub rhythm: Rhythm,
    /// The parts of the mark.
    #[serde(rename = "part")]
    pub parts: Vec<YearPart>,
}

/// A part of the year's mark.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct YearPart {
    /// Its title as people read it.
    pub title: String,
    /// The points of the year's mark that a full score in this part is worth.
    pub weight: ScorePoints,
    /// Where its score comes from.
    pub from: YearSource,
}

/// Where the score of a part comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum YearSource {
    /// The mean of the sheets' totals, as a share of their base.
    Sheets,
    /// The sheets that begin in one quarter (1 to 4), so that quarters can weigh differently.
    Quarter(u32),
    /// A mark out of `full` that was announced under this name; the last one in the year holds.
    Mark {
        /// What the office calls it.
        named: String,
        /// The most that could be given.
        full: ScorePoints,
    },
}

/// A part of the year's mark, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearLine {
    /// The part.
    pub part: YearPart,
    /// What was reached, as a share of what could be; `None` when nothing is known yet.
    pub share: Option<ScorePoints>,
    /// Share times weight.
    pub points: ScorePoints,
}

/// The year of one community.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearMark {
    /// Whose.
    pub community: UnitId,
    /// The year.
    pub period: Period,
    /// Part by part.
    pub lines: Vec<YearLine>,
    /// All parts together.
    pub total: ScorePoints,
    /// Whether every part is known.
    pub complete: bool,
}

/// Marks a year from the community's sheets of it (those of other communities are passed over) and from what
/// was announced in it.
///
/// # Errors
/// [`ScoreError::Overflow`] when a sum is too large to be exact.
pub fn year_end<'a>(
    rules: &YearEnd,
    community: &UnitId,
    period: Period,
    sheets: &[ScoreSheet],
    announced: impl IntoIterator<Item = &'a Announcement>,
    zone: crate::time::Zone,
) -> Result<YearMark, ScoreError> {
    let ours: Vec<_> = sheets.iter().filter(|sheet| sheet.community == *community).collect();
    let mut marks: Vec<_> = announced
        .into_iter()
        .filter(|said| said.community == *community && said.fact == Fact::Other)
        .filter(|said| period.contains(zone.day(said.at)))
        .collect();
    marks.sort_by_key(|said| (said.at, said.id));
    let mut lines = Vec::new();
    for part in &rules.parts {
        let share = match &part.from {
            YearSource::Sheets => mean(ours.iter().copied())?,
            YearSource::Quarter(quarter) => {
                mean(ours.iter().copied().filter(|sheet| quarter_of(sheet.period) == *quarter))?
            }
            YearSource::Mark { named, full } => {
                let last = marks.iter().rev().find(|said| said.named.as_ref() == Some(named));
                match last.and_then(|said| said.mark) {
                    Some(mark) => Some(mark.0.checked_div(&full.0).ok_or_else(too_large)?),
                    None => None,
                }
            }
        };
        let points = share.unwrap_or_default().checked_mul(&part.weight.0).ok_or_else(too_large)?;
        lines.push(YearLine {
            part: part.clone(),
            share: share.map(ScorePoints),
            points: ScorePoints(points),
        });
    }
    let total = lines.iter().try_fold(Ratio::default(), |sum: Ratio<i64>, line| {
        sum.checked_add(&line.points.0).ok_or_else(too_large)
    })?;
    Ok(YearMark {
        community: community.clone(),
        period,
        complete: lines.iter().all(|line| line.share.is_some()),
        lines,
        total: ScorePoints(total),
    })
}

fn quarter_of(period: Period) -> u32 {
    use chrono::Datelike;
    period.from.month0() / 3 + 1
}

/// The mean of total over base; `None` without sheets.
fn mean<'a>(sheets: impl Iterator<Item = &'a ScoreSheet>) -> Result<Option<Ratio<i64>>, ScoreError> {
    let (mut sum, mut many) = (Ratio::default(), 0i64);
    for sheet in sheets {
        let share = sheet.total.0.checked_div(&sheet.base.0).ok_or_else(too_large)?;
        sum = sum.checked_add(&share).ok_or_else(too_large)?;
        many += 1;
    }
    if many == 0 {
        return Ok(None);
    }
    Ok(Some(sum.checked_div(&Ratio::from_integer(many)).ok_or_else(too_large)?))
}

fn too_large() -> ScoreError {
    ScoreError::Overflow(crate::id::RuleSetId("year-end".to_owned()))
}
