//! Answers that are kept packed: a history of a whole country is tens of
//! megabytes of text, and a tenth of that packed.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Serialize;
use std::io::{BufWriter, Read as _, Write as _};

/// Bytes that are gathered before they are packed.
const GATHERED: usize = 1 << 16;

/// A view as JSON, packed once.
#[derive(Debug, Clone)]
pub(crate) struct Packed(Bytes);

impl Packed {
    /// Writes and packs a view.
    pub(crate) fn of(view: &impl Serialize) -> Self {
        let mut text = BufWriter::with_capacity(GATHERED, GzEncoder::new(Vec::new(), Compression::fast()));
        serde_json::to_writer(&mut text, view).expect("a view has only texts as keys");
        text.flush().expect("memory takes what is written");
        let packer = text.into_inner().expect("everything was written");
        Self(Bytes::from(packer.finish().expect("memory takes what is written")))
    }

    /// The view as it is packed, with gzip.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.to_vec()
    }

    /// The answer to somebody who says what he can unpack.
    pub(crate) fn answer(self, asked: &HeaderMap) -> Response {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let vary = (header::VARY, HeaderValue::from_static("accept-encoding"));
        if takes_gzip(asked) {
            let packed = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            return ([json, vary, packed], self.0).into_response();
        }
        let mut text = Vec::new();
        GzDecoder::new(&*self.0).read_to_end(&mut text).expect("what was packed can be unpacked");
        ([json, vary], text).into_response()
    }
}

/// Whether gzip is among the encodings that are taken, and not at quality 0.
fn takes_gzip(asked: &HeaderMap) -> bool {
    let given = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    given.flat_map(|value| value.split(',')).any(|part| {
        let mut words = part.split(';').map(str::trim);
        let is_gzip = words.next().is_some_and(|word| word.eq_ignore_ascii_case("gzip"));
        is_gzip && words.all(|word| word.strip_prefix("q=").is_none_or(|q| q.parse::<f64>().is_ok_and(|q| q > 0.0)))
    })
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderValue, header, takes_gzip};

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (given, wanted) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
            ("", false),
        ] {
            let mut asked = HeaderMap::new();
            asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(given));
            assert_eq!(takes_gzip(&asked), wanted, "{given}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
