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

use crate::output::digest::digest_of_bytes;
use crate::output::run_folder::{
    OpenFolderError, WriteFolderError, clear, is_fresh, lock, remove, shorten, sibling, sync_folder,
};
use fs_err as fs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
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

impl WorkIdentity {
    /// In what this work differs from another, for people.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let shard = |shard: Option<[u32; 2]>| shard.map_or("none".to_owned(), |[at, of]| format!("{at}/{of}"));
        let pairs = [
            ("format version", self.format_version.to_string(), other.format_version.to_string()),
            ("engine version", self.engine_version.clone(), other.engine_version.clone()),
            ("content", self.work_digest.clone(), other.work_digest.clone()),
            ("shard", shard(self.shard), shard(other.shard)),
        ];
        pairs
            .into_iter()
            .filter(|(_, mine, theirs)| mine != theirs)
            .map(|(what, mine, theirs)| format!("{what} {} there, {} now", shorten(&theirs), shorten(&mine)))
            .collect()
    }
}

/// An open folder; no other process can open it meanwhile.
#[derive(Debug)]
pub struct WorkFolder {
    out: PathBuf,
    partial: PathBuf,
    lock: fs::File,
}

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
        let partial = sibling(out, ".partial");
        if out.file_name().is_none() {
            return Err(OpenFolderError::NotARunFolder { path: out.to_owned() });
        }
        if !is_fresh(out)? {
            check_replaceable(out, head, overwrite)?;
        }
        if !is_fresh(&partial)? {
            check_partial(&partial, head, identity, overwrite, resume)?;
        }
        fs::create_dir_all(&partial)?;
        let lock = lock(&partial)?;
        let keep = resume && read_identity(&partial, head).is_some_and(|found| found == *identity);
        if !keep {
            clear(&partial)?;
        }
        fs::create_dir_all(partial.join("pieces"))?;
        let folder = Self { out: out.to_owned(), partial, lock };
        if !keep {
            folder.put("partial.json", &serde_json::to_vec_pretty(identity).map_err(io::Error::from)?)?;
        }
        Ok(folder)
    }

    /// Where the work lies until it is finished.
    pub fn partial(&self) -> &Path {
        &self.partial
    }

    /// The finished pieces by name. Damaged ones and leftovers are removed.
    pub fn kept(&self) -> Result<BTreeMap<String, String>, OpenFolderError> {
        let mut kept = BTreeMap::new();
        for entry in fs::read_dir(self.partial.join("pieces"))? {
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
        let path = self.partial.join("pieces").join(format!("{name}.json"));
        let staging = sibling(&path, ".tmp");
        fs::write(&staging, format!("{}\n{text}", digest_of_bytes(text.as_bytes())))?;
        Ok(fs::rename(&staging, &path)?)
    }

    /// Writes a file at once: under another name first, then renamed.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), io::Error> {
        let path = self.partial.join(name);
        let staging = sibling(&path, ".tmp");
        let mut file = fs::File::create(&staging)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&staging, &path)
    }

    /// A file of the folder, where it is there already.
    pub fn get(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.partial.join(name)).ok()
    }

    /// Ends the work: clears the pieces away and gives the folder its name. An
    /// older folder of that name is replaced only now.
    pub fn publish(self) -> Result<PathBuf, WriteFolderError> {
        remove(&self.partial.join("pieces"))?;
        remove(&self.partial.join("partial.json"))?;
        drop(self.lock);
        remove(&self.partial.join("lock"))?;
        sync_folder(&self.partial)?;
        let replaced = sibling(&self.out, ".replaced");
        remove(&replaced)?;
        if self.out.exists() {
            fs::rename(&self.out, &replaced)?;
        }
        fs::rename(&self.partial, &self.out)?;
        if let Some(parent) = self.out.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_folder(parent)?;
        }
        remove(&replaced)?;
        Ok(self.out)
    }
}

/// The identity in the head file of a finished folder.
pub fn finished_identity(out: &Path, head: &str) -> Option<WorkIdentity> {
    serde_json::from_str(&fs::read_to_string(out.join(head)).ok()?).ok()
}

fn check_replaceable(out: &Path, head: &str, overwrite: bool) -> Result<(), OpenFolderError> {
    let path = out.to_owned();
    if !overwrite {
        return Err(OpenFolderError::Exists { path });
    }
    if !out.join(head).is_file() {
        return Err(OpenFolderError::NotARunFolder { path });
    }
    Ok(())
}

fn check_partial(
    partial: &Path,
    head: &str,
    identity: &WorkIdentity,
    overwrite: bool,
    resume: bool,
) -> Result<(), OpenFolderError> {
    let path = partial.to_owned();
    let Some(found) = read_identity(partial, head) else {
        return Err(OpenFolderError::NotARunFolder { path });
    };
    if overwrite || (resume && found == *identity) {
        Ok(())
    } else if resume {
        Err(OpenFolderError::Foreign { path, differences: identity.differences(&found) })
    } else {
        Err(OpenFolderError::Unfinished { path })
    }
}

/// What work a partial folder belongs to. While a finished one is being given
/// its name, the head file is all that is left to tell.
fn read_identity(partial: &Path, head: &str) -> Option<WorkIdentity> {
    ["partial.json", head].iter().find_map(|name| finished_identity(partial, name))
}

fn read_piece(path: &Path) -> Option<(String, String)> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?.to_owned();
    let content = fs::read_to_string(path).ok()?;
    let (digest, text) = content.split_once('\n')?;
    (digest_of_bytes(text.as_bytes()) == digest).then(|| (name, text.to_owned()))
}
