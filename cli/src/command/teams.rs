//! `field teams`: the inspection teams, with the points that each of them walks.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::table::Table;
use crate::view::{Named, Names};
use sanben_domain::id::PointId;
use sanben_field::Field;
use serde::Serialize;
use std::collections::BTreeMap;

/// Lists them, by code.
///
/// # Errors
/// A store error.
pub(crate) fn run(field: &Field) -> Result<Teams, CommandError> {
    let names = Names::of(field)?;
    let reference = &names.reference;
    let teams = reference.teams.values().map(|team| {
        let points = reference.points.values().filter(|point| point.team.as_ref() == Some(&team.id));
        let mut communities: BTreeMap<_, usize> = BTreeMap::new();
        for point in points.clone() {
            *communities.entry(reference.community_of(&point.unit).map(|unit| &unit.id)).or_default() += 1;
        }
        let members = reference.people.values().filter(|person| person.team.as_ref() == Some(&team.id));
        TeamLine {
            team: names.team(&team.id),
            leader: names.person(&team.leader),
            members: members.map(|person| names.person(&person.id)).collect(),
            points: points.map(|point| point.id.clone()).collect(),
            communities: communities.into_keys().flatten().map(|id| names.unit(id)).collect(),
        }
    });
    let unwalked = reference.points.values().filter(|point| point.team.is_none());
    Ok(Teams { teams: teams.collect(), unwalked: unwalked.map(|point| names.point(&point.id)).collect() })
}

/// The teams.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Teams {
    teams: Vec<TeamLine>,
    /// Points that no team walks.
    unwalked: Vec<Named>,
}

/// One of them.
#[derive(Debug, Clone, Serialize)]
struct TeamLine {
    team: Named,
    leader: Named,
    members: Vec<Named>,
    points: Vec<PointId>,
    communities: Vec<Named>,
}

impl Outcome for Teams {
    fn show(&self, language: Language) -> String {
        let mut table = Table::new([
            say!(language, "label-team"),
            say!(language, "teams-leader"),
            say!(language, "teams-members"),
            say!(language, "teams-points"),
            say!(language, "label-community"),
        ]);
        for line in &self.teams {
            let communities: Vec<_> = line.communities.iter().map(ToString::to_string).collect();
            table.row([
                line.team.with_code(),
                line.leader.to_string(),
                line.members.len().to_string(),
                line.points.len().to_string(),
                communities.join(&say!(language, "between")),
            ]);
        }
        let points: usize = self.teams.iter().map(|line| line.points.len()).sum();
        let (teams, unwalked) = (self.teams.len(), self.unwalked.len());
        let sum = say!(language, "teams-sum", teams = teams, points = points, unwalked = unwalked);
        table.whole().lines() + &sum + "\n"
    }
}
