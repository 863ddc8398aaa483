//! The repository, for tests that hold its documents against the code.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The repository around this package; nothing, with a word, where the package
/// was unpacked alone.
pub(crate) fn root() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if root.join("crates").join(env!("CARGO_PKG_NAME")).is_dir() {
        return Some(root);
    }
    let note = "skipped: the package stands alone, without the documents of the repository\n";
    std::io::stderr().write_all(note.as_bytes()).expect("standard error takes a line");
    None
}
