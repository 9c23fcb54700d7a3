//! What passes over the desk: the way back for a forgotten PIN, and the file of a spot check's draw.

use super::scene::Scene;
use sanben_document::{decode, encode};
use sanben_domain::draw::{Bytes32, Commitment, Draw, Frame};
use sanben_server::Call;
use sanben_sync::frame::pack;
use sanben_sync::recovery::{
    Challenge, MAX_CODES, RECOVERY_PATH, RecoveryCode, RecoveryCodes, RecoveryRequest, code,
};
use sha2::{Digest, Sha256};

/// Asked by a device, answered to it, shown by it, read out to it.
pub fn recovery(scene: &mut Scene, bytes: &[u8]) {
    let headers = Vec::new();
    scene.ask(&scene.signed("POST", RECOVERY_PATH, None, bytes.to_vec()));
    scene.ask(&Call {
        method: "POST".to_owned(),
        path: RECOVERY_PATH.to_owned(),
        headers,
        body: bytes.to_vec(),
    });
    let (device, key) = (scene.identity.device, &scene.identity.key);
    let _ = RecoveryCodes::open(bytes, key);
    let random = Sha256::digest(bytes).into();
    if let Some(request) = decode::<RecoveryRequest>(bytes).filter(|_| scene.repairs) {
        scene.ask(&scene.signed("POST", RECOVERY_PATH, None, pack(&request)));
        let sealed = RecoveryCodes::seal(&request, &scene.server_key, (device, &key.public()), random);
        let opened = RecoveryCodes::open(&sealed.unwrap(), key).unwrap();
        assert!(opened.numbers.len() <= MAX_CODES && opened.numbers.len() == opened.codes.len());
    }
    // Sealed by the server itself, as the device's own server could lie.
    if let Some(answer) = decode::<RecoveryCodes>(bytes).filter(|_| scene.repairs) {
        let sealed = answer.seal_to(&key.public(), random).unwrap();
        if let Some(opened) = RecoveryCodes::open(&sealed, key) {
            for (number, code) in opened.numbers.iter().zip(&opened.codes) {
                assert!(code.is_one());
                let _ = code.key(device, *number);
            }
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(shown) = text.parse::<Challenge>() {
            assert_eq!(shown.to_string().parse().as_ref(), Ok(&shown));
        }
        if let Ok(read) = text.parse::<RecoveryCode>() {
            assert!(read.is_one() && read.to_string().parse().as_ref() == Ok(&read));
        }
    }
    scene.begin_again_when_grown();
}

/// A request, an answer, what is shown and what is read out.
#[must_use]
pub fn recoveries(scene: &Scene) -> Vec<Vec<u8>> {
    let device = scene.identity.device;
    let request = RecoveryRequest { numbers: (0..8).collect() };
    let codes: Vec<RecoveryCode> =
        request.numbers.iter().map(|number| code(&scene.server_key, device, *number)).collect();
    let (shown, read) = (Challenge::new(device, 7).to_string(), codes[0].to_string());
    let answer = RecoveryCodes { numbers: request.numbers.clone(), codes };
    let sealed = answer.seal_to(&scene.identity.key.public(), [9; 32]).unwrap();
    vec![encode(&request), pack(&request), encode(&answer), sealed, shown.into_bytes(), read.into_bytes()]
}

/// Whatever a draw's file says: each step ends with a word, and what verifies is written and read as the same.
pub fn draw(_: &mut Scene, bytes: &[u8]) {
    let Ok(given) = serde_json::from_slice::<Draw>(bytes) else { return };
    if let Ok(drawn) = given.verify() {
        assert!(drawn.iter().all(|item| given.frame.items.contains(item)));
        let text = serde_json::to_vec(&given).unwrap();
        assert_eq!(serde_json::from_slice::<Draw>(&text).unwrap(), given);
    }
    let _ = (given.committed(), given.result());
    let parties = given.frame.parties.clone();
    let mut goes_on = given;
    for party in &parties {
        let nonce = Bytes32([1; 32]);
        let _ = goes_on.commit(party, Commitment::of(goes_on.frozen, nonce, party));
        let _ = goes_on.reveal(party, nonce);
    }
    let _ = goes_on.close();
}

/// One that is drawn, one that waits for a nonce, one that nobody has committed to.
#[must_use]
pub fn draws(_: &Scene) -> Vec<Vec<u8>> {
    let parties = ["督查组", "街道"];
    let mut begun = Draw::of(Frame {
        title: "三月抽查".to_owned(),
        day: "2026-03-20".to_owned(),
        number: 1,
        items: (1..=20).map(|number| format!("P{number:03}")).collect(),
        draw: 3,
        parties: parties.map(str::to_owned).into(),
    });
    let mut steps = vec![begun.clone()];
    for (number, party) in (1..).zip(parties) {
        begun.commit(party, Commitment::of(begun.frozen, Bytes32([number; 32]), party)).unwrap();
    }
    begun.reveal(parties[0], Bytes32([1; 32])).unwrap();
    steps.push(begun.clone());
    begun.reveal(parties[1], Bytes32([2; 32])).unwrap();
    begun.close().unwrap();
    steps.push(begun);
    steps.iter().map(|draw| serde_json::to_vec_pretty(draw).unwrap()).collect()
}
