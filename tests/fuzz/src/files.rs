//! Files from outside: the state system's packages, laboratory figures, products, orders.
//!
//! In: which kind of file, and its bytes. Must not: hide a bad row, or find more rows than there are records.

use domain::time::Day;
use sync_server::import::orders::{Comparison, Request, compare};
use sync_server::import::{labs, metrc_packages, orders, products};

/// The files' day: 28 November 2026.
const TODAY: Day = Day(20_785);

pub(crate) fn run(input: &[u8]) {
    let Some((first, bytes)) = input.split_first() else {
        return;
    };
    match first {
        0 => packages("Metrc-CA-C10-0000000-LIC-Packages-Active.csv", bytes),
        1 => {
            figures(bytes);
            products(bytes);
        }
        2 => documents(bytes),
        _ => {
            // The name comes from outside too.
            let at = bytes.iter().position(|byte| *byte == b'\n');
            let (name, rest) = bytes.split_at(at.unwrap_or(bytes.len()));
            packages(&String::from_utf8_lossy(name), rest);
        }
    }
}

pub(crate) fn packages(name: &str, bytes: &[u8]) {
    match metrc_packages::read(name, bytes, TODAY) {
        Ok(file) => {
            let refused = usize::try_from(file.records).unwrap_or(0) - file.rows.len();
            let said = file.findings.len() + file.findings_left_out;
            assert!(
                said >= refused,
                "{refused} rows were left out, {said} findings"
            );
        }
        Err(refused) => drop(refused.to_string()),
    }
}

pub(crate) fn figures(bytes: &[u8]) {
    match labs::read(bytes, TODAY) {
        Ok(file) => {
            let refused = usize::try_from(file.records).unwrap_or(0) - file.rows.len();
            let said = file.findings.len() + file.findings_left_out;
            assert!(
                said >= refused,
                "{refused} rows were left out, {said} findings"
            );
        }
        Err(refused) => drop(refused.to_string()),
    }
}

pub(crate) fn products(bytes: &[u8]) {
    match products::read(bytes) {
        Ok(file) => {
            let refused = usize::try_from(file.records).unwrap_or(0) - file.rows.len();
            let said = file.findings.len() + file.findings_left_out;
            assert!(
                said >= refused,
                "{refused} rows were left out, {said} findings"
            );
        }
        Err(refused) => drop(refused.to_string()),
    }
}

fn documents(bytes: &[u8]) {
    let read = match orders::read(bytes) {
        Ok(read) => read,
        Err(refused) => return drop((refused.code(), refused.to_string())),
    };
    for order in read {
        match order {
            Ok(order) => {
                assert_eq!(compare(&order, &order), Comparison::Same);
                if let Request::Fill(order) = &order.request {
                    let _ = (
                        order.total_cents(),
                        order.units(),
                        order.age_on_promise_day(),
                    );
                }
            }
            Err(refused) => assert!(!refused.to_string().is_empty()),
        }
    }
}
