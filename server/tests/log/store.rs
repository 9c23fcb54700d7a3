//! A place where a log can be, and handles to it.

use crate::cluster;
use crate::device::bytes;
use sanben_domain::id::Epoch;
use sanben_server::log::{Life, Log, LogError, Postgres, Sqlite};
use std::path::Path;
use tempfile::TempDir;

pub(crate) enum Store {
    Sqlite(TempDir),
    Postgres { url: String, schema: String },
}

/// How the life of a log begins when a test does not care.
pub(crate) const NEW: Life = Life { epoch: Epoch(uuid::Uuid::from_u128(7)), server: [5; 32], tenant: None };

impl Store {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// An empty schema of the shared cluster.
    pub(crate) fn postgres() -> Self {
        let schema = format!("s{}", uuid::Uuid::from_bytes(bytes()).simple());
        cluster::shared().client().batch_execute(&format!("CREATE SCHEMA {schema}")).unwrap();
        Self::Postgres { url: cluster::shared().url(&schema), schema }
    }

    /// What another process finds it by.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Sqlite(dir) => dir.path().join("log.db").display().to_string(),
            Self::Postgres { url, .. } => url.clone(),
        }
    }

    pub(crate) fn open(&self) -> Box<dyn Log> {
        self.try_open(&NEW).unwrap()
    }

    pub(crate) fn try_open(&self, new: &Life) -> Result<Box<dyn Log>, LogError> {
        open(&self.address(), new)
    }

    /// Runs SQL as somebody else who has the database open.
    pub(crate) fn meddle(&self, sqlite: &str, postgres: &str) {
        match self {
            Self::Sqlite(_) => {
                rusqlite::Connection::open(self.address()).unwrap().execute_batch(sqlite).unwrap();
            }
            Self::Postgres { url, .. } => {
                let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
                client.batch_execute(postgres).unwrap();
            }
        }
    }
}

pub(crate) fn open(address: &str, new: &Life) -> Result<Box<dyn Log>, LogError> {
    Ok(if address.starts_with("postgresql:") {
        Box::new(Postgres::open(address, new)?)
    } else {
        Box::new(Sqlite::open(Path::new(address), new)?)
    })
}
