//! The baseline of a cold start: the same cases as plain rows (a table of cases with fifteen columns, one of events,
//! one of photos), received as one answer over HTTP and inserted as durably as everything else. No history, no
//! signatures, no search, no read model: what cannot be done in less.

use crate::Outcome;
use crate::measure::timed;
use rusqlite::{Connection, TransactionBehavior, params, params_from_iter};
use sanben_document::{Intent, IntentBody, decode, encode};
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

/// Cases per transaction.
const BATCH: usize = 500;

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Number(i64),
    Text(String),
    None,
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Self::Number(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
            Self::None => Ok(rusqlite::types::Null.into()),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Case {
    #[serde(with = "serde_bytes")]
    id: Vec<u8>,
    /// Fourteen columns beside the id.
    cells: Vec<Cell>,
    /// Id, when, whose, what.
    events: Vec<(serde_bytes::ByteBuf, i64, String, serde_bytes::ByteBuf)>,
    /// Hash, what it shows, how large.
    photos: Vec<(serde_bytes::ByteBuf, serde_bytes::ByteBuf)>,
}

/// The answer with all rows.
pub(crate) struct Bare {
    body: Vec<u8>,
    rows: usize,
}

impl Bare {
    pub(crate) fn of(lives: &[Vec<Intent>]) -> Outcome<Self> {
        let cases: Outcome<Vec<Case>> = lives.iter().map(|life| case(life)).collect();
        let cases = cases?;
        let rows = cases.iter().map(|case| 1 + case.events.len() + case.photos.len()).sum();
        Ok(Self { body: zstd::bulk::compress(&encode(&cases), 3)?, rows })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.body.len() as u64
    }

    /// Receives and inserts them; gives the time.
    pub(crate) fn fetch(&self, path: &Path) -> Outcome<Duration> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        std::thread::scope(|scope| {
            let answering = scope.spawn(move || self.answer(&listener));
            let (took, ()) = timed(|| insert(path, &receive(TcpStream::connect(address)?)?))?;
            answering.join().map_err(|_| "the answer failed")??;
            Ok(took)
        })
    }

    fn answer(&self, listener: &TcpListener) -> std::io::Result<()> {
        let (mut socket, _) = listener.accept()?;
        let mut asked = [0; 1024];
        let _ = socket.read(&mut asked)?;
        write!(
            socket,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.body.len()
        )?;
        socket.write_all(&self.body)
    }
}

fn case(life: &[Intent]) -> Outcome<Case> {
    let first = life.first().ok_or("a case without an event")?;
    let IntentBody::Report { home, source, point, standard, description, fix, .. } = &first.body else {
        return Err("a case begins with its report".into());
    };
    let fix = fix.ok_or("reports have a fix")?;
    let text = |text: &str| Cell::Text(text.to_owned());
    let cells = vec![
        text("case"),
        text(home.as_str()),
        text(&format!("{source:?}")),
        point.as_ref().map_or(Cell::None, |id| text(id.as_str())),
        standard.as_ref().map_or(Cell::None, |id| text(id.as_str())),
        text(description),
        Cell::Number(fix.coordinate.lat_e7.into()),
        Cell::Number(fix.coordinate.lon_e7.into()),
        fix.accuracy_m.map_or(Cell::None, |metres| Cell::Number(metres.into())),
        Cell::Number(first.at.at().0),
        text(first.by.as_str()),
        Cell::Number(first.at.doubtful().into()),
        Cell::Number(life.last().map_or(0, |intent| intent.at.at().0)),
        Cell::Number(i64::try_from(life.len())?),
    ];
    let (mut events, mut photos) = (Vec::new(), Vec::new());
    for intent in life {
        let (act, cited) = match &intent.body {
            IntentBody::Act { act, photos } => (encode(act), photos),
            IntentBody::Report { photos, .. } => (Vec::new(), photos),
            _ => continue,
        };
        events.push((
            intent.event.0.as_bytes().to_vec().into(),
            intent.at.at().0,
            intent.by.to_string(),
            act.into(),
        ));
        photos.extend(cited.iter().map(|(hash, photo)| (hash.0.to_vec().into(), encode(photo).into())));
    }
    Ok(Case { id: first.document.0.as_bytes().to_vec(), cells, events, photos })
}

fn receive(mut socket: TcpStream) -> Outcome<Vec<Case>> {
    socket.write_all(b"GET /cases HTTP/1.1\r\nHost: bench\r\n\r\n")?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    let head = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no answer")? + 4;
    let plain = zstd::stream::decode_all(answer.get(head..).unwrap_or_default())?;
    Ok(decode(&plain).ok_or("unreadable rows")?)
}

fn insert(path: &Path, cases: &[Case]) -> Outcome<()> {
    let mut bare = Connection::open(path)?;
    bare.pragma_update(None, "journal_mode", "WAL")?;
    bare.pragma_update(None, "synchronous", "FULL")?;
    let columns: Vec<String> = (0..14).map(|at| format!("c{at}")).collect();
    bare.execute_batch(&format!(
        "CREATE TABLE bare_case (id BLOB PRIMARY KEY, {}) WITHOUT ROWID;
         CREATE TABLE event (bare_case BLOB, id BLOB, at INTEGER, person TEXT, act BLOB,
                             PRIMARY KEY (bare_case, id)) WITHOUT ROWID;
         CREATE TABLE photo (bare_case BLOB, hash BLOB, photo BLOB, PRIMARY KEY (bare_case, hash)) WITHOUT ROWID;",
        columns.join(", ")
    ))?;
    for batch in cases.chunks(BATCH) {
        let tx = bare.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut put =
            tx.prepare_cached("INSERT INTO bare_case VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        let mut event = tx.prepare_cached("INSERT INTO event VALUES (?, ?, ?, ?, ?)")?;
        let mut photo = tx.prepare_cached("INSERT INTO photo VALUES (?, ?, ?)")?;
        for case in batch {
            let id: &dyn rusqlite::ToSql = &case.id;
            put.execute(params_from_iter(
                std::iter::once(id).chain(case.cells.iter().map(|cell| cell as &dyn rusqlite::ToSql)),
            ))?;
            for (own, at, person, act) in &case.events {
                event.execute(params![case.id, own.as_ref(), at, person, act.as_ref()])?;
            }
            for (hash, shown) in &case.photos {
                photo.execute(params![case.id, hash.as_ref(), shown.as_ref()])?;
            }
        }
        drop((put, event, photo));
        tx.commit()?;
    }
    Ok(())
}
