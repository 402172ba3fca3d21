//! Everything else: the app's files.

use crate::server::{Folder, Server};

#[test]
fn every_page_of_the_app_is_its_first_page_and_runs_only_its_own_scripts() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    let page = server.get("/", &[]);
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-cache");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(policy.contains("'wasm-unsafe-eval'") && !policy.contains("'unsafe-eval'"));
    for path in ["/queue", "/orders/abc", "/v1x"] {
        assert_eq!(server.get(path, &[]).body, page.body, "{path}");
    }
    let same = [("if-none-match", page.header("etag"))];
    assert_eq!(server.get("/", &same).status, 304);
}

#[test]
fn a_file_or_route_that_is_not_there_is_not_the_first_page() {
    let folder = Folder::new();
    let server = Server::start(&folder);
    for path in [
        "/missing.js",
        "/v1/nothing",
        "/api/v1/nothing",
        "/../server.key",
    ] {
        assert_eq!(server.get(path, &[]).status, 404, "{path}");
    }
    assert_eq!(server.post("/queue", &[], b"").status, 405);
}
