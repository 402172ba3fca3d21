//! Tree heads, witnesses, proofs.
//!
//! In: what it is, and its bytes. Must not: read anything in two ways, or believe a proof that the tree does not give.

use domain::audit::checkpoint::{KeyRef, Note, Rewritten, Witness};
use domain::audit::merkle::{Frontier, Tree, consistency_proof, inclusion_proof};
use domain::audit::merkle::{is_consistent, is_included};
use domain::facility::KeyKind;
use domain::id::Hash;

/// Leaves of the tree that proofs are tried on.
const LEAVES: u8 = 21;

pub(crate) fn run(input: &[u8]) {
    let Some((first, rest)) = input.split_first() else {
        return;
    };
    match first {
        0 => note(rest),
        1 => {
            if let Ok(read) = Witness::parse(rest) {
                assert_eq!(Witness::parse(&read.to_bytes()).as_ref(), Ok(&read));
            }
        }
        2 => {
            if let Ok(read) = Rewritten::parse(rest) {
                assert_eq!(Rewritten::parse(&read.to_bytes()).as_ref(), Ok(&read));
            }
        }
        3 => {
            if let Ok(read) = Frontier::parse(rest) {
                assert_eq!(Frontier::parse(&read.to_bytes()).as_ref(), Ok(&read));
                let _ = read.root();
            }
        }
        4 => next_heads(rest),
        _ => proof(rest),
    }
}

fn note(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(read) = Note::parse(text) {
        assert_eq!(read.render(), text, "a sheet has one spelling");
    }
}

const KEY: KeyRef<'_> = KeyRef {
    kind: KeyKind::Ed25519,
    bytes: &[7; 32],
};

/// A witness is shown one sheet after another, each signed, with whatever proof stands behind it.
fn next_heads(bytes: &[u8]) {
    let mut witness = Witness::default();
    for piece in bytes.split(|byte| *byte == 0) {
        let (text, proof) = match piece.iter().position(|byte| *byte == 1) {
            Some(at) => (&piece[..at], &piece[at + 1..]),
            None => (piece, &[][..]),
        };
        let Ok(text) = core::str::from_utf8(text) else {
            continue;
        };
        let Ok(read) = Note::parse(text) else {
            continue;
        };
        let signed = read.checkpoint().signed(KEY, &[3; 64]);
        let shown = signed
            .verify(KEY, |_, _, _| true)
            .expect("it was signed with this key");
        let before = witness.clone();
        match witness.advance(&shown, &hashes(proof)) {
            Ok(_) => assert!(witness.size >= before.size, "a witness went back"),
            Err(_) => assert_eq!(witness, before, "a witness moved on without proof"),
        }
    }
}

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes
        .chunks_exact(32)
        .map(|chunk| Hash(chunk.try_into().expect("of 32 bytes")))
        .collect()
}

/// Two numbers, and a proof of the right length or not, against a small tree.
fn proof(bytes: &[u8]) {
    let [older, newer, flip, rest @ ..] = bytes else {
        return;
    };
    let (older, newer) = (u64::from(*older), u64::from(*newer));
    let mut tree = Tree::default();
    let mut roots = vec![tree.frontier().root()];
    let leaf = |index: u64| Hash::of(&[b"leaf", &index.to_be_bytes()]);
    for index in 0..u64::from(LEAVES) {
        tree.append(leaf(index));
        roots.push(tree.frontier().root());
    }
    let size = u64::from(LEAVES);
    let root = roots[usize::from(LEAVES)];
    let mut foreign = hashes(rest);
    let _ = is_included(&leaf(older), older, newer, &foreign, &root);
    let _ = is_consistent(older, &root, newer, &root, &foreign);
    if let Some(true_proof) = inclusion_proof(&tree, older, size) {
        assert!(is_included(&leaf(older), older, size, &true_proof, &root));
        if foreign != true_proof {
            assert!(!is_included(&leaf(older), older, size, &foreign, &root));
        }
        foreign = true_proof;
        flip_one(&mut foreign, *flip);
        assert!(!is_included(&leaf(older), older, size, &foreign, &root));
    }
    let (Ok(from), Ok(to)) = (usize::try_from(older), usize::try_from(newer)) else {
        return;
    };
    if let (Some(true_proof), Some(from_root), Some(to_root)) = (
        consistency_proof(&tree, older, newer).filter(|_| to <= usize::from(LEAVES)),
        roots.get(from),
        roots.get(to),
    ) {
        assert!(is_consistent(older, from_root, newer, to_root, &true_proof));
    }
}

fn flip_one(proof: &mut [Hash], which: u8) {
    let count = proof.len();
    let at = usize::from(which) % count;
    proof[at].0[usize::from(which) % 32] ^= 1;
}
