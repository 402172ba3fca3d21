//! Who may ask for what: every route, every role, in one's own name, in another's, and of another shop.
//!
//! The table is the file beside this one. When the rules change on purpose, the test says what it should be now; it
//! goes there once somebody has looked at every letter that changed. What may be pushed hangs on the kind of each act:
//! that is the table of `domain/tests/story/authority.txt`, by the same rules.

use domain::custody::is_for_devices;
use domain::custody::set_up::Doer;
use domain::event::{Body, Kind, KindVersion, encode};
use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::permit::{PermitAnswer, PermitAsk};
use domain::sync::enrol::{DevicesAct, DevicesAsk, SignInAsk};
use domain::sync::message::{ClaimAnswer, ClaimAsk, Outcome, QuarantineReason};
use domain::sync::proof::{PasskeysAct, PasskeysAsk};
use sync_server::http::{Limits, Rates};
use sync_server::ingest::Directory;
use sync_server::keys::random::unhex;

use crate::browser::SHOP;
use crate::device::{Device, web_order};
use crate::routes::ROUTES;
use crate::server::{Answer, Folder, Server, make_shop, order};

const TABLE: &str = include_str!("authority.txt");
const ROLES: [Role; 8] = [
    Role::Associate,
    Role::FrontOfHouse,
    Role::Driver,
    Role::DeliveryCoordinator,
    Role::InventoryManager,
    Role::ComplianceOfficer,
    Role::GeneralManager,
    Role::Auditor,
];
/// Whose name is used by those who are somebody else: another general manager.
const ANOTHER: Person = Person(19);
/// An associate who works here no longer.
const GONE: Person = Person(18);

/// Somebody with a PIN.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Person(u32);

impl Person {
    fn id(self) -> ActorId {
        ActorId(self.0)
    }

    fn pin(self) -> String {
        format!("80{:04}", 5_100 + self.0 * 7)
    }
}

/// What is asked: in whose name, with whose PIN, of which shop.
struct Asked {
    name: Person,
    pin: Person,
    store: String,
}

struct Stand {
    server: Server,
    device: Device,
    runtime: tokio::runtime::Runtime,
    orders: std::cell::Cell<u32>,
    _folder: Folder,
}

impl Stand {
    fn new() -> Self {
        let folder = Folder::new();
        let token = make_shop(&folder.data());
        let rates = Rates::endless();
        let server = Server::open_strict(&folder.data(), token, Limits::default(), rates);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let roles = (10..)
            .zip(ROLES)
            .map(|(number, role)| (Person(number), role));
        let others = [(ANOTHER, Role::GeneralManager), (GONE, Role::Associate)];
        for (person, role) in roles.chain(others) {
            let actor = Actor {
                id: person.id(),
                name: format!("{role:?}"),
                role,
                active: person != GONE,
                pin_changes: None,
                shift: None,
                unlocks: None,
            };
            let put = server.shop.put_person(actor, person.pin());
            runtime.block_on(put).unwrap();
        }
        Self {
            device: Device::enrolled(&server),
            server,
            runtime,
            orders: std::cell::Cell::new(0),
            _folder: folder,
        }
    }

    /// An order that nobody has taken.
    fn order(&self) -> domain::id::OrderId {
        self.orders.set(self.orders.get() + 1);
        let id = format!("A-{}", self.orders.get());
        assert_eq!(self.server.send_order(&order(&id, 1)).status, 201);
        web_order(&id)
    }

    fn post(&self, path: &str, body: &[u8]) -> Answer {
        let proof = self.device.proof("POST", path, body);
        let mut headers: Vec<_> = proof
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        headers.extend([("origin", SHOP), ("sec-fetch-site", "same-origin")]);
        self.server.post(path, &headers, body)
    }

    /// Whether it is given; `None` where nobody's name is asked for.
    fn is_given(&self, (_, route): (&str, &str), asked: &Asked) -> Option<bool> {
        // Whoever was tried out too often before is not locked now.
        let unlock = self
            .server
            .shop
            .unlock_person(asked.name.id(), Doer::default());
        self.runtime.block_on(unlock).unwrap();
        let path = route.replace("{store}", &asked.store);
        let (actor, pin) = (asked.name.id(), asked.pin.pin());
        let get = |path: &str| self.device.get(self.server.address, path);
        Some(match route {
            "/v1/stores/{store}/sign-in" => {
                let new_pin = None;
                let ask = SignInAsk { actor, pin, new_pin };
                self.post(&path, &encode(&ask)).status == 200
            }
            "/v1/stores/{store}/devices" => {
                let act = DevicesAct::Code {
                    drivers_phone: false,
                    address: String::new(),
                };
                self.post(&path, &encode(&DevicesAsk { actor, pin, act })).status == 200
            }
            "/v1/stores/{store}/passkeys" => {
                let pin = Some(pin);
                let act = PasskeysAct::Begin { code: None };
                self.post(&path, &encode(&PasskeysAsk { actor, pin, act })).status == 200
            }
            "/v1/stores/{store}/permit" => {
                let ask = PermitAsk {
                    actors: vec![actor],
                    nonce: [5; 16],
                };
                let answer = self.post(&path, &encode(&ask));
                answer.status == 200 && !answer.cbor::<PermitAnswer>().permits.is_empty()
            }
            "/v1/stores/{store}/claim" => {
                let orders = vec![self.order()];
                let device = None;
                let ask = ClaimAsk { actor, orders, device };
                let answer = self.post(&path, &encode(&ask));
                answer.status == 200 && !answer.cbor::<ClaimAnswer>().granted.is_empty()
            }
            "/v1/stores/{store}/orders/{order}/chain" => {
                let path = path.replace("{order}", &self.order().to_string());
                get(&format!("{path}?actor={}", actor.0)).status == 200
            }
            "/v1/stores/{store}/register" => get(&format!("{path}?actor={}", actor.0)).status == 200,
            // Of a device, whoever is at it.
            "/v1/stores/{store}/push"
            | "/v1/stores/{store}/pull"
            | "/v1/stores/{store}/sums"
            | "/v1/stores/{store}/snapshot"
            | "/v1/stores/{store}/chunks/{hash}"
            | "/v1/stores/{store}/hints"
            | "/v1/stores/{store}/printers"
            | "/v1/stores/{store}/wiped"
            // Of anybody, of who brings a code, of programs with a token.
            | "/healthz"
            | "/authority.crt"
            | "/v1/hello"
            | "/v1/enrol"
            | "/api/v1/orders"
            | "/api/v1/orders/{source}/{id}"
            | "/api/v1/openapi.json" => return None,
            new => panic!("nobody has said yet who may ask for {new}"),
        })
    }

    fn cell(&self, route: (&str, &str), person: Person) -> String {
        let store = self.server.store();
        let letter = |name, store: &str| {
            let asked = Asked {
                name,
                pin: person,
                store: store.to_owned(),
            };
            match self.is_given(route, &asked) {
                Some(true) => 'Y',
                Some(false) => '-',
                None => '.',
            }
        };
        let elsewhere = "ab".repeat(16);
        [
            letter(person, &store),
            letter(ANOTHER, &store),
            letter(person, &elsewhere),
        ]
        .iter()
        .collect()
    }
}

/// Columns of the table: a person of each role, and one who left.
fn people() -> Vec<(Person, String)> {
    let roles = (10..).zip(ROLES);
    let mut people: Vec<_> = roles
        .map(|(number, role)| (Person(number), format!("{role:?}")))
        .collect();
    people.push((GONE, "Associate who left".to_owned()));
    people
}

#[test]
fn the_table_says_who_is_given_what_by_every_route() {
    const NAME: usize = 46;
    let stand = Stand::new();
    let mut table = String::from(
        "In one's own name, in a manager's with one's own PIN where a PIN is asked for, of another shop.\n\
         Where none is, who is named must have proven to be on the device; of an order that is taken, too.\n\n",
    );
    for (column, (_, head)) in people().iter().enumerate() {
        table.push_str(&format!("{}{head}\n", " ".repeat(NAME + column * 5)));
    }
    for route in ROUTES {
        let name = format!("{} {}", route.0, route.1);
        let cells: Vec<String> = people()
            .iter()
            .map(|(person, _)| stand.cell(route, *person))
            .collect();
        table.push_str(&format!("{name:<NAME$}{}\n", cells.join("  ")));
    }
    assert!(
        table == TABLE,
        "the table is another one now; look at it, then keep it:\n{table}"
    );
}

/// A fact of a kind as it was released.
fn released(kind: Kind) -> Body {
    let shelf = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/tests/wire");
    let file = format!("{shelf}/event-{:03}-{kind:?}.hex", kind.number());
    let digits = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let digits: String = digits.split_whitespace().collect();
    let version = KindVersion {
        kind: kind.number(),
        version: 1,
    };
    Body::parse(version, &unhex(&digits).unwrap()).unwrap()
}

#[test]
fn what_only_the_server_says_is_kept_aside_when_a_device_says_it_whatever_its_kind() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let mut device = Device::enrolled(&server);
    let before = device.written.len();
    let directory = server.shop.directory();
    for kind in Kind::ALL {
        device.write(released(*kind));
    }
    let answer = device.push_all(&server);
    let receipts = &answer.chains[0].receipts[before..];
    assert_eq!(receipts.len(), Kind::ALL.len());
    for (kind, receipt) in Kind::ALL.iter().zip(receipts) {
        let is_aside = receipt.outcome == Outcome::Quarantined(QuarantineReason::NotTheServers);
        assert_eq!(is_aside, !is_for_devices(&released(*kind)), "{kind:?}");
    }
    // Nobody works here by it, and no device is enrolled by it.
    let after = server.shop.directory();
    assert_eq!(after.devices, directory.devices);
    let names = |directory: &Directory| directory.actors.keys().copied().collect::<Vec<_>>();
    assert_eq!(names(&after), names(&directory));
}
