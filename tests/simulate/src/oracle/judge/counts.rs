//! Who has to look at a count: told by what the count did to the shelf, not by what it said.
//!
//! In: the package before and after. Out: whether a second person was asked who had to be, and no other. Must not: ask
//! the rule it judges.

use domain::custody::Fact;
use domain::custody::exception::Rule;
use domain::event::Body;
use domain::id::PackageTag;
use domain::ledger::Ledger;
use domain::quantity::Quantity;
use domain::stock::Place;

use super::{After, wrong};

/// Exceptions one event can open.
const PER_EVENT: u64 = 16;

/// What a package has on its shelves, in dispute, and elsewhere.
type Standing = (Vec<(Place, Quantity)>, Vec<(Place, Quantity)>);

fn standing(ledger: &Ledger, tag: &PackageTag) -> Standing {
    let places = ledger.packages.get(tag).map(|package| &package.places);
    let known = places.into_iter().flatten().cloned();
    let counted = known.filter(|(place, _)| *place != Place::Disputed);
    counted.partition(|(place, _)| matches!(place, Place::Shelf(_)))
}

/// A count that changes what a shelf has asks a second person; one that changes nothing does not, nor does the second
/// person's own.
pub(super) fn look(before: &Ledger, fact: &Fact<'_>) -> After {
    let (tag, is_second) = match fact.body {
        Body::CountObserved(done) => (done.tag.clone(), false),
        Body::ExceptionResolved(done) => {
            let one = before.exceptions.get(&done.exception);
            let is_second = one.is_some_and(|one| one.rule == Rule::CountDiffers);
            let counted = done.tag.as_ref().filter(|_| done.counted.is_some());
            let Some(tag) = counted else {
                return Box::new(|_| Ok(()));
            };
            (tag.clone(), is_second)
        }
        _ => return Box::new(|_| Ok(())),
    };
    let first = fact.position.0.saturating_mul(PER_EVENT);
    let (shelves, elsewhere) = standing(before, &tag);
    Box::new(move |after| {
        let mut opened = after.exceptions.range(first..first + PER_EVENT);
        let is_asked = opened.any(|(_, one)| one.rule == Rule::CountDiffers);
        let (shelves_now, elsewhere_now) = standing(after, &tag);
        let is_changed = shelves_now != shelves;
        // A decision that moves units as well is not told apart from its count here.
        let is_clear = elsewhere_now == elsewhere;
        match (is_second, is_asked) {
            (true, true) => wrong("the second look at a count asks for a third"),
            (false, false) if is_clear && is_changed => {
                wrong("a count that differs waits for nobody else")
            }
            (false, true) if is_clear && !is_changed => {
                wrong("a second person is asked about a count that agrees")
            }
            _ => Ok(()),
        }
    })
}
