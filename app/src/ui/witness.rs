//! What this device has seen of the log, and what it holds against the server.
//!
//! In: what the witness keeps. Out: a line of health, and a file for whoever judges it. Must not: accuse anybody of
//! more than two sheets that contradict each other.

use domain::audit::checkpoint::Rewritten;
use leptos::prelude::*;

use crate::device::device;
use crate::platform::file;
use crate::ui::choice::lang;
use crate::ui::parts::Button;
use crate::ui::status::Health;
use crate::ui::words::{Msg, witness};

/// How far the log was seen.
#[component]
pub(super) fn Seen() -> impl IntoView {
    let seeing = device().witness.seeing;
    let state = Signal::derive(move || {
        seeing.with(
            |seeing| match seeing.is_blind || !seeing.proofs.is_empty() {
                true => "bad",
                false if seeing.through.is_none() => "late",
                false => "ok",
            },
        )
    });
    let value = Signal::derive(move || {
        seeing.with(|seeing| match seeing.through {
            _ if seeing.is_blind => Msg::LogUnchecked.say(lang()).to_owned(),
            _ if !seeing.proofs.is_empty() => Msg::LogRewritten.say(lang()).to_owned(),
            Some(through) => witness::seen_through(lang(), through.0),
            None => Msg::LogNotSeen.say(lang()).to_owned(),
        })
    });
    view! { <Health state name=Msg::HealthLog value age=Signal::derive(String::new)/> }
}

/// What is held against the server, with a way to take it away.
#[component]
pub(super) fn Proof() -> impl IntoView {
    let seeing = device().witness.seeing;
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    let rewritten = move || {
        seeing.with(|seeing| !seeing.proofs.is_empty()).then(|| {
            view! {
                <section class="card" role="alert" data-proof="">
                    <h2>{move || Msg::LogRewritten.say(lang())}</h2>
                    <p>{move || Msg::LogRewrittenSafe.say(lang())}</p>
                    <p>{move || Msg::LogRewrittenDo.say(lang())}</p>
                    <Button word=text(Msg::SaveProof) act=save_proofs/>
                </section>
            }
        })
    };
    let began_again = move || {
        let times = seeing.with(|seeing| seeing.past.len());
        (times > 0).then(|| {
            let times = u32::try_from(times).unwrap_or(u32::MAX);
            view! {
                <section class="card">
                    <h2>{move || witness::began_again(lang(), times)}</h2>
                    <p>{move || Msg::LogBeganAgainDo.say(lang())}</p>
                    <Button word=text(Msg::SaveWhatWasSeen) act=save_past/>
                </section>
            }
        })
    };
    view! { {rewritten} {began_again} }
}

/// The proofs as text: the two sheets as the server signed them, and the hashes that came between.
fn save_proofs() {
    let proofs = device().witness.seeing.with_untracked(|seeing| {
        let texts = seeing.proofs.iter().map(in_text);
        texts.collect::<Vec<_>>().join("\n")
    });
    let _saved = file::save("custody-proof.txt", proofs.as_bytes());
}

fn in_text(found: &Rewritten) -> String {
    let proof = found.proof.iter().map(|hash| format!("{hash}\n"));
    let proof: String = proof.collect();
    format!(
        "--- seen before\n{}--- shown now\n{}--- proof that came with it\n{proof}",
        found.seen, found.shown
    )
}

fn save_past() {
    let past = device().witness.seeing.with_untracked(|seeing| {
        let sheets = seeing
            .past
            .iter()
            .map(|sheet| format!("--- seen before\n{sheet}"));
        sheets.collect::<String>()
    });
    let _saved = file::save("custody-heads.txt", past.as_bytes());
}
