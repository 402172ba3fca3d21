//! Sealing: what one key closed, no other opens.

use app::access::seals::Seals;
use app::platform::{crypto, random};
use domain::permit::Allowed;
use wasm_bindgen_test::wasm_bindgen_test;

const SECRET: &[u8] = "Zoë Lanternwright".as_bytes();

#[wasm_bindgen_test]
async fn the_same_key_opens_what_it_sealed() {
    let key = crypto::sealing_key(&[1; 32]).await.unwrap();
    let sealed = crypto::seal(&key, SECRET).await.unwrap();
    assert!(!sealed.windows(4).any(|part| part == &SECRET[..4]));
    let same = crypto::sealing_key(&[1; 32]).await.unwrap();
    assert_eq!(
        crypto::open(&same, &sealed).await,
        Ok(Some(SECRET.to_vec()))
    );
}

#[wasm_bindgen_test]
async fn another_key_opens_nothing() {
    let key = crypto::sealing_key(&[1; 32]).await.unwrap();
    let sealed = crypto::seal(&key, SECRET).await.unwrap();
    let other = crypto::sealing_key(&[2; 32]).await.unwrap();
    assert_eq!(crypto::open(&other, &sealed).await, Ok(None));
}

#[wasm_bindgen_test]
async fn one_changed_or_missing_byte_opens_nothing() {
    let key = crypto::sealing_key(&[1; 32]).await.unwrap();
    let sealed = crypto::seal(&key, SECRET).await.unwrap();
    for place in [0, 12, sealed.len() - 1] {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert_eq!(crypto::open(&key, &changed).await, Ok(None), "byte {place}");
    }
    for length in [0, 5, 12, 20, sealed.len() - 1] {
        assert_eq!(
            crypto::open(&key, &sealed[..length]).await,
            Ok(None),
            "{length} bytes"
        );
    }
}

#[wasm_bindgen_test]
async fn the_same_text_sealed_twice_looks_different() {
    let key = crypto::sealing_key(&[1; 32]).await.unwrap();
    let first = crypto::seal(&key, SECRET).await.unwrap();
    assert_ne!(first, crypto::seal(&key, SECRET).await.unwrap());
}

#[wasm_bindgen_test]
async fn a_key_that_has_not_32_bytes_is_refused() {
    assert!(crypto::sealing_key(&[1; 31]).await.is_err());
}

#[wasm_bindgen_test]
async fn a_stretched_pin_is_what_the_standard_says() {
    // RFC 6070's inputs with SHA-256; also in RFC 7914, section 11.
    let stretched = crypto::stretch(b"passwd", b"salt", 1).await.unwrap();
    let hex: String = stretched.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hex,
        "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
    );
}

#[wasm_bindgen_test]
fn identifiers_sort_by_the_time_they_were_made_and_never_repeat() {
    let ids: Vec<[u8; 16]> = (0..1_000).map(|_| random::id()).collect();
    let times = ids.iter().map(|id| &id[..6]);
    assert!(times.is_sorted());
    let different: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len());
    assert!(ids.iter().all(|id| id[6] >> 4 == 7 && id[8] >> 6 == 2));
}

#[wasm_bindgen_test]
async fn cards_open_for_whoever_may_see_names_and_for_nobody_once_that_is_over() {
    let seals = Seals::of(&[1; 32]).await.unwrap();
    let cards = seals.cards(Allowed::ALL).unwrap();
    let page = cards.sealed(SECRET).await.unwrap();
    assert_eq!(cards.page(&page).await, Some(SECRET.to_vec()));
    let over = Allowed {
        customers: false,
        ..Allowed::ALL
    };
    assert!(
        seals.cards(over).is_none(),
        "there is nothing to open them by"
    );
}
