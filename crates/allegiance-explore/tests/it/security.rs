//! Only the page that the server serves may ask, and only on this machine.

use std::net::{IpAddr, Ipv4Addr, TcpStream, UdpSocket};
use std::time::Duration;

use allegiance_explore::{Door, ServeError};

use crate::served::Served;

#[test]
fn a_foreign_host_is_turned_away() {
    let served = Served::one();
    let port = served.address.port();
    let status = |host: &str| served.ask(&format!("GET /api/runs HTTP/1.1\r\n{host}")).status;
    for own in ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"] {
        assert_eq!(status(&format!("Host: {own}:{port}\r\n")), 200, "{own}");
    }
    let other_port = port ^ 1;
    for foreign in [
        format!("evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("127.0.0.2:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.1:{other_port}"),
        "127.0.0.1".to_owned(),
        "evil.example".to_owned(),
        String::new(),
    ] {
        assert_eq!(status(&format!("Host: {foreign}\r\n")), 421, "{foreign}");
    }
    assert_eq!(status(""), 421, "no host at all");
    assert_eq!(status(&format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n")), 421);
    let absolute = format!("GET http://evil.example/api/runs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    assert_eq!(served.ask(&absolute).status, 421);
    let refused = served.ask("GET / HTTP/1.1\r\nHost: evil.example\r\n");
    assert_eq!(refused.error(), "this server answers to 127.0.0.1 and localhost only");
}

#[test]
fn another_page_is_turned_away() {
    let served = Served::one();
    let address = served.address;
    let status =
        |header: &str| served.ask(&format!("GET /api/runs HTTP/1.1\r\nHost: {address}\r\n{header}\r\n")).status;
    for own in
        [format!("Origin: http://{address}"), "Sec-Fetch-Site: none".into(), "Sec-Fetch-Site: same-origin".into()]
    {
        assert_eq!(status(&own), 200, "{own}");
    }
    let other_port = format!("Origin: http://127.0.0.1:{}", address.port() ^ 1);
    for foreign in [
        "Origin: https://evil.example",
        "Origin: null",
        &format!("Origin: https://{address}"),
        &other_port,
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
    ] {
        assert_eq!(status(foreign), 403, "{foreign}");
    }
}

#[test]
fn every_answer_has_the_strict_headers() {
    let served = Served::one();
    for (path, status) in [("/", 200), ("/engine.wasm", 200), ("/api/runs", 200), ("/nothing", 404)] {
        let response = served.get(path);
        assert_eq!(response.status, status, "{path}");
        let policy = response.header("content-security-policy").expect("a policy");
        for part in [
            "default-src 'none'",
            "'wasm-unsafe-eval'",
            "connect-src 'self'",
            "img-src data: blob:",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(response.header(name), Some(value), "{path}");
        }
        assert_eq!(response.header("access-control-allow-origin"), None);
    }
    assert_eq!(served.get("/").header("content-type"), Some("text/html; charset=utf-8"));
    let engine = served.get("/engine.wasm");
    assert_eq!(engine.header("content-type"), Some("application/wasm"));
    assert_eq!(engine.header("content-encoding"), Some("gzip"));
}

#[test]
fn no_path_of_a_file_is_taken_from_a_request() {
    let served = Served::one();
    for path in [
        "/run.json",
        "/../run.json",
        "/api/runs/..",
        "/api/runs/../../run.json",
        "/api/runs/..%2f..%2frun.json/bands",
        "/api/runs/0/replicates/..%2f..%2fetc%2fpasswd",
        "/api/runs/0/replicates/%00",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/engine.wasm/..",
    ] {
        assert_eq!(served.get(path).status, 404, "{path}");
    }
}

#[test]
fn nothing_can_be_written() {
    let served = Served::one();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let head = format!("{method} /api/runs HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n", served.address);
        assert_eq!(served.ask(&head).status, 405, "{method}");
    }
    let head = served.ask(&format!("HEAD /api/runs HTTP/1.1\r\nHost: {}\r\n", served.address));
    assert_eq!((head.status, head.body.len()), (200, 0));
}

#[test]
fn only_the_loopback_interface_listens() {
    let served = Served::one();
    assert_eq!(served.address.ip(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    // The address of this machine on its network, where it has one: connecting
    // a datagram socket sends nothing.
    let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
    let own = socket.connect("192.0.2.1:9").ok().and_then(|()| socket.local_addr().ok()).map(|address| address.ip());
    let Some(own) = own.filter(|ip| !ip.is_loopback() && !ip.is_unspecified()) else {
        println!("skipped: this machine has no other address than the loopback one");
        return;
    };
    let outside = (own, served.address.port()).into();
    assert!(TcpStream::connect_timeout(&outside, Duration::from_secs(2)).is_err(), "{outside} listens");
}

#[test]
fn a_port_that_is_taken_is_an_error_and_stopping_frees_it() {
    let mut served = Served::one();
    let port = served.address.port();
    match Door::open(Some(port)) {
        Err(ServeError::Listen { port: found, .. }) => assert_eq!(found, port),
        other => panic!("{other:?}"),
    }
    served.get("/api/runs");
    served.stop().expect("it ends well");
    Door::open(Some(port)).expect("the port is free");
}
