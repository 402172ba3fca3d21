//! What a witness does with each head it is shown, as stories.

use super::{Effect, Input, WITNESS_EVERY_MS, Witnessing};
use crate::audit::checkpoint::{Checkpoint, Contradiction, KeyRef, Origin, Rewritten, Vouched};
use crate::audit::merkle::{Tree, consistency_proof};
use crate::facility::{Device, KeyKind};
use crate::id::{DeviceId, Hash, Position, StoreId};
use crate::sync::message::{Incarnation, PushAnswer, Seen};

const STORE: StoreId = StoreId([1; 16]);
const LIFE: Incarnation = Incarnation([2; 16]);
const LATER_LIFE: Incarnation = Incarnation([3; 16]);
const OWN: DeviceId = DeviceId([4; 16]);
const LOG_KEY: KeyRef<'static> = KeyRef {
    kind: KeyKind::Ed25519,
    bytes: &[5; 32],
};

/// A device, its storage, and a clock.
struct Bench {
    machine: Witnessing,
    now: u64,
    kept: Vec<Effect>,
    /// Nothing can be signed or kept.
    fails: bool,
}

fn own() -> Device {
    Device {
        id: OWN,
        name: "Tablet".to_owned(),
        generation: 1,
        key_kind: KeyKind::P256,
        public_key: vec![6; 65],
        active: true,
        is_server: false,
        purpose: None,
    }
}

fn bench() -> Bench {
    Bench {
        machine: Witnessing::new(STORE, &own()),
        now: 1,
        kept: Vec::new(),
        fails: false,
    }
}

/// A log of so many events; `twist` is the first that is another than in the true log.
fn log(size: u64, twist: u64) -> Tree {
    let leaf = |at: u64| Hash::of(&[&at.to_be_bytes(), &[u8::from(at >= twist)]]);
    (0..size).map(leaf).collect()
}

const TRUE: u64 = u64::MAX;

fn head(life: Incarnation, tree: &Tree) -> Vouched {
    let checkpoint = Checkpoint {
        origin: Origin {
            store: STORE,
            incarnation: life,
        },
        size: tree.frontier().size(),
        root: tree.frontier().root(),
    };
    let note = checkpoint.signed(LOG_KEY, &[7; 64]);
    note.verify(LOG_KEY, |_, _, _| true).unwrap()
}

impl Bench {
    /// A pull from a server that has this log, if the device asks for a head now.
    fn pull(&mut self, life: Incarnation, tree: &Tree) -> Option<Seen> {
        let seen = self.ask()?;
        let proof = consistency_proof(tree, seen.size, tree.frontier().size());
        self.show(&head(life, tree), &proof.unwrap_or_default());
        Some(seen)
    }

    fn show(&mut self, head: &Vouched, proof: &[Hash]) {
        let now = self.now;
        let mut next = self.machine.step(Input::Shown { head, proof, now });
        while let Some(effect) = next {
            next = self.machine.step(match &effect {
                _ if self.fails => Input::Failed,
                Effect::Sign(_) => Input::Signed(&[8; 64]),
                Effect::Keep(_) | Effect::KeepLast(_) | Effect::KeepProof(_) => {
                    self.kept.push(effect.clone());
                    Input::Kept
                }
            });
        }
    }

    fn ask(&mut self) -> Option<Seen> {
        self.machine.ask(self.now)
    }

    fn later(&mut self) -> &mut Self {
        self.now += WITNESS_EVERY_MS;
        self
    }

    fn size(&self) -> u64 {
        self.machine
            .current()
            .map_or(0, |note| note.checkpoint().size)
    }

    fn proofs(&self) -> Vec<Rewritten> {
        let proof = |effect: &'_ Effect| match effect {
            Effect::KeepProof(found) => Some(found.clone()),
            Effect::Sign(_) | Effect::Keep(_) | Effect::KeepLast(_) => None,
        };
        self.kept.iter().filter_map(proof).collect()
    }

    fn pushed(&mut self, life: Incarnation, head: u64) {
        let answer = PushAnswer {
            store: STORE,
            incarnation: life,
            chains: Vec::new(),
            head: Position(head),
            server_wall: 0,
        };
        if let Some(effect) = self.machine.step(Input::Pushed(&answer)) {
            self.kept.push(effect);
            self.machine.step(Input::Kept);
        }
    }
}

#[test]
fn each_head_is_proved_kept_signed_and_the_signature_goes_with_the_next_pull() {
    let mut bench = bench();
    let first = bench.pull(LIFE, &log(3, TRUE)).unwrap();
    assert_eq!(first, Seen::default());
    assert_eq!(bench.size(), 3);
    let second = bench.later().pull(LIFE, &log(8, TRUE)).unwrap();
    assert_eq!((second.size, second.signature), (3, Some(vec![8; 64])));
    assert_eq!(bench.size(), 8);
    assert!(bench.proofs().is_empty());
}

#[test]
fn a_busy_shop_is_not_asked_at_every_pull() {
    let mut bench = bench();
    assert!(bench.pull(LIFE, &log(3, TRUE)).is_some());
    bench.now += WITNESS_EVERY_MS - 1;
    assert_eq!(bench.pull(LIFE, &log(5, TRUE)), None);
    bench.now += 1;
    assert!(bench.pull(LIFE, &log(5, TRUE)).is_some());
}

#[test]
fn a_signature_is_sent_until_the_server_shows_that_it_has_it() {
    let mut bench = bench();
    let tree = log(3, TRUE);
    bench.pull(LIFE, &tree);
    assert!(bench.later().pull(LIFE, &tree).unwrap().signature.is_some());
    assert!(bench.later().ask().unwrap().signature.is_some());
    let mut note = head(LIFE, &tree).note().clone();
    let device = own();
    let key = KeyRef {
        kind: device.key_kind,
        bytes: &device.public_key,
    };
    note.add_witness(OWN, key, &[8; 64]);
    let shown = note.verify(LOG_KEY, |_, _, _| true).unwrap();
    bench.show(&shown, &[]);
    assert_eq!(bench.later().pull(LIFE, &tree).unwrap().signature, None);
    // The next head is a new one to sign.
    bench.later().pull(LIFE, &log(4, TRUE));
    assert!(bench.later().ask().unwrap().signature.is_some());
}

#[test]
fn what_could_not_be_kept_is_not_signed_for_and_is_looked_at_again_at_once() {
    let mut bench = bench();
    bench.fails = true;
    bench.pull(LIFE, &log(3, TRUE));
    assert_eq!(bench.size(), 0);
    bench.fails = false;
    assert_eq!(bench.pull(LIFE, &log(3, TRUE)), Some(Seen::default()));
    assert_eq!(bench.size(), 3);
}

#[test]
fn two_roots_of_one_size_are_a_proof_at_once() {
    let mut bench = bench();
    bench.pull(LIFE, &log(6, TRUE));
    bench.later().pull(LIFE, &log(6, 4));
    assert_eq!(bench.proofs()[0].how, Contradiction::TwoRoots);
    let (seen, shown) = bench.proofs()[0].heads(STORE).unwrap();
    assert_eq!(seen.root, log(6, TRUE).frontier().root());
    assert_eq!(shown.root, log(6, 4).frontier().root());
    // The witness stays with what it has seen, and says so once.
    assert_eq!(bench.machine.current().unwrap().checkpoint(), seen);
    bench.later().pull(LIFE, &log(6, 4));
    assert_eq!(bench.proofs().len(), 1);
}

#[test]
fn a_log_that_does_not_go_on_is_asked_once_more_and_then_convicted() {
    let mut bench = bench();
    bench.pull(LIFE, &log(6, TRUE));
    bench.later().pull(LIFE, &log(9, 4));
    assert!(bench.proofs().is_empty());
    // Not a moment is lost: the next pull asks again.
    assert!(bench.pull(LIFE, &log(10, 4)).is_some());
    assert_eq!(bench.proofs()[0].how, Contradiction::NoContinuation);
    assert_eq!(bench.size(), 6);
}

#[test]
fn a_proof_that_was_spoilt_on_its_way_accuses_nobody() {
    let mut bench = bench();
    bench.pull(LIFE, &log(6, TRUE));
    bench.later().ask();
    bench.show(&head(LIFE, &log(9, TRUE)), &[Hash::default()]);
    bench.pull(LIFE, &log(9, TRUE));
    assert!(bench.proofs().is_empty());
    assert_eq!(bench.size(), 9);
}

#[test]
fn an_answer_from_an_older_moment_accuses_nobody_however_often_it_comes() {
    let mut bench = bench();
    bench.pull(LIFE, &log(6, TRUE));
    for _ in 0..5 {
        bench.later().pull(LIFE, &log(4, TRUE));
    }
    bench.pushed(LIFE, 7);
    bench.pull(LIFE, &log(7, TRUE));
    assert!(bench.proofs().is_empty());
    assert_eq!(bench.size(), 7);
}

#[test]
fn a_log_that_its_own_writer_calls_shorter_is_convicted() {
    let mut bench = bench();
    bench.pull(LIFE, &log(6, TRUE));
    bench.pushed(LIFE, 4);
    assert!(bench.proofs().is_empty(), "no head was shown yet");
    bench.later().pull(LIFE, &log(4, TRUE));
    bench.pushed(LIFE, 4);
    assert_eq!(bench.proofs()[0].how, Contradiction::Shorter);
}

#[test]
fn a_restored_server_that_says_so_is_followed_and_what_was_seen_before_is_kept() {
    let mut bench = bench();
    bench.pull(LIFE, &log(6, TRUE));
    bench.later().pull(LATER_LIFE, &log(4, TRUE));
    assert!(matches!(bench.kept.last(), Some(Effect::KeepLast(_))));
    bench.pull(LATER_LIFE, &log(4, TRUE));
    assert_eq!(bench.size(), 4);
    let past: Vec<u64> = bench
        .machine
        .past()
        .map(|note| note.checkpoint().size)
        .collect();
    assert_eq!(past, [6]);
    assert!(bench.proofs().is_empty());
    // A log that comes back to a life that was over has to go on from what was seen of it.
    bench.later().pull(LIFE, &log(7, 2));
    for _ in 0..2 {
        bench.pull(LIFE, &log(8, 2));
    }
    assert_eq!(bench.proofs()[0].how, Contradiction::NoContinuation);
}

#[test]
fn after_a_start_it_goes_on_from_what_is_kept() {
    let mut before = bench();
    before.pull(LIFE, &log(6, TRUE));
    let kept: Vec<_> = before
        .kept
        .iter()
        .filter_map(|effect| match effect {
            Effect::Keep(witness) => Some(witness.clone()),
            Effect::Sign(_) | Effect::KeepLast(_) | Effect::KeepProof(_) => None,
        })
        .collect();
    let mut after = bench();
    after.machine.load(kept.clone(), &[], LIFE);
    let asked = after.pull(LIFE, &log(8, TRUE)).unwrap();
    assert_eq!((asked.size, asked.signature), (6, Some(vec![8; 64])));
    assert_eq!(after.size(), 8);
    // One that holds a proof does not say it again.
    let found = Rewritten {
        how: Contradiction::TwoRoots,
        seen: head(LIFE, &log(6, TRUE)).note().render(),
        shown: head(LIFE, &log(6, 2)).note().render(),
        proof: Vec::new(),
    };
    let mut convinced = bench();
    convinced.machine.load(kept, &[found], LIFE);
    convinced.pull(LIFE, &log(6, 2));
    assert!(convinced.proofs().is_empty());
}

#[test]
fn a_head_of_another_shop_is_not_looked_at() {
    let mut bench = bench();
    let mut elsewhere = Witnessing::new(StoreId([9; 16]), &own());
    elsewhere.ask(1);
    let head = head(LIFE, &log(3, TRUE));
    let (proof, now) = (&[][..], 1);
    let shown = Input::Shown {
        head: &head,
        proof,
        now,
    };
    assert_eq!(elsewhere.step(shown.clone()), None);
    bench.machine.ask(1);
    assert!(matches!(bench.machine.step(shown), Some(Effect::Sign(_))));
}
