//! What happens on the line between a node and its database: an answer that never comes, a question that comes
//! late.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use domain::custody::sign_in::ActorSignedOut;
use domain::event::encode;
use domain::id::ActorId;
use domain::ledger::Ledger;
use sync_server::ingest::Shop;
use sync_server::log::postgres::Address;

use crate::device::Device;
use crate::nodes::Chain;
use crate::server::{ANA, Folder, Server};

/// How PostgreSQL's clients call the socket of the usual port.
const SOCKET: &str = ".s.PGSQL.5432";
const COMMIT: &[u8] = b"COMMIT\0";

/// Stands between a node and its database; can keep the answer to a commit for itself, and hold a question back.
struct Between {
    folder: PathBuf,
    keeps_next: Arc<AtomicBool>,
    held: Arc<Mutex<Option<Held>>>,
}

/// A question that is to be held back, once.
struct Held {
    text: &'static str,
    /// Told when it has come.
    came: Sender<()>,
    /// Tells when it may go on.
    go_on: Receiver<()>,
}

impl Between {
    fn start(folder: &Path, server: &Path) -> Self {
        let listener = UnixListener::bind(folder.join(SOCKET)).unwrap();
        let keeps_next = Arc::new(AtomicBool::new(false));
        let held = Arc::default();
        let (server, keeps) = (server.join(SOCKET), Arc::clone(&keeps_next));
        let holds = Arc::clone(&held);
        std::thread::spawn(move || {
            for node in listener.incoming().map(Result::unwrap) {
                let server = UnixStream::connect(&server).unwrap();
                carry(node, server, &keeps, &holds);
            }
        });
        Self {
            folder: folder.to_owned(),
            keeps_next,
            held,
        }
    }

    /// Holds the next question with this text back. Returns how to hear that it came, and how to let it go on.
    fn hold(&self, text: &'static str) -> (Receiver<()>, Sender<()>) {
        let (came, has_come) = channel();
        let (let_go, go_on) = channel();
        *self.held.lock().unwrap() = Some(Held { text, came, go_on });
        (has_come, let_go)
    }
}

/// Carries bytes both ways until one end hangs up, or an answer is kept: then the line is cut.
fn carry(
    mut node: UnixStream,
    mut server: UnixStream,
    keeps_next: &Arc<AtomicBool>,
    holds: &Arc<Mutex<Option<Held>>>,
) {
    let is_kept = Arc::new(AtomicBool::new(false));
    let (mut to_node, mut from_server) = (node.try_clone().unwrap(), server.try_clone().unwrap());
    let (keeps_next, keeping) = (Arc::clone(keeps_next), Arc::clone(&is_kept));
    let holds = Arc::clone(holds);
    std::thread::spawn(move || {
        let mut bytes = vec![0; 65_536];
        while let Ok(length @ 1..) = node.read(&mut bytes) {
            let said = &bytes[..length];
            let has = |text: &[u8]| said.windows(text.len()).any(|part| part == text);
            let is_held = |held: &mut Held| has(held.text.as_bytes());
            let held = holds.lock().unwrap().take_if(is_held);
            if let Some(held) = held {
                held.came.send(()).unwrap();
                held.go_on.recv().unwrap();
            }
            if has(COMMIT) && keeps_next.swap(false, Ordering::SeqCst) {
                keeping.store(true, Ordering::SeqCst);
            }
            if server.write_all(said).is_err() {
                break;
            }
        }
        drop(server.shutdown(Shutdown::Both));
    });
    std::thread::spawn(move || {
        let mut bytes = vec![0; 65_536];
        while let Ok(length @ 1..) = from_server.read(&mut bytes) {
            if is_kept.load(Ordering::SeqCst) || to_node.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        drop(to_node.shutdown(Shutdown::Both));
    });
}

#[test]
fn a_node_that_opens_while_another_records_misses_nothing() {
    let chain = Chain::new();
    let folder = Folder::new();
    let between = Between::start(folder.path(), chain.database.socket_folder());
    let one = Server::open_in(&chain.dir(0), chain.token.clone(), true);
    let by_way = Address::parse(&chain.database.url_by(&between.folder)).unwrap();
    let dir = chain.folders[1].data().on(by_way);
    let (has_come, let_go) = between.hold("SELECT position FROM store_head WHERE store = $1\0");
    let opening = std::thread::spawn(move || Shop::open(&dir).unwrap());
    has_come.recv().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let record = one.shop.record(vec![crate::nodes::person(70)]);
    runtime.block_on(record).unwrap();
    let_go.send(()).unwrap();
    let other = opening.join().unwrap();
    assert_eq!(*other.head().borrow(), *one.shop.head().borrow());
    let known = |ledger: &Ledger| ledger.actors.contains_key(&ActorId(70));
    assert!(runtime.block_on(other.read(known)).unwrap());
    other.close();
}

#[test]
fn a_commit_whose_answer_was_lost_is_not_acknowledged_and_not_doubled_afterwards() {
    let chain = Chain::new();
    let folder = Folder::new();
    let between = Between::start(folder.path(), chain.database.socket_folder());
    let by_way = Address::parse(&chain.database.url_by(&between.folder)).unwrap();
    let dir = chain.folders[0].data().on(by_way);
    let node = Server::open_in(&dir, chain.token.clone(), true);
    let mut device = Device::enrolled(&node);
    device.push_all(&node);
    for _ in 0..3 {
        device.write(ActorSignedOut { actor: ANA }.into());
        let before = *node.shop.head().borrow();
        between.keeps_next.store(true, Ordering::SeqCst);
        let path = format!("/v1/stores/{}/push", device.store);
        let answer = device.post(node.address, &path, &encode(&device.push_from(0)));
        assert_eq!(answer.status, 503);
        assert!(!between.keeps_next.load(Ordering::SeqCst));
        // It lasted all the same, so asking again finds it and records nothing.
        let again = device.push_all(&node);
        assert_eq!(again.chains[0].next, device.chain.next());
        assert_eq!(again.head, before.next());
        let last = again.chains[0].receipts.last().unwrap();
        assert_eq!(last.position, before.next());
    }
    // The server's own chain, too, goes on where the log says it is.
    between.keeps_next.store(true, Ordering::SeqCst);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let record = || node.shop.record(vec![crate::nodes::person(60)]);
    assert!(runtime.block_on(record()).is_err());
    runtime.block_on(record()).unwrap();
    device.pull(&node);
    assert_eq!(device.ledger.actors.len(), 3);
}
