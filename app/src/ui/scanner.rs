//! Trying a scanner: the test sheet's four codes, what came of each, and what to change.
//!
//! In: readings, while the page is in front. Out: words, and the sheet on paper. Must not: record anything, or show the
//! text of an ID card.

use std::collections::BTreeMap;

use domain::code::around::Around;
use domain::code::rhythm::Rhythm;
use domain::code::sheet::{self, Advice, Judged, Sample};
use domain::code::{Channel, Grade};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::capture::wedge;
use crate::scan::{self, Heard, Step, signals};
use crate::ui::choice::{choices, lang};
use crate::ui::frame::{Back, Offers, Strip};
use crate::ui::icons::{Glyph, Icon};
use crate::ui::label::put_on_paper;
use crate::ui::parts::{Bars, Button, go};
use crate::ui::scanner::models::Models;
use crate::ui::shift::tried::note;
use crate::ui::words::{Msg, scanner};

/// What to set on common models.
mod models;

/// The page.
#[component]
pub(super) fn Scanner() -> impl IntoView {
    signals().tried.set(Vec::new());
    scan::expect(Step::Try);
    wedge::heed(Rhythm::TRIED);
    on_cleanup(|| wedge::heed(choices().rhythm.get_untracked()));
    Effect::new(|_| learn());
    let text = |msg: Msg| Signal::derive(move || msg.say(lang()).to_owned());
    view! {
        <div class="frame">
            <Strip/>
            <Offers/>
            <header class="head" data-task="">
                <Back path="/status" word=Msg::Back/>
                <h1>{move || Msg::ScannerPage.say(lang())}</h1>
            </header>
            <main class="main scanner" tabindex="0">
                <p class="scanner-say">{move || Msg::ScannerSay.say(lang())}</p>
                <Sheet/>
                <Learnt/>
                <section>
                    <h2>{move || Msg::OtherCodes.say(lang())}</h2>
                    <All/>
                </section>
                <Models/>
            </main>
            <footer class="dock">
                <Button icon=Icon::Printer word=text(Msg::PrintSheet) act=print/>
                <Button word=text(Msg::Back) primary=true act=|| go("/status")/>
            </footer>
        </div>
    }
}

/// The newest verdict on each code of the sheet.
fn judged() -> BTreeMap<Sample, Judged> {
    signals().tried.with(|tried| {
        let oldest_first = tried.iter().rev();
        let known = choices().around.get();
        oldest_first
            .filter_map(|heard| {
                let text = heard.text.as_deref()?;
                // What is taken off needs no change.
                let judged = sheet::judge(known.taken_off(text), heard.typed)?;
                Some((judged.sample, judged))
            })
            .collect()
    })
}

/// Learns of a code of the sheet how slow the scanner is that read it, and what it puts around codes.
fn learn() {
    let newest = signals().tried.with(|tried| tried.first().cloned());
    let of_sheet = newest.and_then(|heard| {
        let text = heard.text.as_deref()?;
        let judged = sheet::judge(text, heard.typed)?;
        Some((heard.typed?, Around::told(text, judged.sample)))
    });
    if let Some((typed, around)) = of_sheet {
        if let Some(around) = around {
            choices().around.set(around);
        }
        let known = choices().rhythm;
        let learnt = known.get_untracked().learning(&typed);
        if learnt != known.get_untracked() {
            known.set(learnt);
        }
    }
}

/// What was learnt, and how it is forgotten.
#[component]
fn Learnt() -> impl IntoView {
    let (rhythm, around) = (choices().rhythm, choices().around);
    let forget = move || {
        rhythm.set(Rhythm::USUAL);
        around.set(Around::default());
    };
    move || {
        let (gap, around) = (rhythm.get(), around.get());
        let is_slow = gap != Rhythm::USUAL;
        let has_around = around != Around::default();
        (is_slow || has_around).then(|| {
            view! {
                <section data-learnt=gap.gap_ms().to_string()>
                    {is_slow.then(|| view! { <p>{scanner::learnt(lang(), gap.gap_ms())}</p> })}
                    {has_around.then(|| view! { <p>{scanner::takes_off(lang(), around.shown())}</p> })}
                    <Button
                        word=Signal::derive(|| Msg::ForgetScanner.say(lang()).to_owned())
                        act=forget
                    />
                </section>
            }
        })
    }
}

#[component]
fn Sheet() -> impl IntoView {
    let known = Memo::new(|_| judged());
    let row = move |sample: Sample| {
        let of_sample = move || known.with(|known| known.get(&sample).cloned());
        let state = move || match of_sample() {
            None => "late",
            Some(judged) if judged.advice.is_empty() => "ok",
            Some(_) => "bad",
        };
        let words = move || match of_sample() {
            None => vec![Msg::NotReadYet],
            Some(judged) if judged.advice.is_empty() => vec![Msg::ReadWell],
            Some(judged) => judged.advice.into_iter().map(advice_word).collect(),
        };
        let mark = move || match state() {
            "ok" => view! { <Glyph icon=Icon::Check/> },
            "late" => view! { <Glyph icon=Icon::ScanLine/> },
            _ => view! { <Glyph icon=Icon::TriangleAlert/> },
        };
        let tone = move || match state() {
            "ok" => "well",
            "late" => "attend",
            _ => "refuse",
        };
        view! {
            <li data-state=state data-sample=format!("{sample:?}")>
                <span class="mark" data-tone=tone>{mark}</span>
                <span class="health-name">{move || sample_word(sample).say(lang())}</span>
                <span class="health-value">
                    {move || {
                        let words = words().into_iter();
                        words.map(|word| view! { <span class="scanner-word">{word.say(lang())}</span> }).collect_view()
                    }}
                </span>
            </li>
        }
    };
    let is_well = move || {
        known.with(|known| {
            known.len() == Sample::ALL.len() && known.values().all(|one| one.advice.is_empty())
        })
    };
    Effect::new(move |_| {
        if is_well() {
            note("scanner", true);
        }
    });
    view! {
        <ul class="health">{Sample::ALL.map(row).collect_view()}</ul>
        <p class="status-say" role="status">
            {move || is_well().then(|| Msg::ScannerWell.say(lang()))}
        </p>
    }
}

#[component]
fn All() -> impl IntoView {
    move || {
        let tried = signals().tried.get();
        if tried.is_empty() {
            return view! { <p class="soft">{Msg::ScannerNothing.say(lang())}</p> }.into_any();
        }
        let rows = tried.into_iter().map(row).collect_view();
        view! { <ol class="scanner-all">{rows}</ol> }.into_any()
    }
}

fn row(heard: Heard) -> impl IntoView {
    let text = match &heard.text {
        Some(text) => visible(text),
        None => Msg::ReadCard.say(lang()).to_owned(),
    };
    let how = heard
        .typed
        .map(|typed| scanner::took(lang(), typed.took_ms, typed.gap_max_ms));
    view! {
        <li>
            <code class="scanner-text">{text}</code>
            <span class="soft">
                {kind_word(&heard).say(lang())} " · " {channel_word(heard.channel).say(lang())}
                {how.map(|how| format!(" · {how}"))}
            </span>
        </li>
    }
}

/// Control characters as the signs Unicode has for them.
fn visible(text: &str) -> String {
    const LONGEST: usize = 120;
    let shown = text.chars().map(|letter| match u32::from(letter) {
        control @ 0..0x20 => char::from_u32(0x2400 + control).unwrap_or(' '),
        0x7f => '\u{2421}',
        _ => letter,
    });
    let mut shown: String = shown.take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    shown
}

fn sample_word(sample: Sample) -> Msg {
    match sample {
        Sample::Tag => Msg::SheetTag,
        Sample::Letters => Msg::SheetLetters,
        Sample::Signs => Msg::SheetSigns,
        Sample::Controls => Msg::SheetControls,
    }
}

fn advice_word(advice: Advice) -> Msg {
    match advice {
        Advice::SendEnter => Msg::AdviseEnter,
        Advice::SendAim => Msg::AdviseAim,
        Advice::Layout => Msg::AdviseLayout,
        Advice::CapsLock => Msg::AdviseCaps,
        Advice::Controls => Msg::AdviseControls,
        Advice::Slower => Msg::AdviseSlower,
        Advice::Extra => Msg::AdviseExtra,
        Advice::Lost => Msg::AdviseLost,
    }
}

/// What it is: one of the sheet's, which mean nothing anywhere else, or what it proves.
fn kind_word(heard: &Heard) -> Msg {
    let known = choices().around.get();
    let of_sheet = |text: &String| sheet::judge(known.taken_off(text), heard.typed);
    if let Some(judged) = heard.text.as_ref().and_then(of_sheet) {
        return sample_word(judged.sample);
    }
    match heard.code.grade() {
        Grade::Unit => Msg::ReadUnit,
        Grade::Package => Msg::ReadPackage,
        Grade::Product => Msg::ReadProduct,
        Grade::Internal => Msg::ReadOwn,
        Grade::None => Msg::ReadNothing,
    }
}

fn channel_word(channel: Channel) -> Msg {
    match channel {
        Channel::Wedge => Msg::ByScanner,
        Channel::Camera => Msg::ByCamera,
        Channel::Keypad => Msg::ByHand,
    }
}

/// Prints the sheet.
fn print() {
    let lang = lang();
    let codes = Sample::ALL.map(|sample| {
        view! {
            <div class="sheet-code">
                <p>{sample_word(sample).say(lang)}</p>
                <Bars text=sample.text().to_owned()/>
            </div>
        }
    });
    let sheet = view! {
        <div class="ticket">
            <header class="ticket-head"><h1>{Msg::ScannerPage.say(lang)}</h1></header>
            <p>{Msg::ScannerSay.say(lang)}</p>
            {codes.collect_view()}
        </div>
    };
    spawn_local(put_on_paper("letter", sheet));
}
