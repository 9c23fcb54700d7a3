//! A request and its answer, without HTTP.

use crate::log::LogError;
use crate::tenant::ServerError;
use sanben_sync::frame::{self, FrameError};
use sanben_sync::photo::NOT_CITED;
use std::fmt;

/// A request as it arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Call {
    /// `GET`, `POST` or `PUT`.
    pub method: String,
    /// The path, from `/`, without a query.
    pub path: String,
    /// Header names (in any case) and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Call {
    /// The value of a header; names are compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// Header names (lower case) and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body: a frame, or the bytes of a photo. When the status is not 200, the frame holds the name of
    /// a [`Code`] as text.
    pub body: Vec<u8>,
}

impl Reply {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn ok(body: Vec<u8>) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }
}

impl From<Code> for Reply {
    fn from(code: Code) -> Self {
        Self { status: code.status(), headers: Vec::new(), body: frame::pack(&code.name()) }
    }
}

/// Why a call was not answered with 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The body, a header or the path is not what it should be.
    Malformed,
    /// The device speaks a version of the protocol that is not spoken here.
    Version,
    /// The device's signature is missing or does not fit the request.
    BadSignature,
    /// No such device was enrolled here.
    UnknownDevice,
    /// The device was enrolled once and is not any more.
    RevokedDevice,
    /// The person of the device is not listed any more.
    UnknownPerson,
    /// Nothing in the scopes that the person holds cites this photo.
    NotCited,
    /// The original says where and when it was taken, which this person is not shown: ask for the rendition.
    RenditionOnly,
    /// There is nothing at this path.
    NotFound,
    /// The path knows no such method.
    WrongMethod,
    /// The photo arrived whole but is not the one that was cited; it was discarded: start again.
    WrongBytes,
    /// Larger than allowed.
    TooLarge,
    /// The body did not arrive in time; send less at once.
    TooSlow,
    /// Too many wrong codes, or too many calls at once; wait a little.
    TooMany,
    /// The device has begun too many photos without finishing them.
    Unfinished,
    /// The server has too much to do; nothing was kept of the request: send it again later.
    Busy,
    /// The server failed; nothing was kept of the request: send it again later.
    Failed,
}

impl Code {
    /// All codes.
    pub const ALL: [Self; 17] = [
        Self::Malformed,
        Self::Version,
        Self::BadSignature,
        Self::UnknownDevice,
        Self::RevokedDevice,
        Self::UnknownPerson,
        Self::NotCited,
        Self::RenditionOnly,
        Self::NotFound,
        Self::WrongMethod,
        Self::WrongBytes,
        Self::TooLarge,
        Self::TooSlow,
        Self::TooMany,
        Self::Unfinished,
        Self::Busy,
        Self::Failed,
    ];

    /// Its HTTP status.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::Version => 400,
            Self::BadSignature | Self::UnknownDevice | Self::RevokedDevice => 401,
            Self::UnknownPerson | Self::NotCited | Self::RenditionOnly => 403,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::TooSlow => 408,
            Self::TooLarge => 413,
            Self::WrongBytes => 422,
            Self::TooMany | Self::Unfinished => 429,
            Self::Failed => 500,
            Self::Busy => 503,
        }
    }

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Version => "version",
            Self::BadSignature => "bad-signature",
            Self::UnknownDevice => "unknown-device",
            Self::RevokedDevice => "revoked-device",
            Self::UnknownPerson => "unknown-person",
            Self::NotCited => NOT_CITED,
            Self::RenditionOnly => "rendition-only",
            Self::NotFound => "not-found",
            Self::WrongMethod => "wrong-method",
            Self::WrongBytes => "wrong-bytes",
            Self::TooLarge => "too-large",
            Self::TooSlow => "too-slow",
            Self::TooMany => "too-many",
            Self::Unfinished => "too-much-unfinished",
            Self::Busy => "busy",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a call does not succeed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The caller's doing.
    Code(Code),
    /// The server's.
    Server(ServerError),
}

impl From<Code> for Fault {
    fn from(code: Code) -> Self {
        Self::Code(code)
    }
}

impl From<ServerError> for Fault {
    fn from(error: ServerError) -> Self {
        Self::Server(error)
    }
}

impl From<LogError> for Fault {
    fn from(error: LogError) -> Self {
        Self::Server(error.into())
    }
}

impl From<FrameError> for Fault {
    fn from(error: FrameError) -> Self {
        Self::Code(match error {
            FrameError::TooLarge => Code::TooLarge,
            FrameError::Damaged => Code::Malformed,
        })
    }
}
