//! Tablets, phones and browsers.
//!
//! In: a purpose, an identifier. Out: lines to print. Must not: show a code a second time.

use domain::facility::{Device, Purpose};
use domain::id::DeviceId;

use super::Report;
use crate::clock;
use crate::ingest::tokens::Doer;
use crate::ingest::{Shop, Unavailable};

/// Makes a code with which one can enrol.
pub(super) async fn code(
    shop: &Shop,
    drivers_phone: bool,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let purpose = drivers_phone.then_some(Purpose::DriversPhone);
    let by = Doer::at_the_server(operator);
    let code = shop.enrolment_code(purpose, by).await?;
    let who = match drivers_phone {
        true => "One driver's phone",
        false => "One device",
    };
    Ok(Report::done(code).and(format!("{who} can enrol with it within ten minutes.")))
}

/// Lists them.
pub(super) async fn list(shop: &Shop) -> Result<Report, Unavailable> {
    let register = shop.register().await?;
    let directory = shop.directory();
    let line = |device: &Device| {
        let state = match (device.is_server, device.active) {
            (true, _) => "this server",
            (false, true) => "active",
            (false, false) => "revoked",
        };
        let purpose = match device.purpose {
            None => "",
            Some(Purpose::DriversPhone) => " (driver's phone)",
            Some(Purpose::Newer(_)) => " (for what this server does not know)",
        };
        let heard = register.heard_of(device.id).map(clock::utc_text);
        let heard = heard.map_or_else(String::new, |at| format!(", last heard of {at}"));
        format!(
            "{}  enrolment {:<3} {state:<11} {}{purpose}{heard}",
            device.id, device.generation, device.name
        )
    };
    Ok(Report {
        is_done: true,
        lines: directory.devices.values().map(line).collect(),
    })
}

/// Revokes one.
pub(super) async fn revoke(
    shop: &Shop,
    device: String,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let Ok(device) = DeviceId::parse(&device) else {
        return Ok(Report::refused(
            "A device's identifier has 32 hexadecimal digits.",
        ));
    };
    let by = Doer::at_the_server(operator);
    Ok(if shop.revoke(device, by).await? {
        Report::done("Revoked. What it signs from now on is recorded with an exception.")
    } else {
        Report::refused("There is no such device.")
    })
}
