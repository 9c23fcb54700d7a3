//! Whatever arrives on the wire: an answer, never a panic, and nothing in the log that was not judged.

use crate::device::*;
use proptest::prelude::*;
use sanben_domain::id::DeviceId;
use sanben_server::{Call, Code};
use sanben_sync::enrol::EnrolRequest;
use sanben_sync::frame::pack;
use sanben_sync::wire::{
    DEVICE_HEADER, ENROL_PATH, OFFSET_HEADER, PHOTO_PATH, SIGNATURE_HEADER, SYNC_PATH, SyncRequest, VERSION,
    Verdict,
};

const PATHS: &[&str] = &[SYNC_PATH, ENROL_PATH, "/v1/photos/00", "/", "/v1/syn", PHOTO_PATH];

/// One desk for all cases of a property, and a device with work to be garbled.
fn scene() -> (Desk, Device) {
    let desk = Desk::park();
    let mut device = desk.synced(CLERK_01);
    let (case, _) = device.report("park-01", "P001");
    device.comment(case, "还在");
    (desk, device)
}

fn known(status: u16) -> bool {
    status == 200 || Code::ALL.iter().any(|code| code.status() == status && *code != Code::Failed)
}

#[test]
fn bytes_that_are_no_request_change_nothing() {
    let (desk, device) = scene();
    let counts = desk.server.counts().unwrap();
    proptest!(ProptestConfig::with_cases(400), |(
        body in prop::collection::vec(any::<u8>(), 0..600),
        path in prop::sample::select(PATHS),
        method in prop::sample::select(&["POST", "PUT", "GET", "DELETE"][..]),
        frame in 0u8..3,
        signed in any::<bool>(),
    )| {
        let body: Vec<u8> = std::iter::once(frame).chain(body).collect();
        let call = if signed {
            device.signed(method, path, Some(0), body)
        } else {
            let headers = vec![(DEVICE_HEADER.to_owned(), "x".to_owned()), (SIGNATURE_HEADER.to_owned(), "0g".to_owned())];
            Call { method: method.to_owned(), path: path.to_owned(), headers, body }
        };
        let reply = desk.server.handle(&call);
        prop_assert!(known(reply.status) && reply.status != 200, "{reply:?}");
        prop_assert_eq!(desk.server.counts().unwrap(), counts);
    });
}

#[test]
fn garbled_requests_of_an_enrolled_device_are_judged_or_refused() {
    let (desk, device) = scene();
    let good: SyncRequest = device.request();
    let honest: Vec<_> = device.outbox.iter().map(|pending| pending.hash).collect();
    // Uncompressed, so that a flipped byte reaches what is inside.
    let mut body = vec![0];
    body.extend(sanben_document::encode(&good));
    let accepted_before = desk.server.counts().unwrap().changes;
    proptest!(ProptestConfig::with_cases(600), |(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4),
        cut in prop::option::of(any::<prop::sample::Index>()),
    )| {
        let mut garbled = body.clone();
        for (at, flip) in flips {
            garbled[at.index(body.len())] ^= flip;
        }
        if let Some(cut) = cut {
            garbled.truncate(cut.index(body.len()));
        }
        let reply = desk.server.handle(&device.signed("POST", SYNC_PATH, None, garbled));
        prop_assert!(known(reply.status), "{reply:?}");
        if reply.status == 200 {
            for (hash, verdict) in response(&reply).verdicts {
                let accepted = matches!(verdict, Verdict::Accepted { .. });
                prop_assert!(!accepted || honest.contains(&hash));
            }
        }
        let counts = desk.server.counts().unwrap();
        prop_assert!(counts.changes <= accepted_before + 2, "only what the device signed");
    });
    // After all of that the honest request still goes through, whatever of it was judged before.
    let mut device = device;
    device.sync(&desk.server);
    prop_assert_all_accepted(&device, &honest);
}

fn prop_assert_all_accepted(device: &Device, hashes: &[sanben_document::ChangeHash]) {
    for hash in hashes {
        assert!(matches!(device.verdicts[hash], Verdict::Accepted { .. }), "{:?}", device.verdicts[hash]);
    }
}

#[test]
fn a_small_body_that_inflates_is_refused() {
    let (desk, device) = scene();
    let bomb = pack(&vec![0u8; 64 << 20]);
    assert!(bomb.len() < 64 * 1024, "{} bytes", bomb.len());
    let reply = desk.server.handle(&device.signed("POST", SYNC_PATH, None, bomb));
    assert_eq!(refusal(&reply), (413, "too-large".to_owned()));
}

#[test]
fn a_signature_covers_method_path_and_offset() {
    let (desk, device) = scene();
    let good = device.ask();
    let bad = |call: Call| assert_eq!(refusal(&desk.server.handle(&call)), (401, "bad-signature".to_owned()));
    bad(Call { path: format!("{PHOTO_PATH}{}", photo_hash(b"photo")), ..good.clone() });
    let mut moved = good.clone();
    moved.headers.push((sanben_sync::wire::OFFSET_HEADER.to_owned(), "7".to_owned()));
    bad(moved);
    let mut other = good.clone();
    other.body.push(0);
    bad(other);
    let nobody = Call { headers: Vec::new(), ..good };
    bad(nobody);
}

#[test]
fn no_refusal_of_an_altered_call_is_a_word_about_the_call_itself() {
    let (desk, device) = scene();
    let good = device.ask();
    let headers = |name: &str, text: &str| {
        let mut headers = good.headers.clone();
        headers.iter_mut().filter(|(held, _)| held == name).for_each(|(_, held)| *held = text.to_owned());
        headers
    };
    let other = desk.device(HEAD_01);
    desk.server.revoke(other.identity.device).unwrap();
    let offset = [good.headers.clone(), vec![(OFFSET_HEADER.to_owned(), "7".to_owned())]].concat();
    let enrol = EnrolRequest {
        v: VERSION,
        secret: "ABCDEFGHJK".to_owned(),
        device: device.identity.device,
        key: device.identity.key.public(),
        again: None,
    };
    // On an open line anybody can put this device's signature on a call of their own, and bring the answer back.
    for altered in [
        Call { path: format!("{PHOTO_PATH}{}", photo_hash(b"photo")), ..good.clone() },
        Call { path: "/v1/nothing".to_owned(), ..good.clone() },
        Call { method: "PUT".to_owned(), ..good.clone() },
        Call { body: vec![0; 3], ..good.clone() },
        Call { headers: offset, ..good.clone() },
        Call { headers: headers(DEVICE_HEADER, "x"), ..good.clone() },
        Call { headers: headers(DEVICE_HEADER, &other.identity.device.to_string()), ..good.clone() },
        Call { headers: headers(SIGNATURE_HEADER, "00"), ..good.clone() },
        enrolling(&enrol, &device.identity.key),
    ] {
        let reply = desk.server.handle(&altered);
        assert!(!device.believes(&good, &reply), "{altered:?}: {reply:?}");
    }
    // What the device asked itself is answered to it, also when the server does not know it.
    let own = device.signed("POST", "/v1/nothing", None, Vec::new());
    let reply = desk.server.handle(&own);
    assert!(reply.status == 404 && device.believes(&own, &reply));
    let mut forgotten = device;
    forgotten.identity.device = DeviceId::from_random(bytes());
    let call = forgotten.ask();
    let reply = desk.server.handle(&call);
    assert_eq!(refusal(&reply), (401, "unknown-device".to_owned()));
    assert!(forgotten.believes(&call, &reply));
}

#[test]
fn another_version_of_the_protocol_is_told_so() {
    let (desk, device) = scene();
    let request = SyncRequest { v: 2, ..device.request() };
    let reply = desk.server.handle(&device.signed("POST", SYNC_PATH, None, pack(&request)));
    assert_eq!(refusal(&reply), (400, "version".to_owned()));
}
