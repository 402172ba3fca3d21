//! An order's customer: what they signed with, and how they are forgotten.
//!
//! In: an order. Out: what to print. Must not: forget the customer of an order that is still open.

use domain::custody::sign_for::{HEIGHT, WIDTH};
use domain::id::OrderId;

use super::Report;
use crate::ingest::{Shop, Unavailable, customer};

/// Thickness of the pen, in the drawing's units.
const PEN: u16 = 6;

fn parsed(order: &str) -> Result<OrderId, Report> {
    OrderId::parse(order)
        .map_err(|_| Report::refused("An order's identifier has 32 hexadecimal digits."))
}

pub(super) async fn erase(shop: &Shop, order: &str) -> Result<Report, Unavailable> {
    let order = match parsed(order) {
        Ok(order) => order,
        Err(refused) => return Ok(refused),
    };
    let erased = shop
        .change(1, move |work| customer::erase(work, order))
        .await?;
    Ok(if erased {
        Report::done("The key is destroyed; nobody can read this customer's data any more.")
    } else {
        Report::refused("Nothing to erase: the order is open, unknown, or was erased before.")
    })
}

/// The signature as a picture, SVG.
pub(super) async fn signature(shop: &Shop, order: &str) -> Result<Report, Unavailable> {
    let order = match parsed(order) {
        Ok(order) => order,
        Err(refused) => return Ok(refused),
    };
    let keys = shop.keys().clone();
    let drawn = shop
        .ask(move |log| customer::signature(log, &keys, order))
        .await?;
    Ok(match drawn {
        Some(drawing) => Report::done(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"><path d=\"{}\" fill=\"none\" \
             stroke=\"#000\" stroke-width=\"{PEN}\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>",
            drawing.path()
        )),
        None => Report::refused(
            "No drawing: nobody signed on a screen, the order is unknown, or its customer was erased.",
        ),
    })
}
