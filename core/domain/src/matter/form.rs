//! Forms as data: what a feature consists of, and whether an act fits.

use super::fold::{State, Telling, Told};
use super::schedule::Schedule;
use super::{Counting, FieldForm, Figure, Flaw, Flawed, MatterAct, MatterRecord, OPEN, Shape, Value};
use crate::reference::Role;
use crate::rights::ScopeClass;
use serde::{Deserialize, Serialize};

/// One feature: everything that is special about it.
#[derive(Debug, Clone, Copy)]
pub struct Feature {
    /// Its name, kebab-case, as documents and commands spell it. Never changed.
    pub name: &'static str,
    /// The class of the scope its matters live in.
    pub class: ScopeClass,
    /// Whose unit they live in.
    pub home: Home,
    /// What else stands in the header.
    pub header: Header,
    /// How one begins.
    pub open: ActForm,
    /// What can be done to it, beside what can be done to every matter ([`Always`]).
    pub acts: &'static [ActForm],
    /// The steps at which nothing more is to be done.
    pub closed: &'static [&'static str],
    /// What has to be there, and how often.
    pub schedule: Option<Schedule>,
    /// What the acts come to.
    pub fold: fn(&Telling<'_>) -> Told,
    /// What the matters that belong to one add to it: figures and remarks.
    pub gather: Option<Gather>,
    /// What reports of a day or a week count of it.
    pub counting: Option<Counting>,
}

/// Figures and remarks out of a matter and those that belong to it.
pub type Gather = fn(&State, &[(MatterRecord, State)]) -> (Vec<Figure>, Vec<&'static str>);

impl Feature {
    /// The form of an act, one of its own or one of every matter; `None` for an unknown one.
    #[must_use]
    pub fn act(&self, name: &str) -> Option<&ActForm> {
        if name == OPEN {
            return Some(&self.open);
        }
        self.acts.iter().chain(Always::ACTS).find(|act| act.name == name)
    }

    /// Whether an act of this name cannot be struck out.
    #[must_use]
    pub fn stands(&self, act: &str) -> bool {
        self.act(act).is_some_and(|form| form.stands)
    }

    /// All acts after the opening, its own first.
    pub fn later(&self) -> impl Iterator<Item = &'static ActForm> {
        let decided = self.acts.iter().any(|act| !act.against.is_empty());
        self.acts.iter().chain(Always::ACTS).filter(move |act| decided || act.name != Always::DECIDE)
    }
}

/// Whose unit a matter lives in when nobody says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// The community of its point, else that of its author.
    Place,
    /// The tenant itself: what goes across communities.
    Root,
}

/// Whether a part has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// It has no place here.
    No,
    /// It may be given.
    May,
    /// It must be given.
    Must,
}

/// What stands in the header beside feature, home and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The point it is about.
    pub point: Need,
    /// The person it is about, or who has to act.
    pub person: Need,
    /// The document it belongs to.
    pub about: Need,
    /// Of which feature that document has to be; any document where it is not said.
    pub whole: Option<&'static str>,
}

impl Header {
    /// Nothing more.
    pub const PLAIN: Self = Self { point: Need::No, person: Need::No, about: Need::No, whole: None };

    /// With a point.
    #[must_use]
    pub const fn point(self, need: Need) -> Self {
        Self { point: need, ..self }
    }

    /// With a person.
    #[must_use]
    pub const fn person(self, need: Need) -> Self {
        Self { person: need, ..self }
    }

    /// With a document.
    #[must_use]
    pub const fn about(self, need: Need) -> Self {
        Self { about: need, ..self }
    }

    /// As a part of a matter of this feature.
    #[must_use]
    pub const fn part_of(self, feature: &'static str) -> Self {
        Self { about: Need::Must, whole: Some(feature), ..self }
    }
}

/// The form of one act.
#[derive(Debug, Clone, Copy)]
pub struct ActForm {
    /// Its name, kebab-case. Never changed.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [FieldForm],
    /// Who may do it: anyone to whom one of these applies.
    pub by: &'static [Grant],
    /// The steps at which it may be done; empty for every one that is not closed.
    pub at: &'static [&'static str],
    /// What it contradicts when neither author saw the other's.
    pub against: &'static [Against],
    /// With whom it shares the matter.
    pub shares: &'static [Sharing],
    /// Only once what the matter waited for is due and has not come.
    pub after_due: bool,
    /// Once it is done it stands: nobody strikes it out.
    pub stands: bool,
    /// Once it is done the whole is not withdrawn either: others have read it.
    pub seals: bool,
    /// What must hold between its fields.
    pub rule: Option<Rule>,
    /// The field with a day that has to come after the matter's own.
    pub later_day: Option<&'static str>,
    /// The field with a document that has to be among those in this field of the opening.
    pub among: Option<(&'static str, &'static str)>,
    /// Not before the matter's own day: it says what happened then.
    pub on_its_day: bool,
    /// The feature that it opens a matter of, with the fields of the same names. That matter belongs to this one, and
    /// the act names it in the field `opened`.
    pub opens: Option<&'static str>,
}

/// What must hold between the fields of an act.
pub type Rule = fn(&MatterAct) -> Result<(), Flawed>;

impl ActForm {
    /// An act that anyone to whom one of `by` applies may do at every step that is not closed.
    #[must_use]
    pub const fn new(name: &'static str, by: &'static [Grant], fields: &'static [FieldForm]) -> Self {
        Self {
            name,
            fields,
            by,
            at: &[],
            against: &[],
            shares: &[],
            after_due: false,
            stands: false,
            seals: false,
            rule: None,
            later_day: None,
            among: None,
            on_its_day: false,
            opens: None,
        }
    }

    /// How a matter begins.
    #[must_use]
    pub const fn opening(by: &'static [Grant], fields: &'static [FieldForm]) -> Self {
        Self::new(OPEN, by, fields)
    }

    /// Only at these steps.
    #[must_use]
    pub const fn at(self, steps: &'static [&'static str]) -> Self {
        Self { at: steps, ..self }
    }

    /// Contradicting these.
    #[must_use]
    pub const fn against(self, against: &'static [Against]) -> Self {
        Self { against, ..self }
    }

    /// Sharing the matter.
    #[must_use]
    pub const fn shares(self, shares: &'static [Sharing]) -> Self {
        Self { shares, ..self }
    }

    /// Only once the matter is due.
    #[must_use]
    pub const fn after_due(self) -> Self {
        Self { after_due: true, ..self }
    }

    /// For good: what answers it is a further act.
    #[must_use]
    pub const fn stands(self) -> Self {
        Self { stands: true, ..self }
    }

    /// For good, and the whole with it.
    #[must_use]
    pub const fn seals(self) -> Self {
        Self { stands: true, seals: true, ..self }
    }

    /// With a rule between its fields.
    #[must_use]
    pub const fn rule(self, rule: fn(&MatterAct) -> Result<(), Flawed>) -> Self {
        Self { rule: Some(rule), ..self }
    }

    /// With a day that has to come after the matter's own.
    #[must_use]
    pub const fn later_day(self, field: &'static str) -> Self {
        Self { later_day: Some(field), ..self }
    }

    /// About one of the documents that a field of the opening lists.
    #[must_use]
    pub const fn among(self, field: &'static str, listed: &'static str) -> Self {
        Self { among: Some((field, listed)), ..self }
    }

    /// Not before the matter's own day.
    #[must_use]
    pub const fn on_its_day(self) -> Self {
        Self { on_its_day: true, ..self }
    }

    /// Opening another matter.
    #[must_use]
    pub const fn opens(self, feature: &'static str) -> Self {
        Self { opens: Some(feature), ..self }
    }

    /// The form of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldForm> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What an act says, in the order in which it was asked for; then what the act added by itself.
    pub fn in_order<'a>(&'a self, act: &'a MatterAct) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let asked = self.fields.iter().filter_map(|field| act.fields.get_key_value(field.name));
        asked.chain(act.fields.iter().filter(|(name, _)| self.field(name).is_none()))
    }

    /// Whether an act fits: every field is known, of its kind and within its bounds, none is missing that has to be
    /// there, and they fit each other.
    ///
    /// # Errors
    /// The first field that does not, and why.
    pub fn check(&self, act: &MatterAct) -> Result<(), Flawed> {
        let fields = &act.fields;
        for (name, value) in fields {
            let form = match self.field(name) {
                Some(form) => form,
                None if self.opens.is_some() && name == OPENED => &OPENED_FORM,
                None => return Err(Flawed::new(name, Flaw::Unknown)),
            };
            form.check(value).map_err(|why| Flawed::new(name, why))?;
        }
        let missing = self.fields.iter().find(|form| form.need && !fields.contains_key(form.name));
        match missing {
            Some(form) => Err(Flawed::new(form.name, Flaw::Missing)),
            None => self.rule.map_or(Ok(()), |rule| rule(act)),
        }
    }
}

/// The field in which an act names the matter that it opened.
pub const OPENED: &str = "opened";
const OPENED_FORM: FieldForm = FieldForm::new(OPENED, Shape::Document).optional();

/// What can be done to every matter.
#[derive(Debug, Clone, Copy)]
pub struct Always;

impl Always {
    /// A word in the thread.
    pub const COMMENT: &'static str = "comment";
    /// A mistaken entry loses its effect; it stays readable.
    pub const STRIKE: &'static str = "strike";
    /// The whole was a mistake, or is not needed any more.
    pub const WITHDRAW: &'static str = "withdraw";
    /// A person settles a dispute.
    pub const DECIDE: &'static str = "decide";
    /// The step of a matter that was withdrawn.
    pub const WITHDRAWN: &'static str = "withdrawn";

    /// Their forms.
    pub const ACTS: &'static [ActForm] = &[
        ActForm::new(Self::COMMENT, &[Grant::Anyone], &[FieldForm::text("words", 2_000)]),
        ActForm::new(
            Self::STRIKE,
            &[Grant::Author, Grant::Role(Role::Command)],
            &[FieldForm::new("entry", Shape::Event), FieldForm::text("reason", 500)],
        ),
        ActForm::new(
            Self::WITHDRAW,
            &[Grant::Opener, Grant::Role(Role::Command)],
            &[FieldForm::text("reason", 500)],
        ),
        ActForm::new(
            Self::DECIDE,
            &[Grant::Role(Role::Command), Grant::Role(Role::Discipline)],
            &[FieldForm::new("upholds", Shape::Event), FieldForm::text("reason", 500)],
        ),
    ];
}

/// Which concurrent acts contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Against {
    /// The other act; the same name for two of one kind.
    pub act: &'static str,
    /// Only when these fields are equal in both, and one of them is there: about the same thing.
    pub same: &'static [&'static str],
    /// Only when one of these fields differs; when there is none, always.
    pub differ: &'static [&'static str],
}

/// To whom an act is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grant {
    /// Everybody who has it before them.
    Anyone,
    /// Who has this role.
    Role(Role),
    /// Who opened the matter.
    Opener,
    /// The person in the header.
    Named,
    /// Who heads its point at that time.
    Head,
    /// Who belongs to the unit in the field `unit` of the opening.
    OfUnit,
    /// Who made the entry that the act is about.
    Author,
}

/// With whom an act shares the matter, beside the scope it lives in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// The person in the header, and nobody else of their unit.
    Named,
    /// The daily work of the unit in this field of the act, else of the opening.
    Unit(&'static str),
    /// The daily work of every unit in this field of the entries of an act.
    Entries {
        /// The act.
        act: &'static str,
        /// Its field.
        field: &'static str,
    },
    /// The daily work of the unit it lives in.
    Home,
    /// The daily work of the community that its point lies in: who opened it may not write there.
    Place,
}
