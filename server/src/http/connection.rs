//! One connection: handshake, requests one after the other, an end in time.

use super::answer::answer;
use super::patient::Patient;
use super::{Desk, Visitor};
use crate::metrics::Limit;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// Counts a connection while it lives.
struct Counted(Arc<Desk>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.metrics.connections.fetch_sub(1, Relaxed);
    }
}

/// Holds the connection until either side has enough, or `ended`'s sender is gone.
pub(super) async fn hold(
    visitor: Visitor,
    socket: TcpStream,
    tls: Option<TlsAcceptor>,
    ended: watch::Receiver<()>,
) {
    // Answers are small and awaited; without this the socket may hold them back. It works without, too.
    let _ = socket.set_nodelay(true);
    let desk = Arc::clone(&visitor.desk);
    desk.metrics.connections.fetch_add(1, Relaxed);
    let _counted = Counted(Arc::clone(&desk));
    let Some(tls) = tls else { return converse(visitor, socket, ended).await };
    match timeout(desk.limits.handshake, tls.accept(socket)).await {
        Ok(Ok(socket)) => converse(visitor, socket, ended).await,
        // Port scanners, and devices that know another certificate: these say so to their person.
        _ => desk.metrics.met(Limit::Handshake),
    }
}

async fn converse<S>(visitor: Visitor, socket: S, mut ended: watch::Receiver<()>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let desk = Arc::clone(&visitor.desk);
    let io = TokioIo::new(Patient::new(socket, desk.limits.stall));
    let service = service_fn(move |request| answer(visitor.clone(), request));
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(desk.limits.head)
            .serve_connection(io, service)
    );
    // How it ends concerns nobody: the device sees a line that was cut and comes again.
    tokio::select! {
        _ = connection.as_mut() => return,
        // Changed never: its sender is dropped when the server stops.
        _ = ended.changed() => {}
        () = sleep(desk.limits.life) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(desk.limits.body + desk.limits.stall, connection).await;
}
