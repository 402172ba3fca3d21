//! The same surface over TLS: for clients that trust the shop's authority, and for those who have not heard of it.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};
use sync_server::clock;
use sync_server::http::Limits;
use sync_server::tls::authority::{create, renew};
use sync_server::tls::{Certificates, Files, Name, Source};

use crate::server::{Folder, Server, make_shop};

const SHOP: &str = "custody.shop.example";

fn names(texts: &[&str]) -> Vec<Name> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A shop with an authority and a certificate, served over TLS.
struct Secure {
    server: Server,
    certificates: Arc<Certificates>,
    files: Files,
    _folder: Folder,
}

impl Secure {
    fn new() -> Self {
        Self::within(Limits::default())
    }

    fn within(limits: Limits) -> Self {
        let folder = Folder::new();
        let token = make_shop(&folder.data());
        let files = Files::of(&folder.data());
        create(&files, &names(&[SHOP, "127.0.0.1"]), false, clock::now_ms()).unwrap();
        let certificates = Certificates::open(Source::Own(files.clone())).unwrap();
        let certificates = Arc::new(certificates);
        let server = Server::open_over(&folder.data(), token, Arc::clone(&certificates), limits);
        Self {
            server,
            certificates,
            files,
            _folder: folder,
        }
    }

    fn trusting(&self) -> Arc<ClientConfig> {
        trusting(self.certificates.authority().unwrap(), &[&TLS13, &TLS12])
    }

    fn address(&self) -> SocketAddr {
        self.server.address
    }
}

fn trusting(
    authority: Vec<u8>,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority)).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// Asks for a path; what the server said, as bytes.
fn ask(
    config: &Arc<ClientConfig>,
    address: SocketAddr,
    name: &str,
    path: &str,
) -> io::Result<Vec<u8>> {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let client = ClientConnection::new(Arc::clone(config), name).unwrap();
    let mut line = StreamOwned::new(client, TcpStream::connect(address)?);
    write!(
        line,
        "GET {path} HTTP/1.1\r\nhost: {SHOP}\r\nconnection: close\r\n\r\n"
    )?;
    let mut said = Vec::new();
    line.read_to_end(&mut said)?;
    Ok(said)
}

/// Says something in the open; what the server answers until it closes the line.
fn in_the_open(address: SocketAddr, said: &[u8]) -> Vec<u8> {
    let mut line = TcpStream::connect(address).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    line.write_all(said).unwrap();
    let mut answer = Vec::new();
    match line.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "{error}"),
    }
    answer
}

fn text(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer).into_owned()
}

#[test]
fn a_client_that_trusts_the_authority_is_served_by_each_of_the_servers_names() {
    let shop = Secure::new();
    for name in [SHOP, "127.0.0.1"] {
        let said = ask(&shop.trusting(), shop.address(), name, "/healthz").unwrap();
        let said = text(&said);
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
        assert!(
            said.contains("strict-transport-security: max-age=31536000"),
            "{said}"
        );
        assert!(said.ends_with("ok\n"), "{said}");
    }
    let authority = shop.certificates.authority().unwrap();
    let said = ask(&shop.trusting(), shop.address(), SHOP, "/authority.crt").unwrap();
    assert!(said.ends_with(&authority));
    for version in [&TLS13, &TLS12] {
        let client = trusting(authority.clone(), &[version]);
        assert!(
            ask(&client, shop.address(), SHOP, "/healthz").is_ok(),
            "{version:?}"
        );
    }
}

#[test]
fn a_server_by_another_name_or_of_another_authority_is_not_believed() {
    let (shop, other) = (Secure::new(), Secure::new());
    for name in ["elsewhere.example", "127.0.0.2", "shop.example"] {
        let refused = ask(&shop.trusting(), shop.address(), name, "/healthz").unwrap_err();
        assert!(
            refused.to_string().contains("not valid for name"),
            "{name}: {refused}"
        );
    }
    let refused = ask(&other.trusting(), shop.address(), SHOP, "/healthz").unwrap_err();
    assert!(refused.to_string().contains("certificate"), "{refused}");
    assert!(ask(&shop.trusting(), shop.address(), SHOP, "/healthz").is_ok());
}

#[test]
fn whoever_comes_in_the_open_is_sent_to_the_same_address_over_tls() {
    let shop = Secure::new();
    let get = |head: &str| text(&in_the_open(shop.address(), head.as_bytes()));
    let said = get("GET /queue?a=b HTTP/1.1\r\nhost: custody.lan:8765\r\n\r\n");
    assert!(said.starts_with("HTTP/1.1 308"), "{said}");
    assert!(
        said.contains("location: https://custody.lan:8765/queue?a=b\r\n"),
        "{said}"
    );
    assert!(
        said.contains("x-content-type-options: nosniff\r\n"),
        "{said}"
    );
    assert!(!said.contains("strict-transport-security"), "{said}");
    // What was sent in the open is not taken, and nobody is sent to where somebody else says.
    for head in [
        "POST /v1/enrol HTTP/1.1\r\nhost: custody.lan\r\ncontent-length: 3\r\n\r\nabc",
        "GET / HTTP/1.1\r\nhost: evil@custody.lan\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: not a host\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "hello\r\n\r\n",
    ] {
        let said = get(head);
        assert!(said.starts_with("HTTP/1.1 400"), "{head}: {said}");
    }
    // The authority's certificate, for tablets that do not trust it yet.
    let said = in_the_open(
        shop.address(),
        b"GET /authority.crt HTTP/1.1\r\nhost: x\r\n\r\n",
    );
    assert!(text(&said).contains("content-type: application/x-x509-ca-cert"));
    assert!(said.ends_with(&shop.certificates.authority().unwrap()));
}

fn impatient() -> Secure {
    Secure::within(Limits {
        lines_max: 10,
        handshake_wait_max: Duration::from_millis(800),
        ..Limits::default()
    })
}

#[test]
fn lines_on_which_no_handshake_ends_are_closed_and_keep_nobody_out() {
    let shop = impatient();
    // A handshake's first bytes, and a request's.
    let begun: [&[u8]; 4] = [
        b"",
        &[0x16],
        &[0x16, 3, 1, 2, 0, 1, 0, 1],
        b"GET / HTTP/1.1\r\n",
    ];
    let idle: Vec<_> = (0..60)
        .map(|number: usize| {
            let mut line = TcpStream::connect(shop.address()).unwrap();
            line.write_all(begun[number % begun.len()]).unwrap();
            line
        })
        .collect();
    let begun = Instant::now();
    assert!(ask(&shop.trusting(), shop.address(), SHOP, "/healthz").is_ok());
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
    for mut line in idle {
        line.set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let mut said = Vec::new();
        match line.read_to_end(&mut said) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "{error}"),
        }
    }
}

#[test]
fn a_handshake_byte_by_byte_keeps_no_line_open() {
    let shop = impatient();
    let mut line = TcpStream::connect(shop.address()).unwrap();
    line.set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    // The head of a handshake of 4 096 bytes.
    line.write_all(&[0x16, 3, 1, 16, 0, 1, 0, 15, 252]).unwrap();
    let begun = Instant::now();
    loop {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "the line stays open"
        );
        match line.read(&mut [0; 64]) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
        if line.write_all(&[1]).is_err() {
            break;
        }
    }
}

#[test]
fn a_certificate_that_was_renewed_is_used_without_a_restart() {
    let shop = Secure::new();
    let trusting = shop.trusting();
    let other = "till.custody.shop.example";
    assert!(ask(&trusting, shop.address(), other, "/healthz").is_err());
    renew(&shop.files, Some(&names(&[other])), clock::now_ms()).unwrap();
    shop.certificates.look(clock::now_ms());
    assert!(ask(&trusting, shop.address(), other, "/healthz").is_ok());
}
