//! A folder for the files of a test.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty folder, removed at the end.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder that no other test has.
    ///
    /// # Panics
    /// Where it can't be made.
    #[expect(clippy::new_without_default, reason = "it writes to the disk")]
    pub fn new() -> Self {
        static N: AtomicU32 = AtomicU32::new(0);
        let name = format!("allegiance-files-{}-{}", std::process::id(), N.fetch_add(1, Ordering::Relaxed));
        let folder = Self(std::env::temp_dir().join(name));
        fs_err::create_dir_all(&folder.0).expect("a temporary folder can be made");
        folder
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    ///
    /// # Panics
    /// Where it can't be written.
    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs_err::write(self.0.join(file), text).expect("a temporary file can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs_err::remove_dir_all(&self.0));
    }
}
