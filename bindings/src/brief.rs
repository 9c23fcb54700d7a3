//! The day's work brief (工作简报), as a matter that is issued and answered.

use crate::failure::FieldFailure;
use crate::field::Field;
use crate::value::{Day, Uuid};

/// A brief that was filled.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FilledBrief {
    /// The matter.
    pub matter: Uuid,
    /// The cases that were put into it now.
    pub added: Vec<Uuid>,
    /// Those that nobody answers for, or that find no room.
    pub left_out: Vec<Uuid>,
}

#[uniffi::export]
impl Field {
    /// Puts the problems of a day, today by default, with department, person and deadline, into the brief of that day that
    /// was not issued yet, else into a new one with this title. What is in it already is not put in again.
    ///
    /// # Errors
    /// As `open_matter`; [`FieldFailure::NothingYet`] before the first sync.
    #[uniffi::method(default(day = None))]
    pub fn fill_work_brief(&self, title: &str, day: Option<Day>) -> Result<FilledBrief, FieldFailure> {
        self.call(|field| {
            let day = match day {
                Some(day) => day.0,
                None => field.today()?,
            };
            let filled = field.fill_work_brief(day, title)?;
            let ids =
                |cases: Vec<_>| cases.into_iter().map(|case: sanben_domain::id::CaseId| case.0).collect();
            Ok(FilledBrief {
                matter: filled.matter.0,
                added: ids(filled.added),
                left_out: ids(filled.left_out),
            })
        })
    }
}
