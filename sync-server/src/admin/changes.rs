//! What changed about people, devices, passkeys, secrets and tokens, and when.
//!
//! In: the register. Out: a line for each change, or a row of a spreadsheet. Must not: leave one out that is told.

use domain::custody::passkeys::{PasskeyChange, PasskeysChanged};
use domain::custody::secrets::{SecretChange, SecretChanged};
use domain::custody::tokens::{TokenChange, TokenChanged, TokenScope};
use domain::facility::{Actor, Device};
use domain::id::ActorId;
use domain::sync::register::{Change, Changed};

use super::{Report, role_word};
use crate::clock;
use crate::ingest::{Directory, Shop, Unavailable};
use crate::sink::cell;

/// Lists the newest changes.
pub(super) async fn list(shop: &Shop, csv: bool) -> Result<Report, Unavailable> {
    let register = shop.register().await?;
    let directory = shop.directory();
    let changes = register.changes();
    let rows = changes.iter().map(|change| row(&directory, change));
    let mut lines: Vec<String> = match csv {
        true => rows
            .map(|cells| cell::row(cells.iter().map(String::as_str)))
            .collect(),
        false => rows.map(|cells| cells.join("  ")).collect(),
    };
    if csv {
        lines.insert(0, cell::row(["when", "place", "change", "about", "more"]));
    } else if register.more {
        lines.push("There were others before; the whole log is in `custody audit`.".to_owned());
    }
    Ok(Report {
        is_done: true,
        lines,
    })
}

fn row(directory: &Directory, change: &Change) -> [String; 5] {
    let (word, about, mut more) = told(directory, &change.what);
    if let Some(done) = &change.by {
        let by = doer(directory, done.actor, done.operator.as_deref());
        let known = [more, by].into_iter().filter(|text| !text.is_empty());
        more = known.collect::<Vec<_>>().join(", ");
    }
    [
        clock::utc_text(change.at),
        change.position.0.to_string(),
        word.to_owned(),
        about,
        more,
    ]
}

fn told(directory: &Directory, what: &Changed) -> (&'static str, String, String) {
    let person = |word, actor: &Actor| {
        let about = format!("person {} {}", actor.id.0, actor.name);
        (word, about, role_word(actor.role).to_owned())
    };
    let device = |word, device: &Device| {
        let about = format!("device {} {}", device.id, device.name);
        (word, about, format!("enrolment {}", device.generation))
    };
    match what {
        Changed::Came(actor) => person("works here", actor),
        Changed::Left(actor) => person("works here no longer", actor),
        Changed::CameBack(actor) => person("works here again", actor),
        Changed::NewPin(actor) => person("has another PIN", actor),
        Changed::Unlocked(actor) => person("may try PINs again", actor),
        Changed::Person(actor) => person("is changed", actor),
        Changed::Enrolled(known) => device("enrolled", known),
        Changed::Revoked(known) => device("revoked", known),
        Changed::Passkeys(done) => passkeys(directory, done),
        Changed::Secret(done) => secret(done),
        Changed::Wiped(done) => {
            let name = directory.devices.get(&done.device);
            let name = name.map_or("", |known| known.name.as_str());
            let said = done.told().map_or_else(String::new, |told| {
                let (at, acts) = (clock::utc_text(told.wiped.0), told.acts);
                format!("at {at} by its own clock, with {acts} acts that the server has")
            });
            let about = format!("device {} {name}", done.device);
            ("says that it wiped itself", about, said)
        }
        Changed::Token(done) => token(directory, done),
    }
}

fn secret(done: &SecretChanged) -> (&'static str, String, String) {
    let word = match done.change {
        SecretChange::Kept => "secret kept",
        SecretChange::Replaced => "secret replaced",
        SecretChange::Forgotten => "secret forgotten",
        SecretChange::Newer(_) => "secret changed in a way this program does not know",
    };
    (word, done.name.clone(), by(done.operator.as_deref()))
}

fn token(directory: &Directory, done: &TokenChanged) -> (&'static str, String, String) {
    let word = match (done.change, done.scope) {
        (TokenChange::Made, TokenScope::Orders) => "token made for orders",
        (TokenChange::Made, TokenScope::Device) => "code made for a device",
        (TokenChange::Made, TokenScope::DriversPhone) => "code made for a driver's phone",
        (TokenChange::Made, TokenScope::Recovery) => "recovery code made",
        (TokenChange::Withdrawn, _) => "token withdrawn",
        (TokenChange::Made, TokenScope::Newer(_)) | (TokenChange::Newer(_), _) => {
            "token changed in a way this program does not know"
        }
    };
    let name = |id: ActorId| directory.actors.get(&id).map(|actor| actor.name.clone());
    let whom = done.whose.and_then(name).unwrap_or(done.name.clone());
    let by = doer(directory, done.actor, done.operator.as_deref());
    (word, whom, by)
}

fn doer(directory: &Directory, actor: Option<ActorId>, operator: Option<&str>) -> String {
    let person = actor.and_then(|actor| directory.actors.get(&actor));
    match person {
        Some(person) => format!("by {}", person.name),
        None => by(operator),
    }
}

fn by(operator: Option<&str>) -> String {
    operator.map_or_else(String::new, |operator| {
        format!("by {operator} at the server")
    })
}

fn passkeys(directory: &Directory, done: &PasskeysChanged) -> (&'static str, String, String) {
    let name = |actor: ActorId| {
        let known = directory.actors.get(&actor);
        let known = known.map_or("", |known| known.name.as_str());
        format!("person {} {known}", actor.0)
    };
    let word = match done.change {
        PasskeyChange::Made => "passkey made",
        PasskeyChange::Removed => "passkey removed",
        PasskeyChange::MadeAnew => "passkeys lost and made anew",
        PasskeyChange::Forgotten => "passkeys forgotten at the server",
        PasskeyChange::Newer(_) => "passkeys changed in a way this program does not know",
    };
    let mut vouched: Vec<String> = done.vouched.iter().map(|actor| name(*actor)).collect();
    if done.by_code == Some(true) {
        vouched.push("a printed code".to_owned());
    }
    let more = match vouched.is_empty() {
        true => String::new(),
        false => format!("let in by {}", vouched.join(" and ")),
    };
    (word, name(done.actor), more)
}
