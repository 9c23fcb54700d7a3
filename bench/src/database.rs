//! Ingest into PostgreSQL, against bare INSERTs of the same rows into the same tables there, a statement a row, in as
//! many transactions. Only where `--database-url` names a server; each turn makes a database and drops it.

use crate::desk::Desk;
use crate::ingest::{Pushed, deliver, one};
use crate::measure::{Samples, Versus, timed};
use crate::report::{Row, grouped, time};
use crate::{Outcome, Run};
use postgres::types::{ToSql, Type};
use postgres::{Client, NoTls};
use std::time::Duration;

const TABLES: [&str; 4] = ["manifest", "change", "entry", "shared"];

pub(crate) fn run(run: &mut Run) -> Outcome<()> {
    let Some(url) = run.database.clone() else { return Ok(()) };
    let mut admin = Client::connect(&url, NoTls)?;
    let (mut versus, mut working, mut changes) = (Versus::default(), Samples::default(), 0);
    for turn in 0..run.scale.ingests {
        let name = format!("sanben_bench_{}_{turn}", std::process::id());
        admin.batch_execute(&format!("CREATE DATABASE {name}"))?;
        let outcome = turn_of(run, turn, &elsewhere(&url, &name)?);
        // What was measured in it is gone with it, even when it failed.
        admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))?;
        let (pushed, bare) = outcome?;
        changes = pushed.report.accepted;
        working.push(pushed.worked);
        versus.add(one(pushed.took), one(bare));
    }
    let rate = |took: Duration| changes as f64 / took.as_secs_f64();
    run.table.row(&Row {
        name: format!(
            "ingest into PostgreSQL, judged and appended, {} changes",
            grouped(usize::try_from(changes)?)
        ),
        ratio: Some(versus.ratio()),
        measured: format!(
            "{:.0} changes/s by the clock, {:.0} of the server's processor (the database's not counted)",
            rate(versus.subject()),
            rate(working.median())
        ),
        baseline: format!("bare INSERTs of the same rows there: {}", time(versus.baseline())),
        goal: None,
    });
    Ok(())
}

fn turn_of(run: &mut Run, turn: usize, url: &str) -> Outcome<(Pushed, Duration)> {
    let dir = run.scratch.path().join(format!("ingest-database-{turn}"));
    let desk = Desk::open_in(&dir, Some(url))?;
    let pushed = deliver(run, &desk, &dir, false)?;
    drop(desk);
    let bare = insert(&mut Client::connect(url, NoTls)?, pushed.bodies.len())?;
    Ok((pushed, bare))
}

/// The same server, another database.
fn elsewhere(url: &str, name: &str) -> Outcome<String> {
    let (before, rest) = url.rsplit_once('/').ok_or("the URL names no database")?;
    let options = rest.split_once('?').map(|(_, options)| format!("?{options}")).unwrap_or_default();
    Ok(format!("{before}/{name}{options}"))
}

/// A value as it came out.
enum Value {
    Number(i64),
    Bytes(Vec<u8>),
    Text(String),
    Id(uuid::Uuid),
}

impl Value {
    fn parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Number(value) => value,
            Self::Bytes(value) => value,
            Self::Text(value) => value,
            Self::Id(value) => value,
        }
    }
}

/// Inserts what the log holds into tables of the same form; gives the time.
fn insert(client: &mut Client, transactions: usize) -> Outcome<Duration> {
    let mut tables = Vec::new();
    client.batch_execute("CREATE SCHEMA bare")?;
    for table in TABLES {
        client.batch_execute(&format!("CREATE TABLE bare.{table} (LIKE {table} INCLUDING ALL)"))?;
        let mut rows = Vec::new();
        for row in client.query(&format!("SELECT * FROM {table}"), &[])? {
            let columns = row.columns().iter().enumerate().map(|(at, column)| {
                Ok(match *column.type_() {
                    Type::INT8 => Value::Number(row.try_get(at)?),
                    Type::BYTEA => Value::Bytes(row.try_get(at)?),
                    Type::UUID => Value::Id(row.try_get(at)?),
                    _ => Value::Text(row.try_get(at)?),
                })
            });
            rows.push(columns.collect::<Outcome<Vec<Value>>>()?);
        }
        let columns = rows.first().map_or(0, Vec::len);
        let marks: Vec<String> = (1..=columns).map(|at| format!("${at}")).collect();
        let sql = format!("INSERT INTO bare.{table} OVERRIDING SYSTEM VALUE VALUES ({})", marks.join(", "));
        tables.push((client.prepare(&sql)?, rows));
    }
    let (took, ()) = timed(|| {
        for part in 0..transactions {
            let mut tx = client.transaction()?;
            for (statement, rows) in &tables {
                let slice = rows.len() * part / transactions..rows.len() * (part + 1) / transactions;
                for row in rows.get(slice).unwrap_or_default() {
                    let values: Vec<_> = row.iter().map(Value::parameter).collect();
                    tx.execute(statement, &values)?;
                }
            }
            tx.commit()?;
        }
        Ok(())
    })?;
    Ok(took)
}
