//! Beginning with bundles: blocks are fetched one by one and taken in as they come, the first of every scope before
//! the second of any, so that lists show the latest while the rest is on its way. A cut line goes on with the next
//! block.

use crate::Field;
use crate::budget::{Halt, Line};
use crate::error::FieldError;
use sanben_store::Packed;
use sanben_sync::bundle::{Block, MAX_BLOCK_INFLATED, Offer};
use sanben_sync::frame::unpack;
use sanben_sync::note::erasures;

/// Recording waits for no more than these.
const EXAMINED_AT_ONCE: usize = 50;

impl Field {
    /// Fetches what was begun, to its end. `false` when the server has one of the bundles no more, or gave
    /// something else than it had signed: then the log is read instead.
    pub(crate) fn fetch_bundles(&self, line: &mut Line<'_, '_>) -> Result<bool, Halt> {
        let Some(epoch) = self.store.standing()?.epoch else { return Ok(true) };
        let mut whole = true;
        while let Some(next) = self.store.bundles_begun()?.into_iter().min_by_key(|begun| begun.blocks) {
            // It was signed when it was begun; another life of the log has begun since, or it is damaged here.
            let Some(offer) = next.offer.open(epoch, &line.identity.server) else {
                self.store.give_up_bundles()?;
                return Ok(false);
            };
            if let Some(block) = offer.blocks.get(next.blocks) {
                line.fits(block.bytes.into())?;
            }
            let block = match line.call("GET", &next.offer.path(next.blocks), None, Vec::new()) {
                Ok(answer) => read(&offer, next.blocks, &answer.body),
                // The server made another one since, or the scope is not held any more.
                Err(Halt::Failed(FieldError::Refused(_))) => None,
                Err(halt) => return Err(halt),
            };
            // With the last block; who took the offer in has seen that it can be read.
            let last = next.blocks + 1 >= offer.blocks.len();
            let gone = last.then(|| offer.noted(&line.identity.server)).flatten().unwrap_or_default();
            let Some(documents) = block else {
                self.store.give_up_bundle(&offer.scope)?;
                whole = false;
                continue;
            };
            self.tell(self.store.take_block(&offer, next.blocks, &documents, &gone)?);
            line.report.received += documents.len() as u64;
            line.report.erased += erasures(&gone);
            line.told()?;
        }
        Ok(whole)
    }

    /// Looks into what lists show on a bundle's word, when the reference data has moved since and may show all of it in
    /// another light: a day off that was published, another tree of units.
    pub(crate) fn renew_rows(&self, line: &mut Line<'_, '_>) -> Result<(), Halt> {
        while self.store.outdated_rows()? {
            line.time_left()?;
            self.tell(self.store.examine(EXAMINED_AT_ONCE)?.changed);
            line.told()?;
        }
        Ok(())
    }
}

/// The documents of a block, if it is the one that was offered.
fn read(offer: &Offer, block: usize, bytes: &[u8]) -> Option<Vec<Packed>> {
    let fits = offer.blocks.get(block).is_some_and(|expected| *expected == Block::of(bytes));
    unpack(bytes, MAX_BLOCK_INFLATED).ok().filter(|_| fits)
}
