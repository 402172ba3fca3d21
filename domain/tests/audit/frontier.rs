//! The tree's right edge is enough to go on, and a leaf says all it should.

use domain::audit::merkle::{Frontier, Leaf, Nodes as _, Tree, decision_hash};
use domain::id::{Hash, Position};
use domain::sync::message::{Outcome, QuarantineReason};

use super::tree::{leaf, leaves, root_of};

#[test]
fn a_log_that_keeps_the_edge_and_the_completed_nodes_keeps_the_whole_tree() {
    let mut edge = Frontier::default();
    let mut kept = std::collections::BTreeMap::new();
    let mut total = 0;
    for count in 0..300_usize {
        let completed = edge.append(leaf(count));
        total += completed.len();
        for node in completed {
            assert_eq!(kept.insert((node.level, node.index), node.hash), None);
        }
        // A restart in between changes nothing.
        edge = Frontier::parse(&edge.to_bytes()).unwrap();
        assert_eq!(edge.root(), root_of(&leaves(count + 1)));
    }
    assert!(total < 2 * 300, "{total}");
    let tree: Tree = leaves(300).into_iter().collect();
    for ((level, index), hash) in &kept {
        assert_eq!(tree.node(*level, *index), Some(*hash));
    }
    assert_eq!(kept.get(&(8, 0)), tree.node(8, 0).as_ref());
    assert_eq!(Frontier::of(&tree, 300), Some(edge));
    assert_eq!(Frontier::of(&tree, 301), None);
    let before = Frontier::of(&tree, 77).unwrap();
    assert_eq!(before.root(), root_of(&leaves(77)));
}

#[test]
fn bytes_that_are_no_edge_are_not_taken_for_one() {
    let edge: Tree = leaves(5).into_iter().collect();
    let bytes = edge.frontier().to_bytes();
    assert!(Frontier::parse(&bytes).is_ok());
    for end in 0..bytes.len() {
        assert!(Frontier::parse(&bytes[..end]).is_err());
    }
    // Five leaves have two peaks, six have two, seven have three.
    let at = bytes.iter().position(|byte| *byte == 5).unwrap();
    let mut seven = bytes;
    seven[at] = 7;
    assert!(Frontier::parse(&seven).is_err());
}

#[test]
fn a_leaf_changes_with_everything_the_log_says_of_an_event() {
    let leaf = Leaf {
        event: Hash([1; 32]),
        decision: decision_hash(&Outcome::Applied),
        position: Position(7),
        recorded_at: -3,
    };
    let hash = leaf.hash();
    let others = [
        Leaf {
            event: Hash([2; 32]),
            ..leaf
        },
        Leaf {
            decision: decision_hash(&Outcome::AppliedWithExceptions(vec![112])),
            ..leaf
        },
        Leaf {
            decision: decision_hash(&Outcome::Quarantined(QuarantineReason::Unreadable)),
            ..leaf
        },
        Leaf {
            position: Position(8),
            ..leaf
        },
        Leaf {
            recorded_at: -2,
            ..leaf
        },
    ];
    for other in others {
        assert_ne!(other.hash(), hash, "{other:?}");
    }
}

#[test]
fn a_leaf_is_written_the_way_it_is_described_and_will_be_for_ever() {
    let leaf = Leaf {
        event: Hash([0x11; 32]),
        decision: Hash([0x22; 32]),
        position: Position(0x0102),
        recorded_at: 0x0304,
    };
    let mut data = vec![0];
    data.extend_from_slice(b"custody-leaf-1\n");
    data.extend_from_slice(&[0x11; 32]);
    data.extend_from_slice(&[0x22; 32]);
    data.extend_from_slice(&[0, 0, 0, 0, 0, 0, 1, 2]);
    data.extend_from_slice(&[0, 0, 0, 0, 0, 0, 3, 4]);
    assert_eq!(leaf.hash(), Hash::of(&[&data]));
    let decided = decision_hash(&Outcome::Applied);
    // The outcome as receipts carry it: variant 0, no fields.
    assert_eq!(
        decided,
        Hash::of(&[b"custody-decision-1\n", &[0x82, 0, 0x80]])
    );
}
