//! Time, messages on their way, and faults. One thread, one seed, no clock but its own.

use std::collections::BTreeMap;

use domain::event::encode;
use domain::id::Hash;
use domain::sync::device::{Effect, Input};
use domain::sync::message::{Cursor, Push};

use super::dice::Dice;
use super::server::Server;
use super::tablet::Tablet;

/// When the faults end, in milliseconds.
const HEAL: u64 = 120_000;
/// When every queue must be empty: the longest wait between tries, and time for the tries themselves.
const END: u64 = HEAL + 90_000;
/// A device gives a request up after so long.
const PATIENCE: u64 = 8_000;
/// Steps in one world; far more than an honest one takes.
const STEPS_MAX: usize = 20_000;

/// How bad the day is; percentages per message or act.
#[derive(Clone, Debug)]
pub struct Faults {
    pub drop: u64,
    pub double: u64,
    pub slow: u64,
    pub unkept: u64,
    pub restart: u64,
    pub set_backs: u64,
}

impl Faults {
    pub fn none() -> Self {
        Self {
            drop: 0,
            double: 0,
            slow: 0,
            unkept: 0,
            restart: 0,
            set_backs: 0,
        }
    }

    pub fn drawn(dice: &mut Dice) -> Self {
        Self {
            drop: dice.below(60),
            double: dice.below(50),
            slow: dice.below(30),
            unkept: dice.below(10),
            restart: dice.below(15),
            set_backs: dice.below(3),
        }
    }
}

/// What the day brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub dropped: usize,
    pub doubled: usize,
    pub set_back: usize,
    pub restarts: usize,
    pub sent_again: usize,
    pub lost: usize,
}

#[derive(Clone, Debug)]
enum Request {
    Push(Push),
    Pull(Cursor),
}

#[derive(Clone, Debug)]
enum Happening {
    /// A person does something.
    Tap,
    /// The app is closed and opened.
    Restart,
    /// The app comes to the front.
    Wake,
    /// A timer runs out.
    Timer(u64),
    /// A request reaches the server.
    Arrival(u64, Request),
    /// What came of an effect: an answer, a failure, a word from the storage.
    Outcome(u64, Input),
    /// The storage does what it was told.
    Storage(u64, Effect),
    /// The view is thrown away.
    Forget,
    /// The server is set back to an earlier day.
    SetBack,
}

pub struct World {
    seed: u64,
    now: u64,
    dice: Dice,
    faults: Faults,
    server: Server,
    tablets: Vec<Tablet>,
    queue: BTreeMap<(u64, u64), (usize, u64, Happening)>,
    numbers: u64,
    trace: Hash,
    pub seen: Seen,
}

impl World {
    pub fn new(seed: u64, faults: Faults) -> Self {
        let mut world = Self {
            seed,
            now: 0,
            dice: Dice::new(seed),
            faults,
            server: Server::default(),
            tablets: Vec::new(),
            queue: BTreeMap::new(),
            numbers: 0,
            trace: Hash::default(),
            seen: Seen::default(),
        };
        for number in 0..1 + world.dice.below(3) {
            world
                .tablets
                .push(Tablet::new(u8::try_from(number).unwrap()));
        }
        world.plan_the_day();
        world
    }

    fn plan_the_day(&mut self) {
        for tablet in 0..self.tablets.len() {
            self.plan(0, tablet, Happening::Restart);
            for _ in 0..4 + self.dice.below(24) {
                let at = self.dice.below(HEAL);
                self.plan(at, tablet, Happening::Tap);
                if self.dice.percent(self.faults.restart) {
                    let at = self.dice.below(HEAL);
                    self.plan(at, tablet, Happening::Restart);
                }
            }
            for now_and_then in [Happening::Wake, Happening::Forget] {
                let at = self.dice.below(HEAL);
                self.plan(at, tablet, now_and_then);
            }
        }
        for _ in 0..self.faults.set_backs {
            let at = self.dice.below(HEAL);
            self.plan(at, 0, Happening::SetBack);
        }
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn plan(&mut self, at: u64, tablet: usize, happening: Happening) {
        let number = self.number();
        let boot = self.tablets[tablet].boot;
        self.queue.insert((at, number), (tablet, boot, happening));
    }

    pub fn saved(&self) -> usize {
        self.tablets
            .iter()
            .map(|tablet| tablet.storage.events.len())
            .sum()
    }

    pub fn trace(&self) -> Hash {
        self.trace
    }

    pub fn run(&mut self) {
        for step in 0.. {
            assert!(step < STEPS_MAX, "seed {}: it goes in circles", self.seed);
            let Some(((at, _), (tablet, boot, happening))) = self.queue.pop_first() else {
                break;
            };
            if at > END {
                break;
            }
            self.now = at;
            self.happen(tablet, boot, happening);
            for tablet in &self.tablets {
                let lives = tablet.under_way.is_some() || tablet.timer.is_some();
                assert!(
                    lives || tablet.boot == 0,
                    "seed {}: a device stopped trying",
                    self.seed
                );
            }
        }
        self.seen.sent_again = self.server.sent_again;
        self.seen.lost = self.server.lost;
        self.check_the_end();
    }

    fn is_healed(&self) -> bool {
        self.now >= HEAL
    }

    fn happen(&mut self, index: usize, boot: u64, happening: Happening) {
        match happening {
            Happening::Tap => {
                let number = self.number();
                let input = self.tablets[index].tap(number);
                self.step(index, input);
            }
            Happening::Restart => {
                self.seen.restarts += 1;
                for input in self.tablets[index].start() {
                    self.step(index, input);
                }
            }
            Happening::Wake => self.step(index, Input::Wake),
            Happening::Forget => {
                if self.tablets[index].boot > 0 && !self.tablets[index].keeps_view {
                    let input = self.tablets[index].forget();
                    self.step(index, input);
                }
            }
            Happening::Timer(timer) => {
                if self.tablets[index].timer == Some(timer) {
                    self.tablets[index].timer = None;
                    self.step(index, Input::Timer);
                }
            }
            Happening::Arrival(request, asked) => self.serve(index, boot, request, asked),
            Happening::Outcome(effect, input) => {
                let tablet = &mut self.tablets[index];
                if tablet.boot == boot && tablet.under_way == Some(effect) {
                    tablet.under_way = None;
                    self.step(index, input);
                }
            }
            Happening::Storage(number, effect) => {
                if self.tablets[index].boot == boot {
                    let fails = !self.is_healed() && self.dice.percent(self.faults.unkept);
                    let kept = (!fails).then(|| self.tablets[index].keep(effect)).flatten();
                    self.tablets[index].keeps_view = false;
                    let outcome = Happening::Outcome(number, kept.unwrap_or(Input::Failed));
                    self.happen(index, boot, outcome);
                }
            }
            Happening::SetBack => {
                self.seen.set_back += 1;
                let left = self.dice.index(self.server.log.len() + 1);
                self.server.set_back(left);
            }
        }
    }

    /// Feeds a device's machine and takes up what it says.
    fn step(&mut self, index: usize, input: Input) {
        let random = u32::try_from(self.dice.below(1 << 32)).unwrap();
        for effect in self.tablets[index].machine.step(input, random) {
            match effect {
                Effect::Push(push) => self.send(index, Request::Push(push)),
                Effect::Pull(cursor) => self.send(index, Request::Pull(cursor)),
                Effect::KeepReceipts(_) | Effect::KeepView(_) | Effect::Reread { .. } => {
                    self.tablets[index].keeps_view = matches!(effect, Effect::KeepView(_));
                    let number = self.begin(index);
                    let at = self.now + 1 + self.dice.below(60);
                    self.plan(at, index, Happening::Storage(number, effect));
                }
                Effect::SetTimer(milliseconds) => {
                    let timer = self.number();
                    self.tablets[index].timer = Some(timer);
                    let at = self.now + u64::from(milliseconds);
                    self.plan(at, index, Happening::Timer(timer));
                }
                Effect::Report(report) => {
                    assert_eq!(report.unsent, self.tablets[index].machine.unsent());
                }
            }
        }
    }

    fn begin(&mut self, index: usize) -> u64 {
        let number = self.number();
        let before = self.tablets[index].under_way.replace(number);
        assert_eq!(before, None, "seed {}: two things at once", self.seed);
        number
    }

    fn send(&mut self, index: usize, asked: Request) {
        let number = self.begin(index);
        let given_up = Happening::Outcome(number, Input::Failed);
        self.plan(self.now + PATIENCE, index, given_up);
        for at in self.arrivals() {
            self.plan(at, index, Happening::Arrival(number, asked.clone()));
        }
    }

    /// When a message arrives: not at all, once, or twice.
    fn arrivals(&mut self) -> Vec<u64> {
        let is_healed = self.is_healed();
        if !is_healed && self.dice.percent(self.faults.drop) {
            self.seen.dropped += 1;
            return Vec::new();
        }
        let mut copies = 1;
        if !is_healed && self.dice.percent(self.faults.double) {
            self.seen.doubled += 1;
            copies = 2;
        }
        let mut at = Vec::new();
        for _ in 0..copies {
            let is_slow = !is_healed && self.dice.percent(self.faults.slow);
            let longest = if is_slow { HEAL / 2 } else { 400 };
            at.push(self.now + 1 + self.dice.below(longest));
        }
        at
    }

    /// The server answers, also a request nobody waits for any more. The answer may be lost although what was
    /// asked is done.
    fn serve(&mut self, index: usize, boot: u64, request: u64, asked: Request) {
        let answer = match asked {
            Request::Push(push) => {
                self.note(&encode(&push));
                let answer = self.server.push(&push);
                self.note(&encode(&answer));
                Input::Pushed(answer)
            }
            Request::Pull(cursor) => Input::Pulled(self.server.pull(cursor)),
        };
        for at in self.arrivals() {
            let number = self.number();
            let outcome = Happening::Outcome(request, answer.clone());
            self.queue.insert((at, number), (index, boot, outcome));
        }
    }

    fn note(&mut self, bytes: &[u8]) {
        self.trace = Hash::of(&[&self.trace.0, &self.now.to_be_bytes(), bytes]);
    }

    fn check_the_end(&self) {
        let seed = self.seed;
        let view = self.server.view();
        for tablet in &self.tablets {
            assert_eq!(tablet.machine.unsent(), 0, "seed {seed}: a queue is left");
            let arrived = self.server.log.iter();
            let mut arrived: Vec<_> = arrived
                .filter(|entry| entry.chain.0 == tablet.id)
                .map(|entry| (entry.chain.1, entry.seq, entry.hash))
                .collect();
            // The log keeps each chain's own order; between chains, a set-back may change it.
            arrived.sort_by_key(|(epoch, ..)| *epoch);
            let saved: Vec<_> = tablet
                .storage
                .events
                .iter()
                .map(|((epoch, seq), event)| (*epoch, *seq, event.hash()))
                .collect();
            assert_eq!(arrived, saved, "seed {seed}: what was saved is not there");
            assert_eq!(
                tablet.storage.view, view,
                "seed {seed}: a view is not the server's"
            );
        }
    }
}
