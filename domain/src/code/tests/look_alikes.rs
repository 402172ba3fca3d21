//! Tags that nearly match.

use super::*;

#[test]
fn two_tags_show_where_they_differ() {
    assert_eq!(
        differing_places(TAG, "1A4FF0300000C57000000110"),
        Some(vec![22, 23])
    );
    assert_eq!(differing_places(TAG, TAG), Some(vec![]));
    assert_eq!(differing_places(TAG, "1A4"), None);
}

#[test]
fn a_slip_of_the_finger_is_shown_beside_the_tag_that_was_meant() {
    for (typed, slips, in_read, in_stocked) in [
        ("1A4FF0300000C57000000111", 1, vec![22], vec![22]),
        ("1A4FF0300000C57000000110", 1, vec![22, 23], vec![22, 23]),
        ("1A4FF0300000C5700000101", 1, vec![], vec![20]),
        ("1A4FF0300000C570000001011", 1, vec![24], vec![]),
        ("1a4ff0300000c57000000102", 1, vec![23], vec![23]),
        (
            "1A4FF0300000C75000000111",
            2,
            vec![13, 14, 22],
            vec![13, 14, 22],
        ),
        (
            "A14FF0300000C570000001O1",
            2,
            vec![0, 1, 22],
            vec![0, 1, 22],
        ),
    ] {
        let miss = near_miss(typed, TAG).unwrap();
        assert_eq!(
            (miss.slips, miss.in_read, miss.in_stocked),
            (slips, in_read, in_stocked),
            "{typed}"
        );
    }
    for other in [
        TAG,
        "1a4ff0300000c57000000101",
        "",
        "1A4FF0300000C57000000222",
        "1A4ＦF0300000C57000000101",
    ] {
        assert_eq!(near_miss(other, TAG), None, "{other}");
    }
}

#[test]
fn the_most_alike_tags_come_first() {
    let stock: Vec<_> = ["000", "101", "110", "102", "999", "100"]
        .iter()
        .map(|tail| tag(&format!("1A4FF0300000C57000000{tail}")))
        .collect();
    let found = look_alikes(TAG, &stock);
    let tails: Vec<_> = found
        .iter()
        .map(|(tag, miss)| (&tag.as_str()[21..], miss.slips))
        .collect();
    assert_eq!(tails, [("100", 1), ("102", 1), ("110", 1)]);
}

#[test]
fn a_letter_that_no_tag_has_is_named_while_it_is_typed() {
    let of = |typed: &str| {
        let found = mistaken(typed).into_iter();
        found
            .map(|one| (one.place, one.read, one.looks_like))
            .collect::<Vec<_>>()
    };
    assert_eq!(of("1A4FFO3OOOOOC5700000010l").len(), 7);
    assert_eq!(of("1A4FFO"), [(5, 'O', '0')]);
    assert_eq!(of("IA4S"), [(0, 'I', '1'), (3, 'S', '5')]);
    assert_eq!(of(TAG), []);
    // Custody's own codes and makers' numbers have other letters.
    for other in ["CUSKO1", "", "1", "O", "é1A4O"] {
        assert_eq!(of(other), [], "{other}");
    }
}

#[test]
fn tags_shown_together_are_marked_where_a_finger_slipped_or_wherever_they_differ() {
    assert_eq!(marks("1A4FF0300000C5700000101", TAG), (vec![], vec![20]));
    let far = "1A4FF0300000C57000000222";
    assert_eq!(marks(far, TAG), (vec![21, 22, 23], vec![21, 22, 23]));
    assert_eq!(marks(TAG, TAG), (vec![], vec![]));
}
