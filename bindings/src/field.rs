//! The calls. Each only changes the form of what goes in and comes out.

use crate::act::CaseAct;
use crate::attention::{Attention, Correction, ExportedWork};
use crate::case::{CaseDetail, CasePage, CaseQuery};
use crate::contact::{Contact, NewContact};
use crate::failure::{FieldFailure, guarded};
use crate::handover::{self, DoorListener, HandedOver, Mailbag};
use crate::observe::{FieldObserver, Observation};
use crate::outbox::OutboxEntry;
use crate::people::{PersonView, UnitView};
use crate::place::{Fix, Ledgers, PointView, Standard, Whereabouts, coordinate};
use crate::record::{Completion, Draft, DraftField, NewCase, Reported};
use crate::score::{Period, ScoreSheet};
use crate::sync::{self, CancelToken, Counts, Enrolment, SyncBudget, SyncProgress, SyncReport};
use crate::today::{Round, TodayView, VisitResult};
use crate::value::{PageToken, PhotoHash, Uuid, instant, timestamp};
use sanben_domain::case::CaseAct as Act;
use sanben_domain::id::{DocumentId, DraftId, PersonId};
use sanben_field::{FieldError, Http, OutboxId, Platform, Poke, TakenOver};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// One store in one folder, for one person of one tenant. Everything but `enrol`, `sync` and `photo` works
/// without a network.
#[derive(Debug, uniffi::Object)]
pub struct Field(pub(crate) sanben_field::Field);

impl Field {
    pub(crate) fn call<T>(
        &self,
        work: impl FnOnce(&sanben_field::Field) -> Result<T, FieldFailure>,
    ) -> Result<T, FieldFailure> {
        guarded(|| work(&self.0))
    }

    /// The way to the server that this store is enrolled with.
    fn server(&self) -> Result<Http, FieldFailure> {
        Ok(Http::new(&self.0.enrolment()?.url))
    }
}

pub(crate) fn each<A, B: From<A>>(all: Vec<A>) -> Vec<B> {
    all.into_iter().map(B::from).collect()
}

/// Whether an act was found to be allowed.
fn allowed<T>(judged: Result<T, FieldError>) -> Result<bool, FieldFailure> {
    match judged {
        Ok(_) => Ok(true),
        Err(FieldError::Denied(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[uniffi::export]
impl Field {
    /// Opens the store in a folder, making a new one where there is none.
    ///
    /// # Errors
    /// [`FieldFailure::NewerStore`], [`FieldFailure::CorruptStore`], [`FieldFailure::Full`],
    /// [`FieldFailure::Busy`]; [`FieldFailure::Locked`] for an encrypted one, which `Vault` opens.
    #[uniffi::constructor]
    pub fn open(dir: String) -> Result<Self, FieldFailure> {
        guarded(|| Ok(Self(sanben_field::Field::open(Path::new(&dir), Platform::system())?)))
    }

    /// Enrols this store with the address and the short code from the desk. Needs a network.
    ///
    /// # Errors
    /// [`FieldFailure::CodeMalformed`], [`FieldFailure::CodeUnknown`], [`FieldFailure::CodeUsed`],
    /// [`FieldFailure::CodeExpired`], [`FieldFailure::WrongServer`], [`FieldFailure::AlreadyEnrolled`],
    /// [`FieldFailure::Network`].
    pub fn enrol(&self, url: &str, code: &str) -> Result<Enrolment, FieldFailure> {
        self.call(|field| Ok(field.enrol(url, code, &Http::new(url))?.into()))
    }

    /// Whom this store belongs to.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`].
    pub fn enrolment(&self) -> Result<Enrolment, FieldFailure> {
        self.call(|field| Ok(field.enrolment()?.into()))
    }

    /// The person this store belongs to.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::NothingYet`] before the first sync.
    pub fn own_person(&self) -> Result<PersonView, FieldFailure> {
        self.call(|field| Ok(PersonView::of(field.own_person()?, &*field.reference()?)))
    }

    /// Who is who, by code; empty where this device does not hold names.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn people(&self) -> Result<Vec<PersonView>, FieldFailure> {
        self.call(|field| {
            let reference = field.reference()?;
            Ok(reference.people.values().map(|person| PersonView::of(person.clone(), &reference)).collect())
        })
    }

    /// The units, by code.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn units(&self) -> Result<Vec<UnitView>, FieldFailure> {
        self.call(|field| Ok(field.reference()?.units.values().map(Into::into).collect()))
    }

    /// The points, by code; `text` narrows by a part of name, kind, code or community.
    ///
    /// # Errors
    /// A failure of the store.
    #[uniffi::method(default(text = None))]
    pub fn points(&self, text: Option<String>) -> Result<Vec<PointView>, FieldFailure> {
        self.call(|field| Ok(each(field.points(text.as_deref())?)))
    }

    /// The standards, by code; for one point only those that hold there.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for an unknown point.
    #[uniffi::method(default(point = None, text = None))]
    pub fn standards(
        &self,
        point: Option<String>,
        text: Option<String>,
    ) -> Result<Vec<Standard>, FieldFailure> {
        self.call(|field| {
            let point = point.as_deref().map(Into::into);
            Ok(each(field.standards(point.as_ref(), text.as_deref())?))
        })
    }

    /// From a place (WGS-84 degrees) to who answers: cells, community, the nearest points.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`] before the first sync, [`FieldFailure::Invalid`].
    #[uniffi::method(default(nearest = 5))]
    pub fn whereabouts(
        &self,
        latitude: f64,
        longitude: f64,
        nearest: i32,
    ) -> Result<Whereabouts, FieldFailure> {
        self.call(|field| {
            let nearest = usize::try_from(nearest).unwrap_or(0);
            Ok(field.whereabouts(coordinate(latitude, longitude)?, nearest)?.into())
        })
    }

    /// The three ledgers of a point; who answers as it stood at `at`, now by default.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    #[uniffi::method(default(at = None))]
    pub fn ledgers(&self, point: &str, at: Option<SystemTime>) -> Result<Ledgers, FieldFailure> {
        self.call(|field| Ok(field.ledgers(&point.into(), at.map(timestamp))?.into()))
    }

    /// Begins a draft; it is durable at once.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::Full`].
    pub fn draft(&self) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.draft()?.0))
    }

    /// Saves one field of a draft, durably.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`], [`FieldFailure::Full`], [`FieldFailure::Invalid`].
    pub fn draft_set(&self, draft: Uuid, value: DraftField) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.draft_set(DraftId(draft), value.into_core()?)?))
    }

    /// Takes a photo file into a draft. The file is no longer needed afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::File`], [`FieldFailure::Photo`]; the draft is unchanged then.
    pub fn draft_photo(&self, draft: Uuid, path: &str) -> Result<PhotoHash, FieldFailure> {
        self.call(|field| Ok(field.draft_photo(DraftId(draft), Path::new(path))?))
    }

    /// The drafts of this store.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn drafts(&self) -> Result<Vec<Draft>, FieldFailure> {
        self.call(|field| Ok(each(field.drafts()?)))
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn draft_discard(&self, draft: Uuid) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.draft_discard(DraftId(draft))?))
    }

    /// Reports a draft: it becomes a case and waits for the next sync.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`] before the first sync, [`FieldFailure::NotFound`]; the draft is kept.
    pub fn report(&self, draft: Uuid) -> Result<Reported, FieldFailure> {
        self.call(|field| Ok(field.report(DraftId(draft))?.into()))
    }

    /// Records a problem in one go.
    ///
    /// # Errors
    /// As `draft_photo` and `report`; a draft with what was given is kept then.
    pub fn record(&self, problem: NewCase) -> Result<Reported, FieldFailure> {
        self.call(|field| Ok(field.record(problem.into_core()?)?.into()))
    }

    /// A page of cases, beginning after the place where the last page ended.
    ///
    /// # Errors
    /// A failure of the store.
    #[uniffi::method(default(after = None))]
    pub fn cases_page(&self, query: CaseQuery, after: Option<PageToken>) -> Result<CasePage, FieldFailure> {
        self.call(|field| {
            Ok(CasePage::of(field.cases(&query.into_core(after, field.own_unit()?))?, field.now()?))
        })
    }

    /// One case with its thread.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn case(&self, id: Uuid) -> Result<CaseDetail, FieldFailure> {
        self.call(|field| Ok(CaseDetail::of(field.case(DocumentId(id))?, field.now()?)))
    }

    /// Does something to a case, with photo files where the act can have some. Returns the event.
    ///
    /// # Errors
    /// [`FieldFailure::Denied`], [`FieldFailure::NotFound`], [`FieldFailure::Photo`]; nothing is recorded
    /// then.
    #[uniffi::method(default(photos = []))]
    pub fn act(&self, id: Uuid, act: CaseAct, photos: Vec<String>) -> Result<Uuid, FieldFailure> {
        self.call(|field| {
            let files: Vec<PathBuf> = each(photos);
            Ok(act.perform(field, DocumentId(id), &files)?.0)
        })
    }

    /// Whether the person's role and place allow an act on a case. Recording one that they do not is refused
    /// here already; this is for not offering it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn may(&self, id: Uuid, act: CaseAct) -> Result<bool, FieldFailure> {
        self.call(|field| allowed(field.may(DocumentId(id), &act.into_core())))
    }

    /// Whether the person may complete or correct a case; for not offering it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn may_complete(&self, id: Uuid) -> Result<bool, FieldFailure> {
        self.call(|field| allowed(field.may(DocumentId(id), &Act::Amend { fields: Vec::new() })))
    }

    /// Completes or corrects a case, visibly: the change is an event of its own.
    ///
    /// # Errors
    /// [`FieldFailure::Denied`], [`FieldFailure::NotFound`], [`FieldFailure::Photo`],
    /// [`FieldFailure::Invalid`] for a point of another community.
    pub fn complete(&self, id: Uuid, completion: Completion) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.complete(DocumentId(id), completion.into_core()?)?))
    }

    /// Whether the person may add residents' contacts to a case; for not offering it.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`].
    pub fn may_add_contact(&self, id: Uuid) -> Result<bool, FieldFailure> {
        self.call(|field| allowed(field.may_add_contact(DocumentId(id))))
    }

    /// Adds whom a case is about, apart from the case: volunteers and heads of points do not receive it.
    ///
    /// # Errors
    /// [`FieldFailure::Denied`], [`FieldFailure::NotFound`], [`FieldFailure::Invalid`] without name and number.
    pub fn add_contact(&self, id: Uuid, contact: NewContact) -> Result<Uuid, FieldFailure> {
        self.call(|field| Ok(field.add_contact(DocumentId(id), contact.into())?.0))
    }

    /// The contacts of a case that are held here, in the order in which they were added.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn contacts(&self, id: Uuid) -> Result<Vec<Contact>, FieldFailure> {
        self.call(|field| Ok(each(field.contacts(DocumentId(id))?)))
    }

    /// Notes a visit in the person's round of today; the round begins with the first visit. A problem
    /// recorded at a point of the round is a visit by itself.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for an unknown point, [`FieldFailure::Invalid`] for somebody without a
    /// team, [`FieldFailure::Denied`] for a point of another team.
    #[uniffi::method(default(fix = None))]
    pub fn visit(
        &self,
        round: Round,
        point: &str,
        result: VisitResult,
        fix: Option<Fix>,
    ) -> Result<(), FieldFailure> {
        self.call(|field| {
            let fix = fix.map(Fix::into_core).transpose()?;
            Ok(field.visit(round, &point.into(), result.into_core(), fix)?)
        })
    }

    /// Today's lists: of the person's team, else of the points the person answers for.
    ///
    /// # Errors
    /// [`FieldFailure::NothingYet`].
    pub fn today(&self) -> Result<TodayView, FieldFailure> {
        self.call(|field| Ok(field.today_list()?.into()))
    }

    /// The sheet of a community for a period, as far as it was known at `as_of`, now by default.
    ///
    /// # Errors
    /// [`FieldFailure::NotFound`] for something that is no community, [`FieldFailure::NothingYet`].
    #[uniffi::method(default(as_of = None))]
    pub fn score(
        &self,
        community: &str,
        period: Period,
        as_of: Option<SystemTime>,
    ) -> Result<ScoreSheet, FieldFailure> {
        self.call(|field| Ok(field.score(&community.into(), period.into(), as_of.map(timestamp))?.into()))
    }

    /// Syncs until there is nothing more to send or fetch, or the budget is used up: `stopped` says so then,
    /// and the next sync goes on there. What was done before a failure is kept.
    ///
    /// # Errors
    /// [`FieldFailure::NotEnrolled`], [`FieldFailure::Network`], [`FieldFailure::WrongServer`],
    /// [`FieldFailure::Refused`], [`FieldFailure::Busy`] while another sync runs,
    /// [`FieldFailure::Cancelled`], [`FieldFailure::Listener`].
    #[uniffi::method(default(progress = None, cancel = None, budget = None))]
    pub fn sync(
        &self,
        progress: Option<Arc<dyn SyncProgress>>,
        cancel: Option<Arc<CancelToken>>,
        budget: Option<SyncBudget>,
    ) -> Result<SyncReport, FieldFailure> {
        self.call(|field| sync::run(field, &self.server()?, progress.as_ref(), cancel.as_ref(), budget))
    }

    /// Waits, up to about a minute, until the server says that there is something to sync; `false` when nothing
    /// came. For a thread of its own, beside everything else: a shell that is in front syncs, waits, and syncs
    /// again; after a failure it rests a little longer each time.
    ///
    /// # Errors
    /// [`FieldFailure::Network`], [`FieldFailure::Refused`].
    pub fn await_poke(&self) -> Result<bool, FieldFailure> {
        self.call(|field| Ok(field.await_poke(&self.server()?)? == Poke::Sync))
    }

    /// Hands all that waits, sealed, to the device that collects at this address, as that one shows it. Everything
    /// stays in the outbox until the server itself answers.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] when nothing waits or for no address, [`FieldFailure::Refused`] when it was not
    /// taken, [`FieldFailure::Network`].
    pub fn hand_over(&self, address: &str) -> Result<HandedOver, FieldFailure> {
        self.call(|field| handover::hand_over(field, address))
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
        self.call(|field| handover::collect(field, listen, &listener, &closed))
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

    /// Tells the observer of every change until the returned observation is stopped or let go.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn observe(&self, observer: Arc<dyn FieldObserver>) -> Result<Observation, FieldFailure> {
        self.call(|field| Ok(Observation::begin(field, observer)))
    }

    /// The latest pieces of own work with what became of each.
    ///
    /// # Errors
    /// A failure of the store.
    #[uniffi::method(default(limit = 200))]
    pub fn outbox(&self, limit: i32) -> Result<Vec<OutboxEntry>, FieldFailure> {
        self.call(|field| Ok(each(field.outbox(usize::try_from(limit).unwrap_or(0))?)))
    }

    /// When the next automatic sync is worth trying, as the server asked; `None` for at once. A person may
    /// always try now.
    ///
    /// # Errors
    /// None but [`FieldFailure::Unexpected`].
    pub fn next_try(&self) -> Result<Option<SystemTime>, FieldFailure> {
        self.call(|field| Ok(field.next_try().map(instant)))
    }

    /// Own work that the server refused, oldest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn needs_attention(&self) -> Result<Vec<Attention>, FieldFailure> {
        self.call(|field| Ok(each(field.needs_attention()?)))
    }

    /// Sends refused work again as it is, after rights or reference data changed.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn resend(&self, attention: i64) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.resend(OutboxId(attention))?))
    }

    /// Sends refused work again, corrected.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] when nothing is corrected or nothing can be, [`FieldFailure::Denied`],
    /// [`FieldFailure::NotFound`].
    pub fn correct(&self, attention: i64, correction: Correction) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.correct(OutboxId(attention), &correction.into())?))
    }

    /// Writes refused work with its photos into a new file for somebody who may do it; `to` is their code. It stays
    /// under "needs attention" until theirs is in the log.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for part of a round, [`FieldFailure::FileNotWritten`], [`FieldFailure::NotFound`].
    #[uniffi::method(default(to = None))]
    pub fn hand_on(&self, attention: i64, file: &str, to: Option<String>) -> Result<(), FieldFailure> {
        let to = to.map(PersonId);
        self.call(|field| Ok(field.hand_on(OutboxId(attention), to.as_ref(), Path::new(file))?))
    }

    /// Records what somebody handed on under this person's own name; says which case. Twice has no second effect.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] for a file that is none, or for somebody else; [`FieldFailure::Denied`] when this
    /// person may not do it either; [`FieldFailure::NotFound`] when the case is not here.
    pub fn take_over(&self, file: &str) -> Result<Uuid, FieldFailure> {
        self.call(|field| match field.take_over(Path::new(file))? {
            TakenOver::Recorded(of) | TakenOver::Known(of) => Ok(of.0),
        })
    }

    /// Writes refused work into a new folder: `work.json` to be read, its photos, and `work.sanben` for `take_over`.
    ///
    /// # Errors
    /// [`FieldFailure::FileNotWritten`], [`FieldFailure::NotFound`].
    pub fn export_refused(&self, attention: i64, folder: &str) -> Result<ExportedWork, FieldFailure> {
        self.call(|field| Ok(field.export_refused(OutboxId(attention), Path::new(folder))?.into()))
    }

    /// Gives refused work up. It is kept with the reason.
    ///
    /// # Errors
    /// [`FieldFailure::Invalid`] without a reason.
    pub fn discard(&self, attention: i64, reason: &str) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.discard(OutboxId(attention), reason)?))
    }

    /// How much there is of everything; `pending` is what waits in the outbox.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn counts(&self) -> Result<Counts, FieldFailure> {
        self.call(|field| Ok(field.counts()?.into()))
    }

    /// The small picture of a photo, a JPEG of at most 320 pixels; `None` when this store has none.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn thumbnail(&self, photo: PhotoHash) -> Result<Option<Vec<u8>>, FieldFailure> {
        self.call(|field| Ok(field.thumbnail(photo)?))
    }

    /// The small picture of a photo that a case or patrol shows, fetched from the server where this store does
    /// not have it, and kept here afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::Refused`] when the server has none yet or does not show it to this person,
    /// [`FieldFailure::Network`].
    pub fn fetch_thumbnail(&self, document: Uuid, photo: PhotoHash) -> Result<Vec<u8>, FieldFailure> {
        self.call(|field| Ok(field.fetch_thumbnail(DocumentId(document), photo, &self.server()?)?))
    }

    /// The whole photo, fetched from the server where this store does not have it, and kept here afterwards.
    ///
    /// # Errors
    /// [`FieldFailure::Refused`] when the server does not show it to this person, [`FieldFailure::Network`].
    pub fn photo(&self, photo: PhotoHash) -> Result<Vec<u8>, FieldFailure> {
        self.call(|field| Ok(field.fetch_photo(photo, &self.server()?)?))
    }

    /// Writes everything out and closes the database until the next call. For a phone that is about to put
    /// the app to sleep.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn suspend(&self) -> Result<(), FieldFailure> {
        self.call(|field| Ok(field.suspend()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn open(dir: &Path) -> Result<Field, FieldFailure> {
        Field::open(dir.display().to_string())
    }

    #[test]
    fn a_damaged_store_says_so_and_is_kept_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()).unwrap());
        let database = dir.path().join("sanben.db");
        let damaged = vec![0x5a; usize::try_from(fs::metadata(&database).unwrap().len()).unwrap()];
        fs::write(&database, &damaged).unwrap();
        assert!(matches!(open(dir.path()), Err(FieldFailure::CorruptStore { .. })));
        assert_eq!(fs::read(&database).unwrap(), damaged);
    }

    #[test]
    fn two_at_once_are_one_too_many() {
        let dir = tempfile::tempdir().unwrap();
        let first = open(dir.path()).unwrap();
        assert!(matches!(open(dir.path()), Err(FieldFailure::Busy)));
        first.suspend().unwrap();
        let second = open(dir.path()).unwrap();
        assert_eq!(first.counts(), Err(FieldFailure::Busy), "it woke up, but somebody else is there");
        drop(second);
        assert!(first.counts().is_ok());
    }

    #[test]
    fn a_place_in_a_list_travels_as_text_and_nonsense_is_refused() {
        use uniffi::{Lift, Lower};
        let lift = |text: &str| {
            let lowered = <String as Lower<crate::UniFfiTag>>::lower(text.to_owned());
            <PageToken as Lift<crate::UniFfiTag>>::try_lift(lowered)
        };
        let token = lift(r#"{"due":9223372036854775807,"n":41}"#).unwrap();
        let lowered = <PageToken as Lower<crate::UniFfiTag>>::lower(token);
        let text = <String as Lift<crate::UniFfiTag>>::try_lift(lowered).unwrap();
        assert_eq!(lift(&text).unwrap(), token);
        let refused = lift("here").unwrap_err().downcast::<FieldFailure>();
        assert!(matches!(refused, Ok(FieldFailure::Invalid { .. })));
    }
}
