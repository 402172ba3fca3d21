//! A PostgreSQL server of this test program's own, thrown away with it, however the program ends.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use postgres::{Client, NoTls};
use sync_server::keys::random;
use sync_server::log::postgres::Address;

/// Where Debian keeps what is not in the search path.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The server refuses to run as root; this user owns nothing.
const NOBODY: &str = "nobody";

/// Starts the server and waits; when the other end of its input is closed, because the test program ended or was
/// killed, it stops the server and takes everything away.
const KEEPER: &str = r#"
trap '' INT TERM HUP
set -e
"$BIN/initdb" -D "$DIR/data" -U postgres -A trust -N -E UTF8 --locale=C >"$DIR/initdb.log" 2>&1
"$BIN/pg_ctl" -D "$DIR/data" -w -l "$DIR/server.log" start >/dev/null \
    -o "-k '$DIR' -c listen_addresses= -c fsync=off -c max_connections=300"
echo ready
cat >/dev/null
"$BIN/pg_ctl" -D "$DIR/data" -m immediate -w stop >/dev/null
rm -rf "$DIR"
"#;

/// The server, kept as long as the program lives: its keeper's input stays open until then.
struct Server {
    folder: PathBuf,
    _keeper: Child,
}

/// The folder of this program's one server, which is started when it is first needed.
fn folder() -> &'static Path {
    static SERVER: OnceLock<Server> = OnceLock::new();
    &SERVER.get_or_init(start).folder
}

fn start() -> Server {
    let folder = std::env::temp_dir().join(format!("custody-pg-{}", random::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = if is_root() {
        let given = Command::new("chown").arg(NOBODY).arg(&folder).status();
        assert!(given.unwrap().success());
        let mut command = Command::new("runuser");
        command.args(["-u", NOBODY, "--", "sh", "-c", KEEPER]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER]);
        command
    };
    let mut keeper = command
        .current_dir(&folder)
        .env("BIN", programs())
        .env("DIR", &folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut voice = BufReader::new(keeper.stdout.take().unwrap());
    voice.read_line(&mut said).unwrap();
    let log = |name| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    assert_eq!(
        said,
        "ready\n",
        "{}{}",
        log("initdb.log"),
        log("server.log")
    );
    let mut client = superuser_of(&folder, "postgres");
    client.batch_execute("CREATE ROLE custody LOGIN").unwrap();
    Server {
        folder,
        _keeper: keeper,
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// Where `initdb` and `pg_ctl` are. Without them these tests fail; `cargo xtask test` installs them.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir(DEBIAN) {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let has_both =
        |folder: &PathBuf| folder.join("initdb").exists() && folder.join("pg_ctl").exists();
    let found = folders.into_iter().find(has_both);
    found.expect(
        "PostgreSQL is missing; `cargo xtask test` installs it, or: apt-get install postgresql",
    )
}

fn superuser_of(folder: &Path, database: &str) -> Client {
    let address = format!("host={} user=postgres dbname={database}", folder.display());
    Client::connect(&address, NoTls).unwrap()
}

/// An empty database.
#[derive(Clone)]
pub(crate) struct Database {
    name: String,
}

impl Database {
    pub(crate) fn new() -> Self {
        let name = format!("custody_{}", random::id());
        let mut client = superuser_of(folder(), "postgres");
        let made = format!("CREATE DATABASE {name} OWNER custody");
        client.batch_execute(&made).unwrap();
        Self { name }
    }

    /// Its address, as a server is told it.
    pub(crate) fn url(&self) -> String {
        self.url_by(self.socket_folder())
    }

    /// The same by way of a socket in another folder.
    pub(crate) fn url_by(&self, folder: &Path) -> String {
        let folder = folder.display();
        format!("postgres:///{}?host={folder}&user=custody", self.name)
    }

    /// Where the server's socket is.
    pub(crate) fn socket_folder(&self) -> &'static Path {
        folder()
    }

    pub(crate) fn address(&self) -> Address {
        Address::parse(&self.url()).unwrap()
    }

    /// A connection that may do everything.
    pub(crate) fn superuser(&self) -> Client {
        superuser_of(folder(), &self.name)
    }

    /// Cuts all connections of servers to it. Returns how many there were.
    pub(crate) fn cut(&self) -> u64 {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = $1 AND usename = 'custody'";
        let mut client = superuser_of(folder(), "postgres");
        client.execute(cut, &[&self.name]).unwrap()
    }

    /// Lets nobody in any more, or everybody again. Who is in stays in.
    pub(crate) fn open_doors(&self, are_open: bool) {
        let mut client = superuser_of(folder(), "postgres");
        let opened = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {are_open}", self.name);
        client.batch_execute(&opened).unwrap();
    }
}
