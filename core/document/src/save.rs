//! What a save may be before the library reads it: one document, nothing deflated, and no more in it than the changes
//! that a judge admits. The library inflates columns without a limit, and a run of its run-length form that takes four
//! bytes can stand for as many rows as fit into 63 bits.

use crate::admit::{MAX_CHANGE_BYTES, MAX_EVENTS, MAX_OPS};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const DOCUMENT: u8 = 0;
/// Each change of a document brings an event, so that no admitted document has more operations.
const MAX_ROWS: u64 = (MAX_EVENTS * MAX_OPS) as u64;
/// Nor more bytes in all its changes together.
const MAX_TEXT: u64 = (MAX_EVENTS * MAX_CHANGE_BYTES) as u64;

/// Whether bytes are one document chunk that the library can be given.
pub(crate) fn is_plain(bytes: &[u8]) -> bool {
    Reader(bytes).document().is_some()
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn document(mut self) -> Option<()> {
        let header = self.take(9)?;
        if header.get(..4) != Some(&MAGIC) || header.get(8) != Some(&DOCUMENT) {
            return None;
        }
        if self.number()? != self.0.len() as u64 {
            // Something follows: the library would read that, too.
            return None;
        }
        for _ in 0..self.number()? {
            let actor = self.number()?;
            self.take(actor)?;
        }
        let heads = self.number()?;
        self.take(heads.checked_mul(32)?)?;
        let mut columns = self.columns()?;
        columns.extend(self.columns()?);
        for (spec, length) in columns {
            Reader(self.take(length)?).column(spec)?;
        }
        // What is left says which changes the heads are.
        Some(())
    }

    /// What columns there are, and how many bytes each takes.
    fn columns(&mut self) -> Option<Vec<(u64, u64)>> {
        let mut columns = Vec::new();
        for _ in 0..self.number()? {
            columns.push((self.number()?, self.number()?));
        }
        Some(columns)
    }

    fn column(self, spec: u64) -> Option<()> {
        const DEFLATED: u64 = 8;
        const BOOLEAN: u64 = 4;
        const STRING: u64 = 5;
        const RAW: u64 = 7;
        if spec & DEFLATED != 0 {
            return None;
        }
        match spec & 7 {
            BOOLEAN => self.booleans(),
            STRING => self.runs(true),
            RAW => Some(()),
            _ => self.runs(false),
        }
    }

    /// Lengths of runs, of either truth in turn.
    fn booleans(mut self) -> Option<()> {
        let mut rows: u64 = 0;
        while !self.0.is_empty() {
            rows = rows.checked_add(self.number()?).filter(|rows| *rows <= MAX_ROWS)?;
        }
        Some(())
    }

    /// Runs: so many times the next value, so many values (a negative length), or so many times nothing (after a 0).
    fn runs(mut self, texts: bool) -> Option<()> {
        let (mut rows, mut text): (u64, u64) = (0, 0);
        while !self.0.is_empty() {
            let length = self.signed()?;
            let (times, values) = match length {
                0 => (self.number()?, 0),
                1.. => (length.unsigned_abs(), 1),
                _ => (1, length.unsigned_abs()),
            };
            rows = rows.checked_add(times.checked_mul(values.max(1))?).filter(|rows| *rows <= MAX_ROWS)?;
            for _ in 0..values {
                let value = self.number()?;
                if texts {
                    self.take(value)?;
                    text = text.checked_add(times.checked_mul(value)?).filter(|text| *text <= MAX_TEXT)?;
                }
            }
        }
        Some(())
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next seven bits of a number, and whether more follow.
    fn bits(&mut self, shift: &mut u32) -> Option<(u64, bool)> {
        let byte = *self.take(1)?.first()?;
        let bits = u64::from(byte & 0x7f).checked_shl(*shift)?;
        *shift += 7;
        Some((bits, byte & 0x80 != 0))
    }

    /// LEB128; of a signed number the bits.
    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (bits, more) = self.bits(&mut shift)?;
            number |= bits;
            if !more {
                return Some(number);
            }
        }
    }

    fn signed(&mut self) -> Option<i64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (bits, more) = self.bits(&mut shift)?;
            number |= bits;
            if !more {
                let unused = 64_u32.saturating_sub(shift);
                return Some((number << unused).cast_signed() >> unused);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(mut number: u64, out: &mut Vec<u8>) {
        while number > 0x7f {
            out.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        out.push(u8::try_from(number).unwrap());
    }

    /// A positive length of a run: its sign bit has to be clear.
    fn run(length: u64, out: &mut Vec<u8>) {
        number(length, out);
        if out.last().is_some_and(|last| last & 0x40 != 0) {
            *out.last_mut().unwrap() |= 0x80;
            out.push(0);
        }
    }

    /// A save with one column of operations.
    fn with(spec: u8, column: &[u8]) -> Vec<u8> {
        let mut body = vec![0, 0, 0, 1, spec];
        number(column.len() as u64, &mut body);
        body.extend(column);
        let mut save = [&MAGIC[..], &[0; 4], &[DOCUMENT]].concat();
        number(body.len() as u64, &mut save);
        save.extend(body);
        save
    }

    #[test]
    fn runs_are_counted_before_anybody_unrolls_them() {
        const ACTION: u8 = 0x42;
        const KEY: u8 = 0x15;
        const INSERT: u8 = 0x34;
        let long = |length: u64, value: &[u8]| {
            let mut column = Vec::new();
            run(length, &mut column);
            column.extend(value);
            column
        };
        assert!(is_plain(&with(ACTION, &long(MAX_ROWS, &[1]))));
        assert!(!is_plain(&with(ACTION, &long(MAX_ROWS + 1, &[1]))));
        assert!(!is_plain(&with(ACTION, &long(1 << 62, &[1]))));
        // Two runs that are too long together, nothing so many times, truths.
        assert!(!is_plain(&with(ACTION, &[long(MAX_ROWS, &[1]), long(1, &[2])].concat())));
        let mut nothing = vec![0];
        number(MAX_ROWS + 1, &mut nothing);
        assert!(!is_plain(&with(ACTION, &nothing)));
        let mut truths = Vec::new();
        number(u64::MAX, &mut truths);
        assert!(!is_plain(&with(INSERT, &truths)));
        // Few rows of long words.
        let word = [&[0x80, 0x80, 0x04][..], &[b'a'; 0x1_0000]].concat();
        let most = MAX_TEXT / 0x1_0000;
        assert!(is_plain(&with(KEY, &long(most, &word))));
        assert!(!is_plain(&with(KEY, &long(most + 1, &word))));
        assert!(!is_plain(&with(ACTION | 8, &[])), "deflated");
        let mut twice = with(ACTION, &[]);
        assert!(is_plain(&twice));
        twice.extend(with(ACTION, &[]));
        assert!(!is_plain(&twice), "the library would read what follows, too");
    }
}
