//! Who may ask, and what browsers are told about every answer.
//!
//! A page of another site can make a browser send requests to this machine. It
//! can't choose their `Host`, `Origin` and `Sec-Fetch-Site`, so these are
//! checked: a name that was rebound to this address, and a request from another
//! page, are turned away.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

use crate::api::Refusal;

/// What the guard knows.
#[derive(Debug)]
pub(crate) struct Guard {
    /// The names under which this server can be meant.
    hosts: [String; 3],
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Guard {
    /// For a server on a port that serves a page under a policy.
    pub(crate) fn new(port: u16, content_security_policy: &str) -> Self {
        let fixed =
            |name: &'static str, value: &'static str| (HeaderName::from_static(name), HeaderValue::from_static(value));
        let policy = HeaderValue::from_str(content_security_policy).expect("a policy is plain ASCII");
        Self {
            hosts: [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")],
            headers: vec![
                (header::CONTENT_SECURITY_POLICY, policy),
                fixed("x-content-type-options", "nosniff"),
                fixed("x-frame-options", "DENY"),
                fixed("referrer-policy", "no-referrer"),
                fixed("cross-origin-opener-policy", "same-origin"),
                fixed("cross-origin-resource-policy", "same-origin"),
                fixed("permissions-policy", "camera=(), geolocation=(), microphone=()"),
                fixed("cache-control", "no-store"),
            ],
        }
    }

    /// Why a request is turned away; none where it may pass.
    fn objection(&self, request: &Request) -> Option<Refusal> {
        let is_own = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        let headers = request.headers();
        let no = |status, text: &str| Some(Refusal::new(status, text));
        let host = only(headers, &header::HOST);
        let is_target_own = request.uri().authority().is_none_or(|authority| is_own(authority.as_str()));
        if !host.is_some_and(is_own) || !is_target_own {
            return no(StatusCode::MISDIRECTED_REQUEST, "this server answers to 127.0.0.1 and localhost only");
        }
        let is_from_own = |origin: &str| origin.strip_prefix("http://").is_some_and(is_own);
        if headers.contains_key(header::ORIGIN) && !only(headers, &header::ORIGIN).is_some_and(is_from_own) {
            return no(StatusCode::FORBIDDEN, "this server answers to its own page only");
        }
        let fetch_site = HeaderName::from_static("sec-fetch-site");
        let is_near = |site: &str| matches!(site, "same-origin" | "none");
        if headers.contains_key(&fetch_site) && !only(headers, &fetch_site).is_some_and(is_near) {
            return no(StatusCode::FORBIDDEN, "this server answers to its own page only");
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return no(StatusCode::METHOD_NOT_ALLOWED, "this server only shows; it takes GET and HEAD");
        }
        None
    }
}

/// The value of a header that stands there once.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Lets a request pass or turns it away, and tells the browser what it may do
/// with the answer.
pub(crate) async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.objection(&request) {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    for (name, value) in &guard.headers {
        response.headers_mut().insert(name.clone(), value.clone());
    }
    response
}
