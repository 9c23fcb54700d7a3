//! When somebody acted is their own word. What it opens is bounded by what the server knows by itself: work arrives
//! after it was done, and what it cites was there before. A clock that is off takes no right from anybody.

use crate::device::{CLERK_01, Desk, Device};
use sanben_document::IntentBody;
use sanben_domain::case::CaseAct;
use sanben_domain::reference::{Assignment, Duty, ReferenceRow, ReferenceUpdate};
use sanben_domain::rights::Denied;
use sanben_domain::time::{Stamp, Timestamp};
use sanben_sync::wire::{Rejection, Verdict};
use std::collections::BTreeMap;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The clerk of park-01 heads P001 from the tenth day until the twentieth, as everybody knows from the first day on. They hold
/// its scope all the time.
fn town() -> (Desk, Device) {
    let desk = Desk::park();
    let head = Assignment {
        point: "P001".into(),
        person: CLERK_01.into(),
        duty: Duty::Head,
        from: day(&desk, 10),
        until: Some(day(&desk, 20)),
    };
    publish(&desk, head);
    let clerk = desk.synced(CLERK_01);
    (desk, clerk)
}

fn publish(desk: &Desk, row: Assignment) {
    let update = ReferenceUpdate { rows: vec![ReferenceRow::Assignment(row)], removed: Vec::new() };
    let published = desk.server.publish(update).unwrap();
    assert_eq!(published.new + published.changed, 1);
}

/// Days from now.
fn day(desk: &Desk, days: i64) -> Timestamp {
    desk.now().plus_ms(days * DAY_MS)
}

/// What only who answers for the point may do, in a new case there, with this stamp; and what became of it.
fn put_right(desk: &Desk, clerk: &mut Device, at: Stamp) -> Verdict {
    let (case, _) = clerk.report("park-01", "P001");
    let act = CaseAct::Rectify { words: "已清理".to_owned(), photos: Vec::new(), on_the_spot: false };
    let mut intent = clerk.intent(case, IntentBody::Act { act, photos: BTreeMap::new() });
    intent.at = at;
    let change = clerk.record(&intent);
    clerk.sync(&desk.server);
    clerk.verdicts[&change].clone()
}

fn accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted { .. })
}

const ROLE: Rejection = Rejection::NotAllowed(Denied::Role);

fn uncompared(wall: Timestamp) -> Stamp {
    Stamp { wall, offset_ms: None, jumped: false }
}

#[test]
fn who_answered_for_a_place_once_does_not_write_as_of_then_for_ever() {
    let (desk, mut clerk) = town();
    let then = Stamp::exact(day(&desk, 15));
    desk.wait(60 * DAY_MS);
    assert_eq!(put_right(&desk, &mut clerk, then), Verdict::Review { why: ROLE }, "a person decides");
    let since = Stamp::exact(day(&desk, -1));
    assert_eq!(put_right(&desk, &mut clerk, since), Verdict::Rejected(ROLE));
}

#[test]
fn what_was_done_in_time_and_arrives_within_the_week_is_right() {
    let (desk, mut clerk) = town();
    let then = Stamp::exact(day(&desk, 19));
    desk.wait(25 * DAY_MS);
    assert!(accepted(&put_right(&desk, &mut clerk, then)));
}

#[test]
fn nobody_acted_before_what_they_cite_was_there() {
    let (desk, mut clerk) = town();
    let then = Stamp::exact(day(&desk, 19));
    desk.wait(22 * DAY_MS);
    let other = Assignment {
        point: "P002".into(),
        person: CLERK_01.into(),
        duty: Duty::Head,
        from: day(&desk, 100),
        until: None,
    };
    publish(&desk, other);
    clerk.sync(&desk.server);
    assert_eq!(put_right(&desk, &mut clerk, then), Verdict::Rejected(ROLE), "they cite what came later");
}

#[test]
fn a_clock_that_is_off_takes_no_right_from_who_has_it() {
    for off in [-400, -30, -2, 2, 30, 4000] {
        let (desk, mut clerk) = town();
        desk.wait(15 * DAY_MS);
        let wall = day(&desk, off);
        assert!(accepted(&put_right(&desk, &mut clerk, Stamp::exact(wall))), "{off} days, unnoticed");
        assert!(accepted(&put_right(&desk, &mut clerk, uncompared(wall))), "{off} days, never compared");
    }
}

#[test]
fn nor_from_who_had_it_within_the_week() {
    for off in [-400, -30, -2, 2, 30, 4000] {
        let (desk, mut clerk) = town();
        desk.wait(18 * DAY_MS);
        let wall = day(&desk, off);
        desk.wait(5 * DAY_MS);
        assert!(accepted(&put_right(&desk, &mut clerk, uncompared(wall))), "{off} days");
        desk.wait(60 * DAY_MS);
        let late = put_right(&desk, &mut clerk, uncompared(wall));
        assert_eq!(late, Verdict::Review { why: ROLE }, "{off} days: a person looks, nobody is refused");
    }
}

#[test]
fn what_the_office_enters_late_is_right_from_when_it_holds() {
    let desk = Desk::park();
    let mut clerk = desk.synced(CLERK_01);
    let then = day(&desk, 2);
    desk.wait(4 * DAY_MS);
    let head = Assignment {
        point: "P001".into(),
        person: CLERK_01.into(),
        duty: Duty::Head,
        from: day(&desk, -3),
        until: Some(day(&desk, -1)),
    };
    publish(&desk, head);
    assert!(accepted(&put_right(&desk, &mut clerk, Stamp::exact(then))));
}
