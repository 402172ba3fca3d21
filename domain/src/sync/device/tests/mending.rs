//! A view that is not what the server says it should be.

use super::*;
use crate::ledger::EntityKind;
use crate::sync::message::{PullAnswer, PullAsk, SumsAnswer, VIEW_SCHEMA};
use crate::sync::page::{PageName, Sum};

const PAGE: PageName = PageName {
    kind: EntityKind::Order,
    number: 3,
};

fn pulled(from: Cursor, next: Cursor, whole: Vec<PageName>) -> Input {
    Input::Pulled(PullAnswer {
        from,
        next,
        more: false,
        reset: from == BEGINNING,
        rows: Vec::new(),
        server_wall: 0,
        head: None,
        proof: None,
        sum: Some(Sum::default()),
        whole,
        began: None,
    })
}

const BEGINNING: Cursor = Cursor {
    incarnation: Incarnation([0; 16]),
    position: Position(0),
    schema: VIEW_SCHEMA,
    scope: None,
};

fn sums() -> Input {
    Input::Sums(SumsAnswer {
        at: cursor(1, 4),
        pages: Vec::new(),
    })
}

/// A machine with a view that is kept and being compared.
fn comparing() -> DeviceSync {
    let (mut machine, _) = machine(0);
    machine.step(pulled(Cursor::default(), cursor(1, 4), Vec::new()), 0);
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(effects[0], Effect::Compare(Sum::default()));
    machine
}

/// The same, with the pages found and fetched, and compared again.
fn comparing_again() -> DeviceSync {
    let mut machine = comparing();
    assert_eq!(machine.step(Input::Compared(false), 0)[0], Effect::AskSums);
    let effects = machine.step(sums(), 0);
    assert_eq!(effects[0], Effect::FindDifferences(Vec::new()));
    let effects = machine.step(Input::Differing(vec![PAGE]), 0);
    let wanted = PullAsk {
        cursor: cursor(1, 4),
        whole: vec![PAGE],
        snapshots: true,
        began: None,
    };
    assert_eq!(effects[0], Effect::Pull(wanted));
    let effects = machine.step(pulled(cursor(1, 4), cursor(1, 4), vec![PAGE]), 0);
    assert!(matches!(effects[0], Effect::KeepView(_)));
    let effects = machine.step(Input::ViewKept(cursor(1, 4)), 0);
    assert_eq!(effects[0], Effect::Compare(Sum::default()));
    machine
}

fn report(effects: &[Effect]) -> Report {
    match effects.last() {
        Some(Effect::Report(report)) => *report,
        other => panic!("no report: {other:?}"),
    }
}

#[test]
fn a_view_that_is_right_is_left_alone() {
    let effects = comparing().step(Input::Compared(true), 0);
    assert_eq!(effects[0], Effect::SetTimer(ROUND));
    let report = report(&effects);
    assert!(report.fresh && !report.differs && report.mended == 0);
}

#[test]
fn pages_that_differ_are_fetched_and_that_is_counted() {
    let effects = comparing_again().step(Input::Compared(true), 0);
    assert_eq!(effects[0], Effect::SetTimer(ROUND));
    assert_eq!(report(&effects).mended, 1);
}

#[test]
fn the_same_difference_again_fetches_all_once_and_then_stops() {
    let mut machine = comparing_again();
    let effects = machine.step(Input::Compared(false), 0);
    assert_eq!(effects[0], Effect::Pull(BEGINNING.into()));
    machine.step(pulled(BEGINNING, cursor(1, 5), Vec::new()), 0);
    machine.step(Input::ViewKept(cursor(1, 5)), 0);
    for _ in 0..3 {
        let effects = machine.step(Input::Compared(false), 0);
        assert_eq!(effects[0], Effect::SetTimer(ROUND));
        assert!(report(&effects).differs);
        assert_eq!(
            machine.step(Input::Timer, 0)[0],
            Effect::Pull(cursor(1, 5).into())
        );
        machine.step(pulled(cursor(1, 5), cursor(1, 5), Vec::new()), 0);
    }
    let effects = machine.step(Input::Compared(true), 0);
    assert!(!report(&effects).differs);
}

#[test]
fn with_many_pages_the_whole_view_is_fetched_at_once() {
    let mut machine = comparing();
    machine.step(Input::Compared(false), 0);
    machine.step(sums(), 0);
    let pages = PageName::all_of(EntityKind::Order).collect();
    let effects = machine.step(Input::Differing(pages), 0);
    assert_eq!(effects[0], Effect::Pull(BEGINNING.into()));
}

#[test]
fn a_server_that_does_not_tell_sums_still_tells_what_is_new() {
    let mut machine = comparing();
    machine.step(Input::Compared(false), 0);
    machine.step(Input::Failed, 0);
    let effects = machine.step(Input::Timer, 0);
    assert_eq!(effects[0], Effect::Pull(cursor(1, 4).into()));
}
