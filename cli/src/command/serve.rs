//! `serve --dir DIR`: the server of one tenant, until it is told to stop.

use super::dispatch::{Done, World, done};
use super::home::Home;
use crate::cause;
use crate::error::CommandError;
use crate::language::{Language, say};
use crate::outcome::Outcome;
use sanben_server::{Front, Limits, Tls, TlsError};
use serde::Serialize;
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Where the data is, and where to listen.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ServeArgs {
    /// The server's; made when missing.
    #[command(flatten)]
    pub(crate) home: Home,
    /// Address and port; port 0 takes a free one.
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_ADDRESS)]
    pub(crate) listen: SocketAddr,
    /// TLS with the server's own certificate.
    #[arg(long)]
    pub(crate) tls: bool,
    /// TLS with this certificate chain.
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "tls")]
    pub(crate) cert: Option<PathBuf>,
    /// The key of that certificate.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,
    /// Invitations name that certificate's key.
    #[arg(long, requires = "cert")]
    pub(crate) pin: bool,
    /// A second address, for health and metrics.
    #[arg(long, value_name = "ADDR")]
    pub(crate) monitor: Option<SocketAddr>,
    /// How log lines look.
    #[arg(long, value_name = "text|json", default_value = "text")]
    pub(crate) log: LogForm,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum LogForm {
    /// For persons.
    Text,
    /// An object a line, for programs.
    Json,
}

impl ServeArgs {
    /// The certificate to serve with, and what an invitation's address ends in.
    fn certificate(&self) -> Result<Option<(Tls, String)>, TlsError> {
        Ok(match (&self.cert, &self.key) {
            (Some(cert), Some(key)) => {
                let tls = Tls::given(cert, key)?;
                // Authorities' certificates change their keys: only on request are devices bound to one.
                let end = if self.pin { format!("/{}", tls.pin) } else { String::new() };
                Some((tls, end))
            }
            _ if self.tls => {
                let tls = Tls::own(&self.home.dir)?;
                let end = format!("/{}", tls.pin);
                Some((tls, end))
            }
            _ => None,
        })
    }
}

/// Why there is no TLS.
#[must_use]
pub(crate) fn explain(language: Language, error: &TlsError) -> String {
    match error {
        TlsError::File { file, source } => {
            let file = file.display().to_string();
            say!(language, "error-read", file = file, why = cause::io(language, source))
        }
        TlsError::Form(file, "certificate") => {
            say!(language, "tls-no-certificate", file = file.display().to_string())
        }
        TlsError::Form(file, _) => say!(language, "tls-no-key", file = file.display().to_string()),
        TlsError::Unfit(why) => say!(language, "tls-unfit", why = why.as_str()),
    }
}

/// Where the server listens when nothing is said.
pub(crate) const DEFAULT_ADDRESS: &str = "127.0.0.1:7300";

/// In the server's folder: where it listened last, so that `invite` can say it.
const ADDRESS_FILE: &str = "address";

/// Serves until `shutdown` ends. `announce` is called once, as soon as devices can connect.
///
/// # Errors
/// [`CommandError::Server`], [`CommandError::Tls`], [`CommandError::Listen`], [`CommandError::Serve`].
pub(crate) fn run(
    args: &ServeArgs,
    world: &World,
    shutdown: impl Future<Output = ()> + Send + 'static,
    announce: impl FnOnce(&Done) -> std::io::Result<()>,
) -> Result<(), CommandError> {
    let server = Arc::new(args.home.open(&world.platform)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = bind(args.listen).await?;
        let address = listener.local_addr()?;
        let mut front = Front::new(Limits::OPEN);
        let url = match args.certificate()? {
            Some((tls, end)) => {
                front = front.tls(tls);
                format!("https://{address}{end}")
            }
            None => format!("http://{address}"),
        };
        let encrypted = url.starts_with("https://");
        let mut monitor = None;
        if let Some(address) = args.monitor {
            let listener = bind(address).await?;
            monitor = Some(format!("http://{}", listener.local_addr()?));
            front = front.monitor(listener);
        }
        let file = args.home.dir.join(ADDRESS_FILE);
        std::fs::write(&file, &url).map_err(|error| CommandError::Write { file, error })?;
        let tenant = server.tenant()?.map(|tenant| tenant.to_string());
        let bare = !encrypted && !address.ip().is_loopback();
        announce(&done(&Listening { url, tenant, monitor, bare }, world.language)?)?;
        Ok(front.serve(server, listener, shutdown).await?)
    })
}

async fn bind(address: SocketAddr) -> Result<TcpListener, CommandError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|error| CommandError::Listen { address: address.to_string(), error })
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
    /// Where a monitor asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) monitor: Option<String>,
    /// Open to a network without TLS.
    #[serde(skip)]
    pub(crate) bare: bool,
}

impl Outcome for Listening {
    fn show(&self, language: Language) -> String {
        let mut text = say!(language, "serve-listening", url = self.url.as_str()) + "\n";
        if let Some(monitor) = &self.monitor {
            text.push_str(&say!(language, "serve-monitor", url = monitor.as_str()));
            text.push('\n');
        }
        if self.bare {
            text.push_str(&say!(language, "serve-bare"));
            text.push('\n');
        }
        if self.tenant.is_none() {
            text.push_str(&say!(language, "serve-no-tenant"));
            text.push('\n');
        }
        text
    }
}
