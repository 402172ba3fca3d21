//! The invented shop, recorded like a real one.
//!
//! In: a seed and the present instant. Out: an open shop with stock and a day's orders, and who works there.
//! Must not: be more than a shop whose facts are made up; every one goes the way of a real fact.

use domain::custody::set_up::StoreConfigured;

use super::set_up::{NewStore, SetUpFailed};
use super::{ServerFact, Shop, Unavailable};
use crate::config::DataDir;
use crate::demo;

/// Why no invented shop was made.
#[derive(Debug)]
pub enum DemoFailed {
    /// The shop itself.
    SetUp(SetUpFailed),
    /// What belongs into it.
    Fill(Unavailable),
}

impl core::fmt::Display for DemoFailed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SetUp(failed) => write!(f, "{failed}"),
            Self::Fill(failed) => write!(f, "{failed}"),
        }
    }
}

impl core::error::Error for DemoFailed {}

impl From<SetUpFailed> for DemoFailed {
    fn from(failed: SetUpFailed) -> Self {
        Self::SetUp(failed)
    }
}

impl From<Unavailable> for DemoFailed {
    fn from(failed: Unavailable) -> Self {
        Self::Fill(failed)
    }
}

impl Shop {
    /// Makes an invented shop in a data directory and opens it.
    ///
    /// # Errors
    /// When there is a shop already, or the directory cannot be written.
    pub async fn create_demo(dir: &DataDir, invented: demo::Shop) -> Result<Self, DemoFailed> {
        let StoreConfigured {
            store,
            locations,
            slots,
        } = invented.configured;
        let new = NewStore {
            id: Some(store.id),
            business: store.business,
            name: store.name,
            license: store.license,
            time_zone: store.time_zone,
            rules: store.rules,
            locations,
            slots,
        };
        let dir = dir.clone();
        let made = tokio::task::spawn_blocking(move || Self::create(&dir, new)).await;
        let shop = made.map_err(|_| Unavailable::Closed)??;
        for person in invented.people {
            shop.put_person(person.added.actor, person.pin).await?;
        }
        let stock = invented.stock.into_iter().map(ServerFact::plain);
        let labs = invented.labs.into_iter().map(ServerFact::plain);
        shop.record(stock.chain(labs).collect()).await?;
        let orders = invented.orders.into_iter().map(Ok).collect();
        let outcomes = shop.accept_orders(orders).await?;
        let refused = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        if refused > 0 {
            tracing::error!(refused, "invented orders were refused");
        }
        Ok(shop)
    }
}
