//! What a device has not sent goes into a file, and another device carries it.
//!
//! In: a device's storage, faults. Out: acts on another's storage, and its carrier's requests. Must not: promise
//! more than was in the device's storage when the file was made.

use domain::id::{DeviceId, Hash};
use domain::sync::device::OutboxEntry;
use domain::sync::lifeboat::{Carried, Lifeboat};
use domain::sync::message::PushAnswer;
use domain::sync::relay::{Delivered, Effect, Input};

use crate::faults::Fault;
use crate::happening::{Happening, Request};
use crate::shop::{OTHER_STORE, STORE};
use crate::strangers::flipped;
use crate::tablet::Tablet;
use crate::world::{HEAL, PATIENCE, World};

/// What happens to a carrier.
#[derive(Clone, Debug)]
pub enum Carrying {
    /// What came of an effect.
    Outcome(Input),
    /// Its storage notes what became of acts, and lets them go.
    Note(Vec<Delivered>),
    /// Its timer runs out.
    Timer,
    /// Somebody chooses a file on the device.
    File(Box<File>),
}

/// A file, and what people were told is in it.
#[derive(Clone, Debug)]
pub struct File {
    bytes: Vec<u8>,
    /// The acts it saves from being lost; none when somebody has changed it.
    promised: Vec<OutboxEntry>,
    of: DeviceId,
}

impl Tablet {
    /// Acts of others in its storage.
    #[must_use]
    pub fn carried_acts(&self) -> Vec<Carried> {
        let acts = self.carried.iter();
        acts.map(|((device, epoch, seq), event)| Carried {
            device: *device,
            entry: OutboxEntry {
                epoch: *epoch,
                seq: *seq,
                event: event.clone(),
            },
        })
        .collect()
    }
}

impl World {
    /// A person saves what a device has not sent, or all it has, and takes it to another. Whether there was anything.
    pub(crate) fn save_lifeboat(&mut self, index: usize) -> bool {
        let is_whole = self.dice.per_mille(300);
        let disk = &self.tablets[index].disk;
        let acts = match is_whole {
            true => disk.chains_whole(),
            false => disk.unsent(),
        };
        let of = self.tablets[index].id;
        if acts.is_empty() {
            return false;
        }
        let boat = Lifeboat::of(STORE, of, self.device_now(), acts.clone()).named("a tablet");
        let bytes = boat.to_bytes();
        let read = Lifeboat::parse(&bytes, STORE).map(Lifeboat::into_acts);
        let is_true = read.is_ok_and(|read| {
            let read = read.into_iter().map(|act| act.entry);
            read.eq(acts.iter().cloned())
        });
        if !is_true {
            self.blame(Err("a file holds other acts than the device".to_owned()));
        }
        if self.strikes(Fault::FileSpoilt) {
            self.must_be_refused(self.spoilt_of(&bytes), "spoilt");
        }
        if self.strikes(Fault::FileOfAnotherShop) {
            let mut elsewhere = boat.clone();
            elsewhere.store = OTHER_STORE;
            self.must_be_refused(elsewhere.to_bytes(), "another shop's");
        }
        let mut file = File {
            bytes,
            promised: acts,
            of,
        };
        if self.strikes(Fault::FileEdited) {
            file = self.edited(boat);
        }
        let takers = 1 + self.dice.below(2);
        for _ in 0..takers {
            self.take_along(file.clone());
        }
        true
    }

    /// The file reaches a device: soon, late, or when all is well again.
    fn take_along(&mut self, file: File) {
        let at = match self.dice.below(3) {
            0 => self.now + 1_000 + self.dice.below(30_000),
            1 => self.before_it_heals() + 1,
            _ => HEAL + 1 + self.dice.below(60_000),
        };
        let taker = self.dice.index(self.tablets.len());
        let file = Carrying::File(Box::new(file));
        self.plan(at, taker, Happening::Carrying(0, file));
    }

    fn spoilt_of(&self, bytes: &[u8]) -> Vec<u8> {
        let turned = self.now.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let place = usize::try_from(turned % 65_521).unwrap_or(0) % bytes.len();
        let mut spoilt = bytes.to_vec();
        match turned % 2 {
            0 => spoilt.truncate(place),
            _ => spoilt[place] ^= 1 << (turned % 8),
        }
        spoilt
    }

    fn must_be_refused(&mut self, bytes: Vec<u8>, what: &str) {
        if Lifeboat::parse(&bytes, STORE).is_ok() {
            self.blame(Err(format!("a file is taken that is {what}")));
        }
    }

    /// Somebody changes an act in the file and makes the file whole again.
    fn edited(&mut self, mut boat: Lifeboat) -> File {
        let part = self.dice.index(boat.parts.len());
        let events = &mut boat.parts[part].events;
        let which = self.dice.index(events.len());
        let event = flipped(events[which].clone(), self.dice.number());
        self.oracle.forged(event.hash());
        events[which] = event;
        File {
            bytes: boat.to_bytes(),
            promised: Vec::new(),
            of: boat.device,
        }
    }

    /// What happens to a carrier.
    pub(crate) fn carrying(&mut self, index: usize, boot: u64, number: u64, what: Carrying) {
        let tablet = &mut self.tablets[index];
        if let Carrying::File(file) = what {
            return self.take_file(index, *file);
        }
        let is_due = match what {
            Carrying::Timer => tablet.carry_timer == Some(number),
            _ => tablet.carry_under_way == Some(number),
        };
        if tablet.boot != boot || !is_due {
            return;
        }
        match what {
            Carrying::Outcome(input) => {
                tablet.carry_under_way = None;
                if let Input::Pushed(answer) = &input {
                    self.oracle.carrier_told(answer);
                }
                self.carry(index, input);
            }
            Carrying::Note(delivered) => {
                let fails = self.strikes(Fault::ReceiptsNotKept);
                self.tablets[index].carry_under_way = None;
                if !fails {
                    self.let_go(index, &delivered);
                }
                let input = if fails { Input::Failed } else { Input::Noted };
                self.carry(index, input);
            }
            Carrying::Timer => {
                tablet.carry_timer = None;
                self.carry(index, Input::Timer);
            }
            Carrying::File(_) => {}
        }
    }

    /// Acts leave the carrier's storage: the server must have had every one of them.
    fn let_go(&mut self, index: usize, delivered: &[Delivered]) {
        for done in delivered {
            let (device, epoch) = done.chain;
            let name = (device, epoch, done.seq);
            let event = self.tablets[index].carried.remove(&name);
            let hash = event.map_or(Hash::default(), |event| event.hash());
            if !self.is_at_the_server(name, hash) {
                self.blame(Err(format!("a carrier drops what never arrived: {name:?}")));
            }
        }
    }

    /// Somebody chooses a file: its acts are kept, and then carried.
    fn take_file(&mut self, index: usize, file: File) {
        let tablet = &mut self.tablets[index];
        // A device sends its own acts itself.
        if tablet.memory.is_none() || tablet.id == file.of {
            return;
        }
        let Ok(boat) = Lifeboat::parse(&file.bytes, STORE) else {
            return self.blame(Err("a whole file is not taken".to_owned()));
        };
        let acts = boat.into_acts();
        for act in &acts {
            let entry = &act.entry;
            let name = (act.device, entry.epoch, entry.seq);
            tablet.carried.insert(name, entry.event.clone());
        }
        self.oracle.promised(index, file.of, &file.promised);
        if self.telling.of_steps() {
            self.tell(&format!("device {index} carries {} acts", acts.len()));
        }
        self.carry(index, Input::Kept(acts));
    }

    /// Feeds a carrier and takes up what it says.
    pub(crate) fn carry(&mut self, index: usize, input: Input) {
        let random = u32::try_from(self.dice.below(1 << 32)).unwrap_or(0);
        let Some(memory) = &mut self.tablets[index].memory else {
            return;
        };
        let cursor = memory.machine.cursor();
        for effect in memory.carrier.step(input, cursor, random) {
            let number = self.number();
            match effect {
                Effect::Push(push) => {
                    self.tablets[index].carry_under_way = Some(number);
                    let failed = Carrying::Outcome(Input::Failed);
                    let at = self.now + PATIENCE;
                    self.plan(at, index, Happening::Carrying(number, failed));
                    self.put_on_the_way(index, number, Request::Carry(push));
                }
                Effect::Note(delivered) => {
                    self.tablets[index].carry_under_way = Some(number);
                    let at = self.now + 1 + self.dice.below(60);
                    let note = Carrying::Note(delivered);
                    self.plan(at, index, Happening::Carrying(number, note));
                }
                Effect::SetTimer(milliseconds) => {
                    self.tablets[index].carry_timer = Some(number);
                    let at = self.now + u64::from(milliseconds);
                    self.plan(at, index, Happening::Carrying(number, Carrying::Timer));
                }
            }
        }
    }
}

/// What goes back to whoever asked: the device's machine, or its carrier.
pub(crate) fn word_back(
    is_carried: bool,
    request: u64,
    answer: domain::sync::device::Input,
) -> Happening {
    use domain::sync::device::Input as Own;
    if !is_carried {
        return Happening::Outcome(request, answer);
    }
    let input = match answer {
        Own::Pushed(answer) => Input::Pushed(answer),
        _ => Input::Failed,
    };
    Happening::Carrying(request, Carrying::Outcome(input))
}

/// The names in an answer that have a place.
pub(crate) fn placed_in(answer: &PushAnswer) -> PushAnswer {
    let mut placed = answer.clone();
    for chain in &mut placed.chains {
        let has_place = |receipt: &domain::sync::message::Receipt| receipt.position.0 > 0;
        chain.receipts.retain(has_place);
    }
    placed
}
