//! Cases: pages of them, and one in full.

use crate::failure::FieldFailure;
use crate::field::Field;
use crate::thread::ThreadEntry;
use crate::value::{PageToken, PhotoHash, Uuid, count, instant, timestamp};
use sanben_domain::case;
use sanben_domain::id::{DocumentId, UnitId};
use sanben_domain::time::Timestamp;
use std::time::SystemTime;

/// How far a case has come.
pub type CaseStatus = case::Status;

/// How far a case has come.
#[uniffi::remote(Enum)]
pub enum CaseStatus {
    /// 已上报.
    Reported,
    /// 已核实.
    Confirmed,
    /// 已立案.
    Filed,
    /// 已派遣.
    Dispatched,
    /// 已签收.
    Acknowledged,
    /// 已处置.
    Rectified,
    /// 返工.
    Rework,
    /// 挂账.
    OnAccount,
    /// 核查通过.
    Verified,
    /// 已结案.
    Closed,
    /// 已作废.
    Voided,
    /// 已并案.
    Merged,
}

/// Who found a problem.
pub type CaseSource = case::Source;

/// Who found a problem.
#[uniffi::remote(Enum)]
pub enum CaseSource {
    /// The community's own people.
    Own,
    /// 街道督导.
    Subdistrict,
    /// 区检查.
    District,
    /// 市检查.
    City,
    /// 数字城管.
    DigitalCity,
}

/// Whether a case was put right in time, as far as it is known.
pub type Lateness = case::Lateness;

/// Whether a case was put right in time, as far as it is known.
#[uniffi::remote(Enum)]
pub enum Lateness {
    /// It has no due instant, or that has not come.
    NotDue,
    /// Put right in time.
    InTime,
    /// The due instant passed without.
    Late,
    /// It would be late, but only by a clock that cannot be trusted or while a dispute is open.
    Doubtful,
}

/// What a photo shows.
pub type PhotoRole = case::PhotoRole;

/// What a photo shows.
#[uniffi::remote(Enum)]
pub enum PhotoRole {
    /// The problem.
    Before,
    /// The place put right.
    After,
    /// What a look-back saw.
    LookBack,
}

/// Which cases. Every field narrows; what is left out takes all.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseQuery {
    /// At this point.
    #[uniffi(default)]
    pub point: Option<String>,
    /// On this community's sheet.
    #[uniffi(default)]
    pub community: Option<String>,
    /// To be handled by this person.
    #[uniffi(default)]
    pub handler: Option<String>,
    /// Reported by, answered for by, or to be handled by this person.
    #[uniffi(default)]
    pub mine: Option<String>,
    /// With one of these statuses; empty takes all.
    #[uniffi(default)]
    pub status: Vec<CaseStatus>,
    /// Not closed, voided or merged.
    #[uniffi(default)]
    pub open_only: bool,
    /// A person has to decide.
    #[uniffi(default)]
    pub disputed_only: bool,
    /// At a point of this programme.
    #[uniffi(default)]
    pub programme: Option<Uuid>,
    /// Due before this instant.
    #[uniffi(default)]
    pub due_before: Option<SystemTime>,
    /// Reported at or after this instant.
    #[uniffi(default)]
    pub reported_from: Option<SystemTime>,
    /// Reported before this instant.
    #[uniffi(default)]
    pub reported_until: Option<SystemTime>,
    /// With these words.
    #[uniffi(default)]
    pub text: Option<String>,
    /// Soonest due first, those without a due instant last; otherwise the latest report first.
    #[uniffi(default)]
    pub due_first: bool,
    /// Rows wanted, 1 to 200.
    #[uniffi(default = 50)]
    pub limit: i32,
}

impl CaseQuery {
    pub(crate) fn into_core(
        self,
        after: Option<PageToken>,
        own_unit: Option<UnitId>,
    ) -> sanben_field::CaseQuery {
        sanben_field::CaseQuery {
            point: self.point.as_deref().map(Into::into),
            community: self.community.as_deref().map(Into::into),
            handler: self.handler.as_deref().map(Into::into),
            mine: self.mine.as_deref().map(Into::into),
            mine_unit: own_unit,
            status: self.status,
            open_only: self.open_only,
            disputed_only: self.disputed_only,
            programme: self.programme.map(DocumentId),
            due_before: self.due_before.map(timestamp),
            reported_from: self.reported_from.map(timestamp),
            reported_until: self.reported_until.map(timestamp),
            text: self.text,
            order: if self.due_first { sanben_field::Order::Due } else { sanben_field::Order::Newest },
            // The store has the upper bound; 0 would be its default.
            limit: usize::try_from(self.limit).unwrap_or(0).max(1),
            after,
        }
    }
}

/// How far the own work on a case has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Delivery {
    /// Own changes that wait for the server.
    pub pending: i64,
    /// Own changes that the server has accepted.
    pub accepted: i64,
    /// Own changes that need attention.
    pub rejected: i64,
    /// Photos cited by own work.
    pub photos: i64,
    /// Of those, confirmed by the server.
    pub photos_delivered: i64,
}

impl From<sanben_field::Delivery> for Delivery {
    fn from(delivery: sanben_field::Delivery) -> Self {
        Self {
            pending: delivery.pending.into(),
            accepted: delivery.accepted.into(),
            rejected: delivery.rejected.into(),
            photos: delivery.photos.into(),
            photos_delivered: delivery.photos_delivered.into(),
        }
    }
}

/// A case as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CaseSummary {
    /// The case.
    pub id: Uuid,
    /// The point's code.
    pub point: Option<String>,
    /// The community's code.
    pub community: Option<String>,
    /// The code of the standard it breaks.
    pub standard: Option<String>,
    /// The words.
    pub description: String,
    /// Who found it.
    pub source: CaseSource,
    /// How far it has come.
    pub status: CaseStatus,
    /// Whether a person has to decide.
    pub disputed: bool,
    /// By when.
    pub due: Option<SystemTime>,
    /// Whether it is late now.
    pub lateness: Lateness,
    /// When it was reported.
    pub reported_at: SystemTime,
    /// The clock that says so cannot be trusted.
    pub clock_doubtful: bool,
    /// By whom.
    pub reported_by: String,
    /// The unit that has to handle it.
    pub handler_unit: Option<String>,
    /// The person in it.
    pub handler: Option<String>,
    /// How many times it was found.
    pub times_found: i64,
    /// How many photos it has.
    pub photos: i64,
    /// The photo to show.
    pub thumbnail: Option<PhotoHash>,
    /// The record it was merged into.
    pub merged_into: Option<Uuid>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

impl CaseSummary {
    fn of(row: sanben_field::CaseSummary, now: Timestamp) -> Self {
        let lateness = row.lateness(now);
        let (handler_unit, handler) = row
            .handler
            .map_or((None, None), |to| (to.unit.map(|unit| unit.0), to.person.map(|person| person.0)));
        Self {
            id: row.id.0,
            point: row.point.map(|point| point.0),
            community: row.community.map(|unit| unit.0),
            standard: row.standard.map(|standard| standard.0),
            description: row.description,
            source: row.source,
            status: row.status,
            disputed: row.disputed,
            due: row.due.map(instant),
            lateness,
            reported_at: instant(row.reported_at),
            clock_doubtful: row.reported_doubtful,
            reported_by: row.reported_by.0,
            handler_unit,
            handler,
            times_found: row.times_found.into(),
            photos: row.photos.into(),
            thumbnail: row.thumbnail,
            merged_into: row.merged_into.map(|case| case.0),
            delivery: row.delivery.into(),
        }
    }
}

/// One page of cases.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CasePage {
    /// The rows.
    pub rows: Vec<CaseSummary>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<PageToken>,
}

impl CasePage {
    pub(crate) fn of(page: sanben_field::CasePage, now: Timestamp) -> Self {
        Self { rows: page.rows.into_iter().map(|row| CaseSummary::of(row, now)).collect(), next: page.next }
    }
}

/// A photo of a case.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PhotoOfCase {
    /// Its hash.
    pub hash: PhotoHash,
    /// What it shows.
    pub role: PhotoRole,
    /// Width in pixels as displayed.
    pub width: i64,
    /// Height in pixels as displayed.
    pub height: i64,
    /// Size in bytes.
    pub size: i64,
}

/// A case with everything that is known of it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CaseDetail {
    /// The case.
    pub id: Uuid,
    /// The unit whose records it belongs to, for good.
    pub home_unit: String,
    /// The point's code.
    pub point: Option<String>,
    /// The community's code.
    pub community: Option<String>,
    /// The code of the standard it breaks.
    pub standard: Option<String>,
    /// The words.
    pub description: String,
    /// The fix at the tap.
    pub fix: Option<crate::place::Fix>,
    /// Who found it.
    pub source: CaseSource,
    /// How far it has come.
    pub status: CaseStatus,
    /// By when.
    pub due: Option<SystemTime>,
    /// Whether it is late now.
    pub lateness: Lateness,
    /// When it was reported.
    pub reported_at: SystemTime,
    /// By whom.
    pub reported_by: String,
    /// Who answered for the point then.
    pub answered_then: Option<String>,
    /// The unit that has to handle it.
    pub handler_unit: Option<String>,
    /// The person in it.
    pub handler: Option<String>,
    /// How many times it was found.
    pub times_found: i64,
    /// How often it was sent back.
    pub sent_back: i64,
    /// The record it was merged into.
    pub merged_into: Option<Uuid>,
    /// Open disputes: each the events that contradict each other.
    pub disputes: Vec<Vec<Uuid>>,
    /// Its photos, by hash.
    pub photos: Vec<PhotoOfCase>,
    /// Every event in causal order.
    pub thread: Vec<ThreadEntry>,
    /// How far the own work on it has come.
    pub delivery: Delivery,
}

impl CaseDetail {
    pub(crate) fn of(row: sanben_field::CaseRow, now: Timestamp) -> Self {
        let sanben_field::CaseRow { record, state, status, delivery } = row;
        let thread = state.thread.iter().filter_map(|taken| {
            let event = record.events.get(&taken.event)?;
            Some(ThreadEntry::of(event, taken))
        });
        let disputes = state.disputes.iter().map(|dispute| dispute.between.iter().map(|id| id.0).collect());
        let photos = record.photos.iter().map(|(hash, photo)| PhotoOfCase {
            hash: *hash,
            role: photo.role,
            width: photo.width.into(),
            height: photo.height.into(),
            size: count(photo.bytes),
        });
        Self {
            id: record.id.0,
            fix: record.fix.map(Into::into),
            source: state.source,
            status,
            due: state.due.map(|due| instant(due.at)),
            lateness: case::lateness(&state, now),
            reported_at: instant(state.reported.at.at()),
            times_found: count(state.findings.len()),
            sent_back: state.sent_back.into(),
            merged_into: state.merged.map(|(kept, _)| kept.0),
            disputes: disputes.collect(),
            photos: photos.collect(),
            thread: thread.collect(),
            delivery: delivery.into(),
            handler_unit: state.handler.as_ref().and_then(|to| to.unit.as_ref()).map(ToString::to_string),
            handler: state.handler.and_then(|to| to.person).map(|person| person.0),
            reported_by: state.reported.by.0,
            answered_then: state.answered_then.map(|person| person.0),
            community: state.community.map(|unit| unit.0),
            home_unit: record.home.0,
            point: record.point.map(|point| point.0),
            standard: record.standard.map(|standard| standard.0),
            description: record.description,
        }
    }
}

#[uniffi::export]
impl Field {
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
}
