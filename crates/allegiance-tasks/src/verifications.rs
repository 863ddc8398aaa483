//! A finished run to be simulated again: what is asked, and what came of it, in words and as data.

use std::path::Path;

use allegiance_runs::sums::{CheckFileError, Sums, changed_files};
use allegiance_runs::verify::{Difference, VerifyError, Way};
use allegiance_runs::{FinishedRun, RunInput};
use allegiance_show::text::{columns, count};
use serde_json::{Value, json};

use crate::{TaskError, input_of, load_changed};

/// What the folder's list of digests says of its files.
#[derive(Debug)]
pub struct CheckedFiles {
    /// How many are on the list; none where the folder has no list.
    pub n_files: Option<usize>,
    /// Those that don't hold what was written.
    pub changed: Vec<CheckFileError>,
}

impl CheckedFiles {
    /// Looks at every file of a run's folder.
    ///
    /// # Errors
    /// Where the list can't be read.
    pub fn of(folder: &Path) -> Result<Self, CheckFileError> {
        let Some(changed) = changed_files(folder)? else { return Ok(Self { n_files: None, changed: Vec::new() }) };
        Ok(Self { n_files: Sums::read(folder)?.map(|sums| sums.names().count()), changed })
    }

    /// What to say where files were changed.
    pub fn refusal(&self, folder: &Path) -> Option<String> {
        let n_changed = self.changed.len();
        (n_changed > 0).then(|| {
            format!(
                "{n_changed} of {} in {} {} what was written; nothing was simulated",
                count(self.n_files.unwrap_or_default(), "file"),
                folder.display(),
                if n_changed == 1 { "isn't" } else { "aren't" }
            )
        })
    }
}

/// What a run is simulated again from: the copy of its scenario, with the run's changes.
///
/// # Errors
/// Where the copy can't be loaded or changed so.
pub fn input_again(run: &FinishedRun) -> Result<RunInput, TaskError> {
    let scenario = run.folder().join("scenario");
    load_changed(&scenario.display().to_string(), &run.manifest().changes).map(input_of)
}

/// A run simulated again, in one way or several.
#[derive(Debug)]
pub struct Verification {
    /// How many files hold what was written; none where the folder has no list.
    pub n_files: Option<usize>,
    /// How many replicates were simulated, starting with the first.
    pub n_replicates: u32,
    /// The tables that came out otherwise, in each way.
    pub ways: Vec<(Way, Vec<Difference>)>,
}

impl Verification {
    /// The ways in which a run is simulated again: once, or in every way that must not matter.
    pub fn ways_of(run: &FinishedRun, every: bool) -> Vec<Way> {
        if every { Way::all(run.manifest().n_days).to_vec() } else { vec![Way::Threads(0)] }
    }

    /// What to say where digests differ.
    pub fn refusal(&self, folder: &Path) -> Option<String> {
        let n = self.ways.iter().map(|(_, differences)| differences.len()).sum::<usize>();
        (n > 0).then(|| {
            format!("{} of tables came out other than in {}", count(n, "digest"), folder.join("run.json").display())
        })
    }

    /// The result as data.
    pub fn as_json(&self) -> Value {
        let of = |d: &Difference| json!({"replicate": d.replicate, "table": d.table, "recorded": d.recorded, "found": d.found});
        let ways = self.ways.iter().map(|(way, differences)| {
            let differences: Vec<_> = differences.iter().map(of).collect();
            json!({"way": way.words(), "equal": differences.is_empty(), "differences": differences})
        });
        json!({"files_as_written": self.n_files, "replicates": self.n_replicates, "ways": ways.collect::<Vec<_>>()})
    }
}

/// The result for a terminal.
pub fn render_verification(verification: &Verification) -> String {
    let mut rows = vec![["way", "replicates", "digests"].map(str::to_owned).to_vec()];
    for (way, differences) in &verification.ways {
        let verdict = match differences.len() {
            0 => "equal".to_owned(),
            n => format!("{n} differ"),
        };
        rows.push(vec![way.words(), verification.n_replicates.to_string(), verdict]);
    }
    let files = verification.n_files.map_or_else(
        || "files: not checked, the folder has no SHA256SUMS\n".to_owned(),
        |n| format!("files: {n} as written\n"),
    );
    let mut text = files + &columns(&rows, "");
    for (way, differences) in &verification.ways {
        for Difference { replicate, table, recorded, found } in differences {
            let line =
                format!("{}: replicate {replicate}, table {table}: {recorded} recorded, {found} now\n", way.words());
            text.push_str(&line);
        }
    }
    text
}

/// What helps where a run can't be simulated again, if anything does.
pub fn help_to_verify(error: &VerifyError) -> Option<&'static str> {
    match error {
        VerifyError::Foreign { what: "the program's version", .. } => Some("verify it with the program that wrote it"),
        VerifyError::Foreign { .. } => Some("the folder's scenario was changed since, or was run with other values"),
        _ => None,
    }
}
