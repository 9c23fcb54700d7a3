//! The server of a tenant: it judges the work of devices, keeps the log that is the truth, hands out what
//! each person may see, enrols devices, takes photos in, and publishes reference data.
//!
//! [`Server::handle`] is the whole of it, synchronous and free of HTTP, so that a simulated fleet can call
//! it from one thread; [`serve`] puts it behind a socket. [`log::Log`] is the truth; everything else that
//! the server knows, it can build again from there.
//!
//! Several processes may work on one directory at once (`serve` beside `import` and `invite`): each of them
//! reads the log's head before it believes what it remembers.

mod audit;
mod backup;
mod bundles;
mod call;
mod desk;
mod earlier;
mod enrol;
mod erase;
mod health;
mod hex;
mod http;
pub mod import;
mod key;
mod limits;
pub mod log;
mod mailbag;
mod metrics;
mod photos;
mod poke;
mod proof;
mod publish;
mod recovery;
mod replica;
pub mod report;
mod review;
mod score;
mod sync;
mod take_back;
mod tenant;
mod tls;
mod trail;

pub use audit::{Audit, Fault, Wrong};
pub use backup::{BackupError, Contents, FileRow, RestoreError, Restored, restore};
pub use bundles::WORTH_A_BUNDLE;
pub use call::{Call, Code, Reply};
pub use desk::{DeviceRow, Position};
pub use enrol::InviteError;
pub use erase::{ERASED_LIST, EraseError, Erased};
pub use health::{ALIVE_PATH, METRICS_PATH, NotReady, READY_PATH};
pub use http::{Front, ServeError, serve};
pub use limits::{Limits, Rate};
pub use mailbag::HandInError;
pub use photos::{MAX_PHOTO_BYTES, MAX_PIECE_BYTES, MAX_UNFINISHED};
pub use proof::{ExportError, Mismatch, Proof, check as check_log};
pub use publish::{PublishError, Published};
pub use recovery::RecoveryError;
pub use review::{ReviewError, ReviewRow, ReviewedAct};
pub use score::SheetsError;
pub use take_back::TakeBackError;
pub use tenant::{Clock, Random, Server, ServerError};
pub use tls::{Pin, Tls, TlsError};
pub use trail::{Deed, DeskAct, TrailEntry};
