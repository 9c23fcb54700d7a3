//! The socket in front of [`Server::handle`]: HTTP in, calls through, limits around. Everything that waits
//! for the disk runs on threads of its own, so that the socket never does.

use crate::call::{Call, Code, Reply};
use crate::enrol::MAX_REQUEST_BYTES;
use crate::photos::MAX_PIECE_BYTES;
use crate::tenant::Server;
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::serve::ListenerExt;
use sanben_sync::wire::{DEVICE_HEADER, ENROL_PATH, OFFSET_HEADER, PHOTO_PATH, SIGNATURE_HEADER};
use sanben_sync::wire::{MAX_MESSAGE_BYTES, SYNC_PATH};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A body that has not arrived by then is given up; the device sends it again, or less.
const BODY_PATIENCE: Duration = Duration::from_secs(90);
/// More calls than this at once wait: each may hold a message and a document in memory.
const AT_ONCE: usize = 32;
/// A body this small is taken in whatever else is on the way, bytes.
const SMALL_BYTES: usize = 4 * 1024;
/// All other bodies together hold no more than this, bytes: nobody has shown a signature yet.
const ROOM_BYTES: usize = 128 * 1024 * 1024;

/// The listener failed.
#[derive(Debug, thiserror::Error)]
#[error("the server's socket failed: {0}")]
pub struct ServeError(#[from] std::io::Error);

#[derive(Clone)]
struct Front {
    server: Arc<Server>,
    slots: Arc<Semaphore>,
    room: Arc<Semaphore>,
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
    let (slots, room) = (Arc::new(Semaphore::new(AT_ONCE)), Arc::new(Semaphore::new(ROOM_BYTES)));
    let front = Front { server, slots, room };
    let router = Router::new().fallback(answer).with_state(front);
    let listener = listener.tap_io(|socket| {
        // Answers are small and awaited; without this the socket may hold them back. It works without, too.
        let _ = socket.set_nodelay(true);
    });
    Ok(axum::serve(listener, router).with_graceful_shutdown(shutdown).await?)
}

async fn answer(State(front): State<Front>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let reading = read(body, limit(parts.method.as_str(), parts.uri.path()), &front.room);
    // What the body holds of the room it holds until its call is answered.
    let (body, _room) = match tokio::time::timeout(BODY_PATIENCE, reading).await {
        Ok(Ok(read)) => read,
        Ok(Err(code)) => return response(code.into()),
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

/// No body of such a call is larger, bytes.
fn limit(method: &str, path: &str) -> usize {
    match (method, path) {
        ("POST", SYNC_PATH) => MAX_MESSAGE_BYTES,
        ("POST", ENROL_PATH) => MAX_REQUEST_BYTES,
        // A little over: the signed answer to a piece that is too large comes from behind the socket.
        ("PUT", path) if path.starts_with(PHOTO_PATH) => MAX_PIECE_BYTES + SMALL_BYTES,
        _ => 1024,
    }
}

/// Reads a body as it comes; it takes up only as much room as has arrived.
async fn read(
    mut body: Body,
    limit: usize,
    room: &Arc<Semaphore>,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Code> {
    if usize::try_from(body.size_hint().lower()).map_or(true, |announced| announced > limit) {
        return Err(Code::TooLarge);
    }
    let (mut bytes, mut held) = (Vec::new(), None::<OwnedSemaphorePermit>);
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(piece) = frame.map_err(|_| Code::Malformed)?.into_data() else { continue };
        if bytes.len() + piece.len() > limit {
            return Err(Code::TooLarge);
        }
        if limit > SMALL_BYTES {
            let more = u32::try_from(piece.len()).map_err(|_| Code::TooLarge)?;
            // Nobody waits for room: many that wait, each with half a body, would wait for each other.
            let more = Arc::clone(room).try_acquire_many_owned(more).map_err(|_| Code::Failed)?;
            match &mut held {
                Some(held) => held.merge(more),
                None => held = Some(more),
            }
        }
        bytes.extend_from_slice(&piece);
    }
    Ok((bytes, held))
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
