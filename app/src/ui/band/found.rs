//! The question over the work when a package is scanned that was reported missing: is it there after all?

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::AttentionBand;
use crate::scan::{self, Found};
use crate::ui::choice::lang;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::parts::{Button, Tag};
use crate::ui::words::Msg;
use crate::ui::words::refuse::{Facts, Refused};

/// The question, and its two answers.
#[component]
pub(super) fn InHand(found: Found, low: Option<&'static str>) -> impl IntoView {
    let words = Refused::FoundAfterAll;
    let act = move || words.act(lang(), Facts::default());
    let text = Signal::derive(move || (words.word(lang()).to_owned(), act()));
    let say = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let tag = found.tag.clone();
    let take = move || {
        let found = found.clone();
        spawn_local(scan::found::take(found));
    };
    view! {
        <AttentionBand text low/>
        <section class="refusal" data-verdict="attention" role="alert" data-reason=words.code()>
            <Glyph icon=Icon::Attention/>
            <div>
                <p class="refusal-word">{move || words.word(lang())}</p>
                <p class="refusal-what">{move || words.what(lang())}</p>
                <Tag tag/>
            </div>
            <div class="refusal-do">
                <p><b>{act}</b>{move || words.why(lang())}</p>
                <Button icon=Icon::Undo word=say(Msg::LeaveIt) act=scan::clear/>
                <Button icon=Icon::Check word=say(Msg::TakeItAfterAll) act=take/>
            </div>
        </section>
    }
}
