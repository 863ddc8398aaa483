//! Reads a table of others as text, unpacked where it is gzipped.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

/// How a gzipped file begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Why a file couldn't be read as text.
#[derive(Debug, thiserror::Error)]
pub enum ReadTextError {
    /// The file can't be read; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is compressed and damaged.
    #[error("{} begins as gzip but can't be unpacked: {source}", path.display())]
    Gzip {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: io::Error,
    },
    /// The file isn't text.
    #[error("{} isn't UTF-8 text, first at byte {at}; {fix}", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
        /// The first byte that isn't text.
        at: usize,
        /// What the file should be, or what to do.
        fix: &'static str,
    },
}

/// The text of a file; `fix` is said of one that isn't text.
pub fn read_text(path: &Path, fix: &'static str) -> Result<String, ReadTextError> {
    let mut bytes = fs_err::read(path)?;
    if bytes.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut unpacked)
            .map_err(|source| ReadTextError::Gzip { path: path.to_owned(), source })?;
        bytes = unpacked;
    }
    String::from_utf8(bytes).map_err(|error| ReadTextError::NotText {
        path: path.to_owned(),
        at: error.utf8_error().valid_up_to(),
        fix,
    })
}
