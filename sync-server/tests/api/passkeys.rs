//! `POST /v1/stores/{store}/passkeys`: made, asked, refused.

use domain::custody::set_up::Doer;
use domain::event::encode;
use domain::facility::Role;
use domain::id::ActorId;
use domain::sync::enrol::{DenialCode, DevicesAnswer, SignInAnswer};
use domain::sync::proof::{PASSKEYS_MAX, PasskeysAct, PasskeysAnswer, SESSION_MS_MAX};
use minicbor::{Decode, Encode};
use sync_server::log::{Proof, ProofKind};

use crate::authenticator::Authenticator;
use crate::browser::{Browser, GWEN, MARCUS, SHOP, denied, expect, runtime, shop};
use crate::device::Device;
use crate::server::{ANA, ANA_PIN, AVERY, Folder, Server};

/// Makes every session of a person as if so many milliseconds had passed since something.
fn age(server: &Server, actor: ActorId, begun: i64, asserted: i64, idle: i64) {
    #[derive(Encode, Decode)]
    struct Times {
        #[n(0)]
        begun: i64,
        #[n(1)]
        asserted: i64,
    }
    let change = server.shop.change(1, move |work| {
        for session in work.log().proofs_of(ProofKind::Session, actor)? {
            let mut times: Times = minicbor::decode(&session.bytes).unwrap();
            times.begun -= begun;
            times.asserted -= asserted;
            work.log().put_proof(&Proof {
                bytes: encode(&times),
                expires: session.expires - idle,
                ..session
            })?;
        }
        Ok(())
    });
    runtime().block_on(change).unwrap();
}

/// What an authenticator that lies makes of an honest one.
type Lie = fn(Authenticator) -> Authenticator;

#[test]
fn whoever_has_a_passkey_needs_it_for_a_first_sign_in_a_new_pin_and_a_devices_code() {
    let folder = Folder::new();
    let server = shop(&folder);
    let (office, vault) = (Device::enrolled(&server), Device::enrolled(&server));
    let mut there = Browser::of(&server, &vault, ANA);
    // Nobody is asked for what nobody has.
    assert_eq!(there.sign_in(None).status, 200);
    let (mut key, first) = Browser::of(&server, &office, ANA).first();
    assert_eq!(first.passkeys.len(), 1);
    assert_eq!(first.passkeys[0].rp, "shop.lan");
    assert_eq!(first.code.unwrap().len(), 24);

    expect(&there.sign_in(None), DenialCode::PasskeyNeeded);
    expect(&there.sign_in(Some("914273")), DenialCode::PasskeyNeeded);
    expect(&there.code(), DenialCode::PasskeyNeeded);
    let proven = there.prove(&mut key);
    assert_eq!(proven.status, 200);
    let cookie = proven.header("set-cookie").to_owned();
    let (_, rules) = cookie.split_once("; ").unwrap();
    assert!(cookie.starts_with("__Host-custody=") && cookie.len() > 64 + 15);
    assert_eq!(rules, "Path=/; Secure; HttpOnly; SameSite=Strict");
    let unlocked: SignInAnswer = there.sign_in(None).cbor();
    assert_eq!(unlocked.pin_changes, None, "the PIN was changed after all");
    assert!(there.code().cbor::<DevicesAnswer>().code.is_some());
    // The PIN is needed all the same.
    there.pin = "000001";
    expect(&there.sign_in(None), DenialCode::WrongPin);
    expect(&there.code(), DenialCode::WrongPin);
    there.pin = ANA_PIN;
    assert_eq!(there.sign_in(Some("80514297")).status, 200);
    let list = there.done(false, PasskeysAct::List);
    assert!(list.passkeys[0].used.is_some() && list.code.is_none());
}

#[test]
fn a_shop_that_asks_a_role_for_no_passkeys_lets_the_pin_do() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    ana.first();
    ana.cookie = None;
    expect(&ana.sign_in(None), DenialCode::PasskeyNeeded);
    let demand = |role, asked| {
        let demanded = server.shop.demand_passkeys(role, asked);
        runtime().block_on(demanded).unwrap()
    };
    assert_eq!(
        demand(Role::GeneralManager, false),
        [Role::InventoryManager, Role::ComplianceOfficer]
    );
    assert_eq!(ana.sign_in(None).status, 200);
    // What changes passkeys themselves needs one whatever the shop asks.
    expect(&ana.ask(true, PasskeysAct::Code), DenialCode::PasskeyNeeded);
    demand(Role::GeneralManager, true);
    expect(&ana.sign_in(None), DenialCode::PasskeyNeeded);
    let forgotten = server.shop.forget_passkeys(ANA);
    assert_eq!(runtime().block_on(forgotten).unwrap(), 1);
    assert_eq!(ana.sign_in(None).status, 200);
}

#[test]
fn an_assertion_counts_once_on_its_device_for_its_person_and_not_for_ever() {
    let folder = Folder::new();
    let server = shop(&folder);
    let (office, vault) = (Device::enrolled(&server), Device::enrolled(&server));
    let mut ana = Browser::of(&server, &office, ANA);
    let (mut key, _) = ana.first();
    let old = ana.challenge();
    let assertion = key.sign(&ana.challenge());
    let prove = |assertion| PasskeysAct::Prove { assertion };
    // On another device; of another person; for a challenge in whose place there is another one.
    let mut elsewhere = Browser::of(&server, &vault, ANA);
    let on_vault = elsewhere.challenge();
    let answer = elsewhere.ask(false, prove(assertion.clone()));
    expect(&answer, DenialCode::WrongPasskey);
    let mut gwen = Browser::of(&server, &office, GWEN);
    gwen.first();
    gwen.challenge();
    let answer = gwen.ask(false, prove(assertion.clone()));
    expect(&answer, DenialCode::WrongPasskey);
    assert_eq!(ana.ask(false, prove(assertion.clone())).status, 200);
    expect(&ana.ask(false, prove(assertion)), DenialCode::WrongPasskey);
    for stale in [old, on_vault] {
        ana.challenge();
        let assertion = key.sign(&stale);
        expect(&ana.ask(false, prove(assertion)), DenialCode::WrongPasskey);
    }
    // One that was not answered for too long.
    let late = ana.challenge();
    let forgotten = server.shop.change(1, |work| {
        for given in work.log().proofs_of(ProofKind::Challenge, ANA)? {
            let expires = work.now() - 1;
            work.log().put_proof(&Proof { expires, ..given })?;
        }
        Ok(())
    });
    runtime().block_on(forgotten).unwrap();
    let assertion = key.sign(&late);
    expect(&ana.ask(false, prove(assertion)), DenialCode::WrongPasskey);
    assert_eq!(ana.prove(&mut key).status, 200);
}

#[test]
fn an_assertion_counts_once_also_of_a_passkey_that_does_not_count() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let mut key = Authenticator {
        counts: false,
        ..Authenticator::new(SHOP)
    };
    let challenge = ana.begin(None);
    assert_eq!(ana.register(&key, &challenge).status, 200);
    let assertion = key.sign(&ana.challenge());
    let prove = || PasskeysAct::Prove {
        assertion: assertion.clone(),
    };
    assert_eq!(ana.ask(false, prove()).status, 200);
    expect(&ana.ask(false, prove()), DenialCode::WrongPasskey);
    assert_eq!(ana.prove(&mut key).status, 200);
}

#[test]
fn a_passkey_is_for_one_address_and_one_person_who_is_looked_at() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let (key, _) = ana.first();
    let lies: [(&str, Lie); 6] = [
        ("another port", |key| Authenticator {
            origin: "https://shop.lan".to_owned(),
            ..key
        }),
        ("another site", |key| Authenticator {
            origin: "https://evil.example".to_owned(),
            ..key
        }),
        ("another host name", |key| Authenticator {
            rp: "evil.example".to_owned(),
            ..key
        }),
        ("another passkey", |key| Authenticator {
            id: vec![7; 32],
            ..key
        }),
        ("nobody there", |key| key.seeing(false, false)),
        ("somebody there", |key| key.seeing(true, false)),
    ];
    for (what, lie) in lies {
        let mut liar = lie(key.clone());
        let answer = ana.prove(&mut liar);
        assert_eq!(denied(&answer), Some(DenialCode::WrongPasskey), "{what}");
    }
    // Someone else's key under this one's name.
    let mut stranger = Authenticator {
        id: key.id.clone(),
        ..Authenticator::new(SHOP)
    };
    expect(&ana.prove(&mut stranger), DenialCode::WrongPasskey);
    // At another address the person has none, and at a number nobody can have one.
    ana.origin = "https://other.example";
    let answer = ana.ask(false, PasskeysAct::Challenge);
    expect(&answer, DenialCode::NoPasskey);
    for number in ["https://192.168.1.20:8765", "http://shop.lan", "null"] {
        ana.origin = number;
        for act in [PasskeysAct::Challenge, PasskeysAct::Begin { code: None }] {
            expect(&ana.ask(true, act), DenialCode::Nameless);
        }
    }
    // The same is asked of a new passkey.
    let mut gwen = Browser::of(&server, &device, GWEN);
    for (what, lie) in lies
        .into_iter()
        .filter(|(what, _)| *what != "another passkey")
    {
        let liar = lie(Authenticator::new(SHOP));
        let challenge = gwen.begin(None);
        let answer = gwen.register(&liar, &challenge);
        assert_eq!(denied(&answer), Some(DenialCode::WrongPasskey), "{what}");
    }
    // What is Ana's is nobody else's.
    let challenge = gwen.begin(None);
    expect(&gwen.register(&key, &challenge), DenialCode::WrongPasskey);
    // Nor does whoever has only the device's key see which passkeys a manager has.
    expect(
        &gwen.ask(false, PasskeysAct::List),
        DenialCode::UnknownActor,
    );
    assert_eq!(gwen.sign_in(None).status, 200);
    assert!(gwen.done(false, PasskeysAct::List).passkeys.is_empty());
}

#[test]
fn a_copy_of_a_passkey_is_noticed_by_its_count() {
    let folder = Folder::new();
    let server = shop(&folder);
    let (office, vault) = (Device::enrolled(&server), Device::enrolled(&server));
    let mut ana = Browser::of(&server, &office, ANA);
    let (mut key, _) = ana.first();
    let mut copy = key.clone();
    let mut thief = Browser::of(&server, &vault, ANA);
    // Asked before the person used it, answered after.
    let early = thief.challenge();
    assert_eq!(ana.prove(&mut key).status, 200);
    let assertion = copy.sign(&early);
    let answer = thief.ask(false, PasskeysAct::Prove { assertion });
    expect(&answer, DenialCode::WrongPasskey);
    copy.counter = 0;
    expect(&thief.prove(&mut copy), DenialCode::WrongPasskey);
    assert_eq!(ana.prove(&mut key).status, 200);
}

#[test]
fn a_session_is_worth_nothing_on_another_device_for_another_person_or_later() {
    let folder = Folder::new();
    let server = shop(&folder);
    let (office, vault) = (Device::enrolled(&server), Device::enrolled(&server));
    let mut ana = Browser::of(&server, &office, ANA);
    let (mut key, _) = ana.first();
    let mut gwen = Browser::of(&server, &office, GWEN);
    gwen.first();
    let mut thief = Browser::of(&server, &vault, ANA);
    thief.cookie.clone_from(&ana.cookie);
    expect(&thief.sign_in(None), DenialCode::PasskeyNeeded);
    gwen.cookie.clone_from(&ana.cookie);
    expect(&gwen.sign_in(None), DenialCode::PasskeyNeeded);
    assert_eq!(ana.sign_in(None).status, 200);
    let (minute, quarter) = (60_000, 15 * 60_000);
    for (begun, asserted, idle) in [
        (0, minute + 1, 0),
        (0, 0, quarter + 1),
        (SESSION_MS_MAX + 1, 0, 0),
        // A clock that was put back.
        (0, -50_000, 0),
    ] {
        assert_eq!(ana.prove(&mut key).status, 200);
        age(&server, ANA, begun, asserted, idle);
        let answer = ana.sign_in(None);
        let why = (begun, asserted, idle);
        assert_eq!(denied(&answer), Some(DenialCode::PasskeyNeeded), "{why:?}");
    }
    assert_eq!(ana.prove(&mut key).status, 200);
    age(&server, ANA, SESSION_MS_MAX - minute, minute / 2, 0);
    assert_eq!(ana.sign_in(None).status, 200);
}

#[test]
fn a_session_ends_with_the_next_one_at_sign_out_and_with_its_device_or_person() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let (mut key, _) = ana.first();
    let before = ana.cookie.clone();
    ana.prove(&mut key);
    let after = ana.cookie.clone();
    assert_ne!(before, after);
    ana.cookie = before;
    expect(&ana.sign_in(None), DenialCode::PasskeyNeeded);
    ana.cookie.clone_from(&after);
    assert_eq!(ana.sign_in(None).status, 200);
    let ended = ana.ask(false, PasskeysAct::End);
    assert!(ended.header("set-cookie").ends_with("; Max-Age=0"));
    ana.cookie = after;
    expect(&ana.sign_in(None), DenialCode::PasskeyNeeded);
    let sessions = || {
        let ask = server
            .shop
            .ask(|log| log.proofs_of(ProofKind::Session, ANA));
        runtime().block_on(ask).unwrap().len()
    };
    ana.prove(&mut key);
    assert_eq!(sessions(), 1);
    let shop = &server.shop;
    runtime()
        .block_on(shop.set_active(ANA, false, Doer::default()))
        .unwrap();
    assert_eq!(sessions(), 0);
    expect(
        &ana.ask(false, PasskeysAct::Challenge),
        DenialCode::UnknownActor,
    );
    runtime()
        .block_on(shop.set_active(ANA, true, Doer::default()))
        .unwrap();
    ana.prove(&mut key);
    assert_eq!(sessions(), 1);
    runtime()
        .block_on(shop.revoke(device.id, Doer::default()))
        .unwrap();
    assert_eq!(sessions(), 0);
}

#[test]
fn a_second_passkey_needs_the_first_one_and_nobody_has_more_than_ten() {
    let folder = Folder::new();
    let server = shop(&folder);
    let (office, vault) = (Device::enrolled(&server), Device::enrolled(&server));
    let mut ana = Browser::of(&server, &office, ANA);
    let mut thief = Browser::of(&server, &vault, ANA);
    // Begun while there was none yet, finished when there is one.
    let early = thief.begin(None);
    let (mut key, _) = ana.first();
    let other = Authenticator::new(SHOP);
    expect(&thief.register(&other, &early), DenialCode::PasskeyNeeded);
    let begin = || PasskeysAct::Begin { code: None };
    expect(&thief.ask(true, begin()), DenialCode::PasskeyNeeded);
    expect(&thief.ask(false, begin()), DenialCode::Unreadable);
    ana.pin = "000001";
    expect(&ana.ask(true, begin()), DenialCode::WrongPin);
    ana.pin = ANA_PIN;
    for count in 2..=PASSKEYS_MAX {
        ana.prove(&mut key);
        let challenge = ana.begin(None);
        assert_eq!(challenge.passkeys.len(), count - 1);
        let answer = ana.register(&Authenticator::new(SHOP), &challenge);
        let answer: PasskeysAnswer = answer.cbor();
        assert_eq!(answer.passkeys.len(), count);
        // The printed code is still the first one.
        assert_eq!(answer.code, None);
    }
    expect(&ana.ask(true, begin()), DenialCode::Full);
    let remove = |id: &[u8]| PasskeysAct::Remove { id: id.to_vec() };
    let left = ana.done(true, remove(&key.id));
    assert_eq!(left.passkeys.len(), PASSKEYS_MAX - 1);
    expect(&ana.ask(true, remove(&key.id)), DenialCode::NotFound);
    let gone = left.passkeys[0].id.clone();
    ana.cookie = None;
    expect(&ana.ask(true, remove(&gone)), DenialCode::PasskeyNeeded);
}

#[test]
fn nobody_but_managers_has_passkeys() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    for actor in [MARCUS, AVERY, ActorId(99), ActorId::SERVER] {
        let mut browser = Browser::of(&server, &device, actor);
        for act in [
            PasskeysAct::Challenge,
            PasskeysAct::Begin { code: None },
            PasskeysAct::List,
        ] {
            let answer = browser.ask(true, act);
            expect(&answer, DenialCode::UnknownActor);
        }
    }
}

#[test]
fn what_is_huge_or_makes_no_sense_breaks_nothing() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let (mut key, _) = ana.first();
    let huge = vec![0xff; 40_000];
    let large = vec![0x9f; 20_000];
    for part in 0..4 {
        for bytes in [&huge, &large, &Vec::new()] {
            let mut assertion = key.sign(&ana.challenge());
            let changed = match part {
                0 => &mut assertion.id,
                1 => &mut assertion.client_data,
                2 => &mut assertion.authenticator_data,
                _ => &mut assertion.signature,
            };
            changed.clone_from(bytes);
            let answer = ana.ask(false, PasskeysAct::Prove { assertion });
            let expected = match bytes.len() {
                40_000 => DenialCode::TooLarge,
                _ => DenialCode::WrongPasskey,
            };
            assert_eq!(denied(&answer), Some(expected), "{part} {}", bytes.len());
        }
    }
    let mut gwen = Browser::of(&server, &device, GWEN);
    for bytes in [
        large.clone(),
        vec![0x5b; 8_000],
        vec![0xa1; 9_000],
        Vec::new(),
    ] {
        for is_client_data in [true, false] {
            let challenge = gwen.begin(None);
            let mut made = Authenticator::new(SHOP).make(&challenge);
            match is_client_data {
                true => made.client_data.clone_from(&bytes),
                false => made.attestation.clone_from(&bytes),
            }
            let name = "n".repeat(5_000);
            let answer = gwen.ask(false, PasskeysAct::Register { name, made });
            expect(&answer, DenialCode::WrongPasskey);
        }
    }
    let code = Some("A".repeat(41));
    let answer = gwen.ask(true, PasskeysAct::Begin { code });
    expect(&answer, DenialCode::Unreadable);
    // A name as long as one likes is cut, and shows no control characters.
    let challenge = gwen.begin(None);
    let made = Authenticator::new(SHOP).make(&challenge);
    let name = "\u{7}\n".to_owned() + &"ä".repeat(5_000);
    let kept = gwen.done(false, PasskeysAct::Register { name, made });
    assert_eq!(kept.passkeys[0].name, "ä".repeat(60));
}
