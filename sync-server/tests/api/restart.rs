//! Stopped, killed, started again.

use domain::event::encode;
use domain::sync::message::Cursor;

use crate::device::{Device, web_order};
use crate::program::Program;
use crate::server::{Folder, OLD_JARS, Server, order};

#[test]
fn after_a_restart_everything_is_as_it_was() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    device.pick(web_order("A-1"), OLD_JARS);
    let before = device.push_all(&server);
    device.pull(&server);
    let page = device.pull_page(&server, Cursor::default());
    let token = server.stop();

    let server = Server::open(&folder, token, false);
    let after = device.pull_page(&server, Cursor::default());
    assert_eq!((page.rows, page.next), (after.rows, after.next));
    assert_eq!(device.push_all(&server).chains, before.chains);
    // And everything goes on.
    device.pick(web_order("A-1"), OLD_JARS);
    device.push_all(&server);
    assert_eq!(server.standing("A-1").json()["status"], "picked");
    assert_eq!(
        server.send_order(&order("A-1", 2)).json()["results"][0]["action"],
        "same"
    );
    assert_eq!(
        server.send_order(&order("A-2", 1)).json()["results"][0]["code"],
        "K7-402"
    );
}

#[test]
fn what_was_acknowledged_before_the_power_went_is_there_when_it_comes_back() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let mut device = Device::enrolled(&server);
    device.take(&server, web_order("A-1"));
    let token = server.stop();

    let program = Program::start(&folder, &[]);
    device.pick(web_order("A-1"), OLD_JARS);
    let path = format!("/v1/stores/{}/push", device.store);
    let body = encode(&device.push_from(0));
    let answer = device.post(program.address, &path, &body);
    let acknowledged = device.believe(&answer);
    drop(program);

    let server = Server::open(&folder, token, false);
    assert_eq!(device.push_all(&server).chains, acknowledged.chains);
    assert_eq!(*server.shop.head().borrow(), acknowledged.head);
    assert_eq!(server.standing("A-1").json()["units_picked"], 1);
}
