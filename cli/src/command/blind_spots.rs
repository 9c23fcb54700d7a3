//! `field blind-spots`: what nobody answers for.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Named, Names};
use sanben_field::Field;
use serde::Serialize;

/// Lists them.
///
/// # Errors
/// A store error.
pub(crate) fn run(field: &Field) -> Result<BlindSpots, CommandError> {
    let (names, found) = (Names::of(field)?, field.blind_spots()?);
    Ok(BlindSpots {
        points: found.points.iter().map(|id| names.point(id)).collect(),
        unwalked: found.unwalked.iter().map(|id| names.point(id)).collect(),
        without_points: found.without_points.iter().map(|id| names.unit(id)).collect(),
        without_clerk: found.without_clerk.iter().map(|id| names.unit(id)).collect(),
    })
}

/// The blind spots.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct BlindSpots {
    /// Points without a head.
    pub(crate) points: Vec<Named>,
    /// Points that no team walks.
    pub(crate) unwalked: Vec<Named>,
    /// Communities without any point.
    pub(crate) without_points: Vec<Named>,
    /// Communities without a clerk.
    pub(crate) without_clerk: Vec<Named>,
}

impl Outcome for BlindSpots {
    fn show(&self, language: Language) -> String {
        let kinds = [
            (say!(language, "blind-points"), &self.points),
            (say!(language, "blind-unwalked"), &self.unwalked),
            (say!(language, "blind-without-points"), &self.without_points),
            (say!(language, "blind-without-clerk"), &self.without_clerk),
        ];
        if kinds.iter().all(|(_, spots)| spots.is_empty()) {
            return say!(language, "blind-none") + "\n";
        }
        let mut table = Table::new([say!(language, "label-blind-spot"), say!(language, "label-lacks")]);
        for (lacks, spots) in kinds {
            for spot in spots {
                table.row([spot.with_code(), lacks.clone()]);
            }
        }
        table.lines()
    }
}
