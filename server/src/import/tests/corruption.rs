//! Bytes that no office wrote. Whatever they are, an import answers, with rows or with errors.

use super::*;
use crate::import::InWords;

/// A small generator (SplitMix64) of places and bytes.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap() % end
    }
}

/// Bytes that mean something to a parser, beside arbitrary ones.
const SPECIAL: &[u8] = b"\0\t\n\r \",;'-+./0123456789:=[]{}#\\eE\x1a\x7f\x80\xbf\xc3\xe4\xff";

/// Runs an import and reads all it says; returns whether it was refused.
fn answers(files: &Files) -> bool {
    let Err(errors) = files.import() else { return false };
    assert!(!errors.errors.is_empty());
    for error in &errors.errors {
        assert!(files.0.contains_key(&error.file), "{error}");
        assert!(!error.problem.en().is_empty() && !error.problem.zh().is_empty());
        let lines = files.0[&error.file].iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
        assert!(error.row.is_none_or(|row| (1..=lines).contains(&row)), "row {:?} of {lines}", error.row);
    }
    assert_eq!(errors.to_string().lines().count(), errors.zh().lines().count());
    true
}

#[test]
fn a_single_wrong_byte_never_panics() {
    let park = Files::park();
    let mut bytes = Bytes(20_260_320);
    let mut refused = 0;
    for (file, text) in &park.0 {
        for _ in 0..40 {
            let place = bytes.below(text.len());
            let byte = if bytes.below(3) == 0 {
                bytes.below(256)
            } else {
                SPECIAL[bytes.below(SPECIAL.len())].into()
            };
            let mut files = park.clone();
            files.0.get_mut(file).unwrap()[place] = u8::try_from(byte).unwrap();
            refused += usize::from(answers(&files));
        }
    }
    assert!(refused > 40, "most of these bytes break something: {refused}");
}

#[test]
fn a_file_cut_short_never_panics() {
    let park = Files::park();
    let mut bytes = Bytes(7);
    for (file, text) in &park.0 {
        for _ in 0..12 {
            let mut files = park.clone();
            files.0.get_mut(file).unwrap().truncate(bytes.below(text.len()));
            answers(&files);
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in &Files::park().0 {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    std::fs::File::create(dir.path().join("people.csv")).unwrap().set_len((32 << 20) + 1).unwrap();
    std::fs::remove_file(dir.path().join("units.csv")).unwrap();
    std::fs::create_dir(dir.path().join("units.csv")).unwrap();
    let errors = read(dir.path()).unwrap_err().errors;
    let named = |file: &str| errors.iter().filter(|e| e.file == file).map(|e| &e.problem).collect::<Vec<_>>();
    assert_eq!(named("people.csv"), [&Problem::TooLarge { limit_mib: 32 }]);
    assert!(matches!(named("units.csv").as_slice(), [Problem::Unreadable(_)]), "{errors:?}");
    assert_eq!(errors.len(), 2, "nothing else is blamed: {errors:?}");

    std::fs::rename(dir.path().join("units.csv"), dir.path().join("unit.csv")).unwrap();
    assert!(read(&dir.path().join("nowhere")).unwrap_err().to_string().contains("nowhere"));
}
