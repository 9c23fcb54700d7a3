//! The simulated fleet: real devices and a real server, one thread, one seed.
//!
//! Every device is a [`sanben_field::Field`] on a store of its own, the server is the one that `sanben serve`
//! runs, only the socket is missing: between them lies a [`network`] that loses, cuts, repeats and delays.
//! Clocks are wrong, devices and server are killed, people contradict each other. All of it follows from one
//! seed, so that a failing run is repeated exactly by its number:
//!
//! ```text
//! cargo run --release -p sanben-tests --bin fleet -- --seed 42
//! ```
//!
//! - [`world`]: the pieces of one run and their clocks.
//! - [`life`]: what people do, step by step.
//! - [`check`]: what must hold in the end.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness stops at the first surprise; the seed repeats it"
)]

pub mod check;
pub mod life;
pub mod network;
pub mod world;
