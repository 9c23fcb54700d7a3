//! The file of a backup: a POSIX tar (ustar), so that any system can look inside. Only plain files with the
//! names that we write are ever read back: a path that leads elsewhere is refused, not followed.

use std::io::{self, ErrorKind, Read, Write};

const BLOCK: usize = 512;
/// Where the fields of a header are.
const NAME: std::ops::Range<usize> = 0..100;
const SIZE: std::ops::Range<usize> = 124..136;
const SUM: std::ops::Range<usize> = 148..156;
const KIND: usize = 156;

/// Writes a file of this size into the archive.
pub(super) fn write(out: &mut dyn Write, name: &str, size: u64, content: &mut dyn Read) -> io::Result<()> {
    out.write_all(&header(name, size)?)?;
    if io::copy(&mut content.take(size), out)? != size {
        return Err(io::Error::new(ErrorKind::UnexpectedEof, "a file became shorter while it was copied"));
    }
    out.write_all(&vec![0; padding(size)])
}

/// Ends the archive.
pub(super) fn end(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&[0; 2 * BLOCK])
}

/// The next file's name and size; its content has to be read before the next, with [`skip`] after it.
/// Nothing at the end.
pub(super) fn next(from: &mut dyn Read) -> io::Result<Option<(String, u64)>> {
    let mut block = [0; BLOCK];
    from.read_exact(&mut block)?;
    if block == [0; BLOCK] {
        return Ok(None);
    }
    let bad = || io::Error::new(ErrorKind::InvalidData, "a header of the archive is damaged");
    let field = |range: std::ops::Range<usize>| block.get(range).unwrap_or_default();
    let plain = block.get(KIND).is_some_and(|kind| matches!(kind, b'0' | 0));
    if octal(field(SUM)) != Some(sum(&block)) || !plain {
        return Err(bad());
    }
    let name = field(NAME).split(|byte| *byte == 0).next().unwrap_or_default();
    let name = std::str::from_utf8(name).map_err(|_| bad())?;
    let size = number(field(SIZE)).ok_or_else(bad)?;
    Ok(Some((name.to_owned(), size)))
}

/// Goes on to the next header after a content of this size.
pub(super) fn skip(from: &mut dyn Read, size: u64) -> io::Result<()> {
    let padding = padding(size) as u64;
    io::copy(&mut from.take(padding), &mut io::sink()).map(drop)
}

fn padding(size: u64) -> usize {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    (BLOCK - over) % BLOCK
}

fn header(name: &str, size: u64) -> io::Result<[u8; BLOCK]> {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| {
        if let Some(place) = block.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    };
    if name.len() >= NAME.len() {
        return Err(io::Error::new(ErrorKind::InvalidInput, "a name is too long for the archive"));
    }
    put(NAME.start, name.as_bytes());
    // Mode, user, group, size, time: for their owner alone, and the same bytes for the same content.
    put(100, b"0000600\x000000000\x000000000\x00");
    if size < 1 << 33 {
        put(SIZE.start, format!("{size:011o}\0").as_bytes());
    } else {
        // As GNU has it: too large for the digits, so in binary with the first bit set.
        put(SIZE.start, &[0x80, 0, 0, 0]);
        put(SIZE.start + 4, &size.to_be_bytes());
    }
    put(136, b"00000000000\x00");
    put(KIND, b"0");
    put(257, b"ustar\x0000");
    let sum = sum(&block);
    let sum = format!("{sum:06o}\0 ");
    if let Some(place) = block.get_mut(SUM) {
        place.copy_from_slice(sum.as_bytes());
    }
    Ok(block)
}

/// The sum of a header's bytes, its own field taken as blanks.
fn sum(block: &[u8; BLOCK]) -> u64 {
    let byte = |(at, byte): (usize, &u8)| u64::from(if SUM.contains(&at) { b' ' } else { *byte });
    block.iter().enumerate().map(byte).sum()
}

fn number(field: &[u8]) -> Option<u64> {
    match field {
        [0x80, 0, 0, 0, rest @ ..] => Some(u64::from_be_bytes(rest.try_into().ok()?)),
        digits => octal(digits),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?;
    u64::from_str_radix(text.trim_matches([' ', '\0']), 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let files: [(&str, Vec<u8>); 4] = [
            ("empty", Vec::new()),
            ("one", vec![7]),
            ("photos/block", vec![1; BLOCK]),
            ("more", (0..=255).cycle().take(1300).collect()),
        ];
        let mut tar = Vec::new();
        for (name, content) in &files {
            write(&mut tar, name, content.len() as u64, &mut content.as_slice()).unwrap();
        }
        end(&mut tar).unwrap();
        let mut from = tar.as_slice();
        for (name, content) in &files {
            let (found, size) = next(&mut from).unwrap().unwrap();
            let mut read = Vec::new();
            (&mut from).take(size).read_to_end(&mut read).unwrap();
            skip(&mut from, size).unwrap();
            assert_eq!((found.as_str(), &read), (*name, content));
        }
        assert_eq!(next(&mut from).unwrap(), None);
    }

    #[test]
    fn the_systems_tar_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.tar");
        let mut tar = Vec::new();
        write(&mut tar, "photos/one", 5, &mut b"hello".as_slice()).unwrap();
        end(&mut tar).unwrap();
        std::fs::write(&file, tar).unwrap();
        let done = std::process::Command::new("tar").arg("-xOf").arg(&file).arg("photos/one").output();
        assert_eq!(done.unwrap().stdout, b"hello");
    }

    #[test]
    fn sizes_beyond_eight_gibibytes_have_a_place() {
        for size in [0, 511, (1 << 33) - 1, 1 << 33, 5 << 40] {
            let block = header("large", size).unwrap();
            assert_eq!(next(&mut block.as_slice()).unwrap(), Some(("large".to_owned(), size)));
        }
    }
}
