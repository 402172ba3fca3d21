//! Many devices at once: all of them come back together, or keep a server busy for as long as one likes.
//!
//! In: a running server with orders enough. Out: times. Must not: believe a receipt only; at the end each device asks
//! how far the server has its chain.

use std::path::Path;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use domain::event::SignedEvent;
use serde_json::{Value, json};

use crate::device::{Device, Sent};
use crate::{floor, milliseconds};

/// Units each device takes orders for.
const UNITS: usize = 36;
/// Events a device signs before it sends them, where there is no end of them.
const AT_ONCE: usize = 5_000;

/// A device and what it has to send.
struct Loaded {
    device: Device,
    queue: Vec<SignedEvent>,
}

impl Loaded {
    fn new(address: &str, events: usize) -> anyhow::Result<Self> {
        let mut device = ready(address)?;
        let queue = device.busy(events)?;
        Ok(Self { device, queue })
    }

    fn send(&self) -> anyhow::Result<Sent> {
        self.device.send_all(0, &self.queue)
    }
}

/// A device with orders of its own.
fn ready(address: &str) -> anyhow::Result<Device> {
    let mut device = Device::enrol(address)?;
    device.pull()?;
    device.claim(UNITS)?;
    Ok(device)
}

fn loaded(address: &str, devices: usize, events: usize) -> anyhow::Result<Vec<Loaded>> {
    (0..devices).map(|_| Loaded::new(address, events)).collect()
}

/// All begin to send at the same moment; the time until the last one has its last receipt, and what each got.
fn together(crowd: &[Loaded]) -> anyhow::Result<(Duration, Vec<Sent>)> {
    let gate = Barrier::new(crowd.len() + 1);
    thread::scope(|scope| {
        let senders = crowd.iter().map(|one| {
            scope.spawn(|| {
                gate.wait();
                one.send()
            })
        });
        let senders: Vec<_> = senders.collect();
        gate.wait();
        let begun = Instant::now();
        let ended = senders.into_iter().map(|sender| {
            let sent = sender.join();
            sent.map_err(|_| anyhow::anyhow!("a device panicked"))?
        });
        let sent = ended.collect::<anyhow::Result<Vec<_>>>()?;
        Ok((begun.elapsed(), sent))
    })
}

/// Makes sure that the server has every event of every device, in its order.
fn nothing_is_lost(crowd: &[Loaded]) -> anyhow::Result<()> {
    for one in crowd {
        anyhow::ensure!(one.device.is_all_there()?, "a chain is not whole");
    }
    Ok(())
}

/// One device with so many events alone, and so many such devices at once.
pub(crate) fn storm(
    address: &str,
    devices: usize,
    events: usize,
    is_alone_first: bool,
) -> anyhow::Result<Value> {
    let lone = Loaded::new(address, events)?;
    let crowd = loaded(address, devices, events)?;
    let alone = || {
        let begun = Instant::now();
        lone.send()?;
        anyhow::Ok(begun.elapsed())
    };
    let (alone, (wall, sent)) = if is_alone_first {
        let alone = alone()?;
        (alone, together(&crowd)?)
    } else {
        let stormed = together(&crowd)?;
        (alone()?, stormed)
    };
    nothing_is_lost(&crowd)?;
    let pushes = sent.iter().flat_map(|sent| &sent.took);
    let pushes: Vec<f64> = pushes.copied().map(milliseconds).collect();
    Ok(json!({
        "devices": devices,
        "events": devices * events,
        "flagged": sent.iter().map(|sent| sent.flagged).sum::<usize>(),
        "alone_ms": milliseconds(alone),
        "together_ms": milliseconds(wall),
        "pushes_ms": pushes,
    }))
}

/// So many devices with so many events each, at once; and the least anybody could do with all of these bytes.
pub(crate) fn ingest(
    address: &str,
    folder: &Path,
    devices: usize,
    events: usize,
    is_floor_first: bool,
) -> anyhow::Result<Value> {
    let crowd = loaded(address, devices, events)?;
    let floor = || {
        let queues = crowd.iter();
        let queues = queues.map(|one| (one.device.public_key(), one.queue.as_slice()));
        floor::run(folder, &queues.collect::<Vec<_>>())
    };
    let ((wall, sent), floor) = if is_floor_first {
        let floor = floor()?;
        (together(&crowd)?, floor)
    } else {
        (together(&crowd)?, floor()?)
    };
    nothing_is_lost(&crowd)?;
    let bytes = crowd.iter().flat_map(|one| &one.queue);
    Ok(json!({
        "events": devices * events,
        "bytes": bytes.map(|event| event.bytes.len()).sum::<usize>(),
        "flagged": sent.iter().map(|sent| sent.flagged).sum::<usize>(),
        "ours_ms": milliseconds(wall),
        "floor_ms": milliseconds(floor),
    }))
}

/// Makes the log longer by so many events.
pub(crate) fn grow(address: &str, devices: usize, events: usize) -> anyhow::Result<Value> {
    let share = events.div_ceil(devices);
    // One after the other: two that ask at once would want the same orders.
    let crowd = (0..devices).map(|_| ready(address));
    let crowd = crowd.collect::<anyhow::Result<Vec<_>>>()?;
    let begun = Instant::now();
    thread::scope(|scope| {
        let growers = crowd.into_iter();
        let growers: Vec<_> = growers
            .map(|mut device| {
                scope.spawn(move || {
                    let mut left = share;
                    while left > 0 {
                        let from = device.next();
                        let queue = device.busy(left.min(AT_ONCE))?;
                        device.send_all(from, &queue)?;
                        left -= queue.len();
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        growers.into_iter().try_for_each(|grower| {
            let grown = grower.join();
            grown.map_err(|_| anyhow::anyhow!("a device panicked"))?
        })
    })?;
    Ok(json!({ "events": share * devices, "ms": milliseconds(begun.elapsed()) }))
}
