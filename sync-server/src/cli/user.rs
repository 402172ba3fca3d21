//! People: who works here, and with which PIN.
//!
//! In: arguments, and a PIN that somebody chose over standard input. Out: what came of it. Must not: take a PIN as an
//! argument, or show one that somebody chose.

use anyhow::Context as _;
use clap::{Args, Subcommand};
use domain::pin::DIGITS;
use sync_server::admin::{Command, ROLES, Report};
use sync_server::ingest::people::random_pin;

use super::{Data, command, operator, typed};

/// Where a PIN comes from.
#[derive(Debug, Args)]
pub(super) struct PinSource {
    /// Read the PIN, six to eight digits, from standard input; at a terminal it is not shown
    #[arg(long)]
    pin_from_stdin: bool,
    /// It used to stand here, where others on this machine read it.
    #[arg(long, hide = true, num_args = 0..=1)]
    pin: Option<Option<String>>,
}

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a person; without --pin-from-stdin a PIN is made up and shown
    Add {
        #[command(flatten)]
        data: Data,
        /// First name and initial, as screens show it
        #[arg(long)]
        name: String,
        /// What the person is employed as
        #[arg(long, value_parser = ROLES.map(|(word, _)| word))]
        role: String,
        #[command(flatten)]
        pin: PinSource,
    },
    /// A person does not work here any more; devices refuse the person from their next contact on
    Disable {
        #[command(flatten)]
        data: Data,
        /// The person's number, as `custody store show` lists it
        person: u32,
    },
    /// A person works here again
    Enable {
        #[command(flatten)]
        data: Data,
        /// The person's number
        person: u32,
    },
    /// Give a person another PIN; without --pin-from-stdin one is made up and shown
    Pin {
        #[command(flatten)]
        data: Data,
        /// The person's number
        person: u32,
        #[command(flatten)]
        pin: PinSource,
    },
    /// Let a person who is locked try PINs again
    Unlock {
        #[command(flatten)]
        data: Data,
        /// The person's number, as `custody store show` lists it
        person: u32,
    },
    /// List a manager's passkeys
    Passkeys {
        #[command(flatten)]
        data: Data,
        /// The person's number
        person: u32,
    },
    /// Forget all of a manager's passkeys, for one who lost them and has no way back; the PIN alone opens then
    ForgetPasskeys {
        #[command(flatten)]
        data: Data,
        /// The person's number
        person: u32,
    },
    /// Make a code for a manager to print: with another manager's approval it is the way back without a passkey
    RecoveryCode {
        #[command(flatten)]
        data: Data,
        /// The person's number
        person: u32,
    },
    /// Ask managers of a role for their passkey, once they have one; that is how it is until it is taken back
    DemandPasskeys {
        #[command(flatten)]
        data: Data,
        /// inventory-manager, compliance-officer or general-manager
        #[arg(value_parser = ROLES.map(|(word, _)| word))]
        role: String,
        /// Ask them no longer
        #[arg(long)]
        no: bool,
    },
}

/// Does what was asked.
pub(super) fn run(user: User) -> anyhow::Result<Report> {
    let operator = operator::here();
    let set_active = |data: &Data, actor, active, operator| {
        let set = Command::SetActive {
            actor,
            active,
            operator,
        };
        command(data, set, &[])
    };
    match user {
        User::Add {
            data,
            name,
            role,
            pin,
        } => with_pin(&pin, |pin| {
            let add = Command::AddUser {
                name,
                role,
                pin,
                operator,
            };
            command(&data, add, &[])
        }),
        User::Disable { data, person } => set_active(&data, person, false, operator),
        User::Enable { data, person } => set_active(&data, person, true, operator),
        User::Pin { data, person, pin } => with_pin(&pin, |pin| {
            let change = Command::ChangePin {
                actor: person,
                pin,
                operator,
            };
            command(&data, change, &[])
        }),
        User::Unlock { data, person } => {
            let unlock = Command::UnlockUser {
                actor: person,
                operator,
            };
            command(&data, unlock, &[])
        }
        User::Passkeys { data, person } => {
            command(&data, Command::ListPasskeys { actor: person }, &[])
        }
        User::ForgetPasskeys { data, person } => {
            command(&data, Command::ForgetPasskeys { actor: person }, &[])
        }
        User::RecoveryCode { data, person } => {
            let code = Command::RecoveryCode {
                actor: person,
                operator,
            };
            command(&data, code, &[])
        }
        User::DemandPasskeys { data, role, no } => {
            let demand = Command::DemandPasskeys { role, asked: !no };
            command(&data, demand, &[])
        }
    }
}

/// Makes a PIN up where there is none, and shows it once it is in force.
fn with_pin(
    pin: &PinSource,
    run: impl FnOnce(String) -> anyhow::Result<Report>,
) -> anyhow::Result<Report> {
    if pin.pin.is_some() {
        anyhow::bail!(
            "others on this machine can read a PIN in a command line: say --pin-from-stdin, and choose another PIN, for this \
             one was there to be read"
        );
    }
    if pin.pin_from_stdin {
        let typed = typed::read("PIN", *DIGITS.end());
        let typed = typed.context("the PIN cannot be read from standard input")?;
        // What is no text is no PIN either, and is refused as any other that is none.
        return run(String::from_utf8_lossy(&typed).into_owned());
    }
    let made_up = random_pin();
    let mut report = run(made_up.clone())?;
    if report.is_done {
        let line = format!("The PIN is {made_up}. It is shown this once.");
        report.lines.push(line);
    }
    Ok(report)
}
