//! Serves one folder to this computer alone, for `serve` and for the browser tests.
//!
//! Loopback only, GET and HEAD only, nothing cached, nothing outside the folder, no percent-decoding (our
//! file names need none). Tests may add headers, replace the answer for a path, and read what was asked for.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tiny_http::{Header, Method, Request, Response, Server as Http};

/// Requests answered at the same time: a page, its worker and their files.
const THREADS: usize = 4;

/// What to serve, and how it differs from the plain files.
#[derive(Clone, Default)]
pub struct Site {
    root: PathBuf,
    headers: Vec<Header>,
    replies: HashMap<String, Reply>,
    head: String,
}

/// An answer given instead of a file.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status, for example 404.
    pub status: u16,
    /// The media type sent with the body.
    pub content_type: String,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A body that was found.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, content_type: content_type.into(), body: body.into() }
    }

    /// A 404, as a missing file gives.
    pub fn not_found() -> Self {
        Self { status: 404, content_type: "text/plain".into(), body: b"not found\n".to_vec() }
    }
}

impl Site {
    /// The files below `root`, as they are.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), ..Self::default() }
    }

    /// Sends one more header with every answer. Text that is no header (control characters) is left out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.extend(header(name, value));
        self
    }

    /// Answers `path` (it starts with `/`) with `reply` instead of the file.
    pub fn reply(mut self, path: &str, reply: Reply) -> Self {
        self.replies.insert(path.to_owned(), reply);
        self
    }

    /// Puts `html` first into the head of every page.
    pub fn head(mut self, html: &str) -> Self {
        self.head.push_str(html);
        self
    }

    /// Starts serving on `port` of 127.0.0.1; port 0 takes any free one.
    ///
    /// # Errors
    /// The folder is missing, or the port is taken ([`io::ErrorKind::AddrInUse`]).
    pub fn start(mut self, port: u16) -> io::Result<Server> {
        self.root = self.root.canonicalize()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let http = Http::http(address).map_err(|error| match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        })?;
        let address = http.server_addr().to_ip().unwrap_or(address);
        let shared = Arc::new(Shared { http, site: self, seen: Mutex::default() });
        let threads = (0..THREADS)
            .map(|_| {
                let shared = Arc::clone(&shared);
                std::thread::spawn(move || shared.answer_all())
            })
            .collect();
        Ok(Server { address, shared, threads })
    }
}

/// A running server; dropping it stops it.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// The address of the folder, `http://127.0.0.1:PORT/`.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The paths asked for so far, in order, without their queries.
    pub fn requests(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        for thread in self.threads.drain(..) {
            // A thread that panicked has printed why; the others go on.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Each call wakes one waiting thread.
        (0..self.threads.len()).for_each(|_| self.shared.http.unblock());
    }
}

struct Shared {
    http: Http,
    site: Site,
    seen: Mutex<Vec<String>>,
}

impl Shared {
    fn answer_all(&self) {
        // `recv` fails when the server is dropped: that is the end.
        while let Ok(request) = self.http.recv() {
            let path = path_of(request.url()).to_owned();
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
            let mut reply = self.reply_to(&request, &path);
            if reply.content_type.starts_with("text/html") {
                insert_into_head(&mut reply.body, &self.site.head);
            }
            let headers = self.site.headers.iter().cloned();
            let fixed = [header("Content-Type", &reply.content_type), header("Cache-Control", "no-store")];
            let mut response = Response::from_data(reply.body).with_status_code(reply.status);
            headers.chain(fixed.into_iter().flatten()).for_each(|one| response.add_header(one));
            // The reader may have gone away: nothing to do about it.
            let _ = request.respond(response);
        }
    }

    fn reply_to(&self, request: &Request, path: &str) -> Reply {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return Reply { status: 405, content_type: "text/plain".into(), body: b"GET only\n".to_vec() };
        }
        if let Some(reply) = self.site.replies.get(path) {
            return reply.clone();
        }
        self.file(path).unwrap_or_else(Reply::not_found)
    }

    fn file(&self, path: &str) -> Option<Reply> {
        let mut file = self.site.root.join(path.trim_start_matches('/')).canonicalize().ok()?;
        if !file.starts_with(&self.site.root) {
            return None;
        }
        if file.is_dir() {
            file.push("index.html");
        }
        let body = std::fs::read(&file).ok()?;
        Some(Reply { status: 200, content_type: media_type(&file).into(), body })
    }
}

/// The path of a request target: what stands before `?` or `#`.
fn path_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

/// Puts `html` after the tag `<head>`, or first where there is none.
fn insert_into_head(page: &mut Vec<u8>, html: &str) {
    let tag = b"<head>";
    let at = page.windows(tag.len()).position(|window| window == tag).map_or(0, |at| at + tag.len());
    page.splice(at..at, html.bytes());
}

fn header(name: &str, value: &str) -> Option<Header> {
    Header::from_bytes(name.as_bytes(), value.as_bytes()).ok()
}

/// The media type a browser insists on for this file (`application/wasm` for streaming compilation).
pub fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wasm" => "application/wasm",
        "csv" | "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpStream;

    fn get(server: &Server, path: &str) -> String {
        let mut stream = TcpStream::connect(server.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn what_is_put_into_the_head_comes_first_there() {
        let mut page = b"<!doctype html><head><title>x</title>".to_vec();
        insert_into_head(&mut page, "<script>");
        assert_eq!(page, b"<!doctype html><head><script><title>x</title>");
    }

    #[test]
    fn serves_below_the_folder_only_and_says_the_type() {
        let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let server = Site::new(crate_root.join("src"))
            .header("X-Test", "yes")
            .reply("/gone.wasm", Reply::not_found())
            .start(0)
            .unwrap();
        let found = get(&server, "/lib.rs?version=1");
        assert!(found.starts_with("HTTP/1.1 200"), "{found}");
        assert!(
            found.contains("X-Test: yes") && found.contains("no-store") && found.contains("//! Serves one")
        );
        assert!(get(&server, "/gone.wasm").starts_with("HTTP/1.1 404"));
        assert!(
            get(&server, "/../Cargo.toml").starts_with("HTTP/1.1 404"),
            "a file outside the folder was served"
        );
        assert_eq!(server.requests(), ["/lib.rs", "/gone.wasm", "/../Cargo.toml"]);
        assert_eq!(media_type(Path::new("pkg/a.wasm")), "application/wasm");
    }
}
