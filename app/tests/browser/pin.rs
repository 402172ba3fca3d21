//! People's PINs on this device: they open a seal, or they do not.

use app::access::device_key;
use app::access::sign_in::{self, Opened, TRIES_MAX};
use app::store::core::Core;
use domain::id::ActorId;
use domain::sync::device::store::Store as _;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::own_events::fresh;

const ANA: ActorId = ActorId(1);
const MARCUS: ActorId = ActorId(2);
const PIN: &str = "274913";
const WRONG: &str = "274914";
const UNLOCK: [u8; 32] = [0x5a; 32];

/// A device that has a key and knows Ana.
async fn with_ana() -> Core {
    let core = fresh().await;
    device_key::make(&core).await.unwrap();
    sign_in::keep(&core, ANA, PIN, &UNLOCK).await.unwrap();
    core
}

async fn told(core: &Core, pin: &str) -> String {
    match sign_in::open(core, ANA, pin).await.unwrap() {
        Opened::Unlocked(unlock) if unlock == UNLOCK => "unlocked".to_owned(),
        Opened::Unlocked(_) => "unlocked with another secret".to_owned(),
        Opened::Wrong { tries_left } => format!("wrong, {tries_left} left"),
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
    for left in [
        "wrong, 4 left",
        "wrong, 3 left",
        "wrong, 2 left",
        "wrong, 1 left",
    ] {
        assert_eq!(told(&core, WRONG).await, left);
    }
    assert_eq!(told(&core, PIN).await, "unlocked");
    assert_eq!(told(&core, WRONG).await, "wrong, 4 left");
}

#[wasm_bindgen_test]
async fn after_five_wrong_pins_only_the_server_can_let_the_person_in() {
    let core = with_ana().await;
    for _ in 1..TRIES_MAX {
        told(&core, WRONG).await;
    }
    assert_eq!(told(&core, WRONG).await, "locked");
    assert_eq!(told(&core, PIN).await, "locked");
    // A restart forgets nothing.
    assert_eq!(told(&Core::new(), PIN).await, "locked");
    // The server let her in: her seal is made anew.
    sign_in::keep(&core, ANA, PIN, &UNLOCK).await.unwrap();
    assert_eq!(told(&core, PIN).await, "unlocked");
}

#[wasm_bindgen_test]
async fn somebody_who_was_never_here_is_left_to_the_server() {
    let core = with_ana().await;
    let opened = sign_in::open(&core, MARCUS, PIN).await.unwrap();
    assert!(matches!(opened, Opened::Unknown));
    sign_in::keep(&core, MARCUS, WRONG, &UNLOCK).await.unwrap();
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
    assert_eq!(told(&core, PIN).await, "wrong, 4 left");
}

#[wasm_bindgen_test]
async fn a_browser_that_keeps_no_device_secret_still_knows_a_right_pin() {
    let core = fresh().await;
    sign_in::keep(&core, ANA, PIN, &UNLOCK).await.unwrap();
    assert_eq!(told(&core, PIN).await, "unlocked");
    assert_eq!(told(&core, WRONG).await, "wrong, 4 left");
}
