//! SQLite and PostgreSQL side by side: whatever is done to both, they answer the same at every step.

use crate::scribe::{NOON, batch, begin_life, device, document, whole, work};
use crate::store::{NEW, Store};
use proptest::prelude::*;
use sanben_document::{ChangeHash, Refusal};
use sanben_domain::id::{Epoch, PersonId, PhotoHash, TenantId};
use sanben_domain::rights::{Scope, ScopeClass};
use sanben_domain::time::Timestamp;
use sanben_server::log::{
    Citation, Decision, Device, Invitation, Log, NewChange, PhotoProgress, Review, Snapshot, Transaction,
};
use sanben_sync::keys::PublicKey;
use sanben_sync::wire::Rejection;

/// What somebody does. Numbers name things out of a few, so that they meet.
#[derive(Debug, Clone)]
enum Step {
    Append { document: u8, actor: u8, size: u16 },
    Share { document: u8, scope: u8 },
    Reference { scope: u8, size: u16 },
    Manifest { number: u8 },
    Reject { change: u8, device: u8, why: bool },
    HandOut { device: u8, base: Option<u8>, digest: u8 },
    Enrol { device: u8 },
    Revoke { device: u8 },
    Invite { secret: u8 },
    UseInvitation { secret: u8, device: u8 },
    Cite { photo: u8, scope: u8, document: u8 },
    Photo { photo: u8, offset: u32, whole: bool },
    Tenant { number: u8 },
    SetAside { change: u8, device: u8 },
    Decide { change: u8, accepted: bool },
    Life { number: u8 },
}

#[derive(Debug, Clone)]
struct Written {
    steps: Vec<Step>,
    committed: bool,
    /// Both are closed and opened again.
    reopened: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let few = || 0..4_u8;
    prop_oneof![
        6 => (few(), few(), 0..4000_u16).prop_map(|(document, actor, size)| Step::Append { document, actor, size }),
        3 => (few(), few()).prop_map(|(document, scope)| Step::Share { document, scope }),
        2 => (few(), 0..4000_u16).prop_map(|(scope, size)| Step::Reference { scope, size }),
        1 => few().prop_map(|number| Step::Manifest { number }),
        2 => (few(), few(), any::<bool>()).prop_map(|(change, device, why)| Step::Reject { change, device, why }),
        2 => (few(), prop::option::of(few()), few())
            .prop_map(|(device, base, digest)| Step::HandOut { device, base, digest }),
        1 => few().prop_map(|device| Step::Enrol { device }),
        1 => few().prop_map(|device| Step::Revoke { device }),
        1 => few().prop_map(|secret| Step::Invite { secret }),
        1 => (few(), few()).prop_map(|(secret, device)| Step::UseInvitation { secret, device }),
        2 => (few(), few(), few()).prop_map(|(photo, scope, document)| Step::Cite { photo, scope, document }),
        1 => (few(), any::<u32>(), any::<bool>())
            .prop_map(|(photo, offset, whole)| Step::Photo { photo, offset, whole }),
        1 => few().prop_map(|number| Step::Tenant { number }),
        1 => (few(), few()).prop_map(|(change, device)| Step::SetAside { change, device }),
        1 => (few(), any::<bool>()).prop_map(|(change, accepted)| Step::Decide { change, accepted }),
        1 => few().prop_map(|number| Step::Life { number }),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let steps = prop::collection::vec(step(), 1..9);
    (steps, prop::bool::weighted(0.8), prop::bool::weighted(0.1))
        .prop_map(|(steps, committed, reopened)| Written { steps, committed, reopened })
}

fn scope(number: u8) -> Scope {
    let class = [ScopeClass::Work, ScopeClass::Resident, ScopeClass::People][usize::from(number) % 3];
    Scope { class, ..work(["荷花池社区", "park-02"][usize::from(number) % 2]) }
}

/// Does a step; what it answered, or that it failed. `at` makes what has to be new so.
fn perform(tx: &mut dyn Transaction, step: &Step, at: u64) -> Result<String, ()> {
    let (bytes, at_time) =
        (|size: u16| vec![7; usize::from(size)], Timestamp(NOON.0 + i64::try_from(at).unwrap()));
    let of = |number: u8| device(u128::from(number));
    let done = match *step {
        Step::Append { document: number, actor, size } => {
            let (document, home) = (document(u128::from(number)), scope(number));
            tx.keep_manifest(of(actor), &batch(&[actor])).map_err(drop)?;
            let mut hash = [actor; 32];
            hash[..8].copy_from_slice(&at.to_be_bytes());
            let change = NewChange {
                document,
                hash: ChangeHash(hash),
                actor: vec![actor; 16],
                actor_seq: at,
                manifest: batch(&[actor]).hash(),
                bytes: bytes(size),
            };
            let seq = tx.append_change(&home, &change, at_time).map_err(drop)?;
            format!("{seq} {:?} {:?}", tx.accepted(change.hash), tx.written(document, &change.actor, at))
        }
        // Only what is in the log can be shared.
        Step::Share { document: number, .. } if tx.document(document(number.into())).unwrap().is_empty() => {
            String::new()
        }
        Step::Share { document: number, scope: into } => {
            let shared = tx.share(document(u128::from(number)), &scope(into), at_time);
            format!("{shared:?} {:?}", tx.scopes_of(document(u128::from(number))))
        }
        Step::Reference { scope: into, size } => {
            format!("{:?}", tx.append_reference(&scope(into), &bytes(size), at_time).map_err(drop)?)
        }
        Step::Manifest { number } => {
            tx.keep_manifest(of(number), &batch(&[number])).map_err(drop)?;
            format!("{:?}", tx.manifest(batch(&[number]).hash()))
        }
        Step::Reject { change, device, why } => {
            let why = if why { Rejection::Unsigned } else { Rejection::Form(Refusal::Fork) };
            let change = ChangeHash([change; 32]);
            tx.reject(change, of(device), batch(b"x").hash(), &why, at_time).map_err(drop)?;
            format!("{:?}", tx.rejected(change, of(device)))
        }
        Step::HandOut { device, base, digest } => {
            let base = base.map(|base| [base]);
            let cursors = vec![(scope(digest), at)];
            tx.hand_out(of(device), base.as_ref().map(<[u8; 1]>::as_slice), &[digest], &cursors)
                .map_err(drop)?;
            String::new()
        }
        Step::Enrol { device } => {
            let (id, key) = (of(device), PublicKey(vec![device; 33]));
            let person = PersonId::from("U007");
            tx.add_device(&Device { id, key, person, enrolled: at_time, revoked: None }).map_err(drop)?;
            String::new()
        }
        Step::Revoke { device } => format!("{:?}", tx.revoke_device(of(device), at_time)),
        Step::Invite { secret } => {
            let invitation = Invitation { person: PersonId::from("U007"), expires: at_time, used_by: None };
            tx.invite([secret; 32], &invitation).map_err(drop)?;
            String::new()
        }
        Step::UseInvitation { secret, device } => {
            format!("{:?}", tx.use_invitation([secret; 32], of(device)))
        }
        Step::Cite { photo, scope: cited, document: number } => {
            let (photo, document) = (PhotoHash([photo; 32]), document(u128::from(number)));
            let citation = Citation { photo, scope: scope(cited), document, bytes: at };
            format!("{:?}", tx.cite(&citation))
        }
        Step::Photo { photo, offset, whole } => {
            let progress = PhotoProgress { offset: offset.into(), received: whole.then_some(at_time) };
            format!("{:?}", tx.set_photo(PhotoHash([photo; 32]), progress))
        }
        Step::SetAside { change, device } => {
            let (change, manifest) = (ChangeHash([change; 32]), batch(b"x").hash());
            let (device, why, bytes) = (of(device), Rejection::Unsigned, bytes(20));
            let review = Review { change, device, manifest, bytes, why, arrived: at_time, decision: None };
            format!("{:?}", tx.set_aside(&review))
        }
        Step::Decide { change, accepted } => {
            let decision = Decision { accepted, reason: at.to_string(), at: at_time };
            format!("{:?} {:?}", tx.decide(ChangeHash([change; 32]), &decision), tx.reviews().map_err(drop)?)
        }
        Step::Life { number } => {
            begin_life(tx, Epoch(uuid::Uuid::from_u128(number.into())));
            String::new()
        }
        Step::Tenant { number } => format!("{:?}", tx.set_tenant(&TenantId(format!("t{number}")))),
    };
    Ok(done)
}

/// Everything that can be asked.
fn seen(view: &dyn Snapshot, budget: usize) -> String {
    let mut seen = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        view.reviews().unwrap(),
        view.open_reviews().unwrap(),
        view.reviews_named("0").unwrap(),
        view.life().unwrap(),
        view.counts().unwrap(),
        view.devices().unwrap()
    );
    let heads = view.heads().unwrap();
    for (scope, head) in &heads {
        for after in [0, head.seq / 2, head.seq, head.seq + 1] {
            seen += &format!("{scope} {head:?} {after}: {:?}", view.entries(scope, after, budget).unwrap());
        }
    }
    for number in 0..4 {
        let one = u128::from(number);
        let (photo, secret) = (PhotoHash([number; 32]), [number; 32]);
        seen += &format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            view.document(document(one)).unwrap(),
            view.scopes_of(document(one)).unwrap(),
            view.citations(photo).unwrap(),
            view.photo(photo).unwrap(),
            view.invitation(secret).unwrap(),
            view.manifest(batch(&[number]).hash()).unwrap(),
        );
        for other in 0..4_u8 {
            let device = device(u128::from(other));
            seen += &format!(
                "{:?} {:?} {:?}",
                view.handed(device, &[number]).unwrap(),
                view.rejected(ChangeHash(secret), device).unwrap(),
                view.device(device).unwrap()
            );
        }
    }
    seen
}

fn compare(history: &[Written], budget: usize) {
    let (left, right) = (Store::sqlite(), Store::postgres());
    let (mut one, mut other): (Box<dyn Log>, Box<dyn Log>) = (left.open(), right.open());
    let mut at = 0;
    for written in history {
        if written.reopened {
            (one, other) = (left.try_open(&NEW).unwrap(), right.try_open(&NEW).unwrap());
        }
        let (mut here, mut there) = (one.begin().unwrap(), other.begin().unwrap());
        let mut failed = false;
        for step in &written.steps {
            at += 1;
            let (done, too) = (perform(&mut *here, step, at), perform(&mut *there, step, at));
            assert_eq!(done, too, "{step:?}");
            failed = done.is_err();
            if failed {
                break;
            }
            assert_eq!(here.heads().unwrap(), there.heads().unwrap(), "{step:?}");
        }
        if !failed {
            assert_eq!(seen(&*here, budget), seen(&*there, budget), "within {written:?}");
        }
        if written.committed {
            assert_eq!(here.commit().is_err(), failed);
            assert_eq!(there.commit().is_err(), failed);
        } else {
            drop((here, there));
        }
        let (here, there) = (one.read().unwrap(), other.read().unwrap());
        assert_eq!(seen(&*here, budget), seen(&*there, budget), "after {written:?}");
    }
    assert_eq!(whole(&*one.read().unwrap()), whole(&*other.read().unwrap()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_answer_the_same(history in prop::collection::vec(written(), 1..10), budget in 0..12_000_usize) {
        compare(&history, budget);
    }
}
