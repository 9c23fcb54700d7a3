//! What PostgreSQL says when it cannot, and what that means for the log. Only its message and code are
//! passed on: details hold values of rows.

use crate::log::LogError;
use postgres::error::SqlState;
use std::error::Error;

impl From<postgres::Error> for LogError {
    fn from(error: postgres::Error) -> Self {
        let Some(said) = error.as_db_error() else { return of_the_line(&error) };
        let (code, text) = (said.code(), format!("{} ({})", said.message(), said.code().code()));
        match code {
            &SqlState::DISK_FULL => Self::Full,
            // The second is what a standby says to whoever begins to write.
            &SqlState::READ_ONLY_SQL_TRANSACTION | &SqlState::FEATURE_NOT_SUPPORTED => Self::ReadOnly,
            &SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED => Self::Damaged(text),
            &SqlState::ADMIN_SHUTDOWN
            | &SqlState::CRASH_SHUTDOWN
            | &SqlState::CANNOT_CONNECT_NOW
            | &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Self::Lost(text),
            &SqlState::LOCK_NOT_AVAILABLE => {
                Self::Unusable("another process has been writing for long; try again".to_owned())
            }
            &SqlState::TOO_MANY_CONNECTIONS => Self::Unusable(format!(
                "the database has no connection left: {text}; raise its max_connections"
            )),
            &SqlState::INSUFFICIENT_PRIVILEGE => Self::Unusable(format!(
                "the database allows too little: {text}; let the user own the database or schema"
            )),
            &SqlState::INVALID_PASSWORD
            | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            | &SqlState::INVALID_CATALOG_NAME => Self::Unusable(format!(
                "the database lets nobody in: {text}; check user, password and database in its URL"
            )),
            code if code.code().starts_with("08") => Self::Lost(text),
            _ => Self::Unusable(text),
        }
    }
}

/// The error did not come from the database: nobody answered, or not as a PostgreSQL.
fn of_the_line(error: &postgres::Error) -> LogError {
    let mut text = error.to_string();
    let mut cause = error.source();
    let mut lost = error.is_closed();
    while let Some(deeper) = cause {
        lost |= deeper.is::<std::io::Error>();
        text = format!("{text}: {deeper}");
        cause = deeper.source();
    }
    if lost { LogError::Lost(text) } else { LogError::Unusable(text) }
}
