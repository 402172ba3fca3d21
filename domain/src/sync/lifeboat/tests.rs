//! Files that are whole, and files that are not.

use super::*;

const STORE: StoreId = StoreId([1; 16]);
const DEVICE: DeviceId = DeviceId([2; 16]);

fn act(epoch: u8, seq: u64) -> OutboxEntry {
    OutboxEntry {
        epoch: Epoch([epoch; 16]),
        seq,
        event: SignedEvent {
            bytes: vec![epoch, u8::try_from(seq).unwrap_or(0)],
            signature: vec![9; 64],
        },
    }
}

fn boat() -> Lifeboat {
    let acts = vec![act(7, 3), act(7, 4), act(5, 0), act(5, 1), act(5, 2)];
    Lifeboat::of(STORE, DEVICE, 1_764_000_000_000, acts).named("Tablet 2, vault")
}

/// A file whose hash is right whatever its value says.
fn file(value: &[u8]) -> Vec<u8> {
    let told = [MAGIC, value].concat();
    let hash = Hash::of(&[&told]);
    [told, hash.0.to_vec()].concat()
}

#[test]
fn what_was_taken_along_arrives_whole_and_in_its_order() {
    let boat = boat();
    let read = Lifeboat::parse(&boat.to_bytes(), STORE).expect("a whole file");
    assert_eq!(read, boat);
    assert_eq!((read.len(), read.parts.len()), (5, 2));
    let acts = read.into_acts();
    let names: Vec<_> = acts
        .iter()
        .map(|act| (act.entry.epoch.0[0], act.entry.seq))
        .collect();
    assert_eq!(names, [(7, 3), (7, 4), (5, 0), (5, 1), (5, 2)]);
    assert!(acts.iter().all(|act| act.device == DEVICE));
}

#[test]
fn the_same_acts_are_the_same_file_byte_for_byte() {
    let bytes = boat().to_bytes();
    assert_eq!(bytes, boat().to_bytes());
    let known = "fc2e8b12";
    assert_eq!(&Hash::of(&[&bytes]).to_string()[..8], known);
}

#[test]
fn a_file_cut_off_anywhere_is_damaged_and_nothing_of_it_is_taken() {
    let bytes = boat().to_bytes();
    for end in 1..bytes.len() {
        let cut = Lifeboat::parse(&bytes[..end], STORE);
        assert_eq!(cut, Err(NotTaken::Damaged), "cut at {end}");
    }
}

#[test]
fn a_file_with_a_bit_turned_over_anywhere_is_not_taken() {
    let bytes = boat().to_bytes();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 4;
        assert!(Lifeboat::parse(&changed, STORE).is_err(), "at {place}");
    }
}

#[test]
fn another_shops_file_and_another_file_are_told_apart() {
    let bytes = boat().to_bytes();
    let elsewhere = Lifeboat::parse(&bytes, StoreId([3; 16]));
    assert_eq!(elsewhere, Err(NotTaken::OtherShop));
    assert_eq!(
        Lifeboat::parse(b"%PDF-1.7", STORE),
        Err(NotTaken::OtherFile)
    );
    assert_eq!(Lifeboat::parse(b"", STORE), Err(NotTaken::OtherFile));
    let empty = Lifeboat::of(STORE, DEVICE, 0, Vec::new()).to_bytes();
    assert_eq!(Lifeboat::parse(&empty, STORE), Err(NotTaken::Empty));
}

#[test]
fn a_file_that_claims_more_than_it_holds_asks_for_no_memory() {
    // An array that says it has 2^62 entries, where the chains, a chain's acts, and the whole stand.
    let huge = [0x9b, 0x40, 0, 0, 0, 0, 0, 0, 0];
    assert_eq!(Lifeboat::parse(&file(&huge), STORE), Err(NotTaken::Damaged));
    let mut value = encode(&boat());
    let chains = value.len() - encode(&boat().parts).len();
    value.truncate(chains);
    value.extend(huge);
    assert_eq!(
        Lifeboat::parse(&file(&value), STORE),
        Err(NotTaken::TooLarge)
    );
    value.truncate(chains);
    value.extend([0x81, 0x83]);
    value.extend(encode(&Epoch([7; 16])));
    value.push(0x00);
    value.extend(huge);
    assert_eq!(
        Lifeboat::parse(&file(&value), STORE),
        Err(NotTaken::TooLarge)
    );
}

#[test]
fn an_act_that_stands_in_a_file_twice_makes_it_a_damaged_one() {
    let mut twice = boat();
    let again = twice.parts[0].clone();
    twice.parts.push(again);
    assert_eq!(
        Lifeboat::parse(&twice.to_bytes(), STORE),
        Err(NotTaken::Damaged)
    );
    let mut at_the_end = boat();
    at_the_end.parts[0].from = u64::MAX;
    assert_eq!(
        Lifeboat::parse(&at_the_end.to_bytes(), STORE),
        Err(NotTaken::Damaged)
    );
}

#[test]
fn what_a_newer_program_adds_behind_is_passed_over() {
    let mut value = encode(&boat());
    assert_eq!(value[0], 0x85);
    value[0] = 0x86;
    value.extend([0x82, 0x01, 0x02]);
    assert_eq!(Lifeboat::parse(&file(&value), STORE), Ok(boat()));
    value.push(0x00);
    assert_eq!(
        Lifeboat::parse(&file(&value), STORE),
        Err(NotTaken::Damaged)
    );
}

#[test]
fn a_long_name_is_cut_between_two_letters() {
    let boat = boat().named(&"ñ".repeat(NAME_BYTES_MAX));
    assert_eq!(boat.name, "ñ".repeat(NAME_BYTES_MAX / 2));
    assert!(Lifeboat::parse(&boat.to_bytes(), STORE).is_ok());
}
