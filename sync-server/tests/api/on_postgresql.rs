//! The routes and the commands about people, devices and secrets, played a second time with the log on a PostgreSQL server.

use std::process::Command;

use crate::server::THERE;

/// What is played again: files of these tests.
const AGAIN: [&str; 14] = [
    "authority::",
    "chain::",
    "claim::",
    "command_line::",
    "devices::",
    "enrol::",
    "passkeys::",
    "passkeys_told::",
    "permit::",
    "push::",
    "register::",
    "secrets::",
    "sign_in::",
    "way_back::",
];

#[test]
fn what_people_and_devices_ask_for_is_answered_on_a_server_as_it_is_on_a_file() {
    let program = std::env::current_exe().unwrap();
    let played = Command::new(program).args(AGAIN).env(THERE, "1").output();
    let played = played.unwrap();
    let said = String::from_utf8_lossy(&played.stdout);
    assert!(played.status.success(), "{said}");
    for file in AGAIN {
        assert!(
            said.contains(&format!("test {file}")),
            "nothing of {file} was played"
        );
    }
}
