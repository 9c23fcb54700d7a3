//! No answer ever holds a byte of a record outside what its reader may see.
//!
//! A made-up tenant with people of random roles, units and teams; they report, comment, complete, dispatch and
//! escalate, on what they hold and on what they do not; the desk moves, removes and revokes them, and decides
//! about what came late; they ask for everything that anybody ever had the name of, and
//! for every block of every bundle. Every record, photo and
//! name has bytes of its own, and every answer of the real server is searched for all of them. Who may see
//! which is decided by [`rules`], written from the documentation alone. In the end everybody's new device holds
//! all that they may see, so that the rules are not just wide.

mod rules;
mod secrets;
mod town;

use crate::store::Store;
use proptest::prelude::*;
use rules::{POINTS, ROLES, UNITS};
use town::{PEOPLE, Town};

/// What happens next. Numbers stand for one of those that there are.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Report {
        who: usize,
        home: usize,
        point: Option<usize>,
        photo: bool,
    },
    /// A report that cites a photo of another one.
    Cite {
        who: usize,
        home: usize,
        photo: usize,
    },
    Comment {
        who: usize,
        record: usize,
    },
    Complete {
        who: usize,
        record: usize,
        point: usize,
    },
    Dispatch {
        who: usize,
        record: usize,
        unit: usize,
        person: Option<usize>,
    },
    Escalate {
        who: usize,
        record: usize,
        unit: usize,
    },
    Sync {
        who: usize,
        budget: u32,
    },
    /// Sends the photo that they hold, and the small picture ahead of it when they are its author.
    Send {
        who: usize,
        photo: usize,
    },
    /// Asks for all that there is, in every way there is.
    Probe {
        who: usize,
    },
    /// The desk publishes another role, unit or team for somebody.
    Move {
        who: usize,
        role: usize,
        unit: usize,
        team: usize,
    },
    Remove {
        who: usize,
    },
    /// Somebody answers for a point for so many hours.
    Head {
        who: usize,
        point: usize,
        hours: Option<i64>,
    },
    /// Another team walks a point.
    Walk {
        point: usize,
        team: usize,
    },
    /// Takes the device out; the person gets another one.
    Revoke {
        who: usize,
    },
    Decide {
        nth: usize,
        accept: bool,
    },
    Wait {
        hours: i64,
    },
    /// Whom a record is about.
    Contact {
        who: usize,
        record: usize,
    },
    /// A matter of daily work, about residents, or of the discipline staff; that one is addressed to somebody.
    Matter {
        who: usize,
        class: usize,
        home: usize,
        to: usize,
    },
    /// The desk takes a record back from where it was handed to.
    TakeBack {
        record: usize,
        unit: usize,
    },
    Erase {
        record: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (who, home, point, unit) = (0..PEOPLE.len(), 0..UNITS.len(), 0..POINTS.len(), 0..UNITS.len());
    let one_of = 0..64usize;
    let step = prop_oneof![
        6 => (who.clone(), home.clone(), prop::option::of(point.clone()), any::<bool>())
            .prop_map(|(who, home, point, photo)| Step::Report { who, home, point, photo }),
        1 => (who.clone(), home, one_of.clone()).prop_map(|(who, home, photo)| Step::Cite { who, home, photo }),
        3 => (who.clone(), one_of.clone()).prop_map(|(who, record)| Step::Comment { who, record }),
        3 => (who.clone(), one_of.clone(), point.clone())
            .prop_map(|(who, record, point)| Step::Complete { who, record, point }),
        4 => (who.clone(), one_of.clone(), unit.clone(), prop::option::of(who.clone()))
            .prop_map(|(who, record, unit, person)| Step::Dispatch { who, record, unit, person }),
        3 => (who.clone(), one_of.clone(), unit.clone())
            .prop_map(|(who, record, unit)| Step::Escalate { who, record, unit }),
        8 => (who.clone(), prop::sample::select(&[400u32, 3000, 1 << 20][..]))
            .prop_map(|(who, budget)| Step::Sync { who, budget }),
        3 => (who.clone(), one_of.clone()).prop_map(|(who, photo)| Step::Send { who, photo }),
        3 => who.clone().prop_map(|who| Step::Probe { who }),
        3 => (who.clone(), one_of.clone()).prop_map(|(who, record)| Step::Contact { who, record }),
        4 => (who.clone(), 0..3usize, 0..UNITS.len(), who.clone())
            .prop_map(|(who, class, home, to)| Step::Matter { who, class, home, to }),
        3 => (one_of.clone(), unit.clone()).prop_map(|(record, unit)| Step::TakeBack { record, unit }),
        1 => one_of.clone().prop_map(|record| Step::Erase { record }),
        4 => (who.clone(), 0..ROLES.len(), unit, 0..3usize)
            .prop_map(|(who, role, unit, team)| Step::Move { who, role, unit, team }),
        1 => who.clone().prop_map(|who| Step::Remove { who }),
        2 => (who.clone(), point.clone(), prop::option::of(1..40i64))
            .prop_map(|(who, point, hours)| Step::Head { who, point, hours }),
        1 => (point, 0..3usize).prop_map(|(point, team)| Step::Walk { point, team }),
        1 => who.prop_map(|who| Step::Revoke { who }),
        2 => (one_of, any::<bool>()).prop_map(|(nth, accept)| Step::Decide { nth, accept }),
        2 => prop::sample::select(&[1i64, 30, 200][..]).prop_map(|hours| Step::Wait { hours }),
    ];
    prop::collection::vec(step, 20..90)
}

fn nothing_is_seen_that_may_not_be(make: fn() -> Store, cases: u32) {
    let config = ProptestConfig {
        max_shrink_iters: 300,
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    };
    proptest!(config, |(steps in steps())| {
        let store = make();
        let mut town = Town::new(&store);
        for step in &steps {
            town.take(step);
        }
        town.everybody_sees_what_they_may();
    });
}

#[test]
fn nothing_is_seen_that_may_not_be_in_sqlite() {
    nothing_is_seen_that_may_not_be(Store::sqlite, 16);
}

#[test]
fn nothing_is_seen_that_may_not_be_in_postgres() {
    nothing_is_seen_that_may_not_be(Store::postgres, 4);
}
