//! Delivering and fetching: round trips until nothing is left, then photos. Recording never waits for it.
//!
//! Each round trip is one transaction on either side, so stopping anywhere (budget, cancel, a cut line, a
//! kill) loses nothing and the next call goes on where this one stopped.

use crate::budget::{Budget, Halt, Line, Stopped};
use crate::error::FieldError;
use crate::transport::{ALTERED, Incoming, NOT_OURS, NoConnection, Outgoing, Transport};
use crate::{Field, hex};
use sanben_document::ChangeHash;
use sanben_domain::time::Timestamp;
use sanben_sync::bundle::BUNDLE_FORM;
use sanben_sync::device::{
    Answer, AnswerError, Identity, answered, check, refused, refused_by, request, request_message,
};
use sanben_sync::frame::{pack, unpack, unpack_after};
use sanben_sync::keys::{PublicKey, Purpose, Signature};
use sanben_sync::note::erasures;
use sanben_sync::recovery::{RECOVERY_PATH, RecoveryCodes};
use sanben_sync::wire::{
    DEVICE_HEADER, MAX_MESSAGE_BYTES, OFFSET_HEADER, Rejection, SIGNATURE_HEADER, SYNC_PATH, SyncRequest,
    SyncResponse, Verdict,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::TryLockError;
use std::time::Duration;

/// Own work that a log accepted this lately is offered again when the log was restored from an older state, ms.
const OFFERED_AGAIN_MS: i64 = 60 * 24 * 60 * 60 * 1000;
/// No more erasures are shown to a server at once that does not know of them.
const MAX_SHOWN: usize = 200;
/// With fewer bytes to spare no bundle is begun.
const LEAST_FOR_BUNDLES: u64 = 256 * 1024;
/// A log that begins more lives than this within one sync is no log.
const MAX_LIVES: u32 = 4;
/// A sync never makes more round trips than this; a healthy one needs far fewer.
const MAX_ROUNDS: u32 = 10_000;

/// How far a sync has come. The caller may stop it at every report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncReport {
    /// Changes sent, counting repeats.
    pub sent: u64,
    /// Changes the server has made durable.
    pub accepted: u64,
    /// Changes that need attention now.
    pub rejected: u64,
    /// Changes that a person of the desk has to look at.
    #[serde(default)]
    pub in_review: u64,
    /// The server's log was restored from a backup: what this device had delivered lately was offered again.
    #[serde(default)]
    pub restored: bool,
    /// Changes and reference updates of others that arrived.
    pub received: u64,
    /// Small pictures that went ahead of their photos in this sync.
    #[serde(default)]
    pub thumbnails_delivered: u64,
    /// Records that the desk has erased: they are gone from here too.
    #[serde(default)]
    pub erased: u64,
    /// Mailbags of others of which the server has now all that is in them.
    #[serde(default)]
    pub carried: u64,
    /// Mailbags of others that the server received and could not judge whole yet; they stay here and are offered again.
    #[serde(default)]
    pub carried_later: u64,
    /// Mailbags of others that the server could not open, or that it did not take all of in for 30 days; they are set aside.
    #[serde(default)]
    pub carried_refused: u64,
    /// Photos whose receipt arrived in this sync.
    pub photos_delivered: u64,
    /// Photos that still wait.
    pub photos_waiting: u64,
    /// Of those, tried in this sync and not delivered, for a reason of their own (the file is gone, the
    /// server refuses it): the others were delivered all the same.
    #[serde(default)]
    pub photos_failed: u64,
    /// Own originals that were dropped here and that the server, restored since, does not have: they are gone, and not
    /// waited for any more. Their small pictures stay.
    #[serde(default)]
    pub photos_gone: u64,
    /// Requests made.
    pub requests: u64,
    /// Bytes of bodies sent.
    pub bytes_up: u64,
    /// Bytes of bodies received.
    pub bytes_down: u64,
    /// What of its budget was used up when it stopped before everything was done; the next sync goes on there.
    #[serde(default)]
    pub stopped: Option<Stopped>,
    /// Own changes that still wait for the server.
    #[serde(default)]
    pub changes_waiting: u64,
    /// Mailbags of others that still wait to be handed in.
    #[serde(default)]
    pub mailbags_waiting: u64,
    /// There is more to fetch, as far as the server has said.
    #[serde(default)]
    pub more: bool,
}

/// How the server sees this device.
enum Standing {
    Enrolled,
    /// It, or its person, was taken out.
    TakenOut,
}

/// What the server could not judge in this pass over the outbox.
#[derive(Default)]
struct Postponed {
    changes: BTreeSet<ChangeHash>,
    /// Something else was judged meanwhile: what was postponed may have waited for it.
    moved: bool,
}

impl Postponed {
    fn note(&mut self, verdicts: &[(ChangeHash, Verdict)]) {
        for (change, verdict) in verdicts {
            match verdict {
                Verdict::Later => drop(self.changes.insert(*change)),
                Verdict::Accepted { .. } | Verdict::Rejected(_) | Verdict::Review { .. } => self.moved = true,
            }
        }
    }
}

/// A caller's wish to stop is asked for after every round trip and every piece of a photo.
pub type Watch<'a> = &'a mut dyn FnMut(&SyncReport) -> ControlFlow<()>;

/// One signed request.
pub(crate) struct SyncCall<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    pub(crate) offset: Option<u64>,
    pub(crate) body: Vec<u8>,
    /// An answer later than this is of no use.
    pub(crate) within: Option<Duration>,
}

impl<'a> SyncCall<'a> {
    /// A question that somebody waits for.
    pub(crate) fn new(method: &'static str, path: &'a str, offset: Option<u64>, body: Vec<u8>) -> Self {
        Self { method, path, offset, body, within: None }
    }
}

impl Field {
    /// Syncs until there is nothing more to send or fetch, the budget is used up ([`SyncReport::stopped`] says
    /// so), or `watch` stops it.
    ///
    /// # Errors
    /// [`FieldError::Network`] when the line was cut; everything acknowledged so far is kept.
    pub fn sync(
        &self,
        transport: &dyn Transport,
        budget: Budget,
        watch: Watch<'_>,
    ) -> Result<SyncReport, FieldError> {
        let _one_at_a_time = match self.syncing.try_lock() {
            Ok(guard) => guard,
            // A sync that panicked left nothing half done: each round trip is one transaction.
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Err(FieldError::Busy),
        };
        let identity = self.identity()?;
        let begun = self.platform.clock.monotonic_ms();
        // Nobody knows before the first answer.
        let mut report = SyncReport { more: true, ..SyncReport::default() };
        let mut line =
            Line { field: self, identity: &identity, transport, report: &mut report, watch, budget, begun };
        let outcome = match self.exchange_work(&mut line) {
            Ok(Standing::Enrolled) => self
                .renew_rows(&mut line)
                .and_then(|()| self.fetch_recovery_codes(&mut line))
                .and_then(|()| self.hand_in_mailbags(&mut line))
                .and_then(|()| self.deliver_photos(&mut line)),
            // What it had done may have been taken in by a person: its photos belong to it.
            Ok(Standing::TakenOut) => self
                .deliver_photos(&mut line)
                .and(Err(FieldError::Refused("revoked-device".to_owned()).into())),
            Err(halt) => Err(halt),
        };
        let mut jitter = [0];
        self.platform.random.fill(&mut jitter);
        let [jitter] = jitter;
        let mut pace = self.pace();
        let failure = match outcome {
            Ok(()) => {
                *pace = pace.succeeded();
                None
            }
            Err(Halt::Stopped(why)) => {
                report.stopped = Some(why);
                None
            }
            Err(Halt::Failed(error)) => {
                if matches!(error, FieldError::Network(_)) {
                    *pace = pace.failed(self.platform.clock.wall(), jitter);
                }
                Some(error)
            }
        };
        drop(pace);
        if let Some(error) = failure {
            return Err(error);
        }
        report.changes_waiting = self.store.pending_count()?;
        if report.stopped.is_some() {
            // Those of work without a verdict, too.
            let counts = self.store.counts()?;
            report.photos_waiting =
                counts.photos.saturating_sub(counts.photos_delivered + counts.photos_gone);
        }
        let mailbags = self.store.mailbags()?;
        report.mailbags_waiting = mailbags.iter().filter(|bag| bag.waits()).count() as u64;
        Ok(report)
    }

    /// Whether a sync is under way.
    #[must_use]
    pub fn is_syncing(&self) -> bool {
        matches!(self.syncing.try_lock(), Err(TryLockError::WouldBlock))
    }

    fn exchange_work(&self, line: &mut Line<'_, '_>) -> Result<Standing, Halt> {
        let identity = line.identity;
        let mut postponed = Postponed::default();
        // Until the server says that it does not remember the digest.
        let mut digest = true;
        // The proof that the log was rolled back, when it does not continue what its server once signed.
        let mut proof = None;
        let mut lives = 0;
        // Until the server has one no more, or one held what it should not.
        let mut bundles = !self.store.distrusts_bundles()?;
        for _ in 0..MAX_ROUNDS {
            let mut standing = self.store.standing()?;
            standing.confirmed &= digest;
            let room = line.room()?;
            let most = usize::try_from(room).unwrap_or(usize::MAX);
            let pending = self.store.pending_without(most, &postponed.changes)?;
            let erased = self.store.erasures_to_show(MAX_SHOWN)?;
            // A block comes as a whole or not at all: with less to spare, the log is read.
            let form = if bundles && line.fits(LEAST_FOR_BUNDLES).is_ok() { BUNDLE_FORM } else { 0 };
            let ask = |room| {
                let asking = request(identity, &standing, &pending, room, self.platform.clock.wall());
                let (proof, erased, after) = (proof.clone(), erased.clone(), !pending.is_empty());
                pack(&SyncRequest { proof, erased, after, bundles: form, ..asking })
            };
            let mut body = ask(room);
            if line.budget.bytes.is_some() {
                // What goes up does not come down.
                body = ask(room.saturating_sub(u32::try_from(body.len()).unwrap_or(u32::MAX)));
            }
            proof = None;
            let asked = self.platform.clock.wall();
            let answer = line.call("POST", SYNC_PATH, None, body.clone())?;
            line.report.sent += pending.len() as u64;
            let response: SyncResponse = unpack_after(&answer.body, MAX_MESSAGE_BYTES, &body)
                .map_err(|_| FieldError::Refused("an answer that is not of this protocol".to_owned()))?;
            let page = match check(identity, &standing, response)? {
                Answer::Apply(page) => page,
                Answer::SendCursors if standing.confirmed => {
                    digest = false;
                    continue;
                }
                // It was told them: it would ask for ever.
                Answer::SendCursors => {
                    return Err(
                        FieldError::Refused("a log that always asks where it is known".to_owned()).into()
                    );
                }
                Answer::NewLife(epoch) => {
                    lives += 1;
                    if lives > MAX_LIVES {
                        return Err(FieldError::Refused("a log that is never the same".to_owned()).into());
                    }
                    let since = Timestamp(self.now()?.0.saturating_sub(OFFERED_AGAIN_MS));
                    self.tell(self.store.begin_life(epoch, since)?);
                    line.report.restored = true;
                    continue;
                }
                Answer::Prove(scope) => {
                    lives += 1;
                    let signed = self.store.heads()?.into_iter().find(|(held, _)| *held == scope);
                    if lives > MAX_LIVES || signed.is_none() {
                        return Err(AnswerError::Gap.into());
                    }
                    proof = signed;
                    continue;
                }
            };
            // Half the round trip is the best guess of when the server looked at its clock.
            let answered_at = self.platform.clock.wall();
            let middle = asked.plus_ms(answered_at.since(asked) / 2);
            let changed = self.store.apply(&page, middle)?;
            self.store.erasures_shown(&erased, page.epoch)?;
            self.anchor_clock();
            self.tell(changed);
            let report = &mut *line.report;
            report.received += page.changes.iter().filter(|change| change.bytes.is_some()).count() as u64;
            report.received += page.references.len() as u64;
            report.erased += erasures(&page.notes);
            for (_, verdict) in &page.verdicts {
                match verdict {
                    Verdict::Accepted { .. } => report.accepted += 1,
                    // Nothing waits for the person: by the word that came with it, it is gone.
                    Verdict::Rejected(Rejection::Erased) if !page.erased.is_empty() => {}
                    Verdict::Rejected(_) => report.rejected += 1,
                    Verdict::Review { .. } => report.in_review += 1,
                    Verdict::Later => {}
                }
            }
            postponed.note(&page.verdicts);
            let grown = self.pace().succeeded();
            *self.pace() = grown;
            line.report.more = page.more;
            line.told()?;
            if !page.bundles.is_empty() {
                bundles &= self.fetch_bundles(line)? && !self.store.distrusts_bundles()?;
            }
            if !page.more && !self.is_left(&mut postponed)? {
                return Ok(if page.revoked { Standing::TakenOut } else { Standing::Enrolled });
            }
        }
        Ok(Standing::Enrolled)
    }

    /// Whether something is left to send. Behind what the server could not judge the rest goes on; when all of it went
    /// by, what was postponed is tried again as long as that gets anywhere.
    fn is_left(&self, postponed: &mut Postponed) -> Result<bool, FieldError> {
        if !self.store.pending_without(1, &postponed.changes)?.is_empty() {
            return Ok(true);
        }
        let again = postponed.moved && !postponed.changes.is_empty();
        *postponed = Postponed::default();
        Ok(again)
    }

    /// Of an encrypted store: the way back for a forgotten PIN, while there is a network.
    fn fetch_recovery_codes(&self, line: &mut Line<'_, '_>) -> Result<(), Halt> {
        let Some((unlocked, wanted)) =
            self.unlocked.as_ref().and_then(|unlocked| Some((unlocked, unlocked.codes_wanted()?)))
        else {
            return Ok(());
        };
        let body = match line.call("POST", RECOVERY_PATH, None, pack(&wanted)) {
            Ok(answer) => answer.body,
            Err(halt) if halt.is_final() => return Err(halt),
            // A server that does not know of it: what was recorded matters more.
            Err(_) => return Ok(()),
        };
        let codes =
            RecoveryCodes::open(&body, &line.identity.key).filter(|codes| codes.numbers == wanted.numbers);
        // Without room, or while the keystore does not answer, the next sync brings them.
        if let Some(codes) = codes {
            let _ = unlocked.keep_codes(line.identity.device, &codes);
        }
        Ok(())
    }

    pub(crate) fn signed_call(
        &self,
        identity: &Identity,
        transport: &dyn Transport,
        call: SyncCall<'_>,
        report: &mut SyncReport,
    ) -> Result<Incoming, FieldError> {
        let SyncCall { method, path, offset, body, within } = call;
        let offset = offset.map(|offset| offset.to_string());
        let message = request_message(method, path, offset.as_deref().unwrap_or_default(), &body);
        let signature = identity.key.sign(Purpose::Request, &message);
        let mut headers =
            vec![(DEVICE_HEADER, identity.device.to_string()), (SIGNATURE_HEADER, hex::write(&signature.0))];
        headers.extend(offset.map(|offset| (OFFSET_HEADER, offset)));
        report.requests += 1;
        report.bytes_up += body.len() as u64;
        let answer = transport.call(&Outgoing { method, path: path.to_owned(), headers, body, within })?;
        report.bytes_down += answer.body.len() as u64;
        let signed =
            answer.signature.as_deref().map(|header| Signature(hex::read(header).unwrap_or_default()));
        let Some(signed) = signed else {
            // A proxy's or an overloaded server's word is no verdict, and the login page of a hotel's or a station's
            // network claims nothing, so that it forges nothing.
            return Err(NoConnection(match answer.status {
                200 => NOT_OURS.to_owned(),
                status => format!("status {status}"),
            })
            .into());
        };
        match answer.status {
            200 if answered(identity, &signature, &answer.body, &signed) => Ok(answer),
            // The body names the reason.
            400..500 if refused(identity, &message, &signature, &answer.body, &signed) => {
                Err(FieldError::Refused(reason(&answer)))
            }
            // Another server of this program, at which this device is not known: it says who it is, and proves it.
            400..500
                if answer.server.as_deref().is_none_or(|server| {
                    let other = PublicKey(hex::read(server).unwrap_or_default());
                    other != identity.server
                        && refused_by(&other, identity.device, &message, &signature, &answer.body, &signed)
                }) =>
            {
                Err(AnswerError::Forged("the answer's signature").into())
            }
            200 | 400..500 => Err(NoConnection(ALTERED.to_owned()).into()),
            // A server error is no verdict either: try again later.
            status => Err(NoConnection(format!("status {status}")).into()),
        }
    }
}

/// The name of the reason in a refusal's body.
pub(crate) fn reason(answer: &Incoming) -> String {
    const LONGEST: usize = 1024;
    unpack(&answer.body, LONGEST).unwrap_or_else(|_| format!("status {}", answer.status))
}
