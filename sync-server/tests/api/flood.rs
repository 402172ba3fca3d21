//! Too much of everything: requests, lines, patience.
//!
//! `CUSTODY_REQUESTS` says how many requests (20 000).

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sync_server::http::{Limits, Rates};

use crate::device::Device;
use crate::server::{Folder, Server, make_shop};

const REQUESTS: usize = 20_000;
const LINES: usize = 8;
const TOO_MANY: u16 = 429;
/// What the server may keep of any number of requests, and the tests beside this one for themselves. A million make a
/// kilobyte of each a gigabyte.
const MEMORY_MAX: u64 = 512 * 1024 * 1024;
/// The slowest but one in a hundred pulls while the flood lasts, on a machine that does other things too.
const PULL_P99_MAX: Duration = Duration::from_secs(5);

/// Bytes of memory this process has.
pub(crate) fn resident_bytes() -> u64 {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        // Only Linux tells.
        return 0;
    };
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    kilobytes.unwrap().parse::<u64>().unwrap() * 1_024
}

fn requests() -> usize {
    let asked = std::env::var("CUSTODY_REQUESTS").ok();
    asked.map_or(REQUESTS, |text| {
        text.parse().expect("CUSTODY_REQUESTS is a number")
    })
}

/// Sends one request and reads the whole answer. Returns its status.
fn ask(line: &mut TcpStream, request: &[u8]) -> u16 {
    line.write_all(request).unwrap();
    let mut answer = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let read = line.read(&mut part).unwrap();
        assert!(read > 0, "the line was closed");
        answer.extend_from_slice(&part[..read]);
        let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
        if answer.len() >= end + 4 + length {
            return head.split(' ').nth(1).unwrap().parse().unwrap();
        }
    }
}

/// Tiny requests of strangers, of every kind there is.
fn tiny(device: &Device) -> Vec<(Vec<u8>, u16)> {
    let store = device.store;
    let get = |path: &str, status| {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        (request.into_bytes(), status)
    };
    let post = |path: &str, body: &str, status| {
        let length = body.len();
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n");
        let proof = format!(
            "custody-device: {}\r\ncustody-nonce: {store}\r\n",
            device.id
        );
        let request =
            format!("{head}{proof}custody-time: 1\r\ncustody-signature: 00\r\n\r\n{body}");
        (request.into_bytes(), status)
    };
    vec![
        get("/v1/hello", 200),
        get(&format!("/v1/stores/{store}/pull"), 401),
        get("/v1/stores/0/pull", 404),
        get("/v1/nothing", 404),
        post("/v1/enrol", "", 400),
        post("/v1/enrol", "x", 400),
        post(&format!("/v1/stores/{store}/push"), "x", 401),
        post(&format!("/v1/stores/{store}/claim"), "", 401),
        post("/api/v1/orders", "{}", 401),
    ]
}

#[test]
fn any_number_of_tiny_requests_costs_no_memory_and_devices_are_served_meanwhile() {
    flood(Rates::endless());
}

#[test]
fn one_source_that_never_stops_is_told_to_wait_and_devices_are_served_meanwhile() {
    let usual = Rates::default();
    let (let_in, took) = flood(Rates {
        // It pulls as fast as it can, which no tablet does.
        device: Rates::endless().device,
        ..usual
    });
    let come_back = took.as_nanos() / usual.address.each.as_nanos();
    let most = u128::from(usual.address.at_once) + come_back + 1;
    assert!(
        u128::try_from(let_in).unwrap() <= most,
        "{let_in} of at most {most}"
    );
}

/// Sends tiny requests from one address, while a device there pulls. How many were let in, and how long it took.
fn flood(rates: Rates) -> (usize, Duration) {
    let folder = Folder::new();
    let token = make_shop(&folder.data());
    let server = Server::open_at(&folder.data(), token, rates);
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    // Strangers who name a device that has proven itself count on that device; these name one that has not.
    let tiny = tiny(&Device::enrolled(&server));
    let let_in = AtomicUsize::new(0);
    let each = requests() / LINES;
    let is_over = AtomicBool::new(false);
    let before = resident_bytes();
    let begun = Instant::now();
    let (mut pulls, took) = std::thread::scope(|scope| {
        let flood = |offset: usize| {
            let (address, tiny, let_in) = (server.address, &tiny, &let_in);
            move || {
                let mut line = TcpStream::connect(address).unwrap();
                line.set_nodelay(true).unwrap();
                for number in 0..each {
                    let (request, status) = &tiny[(offset + number) % tiny.len()];
                    let found = ask(&mut line, request);
                    if found != TOO_MANY {
                        assert_eq!(found, *status);
                        let_in.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        };
        let floods: Vec<_> = (0..LINES)
            .map(|offset| scope.spawn(flood(offset)))
            .collect();
        let puller = scope.spawn(|| {
            let mut pulls = Vec::new();
            while !is_over.load(Ordering::Relaxed) || pulls.is_empty() {
                let begun = Instant::now();
                device.pull(&server);
                pulls.push(begun.elapsed());
            }
            pulls
        });
        floods.into_iter().for_each(|flood| flood.join().unwrap());
        let took = begun.elapsed();
        is_over.store(true, Ordering::Relaxed);
        (puller.join().unwrap(), took)
    });
    let more = resident_bytes().saturating_sub(before);
    pulls.sort_unstable();
    let p99 = pulls[pulls.len() * 99 / 100];
    let told = format!(
        "{} requests in {took:?}, {} let in, {more} bytes more, {} pulls meanwhile, p99 {p99:?}\n",
        each * LINES,
        let_in.load(Ordering::Relaxed),
        pulls.len()
    );
    // Past the test's own capture: the figures are wanted when everything passes.
    let _ = std::io::stderr().write_all(told.as_bytes());
    assert!(more < MEMORY_MAX, "{told}");
    assert!(p99 < PULL_P99_MAX, "{told}");
    (let_in.into_inner(), took)
}

/// A server with room for few, that waits for nobody long.
fn impatient(folder: &Folder, lines_max: usize) -> Server {
    let token = make_shop(&folder.data());
    let limits = Limits {
        lines_max,
        handshake_wait_max: Duration::from_millis(800),
        head_wait_max: Duration::from_millis(800),
        body_wait_max: Duration::from_millis(800),
    };
    Server::open_within(&folder.data(), token, limits)
}

/// Reads until the server closes the line. What it said.
fn rest(mut line: TcpStream) -> String {
    line.set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    let mut said = Vec::new();
    match line.read_to_end(&mut said) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}"),
    }
    String::from_utf8_lossy(&said).into_owned()
}

fn line(address: SocketAddr, said: &str) -> TcpStream {
    let mut line = TcpStream::connect(address).unwrap();
    line.write_all(said.as_bytes()).unwrap();
    line
}

#[test]
fn lines_that_say_nothing_or_half_of_it_are_closed() {
    let folder = Folder::new();
    let server = impatient(&folder, 100);
    let device = Device::enrolled(&server);
    let push = format!("/v1/stores/{}/push", device.store);
    let half_body = format!("POST {push} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\nhalf");
    let slow = [
        line(server.address, ""),
        line(server.address, "GET /v1/hello HTTP/1.1\r\nhost: "),
        line(server.address, "GET /v1/hello HTTP/1.1\r\nhost: x\r\n"),
        line(server.address, &half_body),
        // A whole request, and then silence.
        line(server.address, "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"),
    ];
    assert_eq!(device.push_all(&server).chains[0].next, 2);
    let said = slow.map(rest);
    assert_eq!(
        (said[0].as_str(), said[1].as_str(), said[2].as_str()),
        ("", "", "")
    );
    assert!(said[3].starts_with("HTTP/1.1 400"), "{}", said[3]);
    assert!(said[4].ends_with("ok\n"), "{}", said[4]);
    assert_eq!(device.push_all(&server).chains[0].next, 2);
}

#[test]
fn a_byte_now_and_then_keeps_no_line_open() {
    let folder = Folder::new();
    let server = impatient(&folder, 100);
    let device = Device::enrolled(&server);
    let push = format!("/v1/stores/{}/push", device.store);
    let head = format!("POST {push} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n");
    for begun in ["GET /v1/hello HTTP/1.1\r\nx: ", head.as_str()] {
        let mut line = line(server.address, begun);
        line.set_read_timeout(Some(Duration::from_millis(20)))
            .unwrap();
        let begun = Instant::now();
        // Each wait for an answer takes as long as the read may.
        loop {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "the line stays open"
            );
            let mut part = [0; 1_024];
            match line.read(&mut part) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
            if line.write_all(b"x").is_err() {
                break;
            }
        }
    }
    assert_eq!(device.push_all(&server).chains[0].next, 2);
}

#[test]
fn more_lines_than_there_are_places_keep_nobody_out_for_long() {
    let folder = Folder::new();
    let server = impatient(&folder, 10);
    let device = Device::enrolled(&server);
    let idle: Vec<_> = (0..60).map(|_| line(server.address, "GET ")).collect();
    let begun = Instant::now();
    assert_eq!(device.push_all(&server).chains[0].next, 2);
    assert!(begun.elapsed() < Duration::from_secs(20));
    for line in idle {
        assert_eq!(rest(line), "");
    }
}

#[test]
fn whoever_holds_every_place_and_asks_nothing_or_slowly_keeps_nobody_out() {
    let folder = Folder::new();
    let token = make_shop(&folder.data());
    // Patience is the usual: over a minute for each of these lines.
    let limits = Limits {
        lines_max: 10,
        ..Limits::default()
    };
    let server = Server::open_within(&folder.data(), token, limits);
    let device = Device::enrolled(&server);
    let slow = "POST /v1/enrol HTTP/1.1\r\nhost: x\r\ncontent-length: 4000\r\n\r\nx";
    for said in ["", "GET ", "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", slow] {
        let begun = Instant::now();
        let held: Vec<_> = (0..30).map(|_| line(server.address, said)).collect();
        let asking = Device::enrolled(&server);
        assert_eq!(asking.push_all(&server).chains[0].next, 2);
        assert_eq!(device.push_all(&server).chains[0].next, 2);
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(20), "{said:?}: {took:?}");
        drop(held);
    }
}
