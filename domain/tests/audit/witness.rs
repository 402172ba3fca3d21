//! A device that has seen a head is not told another story later.

use domain::audit::checkpoint::{
    Checkpoint, Contradiction, KeyRef, Note, Rewritten, Vouched, Witness,
};
use domain::audit::merkle::{consistency_proof, empty_root};
use domain::id::Hash;
use domain::sync::message::{Incarnation, Outcome};

use super::history::{History, SERVER, arrives, leaves, verifies};

fn vouched(history: &History, checkpoint: Checkpoint) -> Vouched {
    let server = &history.writers[SERVER];
    let public = server.secret.public();
    let key = KeyRef {
        kind: server.secret.kind(),
        bytes: &public,
    };
    checkpoint
        .signed(key, &server.secret.sign(&checkpoint.log_claim()))
        .verify(key, |key, hash, signature| {
            verifies(key.kind, key.bytes, hash, signature)
        })
        .unwrap()
}

fn proof(history: &History, witness: &Witness) -> Vec<Hash> {
    consistency_proof(&history.tree, witness.size, history.checkpoint().size).unwrap()
}

fn log_of(count: usize) -> History {
    let mut history = History::new();
    history.sets_up();
    while history.entries.len() < count {
        history.does(SERVER, arrives(), Outcome::Applied);
    }
    history
}

/// The same beginning, and then something else.
fn other_log_of(common: usize, count: usize) -> History {
    let mut history = log_of(common);
    while history.entries.len() < count {
        history.does(SERVER, leaves(), Outcome::Applied);
    }
    history
}

/// A witness that has seen the log at a size.
fn witness_of(history: &History) -> Witness {
    let mut witness = Witness::default();
    let head = vouched(history, history.checkpoint());
    witness.advance(&head, &[]).unwrap();
    witness
}

#[test]
fn a_witness_follows_a_log_that_grows_and_co_signs_each_head() {
    let mut history = log_of(6);
    let mut witness = Witness::default();
    assert_eq!((witness.size, witness.root), (0, empty_root()));
    for _ in 0..40 {
        let head = vouched(&history, history.checkpoint());
        let said = witness.advance(&head, &proof(&history, &witness)).unwrap();
        assert_eq!(said.claim, history.checkpoint().witness_claim());
        assert_eq!(said.checkpoint, history.checkpoint());
        // Seen again, it is co-signed again.
        witness.advance(&head, &[]).unwrap();
        // The app was closed in between.
        witness = Witness::parse(&witness.to_bytes()).unwrap();
        assert_eq!(witness.root, history.checkpoint().root);
        for _ in 0..=witness.size % 5 {
            history.does(SERVER, arrives(), Outcome::Applied);
        }
    }
}

#[track_caller]
fn is_caught(seen: &History, shown: &History, proof: &[Hash], how: Contradiction) -> Rewritten {
    let mut witness = witness_of(seen);
    let before = witness.clone();
    let head = vouched(shown, shown.checkpoint());
    let caught = witness.advance(&head, proof).unwrap_err();
    assert_eq!(caught.how, how);
    assert_eq!(witness, before, "the witness stays with what it saw");
    // Both sheets are kept as the log signed them.
    let kept = Rewritten::parse(&caught.to_bytes()).unwrap();
    let seen_note = Note::parse(&kept.seen).unwrap();
    let shown_note = Note::parse(&kept.shown).unwrap();
    assert_eq!(seen_note.checkpoint(), seen.checkpoint());
    assert_eq!(shown_note.checkpoint(), shown.checkpoint());
    assert_eq!(&seen_note, before.seen().unwrap());
    caught
}

#[test]
fn a_server_that_rewrote_history_is_caught_with_both_heads() {
    let seen = log_of(12);
    let same_size = other_log_of(8, 12);
    is_caught(&seen, &same_size, &[], Contradiction::TwoRoots);
    // The longer it goes on, the less it helps; every proof it can make is of its own story.
    for size in [13, 16, 17, 40] {
        let grown = other_log_of(8, size);
        let number = u64::try_from(size).unwrap();
        for from in 1..=number {
            let proof = consistency_proof(&grown.tree, from, number).unwrap();
            is_caught(&seen, &grown, &proof, Contradiction::NoContinuation);
        }
    }
}

#[test]
fn a_log_that_became_shorter_or_began_anew_is_noticed() {
    let seen = log_of(12);
    is_caught(&seen, &log_of(11), &[], Contradiction::Shorter);
    let mut witness = witness_of(&seen);
    let mut restored = seen.checkpoint();
    restored.origin.incarnation = Incarnation([1; 16]);
    restored.size += 1;
    let head = vouched(&seen, restored);
    let caught = witness.advance(&head, &[]).unwrap_err();
    assert_eq!(caught.how, Contradiction::AnotherLog);
}

#[test]
fn a_head_the_log_did_not_sign_is_not_looked_at() {
    let history = log_of(7);
    let checkpoint = history.checkpoint();
    let server = &history.writers[SERVER];
    let public = server.secret.public();
    let key = KeyRef {
        kind: server.secret.kind(),
        bytes: &public,
    };
    // A witness's signature, or one over the bare text, is not the log's.
    for claim in [
        checkpoint.witness_claim(),
        Hash::of(&[checkpoint.text().as_bytes()]),
    ] {
        let note = checkpoint.signed(key, &server.secret.sign(&claim));
        let verify = |key: KeyRef<'_>, hash: &Hash, signature: &[u8]| {
            verifies(key.kind, key.bytes, hash, signature)
        };
        assert!(note.verify(key, verify).is_none());
    }
}

#[test]
fn damaged_storage_is_not_taken_for_a_memory() {
    let bytes = witness_of(&log_of(7)).to_bytes();
    assert!(Witness::parse(&bytes).is_ok());
    for end in 0..bytes.len() {
        assert!(Witness::parse(&bytes[..end]).is_err());
    }
    let none = Witness::default().to_bytes();
    assert_eq!(Witness::parse(&none), Ok(Witness::default()));
}
