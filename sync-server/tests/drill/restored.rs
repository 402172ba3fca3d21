//! Yesterday's backup in the place of a shop that went on without it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::custody::exception::Rule;
use domain::event::encode;
use domain::id::{Hash, OrderId};
use domain::quantity::Quantity;
use domain::stock::Place;
use domain::sync::enrol::EnrolAnswer;
use sync_server::admin::doctor::{Around, Verdict, examine};
use sync_server::ingest::tokens::Doer;

use crate::command::{custody, refused};
use crate::device::{Device, Key, enrol_ask, web_order};
use crate::journal::{open, times};
use crate::program::Program;
use crate::server::{Folder, Server, agent, order, post};
use crate::tablet::Tablet;

fn orders() -> [OrderId; 4] {
    ["A-0", "A-1", "A-2", "A-3"].map(web_order)
}

/// A shop with four orders and two tablets; the server is stopped.
fn shop(folder: &Folder) -> (Tablet, Tablet, String) {
    let server = Server::start(folder);
    for number in 0..4 {
        server.send_order(&order(&format!("A-{number}"), 3));
    }
    let tablets = (Tablet::enrolled(&server), Tablet::enrolled(&server));
    let token = server.stop();
    (tablets.0, tablets.1, token)
}

fn send(program: &Program, token: &str, id: &str) -> String {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let body = order(id, 1).to_string();
    let answer = post(
        &agent(),
        program.address,
        "/api/v1/orders",
        &headers,
        body.as_bytes(),
    );
    answer.json()["results"][0]["code"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn replaced(folder: &Folder) -> PathBuf {
    let entries = std::fs::read_dir(folder.data().path()).unwrap();
    let mut aside = entries.map(|entry| entry.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("replaced-")
    });
    let found = aside.next().unwrap();
    assert!(aside.next().is_none());
    found
}

/// Every event either tablet wrote is in the log once, and everything that was ever acknowledged is one of them
/// or still where it was.
fn check_log(database: &Path, tablets: [&Tablet; 2]) {
    let log = open(database);
    for tablet in tablets {
        for event in tablet.written() {
            assert_eq!(times(&log, event.hash()), 1);
        }
        for acked in &tablet.acked {
            assert_eq!(times(&log, acked.hash), 1, "{acked:?}");
        }
    }
    let doubled: i64 = log
        .query_row(
            "SELECT count(*) - count(DISTINCT event_id) FROM event",
            (),
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(doubled, 0);
}

/// A shop, two tablets, and a backup of a moment in between.
struct Day {
    folder: Folder,
    ana: Tablet,
    ben: Tablet,
    token: String,
    backup: PathBuf,
}

impl Day {
    /// Until the backup: a pick, and three leases.
    fn begin() -> (Self, Program) {
        let folder = Folder::new();
        let (mut ana, mut ben, token) = shop(&folder);
        let [first, second, _, fourth] = orders();
        let program = Program::start(&folder, &[]);
        ana.take(program.address, first);
        ana.pick(first, 1);
        ana.settle(program.address);
        ben.take(program.address, second);
        ben.take(program.address, fourth);
        let backup = folder.path().join("yesterday.custody");
        let said = custody(&["backup"], &backup, &folder);
        assert!(said.contains("up to position"), "{said}");
        let day = Self {
            folder,
            ana,
            ben,
            token,
            backup,
        };
        (day, program)
    }

    /// The day goes on: picks under leases of before and of after, an order that only comes now, one given back,
    /// tablets switched off and on. Gives back the new order's code.
    fn go_on(&mut self, program: &Program) -> String {
        let [first, second, third, fourth] = orders();
        let (ana, ben) = (&mut self.ana, &mut self.ben);
        ana.pick(first, 2);
        ana.settle(program.address);
        ana.restart();
        ana.take(program.address, third);
        ana.pick(third, 1);
        let code = send(program, &self.token, "A-9");
        ana.take(program.address, web_order("A-9"));
        ana.pick(web_order("A-9"), 1);
        ben.pick(second, 3);
        ben.give_back(fourth);
        ana.settle(program.address);
        ben.settle(program.address);
        // This much the server never hears of before it dies.
        ben.restart();
        code
    }

    fn acknowledged(&self) -> BTreeSet<Hash> {
        let tablets = [&self.ana, &self.ben].into_iter();
        tablets
            .flat_map(|tablet| tablet.acked.iter().map(|acked| acked.hash))
            .collect()
    }

    fn restore(&self) {
        let database = self.folder.data().database();
        let before = std::fs::read(&database).unwrap();
        let told = refused(&["restore"], &self.backup, &self.folder);
        assert!(told.contains("is newer"), "{told}");
        assert_eq!(std::fs::read(&database).unwrap(), before);
        let said = custody(&["restore", "--force"], &self.backup, &self.folder);
        assert!(said.contains("0 minutes ago"), "{said}");
        assert!(said.contains("custody serve"), "{said}");
        // The newer log is whole, with what stood in its write-ahead log only.
        let known = self.acknowledged();
        assert!(known.len() > 10, "{}", known.len());
        let aside = open(&replaced(&self.folder).join("custody.sqlite"));
        assert!(known.iter().all(|hash| times(&aside, *hash) == 1));
        let restored = open(&database);
        assert!(known.iter().any(|hash| times(&restored, *hash) == 0));
    }

    /// Both tablets come back, and then hear of each other.
    fn come_back(&mut self, program: &Program) {
        let resets = (self.ana.resets, self.ben.resets);
        self.ana.settle(program.address);
        self.ben.settle(program.address);
        self.ana.settle(program.address);
        let now = (self.ana.resets, self.ben.resets);
        assert_eq!(now, (resets.0 + 1, resets.1 + 1));
    }
}

#[test]
fn after_yesterdays_backup_is_restored_the_tablets_bring_back_everything_acknowledged_since() {
    let (mut day, program) = Day::begin();
    let code = day.go_on(&program);
    let told = refused(&["restore"], &day.backup, &day.folder);
    assert!(told.contains("open. Stop it first"), "{told}");
    drop(program);
    day.restore();

    let program = Program::start(&day.folder, &[]);
    // The source sends again what came since, before the tablets come back. A code that may be on somebody's
    // ticket is not given out a second time.
    assert_ne!(send(&program, &day.token, "A-8"), code);
    send(&program, &day.token, "A-9");
    day.come_back(&program);
    check_log(&day.folder.data().database(), [&day.ana, &day.ben]);
    let ledger = day.ana.ledger();
    let [first, second, third, fourth] = orders();
    let picked = |order: OrderId| ledger.orders[&order].units_picked();
    assert_eq!([first, second, third, fourth].map(picked), [3, 3, 1, 0]);
    assert_eq!(picked(web_order("A-9")), 1);
    assert!(ledger.is_conserved());
    let on_shelf: Quantity = ledger
        .packages
        .values()
        .flat_map(|package| package.places.iter())
        .filter(|(place, _)| matches!(place, Place::Shelf(_)))
        .map(|(_, quantity)| *quantity)
        .sum();
    assert_eq!(on_shelf, Quantity::units(83 - 8));
}

#[test]
fn leases_of_before_the_backup_hold_after_it_and_picks_under_later_ones_wait_for_a_manager() {
    let (mut day, program) = Day::begin();
    day.go_on(&program);
    drop(program);
    day.restore();
    let program = Program::start(&day.folder, &[]);
    send(&program, &day.token, "A-9");
    day.come_back(&program);
    let [first, second, third, fourth] = orders();
    let ledger = day.ana.ledger();
    let holder = |order: OrderId| {
        let claim = ledger.orders[&order].claim.as_ref();
        claim.map(|claim| claim.device)
    };
    assert_eq!(holder(first), Some(day.ana.device.id));
    assert_eq!(holder(second), Some(day.ben.device.id));
    assert_eq!(day.ben.claim(program.address, first).granted, []);
    // One was given back since and one given out since: nobody has them.
    assert_eq!((holder(third), holder(fourth)), (None, None));
    let mut rules: Vec<Rule> = ledger.exceptions.values().map(|open| open.rule).collect();
    rules.sort_unstable();
    // Each tablet shows that the log had gone further once.
    assert_eq!(
        rules,
        [
            Rule::LeaseBrokenPick,
            Rule::LeaseBrokenPick,
            Rule::ServerRollback,
            Rule::ServerRollback,
        ]
    );
    day.ana.take(program.address, third);
    day.ana.pick(third, 2);
    day.ana.settle(program.address);
    assert_eq!(day.ana.ledger().orders[&third].units_picked(), 3);
    assert_eq!(day.ana.ledger().exceptions.len(), rules.len());
}

#[test]
fn a_tablet_enrolled_since_the_backup_keeps_what_it_did_and_brings_it_once_it_is_enrolled_again() {
    let folder = Folder::new();
    let (mut ana, _, token) = shop(&folder);
    let backup = folder.path().join("early");
    custody(&["backup"], &backup, &folder);
    let server = Server::open(&folder, token, true);
    let mut late = Tablet::enrolled(&server);
    let token = server.stop();
    let kept = std::fs::read(&backup).unwrap();
    custody(&["restore", "--force"], &backup, &folder);
    assert_eq!(
        std::fs::read(&backup).unwrap(),
        kept,
        "the backup is untouched"
    );

    let program = Program::start(&folder, &[]);
    late.restart();
    assert!(!late.tries(program.address));
    assert!(late.machine.unsent() > 0);
    ana.settle(program.address);
    drop(program);

    let server = Server::open(&folder, token, true);
    let ask = encode(&enrol_ask(&late.device.key, ""));
    let answer: EnrolAnswer = server.post("/v1/enrol", &[], &ask).cbor();
    assert_eq!(answer.device.id, late.device.id);
    late.settle(server.address);
    check_log(&folder.data().database(), [&ana, &late]);
    server.stop();
}

#[test]
fn whom_the_replaced_log_had_sent_away_does_not_come_back_with_the_backup() {
    let folder = Folder::new();
    let (ana, ben, token) = shop(&folder);
    let backup = folder.path().join("early");
    custody(&["backup"], &backup, &folder);
    let server = Server::open(&folder, token, false);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lost = ana.device.id;
    assert!(
        runtime
            .block_on(server.shop.revoke(lost, Doer::default()))
            .unwrap()
    );
    let out = server
        .shop
        .set_active(crate::server::ANA, false, Doer::default());
    assert!(runtime.block_on(out).unwrap());
    let token = server.stop();
    let said = custody(&["restore", "--force"], &backup, &folder);
    let line = said
        .lines()
        .find(|line| line.starts_with("Sent away again"));
    let line = line.expect(&said);
    assert!(
        line.contains(&lost.to_string()) && line.contains("person 1"),
        "{line}"
    );
    let server = Server::open(&folder, token, false);
    let there = server.shop.directory();
    let is_in = |id| there.devices[id].active;
    assert_eq!([&lost, &ben.device.id].map(is_in), [false, true]);
    assert!(!there.actors[&crate::server::ANA].active);
    server.stop();
    // Who looks after the shop is told for a week that a backup brings back what was taken away after it.
    let now = sync_server::clock::now_ms();
    let found = |now| {
        let around = Around { now, free: None };
        let found = examine(&folder.data(), around);
        found.into_iter().find(|finding| finding.check == "restore")
    };
    assert_eq!(found(now).expect("it is said").verdict, Verdict::Warn);
    assert_eq!(found(now + 8 * 86_400_000), None);
}

#[test]
fn a_code_that_enrolled_a_device_once_enrols_nobody_after_a_restore() {
    let folder = Folder::new();
    let (_, _, token) = shop(&folder);
    let server = Server::open(&folder, token, false);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let code = runtime
        .block_on(server.shop.enrolment_code(None, Doer::default()))
        .unwrap();
    let backup = folder.path().join("early");
    custody(&["backup"], &backup, &folder);
    Device::enrolled_with(server.address, Key::ed25519(), &code);
    let token = server.stop();
    custody(&["restore", "--force"], &backup, &folder);
    let server = Server::open(&folder, token, false);
    let ask = encode(&enrol_ask(&Key::ed25519(), &code));
    let answer = server.post("/v1/enrol", &[], &ask);
    assert_eq!(answer.status, 403);
    server.stop();
}
