//! Labels on printers that have bad days: none is lost, and none comes out twice without a mark.

use std::time::{Duration, Instant};

use domain::code::own::OwnKind;
use domain::custody::label::{self, Printing, ReprintReason};
use domain::custody::scan::Scan;
use domain::custody::verify;
use domain::event::Body;
use domain::id::OrderId;
use domain::label::Media;
use domain::order::Status;
use domain::sync::printing::{PrintJob, PrintState, PrintersAnswer, Trouble};
use domain::verdict::Verdict;
use simulators::printer::{Mood, Printer};
use sync_server::admin::{Command, run};
use sync_server::printing::line::Patience;
use sync_server::printing::run as printing;
use tokio::sync::watch;

use crate::device::{Device, web_order};
use crate::server::{Folder, OLD_JARS, Server, order};
use crate::whole_order::{act, own, package};

/// Through a queue of CUPS.
mod queue;

/// A tenth of what a shop waits.
const PATIENCE: Patience = Patience {
    connect: Duration::from_millis(500),
    answer: Duration::from_millis(400),
    take: Duration::from_secs(2),
    label: Duration::from_millis(1_500),
    between: Duration::from_millis(30),
    print: Duration::from_secs(30),
};
/// What a state may take to come about on a machine that does other things too.
const GRACE: Duration = Duration::from_secs(30);

/// A shop with a printer, its queue at work, and a tablet with an order that is verified.
struct Stand {
    server: Server,
    device: Device,
    order: OrderId,
    stop: watch::Sender<bool>,
    runtime: tokio::runtime::Runtime,
    _folder: Folder,
}

impl Stand {
    fn with(address: &str) -> Self {
        let folder = Folder::new();
        let server = Server::start(&folder);
        server.send_order(&order("A-1", 1));
        let order = web_order("A-1");
        let mut device = Device::enrolled(&server);
        device.take(&server, order);
        device.pick(order, OLD_JARS);
        let ticket = device.ledger.orders[&order].ticket_id();
        for scan in [own(OwnKind::Ticket, &ticket), package(OLD_JARS)] {
            let verdict = verify::decide(&device.ledger, &device.situation(), order, &scan);
            act(&mut device, verdict);
        }
        assert_eq!(device.ledger.orders[&order].status, Status::Verified);
        device.push_all(&server);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let add = Command::AddPrinter {
            name: "Bench 1".to_owned(),
            address: address.to_owned(),
            stock: "4x3".to_owned(),
            dpi: 203,
            on_this_machine: true,
        };
        let report = runtime.block_on(run(&server.shop, add, &[])).unwrap();
        assert!(report.is_done, "{:?}", report.lines);
        let (stop, stopping) = watch::channel(false);
        runtime.spawn(printing::run(server.shop.clone(), PATIENCE, stopping));
        Self {
            server,
            device,
            order,
            stop,
            runtime,
            _folder: folder,
        }
    }

    /// The tablet prints, on the shop's printer.
    fn prints(&mut self, reason: Option<ReprintReason>) {
        let printing = Printing {
            reason,
            media: Media::default(),
            printer: Some("Bench 1".to_owned()),
            sold: "11/24/2026 2:12 pm".to_owned(),
            ..Printing::default()
        };
        let verdict = label::decide_print(
            &self.device.ledger,
            &self.device.situation(),
            self.order,
            printing,
        );
        act(&mut self.device, verdict);
        self.device.push_all(&self.server);
    }

    fn code(&self) -> String {
        self.device.ledger.orders[&self.order]
            .label
            .as_ref()
            .unwrap()
            .code
            .clone()
    }

    fn reads_back(&mut self) -> Verdict {
        let code = self.code();
        let scan: Scan = own(OwnKind::Label, &code[4..code.len() - 1]);
        label::decide_read_back(
            &self.device.ledger,
            &self.device.situation(),
            self.order,
            &scan,
        )
    }

    fn jobs(&self) -> Vec<PrintJob> {
        let path = format!("/v1/stores/{}/printers", self.server.store());
        let answer: PrintersAnswer = self.device.get(self.server.address, &path).cbor();
        assert_eq!(answer.printers.len(), 1);
        answer.jobs
    }

    #[track_caller]
    fn until(&self, state: PrintState, trouble: Option<Trouble>) {
        let begun = Instant::now();
        loop {
            let jobs = self.jobs();
            let last = jobs.last().map(|job| (job.state, job.trouble));
            if last == Some((state, trouble)) {
                return;
            }
            assert!(
                begun.elapsed() < GRACE,
                "{last:?} and not {state:?}, {trouble:?}"
            );
            between_questions();
        }
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// Asking as fast as one can is asking too often.
fn between_questions() {
    std::thread::park_timeout(Duration::from_millis(30));
}

#[test]
fn a_label_comes_out_of_the_printer_that_was_chosen_and_is_read_back() {
    let printer = Printer::on();
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    stand.until(PrintState::Printed, None);
    let printed = printer.printed();
    assert_eq!(printed.len(), 1);
    assert!(
        printed[0].contains(&format!("^FD{}^FS", stand.code())),
        "{}",
        printed[0]
    );
    assert!(!printed[0].contains("Zoë"), "names are dots");
    let verdict = stand.reads_back();
    assert!(
        matches!(verdict, Verdict::Accepted(Body::LabelReadBack(_))),
        "{verdict:?}"
    );
}

#[test]
fn without_paper_nothing_is_sent_and_with_paper_it_comes_out_once() {
    for says_nothing in [false, true] {
        let printer = Printer::on();
        printer.is(Mood {
            no_paper: true,
            says_nothing,
            ..Mood::default()
        });
        let mut stand = Stand::with(&printer.address.to_string());
        stand.prints(None);
        let trouble = if says_nothing {
            Trouble::Silent
        } else {
            Trouble::Paper
        };
        stand.until(PrintState::Queued, Some(trouble));
        printer.is(Mood::default());
        stand.until(PrintState::Printed, None);
        assert_eq!(printer.printed().len(), 1);
    }
}

#[test]
fn a_label_in_a_printer_that_runs_out_of_paper_is_waited_for_and_not_sent_again() {
    let printer = Printer::on();
    printer.is(Mood {
        paper_left: Some(0),
        ..Mood::default()
    });
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    stand.until(PrintState::OutOfPaper, Some(Trouble::Paper));
    assert!(printer.printed().is_empty());
    printer.is(Mood::default());
    stand.until(PrintState::Printed, None);
    assert_eq!((printer.printed().len(), printer.lines()), (1, 1));
}

#[test]
fn a_line_that_breaks_in_the_middle_of_a_label_printed_nothing_and_is_tried_again() {
    let printer = Printer::on();
    printer.is(Mood {
        drops_after: Some(200),
        ..Mood::default()
    });
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    let begun = Instant::now();
    while printer.lines() == 0 {
        assert!(begun.elapsed() < GRACE);
        std::thread::yield_now();
    }
    // The label is some kilobytes, which a socket takes at once: whether its end was on its way nobody can say.
    let begun = Instant::now();
    let state = loop {
        let job = stand.jobs().pop().unwrap();
        let is_told = job.trouble.is_some();
        if is_told {
            break job.state;
        }
        assert!(begun.elapsed() < GRACE);
        between_questions();
    };
    printer.is(Mood::default());
    if state == PrintState::Unproven {
        stand.prints(Some(ReprintReason::NothingCameOut));
    }
    stand.until(PrintState::Printed, None);
    assert_eq!(printer.printed().len(), 1);
}

#[test]
fn a_line_that_breaks_at_a_labels_end_may_have_printed_it_so_only_a_marked_print_follows() {
    let printer = Printer::on();
    printer.is(Mood {
        drops_at_the_end: true,
        ..Mood::default()
    });
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    stand.until(PrintState::Unproven, Some(Trouble::Silent));
    let first = stand.code();
    printer.is(Mood::default());
    stand.prints(Some(ReprintReason::NothingCameOut));
    stand.until(PrintState::Printed, None);
    let printed = printer.printed();
    assert_eq!(printed.len(), 2);
    // The second has another code, and the first is dead.
    assert!(printed[0].contains(&first) && printed[1].contains(&stand.code()));
    assert_ne!(first, stand.code());
    assert_eq!(
        stand.jobs().iter().map(|job| job.copy).collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn a_printer_that_is_busy_or_switched_off_gets_its_label_later() {
    let printer = Printer::on();
    printer.is(Mood {
        others: 2,
        ..Mood::default()
    });
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    stand.until(PrintState::Queued, Some(Trouble::Busy));
    let address = printer.address;
    assert!(printer.off().is_empty());
    stand.until(PrintState::Queued, Some(Trouble::Unreached));
    let printer = Printer::on_at(address);
    stand.until(PrintState::Printed, None);
    assert_eq!(printer.printed().len(), 1);
}

#[test]
fn a_later_print_takes_the_place_of_one_that_waits() {
    let printer = Printer::on();
    printer.is(Mood {
        no_paper: true,
        ..Mood::default()
    });
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    stand.until(PrintState::Queued, Some(Trouble::Paper));
    stand.prints(Some(ReprintReason::NothingCameOut));
    printer.is(Mood::default());
    stand.until(PrintState::Printed, None);
    let states: Vec<PrintState> = stand.jobs().iter().map(|job| job.state).collect();
    assert_eq!(states, [PrintState::Replaced, PrintState::Printed]);
    let printed = printer.printed();
    assert_eq!(printed.len(), 1);
    assert!(printed[0].contains(&stand.code()));
}

#[test]
fn what_a_server_was_in_the_middle_of_when_it_was_stopped_is_not_sent_again() {
    let printer = Printer::on();
    printer.is(Mood {
        paper_left: Some(0),
        ..Mood::default()
    });
    let mut stand = Stand::with(&printer.address.to_string());
    stand.prints(None);
    stand.until(PrintState::OutOfPaper, Some(Trouble::Paper));
    stand.stop.send_replace(true);
    // The queue of a server that is started on the same shop.
    let (stop, stopping) = watch::channel(false);
    let shop = stand.server.shop.clone();
    stand.runtime.spawn(printing::run(shop, PATIENCE, stopping));
    stand.until(PrintState::Unproven, Some(Trouble::Stopped));
    printer.is(Mood::default());
    assert_eq!(printer.printed().len(), 1);
    drop(stop);
}
