//! The little of HTTP/1.1 a folder of files needs: one request per connection, one thread per connection.
//!
//! Browsers open connections ahead of time and keep them idle, so a fixed number of threads can starve: the page
//! then waits until the browser gives one up, minutes later. No keep-alive, no bodies, no chunks.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::Reply;

/// No head of a request is longer; what is longer is no browser's.
const LONGEST_HEAD: u64 = 64 * 1024;
/// An idle connection is closed after this.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was asked for.
pub(crate) struct Request {
    /// GET, else HEAD: only these are read.
    pub(crate) wants_body: bool,
    /// Without query and hash.
    pub(crate) path: String,
}

/// Reads the head of a request. `Ok(Err(reply))` is the answer to what is no request for a file, `None` the end of
/// a connection that was never used.
pub(crate) fn read(stream: &TcpStream) -> io::Result<Option<Result<Request, Reply>>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.take(LONGEST_HEAD));
    let mut first = String::new();
    if lines.read_line(&mut first)? == 0 {
        return Ok(None);
    }
    let mut line = String::new();
    // The headers say nothing we need, but have to be out of the way.
    while lines.read_line(&mut line)? > 0 && !line.trim_end().is_empty() {
        line.clear();
    }
    let mut words = first.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if !target.starts_with('/') {
        return Ok(Some(Err(Reply { status: 400, ..Reply::new("text/plain", "no path\n") })));
    }
    if !matches!(method, "GET" | "HEAD") {
        return Ok(Some(Err(Reply { status: 405, ..Reply::new("text/plain", "GET only\n") })));
    }
    let path = target.split(['?', '#']).next().unwrap_or(target).to_owned();
    Ok(Some(Ok(Request { wants_body: method == "GET", path })))
}

/// Writes the answer; the connection ends with it.
pub(crate) fn write(
    mut stream: &TcpStream,
    reply: &Reply,
    headers: &[(String, String)],
    with_body: bool,
) -> io::Result<()> {
    let reason = match reply.status {
        200 => "OK",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Other",
    };
    let mut head = format!(
        "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\nConnection: close\r\n",
        reply.status,
        reply.content_type,
        reply.body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    if with_body {
        bytes.extend_from_slice(&reply.body);
    }
    stream.write_all(&bytes)
}
