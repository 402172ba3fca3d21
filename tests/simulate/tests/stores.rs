//! The suite of the stores, on the storage and the log that whole worlds are simulated with.

use std::cell::RefCell;
use std::rc::Rc;

use domain::id::Epoch;
use simulate::disk::Disk;
use simulate::disk::connection::{Connection, NextWrite, at_once};
use simulate::memory::{MemoryLog, NextCommit};
use suite::device::{self, Mishap};
use suite::log;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[derive(Default)]
struct DeviceBench(Rc<RefCell<Disk>>);

impl device::Bench for DeviceBench {
    type Store = Connection;

    fn connect(&self) -> Connection {
        Connection::new(&self.0, None)
    }

    fn next_write(&self, mishap: Mishap) {
        self.0.borrow_mut().next_write = match mishap {
            Mishap::Full => NextWrite::Full,
            Mishap::Aborted => NextWrite::Aborted,
            Mishap::LostBefore => NextWrite::LostBefore,
            Mishap::LostAfter => NextWrite::LostAfter,
            Mishap::LostBeforeAndShut => NextWrite::LostAndShut,
        };
    }

    async fn delete(&self) {
        self.0.take();
    }

    async fn open_as_newer(&self) -> usize {
        self.0.borrow_mut().open_as_newer()
    }

    async fn hollow(&self, epoch: Epoch, seq: u64) {
        self.0.borrow_mut().hollow((epoch, seq));
    }
}

macro_rules! on_the_simulated_disk {
    ($($room:ident::$claim:ident,)*) => {
        mod on_the_simulated_disk {
            $(#[cfg_attr(not(target_arch = "wasm32"), test)]
            #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
            fn $claim() {
                let bench = crate::DeviceBench::default();
                crate::at_once(suite::device::$room::$claim(&bench));
            })*
        }
    };
}

suite::every_device_behaviour!(on_the_simulated_disk);

#[derive(Default)]
struct LogBench(MemoryLog);

impl log::Bench for LogBench {
    type Log = MemoryLog;

    fn open(&self) -> Box<MemoryLog> {
        Box::new(self.0.clone())
    }

    fn open_reader(&self) -> Box<MemoryLog> {
        Box::new(self.0.clone())
    }

    fn break_it(&self, mishap: log::Mishap) {
        match mishap {
            log::Mishap::NoRoom => self.0.set_room(Some(1)),
            log::Mishap::CommitFails => self.0.set_next_commit(NextCommit::Fails),
            log::Mishap::LostInCommit => self.0.set_next_commit(NextCommit::Uncertain),
        }
    }

    fn mend(&self, _: log::Mishap) {
        self.0.set_room(None);
        self.0.set_next_commit(NextCommit::Lasts);
    }
}

macro_rules! on_the_log_in_memory {
    ($($room:ident::$claim:ident,)*) => {
        mod on_the_log_in_memory {
            $(#[cfg_attr(not(target_arch = "wasm32"), test)]
            #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
            fn $claim() {
                suite::log::$room::$claim(&crate::LogBench::default());
            })*
        }
    };
}

suite::every_log_behaviour!(on_the_log_in_memory);
