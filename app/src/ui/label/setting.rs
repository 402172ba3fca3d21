//! How this device prints labels: on which stock, in which language.
//!
//! Must not: offer a language the state's rules do not allow.

use domain::custody::label::{Printing, ReprintReason};
use domain::label::facts::{allowed, wanted};
use domain::label::media::{HEADS, STOCKS};
use domain::label::{Language, Media};
use domain::sync::printing::Printer;
use leptos::prelude::*;

use super::printers::known;
use crate::device::device;
use crate::platform::choice::{read, write};
use crate::platform::usb;
use crate::ui::choice::lang;
use crate::ui::words::Msg;

/// Dots in an inch of what the browser prints: the common thermal printer's.
const BROWSER_DPI: u16 = 203;

/// What stands for the printer at the tablet's own USB among the printers' names, which have no such sign.
const USB: &str = "usb:";

/// The choices. Counted, not owned by the page that asked first: they outlast it.
#[derive(Clone)]
pub(super) struct Setting {
    stock: ArcRwSignal<String>,
    /// Dots in an inch of the printer at the tablet's own USB.
    dpi: ArcRwSignal<u16>,
    /// The shop's printer by name; empty: the browser prints.
    printer: ArcRwSignal<String>,
    language: ArcRwSignal<Language>,
}

thread_local! {
    static SETTING: Setting = Setting {
        stock: ArcRwSignal::new(read("label-stock").unwrap_or_default()),
        dpi: ArcRwSignal::new(usb_dpi()),
        printer: ArcRwSignal::new(read("label-printer").unwrap_or_default()),
        language: ArcRwSignal::new(Language::English),
    };
}

fn usb_dpi() -> u16 {
    let chosen = read("label-usb-dpi").and_then(|dpi| dpi.parse().ok());
    chosen
        .filter(|dpi| HEADS.contains(dpi))
        .unwrap_or(BROWSER_DPI)
}

/// The choices of this device.
pub(super) fn setting() -> Setting {
    SETTING.with(Clone::clone)
}

impl Setting {
    /// The chosen printer, as long as the shop has it.
    pub(super) fn printer(&self) -> Option<Printer> {
        let name = self.printer.get();
        known().with(|known| {
            known
                .printers
                .iter()
                .find(|printer| printer.name == name)
                .cloned()
        })
    }

    /// Whether labels go to the printer at the tablet's own USB, where the browser can.
    pub(super) fn is_usb(&self) -> bool {
        self.printer.with(|printer| printer == USB) && usb::is_here()
    }

    /// The stock, followed: the printer's own, or the one chosen for the browser.
    pub(super) fn media(&self) -> Media {
        if let Some(printer) = self.printer() {
            return printer.media;
        }
        let dpi = if self.is_usb() {
            self.dpi.get()
        } else {
            BROWSER_DPI
        };
        Media::parse(&self.stock.get(), dpi).unwrap_or_default()
    }

    /// The language, followed; English where the state's rules do not allow the chosen one.
    pub(super) fn language(&self) -> Language {
        let chosen = self.language.get();
        device().ledger(|ledger| allowed(ledger, chosen))
    }

    /// The browser's page for that stock.
    pub(super) fn paper(&self) -> &'static str {
        match self.media().stock().as_str() {
            "4x6" => "exit-label-4x6",
            "4x2" => "exit-label-4x2",
            "3x2" => "exit-label-3x2",
            "2.25x1.25" => "exit-label-2x1",
            _ => "exit-label",
        }
    }

    /// All of it for one print.
    pub(super) fn printing(&self, reason: Option<ReprintReason>, sold: String) -> Printing {
        Printing {
            reason,
            language: self.language(),
            media: self.media(),
            printer: self.printer().map(|printer| printer.name),
            sold,
        }
    }
}

/// Where people choose. Once a label is printed, only another print changes it.
#[component]
pub(super) fn Settings(checked: Signal<bool>) -> impl IntoView {
    let put_stock = move |event| {
        let stock = event_target_value(&event);
        write("label-stock", &stock);
        setting().stock.set(stock);
    };
    let stocks = move || {
        let now = setting().media().stock();
        let dpi = BROWSER_DPI;
        let all = Media::all()
            .filter(move |media| media.dpi() == dpi)
            .take(STOCKS.len());
        let option = |media: Media| {
            let (stock, (across, down)) = (media.stock(), media.sides());
            let selected = stock == now;
            view! { <option value=stock selected=selected>{format!("{across} × {down} in")}</option> }
        };
        all.map(option).collect_view()
    };
    view! {
        <div class="card label-setting">
            <Printers/>
            <AtUsb/>
            {move || setting().printer().is_none().then(|| view! {
                <label class="field">
                    {move || Msg::LabelStock.say(lang())}
                    <select data-choice="stock" on:change=put_stock>{stocks}</select>
                </label>
            })}
            <InLanguage checked/>
        </div>
    }
}

/// The shop's printers, or the browser.
#[component]
fn Printers() -> impl IntoView {
    let put_printer = move |event| {
        let name = event_target_value(&event);
        write("label-printer", &name);
        setting().printer.set(name);
    };
    move || {
        let known = known().get().printers;
        let chosen = setting().printer().map(|printer| printer.name);
        let (is_usb, has_usb) = (setting().is_usb(), usb::is_here());
        (!known.is_empty() || has_usb).then(|| {
            let option = |printer: Printer| {
                let selected = chosen.as_ref() == Some(&printer.name);
                view! { <option value=printer.name.clone() selected=selected>{printer.name.clone()}</option> }
            };
            let options = known.into_iter().map(option).collect_view();
            view! {
                <label class="field">
                    {move || Msg::LabelPrinter.say(lang())}
                    <select data-choice="printer" on:change=put_printer>
                        <option value="" selected=chosen.is_none() && !is_usb>{move || Msg::BrowserPrints.say(lang())}</option>
                        {has_usb.then(|| view! {
                            <option value=USB selected=is_usb>{move || Msg::UsbPrints.say(lang())}</option>
                        })}
                        {options}
                    </select>
                </label>
            }
        })
    }
}

/// The printer at the tablet's own USB: which it is, and how fine it prints.
#[component]
fn AtUsb() -> impl IntoView {
    let name = RwSignal::new(None::<String>);
    let look = move || leptos::task::spawn_local(async move { name.set(usb::name().await) });
    let connect = move |_| {
        leptos::task::spawn_local(async move {
            if let Some(chosen) = usb::choose().await {
                name.set(Some(chosen));
            }
        });
    };
    let put_dpi = move |event| {
        let dpi = event_target_value(&event);
        write("label-usb-dpi", &dpi);
        setting().dpi.set(usb_dpi());
    };
    move || {
        setting().is_usb().then(|| {
            look();
            let dpis = HEADS.into_iter().map(|dpi| {
                view! { <option value=dpi.to_string() selected=dpi == setting().dpi.get()>{format!("{dpi} dpi")}</option> }
            });
            view! {
                <p data-usb="" role="status">
                    {move || name.get().unwrap_or_else(|| Msg::UsbNotConnected.say(lang()).to_owned())}
                </p>
                <button class="btn btn-small" type="button" on:click=connect>
                    <span>{move || Msg::UsbConnect.say(lang())}</span>
                </button>
                <label class="field">
                    {move || Msg::UsbDots.say(lang())}
                    <select data-choice="dpi" on:change=put_dpi>{dpis.collect_view()}</select>
                </label>
            }
        })
    }
}

/// The language of the captions, where the rules allow another than English.
#[component]
fn InLanguage(checked: Signal<bool>) -> impl IntoView {
    let languages = Memo::new(|_| device().ledger(|ledger| wanted(ledger).languages()));
    let put_language = move |event| {
        let is_spanish = event_target_value(&event) == "es";
        setting().language.set(match is_spanish {
            true => Language::Spanish,
            false => Language::English,
        });
    };
    move || {
        let spanish = languages.with(|all| all.contains(&Language::Spanish));
        (spanish && !checked.get()).then(|| {
            view! {
                <label class="field">
                    {move || Msg::LabelLanguage.say(lang())}
                    <select data-choice="language" on:change=put_language>
                        <option value="en" selected=move || setting().language.get() == Language::English>"English"</option>
                        <option value="es" selected=move || setting().language.get() == Language::Spanish>"Español"</option>
                    </select>
                </label>
            }
        })
    }
}
