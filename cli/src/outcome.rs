//! What a command brings back: data for programs, and the same in words for persons.

use crate::language::Language;
use serde::Serialize;

/// The result of a command. As JSON its field names are stable (`snake_case`, values in `kebab-case`).
pub(crate) trait Outcome: Serialize {
    /// The same for a person: lines, each ending with a line feed.
    fn show(&self, language: Language) -> String;
}
