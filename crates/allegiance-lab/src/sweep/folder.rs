//! What a sweep writes: `design.json`, the design file, and tables.

use super::row::{BUG_CODE, RowRecord};
use super::tables::{failures_table, rows_table};
use super::{Part, SweepError, SweepInput, SweepOptions, SweepReport};
use crate::design::{Design, Points};
use allegiance_record::digest::{Hasher, digest_of_bytes, digest_of_setup, digest_of_table};
use allegiance_runs::parquet_table::{RunLabels, metadata_of};
use allegiance_runs::run_folder::{WriteFolderError, write_table};
use allegiance_runs::work_folder::{WORK_FORMAT_VERSION, WorkFolder, WorkIdentity, finished_head};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file that tells a finished sweep.
pub const SWEEP_HEAD: &str = "design.json";
/// The copy of the design file.
const DESIGN_COPY: &str = "design.toml";
/// The rows of a finished shard, one JSON object a line.
pub(super) const SHARD_ROWS: &str = "rows.jsonl";

/// One outcome, as `design.json` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeEntry {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// What it means.
    pub meaning: String,
}

/// One table, as `design.json` describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepTable {
    /// Its file.
    pub file: String,
    /// Its rows.
    pub n_rows: u64,
    /// Digest of its content; of a shard's file, of its bytes.
    pub digest: String,
}

/// The content of `design.json`. It holds no time and no machine, so that the
/// same sweep always gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepManifest {
    /// A line for whoever opens the file first.
    pub about: String,
    /// Version of the layout of the folder.
    pub format_version: u32,
    /// Version of the engine.
    pub engine_version: String,
    /// Digest of everything that decides the results.
    pub work_digest: String,
    /// Which shard of how many; empty for the whole.
    pub shard: Option<[u32; 2]>,
    /// Identifier of the design.
    pub id: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of the theories in files that the design names, by file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub theories: BTreeMap<String, String>,
    /// Digest of what each evidence asks, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
    /// Identifier of the scenario.
    pub scenario_id: String,
    /// Hash of the resolved scenario.
    pub scenario_hash: String,
    /// Digest of the setup before a row's values are set.
    pub setup_digest: String,
    /// Seed of the scenario.
    pub scenario_seed: u64,
    /// Factors and sampler.
    pub design: Design,
    /// Replicates of each row.
    pub n_replicates: u32,
    /// What is measured.
    pub outcomes: Vec<OutcomeEntry>,
    /// Rows in this folder.
    pub n_rows: u64,
    /// Of these, rows that failed.
    pub n_failed: u64,
    /// Of these, rows in which the engine stopped with a bug.
    pub n_bugs: u64,
    /// The tables, by name.
    pub tables: BTreeMap<String, SweepTable>,
}

impl SweepManifest {
    /// What makes it the same as another.
    pub fn identity(&self) -> WorkIdentity {
        WorkIdentity {
            format_version: self.format_version,
            engine_version: self.engine_version.clone(),
            work_digest: self.work_digest.clone(),
            shard: self.shard,
        }
    }
}

/// Where a sweep keeps a theory that its design names.
fn theory_copy(name: &str) -> String {
    format!("theories/{name}")
}

fn digests_of_theories(input: &SweepInput<'_>) -> BTreeMap<String, String> {
    input.theories.iter().map(|(name, text)| (theory_copy(name), digest_of_bytes(text.as_bytes()))).collect()
}

/// The identity of a sweep or shard: everything that decides its results.
pub(super) fn identity_of(input: &SweepInput<'_>, options: &SweepOptions) -> WorkIdentity {
    let mut hasher = Hasher::default();
    hasher.text("sweep");
    hasher.text(&input.id);
    hasher.text(&input.title);
    hasher.text(&input.text);
    for (name, text) in &input.theories {
        hasher.text(name);
        hasher.text(text);
    }
    hasher.text(&input.scenario_hash);
    hasher.text(&digest_of_setup(input.setup));
    hasher.text(&serde_json::to_string(&input.design).expect("numbers and texts are always JSON"));
    hasher.whole(u64::from(input.n_replicates));
    hasher.whole(input.outcomes.len() as u64);
    input.outcomes.iter().for_each(|outcome| hasher.text(&outcome.name));
    for evidence in &input.evidence {
        hasher.text(&evidence.id);
        hasher.text(&evidence.digest_of_plan());
    }
    WorkIdentity {
        format_version: WORK_FORMAT_VERSION,
        engine_version: options.version.clone(),
        work_digest: hasher.finish(),
        shard: match options.part {
            Part::Shard(shard) => Some([shard.at, shard.of]),
            Part::Whole | Part::Merge => None,
        },
    }
}

/// The folder of a finished sweep of this kind, if it is there: of the same design, theories and
/// scenario, by the same version of the engine.
pub fn sweep_is_finished(out: &Path, input: &SweepInput<'_>, version: &str) -> Option<PathBuf> {
    let manifest: SweepManifest = serde_json::from_str(&fs_err::read_to_string(out.join(SWEEP_HEAD)).ok()?).ok()?;
    let copied = fs_err::read_to_string(out.join(DESIGN_COPY)).ok()?;
    let is_same = copied == input.text
        && manifest.scenario_hash == input.scenario_hash
        && manifest.theories == digests_of_theories(input)
        && manifest.engine_version == version;
    (is_same && manifest.shard.is_none()).then(|| out.to_owned())
}

/// The manifest of a sweep that was killed while it got its name.
pub(super) fn finished_before(folder: &WorkFolder) -> Option<SweepManifest> {
    serde_json::from_str(&folder.get(SWEEP_HEAD)?).ok()
}

/// A sweep or shard that is to be resumed and is finished already, with all its files as they were written.
pub(super) fn finished_report(
    out: &Path,
    identity: &WorkIdentity,
    resume: bool,
) -> Result<Option<SweepReport>, SweepError> {
    let head = finished_head(out, SWEEP_HEAD, identity, resume)?;
    let manifest = head.and_then(|text| serde_json::from_str(&text).ok());
    Ok(manifest.map(|manifest| SweepReport { folder: out.to_owned(), manifest, was_finished: true }))
}

/// Writes a shard: its rows as they are, for joining.
pub(super) fn write_shard(
    input: &SweepInput<'_>,
    folder: &WorkFolder,
    identity: &WorkIdentity,
    rows: &[RowRecord],
) -> Result<SweepManifest, SweepError> {
    let lines: Vec<String> =
        rows.iter().map(|row| serde_json::to_string(row).expect("numbers and texts are always JSON") + "\n").collect();
    let text = lines.concat();
    folder.put(SHARD_ROWS, text.as_bytes()).map_err(WriteFolderError::Io)?;
    let table =
        SweepTable { file: SHARD_ROWS.to_owned(), n_rows: rows.len() as u64, digest: digest_of_bytes(text.as_bytes()) };
    finish(input, folder, identity, (rows, BTreeMap::from([("rows".to_owned(), table)])))
}

/// Writes the tables of the whole sweep.
pub(super) fn write_whole(
    input: &SweepInput<'_>,
    folder: &WorkFolder,
    identity: &WorkIdentity,
    (points, rows): (&Points, &[RowRecord]),
) -> Result<SweepManifest, SweepError> {
    let labels = RunLabels {
        version: identity.engine_version.clone(),
        scenario_id: input.scenario_id.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: digest_of_setup(input.setup),
        seed: input.setup.seed,
        about: input.setup.about(),
    };
    let mut tables = BTreeMap::new();
    for table in [rows_table(input, points, rows), failures_table(input, points, rows)] {
        let file = format!("{}.parquet", table.name);
        write_table(&folder.partial().join(&file), &table, metadata_of(&table, &labels))?;
        folder.stays(&file);
        let entry = SweepTable { file, n_rows: table.n_rows() as u64, digest: digest_of_table(&table) };
        tables.insert(table.name.to_owned(), entry);
    }
    finish(input, folder, identity, (rows, tables))
}

fn finish(
    input: &SweepInput<'_>,
    folder: &WorkFolder,
    identity: &WorkIdentity,
    (rows, tables): (&[RowRecord], BTreeMap<String, SweepTable>),
) -> Result<SweepManifest, SweepError> {
    let manifest = SweepManifest {
        about: format!("A sweep of Allegiance. {}", input.setup.about()),
        format_version: identity.format_version,
        engine_version: identity.engine_version.clone(),
        work_digest: identity.work_digest.clone(),
        shard: identity.shard,
        id: input.id.clone(),
        title: input.title.clone(),
        theories: digests_of_theories(input),
        scenario_id: input.scenario_id.clone(),
        scenario_hash: input.scenario_hash.clone(),
        setup_digest: digest_of_setup(input.setup),
        scenario_seed: input.setup.seed,
        design: input.design.clone(),
        n_replicates: input.n_replicates,
        evidence: input.evidence.iter().map(|of| (of.id.clone(), of.digest_of_plan())).collect(),
        outcomes: input.measured(),
        n_rows: rows.len() as u64,
        n_bugs: rows.iter().filter(|row| row.failed.as_ref().is_some_and(|why| why.exit_code == BUG_CODE)).count()
            as u64,
        n_failed: rows.iter().filter(|row| row.failed.is_some()).count() as u64,
        tables,
    };
    folder.put(DESIGN_COPY, input.text.as_bytes()).map_err(WriteFolderError::Io)?;
    for (name, text) in &input.theories {
        folder.put(&theory_copy(name), text.as_bytes()).map_err(WriteFolderError::Io)?;
    }
    let json = serde_json::to_vec_pretty(&manifest).expect("numbers and texts are always JSON");
    folder.seal(&json).map_err(WriteFolderError::Io)?;
    Ok(manifest)
}
