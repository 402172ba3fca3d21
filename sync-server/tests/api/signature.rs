//! What a customer signed with: sealed on the counter's tablet, opened only with the key of the order's customer, gone with it.

use domain::code::own::OwnKind;
use domain::custody::hand_off;
use domain::custody::sign_for::{Drawing, SALT_BYTES, SignedFor};
use domain::event::Sealed;
use domain::identity::Shown;
use domain::time::Day;
use sync_server::keys::sealing;

use crate::device::{Device, web_order};
use crate::server::{Folder, Server, order};
use crate::whole_order::{act, label_id, own, pack_and_stage};

#[test]
fn a_signature_is_read_by_the_orders_own_key_and_by_nobody_once_the_customer_is_forgotten() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    server.send_order(&order("A-1", 2));
    let order = web_order("A-1");
    let mut device = Device::enrolled(&server);
    device.take(&server, order);
    pack_and_stage(&mut device, order);
    device.push_all(&server);
    let mut counter = Device::enrolled(&server);
    counter.pull(&server);
    let key: [u8; 32] = counter.customers[&order]
        .seal
        .clone()
        .unwrap()
        .try_into()
        .unwrap();
    let lines = vec![(0..20).map(|at| (at * 30, 100 + at)).collect()];
    let drawing = Drawing::take([3; SALT_BYTES], &lines).unwrap();
    let signed = SignedFor {
        drawn: Some(Sealed {
            commitment: drawing.commitment(),
            ciphertext: sealing::seal(&key, &drawing.plain()),
        }),
    };
    let scan = own(OwnKind::Label, &label_id(&counter, order));
    let shown = Shown::by_eye(Day(0), Day(40_000), true);
    let verdict = hand_off::decide(
        &counter.ledger,
        &counter.situation(),
        &scan,
        Some(&shown),
        false,
        Some(signed),
    );
    act(&mut counter, verdict);
    counter.push_all(&server);
    let id = order.to_string();
    let told = |words: &[&str]| {
        let mut program = folder.program();
        let program = program.args(words).arg(&id).arg("--data");
        program.arg(folder.data().path()).output().unwrap()
    };
    let read = told(&["order", "signature"]);
    let picture = String::from_utf8(read.stdout).unwrap();
    assert!(
        picture.starts_with("<svg ") && picture.contains(&drawing.path()),
        "{picture}"
    );
    assert!(told(&["order", "erase-customer"]).status.success());
    let gone = told(&["order", "signature"]);
    assert!(!gone.status.success());
    assert!(!String::from_utf8_lossy(&gone.stdout).contains("<svg"));
}
