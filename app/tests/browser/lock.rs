//! The lock that lets one tab write.

use std::cell::Cell;
use std::rc::Rc;

use app::platform::lock::{Writer, acquire};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_second_tab_may_take_over_and_the_first_is_told() {
    let lost = Rc::new(Cell::new(false));
    let mut told = None;
    let telling = js_sys::Promise::new(&mut |resolve, _| told = Some(resolve));
    let told = told.unwrap();
    let first = {
        let lost = Rc::clone(&lost);
        acquire(true, move || {
            lost.set(true);
            told.call0(&wasm_bindgen::JsValue::NULL).unwrap();
        })
    };
    assert_eq!(first.await, Writer::Granted);
    assert_eq!(acquire(false, || {}).await, Writer::Elsewhere);
    assert!(!lost.get(), "asking takes nothing away");
    assert_eq!(acquire(true, || {}).await, Writer::Granted);
    JsFuture::from(telling).await.unwrap();
    assert!(lost.get());
}
