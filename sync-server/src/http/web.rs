//! The app, as files built into this program.
//!
//! In: a path. Out: the file, compressed when the browser can read it so. Must not: serve anything that was
//! not there when the program was built.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use domain::sync::enrol::DenialCode;

use super::denial::refused;

/// One file of the app.
struct File {
    path: &'static str,
    content_type: &'static str,
    etag: &'static str,
    is_immutable: bool,
    identity: &'static [u8],
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// Everything else: a file of the app, or its first page, which knows its own paths.
pub(super) async fn file(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("v1/") || path.starts_with("api/") {
        return refused(
            &uri,
            StatusCode::NOT_FOUND,
            DenialCode::NotFound,
            "not_found",
            "There is nothing at this address.",
        );
    }
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let found = FILES.iter().find(|file| file.path == path);
    let first_page = || FILES.iter().find(|file| file.path == "index.html");
    match found.or_else(|| {
        if path.contains('.') {
            None
        } else {
            first_page()
        }
    }) {
        Some(file) => answer(file, &headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(file: &'static File, headers: &HeaderMap) -> Response {
    let holds = |name: header::HeaderName, wanted: &str| {
        let values = headers.get_all(name).iter();
        values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|part| part.split(';').next().map(str::trim) == Some(wanted))
    };
    let mut response = if holds(header::IF_NONE_MATCH, file.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let brotli = file.brotli.filter(|_| holds(header::ACCEPT_ENCODING, "br"));
        let mut response = Response::new(Body::from(brotli.unwrap_or(file.identity)));
        if brotli.is_some() {
            let br = HeaderValue::from_static("br");
            response.headers_mut().insert(header::CONTENT_ENCODING, br);
        }
        let content_type = HeaderValue::from_static(file.content_type);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
        response
    };
    let cache = if file.is_immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    for (name, value) in [
        ("etag", file.etag),
        ("cache-control", cache),
        ("vary", "accept-encoding"),
        ("content-security-policy", CONTENT_SECURITY_POLICY),
    ] {
        let name = header::HeaderName::from_static(name);
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
