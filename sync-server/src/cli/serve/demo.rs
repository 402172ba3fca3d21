//! The invented shop: made once, then opened like any other.
//!
//! In: a directory and a seed. Out: a shop, and a text that says who works there. Must not: make a real
//! shop's directory a demo.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Context as _;
use sync_server::admin::channel::write_private;
use sync_server::admin::role_word;
use sync_server::clock::now_ms;
use sync_server::config::DataDir;
use sync_server::demo;
use sync_server::ingest::tokens::Doer;
use sync_server::ingest::{Shop, is_set_up};
use tokio::sync::watch;

/// Begins the line of the file that says what the shop was made from.
const MADE_FROM: &str = "Made from seed ";

/// Opens the demo, making it first when the directory is empty.
pub(super) async fn open(
    dir: &DataDir,
    seed: u64,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<Shop> {
    let (shop, seed, made) = if is_set_up(dir) {
        let people = people(dir).context("this is no demo's directory; serve it without --demo")?;
        let (seed, made) = made_from(&people).context("the demo's file was changed")?;
        (super::open(dir).await?, seed, made)
    } else {
        let now = now_ms();
        let invented = demo::generate(seed, now);
        let people = invented.people.clone();
        let shop = Shop::create_demo(dir, invented).await?;
        let token = shop.make_token("demo".to_owned(), Doer::default()).await?;
        let text = text(&people, &token, seed, now);
        write_private(&dir.demo_people(), text.as_bytes())?;
        (shop, seed, now)
    };
    tokio::spawn(feed(shop.clone(), seed, made, stopping.clone()));
    Ok(shop)
}

/// Who works in the demo, as it was written when it was made.
pub(super) fn people(dir: &DataDir) -> std::io::Result<String> {
    std::fs::read_to_string(dir.demo_people())
}

fn text(people: &[demo::Person], token: &str, seed: u64, now: i64) -> String {
    let mut text = String::from("\nAn invented shop. Sign in as:\n");
    for person in people {
        let actor = &person.added.actor;
        writeln!(
            text,
            "  {:<10} {:<20} PIN {}",
            actor.name,
            role_word(actor.role),
            person.pin
        )
        .expect("BUG: writing into memory cannot fail");
    }
    write!(
        text,
        "\nOther programs send orders with the token\n  {token}\n\n{MADE_FROM}{seed} at {now}.\n\n"
    )
    .expect("BUG: writing into memory cannot fail");
    text
}

fn made_from(people: &str) -> Option<(u64, i64)> {
    let line = people
        .lines()
        .find_map(|line| line.strip_prefix(MADE_FROM))?;
    let (seed, made) = line.trim_end_matches('.').split_once(" at ")?;
    Some((seed.parse().ok()?, made.parse().ok()?))
}

/// Plays the order source: sends what it has to say when it is due. Sending again after a restart what was sent
/// before changes nothing.
async fn feed(shop: Shop, seed: u64, made: i64, mut stopping: watch::Receiver<bool>) {
    let later = demo::generate(seed, made).later;
    for message in later {
        let wait = u64::try_from(message.at.0 - now_ms()).unwrap_or(0);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(wait)) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        match shop.accept_orders(vec![Ok(message.order)]).await {
            Ok(outcomes) => tracing::debug!(?outcomes, "the invented order source spoke"),
            Err(error) => tracing::warn!(%error, "the invented order source was not heard"),
        }
    }
}
