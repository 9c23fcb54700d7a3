//! What a thumbnail must be before it is kept.

use crate::call::{Code, Fault};
use sanben_photo::{Mime, THUMBNAIL_SIDE, intake, rendition};
use sanben_sync::photo::MAX_THUMBNAIL_BYTES;

/// A thumbnail as it may be shown to others: a small JPEG, without metadata.
///
/// # Errors
/// [`Code::TooLarge`], [`Code::WrongBytes`] when it is none.
pub(super) fn small(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    if bytes.len() > MAX_THUMBNAIL_BYTES {
        return Err(Code::TooLarge.into());
    }
    let found = intake(bytes).map_err(|_| Code::WrongBytes)?;
    if found.mime != Mime::Jpeg || found.width.max(found.height) > THUMBNAIL_SIDE {
        return Err(Code::WrongBytes.into());
    }
    let mut clean = Vec::with_capacity(bytes.len());
    rendition(bytes, &mut clean).map_err(|_| Code::WrongBytes)?;
    Ok(clean)
}
