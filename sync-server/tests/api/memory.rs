//! A server that crashes leaves no picture of its memory behind: its key and customers' names would be in it.

#![cfg(target_os = "linux")]

use std::fs;
use std::process::Command;

use crate::program::Program;
use crate::server::{Folder, agent, make_shop, order, post};

/// The program in a folder of its own, allowed by whoever starts it to leave core dumps of any size.
fn start(folder: &Folder, aside: &Folder) -> Program {
    let mut command = Command::new("sh");
    command
        .current_dir(aside.path())
        .args(["-c", "ulimit -c unlimited; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_custody"));
    Program::start_by(command, folder, &[])
}

#[test]
fn a_server_that_crashes_leaves_no_core_dump() {
    let (folder, aside) = (Folder::new(), Folder::new());
    let token = make_shop(&folder.data());
    let mut program = start(&folder, &aside);
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let body = order("dumped", 1).to_string();
    let taken = post(
        &agent(),
        program.address,
        "/api/v1/orders",
        &headers,
        body.as_bytes(),
    );
    assert_eq!(
        taken.status,
        201,
        "{}",
        String::from_utf8_lossy(&taken.body)
    );

    let id = program.child.id();
    let limits = fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let figures = core.unwrap_or_default().split_whitespace().skip(4).take(2);
    assert_eq!(figures.collect::<Vec<_>>(), ["0", "0"], "{core:?}");

    let abort = Command::new("kill")
        .arg("-ABRT")
        .arg(id.to_string())
        .status();
    assert!(abort.unwrap().success());
    assert!(!program.child.wait().unwrap().success());
    let left: Vec<_> = fs::read_dir(aside.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
