//! The features, a file each: the form, the fold, and tests that begin with the words and numbers of the seed. Another
//! one is another file, a line in [`ALL`], and its names in `names/`.

mod activity;
mod assessment;
mod daily_report;
mod interview;
mod kiosk;
mod leader_visit;
mod loan;
mod look_back_round;
mod meeting;
mod notice;
mod observation_sheet;
mod programme;
mod required_action;
mod roster;
mod shift;
mod small_work;
mod special_action;
mod spot_check;
mod suggestion;
mod tally;
mod task;
mod weekly_summary;
mod work_brief;

pub use observation_sheet::{observed, titled};
pub use programme::{points_of, programmes_of};
pub use spot_check::{NotDrawn, agrees, of_draw};

use super::{Feature, Grant};
use crate::reference::Role;

/// All features, in the order in which a person chooses one.
pub const ALL: &[&Feature] = &[
    &task::FEATURE,
    &leader_visit::FEATURE,
    &look_back_round::FEATURE,
    &assessment::FEATURE,
    &observation_sheet::FEATURE,
    &work_brief::FEATURE,
    &spot_check::FEATURE,
    &notice::FEATURE,
    &interview::FEATURE,
    &daily_report::FEATURE,
    &weekly_summary::FEATURE,
    &shift::FEATURE,
    &roster::FEATURE,
    &activity::FEATURE,
    &tally::FEATURE,
    &special_action::FEATURE,
    &required_action::FEATURE,
    &programme::FEATURE,
    &meeting::FEATURE,
    &suggestion::FEATURE,
    &kiosk::FEATURE,
    &loan::FEATURE,
    &small_work::FEATURE,
];

/// The feature of a name; `None` for one of a later version.
#[must_use]
pub fn named(name: &str) -> Option<&'static Feature> {
    ALL.iter().copied().find(|feature| feature.name == name)
}

/// The command post.
const COMMAND: &[Grant] = &[Grant::Role(Role::Command)];
/// The command post and the communities' clerks.
const OFFICE: &[Grant] = &[Grant::Role(Role::Command), Grant::Role(Role::Clerk)];
/// Who inspects.
const LOOKING: &[Grant] =
    &[Grant::Role(Role::Command), Grant::Role(Role::Discipline), Grant::Role(Role::Inspector)];
/// Discipline staff.
const DISCIPLINE: &[Grant] = &[Grant::Role(Role::Discipline)];
/// Who works in the communities, at a shared tablet too.
const STREET: &[Grant] = &[
    Grant::Role(Role::Command),
    Grant::Role(Role::Clerk),
    Grant::Role(Role::GridMember),
    Grant::Role(Role::Volunteer),
];
/// Everybody of the staff, volunteers not.
const STAFF: &[Grant] = &[
    Grant::Role(Role::Command),
    Grant::Role(Role::Discipline),
    Grant::Role(Role::Inspector),
    Grant::Role(Role::Clerk),
    Grant::Role(Role::GridMember),
    Grant::Role(Role::PointHead),
];
