//! Fleets are never all of one version: for months some devices speak as before, and others ahead of their server. What
//! a message says more than its reader knows is passed over, and what it does not say has a default.
//!
//! Nothing of the product plays these parts. A translator sits at the device's end of the line and signs again what it
//! altered, with the device's key on the way up and with the server's on the way down.

use crate::hostile::scene::{hex, unhex};
use crate::world::World;
use ciborium::Value;
use sanben_field::{Field, Incoming, NoConnection, Outgoing, Transport};
use sanben_sync::device::{Identity, answer_message, answered, request_message};
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::keys::{Purpose, SecretKey, Signature};
use sanben_sync::wire::{
    Cursors, MAX_MESSAGE_BYTES, SIGNATURE_HEADER, SYNC_PATH, SyncRequest, SyncResponse, digest,
};
use std::path::Path;

/// How a device speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// Without what was added to requests: links, bundles, answers packed after their question, work handed on.
    Older,
    /// As it is.
    Current,
    /// Either side says more than the other knows of.
    Newer,
}

/// Now and then somebody updates, or an old phone comes in.
pub(crate) fn change(world: &mut World, number: usize) {
    let dice = &world.version_dice;
    if world.trouble > 0 && dice.chance(6) {
        let version = *dice.pick(&[Version::Older, Version::Older, Version::Current, Version::Newer]);
        if version == Version::Older && world.tally.rolled > 0 {
            return;
        }
        world.devices[number].version = version;
        world.trace.push(format!("device {number} speaks as {version:?}"));
    }
    world.tally.older += usize::from(world.devices[number].version == Version::Older);
    world.tally.newer += usize::from(world.devices[number].version == Version::Newer);
}

/// Whoever spoke as before has updated. So they have before a log is rolled back, too: links were added so that a device
/// tells that, and without them it may lose what it had delivered since (seed 72).
pub(crate) fn update(world: &mut World) {
    for device in world.devices.iter_mut().filter(|device| device.version == Version::Older) {
        device.version = Version::Current;
    }
}

/// The device's end of a line, for a device of another version.
pub struct Translator<'a> {
    version: Version,
    line: &'a dyn Transport,
    field: &'a Field,
    identity: Identity,
    server: SecretKey,
}

impl<'a> Translator<'a> {
    /// For this device, whose server's folder this is.
    #[must_use]
    pub fn new(
        version: Version,
        line: &'a dyn Transport,
        field: &'a Field,
        server_dir: &Path,
    ) -> Option<Self> {
        let identity = field.store().identity().ok()??.identity();
        let seed = std::fs::read(server_dir.join("server.key")).unwrap();
        let server = SecretKey::from_seed(seed.try_into().unwrap());
        Some(Self { version, line, field, identity, server })
    }

    /// What an older device says instead.
    fn asked_before(&self, body: &[u8]) -> Option<Vec<u8>> {
        let mut request: SyncRequest = unpack(body, MAX_MESSAGE_BYTES).unwrap();
        if matches!(request.cursors, Cursors::Digest(_)) {
            let standing = self.field.store().standing().ok()?;
            let numbers = standing.cursors.into_iter().map(|(scope, cursor)| (scope, cursor.seq));
            request.cursors = Cursors::Digest(digest(&numbers.collect::<Vec<_>>()));
        }
        request.links = None;
        request.bundles = 0;
        request.handed_on.clear();
        request.after = false;
        Some(pack(&request))
    }
}

/// The same message with something in it that nobody knows.
fn with_more(message: &impl serde::Serialize) -> Vec<u8> {
    let mut value = Value::serialized(message).unwrap();
    if let Value::Map(fields) = &mut value {
        let later = Value::Array(vec![Value::from(7), Value::from("以后的")]);
        fields.insert(0, (Value::from("later"), later.clone()));
        fields.push((Value::from("later-still"), Value::Map(vec![(Value::from("more"), later)])));
    }
    pack(&value)
}

impl Transport for Translator<'_> {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        if request.path != SYNC_PATH {
            return self.line.call(request);
        }
        let body = match self.version {
            Version::Current => return self.line.call(request),
            Version::Older => self.asked_before(&request.body).ok_or(NoConnection(String::new()))?,
            Version::Newer => with_more(&unpack::<SyncRequest>(&request.body, MAX_MESSAGE_BYTES).unwrap()),
        };
        let message = request_message(request.method, &request.path, "", &body);
        let asked = self.identity.key.sign(Purpose::Request, &message);
        let mut translated = Outgoing { body, ..request.clone() };
        let mut was = Signature(Vec::new());
        for (name, value) in &mut translated.headers {
            if *name == SIGNATURE_HEADER {
                was = Signature(unhex(value));
                *value = hex(&asked.0);
            }
        }
        let answer = self.line.call(&translated)?;
        // What the line altered stays as it came: the device must see that.
        let signed = Signature(unhex(answer.signature.as_deref().unwrap_or_default()));
        if !answered(&self.identity, &asked, &answer.body, &signed) {
            return Ok(answer);
        }
        let body = match unpack_after::<SyncResponse>(&answer.body, MAX_MESSAGE_BYTES, &translated.body) {
            Ok(response) if self.version == Version::Newer => with_more(&response),
            Ok(response) => pack(&response),
            // A refusal.
            Err(_) => answer.body,
        };
        let signature = self.server.sign(Purpose::Answer, &answer_message(&was, &body));
        Ok(Incoming { signature: Some(hex(&signature.0)), body, ..answer })
    }
}
