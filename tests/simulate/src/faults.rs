//! Everything that can go wrong, and how often it did.
//!
//! In: dice. Out: rates for one world, counts of what struck. Must not: let a class exist that never strikes;
//! whoever runs many seeds looks at the counts.

use crate::dice::Dice;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $max:literal;)*) => {
        /// One class of faults.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Fault {
            $($(#[$doc])* $name,)*
        }

        impl Fault {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// The highest rate drawn, per thousand occasions.
            #[must_use]
            pub fn rate_max(self) -> u64 {
                match self { $(Self::$name => $max,)* }
            }
        }
    };
}

faults! {
    /// A request never arrives.
    RequestLost = 300;
    /// The answer never arrives, although what was asked is done.
    AnswerLost = 300;
    /// A request arrives twice.
    RequestDoubled = 300;
    /// An answer arrives twice.
    AnswerDoubled = 200;
    /// A message takes seconds, and others pass it.
    Delayed = 300;
    /// A message takes days.
    DelayedForDays = 30;
    /// The request arrives after the device has given it up.
    HalfOpen = 100;
    /// The request breaks off in the middle.
    RequestTruncated = 100;
    /// The answer breaks off in the middle.
    AnswerTruncated = 100;
    /// A portal answers with a page of its own.
    CaptivePortal = 100;
    /// The answer has a bit turned over.
    AnswerFlipped = 100;
    /// The answer is signed by somebody else.
    ReceiptForged = 50;
    /// Another device carries this one's events.
    Relayed = 100;
    /// What a device has not sent goes into a file, and others carry it.
    Carried = 120;
    /// Such a file is cut off, or has a bit turned over.
    FileSpoilt = 300;
    /// Somebody changes an act in such a file and makes the file whole again.
    FileEdited = 200;
    /// Such a file comes to another shop.
    FileOfAnotherShop = 200;
    /// The browser's process is killed.
    Killed = 60;
    /// It is killed between signing and keeping.
    KilledBeforeKeeping = 20;
    /// It is killed after keeping, before anybody is told.
    KilledAfterKeeping = 20;
    /// The device loses power.
    PowerLost = 40;
    /// It starts again and again.
    RebootLoop = 15;
    /// The app is frozen, for seconds to days.
    Frozen = 60;
    /// A second tab takes the writer's lock.
    LockTaken = 40;
    /// The disk said an event was safe, and it was not when the power went.
    FlushLied = 10;
    /// The storage is full when an event is to be kept.
    QuotaExceeded = 40;
    /// The connection to the storage is lost; the event was kept.
    UnknownKept = 30;
    /// The connection to the storage is lost; the event was not kept.
    UnknownNotKept = 30;
    /// Receipts could not be kept.
    ReceiptsNotKept = 60;
    /// Rows could not be kept.
    RowsNotKept = 60;
    /// A row is lost between an answer and the view.
    RowDropped = 60;
    /// A row is shown and never written.
    RowNotWritten = 60;
    /// A chunk of a snapshot comes with other bytes.
    ChunkSpoilt = 200;
    /// A chunk could not be kept.
    ChunkNotKept = 100;
    /// The process is killed while a view is on its way in.
    KilledWhileArriving = 100;
    /// A manifest leaves one of its snapshot's chunks out.
    ManifestCutShort = 150;
    /// The server's folder of snapshots is emptied in between.
    SnapshotsCleared = 100;
    /// The view is evicted.
    ViewEvicted = 30;
    /// The view's last writes are gone after a power loss.
    ViewRolledBack = 500;
    /// Everything on the device is evicted.
    Wiped = 12;
    /// The core database never opens again.
    CoreCorrupt = 8;
    /// The device's storage is set back to an earlier day.
    DeviceRestored = 12;
    /// The device's storage is copied onto another.
    Cloned = 8;
    /// The wall clock jumps, up to ten years.
    ClockJumped = 30;
    /// It runs wrong.
    ClockDrifts = 30;
    /// It stands still.
    ClockStopped = 20;
    /// A comparison with the server's clock says little.
    ClockUncertain = 20;
    /// The server's clock jumps.
    ServerClockJumped = 10;
    /// The server dies before the commit.
    ServerDiedBefore = 60;
    /// The server dies after the commit, before the answer.
    ServerDiedAfter = 60;
    /// A commit fails, and nothing lasted.
    CommitFailed = 60;
    /// A commit fails, and all of it lasted.
    CommitUncertain = 40;
    /// The server's disk is full for a while.
    ServerDiskFull = 20;
    /// The server is started again.
    ServerRestarted = 30;
    /// A backup of an earlier moment is restored.
    ServerRestored = 12;
    /// Another node serves.
    NodeChanged = 300;
    /// A page is read from an older moment.
    StaleReader = 100;
    /// Somebody takes what nobody leased to him.
    TakenWithoutLease = 80;
    /// A scan is put on record twice by two people.
    PickedTwice = 60;
    /// An order is cancelled while it is worked on.
    OrderCancelled = 30;
    /// An order changes while it is worked on.
    OrderChanged = 150;
    /// A package is put on hold while it is picked.
    PackageHeld = 30;
    /// A person is told to go home.
    PersonDisabled = 15;
    /// Another person takes the tablet over in the middle.
    PersonChanged = 60;
    /// The device is enrolled again with its key.
    EnrolledAgain = 15;
    /// The device is revoked.
    Revoked = 10;
    /// A newer app says something the server does not know yet.
    NewerKind = 30;
    /// A newer app's envelope has a field more.
    NewerField = 60;
    /// A body is not of its kind.
    MalformedBody = 30;
    /// An event as large as none may be.
    Oversized = 10;
    /// A device says what only the server may say.
    ServersKind = 20;
    /// Somebody edits another's event.
    Edited = 60;
    /// An event for another shop.
    OtherStore = 40;
    /// The same number is signed twice.
    Forked = 40;
    /// A device nobody enrolled sends events.
    UnknownDevice = 40;
    /// Old messages are sent again, all of them.
    Replayed = 40;
    /// A chain is sent in the wrong order.
    OutOfOrder = 60;
    /// A message is changed on its way, and arrives before the true one.
    Tampered = 60;
    /// An event is sent under a name that is not its own, or behind what it does not follow.
    Readdressed = 200;
    /// Somebody decides what is not theirs to decide.
    Overreached = 40;
    /// The device's ring has let go of old events the server had.
    Pruned = 80;
    /// The server takes nothing for a while, and says so.
    NothingTaken = 20;
    /// The server is of an earlier release than some apps, and its nodes are upgraded one by one.
    ServerUpgraded = 1000;
    /// Another copy of the log serves, which did not have all of it yet; the nodes go on.
    FailedOver = 12;
    /// What a witness has seen cannot be kept.
    WitnessNotKept = 150;
    /// A co-signature arrives as somebody else's.
    CoSignatureForged = 150;
    /// Whoever runs the server changes the log's history, and the tree over it.
    HistoryFalsified = 25;
    /// Whoever runs the server sets it back to an earlier day and says nothing.
    SetBackSilently = 20;
    /// Whoever runs the server shows some devices another history than the rest.
    SplitView = 20;
    /// For minutes nobody is given a permit, and those there are run out.
    PermitUnanswered = 300;
    /// An old answer about permits is played again.
    PermitPlayedAgain = 300;
    /// Whoever asks for a permit was told to go home just before.
    PermitOfWhoLeft = 40;
    /// Somebody copies another device's permits into this one's storage.
    PermitsCopied = 60;
    /// Somebody sets a device's clock back, so that its permits would last.
    ClockSetBack = 150;
}

const COUNT: usize = Fault::ALL.len();

/// How likely each fault is in one world, per thousand occasions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates([u64; COUNT]);

impl Rates {
    /// A good day.
    #[must_use]
    pub fn none() -> Self {
        Self([0; COUNT])
    }

    /// A bad one: about half of all classes, each at a rate of its own.
    pub fn drawn(dice: &mut Dice) -> Self {
        let mut rates = Self::none();
        for (rate, fault) in rates.0.iter_mut().zip(Fault::ALL) {
            if dice.per_mille(500) {
                *rate = 1 + dice.below(fault.rate_max());
            }
        }
        rates
    }

    /// The same, with one class at another rate.
    #[must_use]
    pub fn with(mut self, fault: Fault, rate: u64) -> Self {
        self.0[fault as usize] = rate;
        self
    }

    /// The rate of a class.
    #[must_use]
    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }
}

/// How often each fault struck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck(pub [u64; COUNT]);

impl Default for Struck {
    fn default() -> Self {
        Self([0; COUNT])
    }
}

impl Struck {
    /// Counts one.
    pub fn count(&mut self, fault: Fault) {
        self.0[fault as usize] += 1;
    }

    /// How often one struck.
    #[must_use]
    pub fn of(&self, fault: Fault) -> u64 {
        self.0[fault as usize]
    }

    /// Adds another world's.
    pub fn add(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }
}
