//! The shop itself: its licence, its shelves, its staging slots and the people and devices in it.
//!
//! In: configuration events. Out: checked codes and who may do what. Must not: know a secret.

use core::fmt;

use minicbor::{Decode, Encode};

use crate::custody::draw_map::Drawings;
use crate::custody::hold::Hold;
use crate::custody::second::BenchRules;
use crate::custody::shift::Shift;
use crate::custody::sop::Procedure;
use crate::custody::swap::SwapRule;
use crate::event::words_that_grow;
use crate::id::{ActorId, DeviceId, OrderId, StoreId};
use crate::order::Channel;
use crate::plan::vault::Vault;
use crate::rules::RulePack;
use crate::time::Millis;

macro_rules! code_of_a_place {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] String);

        impl $name {
            /// Keeps a code as it is written on the shelf, blanks around it removed.
            #[must_use]
            pub fn new(text: &str) -> Self {
                Self(text.trim().to_owned())
            }

            /// The code as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// What a printed code of this place carries: letters and digits only, upper case, at least
            /// three characters.
            #[must_use]
            pub fn scan_id(&self) -> String {
                let id: String = self
                    .0
                    .chars()
                    .filter(char::is_ascii_alphanumeric)
                    .map(|letter| letter.to_ascii_uppercase())
                    .collect();
                format!("{id:0>3}")
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code_of_a_place! {
    /// A location in the vault, such as `B-04-2`.
    LocationCode
}
code_of_a_place! {
    /// A staging slot, such as `P4`.
    SlotCode
}

/// The shop.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Store {
    /// Its identifier in every signed event.
    #[n(0)]
    pub id: StoreId,
    /// The business, as its label names it.
    #[n(1)]
    pub business: String,
    /// The shop's own name.
    #[n(2)]
    pub name: String,
    /// The state's licence number.
    #[n(3)]
    pub license: String,
    /// IANA name of the shop's time zone.
    #[n(4)]
    pub time_zone: String,
    /// The state's rules in force here.
    #[n(5)]
    pub rules: RulePack,
    /// Its vault as somebody drew it; `None`: nobody has yet. Boxed, for a shop is a fact among many that are small.
    #[n(6)]
    pub vault: Option<Box<Vault>>,
    /// What is seen to at a station before the first order of a shift; `None`: nobody has said.
    #[n(7)]
    pub checklist: Option<Vec<StationStep>>,
    /// What the shop itself holds or recalls, the oldest first; `None`: nothing.
    #[n(8)]
    pub holds: Option<Vec<Hold>>,
    /// What may stand in for what cannot be had; `None`: nothing.
    #[n(9)]
    pub swaps: Option<SwapRule>,
    /// How tasks are done here, one for each task at most; `None`: nobody has said.
    #[n(10)]
    pub procedures: Option<Vec<Procedure>>,
    /// What it asks of its pack stations; `None`: nothing of its own.
    #[n(20)]
    pub bench: Option<Box<BenchRules>>,
    /// Who drew its vault, and what was drawn at the same time; `None`: nobody noted it.
    #[n(21)]
    pub drawings: Option<Box<Drawings>>,
}

/// One step of the checklist of a station, in the shop's words.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StationStep {
    /// Its number in the shop's list.
    #[n(0)]
    pub number: u16,
    /// In English.
    #[n(1)]
    pub english: String,
    /// In Spanish.
    #[n(2)]
    pub spanish: String,
}

/// A shelf, and how to walk to it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Location {
    /// Code on the shelf.
    #[n(0)]
    pub code: LocationCode,
    /// Place in the walk through the vault; shelves are visited in ascending order.
    #[n(1)]
    pub walk: u32,
}

/// A staging slot for sealed bags.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Slot {
    /// Code on the slot.
    #[n(0)]
    pub code: SlotCode,
    /// Orders of this channel go here.
    #[n(1)]
    pub channel: Channel,
    /// The order whose bag is in it.
    #[n(2)]
    pub holds: Option<OrderId>,
    /// When that bag was put there, by the clock of the device that did it.
    #[n(3)]
    pub since: Option<Millis>,
}

/// What a person is employed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// Order fulfillment associate.
    #[n(0)]
    Associate,
    /// Front of house, budtender.
    #[n(1)]
    FrontOfHouse,
    /// Driver.
    #[n(2)]
    Driver,
    /// Delivery coordinator.
    #[n(3)]
    DeliveryCoordinator,
    /// Inventory manager.
    #[n(4)]
    InventoryManager,
    /// Compliance officer.
    #[n(5)]
    ComplianceOfficer,
    /// General manager.
    #[n(6)]
    GeneralManager,
    /// Outside auditor: reads, never acts.
    #[n(7)]
    Auditor,
}

/// Something a role may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Claim, pick, verify, label, seal and stage orders.
    Fulfil,
    /// Give a bag to its customer.
    HandOver,
    /// Ask a customer about an order, and record the answer.
    AskCustomer,
    /// Read the chain of custody.
    ReadChain,
    /// Count what stands on a shelf.
    Count,
    /// Draw the map of the vault.
    DrawMap,
    /// Say that a change upstream was looked at, and the bag may go on as it is.
    Acknowledge,
    /// Begin a shift.
    StartShift,
    /// Report by hand that something is not as it should be.
    Report,
    /// Take an order away from a device, also one that is gone.
    BreakLease,
    /// Settle a recorded breach: who has the unit, what goes back.
    Resolve,
    /// Hold goods or recall them.
    Hold,
    /// Settle what concerns held and recalled packages, and let them go.
    ReleaseHold,
    /// Change how tasks are done.
    ChangeProcedures,
    /// Settle what concerns a customer's purchase limit.
    OverrideLimit,
    /// Settle what concerns the trust in a device or in the server.
    Administer,
}

impl Role {
    /// The role matrix, the same on the device and on the server.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::Fulfil => matches!(
                self,
                Self::Associate | Self::InventoryManager | Self::GeneralManager
            ),
            Right::HandOver => matches!(self, Self::FrontOfHouse | Self::GeneralManager),
            Right::AskCustomer => matches!(
                self,
                Self::Associate
                    | Self::FrontOfHouse
                    | Self::DeliveryCoordinator
                    | Self::InventoryManager
                    | Self::GeneralManager
            ),
            Right::ReadChain => matches!(
                self,
                Self::InventoryManager
                    | Self::ComplianceOfficer
                    | Self::GeneralManager
                    | Self::Auditor
            ),
            Right::Count | Right::Acknowledge => matches!(
                self,
                Self::Associate
                    | Self::InventoryManager
                    | Self::ComplianceOfficer
                    | Self::GeneralManager
            ),
            Right::Report | Right::StartShift => self != Self::Auditor,
            Right::BreakLease | Right::DrawMap => {
                matches!(self, Self::InventoryManager | Self::GeneralManager)
            }
            Right::Resolve | Right::Hold => matches!(
                self,
                Self::InventoryManager | Self::ComplianceOfficer | Self::GeneralManager
            ),
            Right::ReleaseHold | Right::ChangeProcedures => matches!(self, Self::ComplianceOfficer),
            Right::OverrideLimit | Right::Administer => {
                matches!(self, Self::ComplianceOfficer | Self::GeneralManager)
            }
        }
    }
}

/// A person who acts.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Actor {
    /// The store's number for the person.
    #[n(0)]
    pub id: ActorId,
    /// First name and initial, as screens show it.
    #[n(1)]
    pub name: String,
    /// Employed as.
    #[n(2)]
    pub role: Role,
    /// Still employed here.
    #[n(3)]
    pub active: bool,
    /// How often the person's PIN was changed; `None`: never. What a device keeps under an earlier PIN opens nothing.
    #[n(4)]
    pub pin_changes: Option<u32>,
    /// The last shift the person began; `None`: none yet. Boxed, for a person is a fact among many that are small.
    #[n(5)]
    pub shift: Option<Box<Shift>>,
    /// How often the person was let try PINs again; `None`: never. A device that locked before the last time is open again.
    #[n(6)]
    pub unlocks: Option<u32>,
}

/// How a device signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum KeyKind {
    /// Ed25519, 32-byte public key.
    #[n(0)]
    Ed25519,
    /// ECDSA on P-256 with SHA-256; uncompressed public key of 65 bytes, signature as r and s.
    #[n(1)]
    P256,
}

/// What a device was enrolled for, where that is not the work in the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A driver's phone: it has its own trip and nothing else.
    DriversPhone,
    /// Something this program does not know yet. It gets no more than a driver's phone does.
    Newer(u32),
}

words_that_grow! {
    Purpose:
    DriversPhone = 1
}

/// An enrolled device and the key that proves it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Device {
    /// Its identifier.
    #[n(0)]
    pub id: DeviceId,
    /// Name people know it by.
    #[n(1)]
    pub name: String,
    /// Rises at each enrolment.
    #[n(2)]
    pub generation: u32,
    /// Kind of its key.
    #[n(3)]
    pub key_kind: KeyKind,
    /// Public key.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub public_key: Vec<u8>,
    /// May act; a revoked device's events are recorded with an exception.
    #[n(5)]
    pub active: bool,
    /// The server itself rather than a tablet or browser.
    #[n(6)]
    pub is_server: bool,
    /// What it was enrolled for; `None`: the work in the shop, for which it has all of the shop's state.
    #[n(7)]
    pub purpose: Option<Purpose>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_associate_picks_but_does_not_hand_over_and_an_auditor_only_reads() {
        assert!(Role::Associate.may(Right::Fulfil) && !Role::Associate.may(Right::HandOver));
        assert!(Role::FrontOfHouse.may(Right::HandOver) && !Role::FrontOfHouse.may(Right::Fulfil));
        assert!(Role::Auditor.may(Right::ReadChain));
        assert!(!Role::Auditor.may(Right::Fulfil) && !Role::Auditor.may(Right::HandOver));
    }

    #[test]
    fn breaches_are_settled_by_managers_and_holds_by_the_compliance_officer_alone() {
        for role in [
            Role::Associate,
            Role::FrontOfHouse,
            Role::Driver,
            Role::Auditor,
        ] {
            assert!(!role.may(Right::Resolve) && !role.may(Right::BreakLease));
            assert!(!role.may(Right::ReleaseHold) && !role.may(Right::Administer));
        }
        assert!(Role::InventoryManager.may(Right::Resolve));
        assert!(Role::InventoryManager.may(Right::BreakLease));
        assert!(!Role::InventoryManager.may(Right::OverrideLimit));
        assert!(Role::ComplianceOfficer.may(Right::ReleaseHold));
        assert!(!Role::GeneralManager.may(Right::ReleaseHold));
        assert!(Role::Driver.may(Right::Report) && !Role::Auditor.may(Right::Report));
    }

    #[test]
    fn the_printed_code_of_a_shelf_is_letters_and_digits() {
        assert_eq!(LocationCode::new(" B-04-2 ").scan_id(), "B042");
        assert_eq!(SlotCode::new("P4").scan_id(), "0P4");
    }
}
