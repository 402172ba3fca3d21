//! What goes with every answer, and what a page of another site may ask for: nothing.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use domain::sync::enrol::{DenialCode, Denied};

use crate::device::Device;
use crate::server::{Answer, Folder, Server, order};

/// Answers of every kind: pages, files that are not there, messages, refusals of each sort.
fn one_of_each(server: &Server, device: &Device) -> Vec<(&'static str, Answer)> {
    let pull = format!("/v1/stores/{}/pull", device.store);
    let foreign = [("sec-fetch-site", "cross-site")];
    let same = [(
        "if-none-match",
        server.get("/", &[]).header("etag").to_owned(),
    )];
    let same = same.each_ref().map(|(name, tag)| (*name, tag.as_str()));
    vec![
        ("a page", server.get("/queue", &[])),
        ("a page that has not changed", server.get("/", &same)),
        ("no such file", server.get("/missing.js", &[])),
        (
            "a method that files do not have",
            server.post("/queue", &[], b""),
        ),
        ("health", server.get("/healthz", &[])),
        ("hello", server.get("/v1/hello", &[])),
        ("a pull", device.get(server.address, &pull)),
        ("a pull without a signature", server.get(&pull, &[])),
        ("no such route", server.get("/v1/nothing", &[])),
        (
            "a method that a route does not have",
            server.get("/v1/enrol", &[]),
        ),
        ("an order", server.send_order(&order("PUB-1", 1))),
        (
            "an order without a token",
            server.post("/api/v1/orders", &[], b"{}"),
        ),
        ("a foreign page", server.get("/v1/hello", &foreign)),
        (
            "a foreign page with an order",
            server.post("/api/v1/orders", &foreign, b"{}"),
        ),
    ]
}

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    for (what, answer) in one_of_each(&server, &device) {
        let has = |name: &str, value: &str| {
            assert_eq!(answer.header(name), value, "{what}: {name}");
        };
        has("x-content-type-options", "nosniff");
        has("referrer-policy", "no-referrer");
        has("cross-origin-opener-policy", "same-origin");
        has("cross-origin-resource-policy", "same-origin");
        has(
            "permissions-policy",
            "camera=(self), microphone=(), geolocation=()",
        );
        // Not over TLS, so a browser must not be told to come over nothing else.
        has("strict-transport-security", "");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        if matches!(what, "a page" | "a page that has not changed") {
            assert!(policy.contains("script-src 'self'"), "{what}: {policy}");
            has("cache-control", "no-cache");
        } else {
            assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
            has("cache-control", "no-store");
        }
    }
}

#[test]
fn a_page_of_another_site_can_neither_read_nor_change_anything() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let bearer = format!("Bearer {}", server.token);
    let here = format!("http://{}", server.address);
    let signs: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", &here)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ];
    for sign in signs {
        let hello = server.get("/v1/hello", sign);
        assert_eq!(hello.status, 403, "{sign:?}");
        assert_eq!(hello.cbor::<Denied>().code, DenialCode::OutOfScope);
        assert_eq!(server.post("/v1/enrol", sign, b"").status, 403, "{sign:?}");
        // Not even with the token, which a page might have found somewhere.
        let headers = [sign, &[("authorization", bearer.as_str())]].concat();
        let taken = order("PUB-1", 1).to_string();
        let answer = server.post("/api/v1/orders", &headers, taken.as_bytes());
        assert_eq!(answer.status, 403, "{sign:?}");
        assert_eq!(answer.json()["errors"][0]["code"], "foreign_page");
        // A link to the app is another matter.
        assert_eq!(server.get("/queue", sign).status, 200, "{sign:?}");
    }
    assert_eq!(server.standing("PUB-1").status, 404);
}

#[test]
fn the_apps_own_page_and_programs_that_are_no_browser_are_let_through() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let here = format!("http://{}", server.address);
    let signs: [&[(&str, &str)]; 4] = [
        &[],
        &[("sec-fetch-site", "same-origin"), ("origin", &here)],
        &[("sec-fetch-site", "none")],
        &[("origin", &here)],
    ];
    for sign in signs {
        assert_eq!(server.get("/v1/hello", sign).status, 200, "{sign:?}");
        // Let through, and then found to say nothing.
        assert_eq!(server.post("/v1/enrol", sign, b"").status, 400, "{sign:?}");
    }
}

#[test]
fn a_host_that_is_unknown_wrong_or_missing_breaks_nothing() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let long = "a".repeat(4_000);
    let hosts = [
        "",
        "host: elsewhere.example\r\n",
        "host: \r\n",
        "host: not a host\r\n",
        "host: [::1\r\n",
        "host: x:99999\r\n",
        "host: \u{e9}\u{e9}\r\n",
        "host: a\r\nhost: b\r\n",
        &format!("host: {long}\r\n"),
    ];
    for host in hosts {
        for path in ["/", "/v1/hello", "http://elsewhere.example/v1/hello"] {
            let mut line = TcpStream::connect(server.address).unwrap();
            let request = format!("GET {path} HTTP/1.1\r\n{host}connection: close\r\n\r\n");
            line.write_all(request.as_bytes()).unwrap();
            let mut said = Vec::new();
            line.read_to_end(&mut said).unwrap();
            let said = String::from_utf8_lossy(&said);
            let is_well = said.starts_with("HTTP/1.1 200") || said.starts_with("HTTP/1.1 400");
            assert!(is_well, "{host:?} {path}: {said}");
        }
    }
    assert_eq!(server.get("/healthz", &[]).status, 200);
}

#[test]
fn what_is_no_http_at_all_is_answered_with_nothing_that_a_browser_could_show_run_or_keep() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let long = "a".repeat(600_000);
    for request in [
        "no http\r\n\r\n".to_owned(),
        "GET /v1/hello HTTP/9.9\r\n\r\n".to_owned(),
        "GET /v1/hello HTTP/1.1\r\nno colon\r\n\r\n".to_owned(),
        format!("GET /v1/hello HTTP/1.1\r\nx: {long}\r\n\r\n"),
        format!("GET /{long} HTTP/1.1\r\n\r\n"),
    ] {
        let mut line = TcpStream::connect(server.address).unwrap();
        // What is too long is answered, and the line closed, before all of it was said.
        drop(line.write_all(request.as_bytes()));
        let mut said = Vec::new();
        drop(line.read_to_end(&mut said));
        let said = String::from_utf8_lossy(&said).to_lowercase();
        let what = &request[..request.len().min(40)];
        let Some((head, body)) = said.split_once("\r\n\r\n") else {
            assert_eq!(said, "", "{what}");
            continue;
        };
        let status = head.strip_prefix("http/1.1 ").unwrap_or_default();
        assert!(
            ["400", "414", "431"]
                .iter()
                .any(|known| status.starts_with(known)),
            "{what}: {head}"
        );
        assert!(head.contains("content-length: 0"), "{what}: {head}");
        assert!(!head.contains("content-type"), "{what}: {head}");
        assert_eq!(body, "", "{what}");
    }
}
