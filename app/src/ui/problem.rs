//! What is wrong at a slot: fewer units than promised. One tap opens the sheet, the next one says what is seen and goes on.
//! Scanning works on while it is open.

use domain::custody::pick::next_target;
use domain::custody::short::ShortReason;
use domain::id::{OrderId, PackageTag};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::scan;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::messages::Say;
use crate::ui::parts::Button;
use crate::ui::words::{Msg, pick};

/// What people choose from, with what is recorded.
const KINDS: [(Msg, Icon, ShortReason); 5] = [
    (Msg::NotHere, Icon::PackageX, ShortReason::NotThere),
    (Msg::TooFew, Icon::Layers, ShortReason::NotThere),
    (Msg::Damaged, Icon::PackageOpen, ShortReason::Damaged),
    (
        Msg::CannotRead,
        Icon::ScanBarcode,
        ShortReason::TagUnreadable,
    ),
    (Msg::WrongTag, Icon::Tag, ShortReason::OtherPackage),
];

/// The sheet.
#[component]
pub(super) fn Problem(order: OrderId, open: RwSignal<bool>) -> impl IntoView {
    let about = RwSignal::new(None);
    let target = move || {
        device().ledger(|ledger| {
            let target = next_target(ledger, ledger.orders.get(&order)?)?;
            let slot = target
                .package
                .stands_at()
                .map(|shelf| shelf.to_string())
                .unwrap_or_default();
            Some((target.package.tag.clone(), slot))
        })
    };
    let report = move |tag: PackageTag, reason: ShortReason| {
        open.set(false);
        spawn_local(async move { scan::report_short(order, &tag, reason).await });
    };
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let sheet = move || {
        let (tag, slot) = target().filter(|_| open.get())?;
        let kind = |(word, icon, reason): (Msg, Icon, ShortReason)| {
            let tag = tag.clone();
            view! { <Button icon word=text(word) act=move || report(tag.clone(), reason)/> }
        };
        let kinds = KINDS.map(kind).into_iter().collect_view();
        Some(view! {
            <section class="sheet" role="dialog" aria-modal="false" aria-labelledby="problem-title">
                <header class="sheet-head">
                    <h2 id="problem-title">{move || pick::what_is_wrong_at(lang(), &slot)}</h2>
                    <span class="grow"></span>
                    <span class="soft text-18">
                        <Glyph icon=Icon::ScanLine/>" "
                        {move || Msg::ScanningStillWorks.say(lang())}
                    </span>
                </header>
                <div class="sheet-body"><div class="kinds">{kinds}</div></div>
                <footer class="dock">
                    <Button word=text(Msg::BackToPick) act=move || open.set(false)/>
                    <Button
                        icon=Icon::MessageSquare
                        word=text(Msg::Message)
                        act=move || {
                            open.set(false);
                            about.set(Some(order));
                        }
                    />
                </footer>
            </section>
        })
    };
    view! {
        {sheet}
        <Say about/>
    }
}
