//! A log in PostgreSQL as a file of SQLite, and a file of SQLite as a log in PostgreSQL: the same tables, row by row,
//! so that a backup is of one kind whatever database the log is in, and can come back into another kind.

use super::Session;
use super::connection::{Connection, column};
use super::schema::Place;
use crate::log::{Life, LogError, Result, Snapshot, sqlite};
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};
use postgres::{Client, Row};
use rusqlite::types::Value;
use std::path::Path;
use uuid::Uuid;

/// How a column lies in both databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Bytes,
    Text,
    Number,
    Flag,
}
use Kind::{Bytes, Flag, Id, Number, Text};

struct Table {
    name: &'static str,
    columns: &'static [(&'static str, Kind)],
}

/// All tables but the one-row ones, those before that others refer to. A test compares them with the schema.
const TABLES: &[Table] = &[
    Table {
        name: "scope",
        columns: &[("id", Number), ("unit", Text), ("class", Text), ("seq", Number), ("link", Bytes)],
    },
    Table {
        name: "manifest",
        columns: &[("id", Number), ("hash", Bytes), ("device", Id), ("bytes", Bytes), ("signature", Bytes)],
    },
    Table {
        name: "change",
        columns: &[
            ("id", Number),
            ("hash", Bytes),
            ("document", Id),
            ("actor", Bytes),
            ("actor_seq", Number),
            ("manifest", Number),
            ("seq", Number),
            ("bytes", Bytes),
            ("erased", Flag),
        ],
    },
    Table { name: "reference", columns: &[("id", Number), ("bytes", Bytes)] },
    Table { name: "note", columns: &[("id", Number), ("kind", Number), ("bytes", Bytes)] },
    Table {
        name: "entry",
        columns: &[
            ("scope", Number),
            ("seq", Number),
            ("link", Bytes),
            ("received", Number),
            ("kind", Text),
            ("ref", Number),
        ],
    },
    Table {
        name: "shared",
        columns: &[("document", Id), ("rank", Number), ("scope", Number), ("taken_back", Flag)],
    },
    Table {
        name: "rejection",
        columns: &[("change", Bytes), ("device", Id), ("manifest", Bytes), ("why", Bytes), ("at", Number)],
    },
    Table {
        name: "device",
        columns: &[("id", Id), ("key", Bytes), ("person", Text), ("enrolled", Number), ("revoked", Number)],
    },
    Table {
        name: "invitation",
        columns: &[("secret", Bytes), ("person", Text), ("expires", Number), ("used_by", Id)],
    },
    Table { name: "handed", columns: &[("device", Id), ("digest", Bytes), ("cursors", Bytes)] },
    Table {
        name: "citation",
        columns: &[("photo", Bytes), ("scope", Number), ("document", Id), ("bytes", Number)],
    },
    Table { name: "photo", columns: &[("hash", Bytes), ("kept", Number), ("received", Number)] },
    Table { name: "photo_out", columns: &[("photo", Bytes), ("document", Id)] },
    Table { name: "shown", columns: &[("photo", Bytes), ("document", Id), ("person", Text)] },
    Table {
        name: "review",
        columns: &[
            ("id", Number),
            ("change", Bytes),
            ("device", Id),
            ("manifest", Bytes),
            ("bytes", Bytes),
            ("why", Bytes),
            ("arrived", Number),
            ("accepted", Flag),
            ("reason", Text),
            ("decided", Number),
        ],
    },
    Table {
        name: "erased",
        columns: &[("document", Id), ("at", Number), ("signature", Bytes), ("scrubbed", Flag)],
    },
    Table { name: "trail", columns: &[("seq", Number), ("link", Bytes), ("bytes", Bytes)] },
];

/// Rows that are in memory at once.
const PAGE: usize = 200;

impl Table {
    fn names(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        names.join(", ")
    }

    /// Whether PostgreSQL numbers its rows.
    fn numbered(&self) -> bool {
        self.columns.first().is_some_and(|column| *column == ("id", Number))
    }

    /// Where rows go in SQLite, or where they come from.
    fn insert(&self) -> String {
        let places = vec!["?"; self.columns.len()].join(", ");
        format!("INSERT INTO \"{}\" ({}) VALUES ({places})", self.name, self.names())
    }

    fn select(&self) -> String {
        format!("SELECT {} FROM \"{}\"", self.names(), self.name)
    }
}

impl Session<'_> {
    /// What this session sees, into a new file.
    pub(super) fn copy(&self, file: &Path) -> Result<()> {
        let life = self.life()?;
        let mut out = sqlite::new_file(file, &life)?;
        let tx = out.transaction()?;
        tx.execute("UPDATE life SET tenant = ?1", [life.tenant.as_ref().map(|tenant| &tenant.0)])?;
        for table in TABLES {
            let mut insert = tx.prepare(&table.insert())?;
            let declare = format!("DECLARE rows NO SCROLL CURSOR FOR {}", table.select());
            self.ask(|connection| connection.batch(&declare))?;
            loop {
                let fetch = format!("FETCH {PAGE} FROM rows");
                let page =
                    self.ask(|connection| connection.ask(|client| client.query(fetch.as_str(), &[])))?;
                for row in &page {
                    let cell = |(at, (_, kind)): (usize, &(&str, Kind))| read(row, at, *kind);
                    let cells = table.columns.iter().enumerate().map(cell).collect::<Result<Vec<Value>>>()?;
                    insert.execute(rusqlite::params_from_iter(cells))?;
                }
                if page.len() < PAGE {
                    break;
                }
            }
            self.ask(|connection| connection.batch("CLOSE rows"))?;
        }
        Ok(tx.commit()?)
    }
}

/// Makes a log where there is none yet, with all that is in a file: all of it or nothing.
pub(super) fn create(connection: &mut Connection, place: Place, file: &Path, life: &Life) -> Result<()> {
    let from = sqlite::open_file(file)?;
    connection.batch(&place.begin())?;
    if place.version(connection)? > 0 {
        return Err(LogError::Unusable("there is a log in it already".to_owned()));
    }
    super::schema::bring_up(connection, place, life)?;
    let tenant = life.tenant.as_ref().map(|tenant| tenant.0.as_str());
    connection.run("UPDATE life SET tenant = $1", &[&tenant])?;
    for table in TABLES {
        fill(connection, table, &from)?;
        if table.numbered() {
            let name = table.name;
            connection.batch(&format!(
                "SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL)
                 FROM \"{name}\""
            ))?;
        }
    }
    connection.batch("COMMIT")
}

/// One table, as one stream of rows.
fn fill(connection: &mut Connection, table: &Table, from: &rusqlite::Connection) -> Result<()> {
    let types: Vec<Type> = table.columns.iter().map(|(_, kind)| kind.type_there()).collect();
    let into = format!("COPY \"{}\" ({}) FROM STDIN BINARY", table.name, table.names());
    let mut statement = from.prepare(&table.select())?;
    let mut rows = statement.query([])?;
    let mut failed = None;
    let copied = connection.ask(|client: &mut Client| {
        let mut out = BinaryCopyInWriter::new(client.copy_in(&into)?, &types);
        loop {
            let cells = match rows.next().map_err(LogError::from).and_then(|row| {
                row.map(|row| table.columns.iter().enumerate().map(|(at, (_, kind))| write(row, at, *kind)))
                    .map(|cells| cells.collect::<Result<Vec<_>>>())
                    .transpose()
            }) {
                Ok(Some(cells)) => cells,
                Ok(None) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            };
            let cells: Vec<&(dyn ToSql + Sync)> = cells.iter().map(|cell| &**cell).collect();
            out.write(&cells)?;
        }
        out.finish()
    });
    failed.map_or(copied.map(drop), Err)
}

impl Kind {
    fn type_there(self) -> Type {
        match self {
            Id => Type::UUID,
            Bytes => Type::BYTEA,
            Text => Type::TEXT,
            Number => Type::INT8,
            Flag => Type::BOOL,
        }
    }
}

/// A cell of PostgreSQL as SQLite has it.
fn read(row: &Row, at: usize, kind: Kind) -> Result<Value> {
    let value = match kind {
        Id => column::<Option<Uuid>>(row, at)?.map(|id| Value::Blob(id.as_bytes().to_vec())),
        Bytes => column::<Option<Vec<u8>>>(row, at)?.map(Value::Blob),
        Text => column::<Option<String>>(row, at)?.map(Value::Text),
        Number => column::<Option<i64>>(row, at)?.map(Value::Integer),
        Flag => column::<Option<bool>>(row, at)?.map(|flag| Value::Integer(flag.into())),
    };
    Ok(value.unwrap_or(Value::Null))
}

/// A cell of SQLite as PostgreSQL has it.
fn write(row: &rusqlite::Row<'_>, at: usize, kind: Kind) -> Result<Box<dyn ToSql + Sync>> {
    Ok(match kind {
        Id => Box::new(row.get::<_, Option<[u8; 16]>>(at)?.map(Uuid::from_bytes)),
        Bytes => Box::new(row.get::<_, Option<Vec<u8>>>(at)?),
        Text => Box::new(row.get::<_, Option<String>>(at)?),
        Number => Box::new(row.get::<_, Option<i64>>(at)?),
        Flag => Box::new(row.get::<_, Option<bool>>(at)?),
    })
}
