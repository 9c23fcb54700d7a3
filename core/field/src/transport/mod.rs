//! How a request reaches the server: a trait, and HTTP behind it. The session itself never opens a socket,
//! so the fleet can put a lossy network of its own in this place.
//!
//! The address says whom to trust. `https://10.0.0.5:7300/#sha256=…` is exactly the server with that public
//! key, as the desk's invitation names it; `https://sanben.example.cn` is whoever a public authority calls so;
//! `http://` is for the machine itself and for a proxy's inner side. Whatever the line is, work and answers
//! are signed: TLS keeps them from being read.

mod pinned;

use pinned::{Pin, PinnedConnector};
use sanben_sync::wire::{SERVER_HEADER, SIGNATURE_HEADER};
use std::time::Duration;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, TcpConnector};

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
    /// Whoever asks gives up after this long. A transport that cannot give up in the middle may take longer by
    /// the one request.
    pub within: Option<Duration>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// The HTTP status.
    pub status: u16,
    /// The server's signature header, if any.
    pub signature: Option<String>,
    /// Of a refusal: the header with the key of who signed it, if any.
    pub server: Option<String>,
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
    /// Nothing when the address cannot be used; a call says why.
    agent: Result<ureq::Agent, NoConnection>,
    base: String,
    pinned: bool,
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Http").field("base", &self.base).finish_non_exhaustive()
    }
}

/// No answer is larger than this, bytes as they travel.
const MAX_ANSWER: u64 = 48 * 1024 * 1024;
/// No request takes longer than this.
const LONGEST: Duration = Duration::from_secs(120);
/// Who took a request in and says nothing for so long is given up, unless its caller waits for longer.
const SILENCE: Duration = Duration::from_secs(60);
/// What stands between an address and its pin.
const PIN: &str = "#sha256=";

const BAD_PIN: &str = "the address ends in a damaged fingerprint: copy the whole address from the invitation";
const PLAIN_PIN: &str =
    "an address with a fingerprint begins with https: copy the whole address from the invitation";
const OTHER_KEY: &str = "this is not the server that the invitation names, its certificate has another key: \
    if the desk has changed it, take the new address from there; else somebody is in between, use another network";
const UNKNOWN_AUTHORITY: &str = "no public authority vouches for the server's certificate: \
    use the whole address of the invitation, which ends in #sha256=… and names the key";
const NO_TLS: &str =
    "the server does not speak TLS at this address: check it, and whether it begins with http or https";
const NO_HTTP: &str =
    "what answers at this address does not speak HTTP: check it, and whether it begins with http or https";
const SILENT: &str =
    "the server did not answer in time: nothing is lost, it is tried again by itself a little later";
pub(crate) const NOT_OURS: &str =
    "an answer that is not from the server; this network may want a login first";
/// What a signature that does not fit says for certain, over a line that anybody can write on.
pub(crate) const ALTERED: &str = "what was sent or answered was changed on the way, or somebody answers in the server's \
    place: nothing of it was taken in, and it is tried again by itself. If it stays so, use another network";
const BUSY: &str = "the server has too much to do just now: it is tried again by itself a little later";

impl Http {
    /// A way to the server at `base`, such as `http://10.0.0.5:7300` or an invitation's address.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // The server never redirects; whoever does is not the server.
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_global(Some(LONGEST))
            .build();
        let (address, pin) = match base.split_once('#') {
            Some((address, _)) => (address, Some(read_pin(base))),
            None => (base, None),
        };
        let base = address.trim_end_matches('/').to_owned();
        let pinned = pin.is_some();
        let agent = match pin {
            None => Ok(config.new_agent()),
            Some(Ok(_)) if !base.starts_with("https://") => Err(NoConnection(PLAIN_PIN.to_owned())),
            Some(pin) => pin.and_then(|pin| {
                let connector = PinnedConnector::to(pin).map_err(|error| NoConnection(error.to_string()))?;
                let chain = ().chain(ConnectProxyConnector::default()).chain(TcpConnector::default());
                Ok(ureq::Agent::with_parts(config, chain.chain(connector), DefaultResolver::default()))
            }),
        };
        Self { agent, base, pinned }
    }

    /// What went wrong, and for TLS what to do.
    fn failed(&self, error: &ureq::Error) -> NoConnection {
        let tls = match error {
            ureq::Error::Rustls(tls) => Some(tls),
            ureq::Error::Io(error) => error.get_ref().and_then(|inner| {
                let whole = inner.downcast_ref::<rustls::Error>();
                whole.or_else(|| inner.source()?.downcast_ref::<rustls::Error>())
            }),
            _ => None,
        };
        NoConnection(match tls {
            Some(rustls::Error::InvalidCertificate(_)) if self.pinned => OTHER_KEY.to_owned(),
            Some(rustls::Error::InvalidCertificate(_)) => UNKNOWN_AUTHORITY.to_owned(),
            Some(rustls::Error::InvalidMessage(_)) => NO_TLS.to_owned(),
            None if matches!(error, ureq::Error::Protocol(_)) => NO_HTTP.to_owned(),
            None if matches!(error, ureq::Error::Timeout(_)) => SILENT.to_owned(),
            _ => error.to_string(),
        })
    }
}

fn read_pin(base: &str) -> Result<Pin, NoConnection> {
    let digits = base.split_once(PIN).map(|(_, digits)| digits.trim());
    let bytes = digits.and_then(crate::hex::read);
    bytes.and_then(|bytes| Pin::try_from(bytes).ok()).ok_or_else(|| NoConnection(BAD_PIN.to_owned()))
}

impl Transport for Http {
    fn call(&self, request: &Outgoing) -> Result<Incoming, NoConnection> {
        let agent = self.agent.as_ref().map_err(Clone::clone)?;
        let mut builder = ureq::http::Request::builder()
            .method(request.method)
            .uri(format!("{}{}", self.base, request.path));
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let http = builder.body(request.body.as_slice()).map_err(|error| NoConnection(error.to_string()))?;
        let within = request.within.map_or(LONGEST, |within| within.min(LONGEST));
        let silence = request.within.map_or(SILENCE, |within| within.min(LONGEST));
        let http = agent
            .configure_request(http)
            .timeout_global(Some(within))
            .timeout_recv_response(Some(silence))
            .build();
        let mut answer = agent.run(http).map_err(|error| self.failed(&error))?;
        let header = |name| answer.headers().get(name)?.to_str().ok().map(str::to_owned);
        let (signature, server) = (header(SIGNATURE_HEADER), header(SERVER_HEADER));
        let status = answer.status().as_u16();
        // A limit's word is unsigned: no verdict on anything, and no hurry.
        if matches!(status, 429 | 503) && signature.is_none() {
            return Err(NoConnection(BUSY.to_owned()));
        }
        let body = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        let body = body.map_err(|error| self.failed(&error))?;
        Ok(Incoming { status, signature, server, body })
    }
}
