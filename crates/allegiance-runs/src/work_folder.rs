//! The folder of work in many pieces, such as the rows of a sweep: safe to
//! kill at any moment, complete once it has its name.
//!
//! ```text
//! <out>.partial/          while the work goes on
//!     partial.json        what work this is, so that no other resumes it
//!     lock                held by the process that writes here
//!     pieces/<name>.json  one finished piece, named by one rename
//! <out>/                  at the end, by one rename
//!     <head file>  tables
//! ```
//!
//! The head file (`design.json`, `experiment.json`) is the last one written in
//! the partial folder: where it exists, only clearing away the pieces and the
//! renaming are left to do.

use crate::disk::{put, remove};
use crate::partial_folder::{Identity, Opening, Ours, PartialFolder, identity_in, is_finished};
use crate::partial_folder::{OpenFolderError, WriteFolderError};
use allegiance_record::digest::digest_of_bytes;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Version of the layout of these folders.
pub const WORK_FORMAT_VERSION: u32 = 1;

/// What makes two pieces of work the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkIdentity {
    /// Version of the layout of the folder.
    pub format_version: u32,
    /// Version of the engine.
    pub engine_version: String,
    /// Digest of everything that decides the results.
    pub work_digest: String,
    /// Which shard of how many, counted from 1; empty for the whole.
    pub shard: Option<[u32; 2]>,
}

impl Identity for WorkIdentity {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("format version", self.format_version.to_string()),
            ("engine version", self.engine_version.clone()),
            ("content", self.work_digest.clone()),
            ("shard", self.shard.map_or("none".to_owned(), |[at, of]| format!("{at}/{of}"))),
        ]
    }
}

/// An open folder; no other process can open it meanwhile.
#[derive(Debug)]
pub struct WorkFolder(PartialFolder);

impl WorkFolder {
    /// Opens the partial folder of some work, new or to be resumed. `head` is
    /// the file that tells a finished folder.
    ///
    /// # Errors
    /// See [`OpenFolderError`].
    pub fn open(
        out: &Path,
        head: &str,
        identity: &WorkIdentity,
        overwrite: bool,
        resume: bool,
    ) -> Result<Self, OpenFolderError> {
        let opening = Opening { out, ours: Ours::Summed { head }, head, overwrite, resume, is_brief: false };
        let folder = PartialFolder::open(opening, identity, &[])?;
        folder.make("pieces")?;
        Ok(Self(folder))
    }

    /// Where the work lies until it is finished.
    pub fn partial(&self) -> &Path {
        self.0.path()
    }

    /// The finished pieces by name. Damaged ones and leftovers are removed.
    pub fn kept(&self) -> Result<BTreeMap<String, String>, OpenFolderError> {
        let mut kept = BTreeMap::new();
        for entry in fs::read_dir(self.partial().join("pieces"))? {
            let path = entry?.path();
            match read_piece(&path) {
                Some((name, text)) => {
                    kept.insert(name, text);
                }
                None => remove(&path)?,
            }
        }
        Ok(kept)
    }

    /// Keeps a finished piece by one rename, with a digest that tells damage.
    pub fn keep(&self, name: &str, text: &str) -> Result<(), WriteFolderError> {
        let path = self.partial().join("pieces").join(format!("{name}.json"));
        Ok(put(&path, &[format!("{}\n{text}", digest_of_bytes(text.as_bytes())).as_bytes()])?)
    }

    /// Writes a file at once: under another name first, then renamed.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), io::Error> {
        self.0.put(name, bytes)
    }

    /// A file of the folder, where it is there already.
    pub fn get(&self, name: &str) -> Option<String> {
        self.0.get(name)
    }

    /// Tells that a durable file is part of the finished folder.
    pub fn stays(&self, name: &str) {
        self.0.stays(name);
    }

    /// Writes the head file, and before it the digests of all files that stay.
    pub fn seal(&self, content: &[u8]) -> Result<(), io::Error> {
        self.0.seal(content)
    }

    /// Ends the work: clears the pieces away and gives the folder its name. An
    /// older folder of that name is replaced only now.
    pub fn publish(self) -> Result<PathBuf, WriteFolderError> {
        self.0.publish(&["pieces"])
    }
}

/// The head file of work that is to be resumed and is finished already, with all its files as they were written.
///
/// # Errors
/// What is finished there is other work, or was changed since.
pub fn finished_head(
    out: &Path,
    head: &str,
    identity: &WorkIdentity,
    resume: bool,
) -> Result<Option<String>, OpenFolderError> {
    Ok(if is_finished(out, head, resume, identity)? { Some(fs::read_to_string(out.join(head))?) } else { None })
}

/// The identity in the head file of a finished folder.
pub fn finished_identity(out: &Path, head: &str) -> Option<WorkIdentity> {
    identity_in(&out.join(head))
}

fn read_piece(path: &Path) -> Option<(String, String)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?.to_owned();
    let content = fs::read_to_string(path).ok()?;
    let (digest, text) = content.split_once('\n')?;
    (digest_of_bytes(text.as_bytes()) == digest).then(|| (name, text.to_owned()))
}
