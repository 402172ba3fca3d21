//! `custody`: the same commands with and without a running server.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use sync_server::admin::channel::Channel;
use sync_server::admin::lock::DirLock;
use tokio::sync::watch;

use crate::server::{Folder, Server, make_shop};

pub(crate) fn custody(folder: &Folder, words: &[&str]) -> Output {
    folder
        .program()
        .args(words)
        .arg("--data")
        .arg(folder.data().path())
        .output()
        .unwrap()
}

/// The same, with something on its standard input.
pub(crate) fn custody_told(folder: &Folder, words: &[&str], told: &str) -> Output {
    let mut child = folder
        .program()
        .args(words)
        .arg("--data")
        .arg(folder.data().path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // What is refused for its arguments is refused before anything is read.
    drop(child.stdin.take().unwrap().write_all(told.as_bytes()));
    child.wait_with_output().unwrap()
}

pub(crate) fn said(output: &Output) -> String {
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn fixture(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "tests", "fixtures", name]
        .iter()
        .collect();
    path.to_string_lossy().into_owned()
}

pub(crate) const CREATE: [&str; 10] = [
    "store",
    "create",
    "--business",
    "Harborlight",
    "--name",
    "Harbor Street",
    "--license",
    "C10-0000000-LIC",
    "--time-zone",
    "America/Los_Angeles",
];

#[test]
fn a_shop_is_made_once_filled_from_files_and_shown() {
    let folder = Folder::new();
    assert!(!custody(&folder, &["store", "show"]).status.success());
    said(&custody(&folder, &CREATE));
    assert!(!custody(&folder, &CREATE).status.success());
    let packages = fixture("metrc-active-packages.csv");
    let report = said(&custody(&folder, &["store", "import-packages", &packages]));
    assert!(report.contains("200 new, 0 renewed"), "{report}");
    let report = said(&custody(&folder, &["store", "import-packages", &packages]));
    assert!(report.contains("0 new, 200 renewed"), "{report}");
    let shown = said(&custody(&folder, &["store", "show"]));
    assert!(
        shown.contains("Harbor Street") && shown.contains("200 packages"),
        "{shown}"
    );
}

#[test]
fn a_file_with_a_bad_row_is_taken_whole_or_not_at_all_unless_the_good_rows_are_wanted() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let file = folder.path().join("labs.csv");
    let text = "tag,thc,cbd,units,tested,expires\n\
        1A4FF0300000C57000000101,22.4,0.08,percent,2026-05-06,2027-05-06\n\
        1A4FF0300000C57000000102,NaN,0.08,percent,2026-05-06,\n";
    std::fs::write(&file, text).unwrap();
    let file = file.to_string_lossy().into_owned();
    let refused = custody(&folder, &["store", "import-labs", &file]);
    assert!(!refused.status.success());
    let said_so = String::from_utf8(refused.stdout).unwrap();
    assert!(said_so.contains("record 2, line 3, thc"), "{said_so}");
    let report = said(&custody(
        &folder,
        &["store", "import-labs", &file, "--keep-good"],
    ));
    assert!(report.contains("1 packages have their figures"), "{report}");
}

#[test]
fn orders_of_products_nobody_knows_are_named_one_by_one() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let orders = fixture("orders.json");
    let refused = custody(&folder, &["order", "import", &orders]);
    assert!(!refused.status.success());
    let report = String::from_utf8(refused.stdout).unwrap();
    assert!(
        report.contains("order 1 (PUB-100000)") || report.contains("refused"),
        "{report}"
    );
    assert!(!report.contains("Lanternwright"), "{report}");
}

#[test]
fn people_devices_and_tokens_are_looked_after_from_the_command_line() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let add = |pin: &str| {
        let words = [
            "user",
            "add",
            "--name",
            "Marcus T.",
            "--role",
            "associate",
            "--pin-from-stdin",
        ];
        custody_told(&folder, &words, &format!("{pin}\n"))
    };
    assert!(!add("123456").status.success());
    assert!(said(&add("805142")).contains("person 3"));
    let words = [
        "user",
        "add",
        "--name",
        "Dana W.",
        "--role",
        "inventory-manager",
    ];
    assert!(said(&custody(&folder, &words)).contains("The PIN is "));
    said(&custody(&folder, &["user", "unlock", "1"]));
    assert!(!custody(&folder, &["user", "unlock", "77"]).status.success());
    assert!(said(&custody(&folder, &["device", "code"])).contains('-'));
    assert!(said(&custody(&folder, &["device", "list"])).contains("this server"));
    assert!(
        !custody(&folder, &["device", "revoke", &"0".repeat(32)])
            .status
            .success()
    );
    assert!(said(&custody(&folder, &["token", "create"])).starts_with("custody-"));
}

#[test]
fn nothing_secret_is_taken_from_a_command_line_and_the_refusal_says_how_instead() {
    let folder = Folder::new();
    make_shop(&folder.data());
    let before = said(&custody(&folder, &["store", "show"]));
    for words in [
        &[
            "user",
            "add",
            "--name",
            "X",
            "--role",
            "associate",
            "--pin",
            "805142",
        ][..],
        &[
            "user",
            "add",
            "--name",
            "X",
            "--role",
            "associate",
            "--pin=805142",
        ],
        &["user", "pin", "1", "--pin", "805142"],
        &["user", "pin", "1", "--pin"],
        &[
            "store",
            "show",
            "--database",
            "postgres://ana:plum@db.invalid/x",
        ],
        &["store", "show", "--database=host=db.invalid password=plum"],
    ] {
        let refused = custody(&folder, words);
        assert!(!refused.status.success(), "{words:?}");
        let why = String::from_utf8(refused.stderr).unwrap();
        assert!(
            why.contains("--pin-from-stdin") || why.contains("CUSTODY_DATABASE"),
            "{why}"
        );
        assert!(!why.contains("805142") && !why.contains("plum"), "{why}");
    }
    assert_eq!(said(&custody(&folder, &["store", "show"])), before);
    let change = |pin: &str| custody_told(&folder, &["user", "pin", "1", "--pin-from-stdin"], pin);
    assert!(said(&change("805142")).contains("another PIN"));
    for wrong in ["", "\n", "12", "805142 ", &"8".repeat(4_000)] {
        assert!(!change(wrong).status.success(), "{wrong:?}");
    }
}

#[test]
fn while_the_server_runs_the_commands_go_through_it() {
    let folder = Folder::new();
    let token = make_shop(&folder.data());
    let dir = folder.data();
    let lock = DirLock::take(&dir).unwrap().unwrap();
    let taken = custody(&folder, &["store", "show"]);
    assert!(
        !taken.status.success(),
        "nobody answers, and the shop must not be opened twice"
    );

    let server = Server::open(&folder, token, false);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (stop, stopping) = watch::channel(false);
    let channel = runtime.block_on(Channel::open(&dir)).unwrap();
    let serving = runtime.spawn(channel.serve(server.shop.clone(), stopping));
    let head = *server.shop.head().borrow();
    let packages = fixture("metrc-active-packages.csv");
    let report = said(&custody(&folder, &["store", "import-packages", &packages]));
    assert!(report.contains("200 new"), "{report}");
    assert!(*server.shop.head().borrow() > head);
    let code = said(&custody(&folder, &["device", "code"]));
    let code = code.lines().next().unwrap();
    crate::device::Device::enrolled_with(server.address, crate::device::Key::ed25519(), code);

    // A program that does not know the token is told nothing.
    let address = std::fs::read_to_string(dir.admin_file()).unwrap();
    let forged = address.replace("\"token\":\"", "\"token\":\"0");
    std::fs::write(dir.admin_file(), forged).unwrap();
    let refused = custody(&folder, &["device", "list"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stdout).contains("token is wrong"));
    stop.send_replace(true);
    runtime.block_on(serving).unwrap();
    drop(lock);
}

#[test]
fn a_shop_has_its_states_limits_and_gets_others_only_in_order() {
    let folder = Folder::new();
    said(&custody(&folder, &CREATE));
    let shown = said(&custody(&folder, &["store", "show"]));
    assert!(shown.contains("Limits   us-ca 2026.11.0"), "{shown}");
    let again = said(&custody(&folder, &["rules", "use", "CA"]));
    assert!(again.contains("in use already"), "{again}");
    let elsewhere = custody(&folder, &["rules", "use", "CO"]);
    assert!(!elsewhere.status.success());
    let why = String::from_utf8(elsewhere.stdout).unwrap();
    assert!(why.contains("this shop is in CA"), "{why}");

    let (_, text) = sync_server::rules::shelf::text("CA").unwrap();
    let text = String::from_utf8(text).unwrap();
    let file = folder.data().path().join("raised.toml");
    let named = file.to_string_lossy().into_owned();
    std::fs::write(&file, text.replace("max = 8000", "max = many")).unwrap();
    let flawed = custody(&folder, &["rules", "use", &named]);
    assert!(!flawed.status.success());
    std::fs::write(&file, text.replace("max = 8000", "max = 9000")).unwrap();
    let used = said(&custody(&folder, &["rules", "use", &named]));
    assert!(
        used.contains("Devices have it at their next contact"),
        "{used}"
    );
    let shown_now = said(&custody(&folder, &["store", "show"]));
    assert_ne!(shown, shown_now);
    let words = ["rules", "judge", "--pack", "CA", "--since", "2026-11-01"];
    let judged = said(&custody(&folder, &words));
    assert!(judged.starts_with("0 orders: 0 pass"), "{judged}");
}

#[test]
fn a_shop_says_what_may_stand_in_for_what_cannot_be_had() {
    let folder = Folder::new();
    said(&custody(&folder, &CREATE));
    let report = said(&custody(&folder, &["store", "swaps", "--within", "10"]));
    assert!(report.contains("within 10 %"), "{report}");
    let off = said(&custody(&folder, &["store", "swaps", "--off"]));
    assert!(off.contains("Nothing stands in"), "{off}");
    for words in [
        ["store", "swaps", "--within=61"].as_slice(),
        &["store", "swaps"],
    ] {
        assert!(!custody(&folder, words).status.success(), "{words:?}");
    }
}

#[test]
fn a_shop_has_a_checklist_from_the_start_and_takes_another_one_from_a_file_that_is_in_order() {
    let folder = Folder::new();
    said(&custody(&folder, &CREATE));
    let file = folder.path().join("checklist.json");
    let name = file.to_string_lossy().into_owned();
    let list = |spanish: &str| {
        format!(
            r#"{{"steps": [{{"number": 1, "english": "Door locked", "spanish": "{spanish}"}}],
                "citations": ["steps: the shop's own"]}}"#
        )
    };
    std::fs::write(&file, list("")).unwrap();
    let refused = custody(&folder, &["store", "checklist", &name]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stdout).contains("steps"));
    std::fs::write(&file, list("Puerta cerrada")).unwrap();
    let report = said(&custody(&folder, &["store", "checklist", &name]));
    assert!(report.contains("1 steps"), "{report}");
    let again = said(&custody(&folder, &["store", "checklist", &name]));
    assert!(again.contains("in use already"), "{again}");
}

#[test]
fn a_shop_asks_for_a_second_person_when_a_file_says_so_and_for_nobody_before() {
    let folder = Folder::new();
    said(&custody(&folder, &CREATE));
    let file = folder.path().join("bench.json");
    let name = file.to_string_lossy().into_owned();
    let bench = include_str!("../../rules/bench.json");
    std::fs::write(&file, bench.replace("90", "900")).unwrap();
    let refused = custody(&folder, &["store", "bench", &name]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stdout).contains("near_limit_percent"));
    std::fs::write(&file, bench).unwrap();
    let report = said(&custody(&folder, &["store", "bench", &name]));
    assert!(report.contains("A second person looks at bags"), "{report}");
    let again = said(&custody(&folder, &["store", "bench", &name]));
    assert!(again.contains("in use already"), "{again}");
}
