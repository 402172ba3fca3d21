//! What `custody` can be told to do.
//!
//! In: arguments. Out: printed lines. Must not: open a shop that a running server has open, save to copy it; any
//! other command is sent to that server instead.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program answers the person who called it"
)]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use domain::sync::server::snapshot::Limits;
use sync_server::admin::channel::send;
use sync_server::admin::lock::DirLock;
use sync_server::admin::{self, Command, File, Report};
use sync_server::config::DataDir;
use sync_server::ingest::{Shop, is_set_up};
use sync_server::keys::memory;
use sync_server::log::postgres::Address;
use sync_server::sink::line::Line;

/// The server itself.
mod serve;
/// A new shop.
mod create;
/// The shop in one file, and back.
mod backup;
/// An auditor's bundle.
mod verify;
/// A basket under a state's limits.
mod limits;
/// Rule packs.
mod rules;
/// People.
mod user;
/// What other systems gave the shop.
mod secret;
/// Whose command it is.
mod operator;
/// What nobody else on this machine is to read.
pub(crate) mod typed;
/// The shop's own authority.
mod tls;
/// Label printers.
mod printer;
/// Is everything as it should be?
mod doctor;

/// Order fulfilment for a dispensary, with or without a network.
#[derive(Debug, Parser)]
#[command(name = "custody", version, about)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    #[command(flatten)]
    Do(Deed),
    Doctor(doctor::Doctor),
}

/// What ends well or badly, and nothing between.
#[derive(Debug, Subcommand)]
enum Deed {
    /// Run the server
    Serve(Serve),
    /// The shop: make it, look at it, take stock in
    #[command(subcommand)]
    Store(Store),
    /// Orders
    #[command(subcommand)]
    Order(Order),
    /// People
    #[command(subcommand)]
    User(user::User),
    /// Tablets, phones and browsers
    #[command(subcommand)]
    Device(Device),
    /// Label printers that take ZPL over the network
    #[command(subcommand)]
    Printer(printer::Printer),
    /// Tokens for other programs
    #[command(subcommand)]
    Token(Token),
    /// What other systems gave the shop to prove itself to them: keys, passwords
    #[command(subcommand)]
    Secret(secret::Secret),
    /// What tablets need to reach the server safely
    #[command(subcommand)]
    Tls(tls::Tls),
    /// Take in acts that a tablet could not send, from the file it saved
    Lifeboat {
        #[command(flatten)]
        data: Data,
        /// The file
        file: PathBuf,
    },
    /// Copy the shop into one file, also while the server runs; the key is never in it
    Backup(backup::BackUp),
    /// Put a backup in the place of a shop whose server is stopped
    Restore(backup::Restore),
    /// Write the whole log into a bundle for an auditor, also while the server runs
    Audit(verify::Export),
    /// Check an auditor's bundle; ends with 1 when it is not in order, with 2 when it cannot be read
    Verify(verify::Bundle),
    /// Judge a basket by a state's purchase limits; prints the verdict as JSON
    Limits(limits::Limits),
    /// Rule packs: are they in order, what is different, what would orders have broken
    #[command(subcommand)]
    Rules(rules::Rules),
}

/// Where the shop is.
#[derive(Clone, Debug, Args)]
struct Data {
    /// The shop's directory
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// The log is on a PostgreSQL server: postgres://user@host/database
    ///
    /// Other users of this machine can read a command line: an address with a password in it is taken from the
    /// variable alone. Over a network the connection is encrypted and the server's certificate checked; SSL_CERT_FILE
    /// names certificates to trust instead of the system's. The role must be no superuser. Each node's directory has a
    /// copy of server.key and store.id.
    #[arg(
        long,
        value_name = "URL",
        env = "CUSTODY_DATABASE",
        hide_env_values = true,
        value_parser = Address::parse
    )]
    database: Option<Address>,
}

impl Data {
    fn dir(&self) -> DataDir {
        let dir = DataDir::new(&self.data);
        match &self.database {
            None => dir,
            Some(server) => dir.on(server.clone()),
        }
    }
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    data: Data,
    /// Address and port to listen on
    #[arg(long, default_value = "127.0.0.1:8765")]
    listen: SocketAddr,
    #[command(flatten)]
    secure: serve::Secure,
    /// Make an invented shop when there is none, and let browsers on this machine in without a code
    #[arg(long)]
    demo: bool,
    /// Which invented shop
    #[arg(long, default_value_t = 1, requires = "demo")]
    seed: u64,
    /// Devices that begin anew fetch a view of more rows than this as a snapshot
    #[arg(long, default_value_t = Limits::default().rows)]
    snapshot_rows: usize,
}

#[derive(Debug, Subcommand)]
enum Store {
    /// Make a shop
    Create(create::NewShop),
    /// Take packages in from a file the state system exported
    ImportPackages(FileArguments),
    /// Take laboratory figures in
    ImportLabs(FileArguments),
    /// Take in what a unit of each product holds, its SKU, GTIN, brand and category, from a table or METRC's list of items
    ///
    /// Headings: Item, SKU, Brand, Category, GTIN, Net Weight (3.5 g, 0.125 oz), Volume (355 ml, 12 fl oz), THC mg, Concentrate
    /// mg, Units, Serving THC mg; Item and one more but Category are enough. METRC's Unit Weight, Unit Volume and Unit THC Content with
    /// their units of measure are known too. An empty cell changes nothing. Orders that wait are judged by what is known then.
    ImportProducts(FileArguments),
    /// What is seen to at a station before the first order of a shift, from a JSON file such as rules/checklist.json
    Checklist {
        #[command(flatten)]
        data: Data,
        /// The file
        file: PathBuf,
    },
    /// What may stand in for what cannot be had, once the customer has said so
    Swaps {
        #[command(flatten)]
        data: Data,
        /// Products of the same category whose price is at most so many percent away
        #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u16).range(0..=60), required_unless_present = "off")]
        within: Option<u16>,
        /// Nothing
        #[arg(long, conflicts_with = "within")]
        off: bool,
    },
    /// When a second person looks at a bag before it closes, from a JSON file such as rules/bench.json
    Bench {
        #[command(flatten)]
        data: Data,
        /// The file
        file: PathBuf,
    },
    /// Show the shop
    Show(Data),
    /// What changed about people, devices, passkeys, secrets and tokens, newest first
    Changes {
        #[command(flatten)]
        data: Data,
        /// As a table for a spreadsheet
        #[arg(long)]
        csv: bool,
    },
}

#[derive(Debug, Args)]
struct FileArguments {
    #[command(flatten)]
    data: Data,
    /// The file
    file: PathBuf,
    /// Take the good rows also when others are refused
    #[arg(long)]
    keep_good: bool,
}

#[derive(Debug, Subcommand)]
enum Order {
    /// Take orders in from a JSON file
    Import {
        #[command(flatten)]
        import: FileArguments,
        /// Add products nobody knows yet to the catalogue instead of refusing the order
        #[arg(long)]
        add_products: bool,
    },
    /// Draw what the customer of an order signed with, as SVG
    Signature {
        #[command(flatten)]
        data: Data,
        /// The order, by Custody's identifier
        order: String,
    },
    /// Destroy the key of the customer data of an order whose work is over
    EraseCustomer {
        #[command(flatten)]
        data: Data,
        /// The order, by Custody's identifier
        order: String,
    },
}

#[derive(Debug, Subcommand)]
enum Device {
    /// Make a code with which one device can enrol within ten minutes
    Code {
        #[command(flatten)]
        data: Data,
        /// For a driver's phone: it gets the orders that are leased to it, and nothing else
        #[arg(long)]
        drivers_phone: bool,
    },
    /// List devices
    List(Data),
    /// Revoke a device
    Revoke {
        #[command(flatten)]
        data: Data,
        /// The device, by its identifier
        device: String,
    },
}

#[derive(Debug, Subcommand)]
enum Token {
    /// Make a token for another program
    Create {
        #[command(flatten)]
        data: Data,
        /// What it is for
        #[arg(long, default_value = "orders")]
        name: String,
    },
    /// List the names of tokens that were made; a token itself is shown once
    List(Data),
    /// Withdraw the tokens of a name: from now on they open nothing
    Withdraw {
        #[command(flatten)]
        data: Data,
        /// The name
        #[arg(long)]
        name: String,
    },
}

/// Exit code for a bundle that cannot be looked at.
const UNREAD: u8 = 2;

/// Does what the arguments say.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    if let Err(cause) = memory::keep_out_of_dumps() {
        eprintln!(
            "custody: if it crashed, a core dump could hold secrets, and the system does not let it forbid one: {cause}"
        );
    }
    if let Some(why) = typed::password_among(std::env::args_os()) {
        eprintln!("custody: {why}");
        return ExitCode::FAILURE;
    }
    let deed = match arguments.action {
        Action::Do(deed) => deed,
        Action::Doctor(doctor) => return doctor::run(&doctor),
    };
    match perform(deed) {
        Ok(report) => {
            for line in &report.lines {
                println!("{}", Line(line));
            }
            if report.is_done {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            // What is wrong with a file may be many lines of ours.
            for line in format!("custody: {error:#}").lines() {
                eprintln!("{}", Line(line));
            }
            match error.downcast_ref::<verify::NoBundle>() {
                Some(_) => ExitCode::from(UNREAD),
                None => ExitCode::FAILURE,
            }
        }
    }
}

fn perform(deed: Deed) -> anyhow::Result<Report> {
    match deed {
        Deed::Serve(serve) => serve::run(&serve),
        Deed::Store(Store::Create(new)) => create::run(new),
        Deed::Store(Store::Show(data)) => command(&data, Command::ShowStore, &[]),
        Deed::Store(Store::Changes { data, csv }) => {
            command(&data, Command::ListChanges { csv }, &[])
        }
        Deed::Store(Store::Swaps { data, within, .. }) => {
            command(&data, Command::UseSwaps { within }, &[])
        }
        Deed::Store(Store::Checklist { data, file }) => {
            command(&data, Command::UseChecklist, &read_file(&file)?)
        }
        Deed::Store(Store::Bench { data, file }) => {
            command(&data, Command::UseBench, &read_file(&file)?)
        }
        Deed::Store(Store::ImportPackages(import)) => import_file(&import, Command::ImportPackages),
        Deed::Store(Store::ImportLabs(import)) => import_file(&import, Command::ImportLabs),
        Deed::Store(Store::ImportProducts(import)) => import_file(&import, Command::ImportProducts),
        Deed::Order(Order::Import {
            import,
            add_products,
        }) => import_file(&import, |file| Command::ImportOrders { file, add_products }),
        Deed::Order(Order::Signature { data, order }) => {
            command(&data, Command::ShowSignature { order }, &[])
        }
        Deed::Order(Order::EraseCustomer { data, order }) => {
            command(&data, Command::EraseCustomer { order }, &[])
        }
        Deed::User(user) => user::run(user),
        Deed::Printer(printer) => printer::run(printer),
        Deed::Device(Device::Code {
            data,
            drivers_phone,
        }) => {
            let operator = operator::here();
            let code = Command::DeviceCode {
                drivers_phone,
                operator,
            };
            command(&data, code, &[])
        }
        Deed::Device(Device::List(data)) => command(&data, Command::ListDevices, &[]),
        Deed::Device(Device::Revoke { data, device }) => {
            let operator = operator::here();
            command(&data, Command::RevokeDevice { device, operator }, &[])
        }
        Deed::Token(Token::Create { data, name }) => {
            let operator = operator::here();
            command(&data, Command::CreateToken { name, operator }, &[])
        }
        Deed::Token(Token::List(data)) => command(&data, Command::ListTokens, &[]),
        Deed::Token(Token::Withdraw { data, name }) => {
            let operator = operator::here();
            command(&data, Command::WithdrawTokens { name, operator }, &[])
        }
        Deed::Secret(secret) => secret::run(secret),
        Deed::Tls(tls) => tls::run(&tls),
        Deed::Lifeboat { data, file } => {
            let bytes = read_file(&file)?;
            command(&data, Command::TakeLifeboat, &bytes)
        }
        Deed::Backup(arguments) => backup::back_up(&arguments),
        Deed::Restore(arguments) => backup::restore(&arguments),
        Deed::Audit(arguments) => verify::export(&arguments),
        Deed::Verify(bundle) => verify::run(&bundle),
        Deed::Limits(limits) => limits::run(&limits),
        Deed::Rules(rules) => rules::run(&rules),
    }
}

fn import_file(
    import: &FileArguments,
    named: impl FnOnce(File) -> Command,
) -> anyhow::Result<Report> {
    let bytes = read_file(&import.file)?;
    let name = import.file.file_name().map(|name| name.to_string_lossy());
    let file = File {
        name: name.unwrap_or_default().into_owned(),
        keep_good: import.keep_good,
    };
    command(&import.data, named(file), &bytes)
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
}

/// Has a command done, by the running server if there is one.
fn command(data: &Data, command: Command, bytes: &[u8]) -> anyhow::Result<Report> {
    let dir = data.dir();
    if !is_set_up(&dir) {
        anyhow::bail!("{}", no_store(&data.data));
    }
    let Some(_lock) = DirLock::take(&dir)? else {
        return send(&dir, command, bytes).context(
            "another process has the shop open, and it does not take commands; is it starting or \
             another command?",
        );
    };
    let shop = Shop::open(&dir)?;
    let done = runtime()?.block_on(admin::run(&shop, command, bytes));
    shop.close();
    Ok(done?)
}

fn no_store(path: &Path) -> String {
    let dir = DataDir::new(path);
    if dir.key_file().exists() {
        return format!(
            "{} is there, but the log {} is missing; put it back, or restore the last backup with \
             `custody restore`",
            dir.key_file().display(),
            dir.database().display()
        );
    }
    format!(
        "there is no shop in {}; make one with `custody store create`",
        path.display()
    )
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}
