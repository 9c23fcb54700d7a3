//! How often a PIN may be tried: a wait that grows with each wrong one, kept on the disk.
//!
//! The wait is counted by the monotonic clock alone, while the program runs: setting the wall clock forward or back
//! changes nothing, and ending the program only keeps the wait from getting shorter. A try is counted before it is
//! made, so that pulling the battery does not undo it. Nothing is ever wiped.
//!
//! The file is written in place, two slots in turn with a checksum each: it needs no room on a full disk, and a torn
//! write leaves the slot before.

use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// This many wrong ones cost nothing: fingers slip.
const FREE: u32 = 4;
/// The wait after the first that costs something, ms; it doubles with each further one.
const FIRST_MS: i64 = 30_000;
/// It grows no longer than this, ms: 96 tries a day leave 28 years for six digits.
const MOST_MS: i64 = 15 * 60_000;
/// A shorter wait is noted when it fell by this much, ms.
const NOTED_MS: i64 = 10_000;

const SLOT: usize = 32;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Kept {
    /// Counts the writes: the later slot holds.
    write: u64,
    /// Wrong ones since the last right one.
    wrong: u32,
    /// What was left of the wait, ms.
    wait_ms: i64,
}

/// The tries at one vault.
#[derive(Debug)]
pub(super) struct Attempts {
    path: PathBuf,
    kept: Kept,
    /// The monotonic clock when the wait was as long as kept, ms.
    since: i64,
}

impl Attempts {
    /// As they stand; a wait begins anew at what was left of it.
    pub(super) fn open(path: PathBuf, monotonic_ms: i64) -> io::Result<Self> {
        // Whoever took the file away gets no free tries for it: not even the first one, or it would be taken away again.
        let lost = Kept { write: 0, wrong: FREE, wait_ms: MOST_MS };
        let kept = if path.exists() { read(&path)?.unwrap_or(lost) } else { lost };
        Ok(Self { path, kept, since: monotonic_ms })
    }

    /// None yet.
    pub(super) fn begin(path: PathBuf, monotonic_ms: i64) -> io::Result<Self> {
        File::create(&path)?.write_all(&[0; 2 * SLOT])?;
        let mut attempts = Self { path, kept: Kept::default(), since: monotonic_ms };
        attempts.right(monotonic_ms)?;
        Ok(attempts)
    }

    /// How long nothing is tried, ms. Noted from time to time, so that a wait that was nearly over stays so.
    pub(super) fn wait_ms(&mut self, monotonic_ms: i64) -> i64 {
        let left = self.left(monotonic_ms);
        if self.kept.wait_ms - left >= NOTED_MS {
            // Where that fails, the wait is only longer after the next start.
            let _ = self.note(self.kept.wrong, left, monotonic_ms);
        }
        left
    }

    /// A try is about to be made; counted as wrong until [`Attempts::right`]. Where it cannot be counted, it must not be
    /// made.
    pub(super) fn trying(&mut self, monotonic_ms: i64) -> io::Result<()> {
        let wrong = self.kept.wrong.saturating_add(1);
        self.note(wrong, wait_after(wrong), monotonic_ms)
    }

    /// It was the right one.
    pub(super) fn right(&mut self, monotonic_ms: i64) -> io::Result<()> {
        self.note(0, 0, monotonic_ms)
    }

    fn left(&self, monotonic_ms: i64) -> i64 {
        let waited = monotonic_ms.saturating_sub(self.since).max(0);
        self.kept.wait_ms.saturating_sub(waited).max(0)
    }

    fn note(&mut self, wrong: u32, wait_ms: i64, monotonic_ms: i64) -> io::Result<()> {
        let kept = Kept { write: self.kept.write + 1, wrong, wait_ms };
        write(&self.path, kept)?;
        (self.kept, self.since) = (kept, monotonic_ms);
        Ok(())
    }
}

fn wait_after(wrong: u32) -> i64 {
    match wrong.checked_sub(FREE + 1) {
        None => 0,
        Some(doublings) => FIRST_MS.checked_shl(doublings.min(20)).unwrap_or(MOST_MS).min(MOST_MS),
    }
}

fn slot(kept: Kept) -> [u8; SLOT] {
    let mut bytes = Vec::with_capacity(SLOT);
    bytes.extend_from_slice(&kept.write.to_be_bytes());
    bytes.extend_from_slice(&kept.wrong.to_be_bytes());
    bytes.extend_from_slice(&kept.wait_ms.to_be_bytes());
    let sum = Sha256::new().chain_update(b"sanben attempts 1").chain_update(&bytes).finalize();
    bytes.extend(sum);
    let mut slot = [0; SLOT];
    slot.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    slot
}

fn of_slot(bytes: &[u8]) -> Option<Kept> {
    let (write, rest) = bytes.split_first_chunk()?;
    let (wrong, rest) = rest.split_first_chunk()?;
    let (wait_ms, _) = rest.split_first_chunk()?;
    let kept = Kept {
        write: u64::from_be_bytes(*write),
        wrong: u32::from_be_bytes(*wrong),
        wait_ms: i64::from_be_bytes(*wait_ms),
    };
    (slot(kept) == bytes).then_some(kept)
}

fn read(path: &Path) -> io::Result<Option<Kept>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(2 * SLOT as u64).read_to_end(&mut bytes)?;
    Ok(bytes.chunks(SLOT).filter_map(of_slot).max_by_key(|kept| kept.write))
}

fn write(path: &Path, kept: Kept) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    file.seek(SeekFrom::Start(SLOT as u64 * (kept.write % 2)))?;
    file.write_all(&slot(kept))?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(dir: &tempfile::TempDir) -> PathBuf {
        dir.path().join("attempts")
    }

    /// Tries until something has to be waited for.
    fn used_up(attempts: &mut Attempts, now: i64) {
        for _ in 0..=FREE {
            assert_eq!(attempts.wait_ms(now), 0);
            attempts.trying(now).unwrap();
        }
    }

    #[test]
    fn the_wait_grows_survives_a_restart_and_ends() {
        let dir = tempfile::tempdir().unwrap();
        let mut attempts = Attempts::begin(path(&dir), 500).unwrap();
        used_up(&mut attempts, 1000);
        assert_eq!(attempts.wait_ms(1000), FIRST_MS);
        assert_eq!(attempts.wait_ms(1000 + 12_000), 18_000);
        // Another start, another beginning of the monotonic clock: what was left is left.
        let mut attempts = Attempts::open(path(&dir), 7).unwrap();
        assert_eq!(attempts.wait_ms(7), 18_000);
        assert_eq!(attempts.wait_ms(-50_000), 18_000, "a clock that goes back gives nothing");
        assert_eq!(attempts.wait_ms(7 + 18_000), 0);
        attempts.trying(20_000).unwrap();
        assert_eq!(attempts.wait_ms(20_000), 2 * FIRST_MS);
        for _ in 0..100 {
            attempts.trying(20_000).unwrap();
        }
        assert_eq!(attempts.wait_ms(20_000), MOST_MS);
        attempts.right(20_000).unwrap();
        assert_eq!(Attempts::open(path(&dir), 0).unwrap().wait_ms(0), 0);
    }

    #[test]
    fn a_torn_write_leaves_what_was_before_and_a_file_taken_away_gives_no_free_tries() {
        let dir = tempfile::tempdir().unwrap();
        let mut attempts = Attempts::begin(path(&dir), 0).unwrap();
        used_up(&mut attempts, 0);
        let before = attempts.kept;
        attempts.trying(0).unwrap();
        let mut bytes = std::fs::read(path(&dir)).unwrap();
        let torn = SLOT * usize::try_from(attempts.kept.write % 2).unwrap();
        bytes[torn + 5..torn + SLOT].fill(0);
        std::fs::write(path(&dir), &bytes).unwrap();
        assert_eq!(Attempts::open(path(&dir), 0).unwrap().kept, before);
        std::fs::remove_file(path(&dir)).unwrap();
        assert_eq!(Attempts::open(path(&dir), 0).unwrap().wait_ms(0), MOST_MS);
    }
}
