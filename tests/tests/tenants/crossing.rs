//! The ways from one tenant into the other, each of which is tried, and the search for what may have come through.

use crate::tenant::*;
use sanben_domain::id::DeviceId;
use sanben_domain::rights::Scope;
use sanben_field::{Budget, CaseQuery, Field, FieldError, Options, Platform};
use sanben_server::{Call, HandInError};
use sanben_sync::enrol::{Code, EnrolRefusal, EnrolRequest, EnrolResponse};
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::mailbag::{MAILBAG_PATH, MailbagError, seal};
use sanben_sync::manifest::{Batch, Manifest};
use sanben_sync::photo::{Picture, ShownIn};
use sanben_sync::wire::{
    Cursors, DEVICE_HEADER, ENROL_PATH, MAX_MESSAGE_BYTES, PHOTO_PATH, Rejection, SIGNATURE_HEADER,
    SYNC_PATH, SyncRequest, SyncResponse, VERSION, Verdict,
};
use sanben_tests::world::Dice;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

/// What was said to one server is said to the other one, byte for byte.
pub(crate) fn replay(from: &Tenant, to: &Tenant) {
    let (before, calls) = (to.kept(), &from.sent);
    let paths = |path: &str| calls.iter().filter(|call| call.path.starts_with(path)).count();
    assert!(paths(SYNC_PATH) > 5 && paths(ENROL_PATH) == 3 && paths(PHOTO_PATH) >= 2);
    for call in calls {
        let reply = to.ask(call.clone());
        assert!(refused(&reply, &call.path), "{}: {}", call.path, reply.status);
    }
    assert_eq!(to.kept(), before);
}

/// A device goes to the other tenant's server, with its own code or with one that is put together.
pub(crate) fn codes(from: &Tenant, to: &Tenant, scratch: &Path) {
    let platform = |stream| Platform {
        clock: Arc::new(Morning),
        random: Arc::new(Dice::new(77, stream)),
        store: Options { durable: false },
    };
    let devices = to.server.devices().unwrap().len();
    let forged = Code { secret: from.unused.secret.clone(), fingerprint: to.unused.fingerprint.clone() };
    for (number, code) in [&from.unused, &forged].into_iter().enumerate() {
        let stream = u64::try_from(number).unwrap();
        let field = Field::open(&scratch.join(format!("{}-{number}", from.id)), platform(stream)).unwrap();
        let outcome = field.enrol("sim://server", &code.to_string(), to);
        assert!(matches!(outcome, Err(FieldError::Code(EnrolRefusal::Unknown))), "{outcome:?}");
        assert!(matches!(field.enrolment(), Err(FieldError::NotEnrolled)));
    }
    assert_eq!(to.server.devices().unwrap().len(), devices);
    // An enrolled store belongs to its tenant for good: a code of the other one changes nothing.
    let again = from.field("both").enrol("sim://server", &to.unused.to_string(), to);
    assert!(matches!(again, Err(FieldError::AlreadyEnrolled)));
    // And whom it syncs with by mistake is not its server.
    let astray = from.field("both").sync(to, Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    assert!(astray.is_err());
    assert_eq!(from.field("both").enrolment().unwrap().tenant.0, from.id);
}

/// Cursors, heads, the life of a log: all of one tenant, asked with in the name of the other one's command post.
pub(crate) fn cursors(from: &Tenant, to: &Tenant) {
    let (who, theirs) = (to.identity("command"), from.field("command").store());
    let standing = theirs.standing().unwrap();
    let epoch = to.server.epoch().unwrap();
    let foreign = |scope: &Scope| standing.cursors.contains_key(scope);
    for epoch_said in [None, standing.epoch, Some(epoch)] {
        let vector: Vec<(Scope, u64)> = standing.cursors.keys().map(|scope| (scope.clone(), 0)).collect();
        let held: Vec<(Scope, u64)> =
            standing.cursors.iter().map(|(scope, cursor)| (scope.clone(), cursor.seq)).collect();
        let digest = sanben_sync::wire::digest(&held);
        for cursors in [Cursors::Vector(vector), Cursors::Vector(held), Cursors::Digest(digest)] {
            let request = SyncRequest { epoch: epoch_said, cursors, ..empty() };
            let response = to.exchange(&who, &request);
            assert_eq!(response.epoch, epoch);
            assert!(!response.scopes.iter().any(|scope| foreign(&scope.scope)), "a scope of {}", from.id);
        }
    }
    for (scope, head) in theirs.heads().unwrap().into_iter().filter(|(_, head)| head.seq > 0) {
        let request = SyncRequest { proof: Some((scope, head)), ..empty() };
        assert_eq!(to.exchange(&who, &request).epoch, epoch, "no life begins on a foreign word");
    }
    assert_eq!(to.server.epoch().unwrap(), epoch);
}

/// A hash is known here and cited there: asked for, sent, proved.
pub(crate) fn photos(from: &Tenant, to: &Tenant) {
    let who = to.identity("command");
    let before = to.kept();
    let documents: Vec<_> =
        to.field("command").cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).unwrap().rows;
    for photo in &from.photos {
        let bytes = std::fs::read(from.dir.join("photos").join(photo.to_string())).unwrap();
        let mut pictures = vec![Picture::Original, Picture::Rendition];
        pictures.extend(documents.iter().map(|row| Picture::Thumbnail(ShownIn::of(row.id, *photo))));
        for picture in pictures {
            let path = picture.path(*photo);
            for (method, offset, body) in
                [("GET", None, Vec::new()), ("POST", None, Vec::new()), ("PUT", Some("0"), bytes.clone())]
            {
                let reply = to.ask_as(&who, method, &path, offset, body);
                assert_ne!(reply.status, 200, "{method} {path}");
            }
        }
        let arrivals = to.ask_as(&who, "POST", PHOTO_PATH, None, pack(&vec![*photo]));
        assert!(!holds(&laid_open(&[], &arrivals), from.marker.as_bytes()));
    }
    assert_eq!(to.kept(), before);
}

/// The other tenant's batches, carried by a device of this one, and put under its own name.
pub(crate) fn batches(from: &Tenant, to: &Tenant) {
    let before = to.kept();
    let all = from.batches();
    assert!(all.len() >= 3);
    for role in ["command", "inspector", "both"] {
        let who = to.identity(role);
        to.refuses(&who, all.clone(), |why| *why == Rejection::Unsigned);
        let root = to.server.reference().unwrap().tenant.as_ref().unwrap().id.to_string();
        let own = to.field(role).store().standing().unwrap().cursors.into_keys();
        let homes: Vec<Scope> =
            own.filter(|scope| to.server.reference().unwrap().units.contains_key(&scope.unit)).collect();
        assert!(homes.iter().any(|scope| scope.unit.as_str() == root));
        for batch in &all {
            let manifest = batch.claimed().unwrap();
            let renamed = |home: Option<&Scope>| {
                let mut manifest = Manifest {
                    tenant: who.tenant.clone(),
                    device: who.device,
                    person: who.person.clone(),
                    ..manifest.clone()
                };
                for item in &mut manifest.items {
                    item.home = home.unwrap_or(&item.home).clone();
                }
                let changes = batch.changes.iter().map(|bytes| bytes.to_vec()).collect();
                Batch::sign(&manifest, changes, &who.key)
            };
            for home in [None].into_iter().chain(homes.iter().map(Some)) {
                to.refuses(&who, vec![renamed(home)], |why| *why != Rejection::Unsigned);
            }
        }
    }
    assert_eq!(to.kept(), before);
}

/// The other tenant's work in a mailbag: sealed to its own server, and sealed by somebody to this one.
pub(crate) fn mailbags(from: &Tenant, to: &Tenant) {
    let (before, who, all) = (to.kept(), to.identity("inspector"), from.batches());
    let theirs = seal(&all, &from.server.key(), [7; 32]).unwrap();
    let outcome = to.server.hand_in(&theirs);
    assert!(matches!(outcome, Err(HandInError::Mailbag(MailbagError::Sealed))), "{outcome:?}");
    assert_ne!(to.ask_as(&who, "POST", MAILBAG_PATH, None, theirs).status, 200);
    let resealed = seal(&all, &to.server.key(), [8; 32]).unwrap();
    let carried = to.ask_as(&who, "POST", MAILBAG_PATH, None, resealed);
    assert_eq!(carried.status, 200, "it arrived, which is all that its carrier learns");
    assert_eq!(to.kept(), before, "and no work in it was accepted");
}

/// The hardest one: a program that uses one key for both tenants. The device of the person in both is enrolled
/// in the other one too, by a good code; then its requests of here bear a signature that is good there.
pub(crate) fn one_key_for_both(from: &Tenant, to: &Tenant) {
    let who = from.identity("both");
    let person = to.identity("both").person;
    let code = to.server.invite(&person, 15 * MINUTE_MS).unwrap();
    let (device, key) = (who.device, who.key.public());
    let ask = EnrolRequest { v: VERSION, secret: code.secret, device, key, again: None };
    let (body, signature) = ask.sign(&who.key);
    let welcome = to.ask(Call {
        method: "POST".to_owned(),
        path: ENROL_PATH.to_owned(),
        headers: vec![(SIGNATURE_HEADER.to_owned(), in_hex(&signature))],
        body,
    });
    let welcome: EnrolResponse = unpack(&welcome.body, MAX_MESSAGE_BYTES).unwrap();
    assert!(matches!(welcome, EnrolResponse::Enrolled(_)));

    let before = to.kept();
    let of_device = |call: &&Call| {
        call.header(DEVICE_HEADER).and_then(|id| id.parse::<DeviceId>().ok()) == Some(who.device)
    };
    let mut judged = 0;
    for call in from.sent.iter().filter(of_device) {
        let reply = to.ask(call.clone());
        if call.path != SYNC_PATH {
            assert_ne!(reply.status, 200, "{} {}", call.method, call.path);
            continue;
        }
        assert_eq!(reply.status, 200, "the signature is good");
        let response: SyncResponse = unpack_after(&reply.body, MAX_MESSAGE_BYTES, &call.body).unwrap();
        assert_ne!(Some(response.epoch), from.field("both").store().standing().unwrap().epoch);
        for (_, verdict) in &response.verdicts {
            judged += 1;
            assert_eq!(*verdict, Verdict::Rejected(Rejection::Unsigned), "it names the other tenant");
        }
        // The same work in a request that does not name the other life.
        let request: SyncRequest = unpack(&call.body, MAX_MESSAGE_BYTES).unwrap();
        if !request.batches.is_empty() {
            to.refuses(&who, request.batches, |why| *why == Rejection::Unsigned);
            judged += 1;
        }
    }
    assert!(judged > 0);
    assert_eq!(to.kept(), before);
    // The store of here goes to the server there, is known, and still believes no word of it.
    let astray = from.field("both").sync(to, Budget::unlimited(), &mut |_| ControlFlow::Continue(()));
    assert!(matches!(astray, Err(FieldError::Network(_))), "{astray:?}");
}

/// What is this tenant's own is in its own files and in no file and no answer of the other.
pub(crate) fn nothing_crossed(of: &Tenant, to: &Tenant) {
    let own = of.marker.as_bytes();
    assert!(lies_in(&of.dir, own).is_some(), "the search finds what is there");
    let answers: Vec<Vec<u8>> =
        to.spoken.borrow().iter().map(|(call, reply)| laid_open(&call.body, reply)).collect();
    assert!(
        of.spoken.borrow().iter().any(|(call, reply)| holds(&laid_open(&call.body, reply), own)),
        "and in answers"
    );
    let stored: Vec<Vec<u8>> = files(&to.dir).iter().map(|file| std::fs::read(file).unwrap()).collect();
    for (what, secret) in of.secrets() {
        assert!(!stored.iter().any(|bytes| holds(bytes, &secret)), "{what} of {} lies at {}", of.id, to.id);
        assert!(!answers.iter().any(|bytes| holds(bytes, &secret)), "{} answered {what} of {}", to.id, of.id);
    }
    // On the devices of the other tenant: the one of the person in both among them.
    for (role, (store, field)) in &to.devices {
        assert_eq!(lies_in(store, own), None, "{} of {}", role, to.id);
        let page = field.cases(&CaseQuery { limit: 50, ..CaseQuery::default() }).unwrap();
        assert_eq!(page.rows.len(), 2);
    }
}
