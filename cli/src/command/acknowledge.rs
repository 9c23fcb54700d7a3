//! `field acknowledge CASE [WORDS]`: 收到,马上落实!

use super::act::Acted;
use crate::error::CommandError;
use crate::view::case_named;
use sanben_field::Field;

/// What a point's owner answers when nothing else is said.
pub(crate) const ANSWER: &str = "收到,马上落实!";

/// Which case, with which words.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct AcknowledgeArgs {
    /// The case, by id or prefix.
    pub(crate) case: String,
    /// The answer.
    #[arg(default_value = ANSWER)]
    pub(crate) words: String,
}

/// Answers.
///
/// # Errors
/// As [`Field::acknowledge`].
pub(crate) fn run(args: &AcknowledgeArgs, field: &Field) -> Result<Acted, CommandError> {
    let case = case_named(field, &args.case)?;
    let event = field.acknowledge(case, &args.words)?;
    Acted::on(field, case, Some(event))
}
