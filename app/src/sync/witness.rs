//! This device as a witness of the log: heads checked, kept and co-signed, and proofs against the server.
//!
//! In: answers to pulls and pushes. Out: what the next pull says, and what the person is told. Must not: sign a head
//! whose signature was not checked, or delete a proof.
//!
//! In `custody-core`, for ever: `witness/<log>` has what was seen of a life of the log, `rewritten/<hash>` a proof, and
//! `rewritten-told/<hash>` that it is on record.

use std::cell::RefCell;

use domain::audit::checkpoint::{KeyRef, Note, Rewritten, Vouched, Witness};
use domain::event::Body;
use domain::facility::KeyKind;
use domain::id::{Hash, Position};
use domain::sync::message::{Incarnation, PullAnswer, PushAnswer, Seen};
use domain::sync::witness::{Effect, Input, Witnessing};
use leptos::prelude::{GetUntracked as _, RwSignal, Set as _, Update as _};
use minicbor::bytes::ByteVec;

use crate::device::{Device, Phase};
use crate::platform::clock;
use crate::store::idb::StoreFailed;
use crate::sync::http::Caller;

const WITNESS: &str = "witness/";
const PROOF: &str = "rewritten/";
const TOLD: &str = "rewritten-told/";

/// What the person is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeing {
    /// Up to where this device has seen the log and co-signed it.
    pub through: Option<Position>,
    /// This browser cannot check the log's signature.
    pub is_blind: bool,
    /// Lives of the log that are over, by the sheets this device kept of them.
    pub past: Vec<String>,
    /// What this device holds against the server.
    pub proofs: Vec<Rewritten>,
}

/// Where this device stands as a witness.
pub(crate) struct Standing {
    machine: RefCell<Option<Witnessing>>,
    untold: RefCell<Vec<Rewritten>>,
    /// What the person is told.
    pub(crate) seeing: RwSignal<Seeing>,
}

impl Standing {
    pub(crate) fn new() -> Self {
        Self {
            machine: RefCell::new(None),
            untold: RefCell::new(Vec::new()),
            seeing: RwSignal::new(Seeing::default()),
        }
    }

    /// What the next pull says of what was seen; `None` when no head is wanted.
    pub(crate) fn ask(&self) -> Option<Seen> {
        let is_blind = self.seeing.get_untracked().is_blind;
        let mut machine = self.machine.borrow_mut();
        machine
            .as_mut()
            .filter(|_| !is_blind)?
            .ask(clock::monotonic())
    }

    fn step(&self, input: Input<'_>) -> Option<Effect> {
        self.machine.borrow_mut().as_mut()?.step(input)
    }

    fn show(&self) {
        let machine = self.machine.borrow();
        let Some(machine) = machine.as_ref() else {
            return;
        };
        let through = machine.current();
        let through = through.map(|note| Position(note.checkpoint().size));
        let past: Vec<String> = machine.past().map(Note::render).collect();
        let was = self.seeing.get_untracked();
        if was.through != through || was.past != past {
            self.seeing.update(|seeing| {
                seeing.through = through;
                seeing.past = past;
            });
        }
    }
}

/// Reads what this device has seen. `life` is that of the view it kept.
pub(crate) async fn load(device: &'static Device, life: Incarnation) -> Result<(), StoreFailed> {
    let Some(certificate) = device.certificate() else {
        return Ok(());
    };
    let seen = device.core.read_all::<ByteVec>(WITNESS).await?;
    let seen = seen
        .iter()
        .filter_map(|(_, bytes)| Witness::parse(bytes).ok());
    let proofs = device.core.read_all::<Rewritten>(PROOF).await?;
    let told = device.core.read_all::<bool>(TOLD).await?;
    let is_told = |name: &String| told.iter().any(|(known, _)| known == name);
    let untold = proofs.iter().filter(|(name, _)| !is_told(name));
    *device.witness.untold.borrow_mut() = untold.map(|(_, found)| found.clone()).collect();
    let proofs: Vec<Rewritten> = proofs.into_iter().map(|(_, found)| found).collect();
    let mut machine = Witnessing::new(certificate.store, &certificate.device);
    machine.load(seen.collect(), &proofs, life);
    *device.witness.machine.borrow_mut() = Some(machine);
    device.witness.seeing.set(Seeing {
        proofs,
        ..Seeing::default()
    });
    device.witness.show();
    Ok(())
}

/// Looks at the head a pull brought. Returns whether the server has to be asked what it lacks.
pub(crate) async fn pulled(device: &'static Device, caller: &Caller, answer: &PullAnswer) -> bool {
    let Some(head) = vouched(device, caller, answer).await else {
        return false;
    };
    let input = Input::Shown {
        head: &head,
        proof: answer.proof.as_deref().unwrap_or_default(),
        now: clock::monotonic(),
    };
    go_on(device, input).await;
    let machine = device.witness.machine.borrow();
    machine.as_ref().is_some_and(Witnessing::needs_word)
}

/// Looks at what a push's answer says of the log's length.
pub(crate) async fn pushed(device: &'static Device, answer: &PushAnswer) {
    go_on(device, Input::Pushed(answer)).await;
}

/// The answer's head, once the browser has checked that the log signed it.
async fn vouched(device: &'static Device, caller: &Caller, answer: &PullAnswer) -> Option<Vouched> {
    let note = Note::parse(answer.head.as_ref()?).ok()?;
    let log = KeyRef {
        kind: KeyKind::Ed25519,
        bytes: &caller.certificate.server_key,
    };
    let signature = note.log_signature(log)?.to_vec();
    let claim = note.checkpoint().log_claim();
    let checked = caller.checks(&claim, &signature).await;
    if checked.is_none() {
        device
            .witness
            .seeing
            .update(|seeing| seeing.is_blind = true);
    }
    note.verify(log, |_, _, _| checked == Some(true))
}

/// Feeds the machine and does what it says, until there is no more.
async fn go_on(device: &'static Device, input: Input<'_>) {
    let mut next = device.witness.step(input);
    let is_news = next.is_some();
    while let Some(effect) = next {
        next = match perform(device, effect).await {
            Some(Done::Signed(signature)) => device.witness.step(Input::Signed(&signature)),
            Some(Done::Kept) => device.witness.step(Input::Kept),
            None => device.witness.step(Input::Failed),
        };
    }
    if is_news {
        device.witness.show();
    }
}

enum Done {
    Signed(Vec<u8>),
    Kept,
}

async fn perform(device: &'static Device, effect: Effect) -> Option<Done> {
    let core = &device.core;
    let name = |witness: &Witness| {
        let origin = witness.seen().map(|note| note.checkpoint().origin);
        origin.map(|origin| format!("{WITNESS}{}", origin.name()))
    };
    match effect {
        Effect::Sign(hash) => {
            let signer = device.caller()?.signer?;
            signer.sign(&hash.0).await.ok().map(Done::Signed)
        }
        Effect::Keep(witness) => {
            let bytes = ByteVec::from(witness.to_bytes());
            core.keep_relaxed(&name(&witness)?, &bytes).await.ok()?;
            Some(Done::Kept)
        }
        Effect::KeepLast(witness) => {
            let bytes = ByteVec::from(witness.to_bytes());
            core.keep(&name(&witness)?, &bytes).await.ok()?;
            Some(Done::Kept)
        }
        Effect::KeepProof(found) => {
            core.keep(&format!("{PROOF}{}", name_of(&found)), &found)
                .await
                .ok()?;
            device.witness.untold.borrow_mut().push(found.clone());
            device
                .witness
                .seeing
                .update(|seeing| seeing.proofs.push(found));
            tell(device).await;
            Some(Done::Kept)
        }
    }
}

fn name_of(found: &Rewritten) -> Hash {
    Hash::of(&[&found.to_bytes()])
}

/// Puts proofs on record that are not yet, while somebody is signed in: only a session can write. What cannot be written
/// now is at the next sign-in.
pub(crate) async fn tell(device: &'static Device) {
    if !matches!(device.phase.get_untracked(), Phase::SignedIn(_)) {
        return;
    }
    let untold = device.witness.untold.take();
    for found in untold {
        let name = format!("{TOLD}{}", name_of(&found));
        let is_kept = device.note(&Body::Rewritten(found.clone())).await;
        if !is_kept || device.core.keep(&name, &true).await.is_err() {
            device.witness.untold.borrow_mut().push(found);
        }
    }
}
