//! Ingest: what the server takes in per second, against bare INSERTs of the same rows in transactions of the
//! same size. The device's own time is not counted.

use crate::desk::{COMMAND, Desk, Wire, sync};
use crate::measure::{Samples, Versus, timed};
use crate::report::{Row, grouped, time};
use crate::sync::record;
use crate::{Outcome, Run};
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use sanben_document::ChangeHeader;
use sanben_domain::id::{DeviceId, Epoch};
use sanben_domain::rights::Scope;
use sanben_domain::time::Timestamp;
use sanben_field::SyncReport;
use sanben_server::log::{Life, Log, NewChange, Sqlite};
use sanben_sync::frame::unpack;
use sanben_sync::manifest::Batch;
use sanben_sync::wire::{MAX_MESSAGE_BYTES, SyncRequest};
use std::path::Path;
use std::time::Duration;

/// Judged and appended, changes per second on one core.
pub(crate) const RATE: f64 = 4_000.0;
/// Appending alone, over bare INSERTs: time.
const APPEND: f64 = 1.0 / 0.95;

/// The tables that a change is written to, with their keys and indexes as the server has them.
const TABLES: [&str; 4] = ["manifest", "change", "entry", "shared"];

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let (mut judged, mut followed, mut appended) = (Versus::default(), Versus::default(), Versus::default());
    let (mut changes, mut judging, mut following) = (0, Samples::default(), Samples::default());
    for turn in 0..run.scale.ingests {
        let ways = [(false, &mut judged, &mut judging), (true, &mut followed, &mut following)];
        for (follow, versus, cpu) in ways {
            let dir = run.scratch.path().join(format!("ingest-{turn}-{follow}"));
            let Pushed { took, worked, report, bodies } = push(run, &dir, follow)?;
            cpu.push(worked);
            changes = report.accepted;
            let rows = Rows::of(&dir.join("log.db"))?;
            let bare = rows.insert(&dir.join("bare.db"), bodies.len())?;
            versus.add(one(took), one(bare));
            if !follow {
                appended.add(one(append(&dir.join("append.db"), &bodies)?), one(bare));
            }
        }
    }
    let what = format!("{} changes", grouped(usize::try_from(changes)?));
    let per_second = |took: Duration| changes as f64 / took.as_secs_f64();
    for (versus, worked, name) in [
        (&judged, &judging, "ingest, judged and appended"),
        (&followed, &following, "ingest with the server's replica following"),
    ] {
        let rate = per_second(worked.median());
        run.table.row(&Row {
            name: format!("{name}, {what}"),
            ratio: Some(versus.ratio()),
            measured: format!("{rate:.0} changes/s of processor, {} by the clock", time(versus.subject())),
            baseline: format!("bare INSERTs of the same rows: {}", time(versus.baseline())),
            goal: Some((format!("≥ {RATE:.0} changes/s/core"), rate >= RATE)),
        });
    }
    let ratio = appended.ratio();
    run.table.row(&Row {
        name: format!("append alone, {what}"),
        ratio: Some(ratio),
        measured: format!("{:.0} changes/s, {}", per_second(appended.subject()), time(appended.subject())),
        baseline: format!("bare INSERTs of the same rows: {}", time(appended.baseline())),
        goal: Some((format!("≤ {APPEND:.2} × of the time"), ratio.middle <= APPEND)),
    });
    Ok(())
}

pub(crate) fn one(took: Duration) -> Samples {
    let mut samples = Samples::default();
    samples.push(took);
    samples
}

pub(crate) struct Pushed {
    /// What the server took for all requests.
    pub(crate) took: Duration,
    /// The same in time on a processor.
    pub(crate) worked: Duration,
    pub(crate) report: SyncReport,
    pub(crate) bodies: Vec<Vec<u8>>,
}

/// One device delivers everything it has recorded to a new server.
fn push(run: &mut Run, dir: &Path, follow: bool) -> Outcome<Pushed> {
    deliver(run, &Desk::open(dir)?, dir, follow)
}

/// The same to a server that is there.
pub(crate) fn deliver(run: &mut Run, desk: &Desk, dir: &Path, follow: bool) -> Outcome<Pushed> {
    let device = desk.device(&dir.join("device"), COMMAND[0], false)?;
    let recorded = record(run, &device, COMMAND[0], run.scale.ingested)?;
    if follow {
        desk.server.replica()?;
    }
    let wire = Wire::to(&desk.server);
    let report = sync(&device, &wire)?;
    if report.accepted != recorded as u64 {
        return Err(format!("not everything was accepted: {report:?}").into());
    }
    Ok(Pushed { took: wire.spent.get(), worked: wire.worked.get(), report, bodies: wire.bodies.into_inner() })
}

/// What a server wrote, row by row.
struct Rows {
    schema: Vec<String>,
    tables: Vec<(&'static str, Vec<Vec<Value>>)>,
}

impl Rows {
    fn of(log: &Path) -> Outcome<Self> {
        let log = Connection::open(log)?;
        let mut schema = Vec::new();
        let mut tables = Vec::new();
        for table in TABLES {
            let sql = "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND sql IS NOT NULL";
            let mut statement = log.prepare(sql)?;
            for part in statement.query_map([table], |row| row.get(0))? {
                schema.push(part?);
            }
            let mut statement = log.prepare(&format!("SELECT * FROM {table}"))?;
            let columns = statement.column_count();
            let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect())?;
            tables.push((table, rows.collect::<Result<_, _>>()?));
        }
        Ok(Self { schema, tables })
    }

    /// Inserts them into a file of their own, in so many transactions; gives the time.
    fn insert(&self, path: &Path, transactions: usize) -> Outcome<Duration> {
        let mut bare = Connection::open(path)?;
        bare.pragma_update(None, "journal_mode", "WAL")?;
        bare.pragma_update(None, "synchronous", "FULL")?;
        bare.pragma_update(None, "foreign_keys", false)?;
        for sql in &self.schema {
            bare.execute_batch(sql)?;
        }
        let (took, ()) = timed(|| {
            for part in 0..transactions {
                let tx = bare.transaction_with_behavior(TransactionBehavior::Immediate)?;
                for (table, rows) in &self.tables {
                    let columns = rows.first().map_or(0, Vec::len);
                    let marks = vec!["?"; columns].join(", ");
                    let mut insert = tx.prepare_cached(&format!("INSERT INTO {table} VALUES ({marks})"))?;
                    let slice = rows.len() * part / transactions..rows.len() * (part + 1) / transactions;
                    for row in rows.get(slice).unwrap_or_default() {
                        insert.execute(params_from_iter(row))?;
                    }
                }
                tx.commit()?;
            }
            Ok(())
        })?;
        Ok(took)
    }
}

/// Appends the work of these requests to an empty log, unjudged, a transaction a request; gives the time.
fn append(path: &Path, bodies: &[Vec<u8>]) -> Outcome<Duration> {
    let mut requests = Vec::new();
    for body in bodies {
        let request: SyncRequest = unpack(body, MAX_MESSAGE_BYTES)?;
        requests.push(request.batches.into_iter().map(read).collect::<Outcome<Vec<_>>>()?);
    }
    let life = Life { epoch: Epoch::from_random([7; 16]), server: [0; 32], tenant: None };
    let log = Sqlite::open(path, &life)?;
    let now = Timestamp(0);
    let (took, ()) = timed(|| {
        for batches in &requests {
            let mut tx = log.begin()?;
            for (device, batch, changes) in batches {
                tx.keep_manifest(*device, batch)?;
                for (home, change) in changes {
                    tx.append_change(home, change, now)?;
                }
            }
            tx.commit()?;
        }
        Ok(())
    })?;
    Ok(took)
}

/// A batch as read: whose it is, itself, and its changes with their scopes.
type Read = (DeviceId, Batch, Vec<(Scope, NewChange)>);

/// A batch as the log takes it, once judged.
fn read(batch: Batch) -> Outcome<Read> {
    let manifest = batch.claimed().ok_or("a damaged manifest")?;
    let hash = batch.hash();
    let mut changes = Vec::with_capacity(manifest.items.len());
    for (item, bytes) in manifest.items.into_iter().zip(&batch.changes) {
        let header = ChangeHeader::of(bytes).ok_or("a damaged change")?;
        let change = NewChange {
            document: item.document,
            hash: item.change,
            actor: header.actor,
            actor_seq: header.seq,
            manifest: hash,
            bytes: bytes.to_vec(),
        };
        changes.push((item.home, change));
    }
    Ok((manifest.device, batch, changes))
}
