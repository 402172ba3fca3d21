//! What the check of a bundle came to, for people and for programs.
//!
//! In: a report. Out: lines, or JSON. Must not: say that all is well about a report with a flaw in it.

use domain::audit::Fault;
use domain::audit::bundle::{Facts, Scope};
use domain::audit::verify::{FirstBad, Flaw, HeadSeen, Report};
use domain::id::{DeviceId, Hash};
use serde_json::{Value, json};

/// Characters of a device's identifier where its name stands beside it.
const ID_CHARS: usize = 8;

/// The report in lines for a person.
#[must_use]
pub fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(facts) = &report.facts {
        lines.push(shop(facts));
        lines.push(format!("log key    {}", fingerprint(facts)));
    }
    lines.push(events(report));
    for (device, count) in &report.devices {
        lines.push(format!("  {count:>9}  {}", device_name(report, *device)));
    }
    lines.push(format!(
        "exceptions {}, of which {} are open; recorded but not applied: {}",
        report.exceptions, report.open_exceptions, report.aside
    ));
    if report.holes > 0 {
        lines.push(format!(
            "holes      {} in devices' chains, declared by the log: numbers that are lost for good",
            report.holes
        ));
    }
    if report.passkeys > 0 {
        lines.push(format!(
            "passkeys   managers' changed {} times, of which {} were let in again by others",
            report.passkeys, report.ways_back
        ));
    }
    for head in &report.heads {
        lines.push(head_line(report, head));
    }
    lines.push(format!("{} signatures were checked", report.signatures));
    lines.push(match &report.first_bad {
        None => "Everything is in order.".to_owned(),
        Some(bad) => broken(report, bad),
    });
    lines
}

/// The report for a program.
#[must_use]
pub fn json(report: &Report) -> Value {
    let devices = report.devices.iter().map(|(device, events)| {
        json!({ "device": device.to_string(), "name": name_of(report, *device), "events": events })
    });
    let heads = report.heads.iter().map(|head| {
        let witnesses = head.witnesses.iter();
        json!({
            "size": head.checkpoint.size,
            "root": head.checkpoint.root.to_string(),
            "co_signed_by": witnesses.map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    let first_bad = report.first_bad.as_ref().map(|bad| {
        json!({
            "position": bad.position.map(|position| position.0),
            "device": bad.device.map(|device| device.to_string()),
            "seq": bad.seq,
            "byte": bad.byte,
            "fault": bad.flaw.code(),
            "says": says(bad.flaw),
        })
    });
    json!({
        "ok": report.first_bad.is_none(),
        "store": report.facts.as_ref().map(|facts| facts.store.to_string()),
        "log_key": report.facts.as_ref().map(fingerprint),
        "scope": report.facts.as_ref().map(|facts| scope(facts.scope)),
        "events": report.events,
        "first": report.positions.map(|(first, _)| first.0),
        "last": report.positions.map(|(_, last)| last.0),
        "not_applied": report.aside,
        "holes": report.holes,
        "passkey_changes": report.passkeys,
        "ways_back": report.ways_back,
        "exceptions": report.exceptions,
        "open_exceptions": report.open_exceptions,
        "devices": devices.collect::<Vec<_>>(),
        "heads": heads.collect::<Vec<_>>(),
        "signatures": report.signatures,
        "first_bad": first_bad,
    })
}

fn shop(facts: &Facts) -> String {
    let named = facts.shop.as_ref().map(|shop| {
        let (name, business, license) = (&shop.name, &shop.business, &shop.license);
        format!("{name}, {business}, license {license}; ")
    });
    format!("{}store {}", named.unwrap_or_default(), facts.store)
}

/// SHA-256 of the log's key: short enough to be compared on the telephone.
fn fingerprint(facts: &Facts) -> String {
    Hash::of(&[&facts.log_key]).to_string()
}

fn events(report: &Report) -> String {
    let scope = report.facts.as_ref().map(|facts| scope(facts.scope));
    let range = report
        .positions
        .map(|(first, last)| format!(", positions {} to {}", first.0, last.0));
    format!(
        "events     {}{} ({}), by {} devices",
        report.events,
        range.unwrap_or_default(),
        scope.unwrap_or("unknown"),
        report.devices.len()
    )
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Whole => "whole log",
        Scope::Range(..) => "one stretch of the log",
        Scope::Chosen => "chosen events",
    }
}

fn head_line(report: &Report, head: &HeadSeen) -> String {
    let names = head
        .witnesses
        .iter()
        .map(|device| device_name(report, *device));
    let names = names.collect::<Vec<_>>().join(", ");
    let names = if names.is_empty() {
        "nobody".to_owned()
    } else {
        names
    };
    let (size, root) = (head.checkpoint.size, head.checkpoint.root);
    format!("checkpoint {size} events, root {root}, co-signed by {names}")
}

fn name_of(report: &Report, device: DeviceId) -> Option<&str> {
    let devices = report
        .facts
        .as_ref()
        .map(|facts| facts.devices.iter().rev());
    let mut known = devices.into_iter().flatten();
    known
        .find(|known| known.id == device)
        .map(|known| known.name.as_str())
}

fn device_name(report: &Report, device: DeviceId) -> String {
    let id = device.to_string();
    match name_of(report, device) {
        Some(name) => format!("{name} ({})", id.chars().take(ID_CHARS).collect::<String>()),
        None => id,
    }
}

fn broken(report: &Report, bad: &FirstBad) -> String {
    let place = match bad.position {
        Some(position) => format!("BROKEN at position {}", position.0),
        None => "BROKEN".to_owned(),
    };
    let device = bad
        .device
        .map(|device| format!(", device {}", device_name(report, device)));
    let seq = bad.seq.map(|seq| format!(", number {seq} in its chain"));
    format!(
        "{place}{}{}: {} (byte {} of the file). The {} events before it are in order.",
        device.unwrap_or_default(),
        seq.unwrap_or_default(),
        says(bad.flaw),
        bad.byte,
        report.events
    )
}

/// The flaw for a person.
#[must_use]
pub fn says(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::NotABundle => "the file is no audit bundle",
        Flaw::Malformed => "these bytes are no record",
        Flaw::Unexpected => "such a record may not stand here",
        Flaw::Truncated => "the file ends early",
        Flaw::Trailing => "the file goes on behind its end",
        Flaw::Head => "a checkpoint cannot be read, or does not belong here",
        Flaw::HeadOfAnotherLog => "a checkpoint is of another log",
        Flaw::HeadSignature => "a checkpoint is not signed by the log",
        Flaw::CoSignature => "a co-signature is not the device's",
        Flaw::HeadsDisagree => {
            "an earlier checkpoint is not the beginning of the newest: history was rewritten"
        }
        Flaw::Tree => "hashes do not lead to the checkpoint",
        Flaw::Leaf => "the event, its time, place or outcome is not what the checkpoint stands for",
        Flaw::Event(Fault::Unreadable) => "the event cannot be read",
        Flaw::Event(Fault::BrokenLink) => {
            "the event does not follow the one before it in its chain"
        }
        Flaw::Event(Fault::Missing) => "an event is missing",
        Flaw::Event(Fault::OutOfOrder) => "the events are not in order",
        Flaw::Event(Fault::Signature) => "the signature is not the device's",
        Flaw::OtherStore => "the event is of another shop",
        Flaw::UnknownDevice => "nobody vouches for the device",
        Flaw::NotOpened => "the chain does not begin with the start of a writer",
        Flaw::Shop => "the shop is not what the log says",
        Flaw::Certificate => "a device or its key is not what the log says",
        Flaw::Person => "a person is not whom the log names",
        Flaw::UnknownException => "an exception no event opened",
        Flaw::MissingException => "an exception this event opened is not shown",
        Flaw::Seal => "the counts or the log's signature under the bundle are wrong",
    }
}
