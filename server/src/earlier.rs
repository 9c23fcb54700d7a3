//! Earlier lives of the log. A restored log chains its entries anew, and work that was recorded before still cites the
//! old links. They cover the life's epoch and every entry up to them, so who cites one had read just what the log still
//! holds, if the same entries chain to it from the epoch of then. The trail names the epochs.

use crate::log::{LogError, Snapshot};
use crate::trail::{Deed, DeskAct};
use sanben_document::decode;
use sanben_domain::id::Epoch;
use sanben_domain::rights::Scope;
use sanben_sync::chain::Link;
use std::collections::BTreeMap;

/// No more lives are looked back on: each was begun after a restore.
const LIVES: usize = 16;
/// Entries are read in pages of about this many bytes.
const PAGE_BYTES: usize = 1024 * 1024;

/// The chains of scopes as they would have been in earlier lives, made when they are first asked for.
#[derive(Default)]
pub(crate) struct Earlier {
    lives: Option<Vec<Epoch>>,
    chains: BTreeMap<(Epoch, Scope), Vec<Link>>,
}

impl Earlier {
    /// Whether an earlier life had this link at this number of a scope, on top of the very entries that are there now.
    pub(crate) fn had(
        &mut self,
        view: &dyn Snapshot,
        scope: &Scope,
        seq: u64,
        link: &Link,
    ) -> Result<bool, LogError> {
        let lives = match &self.lives {
            Some(lives) => lives,
            None => self.lives.insert(lives(view)?),
        };
        let Some(place) = seq.checked_sub(1).and_then(|place| usize::try_from(place).ok()) else {
            return Ok(false);
        };
        for epoch in lives {
            let chain = self.chains.entry((*epoch, scope.clone())).or_default();
            lengthen(chain, view, *epoch, scope, seq)?;
            if chain.get(place) == Some(link) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The epochs before this one, the latest first.
fn lives(view: &dyn Snapshot) -> Result<Vec<Epoch>, LogError> {
    let mut lives = Vec::new();
    for row in view.trail()?.into_iter().rev() {
        // A deed of a later version says nothing here.
        let Some(deed) = decode::<Deed>(&row.bytes) else { continue };
        if let (DeskAct::Restore | DeskAct::NewLife, [.., old, _]) = (deed.act, deed.subjects.as_slice()) {
            lives.extend(old.parse().ok().map(Epoch));
        }
        if lives.len() == LIVES {
            break;
        }
    }
    Ok(lives)
}

/// Goes on with a chain up to a number, as far as there are entries.
fn lengthen(
    chain: &mut Vec<Link>,
    view: &dyn Snapshot,
    epoch: Epoch,
    scope: &Scope,
    seq: u64,
) -> Result<(), LogError> {
    let mut link = chain.last().copied().unwrap_or_else(|| Link::genesis(epoch, scope));
    while (chain.len() as u64) < seq {
        let page = view.entries(scope, chain.len() as u64, PAGE_BYTES)?;
        if page.is_empty() {
            break;
        }
        for linked in page {
            link = link.then(&linked.entry);
            chain.push(link);
        }
    }
    Ok(())
}
