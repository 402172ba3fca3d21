//! A commit whose answer never came: nobody is told that it lasted, and nothing is doubled when it has.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::custody::sign_in::ActorSignedOut;
use domain::event::encode;
use sync_server::log::postgres::Address;

use crate::device::Device;
use crate::nodes::Chain;
use crate::server::{ANA, Folder, Server};

/// How PostgreSQL's clients call the socket of the usual port.
const SOCKET: &str = ".s.PGSQL.5432";
const COMMIT: &[u8] = b"COMMIT\0";

/// Stands between a node and its database, and can keep the answer to a commit for itself.
struct Between {
    folder: PathBuf,
    keeps_next: Arc<AtomicBool>,
}

impl Between {
    fn start(folder: &Path, server: &Path) -> Self {
        let listener = UnixListener::bind(folder.join(SOCKET)).unwrap();
        let keeps_next = Arc::new(AtomicBool::new(false));
        let (server, keeps) = (server.join(SOCKET), Arc::clone(&keeps_next));
        std::thread::spawn(move || {
            for node in listener.incoming().map(Result::unwrap) {
                let server = UnixStream::connect(&server).unwrap();
                carry(node, server, &keeps);
            }
        });
        Self {
            folder: folder.to_owned(),
            keeps_next,
        }
    }
}

/// Carries bytes both ways until one end hangs up, or an answer is kept: then the line is cut.
fn carry(mut node: UnixStream, mut server: UnixStream, keeps_next: &Arc<AtomicBool>) {
    let is_kept = Arc::new(AtomicBool::new(false));
    let (mut to_node, mut from_server) = (node.try_clone().unwrap(), server.try_clone().unwrap());
    let (keeps_next, keeping) = (Arc::clone(keeps_next), Arc::clone(&is_kept));
    std::thread::spawn(move || {
        let mut bytes = vec![0; 65_536];
        while let Ok(length @ 1..) = node.read(&mut bytes) {
            let said = &bytes[..length];
            let is_commit = said.windows(COMMIT.len()).any(|part| part == COMMIT);
            if is_commit && keeps_next.swap(false, Ordering::SeqCst) {
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
