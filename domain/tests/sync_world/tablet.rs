//! A device: a storage that lasts, a memory that does not, and the machine between them.

use std::collections::BTreeMap;

use domain::custody::sign_in::ActorSignedOut;
use domain::event::{ActorRef, SignedEvent};
use domain::id::{ActorId, DeviceId, Epoch, EventId, Position, StoreId};
use domain::ledger::EntityKey;
use domain::sync::chain::{Chain, Circumstances};
use domain::sync::device::{Acknowledged, DeviceSync, Effect, Input, OutboxEntry};
use domain::sync::message::{Cursor, PullAnswer};

/// What is on the flash.
#[derive(Clone, Debug, Default)]
pub struct Storage {
    pub events: BTreeMap<(Epoch, u64), SignedEvent>,
    through: BTreeMap<Epoch, Acknowledged>,
    cursor: Cursor,
    pub view: BTreeMap<EntityKey, Position>,
}

pub struct Tablet {
    pub id: DeviceId,
    pub storage: Storage,
    pub machine: DeviceSync,
    chain: Chain,
    /// Rises with every start: what was under way before it belongs to nobody.
    pub boot: u64,
    /// The effect that will report back, by its number.
    pub under_way: Option<u64>,
    /// The timer that is set, by its number.
    pub timer: Option<u64>,
    /// Rows are being kept just now.
    pub keeps_view: bool,
}

impl Tablet {
    pub fn new(number: u8) -> Self {
        let id = DeviceId([number + 1; 16]);
        Self {
            id,
            storage: Storage::default(),
            machine: DeviceSync::new(id, String::new()),
            chain: chain(id, 0),
            boot: 0,
            under_way: None,
            timer: None,
            keeps_view: false,
        }
    }

    /// Starts: the memory is gone, the storage is read, a new chain begins.
    pub fn start(&mut self) -> Vec<Input> {
        self.boot += 1;
        self.under_way = None;
        self.timer = None;
        self.keeps_view = false;
        self.machine = DeviceSync::new(self.id, String::new());
        self.chain = chain(self.id, self.boot);
        let storage = &self.storage;
        let is_unsent = |epoch: &Epoch, seq: u64| {
            storage
                .through
                .get(epoch)
                .is_none_or(|through| seq > through.seq)
        };
        let unsent = storage
            .events
            .iter()
            .filter(|((epoch, seq), _)| is_unsent(epoch, *seq));
        let outbox = unsent.map(entry).collect();
        vec![
            Input::Acknowledged(storage.through.values().copied().collect()),
            Input::Loaded {
                outbox,
                cursor: storage.cursor,
            },
        ]
    }

    /// A person does something. From here on it is saved.
    pub fn tap(&mut self, number: u64) -> Input {
        let body = ActorSignedOut { actor: ActorId(1) }.into();
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        let around = Circumstances {
            id: EventId(id),
            wall: 0,
            mono: 0,
            actor: ActorRef {
                actor: ActorId(1),
                session: 0,
            },
            basis: Position(0),
            lease: None,
            pii: None,
        };
        let envelope = self.chain.append(&body, around);
        let event = SignedEvent {
            bytes: envelope.to_bytes(),
            signature: vec![0; 64],
        };
        let name = (envelope.epoch, envelope.seq);
        self.storage.events.insert(name, event.clone());
        Input::Kept(OutboxEntry {
            epoch: envelope.epoch,
            seq: envelope.seq,
            event,
        })
    }

    /// Throws the view away.
    pub fn forget(&mut self) -> Input {
        self.storage.view.clear();
        self.storage.cursor = Cursor::default();
        Input::ViewForgotten(self.storage.cursor)
    }

    /// Carries out an effect on the storage; `None` for one that is not about the storage.
    pub fn keep(&mut self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::KeepReceipts(done) => {
                for done in done {
                    self.storage.through.insert(done.epoch, done);
                }
                Some(Input::ReceiptsKept)
            }
            Effect::KeepView(answer) => Some(Input::ViewKept(self.keep_view(answer))),
            Effect::Reread { epoch, from } => {
                let rest = self.storage.events.range((epoch, from)..=(epoch, u64::MAX));
                Some(Input::Reread(rest.map(entry).collect()))
            }
            Effect::Push(_) | Effect::Pull(_) | Effect::SetTimer(_) | Effect::Report(_) => None,
        }
    }

    fn keep_view(&mut self, answer: PullAnswer) -> Cursor {
        if answer.reset {
            self.storage.view.clear();
        }
        let rows = answer.rows.into_iter().map(|row| (row.key, row.changed));
        self.storage.view.extend(rows);
        self.storage.cursor = answer.next;
        answer.next
    }
}

fn chain(device: DeviceId, boot: u64) -> Chain {
    let mut epoch = [0; 16];
    epoch[..8].copy_from_slice(&boot.to_be_bytes());
    Chain::new(StoreId::default(), device, Epoch(epoch))
}

fn entry(((epoch, seq), event): (&(Epoch, u64), &SignedEvent)) -> OutboxEntry {
    OutboxEntry {
        epoch: *epoch,
        seq: *seq,
        event: event.clone(),
    }
}
