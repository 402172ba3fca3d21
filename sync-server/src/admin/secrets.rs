//! What other systems gave the shop to prove itself to them.
//!
//! In: a name, a secret. Out: that it is kept, and a mark to compare. Must not: show a secret; whoever needs it is a
//! part of this program.

use super::Report;
use crate::clock;
use crate::ingest::secrets::{BYTES_MAX, Kept, NAME_CHARS_MAX, NotKept, SECRETS_MAX, Secret};
use crate::ingest::{Shop, Unavailable};

/// Keeps one.
pub(super) async fn keep(
    shop: &Shop,
    name: String,
    bytes: &[u8],
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let secret = Secret::new(bytes.to_vec());
    Ok(
        match shop.keep_secret(name.clone(), secret, operator).await? {
            Ok(kept) => Report::done(format!(
                "Kept as {name}, with the mark {}. Nobody can have it shown again.",
                kept.mark
            )),
            Err(why) => Report::refused(refused(why)),
        },
    )
}

fn refused(why: NotKept) -> String {
    match why {
        NotKept::Name => format!(
            "A secret's name has at most {NAME_CHARS_MAX} characters: a to z, digits, dots, hyphens and slashes."
        ),
        NotKept::Empty => "There was nothing to keep.".to_owned(),
        NotKept::TooLong => format!("A secret has at most {BYTES_MAX} bytes."),
        NotKept::TooMany => format!("There are {SECRETS_MAX} already; forget one first."),
    }
}

/// Lists them.
pub(super) async fn list(shop: &Shop) -> Result<Report, Unavailable> {
    let all = shop.secrets().await?;
    let line = |kept: &Kept| {
        let since = clock::utc_text(kept.at);
        format!("{}  kept {since}, mark {}", kept.name, kept.mark)
    };
    Ok(match all.is_empty() {
        true => Report::done("There are none."),
        false => Report {
            is_done: true,
            lines: all.iter().map(line).collect(),
        },
    })
}

/// Forgets one.
pub(super) async fn forget(
    shop: &Shop,
    name: String,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    Ok(if shop.forget_secret(name.clone(), operator).await? {
        Report::done(format!(
            "{name} is forgotten. Have the other system withdraw it too: backups of before still have it, sealed."
        ))
    } else {
        Report::refused(format!("There is no secret {name}."))
    })
}
