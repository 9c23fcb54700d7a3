//! No byte crosses from one tenant to another: two real servers, the park subdistrict and the high-tech zone,
//! devices of both, and a person who works in both with a store for each.
//!
//! Everything that one tenant ever sent or holds (requests as they travelled, batches, cursors, heads, hashes of
//! photos, keys, invitation codes) is brought to the other one's server in every way that the protocol offers.
//! All of it is refused; and what was recorded here is afterwards looked for in every file of the other server
//! and in everything that it ever answered.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod crossing;
mod tenant;

use crossing::*;
use sanben_domain::id::Epoch;
use tenant::Tenant;

#[test]
fn no_byte_crosses_between_tenants() {
    let dir = tempfile::tempdir().unwrap();
    let street = Tenant::open(dir.path(), "park", 41, "U008");
    let zone = Tenant::open(dir.path(), "hightech", 42, "U011");
    let lives: [Epoch; 2] = [street.server.epoch().unwrap(), zone.server.epoch().unwrap()];
    assert_ne!(lives[0], lives[1]);
    let (from_street, from_zone) = ((&street, &zone), (&zone, &street));
    for (from, to) in [from_street, from_zone] {
        replay(from, to);
        codes(from, to, dir.path());
        cursors(from, to);
        photos(from, to);
        batches(from, to);
        mailbags(from, to);
    }
    for (from, to) in [from_street, from_zone] {
        one_key_for_both(from, to);
        nothing_crossed(from, to);
        nothing_crossed(to, from);
    }
    // The person of both goes on in both, and each server keeps what is its own.
    for tenant in [&street, &zone] {
        for role in ["both", "inspector", "command"] {
            tenant.sync(role);
        }
    }
}
