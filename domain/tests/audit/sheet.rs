//! The sheet a head is signed on: one form, read strictly.

use domain::audit::checkpoint::{Checkpoint, KeyRef, NOTE_BYTES_MAX, NoNote, Note};
use domain::id::{DeviceId, Hash};
use proptest::prelude::*;

use super::history::{History, ORIGIN, PHONE, SERVER, Secret, TABLET, verifies};

fn sheet() -> Note {
    let mut history = History::new();
    history.sets_up();
    history.co_signs(&[TABLET, PHONE]);
    history.notes.remove(0)
}

fn is_good(key: KeyRef<'_>, hash: &Hash, signature: &[u8]) -> bool {
    verifies(key.kind, key.bytes, hash, signature)
}

#[test]
fn a_head_is_written_as_others_write_theirs() {
    let checkpoint = Checkpoint {
        origin: ORIGIN,
        size: 20_852_163,
        root: Hash([0xa5; 32]),
    };
    let text = "custody/09090909090909090909090909090909/07070707070707070707070707070707\n\
                20852163\n\
                paWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaU=\n";
    assert_eq!(checkpoint.text(), text);
    assert_ne!(checkpoint.log_claim(), checkpoint.witness_claim());
    let secret = Secret::ed25519(1);
    let public = secret.public();
    let key = KeyRef {
        kind: secret.kind(),
        bytes: &public,
    };
    let note = checkpoint.signed(key, &[0x5a; 64]);
    let id = Hash::of(&[
        ORIGIN.name().as_bytes(),
        b"\n\xffcustody-ed25519-sha256",
        &public,
    ]);
    let line = note.render();
    let line = line
        .strip_prefix(text)
        .unwrap()
        .strip_prefix("\n\u{2014} ")
        .unwrap();
    let (name, signature) = line.split_once(' ').unwrap();
    assert_eq!(name, ORIGIN.name());
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    let bytes = STANDARD.decode(signature.trim_end()).unwrap();
    assert_eq!(bytes, [&id.0[..4], &[0x5a; 64]].concat());
}

#[test]
fn a_sheet_survives_writing_and_reading_and_names_its_witnesses() {
    let note = sheet();
    let read = Note::parse(&note.render()).unwrap();
    assert_eq!(read, note);
    let witnesses: Vec<DeviceId> = read.witnesses().collect();
    assert_eq!(witnesses, [DeviceId([0x0a; 16]), DeviceId([0x0b; 16])]);
}

#[test]
fn every_signature_on_a_sheet_is_by_its_own_key_only() {
    let history = History::new();
    let note = sheet();
    for writer in [SERVER, TABLET, PHONE] {
        let device = &history.writers[writer].device;
        let key = KeyRef {
            kind: device.key_kind,
            bytes: &device.public_key,
        };
        let vouched = note.clone().verify(key, is_good);
        assert_eq!(vouched.is_some(), writer == SERVER);
        for other in [TABLET, PHONE] {
            let other = history.writers[other].device.id;
            assert_eq!(note.is_witnessed(other, key, is_good), other == device.id);
        }
        assert!(!note.is_witnessed(DeviceId([1; 16]), key, is_good));
    }
}

#[test]
fn a_later_co_signature_takes_the_place_of_an_earlier() {
    let mut note = sheet();
    let before = note.clone();
    let history = History::new();
    let phone = &history.writers[PHONE];
    let key = KeyRef {
        kind: phone.device.key_kind,
        bytes: &phone.device.public_key,
    };
    note.add_witness(phone.device.id, key, &[0; 64]);
    assert_eq!(note.witnesses().count(), 2);
    assert_ne!(note, before);
    note.add_witness(
        phone.device.id,
        key,
        &phone.secret.sign(&note.checkpoint().witness_claim()),
    );
    assert_eq!(note, before);
}

#[test]
fn a_sheet_in_any_other_form_is_none() {
    let good = sheet().render();
    assert!(Note::parse(&good).is_ok());
    let lines: Vec<&str> = good.lines().collect();
    let with = |at: usize, line: &str| {
        let mut lines = lines.clone();
        lines[at] = line;
        lines.join("\n") + "\n"
    };
    let swapped = {
        let mut lines = lines.clone();
        lines.swap(5, 6);
        lines.join("\n") + "\n"
    };
    let upper = lines[0].to_uppercase();
    let hyphens = lines[0].replace("0909090909090909/", "09090909-09090909/");
    let unpadded = lines[2].trim_end_matches('=');
    // The last character before the padding has bits that are not used; they must be zero.
    let (root, _) = lines[2].split_at(lines[2].len() - 2);
    let loose = format!("{root}Z=");
    let dash = lines[4].replace('\u{2014}', "-");
    let double = lines[4].replace("\u{2014} ", "\u{2014}  ");
    let short = &lines[4][..lines[4].len() - 4];
    let stranger = lines[5].replace("custody/device/", "example.org/");
    let bad = [
        String::new(),
        "\n\n\n".to_owned(),
        good.trim_end().to_owned(),
        good.clone() + "\n",
        good.replace('\n', "\r\n"),
        format!("\u{feff}{good}"),
        with(0, &upper),
        with(0, &hyphens),
        with(0, "custody/x/y"),
        with(1, "06"),
        with(1, "+6"),
        with(1, "-6"),
        with(1, "18446744073709551616"),
        with(1, ""),
        with(2, unpadded),
        with(2, &loose),
        with(2, ""),
        with(3, "an extension\n"),
        with(4, lines[5]),
        with(4, &dash),
        with(4, &double),
        with(4, short),
        with(5, &stranger),
        with(5, lines[6]),
        with(6, lines[5]),
        with(6, lines[4]),
        swapped,
        lines[..4].join("\n") + "\n",
        lines[..3].join("\n") + "\n",
        " ".repeat(NOTE_BYTES_MAX + 1),
    ];
    for bad in &bad {
        assert_eq!(Note::parse(bad), Err(NoNote), "{bad}");
    }
}

#[test]
fn no_changed_character_goes_unnoticed() {
    let history = History::new();
    let log = &history.writers[SERVER].device;
    let key = |device: usize| KeyRef {
        kind: history.writers[device].device.key_kind,
        bytes: &history.writers[device].device.public_key,
    };
    let good = sheet().render();
    let holds = |text: &str| {
        Note::parse(text).is_ok_and(|note| {
            let witnessed = |writer: usize| {
                let device = history.writers[writer].device.id;
                note.is_witnessed(device, key(writer), is_good)
            };
            let both = witnessed(TABLET) && witnessed(PHONE);
            both && note.verify(key(SERVER), is_good).is_some()
        })
    };
    assert!(holds(&good) && log.is_server);
    for at in 0..good.len() {
        for pattern in [0x01, 0x02, 0x20] {
            let mut bad = good.clone().into_bytes();
            bad[at] ^= pattern;
            let believed = String::from_utf8(bad).is_ok_and(|bad| holds(&bad));
            assert!(!believed, "byte {at}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_read_as_a_sheet_is_written_as_it_was(text in "\\PC*\n\n\u{2014} \\PC*\n") {
        if let Ok(note) = Note::parse(&text) {
            prop_assert_eq!(note.render(), text);
        }
    }
}
