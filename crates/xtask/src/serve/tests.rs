//! What the server answers, over real connections.

use super::*;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("chartroom-serve-{name}-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::write(folder.join("index.html"), "<p>page").unwrap();
    std::fs::write(folder.join("sub/a.wasm"), b"\0asm").unwrap();
    std::fs::write(folder.join("sw.js"), "real").unwrap();
    folder
}

fn ask(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
    stream.write_all(format!("{request}\r\nHost: localhost\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn files_come_with_their_type_and_without_caching() {
    let server = Server::start(&folder("files"), 0, ServiceWorker::Real).unwrap();
    let page = ask(&server, "GET /?q=1 HTTP/1.1");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"), "{page}");
    assert!(page.contains("Cache-Control: no-cache\r\n") && page.ends_with("\r\n\r\n<p>page"), "{page}");
    assert!(ask(&server, "GET /sub/a.wasm HTTP/1.1").contains("Content-Type: application/wasm\r\n"));
    assert!(ask(&server, "HEAD / HTTP/1.1").ends_with(
        "Content-Length: 7\r\nCache-Control: no-cache\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n\r\n"
    ));
    assert!(ask(&server, "GET /none HTTP/1.1").starts_with("HTTP/1.1 404"));
    assert!(ask(&server, "GET /sub HTTP/1.1").starts_with("HTTP/1.1 404"));
    assert!(ask(&server, "POST / HTTP/1.1").starts_with("HTTP/1.1 405"));
    assert!(ask(&server, "GET /../x HTTP/1.1").starts_with("HTTP/1.1 400"));
    assert_eq!(server.requests().first().map(String::as_str), Some("/?q=1"));
}

#[test]
fn the_service_worker_is_the_real_one_only_when_asked_for() {
    let real = Server::start(&folder("real"), 0, ServiceWorker::Real).unwrap();
    assert!(ask(&real, "GET /sw.js HTTP/1.1").ends_with("\r\n\r\nreal"));
    let other = Server::start(&folder("other"), 0, ServiceWorker::Unregisters).unwrap();
    assert!(ask(&other, "GET /sw.js HTTP/1.1").contains("registration.unregister()"));
}

#[test]
fn a_taken_port_gives_the_next_free_one() {
    let first = Server::start(&folder("port"), 0, ServiceWorker::Real).unwrap();
    let second = Server::start(&folder("port"), first.port(), ServiceWorker::Real).unwrap();
    assert!(second.port() > first.port());
}

#[test]
fn a_stopped_server_is_gone() {
    let server = Server::start(&folder("stop"), 0, ServiceWorker::Real).unwrap();
    let port = server.port();
    drop(server);
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
}
