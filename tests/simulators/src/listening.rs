//! A thing that answers on a port, for as long as somebody keeps it.
//!
//! In: an address, and what is done with each line to it. Out: where it listens. Must not: outlive its keeper.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What several threads share, also behind one that broke.
pub(crate) fn lock<T>(inside: &Mutex<T>) -> MutexGuard<'_, T> {
    inside.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread that takes lines, one after the other.
#[derive(Debug)]
pub(crate) struct Listening {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    is_off: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listening {
    /// Listens at an address; `serve` takes each line.
    ///
    /// # Panics
    /// When the address is taken.
    pub(crate) fn at(
        address: SocketAddr,
        mut serve: impl FnMut(TcpStream) + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("a port");
        let is_off = Arc::<AtomicBool>::default();
        let seen = Arc::clone(&is_off);
        let thread = std::thread::spawn(move || {
            for line in listener.incoming() {
                if seen.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(line) = line {
                    serve(line);
                }
            }
        });
        Self {
            address,
            is_off,
            thread: Some(thread),
        }
    }

    /// Ends it, behind the line that it is at.
    pub(crate) fn end(&mut self) {
        self.is_off.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a line.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.end();
    }
}
