//! What the log that was replaced had taken away, and the one in its place has again.
//!
//! In: both logs. Out: the same devices revoked and the same people out once more, as facts of the new life. Must not: let
//! anybody in, or take the replaced log's word for more than that.
//!
//! Where that log is lost, tablets that saw a revocation say so on the page where devices are revoked.

use domain::facility::{Actor, Device};
use domain::ledger::Ledger;

use crate::config::DataDir;
use crate::ingest::Shop;
use crate::ingest::tokens::Doer;
use crate::log::{Database, Failed};

/// Whoever may not come back with a backup.
#[derive(Debug, Default)]
pub(super) struct TakenAway {
    devices: Vec<Device>,
    people: Vec<Actor>,
}

impl TakenAway {
    /// What a log says of them. None where it cannot be read: it may be why there is a backup in its place.
    pub(super) fn of(database: Database) -> Self {
        let read = || -> Result<Ledger, Failed> {
            let log = database.open_reader()?;
            log.begin_reading()?;
            let ledger = log.load_ledger();
            log.rollback();
            ledger
        };
        let Ok(ledger) = read() else {
            return Self::default();
        };
        let devices = ledger.devices.into_values();
        let people = ledger.actors.into_values();
        Self {
            devices: devices.filter(|device| !device.active).collect(),
            people: people.filter(|person| !person.active).collect(),
        }
    }

    /// Takes them away in a shop too, where they are as they were then. Returns their names.
    pub(super) fn again(&self, dir: &DataDir) -> Result<Vec<String>, String> {
        if self.devices.is_empty() && self.people.is_empty() {
            return Ok(Vec::new());
        }
        let shop = Shop::open(dir).map_err(|error| error.to_string())?;
        let done = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| error.to_string())
            .and_then(|runtime| runtime.block_on(self.again_in(&shop)));
        shop.close();
        done
    }

    async fn again_in(&self, shop: &Shop) -> Result<Vec<String>, String> {
        let there = shop.directory();
        let mut names = Vec::new();
        for gone in &self.devices {
            let known = there.devices.get(&gone.id);
            // Let in again by a code since then: that is another enrolment, and a backup of after it.
            let is_back =
                known.is_some_and(|known| known.active && known.generation <= gone.generation);
            if is_back {
                let revoked = shop.revoke(gone.id, Doer::default()).await;
                revoked.map_err(|error| error.to_string())?;
                names.push(format!("the device {} ({})", gone.name, gone.id));
            }
        }
        for gone in &self.people {
            let known = there.actors.get(&gone.id);
            if known.is_some_and(|known| known.active && known.name == gone.name) {
                let out = shop.set_active(gone.id, false, Doer::default()).await;
                out.map_err(|error| error.to_string())?;
                names.push(format!("{}, person {}", gone.name, gone.id.0));
            }
        }
        Ok(names)
    }
}
