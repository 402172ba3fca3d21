//! `custody serve --demo`: an invented shop that can be tried at once.

use domain::event::encode;
use domain::id::ActorId;
use domain::sync::enrol::{Hello, SignInAsk};

use crate::device::{Device, Key};
use crate::program::Program;
use crate::server::{Folder, agent, get};

#[test]
fn whoever_tries_the_demo_is_told_who_to_be_and_is_told_the_same_after_a_restart() {
    let folder = Folder::new();
    let mut program = Program::start(&folder, &["--demo", "--seed", "7"]);
    let said = program.said_until("Made from seed 7");
    let hello: Hello = get(&agent(), program.address, "/v1/hello", &[]).cbor();
    assert!(hello.open_enrolment);
    let device = Device::enrolled_with(program.address, Key::ed25519(), "");
    let person = said.iter().find(|line| line.contains(" PIN ")).unwrap();
    let ask = encode(&SignInAsk {
        actor: ActorId(1),
        pin: person.rsplit(' ').next().unwrap().to_owned(),
        new_pin: None,
    });
    let path = format!("/v1/stores/{}/sign-in", device.store);
    assert_eq!(device.post(program.address, &path, &ask).status, 200);
    drop(program);
    let mut program = Program::start(&folder, &["--demo"]);
    assert_eq!(program.said_until("Made from seed 7"), said);
    assert_eq!(device.post(program.address, &path, &ask).status, 200);
}
