//! Commands of the person who runs the server: what `custody store`, `order`, `user`, `device`, `token`, `lifeboat`,
//! `backup` and `restore` do.
//!
//! In: a command, and for imports a file's name and bytes. Out: lines to print. Must not: know whether the
//! command came from this process or through the channel of a running server.

use domain::facility::Role;
use domain::time::Day;
use serde::{Deserialize, Serialize};

use crate::ingest::{Shop, Unavailable};
use crate::rules::past::Asked;

/// How a running server takes commands.
pub mod channel;
/// One process per shop.
pub mod lock;
/// The shop in one file.
pub mod backup;
/// A backup in the place of a shop.
pub mod restore;
/// The whole log for an auditor.
pub mod bundle;
/// Is everything as it should be?
pub mod doctor;
/// Files that have to last.
pub(crate) mod disk;
/// An order's customer.
mod customer;
/// Files that come in.
mod import;
/// A device's acts out of a file.
mod lifeboat;
/// The shop at a glance.
mod overview;
/// What changed about people and devices.
mod changes;
/// Managers' passkeys.
mod passkeys;
/// Who works here.
mod people;
/// Label printers.
mod printers;
/// Limits that come into force.
mod rules;
/// What other systems gave the shop.
mod secrets;
/// Tokens of other programs.
mod tokens;
/// Tablets, phones and browsers.
mod devices;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Show the shop.
    ShowStore,
    /// Take packages in from the state system's export.
    ImportPackages(File),
    /// Take laboratory figures in.
    ImportLabs(File),
    /// Take in what the shop says of its products.
    ImportProducts(File),
    /// Take orders in.
    ImportOrders {
        /// The file.
        file: File,
        /// Add products nobody knows yet to the catalogue.
        add_products: bool,
    },
    /// Take a device's acts in from a lifeboat file, whose bytes come beside the command.
    TakeLifeboat,
    /// Destroy what opens the customer data of an order whose work is over.
    EraseCustomer {
        /// The order, by Custody's identifier.
        order: String,
    },
    /// Draw what the customer of an order signed with.
    ShowSignature {
        /// The order, by Custody's identifier.
        order: String,
    },
    /// Add a person.
    AddUser {
        /// First name and initial.
        name: String,
        /// Employed as; see [`role`].
        role: String,
        /// Six to eight digits.
        pin: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// Let a person try PINs again.
    UnlockUser {
        /// The person's number.
        actor: u32,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// Let a person work here, or no longer.
    SetActive {
        /// The person's number.
        actor: u32,
        /// May work here.
        active: bool,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// Give a person another PIN.
    ChangePin {
        /// The person's number.
        actor: u32,
        /// Six to eight digits.
        pin: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// List a person's passkeys.
    ListPasskeys {
        /// The person's number.
        actor: u32,
    },
    /// Forget all of a person's passkeys.
    ForgetPasskeys {
        /// The person's number.
        actor: u32,
    },
    /// Make a code that a manager prints, for the day on which every passkey is lost.
    RecoveryCode {
        /// The person's number.
        actor: u32,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// Ask a role for passkeys, or no longer.
    DemandPasskeys {
        /// The role; see [`role`].
        role: String,
        /// They are asked.
        asked: bool,
    },
    /// Make a code with which one device can enrol.
    DeviceCode {
        /// For a driver's phone, which has its trip and nothing else.
        drivers_phone: bool,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// List devices.
    ListDevices,
    /// Revoke a device.
    RevokeDevice {
        /// Its identifier.
        device: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// Make a token for another program.
    CreateToken {
        /// What it is for.
        name: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// List the tokens of other programs, without what they are.
    ListTokens,
    /// Withdraw the tokens of a name.
    WithdrawTokens {
        /// The name.
        name: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// List what changed about people, devices, passkeys, secrets and tokens.
    ListChanges {
        /// As a table for a spreadsheet.
        csv: bool,
    },
    /// Keep a secret of an outside system, whose bytes come beside the command.
    KeepSecret {
        /// Its name.
        name: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// List the secrets of outside systems, without what they are.
    ListSecrets,
    /// Forget a secret of an outside system.
    ForgetSecret {
        /// Its name.
        name: String,
        /// Whose command it is, as the machine names the account.
        #[serde(default)]
        operator: Option<String>,
    },
    /// Add a label printer.
    AddPrinter {
        /// Its name.
        name: String,
        /// Where it listens.
        address: String,
        /// Its stock, such as `4x3`.
        stock: String,
        /// Dots in an inch of its head.
        dpi: u16,
        /// It is a program on this machine.
        on_this_machine: bool,
    },
    /// List label printers.
    ListPrinters,
    /// Ask a label printer how it is, and print a label on it.
    TestPrinter {
        /// Its name.
        name: String,
    },
    /// Forget a label printer.
    RemovePrinter {
        /// Its name.
        name: String,
    },
    /// Judge purchases by the limits of a rule pack, whose text comes beside the command.
    UseRules {
        /// What flaws call it.
        name: String,
    },
    /// Have this seen to before the first order of a shift; the list's text comes beside the command.
    UseChecklist,
    /// What may stand in for what cannot be had.
    UseSwaps {
        /// Percent by which its price may be away; `None`: nothing may.
        within: Option<u16>,
    },
    /// Have this asked of the pack stations; the rules' text comes beside the command.
    UseBench,
    /// Judge what was handed over by a rule pack, whose text comes beside the command.
    JudgeOrders {
        /// What flaws call the pack.
        name: String,
        /// First day.
        from: Option<String>,
        /// Last day.
        to: Option<String>,
        /// Judge by what is in force on this day, not on each order's own.
        rules_of: Option<String>,
        /// A JSON object for each order.
        json: bool,
    },
}

/// A file to import; its bytes come beside the command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, without its folder.
    pub name: String,
    /// Take the good rows also when others are refused.
    pub keep_good: bool,
}

/// What came of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// It was done.
    pub is_done: bool,
    /// What to print.
    pub lines: Vec<String>,
}

impl Report {
    /// Done, with this to say.
    #[must_use]
    pub fn done(line: impl Into<String>) -> Self {
        Self {
            is_done: true,
            lines: vec![line.into()],
        }
    }

    /// The same, with one more line to say.
    #[must_use]
    pub fn and(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// Not done, because of this.
    #[must_use]
    pub fn refused(line: impl Into<String>) -> Self {
        Self {
            is_done: false,
            lines: vec![line.into()],
        }
    }
}

/// The roles by the words of the command line.
pub const ROLES: [(&str, Role); 8] = [
    ("associate", Role::Associate),
    ("front-of-house", Role::FrontOfHouse),
    ("driver", Role::Driver),
    ("delivery-coordinator", Role::DeliveryCoordinator),
    ("inventory-manager", Role::InventoryManager),
    ("compliance-officer", Role::ComplianceOfficer),
    ("general-manager", Role::GeneralManager),
    ("auditor", Role::Auditor),
];

/// The role a word names.
#[must_use]
pub fn role(word: &str) -> Option<Role> {
    ROLES
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, role)| *role)
}

/// The word that names a role.
#[must_use]
pub fn role_word(role: Role) -> &'static str {
    ROLES
        .iter()
        .find(|(_, known)| *known == role)
        .map_or("", |(word, _)| word)
}

/// Does what a command says.
///
/// # Errors
/// When nothing was kept.
pub async fn run(shop: &Shop, command: Command, bytes: &[u8]) -> Result<Report, Unavailable> {
    match command {
        Command::ShowStore => overview::show(shop).await,
        Command::ImportPackages(file) => import::packages(shop, &file, bytes).await,
        Command::ImportLabs(file) => import::labs(shop, &file, bytes).await,
        Command::ImportProducts(file) => import::products(shop, &file, bytes).await,
        Command::ImportOrders { file, add_products } => {
            import::orders(shop, &file, add_products, bytes).await
        }
        Command::TakeLifeboat => lifeboat::take(shop, bytes).await,
        Command::EraseCustomer { order } => customer::erase(shop, &order).await,
        Command::ShowSignature { order } => customer::signature(shop, &order).await,
        Command::AddUser {
            name,
            role,
            pin,
            operator,
        } => people::add(shop, name, &role, (pin, operator)).await,
        Command::UnlockUser { actor, operator } => people::unlock(shop, actor, operator).await,
        Command::SetActive {
            actor,
            active,
            operator,
        } => people::set_active(shop, actor, active, operator).await,
        Command::ChangePin {
            actor,
            pin,
            operator,
        } => people::change_pin(shop, actor, pin, operator).await,
        Command::ListPasskeys { actor } => passkeys::list(shop, actor).await,
        Command::ForgetPasskeys { actor } => passkeys::forget(shop, actor).await,
        Command::RecoveryCode { actor, operator } => passkeys::code(shop, actor, operator).await,
        Command::DemandPasskeys { role, asked } => passkeys::demand(shop, &role, asked).await,
        Command::DeviceCode {
            drivers_phone,
            operator,
        } => devices::code(shop, drivers_phone, operator).await,
        Command::ListDevices => devices::list(shop).await,
        Command::RevokeDevice { device, operator } => devices::revoke(shop, device, operator).await,
        Command::CreateToken { name, operator } => tokens::create(shop, name, operator).await,
        Command::ListTokens => tokens::list(shop).await,
        Command::WithdrawTokens { name, operator } => tokens::withdraw(shop, name, operator).await,
        Command::ListChanges { csv } => changes::list(shop, csv).await,
        Command::KeepSecret { name, operator } => secrets::keep(shop, name, bytes, operator).await,
        Command::ListSecrets => secrets::list(shop).await,
        Command::ForgetSecret { name, operator } => secrets::forget(shop, name, operator).await,
        Command::AddPrinter {
            name,
            address,
            stock,
            dpi,
            on_this_machine,
        } => printers::add(shop, name, &address, (&stock, dpi), on_this_machine).await,
        Command::ListPrinters => printers::list(shop).await,
        Command::TestPrinter { name } => printers::test(shop, &name).await,
        Command::RemovePrinter { name } => printers::remove(shop, name).await,
        Command::UseRules { name } => rules::take(shop, &name, bytes).await,
        Command::UseChecklist => rules::ask_for(shop, bytes).await,
        Command::UseSwaps { within } => rules::swap(shop, within).await,
        Command::UseBench => rules::ask_of_bench(shop, bytes).await,
        Command::JudgeOrders {
            name,
            from,
            to,
            rules_of,
            json,
        } => rules::judge(shop, (&name, bytes), asked([from, to, rules_of]), json).await,
    }
}

/// Which days orders are judged of, and by the rules of which.
fn asked(days: [Option<String>; 3]) -> Asked {
    let [from, to, rules_of] = days.map(|day| day.and_then(|day| Day::parse(&day)));
    Asked { from, to, rules_of }
}
