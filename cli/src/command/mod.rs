//! The commands, a file each: arguments, what is done, what comes back. The demo calls the same functions
//! with the same arguments as the command line does.

pub(crate) mod acknowledge;
pub(crate) mod act;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod blind_spots;
pub(crate) mod brief;
pub(crate) mod carry;
pub(crate) mod cases;
pub(crate) mod complete;
pub(crate) mod contact;
pub(crate) mod decide;
pub(crate) mod devices;
pub(crate) mod discard;
mod dispatch;
pub(crate) mod drafts;
pub(crate) mod enroll;
pub(crate) mod export_log;
pub(crate) mod follow;
pub(crate) mod home;
pub(crate) mod import;
pub(crate) mod invite;
pub(crate) mod ledgers;
pub(crate) mod look_back;
pub(crate) mod merge;
pub(crate) mod outbox;
pub(crate) mod photo;
pub(crate) mod points;
pub(crate) mod ranking;
pub(crate) mod record;
pub(crate) mod rectify;
pub(crate) mod resend;
pub(crate) mod restore;
pub(crate) mod review;
pub(crate) mod salvage;
pub(crate) mod score;
pub(crate) mod serve;
pub(crate) mod show;
pub(crate) mod standards;
pub(crate) mod sync;
pub(crate) mod today;
pub(crate) mod unmerge;
pub(crate) mod verify_log;
pub(crate) mod visit;
pub(crate) mod whereabouts;

pub(crate) use dispatch::{Done, World, run, run_words, stay, system_random};
