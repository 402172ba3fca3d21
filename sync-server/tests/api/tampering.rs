//! A hundred thousand random tamperings with everything that is evidence: the log, a bundle, receipts and heads, leases.
//! Every one is found out, most of them although whoever tampers has the server's key.
//!
//! `CUSTODY_TAMPERINGS` says how many; a number of its own makes each of them, so that one alone can be tried again with
//! `CUSTODY_TAMPERING`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use domain::audit::bundle::Facts;
use domain::audit::checkpoint::{Checkpoint, KeyRef, Note};
use domain::audit::verify::{Depth, Report, Verifier};
use domain::code::Grade;
use domain::custody::pick::PackagePicked;
use domain::facility::{KeyKind, LocationCode};
use domain::id::Hash;
use domain::sync::message::{OrderChain, Signed};
use sync_server::admin::bundle;
use sync_server::config::DataDir;
use sync_server::keys::ServerKeys;
use sync_server::keys::signature::verifies;

use crate::device::{Device, Key, web_order};
use crate::server::{ANA, ANA_PIN, Folder, NEW_JARS, OLD_JARS, Server, make_shop, order, tag};
use crate::witness::seen_by;

/// Which bytes, and how.
mod dice;
/// The server's own database, by its administrator.
mod log;
/// The auditor's file.
mod bundles;
/// What the server has signed for devices.
mod receipts;
/// Rights to work an order, as an order's chain shows them.
mod leases;

use dice::Dice;

/// Tried whenever the tests run; `cargo xtask hunt tampering` tries a hundred thousand.
const TIMES: u64 = 20_000;
/// With what, how many of so many tamperings, and in which ways. The log is asked through files, and so the slowest.
const SHARES: [(&str, u64, &[&str], Tamper); 4] = [
    ("log", 1, log::WAYS, log::tamper),
    ("bundle", 10, bundles::WAYS, bundles::tamper),
    ("receipt", 8, receipts::WAYS, receipts::tamper),
    ("lease", 6, leases::WAYS, leases::tamper),
];
/// Tries for one tampering that changes something.
const TRIES_MAX: u32 = 1_000;

/// Tampers with a copy of some evidence, in one way.
type Tamper = fn(&Evidence, &mut Dice, &str) -> Found;

/// Whether the check found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Yes,
    No,
    /// Nothing was changed, or nothing in what it says.
    Same,
}

impl Found {
    fn when(found: bool) -> Self {
        if found { Self::Yes } else { Self::No }
    }
}

/// A signature, as it is asked about.
type Question = (KeyKind, Vec<u8>, Hash, Vec<u8>);

/// Signatures that were checked before: most of the evidence stays as it is from one tampering to the next.
#[derive(Default)]
struct Known(RefCell<BTreeMap<Question, bool>>);

impl Known {
    fn verifies(&self, kind: KeyKind, key: &[u8], hash: &Hash, signature: &[u8]) -> bool {
        let question = (kind, key.to_vec(), *hash, signature.to_vec());
        if let Some(known) = self.0.borrow().get(&question) {
            return *known;
        }
        let good = verifies(kind, key, hash, signature);
        self.0.borrow_mut().insert(question, good);
        good
    }

    /// What `custody verify` does with a file.
    fn check(&self, file: &[u8], kept: Option<Checkpoint>) -> Report {
        let ask = |kind, key: &[u8], hash: &Hash, signature: &[u8]| {
            self.verifies(kind, key, hash, signature)
        };
        let verifier = Verifier::new(Depth::EveryEvent, ask);
        let mut verifier = match kept {
            Some(kept) => verifier.since(kept),
            None => verifier,
        };
        verifier.push(file);
        verifier.finish()
    }
}

/// Everything there is to prove what happened in a shop on one day.
struct Evidence {
    dir: DataDir,
    folder: Folder,
    keys: ServerKeys,
    /// The server's database, closed.
    database: Vec<u8>,
    bundle: Vec<u8>,
    /// The head an auditor kept at the end of that day.
    kept: Checkpoint,
    facts: Facts,
    answers: Vec<Signed>,
    heads: Vec<Note>,
    chains: Vec<OrderChain>,
    known: Known,
}

impl Evidence {
    fn of_a_day() -> Self {
        let folder = Folder::new();
        let dir = folder.data();
        let token = make_shop(&dir);
        let server = Server::open(&folder, token, true);
        let (answers, chains) = a_day(&server);
        server.stop();
        let keys = ServerKeys::load(&dir.key_file()).unwrap();
        let database = rusqlite::Connection::open(dir.database()).unwrap();
        // One file that can be put back, and no waiting for a disk.
        let mode: String = database
            .pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "delete");
        drop(database);
        let file = folder.path().join("day.bundle");
        assert!(bundle::make(&dir, &file, true, &|_| {}).unwrap().is_done);
        let bundle = std::fs::read(&file).unwrap();
        let known = Known::default();
        let report = known.check(&bundle, None);
        assert_eq!(report.first_bad, None);
        assert!(report.exceptions > 0, "a day without an exception");
        let kept = report.heads[0].checkpoint;
        assert_eq!(known.check(&bundle, Some(kept)).first_bad, None);
        let heads = bundles::heads(&bundle);
        assert!(heads.iter().any(|head| head.witnesses().count() > 0));
        Self {
            database: std::fs::read(dir.database()).unwrap(),
            facts: report.facts.unwrap(),
            bundle,
            kept,
            dir,
            folder,
            keys,
            answers,
            heads,
            chains,
            known,
        }
    }

    fn log_key(&self) -> KeyRef<'_> {
        KeyRef {
            kind: self.facts.log_key_kind,
            bytes: &self.facts.log_key,
        }
    }
}

/// Orders, leases, picks with and without one, and heads that two devices co-sign.
fn a_day(server: &Server) -> (Vec<Signed>, Vec<OrderChain>) {
    for (id, jars) in [("A-1", 2), ("A-2", 3), ("A-3", 1)] {
        server.send_order(&order(id, jars));
    }
    let mut tablet = Device::enrolled_with(server.address, Key::p256(), "");
    let mut phone = Device::enrolled(server);
    let mut answers = Vec::new();
    let mut push = |device: &Device| {
        let path = format!("/v1/stores/{}/push", device.store);
        let bytes = domain::event::encode(&device.push_from(0));
        answers.push(device.post(server.address, &path, &bytes).cbor());
    };
    push(&tablet);
    push(&phone);
    tablet.take(server, web_order("A-1"));
    phone.take(server, web_order("A-2"));
    tablet.pick(web_order("A-1"), OLD_JARS);
    push(&tablet);
    phone.pick(web_order("A-2"), NEW_JARS);
    push(&phone);
    tablet.pick(web_order("A-1"), OLD_JARS);
    // Nobody leased this one.
    phone.write(
        PackagePicked {
            order: web_order("A-3"),
            line: 1,
            tag: tag(NEW_JARS),
            unit: None,
            grade: Grade::Package,
            from: LocationCode::new("B-04-2"),
        }
        .into(),
    );
    push(&tablet);
    push(&phone);
    for (id, jars) in [("A-1", 3), ("A-2", 2)] {
        server.send_order(&order(id, jars));
    }
    let tablet = seen_by(server, tablet);
    tablet.proves(server, ANA, ANA_PIN);
    seen_by(server, phone);
    let ask = |id| {
        let (store, order) = (tablet.store, web_order(id));
        let path = format!("/v1/stores/{store}/orders/{order}/chain?actor={}", ANA.0);
        tablet.get(server.address, &path).cbor()
    };
    (answers, ["A-1", "A-2"].map(ask).to_vec())
}

/// Tampers once, so that something is changed: with what, in which way, and whether it was found.
fn tampered(evidence: &Evidence, number: u64) -> (&'static str, &'static str, bool) {
    let all: u64 = SHARES.iter().map(|(_, share, ..)| share).sum();
    let (round, mut at) = (number / all, number % all);
    let chosen = SHARES.iter().find(|(_, share, ..)| {
        let is_it = at < *share;
        at = if is_it { at } else { at - share };
        is_it
    });
    let (kind, share, ways, tamper) = chosen.unwrap();
    // Each way in turn.
    let way = usize::try_from(round * share + at).unwrap() % ways.len();
    let way = ways[way];
    let mut dice = Dice::new(number);
    for _ in 0..TRIES_MAX {
        match tamper(evidence, &mut dice, way) {
            Found::Yes => return (kind, way, true),
            Found::No => return (kind, way, false),
            Found::Same => {}
        }
    }
    panic!("tampering {number} with a {kind} never changes anything: {way}");
}

#[test]
fn whatever_is_tampered_with_is_found_out() {
    let evidence = Evidence::of_a_day();
    let set = |name| std::env::var(name).ok().map(|text| text.parse::<u64>());
    let numbers = match set("CUSTODY_TAMPERING") {
        Some(number) => number.clone().unwrap()..number.unwrap() + 1,
        None => 0..set("CUSTODY_TAMPERINGS").map_or(TIMES, Result::unwrap),
    };
    let is_one = numbers.end - numbers.start == 1;
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut missed = Vec::new();
    for number in numbers {
        let (kind, way, is_found) = tampered(&evidence, number);
        *counts.entry((kind, way)).or_default() += 1;
        if !is_found {
            missed.push(format!("{number} ({kind}, {way})"));
        }
    }
    for ((kind, way), count) in &counts {
        println!("{count:>6}  {kind}: {way}");
    }
    let missed = missed.join(", ");
    assert!(
        missed.is_empty(),
        "not found out; try one again with CUSTODY_TAMPERING=NUMBER: {missed}"
    );
    for (kind, _, ways, _) in SHARES.iter().filter(|_| !is_one) {
        for way in *ways {
            let is_tried = counts.contains_key(&(*kind, *way));
            assert!(is_tried, "a {kind} was never tampered with so: {way}");
        }
    }
}
