//! An order's chain of custody: every act, who, when, where, on which device; signed and linked.
//!
//! The record is checked here, in this browser: the links by `domain::audit`, each signature against the
//! device's key.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::audit::times::{Between, Times};
use domain::audit::verify::Flaw;
use domain::audit::{Break, Fault, Link, links};
use domain::code::Grade;
use domain::event::Body;
use domain::id::{DeviceId, OrderId};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::device::device;
use crate::platform::{crypto, locale};
use crate::scan::{self, Step};
use crate::sync::http::HttpFailed;
use crate::ui::audit::flaw::says;
use crate::ui::choice::lang;
use crate::ui::denied;
use crate::ui::exceptions::{OfEvent, OfOrder};
use crate::ui::halted::NotFound;
use crate::ui::icons::{Glyph, Icon};
use crate::ui::limits;
use crate::ui::orders::Desk;
use crate::ui::parts::{locale_of, order_in_address, status_word};
use crate::ui::report::Report;
use crate::ui::seen::Seen;
use crate::ui::take_back::TakeBack;
use crate::ui::words::{Msg, acts, audit, desk, queue};

/// An act in a sentence.
pub(super) mod told;

use told::act_text;

/// What the check came to.
#[derive(Clone)]
enum Checked {
    Whole(Vec<Link>),
    Broken(Break),
    Failed(HttpFailed),
}

async fn check(order: OrderId) -> Checked {
    let (Some(caller), Some(situation)) = (device().caller(), device().situation()) else {
        return Checked::Failed(HttpFailed::Unsigned);
    };
    let chain = match caller.chain(order, situation.actor.0).await {
        Ok(chain) => chain,
        Err(cause) => return Checked::Failed(cause),
    };
    let links = match links(&chain) {
        Ok(links) => links,
        Err(broken) => return Checked::Broken(broken),
    };
    let devices = device().ledger_now(|ledger| ledger.devices.clone());
    let mut keys: BTreeMap<DeviceId, Option<web_sys::CryptoKey>> = BTreeMap::new();
    for link in &links {
        let broken = Break {
            position: link.position,
            fault: Fault::Signature,
        };
        let Some(signer) = devices.get(&link.envelope.device) else {
            return Checked::Broken(broken);
        };
        let key = match keys.entry(signer.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(
                crypto::public_from_bytes(signer.key_kind, &signer.public_key)
                    .await
                    .ok(),
            ),
        };
        let Some(key) = key else {
            return Checked::Broken(broken);
        };
        let good = crypto::verify(signer.key_kind, key, &link.hash.0, &link.signature).await;
        if good != Ok(true) {
            return Checked::Broken(broken);
        }
        // Only the server may say that numbers of a chain are lost.
        if link.declares().is_some() && !signer.is_server {
            return Checked::Broken(broken);
        }
    }
    Checked::Whole(links)
}

/// The page.
#[component]
pub(super) fn Chain() -> impl IntoView {
    scan::expect(Step::Anything);
    let order = order_in_address();
    move || match order() {
        Some(id) if device().ledger_now(|ledger| ledger.orders.contains_key(&id)) => {
            view! { <OrderChain id/> }.into_any()
        }
        _ => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn OrderChain(id: OrderId) -> impl IntoView {
    let order = Memo::new(move |_| device().ledger(|ledger| ledger.orders.get(&id).cloned()));
    let checked = RwSignal::new_local(None::<Checked>);
    let checked_at = RwSignal::new(None::<Millis>);
    let look = move || {
        spawn_local(async move {
            let answer = check(id).await;
            checked_at.set(Some(device().now()));
            checked.set(Some(answer));
        });
    };
    let breaches = Memo::new(move |_| device().ledger(|ledger| breaches_of(ledger, id)));
    // Looks again whenever the order moves on, or something about it is reported or settled.
    Effect::new(move |_| {
        order.track();
        breaches.track();
        look();
    });
    let title = Signal::derive(|| Msg::ChainOfCustody.say(lang()).to_owned());
    let thread = move || match checked.get() {
        Some(Checked::Whole(links)) => view! { <Thread links/> }.into_any(),
        Some(Checked::Broken(_) | Checked::Failed(_)) | None => ().into_any(),
    };
    view! {
        <Desk title>
            <main class="page-main chain" tabindex="0">
                {move || order.get().map(|order| view! { <OrderHead order/> })}
                <OfOrder order=id/>
                <TakeBack order=id/>
                <Report order=id/>
                <Seen order=id/>
                <div class="chain-body">
                    <section>
                        <h3>{move || Msg::LastMoves.say(lang())}</h3>
                        {thread}
                    </section>
                    <Proof checked checked_at look/>
                </div>
            </main>
        </Desk>
    }
}

/// The breaches about an order, and which of them are settled.
fn breaches_of(ledger: &Ledger, order: OrderId) -> Vec<(u64, bool)> {
    let Some(order) = ledger.orders.get(&order) else {
        return Vec::new();
    };
    let all = ledger.exceptions.values();
    let of_order = all.filter(|one| one.concerns(ledger, order));
    of_order.map(|one| (one.number, one.resolved)).collect()
}

#[component]
fn OrderHead(order: Order) -> impl IntoView {
    let (status, units, code) = (order.status, order.units_due(), order.code.clone());
    view! {
        <div class="chain-head">
            <div><h2 class="code">{code}</h2></div>
            <p>
                {move || format!("{} · {}", status_word(status).say(lang()), queue::units(lang(), units))}
                {format!(" · {} {}", order.source, order.external_id)}
            </p>
        </div>
    }
}

#[component]
fn Proof(
    checked: RwSignal<Option<Checked>, LocalStorage>,
    checked_at: RwSignal<Option<Millis>>,
    look: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let tone = move || match checked.get() {
        Some(Checked::Broken(_)) => Some("refuse"),
        Some(Checked::Failed(_)) => Some("attend"),
        Some(Checked::Whole(_)) | None => None,
    };
    let head = move || {
        let msg = match checked.get() {
            Some(Checked::Whole(_)) => Msg::LogIsWhole,
            Some(Checked::Broken(found)) if found.fault == Fault::Missing => Msg::LogHasAGap,
            Some(Checked::Broken(_)) => Msg::LogIsBroken,
            Some(Checked::Failed(_)) => Msg::HealthNoAnswer,
            None => Msg::SignatureUnchecked,
        };
        msg.say(lang())
    };
    let time = move || {
        checked_at
            .get()
            .map(|at| locale::time("en-US", &device().zone(), at))
            .unwrap_or_default()
    };
    let say = move || match checked.get() {
        Some(Checked::Whole(links)) => desk::acts_signed(lang(), links.len(), time()),
        Some(Checked::Broken(found)) => {
            let what = says(Flaw::Event(found.fault)).say(lang());
            format!("{what} {}", audit::at_position(lang(), found.position.0))
        }
        Some(Checked::Failed(HttpFailed::Denied(no))) => {
            denied::sight_word(no.code).say(lang()).to_owned()
        }
        Some(Checked::Failed(_)) => Msg::EnrolNoServer.say(lang()).to_owned(),
        None => String::new(),
    };
    let counts = move || match checked.get() {
        Some(Checked::Whole(links)) => {
            let about: Vec<&Link> = links.iter().filter(|link| link.subject).collect();
            let mut people: Vec<_> = about.iter().map(|link| link.envelope.actor.actor).collect();
            people.sort_unstable();
            people.dedup();
            let mut devices: Vec<_> = about.iter().map(|link| link.envelope.device).collect();
            devices.sort_unstable();
            devices.dedup();
            view! {
                <dl>
                    <dt>{move || Msg::ProofActs.say(lang())}</dt><dd>{about.len()}</dd>
                    <dt>{move || Msg::ProofPeople.say(lang())}</dt><dd>{people.len()}</dd>
                    <dt>{move || Msg::ProofDevices.say(lang())}</dt><dd>{devices.len()}</dd>
                </dl>
            }
            .into_any()
        }
        Some(Checked::Broken(_) | Checked::Failed(_)) | None => ().into_any(),
    };
    let whole = move || matches!(checked.get(), Some(Checked::Whole(_)));
    view! {
        <aside class="proof" data-tone=tone data-whole=move || whole().then_some("")>
            <h3><Glyph icon=Icon::ShieldCheck/>{head}</h3>
            <p>{say}</p>
            {counts}
            <button class="btn" type="button" on:click=move |_| look()>
                <Glyph icon=Icon::RefreshCw/>
                <span>{move || Msg::CheckAgain.say(lang())}</span>
            </button>
        </aside>
    }
}

#[component]
fn Thread(links: Vec<Link>) -> impl IntoView {
    let times = StoredValue::new(Times::of(&links));
    let mut about: Vec<Link> = links.into_iter().filter(|link| link.subject).collect();
    about.reverse();
    let rows = about
        .into_iter()
        .enumerate()
        .map(|(index, link)| {
            let corrected = times.with_value(|times| times.corrected(&link));
            view! { <Evidence link corrected first=index == 0/> }
        })
        .collect_view();
    view! { <ol class="thread" data-evidence="">{rows}</ol> }
}

#[component]
fn Evidence(link: Link, corrected: Option<Between>, first: bool) -> impl IntoView {
    let event = link.envelope.id;
    let refused = matches!(link.body, Some(Body::ScanRefused(_)));
    let state = if refused {
        "bad"
    } else if first {
        "now"
    } else {
        "done"
    };
    let kind = link.body.as_ref().map(|body| format!("{:?}", body.kind()));
    let device_time = Millis(link.envelope.wall);
    let server_time = Millis(link.recorded_at);
    let who = device().ledger_now(|ledger| {
        let actor = ledger.actors.get(&link.envelope.actor.actor);
        let signer = ledger.devices.get(&link.envelope.device);
        (
            actor.map_or_else(|| "Custody".to_owned(), |actor| actor.name.clone()),
            signer.map_or_else(
                || link.envelope.device.to_string(),
                |signer| signer.name.clone(),
            ),
        )
    });
    let zone = device().zone();
    let times = {
        let zone = zone.clone();
        move || {
            let locale = locale_of(lang());
            let day = locale::short_day(locale, &zone, device_time);
            let exact = locale::exact_time(locale, &zone, device_time);
            let server = locale::exact_time(locale, &zone, server_time);
            let corrected = corrected.map(|between| {
                let (middle, doubt) = between.middle();
                let time = locale::exact_time(locale, &zone, Millis(middle));
                desk::corrected_time(lang(), time, doubt.div_ceil(1_000))
            });
            let server = desk::server_time(lang(), server);
            (format!("{day}, {exact}"), server, corrected)
        }
    };
    let act = {
        let link = link.clone();
        move || device().ledger_now(|ledger| act_text(lang(), ledger, &link))
    };
    let place = {
        let link = link.clone();
        move || device().ledger_now(|ledger| place_text(ledger, &link))
    };
    let decided = {
        let body = link.body.clone();
        move || {
            let said = limits::decided(lang(), body.as_ref()?)?;
            Some(view! { <small data-rules="">{said}</small> })
        }
    };
    let grade = move || grade_of(&link).map(|grade| grade.say(lang()));
    let server = {
        let times = times.clone();
        move || times().1
    };
    let corrected_text = {
        let times = times.clone();
        move || times().2.map(|text| view! { <small>{text}</small> })
    };
    view! {
        <li data-state=state data-kind=kind>
            <div class="evidence">
                <time>
                    {move || times().0}
                    <small>{server}</small>
                    {corrected_text}
                </time>
                <div class="evidence-act">
                    <b>{act}</b>
                    <OfEvent event/>
                    <span>{move || acts::who_where(lang(), &who.0, &who.1)}</span>
                    {decided}
                </div>
                <span>{place}</span>
                <span>{grade}</span>
                <span class="evidence-sign">
                    <Glyph icon=Icon::Check/>
                    <span class="sr">{move || Msg::SignatureChecked.say(lang())}</span>
                </span>
            </div>
        </li>
    }
}

fn grade_of(link: &Link) -> Option<Msg> {
    let grade = match link.body.as_ref()? {
        Body::PackagePicked(done) => done.grade,
        Body::UnitVerified(done) => done.grade,
        Body::ScanRefused(done) => done.grade,
        Body::LabelReadBack(_) => return Some(Msg::GradeLabel),
        _ => return None,
    };
    match grade {
        Grade::Unit => Some(Msg::GradeUnit),
        Grade::Package => Some(Msg::GradePackage),
        Grade::Product => Some(Msg::GradeProduct),
        Grade::Internal | Grade::None => None,
    }
}

fn place_text(ledger: &Ledger, link: &Link) -> String {
    match link.body.as_ref() {
        Some(Body::PackagePicked(done)) => format!("{} · …{}", done.from, done.tag.tail()),
        Some(Body::UnitVerified(done)) => format!("…{}", done.tag.tail()),
        Some(Body::ScanRefused(done)) => done.scanned.clone(),
        Some(Body::BagStaged(done)) => done.slot.to_string(),
        Some(Body::ExceptionRaised(done)) => done.note.clone(),
        Some(Body::ExceptionResolved(done)) => done.note.clone().unwrap_or_default(),
        Some(Body::LinesAllocated(done)) => {
            let tags = done.lines.iter().flat_map(|line| &line.packages);
            tags.map(|package| format!("…{}", package.tag.tail()))
                .collect::<Vec<_>>()
                .join(" ")
        }
        Some(Body::PickVoided(done)) => ledger
            .orders
            .get(&done.order)
            .map(|order| order.code.clone())
            .unwrap_or_default(),
        _ => String::new(),
    }
}
