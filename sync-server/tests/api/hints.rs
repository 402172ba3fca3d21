//! `GET /v1/stores/{store}/hints`.

use std::io::{BufRead as _, BufReader};

use crate::device::Device;
use crate::server::{Folder, Server, agent, order};

/// Listens, and hands out each position as it is heard.
pub(crate) fn listen(server: &Server, device: &Device) -> impl FnMut() -> u64 + use<> {
    let path = format!("/v1/stores/{}/hints", device.store);
    let mut request = agent().get(format!("http://{}{path}", server.address));
    for (name, value) in device.proof("GET", &path, &[]) {
        request = request.header(name, value);
    }
    let response = request
        .header("accept-encoding", "br, gzip")
        .call()
        .unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(response.headers().get("content-encoding").is_none());
    let mut lines = BufReader::new(response.into_body().into_reader()).lines();
    move || loop {
        let line = lines.next().unwrap().unwrap();
        if let Some(position) = line.strip_prefix("data:") {
            return position.trim().parse().unwrap();
        }
    }
}

#[test]
fn a_device_hears_that_there_is_something_new() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let device = Device::enrolled(&server);
    let mut next_hint = listen(&server, &device);
    let now = next_hint();
    assert_eq!(now, server.shop.head().borrow().0);
    server.send_order(&order("A-1", 1));
    assert!(next_hint() > now);
    // A server that stops does not wait for its listeners.
    server.stop();
}
