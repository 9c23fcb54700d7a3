//! Who may see what, as docs/data-model.md tells it ("Scopes", "Sharing", "Who sees what"): written a second
//! time, from the text, over plain strings. The product's own rules are not asked.

use std::collections::{BTreeMap, BTreeSet};

/// The units: code, kind, parent. Two communities, one with a compound and one with a firm inside, and two
/// organisations outside every community.
pub(crate) const UNITS: &[(&str, &str, Option<&str>)] = &[
    (ROOT, "subdistrict", None),
    ("c1", "community", Some(ROOT)),
    ("c2", "community", Some(ROOT)),
    ("x1", "compound", Some("c1")),
    ("f2", "firm", Some("c2")),
    ("d1", "department", Some(ROOT)),
    ("f1", "firm", Some(ROOT)),
];
pub(crate) const ROOT: &str = "t";

/// The points: code and unit.
pub(crate) const POINTS: &[(&str, &str)] =
    &[("p1", "c1"), ("p2", "x1"), ("p3", "c2"), ("p4", "f2"), ("p5", "d1"), ("p6", ROOT)];

pub(crate) const ROLES: &[&str] =
    &["command", "inspector", "head", "grid-member", "volunteer", "clerk", "discipline"];

/// Somebody on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Staff {
    pub(crate) role: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) team: Option<&'static str>,
}

/// Who answers for a point, from when until when.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    pub(crate) point: &'static str,
    pub(crate) person: &'static str,
    pub(crate) from: i64,
    pub(crate) until: Option<i64>,
}

/// What the desk has published.
#[derive(Debug, Clone, Default)]
pub(crate) struct Published {
    pub(crate) people: BTreeMap<&'static str, Staff>,
    pub(crate) heads: Vec<Answers>,
    /// The team that walks each point.
    pub(crate) walked: BTreeMap<&'static str, Option<&'static str>>,
}

/// A record, as far as it decides who sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lies {
    /// Whose daily work it is part of: its home, and wherever it was handed to and not taken back from.
    pub(crate) in_work_of: BTreeSet<&'static str>,
    /// Where it has ever been: what a log says of it stays there, its name and its hashes, without its bytes.
    pub(crate) ever_in_work_of: BTreeSet<&'static str>,
    /// It is a resident's contact, and lies apart from the work of the same unit.
    pub(crate) contact: bool,
    /// It is a matter of the discipline staff, who alone have what lies at the tenant in that class.
    pub(crate) discipline: bool,
    /// It is a matter, and nothing is done to it here.
    pub(crate) matter: bool,
    /// Whom it is addressed to.
    pub(crate) to: Option<&'static str>,
    /// Its bytes are gone.
    pub(crate) erased: bool,
    /// Its point now.
    pub(crate) point: Option<&'static str>,
    /// Whom it was dispatched to: a unit, and a person when one was named.
    pub(crate) handlers: Vec<(&'static str, Option<&'static str>)>,
}

/// The community that a unit lies in, else the unit itself: whose work it is.
pub(crate) fn whose(unit: &'static str) -> &'static str {
    let mut next = Some(unit);
    while let Some(here) = next {
        let (_, kind, parent) = UNITS.iter().find(|(code, ..)| *code == here).unwrap();
        if *kind == "community" {
            return here;
        }
        next = *parent;
    }
    unit
}

fn is_community(unit: &str) -> bool {
    UNITS.iter().any(|(code, kind, _)| *code == unit && *kind == "community")
}

pub(crate) fn unit_of(point: &str) -> &'static str {
    POINTS.iter().find(|(code, _)| *code == point).unwrap().1
}

impl Published {
    /// Whether somebody sees the daily work of a community, an organisation or the tenant.
    pub(crate) fn sees_work_of(&self, person: &str, of: &str, now: i64) -> bool {
        self.sees_by_role(person, of) || self.headed(person, now).any(|point| whose(unit_of(point)) == of)
    }

    /// The same without the points they answer for.
    fn sees_by_role(&self, person: &str, of: &str) -> bool {
        let Some(Staff { role, unit, team }) = self.people.get(person) else { return false };
        let own = whose(unit);
        match *role {
            "command" | "discipline" => true,
            "inspector" => {
                let walks = |point: &&'static str| team.is_some() && self.walked[*point] == *team;
                let mut points = POINTS.iter().map(|(code, _)| *code).filter(walks);
                of == ROOT || points.any(|point| whose(unit_of(point)) == of)
            }
            "clerk" => of == own,
            "grid-member" => of == own && own != ROOT,
            "volunteer" => of == own && is_community(own),
            "head" => of == own && own != ROOT && !is_community(own),
            other => panic!("a role {other}"),
        }
    }

    /// Contacts are for those who keep them, where their role puts them: never for volunteers, nor for heads.
    fn sees_contacts_of(&self, person: &str, of: &str) -> bool {
        let keeps = self.people.get(person).is_some_and(|staff| !matches!(staff.role, "volunteer" | "head"));
        keeps && self.sees_by_role(person, of)
    }

    /// The points that somebody answers for.
    fn headed(&self, person: &str, now: i64) -> impl Iterator<Item = &'static str> {
        let theirs = self.heads.iter().filter(move |held| held.person == person);
        theirs
            .filter(move |held| held.from <= now && held.until.is_none_or(|until| now < until))
            .map(|held| held.point)
    }

    /// Whether somebody may have the bytes of a record.
    pub(crate) fn sees(&self, person: &str, record: &Lies, now: i64) -> bool {
        !record.erased && self.reaches(person, record, &record.in_work_of, now)
    }

    /// Whether somebody may know that there is, or was, such a record.
    pub(crate) fn knows_of(&self, person: &str, record: &Lies, now: i64) -> bool {
        self.reaches(person, record, &record.ever_in_work_of, now)
    }

    fn reaches(&self, person: &str, record: &Lies, places: &BTreeSet<&'static str>, now: i64) -> bool {
        let listed = self.people.contains_key(person);
        // What is addressed to somebody reaches them wherever they stand.
        (listed && record.to == Some(person))
            || places.iter().any(|of| match (record.contact, record.discipline) {
                (true, _) => self.sees_contacts_of(person, of),
                (false, true) => {
                    *of == ROOT && self.people.get(person).is_some_and(|staff| staff.role == "discipline")
                }
                (false, false) => self.sees_work_of(person, of, now),
            })
    }

    /// Staff lists are for everybody but volunteers.
    pub(crate) fn sees_names(&self, person: &str) -> bool {
        self.people.get(person).is_some_and(|staff| staff.role != "volunteer")
    }

    /// Whether what the camera wrote into a photo may go to somebody who sees the record that cites it. Whoever
    /// it was ever dispatched to counts here: which dispatch holds is for the fold.
    pub(crate) fn sees_original(&self, person: &str, author: &str, record: &Lies, now: i64) -> bool {
        let Some(staff) = self.people.get(person) else { return false };
        let heads = record.point.is_some_and(|point| self.headed(person, now).any(|held| held == point));
        let handles = record.handlers.iter().any(|(unit, named)| match named {
            Some(named) => *named == person,
            None => *unit == staff.unit,
        });
        person == author
            || matches!(staff.role, "command" | "discipline")
            || (staff.role != "volunteer" && (heads || handles))
    }
}
