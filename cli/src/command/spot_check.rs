//! `field spot-check FILE`: the spot check of a draw, or a comparison of the two.

use super::draw::{self, VerifyDrawArgs};
use super::matter::{MatterShown, matter_named};
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::view::Names;
use sanben_domain::id::MatterId;
use sanben_domain::matter::feature::{NotDrawn, agrees, of_draw};
use sanben_field::{Field, NewMatter};
use serde::Serialize;

/// Of which draw.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct SpotCheckArgs {
    /// The draw.
    #[command(flatten)]
    pub(crate) drawn: VerifyDrawArgs,
    /// Compare this one instead.
    #[arg(long, value_name = "MATTER")]
    pub(crate) check: Option<String>,
}

/// Opens it, or compares.
///
/// # Errors
/// [`CommandError::Draw`] and [`CommandError::NotDrawn`] for a draw that does not hold, makes no spot check, or is
/// another one; as [`Field::open_matter`].
pub(crate) fn run(args: &SpotCheckArgs, field: &Field) -> Result<SpotCheck, CommandError> {
    let drawn = draw::verify(&args.drawn)?;
    let draw = &drawn.draw;
    let (matter, opened) = match &args.check {
        Some(check) => {
            let id = matter_named(field, check)?;
            agrees(&field.matter(id)?.record, draw)?;
            (id, None)
        }
        None => {
            let (feature, fields) = ("spot-check".to_owned(), of_draw(draw)?);
            let id = field.open_matter(NewMatter { feature, fields, ..NewMatter::default() })?;
            (id, Some(MatterShown::of(field, id, &Names::of(field)?)?))
        }
    };
    Ok(SpotCheck { matter, sample: draw.drawn.as_ref().map_or(0, Vec::len), alone: drawn.alone, opened })
}

/// The spot check of a draw.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct SpotCheck {
    /// Which.
    matter: MatterId,
    /// How many were drawn.
    sample: usize,
    /// The file was checked against itself: not both published hashes were given.
    alone: bool,
    /// As it was opened; nothing when it was compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    opened: Option<MatterShown>,
}

impl Outcome for SpotCheck {
    fn show(&self, language: Language) -> String {
        let mut text = match &self.opened {
            Some(opened) => opened.show(language),
            None => say!(language, "draw-agrees", n = self.sample) + "\n",
        };
        if self.alone {
            text.push_str(&(say!(language, "draw-alone") + "\n"));
        }
        text
    }
}

/// Why a draw makes no spot check, or a spot check is not that of a draw.
#[must_use]
pub(crate) fn explain(language: Language, error: &NotDrawn) -> String {
    match error {
        NotDrawn::Draw(error) => draw::explain(language, error),
        NotDrawn::NoCase(item) => {
            say!(language, "draw-error-no-case", item = item.escape_debug().to_string())
        }
        NotDrawn::TooMany { drawn } => say!(language, "draw-error-too-large", drawn = *drawn),
        NotDrawn::Another => say!(language, "draw-error-another"),
        NotDrawn::Sample => say!(language, "draw-error-sample"),
    }
}
