//! People, by the commands of whoever runs the server.
//!
//! In: a person, what is to become different, whose command it is. Out: what came of it. Must not: show a PIN, or take one
//! that is too easy.

use domain::id::ActorId;

use super::{ROLES, Report, role};
use crate::ingest::tokens::Doer;
use crate::ingest::{Shop, Unavailable};

/// Lets a person try PINs again.
pub(super) async fn unlock(
    shop: &Shop,
    actor: u32,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let by = Doer::at_the_server(operator);
    let known = shop.unlock_person(ActorId(actor), by).await?;
    Ok(if known {
        Report::done(format!(
            "Person {actor} may try again, with the PIN from before. Devices know at their next contact."
        ))
    } else {
        Report::refused(format!("There is no person {actor} with a PIN."))
    })
}

/// Adds a person, with a PIN and whose command it is.
pub(super) async fn add(
    shop: &Shop,
    name: String,
    word: &str,
    (pin, operator): (String, Option<String>),
) -> Result<Report, Unavailable> {
    let Some(role) = role(word) else {
        let words: Vec<&str> = ROLES.iter().map(|(word, _)| *word).collect();
        return Ok(Report::refused(format!(
            "A role is one of: {}.",
            words.join(", ")
        )));
    };
    if name.trim().is_empty() {
        return Ok(Report::refused("A person has a name."));
    }
    if let Err(refused) = domain::pin::check(&pin) {
        return Ok(Report::refused(format!("Not added: {refused}.")));
    }
    let by = Doer::at_the_server(operator);
    let actor = shop.add_person(name.clone(), role, pin, by).await?;
    Ok(Report::done(format!("{name} is person {}.", actor.0)))
}

/// Lets a person work here, or no longer.
pub(super) async fn set_active(
    shop: &Shop,
    actor: u32,
    active: bool,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let by = Doer::at_the_server(operator);
    let known = shop.set_active(ActorId(actor), active, by).await?;
    let may = match active {
        true => "may work here",
        false => "may not work here any more",
    };
    Ok(match known {
        true => Report::done(format!(
            "Person {actor} {may}. Devices know at their next contact."
        )),
        false => Report::refused(format!("There is no person {actor}.")),
    })
}

/// Gives a person another PIN.
pub(super) async fn change_pin(
    shop: &Shop,
    actor: u32,
    pin: String,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    if let Err(refused) = domain::pin::check(&pin) {
        return Ok(Report::refused(format!("Not changed: {refused}.")));
    }
    let by = Doer::at_the_server(operator);
    Ok(if shop.change_pin(ActorId(actor), pin, by).await? {
        Report::done(format!(
            "Person {actor} has another PIN. Devices know at their next contact."
        ))
    } else {
        Report::refused(format!("There is no person {actor}."))
    })
}
