//! What the person may no longer do here without the server, said before anybody tries.
//!
//! In: what the permit allows. Out: a notice where no order is open, and a word in place of a name. Must not: be in
//! the way of whoever handles goods.

use domain::facility::Right;
use leptos::prelude::*;

use crate::device::device;
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::words::Msg;

/// Rights of whoever decides over what others did.
const DECIDES: [Right; 5] = [
    Right::Resolve,
    Right::ReleaseHold,
    Right::OverrideLimit,
    Right::Administer,
    Right::BreakLease,
];

/// What stands where a customer's name would.
pub(super) fn hidden_name() -> Option<String> {
    let is_hidden = !device().permits.allowed.get().customers;
    let why = match device().permits.unproven.get() {
        true => Msg::NameHiddenHere,
        false => Msg::NameHidden,
    };
    is_hidden.then(|| why.say(lang()).to_owned())
}

/// What has ended, for whom it matters.
#[component]
pub(super) fn PermitNotice() -> impl IntoView {
    let role = device().actor().map(|actor| actor.role);
    let decides = role.is_some_and(|role| DECIDES.iter().any(|right| role.may(*right)));
    move || {
        let allowed = device().permits.allowed.get();
        let is_any = !(allowed.decisions && allowed.customers && allowed.unmarked);
        if is_any && device().permits.unproven.get() {
            // Neither a walk to the network nor patience helps.
            return notice("unproven", Msg::SignInToProve).into_any();
        }
        let said = [
            (
                "decisions",
                decides && !allowed.decisions,
                Msg::DecisionsWait,
            ),
            ("customers", !allowed.customers, Msg::CustomersHidden),
            ("marked", !allowed.unmarked, Msg::ActsAreMarked),
        ];
        let over = said.into_iter().filter(|(_, is_over, _)| *is_over);
        over.map(|(what, _, msg)| notice(what, msg))
            .collect_view()
            .into_any()
    }
}

fn notice(what: &'static str, msg: Msg) -> impl IntoView {
    view! {
        <div class="notice" data-tone="attend" data-permit=what>
            <Glyph icon=Icon::CloudOff/>
            <span class="grow">{move || msg.say(lang())}</span>
        </div>
    }
}
