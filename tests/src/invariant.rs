//! What must hold, and the end of a run in which it does not.

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// What a device was told is in the log is there.
    Acknowledged,
    /// What a person recorded is in the outbox, in the log, under "needs attention" or among what they gave
    /// up themselves; always.
    Recorded,
    /// Nobody holds or is sent what is outside their scopes, and everybody holds what is inside.
    Scope,
    /// Replicas that hold the same document have the same heads, bytes and records, in lists too, and so has
    /// the log.
    SameTruth,
    /// What was erased is nowhere: not in the log's files, on no device that has read so.
    Erased,
    /// A document that is closed and loaded again is the one it was.
    Reload,
    /// Equal cuts make equal sheets, byte for byte.
    SheetBytes,
    /// Sheets add up as a model written another way says.
    SheetModel,
    /// Everybody holds the reference data that was published.
    Reference,
    /// A receipt means that the server has the photo; a cited photo arrives; no original goes before.
    Photos,
    /// Work is refused only for a reason that the run knows of.
    Fair,
    /// When the line is good, everything is delivered and fetched.
    Converges,
    /// Errors have a cause that the run knows of.
    Told,
    /// A device that was restored knows it.
    Restored,
    /// Stores and server open after whatever happened.
    Opens,
    /// The log is whole: numbers, chains, hashes, signatures.
    Audit,
    /// After a sync the device knows what time it is.
    Clock,
    /// Queues, messages, round trips and disks stay within their bounds.
    Bounds,
    /// The same seed is the same story.
    Repeats,
}

/// Ends the run: this does not hold.
///
/// # Panics
/// Always, with the invariant's name in brackets.
pub fn broken(invariant: Invariant, how: &str) -> ! {
    panic!("[{invariant:?}] {how}")
}
