//! `SHA256SUMS`: the digest of every file of a finished folder, as `sha256sum`
//! writes and checks it.
//!
//! It is written just before the head file, which it names too. With it a
//! reader knows that a file holds what was written, and whoever replaces the
//! folder knows which files are the program's own.

use crate::disk;
use crate::effort::digest_of_reader;
use allegiance_record::digest::digest_of_bytes;
use fs_err as fs;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

/// The name of the file.
pub const SUMS_FILE: &str = "SHA256SUMS";

/// Why a file isn't taken for what was written.
#[derive(Debug, thiserror::Error)]
pub enum CheckFileError {
    /// It holds something else.
    #[error(
        "{} isn't what was written: its SHA-256 is {}..., and {SUMS_FILE} says {}...; it is damaged or was changed; make \
         it again, or remove {SUMS_FILE} to read it as it is",
        path.display(),
        first_digits(found),
        first_digits(expected)
    )]
    Content {
        /// The file.
        path: PathBuf,
        /// The digest that was written down.
        expected: String,
        /// The digest now.
        found: String,
    },
    /// It is gone.
    #[error("{} is missing, and {SUMS_FILE} names it; make the folder again", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The list itself is damaged.
    #[error("{} isn't a list of digests: line {line}; it is damaged; remove it to read the folder unchecked", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// The first line that isn't a digest and a name.
        line: usize,
    },
    /// It can't be read; the message names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The list doesn't name a file that every such folder has.
    #[error("{} doesn't name {name}; it is damaged; remove it to read the folder unchecked", path.display())]
    Unnamed {
        /// The list.
        path: PathBuf,
        /// The file.
        name: String,
    },
}

/// As many as tell two digests apart.
fn first_digits(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}

/// The digests of a folder's files, by their names below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<String, String>);

impl Sums {
    /// Of files that lie in a folder, which are read again, and of one whose
    /// content is known.
    pub(crate) fn of(folder: &Path, names: &BTreeSet<String>, (head, content): (&str, &[u8])) -> io::Result<Self> {
        let mut sums = BTreeMap::new();
        for name in names.iter().filter(|name| *name != head) {
            sums.insert(name.clone(), digest_of_reader(&mut fs::File::open(folder.join(name))?)?);
        }
        sums.insert(head.to_owned(), digest_of_bytes(content));
        Ok(Self(sums))
    }

    /// The list of a folder; none where it has none, as in folders of early versions.
    ///
    /// # Errors
    /// [`CheckFileError::List`], or why it can't be read.
    pub fn read(folder: &Path) -> Result<Option<Self>, CheckFileError> {
        let path = folder.join(SUMS_FILE);
        let bytes = match fs::read(&path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            read => read?,
        };
        let sums = Self::parse(&String::from_utf8_lossy(&bytes));
        sums.map(Some).map_err(|line| CheckFileError::List { path, line })
    }

    /// The list in a text; an error is the number of a line.
    fn parse(text: &str) -> Result<Self, usize> {
        let mut sums = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let is_digest = |word: &str| word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
            match line.split_once("  ") {
                Some((digest, name)) if is_digest(digest) && !name.is_empty() => {
                    sums.insert(name.to_owned(), digest.to_owned());
                }
                _ => return Err(at + 1),
            }
        }
        if sums.is_empty() || !text.ends_with('\n') { Err(sums.len().max(1)) } else { Ok(Self(sums)) }
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (name, digest) in &self.0 {
            writeln!(text, "{digest}  {name}").expect("a string takes any text");
        }
        text
    }

    /// The files that are named.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether a file of the folder holds what was written.
    ///
    /// # Errors
    /// See [`CheckFileError`].
    pub fn check(&self, folder: &Path, name: &str) -> Result<(), CheckFileError> {
        let path = folder.join(name);
        let Some(expected) = self.0.get(name).cloned() else {
            return Err(CheckFileError::Unnamed { path: folder.join(SUMS_FILE), name: name.to_owned() });
        };
        let found = match fs::File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(CheckFileError::Missing { path }),
            file => digest_of_reader(&mut file?)?,
        };
        if found == expected { Ok(()) } else { Err(CheckFileError::Content { path, expected, found }) }
    }
}

/// Whether the files of these names hold what was written to a folder; nothing is
/// known of a folder without a list.
///
/// # Errors
/// See [`CheckFileError`].
pub fn check_files(folder: &Path, names: &[&str]) -> Result<(), CheckFileError> {
    Sums::read(folder)?.map_or(Ok(()), |sums| names.iter().try_for_each(|name| sums.check(folder, name)))
}

/// The files of a folder that don't hold what was written, if it has a list.
///
/// # Errors
/// Where the list can't be read.
pub fn changed_files(folder: &Path) -> Result<Option<Vec<CheckFileError>>, CheckFileError> {
    let sums = Sums::read(folder)?;
    Ok(sums.map(|sums| sums.names().filter_map(|name| sums.check(folder, name).err()).collect()))
}

/// The files below a folder by their names below it, folders that hold none of
/// them with a slash at the end.
pub(crate) fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    fn visit(folder: &Path, before: &str, found: &mut Vec<String>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = format!("{before}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                let n_before = found.len();
                visit(&entry.path(), &format!("{name}/"), found)?;
                if found.len() == n_before {
                    found.push(format!("{name}/"));
                }
            } else {
                found.push(name);
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    visit(folder, "", &mut found)?;
    found.sort();
    Ok(found)
}

/// Writes the list of a folder.
pub(crate) fn put_sums(folder: &Path, sums: &Sums) -> io::Result<()> {
    disk::put(&folder.join(SUMS_FILE), &[sums.text().as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::Sums;

    #[test]
    fn a_list_reads_back_and_a_cut_or_changed_one_is_told_by_its_line() {
        let digest = "0123456789abcdef".repeat(4);
        let text = format!("{digest}  run.json\n{digest}  scenario/places.csv\n");
        let sums = Sums::parse(&text).unwrap();
        assert_eq!(sums.text(), text);
        assert_eq!(sums.names().collect::<Vec<_>>(), ["run.json", "scenario/places.csv"]);
        assert_eq!(Sums::parse(""), Err(1));
        assert_eq!(Sums::parse(&text[..text.len() - 1]), Err(2));
        assert_eq!(Sums::parse(&text[..text.len() - 20]), Err(2));
        assert_eq!(Sums::parse(&text.replacen("0123", "01x3", 1)), Err(1));
        assert_eq!(Sums::parse(&text.replacen("  s", " s", 1)), Err(2));
    }
}
