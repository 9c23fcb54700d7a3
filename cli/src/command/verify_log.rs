//! `verify-log FILE`: an exported log, checked offline by somebody who has nothing but it and the server's
//! public key.

use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use crate::reading::Misread;
use crate::view::Moment;
use sanben_domain::time::{Timestamp, Zone};
use sanben_server::{Mismatch, Proof};
use sanben_sync::keys::PublicKey;
use serde::Serialize;
use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

/// Which log, and whose it has to be.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct VerifyLogArgs {
    /// The file.
    pub(crate) file: PathBuf,
    /// The server's public key in hexadecimal.
    #[arg(long, value_name = "HEX", value_parser = key)]
    pub(crate) server_key: Option<PublicKey>,
}

/// A byte for the kind of key, then the key.
const KEY_BYTES: usize = 33;

fn key(text: &str) -> Result<PublicKey, Misread> {
    let digit =
        |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = text.trim().as_bytes().chunks(2).map(digit).collect();
    bytes.filter(|bytes| bytes.len() == KEY_BYTES).map(PublicKey).ok_or(Misread::Key)
}

/// Checks it.
///
/// # Errors
/// [`CommandError::Proof`] when anything does not hold; [`CommandError::Read`].
pub(crate) fn run(args: &VerifyLogArgs) -> Result<Proven, CommandError> {
    let failed = |error| CommandError::Read { file: args.file.clone(), error };
    let mut file = BufReader::with_capacity(1 << 20, File::open(&args.file).map_err(failed)?);
    let proof = sanben_server::check_log(&mut file, args.server_key.as_ref()).map_err(failed)?;
    if proof.mismatch.is_some() {
        return Err(CommandError::Proof(Box::new(proof)));
    }
    Ok(Proven { key_given: args.server_key.is_some(), proof })
}

/// A log that holds.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Proven {
    /// Whether the server's key came from outside the file.
    pub(crate) key_given: bool,
    /// What was read.
    #[serde(flatten)]
    pub(crate) proof: Proof,
}

impl Outcome for Proven {
    fn show(&self, language: Language) -> String {
        let proof = &self.proof;
        let made = Moment { at: proof.made.unwrap_or(Timestamp(0)), zone: Zone::CHINA }.to_string();
        let tenant = proof.tenant.as_ref().map(ToString::to_string).unwrap_or_default();
        let read = say!(
            language,
            "proof-read",
            tenant = tenant,
            made = made,
            entries = proof.entries,
            scopes = proof.scopes,
            changes = proof.changes,
            devices = proof.devices
        );
        let key = proof.server.as_deref().unwrap_or_default();
        let trust = match self.key_given {
            true => say!(language, "proof-key-given"),
            false => say!(language, "proof-key-compare", key = key),
        };
        let erased = (proof.erased > 0).then(|| say!(language, "proof-erased", n = proof.erased));
        let lines = [Some(read), Some(say!(language, "proof-holds")), erased, Some(trust)];
        lines.into_iter().flatten().collect::<Vec<_>>().join("\n") + "\n"
    }
}

/// What does not hold, and how far it did.
#[must_use]
pub(crate) fn explain(language: Language, proof: &Proof) -> String {
    let found = match &proof.mismatch {
        None => String::new(),
        Some(Mismatch::Foreign) => say!(language, "proof-foreign"),
        Some(Mismatch::Damaged { .. }) => say!(language, "proof-damaged"),
        Some(Mismatch::OtherServer) => say!(language, "proof-other-server"),
        Some(Mismatch::Twice { device }) => say!(language, "proof-twice", device = device.to_string()),
        Some(Mismatch::Forged { device }) => say!(language, "proof-forged", device = device.to_string()),
        Some(Mismatch::AnotherPerson { device }) => {
            say!(language, "proof-another-person", device = device.to_string())
        }
        Some(Mismatch::Gap { scope, expected, found }) => {
            let scope = scope.to_string();
            say!(language, "proof-gap", scope = scope, expected = *expected, found = *found)
        }
        Some(Mismatch::Chain { scope, seq }) => {
            say!(language, "proof-chain", scope = scope.to_string(), seq = *seq)
        }
        Some(Mismatch::Content { scope, seq }) => {
            say!(language, "proof-content", scope = scope.to_string(), seq = *seq)
        }
        Some(Mismatch::Unsigned { scope, seq }) => {
            say!(language, "proof-unsigned", scope = scope.to_string(), seq = *seq)
        }
        Some(Mismatch::Trail { seq }) => say!(language, "proof-trail", seq = *seq),
        Some(Mismatch::Withheld { scope, seq }) => {
            say!(language, "proof-withheld", scope = scope.to_string(), seq = *seq)
        }
        Some(Mismatch::Head { scope, seq }) => {
            say!(language, "proof-head", scope = scope.to_string(), seq = *seq)
        }
        Some(Mismatch::Whole) => say!(language, "proof-whole"),
    };
    say!(language, "proof-fails", found = found, entries = proof.entries)
}
