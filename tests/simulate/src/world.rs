//! Time, messages on their way, and faults. One thread, one seed, no clock but its own.
//!
//! In: a seed and rates. Out: a world that has run to its end. Must not: stop the faults early, or judge; the
//! oracle does.

use std::collections::BTreeMap;

use domain::event::{Body, encode};
use domain::id::{ActorId, DeviceId, Hash};
use domain::sync::device::{Effect, Input};
use domain::sync::message::{Cursor, Push};

use crate::carrying::word_back;
use crate::dice::Dice;
use crate::dispatch;
use crate::faults::{Fault, Rates, Struck};
use crate::happening::{Happening, Request};
use crate::oracle::Oracle;
use crate::releases;
use crate::runs::Telling;
use crate::server::Server;
use crate::shop;
use crate::size::Size;
use crate::tablet::Tablet;
use crate::witnesses::Operator;

/// When the faults end, in milliseconds.
pub const HEAL: u64 = 900_000;
/// When every queue must be empty: the longest wait between tries, and time for the tries themselves.
pub const END: u64 = HEAL + 240_000;
/// A device gives a request up after so long.
pub(crate) const PATIENCE: u64 = 8_000;
/// Steps in one world; far more than an honest one takes.
const STEPS_MAX: usize = 60_000;

/// The world.
#[derive(Debug)]
pub struct World {
    /// Its seed.
    pub seed: u64,
    /// Milliseconds since the morning.
    pub now: u64,
    pub(crate) dice: Dice,
    pub(crate) rates: Rates,
    /// How often each fault struck.
    pub struck: Struck,
    /// The server.
    pub server: Server,
    /// The devices, also those that are gone.
    pub tablets: Vec<Tablet>,
    /// What people were told, and what is excused.
    pub oracle: Oracle,
    queue: BTreeMap<(u64, u64), (usize, u64, Box<Happening>)>,
    numbers: u64,
    pub(crate) orders: u32,
    /// All that the point of sale ever sent.
    pub(crate) sold: Vec<Body>,
    pub(crate) server_clock: i64,
    /// Messages somebody has listened to.
    pub(crate) overheard: Vec<Push>,
    trace: Hash,
    /// Until when the server takes nothing.
    pub(crate) takes_nothing_until: u64,
    /// What was found wrong in the midst of a step.
    pub(crate) wrong: Option<String>,
    /// How much it tells.
    pub telling: Telling,
    /// Whoever runs the server, and what he has done.
    pub(crate) operator: Operator,
    /// Whoever loads the driver's phone, where there is one.
    pub(crate) dispatcher: Option<Dice>,
}

impl World {
    /// A world before anything happens.
    #[must_use]
    pub fn new(seed: u64, rates: Rates, size: Size) -> Self {
        let mut world = Self {
            seed,
            now: 0,
            dice: Dice::new(seed),
            rates,
            struck: Struck::default(),
            server: Server::new(seed),
            tablets: Vec::new(),
            oracle: Oracle::default(),
            queue: BTreeMap::new(),
            numbers: 0,
            orders: 0,
            sold: Vec::new(),
            server_clock: 0,
            overheard: Vec::new(),
            trace: Hash::default(),
            takes_nothing_until: 0,
            wrong: None,
            telling: Telling::Verdict,
            operator: Operator::default(),
            dispatcher: dispatch::dice(seed),
        };
        if world.is_of_several_ages() {
            world.server.install(0);
        }
        world.server.record(0, shop::first_facts());
        world.plan_the_day(size);
        world
    }

    fn plan_the_day(&mut self, size: Size) {
        for _ in 0..2 + self.dice.below(size.tablets - 1) {
            self.add_tablet();
        }
        // The last device stands at the counter.
        if let Some(last) = self.tablets.last_mut() {
            last.actor = ActorId(4);
        }
        self.add_phone();
        self.add_limits();
        self.add_holds();
        for index in 0..self.tablets.len() {
            self.plan(0, index, Happening::Start);
            for _ in 0..size.acts / 2 + self.dice.below(size.acts / 2) {
                let at = self.dice.below(HEAL);
                self.plan(at, index, Happening::Act);
            }
            let at = self.dice.below(HEAL);
            self.plan(at, index, Happening::Wake);
        }
        for _ in 0..2 {
            self.new_order();
        }
        self.plan(HEAL + 1, 0, Happening::LetIn);
        self.plan_upgrades();
        for _ in 0..size.orders {
            let at = self.dice.below(HEAL);
            self.plan(at, 0, Happening::Shop);
        }
        for _ in 0..3 {
            let at = self.dice.below(HEAL);
            self.plan(at, 0, Happening::Stranger);
        }
    }

    /// Once all is well, somebody takes a device in hand that lost something: what it had given up on is tried again.
    pub(crate) fn somebody_looks(&mut self, index: usize) {
        self.plan(HEAL + 120_000, index, Happening::Look);
    }

    /// Adds a device of the shop.
    pub(crate) fn add_tablet(&mut self) -> usize {
        let id = DeviceId(self.dice.id());
        self.enrol(id)
    }

    /// Enrols a device.
    pub(crate) fn enrol(&mut self, id: DeviceId) -> usize {
        let index = self.tablets.len();
        let person = shop::PEOPLE[index % 3].0;
        self.tablets.push(Tablet::new(id, person));
        if self.is_of_several_ages() {
            self.tablets[index].release = index % (releases::NEWEST + 1);
        }
        self.server.record(0, vec![shop::device(id, 1, true)]);
        self.somebody_looks(index);
        index
    }

    pub(crate) fn new_order(&mut self) {
        self.orders += 1;
        let now = self.server_now();
        let order = shop::order(&mut self.dice, self.orders, now);
        self.sold.push(order.clone());
        self.server.record(0, vec![order]);
    }

    pub(crate) fn server_now(&self) -> i64 {
        shop::MORNING + i64::try_from(self.now).unwrap_or(0) + self.server_clock
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    pub(crate) fn plan(&mut self, at: u64, tablet: usize, happening: Happening) {
        let boot = self.tablets.get(tablet).map_or(0, |tablet| tablet.boot);
        self.plan_for(at, tablet, boot, happening);
    }

    fn plan_for(&mut self, at: u64, tablet: usize, boot: u64, happening: Happening) {
        let entry = (tablet, boot, Box::new(happening));
        let number = self.number();
        self.queue.insert((at, number), entry);
    }

    /// A moment between now and the end of the faults.
    pub(crate) fn before_it_heals(&mut self) -> u64 {
        self.now + self.dice.below(HEAL.saturating_sub(self.now))
    }

    /// Whether the faults are over.
    #[must_use]
    pub fn is_healed(&self) -> bool {
        self.now >= HEAL
    }

    /// Whether a fault strikes now.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = !self.is_healed() && self.dice.per_mille(self.rates.of(fault));
        if strikes {
            self.struck.count(fault);
            if self.telling.of_steps() {
                self.tell(&format!("{} strikes", fault.name()));
            }
        }
        strikes
    }

    /// Counts a fault that could not strike after all.
    pub(crate) fn take_back(&mut self, fault: Fault) {
        self.struck.0[fault as usize] -= 1;
    }

    #[expect(
        clippy::print_stdout,
        reason = "asked for by whoever looks for a fault"
    )]
    pub(crate) fn tell(&self, what: &str) {
        println!("{:>9} {what}", self.now);
    }

    /// Runs to the end. Returns what must hold and did not.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn run(&mut self) -> Result<(), String> {
        for step in 0.. {
            if step >= STEPS_MAX {
                return Err("it goes in circles".to_owned());
            }
            let Some(((at, _), (tablet, boot, happening))) = self.queue.pop_first() else {
                break;
            };
            if at > END {
                break;
            }
            self.now = at;
            self.server.set_now(self.server_now(), self.now);
            self.happen(tablet, boot, *happening)?;
            self.check_every_step()?;
        }
        self.now = END;
        self.check_the_end()
    }

    fn happen(&mut self, index: usize, boot: u64, happening: Happening) -> Result<(), String> {
        if happening.is_about_a_tablet() {
            let tablet = &self.tablets[index];
            if tablet.is_gone {
                return Ok(());
            }
            if tablet.frozen_until > self.now {
                // A frozen page does nothing; all of it happens when it thaws.
                let at = tablet.frozen_until;
                self.plan_for(at, index, boot, happening);
                return Ok(());
            }
        }
        match happening {
            Happening::Act => self.act(index),
            Happening::Start => {
                if self.tablets[index].memory.is_none() {
                    self.start(index, domain::custody::sign_in::OpenCause::Start);
                }
            }
            Happening::Wake => {
                self.step(index, Input::Wake);
                self.carry(index, domain::sync::relay::Input::Wake);
            }
            Happening::Carrying(number, what) => self.carrying(index, boot, number, what),
            Happening::Look => {
                if self.tablets[index].has_given_up() {
                    self.step(index, Input::ViewForgotten(Cursor::default()));
                } else if self.oracle.has_lost(self.tablets[index].id) {
                    self.step(index, Input::Wake);
                }
            }
            Happening::Timer(timer) => {
                if self.tablets[index].timer == Some(timer) {
                    self.tablets[index].timer = None;
                    self.step(index, Input::Timer);
                }
            }
            Happening::Arrival(request, device, asked) => {
                self.serve(index, boot, request, device, asked)?;
            }
            Happening::Outcome(effect, input) => self.outcome(index, boot, effect, input),
            Happening::Storage(number, effect) => self.store(index, boot, number, effect),
            Happening::Shop => self.in_the_shop(),
            Happening::Dispatch => self.dispatch(),
            Happening::Rules(units) => self.rule(units),
            Happening::Hold(what) => self.hold(what),
            Happening::Stranger => self.stranger(),
            Happening::DiskFreed => self.server.log.set_full(false),
            Happening::LetIn => {
                self.let_in();
                self.sell_again();
            }
            Happening::Upgrade(node, release) => self.upgrade(node, release),
        }
        Ok(())
    }

    fn store(&mut self, index: usize, boot: u64, number: u64, effect: Effect) {
        if self.tablets[index].boot != boot {
            return;
        }
        let keeps_view = matches!(effect, Effect::KeepView(_));
        let kept = self.storage(index, effect);
        self.tablets[index].keeps_view &= !keeps_view;
        self.check_screen(index);
        self.outcome(index, boot, number, kept.unwrap_or(Input::Failed));
    }

    fn outcome(&mut self, index: usize, boot: u64, effect: u64, input: Input) {
        let tablet = &mut self.tablets[index];
        if tablet.boot != boot {
            return;
        }
        let input = match tablet.chunks_under_way.remove(&effect) {
            Some(hash) if input == Input::Failed => Input::ChunkFailed(hash),
            Some(_) => input,
            None if tablet.under_way == Some(effect) => {
                tablet.under_way = None;
                input
            }
            None => return,
        };
        if let Input::Pushed(answer) = &input {
            tablet.answered(answer);
            self.oracle.acknowledged(answer);
        }
        self.witness(index, &input);
        self.step(index, input);
    }

    /// Feeds a device's machine and takes up what it says.
    pub(crate) fn step(&mut self, index: usize, input: Input) {
        let random = u32::try_from(self.dice.below(1 << 32)).unwrap_or(0);
        let Some(memory) = &mut self.tablets[index].memory else {
            return;
        };
        let effects = memory.machine.step(input, random);
        for effect in effects {
            match effect {
                Effect::Push(push) => self.send(index, Request::Push(push)),
                Effect::Pull(ask) => self.ask_for_rows(index, ask),
                Effect::AskSums => self.send(index, Request::Sums),
                Effect::AskSnapshot => self.send(index, Request::Snapshot),
                Effect::FetchChunk(chunk) => {
                    self.fetches(index, chunk);
                    let number = self.begin_chunk(index, chunk);
                    self.send_as(index, number, Request::Chunk(chunk));
                }
                Effect::Compare(_) | Effect::FindDifferences(_) => {
                    let found = self.tablets[index].perform(effect);
                    if found == Some(Input::Compared(false)) {
                        self.differs(index);
                    }
                    if let Some(found) = found {
                        self.step(index, found);
                    }
                }
                Effect::KeepReceipts(_)
                | Effect::KeepView(_)
                | Effect::LookAtChunks(_)
                | Effect::KeepChunk(..)
                | Effect::OpenSnapshot(..)
                | Effect::Reread { .. } => {
                    self.tablets[index].keeps_view |= matches!(effect, Effect::KeepView(_));
                    let number = match &effect {
                        Effect::KeepChunk(chunk, _) => self.begin_chunk(index, *chunk),
                        _ => self.begin(index),
                    };
                    let at = self.now + 1 + self.dice.below(60);
                    self.plan(at, index, Happening::Storage(number, effect));
                }
                Effect::SetTimer(milliseconds) => {
                    let timer = self.number();
                    self.tablets[index].timer = Some(timer);
                    let at = self.now + u64::from(milliseconds);
                    self.plan(at, index, Happening::Timer(timer));
                }
                Effect::Report(_) => {}
            }
        }
    }

    fn begin(&mut self, index: usize) -> u64 {
        let number = self.number();
        let before = self.tablets[index].under_way.replace(number);
        assert_eq!(before, None, "seed {}: two things at once", self.seed);
        number
    }

    pub(crate) fn send(&mut self, index: usize, asked: Request) {
        if let Request::Push(push) = &asked {
            self.look_for_circles(index, push);
        }
        let number = self.begin(index);
        self.send_as(index, number, asked);
    }

    fn send_as(&mut self, index: usize, number: u64, asked: Request) {
        let given_up = Happening::Outcome(number, Input::Failed);
        self.plan(self.now + PATIENCE, index, given_up);
        self.put_on_the_way(index, number, asked);
    }

    /// Puts a request on its way: it may arrive not at all, once, or twice.
    pub(crate) fn put_on_the_way(&mut self, index: usize, number: u64, asked: Request) {
        if self.strikes(Fault::RequestLost) || self.strikes(Fault::RequestTruncated) {
            // A request that breaks off is not a request; the server answers nothing to it.
            return;
        }
        let mut copies = 1;
        if self.strikes(Fault::RequestDoubled) {
            copies = 2;
        }
        let device = self.tablets[index].id;
        for _ in 0..copies {
            let mut at = self.arrival();
            if self.strikes(Fault::HalfOpen) {
                at = self.now + PATIENCE + self.dice.below(20_000);
            }
            self.plan(at, index, Happening::Arrival(number, device, asked.clone()));
        }
    }

    fn arrival(&mut self) -> u64 {
        if self.strikes(Fault::DelayedForDays) {
            return HEAL + self.dice.below(60_000);
        }
        let longest = if self.strikes(Fault::Delayed) {
            60_000
        } else {
            400
        };
        self.now + 1 + self.dice.below(longest)
    }

    /// Sends an answer back, unless it gets lost. Whoever asked may wait no more.
    pub(crate) fn answer(
        &mut self,
        index: usize,
        boot: u64,
        (request, is_carried): (u64, bool),
        answer: Input,
    ) {
        if self.strikes(Fault::AnswerLost) {
            return;
        }
        // The page checks what comes: a broken, strange or forged answer counts as none.
        let is_spoilt = self.strikes(Fault::AnswerTruncated)
            || self.strikes(Fault::CaptivePortal)
            || self.strikes(Fault::AnswerFlipped)
            || self.strikes(Fault::ReceiptForged);
        let answer = if is_spoilt { Input::Failed } else { answer };
        let copies = 1 + u8::from(self.strikes(Fault::AnswerDoubled));
        for _ in 0..copies {
            let at = self.arrival();
            let outcome = word_back(is_carried, request, answer.clone());
            self.plan_for(at, index, boot, outcome);
        }
    }

    /// Adds to the trace: the same seed must leave the same.
    pub(crate) fn note(&mut self, bytes: &[u8]) {
        self.trace = Hash::of(&[&self.trace.0, &self.now.to_be_bytes(), bytes]);
    }

    /// The trace of all that was said.
    #[must_use]
    pub fn trace(&self) -> Hash {
        let head = encode(&self.server.head());
        let ledger = self.server.log.look(|content| {
            let hashes = content.events.iter().map(|entry| entry.hash);
            hashes.fold(Hash::default(), |sum, hash| Hash::of(&[&sum.0, &hash.0]))
        });
        Hash::of(&[&self.trace.0, &head, &ledger.0])
    }
}
