//! `custody lifeboat`: a device's acts out of a file, into the log.
//!
//! In: a lifeboat's bytes. Out: what became of the acts, chain by chain. Must not: take an act in by another way
//! than the push every device uses; the server is only one more carrier.

use std::collections::BTreeMap;

use domain::id::DeviceId;
use domain::sync::lifeboat::{Lifeboat, NotTaken};
use domain::sync::message::{Cursor, PushAnswer, QuarantineReason};
use domain::sync::relay::{CarriedChain, Carrier, Effect, Fate, Input};

use super::Report;
use crate::ingest::{Shop, Unavailable};
use crate::log::Failed;

/// What became of the acts of one chain.
#[derive(Default)]
struct Sum {
    arrived: usize,
    known: usize,
    aside: BTreeMap<&'static str, usize>,
}

/// Takes a lifeboat in.
pub(super) async fn take(shop: &Shop, bytes: &[u8]) -> Result<Report, Unavailable> {
    let boat = match Lifeboat::parse(bytes, shop.identity().store) {
        Ok(boat) => boat,
        Err(why) => return Ok(Report::refused(refusal(why))),
    };
    let directory = shop.directory();
    let name = match directory.devices.get(&boat.device) {
        Some(device) => device.name.clone(),
        None => format!("{}, which this shop does not know,", boat.name),
    };
    let heading = format!("{} acts of {name} ({}).", boat.len(), boat.device);
    let mut servers = directory.devices.values().filter(|one| one.is_server);
    let own = servers.next().map_or(DeviceId([0; 16]), |device| device.id);
    let mut carrier = Carrier::new(own, crate::BUILD.to_owned());
    let sums = carry(shop, own, &mut carrier, boat).await?;
    Ok(told(heading, &sums, &carrier))
}

/// Carries until the server has all it takes.
async fn carry(
    shop: &Shop,
    own: DeviceId,
    carrier: &mut Carrier,
    boat: Lifeboat,
) -> Result<BTreeMap<CarriedChain, Sum>, Unavailable> {
    let mut sums: BTreeMap<CarriedChain, Sum> = BTreeMap::new();
    let mut next = Some(Input::Kept(boat.into_acts()));
    while let Some(input) = next.take() {
        for effect in carrier.step(input, Cursor::default(), 0) {
            match effect {
                Effect::Push(push) => {
                    let signed = shop.push(own, push).await?;
                    let answer: PushAnswer = minicbor::decode(&signed.bytes)
                        .map_err(|_| Failed::Damaged("an answer of our own cannot be read"))?;
                    next = Some(Input::Pushed(answer));
                }
                Effect::Note(delivered) => {
                    for done in delivered {
                        sums.entry(done.chain).or_default().add(done.fate);
                    }
                    next = Some(Input::Noted);
                }
                // What waits now would wait for an act that is not in this file.
                Effect::SetTimer(_) => {}
            }
        }
    }
    Ok(sums)
}

impl Sum {
    fn add(&mut self, fate: Fate) {
        match fate {
            Fate::Arrived => self.arrived += 1,
            Fate::Known => self.known += 1,
            Fate::Aside(reason) => *self.aside.entry(words(reason)).or_default() += 1,
        }
    }
}

fn told(heading: String, sums: &BTreeMap<CarriedChain, Sum>, carrier: &Carrier) -> Report {
    let mut lines = vec![heading];
    for (chain, sum) in sums {
        let (arrived, known) = (sum.arrived, sum.known);
        let mut line = format!("Chain {}: {arrived} taken, {known} already there", chain.1);
        for (why, count) in &sum.aside {
            line.push_str(&format!(", {count} kept aside ({why})"));
        }
        lines.push(format!("{line}."));
    }
    let waiting: Vec<_> = carrier.chains().collect();
    for (chain, count, _) in &waiting {
        lines.push(format!(
            "Chain {}: {count} not taken, because what comes before them is not here. Keep the file; bring what the \
             device still has, or another file of it, and then this one again.",
            chain.1
        ));
    }
    Report {
        is_done: waiting.is_empty(),
        lines,
    }
}

fn refusal(why: NotTaken) -> &'static str {
    match why {
        NotTaken::OtherFile => "This is no lifeboat file. Nothing was taken.",
        NotTaken::Damaged => {
            "The file is damaged or cut off. Nothing was taken; the device still has its acts, so copy the file again."
        }
        NotTaken::TooLarge => "The file holds more than a device ever does. Nothing was taken.",
        NotTaken::OtherShop => "The file is another shop's. Nothing was taken.",
        NotTaken::Empty => "The file holds no act. Nothing was taken.",
    }
}

fn words(reason: QuarantineReason) -> &'static str {
    match reason {
        QuarantineReason::Unreadable => "cannot be read",
        QuarantineReason::UnknownKind => "of a kind newer than this server",
        QuarantineReason::BadSignature => "the signature is not the device's",
        QuarantineReason::BrokenChain => "does not follow the act before",
        QuarantineReason::Fork => "another act stands in its place",
        QuarantineReason::WrongAddress => "signed for another shop, device or chain",
        QuarantineReason::UnknownDevice => "this shop does not know the device",
        QuarantineReason::NotTheServers => "not the device's to say",
    }
}
