//! `custody secret`: what other systems gave the shop is kept, opened by the server alone, and found nowhere in clear.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use domain::custody::secrets::SecretChange;
use domain::custody::tokens::{TokenChange, TokenScope};
use domain::sync::register::{Changed, Register};
use sync_server::ingest::Shop;
use sync_server::ingest::secrets::{NotKept, Secret};
use sync_server::keys::random::hex;

use crate::command_line::{custody, said};
use crate::device::Device;
use crate::server::{ANA, ANA_PIN, Folder, Server, make_shop, order};

const NAME: &str = "metrc/ca/user-key";
/// Nobody else says this.
const MARK: &str = "Xylophrast-7f41-Quennamoor";

fn set(folder: &Folder, name: &str, secret: &str) -> Output {
    let mut child = folder
        .program()
        .args(["secret", "set", name, "--data"])
        .arg(folder.data().path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever looks at the processes of this machine while one waits for its secret.
    #[cfg(target_os = "linux")]
    for what in ["cmdline", "environ"] {
        let read = std::fs::read(format!("/proc/{}/{what}", child.id())).unwrap_or_default();
        assert!(!holds(&read, MARK), "{what}");
    }
    let mut input = child.stdin.take().unwrap();
    input.write_all(secret.as_bytes()).unwrap();
    drop(input);
    child.wait_with_output().unwrap()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// Every file of a folder that holds a text.
fn found(folder: &Path, text: &str) -> Vec<String> {
    let mut hits = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            hits.extend(found(&path, text));
        } else if holds(&std::fs::read(&path).unwrap(), text) {
            hits.push(path.display().to_string());
        }
    }
    hits
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

#[test]
fn a_secret_is_kept_opened_by_the_server_alone_and_in_no_file_in_clear() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let kept = set(&folder, NAME, &format!("{MARK}\n"));
    let told = said(&kept);
    assert!(told.starts_with("Kept as metrc/ca/user-key"), "{told}");
    let listed = said(&custody(&folder, &["secret", "list"]));
    assert!(listed.starts_with("metrc/ca/user-key  kept 20"), "{listed}");
    let mark = |text: &str| text.split("mark ").nth(1).unwrap()[..8].to_owned();
    assert_eq!(mark(&told), mark(&listed));
    match folder.tables() {
        Some(rows) => {
            assert!(rows.contains(&hex(NAME.as_bytes())) && !rows.contains(MARK));
            assert!(!rows.contains(&hex(MARK.as_bytes())));
        }
        // A log on a server is backed up by the server's own tools.
        None => {
            let copy = folder.path().join("copy");
            let name = copy.to_string_lossy().into_owned();
            said(&custody(&folder, &["backup", &name]));
        }
    }
    assert_eq!(found(folder.path(), MARK), [""; 0]);
    // The very thing that looks for it finds it where it does stand.
    let clear = folder.path().join("clear");
    std::fs::write(&clear, format!("before {MARK} behind")).unwrap();
    assert_eq!(found(folder.path(), MARK).len(), 1);
    std::fs::remove_file(&clear).unwrap();

    let shop = Shop::open(&folder.data()).unwrap();
    let opened = runtime().block_on(shop.secret(NAME)).unwrap().unwrap();
    assert_eq!(opened.reveal(), MARK.as_bytes());
    assert_eq!(format!("{opened:?}"), "Secret(..)");
    assert!(runtime().block_on(shop.secret("other")).unwrap().is_none());
    shop.close();
    drop(shop);
    assert_eq!(found(folder.path(), MARK), [""; 0]);

    said(&custody(&folder, &["secret", "forget", NAME]));
    assert!(
        !custody(&folder, &["secret", "forget", NAME])
            .status
            .success()
    );
    assert_eq!(
        said(&custody(&folder, &["secret", "list"])),
        "There are none.\n"
    );
}

#[test]
fn what_is_no_name_or_no_secret_is_refused_and_the_one_before_stays() {
    let folder = Folder::new();
    make_shop(&folder.data());
    said(&set(&folder, NAME, MARK));
    for (name, secret) in [
        (NAME, ""),
        (NAME, "\n"),
        (NAME, &"x".repeat(20_000)),
        ("Metrc Key", "x"),
        ("../server.key\u{1b}", "x"),
        (&"a".repeat(65), "x"),
    ] {
        let refused = set(&folder, name, secret);
        assert!(!refused.status.success(), "{name:?}");
        let all = [refused.stdout, refused.stderr].concat();
        assert!(!holds(&all, "\u{1b}"));
    }
    let shop = Shop::open(&folder.data()).unwrap();
    let opened = runtime().block_on(shop.secret(NAME)).unwrap().unwrap();
    assert_eq!(opened.reveal(), MARK.as_bytes());
}

#[test]
fn another_servers_key_opens_none_and_a_secret_cannot_be_put_under_another_name() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let shop = Shop::open(&folder.data()).unwrap();
    let keep = |name: &str, text: &str| {
        let secret = Secret::new(text.as_bytes().to_vec());
        runtime()
            .block_on(shop.keep_secret(name.to_owned(), secret, None))
            .unwrap()
    };
    let first = keep("a", MARK).unwrap();
    assert_eq!(first.mark, keep("b", MARK).unwrap().mark);
    assert_ne!(first.mark, keep("c", "other").unwrap().mark);
    assert_eq!(keep("", MARK), Err(NotKept::Name));
    // Somebody who can write to the database gives one the other's name, of the same length.
    let swap = shop.change(1, |work| {
        let mut bytes = work.log().meta("secrets")?.unwrap();
        // Names are texts of one letter: 0x61 before the letter.
        for place in 1..bytes.len() {
            if bytes[place - 1] == 0x61 && matches!(bytes[place], b'a' | b'c') {
                bytes[place] = if bytes[place] == b'a' { b'c' } else { b'a' };
            }
        }
        work.log().set_meta("secrets", &bytes)
    });
    runtime().block_on(swap).unwrap();
    assert!(runtime().block_on(shop.secret("a")).is_err());
    assert!(runtime().block_on(shop.secret("c")).is_err());
    let untouched = runtime().block_on(shop.secret("b")).unwrap().unwrap();
    assert_eq!(untouched.reveal(), MARK.as_bytes());
}

#[test]
fn what_became_of_each_secret_and_who_did_it_stands_in_the_log_and_never_what_it_is() {
    let folder = Folder::new();
    let token = make_shop(&folder.data());
    said(&set(&folder, NAME, MARK));
    said(&set(&folder, NAME, &format!("{MARK}2")));
    said(&custody(&folder, &["secret", "forget", NAME]));
    // What was refused changed nothing, and is not told.
    assert!(!set(&folder, "Metrc Key", MARK).status.success());
    assert!(
        !custody(&folder, &["secret", "forget", NAME])
            .status
            .success()
    );
    let server = Server::open(&folder, token, true);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    let path = format!("/v1/stores/{}/register?actor={}", device.store, ANA.0);
    let answer = device.get(server.address, &path);
    assert!(!holds(&answer.body, MARK));
    let register: Register = answer.cbor();
    let told = register.changes().into_iter().filter_map(|change| {
        let Changed::Secret(done) = change.what else {
            return None;
        };
        assert_eq!(done.name, NAME);
        assert!(done.operator.is_some_and(|who| !who.is_empty()));
        Some(done.change)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            SecretChange::Forgotten,
            SecretChange::Replaced,
            SecretChange::Kept
        ]
    );
    server.stop();
    let lines = said(&custody(&folder, &["store", "changes"]));
    assert!(
        lines.contains("secret forgotten  metrc/ca/user-key  by "),
        "{lines}"
    );
    let bundle = folder.path().join("bundle");
    let name = bundle.to_string_lossy().into_owned();
    said(&custody(&folder, &["audit", &name]));
    let bundle = std::fs::read(&bundle).unwrap();
    assert!(holds(&bundle, NAME) && !holds(&bundle, MARK));
}

#[test]
fn who_made_or_withdrew_a_token_or_a_code_stands_in_the_log_and_never_what_it_is() {
    let folder = Folder::new();
    let token = make_shop(&folder.data());
    let first_line = |text: String| text.lines().next().unwrap().to_owned();
    let create = &["token", "create", "--name", "web shop"];
    let secrets = [
        first_line(said(&custody(&folder, create))),
        first_line(said(&custody(&folder, &["device", "code"]))),
        first_line(said(&custody(&folder, &["user", "recovery-code", "1"]))),
    ];
    assert!(secrets[0].starts_with("custody-"), "{secrets:?}");
    let list = said(&custody(&folder, &["token", "list"]));
    assert!(list.contains("web shop  made 2") && !list.contains("custody-"));
    let withdraw = &["token", "withdraw", "--name", "web shop"];
    said(&custody(&folder, withdraw));
    let refused = custody(&folder, withdraw);
    assert!(!refused.status.success(), "there is none any more");
    let server = Server::open(&folder, secrets[0].clone(), true);
    assert_eq!(server.send_order(&order("A-1", 1)).status, 401);
    server.stop();
    let server = Server::open(&folder, token, true);
    assert_eq!(server.send_order(&order("A-1", 1)).status, 201);
    let device = Device::enrolled(&server);
    device.proves(&server, ANA, ANA_PIN);
    let path = format!("/v1/stores/{}/register?actor={}", device.store, ANA.0);
    let answer = device.get(server.address, &path);
    let changes = answer.cbor::<Register>().changes().into_iter();
    let told = changes.filter_map(|change| match change.what {
        Changed::Token(done) => Some((done.scope, done.change, done.whose)),
        _ => None,
    });
    // The newest first; the last is the one that the test's shop was made with.
    let (made, orders) = (TokenChange::Made, TokenScope::Orders);
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (orders, TokenChange::Withdrawn, None),
            (TokenScope::Recovery, made, Some(ANA)),
            (TokenScope::Device, made, None),
            (orders, made, None),
            (orders, made, None),
        ]
    );
    server.stop();
    let lines = said(&custody(&folder, &["store", "changes"]));
    for line in [
        "token made for orders  web shop  by ",
        "token withdrawn  web shop  by ",
        "code made for a device    by ",
        "recovery code made  Ana R.  by ",
    ] {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    let bundle = folder.path().join("bundle");
    said(&custody(&folder, &["audit", &bundle.to_string_lossy()]));
    let bundle = std::fs::read(&bundle).unwrap();
    assert!(holds(&bundle, "web shop"));
    for secret in secrets {
        assert!(!holds(&answer.body, &secret) && !lines.contains(&secret));
        assert!(!holds(&bundle, &secret));
    }
}
