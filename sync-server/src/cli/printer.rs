//! `custody printer`: the shop's label printers.
//!
//! In: arguments. Out: what came of it. Must not: talk to a printer itself; that is for whoever has the shop open.

use clap::Subcommand;
use sync_server::admin::{Command, Report};

use super::{Data, command};

#[derive(Debug, Subcommand)]
pub(super) enum Printer {
    /// Add a label printer that takes ZPL, on port 9100 or through a raw queue of CUPS; pack stations can choose it at once
    ///
    /// Pack stations call a label printed when a printer on port 9100 says that nothing is left to print. Through a queue it is the queue
    /// that says so, when the printer has taken the label: look at the printer, and read the label back from the bag.
    Add {
        #[command(flatten)]
        data: Data,
        /// Its name, as pack stations show it
        #[arg(long)]
        name: String,
        /// Its address in numbers, such as 192.168.1.40; for a queue of CUPS ipp://192.168.1.5/printers/Zebra
        #[arg(long)]
        address: String,
        /// The stock in it, inches across and down: 4x6, 4x3, 4x2, 3x2 or 2.25x1.25
        #[arg(long, default_value = "4x3")]
        stock: String,
        /// Dots in an inch of its head: 203 or 300
        #[arg(long, default_value_t = 203)]
        dpi: u16,
        /// The address is of a program on this machine that passes labels on, such as CUPS at ipp://127.0.0.1/printers/Zebra
        #[arg(long)]
        on_this_machine: bool,
    },
    /// List the shop's label printers
    List {
        #[command(flatten)]
        data: Data,
    },
    /// Ask a label printer how it is, and print a label with its name
    Test {
        #[command(flatten)]
        data: Data,
        /// Its name
        name: String,
    },
    /// Forget a label printer; what waits for it fails, and pack stations say so
    Remove {
        #[command(flatten)]
        data: Data,
        /// Its name
        name: String,
    },
}

/// Does what was asked.
pub(super) fn run(printer: Printer) -> anyhow::Result<Report> {
    match printer {
        Printer::Add {
            data,
            name,
            address,
            stock,
            dpi,
            on_this_machine,
        } => {
            let add = Command::AddPrinter {
                name,
                address,
                stock,
                dpi,
                on_this_machine,
            };
            command(&data, add, &[])
        }
        Printer::List { data } => command(&data, Command::ListPrinters, &[]),
        Printer::Test { data, name } => command(&data, Command::TestPrinter { name }, &[]),
        Printer::Remove { data, name } => command(&data, Command::RemovePrinter { name }, &[]),
    }
}
