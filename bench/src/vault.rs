//! What encryption costs: an encrypted store and a plain one of the same cases, in turns, in one program. The plain one is
//! then SQLCipher's SQLite without a key. Needs `--features encrypted`.

use crate::cases::{Town, fill};
use crate::desk::{COMMAND, Desk, NEW_YEAR, platform};
use crate::measure::{Ratio, Samples, Versus, timed};
use crate::report::{Row, bytes, grouped, time};
use crate::words::Writer;
use crate::{Outcome, Run};
use sanben_domain::case::CaseAct;
use sanben_domain::id::PhotoHash;
use sanben_field::{CaseQuery, ENCRYPTS, Field, Keystore, PinCost, SystemRandom, UnprotectedKeystore, Vault};
use sanben_store::PhotoRow;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

const PIN: &str = "480613";
/// An original as a phone takes it, bytes.
const PHOTO: usize = 3 << 20;

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    if !ENCRYPTS {
        eprintln!("vault: only with --features encrypted");
        return Ok(());
    }
    let scratch = run.scratch.path().join("vault");
    let desk = Desk::open(&scratch.join("server"))?;
    let keystore: Arc<dyn Keystore> =
        Arc::new(UnprotectedKeystore::at(&scratch.join("keystore"), Arc::new(SystemRandom)));
    let (dir, plain_dir) = (scratch.join("encrypted"), scratch.join("plain"));
    let vault = |cost, durable| Vault::with_cost(&dir, platform(durable), Arc::clone(&keystore), cost);
    let cases = run.scale.pushed;
    for field in [vault(PinCost::LEAST, false).create(PIN)?, Field::open(&plain_dir, platform(false))?] {
        desk.let_in(&field, COMMAND[0])?;
        let town = Town::of(&*field.reference()?, None, NEW_YEAR.plus_ms(1));
        fill(field.store(), &town, &mut Writer::new(5), 0..cases, cases, (NEW_YEAR, 300))?;
    }

    let encrypted = vault(PinCost::LEAST, true);
    let plain = || Ok(Field::open(&plain_dir, platform(true))?);
    let mut parts: [(&str, Versus); 5] = [
        "unlock, but for what a PIN is made to cost",
        "first page after it, 50 rows",
        "durable record",
        "original of 3 MiB kept",
        "original of 3 MiB read",
    ]
    .map(|name| (name, Versus::default()));
    for turn in 0..run.scale.runs {
        let mut subject: [Samples; 5] = Default::default();
        let mut baseline: [Samples; 5] = Default::default();
        for round in 0..run.scale.opens {
            let seed = u8::try_from((turn * run.scale.opens + round) % 251)?;
            measure(&mut subject, seed, || Ok(encrypted.unlock(PIN)?))?;
            measure(&mut baseline, seed, plain)?;
        }
        for ((_, versus), pair) in parts.iter_mut().zip(subject.into_iter().zip(baseline)) {
            versus.add(pair.0, pair.1);
        }
    }
    for (name, versus) in &parts {
        run.table.row(&Row {
            name: format!("encrypted: {name}, {} cases", grouped(cases)),
            ratio: Some(versus.ratio()),
            measured: time(versus.subject()),
            baseline: format!("not encrypted: {}", time(versus.baseline())),
            goal: None,
        });
    }
    sizes(run, &dir, &plain_dir)?;
    // A new vault's cost is what a phone has.
    let dear = Vault::at(&scratch.join("dear"), platform(true), keystore);
    drop(dear.create(PIN)?);
    let mut unlock = Samples::default();
    for _ in 0..run.scale.runs {
        let (took, opened) = timed(|| Ok(dear.unlock(PIN)?))?;
        drop(opened);
        unlock.push(took);
    }
    run.table.row(&Row {
        name: "unlocking with a PIN (Argon2id, 32 MiB, 3 passes)".to_owned(),
        ratio: None,
        measured: time(unlock.median()),
        baseline: String::new(),
        goal: None,
    });
    Ok(())
}

/// Opens, lists, records, and keeps and reads a photo.
fn measure(into: &mut [Samples; 5], seed: u8, open: impl FnOnce() -> Outcome<Field>) -> Outcome<()> {
    let [opened, page, record, kept, read] = into;
    let (took, field) = timed(open)?;
    opened.push(took);
    let (took, listed) = timed(|| Ok(field.cases(&CaseQuery::default())?))?;
    page.push(took);
    let case = listed.rows.get(usize::from(seed) % 50).ok_or("no cases")?.id;
    let act = CaseAct::Comment { words: format!("第{seed}次") };
    record.push(timed(|| Ok(field.act(case, act, &[])?))?.0);
    let (row, bytes) = original(seed);
    kept.push(timed(|| Ok(field.store().put_photo(&row, &bytes)?))?.0);
    let (took, back) = timed(|| Ok(field.store().photo_bytes(row.hash, 0, PHOTO)?))?;
    if back != bytes {
        return Err("the photo came back as another one".into());
    }
    read.push(took);
    Ok(())
}

/// Bytes that no picture has, but as many.
fn original(seed: u8) -> (PhotoRow, Vec<u8>) {
    let bytes: Vec<u8> =
        (0..PHOTO).map(|i| (i.to_le_bytes()[0] ^ i.to_le_bytes()[1]).wrapping_add(seed)).collect();
    let row = PhotoRow {
        hash: PhotoHash(Sha256::digest(&bytes).into()),
        mime: "image/jpeg".to_owned(),
        width: 4000,
        height: 3000,
        bytes_len: bytes.len() as u64,
        taken_at: None,
        place: None,
        thumbnail: None,
        receipt: None,
    };
    (row, bytes)
}

fn sizes(run: &mut Run, encrypted: &Path, plain: &Path) -> Outcome<()> {
    let size = |dir: &Path| Ok::<_, std::io::Error>(std::fs::metadata(dir.join("sanben.db"))?.len());
    let (subject, baseline) = (size(encrypted)?, size(plain)?);
    run.table.row(&Row {
        name: "encrypted: the database".to_owned(),
        ratio: Some(Ratio::exact(subject as f64 / baseline as f64)),
        measured: bytes(subject),
        baseline: format!("not encrypted: {}", bytes(baseline)),
        goal: None,
    });
    Ok(())
}
