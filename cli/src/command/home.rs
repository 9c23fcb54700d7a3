//! Where a server keeps its data: what every command of the desk begins with.

use crate::error::CommandError;
use sanben_field::Platform;
use sanben_server::{Server, ServerError};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

/// A folder, and a database if the log is in one.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Home {
    /// The server's folder.
    #[arg(long)]
    pub(crate) dir: PathBuf,
    /// The database with its log. In the environment nobody else on the machine sees a password in it.
    #[arg(long, value_name = "URL", env = "SANBEN_DATABASE_URL")]
    pub(crate) database_url: Option<String>,
}

/// The same for what is noted in the trail: who says so.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Desk {
    /// Where.
    #[command(flatten)]
    pub(crate) home: Home,
    /// Who.
    #[arg(long, value_name = "NAME", env = "SANBEN_BY")]
    pub(crate) by: Option<String>,
}

impl Deref for Desk {
    type Target = Home;

    fn deref(&self) -> &Home {
        &self.home
    }
}

impl Desk {
    /// As [`Home::open`].
    ///
    /// # Errors
    /// As [`Home::open`].
    pub(crate) fn open(&self, platform: &Platform) -> Result<Server, ServerError> {
        Ok(self.home.open(platform)?.by(self.by.as_deref().unwrap_or_default()))
    }

    /// As [`Home::open_existing`].
    ///
    /// # Errors
    /// As [`Home::open_existing`].
    pub(crate) fn open_existing(&self, platform: &Platform) -> Result<Server, CommandError> {
        Ok(self.home.open_existing(platform)?.by(self.by.as_deref().unwrap_or_default()))
    }
}

impl Home {
    /// Opens the server, which is made when missing, with the clock and randomness of this platform.
    ///
    /// # Errors
    /// As [`Server::open_at`].
    pub(crate) fn open(&self, platform: &Platform) -> Result<Server, ServerError> {
        let (clock, random) = (Arc::clone(&platform.clock), Arc::clone(&platform.random));
        Server::open_at(
            &self.dir,
            self.database_url.as_deref(),
            Arc::new(move || clock.wall()),
            Arc::new(move |bytes: &mut [u8]| random.fill(bytes)),
        )
    }

    /// Opens the server of a folder that has one: a mistyped folder must not become a new server.
    ///
    /// # Errors
    /// [`CommandError::NoServer`]; as [`Home::open`].
    pub(crate) fn open_existing(&self, platform: &Platform) -> Result<Server, CommandError> {
        if !self.dir.join("server.key").is_file() {
            return Err(CommandError::NoServer(self.dir.clone()));
        }
        Ok(self.open(platform)?)
    }
}
