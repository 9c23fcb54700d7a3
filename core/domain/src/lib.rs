//! The rules of the field: cases, ledgers, patrols, scores and the working calendar.
//!
//! This crate is the pure centre. It does no I/O, reads no clock and no randomness, and knows neither
//! Automerge nor SQLite: documents arrive as plain records (a few registers plus a set of immutable
//! events), and everything a person sees (status, deadline, dispute, score) is *derived* from them by
//! deterministic functions. Two replicas that hold the same records therefore show the same truth.
//!
//! - [`id`], [`time`], [`place`]: the small words everything else is written in.
//! - [`event`]: an immutable, attributable act and the causal order of a set of them.
//! - [`mod@reference`]: standards, grid, points, assignments, people; versioned by the command post.
//! - [`case`]: one problem from report to close, as a fold over its events.
//! - [`contact`]: whom a case is about, apart from it.
//! - [`matter`]: every other record: a form, a fold, a schedule, a report; a feature is one file.
//! - [`patrol`]: rounds over points, the 17:00 look-back list, coverage.
//! - [`ledger`]: the three ledgers as questions about a point.
//! - [`department`]: what was handed out to each department, and how it stands.
//! - [`brief`]: the work brief of a day.
//! - [`location`]: from a fix to the cell, the points and the person who answers.
//! - [`rights`]: who may do what.
//! - [`score`]: the 1000-point sheet, exact and with reasons.

pub mod brief;
pub mod case;
pub mod contact;
pub mod coverage;
pub mod department;
pub mod draw;
pub mod event;
#[cfg(test)]
mod fixture;
pub mod id;
pub mod ledger;
pub mod location;
pub mod matter;
pub mod patrol;
pub mod place;
pub mod rate;
pub mod reference;
pub mod reminder;
pub mod rights;
pub mod score;
pub mod time;
