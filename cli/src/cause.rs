//! What the system or the network said, in the person's language. What is not known here is passed on as it
//! came: better an English word than none.

use crate::language::{Language, say};
use std::io::{Error, ErrorKind};

/// Why the system did not do it.
#[must_use]
pub(crate) fn io(language: Language, error: &Error) -> String {
    kind(language, error.kind()).unwrap_or_else(|| said(language, &error.to_string()))
}

fn kind(language: Language, kind: ErrorKind) -> Option<String> {
    Some(match kind {
        ErrorKind::NotFound => say!(language, "cause-not-found"),
        ErrorKind::PermissionDenied => say!(language, "cause-permission"),
        ErrorKind::ReadOnlyFilesystem => say!(language, "cause-read-only"),
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => say!(language, "cause-not-a-folder"),
        ErrorKind::IsADirectory => say!(language, "cause-a-folder"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => say!(language, "cause-full"),
        ErrorKind::AddrInUse => say!(language, "cause-address-in-use"),
        ErrorKind::AddrNotAvailable => say!(language, "cause-address-elsewhere"),
        ErrorKind::ConnectionRefused => say!(language, "cause-refused"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            say!(language, "cause-cut")
        }
        ErrorKind::UnexpectedEof => say!(language, "cause-cut"),
        ErrorKind::TimedOut => say!(language, "cause-timeout"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            say!(language, "cause-unreachable")
        }
        _ => return None,
    })
}

/// The same for a cause that reaches us as a line of English from SQLite, the HTTP client or the layers
/// below: they name the system's own words in it.
#[must_use]
pub(crate) fn said(language: Language, text: &str) -> String {
    const KINDS: [(&str, ErrorKind); 23] = [
        ("no such file", ErrorKind::NotFound),
        ("is a directory", ErrorKind::IsADirectory),
        ("can only be read", ErrorKind::ReadOnlyFilesystem),
        ("permission denied", ErrorKind::PermissionDenied),
        ("access permission denied", ErrorKind::PermissionDenied),
        ("operation not permitted", ErrorKind::PermissionDenied),
        ("read-only", ErrorKind::ReadOnlyFilesystem),
        ("readonly", ErrorKind::ReadOnlyFilesystem),
        ("not a directory", ErrorKind::NotADirectory),
        ("entity already exists", ErrorKind::NotADirectory),
        ("unable to open database", ErrorKind::PermissionDenied),
        ("no space left", ErrorKind::StorageFull),
        ("no storage space", ErrorKind::StorageFull),
        ("disk is full", ErrorKind::StorageFull),
        ("connection refused", ErrorKind::ConnectionRefused),
        ("connection reset", ErrorKind::ConnectionReset),
        ("broken pipe", ErrorKind::BrokenPipe),
        ("peer disconnected", ErrorKind::ConnectionAborted),
        ("unexpected end of file", ErrorKind::UnexpectedEof),
        ("timeout", ErrorKind::TimedOut),
        ("not answer in time", ErrorKind::TimedOut),
        ("host not found", ErrorKind::HostUnreachable),
        ("unreachable", ErrorKind::NetworkUnreachable),
    ];
    let lower = text.to_ascii_lowercase();
    if lower.contains("want a login first") {
        return say!(language, "cause-login");
    }
    if lower.contains("changed on the way") {
        return say!(language, "cause-altered");
    }
    if lower.contains("not the server that the invitation names") {
        return say!(language, "cause-other-key");
    }
    if lower.contains("no public authority vouches") {
        return say!(language, "cause-unknown-authority");
    }
    if lower.contains("copy the whole address") {
        return say!(language, "cause-bad-pin");
    }
    if lower.contains("does not speak http") {
        return say!(language, "cause-no-http");
    }
    if lower.contains("does not speak tls") {
        return say!(language, "cause-no-tls");
    }
    if lower.contains("too much to do just now") {
        return say!(language, "cause-busy");
    }
    if let Some(status) = lower.strip_prefix("status ") {
        // Our server never redirects.
        let redirects = status.starts_with('3');
        return if redirects {
            say!(language, "cause-login")
        } else {
            say!(language, "cause-status", status = status)
        };
    }
    if lower.contains("lookup") || lower.contains("host not found") {
        return say!(language, "cause-no-host");
    }
    if ["invalid format", "invalid uri", "scheme", "invalid authority"]
        .iter()
        .any(|words| lower.contains(words))
    {
        return say!(language, "cause-address");
    }
    if lower.contains("not a store of this program") {
        return say!(language, "cause-foreign");
    }
    if lower.contains("not a database") {
        return say!(language, "cause-no-database");
    }
    if lower.contains("malformed") {
        return say!(language, "cause-malformed");
    }
    let known = KINDS.iter().find(|(words, _)| lower.contains(words));
    known.and_then(|(_, found)| kind(language, *found)).unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_itself_says_is_known() {
        // The words of this machine's own errors, as they are and as the standard library names their kinds.
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "x").unwrap();
        let errors = [
            std::fs::read(dir.path().join("nothing")).unwrap_err(),
            std::fs::read(file.join("below")).unwrap_err(),
            std::fs::read(dir.path()).unwrap_err(),
            std::net::TcpStream::connect("127.0.0.1:1").unwrap_err(),
        ];
        for error in &errors {
            assert!(!io(Language::Zh, error).is_ascii(), "{error}");
            assert_eq!(said(Language::Zh, &error.to_string()), io(Language::Zh, error), "the same as a text");
        }
        for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem, ErrorKind::NotADirectory] {
            assert_eq!(
                said(Language::Zh, &format!("the disk refused: {kind}")),
                io(Language::Zh, &kind.into())
            );
        }
        assert_eq!(said(Language::Zh, "io: Connection refused"), io(Language::Zh, &errors[3]));
        assert_eq!(said(Language::En, "something new"), "something new");
    }
}
