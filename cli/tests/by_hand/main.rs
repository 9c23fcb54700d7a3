//! The binary as a person uses it: one server, several devices, words on a command line. What programs rely
//! on (JSON, exit status) is asserted; what persons read is looked at here and there.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod bad_input;
mod care;
mod day;
mod desk;
mod disk;
mod gone;
mod handed;
mod language;
mod live;
mod operation;
mod printed;
mod refused;
mod stumbles;
mod unusable;
