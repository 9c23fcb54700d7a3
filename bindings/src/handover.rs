//! Sealed work from device to device where there is a network and no internet.

use crate::failure::{FieldFailure, InvalidInput};
use crate::field::Field;
use crate::observe::ListenerFailure;
use crate::sync::CancelToken;
use crate::value::count;
use sanben_field::{CarrierLimits, Doorkeeper, FieldError, Http, Knock, reachable};
use sanben_sync::handover::Address;
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What a carrier took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct HandedOver {
    /// Mailbags that the carrier has now.
    pub mailbags: i64,
    /// Of those, it had some before.
    pub known: i64,
    /// Changes in them; each still waits here, until the server itself answers.
    pub changes: i64,
    /// Own photos that are not in them.
    pub photos_left: i64,
}

/// What was put into a file that only the server can open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Mailbag {
    /// Changes in it; each still waits here, until the server itself answers.
    pub changes: i64,
    /// Sealed parts of it, in the one file.
    pub mailbags: i64,
    /// Bytes of the file.
    pub bytes: i64,
}

impl From<sanben_field::Exported> for Mailbag {
    fn from(written: sanben_field::Exported) -> Self {
        Self {
            changes: count(written.changes),
            mailbags: count(written.mailbags),
            bytes: count(written.bytes),
        }
    }
}

/// Somebody was at the door.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum DoorEvent {
    /// A mailbag was taken.
    Taken {
        /// How large it is.
        bytes: i64,
    },
    /// One that was here before.
    Known,
    /// It was not taken.
    Refused {
        /// Why: `wrong-code`, `another-server`, `full`, `too-often`, `too-large`, `malformed`.
        reason: String,
    },
}

/// Somebody who shows the address of an open door, and who came.
#[uniffi::export(with_foreign)]
pub trait DoorListener: Send + Sync {
    /// The door is open at this address: show it to be typed or scanned.
    ///
    /// # Errors
    /// What the shell throws closes the door, and `collect` fails with [`FieldFailure::Listener`].
    fn opened(&self, address: String) -> Result<(), ListenerFailure>;

    /// Somebody came. Called from several threads.
    ///
    /// # Errors
    /// Likewise.
    fn came(&self, event: DoorEvent) -> Result<(), ListenerFailure>;
}

struct Keeper<'a> {
    listener: &'a dyn DoorListener,
    closed: &'a CancelToken,
    failed: Mutex<Option<ListenerFailure>>,
}

impl Keeper<'_> {
    fn failed(&self) -> std::sync::MutexGuard<'_, Option<ListenerFailure>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Doorkeeper for Keeper<'_> {
    fn came(&self, knock: Knock) {
        let told = self.listener.came(match knock {
            Knock::Taken(bytes) => DoorEvent::Taken { bytes: count(bytes) },
            Knock::Known => DoorEvent::Known,
            Knock::Refused(why) => DoorEvent::Refused { reason: why.name().to_owned() },
        });
        if let Err(failure) = told {
            *self.failed() = Some(failure);
        }
    }

    fn stays_open(&self) -> bool {
        !self.closed.is_cancelled() && self.failed().is_none()
    }
}

pub(crate) fn collect(
    field: &sanben_field::Field,
    listen: &str,
    listener: &Arc<dyn DoorListener>,
    closed: &Arc<CancelToken>,
) -> Result<(), FieldFailure> {
    let socket = TcpListener::bind(listen).map_err(FieldError::File)?;
    let address = reachable(socket.local_addr().map_err(FieldError::File)?);
    let code = field.handover_code();
    let shown = Address { base: format!("http://{address}"), code: code.clone() };
    let thrown = |failure: ListenerFailure| FieldFailure::Listener { detail: failure.to_string() };
    listener.opened(shown.to_string()).map_err(thrown)?;
    let keeper = Keeper { listener: listener.as_ref(), closed, failed: Mutex::default() };
    field.collect(&socket, &code, &CarrierLimits::default(), &keeper)?;
    let failure = keeper.failed().take();
    failure.map_or(Ok(()), |failure| Err(thrown(failure)))
}

pub(crate) fn hand_over(field: &sanben_field::Field, address: &str) -> Result<HandedOver, FieldFailure> {
    let address: Address = address.parse().map_err(|_| FieldFailure::invalid(InvalidInput::NotACarrier))?;
    let handed = field.hand_over(&address, &Http::new(&address.base))?;
    Ok(HandedOver {
        mailbags: count(handed.mailbags),
        known: count(handed.known),
        changes: count(handed.changes),
        photos_left: count(handed.photos_left),
    })
}

#[uniffi::export]
impl Field {
    /// Hands all that waits, sealed, to the device that collects at this address, as that one shows it. Everything
    /// stays in the outbox until the server itself answers.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] when nothing waits or for no address, [`FieldFailure::Refused`] when it was not
    /// taken, [`FieldFailure::Network`].
    pub fn hand_over(&self, address: &str) -> Result<HandedOver, FieldFailure> {
        self.call(|field| hand_over(field, address))
    }

    /// Collects the sealed work of others in the same network until the token is cancelled; the next sync hands it
    /// to the server. Blocks: for a thread of its own. `listen` is an address and port, such as `0.0.0.0:7302`.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::File`] when the address cannot be listened at,
    /// [`FieldFailure::Listener`].
    pub fn collect(
        &self,
        listen: &str,
        listener: Arc<dyn DoorListener>,
        closed: Arc<CancelToken>,
    ) -> Result<(), FieldFailure> {
        self.call(|field| collect(field, listen, &listener, &closed))
    }

    /// Writes all that waits, sealed, into a new file that only the server can open: anybody may carry it. Photos are
    /// not in it; they follow with this device's own sync.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] when nothing waits, [`FieldFailure::FileNotWritten`].
    pub fn export_mailbag(&self, file: &str) -> Result<Mailbag, FieldFailure> {
        self.call(|field| Ok(field.export_mailbag(Path::new(file))?.into()))
    }

    /// Takes somebody's mailbag along; the next sync hands it in. `false` when it was here before.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for a file that is none, [`FieldFailure::File`].
    pub fn take_mailbag(&self, file: &str) -> Result<bool, FieldFailure> {
        self.call(|field| Ok(field.take_mailbag(Path::new(file))?))
    }
}
