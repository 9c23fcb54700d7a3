//! The PIN: which ones are taken, and the key that Argon2id makes of one.

use super::boxed::{open, seal};
use crate::platform::Random;
use argon2::{Algorithm, Argon2, Params, Version};
use sanben_store::StoreKey;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use zeroize::Zeroizing;

/// A PIN is at least this long, characters; a phrase is better.
pub const LEAST_PIN: usize = 6;
const LABEL: &[u8] = b"sanben pin 1";

/// What one guess costs (Argon2id, RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinCost {
    /// Memory, KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for PinCost {
    /// Half a second on a phone of 2018, and a tenth of what it may take of its memory.
    fn default() -> Self {
        Self { memory: 32 * 1024, passes: 3 }
    }
}

impl PinCost {
    /// For tests that unlock often: no protection.
    pub const LEAST: Self = Self { memory: 8, passes: 1 };
}

/// Whether a PIN is worth guessing: long enough, and neither one digit over and over nor digits in a row.
#[must_use]
pub fn is_weak(pin: &str) -> bool {
    let letters: Vec<char> = pin.chars().collect();
    let steps = |step: i64| {
        letters.windows(2).all(|pair| match pair {
            [a, b] => i64::from(u32::from(*b)) - i64::from(u32::from(*a)) == step,
            _ => true,
        })
    };
    letters.len() < LEAST_PIN || steps(0) || steps(1) || steps(-1)
}

/// A store's key under a PIN. It lies on the disk only inside what the keystore sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct PinBox {
    salt: ByteBuf,
    cost: PinCost,
    sealed: ByteBuf,
}

impl PinBox {
    /// Seals a key under a PIN; `None` for a cost that cannot be.
    pub(super) fn seal(key: &StoreKey, pin: &str, cost: PinCost, random: &dyn Random) -> Option<Self> {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let sealed = seal(&*stretched(pin, &salt, cost)?, LABEL, key.bytes(), random)?;
        Some(Self { salt: ByteBuf::from(salt), cost, sealed: ByteBuf::from(sealed) })
    }

    /// The key; `None` for another PIN.
    pub(super) fn open(&self, pin: &str) -> Option<StoreKey> {
        let plain = open(&*stretched(pin, &self.salt, self.cost)?, LABEL, &self.sealed)?;
        Some(StoreKey::new(plain.as_slice().try_into().ok()?))
    }
}

fn stretched(pin: &str, salt: &[u8], cost: PinCost) -> Option<Zeroizing<[u8; 32]>> {
    let params = Params::new(cost.memory, cost.passes, 1, Some(32)).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(pin.as_bytes(), salt, key.as_mut_slice())
        .ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::SystemRandom;

    #[test]
    fn a_key_comes_out_with_its_pin_alone() {
        let key = StoreKey::new([5; 32]);
        let boxed = PinBox::seal(&key, "四号门782", PinCost::LEAST, &SystemRandom).unwrap();
        assert!(boxed.open("四号门782") == Some(key.clone()));
        assert!(boxed.open("四号门783").is_none() && boxed.open("").is_none());
        let again = PinBox::seal(&key, "四号门782", PinCost::LEAST, &SystemRandom).unwrap();
        assert_ne!(boxed.sealed, again.sealed);
    }

    #[test]
    fn weak_ones_are_not_taken() {
        for weak in ["", "1", "12345", "111111", "123456", "987654321", "人人人人人人"] {
            assert!(is_weak(weak), "{weak}");
        }
        for good in ["582093", "112233", "今天晴西门口"] {
            assert!(!is_weak(good), "{good}");
        }
    }
}
