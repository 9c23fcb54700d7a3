//! Codes: unknown, used, expired, asked for twice, guessed.

use crate::device::*;
use sanben_domain::id::{DeviceId, PersonId};
use sanben_server::{Call, InviteError, Server};
use sanben_sync::enrol::{Code, EnrolRefusal, EnrolRequest, EnrolResponse};
use sanben_sync::frame::pack;
use sanben_sync::keys::{PublicKey, SecretKey};
use sanben_sync::wire::{ENROL_PATH, VERSION};

fn refused(response: EnrolResponse) -> EnrolRefusal {
    match response {
        EnrolResponse::Refused(refusal) => refusal,
        EnrolResponse::Enrolled(_) => panic!("was enrolled"),
    }
}

fn newcomer() -> (DeviceId, SecretKey) {
    (DeviceId::from_random(bytes()), SecretKey::from_seed(bytes()))
}

fn guess(server: &Server) -> (u16, Option<EnrolRefusal>) {
    let (device, key) = newcomer();
    let secret = Code::new(bytes(), &server.key()).secret;
    let request = EnrolRequest { v: VERSION, secret, device, key: key.public(), again: None };
    let reply = server.handle(&enrolling(&request, &key));
    let refusal =
        (reply.status == 200).then(|| refused(sanben_sync::frame::unpack(&reply.body, 4096).unwrap()));
    (reply.status, refusal)
}

#[test]
fn a_code_enrols_one_device_and_asking_again_changes_nothing() {
    let desk = Desk::park();
    let code = desk.server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let (device, key) = newcomer();
    let EnrolResponse::Enrolled(first) = enrol(&desk.server, &code, device, &key) else { panic!() };
    // The answer was lost; the device asks again, long after the code has expired.
    desk.wait(600_000);
    let EnrolResponse::Enrolled(second) = enrol(&desk.server, &code, device, &key) else { panic!() };
    assert_eq!(first.certificate, second.certificate);
    assert_eq!(second.verify(&code, device, &key.public()).unwrap().person, PersonId::from(CLERK_01));
    assert_eq!(desk.server.devices().unwrap().len(), 1);

    let (other, other_key) = newcomer();
    assert_eq!(refused(enrol(&desk.server, &code, other, &other_key)), EnrolRefusal::Used);
    assert_eq!(refused(enrol(&desk.server, &code, device, &other_key)), EnrolRefusal::Used, "not this key");
    assert_eq!(desk.server.devices().unwrap().len(), 1);
}

#[test]
fn a_device_id_cannot_be_taken_over_with_another_code() {
    let desk = Desk::park();
    let victim = desk.synced(COMMAND);
    let code = desk.server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let (_, key) = newcomer();
    assert_eq!(refused(enrol(&desk.server, &code, victim.identity.device, &key)), EnrolRefusal::Used);
    let call = victim.ask();
    assert_eq!(desk.server.handle(&call).status, 200);
}

#[test]
fn a_code_expires() {
    let desk = Desk::park();
    let code = desk.server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let (device, key) = newcomer();
    desk.wait(60_000);
    assert_eq!(refused(enrol(&desk.server, &code, device, &key)), EnrolRefusal::Expired);
    assert_eq!(desk.server.counts().unwrap().devices, 0);
}

#[test]
fn nobody_is_invited_who_is_not_listed() {
    let desk = Desk::park();
    let unknown = desk.server.invite(&PersonId::from("U999"), 60_000);
    assert!(matches!(unknown, Err(InviteError::UnknownPerson(id)) if id.as_str() == "U999"));
    let empty = Desk::empty();
    assert!(matches!(empty.server.invite(&PersonId::from(COMMAND), 1), Err(InviteError::UnknownPerson(_))));
}

#[test]
fn guessing_is_stopped_for_a_while() {
    let desk = Desk::park();
    let mut guesses = 0;
    while guess(&desk.server) == (200, Some(EnrolRefusal::Unknown)) {
        guesses += 1;
        assert!(guesses < 100, "never stopped");
    }
    assert_eq!(guess(&desk.server).0, 429);
    // Whoever was invited is not kept out by others' guesses.
    desk.device(HEAD_01);
    desk.wait(11 * 60_000);
    assert_eq!(guess(&desk.server).0, 200);
    desk.device(CLERK_01);
}

#[test]
fn a_key_that_is_none_is_refused() {
    let desk = Desk::park();
    let code = desk.server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let (device, _) = newcomer();
    let request =
        EnrolRequest { v: VERSION, secret: code.secret, device, key: PublicKey(vec![1; 5000]), again: None };
    for key in [PublicKey(Vec::new()), PublicKey(vec![1; 32]), PublicKey(vec![1; 3000])] {
        let body = pack(&EnrolRequest { key, ..request.clone() });
        let call = Call { method: "POST".to_owned(), path: ENROL_PATH.to_owned(), body, ..Call::default() };
        assert_eq!(refusal(&desk.server.handle(&call)), (400, "malformed".to_owned()));
    }
}

#[test]
fn an_enrolment_that_its_key_did_not_sign_uses_no_code_up() {
    let desk = Desk::park();
    let code = desk.server.invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    let ((device, key), (_, other)) = (newcomer(), newcomer());
    let request =
        EnrolRequest { v: VERSION, secret: code.secret.clone(), device, key: key.public(), again: None };
    let unsigned = Call { headers: Vec::new(), ..enrolling(&request, &key) };
    for call in [unsigned, enrolling(&request, &other)] {
        assert_eq!(refusal(&desk.server.handle(&call)), (401, "bad-signature".to_owned()));
    }
    assert!(desk.server.devices().unwrap().is_empty());
    assert!(matches!(enrol(&desk.server, &code, device, &key), EnrolResponse::Enrolled(_)));
}

#[test]
fn a_code_of_another_process_is_good_at_once() {
    let desk = Desk::park();
    let code = desk.another().invite(&PersonId::from(CLERK_01), 60_000).unwrap();
    Device::enrol(&desk.server, &code, desk.now()).sync(&desk.server);
}
