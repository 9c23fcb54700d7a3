//! `field tidy`: what a phone does when it is idle, done now. Needs no network.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_field::{Field, Tidied};
use serde::Serialize;

/// Documents worked on in one go: recording beside it waits for no more.
const STEP: usize = 500;

/// Tidies up until nothing is left to do.
///
/// # Errors
/// As [`Field::tidy`].
pub(crate) fn run(field: &Field) -> Result<Tidy, CommandError> {
    let mut all = Tidied::default();
    loop {
        let step = field.tidy(STEP)?;
        all.examined += step.examined;
        all.refused += step.refused;
        all.compacted += step.compacted;
        all.room_given_back |= step.room_given_back;
        if !step.more {
            return Ok(Tidy { done: all });
        }
    }
}

/// What it came to.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Tidy {
    /// The figures.
    #[serde(flatten)]
    done: Tidied,
}

impl Outcome for Tidy {
    fn show(&self, language: Language) -> String {
        let Tidied { examined, refused, compacted, room_given_back, .. } = self.done;
        let nothing = examined == 0 && compacted == 0 && !room_given_back;
        let mut text = match nothing {
            true => say!(language, "tidied-nothing"),
            false => say!(language, "tidied", examined = examined, compacted = compacted),
        };
        text.push('\n');
        if refused > 0 {
            text.push_str(&say!(language, "tidied-refused", n = refused));
            text.push('\n');
        }
        text
    }
}
