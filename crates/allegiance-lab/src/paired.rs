//! The same replicates under several setups, measured on threads, and kept
//! where there is a folder.
//!
//! One replicate of one setup is a piece of work: the caller hears of each, may
//! cancel between any two days' work of theirs, and takes up what is kept.

use crate::measured::{KeptReplicate, Measured};
use allegiance_model::World;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_model::theory::OwnTheory;
use allegiance_record::digest::{Hasher, digest_of_setup};
use allegiance_record::plain;
use allegiance_replay::{BrokenRun, WorkProgress, simulate};
use allegiance_runs::work_folder::{WORK_FORMAT_VERSION, WorkFolder, WorkIdentity, finished_head};
use allegiance_runs::{OpenFolderError, Stopped, Threads, WriteFolderError};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why a study didn't finish.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The folder can't be used.
    #[error(transparent)]
    Open(#[from] OpenFolderError),
    /// Something can't be written.
    #[error(transparent)]
    Write(#[from] WriteFolderError),
    /// A bound of the engine didn't hold.
    #[error(transparent)]
    Broken(#[from] BrokenRun),
    /// The caller cancelled; finished replicates are kept where there is a folder.
    #[error("cancelled; resume to go on with what is finished")]
    Cancelled,
}

/// How replicates are worked through: on which threads, followed by whom, and
/// where the finished ones are kept.
pub struct Replicates<'a> {
    threads: Threads,
    progress: &'a dyn WorkProgress,
    folder: Option<&'a WorkFolder>,
    kept: BTreeMap<String, String>,
}

impl std::fmt::Debug for Replicates<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replicates").field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl<'a> Replicates<'a> {
    /// On so many threads, 0 for one a core; nothing is kept.
    pub fn new(threads: usize, progress: &'a dyn WorkProgress) -> Self {
        Self { threads: Threads(threads), progress, folder: None, kept: BTreeMap::new() }
    }

    /// The same, kept in a folder, beginning with what lies there.
    fn kept_in(self, folder: &'a WorkFolder) -> Result<Self, OpenFolderError> {
        Ok(Self { kept: folder.kept()?, folder: Some(folder), ..self })
    }

    /// Tells how many replicates there are, of all setups.
    pub fn begin(&self, n: u64) {
        self.progress.begin(n, 0);
    }

    /// What `measure` makes of replicates `0..n` of a setup, in their order; not
    /// a number where there is no value. `name` is the setup's own in the folder.
    ///
    /// # Errors
    /// See [`StudyError`].
    pub fn measure(
        &self,
        name: &str,
        setup: &Setup,
        n: u32,
        measure: impl Fn(u32, &Records, &Setup) -> Vec<f64> + Sync,
    ) -> Result<Measured, StudyError> {
        let piece = |replicate: u32| format!("{name}-{replicate:05}");
        let mut found: BTreeMap<u32, KeptReplicate> = BTreeMap::new();
        for replicate in 0..n {
            let kept = self.kept.get(&piece(replicate)).and_then(|text| serde_json::from_str(text).ok());
            if let Some(kept) = kept {
                found.insert(replicate, kept);
                self.progress.piece_done();
            }
        }
        let missing: Vec<u32> = (0..n).filter(|replicate| !found.contains_key(replicate)).collect();
        if missing.is_empty() {
            return Ok(Measured::of(found.into_values()));
        }
        let world = World::build(setup.clone());
        let made = self.threads.work(missing.len(), &|| self.progress.is_cancelled(), |at, _| {
            let replicate = missing[at];
            let records = simulate(&world, replicate)?;
            let kept = KeptReplicate::of(&records, &measure(replicate, &records, &world.setup));
            if let Some(folder) = self.folder {
                let text = serde_json::to_string(&kept).expect("numbers are always JSON");
                folder.keep(&piece(replicate), &text).map_err(Stopped::Failed)?;
            }
            self.progress.piece_done();
            Ok(kept)
        });
        let made = made.map_err(|stopped| match stopped {
            Stopped::Cancelled => StudyError::Cancelled,
            Stopped::Broken(broken) => broken.into(),
            Stopped::Failed(error) => StudyError::Write(error),
        })?;
        found.extend(missing.into_iter().zip(made));
        Ok(Measured::of(found.into_values()))
    }
}

/// What a study is of: decides whether an unfinished one is the same.
#[derive(Debug, Clone, Copy)]
pub struct StudySubject<'a> {
    /// The file that tells a finished one, such as `theories.json`.
    pub head: &'static str,
    /// What is simulated.
    pub setup: &'a Setup,
    /// Theories that are set beside it.
    pub theories: &'a [OwnTheory],
    /// How much of it, such as how many replicates.
    pub numbers: &'a [u32],
}

impl StudySubject<'_> {
    /// Where the study is kept, by this version of the program.
    pub fn kept_in<'o>(&self, out: &'o Path, version: &'o str, overwrite: bool, resume: bool) -> StudyFolder<'o> {
        StudyFolder { out, overwrite, resume, version, head: self.head, work_digest: self.digest() }
    }

    /// Digest of what decides the results.
    fn digest(&self) -> String {
        let mut hasher = Hasher::default();
        hasher.text(self.head);
        hasher.text(&digest_of_setup(self.setup));
        for theory in self.theories {
            hasher.text(&theory.digest);
        }
        for &number in self.numbers {
            hasher.whole(u64::from(number));
        }
        hasher.finish()
    }
}

/// Where a study is kept.
#[derive(Debug, Clone)]
pub struct StudyFolder<'a> {
    /// The folder, which appears when the study is finished.
    pub out: &'a Path,
    /// Whether an older one is replaced.
    pub overwrite: bool,
    /// Whether an unfinished one is continued.
    pub resume: bool,
    /// Version of the program.
    pub version: &'a str,
    /// The file that tells a finished one, such as `theories.json`.
    pub head: &'a str,
    /// Digest of everything that decides the results.
    pub work_digest: String,
}

/// A study's results for people, and as tables for other programs and papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// In words.
    pub text: String,
    /// As comma-separated values.
    pub csv: String,
    /// As a table of Markdown.
    pub markdown: String,
    /// As a table of LaTeX.
    pub latex: String,
}

impl Told {
    /// The files that hold these in a study's folder, in the order of the fields.
    const FILES: [&str; 4] = ["summary.txt", "results.csv", "results.md", "results.tex"];

    fn read<E>(mut read: impl FnMut(&str) -> Result<String, E>) -> Result<Self, E> {
        let [text, csv, markdown, latex] = Self::FILES;
        Ok(Self { text: read(text)?, csv: read(csv)?, markdown: read(markdown)?, latex: read(latex)? })
    }

    fn files(&self) -> [(&'static str, &[u8]); 4] {
        let texts = [&self.text, &self.csv, &self.markdown, &self.latex];
        std::array::from_fn(|at| (Self::FILES[at], texts[at].as_bytes()))
    }
}

/// What a finished study says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Its folder, where there is one.
    pub folder: Option<PathBuf>,
    /// Its results as JSON.
    pub json: String,
    /// Its results as they are told.
    pub told: Told,
    /// Whether it was finished before, and nothing was left to resume.
    pub was_finished: bool,
}

/// Runs a study, into a folder where one is asked for; `tell` puts its results
/// into words and tables.
///
/// # Errors
/// See [`StudyError`], or why the study itself can't be run.
pub fn run_study<R: Serialize, E: From<StudyError>>(
    replicates: Replicates<'_>,
    kept: Option<&StudyFolder<'_>>,
    study: impl FnOnce(&Replicates<'_>) -> Result<R, E>,
    tell: impl FnOnce(&R) -> Told,
) -> Result<Finished, E> {
    let told = |found: R| -> (String, Told) {
        let json = serde_json::to_value(&found).expect("numbers and texts are always JSON");
        let told = tell(&found);
        (format!("{json:#}"), Told { text: plain(&told.text).into_owned(), ..told })
    };
    let Some(kept) = kept else {
        let (json, told) = told(study(&replicates)?);
        return Ok(Finished { folder: None, json, told, was_finished: false });
    };
    let identity = WorkIdentity {
        format_version: WORK_FORMAT_VERSION,
        engine_version: kept.version.to_owned(),
        work_digest: kept.work_digest.clone(),
        shard: None,
    };
    let fail = |error: StudyError| E::from(error);
    let before = finished_head(kept.out, kept.head, &identity, kept.resume);
    if before.map_err(|error| fail(error.into()))?.is_some() {
        let read = |name: &str| fs_err::read_to_string(kept.out.join(name)).map_err(OpenFolderError::Io);
        let read = |name: &str| read(name).map_err(|error| fail(error.into()));
        let (json, told) = (read("results.json")?, Told::read(read)?);
        return Ok(Finished { folder: Some(kept.out.to_owned()), json, told, was_finished: true });
    }
    let folder = WorkFolder::open(kept.out, kept.head, &identity, kept.overwrite, kept.resume);
    let folder = folder.map_err(|error| fail(error.into()))?;
    let get = |name: &str| folder.get(name).ok_or(());
    let before = || Some((folder.get(kept.head)?, folder.get("results.json")?, Told::read(get).ok()?));
    let (json, told) = if let Some((_, json, told)) = before() {
        (json, told)
    } else {
        let replicates = replicates.kept_in(&folder).map_err(|error| fail(error.into()))?;
        let (json, told) = told(study(&replicates)?);
        let head = serde_json::to_vec_pretty(&identity).expect("numbers and texts are always JSON");
        let written = {
            let mut files = told.files().into_iter().chain([("results.json", json.as_bytes())]);
            files.try_for_each(|(name, bytes)| folder.put(name, bytes))
        };
        written.and_then(|()| folder.seal(&head)).map_err(|error| fail(StudyError::Write(error.into())))?;
        (json, told)
    };
    let folder = folder.publish().map_err(|error| fail(error.into()))?;
    Ok(Finished { folder: Some(folder), json, told, was_finished: false })
}
