//! The service worker, and a newer build waiting.
//!
//! An update is offered, never forced: it takes over when a person says so.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::{Closure, JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorkerContainer, ServiceWorkerRegistration};

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let has = Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false);
    has.then(|| navigator.service_worker())
}

/// Registers the worker and calls `waiting` whenever a newer build is ready.
pub async fn watch(waiting: impl Fn() + Clone + 'static) {
    let Some(container) = container() else { return };
    let options = Object::new();
    let set = Reflect::set(&options, &"updateViaCache".into(), &"none".into());
    debug_assert!(set.is_ok());
    let Ok(register) = Reflect::get(&container, &"register".into()) else {
        return;
    };
    let Ok(register) = register.dyn_into::<js_sys::Function>() else {
        return;
    };
    let Ok(asked) = register.call2(&container, &"/sw.js".into(), &options) else {
        return;
    };
    let Ok(registration) = JsFuture::from(js_sys::Promise::from(asked)).await else {
        return;
    };
    let registration: ServiceWorkerRegistration = registration.unchecked_into();
    let controlled = container.controller().is_some();
    if registration.waiting().is_some() && controlled {
        waiting();
    }
    let found = {
        let registration = registration.clone();
        Closure::<dyn Fn()>::new(move || {
            let Some(worker) = registration.installing() else {
                return;
            };
            let waiting = waiting.clone();
            let state = worker.clone();
            let changed = Closure::<dyn Fn()>::new(move || {
                let installed = state.state() == web_sys::ServiceWorkerState::Installed;
                let replaces = self::container().is_some_and(|known| known.controller().is_some());
                if installed && replaces {
                    waiting();
                }
            });
            worker.set_onstatechange(Some(changed.as_ref().unchecked_ref()));
            changed.forget();
        })
    };
    registration.set_onupdatefound(Some(found.as_ref().unchecked_ref()));
    found.forget();
}

/// Lets the waiting build take over, then loads it.
pub async fn activate() {
    let Some(container) = container() else { return };
    let Ok(registration) = JsFuture::from(container.get_registration()).await else {
        return;
    };
    let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>() else {
        return;
    };
    let Some(worker) = registration.waiting() else {
        return;
    };
    let reload = Closure::<dyn Fn()>::new(reload);
    container.set_oncontrollerchange(Some(reload.as_ref().unchecked_ref()));
    reload.forget();
    let message = Object::new();
    let set = Reflect::set(&message, &"type".into(), &"activate-update".into());
    debug_assert!(set.is_ok());
    let _sent: Result<(), JsValue> = worker.post_message(&message);
}

/// Loads the page anew: nothing of what it held in memory stays.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        let _loading = window.location().reload();
    }
}
