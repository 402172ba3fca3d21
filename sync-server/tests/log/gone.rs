//! What is gone, and who was told.

use domain::id::{DeviceId, Position};
use domain::ledger::{EntityKey, EntityKind};
use sync_server::log::Log;

use crate::home::{CHAIN, Home, append, key};

fn card(number: u8) -> EntityKey {
    key(EntityKind::Customer, &[number])
}

/// Five cards at once, and then one goes after the other.
fn five_go(log: &dyn Log) -> Vec<Position> {
    log.begin().unwrap();
    let position = append(log, CHAIN, 0, "five come");
    for number in 0..5 {
        log.put_entity(&card(number), position, Some(b"card"))
            .unwrap();
    }
    log.commit().unwrap();
    let go = |number: u8| {
        log.begin().unwrap();
        let position = append(log, CHAIN, u64::from(number) + 1, "one goes");
        log.bury_entity(&card(number), position).unwrap();
        log.commit().unwrap();
        position
    };
    (0..4).map(go).collect()
}

pub(crate) fn what_is_gone_is_forgotten_in_order_and_the_floor_follows(home: &Home) {
    let log = home.open();
    assert_eq!(log.floor().unwrap(), Position(0));
    let went = five_go(&*log);
    let gone = log.gone(went[2], 2).unwrap();
    assert_eq!(gone, [(card(0), went[0]), (card(1), went[1])]);
    assert_eq!(log.gone(went[2], 9).unwrap().len(), 3);

    log.begin().unwrap();
    log.forget(&gone).unwrap();
    assert_eq!(log.floor().unwrap(), went[1]);
    log.rollback();
    assert_eq!(log.floor().unwrap(), Position(0));
    assert_eq!(log.gone(went[3], 9).unwrap().len(), 4);

    log.begin().unwrap();
    log.forget(&gone).unwrap();
    // What is there is never forgotten, whatever is asked.
    log.forget(&[(card(4), Position(1))]).unwrap();
    log.commit().unwrap();
    assert_eq!(log.floor().unwrap(), went[1]);
    assert_eq!(log.gone(went[3], 9).unwrap().len(), 2);
    let rows = log.rows_after(Position(1), 9).unwrap().rows;
    let told: Vec<&EntityKey> = rows.iter().map(|row| &row.key).collect();
    assert_eq!(told, [&card(2), &card(3)]);
    assert_eq!(
        log.rows_of(EntityKind::Customer, &|_| true).unwrap().len(),
        1
    );
}

pub(crate) fn how_far_a_device_has_read_is_kept_as_it_was_said_last(home: &Home) {
    let log = home.open();
    let (one, two) = (DeviceId([1; 16]), DeviceId([2; 16]));
    log.begin().unwrap();
    log.put_reader(one, Position(5)).unwrap();
    log.put_reader(two, Position(7)).unwrap();
    log.put_reader(one, Position(3)).unwrap();
    log.commit().unwrap();
    log.begin().unwrap();
    log.put_reader(two, Position(9)).unwrap();
    log.rollback();
    let readers = home.open_reader().readers().unwrap();
    let readers: Vec<_> = readers.into_iter().collect();
    assert_eq!(readers, [(one, Position(3)), (two, Position(7))]);
}
