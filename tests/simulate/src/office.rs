//! Permits, in some worlds: who may decide and see customers on a device that does not reach the server, and for how long.
//!
//! In: the seed, contacts, clocks. Out: permits given, kept back, lost and copied; what a person may do now. Must not: throw
//! the world's dice; worlds without permits are what they would be without this.

use std::collections::BTreeMap;

use domain::facility::Actor;
use domain::id::{ActorId, DeviceId, Hash};
use domain::permit::{
    Allowed, Holder, Mark, Permit, PermitAnswer, PermitAsk, PermitRules, ServerTime,
};
use domain::sync::device::Input;
use domain::sync::message::Signed;
use domain::time::{Day, Millis};

use crate::dice::Dice;
use crate::faults::Fault;
use crate::server::Mishap;
use crate::shop::{self, STORE};
use crate::world::{HEAL, World};

/// Worlds of a thousand in which permits are given.
const PERMITTED: u64 = 150;
/// So short that they end within a world: its minutes are the hours and days of a real one.
pub(crate) const RULES: PermitRules = PermitRules {
    effective: Day(20_786),
    file: Hash([3; 32]),
    decisions_ms: 40_000,
    customers_ms: 60_000,
    capture_ms: 90_000,
};
/// Longest time for which no question about permits is answered.
const SILENCE_MS: u64 = 600_000;
/// The first so many of the people may be told to go home; the others keep the shop going.
const LEAVERS: usize = 3;
/// By how much somebody sets a clock back.
const BACK_MS: u64 = 7_200_000;

/// Whoever gives permits, and what became of them.
#[derive(Debug)]
pub struct Office {
    dice: Dice,
    /// Every permit the server gave, oldest first.
    pub(crate) given: Vec<Permit>,
    /// Since when each person's permit is on a device, by the world's clock.
    arrived: BTreeMap<(usize, ActorId), Arrived>,
    /// The last answer to each device, for whoever plays it again.
    answers: BTreeMap<DeviceId, PermitAnswer>,
    silent_until: u64,
    questions: u64,
}

#[derive(Clone, Copy, Debug)]
struct Arrived {
    at: u64,
    boot: u64,
    generation: u32,
}

/// What a device keeps of permits, and what it makes of it since its start.
#[derive(Clone, Debug, Default)]
pub struct Wallet {
    kept: Vec<Signed>,
    mark: Option<Mark>,
    held: BTreeMap<ActorId, Permit>,
    time: Option<ServerTime>,
    /// The start and the enrolment since which all that is in memory.
    read_at: Option<(u64, u32)>,
    /// Somebody has set its clock back.
    clock_was_set: bool,
}

impl Wallet {
    /// Reads what is kept, once after each start.
    fn read(&mut self, holder: Holder, boot: u64, mono: u64) {
        if self.read_at.replace((boot, holder.generation)) == Some((boot, holder.generation)) {
            return;
        }
        let read = |signed: &Signed| Permit::read(&signed.bytes, holder);
        let held = self.kept.iter().filter_map(read);
        self.held = held.map(|permit| (permit.actor, permit)).collect();
        self.time = self.mark.map(|mark| ServerTime::resumed(mark, mono));
    }

    fn now(&mut self, wall: i64, mono: u64) -> Option<Millis> {
        let time = self.time.as_mut()?;
        let now = time.now(wall, mono);
        self.mark = Some(time.mark());
        Some(now)
    }

    fn allow(&mut self, actor: ActorId, wall: i64, mono: u64) -> Allowed {
        match self.now(wall, mono) {
            None => Allowed::ALL,
            Some(now) => Allowed::by(self.held.get(&actor), true, now),
        }
    }

    fn is_due(&mut self, actor: ActorId, wall: i64, mono: u64) -> bool {
        let Some(now) = self.now(wall, mono) else {
            return true;
        };
        !self.held.contains_key(&actor) || self.held.values().any(|permit| permit.is_due(now))
    }
}

impl Office {
    /// The office of a seed's world, if it has one.
    #[must_use]
    pub fn of(seed: u64) -> Option<Self> {
        let mut dice = Dice::new(seed ^ 0x9e21_0317);
        dice.per_mille(PERMITTED).then_some(Self {
            dice,
            given: Vec::new(),
            arrived: BTreeMap::new(),
            answers: BTreeMap::new(),
            silent_until: 0,
            questions: 0,
        })
    }
}

impl World {
    /// Whether a fault strikes that only worlds with permits know.
    fn strikes_permits(&mut self, office: &mut Office, fault: Fault) -> bool {
        let strikes = !self.is_healed() && office.dice.per_mille(self.rates.of(fault));
        if strikes {
            self.struck.count(fault);
        }
        strikes
    }

    /// A device's clocks, and whose permits count on it.
    fn around(&mut self, index: usize) -> Option<(Holder, i64, u64)> {
        let now = self.device_now();
        let mono = self.now;
        let tablet = &mut self.tablets[index];
        tablet.memory.as_ref()?;
        let holder = Holder {
            store: STORE,
            device: tablet.id,
            generation: tablet.generation,
        };
        tablet.wallet.read(holder, tablet.boot, mono);
        Some((holder, tablet.clock.wall(now), mono))
    }

    /// The server has answered a device: it asks for permits where they are due.
    pub(crate) fn permits_at_contact(&mut self, index: usize, input: &Input) {
        let server_wall = match input {
            Input::Pulled(answer) => answer.server_wall,
            Input::Pushed(answer) => answer.server_wall,
            _ => return,
        };
        let Some(mut office) = self.server.office.take() else {
            return;
        };
        if let Some((holder, wall, mono)) = self.around(index) {
            let tablet = &mut self.tablets[index];
            if let Some(time) = &mut tablet.wallet.time {
                time.heard(Millis(server_wall), wall, mono);
            }
            let actor = tablet.actor;
            let is_due = tablet.wallet.is_due(actor, wall, mono);
            if is_due && !self.is_silent(&mut office) {
                self.ask_permits(&mut office, index, holder, actor);
            }
        }
        self.server.office = Some(office);
    }

    fn is_silent(&mut self, office: &mut Office) -> bool {
        if self.now >= office.silent_until && self.strikes_permits(office, Fault::PermitUnanswered)
        {
            let until = self.now + office.dice.below(SILENCE_MS);
            office.silent_until = until.min(HEAL);
        }
        self.now < office.silent_until
    }

    fn ask_permits(&mut self, office: &mut Office, index: usize, holder: Holder, actor: ActorId) {
        self.may_leave(office, actor);
        office.questions += 1;
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&office.questions.to_be_bytes());
        let held = self.tablets[index].wallet.held.keys().copied();
        let mut actors: Vec<ActorId> = held.collect();
        actors.push(actor);
        let ask = PermitAsk {
            actors: actors.clone(),
            nonce,
        };
        let works = |actor: &&Actor| actor.active;
        let answer = self.server.change(0, Mishap::None, |node| {
            let answer = node.permit(holder.device, &ask, &RULES)?;
            let ledger = node.ledger();
            let people: Vec<ActorId> = ledger
                .actors
                .values()
                .filter(works)
                .map(|one| one.id)
                .collect();
            let device = ledger.devices.get(&holder.device);
            Ok((answer, people, device.is_some_and(|known| known.active)))
        });
        let Some((answer, people, is_enrolled)) = answer else {
            return;
        };
        let given = answer.permits.iter();
        let given: Vec<Permit> = given
            .filter_map(|signed| minicbor::decode(&signed.bytes).ok())
            .collect();
        let is_wrong = |permit: &Permit| !people.contains(&permit.actor) || !is_enrolled;
        if given.iter().any(is_wrong) {
            self.blame(Err(
                "a permit was given to who does not work here".to_owned()
            ));
        }
        office.given.extend(given);
        let before = office.answers.insert(holder.device, answer.clone());
        let is_old = before.is_some() && self.strikes_permits(office, Fault::PermitPlayedAgain);
        let arrived = before.filter(|_| is_old).unwrap_or(answer);
        self.permits_arrive(office, index, (holder, nonce), &actors, arrived, is_old);
    }

    /// Whoever asks may have been told to go home just before.
    fn may_leave(&mut self, office: &mut Office, actor: ActorId) {
        if !self.strikes_permits(office, Fault::PermitOfWhoLeft) {
            return;
        }
        let person = shop::PEOPLE.iter().position(|(id, _)| *id == actor);
        match person.filter(|person| *person < LEAVERS) {
            Some(person) => {
                self.server.record(0, vec![shop::person(person, false)]);
            }
            None => self.take_back(Fault::PermitOfWhoLeft),
        }
    }

    /// As the app takes an answer in.
    fn permits_arrive(
        &mut self,
        office: &mut Office,
        index: usize,
        (holder, nonce): (Holder, [u8; 16]),
        asked: &[ActorId],
        answer: PermitAnswer,
        is_old: bool,
    ) {
        let (now, mono) = (self.device_now(), self.now);
        let tablet = &mut self.tablets[index];
        let wall = tablet.clock.wall(now);
        let mut fresh = BTreeMap::new();
        for signed in answer.permits {
            let permit = Permit::read(&signed.bytes, holder);
            if let Some(permit) = permit.filter(|permit| permit.answers(&nonce)) {
                fresh.insert(permit.actor, (permit, signed));
            }
        }
        for actor in asked {
            office.arrived.remove(&(index, *actor));
        }
        for actor in fresh.keys().filter(|_| !is_old) {
            let arrived = Arrived {
                at: mono,
                boot: tablet.boot,
                generation: holder.generation,
            };
            office.arrived.insert((index, *actor), arrived);
        }
        let wallet = &mut tablet.wallet;
        if let Some(issued) = fresh.values().map(|(permit, _)| permit.issued).max() {
            wallet.time = Some(ServerTime::told(issued, wall, mono));
            wallet.now(wall, mono);
        }
        wallet.held.retain(|actor, _| !asked.contains(actor));
        let held = &wallet.held;
        wallet.kept.retain(|signed| {
            let permit = Permit::read(&signed.bytes, holder);
            permit.is_some_and(|permit| held.contains_key(&permit.actor))
        });
        for (actor, (permit, signed)) in fresh {
            wallet.held.insert(actor, permit);
            wallet.kept.push(signed);
        }
    }

    /// Before somebody acts: what may be done now, and whether that is right.
    pub(crate) fn look_at_permits(&mut self, index: usize) {
        let Some(mut office) = self.server.office.take() else {
            return;
        };
        if self.strikes_permits(&mut office, Fault::ClockSetBack) {
            let back = i64::try_from(office.dice.below(BACK_MS)).unwrap_or(0);
            let tablet = &mut self.tablets[index];
            tablet.clock.offset -= back;
            tablet.wallet.clock_was_set = true;
        }
        if self.strikes_permits(&mut office, Fault::PermitsCopied) {
            self.copy_permits(&mut office, index);
        }
        if let Some((_, wall, mono)) = self.around(index) {
            let tablet = &mut self.tablets[index];
            let allowed = tablet.wallet.allow(tablet.actor, wall, mono);
            tablet.may_decide = allowed.decisions;
            let checked = self.check_allowed(&office, index, allowed);
            self.blame(checked);
        }
        self.server.office = Some(office);
    }

    /// Somebody copies what another device keeps of permits into this one's storage, and starts it.
    fn copy_permits(&mut self, office: &mut Office, index: usize) {
        let from = office.dice.index(self.tablets.len());
        let is_bare = self.tablets[from].wallet.mark.is_none();
        if is_bare || self.tablets[from].id == self.tablets[index].id {
            self.take_back(Fault::PermitsCopied);
            return;
        }
        let (kept, mark) = {
            let wallet = &self.tablets[from].wallet;
            (wallet.kept.clone(), wallet.mark)
        };
        // What was copied from here before is no other device's.
        let tablet = &self.tablets[index];
        let holder = Holder {
            store: STORE,
            device: tablet.id,
            generation: tablet.generation,
        };
        let is_own = |signed: &Signed| Permit::read(&signed.bytes, holder).is_some();
        if kept.iter().any(is_own) {
            self.take_back(Fault::PermitsCopied);
            return;
        }
        let wallet = &mut self.tablets[index].wallet;
        (wallet.kept, wallet.mark, wallet.read_at) = (kept, mark, None);
        office.arrived.retain(|(of, _), _| *of != index);
    }

    /// What is allowed, against what arrived here and when.
    fn check_allowed(&self, office: &Office, index: usize, allowed: Allowed) -> Result<(), String> {
        let tablet = &self.tablets[index];
        if tablet.wallet.time.is_none() {
            return Ok(());
        }
        let arrived = office.arrived.get(&(index, tablet.actor));
        let arrived = arrived.filter(|arrived| arrived.generation == tablet.generation);
        let Some(arrived) = arrived else {
            return match allowed.decisions || allowed.customers {
                true => Err("a device lets people decide without a permit of theirs".to_owned()),
                false => Ok(()),
            };
        };
        let clock = &tablet.clock;
        let is_clock_good = !tablet.wallet.clock_was_set
            && (clock.offset, clock.drift, clock.stopped) == (0, 0, None);
        // While a device is off only its wall clock runs, and that may have been set.
        if arrived.boot != tablet.boot && !is_clock_good {
            return Ok(());
        }
        let passed = i64::try_from(self.now - arrived.at).unwrap_or(i64::MAX);
        if allowed.decisions && passed > RULES.decisions_ms {
            return Err("a device lets people decide after their permit is over".to_owned());
        }
        if allowed.customers && passed > RULES.customers_ms {
            return Err("a device shows customers after the permit is over".to_owned());
        }
        let is_server_good = self.struck.of(Fault::ServerClockJumped) == 0;
        let is_early = is_clock_good && is_server_good && passed < RULES.decisions_ms;
        match is_early && !(allowed.decisions && allowed.customers) {
            true => Err("a device takes a permit for over that is not".to_owned()),
            false => Ok(()),
        }
    }
}
