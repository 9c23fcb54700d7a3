//! The server as it is run: behind a socket with TLS and limits, watched, stopped, backed up, restored, proven.
//! Real devices talk to it.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod backed_up;
mod budgeted;
mod erased;
mod limited;
mod line;
mod logged;
mod office;
mod poked;
mod proven;
mod stopped;
mod traced;
mod trusted;
mod versions;
mod watched;
