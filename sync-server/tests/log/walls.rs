//! Several shops in one database: none sees or writes another's rows, even with a query that forgot to say whose.

use domain::audit::merkle::Node;
use domain::event::{encode, event_hash};
use domain::id::{ActorId, DeviceId, Hash, OrderId, Position, StoreId};
use domain::ledger::EntityKind;
use domain::sync::message::QuarantineReason;
use postgres::{Client, NoTls};
use sync_server::log::postgres::Address;
use sync_server::log::{Aside, CustomerKey, Failed, Log, Person, Postgres, ProofKind};

use crate::home::{CHAIN, Home, STORE, append, event, key};
use crate::proofs::{passkey, proof};
use crate::throwaway::Database;

const OTHER: StoreId = StoreId(*b"another of these");

/// A row in every table.
fn fill(log: &dyn Log) {
    let stray = event("stray");
    log.begin().unwrap();
    let position = append(log, CHAIN, 0, "event");
    log.note_subjects(position, &[OrderId([9; 16])], &[])
        .unwrap();
    let actor = key(EntityKind::Actor, &encode(&ActorId(3)));
    log.put_entity(&actor, position, Some(b"x")).unwrap();
    log.keep_aside(&Aside {
        chain: CHAIN,
        seq: 5,
        event: &stray,
        hash: event_hash(&stray.bytes),
        reason: QuarantineReason::Fork,
        recorded_at: 3,
    })
    .unwrap();
    let node = Node {
        level: 0,
        index: 0,
        hash: Hash([7; 32]),
    };
    log.put_node(&node).unwrap();
    log.put_tree_head(1, "a signed head").unwrap();
    log.put_reader(DeviceId([3; 16]), position).unwrap();
    log.set_meta("name", b"value").unwrap();
    let secret = CustomerKey {
        key: vec![1],
        salt: vec![2],
        input: None,
    };
    log.put_customer_key(OrderId([9; 16]), &secret).unwrap();
    let person = Person {
        salt: vec![1],
        sealed: vec![2],
        failures: 0,
    };
    log.put_person(ActorId(1), &person).unwrap();
    log.put_boot_token(DeviceId([3; 16]), Hash([4; 32]))
        .unwrap();
    log.put_enrol_code(Hash([5; 32]), 9).unwrap();
    log.put_api_token(Hash([6; 32]), "till", 7).unwrap();
    log.put_passkey(&passkey(b"one", ActorId(1), 1)).unwrap();
    log.put_proof(&proof(ProofKind::Session, 1, ActorId(1)))
        .unwrap();
    log.commit().unwrap();
    assert!(log.is_new_request(DeviceId([3; 16]), [8; 16], 9).unwrap());
}

/// Every table there is, save for the one that is about no store.
fn tables(client: &mut Client) -> Vec<String> {
    let rows = client.query(
        "SELECT relname::TEXT FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
         WHERE relkind = 'r' AND nspname = 'public' AND relname <> 'custody_shape' ORDER BY 1",
        &[],
    );
    rows.unwrap().iter().map(|row| row.get(0)).collect()
}

/// A connection as a node has it, but with queries that forgot whose rows they are about.
fn careless(server: &Database, store: &str) -> Client {
    let mut client = Client::connect(&server.url(), NoTls).unwrap();
    let told = "SELECT set_config('custody.store', $1, false)";
    client.execute(told, &[&store]).unwrap();
    client
}

#[test]
fn a_wrong_query_neither_sees_nor_changes_a_row_of_another_shop() {
    let server = Database::new();
    fill(&*Home::on(&server, STORE).open());
    fill(&*Home::on(&server, OTHER).open());
    let mut superuser = server.superuser();
    let mut client = careless(&server, &STORE.to_string());
    let tables = tables(&mut superuser);
    assert_eq!(tables.len(), 19, "{tables:?}");
    for table in &tables {
        let stores = format!("SELECT store FROM {table} GROUP BY store");
        let all = superuser.query(&stores, &[]).unwrap();
        assert_eq!(all.len(), 2, "{table} has a row of each shop");
        let seen = client.query(&stores, &[]).unwrap();
        let seen: Vec<Vec<u8>> = seen.iter().map(|row| row.get(0)).collect();
        assert_eq!(seen, [STORE.0.to_vec()], "{table}");
        let theirs = format!("SELECT 1 FROM {table} WHERE store = $1");
        let found = client.query(&theirs, &[&&OTHER.0[..]]).unwrap();
        assert!(found.is_empty(), "{table}");
        // A row can be given to nobody else, neither a new one nor one that is there.
        let given = format!("UPDATE {table} SET store = $1");
        let refused = client.execute(&given, &[&&OTHER.0[..]]).unwrap_err();
        assert_eq!(refused.code().unwrap().code(), "42501", "{table}");
        let columns = format!("SELECT * FROM {table}");
        let columns = superuser.prepare(&columns).unwrap();
        let rest: Vec<&str> = columns.columns()[1..]
            .iter()
            .map(|column| column.name())
            .collect();
        let rest = rest.join(", ");
        let planted = format!("INSERT INTO {table} (store, {rest}) SELECT $1, {rest} FROM {table}");
        let refused = client.execute(&planted, &[&&[0_u8; 16][..]]).unwrap_err();
        assert_eq!(refused.code().unwrap().code(), "42501", "{table}");
        let removed = format!("DELETE FROM {table}");
        assert_eq!(client.execute(&removed, &[]).unwrap(), 1, "{table}");
        let left = superuser.query(&stores, &[]).unwrap();
        let left: Vec<Vec<u8>> = left.iter().map(|row| row.get(0)).collect();
        assert_eq!(left, [OTHER.0.to_vec()], "{table}");
    }
}

#[test]
fn a_connection_that_has_not_said_which_shop_it_is_for_sees_nothing() {
    let server = Database::new();
    fill(&*Home::on(&server, STORE).open());
    for store in [None, Some("")] {
        let mut client = match store {
            None => Client::connect(&server.url(), NoTls).unwrap(),
            Some(store) => careless(&server, store),
        };
        let seen = client.query("SELECT 1 FROM event", &[]).unwrap();
        assert!(seen.is_empty());
    }
}

#[test]
fn every_table_begins_with_the_shop_and_has_its_wall_also_against_its_owner() {
    let server = Database::new();
    drop(Home::on(&server, STORE).open());
    let mut client = server.superuser();
    for table in tables(&mut client) {
        let walls = client.query_one(
            "SELECT relrowsecurity AND relforcerowsecurity,
                    (SELECT count(*) FROM pg_index
                     JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                     WHERE indrelid = pg_class.oid AND attname <> 'store')
             FROM pg_class WHERE relname = $1 AND relkind = 'r'",
            &[&table],
        );
        let walls = walls.unwrap();
        assert!(walls.get::<_, bool>(0), "{table} has no wall");
        assert_eq!(
            walls.get::<_, i64>(1),
            0,
            "an index of {table} is not by shop"
        );
    }
}

#[test]
fn a_role_that_sees_past_the_walls_is_refused() {
    let server = Database::new();
    let address = server.url().replace("user=custody", "user=postgres");
    let failed = Postgres::open(&Address::parse(&address).unwrap(), STORE).unwrap_err();
    assert!(matches!(failed, Failed::Unwalled), "{failed}");
}

#[test]
fn two_shops_in_one_database_count_their_places_each_for_itself() {
    let server = Database::new();
    let (one, other) = (
        Home::on(&server, STORE).open(),
        Home::on(&server, OTHER).open(),
    );
    fill(&*one);
    // A turn of one shop holds no other up.
    one.begin().unwrap();
    fill(&*other);
    one.rollback();
    assert_eq!(
        (one.head().unwrap(), other.head().unwrap()),
        (Position(1), Position(1))
    );
    assert_eq!(one.meta("name").unwrap(), other.meta("name").unwrap());
}
