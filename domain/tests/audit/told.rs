//! What a check that runs elsewhere tells arrives as it was told.

use domain::audit::Fault;
use domain::audit::verify::{Depth, FirstBad, Flaw, Told};
use domain::id::{DeviceId, Position};

use super::history::History;
use super::workshop::{bundle, check};

#[test]
fn a_report_arrives_with_everything_in_it() {
    let mut report = check(Depth::EveryEvent, &bundle(&History::morning()));
    assert!(report.facts.is_some() && !report.heads.is_empty() && !report.devices.is_empty());
    for flaw in [
        Flaw::HeadsDisagree,
        Flaw::Event(Fault::Signature),
        Flaw::Seal,
    ] {
        let told = Told::Done(Box::new(report.clone()));
        assert_eq!(Told::parse(&told.to_bytes()), Some(told));
        report.first_bad = Some(FirstBad {
            byte: 7,
            position: Some(Position(3)),
            device: Some(DeviceId([9; 16])),
            seq: Some(2),
            flaw,
        });
    }
}

#[test]
fn half_a_word_is_none() {
    let bytes = Told::Progress {
        bytes: 70_000,
        events: 12,
    }
    .to_bytes();
    assert!(Told::parse(&bytes).is_some());
    assert_eq!(Told::parse(&bytes[..bytes.len() - 1]), None);
}
