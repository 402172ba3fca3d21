//! What tablets trust: the server's certificate and the authority behind it.
//!
//! In: a directory and the time. Out: a finding. Must not: ask the network anything.

use super::Finding;
use crate::clock::utc_text;
use crate::config::DataDir;
use crate::tls::authority::{RENEWED_DAYS, days_left};
use crate::tls::live::{Certificates, Source};
use crate::tls::{Files, Name, Said};

/// Days in which a new authority should be brought to the tablets.
const AUTHORITY_DAYS_MIN: i64 = 180;

const CHECK: &str = "certificate";

/// The certificate holds, names somebody, and is renewed in time.
pub(super) fn certificate(dir: &DataDir, now: i64) -> Finding {
    let files = Files::of(dir);
    if !files.server().exists() && !files.authority().exists() {
        let said = "the shop has none of its own; tablets on a network need one, or a TLS proxy in \
            front of the server";
        return Finding::ok(CHECK, said);
    }
    let read = Said::in_file(&files.authority()).and_then(|authority| {
        Certificates::check(&Source::Own(files.clone())).map(|server| (authority, server))
    });
    match read {
        Ok((authority, server)) => judged(&authority, &server, now),
        Err(error) => Finding::bad(
            CHECK,
            error.to_string(),
            "`custody tls renew` makes a new certificate; where the authority is gone too, \
             `custody tls create --force`, and tell every tablet to trust it",
        ),
    }
}

fn judged(authority: &Said, server: &Said, now: i64) -> Finding {
    let until = utc_text(server.until);
    let renew = "`custody tls renew`, and read what the server says when it starts: it should have \
        done that by itself";
    let create = "`custody tls create --force`, and tell every tablet to trust the new authority \
        before the old one ends";
    if now < server.from || now < authority.from {
        let said = format!("it begins to hold at {}", utc_text(server.from));
        return Finding::bad(
            CHECK,
            said,
            "see `clock`; if that is right, `custody tls renew`",
        );
    }
    if days_left(authority, now) < 0 {
        return Finding::bad(
            CHECK,
            format!("the authority ended at {}", utc_text(authority.until)),
            create,
        );
    }
    if days_left(server, now) < 0 {
        return Finding::bad(CHECK, format!("it ended at {until}"), renew);
    }
    if let Some(outside) = server
        .names
        .iter()
        .find(|name| !authority.may_vouch_for(name))
    {
        let said =
            format!("the authority was not made for {outside}, and tablets do not believe it");
        return Finding::bad(CHECK, said, create);
    }
    if server.names.is_empty() {
        let next = "`custody tls renew --name NAME`, with the name or address tablets use";
        return Finding::bad(CHECK, "it names no server", next);
    }
    if days_left(server, now) < RENEWED_DAYS {
        return Finding::warn(CHECK, format!("it ends at {until}"), renew);
    }
    if days_left(authority, now) < AUTHORITY_DAYS_MIN {
        return Finding::warn(
            CHECK,
            format!("the authority ends at {}", utc_text(authority.until)),
            create,
        );
    }
    let names: Vec<String> = server.names.iter().map(Name::to_string).collect();
    Finding::ok(CHECK, format!("{}, until {until}", names.join(", ")))
}
