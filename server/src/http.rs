//! The socket in front of [`Server::handle`]: HTTP in, calls through, limits around. Everything that waits
//! for the disk runs on threads of its own, so that the socket never does.

use crate::call::{Call, Code, Reply};
use crate::tenant::Server;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::serve::ListenerExt;
use sanben_sync::wire::{DEVICE_HEADER, MAX_MESSAGE_BYTES, OFFSET_HEADER, SIGNATURE_HEADER};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// A body that has not arrived by then is given up; the device sends it again, or less.
const BODY_PATIENCE: Duration = Duration::from_secs(90);
/// More calls than this at once wait: each may hold a message and a document in memory.
const AT_ONCE: usize = 32;

/// The listener failed.
#[derive(Debug, thiserror::Error)]
#[error("the server's socket failed: {0}")]
pub struct ServeError(#[from] std::io::Error);

#[derive(Clone)]
struct Front {
    server: Arc<Server>,
    slots: Arc<Semaphore>,
}

/// Serves until `shutdown` ends, then lets running calls finish. Before it answers, the server's replica
/// has caught up with the log.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    server: Arc<Server>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let catching_up = Arc::clone(&server);
    let caught_up = tokio::task::spawn_blocking(move || catching_up.replica().map(drop)).await;
    if let Ok(Err(error)) = caught_up {
        // Nobody's work waits for it.
        tracing::warn!(%error, "serving without a replica");
    }
    let front = Front { server, slots: Arc::new(Semaphore::new(AT_ONCE)) };
    let router = Router::new().fallback(answer).with_state(front);
    let listener = listener.tap_io(|socket| {
        // Answers are small and awaited; without this the socket may hold them back. It works without, too.
        let _ = socket.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).with_graceful_shutdown(shutdown).await?)
}

async fn answer(State(front): State<Front>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match tokio::time::timeout(BODY_PATIENCE, to_bytes(body, MAX_MESSAGE_BYTES)).await {
        Ok(Ok(body)) => body.to_vec(),
        Ok(Err(_)) => return response(Code::TooLarge.into()),
        Err(_) => return response(Code::TooSlow.into()),
    };
    let call = Call {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        headers: ours(&parts.headers),
        body,
    };
    // Only now: a slow line must not keep others waiting.
    let Ok(_slot) = front.slots.acquire().await else { return response(Code::Failed.into()) };
    let server = front.server;
    let handled = tokio::task::spawn_blocking(move || server.handle(&call)).await;
    response(handled.unwrap_or_else(|_| Code::Failed.into()))
}

fn ours(headers: &HeaderMap) -> Vec<(String, String)> {
    let ours = [DEVICE_HEADER, SIGNATURE_HEADER, OFFSET_HEADER].into_iter();
    ours.filter_map(|name| Some((name.to_owned(), headers.get(name)?.to_str().ok()?.to_owned()))).collect()
}

fn response(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
