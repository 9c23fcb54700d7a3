//! The simulated fleet: real devices and a real server, one thread, one seed.
//!
//! Every device is a [`sanben_field::Field`] on a store of its own, the server is the one that `sanben serve`
//! runs, only the socket is missing: between them lies a [`network`] that loses, cuts, repeats and delays, and
//! under their databases lie [`disk`]s that fail, fill up and tear. Clocks are wrong, processes die in the
//! middle of a write, backups come back, the desk takes rights away while work waits, people contradict each
//! other. All of it follows from one seed, so that a failing run is repeated exactly by its number:
//!
//! ```text
//! cargo run --release -p sanben-tests --bin fleet -- --seed 42
//! ```
//!
//! - [`world`]: the pieces of one run: a server and [`device`]s, with clock and chance from [`nature`]; [`disk`] and [`network`] between them.
//! - [`life`]: what people do, step by step; [`desk`]: what the command post publishes meanwhile;
//!   [`misfortune`]: what goes wrong. Apart from these: `contact`, `gone` (erased, taken back), `thrift` (budgets, pokes), `idle`, `newcomer`,
//!   `versions` (older and newer devices).
//! - [`check`]: what must hold ([`invariant`]); [`truth`]: what the log really has; [`score`]: sheets counted another way.
//! - [`cuts`]: the line cut at every byte, with real sockets.
//! - [`hostile`]: bytes from outside, fuzzed and kept.
//! - [`story`]: a whole run. [`planted`]: bugs on purpose, to prove that runs find bugs.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness stops at the first surprise; the seed repeats it"
)]

pub mod check;
pub mod contact;
pub mod cuts;
pub mod desk;
pub mod device;
pub mod disk;
mod genesis;
pub mod gone;
pub mod hostile;
pub mod idle;
pub mod invariant;
pub mod life;
pub mod matter;
pub mod misfortune;
pub mod nature;
pub mod network;
mod newcomer;
pub mod planted;
pub mod score;
pub mod sheets;
pub mod story;
pub mod summary;
pub mod thrift;
pub mod truth;
pub mod versions;
pub mod world;
