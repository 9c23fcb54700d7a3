//! One request: read within its limits, handed to the server, answered, counted.

use super::{Door, Visitor, handled, waiting};
use crate::call::{Call, Code, Reply};
use crate::enrol::MAX_REQUEST_BYTES;
use crate::health::{ALIVE_PATH, METRICS_PATH, READY_PATH};
use crate::metrics::{Limit, Route};
use crate::photos::MAX_PIECE_BYTES;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Request, Response, StatusCode};
use sanben_domain::id::DeviceId;
use sanben_sync::bundle::BUNDLE_PATH;
use sanben_sync::mailbag::{MAILBAG_PATH, MAX_MAILBAG_BYTES};
use sanben_sync::poke::POKE_PATH;
use sanben_sync::wire::{DEVICE_HEADER, ENROL_PATH, OFFSET_HEADER, PHOTO_PATH, SIGNATURE_HEADER};
use sanben_sync::wire::{MAX_MESSAGE_BYTES, SYNC_PATH};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A body this small is taken in whatever else is on the way, bytes.
const SMALL_BYTES: usize = 4 * 1024;
/// When a call is not for now, it is for then, seconds.
const LATER_SECS: u64 = 5;

pub(super) async fn answer(
    visitor: Visitor,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let begun = Instant::now();
    let kind = route(request.uri().path());
    let mut received = 0;
    let response = match visitor.door {
        Door::Monitor => monitored(&visitor, request.uri().path()).await,
        Door::Crowded => later(Code::Busy, Duration::from_secs(LATER_SECS)),
        Door::Devices => called(&visitor, request, &mut received).await,
    };
    if visitor.door != Door::Monitor {
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        let sent = response.body().size_hint().lower();
        visitor.desk.metrics.answered(kind, status, took, received, sent);
        // Not who, not about what: a log is read by many.
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(call = kind.name(), status, micros, received, sent, "answered");
    }
    Ok(response)
}

fn route(path: &str) -> Route {
    match path {
        SYNC_PATH | MAILBAG_PATH => Route::Sync,
        ENROL_PATH => Route::Enrol,
        ALIVE_PATH | READY_PATH => Route::Health,
        path if path.starts_with(PHOTO_PATH) => Route::Photo,
        path if path.starts_with(POKE_PATH) => Route::Poke,
        path if path.starts_with(BUNDLE_PATH) => Route::Bundle,
        _ => Route::Other,
    }
}

async fn called(visitor: &Visitor, request: Request<Incoming>, received: &mut u64) -> Response<Full<Bytes>> {
    let desk = &visitor.desk;
    let over = |limit, wait| {
        desk.metrics.met(limit);
        later(Code::TooMany, wait)
    };
    if let Err(wait) = visitor.let_in() {
        return over(Limit::Address, wait);
    }
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    if matches!(path, ALIVE_PATH | READY_PATH) {
        return monitored(visitor, path).await;
    }
    let device = parts.headers.get(DEVICE_HEADER).and_then(|value| value.to_str().ok());
    let device = device.and_then(|text| text.parse::<DeviceId>().ok());
    if let Some(Err(wait)) = device.map(|device| desk.devices.check(device, Instant::now())) {
        return over(Limit::Device, wait);
    }
    let reading = read(body, limit(parts.method.as_str(), path), &desk.room);
    // What the body holds of the room it holds until its call is answered.
    let (body, _room) = match tokio::time::timeout(desk.limits.body, reading).await {
        Ok(Ok(read)) => read,
        Ok(Err(code)) => {
            desk.metrics.met(if code == Code::Busy { Limit::Room } else { Limit::Size });
            return refused(code);
        }
        Err(_) => {
            desk.metrics.met(Limit::Time);
            return refused(Code::TooSlow);
        }
    };
    *received = body.len() as u64;
    let call = Arc::new(Call {
        method: parts.method.as_str().to_owned(),
        path: path.to_owned(),
        headers: ours(&parts.headers),
        body,
    });
    let reply = if call.method == "GET" && call.path.starts_with(POKE_PATH) {
        let Some(reply) = waiting::held(desk, Arc::clone(&call)).await else { return refused(Code::Busy) };
        reply
    } else {
        // Only now is anything of the server's taken up: a slow line must not keep others waiting.
        let (server, call) = (Arc::clone(&desk.server), Arc::clone(&call));
        handled(desk, move || server.handle(&call)).await.unwrap_or_else(|| Code::Failed.into())
    };
    // Only what the device has signed counts against it: anybody can put its name on a call.
    if let Some(device) = device {
        let server = Arc::clone(&desk.server);
        let refused = reply.status != StatusCode::OK.as_u16() || call.path == ENROL_PATH;
        if !refused || handled(desk, move || server.has_signed(&call)).await == Some(true) {
            let _ = desk.devices.take(device, Instant::now());
        }
    }
    response(reply)
}

/// What a monitor asks.
async fn monitored(visitor: &Visitor, path: &str) -> Response<Full<Bytes>> {
    let inside = visitor.door == Door::Monitor;
    let (desk, path) = (Arc::clone(&visitor.desk), path.to_owned());
    let told = tokio::task::spawn_blocking(move || match path.as_str() {
        ALIVE_PATH => text(StatusCode::OK, "alive\n".to_owned()),
        READY_PATH => match desk.server.ready() {
            Ok(()) => text(StatusCode::OK, "ready\n".to_owned()),
            // Why is nothing for the world.
            Err(why) if inside => text(StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
            Err(_) => text(StatusCode::SERVICE_UNAVAILABLE, "not ready\n".to_owned()),
        },
        METRICS_PATH => text(StatusCode::OK, desk.server.metrics(&desk.metrics, desk.waiters.len())),
        _ => text(StatusCode::NOT_FOUND, format!("{METRICS_PATH}, {ALIVE_PATH}, {READY_PATH}\n")),
    });
    told.await.unwrap_or_else(|_| refused(Code::Failed))
}

/// No body of such a call is larger, bytes.
fn limit(method: &str, path: &str) -> usize {
    match (method, path) {
        ("POST", SYNC_PATH) => MAX_MESSAGE_BYTES,
        ("POST", MAILBAG_PATH) => MAX_MAILBAG_BYTES,
        ("POST", ENROL_PATH) => MAX_REQUEST_BYTES,
        // A little over: the signed answer to a piece that is too large comes from behind the socket.
        ("PUT", path) if path.starts_with(PHOTO_PATH) => MAX_PIECE_BYTES + SMALL_BYTES,
        _ => 1024,
    }
}

/// Reads a body as it comes; it takes up only as much room as has arrived.
async fn read(
    mut body: Incoming,
    limit: usize,
    room: &Arc<Semaphore>,
) -> Result<(Vec<u8>, Option<OwnedSemaphorePermit>), Code> {
    if usize::try_from(body.size_hint().lower()).map_or(true, |announced| announced > limit) {
        return Err(Code::TooLarge);
    }
    let (mut bytes, mut held) = (Vec::new(), None::<OwnedSemaphorePermit>);
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(|_| Code::Malformed)?.into_data() else { continue };
        if bytes.len() + piece.len() > limit {
            return Err(Code::TooLarge);
        }
        if limit > SMALL_BYTES {
            let more = u32::try_from(piece.len()).map_err(|_| Code::TooLarge)?;
            // Nobody waits for room: many that wait, each with half a body, would wait for each other.
            let more = Arc::clone(room).try_acquire_many_owned(more).map_err(|_| Code::Busy)?;
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

fn refused(code: Code) -> Response<Full<Bytes>> {
    if code == Code::Busy { later(code, Duration::from_secs(LATER_SECS)) } else { response(code.into()) }
}

/// Not now: the answer says when. It is unsigned, and so no verdict on anything: the device comes again.
fn later(code: Code, wait: Duration) -> Response<Full<Bytes>> {
    let mut response = response(code.into());
    let seconds = HeaderValue::from(wait.as_secs() + 1);
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
    response
}

fn text(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Full::from(reply.body));
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
