//! What the measurements start: devices that push to a running server, an auditor's bundle of any size, and the least
//! anybody could do with the same bytes.
//!
//! In: the name of a measurement and its words. Out: one line of JSON. The scripts in `tests/bench` start it.
//! Must not: count a run in which the server did not record and apply every event.

#![expect(
    clippy::print_stdout,
    reason = "a program answers the program that called it"
)]

/// A device.
mod device;
/// Many devices at once.
mod crowd;
/// The least anybody could do with a queue.
mod floor;
/// A bundle, and the least anybody could do with it.
mod bundle;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use device::Device;

const USAGE: &str = "usage: bench replay ADDRESS FOLDER PICKS floor|server
       bench storm ADDRESS DEVICES EVENTS alone|together
       bench ingest ADDRESS FOLDER DEVICES EVENTS floor|server
       bench grow ADDRESS DEVICES EVENTS
       bench bundle FILE EVENTS
       bench hash FILE";

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let answer = match words.as_slice() {
        ["replay", address, folder, picks, first] => replay(
            address,
            Path::new(folder),
            picks.parse()?,
            *first == "floor",
        )?,
        ["storm", address, devices, events, first] => crowd::storm(
            address,
            devices.parse()?,
            events.parse()?,
            *first == "alone",
        )?,
        ["ingest", address, folder, devices, events, first] => {
            let is_floor_first = *first == "floor";
            let folder = Path::new(folder);
            crowd::ingest(
                address,
                folder,
                devices.parse()?,
                events.parse()?,
                is_floor_first,
            )?
        }
        ["grow", address, devices, events] => {
            crowd::grow(address, devices.parse()?, events.parse()?)?
        }
        ["bundle", file, events] => bundle::write(Path::new(file), events.parse()?)?,
        ["hash", file] => bundle::hash(Path::new(file))?,
        _ => anyhow::bail!("{USAGE}"),
    };
    println!("{answer}");
    Ok(())
}

/// A device that comes back with so many picks.
fn replay(address: &str, folder: &Path, picks: usize, floor_first: bool) -> anyhow::Result<Value> {
    let mut device = Device::enrol(address)?;
    device.pull()?;
    device.claim(picks)?;
    let queue = device.queue(picks)?;
    let ours = || {
        let begun = Instant::now();
        let sent = device.send_all(0, &queue)?;
        anyhow::Ok((begun.elapsed(), sent))
    };
    let floor = || floor::run(folder, &[(device.public_key(), &queue)]);
    let (took, sent, floor) = if floor_first {
        let floor = floor()?;
        let (took, sent) = ours()?;
        (took, sent, floor)
    } else {
        let (took, sent) = ours()?;
        (took, sent, floor()?)
    };
    let bytes: usize = queue.iter().map(|event| event.bytes.len()).sum();
    Ok(json!({
        "events": queue.len(),
        "flagged": sent.flagged,
        "bytes": bytes,
        "ours_ms": milliseconds(took),
        "floor_ms": milliseconds(floor),
    }))
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}
