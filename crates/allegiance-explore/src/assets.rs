//! The page and the engine for the browser, built into the program.

use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

/// The page, with its scripts and styles inlined by `page/build.sh`.
pub(crate) const PAGE: &str = include_str!("../built/index.html");
/// The engine as a WebAssembly module, compressed by
/// `crates/allegiance-wasm/build.sh` and unpacked by the browser.
pub(crate) const ENGINE: &[u8] = include_bytes!("../built/engine.wasm.gz");

pub(crate) async fn page() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], PAGE)
}

pub(crate) async fn engine() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/wasm")),
        (header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
    ];
    (headers, Bytes::from_static(ENGINE))
}

/// What the page may do: run its own scripts and the engine, talk to this
/// server, show what it drew itself. Everything else is refused.
pub(crate) fn content_security_policy(page: &str) -> String {
    let (scripts, styles) = (hashes(page, "script"), hashes(page, "style"));
    format!(
        "default-src 'none'; script-src {scripts} 'wasm-unsafe-eval'; style-src {styles}; connect-src 'self'; \
         worker-src blob:; img-src data: blob:; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
    )
}

/// The hashes of what stands inside each element of a kind.
fn hashes(page: &str, element: &str) -> String {
    let hashes = inline(page, element).map(|text| {
        let hash = BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()));
        format!("'sha256-{hash}'")
    });
    let hashes: Vec<String> = hashes.collect();
    if hashes.is_empty() { "'none'".to_owned() } else { hashes.join(" ") }
}

/// What stands inside each element of a kind. Neither kind can hold its own end
/// tag, so the text ends at the first one.
fn inline<'p>(page: &'p str, element: &str) -> impl Iterator<Item = &'p str> {
    let (open, close) = (format!("<{element}"), format!("</{element}>"));
    let mut rest = page;
    std::iter::from_fn(move || {
        loop {
            let after = &rest[rest.find(&open)? + open.len()..];
            if !after.starts_with(['>', ' ', '\n']) {
                rest = after;
                continue;
            }
            let text = &after[after.find('>')? + 1..];
            let end = text.find(&close)?;
            rest = &text[end + close.len()..];
            return Some(&text[..end]);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{content_security_policy, inline};

    #[test]
    fn every_inline_script_and_style_is_hashed_and_nothing_else_may_run() {
        let page =
            "<style>a{}</style><scripting></scripting><script type=\"module\">alert(1)</script><script>2</script>";
        assert_eq!(inline(page, "script").collect::<Vec<_>>(), ["alert(1)", "2"]);
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        let policy = content_security_policy(page);
        assert!(
            policy.contains("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=' 'sha256-"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{policy}");
        assert!(content_security_policy("").contains("style-src 'none'; connect-src 'self'"));
    }
}
