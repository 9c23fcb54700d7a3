//! The schema of the log: found, recognised, brought up to date.

use super::connection::{Connection, array, column};
use crate::log::{Life, LogError, Result};
use sanben_domain::id::{Epoch, TenantId};
use uuid::Uuid;

/// "Sanb": keeps our locks apart from those of other programs.
const APPLICATION: i32 = 0x5361_6e62;
/// Numbered, append-only: what was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("001_log.sql"),
    include_str!("002_review.sql"),
    include_str!("003_shown.sql"),
    include_str!("004_gone.sql"),
    include_str!("005_trail.sql"),
    include_str!("006_photo_out.sql"),
    include_str!("007_shown_by.sql"),
];

/// The schema that the connection works in: the first one of its search path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    /// Where a connection works.
    pub(super) fn of(connection: &mut Connection) -> Result<Self> {
        let sql = "SELECT n.oid, current_setting('server_encoding'), current_setting('fsync')
                   FROM pg_namespace n WHERE n.nspname = current_schema()";
        let rows = connection.all(sql, &[])?;
        let unusable = |text: String| Err(LogError::Unusable(text));
        let Some(row) = rows.first() else {
            return unusable("the database has no such schema; create it first".to_owned());
        };
        let (encoding, fsync): (String, String) = (column(row, 1)?, column(row, 2)?);
        if encoding != "UTF8" {
            return unusable(format!("the database is kept in {encoding}; create one with ENCODING 'UTF8'"));
        }
        if fsync != "on" {
            return unusable("the database does not wait for its disk: set its fsync to on".to_owned());
        }
        Ok(Self(column(row, 0)?))
    }

    /// Begins to write, as the only one in this schema until the transaction ends.
    ///
    /// The lock lives in the database's memory, is let go by it when the connection ends in whatever way, and
    /// is let go after the commit can be seen. Each statement sees what was committed before it: a snapshot
    /// taken before the lock was had would be stale.
    pub(super) fn begin(self) -> String {
        format!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; \
             SELECT pg_advisory_xact_lock({APPLICATION}, {}::oid::int4)",
            self.0
        )
    }

    /// What those listen to who want to hear that the log grew.
    pub(super) fn channel(self) -> String {
        format!("sanben_{}", self.0)
    }

    /// How many migrations were run here; none when there is no log.
    pub(super) fn version(self, connection: &mut Connection) -> Result<usize> {
        let sql =
            "SELECT relname FROM pg_class WHERE relnamespace = $1 AND relkind IN ('r', 'p', 'v', 'm', 'f')";
        let names = connection.all(sql, &[&self.0])?;
        let names: Vec<String> = names.iter().map(|row| column(row, 0)).collect::<Result<_>>()?;
        if names.is_empty() {
            return Ok(0);
        }
        if !names.iter().any(|name| name == "sanben") {
            return Err(LogError::Foreign);
        }
        let rows = connection.all("SELECT version FROM sanben", &[])?;
        let version: i32 = column(rows.first().ok_or(LogError::Foreign)?, 0)?;
        usize::try_from(version).map_err(|_| LogError::Foreign)
    }
}

/// Makes the log when there is none, or brings it up to date; gives its life.
pub(super) fn prepare(connection: &mut Connection, place: Place, new: &Life) -> Result<Life> {
    connection.batch(&place.begin())?;
    bring_up(connection, place, new)?;
    let life = life(connection)?;
    connection.batch("COMMIT")?;
    Ok(life)
}

/// The same within a transaction that has begun.
pub(super) fn bring_up(connection: &mut Connection, place: Place, new: &Life) -> Result<()> {
    let done = place.version(connection)?;
    let missing = MIGRATIONS.get(done..).ok_or(LogError::Newer)?;
    for migration in missing {
        connection.batch(migration)?;
    }
    if done == 0 {
        connection.run("INSERT INTO sanben (version) VALUES (0)", &[])?;
        connection.run(
            "INSERT INTO life (one, epoch, server) VALUES (1, $1, $2)",
            &[&new.epoch.0, &new.server.as_slice()],
        )?;
    }
    if !missing.is_empty() {
        let version = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
        connection.run("UPDATE sanben SET version = $1", &[&version])?;
    }
    Ok(())
}

pub(super) fn life(connection: &mut Connection) -> Result<Life> {
    let rows = connection.all("SELECT epoch, server, tenant FROM life", &[])?;
    let row = rows.first().ok_or_else(|| LogError::Damaged("it has no life".to_owned()))?;
    let tenant: Option<String> = column(row, 2)?;
    Ok(Life { epoch: Epoch(column::<Uuid>(row, 0)?), server: array(row, 1)?, tenant: tenant.map(TenantId) })
}
