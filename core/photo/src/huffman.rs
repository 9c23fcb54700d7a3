//! The entropy-coded bits of a JPEG scan. Section and figure numbers are those of ITU-T T.81.
//!
//! Every reading returns `None` at the end of the data or where they make no sense, and every symbol uses up at
//! least one bit, so that no file can keep a reader busy for longer than it is long.

use super::jpeg::marker;

/// A Huffman code (annex C, F.2.2.3).
pub(super) struct Code {
    /// For each first byte of the bits to come: the code's length and symbol, if it is that short.
    short: [Option<(u8, u8)>; 256],
    /// For each length in bits above that: one past the greatest code, left-aligned in 16 bits, and what
    /// to add to a code to get its symbol's index.
    long: [(u32, i32); 17],
    symbols: Vec<u8>,
}

impl Code {
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Self {
        let mut code = Self { short: [None; 256], long: [(0, 0); 17], symbols: symbols.to_vec() };
        let (mut next, mut index) = (0u32, 0i32);
        for ((length, count), long) in (1u8..).zip(counts).zip(code.long.iter_mut().skip(1)) {
            let first = next;
            next += u32::from(*count);
            if length <= 8 {
                let entries = 1usize << (8 - length);
                for (value, symbol) in (first..next).zip(symbols.iter().skip(index.unsigned_abs() as usize)) {
                    let start = value as usize * entries;
                    let entries = code.short.get_mut(start..start + entries).unwrap_or_default();
                    entries.fill(Some((length, *symbol)));
                }
            }
            *long = (next << (16 - length), index - first.cast_signed());
            index += i32::from(*count);
            next <<= 1;
        }
        code
    }
}

/// The bits of a scan: stuffing removed, stopping at a marker.
pub(super) struct Bits<'a> {
    coded: &'a [u8],
    at: usize,
    /// The bits to come, the next one highest.
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(coded: &'a [u8]) -> Self {
        Self { coded, at: 0, held: 0, count: 0 }
    }

    fn fill(&mut self) {
        while self.count <= 56 {
            let byte = match self.coded.get(self.at) {
                Some(0xff) if self.coded.get(self.at + 1) == Some(&0) => {
                    self.at += 1;
                    0xff
                }
                Some(0xff) | None => return,
                Some(byte) => *byte,
            };
            self.at += 1;
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next 16 bits; zeros beyond the end.
    fn peek(&mut self) -> u32 {
        if self.count < 16 {
            self.fill();
        }
        u32::try_from(self.held >> 48).unwrap_or(0)
    }

    fn pass(&mut self, count: u8) -> Option<()> {
        self.count = self.count.checked_sub(count.into())?;
        self.held <<= count;
        Some(())
    }

    /// At most 16 bits as a number.
    pub(super) fn take(&mut self, count: u8) -> Option<u32> {
        let value = self.peek() >> (16 - count);
        self.pass(count)?;
        Some(value)
    }

    pub(super) fn symbol(&mut self, code: &Code) -> Option<u8> {
        let bits = self.peek();
        if let Some((length, symbol)) = code.short.get((bits >> 8) as usize).copied().flatten() {
            self.pass(length)?;
            return Some(symbol);
        }
        let (length, (_, offset)) = (0u8..).zip(&code.long).skip(9).find(|(_, (end, _))| bits < *end)?;
        let value = self.take(length)?;
        let index = usize::try_from(value.cast_signed() + offset).ok()?;
        code.symbols.get(index).copied()
    }

    /// A signed number of `size` bits (EXTEND, figure F.12).
    pub(super) fn difference(&mut self, size: u8) -> Option<i16> {
        if size == 0 {
            return Some(0);
        }
        let value = (size <= 11).then(|| self.take(size))??.cast_signed();
        let positive = value >> (size - 1) != 0;
        i16::try_from(if positive { value } else { value + 1 - (1 << size) }).ok()
    }

    /// Steps over the 63 other coefficients of a block (figure F.13).
    pub(super) fn pass_over_frequencies(&mut self, code: &Code) -> Option<()> {
        let mut frequency = 1;
        while frequency < 64 {
            let symbol = self.symbol(code)?;
            let (zeros, size) = (symbol >> 4, symbol & 15);
            match (zeros, size) {
                (15, 0) => frequency += 16,
                (_, 0) => break, // End of block.
                _ => {
                    frequency += zeros + 1;
                    self.peek();
                    self.pass(size)?;
                }
            }
        }
        Some(())
    }

    /// Moves behind the next restart marker.
    pub(super) fn restart(&mut self) -> Option<()> {
        (self.held, self.count) = (0, 0);
        let rest = self.coded.get(self.at..)?;
        let marker =
            rest.windows(2).position(|pair| matches!(pair, [0xff, next] if marker::is_restart(*next)))?;
        self.at += marker + 2;
        Some(())
    }
}
