//! What every store of the log keeps to: each property is proven for SQLite and for PostgreSQL, with the real
//! database, several handles and several processes.
//!
//! PostgreSQL is started by these tests for themselves ([`cluster`]). Where it is not installed they fail.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

/// Makes every named property of a module a test of each store.
macro_rules! every_store {
    ($($property:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $property() { super::$property(&crate::store::Store::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $property() { super::$property(&crate::store::Store::postgres()); })*
        }
    };
}

mod backed_up;
mod cluster;
mod compared;
mod contents;
#[path = "../server/device.rs"]
#[allow(dead_code, reason = "the other suite needs all of it")]
mod device;
mod growing;
mod killed;
mod lost;
mod numbers;
mod opened;
mod poked;
mod processes;
mod scribe;
mod served;
mod servers;
mod shared;
mod store;
mod versions;
mod visible;
