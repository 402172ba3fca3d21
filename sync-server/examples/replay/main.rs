//! A device that comes back with thousands of picks: signs them, pushes them to a running server, and does
//! the least anybody could do with the same bytes.
//!
//! In: the server's address, a folder for the floor's file, how many picks, which of the two goes first.
//! Out: one line of JSON. `tests/bench/replay.mjs` starts it; the orders are there by then.
//! Must not: count a run in which the server did not record and apply every pick.

#![expect(
    clippy::print_stdout,
    reason = "a program answers the program that called it"
)]

/// The device.
mod device;
/// The least anybody could do.
mod floor;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::event::SignedEvent;
use domain::sync::message::{Outcome, PUSH_EVENTS_MAX};
use serde_json::json;

use device::Device;

struct Arguments {
    address: String,
    folder: PathBuf,
    picks: usize,
    floor_first: bool,
}

impl Arguments {
    fn read() -> anyhow::Result<Self> {
        let words: Vec<String> = std::env::args().skip(1).collect();
        let [address, folder, picks, first] = words.as_slice() else {
            anyhow::bail!("usage: replay ADDRESS FOLDER PICKS floor|server");
        };
        Ok(Self {
            address: address.clone(),
            folder: folder.into(),
            picks: picks.parse()?,
            floor_first: first == "floor",
        })
    }
}

/// What came of the pushes.
#[derive(Default)]
struct Answered {
    applied: usize,
    flagged: usize,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::read()?;
    let mut device = Device::enrol(&arguments.address)?;
    device.pull()?;
    device.claim(arguments.picks)?;
    let queue = device.queue(arguments.picks)?;
    let key = device.public_key();
    let floor = || floor::run(&arguments.folder, &key, &queue);
    let (ours, floor) = if arguments.floor_first {
        let floor = floor()?;
        (push(&device, &queue)?, floor)
    } else {
        (push(&device, &queue)?, floor()?)
    };
    let (took, answered) = ours;
    anyhow::ensure!(
        answered.applied == queue.len(),
        "{} of {} events were applied, {} of them with an exception",
        answered.applied,
        queue.len(),
        answered.flagged
    );
    let bytes: usize = queue.iter().map(|event| event.bytes.len()).sum();
    println!(
        "{}",
        json!({
            "events": queue.len(),
            "flagged": answered.flagged,
            "bytes": bytes,
            "ours_ms": milliseconds(took),
            "floor_ms": milliseconds(floor),
        })
    );
    Ok(())
}

/// Pushes everything in batches as large as a push may be; the time until the last receipt was checked.
fn push(device: &Device, queue: &[SignedEvent]) -> anyhow::Result<(Duration, Answered)> {
    let begun = Instant::now();
    let mut answered = Answered::default();
    let mut from = 0;
    for batch in queue.chunks(PUSH_EVENTS_MAX) {
        let answer = device.push(from, batch)?;
        let chain = answer.chains.first().context("no answer for the chain")?;
        for receipt in &chain.receipts {
            match receipt.outcome {
                Outcome::Applied => answered.applied += 1,
                Outcome::AppliedWithExceptions(_) => {
                    answered.applied += 1;
                    answered.flagged += 1;
                }
                Outcome::Quarantined(reason) => anyhow::bail!("{}: {reason:?}", receipt.seq),
            }
        }
        from = chain.next;
    }
    Ok((begun.elapsed(), answered))
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}
