//! People's PINs on this device: they open a seal, or they do not.

use app::access::device_key::{self, KeyFailed};
use app::access::sign_in::{self, Known, Opened};
use app::store::core::Core;
use domain::id::{ActorId, Hash};
use domain::pin::{Cost, FAILURES_MAX, Stretch, wait_after};
use domain::sync::device::store::Store as _;
use gloo_timers::future::TimeoutFuture;
use minicbor::{Decode, Encode};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::own_events::fresh;

const ANA: ActorId = ActorId(1);
const MARCUS: ActorId = ActorId(2);
const PIN: &str = "274913";
const WRONG: &str = "274914";
const UNLOCK: [u8; 32] = [0x5a; 32];

/// A person's seal as it lies in the storage.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Kept {
    #[n(0)]
    kind: u8,
    #[n(1)]
    rounds: u32,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: Vec<u8>,
    #[cbor(n(3), with = "minicbor::bytes")]
    sealed: Vec<u8>,
    #[n(4)]
    failures: u32,
    #[n(5)]
    cost: Option<Cost>,
    #[n(6)]
    digits: Option<u8>,
    #[n(7)]
    pin_changes: Option<u32>,
    #[n(8)]
    unlocks: Option<u32>,
}

/// In the place of Argon2id, which has tests of its own: quick, and different for every secret and salt.
async fn quickly(ask: Stretch) -> Result<Vec<u8>, KeyFailed> {
    Ok(Hash::of(&[&ask.secret, &ask.salt]).0.to_vec())
}

async fn keep(core: &Core, actor: ActorId, pin: &str) {
    sign_in::keep(core, actor, pin, &UNLOCK, None, quickly)
        .await
        .unwrap();
}

async fn open(core: &Core, actor: ActorId, pin: &str) -> Opened {
    sign_in::open(core, actor, pin, Known::default(), quickly)
        .await
        .unwrap()
}

fn changed(times: u32) -> Known {
    Known {
        pin_changes: Some(times),
        ..Known::default()
    }
}

/// A device that has a key and knows Ana.
async fn with_ana() -> Core {
    let core = fresh().await;
    device_key::make(&core).await.unwrap();
    keep(&core, ANA, PIN).await;
    core
}

async fn told(core: &Core, pin: &str) -> String {
    match open(core, ANA, pin).await {
        Opened::Unlocked(unlock) if unlock == UNLOCK => "unlocked".to_owned(),
        Opened::Unlocked(_) => "unlocked with another secret".to_owned(),
        Opened::Wrong { tries_left } => format!("wrong, {tries_left} left"),
        Opened::Wait { .. } => "wait".to_owned(),
        Opened::Locked => "locked".to_owned(),
        Opened::Unknown => "unknown".to_owned(),
    }
}

#[wasm_bindgen_test]
async fn the_right_pin_opens_the_device_also_after_a_restart_without_a_network() {
    let core = with_ana().await;
    assert_eq!(told(&core, PIN).await, "unlocked");
    assert_eq!(told(&Core::new(), PIN).await, "unlocked");
}

#[wasm_bindgen_test]
async fn wrong_pins_count_down_and_the_right_one_starts_the_count_anew() {
    let core = with_ana().await;
    for left in ["wrong, 9 left", "wrong, 8 left", "wrong, 7 left"] {
        assert_eq!(told(&core, WRONG).await, left);
    }
    assert_eq!(told(&core, PIN).await, "unlocked");
    assert_eq!(told(&core, WRONG).await, "wrong, 9 left");
}

#[wasm_bindgen_test]
async fn after_the_fourth_wrong_pin_even_the_right_one_has_to_wait() {
    let core = with_ana().await;
    for _ in 0..4 {
        told(&core, WRONG).await;
    }
    assert_eq!(told(&core, PIN).await, "wait");
    // A page that was loaded anew waits from its beginning: nothing is gained by it.
    assert_eq!(told(&Core::new(), PIN).await, "wait");
    TimeoutFuture::new(1_000 * wait_after(4)).await;
    assert_eq!(told(&core, PIN).await, "unlocked");
    assert_eq!(told(&core, WRONG).await, "wrong, 9 left");
}

#[wasm_bindgen_test]
async fn after_ten_wrong_pins_not_even_the_right_one_opens_until_somebody_unlocked_the_person() {
    let core = with_ana().await;
    let mut seal = core.read::<Kept>("person/1").await.unwrap().unwrap();
    seal.failures = FAILURES_MAX;
    core.keep("person/1", &seal).await.unwrap();
    assert_eq!(told(&core, PIN).await, "locked");
    // A restart forgets nothing.
    assert_eq!(told(&Core::new(), PIN).await, "locked");
    let unlocked = Known {
        unlocks: Some(1),
        ..Known::default()
    };
    let again = async |pin| {
        sign_in::open(&core, ANA, pin, unlocked, quickly)
            .await
            .unwrap()
    };
    assert!(matches!(
        again(WRONG).await,
        Opened::Wrong { tries_left: 9 }
    ));
    assert!(matches!(again(PIN).await, Opened::Unlocked(_)));
    // One that was unlocked then locks again as before.
    seal.unlocks = Some(1);
    core.keep("person/1", &seal).await.unwrap();
    assert!(matches!(again(PIN).await, Opened::Locked));
}

#[wasm_bindgen_test]
async fn somebody_who_was_never_here_is_left_to_the_server() {
    let core = with_ana().await;
    let opened = open(&core, MARCUS, PIN).await;
    assert!(matches!(opened, Opened::Unknown));
    keep(&core, MARCUS, WRONG).await;
    assert_eq!(
        told(&core, PIN).await,
        "unlocked",
        "one person's seal is not another's"
    );
}

#[wasm_bindgen_test]
async fn a_copy_of_the_seal_is_worth_nothing_on_another_device() {
    let core = with_ana().await;
    core.forget("pin-pepper").await.unwrap();
    assert_eq!(told(&core, PIN).await, "wrong, 9 left");
}

#[wasm_bindgen_test]
async fn a_browser_that_keeps_no_device_secret_still_knows_a_right_pin() {
    let core = fresh().await;
    keep(&core, ANA, PIN).await;
    assert_eq!(told(&core, PIN).await, "unlocked");
    assert_eq!(told(&core, WRONG).await, "wrong, 9 left");
}

#[wasm_bindgen_test]
async fn a_seal_from_before_the_pin_was_changed_is_none_any_more() {
    let core = with_ana().await;
    let opened = sign_in::open(&core, ANA, PIN, changed(1), quickly).await;
    assert!(matches!(opened, Ok(Opened::Unknown)));
    sign_in::keep(&core, ANA, "80514297", &UNLOCK, Some(1), quickly)
        .await
        .unwrap();
    assert_eq!(sign_in::digits(&core, ANA).await, Some(8));
    let opened = sign_in::open(&core, ANA, "80514297", changed(1), quickly).await;
    assert!(matches!(opened, Ok(Opened::Unlocked(_))));
    // Forgotten, whoever it was has to ask the server.
    sign_in::forget(&core, ANA).await.unwrap();
    let opened = sign_in::open(&core, ANA, "80514297", changed(1), quickly).await;
    assert!(matches!(opened, Ok(Opened::Unknown)));
}
