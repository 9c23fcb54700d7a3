//! How a request reaches the server: a trait, and HTTP behind it. The session itself never opens a socket,
//! so the fleet can put a lossy network of its own in this place.

use std::time::Duration;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// The path, from `/`.
    pub path: String,
    /// Header names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The HTTP status.
    pub status: u16,
    /// The server's signature header, if any.
    pub signature: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The server could not be reached or the line was cut; whether the request took effect is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no connection: {0}")]
pub struct NoConnection(pub String);

/// A way to the server.
pub trait Transport {
    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// [`NoConnection`].
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection>;
}

/// HTTP, by a blocking client.
pub struct Http {
    agent: ureq::Agent,
    base: String,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("base", &self.base).finish_non_exhaustive()
    }
}

/// No answer is larger than this, bytes as they travel.
const MAX_ANSWER: u64 = 48 * 1024 * 1024;

impl Http {
    /// A way to the server at `base`, such as `http://10.0.0.5:7300`.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // The server never redirects; whoever does is not the server.
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .new_agent();
        Self { agent, base: base.trim_end_matches('/').to_owned() }
    }
}

impl Transport for Http {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let failed = |error: &dyn std::fmt::Display| NoConnection(error.to_string());
        let mut builder = ureq::http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.path));
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let http = builder.body(request.body.as_slice()).map_err(|error| failed(&error))?;
        let mut answer = self.agent.run(http).map_err(|error| failed(&error))?;
        let signature = answer.headers().get(sanben_sync::wire::SIGNATURE_HEADER);
        let signature = signature.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        let body = body.map_err(|error| failed(&error))?;
        Ok(Incoming { status: answer.status().as_u16(), signature, body })
    }
}
