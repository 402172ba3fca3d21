//! What stands before every route and goes with every answer.
//!
//! In: requests and answers. Out: requests that no other site's page sent; answers that a browser shows to no other
//! site, guesses nothing about and keeps nowhere. Must not: know who asks, or stop a program that is no browser.
//!
//! Programs bring no word of where they come from, and need none: what they may do hangs on a signature or a token,
//! which a browser never adds by itself. A browser names the page that asks, and no page can change that.
//!
//! What is no HTTP, or has a head that is too long, never gets here: the library that reads heads answers 400, 414 or 431
//! itself, and lets nobody add a header. Those answers are empty and say of no type that they are: there is nothing in
//! them to run, to frame, to guess at or to keep, and a browser that came over TLS before has been told so by any other
//! answer. A test sees to it that they stay empty.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::sync::enrol::DenialCode;

use super::App;
use super::denial::{CBOR, refused};

/// For answers that are no page: nothing in them may run, load or be shown in a frame.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// With every answer.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(), geolocation=()",
    ),
];
/// With every answer that does not say otherwise.
const USUALLY: [(HeaderName, &str); 2] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
];
/// A year: a browser that has come over TLS once comes over nothing else.
const ONLY_TLS: &str = "max-age=31536000; includeSubDomains";

/// Where a browser says the page that asks is, compared with the server that is asked.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Puts the headers on an answer.
pub(super) async fn answers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = dressed(next.run(request).await);
    if app.certificates.is_some() {
        let only = HeaderValue::from_static(ONLY_TLS);
        let headers = response.headers_mut();
        headers.insert(header::STRICT_TRANSPORT_SECURITY, only);
    }
    response
}

/// An answer with the headers that do not hang on the line it goes over.
pub(super) fn dressed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in USUALLY {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses what another site's page asks.
pub(super) async fn requests(request: Request, next: Next) -> Response {
    if is_guarded(request.method(), request.uri()) && is_foreign(request.uri(), request.headers()) {
        tracing::warn!("a page of another site asked for something, and was refused");
        return refused(
            request.uri(),
            StatusCode::FORBIDDEN,
            DenialCode::OutOfScope,
            "foreign_page",
            "A browser sent this for a page of another site. Nothing was done.",
        );
    }
    let uri = request.uri().clone();
    in_our_form(&uri, next.run(request).await)
}

/// What is refused before any of our code is asked, such as a query that cannot be read or a method that is not there, in
/// the form of every other refusal: devices and programs read a code, never prose.
fn in_our_form(uri: &Uri, response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_ours = kind.is_some_and(|kind| kind == CBOR || kind == "application/json");
    if !is_shops(uri) || !response.status().is_client_error() || is_ours {
        return response;
    }
    let status = response.status();
    let (code, word, reason) = match status {
        StatusCode::METHOD_NOT_ALLOWED => (
            DenialCode::NotFound,
            "method_unknown",
            "This address is not asked with this method.",
        ),
        _ => (
            DenialCode::Unreadable,
            "unreadable",
            "The address cannot be read. Nothing was done.",
        ),
    };
    let mut ours = refused(uri, status, code, word, reason);
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        ours.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    ours
}

fn is_shops(uri: &Uri) -> bool {
    ["/v1/", "/api/"]
        .iter()
        .any(|start| uri.path().starts_with(start))
}

/// Whether a request reads what is the shop's, or changes anything. The app's own files are for everybody, or no link
/// to a page of it would work.
fn is_guarded(method: &Method, uri: &Uri) -> bool {
    is_shops(uri) || (method != Method::GET && method != Method::HEAD)
}

/// Whether a browser says that a page of another site asks.
fn is_foreign(uri: &Uri, headers: &HeaderMap) -> bool {
    match headers.get(FETCH_SITE).map(HeaderValue::as_bytes) {
        // The browser compared the page with the address it asked. A proxy may have changed the host since.
        Some(b"same-origin") => return false,
        Some(b"none") | None => {}
        Some(_) => return true,
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    origins.any(|origin| !is_here(origin, uri, headers))
}

/// Whether an origin, such as `https://shop.lan:8765`, is the host that is asked. Whether it is asked over TLS a server
/// behind a proxy cannot tell.
fn is_here(origin: &HeaderValue, uri: &Uri, headers: &HeaderMap) -> bool {
    let asked = match uri.authority() {
        Some(authority) => Some(authority.clone()),
        None => headers.get(header::HOST).and_then(authority),
    };
    let page = origin.to_str().ok().and_then(|text| text.split_once("://"));
    let page = page.and_then(|(_, host)| host.parse::<Authority>().ok());
    // Authorities are compared without regard to case.
    page.is_some_and(|page| asked == Some(page))
}

fn authority(host: &HeaderValue) -> Option<Authority> {
    host.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], foreign: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let uri = Uri::from_static("/v1/hello");
        assert_eq!(is_foreign(&uri, &map), foreign, "{headers:?}");
    }

    #[test]
    fn a_program_that_is_no_browser_is_let_through() {
        check(&[], false);
        check(&[("host", "shop.lan")], false);
        check(&[("host", "not a host")], false);
    }

    #[test]
    fn the_apps_own_page_is_let_through() {
        check(&[("sec-fetch-site", "same-origin")], false);
        check(&[("sec-fetch-site", "none")], false);
        let host = ("host", "Shop.lan:8765");
        check(&[host, ("origin", "https://shop.lan:8765")], false);
        check(
            &[("host", "[::1]:80"), ("origin", "http://[::1]:80")],
            false,
        );
        // A proxy that does not pass the host on.
        let proxied = [
            ("host", "127.0.0.1:8765"),
            ("origin", "https://shop.lan"),
            ("sec-fetch-site", "same-origin"),
        ];
        check(&proxied, false);
    }

    #[test]
    fn a_page_of_another_site_is_not() {
        for site in [
            "cross-site",
            "same-site",
            "",
            "SAME-ORIGIN",
            "same-origin, none",
        ] {
            check(&[("sec-fetch-site", site), ("host", "shop.lan")], true);
        }
        let host = ("host", "shop.lan");
        for origin in [
            "https://evil.example",
            "https://shop.lan:444",
            "https://shop.lan.evil.example",
            "https://evil@shop.lan",
            "null",
            "",
            "shop.lan",
        ] {
            check(&[host, ("origin", origin)], true);
            check(
                &[host, ("origin", origin), ("sec-fetch-site", "none")],
                true,
            );
        }
        // One that is good beside one that is not.
        check(
            &[
                host,
                ("origin", "http://shop.lan"),
                ("origin", "http://a.example"),
            ],
            true,
        );
        check(
            &[("host", "not a host"), ("origin", "http://shop.lan")],
            true,
        );
        check(&[("origin", "http://shop.lan")], true);
    }

    #[test]
    fn files_may_be_linked_to_but_nothing_else_may_be_asked_for() {
        let guarded = |method, path| is_guarded(&method, &Uri::from_static(path));
        assert!(!guarded(Method::GET, "/queue"));
        assert!(!guarded(Method::HEAD, "/"));
        assert!(guarded(Method::POST, "/queue"));
        assert!(guarded(Method::GET, "/v1/hello"));
        assert!(guarded(Method::OPTIONS, "/v1/enrol"));
        assert!(guarded(Method::GET, "/api/v1/orders/web/1"));
    }
}
