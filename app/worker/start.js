// What stands behind the glue of every worker's module, and starts it.
//
// In: the module's address, which the build fills in. Must not: keep a failure to itself. One inside a promise reaches
// nobody on the page, so it is thrown where the page's `onerror` hears it.

self.addEventListener("unhandledrejection", (event) => {
  setTimeout(() => {
    throw event.reason;
  });
});

wasm_bindgen({ module_or_path: "__MODULE__" });
