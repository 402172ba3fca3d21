//! The browsers the tests drive.
//!
//! In: what is installed, and `CHROMIUM` or `CHROMEDRIVER` for a machine that keeps them elsewhere.
//! Out: their paths. Must not download a browser past the system's own packages.

use super::apt;
use crate::failure::Failure;
use crate::place::Place;
use crate::process;
use crate::toolchain::Toolchain;
use std::env;
use std::path::PathBuf;

const CHROMIUM_NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const CHROMIUM_ON_A_MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
/// WebKitGTK exists on Linux only; elsewhere its smoke test is skipped, and says so.
pub(crate) const HAS_WEBKIT: bool = cfg!(target_os = "linux");

pub(crate) fn chromium() -> Option<PathBuf> {
    named_by("CHROMIUM")
        .or_else(|| {
            CHROMIUM_NAMES
                .iter()
                .find_map(|name| process::find_program(name))
        })
        .or_else(|| Some(PathBuf::from(CHROMIUM_ON_A_MAC)).filter(|path| path.is_file()))
}

pub(crate) fn chromedriver() -> Option<PathBuf> {
    named_by("CHROMEDRIVER").or_else(|| process::find_program("chromedriver"))
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}

pub(super) fn chromium_is_ready(_: &Place) -> bool {
    chromium().is_some() && chromedriver().is_some()
}

pub(super) fn install_chromium(place: &Place, _: Toolchain) -> Result<(), Failure> {
    let instead = "install Chrome and the chromedriver of the same version, \
                   or name them in CHROMIUM and CHROMEDRIVER";
    apt::install(place, "Chromium", &["chromium", "chromium-driver"], instead)
}

pub(super) fn webkit_is_ready(_: &Place) -> bool {
    !HAS_WEBKIT || process::find_program("WebKitWebDriver").is_some()
}

pub(super) fn install_webkit(place: &Place, _: Toolchain) -> Result<(), Failure> {
    apt::install(
        place,
        "WebKit",
        &["webkit2gtk-driver"],
        "install WebKitGTK with its WebDriver",
    )
}

pub(super) fn screen_is_ready(_: &Place) -> bool {
    !HAS_WEBKIT || process::find_program("xvfb-run").is_some()
}

pub(super) fn install_screen(place: &Place, _: Toolchain) -> Result<(), Failure> {
    // xvfb-run makes its screen's password with xauth, which is only recommended by the package.
    apt::install(
        place,
        "Xvfb",
        &["xvfb", "xauth"],
        "install Xvfb with xvfb-run",
    )
}
