//! A static server for `dist/`, for this machine only.
//!
//! **Invariants:** it listens on loopback and answers only requests that name a loopback host; it reads nothing
//! outside its folder; it keeps nothing in caches (`no-cache`), so that what was just built is what one sees. One
//! connection, one answer: when it is stopped, it is gone.

mod mime;
mod request;

use request::Request;
use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

const UNREGISTER: &str = include_str!("../../../static/offline/unregister.js");

/// How many ports are tried, from the one asked for.
const TRIES: u16 = 100;

/// What is answered at `sw.js`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceWorker {
    /// The one in `dist/`.
    Real,
    /// One that unregisters itself.
    Unregisters,
}

impl ServiceWorker {
    /// As `--pwa` says.
    #[must_use]
    pub const fn from_flag(is_pwa: bool) -> Self {
        if is_pwa { Self::Real } else { Self::Unregisters }
    }
}

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Server {
    port: u16,
    shared: Arc<Shared>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    folder: PathBuf,
    service_worker: ServiceWorker,
    is_stopped: AtomicBool,
    paths: Mutex<Vec<String>>,
}

impl Server {
    /// Serves a folder on the first free port from `port` on (0: any).
    ///
    /// # Errors
    /// When there is no such folder, or none of a hundred ports is free.
    pub fn start(folder: &Path, port: u16, service_worker: ServiceWorker) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            folder: folder.canonicalize()?,
            service_worker,
            is_stopped: AtomicBool::new(false),
            paths: Mutex::default(),
        });
        let listener = bind(port)?;
        let port = listener.local_addr()?.port();
        let for_thread = Arc::clone(&shared);
        let accepting = thread::spawn(move || accept(&listener, &for_thread));
        Ok(Self { port, shared, accepting: Some(accepting) })
    }

    /// The port it got.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Where the page is.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The paths asked for so far, in order.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.shared.paths.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves until the process ends.
    pub fn wait(mut self) {
        if let Some(accepting) = self.accepting.take() {
            // A panic in the accepting thread has printed itself.
            accepting.join().ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(accepting) = self.accepting.take() else { return };
        self.shared.is_stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread; when even this fails, the listener is closed already.
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok();
        accepting.join().ok();
    }
}

fn bind(port: u16) -> io::Result<TcpListener> {
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for offset in 0..TRIES {
        let Some(port) = port.checked_add(offset) else { break };
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.is_stopped.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = Arc::clone(shared);
        // A visitor that goes away in the middle is no fault of ours, and nobody's business.
        thread::spawn(move || shared.answer(stream).ok());
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        stream.set_nodelay(true)?;
        let Some(request) = request::read(&mut stream)? else { return Ok(()) };
        if !request.is_for_loopback() {
            return say(
                &mut stream,
                &request,
                "421 Misdirected Request",
                "text/plain",
                b"Only for this machine.\n",
            );
        }
        self.paths.lock().unwrap_or_else(PoisonError::into_inner).push(request.target.clone());
        if request.method != "GET" && request.method != "HEAD" {
            return say(
                &mut stream,
                &request,
                "405 Method Not Allowed",
                "text/plain",
                b"Only GET and HEAD.\n",
            );
        }
        let Some(path) = request.path() else {
            return say(&mut stream, &request, "400 Bad Request", "text/plain", b"Not a path.\n");
        };
        if path == "sw.js" && self.service_worker == ServiceWorker::Unregisters {
            return say(&mut stream, &request, "200 OK", mime::of("sw.js"), UNREGISTER.as_bytes());
        }
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path };
        match self.find(&path) {
            Some(file) => send(&mut stream, &request, &path, file),
            None => say(&mut stream, &request, "404 Not Found", "text/plain", b"No such file.\n"),
        }
    }

    /// The file, if it lies in the folder even after links are followed.
    fn find(&self, path: &str) -> Option<File> {
        let file = self.folder.join(path).canonicalize().ok()?;
        (file.starts_with(&self.folder) && file.is_file()).then(|| File::open(file).ok())?
    }
}

fn send(stream: &mut TcpStream, request: &Request, path: &str, file: File) -> io::Result<()> {
    let size = file.metadata()?.len();
    head(stream, "200 OK", mime::of(path), size)?;
    if request.method == "HEAD" {
        return Ok(());
    }
    io::copy(&mut file.take(size), stream)?;
    stream.flush()
}

fn say(stream: &mut TcpStream, request: &Request, status: &str, kind: &str, body: &[u8]) -> io::Result<()> {
    head(stream, status, kind, body.len() as u64)?;
    if request.method != "HEAD" {
        stream.write_all(body)?;
    }
    stream.flush()
}

fn head(stream: &mut TcpStream, status: &str, kind: &str, length: u64) -> io::Result<()> {
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests;
