//! Every route, asked slowly, hugely and wrongly: none breaks, and none holds a line longer than it may.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use domain::sync::enrol::{DenialCode, Denied};
use serde_json::Value;
use sync_server::http::{Limits, Rates};

use crate::device::Device;
use crate::server::{Folder, Server, make_shop};

/// Every route: how it is asked, and where it is in this shop.
pub(crate) const ROUTES: [(&str, &str); 22] = [
    ("GET", "/healthz"),
    ("GET", "/authority.crt"),
    ("GET", "/v1/hello"),
    ("POST", "/v1/enrol"),
    ("POST", "/v1/stores/{store}/sign-in"),
    ("POST", "/v1/stores/{store}/devices"),
    ("POST", "/v1/stores/{store}/wiped"),
    ("POST", "/v1/stores/{store}/passkeys"),
    ("POST", "/v1/stores/{store}/permit"),
    ("POST", "/v1/stores/{store}/push"),
    ("GET", "/v1/stores/{store}/pull"),
    ("GET", "/v1/stores/{store}/sums"),
    ("GET", "/v1/stores/{store}/snapshot"),
    ("GET", "/v1/stores/{store}/chunks/{hash}"),
    ("POST", "/v1/stores/{store}/claim"),
    ("GET", "/v1/stores/{store}/hints"),
    ("GET", "/v1/stores/{store}/orders/{order}/chain"),
    ("GET", "/v1/stores/{store}/register"),
    ("GET", "/v1/stores/{store}/printers"),
    ("POST", "/api/v1/orders"),
    ("GET", "/api/v1/orders/{source}/{id}"),
    ("GET", "/api/v1/openapi.json"),
];
/// The server's own limits in these tests.
const WAIT: Duration = Duration::from_millis(700);
/// What a line may take beyond them, on a machine that does other things too.
const GRACE: Duration = Duration::from_secs(20);

#[test]
fn the_table_above_is_the_routers_own() {
    let source = include_str!("../../src/http.rs");
    let routes: Vec<(String, String)> = source
        .split(".route(\"")
        .skip(1)
        .map(|rest| {
            let (path, rest) = rest.split_once("\", ").unwrap();
            let (method, _) = rest.split_once('(').unwrap();
            (method.to_uppercase(), path.to_owned())
        })
        .collect();
    let expected = ROUTES.map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(routes, expected);
    assert_eq!(source.matches(".route(").count(), ROUTES.len());
    assert!(
        !source.contains(".nest("),
        "routes that this test does not see"
    );
}

/// The statuses the server's own description names for a route.
fn described() -> BTreeMap<(String, String), BTreeSet<String>> {
    let text = include_str!("../../src/http/openapi.json");
    let description: Value = serde_json::from_str(text).unwrap();
    let mut routes = BTreeMap::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let statuses = operation["responses"].as_object().unwrap();
            let statuses = statuses.keys().cloned().collect();
            routes.insert((method.to_uppercase(), path.clone()), statuses);
        }
    }
    routes
}

#[test]
fn the_description_names_every_route_and_no_other() {
    let named: BTreeSet<_> = described().into_keys().collect();
    let routes = ROUTES.map(|(method, path)| (method.to_owned(), path.to_owned()));
    assert_eq!(named, BTreeSet::from(routes));
    let stand = Stand::new();
    let answer = stand.server.get("/api/v1/openapi.json", &[]);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json")
    );
    assert_eq!(answer.json()["openapi"], "3.1.0");
    assert_eq!(
        answer.body,
        include_bytes!("../../src/http/openapi.json").to_vec()
    );
}

#[test]
fn what_no_handler_answers_has_the_form_of_every_other_refusal() {
    let stand = Stand::new();
    let bearer = format!("Bearer {}", stand.server.token);
    let headers = [("authorization", bearer.as_str())];
    let pull = format!("{}?position=-1", stand.path("/v1/stores/{store}/pull"));
    let answer = stand.device.get(stand.server.address, &pull);
    assert_eq!(answer.status, 400);
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::Unreadable);
    let answer = stand.server.post("/v1/hello", &[], b"");
    assert_eq!((answer.status, answer.header("allow")), (405, "GET,HEAD"));
    assert_eq!(answer.cbor::<Denied>().code, DenialCode::NotFound);
    for (path, status, code) in [
        ("/api/v1/orders/%ff/1", 400, "unreadable"),
        ("/api/v1/orders", 405, "method_unknown"),
        ("/api/v1/nothing", 404, "not_found"),
    ] {
        let answer = stand.server.get(path, &headers);
        let found = answer.json()["errors"][0]["code"].clone();
        assert_eq!((answer.status, &found), (status, &code.into()), "{path}");
    }
    let answer = stand
        .server
        .post("/api/v1/orders?products=a&products=b", &headers, b"[]");
    assert_eq!(answer.json()["errors"][0]["code"], "unreadable");
}

struct Stand {
    described: BTreeMap<(String, String), BTreeSet<String>>,
    server: Server,
    device: Device,
    _folder: Folder,
}

impl Stand {
    fn new() -> Self {
        let folder = Folder::new();
        let token = make_shop(&folder.data());
        let limits = Limits {
            lines_max: 100,
            handshake_wait_max: WAIT,
            head_wait_max: WAIT,
            body_wait_max: WAIT,
        };
        let server = Server::open_strict(&folder.data(), token, limits, Rates::endless());
        let device = Device::enrolled(&server);
        Self {
            described: described(),
            server,
            device,
            _folder: folder,
        }
    }

    /// A route's path in this shop.
    fn path(&self, route: &str) -> String {
        route
            .replace("{store}", &self.device.store.to_string())
            .replace("{hash}", &"ab".repeat(32))
            .replace("{order}", &"cd".repeat(16))
            .replace("{source}", "web")
            .replace("{id}", "PUB-1")
    }

    /// Says something, and then nothing. What was answered until the line was closed, and how long that took.
    fn say(&self, said: &[u8]) -> (String, Duration) {
        let mut line = TcpStream::connect(self.server.address).unwrap();
        line.set_read_timeout(Some(GRACE)).unwrap();
        let begun = Instant::now();
        // A server that has heard enough closes the line in the middle.
        drop(line.write_all(said));
        let mut answer = Vec::new();
        let mut part = [0; 4_096];
        loop {
            match line.read(&mut part) {
                Ok(0) => break,
                Ok(read) => answer.extend_from_slice(&part[..read]),
                Err(error) => {
                    assert_ne!(error.kind(), ErrorKind::WouldBlock, "the line stays open");
                    break;
                }
            }
        }
        (
            String::from_utf8_lossy(&answer).into_owned(),
            begun.elapsed(),
        )
    }

    #[track_caller]
    fn expect_no_break(&self, what: &str, said: &[u8]) {
        let (answer, took) = self.say(said);
        assert!(!answer.starts_with("HTTP/1.1 5"), "{what}: {answer}");
        assert!(took < WAIT * 2 + GRACE, "{what}: {took:?}");
    }

    /// The same of a route, asked as it is to be: its answer is one that the description names.
    #[track_caller]
    fn expect_described(&self, (method, route): (&str, &str), what: &str, said: &[u8]) {
        let (answer, took) = self.say(said);
        assert!(took < WAIT * 2 + GRACE, "{what}: {took:?}");
        // Whoever asks whether to go on is told so first.
        let answer = answer
            .strip_prefix("HTTP/1.1 100 Continue\r\n\r\n")
            .unwrap_or(&answer);
        let Some(status) = answer
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
        else {
            // A line that is closed without a word, as one is that says nothing that could be answered.
            assert!(answer.is_empty(), "{what}: {answer}");
            return;
        };
        let named = &self.described[&(method.to_owned(), route.to_owned())];
        assert!(
            named.contains(status),
            "{method} {route}, {what}: {status} is not described"
        );
    }

    /// The shop goes on as if nothing had been.
    fn expect_well(mut self) {
        self.device.push_all(&self.server);
        self.device.pull(&self.server);
        assert_eq!(self.server.get("/healthz", &[]).status, 200);
    }

    fn bearer(&self) -> String {
        format!("authorization: Bearer {}\r\n", self.server.token)
    }
}

#[test]
fn heads_that_make_no_sense_break_no_route() {
    let stand = Stand::new();
    let long = "a".repeat(20_000);
    let wrong = [
        "content-length: -1\r\n",
        "content-length: 18446744073709551616\r\n",
        "content-length: 3\r\ncontent-length: 4\r\n",
        "transfer-encoding: chunked\r\ncontent-length: 3\r\n",
        "transfer-encoding: gzip\r\n",
        "expect: 100-continue\r\ncontent-length: 9\r\n",
        "custody-device: \u{fffd}\r\ncustody-boot: zz\r\n",
        "authorization: Bearer \r\n",
        "authorization: Basic eDp5\r\n",
        "accept-encoding: \u{1}\r\n",
        "range: bytes=0-0,-1,9999999999999999999-\r\n",
        "upgrade: h2c\r\nconnection: upgrade\r\n",
        &format!("x: {long}\r\n"),
        "no colon\r\n",
    ];
    for (method, route) in ROUTES {
        let path = stand.path(route);
        for head in wrong {
            let said = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{head}\r\nabc"
            );
            stand.expect_described((method, route), head, said.as_bytes());
        }
    }
    stand.expect_well();
}

#[test]
fn paths_queries_and_methods_that_make_no_sense_break_no_route() {
    let stand = Stand::new();
    let long = "9".repeat(30_000);
    let endings = [
        "?position=-1&schema=99999999999&whole=8&seen=x&actor=&products=%",
        "?position=18446744073709551616&incarnation=zz&scope=%ff&signed=0",
        "?%00=%ff&&==&actor=4294967296",
        "/../..",
        "/%2e%2e/%00",
        "%ff",
        "/",
        &format!("?whole={long}"),
    ];
    for (method, route) in ROUTES {
        let path = stand.path(route);
        for ending in endings {
            for method in [method, "PUT", "OPTIONS", "TRACE", "HEAD", "X"] {
                let said = format!(
                    "{method} {path}{ending} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-length: 0\r\n\r\n",
                    stand.bearer()
                );
                stand.expect_no_break(&format!("{method} {route}{ending}"), said.as_bytes());
            }
        }
        // Identifiers of every wrong kind.
        for wrong in ["", "0", "\u{e9}", "%F0%9F%92%A9", "....", "{store}"] {
            let path = route.split('/').map(|part| match part.starts_with('{') {
                true => wrong,
                false => part,
            });
            let path = path.collect::<Vec<_>>().join("/");
            let said = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-length: 0\r\n\r\n",
                stand.bearer()
            );
            stand.expect_no_break(&path, said.as_bytes());
        }
    }
    stand.expect_well();
}

#[test]
fn bodies_that_are_huge_or_make_no_sense_break_no_route() {
    let stand = Stand::new();
    let huge = vec![b'['; 3 * 1024 * 1024];
    for (method, route) in ROUTES {
        let path = stand.path(route);
        for body in [
            &huge[..],
            b"",
            b"\x00",
            b"{}",
            b"[[[[",
            b"null",
            b"\xff\xff",
        ] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}content-length: {}\r\n\r\n",
                stand.bearer(),
                body.len()
            );
            let said = [head.as_bytes(), body].concat();
            let what = format!("{} bytes", body.len());
            stand.expect_described((method, route), &what, &said);
            // The same, signed by a device.
            if method == "POST" && route.starts_with("/v1/") {
                let answer = stand.device.post(stand.server.address, &path, body);
                assert!(answer.status < 500, "{route}: {}", answer.status);
            }
        }
        // Pieces that are not as long as they say.
        for pieces in [
            "zz\r\nabc\r\n0\r\n\r\n",
            "ffffffffffffffffff\r\n",
            "3\r\nabcdef\r\n0\r\n\r\n",
        ] {
            let said = format!(
                "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{}transfer-encoding: chunked\r\n\r\n{pieces}",
                stand.bearer()
            );
            stand.expect_described((method, route), "in pieces", said.as_bytes());
        }
    }
    stand.expect_well();
}

#[test]
fn half_a_request_holds_no_line_of_any_route() {
    let stand = Stand::new();
    let waiting = std::thread::scope(|scope| {
        let asked: Vec<_> = ROUTES
            .iter()
            .flat_map(|(method, route)| {
                let path = stand.path(route);
                let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\n{}", stand.bearer());
                // Half a head, and a body of which half never comes.
                let body = format!("{head}content-length: 900\r\n\r\nhalf");
                [(*route, head), (*route, body)]
            })
            .map(|(route, said)| {
                let stand = &stand;
                scope.spawn(move || (route, stand.say(said.as_bytes())))
            })
            .collect();
        let ended = asked.into_iter().map(|asked| asked.join().unwrap());
        ended.collect::<Vec<_>>()
    });
    for (route, (answer, took)) in waiting {
        assert!(!answer.starts_with("HTTP/1.1 5"), "{route}: {answer}");
        assert!(took < WAIT * 2 + GRACE, "{route}: {took:?}");
    }
    stand.expect_well();
}
