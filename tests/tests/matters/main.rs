//! Matters travel as everything does: recorded offline on real devices, judged by the real server, and seen by those
//! who may see them and by nobody else.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod asked;
mod assessed;
mod drafts;
mod photos;
mod seen;
mod stage;
mod today;
