//! The server with its real log, asked by tiny devices that know nothing but the protocol.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod arriving;
mod audit;
mod dated;
mod device;
mod enrol;
mod hostile;
mod http;
mod judged;
mod matters;
mod photos;
mod photos_opened;
mod publish;
mod replica;
mod reports;
mod reviewed;
mod same_photo;
mod scores;
mod synced;
