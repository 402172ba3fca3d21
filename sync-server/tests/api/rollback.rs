//! Transactions that fail: nobody hears of what was not kept, and the next one goes on as if nothing had been.

use domain::custody::set_up::ActorAdded;
use domain::event::Envelope;
use domain::facility::{Actor, Role};
use domain::id::ActorId;
use domain::sync::message::Cursor;
use sync_server::ingest::{ServerFact, Unavailable, Work};
use sync_server::log::Failed;

use crate::device::{Device, web_order};
use crate::server::{Folder, OLD_JARS, Server, order};

fn somebody(number: u32) -> ServerFact {
    let actor = Actor {
        id: ActorId(number),
        name: format!("Person {number}"),
        role: Role::Driver,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    };
    ServerFact::plain(ActorAdded::from(actor))
}

fn fails(work: &mut Work) -> Result<(), Failed> {
    work.record(somebody(50))?;
    Err(Failed::Damaged("nothing; this is a test"))
}

fn breaks(work: &mut Work) -> Result<(), Failed> {
    work.record(somebody(51))?;
    panic!("a bug, made for a test");
}

#[test]
fn what_was_done_before_a_failure_is_undone_and_the_servers_chain_goes_on_unbroken() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let shop = server.shop.clone();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        shop.record(vec![somebody(40)]).await.unwrap();
        let before = *shop.head().borrow();
        for act in [fails, breaks] {
            let error = shop.change(1, act).await.unwrap_err();
            assert!(matches!(
                error,
                Unavailable::RolledBack | Unavailable::Closed
            ));
            assert_eq!(*shop.head().borrow(), before);
        }
        let known = |ledger: &domain::ledger::Ledger| ledger.actors.len();
        assert_eq!(shop.read(known).await.unwrap(), 3);
        let after = shop.record(vec![somebody(41)]).await.unwrap();
        assert_eq!(after, [before.next()]);
    });
    let mut device = Device::enrolled(&server);
    device.pull(&server);
    assert!(device.ledger.actors.contains_key(&ActorId(41)));
    assert!(!device.ledger.actors.contains_key(&ActorId(50)));
    // Each of the server's events points to the one before it.
    let events = runtime.block_on(shop.ask(|log| {
        (1..)
            .map_while(|at| log.at(domain::id::Position(at)).transpose())
            .collect::<Result<Vec<_>, _>>()
    }));
    let events = events.unwrap();
    let mut ends = std::collections::BTreeMap::new();
    for event in &events {
        let envelope = Envelope::parse(&event.event.bytes).unwrap();
        let chain = (envelope.device, envelope.epoch);
        let (seq, prev) = ends
            .insert(chain, (envelope.seq + 1, event.event.hash()))
            .unwrap_or_default();
        assert_eq!((envelope.seq, envelope.prev), (seq, prev));
    }
    assert!(ends.len() >= 2);
}

#[test]
fn twenty_devices_that_come_back_at_once_all_get_their_receipts() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let devices: Vec<Device> = (0..20).map(|_| Device::enrolled(&server)).collect();
    std::thread::scope(|scope| {
        for device in &devices {
            scope.spawn(|| {
                let answer = device.push_all(&server);
                assert_eq!(answer.chains[0].next, 2);
            });
        }
    });
    let mut late = Device::enrolled(&server);
    late.pull(&server);
    assert_eq!(late.ledger.devices.len(), 22);
}

#[test]
fn what_readers_see_is_never_half_of_a_change() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    for number in 0..10 {
        server.send_order(&order(&format!("A-{number}"), 1));
    }
    let mut device = Device::enrolled(&server);
    let mut other = Device::enrolled(&server);
    device.take(&server, web_order("A-0"));
    device.pick(web_order("A-0"), OLD_JARS);
    std::thread::scope(|scope| {
        scope.spawn(|| device.push_all(&server));
        for _ in 0..20 {
            other.cursor = Cursor::default();
            other.pull(&server);
            let picked = other.ledger.orders[&web_order("A-0")].units_picked();
            let reserved: u32 = other
                .ledger
                .packages
                .values()
                .map(|package| package.reserved.whole_units())
                .sum();
            assert_eq!(picked + reserved, 10);
        }
    });
}
