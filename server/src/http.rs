//! The socket in front of [`Server::handle`].

use crate::tenant::Server;
use std::future::Future;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The listener failed.
#[derive(Debug, thiserror::Error)]
#[error("the server's socket failed: {0}")]
pub struct ServeError(#[from] std::io::Error);

/// Serves until `shutdown` ends, then lets running calls finish.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    server: Arc<Server>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let _ = (server, listener, shutdown);
    unimplemented!()
}
