//! On an order's screen: what of it may not be sold any more, by name, and the way out.
//!
//! In: an order in hand. Out: a notice, and what the band says in place of the next step. Must not: decide; the gate does, at
//! every scan.

use domain::custody::gate;
use domain::id::OrderId;
use domain::order::Order;
use domain::verdict::Reason;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::frame::minute;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::refuse::words_of;
use crate::ui::words::{Lang, Msg, hold};

/// A package of an order that may not be sold.
#[derive(Clone, PartialEq)]
pub(super) struct Unfit {
    product: String,
    tail: String,
    why: Reason,
}

impl Unfit {
    fn say(&self, lang: Lang) -> String {
        hold::unfit(
            lang,
            words_of(self.why).word(lang),
            &self.product,
            &self.tail,
        )
    }
}

/// Those of an order that is still in the shop's hands.
pub(super) fn of(order: OrderId) -> Memo<Vec<Unfit>> {
    Memo::new(move |_| {
        // A day ends while nobody does anything.
        minute().track();
        let Some(today) = device().situation().map(|situation| situation.today) else {
            return Vec::new();
        };
        device().ledger(|ledger| {
            let is_open = |order: &&Order| !order.status.is_closed();
            let Some(order) = ledger.orders.get(&order).filter(is_open) else {
                return Vec::new();
            };
            let named = |(tag, why): (&domain::id::PackageTag, Reason)| Unfit {
                product: ledger
                    .item_of(tag)
                    .map_or_else(String::new, |item| item.name.clone()),
                tail: tag.tail().to_owned(),
                why,
            };
            let unfit = gate::unfit(ledger, order, today);
            unfit.into_iter().map(named).collect()
        })
    })
}

/// What the band says while there is any.
pub(super) fn words(lang: Lang, unfit: &[Unfit]) -> Option<(String, String)> {
    let first = unfit.first()?;
    Some((Msg::TakeItOutFirst.say(lang).to_owned(), first.say(lang)))
}

/// The notice. `packs`: at the bench, where nothing is put back.
#[component]
pub(super) fn Notice(unfit: Memo<Vec<Unfit>>, #[prop(optional)] packs: bool) -> impl IntoView {
    let act = match packs {
        true => Msg::UnfitDoPack,
        false => Msg::UnfitDo,
    };
    move || {
        let named: Vec<String> = unfit.get().iter().map(|one| one.say(lang())).collect();
        (!named.is_empty()).then(|| {
            view! {
                <div class="notice" data-tone="refuse" role="alert" data-held="">
                    <Glyph icon=Icon::OctagonAlert/>
                    <span class="grow"><b>{named.join(". ")}"."</b>" "{act.say(lang())}</span>
                </div>
            }
        })
    }
}
