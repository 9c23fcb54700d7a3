//! `serve --dir DIR`: the server of one tenant, until it is told to stop.

use super::dispatch::{Done, World, done};
use super::home::Home;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use serde::Serialize;
use std::future::Future;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// Where the data is, and where to listen.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServeArgs {
    /// The server's; made when missing.
    #[command(flatten)]
    pub(crate) home: Home,
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_ADDRESS)]
    pub(crate) listen: SocketAddr,
}

/// Where the server listens when nothing is said.
pub(crate) const DEFAULT_ADDRESS: &str = "127.0.0.1:7300";

/// In the server's folder: where it listened last, so that `invite` can say it.
const ADDRESS_FILE: &str = "address";

/// Serves until `shutdown` ends. `announce` is called once, as soon as devices can connect.
///
/// # Errors
/// [`CommandError::Server`], [`CommandError::Listen`], [`CommandError::Serve`].
pub(crate) fn run(
    args: &ServeArgs,
    world: &World,
    shutdown: impl Future<Output = ()> + Send + 'static,
    announce: impl FnOnce(&Done) -> std::io::Result<()>,
) -> Result<(), CommandError> {
    let server = Arc::new(args.home.open(&world.platform)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let bound = tokio::net::TcpListener::bind(args.listen).await;
        let listener =
            bound.map_err(|error| CommandError::Listen { address: args.listen.to_string(), error })?;
        let url = format!("http://{}", listener.local_addr()?);
        let file = args.home.dir.join(ADDRESS_FILE);
        std::fs::write(&file, &url).map_err(|error| CommandError::Write { file, error })?;
        let listening = Listening { url, tenant: server.tenant()?.map(|tenant| tenant.to_string()) };
        announce(&done(&listening, world.language)?)?;
        Ok(sanben_server::serve(server, listener, shutdown).await?)
    })
}

/// The address at which the server of a folder listened last; the default one before it ever did.
#[must_use]
pub(crate) fn last_address(dir: &Path) -> String {
    let noted = std::fs::read_to_string(dir.join(ADDRESS_FILE));
    noted.map_or_else(|_| format!("http://{DEFAULT_ADDRESS}"), |text| text.trim().to_owned())
}

/// A person at the keyboard (Ctrl-C) or the system asks the program to stop.
pub(crate) async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // A failure here leaves nothing to wait for but the system's own kill.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The server is ready.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Listening {
    /// The address that devices use.
    pub(crate) url: String,
    /// The tenant; nothing before the first import.
    pub(crate) tenant: Option<String>,
}

impl Outcome for Listening {
    fn show(&self, language: Language) -> String {
        let mut text = say!(language, "serve-listening", url = self.url.as_str()) + "\n";
        if self.tenant.is_none() {
            text.push_str(&say!(language, "serve-no-tenant"));
            text.push('\n');
        }
        text
    }
}
