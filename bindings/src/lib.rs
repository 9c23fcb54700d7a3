//! The one uniffi crate: what Kotlin, Swift and Python see of the core.
//!
//! [`Field`] is `sanben_field::Field` with the world of a phone around it (the machine's clock, randomness,
//! HTTP). Nothing is decided here: every call changes the form of its arguments, calls the field, and
//! changes the form of the answer. What holds for all of them:
//!
//! - Calls block, on SQLite or (`enrol`, `sync`, `photo`, `await_poke`, `hand_over`) on the network, and may come from any thread. The
//!   shells run them off the main thread and wrap them in `suspend` or `async` there.
//! - Every call answers with a value or a [`FieldFailure`]; a panic becomes [`FieldFailure::Unexpected`].
//! - Callbacks ([`FieldObserver`], [`SyncProgress`], [`DoorListener`]) are synchronous, run on the thread that made the change
//!   and hold no lock: they may call back into the same `Field`.
//! - Cancelling is a [`CancelToken`]: neither a coroutine's nor a Swift task's cancel reaches Rust.
//! - Ids made in the field are UUIDs, days and instants those of the language (`uniffi.toml`), codes given by
//!   an office are text, counts are signed because that is the plain integer of all three languages.

#![allow(unsafe_code, reason = "the scaffolding that uniffi writes crosses the C boundary")]

mod act;
mod attention;
mod brief;
mod case;
mod contact;
mod coverage;
mod failure;
mod field;
mod handover;
mod matter;
mod observe;
mod outbox;
mod people;
mod photo;
mod place;
mod record;
mod reminder;
mod score;
mod sync;
mod thread;
mod today;
mod value;
mod vault;

pub use act::CaseAct;
pub use attention::{Attention, Correction, ExportedWork, RejectionReason};
pub use brief::FilledBrief;
pub use case::{
    CaseDetail, CasePage, CaseQuery, CaseSource, CaseStatus, CaseSummary, Delivery, Lateness, PhotoOfCase,
    PhotoRole,
};
pub use contact::{Contact, NewContact};
pub use coverage::{Lack, Uncovered};
pub use failure::{Denial, FieldFailure, InvalidInput};
pub use field::Field;
pub use handover::{DoorEvent, DoorListener, HandedOver, Mailbag};
pub use matter::{
    ActForm, Choice, FeatureForm, FieldFlaw, FieldForm, FieldShape, FieldValue, HeaderPart, MatterDetail,
    MatterDraft, MatterEntry, MatterFigure, MatterLine, MatterMissing, MatterOpen, MatterPage, MatterQuery,
    MatterToken, NewMatter, ShownField, Tongue,
};
pub use observe::{Changes, FieldObserver, ListenerFailure, Observation};
pub use outbox::{OutboxEntry, OutboxState};
pub use people::{PersonView, Role, UnitView};
pub use place::{
    Answering, Duty, Fix, Ledgers, NearPoint, PointView, Problem, Standard, TimeLimit, Whereabouts,
};
pub use record::{Completion, Draft, DraftField, NewCase, Reported};
pub use reminder::{OwnReminder, Reminder, ReminderPlan};
pub use score::{Announced, Deadline, Period, ScoreLine, ScoreReason, ScoreSheet, Suspension};
pub use sync::{CancelToken, Counts, Enrolment, Stopped, SyncBudget, SyncProgress, SyncReport};
pub use thread::{ActKind, Ignored, Outcome, ThreadEntry};
pub use today::{Coverage, PointVisit, Round, TodayView, VisitResult};
pub use value::{Day, PageToken, PhotoHash, Uuid};
pub use vault::{Keystore, KeystoreFailure, UnprotectedKeystore, Vault, VaultState, encrypts, is_weak_pin};

uniffi::setup_scaffolding!("sanben");
