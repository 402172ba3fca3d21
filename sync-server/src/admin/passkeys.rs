//! Managers' passkeys, as the person who runs the server sees to them.
//!
//! In: a person's number, a role. Out: lines to print. Must not: show what proves anything, save for a new code to print.

use domain::id::ActorId;

use super::{ROLES, Report, role, role_word};
use crate::clock;
use crate::ingest::tokens::Doer;
use crate::ingest::{Shop, Unavailable};
use crate::log::Passkey;

/// Lists a person's passkeys.
pub(super) async fn list(shop: &Shop, actor: u32) -> Result<Report, Unavailable> {
    let Some(passkeys) = shop.passkeys_of(ActorId(actor)).await? else {
        return Ok(Report::refused(format!("There is no person {actor}.")));
    };
    if passkeys.is_empty() {
        return Ok(Report::done(format!("Person {actor} has no passkey.")));
    }
    let zone = shop.directory().time_zone().to_owned();
    let day = |at| clock::day_at(&zone, at);
    let line = |passkey: &Passkey| {
        let used = match passkey.used {
            Some(used) => format!("last used {}", day(used)),
            None => "not used yet".to_owned(),
        };
        let (name, rp, made) = (&passkey.name, &passkey.rp, day(passkey.made));
        format!("{name}  for {rp}  made {made}  {used}")
    };
    Ok(Report {
        is_done: true,
        lines: passkeys.iter().map(line).collect(),
    })
}

/// Forgets all of a person's passkeys.
pub(super) async fn forget(shop: &Shop, actor: u32) -> Result<Report, Unavailable> {
    let forgotten = shop.forget_passkeys(ActorId(actor)).await?;
    Ok(match forgotten {
        0 => Report::refused(format!("Person {actor} has no passkey.")),
        1 => Report::done(format!(
            "1 passkey of person {actor} is forgotten; the PIN alone opens again."
        )),
        many => Report::done(format!(
            "{many} passkeys of person {actor} are forgotten; the PIN alone opens again."
        )),
    })
}

/// Makes a code to print.
pub(super) async fn code(
    shop: &Shop,
    actor: u32,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let by = Doer::at_the_server(operator);
    Ok(match shop.recovery_code(ActorId(actor), by).await? {
        Some(code) => Report::done(code).and(format!(
            "It is shown this once. With another manager's approval it lets person {actor} make a new passkey."
        )),
        None => Report::refused(format!("Person {actor} is no manager.")),
    })
}

/// Asks a role for passkeys, or no longer.
pub(super) async fn demand(shop: &Shop, word: &str, asked: bool) -> Result<Report, Unavailable> {
    let Some(role) = role(word).filter(|role| role.has_passkeys()) else {
        let managers = ROLES.iter().filter(|(_, role)| role.has_passkeys());
        let words: Vec<&str> = managers.map(|(word, _)| *word).collect();
        return Ok(Report::refused(format!(
            "Passkeys are asked of: {}.",
            words.join(", ")
        )));
    };
    let roles = shop.demand_passkeys(role, asked).await?;
    let words: Vec<&str> = roles.into_iter().map(role_word).collect();
    Ok(Report::done(match words.is_empty() {
        true => "Nobody is asked for a passkey any more.".to_owned(),
        false => format!(
            "Asked for a passkey once they have one: {}.",
            words.join(", ")
        ),
    }))
}
