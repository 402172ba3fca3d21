//! What the tree proves, measured by a tree that is built the way the standard says it, word for word.

use domain::audit::merkle::{
    Nodes as _, Tree, consistency_proof, empty_root, inclusion_proof, is_consistent, is_included,
    node_hash, range_root,
};
use domain::id::Hash;
use proptest::prelude::*;

/// Every size up to here is tried.
const SIZE_MAX: usize = 70;

pub fn leaf(number: usize) -> Hash {
    Hash::of(&[b"leaf", &number.to_be_bytes()])
}

pub fn leaves(count: usize) -> Vec<Hash> {
    (0..count).map(leaf).collect()
}

/// The root, by the recursion of RFC 6962, section 2.1.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::of(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(half(leaves.len()));
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

fn half(count: usize) -> usize {
    let mut half = 1;
    while half * 2 < count {
        half *= 2;
    }
    half
}

/// The inclusion proof, by section 2.1.1.
fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let half = half(leaves.len());
    let (left, right) = leaves.split_at(half);
    let (mut proof, beside) = if index < half {
        (path(index, left), root_of(right))
    } else {
        (path(index - half, right), root_of(left))
    };
    proof.push(beside);
    proof
}

/// The consistency proof, by section 2.1.2.
fn sub_proof(older: usize, leaves: &[Hash], is_known: bool) -> Vec<Hash> {
    if older == leaves.len() {
        return if is_known {
            Vec::new()
        } else {
            vec![root_of(leaves)]
        };
    }
    let half = half(leaves.len());
    let (left, right) = leaves.split_at(half);
    let (mut proof, beside) = if older <= half {
        (sub_proof(older, left, is_known), root_of(right))
    } else {
        (sub_proof(older - half, right, false), root_of(left))
    };
    proof.push(beside);
    proof
}

fn number(size: usize) -> u64 {
    u64::try_from(size).unwrap()
}

/// Every way to damage a proof by one bit, one hash too few, one too many, or two that changed places.
fn damaged(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for at in 0..proof.len() {
        for bit in 0..256 {
            let mut bad = proof.to_vec();
            bad[at].0[bit / 8] ^= 1 << (bit % 8);
            all.push(bad);
        }
        let mut bad = proof.to_vec();
        bad.remove(at);
        all.push(bad);
        let mut bad = proof.to_vec();
        bad.insert(at, proof[at]);
        all.push(bad);
        if at > 0 && proof[at] != proof[at - 1] {
            let mut bad = proof.to_vec();
            bad.swap(at, at - 1);
            all.push(bad);
        }
    }
    all.push([proof, &[leaf(9_999)]].concat());
    all.push([proof, &[Hash::default()]].concat());
    all.push([&[leaf(9_999)], proof].concat());
    all
}

#[test]
fn the_root_of_every_small_tree_is_that_of_the_standard() {
    assert_eq!(empty_root(), root_of(&[]));
    for size in 0..=SIZE_MAX {
        let leaves = leaves(size);
        let tree: Tree = leaves.iter().copied().collect();
        assert_eq!(tree.frontier().root(), root_of(&leaves), "{size}");
        assert_eq!(range_root(&tree, 0, number(size)), Some(root_of(&leaves)));
    }
}

#[test]
fn the_empty_tree_and_a_known_one_have_the_roots_everybody_else_computes() {
    let hex = |text: &str| {
        let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
        Hash(std::array::from_fn(|at| byte(2 * at)))
    };
    // The test data every implementation of RFC 6962 is measured by: eight given leaves.
    let data: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    let tree: Tree = data.iter().map(|leaf| Hash::of(&[&[0], leaf])).collect();
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let eight = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
    assert_eq!(empty_root(), hex(empty));
    assert_eq!(tree.frontier().root(), hex(eight));
}

#[test]
fn every_leaf_of_every_small_tree_is_proved_and_no_other_leaf_or_place_is() {
    for size in 1..=SIZE_MAX {
        let leaves = leaves(size);
        let tree: Tree = leaves.iter().copied().collect();
        let root = root_of(&leaves);
        for index in 0..size {
            let proof = inclusion_proof(&tree, number(index), number(size)).unwrap();
            assert_eq!(proof, path(index, &leaves), "{index} of {size}");
            let holds = |leaf: &Hash, index, size, root: &Hash| {
                is_included(leaf, number(index), number(size), &proof, root)
            };
            assert!(holds(&leaves[index], index, size, &root));
            assert!(!holds(&leaf(9_999), index, size, &root));
            assert!(!holds(&leaves[index], index, size, &leaf(9_999)));
            assert!(!holds(&leaves[index], size, size, &root));
            for other in (0..size).filter(|other| *other != index) {
                assert!(
                    !holds(&leaves[index], other, size, &root),
                    "{index} as {other} of {size}"
                );
            }
        }
        assert_eq!(inclusion_proof(&tree, number(size), number(size)), None);
    }
}

#[test]
fn every_small_tree_is_the_beginning_of_every_later_one_and_of_nothing_else() {
    let all = leaves(SIZE_MAX);
    let tree: Tree = all.iter().copied().collect();
    for newer in 0..=SIZE_MAX {
        let new_root = root_of(&all[..newer]);
        for older in 0..=newer {
            let old_root = root_of(&all[..older]);
            let proof = consistency_proof(&tree, number(older), number(newer)).unwrap();
            if older > 0 {
                assert_eq!(proof, sub_proof(older, &all[..newer], true));
            }
            let holds = |older_root: &Hash, newer_root: &Hash| {
                is_consistent(number(older), older_root, number(newer), newer_root, &proof)
            };
            assert!(holds(&old_root, &new_root), "{older} {newer}");
            assert!(!holds(&leaf(9_999), &new_root), "{older} {newer}");
            assert!(
                older == 0 || !holds(&old_root, &leaf(9_999)),
                "{older} {newer}"
            );
            let back = is_consistent(number(newer), &new_root, number(older), &old_root, &proof);
            assert_eq!(back, older == newer);
        }
    }
    assert_eq!(consistency_proof(&tree, 9, 8), None);
}

#[test]
fn no_damaged_proof_of_a_small_tree_is_believed() {
    let all = leaves(SIZE_MAX);
    let tree: Tree = all.iter().copied().collect();
    // The sizes at which the tree's right edge has its different shapes.
    for size in [1, 2, 3, 6, 7, 8, 13, 32, 33, 63, 64, 65, 70] {
        let root = root_of(&all[..size]);
        let (last, size_number) = (number(size - 1), number(size));
        for index in [0, last / 2, last] {
            let proof = inclusion_proof(&tree, index, size_number).unwrap();
            let known = &all[usize::try_from(index).unwrap()];
            for bad in damaged(&proof) {
                assert!(!is_included(known, index, size_number, &bad, &root));
            }
        }
        for older in [1, size / 3, size / 2, size - 1, size] {
            let old_root = root_of(&all[..older]);
            let proof = consistency_proof(&tree, number(older), size_number).unwrap();
            for bad in damaged(&proof) {
                let believed = is_consistent(number(older), &old_root, size_number, &root, &bad);
                assert!(!believed, "{older} {size} {bad:?}");
            }
        }
    }
}

#[test]
fn a_proof_cannot_be_made_from_nodes_that_are_not_there() {
    let tree: Tree = leaves(5).into_iter().collect();
    assert_eq!(tree.node(0, 4), Some(leaf(4)));
    assert_eq!(tree.node(0, 5), None);
    assert_eq!(tree.node(2, 1), None);
    assert_eq!(tree.node(64, 0), None);
    assert_eq!(inclusion_proof(&tree, 0, 6), None);
    assert_eq!(consistency_proof(&tree, 3, 6), None);
    assert_eq!(range_root(&tree, 3, 2), None);
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_tree_of_any_size_proves_its_leaves_and_its_past(
        size in 1_usize..3_000,
        one in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        bit in 0_usize..256,
    ) {
        let leaves = leaves(size);
        let tree: Tree = leaves.iter().copied().collect();
        let root = root_of(&leaves);
        prop_assert_eq!(tree.frontier().root(), root);
        let index = one.index(size);
        let mut proof = inclusion_proof(&tree, number(index), number(size)).unwrap();
        prop_assert_eq!(&proof, &path(index, &leaves));
        prop_assert!(is_included(&leaves[index], number(index), number(size), &proof, &root));
        if !proof.is_empty() {
            let at = other.index(proof.len());
            proof[at].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!is_included(&leaves[index], number(index), number(size), &proof, &root));
        }
        let older = other.index(size) + 1;
        let old_root = root_of(&leaves[..older]);
        let mut proof = consistency_proof(&tree, number(older), number(size)).unwrap();
        prop_assert_eq!(&proof, &sub_proof(older, &leaves, true));
        prop_assert!(is_consistent(number(older), &old_root, number(size), &root, &proof));
        if !proof.is_empty() {
            let at = one.index(proof.len());
            proof[at].0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!is_consistent(number(older), &old_root, number(size), &root, &proof));
        }
    }

    #[test]
    fn a_made_up_proof_convinces_nobody_and_ends(
        older in any::<u64>(),
        newer in any::<u64>(),
        index in any::<u64>(),
        proof in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..70),
    ) {
        let (one, other) = (leaf(1), leaf(2));
        prop_assert!(!is_included(&one, index, newer, &proof, &other));
        prop_assert!(!is_consistent(older, &one, newer, &other, &proof));
    }
}
