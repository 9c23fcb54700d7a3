//! Sixteen bytes of every record, photo and name, and where they turn up.

use sanben_document::ChangeHash;
use sanben_domain::id::{DocumentId, PhotoHash};
use std::collections::{BTreeSet, HashMap};

pub(crate) type Mark = [u8; 16];

/// What a mark is a part of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Secret {
    /// Words, event ids and the hash of a change.
    Words(ChangeHash),
    Hash(ChangeHash),
    /// The id of a record.
    Record(DocumentId),
    /// The picture of a photo.
    Picture(PhotoHash),
    /// What the camera wrote beside the picture.
    Camera(PhotoHash),
    /// A small picture that was sent ahead for one record.
    Ahead(DocumentId),
    /// The name of somebody on the staff list.
    Name(&'static str),
    /// What the desk said about work in review.
    Reason(ChangeHash),
}

/// All marks so far.
pub(crate) struct Secrets {
    known: HashMap<Mark, Secret>,
    /// The first two bytes of any mark: most places are passed over without looking further.
    begins: Vec<bool>,
    drawn: u64,
}

impl Secrets {
    pub(crate) fn new() -> Self {
        Self { known: HashMap::new(), begins: vec![false; 1 << 16], drawn: 0 }
    }

    /// Letters that stand nowhere else.
    pub(crate) fn letters(&mut self) -> String {
        self.drawn += 1;
        format!("{:016x}", self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn keep(&mut self, bytes: &[u8], secret: Secret) {
        let mark = *bytes.first_chunk::<16>().expect("a mark has sixteen bytes");
        self.begins[usize::from(u16::from_be_bytes([mark[0], mark[1]]))] = true;
        self.known.insert(mark, secret);
    }

    /// Every secret of which there are bytes in here.
    pub(crate) fn found_in(&self, bytes: &[u8]) -> BTreeSet<&Secret> {
        let mut found = BTreeSet::new();
        for place in bytes.windows(16) {
            if self.begins[usize::from(u16::from_be_bytes([place[0], place[1]]))] {
                found.extend(self.known.get(place));
            }
        }
        found
    }
}

/// A photo of its own: noise, with letters where a camera writes place and time.
pub(crate) fn photo(seed: u64, camera: &str) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
    let noise = image::RgbImage::from_fn(24, 16, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let [r, g, b, ..] = state.to_be_bytes();
        image::Rgb([r, g, b])
    });
    let mut plain = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut plain, 70);
    image::DynamicImage::from(noise).write_with_encoder(encoder).unwrap();
    let length = u16::try_from(camera.len() + 8).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, b"Exif\0\0", camera.as_bytes(), &plain[2..]].concat()
}

/// Bytes from the midst of the picture itself.
pub(crate) fn picture(jpeg: &[u8]) -> &[u8] {
    &jpeg[jpeg.len() - 40..]
}
