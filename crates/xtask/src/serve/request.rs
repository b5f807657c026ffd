//! The head of a request: method, path, host. A body is never read.

use std::io::{self, Read};

/// Longer heads are refused.
const MAX_HEAD: usize = 16 * 1024;

/// What was asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// As written, with the query.
    pub(super) target: String,
    /// Of the `Host` header, without the port; `None` when there is none.
    host: Option<String>,
}

/// Reads one head; `None` when it is no request or the other end went away.
pub(super) fn read(stream: &mut impl Read) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut buffer = [0; 2048];
    while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        let n = stream.read(&mut buffer)?;
        if n == 0 || head.len() + n > MAX_HEAD {
            return Ok(None);
        }
        head.extend_from_slice(&buffer[..n]);
    }
    Ok(parse(&String::from_utf8_lossy(&head)))
}

fn parse(head: &str) -> Option<Request> {
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?, first.next()?);
    if !first.next()?.starts_with("HTTP/1.") || !target.starts_with('/') {
        return None;
    }
    let host = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("host"))
        .map(|(_, value)| without_port(value.trim()).to_owned());
    Some(Request { method: method.to_owned(), target: target.to_owned(), host })
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

impl Request {
    /// Whether it names this machine. A page elsewhere whose name was made to point here does not.
    pub(super) fn is_for_loopback(&self) -> bool {
        matches!(self.host.as_deref(), Some("127.0.0.1" | "localhost" | "[::1]"))
    }

    /// The path below the folder, decoded, without the first `/`; `None` when it would leave the folder.
    pub(super) fn path(&self) -> Option<String> {
        let path = self.target.split(['?', '#']).next()?.strip_prefix('/')?;
        let path = decode(path)?;
        let is_inside = !path.contains(['\\', '\0', ':']) && path.split('/').all(|part| part != "..");
        (is_inside && !path.starts_with('/')).then_some(path)
    }
}

/// Undoes `%41`.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = rest else { return None };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        bytes.push(digit(*high)? << 4 | digit(*low)?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(target: &str, expected: Option<&str>) {
        let request = parse(&format!("GET {target} HTTP/1.1\r\nHost: localhost:1\r\n\r\n")).unwrap();
        assert_eq!(request.path().as_deref(), expected, "{target}");
    }

    #[test]
    fn a_path_is_decoded_and_never_leaves_the_folder() {
        check("/", Some(""));
        check("/a/b.js?x=1#y", Some("a/b.js"));
        check("/a%20b", Some("a b"));
        check("/../x", None);
        check("/a/%2e%2e/%2e%2e/x", None);
        check("/%2Fetc/passwd", None);
        check("/a%5C..%5Cx", None);
        check("/a%", None);
        check("/a%4", None);
        check("/%ff", None);
    }

    #[test]
    fn only_this_machine_is_a_host() {
        let is_ours = |host: &str| parse(&format!("GET / HTTP/1.1\r\n{host}\r\n")).unwrap().is_for_loopback();
        assert!(is_ours("Host: 127.0.0.1:8080"));
        assert!(is_ours("host: localhost"));
        assert!(is_ours("Host: [::1]:80"));
        assert!(!is_ours("Host: example.org:8080"));
        assert!(!is_ours("X: y"));
    }

    #[test]
    fn what_is_no_request_is_none() {
        assert_eq!(parse("hello"), None);
        assert_eq!(parse("GET x HTTP/1.1\r\n\r\n"), None);
    }
}
