//! Tokens and codes by which programs, devices and people prove themselves: who made one or withdrew it.
//!
//! In: what one is for, and who does it. Out: the token, once; a fact in the log in the same moment. Must not: keep a token
//! in clear, or put one into the log.

pub use domain::custody::set_up::Doer;
use domain::custody::tokens::{TokenChange, TokenChanged, TokenScope};

use super::{ServerFact, Shop, Unavailable, Work};
use crate::keys::{random, token_hash};
use crate::log::Failed;

/// Characters of what the log says a token is for, and of whose command it was.
const TOLD_CHARS_MAX: usize = 64;

/// Whose doing it is, no longer than the log says it.
pub(super) fn told(by: Doer) -> Doer {
    Doer {
        operator: by.operator.map(cut),
        ..by
    }
}

fn cut(text: String) -> String {
    text.chars().take(TOLD_CHARS_MAX).collect()
}

/// Puts on record what became of a token or a code, in the same moment.
pub(super) fn tell(work: &mut Work, by: Doer, what: TokenChanged) -> Result<(), Failed> {
    let by = told(by);
    let changed = TokenChanged {
        name: cut(what.name),
        operator: by.operator,
        actor: by.actor,
        ..what
    };
    work.record(ServerFact::plain(changed)).map(drop)
}

impl Shop {
    /// Makes a token with which another program sends orders.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn make_token(&self, name: String, by: Doer) -> Result<String, Unavailable> {
        let token = format!("custody-{}", random::hex(&random::bytes::<24>()));
        let hash = token_hash(token.as_bytes());
        self.change(1, move |work| {
            work.log().put_api_token(hash, &name, work.now())?;
            tell(work, by, TokenChanged::made(name, TokenScope::Orders))
        })
        .await?;
        Ok(token)
    }

    /// Withdraws every token of a name. Returns how many there were.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn withdraw_tokens(&self, name: String, by: Doer) -> Result<u64, Unavailable> {
        self.change(1, move |work| {
            let withdrawn = work.log().forget_api_tokens(&name)?;
            if withdrawn > 0 {
                let what = TokenChanged {
                    change: TokenChange::Withdrawn,
                    ..TokenChanged::made(name, TokenScope::Orders)
                };
                tell(work, by, what)?;
            }
            Ok(withdrawn)
        })
        .await
    }

    /// The tokens of other programs that open something, by name, with the instants at which they were made.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn tokens(&self) -> Result<Vec<(String, i64)>, Unavailable> {
        self.ask(|log| log.api_tokens()).await
    }
}
