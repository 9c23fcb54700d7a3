//! Offers and blocks that no server makes.

use super::super::bundle::{Saved, bundles, noted, offered};
use super::super::scene::Scene;
use super::{Keep, bomb, cuts, deep, framed};
use crate::world::MORNING;
use sanben_document::{ChangeHash, decode, encode};
use sanben_domain::id::Epoch;
use sanben_domain::rights::ScopeClass;
use sanben_sync::bundle::{MAX_BLOCK_INFLATED, Offer};
use sanben_sync::frame::{pack, unpack};
use sanben_sync::keys::SecretKey;
use sanben_sync::manifest::ManifestHash;
use sanben_sync::note::{Erasure, Note};
use sanben_sync::wire::{Entry, EntryBody};
use serde_bytes::ByteBuf;

/// Blocks that no server makes.
pub(super) fn bundle(scene: &Scene, keep: Keep<'_>) {
    for (name, bytes) in blocks(scene).into_iter().chain(gone(scene)) {
        keep("bundle", name, bytes);
    }
    keep("bundle", "a-bomb-of-1-gib", framed(1, &bomb(8192, 0)));
    keep("bundle", "nested-arrays", framed(0, &deep(&[0x81], 4000)));
    let block = bundles(scene).remove(0);
    cuts(&block, |name, bytes| keep("bundle", name, bytes));
}

/// Offers that say of the device's own case that it is gone, as no server says it.
fn gone(scene: &Scene) -> Vec<(&'static str, Vec<u8>)> {
    let document = scene.case;
    let offer = |gone: Vec<Entry>| encode(&Offer { gone, ..offered(scene, &bundles(scene)[0]) });
    let stranger = Erasure::sign(document, MORNING, &SecretKey::from_seed([8; 32]));
    let late = Erasure::sign(document, MORNING, &scene.server_key);
    let later = Note::Later { kind: 77, body: encode(&document) };
    let change = EntryBody::Erased { document, hash: ChangeHash([1; 32]), manifest: ManifestHash([2; 32]) };
    vec![
        ("an-offer-with-a-strangers-word-that-it-was-erased", offer(vec![noted(1, &Note::Erase(stranger))])),
        ("an-offer-of-what-is-erased-only-later", offer(vec![noted(4, &Note::Erase(late))])),
        ("an-offer-with-a-later-word-of-what-is-gone", offer(vec![noted(1, &later)])),
        ("an-offer-that-calls-a-change-gone", {
            offer(vec![Entry { seq: 1, received: MORNING, body: change }])
        }),
    ]
}

fn blocks(scene: &Scene) -> Vec<(&'static str, Vec<u8>)> {
    let blocks = bundles(scene);
    let whole: Vec<Saved> = unpack(&blocks[0], MAX_BLOCK_INFLATED).unwrap();
    let turned = |turn: &dyn Fn(&mut Saved)| {
        let mut saved: Vec<Saved> = decode(&encode(&whole)).unwrap();
        saved.iter_mut().for_each(turn);
        pack(&saved)
    };
    let offer = |turn: &dyn Fn(&mut Offer)| {
        let mut offer = offered(scene, &blocks[0]);
        turn(&mut offer);
        encode(&offer)
    };
    let pending = scene.field().store().pending(1).unwrap().remove(0).bytes;
    vec![
        ("another-document-under-this-id", turned(&|saved| saved.id = ByteBuf::from(vec![3; 16]))),
        ("an-id-of-no-bytes", turned(&|saved| saved.id.clear())),
        ("a-kind-that-is-none", turned(&|saved| saved.kind = 255)),
        ("a-contact-among-the-work", turned(&|saved| saved.kind = 2)),
        ("a-home-that-leads-away", turned(&|saved| "../../../etc/passwd\0".clone_into(&mut saved.home))),
        ("without-a-row", turned(&|saved| saved.row = None)),
        ("a-save-of-nothing", turned(&|saved| saved.save.clear())),
        ("half-a-save", turned(&|saved| saved.save.truncate(300))),
        ("a-change-instead-of-a-save", turned(&|saved| saved.save = ByteBuf::from(pending.clone()))),
        ("the-same-save-twice", turned(&|saved| *saved.save = [saved.save.as_slice(), &saved.save].concat())),
        ("a-thousand-times-the-same", {
            let one = encode(&whole[0]);
            let many: Vec<Saved> = (0..1000).map(|_| decode(&one).unwrap()).collect();
            pack(&many)
        }),
        ("nothing-in-it", pack(&Vec::<Saved>::new())),
        ("an-offer-without-blocks", offer(&|offer| offer.blocks.clear())),
        ("an-offer-of-a-block-beyond-all", offer(&|offer| offer.blocks[0].bytes = u32::MAX)),
        ("an-offer-of-another-form", offer(&|offer| offer.form = 9)),
        ("an-offer-of-another-life", offer(&|offer| offer.epoch = Epoch::from_random([1; 16]))),
        ("an-offer-of-the-staff-list", offer(&|offer| offer.scope.class = ScopeClass::People)),
        ("an-offer-of-contacts", offer(&|offer| offer.scope.class = ScopeClass::Resident)),
        ("an-offer-beyond-all-numbers", offer(&|offer| offer.head.seq = u64::MAX)),
        ("an-offer-of-thousands-of-blocks", {
            offer(&|offer| offer.blocks = vec![offer.blocks[0].clone(); 4000])
        }),
    ]
}
