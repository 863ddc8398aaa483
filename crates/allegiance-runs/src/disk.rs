//! How files get onto the disk, and off it: the one place that makes, renames,
//! synchronises and removes them.
//!
//! A file is **durable** once its bytes and its name would survive a power cut:
//! the file has been synchronised, and so has the folder that holds its name.
//! Everything here returns only then. What is told to anyone, named by a head
//! file, or is the reason to remove something else, went through here before.
//!
//! Removing is for what this program made; the callers know what that is.

use fs_err as fs;
use std::io::{self, BufWriter, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use watch::{Deed, tell};

/// A file that is being written; it is worth nothing before [`NewFile::keep`].
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    file: BufWriter<fs::File>,
}

impl NewFile {
    /// Makes a file, or empties it.
    pub fn create(path: &Path) -> io::Result<Self> {
        tell(&Deed::Wrote(path.to_owned()))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(fs::File::create(path)?) })
    }

    /// Makes a file of a name that nobody has.
    fn create_new(path: &Path) -> io::Result<Self> {
        tell(&Deed::Wrote(path.to_owned()))?;
        let file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
        Ok(Self { path: path.to_owned(), file: BufWriter::new(file) })
    }

    /// Ends the writing; the content is on the disk after [`sync_together`].
    pub fn close(self) -> io::Result<()> {
        self.file.into_inner().map_err(io::IntoInnerError::into_error).map(drop)
    }

    /// Makes sure that the content is on the disk; the name is the folder's affair.
    pub fn keep(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        tell(&Deed::SyncedFile(self.path))?;
        file.sync_all()
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes sure that the content of files and their names in a folder are on the disk.
/// All are asked for at once, which costs a disk hardly more than one.
pub fn sync_together(folder: &Path, files: &[PathBuf]) -> io::Result<()> {
    let sync = |path: &Path| {
        tell(&Deed::SyncedFile(path.to_owned()))?;
        fs::OpenOptions::new().write(true).open(path)?.sync_all()
    };
    thread::scope(|scope| {
        let begin = |path| thread::Builder::new().spawn_scoped(scope, move || sync(path)).map_err(|_no_thread| path);
        let begun: Vec<_> = files.iter().map(|path| begin(path.as_path())).collect();
        let mut synced = sync_folder(folder);
        for each in begun {
            // Where the system gives no thread, it is done here.
            let done = match each {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(path) => sync(path),
            };
            synced = synced.and(done);
        }
        synced
    })
}

/// Makes a folder and those above it that are missing.
pub fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = parent_of(path);
    if path.parent().is_some() {
        make_folder(parent)?;
    }
    tell(&Deed::MadeFolder(path.to_owned()))?;
    match fs::create_dir(path) {
        // Another process may have made it meanwhile.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    sync_folder(parent)
}

/// Makes a folder whose name is worth nothing before it is renamed.
pub fn make_staging_folder(path: &Path) -> io::Result<()> {
    tell(&Deed::MadeFolder(path.to_owned()))?;
    fs::create_dir(path)
}

/// Makes sure that the names in a folder are on the disk.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    tell(&Deed::SyncedFolder(path.to_owned()))?;
    // Elsewhere folders can't be opened, and renaming is durable by itself.
    if cfg!(unix) {
        fs::File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// Gives a file or folder another name; like the system's own renaming, it
/// replaces a file and an empty folder, and refuses a folder with content.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    tell(&Deed::Renamed(from.to_owned(), to.to_owned()))?;
    fs::rename(from, to)?;
    sync_folder(parent_of(to))?;
    if parent_of(from) != parent_of(to) {
        sync_folder(parent_of(from))?;
    }
    Ok(())
}

/// Removes a file or a folder with all that is in it, if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    let found = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    tell(&Deed::Removed(path.to_owned()))?;
    if found.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Writes a file that is whole or isn't there, in a folder of our own: under
/// the name `<name>.tmp` first.
pub fn put(path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    put_through(&sibling(path, ".tmp"), path, pieces)
}

/// The same through a name that the caller has to himself.
pub fn put_through(staging: &Path, path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let mut file = NewFile::create(staging)?;
    pieces.iter().try_for_each(|piece| file.write_all(piece))?;
    file.keep()?;
    rename(staging, path)
}

/// Whether a file that is there already is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is replaced, at once.
    Replace,
    /// It is left alone: [`io::ErrorKind::AlreadyExists`].
    Refuse,
}

/// Writes a file that is whole or isn't there, where a user asked for it.
/// Nothing else that lies there is touched.
pub fn put_for_user(path: &Path, bytes: &[u8], existing: Existing) -> io::Result<()> {
    write_for_user(path, existing, |mut file| file.write_all(bytes).map(|()| file))
}

/// The same for what somebody else writes, who gives the file back.
pub fn write_for_user<E: From<io::Error>>(
    path: &Path,
    existing: Existing,
    write: impl FnOnce(NewFile) -> Result<NewFile, E>,
) -> Result<(), E> {
    make_folder(parent_of(path))?;
    let staging = staging_beside(path);
    let written = write(NewFile::create_new(&staging)?).and_then(|file| {
        file.keep()?;
        match existing {
            Existing::Replace => rename(&staging, path)?,
            Existing::Refuse => name_new(&staging, path)?,
        }
        Ok(())
    });
    // What is left of it is ours: nobody else has this name.
    remove(&staging).ok();
    written
}

/// Appends to a file that only grows.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    tell(&Deed::Wrote(path.to_owned()))?;
    let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(bytes)?;
    tell(&Deed::SyncedFile(path.to_owned()))?;
    file.sync_all()?;
    sync_folder(parent_of(path))
}

/// A name beside a file that nobody else has: neither another process of this
/// machine nor another thread.
fn staging_beside(path: &Path) -> PathBuf {
    static N: AtomicU32 = AtomicU32::new(0);
    let n = N.fetch_add(1, Ordering::Relaxed);
    sibling(path, &format!(".{}-{n}.tmp", std::process::id()))
}

/// Gives a file a name that nobody has, or fails with
/// [`io::ErrorKind::AlreadyExists`].
fn name_new(from: &Path, to: &Path) -> io::Result<()> {
    tell(&Deed::Renamed(from.to_owned(), to.to_owned()))?;
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(exists(to)),
        // Some file systems have no second names.
        Err(_) if fs::symlink_metadata(to).is_ok() => return Err(exists(to)),
        Err(_) => fs::rename(from, to)?,
    }
    sync_folder(parent_of(to))
}

fn exists(path: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, format!("{} exists already", path.display()))
}

/// The path with something put after its last name.
pub fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    path.with_file_name(name)
}

/// The folder that holds a path's name.
pub fn parent_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Somebody who watches what is done below a folder, for tests of what a power
/// cut or a kill at each step leaves.
pub mod watch {
    use super::parent_of;
    use std::collections::BTreeSet;
    use std::io;
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex, PoisonError};

    /// One step on the disk.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum Deed {
        /// A file was made or emptied, to be written.
        Wrote(PathBuf),
        /// The content of a file was made durable.
        SyncedFile(PathBuf),
        /// A folder was made.
        MadeFolder(PathBuf),
        /// The names in a folder were made durable.
        SyncedFolder(PathBuf),
        /// A file or folder got another name.
        Renamed(PathBuf, PathBuf),
        /// A file or folder was removed.
        Removed(PathBuf),
    }

    impl Deed {
        fn path(&self) -> &Path {
            match self {
                Self::Wrote(path)
                | Self::SyncedFile(path)
                | Self::MadeFolder(path)
                | Self::SyncedFolder(path)
                | Self::Renamed(path, _)
                | Self::Removed(path) => path,
            }
        }
    }

    /// What a power cut after some steps could take: files whose content and
    /// folders whose names aren't on the disk yet, but for those of names that end in `.tmp`.
    pub fn not_durable(deeds: &[Deed]) -> BTreeSet<PathBuf> {
        let (mut files, mut folders) = (BTreeSet::<PathBuf>::new(), BTreeSet::<PathBuf>::new());
        for deed in deeds {
            match deed {
                Deed::Wrote(path) => {
                    files.insert(path.clone());
                    folders.insert(parent_of(path).to_owned());
                }
                Deed::SyncedFile(path) => drop(files.remove(path)),
                Deed::MadeFolder(path) => drop(folders.insert(parent_of(path).to_owned())),
                Deed::SyncedFolder(path) => drop(folders.remove(path)),
                Deed::Renamed(from, to) => {
                    for set in [&mut files, &mut folders] {
                        let moved = |path: PathBuf| match path.strip_prefix(from) {
                            Ok(rest) if rest.as_os_str().is_empty() => to.clone(),
                            Ok(rest) => to.join(rest),
                            Err(_) => path,
                        };
                        *set = std::mem::take(set).into_iter().map(moved).collect();
                    }
                    folders.extend([parent_of(from).to_owned(), parent_of(to).to_owned()]);
                }
                Deed::Removed(path) => {
                    for set in [&mut files, &mut folders] {
                        set.retain(|it| !it.starts_with(path));
                    }
                }
            }
        }
        let is_staging = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "tmp");
        files.into_iter().filter(|path| !is_staging(path)).chain(folders).collect()
    }

    #[derive(Debug)]
    struct Seen {
        root: PathBuf,
        most: usize,
        deeds: Mutex<Vec<Deed>>,
    }

    static WATCHED: Mutex<Vec<Arc<Seen>>> = Mutex::new(Vec::new());
    static N_WATCHED: AtomicUsize = AtomicUsize::new(0);

    /// Watches a folder for as long as it lives.
    #[derive(Debug)]
    pub struct Watch(Arc<Seen>);

    impl Watch {
        /// Watches everything below a folder.
        pub fn over(root: &Path) -> Self {
            Self::stopping_after(root, usize::MAX)
        }

        /// The same, and lets no step succeed after so many: for the files, it is
        /// as if the process had been killed.
        pub fn stopping_after(root: &Path, most: usize) -> Self {
            let seen = Arc::new(Seen { root: root.to_owned(), most, deeds: Mutex::new(Vec::new()) });
            WATCHED.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&seen));
            N_WATCHED.fetch_add(1, Ordering::SeqCst);
            Self(seen)
        }

        /// What was done so far.
        pub fn deeds(&self) -> Vec<Deed> {
            self.0.deeds.lock().unwrap_or_else(PoisonError::into_inner).clone()
        }
    }

    impl Drop for Watch {
        fn drop(&mut self) {
            N_WATCHED.fetch_sub(1, Ordering::SeqCst);
            WATCHED.lock().unwrap_or_else(PoisonError::into_inner).retain(|seen| !Arc::ptr_eq(seen, &self.0));
        }
    }

    /// Tells of a step before it is taken.
    pub(super) fn tell(deed: &Deed) -> io::Result<()> {
        if N_WATCHED.load(Ordering::Relaxed) == 0 {
            return Ok(());
        }
        let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
        for seen in watched.iter().filter(|seen| deed.path().starts_with(&seen.root)) {
            let mut deeds = seen.deeds.lock().unwrap_or_else(PoisonError::into_inner);
            if deeds.len() >= seen.most {
                return Err(io::Error::other(format!("nothing more is done below {}", seen.root.display())));
            }
            deeds.push(deed.clone());
        }
        Ok(())
    }
}
