//! Tokens by which other programs prove themselves.
//!
//! In: what one is for, whose command it is. Out: lines to print. Must not: show a token a second time.

use super::Report;
use crate::clock;
use crate::ingest::tokens::Doer;
use crate::ingest::{Shop, Unavailable};

/// Makes one, and shows it.
pub(super) async fn create(
    shop: &Shop,
    name: String,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let token = shop.make_token(name, Doer::at_the_server(operator)).await?;
    let how = format!("It is shown this once. Send it as `Authorization: Bearer {token}`.");
    Ok(Report::done(token).and(how))
}

/// Withdraws those of a name.
pub(super) async fn withdraw(
    shop: &Shop,
    name: String,
    operator: Option<String>,
) -> Result<Report, Unavailable> {
    let by = Doer::at_the_server(operator);
    Ok(match shop.withdraw_tokens(name.clone(), by).await? {
        0 => Report::refused(format!("There is no token {name}.")),
        1 => Report::done(format!("The token {name} opens nothing any more.")),
        many => Report::done(format!("{many} tokens {name} open nothing any more.")),
    })
}

/// Lists them.
pub(super) async fn list(shop: &Shop) -> Result<Report, Unavailable> {
    let all = shop.tokens().await?;
    Ok(match all.is_empty() {
        true => Report::done("There are none."),
        false => Report {
            is_done: true,
            lines: all
                .iter()
                .map(|(name, at)| format!("{name}  made {}", clock::utc_text(*at)))
                .collect(),
        },
    })
}
