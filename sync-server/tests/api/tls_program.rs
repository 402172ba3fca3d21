//! `custody tls`, and what `custody serve` makes of it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};

use sync_server::tls::{Files, Said};

use crate::server::{Folder, make_shop};

fn custody(folder: &Folder, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_custody"));
    command.args(words).arg("--data").arg(folder.data().path());
    command
}

fn done(folder: &Folder, words: &[&str]) -> Output {
    custody(folder, words).output().unwrap()
}

fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{out}{err}");
    out.into_owned()
}

fn complained(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A server, for as long as a test lasts.
struct Serving(Child);

impl Serving {
    fn start(folder: &Folder, words: &[&str]) -> Self {
        let mut command = custody(folder, &["serve"]);
        let child = command
            .args(words)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self(child.spawn().unwrap())
    }

    /// Where it says to be; empty when it ended instead.
    fn greeting(&mut self) -> String {
        let mut line = String::new();
        let out = self.0.stdout.as_mut().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        line
    }

    fn complaint(&mut self) -> String {
        let mut text = String::new();
        let err = self.0.stderr.as_mut().unwrap();
        err.read_to_string(&mut text).unwrap();
        text
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_shop_without_a_certificate_is_not_served_in_the_open_to_a_network_by_mistake() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let mut refused = Serving::start(&folder, &["--listen", "0.0.0.0:0"]);
    assert_eq!(refused.greeting(), "");
    assert!(refused.complaint().contains("custody tls create"));
    let mut plain = Serving::start(&folder, &["--listen", "0.0.0.0:0", "--plain"]);
    assert!(
        plain
            .greeting()
            .starts_with("Custody is at http://0.0.0.0:")
    );
    drop(plain);
    let mut here = Serving::start(&folder, &["--listen", "127.0.0.1:0"]);
    assert!(
        here.greeting()
            .starts_with("Custody is at http://127.0.0.1:")
    );
}

#[test]
fn a_shop_with_a_certificate_is_served_over_tls() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let create = [
        "tls",
        "create",
        "--name",
        "custody.lan",
        "--name",
        "127.0.0.1",
    ];
    let made = said(&done(&folder, &create));
    let authority = Said::in_file(&Files::of(&folder.data()).authority()).unwrap();
    assert!(made.contains(&authority.fingerprint), "{made}");
    for system in ["iPad", "Android", "Chrome OS", "Windows"] {
        assert!(made.contains(system), "{system}: {made}");
    }
    assert!(!made.contains("PRIVATE KEY"), "{made}");
    let again = done(&folder, &create);
    assert!(complained(&again).contains("--force"));
    let outside = ["tls", "renew", "--name", "bank.example"];
    assert!(complained(&done(&folder, &outside)).contains("bank.example"));
    said(&done(&folder, &["tls", "renew"]));
    let shown = said(&done(&folder, &["tls", "show"]));
    assert!(shown.contains(&authority.fingerprint), "{shown}");
    assert!(shown.contains("custody.lan, 127.0.0.1"), "{shown}");

    let mut server = Serving::start(&folder, &["--listen", "0.0.0.0:0"]);
    assert!(
        server
            .greeting()
            .starts_with("Custody is at https://custody.lan:")
    );
    drop(server);
    let mut plain = Serving::start(&folder, &["--listen", "127.0.0.1:0", "--plain"]);
    assert!(
        plain
            .greeting()
            .starts_with("Custody is at http://127.0.0.1:")
    );
}

#[test]
fn a_certificate_from_elsewhere_is_used_instead() {
    let (folder, other) = (Folder::new(), Folder::new());
    make_shop(&folder.data());
    make_shop(&other.data());
    said(&done(&other, &["tls", "create", "--name", "other.lan"]));
    let file = Files::of(&other.data()).server();
    let file = file.to_str().unwrap();
    let listen = ["--listen", "127.0.0.1:0"];
    let brought = ["--tls-certificate", file, "--tls-key", file];
    let mut server = Serving::start(&folder, &[&listen[..], &brought].concat());
    assert!(
        server
            .greeting()
            .starts_with("Custody is at https://other.lan:")
    );
    drop(server);
    let missing = ["--tls-certificate", file, "--tls-key", "no-such-file"];
    let mut refused = Serving::start(&folder, &[&listen[..], &missing].concat());
    assert_eq!(refused.greeting(), "");
    assert!(refused.complaint().contains("no-such-file"));
}

#[test]
fn a_directory_without_a_shop_gets_no_authority() {
    let folder = Folder::new();
    let refused = done(&folder, &["tls", "create", "--name", "custody.lan"]);
    assert!(complained(&refused).contains("there is no shop"));
    assert!(!folder.data().path().exists());
    make_shop(&folder.data());
    assert!(complained(&done(&folder, &["tls", "show"])).contains("custody tls create"));
    let wrong = done(&folder, &["tls", "create", "--name", "https://custody.lan"]);
    assert!(complained(&wrong).contains("leave out https://"));
}

#[test]
fn no_key_is_in_a_backup() {
    let folder = Folder::new();
    make_shop(&folder.data());
    said(&done(&folder, &["tls", "create", "--name", "custody.lan"]));
    let backup = folder.path().join("backup");
    said(&done(&folder, &["backup", backup.to_str().unwrap()]));
    let bytes = std::fs::read(backup).unwrap();
    let files = Files::of(&folder.data());
    for path in [files.authority_key(), files.server()] {
        let text = std::fs::read_to_string(path).unwrap();
        let key = text.split("PRIVATE KEY-----").nth(1).unwrap();
        let line = key.lines().nth(1).unwrap().as_bytes();
        assert!(line.len() > 30);
        assert!(!bytes.windows(line.len()).any(|part| part == line));
    }
}
