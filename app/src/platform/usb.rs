//! A label printer at the tablet's own USB, where the browser lets a page speak to one (WebUSB; Chromium does).
//!
//! In: texts in the printer's language. Out: what became of them. Must not: say that nothing was printed when the end of a label was on
//! its way, or keep a printer from others for longer than one print takes.
//!
//! The browser's own types for this are not stable in `web-sys`, so its objects are asked by name.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// The class of printers among USB interfaces.
const PRINTERS: f64 = 7.0;
/// Bytes handed over at once.
const CHUNK: usize = 16 * 1024;

/// What became of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The printer took all of them. What came out, only somebody who looks can say.
    Taken,
    /// Nothing of them was printed: no printer, or another program has it.
    Nothing,
    /// The line broke when some of it was on its way.
    Unproven,
}

/// Whether this browser speaks to printers at all.
#[must_use]
pub fn is_here() -> bool {
    usb().is_some()
}

fn usb() -> Option<JsValue> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    of(&navigator, "usb").filter(JsValue::is_object)
}

/// Has the person choose a printer; they have to press something for it. The printer's name, or `None`: nothing was chosen.
pub async fn choose() -> Option<String> {
    let filter = Object::new();
    Reflect::set(&filter, &"classCode".into(), &PRINTERS.into()).ok()?;
    let options = Object::new();
    Reflect::set(&options, &"filters".into(), &Array::of1(&filter)).ok()?;
    let printer = call(&usb()?, "requestDevice", &[options.into()]).await?;
    Some(name_of(&printer))
}

/// The name of the printer that was chosen before and is plugged in now.
pub async fn name() -> Option<String> {
    printer().await.map(|printer| name_of(&printer))
}

async fn printer() -> Option<JsValue> {
    let known = Array::from(&call(&usb()?, "getDevices", &[]).await?);
    known.iter().find(|device| way_in(device).is_some())
}

fn name_of(printer: &JsValue) -> String {
    let name = of(printer, "productName").and_then(|name| name.as_string());
    name.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "USB".to_owned())
}

/// Where a printer takes what it prints: configuration, interface, its alternate, the end of its bulk pipe.
#[derive(Clone, Copy)]
struct WayIn {
    configuration: f64,
    interface: f64,
    alternate: f64,
    pipe: f64,
}

fn way_in(device: &JsValue) -> Option<WayIn> {
    each(device, "configurations").find_map(|configuration| {
        let number = figure(&configuration, "configurationValue")?;
        each(&configuration, "interfaces").find_map(|interface| {
            let at = figure(&interface, "interfaceNumber")?;
            each(&interface, "alternates").find_map(|alternate| {
                let is_printer = figure(&alternate, "interfaceClass") == Some(PRINTERS);
                let pipe = each(&alternate, "endpoints")
                    .find(is_out)
                    .filter(|_| is_printer)?;
                Some(WayIn {
                    configuration: number,
                    interface: at,
                    alternate: figure(&alternate, "alternateSetting")?,
                    pipe: figure(&pipe, "endpointNumber")?,
                })
            })
        })
    })
}

fn is_out(pipe: &JsValue) -> bool {
    let is = |name: &str, word: &str| {
        of(pipe, name).and_then(|one| one.as_string()).as_deref() == Some(word)
    };
    is("direction", "out") && is("type", "bulk")
}

/// Gives labels to the printer that was chosen: all of a label but its end first, which prints nothing.
pub async fn print(labels: &[String], end: &str) -> Came {
    let Some(printer) = printer().await else {
        return Came::Nothing;
    };
    let Some(way) = way_in(&printer) else {
        return Came::Nothing;
    };
    if open(&printer, way).await.is_none() {
        close(&printer, way).await;
        return Came::Nothing;
    }
    let came = give_all(&printer, way, labels, end).await;
    close(&printer, way).await;
    came
}

async fn give_all(printer: &JsValue, way: WayIn, labels: &[String], end: &str) -> Came {
    for (index, label) in labels.iter().enumerate() {
        let body = label.strip_suffix(end).unwrap_or(label);
        if give(printer, way, body).await.is_none() {
            return if index == 0 {
                Came::Nothing
            } else {
                Came::Unproven
            };
        }
        if give(printer, way, end).await.is_none() {
            return Came::Unproven;
        }
    }
    Came::Taken
}

async fn open(printer: &JsValue, way: WayIn) -> Option<()> {
    call(printer, "open", &[]).await?;
    if of(printer, "configuration").is_none_or(|one| one.is_null() || one.is_undefined()) {
        call(printer, "selectConfiguration", &[way.configuration.into()]).await?;
    }
    call(printer, "claimInterface", &[way.interface.into()]).await?;
    if way.alternate > 0.0 {
        let place = [way.interface.into(), way.alternate.into()];
        call(printer, "selectAlternateInterface", &place).await?;
    }
    Some(())
}

async fn close(printer: &JsValue, way: WayIn) {
    // A printer that was pulled out is closed by that.
    let _released = call(printer, "releaseInterface", &[way.interface.into()]).await;
    let _closed = call(printer, "close", &[]).await;
}

async fn give(printer: &JsValue, way: WayIn, text: &str) -> Option<()> {
    for part in text.as_bytes().chunks(CHUNK) {
        let bytes: JsValue = Uint8Array::from(part).into();
        let answer = call(printer, "transferOut", &[way.pipe.into(), bytes]).await?;
        let status = of(&answer, "status").and_then(|status| status.as_string());
        if status.as_deref() != Some("ok") {
            return None;
        }
    }
    Some(())
}

fn of(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok()
}

fn figure(object: &JsValue, name: &str) -> Option<f64> {
    of(object, name)?.as_f64()
}

fn each(object: &JsValue, name: &str) -> impl Iterator<Item = JsValue> + use<> {
    let list = of(object, name).filter(JsValue::is_object);
    list.map(|list| Array::from(&list).to_vec())
        .unwrap_or_default()
        .into_iter()
}

/// Asks an object to do something, and waits for it. `None`: it cannot, or it failed.
async fn call(object: &JsValue, name: &str, values: &[JsValue]) -> Option<JsValue> {
    let does: Function = of(object, name)?.dyn_into().ok()?;
    let values: Array = values.iter().collect();
    let asked = does.apply(object, &values).ok()?;
    JsFuture::from(asked.dyn_into::<Promise>().ok()?).await.ok()
}
