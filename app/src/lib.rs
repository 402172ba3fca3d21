//! Custody in the browser: capture, decide, keep, send, show.

/// Light and keys become readings.
pub mod capture;
/// One reading, start to finish.
pub mod scan;
/// What the device keeps.
pub mod store;
/// Who acts.
pub mod access;
/// The protocol, carried out.
pub mod sync;
/// This device at work.
pub mod device;
/// What the browser can do.
pub mod platform;
/// The screens.
pub mod ui;

/// Starts the app in the page.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
    }));
    // The page's own signals must not belong to a screen, or they would end with it.
    let _ = (
        device::device(),
        scan::signals(),
        capture::camera::signals(),
        ui::choice::choices(),
        ui::ticking(),
    );
    capture::wedge::listen(capture::wedge::Reader {
        read: scan::wedged,
        is_code: scan::is_code,
    });
    access::idle::watch();
    leptos::mount::mount_to_body(ui::App);
    leptos::task::spawn_local(async {
        if !ui::audit::is_alone() {
            device::device().start(false).await;
        }
        platform::update::watch(|| {
            leptos::prelude::Set::set(&device::device().update_ready, true);
        })
        .await;
    });
}
