//! People, their roles, and who answers for what, from when until when.

use crate::id::{PersonId, PointId, TeamId, UnitId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person does for the tenant; rights follow from it ([`crate::rights`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 指挥部 / 创城办: the command post.
    Command,
    /// 督导员: an inspector of a team.
    Inspector,
    /// 点位负责人: the head of a point.
    PointHead,
    /// 网格员: a grid member.
    GridMember,
    /// 志愿者: a volunteer.
    Volunteer,
    /// 社区干部: a community clerk.
    Clerk,
    /// 纪检: discipline staff.
    Discipline,
}

/// A person who acts or answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their code.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The unit they belong to.
    pub unit: UnitId,
    /// Their inspection team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
}

/// In what way somebody is bound to a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duty {
    /// 点位负责人: answers for it.
    Head,
    /// 包联人: the contact person of a department.
    Contact,
}

/// Who answers for a point in `[from, until)`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The point.
    pub point: PointId,
    /// The person.
    pub person: PersonId,
    /// In what way.
    pub duty: Duty,
    /// First instant.
    pub from: Timestamp,
    /// First instant after; `None` while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Assignment {
    /// Whether it holds at an instant.
    #[must_use]
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// An inspection team (督导组).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its code.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Who leads it.
    pub leader: PersonId,
}
