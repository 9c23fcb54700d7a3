//! Photos: taken in by pieces, final only when their hash fits, given only to who may see what cites them.

/// No photo is larger, bytes.
pub const MAX_PHOTO_BYTES: u64 = 40 * 1024 * 1024;
/// No piece of a photo is larger, bytes.
pub const MAX_PIECE_BYTES: usize = 1024 * 1024;
