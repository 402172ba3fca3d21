//! A shop with two products, four packages and two people, behind a real server on a free port.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use domain::custody::receive::{PackageListed, StockImported};
use domain::facility::{Actor, Location, LocationCode, Role};
use domain::id::{ActorId, PackageTag};
use domain::quantity::{Quantity, UnitOfMeasure};
use domain::stock::{Content, Item, LabStatus};
use domain::time::Day;
use serde_json::{Value, json};
use sync_server::config::DataDir;
use sync_server::http::{App, Limits, Rates, serve};
use sync_server::ingest::set_up::{NewStore, usual_slots};
use sync_server::ingest::stock::item_id;
use sync_server::ingest::tokens::Doer;
use sync_server::ingest::{ServerFact, Shop};
use sync_server::keys::random;
use sync_server::rules;
use sync_server::tls::Certificates;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::throwaway::Database;

/// Set where these tests are played with the log on a PostgreSQL server.
pub(crate) const THERE: &str = "CUSTODY_TESTS_ON_POSTGRESQL";

pub(crate) const ANA: ActorId = ActorId(1);
pub(crate) const ANA_PIN: &str = "274913";
pub(crate) const AVERY: ActorId = ActorId(2);

pub(crate) const JAR: &str = "Copper Kettle Static Melon 3.5g Jar";
pub(crate) const GUMMIES: &str = "Tin Heron Salted Plum Gummies 10pk 100mg";
pub(crate) const OLD_JARS: &str = "1A4FF0300000C57000000101";
pub(crate) const NEW_JARS: &str = "1A4FF0300000C57000000102";
pub(crate) const SOME_GUMMIES: &str = "1A4FF0300000C57000000201";
pub(crate) const HELD_GUMMIES: &str = "1A4FF0300000C57000000202";

/// A folder that goes away with its owner. Its shop's log is in it, or on a PostgreSQL server where these tests are played
/// there.
pub(crate) struct Folder {
    path: PathBuf,
    database: Option<Database>,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("custody-api-{}", random::id()));
        std::fs::create_dir_all(&path).unwrap();
        let database = std::env::var_os(THERE).is_some().then(Database::new);
        Self { path, database }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn data(&self) -> DataDir {
        let dir = DataDir::new(self.path.join("shop"));
        match &self.database {
            Some(database) => dir.on(database.address()),
            None => dir,
        }
    }

    /// Every row of every table of a log on a server, as text; bytes in hexadecimal digits.
    pub(crate) fn tables(&self) -> Option<String> {
        let mut client = self.database.as_ref()?.superuser();
        let named = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
        let tables = client.query(named, &[]).unwrap();
        let rows = tables.iter().map(|table| {
            let name: String = table.get(0);
            let all = format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{name}\" t");
            client.query_one(&all, &[]).unwrap().get(0)
        });
        Some(rows.collect::<Vec<String>>().join(" "))
    }

    /// The program, told where the shop's log is.
    pub(crate) fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_custody"));
        if let Some(database) = &self.database {
            program.env("CUSTODY_DATABASE", database.url());
        }
        program
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.path));
    }
}

pub(crate) fn tag(text: &str) -> PackageTag {
    PackageTag::parse(text).unwrap()
}

fn listed(name: &str, text: &str, units: u32, received: &str, hold: bool) -> PackageListed {
    PackageListed {
        tag: tag(text),
        item: item_id(name),
        quantity: Quantity::units(units),
        unit: UnitOfMeasure::Each,
        location: LocationCode::new("B-04-2"),
        lab: LabStatus::Passed,
        hold,
        packaged: Day::parse("2026-05-01"),
        received: Day::parse(received),
        expires: Day::parse("2036-05-01"),
        batch: None,
    }
}

pub(crate) fn stock() -> StockImported {
    let item = |name: &str, sku: &str| Item {
        id: item_id(name),
        name: name.to_owned(),
        category: "Flower (packaged - each)".to_owned(),
        brand: None,
        strain: None,
        sku: Some(sku.to_owned()),
        gtin: None,
        content: Some(Content {
            net_mg: Some(3_500),
            ..Content::default()
        }),
    };
    StockImported {
        file: "stock.csv".to_owned(),
        items: vec![item(JAR, "SKU-1"), item(GUMMIES, "SKU-2")],
        locations: vec![Location {
            code: LocationCode::new("B-04-2"),
            walk: 1,
        }],
        packages: vec![
            listed(JAR, OLD_JARS, 3, "2026-06-01", false),
            listed(JAR, NEW_JARS, 40, "2026-07-01", false),
            listed(GUMMIES, SOME_GUMMIES, 20, "2026-06-01", false),
            listed(GUMMIES, HELD_GUMMIES, 20, "2026-05-01", true),
        ],
    }
}

pub(crate) fn new_store() -> NewStore {
    NewStore {
        id: None,
        business: "Harborlight Collective".to_owned(),
        name: "Harbor Street".to_owned(),
        license: "C10-0000000-LIC".to_owned(),
        time_zone: "America/Los_Angeles".to_owned(),
        rules: rules::california(),
        locations: Vec::new(),
        slots: usual_slots(),
    }
}

async fn fill(shop: &Shop) -> String {
    let person = |id, name: &str, role| Actor {
        id,
        name: name.to_owned(),
        role,
        active: true,
        pin_changes: None,
        shift: None,
        unlocks: None,
    };
    let ana = person(ANA, "Ana R.", Role::GeneralManager);
    shop.put_person(ana, ANA_PIN.to_owned()).await.unwrap();
    let avery = person(AVERY, "Avery N.", Role::FrontOfHouse);
    let avery = domain::custody::set_up::ActorAdded::from(avery);
    let facts = vec![ServerFact::plain(avery), ServerFact::plain(stock())];
    shop.record(facts).await.unwrap();
    let by = Doer::default();
    shop.make_token("test".to_owned(), by).await.unwrap()
}

/// Makes the shop and closes it again. Returns the token for orders.
pub(crate) fn make_shop(dir: &DataDir) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let shop = Shop::create(dir, new_store()).unwrap();
    let token = runtime.block_on(fill(&shop));
    shop.close();
    token
}

/// A running server. Dropping it is pulling its plug; `stop` ends it properly.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) shop: Shop,
    pub(crate) token: String,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    agent: ureq::Agent,
}

/// Something that listens.
pub(crate) trait At {
    fn at(&self) -> SocketAddr;
}

impl At for SocketAddr {
    fn at(&self) -> SocketAddr {
        *self
    }
}

impl At for Server {
    fn at(&self) -> SocketAddr {
        self.address
    }
}

/// What a server answers.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn cbor<T: for<'b> minicbor::Decode<'b, ()>>(&self) -> T {
        minicbor::decode(&self.body)
            .unwrap_or_else(|error| panic!("status {}: {error}", self.status))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("status {}: {error}", self.status))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }
}

impl Server {
    /// A new shop in a folder, served; devices need no code.
    pub(crate) fn start(folder: &Folder) -> Self {
        let token = make_shop(&folder.data());
        Self::open(folder, token, true)
    }

    /// The shop in a folder, served.
    pub(crate) fn open(folder: &Folder, token: String, open_enrolment: bool) -> Self {
        Self::open_in(&folder.data(), token, open_enrolment)
    }

    /// The shop of a data directory, served.
    pub(crate) fn open_in(dir: &DataDir, token: String, open_enrolment: bool) -> Self {
        Self::opened(dir, token, open_enrolment, |app| app)
    }

    /// The shop of a data directory, served within other limits than usual; devices need no code.
    pub(crate) fn open_within(dir: &DataDir, token: String, limits: Limits) -> Self {
        Self::opened(dir, token, true, |app| app.within(limits))
    }

    /// The shop of a data directory, served at other rates than usual; devices need no code.
    pub(crate) fn open_at(dir: &DataDir, token: String, rates: Rates) -> Self {
        Self::opened(dir, token, true, |app| app.at(rates))
    }

    /// The shop of a data directory, served within limits and at rates; devices need no code.
    pub(crate) fn open_strict(dir: &DataDir, token: String, limits: Limits, rates: Rates) -> Self {
        Self::opened(dir, token, true, |app| app.within(limits).at(rates))
    }

    /// The shop of a data directory, served over TLS within limits.
    pub(crate) fn open_over(
        dir: &DataDir,
        token: String,
        certificates: Arc<Certificates>,
        limits: Limits,
    ) -> Self {
        Self::opened(dir, token, true, |app| {
            app.within(limits).over(certificates)
        })
    }

    fn opened(
        dir: &DataDir,
        token: String,
        open_enrolment: bool,
        shaped: impl FnOnce(App) -> App,
    ) -> Self {
        let shop = Shop::open(dir).unwrap();
        let (stop, stopping) = watch::channel(false);
        let app = shaped(App::new(shop.clone(), open_enrolment, stopping));
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                serve(listener, app).await;
            });
        });
        Self {
            address: receiver.recv().unwrap(),
            shop,
            token,
            stop,
            thread: Some(thread),
            agent: agent(),
        }
    }

    /// Ends the server properly.
    pub(crate) fn stop(mut self) -> String {
        self.stop.send_replace(true);
        self.thread.take().unwrap().join().unwrap();
        self.shop.close();
        self.token.clone()
    }

    pub(crate) fn store(&self) -> String {
        self.shop.identity().store.to_string()
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        get(&self.agent, self.address, path, headers)
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        post(&self.agent, self.address, path, headers, body)
    }

    /// Sends an order as its source does.
    pub(crate) fn send_order(&self, order: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str())];
        self.post("/api/v1/orders", &headers, order.to_string().as_bytes())
    }

    pub(crate) fn standing(&self, id: &str) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let path = format!("/api/v1/orders/web/{id}");
        self.get(&path, &[("authorization", &bearer)])
    }
}

pub(crate) fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        // A line that is kept may be closed by an impatient server just when it is used again.
        .max_idle_connections(0)
        .http_status_as_error(false)
        .build();
    config.new_agent()
}

pub(crate) fn get(
    agent: &ureq::Agent,
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let mut request = agent.get(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(request.call().unwrap())
}

pub(crate) fn post(
    agent: &ureq::Agent,
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut request = agent.post(format!("http://{address}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    answer(request.send(body).unwrap())
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    Answer {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: response.body_mut().read_to_vec().unwrap(),
    }
}

/// An order for so many jars.
pub(crate) fn order(id: &str, jars: u32) -> Value {
    json!({
        "id": id,
        "source": "web",
        "channel": "pickup",
        "placed_at": "2026-11-24T15:30:34-08:00",
        "promise": {"start": "2026-11-24T16:15:00-08:00", "end": "2026-11-24T16:45:00-08:00"},
        "customer": {"name": "Zoë Lanternwright", "dob": "1980-02-29", "phone": "+15555550100",
                     "address": null},
        "lines": [{"sku": "SKU-1", "product": JAR, "quantity": jars, "unit_price_cents": 3652}],
        "notes": "Ring twice",
    })
}
