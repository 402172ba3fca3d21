//! `custody printer`: the shop's label printers.
//!
//! In: a name, an address, a stock. Out: a printer that devices can choose. Must not: take an address outside the shop's own network.

use domain::label::{Face, Mark, zpl};
use domain::label::{Media, Page, Place, Weight};
use domain::sync::printing::Trouble;

use super::Report;
use crate::ingest::{Shop, Unavailable};
use crate::printing::line::{Came, Patience};
use crate::printing::{self, NAME_LETTERS_MAX, PRINTERS_MAX, Printer, address};

/// Registers a printer.
pub(super) async fn add(
    shop: &Shop,
    name: String,
    at: &str,
    (stock, dpi): (&str, u16),
    on_this_machine: bool,
) -> Result<Report, Unavailable> {
    let is_name = !name.trim().is_empty()
        && name.chars().count() <= NAME_LETTERS_MAX
        && !name.chars().any(char::is_control);
    if !is_name {
        return Ok(Report::refused(format!(
            "A printer's name has 1 to {NAME_LETTERS_MAX} letters."
        )));
    }
    let way = match address::parse(at, on_this_machine) {
        Ok(way) => way,
        Err(why) => {
            return Ok(Report::refused(format!(
                "The printer was not added: {why}."
            )));
        }
    };
    let Some(media) = Media::parse(stock, dpi) else {
        let known: Vec<String> = Media::all().map(|media| media.to_string()).collect();
        return Ok(Report::refused(format!(
            "Labels are not set for {stock} at {dpi} dpi. There are: {}.",
            known.join(", ")
        )));
    };
    let printer = Printer {
        name: name.trim().to_owned(),
        address: way.to_string(),
        media,
    };
    shop.change(0, move |work| {
        let mut printers = printing::printers(work.log())?;
        if printers.iter().any(|known| known.name == printer.name) {
            return Ok(Report::refused(format!(
                "There is a printer {} already.",
                printer.name
            )));
        }
        if printers.len() >= PRINTERS_MAX {
            return Ok(Report::refused(format!(
                "A shop has {PRINTERS_MAX} printers at most."
            )));
        }
        let line = format!(
            "{} is at {} with {}.",
            printer.name, printer.address, printer.media
        );
        printers.push(printer);
        printing::keep_printers(work.log(), &printers)?;
        printing::begin(work.log(), work.head())?;
        Ok(Report::done(line))
    })
    .await
}

/// Lists printers, and what waits for each.
pub(super) async fn list(shop: &Shop) -> Result<Report, Unavailable> {
    let (printers, queue) = shop
        .ask(|log| {
            Ok((
                printing::printers(log)?,
                printing::queue(log)?.unwrap_or_default(),
            ))
        })
        .await?;
    if printers.is_empty() {
        return Ok(Report::done("There is no printer; browsers print."));
    }
    let line = |printer: Printer| {
        let jobs = queue.jobs.iter().filter(|job| job.printer == printer.name);
        let waits = jobs.filter(|job| !job.is_over()).count();
        format!(
            "{}  {}  {}  {waits} waiting",
            printer.name, printer.address, printer.media
        )
    };
    Ok(Report {
        is_done: true,
        lines: printers.into_iter().map(line).collect(),
    })
}

/// Forgets a printer. What waits for it fails, and the pack stations say so.
pub(super) async fn remove(shop: &Shop, name: String) -> Result<Report, Unavailable> {
    shop.change(0, move |work| {
        let mut printers = printing::printers(work.log())?;
        let before = printers.len();
        printers.retain(|printer| printer.name != name);
        if printers.len() == before {
            return Ok(Report::refused(format!("There is no printer {name}.")));
        }
        printing::keep_printers(work.log(), &printers)?;
        Ok(Report::done(format!(
            "{name} is no printer of this shop any more."
        )))
    })
    .await
}

/// Asks a printer how it is, and prints a label that says its name.
pub(super) async fn test(shop: &Shop, name: &str) -> Result<Report, Unavailable> {
    let printers = shop.ask(|log| printing::printers(log)).await?;
    let Some(printer) = printers.into_iter().find(|printer| printer.name == name) else {
        return Ok(Report::refused(format!("There is no printer {name}.")));
    };
    let Some(way) = printer.way() else {
        return Ok(Report::refused(format!(
            "{} is no address.",
            printer.address
        )));
    };
    let patience = Patience {
        print: core::time::Duration::from_secs(15),
        ..Patience::default()
    };
    match way.look(patience).await {
        Ok(None) => {}
        Ok(Some(trouble)) => {
            return Ok(Report::refused(format!(
                "{name} says: {trouble:?}. Nothing was sent."
            )));
        }
        Err(Trouble::QueueGone) => {
            return Ok(Report::refused(format!(
                "The server of {way} knows no such queue. Nothing was sent: make the queue there, or add {name} anew."
            )));
        }
        Err(trouble) => {
            return Ok(Report::refused(format!(
                "{name} at {way}: {trouble:?}. Nothing was sent."
            )));
        }
    }
    let Ok(face) = Face::parse(printing::collect::TEXT, printing::collect::STRONG) else {
        return Ok(Report::refused("The label's typeface cannot be read."));
    };
    let label = zpl::encode(&trial(&printer), &face);
    let title = "Custody: a test";
    Ok(match way.print(&[label], title, patience, |_| ()).await {
        Came::Out => Report::done(format!("{name} printed a label with its name on it.")),
        Came::Nothing(trouble) => {
            Report::refused(format!("{name}: {trouble:?}. Nothing was printed."))
        }
        Came::Unproven(_) => Report::refused(format!(
            "{name} took a label and did not say that it came out: look at it."
        )),
    })
}

/// A label that says which printer it comes from, with a frame at the edges of its stock.
fn trial(printer: &Printer) -> Page {
    let (width, height) = (printer.media.width(), printer.media.height());
    let edge = |x, y, width, height| Mark::Rule {
        x,
        y,
        width,
        height,
    };
    let text = |text: String, baseline: u32| Mark::Text {
        x: width / 12,
        baseline,
        size: height / 10,
        weight: Weight::Strong,
        text,
    };
    let name: String = printer.name.chars().take(16).collect();
    Page {
        media: printer.media,
        place: Place::Insert,
        marks: vec![
            edge(0, 0, width, 2),
            edge(0, height - 2, width, 2),
            edge(0, 0, 2, height),
            edge(width - 2, 0, 2, height),
            text(name, height / 3),
            text(printer.media.to_string(), height / 2),
        ],
    }
}
