//! Numbers that stand for words in what is signed, stored and sent. They never change their meaning.

use std::fmt::Debug;
use std::fmt::Write as _;

use domain::code::{Channel as Reader, Grade, TrackingSystem};
use domain::custody::agree::Asked;
use domain::custody::exception::Rule;
use domain::custody::health::StorageTrouble;
use domain::custody::hold::HoldReason;
use domain::custody::label::ReprintReason;
use domain::custody::passkeys::PasskeyChange;
use domain::custody::pick::ScanTask;
use domain::custody::resolve::{Decision, ResolveReason};
use domain::custody::second::Cause;
use domain::custody::secrets::SecretChange;
use domain::custody::shift::{Condition, Part};
use domain::custody::short::ShortReason;
use domain::custody::sign_in::OpenCause;
use domain::custody::tell::Word;
use domain::custody::tokens::{TokenChange, TokenScope};
use domain::event::{Kind, encode};
use domain::facility::{KeyKind, Purpose, Role};
use domain::identity::CheckedBy;
use domain::ledger::EntityKind;
use domain::order::{Channel, Concern, Status};
use domain::quantity::UnitOfMeasure;
use domain::rules::ReportAt;
use domain::stock::{LabStatus, PotencyUnit};
use domain::sync::enrol::DenialCode;
use domain::sync::message::QuarantineReason;
use domain::sync::printing::{PrintState, Trouble};
use domain::verdict::Reason;
use minicbor::{Decode, Encode};

#[test]
fn the_kinds_of_event_have_the_numbers_they_were_released_with() {
    let mut table = String::new();
    for kind in Kind::ALL {
        let number = kind.number();
        assert_eq!(Kind::from_number(number), Some(*kind));
        writeln!(table, "{number} {kind:?}").unwrap();
    }
    let known = (0..=u16::MAX).filter(|number| Kind::from_number(*number).is_some());
    assert_eq!(known.count(), Kind::ALL.len());
    insta::assert_snapshot!(table, @r"
    1 EpochOpened
    2 ActorSignedIn
    3 ActorSignedOut
    4 ShiftStarted
    5 ClockObserved
    6 StorageAlarm
    7 Rewritten
    10 StoreConfigured
    11 ActorAdded
    12 DeviceEnrolled
    13 MapDrawn
    14 PasskeysChanged
    15 SecretChanged
    16 TokenChanged
    17 DeviceWiped
    20 StockImported
    21 LabResultsRecorded
    22 CountObserved
    23 RecountOpened
    24 StockHeld
    25 StockReleased
    26 ProcedureKept
    27 StepSigned
    28 TaskSigned
    30 OrderArrived
    31 OrderChanged
    32 OrderCancelled
    33 LinesAllocated
    34 ChangeAcknowledged
    40 LeaseGranted
    41 LeaseReturned
    42 OrderClaimed
    43 LeaseBroken
    44 LeaseRefilled
    50 PackagePicked
    51 PickVoided
    52 ScanRefused
    53 ShortPicked
    54 ShortAgreed
    55 ToteRead
    56 LabelCompared
    57 Substituted
    58 ShortWithdrawn
    60 TicketRead
    61 UnitVerified
    70 LabelPrinted
    71 LabelReadBack
    72 BagSealed
    73 SecondChecked
    74 BagReturned
    75 MessageSent
    76 MessageSeen
    77 BagChosen
    80 BagStaged
    90 OrderHandedOff
    110 ExceptionRaised
    111 ExceptionResolved
    112 AlarmRaised
    115 EventTakenIn
    ");
}

/// Every word of one enumeration, with its number.
fn words<T>(name: &str) -> String
where
    T: Encode<()> + for<'b> Decode<'b, ()> + Debug,
{
    let mut line = format!("{name}:");
    for number in 0_u64..300 {
        if let Ok(word) = minicbor::decode::<T>(&encode(&number)) {
            // A number without a word is kept all the same.
            assert_eq!(encode(&word), encode(&number));
            if format!("{word:?}") == format!("Newer({number})") {
                continue;
            }
            write!(line, " {number} {word:?}").unwrap();
        }
    }
    line + "\n"
}

/// Every word that is sent as a number, with its numbers.
fn all_words() -> String {
    let table = [
        words::<Cause>("Cause"),
        words::<Channel>("Channel"),
        words::<CheckedBy>("CheckedBy"),
        words::<Concern>("Concern"),
        words::<Condition>("Condition"),
        words::<Decision>("Decision"),
        words::<DenialCode>("DenialCode"),
        words::<EntityKind>("EntityKind"),
        words::<Grade>("Grade"),
        words::<HoldReason>("HoldReason"),
        words::<KeyKind>("KeyKind"),
        words::<LabStatus>("LabStatus"),
        words::<OpenCause>("OpenCause"),
        words::<Part>("Part"),
        words::<PasskeyChange>("PasskeyChange"),
        words::<PotencyUnit>("PotencyUnit"),
        words::<PrintState>("PrintState"),
        words::<Purpose>("Purpose"),
        words::<QuarantineReason>("QuarantineReason"),
        words::<Reader>("Reader"),
        words::<Reason>("Reason"),
        words::<ResolveReason>("ResolveReason"),
        words::<ReportAt>("ReportAt"),
        words::<ReprintReason>("ReprintReason"),
        words::<Role>("Role"),
        words::<Rule>("Rule"),
        words::<ScanTask>("ScanTask"),
        words::<SecretChange>("SecretChange"),
        words::<Asked>("Asked"),
        words::<ShortReason>("ShortReason"),
        words::<Status>("Status"),
        words::<StorageTrouble>("StorageTrouble"),
        words::<TokenChange>("TokenChange"),
        words::<TokenScope>("TokenScope"),
        words::<TrackingSystem>("TrackingSystem"),
        words::<Trouble>("Trouble"),
        words::<UnitOfMeasure>("UnitOfMeasure"),
        words::<Word>("Word"),
    ];
    table.concat()
}

#[test]
fn the_words_in_events_rows_and_messages_have_the_numbers_they_were_released_with() {
    insta::assert_snapshot!(all_words(), @r"
    Cause: 1 NewStarter 2 HighValue 3 NearLimit 4 Edited 5 Sample 6 PassedOver
    Channel: 0 Pickup 1 Curbside 2 Delivery 3 InStore
    CheckedBy: 0 Code 1 Eye
    Concern: 0 ChangedUpstream 1 CancelledAfterPick 2 Missing 3 OverLimit
    Condition: 0 Well 1 Late 2 Bad
    Decision: 0 KeepFirst 1 KeepThis 2 Recounted 3 ReturnToStock 4 Quarantine 5 Accept 6 Replayed
    DenialCode: 0 Unreadable 1 UnknownDevice 2 RevokedDevice 3 WrongCode 4 WrongPin 5 Locked 6 UnknownActor 7 TooLarge 8 Replayed 9 NotFound 10 Unavailable 11 OutOfScope 12 PasskeyNeeded 13 WrongPasskey 14 NoPasskey 15 Nameless 16 NotApproved 17 Full
    EntityKind: 1 Store 2 Actor 3 Device 4 Item 5 Location 6 Slot 7 Package 8 Order 9 Lease 10 Exception 11 Customer
    Grade: 0 None 1 Internal 2 Product 3 Package 4 Unit
    HoldReason: 0 Recall 1 Laboratory 2 Quality 3 Labelling 4 Investigation 5 Other
    KeyKind: 0 Ed25519 1 P256
    LabStatus: 0 Passed 1 Pending 2 Failed 3 Unknown
    OpenCause: 0 Start 1 LockTaken 2 StorageDoubt 3 Enrolled
    Part: 1 Server 2 Unsent 3 Printer 4 Scanner 5 Camera 6 Clock 7 Storage
    PasskeyChange: 0 Made 1 Removed 2 MadeAnew 3 Forgotten
    PotencyUnit: 0 Percent 1 MilligramsPerUnit 2 MilligramsPerGram
    PrintState: 0 Queued 1 Sending 2 OutOfPaper 3 Printed 4 Unproven 5 Failed 6 Replaced
    Purpose: 1 DriversPhone
    QuarantineReason: 0 Unreadable 1 UnknownKind 2 BadSignature 3 BrokenChain 4 Fork 5 WrongAddress 6 UnknownDevice 7 NotTheServers
    Reader: 0 Wedge 1 Camera 2 Keypad
    Reason: 0 WrongBatch 1 WrongProduct 2 AlreadyScanned 3 OnHold 4 Expired 5 NotOnThisOrder 6 LineComplete 7 TagNotKnown 8 ProductCodeOnly 9 NotACode 10 OldTicket 11 OtherOrder 12 WrongLabel 13 WrongSlot 14 SlotFull 15 NotYet 16 SomebodyElses 17 NotYourRole 18 OrderCancelled 19 WaitsForManager 20 NeedsServer 21 NotTested 22 WrongLocation 23 Unknown 24 UnderAge 25 IdExpired 26 IdUnclear 27 OwnAct 28 PermitOver 29 OverLimit 30 LimitUnclear 31 ForAnotherStep 32 FoundAfterAll 40 WrongTote 41 ToteTaken 42 ToteFirst 43 NoToteYet 44 NoCertificate 45 NoSwap 46 StepsOpen 50 SignatureNotKept 51 PatientCardNeeded 60 SecondPersonNeeded 61 BagNotFit 62 BagMissing 63 LineMissing 64 LineTooMany 65 SignatureNeeded
    ResolveReason: 0 Misscan 1 TwoAtOnce 2 OutOfContact 3 Counted 4 Upstream 5 Device 6 Other 7 Update
    ReportAt: 0 HandOff 1 Departure
    ReprintReason: 0 NothingCameOut 1 Unreadable 2 Damaged 3 Lost 4 Changed
    Role: 0 Associate 1 FrontOfHouse 2 Driver 3 DeliveryCoordinator 4 InventoryManager 5 ComplianceOfficer 6 GeneralManager 7 Auditor
    Rule: 1 DoublePick 2 Overdraw 3 LineFilledTwice 4 CancelledOrderPick 5 HeldOrRecalled 6 LeaseBrokenPick 7 UnleasedPick 8 LimitExceeded 9 ActorInvalid 10 UnknownReference 11 ChainGap 12 DeviceRollback 13 ServerRollback 14 Fork 15 BadSignature 16 LateFromClosedDevice 17 SchemaUnknown 18 ClockSuspect 19 PermitOver 20 CountDiffers 21 NeverThere
    ScanTask: 0 Pick 1 Verify 2 Label 3 Stage 4 HandOff
    SecretChange: 0 Kept 1 Replaced 2 Forgotten
    Asked: 0 ByPhone 1 ByMessage 2 InPerson
    ShortReason: 0 NotThere 1 Damaged 2 TagUnreadable 3 OtherPackage
    Status: 0 New 1 Ready 2 Claimed 3 Picking 4 Picked 5 Verifying 6 Verified 7 Labelled 8 Sealed 9 Staged 10 Out 11 HandedOver 12 Returned 13 Short 14 Problem 15 Cancelled
    StorageTrouble: 0 QuotaShort 1 WriteFailed 2 PersistenceLost 3 Damaged 4 ViewLost
    TokenChange: 0 Made 1 Withdrawn
    TokenScope: 0 Orders 1 Device 2 DriversPhone 3 Recovery
    TrackingSystem: 0 Metrc 1 BioTrack
    Trouble: 0 Unreached 1 Silent 2 Paper 3 Ribbon 4 Open 5 Paused 6 Busy 7 Sick 8 Changed 9 Gone 10 Stopped 11 Refusing 12 Cancelled 13 QueueGone
    UnitOfMeasure: 0 Each 1 Gram 2 Kilogram 3 Milligram 4 Ounce 5 Pound 6 FluidOunce 7 Gallon 8 Litre 9 Millilitre 10 Pint 11 Quart
    Word: 1 CustomerHere 2 CustomerLeft 3 NeedId 4 ItemShort 5 CallMe
    ");
}

#[test]
fn a_kind_of_row_has_the_number_it_is_sent_with() {
    for kind in EntityKind::ALL {
        assert_eq!(encode(kind), [kind.number()]);
        assert_eq!(EntityKind::from_number(kind.number()), Some(*kind));
    }
    assert_eq!(EntityKind::from_number(0), None);
}
