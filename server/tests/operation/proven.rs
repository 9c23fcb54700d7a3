//! An exported log in the hands of a third party: what is right is found right, and whatever somebody did to
//! it is found, by name.

use crate::office::*;
use sanben_document::{decode, encode};
use sanben_domain::case::CaseAct;
use sanben_server::{Front, Limits, Mismatch, Proof, check_log};
use sanben_sync::keys::{PublicKey, SecretKey};
use std::sync::OnceLock;

const CHANGES: u64 = 6;

/// A file of a small real log, and the server's key.
fn exported() -> &'static (Vec<u8>, PublicKey) {
    static EXPORTED: OnceLock<(Vec<u8>, PublicKey)> = OnceLock::new();
    EXPORTED.get_or_init(|| {
        let office = Office::park();
        let open = office.open(Front::new(Limits::LOCAL));
        let url = open.plain();
        let (inspector, head) = (office.device(INSPECTOR, &url), office.device(HEAD, &url));
        for words in ["消防通道被占", "墙面小广告"] {
            inspector.report(words);
            inspector.sync(&url).unwrap();
        }
        head.sync(&url).unwrap();
        let case = head.field.cases(&sanben_field::CaseQuery::default()).unwrap().rows[0].id;
        head.field.act(case, CaseAct::Acknowledge { words: String::new() }, &[]).unwrap();
        head.sync(&url).unwrap();
        let mut file = Vec::new();
        let entries = office.server.export_log(&mut file).unwrap();
        assert!(entries > 4);
        (file, office.server.key())
    })
}

fn read(file: &[u8]) -> Proof {
    check_log(&mut &*file, Some(&exported().1)).unwrap()
}

/// The records of the file, as values that can be edited.
fn records(file: &[u8]) -> Vec<ciborium::Value> {
    let mut rest = &file[13..];
    let mut records = Vec::new();
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let (record, tail) = tail.split_at(u32::from_be_bytes(*length).try_into().unwrap());
        records.push(decode(record).unwrap());
        rest = tail;
    }
    records
}

fn written(records: &[ciborium::Value]) -> Vec<u8> {
    let mut file = b"sanben log 1\n".to_vec();
    for record in records {
        let bytes = encode(record);
        file.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        file.extend(bytes);
    }
    file
}

fn kind(record: &ciborium::Value) -> &str {
    record.as_map().unwrap()[0].0.as_text().unwrap()
}

fn at(records: &[ciborium::Value], wanted: &str) -> Vec<usize> {
    (0..records.len()).filter(|at| kind(&records[*at]) == wanted).collect()
}

/// The value behind these names, to be changed.
fn inside<'a>(record: &'a mut ciborium::Value, path: &[&str]) -> &'a mut ciborium::Value {
    path.iter().fold(record, |value, name| {
        let fields = value.as_map_mut().unwrap();
        &mut fields.iter_mut().find(|(key, _)| key.as_text() == Some(name)).unwrap().1
    })
}

/// Entries that hold a change with its bytes.
fn with_changes(records: &[ciborium::Value]) -> Vec<usize> {
    let holds = |at: &usize| format!("{:?}", records[*at]).contains("\"change\"");
    at(records, "entry").into_iter().filter(holds).collect()
}

fn flip(value: &mut ciborium::Value, byte: usize) {
    value.as_bytes_mut().unwrap()[byte] ^= 1;
}

#[test]
fn a_true_log_holds() {
    let (file, key) = exported();
    let proof = read(file);
    assert_eq!(proof.mismatch, None);
    // A first report of a morning begins a round, and notes a visit.
    assert_eq!((proof.devices, proof.changes, proof.manifests), (2, CHANGES, 3));
    assert_eq!(proof.scopes, at(&records(file), "scope").len() as u64);
    assert_eq!(proof.entries, at(&records(file), "entry").len() as u64);
    assert_eq!(written(&records(file)), *file, "the test reads the file right");
    let without = check_log(&mut file.as_slice(), None).unwrap();
    assert_eq!(without, proof);
    let hex: String = key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(proof.server, Some(hex));
    let other = SecretKey::from_seed([7; 32]).public();
    let proof = check_log(&mut file.as_slice(), Some(&other)).unwrap();
    assert_eq!(proof.mismatch, Some(Mismatch::OtherServer));
}

#[test]
fn every_flipped_byte_is_found() {
    let (file, _) = exported();
    // Every byte of every record that is small, and every seventh of the rest.
    let step = file.len().div_ceil(3_000);
    for place in (0..file.len()).filter(|place| place % step == 0 || *place > file.len() - 120) {
        let mut changed = file.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(read(&changed).mismatch.is_some(), "byte {place} of {}", file.len());
    }
}

#[test]
fn every_cut_and_every_addition_is_found() {
    let (file, _) = exported();
    for length in (0..file.len()).step_by(file.len().div_ceil(500)) {
        assert!(read(&file[..length]).mismatch.is_some(), "cut at {length}");
    }
    let longer = [file.as_slice(), b"x"].concat();
    assert_eq!(read(&longer).mismatch, Some(Mismatch::Whole));
    assert_eq!(read(b"PK\x03\x04 something else entirely").mismatch, Some(Mismatch::Foreign));
}

#[test]
fn what_was_done_to_it_is_named() {
    let (file, _) = exported();
    let true_records = records(file);
    let doctored = |doctor: &dyn Fn(&mut Vec<ciborium::Value>)| {
        let mut records = true_records.clone();
        doctor(&mut records);
        read(&written(&records)).mismatch.unwrap_or_else(|| panic!("not found"))
    };
    let (entries, changes) = (at(&true_records, "entry"), with_changes(&true_records));
    let change = changes[0];
    let field = |path: &'static [&'static str], byte: usize| {
        doctored(&|records| flip(inside(&mut records[change], path), byte))
    };
    // Somebody alters what was accepted.
    assert!(matches!(field(&["entry", "entry", "body", "change", "bytes"], 40), Mismatch::Content { .. }));
    assert!(matches!(field(&["entry", "entry", "body", "change", "hash"], 0), Mismatch::Content { .. }));
    assert!(matches!(field(&["entry", "entry", "body", "change", "manifest"], 0), Mismatch::Chain { .. }));
    assert!(matches!(field(&["entry", "link"], 0), Mismatch::Chain { .. }));
    let later = doctored(&|records| {
        *inside(&mut records[change], &["entry", "entry", "received"]) = 1_700_000_000_000_i64.into();
    });
    assert!(matches!(later, Mismatch::Chain { .. }), "{later}");
    // Somebody takes an entry out, or puts two in another order.
    let dropped = doctored(&|records| drop(records.remove(entries[1])));
    let second_of = |found: &Mismatch| matches!(found, Mismatch::Gap { expected, .. } if *expected >= 1);
    assert!(second_of(&dropped) || matches!(dropped, Mismatch::Head { .. }), "{dropped}");
    let pair = entries.windows(2).find(|pair| pair[0] + 1 == pair[1]).unwrap();
    let swapped = doctored(&|records| records.swap(pair[0], pair[1]));
    assert!(second_of(&swapped), "{swapped}");
    // The last entry of a scope, with nothing after it to miss it: the signed head does.
    let end = at(&true_records, "head")[0];
    let shortened = doctored(&|records| drop(records.remove(end - 1)));
    assert!(matches!(shortened, Mismatch::Head { .. }), "{shortened}");
    // Somebody forges who signed it.
    let manifest = at(&true_records, "manifest")[0];
    let forged = |path: &'static [&'static str], byte: usize| {
        doctored(&|records| flip(inside(&mut records[manifest], path), byte))
    };
    assert!(matches!(forged(&["manifest", "signature"], 20), Mismatch::Forged { .. }));
    let words = forged(&["manifest", "bytes"], 90);
    assert!(matches!(words, Mismatch::Forged { .. } | Mismatch::Damaged { .. }), "{words}");
    let unsigned = doctored(&|records| drop(records.remove(manifest)));
    assert!(matches!(unsigned, Mismatch::Unsigned { .. }), "{unsigned}");
    let device = at(&true_records, "device")[0];
    let key = doctored(&|records| flip(inside(&mut records[device], &["device", "key"]), 5));
    assert!(matches!(key, Mismatch::Forged { .. }), "{key}");
    // Or a head, or leaves a whole scope out, or a device's name.
    let head = doctored(&|records| flip(inside(&mut records[end], &["head", "head", "signature"]), 9));
    assert!(matches!(head, Mismatch::Head { .. }), "{head}");
    let scope = at(&true_records, "scope")[1];
    let from = scope;
    let to = at(&true_records, "head")[1];
    let gone = doctored(&|records| drop(records.drain(from..=to)));
    assert!(matches!(gone, Mismatch::Whole | Mismatch::Content { .. } | Mismatch::Unsigned { .. }), "{gone}");
    let renamed =
        doctored(&|records| *inside(&mut records[device], &["device", "person"]) = "U999".to_owned().into());
    assert!(matches!(renamed, Mismatch::AnotherPerson { .. }), "{renamed}");
}

#[test]
fn a_log_that_was_doctored_on_the_server_is_found() {
    // The server's own people, with the key: every hash after the lie is made anew, the signature too.
    let office = Office::park();
    let open = office.open(Front::new(Limits::LOCAL));
    let url = open.plain();
    let inspector = office.device(INSPECTOR, &url);
    inspector.report("井盖松动");
    inspector.sync(&url).unwrap();
    let log = rusqlite::Connection::open(office.dir.path().join("log.db")).unwrap();
    let mut lie: Vec<u8> = log.query_row("SELECT bytes FROM manifest", [], |row| row.get(0)).unwrap();
    let person = lie.windows(INSPECTOR.len()).position(|held| held == INSPECTOR.as_bytes()).unwrap();
    lie[person..person + HEAD.len()].copy_from_slice(HEAD.as_bytes());
    log.execute("UPDATE manifest SET bytes = ?1", [&lie]).unwrap();
    drop(log);
    let mut file = Vec::new();
    office.server.export_log(&mut file).unwrap();
    let proof = check_log(&mut file.as_slice(), Some(&office.server.key())).unwrap();
    assert!(matches!(proof.mismatch, Some(Mismatch::Forged { .. })), "{:?}", proof.mismatch);
}
