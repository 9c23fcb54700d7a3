//! Mailbags: work that somebody else brings. It is judged by who signed it; its carrier learns only that it arrived.

use crate::call::{Call, Code, Fault};
use crate::sync::{Ingested, ingest, vouched};
use crate::tenant::{Server, ServerError};
use sanben_sync::frame::pack;
use sanben_sync::mailbag::{Carried, MailbagError, open};
use sha2::{Digest, Sha256};

/// Why a mailbag was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum HandInError {
    /// It cannot be opened.
    #[error(transparent)]
    Mailbag(#[from] MailbagError),
    /// The server failed; nothing of it was kept.
    #[error(transparent)]
    Server(#[from] ServerError),
}

impl Server {
    /// Takes a mailbag in: what is in it is judged and durable when this returns, but for what could not be judged yet
    /// ([`Carried::later`]), of which nothing is kept. A second time has an effect only on that.
    ///
    /// # Errors
    /// [`HandInError`].
    pub fn hand_in(&self, mailbag: &[u8]) -> Result<Carried, HandInError> {
        let batches = open(mailbag, &self.secret)?;
        let now = self.now();
        let taken = || -> Result<Ingested, crate::log::LogError> {
            let vouched = vouched(&*self.log.read()?, &batches)?;
            let mut tx = self.log.begin()?;
            let reference = self.reference_in(&*tx)?;
            let ingested = ingest(self, &mut *tx, &reference, batches.iter().zip(vouched), now)?;
            tx.commit()?;
            Ok(ingested)
        };
        let ingested = taken().map_err(ServerError::from)?;
        self.clear_away(&ingested.cleared);
        self.follow();
        let changes = batches.iter().map(|batch| batch.changes.len() as u64).sum();
        let later = ingested.later();
        tracing::info!(changes, later, "a mailbag was handed in");
        Ok(Carried { hash: Sha256::digest(mailbag).into(), changes, received: now, later })
    }

    pub(crate) fn mailbag(&self, call: &Call) -> Result<Vec<u8>, Fault> {
        self.caller(&*self.log.read()?, call)?;
        match self.hand_in(&call.body) {
            Ok(carried) => Ok(pack(&carried)),
            Err(HandInError::Mailbag(_)) => Err(Code::Malformed.into()),
            Err(HandInError::Server(error)) => Err(Fault::Server(error)),
        }
    }
}
