//! A way back for a forgotten PIN, without a network: one-time codes that a person at the desk reads out.
//!
//! The server derives a secret for each number of each device ([`code`]) and keeps none of them. A device that keeps
//! an encrypted store fetches a few, seals its store's key under each, and forgets them. A locked device shows the
//! number it is at ([`Challenge`]), the desk answers with that number's code ([`RecoveryCode`]); used or not, a number
//! that was shown never serves again, no code serves another device, and no number follows from another.

use crate::enrol::{ALPHABET, letters, plain};
use crate::frame::{pack, unpack};
use crate::keys::{PublicKey, SecretKey};
use crate::mailbag::{open_sealed, seal_to};
use hkdf::Hkdf;
use sanben_domain::id::DeviceId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Codes are fetched by `POST` at this path; the body is a [`RecoveryRequest`], the answer sealed [`RecoveryCodes`].
pub const RECOVERY_PATH: &str = "/v1/recovery";
/// No more codes are given at once.
pub const MAX_CODES: usize = 16;
/// Numbers are below this. A device draws them at random: who has seen one knows none of the others, and gets no code
/// for a number that a device will show some day.
pub const NUMBERS: u32 = 1 << (5 * NUMBER);

const MAGIC: &[u8] = b"SANBEN RECOVERY 1\n";
/// An answer is a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// Letters of a code that are its secret: 90 random bits.
const SECRET: usize = 18;
/// Letters of a device's id in a challenge: 40 bits tell the devices of an office apart.
const DEVICE: usize = 8;
/// Letters of a number: 30 bits.
const NUMBER: usize = 6;
/// Letters that notice a slip of the tongue or the finger: 1 of 1,024 goes unnoticed.
const CHECK: usize = 2;

/// What a device asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryRequest {
    /// Numbers that it drew, at most [`MAX_CODES`].
    pub numbers: Vec<u32>,
}

/// What the server answers, sealed to the device's key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// The numbers.
    pub numbers: Vec<u32>,
    /// The code of each.
    pub codes: Vec<RecoveryCode>,
}

/// What a person reads out and types: 18 secret letters and two that check them, `ABCDE-FGHJK-MNPQR-STVWX`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct RecoveryCode(String);

/// What a locked device shows: which device it is and at which number, `ABCD-EFGH-JKMN-PQRS`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The beginning of the device's id.
    device: String,
    /// The number.
    pub number: u32,
}

/// The text is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not such a code, or mistyped: its last letters do not fit the others")]
pub struct Mistyped;

/// The code of one number of one device, which only the server can make.
#[must_use]
pub fn code(server: &SecretKey, device: DeviceId, number: u32) -> RecoveryCode {
    let mut bytes = Zeroizing::new([0; SECRET]);
    let seed = server.seed();
    let info: [&[u8]; 3] = [b"sanben recovery 1 ", device.0.as_bytes(), &number.to_be_bytes()];
    // HKDF refuses only more than 8,160 bytes.
    let _ = Hkdf::<Sha256>::new(None, seed.as_slice()).expand_multi_info(&info, bytes.as_mut_slice());
    RecoveryCode(letters(bytes.as_slice()))
}

impl RecoveryCodes {
    /// Those that a device asks for, sealed to its key; `None` when that is none. `random` is used for this answer and
    /// for nothing else.
    #[must_use]
    pub fn seal(
        request: &RecoveryRequest,
        server: &SecretKey,
        device: (DeviceId, &PublicKey),
        random: [u8; 32],
    ) -> Option<Vec<u8>> {
        let drawn = request.numbers.iter().copied().filter(|number| *number < NUMBERS);
        let numbers: Vec<u32> = drawn.take(MAX_CODES).collect();
        let codes = numbers.iter().map(|number| code(server, device.0, *number)).collect();
        Self { numbers, codes }.seal_to(device.1, random)
    }

    /// These, sealed to a device's key; `None` when that is none. `random` as in [`Self::seal`].
    #[must_use]
    pub fn seal_to(&self, device: &PublicKey, random: [u8; 32]) -> Option<Vec<u8>> {
        seal_to(MAGIC, &Zeroizing::new(pack(self)), device, random)
    }

    /// Opens the answer with the device's key; `None` when it is not for it, or not of this form.
    #[must_use]
    pub fn open(bytes: &[u8], device: &SecretKey) -> Option<Self> {
        let plain = Zeroizing::new(open_sealed(MAGIC, bytes, device)?);
        let answer: Self = unpack(&plain, MAX_ANSWER_BYTES).ok()?;
        answer.codes.iter().all(RecoveryCode::is_one).then_some(answer)
    }
}

impl RecoveryCode {
    /// The key that it stands for on a device.
    #[must_use]
    pub fn key(&self, device: DeviceId, number: u32) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let info: [&[u8]; 3] = [b"sanben recovery box 1 ", device.0.as_bytes(), &number.to_be_bytes()];
        // As above.
        let _ = Hkdf::<Sha256>::new(None, self.0.as_bytes()).expand_multi_info(&info, key.as_mut_slice());
        key
    }

    /// Whether it has the form of one.
    #[must_use]
    pub fn is_one(&self) -> bool {
        self.0.len() == SECRET && self.0.bytes().all(|byte| ALPHABET.contains(&byte))
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

impl fmt::Debug for RecoveryCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryCodes").field("numbers", &self.numbers).finish_non_exhaustive()
    }
}

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&grouped(&checked("code", &self.0), 5))
    }
}

impl FromStr for RecoveryCode {
    type Err = Mistyped;

    fn from_str(text: &str) -> Result<Self, Mistyped> {
        Ok(Self(unchecked("code", text, SECRET)?))
    }
}

impl Challenge {
    /// A device at a number.
    #[must_use]
    pub fn new(device: DeviceId, number: u32) -> Self {
        Self { device: beginning(device), number }
    }

    /// Whether this device shows it.
    #[must_use]
    pub fn is_of(&self, device: DeviceId) -> bool {
        self.device == beginning(device)
    }
}

impl fmt::Display for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = (0..NUMBER).rev().map(|place| self.number >> (5 * place));
        let number: Vec<u8> = parts.map(|part| (part & 31).to_le_bytes()[0]).collect();
        f.write_str(&grouped(&checked("challenge", &format!("{}{}", self.device, letters(&number))), 4))
    }
}

impl FromStr for Challenge {
    type Err = Mistyped;

    fn from_str(text: &str) -> Result<Self, Mistyped> {
        let plain = unchecked("challenge", text, DEVICE + NUMBER)?;
        let (device, number) = plain.split_at_checked(DEVICE).ok_or(Mistyped)?;
        let digits = number.bytes().filter_map(|byte| ALPHABET.iter().position(|letter| *letter == byte));
        let number = digits.fold(0, |number, digit| number * 32 + digit);
        Ok(Self { device: device.to_owned(), number: u32::try_from(number).map_err(|_| Mistyped)? })
    }
}

fn beginning(device: DeviceId) -> String {
    letters(&Sha256::digest(device.0.as_bytes())).chars().take(DEVICE).collect()
}

fn check(what: &str, text: &str) -> String {
    let digest =
        Sha256::new().chain_update(b"sanben check 1 ").chain_update(what).chain_update(text).finalize();
    letters(&digest).chars().take(CHECK).collect()
}

fn checked(what: &str, text: &str) -> String {
    format!("{text}{}", check(what, text))
}

fn unchecked(what: &str, text: &str, len: usize) -> Result<String, Mistyped> {
    let plain = Zeroizing::new(plain(text));
    let (text, last) = plain.split_at_checked(len).ok_or(Mistyped)?;
    let letters = plain.bytes().all(|byte| ALPHABET.contains(&byte));
    if letters && last == check(what, text) { Ok(text.to_owned()) } else { Err(Mistyped) }
}

fn grouped(text: &str, by: usize) -> String {
    let parts: Vec<&str> =
        (0..text.len()).step_by(by).filter_map(|i| text.get(i..(i + by).min(text.len()))).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn device(n: u8) -> DeviceId {
        DeviceId::from_random([n; 16])
    }

    #[test]
    fn a_code_is_of_one_server_one_device_and_one_number() {
        let (server, other) = (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]));
        let one = code(&server, device(1), 3);
        assert_eq!(one, code(&server, device(1), 3));
        assert_ne!(one, code(&other, device(1), 3));
        assert_ne!(one, code(&server, device(2), 3));
        assert_ne!(one, code(&server, device(1), 4));
        assert_ne!(one.key(device(1), 3), one.key(device(1), 4));
        assert!(one.is_one() && format!("{one:?}") == "RecoveryCode");
    }

    #[test]
    fn an_answer_opens_for_its_device_alone() {
        let (server, ours, theirs) =
            (SecretKey::from_seed([1; 32]), SecretKey::from_seed([2; 32]), SecretKey::from_seed([3; 32]));
        let ask = RecoveryRequest { numbers: vec![NUMBERS - 1, NUMBERS, 7] };
        let sealed = RecoveryCodes::seal(&ask, &server, (device(1), &ours.public()), [7; 32]).unwrap();
        let answer = RecoveryCodes::open(&sealed, &ours).unwrap();
        assert_eq!((&*answer.numbers, answer.codes.len()), ([NUMBERS - 1, 7].as_slice(), 2), "numbers end");
        assert_eq!(answer.codes[1], code(&server, device(1), 7));
        assert!(RecoveryCodes::open(&sealed, &theirs).is_none());
        let words = answer.codes[0].0.as_bytes();
        assert!(!sealed.windows(words.len()).any(|window| window == words));
    }

    proptest! {
        #[test]
        fn what_is_read_out_is_typed_as_it_was_or_noticed(
            seed: [u8; 32], id: [u8; 16], number in 0..NUMBERS, at in any::<prop::sample::Index>(), to in 0..32usize,
        ) {
            let id = DeviceId::from_random(id);
            let (code, challenge) = (code(&SecretKey::from_seed(seed), id, number), Challenge::new(id, number));
            let (said, shown) = (code.to_string(), challenge.to_string());
            prop_assert_eq!(said.len(), 23);
            prop_assert_eq!(shown.len(), 19);
            let typed = said.to_lowercase().replace('-', " ").replace('0', "o");
            prop_assert_eq!(&typed.parse::<RecoveryCode>().unwrap(), &code);
            let heard: Challenge = shown.to_lowercase().parse().unwrap();
            prop_assert!(heard.is_of(id) && heard.number == number);
            // One wrong letter in 1,024 may fit by chance; in these it must not be taken for the same code.
            let mut wrong: Vec<char> = said.chars().collect();
            let place = at.index(wrong.len());
            if wrong[place] != '-' {
                wrong[place] = char::from(ALPHABET[to]);
                let wrong: String = wrong.into_iter().collect();
                prop_assert!(wrong == said || wrong.parse::<RecoveryCode>().as_ref() != Ok(&code));
            }
        }
    }

    #[test]
    fn nearly_every_slip_is_noticed() {
        let said = code(&SecretKey::from_seed([9; 32]), device(9), 0).to_string();
        let slips = (0..said.len()).flat_map(|place| ALPHABET.iter().map(move |letter| (place, *letter)));
        let texts = slips.filter_map(|(place, letter)| {
            let mut bytes = said.clone().into_bytes();
            let noticed = bytes[place] != b'-' && bytes[place] != letter;
            bytes[place] = letter;
            noticed.then(|| String::from_utf8(bytes).unwrap())
        });
        let (mut all, mut passed) = (0, 0);
        for text in texts {
            all += 1;
            passed += u32::from(text.parse::<RecoveryCode>().is_ok());
        }
        assert!(all > 600 && passed <= 3, "{passed} of {all}");
        assert!("ABCDE".parse::<RecoveryCode>().is_err() && "".parse::<Challenge>().is_err());
    }
}
