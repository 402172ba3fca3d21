//! A new shop: its identity, its keys, its first facts.
//!
//! In: what the licence and the state's rules say. Out: a data directory with a shop in it. Must not:
//! replace one that is there.

use std::sync::Arc;

use domain::custody::set_up::{DeviceEnrolled, StoreConfigured};
use domain::facility::{Device, KeyKind, Location, Slot, SlotCode, Store};
use domain::id::{DeviceId, StoreId};
use domain::order::Channel;
use domain::rules::RulePack;
use domain::sync::message::Incarnation;

use super::{ServerFact, Shop, Work, is_set_up, opening};
use crate::config::DataDir;
use crate::keys::ServerKeys;
use crate::keys::random;
use crate::log::{Failed, Identity};
use crate::rules;

/// What a shop begins with.
#[derive(Clone, Debug)]
pub struct NewStore {
    /// Its identifier; made up when there is none yet.
    pub id: Option<StoreId>,
    /// The business, as its label names it.
    pub business: String,
    /// The shop's own name.
    pub name: String,
    /// The state's licence number.
    pub license: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// The state's rules.
    pub rules: RulePack,
    /// Shelves known from the start.
    pub locations: Vec<Location>,
    /// Staging slots.
    pub slots: Vec<Slot>,
}

/// Why no shop was made.
#[derive(Debug)]
pub enum SetUpFailed {
    /// There is one already.
    AlreadyThere,
    /// The directory or the key could not be written.
    File(std::io::Error),
    /// The database could not be written.
    Log(Failed),
}

impl core::fmt::Display for SetUpFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::AlreadyThere => f.write_str("there is a store here already"),
            Self::File(error) => write!(f, "{error}"),
            Self::Log(failed) => write!(f, "{failed}"),
        }
    }
}

impl core::error::Error for SetUpFailed {}

impl From<Failed> for SetUpFailed {
    fn from(failed: Failed) -> Self {
        Self::Log(failed)
    }
}

/// Slots a shop begins with: how many for each channel, and the letter they begin with.
const SLOTS: [(Channel, char, u32); 3] = [
    (Channel::Pickup, 'P', 24),
    (Channel::Curbside, 'C', 12),
    (Channel::Delivery, 'D', 12),
];

/// The slots of a shop that has not named its own: `P1` to `P24`, `C1` to `C12`, `D1` to `D12`.
#[must_use]
pub fn usual_slots() -> Vec<Slot> {
    let of_channel = |(channel, letter, count): (Channel, char, u32)| {
        (1..=count).map(move |number| Slot {
            code: SlotCode::new(&format!("{letter}{number}")),
            channel,
            holds: None,
            since: None,
        })
    };
    SLOTS.into_iter().flat_map(of_channel).collect()
}

impl Shop {
    /// Makes a shop and opens it. Blocks; a task must not call it.
    ///
    /// # Errors
    /// When there is one already, or the directory cannot be written.
    pub fn create(dir: &DataDir, new: NewStore) -> Result<Self, SetUpFailed> {
        if is_set_up(dir) {
            return Err(SetUpFailed::AlreadyThere);
        }
        make_private(dir).map_err(SetUpFailed::File)?;
        // A set-up that died between the key and the first commit is taken up again.
        let keys = match ServerKeys::load(&dir.key_file()) {
            Ok(keys) => keys,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                ServerKeys::create(&dir.key_file()).map_err(SetUpFailed::File)?
            }
            Err(error) => return Err(SetUpFailed::File(error)),
        };
        let store = new.id.unwrap_or_else(|| StoreId(random::bytes()));
        let database = opening::database_for(dir, store);
        let log = database.open()?;
        if log.identity()?.is_some() {
            return Err(SetUpFailed::AlreadyThere);
        }
        let identity = Identity {
            store,
            incarnation: Incarnation(random::bytes()),
            server: DeviceId(random::bytes()),
        };
        let mut work = Work::begin(log, Arc::new(keys), identity)?;
        work.writer().start()?;
        work.log().set_identity(&identity)?;
        first_facts(&mut work, new)?;
        work.writer().finish()?;
        opening::note_store(dir, store).map_err(SetUpFailed::File)?;
        Ok(Self::start(dir, database, work)?)
    }
}

/// Makes the directory, for this user only.
fn make_private(dir: &DataDir) -> std::io::Result<()> {
    std::fs::create_dir_all(dir.path())?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

fn first_facts(work: &mut Work, new: NewStore) -> Result<(), Failed> {
    let identity = work.identity();
    let store = Store {
        id: identity.store,
        business: new.business,
        name: new.name,
        license: new.license,
        time_zone: new.time_zone,
        rules: new.rules,
        vault: None,
        checklist: Some(rules::checklist::usual()),
        holds: None,
        swaps: None,
        procedures: None,
        bench: None,
        drawings: None,
    };
    let server = Device {
        id: identity.server,
        name: "Server".to_owned(),
        generation: 1,
        key_kind: KeyKind::Ed25519,
        public_key: work.keys().public(),
        active: true,
        is_server: true,
        purpose: None,
    };
    work.record(ServerFact::plain(DeviceEnrolled::from(server)))?;
    work.record(ServerFact::plain(StoreConfigured {
        store,
        locations: new.locations,
        slots: new.slots,
    }))?;
    Ok(())
}
