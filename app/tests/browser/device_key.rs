//! The device's own key: made once, kept by the browser, or sealed where the browser cannot.

use app::access::device_key::{self, NewKey, Signer};
use app::platform::crypto;
use app::store::core::Core;
use domain::facility::KeyKind;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::CryptoKey;

use crate::faults;
use crate::own_events::fresh;

const HASH: [u8; 32] = [0x42; 32];

async fn signs_for(signer: &Signer, public: &[u8]) -> bool {
    let signature = signer.sign(&HASH).await.unwrap();
    assert_eq!(signature.len(), 64);
    let public = crypto::public_from_bytes(signer.kind, public)
        .await
        .unwrap();
    assert!(
        !crypto::verify(signer.kind, &public, &[0x43; 32], &signature)
            .await
            .unwrap()
    );
    crypto::verify(signer.kind, &public, &HASH, &signature)
        .await
        .unwrap()
}

#[wasm_bindgen_test]
async fn a_key_that_the_browser_kept_still_signs_after_a_restart() {
    let core = fresh().await;
    let NewKey {
        signer,
        public,
        to_seal,
    } = device_key::make(&core).await.unwrap();
    assert_eq!((signer.kind, public.len()), (KeyKind::Ed25519, 32));
    assert!(to_seal.is_none(), "Chromium keeps keys by itself");
    let kept = device_key::kept(&Core::new(), KeyKind::Ed25519).await;
    assert!(signs_for(&kept.unwrap().unwrap(), &public).await);
    let pepper = device_key::pepper(&Core::new()).await;
    assert!(pepper.unwrap().is_some());
}

#[wasm_bindgen_test]
async fn nobody_can_read_the_kept_key_out() {
    let core = fresh().await;
    device_key::make(&core).await.unwrap();
    let key: CryptoKey = core
        .object_afresh("device-key")
        .await
        .unwrap()
        .unchecked_into();
    assert!(!key.extractable());
    assert!(crypto::private_bytes(&key).await.is_err());
}

#[wasm_bindgen_test]
async fn a_new_key_is_another_key() {
    let core = fresh().await;
    let first = device_key::make(&core).await.unwrap();
    let second = device_key::make(&core).await.unwrap();
    assert_ne!(first.public, second.public);
    let kept = device_key::kept(&core, KeyKind::Ed25519).await;
    assert!(!signs_for(&kept.unwrap().unwrap(), &first.public).await);
}

async fn a_sealed_key_signs_only_for_whoever_opens_it(core: &Core) {
    let NewKey {
        signer,
        public,
        to_seal,
    } = device_key::make(core).await.unwrap();
    assert!(signs_for(&signer, &public).await);
    let bytes = to_seal.unwrap();
    let seal = crypto::sealing_key(&[1; 32]).await.unwrap();
    let other = crypto::sealing_key(&[2; 32]).await.unwrap();
    let unsealed = async |seal| {
        device_key::unsealed(&Core::new(), signer.kind, seal)
            .await
            .unwrap()
    };
    assert!(unsealed(&seal).await.is_none(), "nothing was sealed yet");
    device_key::keep_sealed(core, &seal, &bytes).await.unwrap();
    assert!(unsealed(&other).await.is_none());
    assert!(signs_for(&unsealed(&seal).await.unwrap(), &public).await);
    let kept = device_key::kept(&Core::new(), signer.kind).await;
    assert!(kept.unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_browser_that_refuses_to_keep_keys_gets_a_sealed_one() {
    let core = fresh().await;
    faults::keys_are_not_kept();
    a_sealed_key_signs_only_for_whoever_opens_it(&core).await;
    faults::keys_are_kept_again();
}

#[wasm_bindgen_test]
async fn a_browser_that_only_says_it_keeps_keys_gets_a_sealed_one() {
    let core = fresh().await;
    faults::keys_are_kept_as_nothing();
    a_sealed_key_signs_only_for_whoever_opens_it(&core).await;
    faults::keys_are_kept_again();
}

#[wasm_bindgen_test]
async fn the_other_kind_of_key_signs_too() {
    let kind = KeyKind::P256;
    let pair = crypto::generate(kind, true).await.unwrap();
    let public = crypto::public_bytes(&pair).await.unwrap();
    assert_eq!((public.len(), public[0]), (65, 4));
    let bytes = crypto::private_bytes(&crypto::private_key(&pair).unwrap())
        .await
        .unwrap();
    let key = crypto::private_from_bytes(kind, &bytes).await.unwrap();
    let signature = crypto::sign(kind, &key, &HASH).await.unwrap();
    assert_eq!(signature.len(), 64);
    let public = crypto::public_from_bytes(kind, &public).await.unwrap();
    assert!(
        crypto::verify(kind, &public, &HASH, &signature)
            .await
            .unwrap()
    );
}
