//! Spot checks by a draw that nobody can predict or bend, and that anybody can check afterwards.
//!
//! 1. **Freeze.** Whoever holds the list writes it down: every item once, in order, as canonical bytes, with
//!    what it is for, the day, how many are to be drawn and who takes part. Its SHA-256 is published
//!    ([`Frame::hash`]).
//! 2. **Commit.** Each party (two or more) thinks of a secret nonce and gives H(nonce ‖ party) for this frame
//!    ([`Commitment::of`]). When all have, H(frame ‖ commitments in the parties' order) is published
//!    ([`Draw::committed`]).
//! 3. **Reveal.** After that each party gives its nonce. Whoever has not revealed when the result is asked
//!    for voids the draw, by name and for good: it cannot be repeated in silence until it suits somebody.
//! 4. **Result.** seed = H(frame ‖ nonces in the parties' order); a counter stream of SHA-256 over the seed
//!    shuffles the frame without bias; the first so many are drawn.
//!
//! As long as one party is honest, nobody knew the seed before all had committed, and nobody could choose it
//! after. A [`Draw`] holds all of it, and [`Draw::verify`] checks that it agrees with itself. **That is all a
//! file can say**: whoever holds the list could think of every party's nonce and try until the result suits
//! them, or take the word void out again. What binds them are the two hashes, published in time where others
//! keep them; a third party compares both.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes32(pub [u8; 32]);

impl fmt::Display for Bytes32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Bytes32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32 bytes: write 64 hexadecimal digits in lower case")]
pub struct NotBytes32;

impl FromStr for Bytes32 {
    type Err = NotBytes32;

    fn from_str(text: &str) -> Result<Self, NotBytes32> {
        let mut bytes = [0; 32];
        // One spelling only: a file in which a digit changed its case is another file.
        if text.len() != 64 || text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(NotBytes32);
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotBytes32)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotBytes32)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Bytes32 {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Bytes32 {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What is drawn from, frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// What the draw is for, as people read it.
    pub title: String,
    /// The day of the draw, as people write it: two draws over one list are two frames.
    pub day: String,
    /// Which draw of that day it is for this list; more than 1 after one that is void.
    pub number: u32,
    /// How many are drawn.
    pub draw: u32,
    /// Who takes part, in the order in which their nonces are joined.
    pub parties: Vec<String>,
    /// Every item once, ascending by its bytes.
    pub items: Vec<String>,
}

/// Why a list cannot be frozen, or a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// With one party alone, that party decides.
    #[error("a draw needs at least two parties, each named once")]
    Parties,
    /// The list is no list.
    #[error("{0:?} is empty, twice in the list or not in its place: list every item once")]
    Item(String),
    /// What is shown would not be what was frozen.
    #[error("{0:?} holds a character that cannot be seen: take it out")]
    Unseen(String),
    /// More than there are.
    #[error("{draw} cannot be drawn from {items}: draw at least one and no more than there are")]
    TooMany {
        /// How many were to be drawn.
        draw: u32,
        /// How many there are.
        items: usize,
    },
    /// Somebody who takes no part.
    #[error("{0} takes no part in this draw: the parties are those of the frozen frame")]
    NoParty(String),
    /// A party does a thing twice.
    #[error("{0} has committed or revealed already: a second one would be a choice")]
    Twice(String),
    /// It is not time to reveal.
    #[error("nobody reveals before all have committed; missing: {}", .0.join(", "))]
    NotCommitted(Vec<String>),
    /// A nonce is not the one committed to.
    #[error("the nonce of {0} is not the one committed to")]
    WrongNonce(String),
    /// The frame's bytes are not those whose hash was published.
    #[error("the frame is not the one that was frozen: its hash differs")]
    WrongFrame,
    /// The commitments are not those whose hash was published.
    #[error("the commitments are not those that were published: their hash differs")]
    WrongCommitted,
    /// Somebody kept their nonce to themselves, and the draw is closed.
    #[error("void: not revealed by {}; hold a new draw and say so", .0.join(", "))]
    Withheld(Vec<String>),
    /// The drawn items are not those that follow.
    #[error("the drawn items are not those that follow from the frame and the nonces")]
    WrongResult,
    /// There is no result in it.
    #[error("nothing was drawn yet: the file holds no result")]
    NoResult,
}

impl Frame {
    /// Freezes what was written down: sorts the items and checks that a draw from them can be held.
    ///
    /// # Errors
    /// [`DrawError::Parties`], [`DrawError::Item`], [`DrawError::Unseen`], [`DrawError::TooMany`].
    pub fn freeze(mut self) -> Result<Self, DrawError> {
        self.items.sort_unstable();
        self.check()?;
        Ok(self)
    }

    fn check(&self) -> Result<(), DrawError> {
        let named: BTreeSet<_> = self.parties.iter().collect();
        if named.len() < 2 || named.len() < self.parties.len() || self.parties.iter().any(String::is_empty) {
            return Err(DrawError::Parties);
        }
        let texts = [&self.title, &self.day].into_iter().chain(&self.parties).chain(&self.items);
        if let Some(text) = texts.into_iter().find(|text| text.chars().any(char::is_control)) {
            return Err(DrawError::Unseen(text.clone()));
        }
        let empty = self.items.iter().find(|item| item.is_empty());
        let misplaced = self.items.windows(2).find(|pair| matches!(pair, [a, b] if a >= b));
        if let Some(item) = empty.or_else(|| misplaced.and_then(|pair| pair.last())) {
            return Err(DrawError::Item(item.clone()));
        }
        let fits = usize::try_from(self.draw).is_ok_and(|draw| (1..=self.items.len()).contains(&draw));
        if !fits {
            return Err(DrawError::TooMany { draw: self.draw, items: self.items.len() });
        }
        Ok(())
    }

    /// The frame as bytes: a name and version, then each text with its length in front, so that no two
    /// frames have the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = b"sanben draw 1\n".to_vec();
        let text = |bytes: &mut Vec<u8>, text: &str| {
            bytes.extend((text.len() as u64).to_be_bytes());
            bytes.extend(text.as_bytes());
        };
        text(&mut bytes, &self.title);
        text(&mut bytes, &self.day);
        bytes.extend(self.number.to_be_bytes());
        bytes.extend(self.draw.to_be_bytes());
        for list in [&self.parties, &self.items] {
            bytes.extend((list.len() as u64).to_be_bytes());
            list.iter().for_each(|item| text(&mut bytes, item));
        }
        bytes
    }

    /// What is published when the list is frozen.
    #[must_use]
    pub fn hash(&self) -> Bytes32 {
        Bytes32(Sha256::digest(self.to_bytes()).into())
    }
}

/// What a party publishes before anybody's nonce is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(pub Bytes32);

impl Commitment {
    /// H(nonce ‖ party), bound to the frame: a commitment cannot be carried into another draw.
    #[must_use]
    pub fn of(frame: Bytes32, nonce: Bytes32, party: &str) -> Self {
        let digest = Sha256::new()
            .chain_update(b"sanben draw commitment 1\n")
            .chain_update(nonce.0)
            .chain_update(frame.0)
            .chain_update(party.as_bytes());
        Self(Bytes32(digest.finalize().into()))
    }
}

/// A whole draw: what was frozen, committed, revealed and drawn. It is the file that a third party checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draw {
    /// What was frozen.
    pub frame: Frame,
    /// Its hash as it was published.
    pub frozen: Bytes32,
    /// By party.
    #[serde(default)]
    pub commitments: BTreeMap<String, Commitment>,
    /// By party.
    #[serde(default)]
    pub nonces: BTreeMap<String, Bytes32>,
    /// Who had not revealed when the draw was closed: it is void, and nobody reveals after that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub void: Vec<String>,
    /// What was drawn, in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Vec<String>>,
}

impl Draw {
    /// A draw of which only the frame is known.
    #[must_use]
    pub fn of(frame: Frame) -> Self {
        let frozen = frame.hash();
        let (commitments, nonces) = (BTreeMap::new(), BTreeMap::new());
        Self { frame, frozen, commitments, nonces, void: Vec::new(), drawn: None }
    }

    /// H(frame ‖ commitments in the parties' order), to be published before anybody reveals; `None` until all
    /// have committed.
    #[must_use]
    pub fn committed(&self) -> Option<Bytes32> {
        let mut digest = Sha256::new();
        digest.update(b"sanben draw commitments 1\n");
        digest.update(self.frame.hash().0);
        for party in &self.frame.parties {
            digest.update(self.commitments.get(party)?.0.0);
        }
        Some(Bytes32(digest.finalize().into()))
    }

    /// Takes in a party's commitment.
    ///
    /// # Errors
    /// [`DrawError::NoParty`], [`DrawError::Twice`], [`DrawError::Withheld`] when the draw is void;
    /// [`DrawError::WrongFrame`] and others when the frame was changed after it was frozen.
    pub fn commit(&mut self, party: &str, commitment: Commitment) -> Result<(), DrawError> {
        self.check_open()?;
        self.check_party(party)?;
        if self.commitments.contains_key(party) {
            return Err(DrawError::Twice(party.to_owned()));
        }
        self.commitments.insert(party.to_owned(), commitment);
        Ok(())
    }

    /// Takes in a party's nonce, once all have committed. The order of the parties' reveals does not matter.
    ///
    /// # Errors
    /// [`DrawError::NotCommitted`], [`DrawError::WrongNonce`]; as [`Self::commit`].
    pub fn reveal(&mut self, party: &str, nonce: Bytes32) -> Result<(), DrawError> {
        self.check_open()?;
        self.check_party(party)?;
        self.check_committed()?;
        if self.nonces.contains_key(party) {
            return Err(DrawError::Twice(party.to_owned()));
        }
        self.check_nonce(party, nonce)?;
        self.nonces.insert(party.to_owned(), nonce);
        Ok(())
    }

    /// Closes the draw: what is drawn stands in it from now on, or who has not revealed, and then it is void
    /// for good.
    ///
    /// # Errors
    /// As [`Self::result`]; after [`DrawError::Withheld`] the draw is another one and is to be kept.
    pub fn close(&mut self) -> Result<(), DrawError> {
        let result = self.result();
        if let Err(DrawError::Withheld(parties)) = &result {
            self.void.clone_from(parties);
        }
        self.drawn = Some(result?);
        Ok(())
    }

    /// What is drawn: the same for everybody who holds the frame and the nonces.
    ///
    /// # Errors
    /// [`DrawError::Withheld`] names who has not revealed, or had not when the draw was closed. As [`Self::reveal`] when
    /// anything does not fit.
    pub fn result(&self) -> Result<Vec<String>, DrawError> {
        self.check_open()?;
        self.check_committed()?;
        let mut named = self.commitments.keys().chain(self.nonces.keys());
        named.try_for_each(|party| self.check_party(party))?;
        for (party, nonce) in &self.nonces {
            self.check_nonce(party, *nonce)?;
        }
        let withheld = self.parties_without(|party| self.nonces.contains_key(party));
        if !withheld.is_empty() {
            return Err(DrawError::Withheld(withheld));
        }
        let mut stream = Stream::new(self.seed());
        let mut items = self.frame.items.clone();
        let draw = usize::try_from(self.frame.draw).unwrap_or(usize::MAX).min(items.len());
        for place in 0..draw {
            let left = (items.len() - place) as u64;
            let chosen = place + usize::try_from(stream.below(left)).unwrap_or_default();
            items.swap(place, chosen);
        }
        items.truncate(draw);
        Ok(items)
    }

    /// Checks everything in it, as a third party would: frame, commitments, nonces, result.
    ///
    /// # Errors
    /// What does not hold; [`DrawError::NoResult`] when nothing was drawn yet.
    pub fn verify(&self) -> Result<&[String], DrawError> {
        let follows = self.result()?;
        match &self.drawn {
            None => Err(DrawError::NoResult),
            Some(drawn) if *drawn == follows => Ok(drawn),
            Some(_) => Err(DrawError::WrongResult),
        }
    }

    /// H(frame ‖ nonces in the parties' order).
    fn seed(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(b"sanben draw seed 1\n");
        digest.update(self.frame.hash().0);
        for nonce in self.frame.parties.iter().filter_map(|party| self.nonces.get(party)) {
            digest.update(nonce.0);
        }
        digest.finalize().into()
    }

    /// The frame is the one that was frozen, and the draw is not void.
    fn check_open(&self) -> Result<(), DrawError> {
        self.frame.check()?;
        if self.frame.hash() != self.frozen {
            return Err(DrawError::WrongFrame);
        }
        if self.void.is_empty() { Ok(()) } else { Err(DrawError::Withheld(self.void.clone())) }
    }

    fn check_party(&self, party: &str) -> Result<(), DrawError> {
        let takes_part = self.frame.parties.iter().any(|known| known == party);
        if takes_part { Ok(()) } else { Err(DrawError::NoParty(party.to_owned())) }
    }

    fn check_committed(&self) -> Result<(), DrawError> {
        let missing = self.parties_without(|party| self.commitments.contains_key(party));
        if missing.is_empty() { Ok(()) } else { Err(DrawError::NotCommitted(missing)) }
    }

    fn check_nonce(&self, party: &str, nonce: Bytes32) -> Result<(), DrawError> {
        let committed = self.commitments.get(party);
        let fits = committed == Some(&Commitment::of(self.frozen, nonce, party));
        if fits { Ok(()) } else { Err(DrawError::WrongNonce(party.to_owned())) }
    }

    fn parties_without(&self, done: impl Fn(&str) -> bool) -> Vec<String> {
        self.frame.parties.iter().filter(|party| !done(party)).cloned().collect()
    }
}

/// Numbers from SHA-256(seed ‖ counter), eight bytes each.
struct Stream {
    seed: [u8; 32],
    counter: u64,
}

impl Stream {
    fn new(seed: [u8; 32]) -> Self {
        Self { seed, counter: 0 }
    }

    fn next(&mut self) -> u64 {
        let digest =
            Sha256::new().chain_update(self.seed).chain_update(self.counter.to_be_bytes()).finalize();
        self.counter += 1;
        digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// A number below `bound`, each equally likely: what lies beyond the last whole multiple is thrown away.
    fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        let beyond = (u64::MAX % bound + 1) % bound;
        loop {
            let number = self.next();
            if number <= u64::MAX - beyond {
                return number % bound;
            }
        }
    }
}

#[cfg(test)]
mod tests;
