//! Serves one folder to this computer alone, for `serve` and for the browser tests.
//!
//! Loopback only, GET and HEAD only, nothing cached, nothing outside the folder, no percent-decoding (our
//! file names need none). Tests may add headers, replace the answer for a path, and read what was asked for.

mod http;

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

/// What to serve, and how it differs from the plain files.
#[derive(Clone, Default)]
pub struct Site {
    root: PathBuf,
    below: String,
    headers: Vec<(String, String)>,
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
        Self { root: root.into(), below: "/".to_owned(), ..Self::default() }
    }

    /// The folder served.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Puts the files under a path that begins and ends with `/`, and nothing elsewhere.
    pub fn below(mut self, path: &str) -> Self {
        path.clone_into(&mut self.below);
        self
    }

    /// Sends one more header with every answer.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared { site: self, seen: Mutex::default(), is_over: AtomicBool::new(false) });
        let accepting = Arc::clone(&shared);
        let thread = std::thread::spawn(move || accepting.accept_all(&listener));
        Ok(Server { address, shared, thread: Some(thread) })
    }
}

/// A running server; dropping it stops it.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
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
        if let Some(thread) = self.thread.take() {
            // If it panicked it has printed why.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // The thread looks up when somebody calls; if nobody can, it has ended.
        let _ = TcpStream::connect(self.address);
    }
}

struct Shared {
    site: Site,
    seen: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Shared {
    fn accept_all(self: Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.is_over.load(Ordering::SeqCst) {
                return;
            }
            let shared = Arc::clone(&self);
            if let Ok(stream) = stream {
                // The reader may go away at any moment: nothing to do about it.
                std::thread::spawn(move || shared.answer(&stream));
            }
        }
    }

    fn answer(&self, stream: &TcpStream) -> io::Result<()> {
        let (reply, with_body) = match http::read(stream)? {
            None => return Ok(()),
            Some(Err(reply)) => (reply, true),
            Some(Ok(request)) => {
                self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.path.clone());
                (self.reply_to(&request.path), request.wants_body)
            }
        };
        http::write(stream, &reply, &self.site.headers, with_body)
    }

    fn reply_to(&self, path: &str) -> Reply {
        let given = self.site.replies.get(path).cloned();
        let mut reply = given.or_else(|| self.file(path)).unwrap_or_else(Reply::not_found);
        if reply.content_type.starts_with("text/html") {
            insert_into_head(&mut reply.body, &self.site.head);
        }
        reply
    }

    fn file(&self, path: &str) -> Option<Reply> {
        let path = path.strip_prefix(&self.site.below)?;
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

/// Puts `html` after the tag `<head>`, or first where there is none.
pub fn insert_into_head(page: &mut Vec<u8>, html: &str) {
    let tag = b"<head>";
    let at = page.windows(tag.len()).position(|window| window == tag).map_or(0, |at| at + tag.len());
    page.splice(at..at, html.bytes());
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
    fn idle_connections_keep_nobody_waiting() {
        let server = Site::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).start(0).unwrap();
        let idle: Vec<_> = (0..20).map(|_| TcpStream::connect(server.address).unwrap()).collect();
        assert!(get(&server, "/lib.rs").starts_with("HTTP/1.1 200"));
        drop(idle);
    }

    #[test]
    fn files_under_a_path_are_nowhere_else() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let server = Site::new(folder).below("/blog/").start(0).unwrap();
        assert!(get(&server, "/blog/lib.rs").starts_with("HTTP/1.1 200"));
        assert!(get(&server, "/lib.rs").starts_with("HTTP/1.1 404"));
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
