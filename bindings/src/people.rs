//! Who is who, for showing names where records have codes.

use crate::failure::FieldFailure;
use crate::field::Field;
use sanben_domain::reference::{self, Person, Reference};

/// What a person does for the tenant; rights follow from it.
pub type Role = reference::Role;

/// What a person does for the tenant; rights follow from it.
#[uniffi::remote(Enum)]
pub enum Role {
    /// 指挥部 / 创城办.
    Command,
    /// 督导员.
    Inspector,
    /// 点位负责人.
    PointHead,
    /// 网格员.
    GridMember,
    /// 志愿者.
    Volunteer,
    /// 社区干部.
    Clerk,
    /// 纪检.
    Discipline,
}

/// Somebody who acts or answers.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PersonView {
    /// Their code.
    pub code: String,
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The code of their unit.
    pub unit: String,
    /// The name of their inspection team.
    pub team: Option<String>,
    /// The code of the community they belong to; `None` above the communities, or beside them.
    pub community: Option<String>,
}

impl PersonView {
    pub(crate) fn of(person: Person, reference: &Reference) -> Self {
        let team = person.team.and_then(|team| reference.teams.get(&team)).map(|team| team.name.clone());
        let community = reference.community_of(&person.unit).map(|unit| unit.id.to_string());
        Self { code: person.id.0, name: person.name, role: person.role, unit: person.unit.0, team, community }
    }
}

/// A unit of the grid tree, or an organisation.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct UnitView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is a community: a score sheet is kept for it.
    pub community: bool,
}

impl From<&reference::Unit> for UnitView {
    fn from(unit: &reference::Unit) -> Self {
        Self {
            code: unit.id.to_string(),
            name: unit.name.clone(),
            community: unit.kind == reference::UnitKind::Community,
        }
    }
}

#[uniffi::export]
impl Field {
    /// The person this store belongs to.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::NothingYet`] before the first sync.
    pub fn own_person(&self) -> Result<PersonView, FieldFailure> {
        self.call(|field| Ok(PersonView::of(field.own_person()?, &*field.reference()?)))
    }

    /// Who is who, by code; empty where this device does not hold names.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn people(&self) -> Result<Vec<PersonView>, FieldFailure> {
        self.call(|field| {
            let reference = field.reference()?;
            Ok(reference.people.values().map(|person| PersonView::of(person.clone(), &reference)).collect())
        })
    }

    /// The units, by code.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn units(&self) -> Result<Vec<UnitView>, FieldFailure> {
        self.call(|field| Ok(field.reference()?.units.values().map(Into::into).collect()))
    }
}
