//! The way back of a manager who has lost every passkey.

use domain::id::ActorId;
use domain::sync::enrol::DenialCode;
use domain::sync::proof::{PasskeysAct, PasskeysAnswer};
use sync_server::ingest::tokens::Doer;
use sync_server::log::{Proof, ProofKind};

use crate::authenticator::Authenticator;
use crate::browser::{Browser, DANA, GWEN, MARCUS, SHOP, expect, shop};
use crate::device::Device;
use crate::server::{ANA, Folder};

fn approve(person: ActorId) -> PasskeysAct {
    PasskeysAct::Approve { person }
}

fn begin(code: Option<&str>) -> PasskeysAct {
    let code = code.map(str::to_owned);
    PasskeysAct::Begin { code }
}

#[test]
fn two_other_managers_let_a_third_back_in_and_what_was_lost_proves_nothing_any_more() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let other = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &other, ANA);
    let (mut lost, first) = ana.first();
    ana.cookie = None;
    let mut gwen = Browser::of(&server, &device, GWEN);
    let mut dana = Browser::of(&server, &device, DANA);
    // Whoever has no passkey vouches for nobody.
    expect(&gwen.ask(true, approve(ANA)), DenialCode::PasskeyNeeded);
    gwen.first();
    dana.first();
    expect(&gwen.ask(true, approve(GWEN)), DenialCode::NotApproved);
    expect(&gwen.ask(true, approve(MARCUS)), DenialCode::NotFound);
    expect(&gwen.ask(false, approve(ANA)), DenialCode::Unreadable);
    expect(&ana.ask(true, begin(None)), DenialCode::PasskeyNeeded);
    assert_eq!(gwen.done(true, approve(ANA)).approvals, Some(1));
    // The same one twice is one.
    assert_eq!(gwen.done(true, approve(ANA)).approvals, Some(1));
    expect(&ana.ask(true, begin(None)), DenialCode::NotApproved);
    assert_eq!(dana.done(true, approve(ANA)).approvals, Some(2));
    let challenge = ana.begin(None);
    let mut key = Authenticator::new(SHOP);
    let back: PasskeysAnswer = ana.register(&key, &challenge).cbor();
    assert_eq!(back.passkeys.len(), 1);
    assert_eq!(back.passkeys[0].id, key.id);
    assert!(back.code.is_some() && back.code != first.code);
    assert_eq!(ana.prove(&mut key).status, 200);
    expect(&ana.prove(&mut lost), DenialCode::WrongPasskey);
    // It counts once.
    ana.cookie = None;
    expect(&ana.ask(true, begin(None)), DenialCode::PasskeyNeeded);
    let old = first.code.unwrap();
    expect(&ana.ask(true, begin(Some(&old))), DenialCode::WrongCode);
}

#[test]
fn one_manager_and_the_printed_code_do_and_the_code_does_once() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let (mut lost, first) = ana.first();
    let code = first.code.unwrap();
    // A new one takes its place.
    let newer = ana.done(true, PasskeysAct::Code).code.unwrap();
    ana.cookie = None;
    expect(&ana.ask(true, begin(Some(&code))), DenialCode::WrongCode);
    // The code alone is not enough, nor is somebody else's.
    expect(&ana.ask(true, begin(Some(&newer))), DenialCode::NotApproved);
    let mut gwen = Browser::of(&server, &device, GWEN);
    let gwens = gwen.first().1.code.unwrap();
    gwen.done(true, approve(ANA));
    expect(&ana.ask(true, begin(Some(&gwens))), DenialCode::WrongCode);
    // As people type.
    let typed = newer.to_lowercase().replace('-', " ");
    let challenge = ana.begin(Some(typed.clone()));
    let key = Authenticator::new(SHOP);
    // Another device begins the same before this one is done.
    let vault = Device::enrolled(&server);
    let mut there = Browser::of(&server, &vault, ANA);
    let second = there.begin(Some(typed));
    let back: PasskeysAnswer = ana.register(&key, &challenge).cbor();
    assert_eq!(back.passkeys.len(), 1);
    let answer = there.register(&Authenticator::new(SHOP), &second);
    expect(&answer, DenialCode::WrongPasskey);
    expect(&ana.prove(&mut lost), DenialCode::WrongPasskey);
    ana.cookie = None;
    gwen.done(true, approve(ANA));
    expect(&ana.ask(true, begin(Some(&newer))), DenialCode::WrongCode);
}

#[test]
fn an_approval_counts_for_an_hour_and_while_whoever_gave_it_is_a_manager() {
    let folder = Folder::new();
    let server = shop(&folder);
    let device = Device::enrolled(&server);
    let mut ana = Browser::of(&server, &device, ANA);
    let code = ana.first().1.code.unwrap();
    ana.cookie = None;
    let mut gwen = Browser::of(&server, &device, GWEN);
    gwen.first();
    gwen.done(true, approve(ANA));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = &server.shop;
    runtime
        .block_on(shop.set_active(GWEN, false, Doer::default()))
        .unwrap();
    expect(&ana.ask(true, begin(Some(&code))), DenialCode::NotApproved);
    runtime
        .block_on(shop.set_active(GWEN, true, Doer::default()))
        .unwrap();
    ana.begin(Some(code.clone()));
    let late = shop.change(1, |work| {
        for approval in work.log().proofs_of(ProofKind::Approval, ANA)? {
            let expires = work.now() - 1;
            work.log().put_proof(&Proof {
                expires,
                ..approval
            })?;
        }
        Ok(())
    });
    runtime.block_on(late).unwrap();
    expect(&ana.ask(true, begin(Some(&code))), DenialCode::NotApproved);
    // The one who runs the server can make a code, too.
    let made = runtime
        .block_on(shop.recovery_code(ANA, Doer::default()))
        .unwrap()
        .unwrap();
    expect(&ana.ask(true, begin(Some(&code))), DenialCode::WrongCode);
    expect(&ana.ask(true, begin(Some(&made))), DenialCode::NotApproved);
    assert_eq!(
        runtime
            .block_on(shop.recovery_code(MARCUS, Doer::default()))
            .unwrap(),
        None
    );
}
