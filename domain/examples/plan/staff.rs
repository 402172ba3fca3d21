//! Somebody who works in a made-up shop, and the record of what is done there.
//!
//! In: facts. Out: the ledger moved on by them. Must not: sign or keep anything; that is measured elsewhere.

use domain::custody::{Fact, Situation, evolve};
use domain::event::{ActorRef, Body, ENVELOPE_VERSION, Envelope};
use domain::facility::{Actor, Device, KeyKind, Role, Store};
use domain::id::{ActorId, DeviceId, Epoch, EventId, Hash, Position, StoreId};
use domain::ledger::Insert as _;
use domain::rules::{ReportAt, RulePack};

use crate::shop::{NOON, Shop, TODAY};

const STORE: StoreId = StoreId([9; 16]);
const PICKER: ActorId = ActorId(1);
const MANAGER: ActorId = ActorId(8);
const TABLET: DeviceId = DeviceId([1; 16]);

impl Shop {
    /// One picker with a tablet comes to work, and a manager who calls goods back and hands bags over.
    pub(crate) fn staffed(&mut self) {
        let person = |id, role| Actor {
            id,
            name: format!("{role:?}"),
            role,
            active: true,
            pin_changes: None,
            shift: None,
            unlocks: None,
        };
        let tablet = Device {
            id: TABLET,
            name: "Tablet".to_owned(),
            generation: 1,
            key_kind: KeyKind::Ed25519,
            public_key: vec![7; 32],
            active: true,
            is_server: false,
            purpose: None,
        };
        // A hold stands with the shop: without one nothing can be called back.
        self.ledger.insert(0, store());
        self.ledger.insert(PICKER, person(PICKER, Role::Associate));
        self.ledger
            .insert(MANAGER, person(MANAGER, Role::GeneralManager));
        self.ledger.insert(TABLET, tablet);
    }

    /// The picker, with the server at hand.
    pub(crate) fn situation(&self) -> Situation {
        Situation {
            actor: PICKER,
            device: TABLET,
            today: TODAY,
            connected: true,
            may_decide: true,
        }
    }

    /// The manager, at the counter.
    pub(crate) fn manager(&self) -> Situation {
        Situation {
            actor: MANAGER,
            ..self.situation()
        }
    }

    /// Moves the ledger on by a fact of the picker's.
    pub(crate) fn record(&mut self, body: &Body) -> EventId {
        self.record_by(PICKER, body)
    }

    /// Moves the ledger on by a fact. The device's clock says what it says.
    pub(crate) fn record_by(&mut self, actor: ActorId, body: &Body) -> EventId {
        self.events += 1;
        let mut id = [0xee; 16];
        id[8..].copy_from_slice(&self.events.to_be_bytes());
        let envelope = Envelope {
            version: ENVELOPE_VERSION,
            store: STORE,
            device: TABLET,
            epoch: Epoch([5; 16]),
            seq: self.events,
            prev: Hash::default(),
            id: EventId(id),
            hlc: 0,
            mono: self.events,
            wall: NOON.plus(self.clock_off).0,
            actor: ActorRef { actor, session: 0 },
            basis: Position(self.events),
            kind: body.kind_version(),
            lease: None,
            body: Vec::new(),
            pii: None,
        };
        let fact = Fact {
            envelope: &envelope,
            body,
            position: Position(self.events),
        };
        evolve(&mut self.ledger, &fact);
        envelope.id
    }
}

/// A shop that asks for nothing beyond the rules themselves.
fn store() -> Store {
    Store {
        id: STORE,
        business: "Bench LLC".to_owned(),
        name: "Bench".to_owned(),
        license: "C10-0000001-LIC".to_owned(),
        time_zone: "America/Los_Angeles".to_owned(),
        rules: RulePack {
            state: "CA".to_owned(),
            effective: TODAY,
            age_min: 21,
            report_at: ReportAt::HandOff,
            label_sentences: Vec::new(),
            citations: Vec::new(),
            limits: None,
        },
        vault: None,
        checklist: None,
        holds: None,
        swaps: None,
        procedures: None,
        bench: None,
        drawings: None,
    }
}
