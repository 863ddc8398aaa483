//! What a report is made from, read once from a finished run.

use crate::experiment::ExperimentResults;
use crate::output::manifest::Manifest;
use crate::paths::{PathTable, Walk, walks};
use crate::read_run::{FinishedRun, ReadRunError, StoredTable};
use crate::report::holders::{Holder, MapDays, holders};
use crate::setting::Setting;
use crate::setup_differences::SetupDifference;
use crate::story::{Pick, hazard_blocks, pick, read_story_records};
use crate::summary::ReplicateSummary;
use crate::view::{
    Bands, Overview, PairRunsError, Series, SeriesDifference, StoryView, check_pair, differences, series, series_of_run,
};
use allegiance_model::ids::PersonId;
use allegiance_model::setup::Setup;
use allegiance_model::tables::{AllegianceKind, IncidentKind, Records};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The tables that sections of a report need, beside `groups` and `places`,
/// which every run has.
const TABLES: [&str; 8] =
    ["incidents", "allegiance", "exposures", "control", "displacement", "beliefs", "persons", "reported"];
/// The tables that stories are told from.
const STORY_TABLES: [&str; 6] = ["incidents", "allegiance", "exposures", "control", "beliefs", "persons"];
/// The tables that the walks along the path are found in.
const PATH_TABLES: [&str; 5] = ["incidents", "allegiance", "exposures", "control", "persons"];
/// Blocks of the exit hazard.
pub(super) const N_BLOCKS: usize = 8;
/// The ways to leave, in the order of [`Blocks`].
pub(super) const EXITS: [AllegianceKind; 3] =
    [AllegianceKind::Desertion, AllegianceKind::Defection, AllegianceKind::Departure];

/// What the scenario says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScenarioText {
    /// What it is about.
    pub description: String,
    /// Its sources, by key.
    pub sources: BTreeMap<String, String>,
}

/// What the run is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Compared {
    /// A second run.
    Run {
        /// Its `run.json`.
        manifest: Box<Manifest>,
        /// What differs between what the two engines were given, or why that
        /// can't be told.
        differs: Result<Vec<SetupDifference>, String>,
        /// The second run minus the first.
        differences: Vec<SeriesDifference>,
        /// Pairs of replicates.
        n_pairs: usize,
    },
    /// A finished experiment.
    Experiment(Box<ExperimentResults>),
}

impl Compared {
    /// Two runs side by side, paired by replicate.
    ///
    /// # Errors
    /// [`ReadRunError`] where a run can't be read, [`PairRunsError`] where their
    /// replicates aren't pairs.
    pub fn runs(
        first: &FinishedRun,
        second: &FinishedRun,
        differs: Result<Vec<SetupDifference>, String>,
    ) -> Result<Result<Self, PairRunsError>, ReadRunError> {
        if let Err(error) = check_pair(first, second) {
            return Ok(Err(error));
        }
        let (a, b) = (series_of_run(first)?, series_of_run(second)?);
        Ok(Ok(Self::Run {
            manifest: Box::new(second.manifest().clone()),
            differs,
            differences: differences(&a, &b, first.setting()),
            n_pairs: a.len().min(b.len()),
        }))
    }
}

/// Mean contributions of the blocks to the log-hazard of those who left, by
/// way of leaving.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Blocks {
    /// Leavers whose hazard is recorded.
    pub(super) n: u32,
    /// Sums over them.
    pub(super) sums: [f64; N_BLOCKS],
}

/// The reported record of a replicate, as counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Reported {
    /// Deaths reported (best) by week of the event's first day.
    pub(super) dead_by_week: Vec<f64>,
    /// Of these, civilians.
    pub(super) civilians: u32,
}

/// What a report keeps of one replicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReplicateFacts {
    pub(super) summary: ReplicateSummary,
    pub(super) series: Vec<Series>,
    pub(super) walks: Vec<Walk>,
    /// Who holds each place on the days of the maps.
    pub(super) holders: [Vec<Holder>; 3],
    pub(super) blocks: [Blocks; 3],
    pub(super) incidents: BTreeMap<IncidentKind, u32>,
    pub(super) reported: Reported,
}

/// Everything that a report says.
#[derive(Debug, Clone)]
pub struct ReportFacts {
    pub(super) manifest: Manifest,
    pub(super) setting: Setting,
    pub(super) setup: Setup,
    pub(super) overview: Overview,
    pub(super) scenario: ScenarioText,
    pub(super) replicates: Vec<ReplicateFacts>,
    pub(super) bands: Bands,
    pub(super) paths: PathTable,
    pub(super) map_days: MapDays,
    /// Of a defector, and of a stayer of the same home and group.
    pub(super) stories: Vec<StoryView>,
    pub(super) compared: Option<Compared>,
    /// The folder, as the user named it.
    pub(super) folder: String,
    missing: Vec<&'static str>,
}

impl ReportFacts {
    /// Reads what a report needs from a finished run, made from `setup`.
    ///
    /// # Errors
    /// See [`ReadRunError`]. A table that was left out isn't an error.
    pub fn read(
        run: &FinishedRun,
        setup: &Setup,
        scenario: ScenarioText,
        compared: Option<Compared>,
    ) -> Result<Self, ReadRunError> {
        let manifest = run.manifest();
        let missing: Vec<&'static str> =
            TABLES.into_iter().filter(|&table| !manifest.tables.contains_key(table)).collect();
        let map_days = MapDays::of(manifest.n_days);
        let read = |replicate| read_replicate(run, setup, map_days, &missing, replicate);
        let replicates: Vec<ReplicateFacts> = run.replicates().into_par_iter().map(read).collect::<Result<_, _>>()?;
        let mut paths = PathTable::default();
        for (replicate, facts) in (0..).zip(&replicates) {
            paths.add(replicate, &facts.walks);
        }
        let all_series: Vec<Vec<Series>> = replicates.iter().map(|facts| facts.series.clone()).collect();
        let can_tell = !STORY_TABLES.iter().any(|table| missing.contains(table));
        Ok(Self {
            manifest: manifest.clone(),
            setting: run.setting().clone(),
            setup: setup.clone(),
            overview: Overview::of_run(run, Some(setup))?,
            scenario,
            bands: Bands::of(&all_series, run.setting()),
            paths,
            map_days,
            stories: if can_tell { stories(run)? } else { Vec::new() },
            compared,
            folder: run.folder().display().to_string(),
            replicates,
            missing,
        })
    }

    /// Whether the run has all of some tables.
    pub(super) fn has(&self, tables: &[&str]) -> bool {
        !tables.iter().any(|table| self.missing.contains(table))
    }

    /// What to say where tables were left out.
    pub(super) fn left_out(&self, tables: &[&str]) -> String {
        let names: Vec<&str> = self.missing.iter().copied().filter(|table| tables.contains(table)).collect();
        format!(
            "The run was written without the tables that this section needs ({}). Run it again without --tables, or \
             with these among them.",
            names.join(", ")
        )
    }

    /// Whether the tables of the path are there.
    pub(super) fn has_paths(&self) -> bool {
        self.has(&PATH_TABLES)
    }

    /// What to say where they aren't.
    pub(super) fn paths_left_out(&self) -> String {
        self.left_out(&PATH_TABLES)
    }

    /// Whether the tables of stories are there.
    pub(super) fn has_stories(&self) -> bool {
        self.has(&STORY_TABLES)
    }

    /// What to say where they aren't.
    pub(super) fn stories_left_out(&self) -> String {
        self.left_out(&STORY_TABLES)
    }

    /// The summaries of the replicates.
    pub(super) fn summaries(&self) -> impl Iterator<Item = &ReplicateSummary> {
        self.replicates.iter().map(|facts| &facts.summary)
    }

    /// A count of each replicate.
    pub(super) fn each<'s>(&'s self, value: impl Fn(&ReplicateSummary) -> u32 + 's) -> impl Iterator<Item = f64> + 's {
        self.summaries().map(move |summary| f64::from(value(summary)))
    }

    /// Number of replicates.
    pub(super) fn n_replicates(&self) -> usize {
        self.replicates.len()
    }

    /// Number of weeks, the last of which may be short.
    pub(super) fn n_weeks(&self) -> usize {
        (self.manifest.n_days as usize).div_ceil(7)
    }
}

fn read_replicate(
    run: &FinishedRun,
    setup: &Setup,
    map_days: MapDays,
    missing: &[&str],
    replicate: u32,
) -> Result<ReplicateFacts, ReadRunError> {
    fn table<T: StoredTable + Default>(run: &FinishedRun, missing: &[&str], replicate: u32) -> Result<T, ReadRunError> {
        if missing.contains(&T::NAME) { Ok(T::default()) } else { run.table(replicate) }
    }
    let mut records = Records {
        incidents: table(run, missing, replicate)?,
        allegiance: table(run, missing, replicate)?,
        groups: run.table(replicate)?,
        control: table(run, missing, replicate)?,
        displacement: table(run, missing, replicate)?,
        ..Records::default()
    };
    let mut summary = ReplicateSummary::of(&records, setup, &[]);
    let reported = read_reported(run, setup, missing, replicate, &mut summary)?;
    let series = series(&records.groups, setup.n_groups());
    let walks = if PATH_TABLES.iter().any(|table| missing.contains(table)) {
        Vec::new()
    } else {
        records.exposures = run.table(replicate)?;
        records.persons = run.table(replicate)?;
        walks(&records, setup.n_days)
    };
    let mut incidents: BTreeMap<IncidentKind, u32> = BTreeMap::new();
    for &kind in &records.incidents.kind {
        *incidents.entry(kind).or_default() += 1;
    }
    Ok(ReplicateFacts {
        summary,
        series,
        walks,
        holders: holders(setup, &records.control, map_days),
        blocks: EXITS.map(|kind| blocks_of(&records, kind)),
        incidents,
        reported,
    })
}

fn read_reported(
    run: &FinishedRun,
    setup: &Setup,
    missing: &[&str],
    replicate: u32,
    summary: &mut ReplicateSummary,
) -> Result<Reported, ReadRunError> {
    let mut reported = Reported { dead_by_week: vec![0.0; (setup.n_days as usize).div_ceil(7)], ..Reported::default() };
    if missing.contains(&"reported") {
        return Ok(reported);
    }
    for row in run.reported(replicate)? {
        let week = (row.date_start.days_since(setup.start).max(0) / 7) as usize;
        if let Some(dead) = reported.dead_by_week.get_mut(week) {
            *dead += f64::from(row.best);
        }
        reported.civilians += row.deaths_civilians;
        summary.n_reported += 1;
        summary.deaths_reported += row.best;
    }
    Ok(reported)
}

fn blocks_of(records: &Records, kind: AllegianceKind) -> Blocks {
    let mut found = Blocks::default();
    for row in records.allegiance.rows().filter(|row| row.kind == kind) {
        let blocks = hazard_blocks(&row);
        if blocks.iter().all(Option::is_none) {
            continue;
        }
        found.n += 1;
        for (sum, block) in found.sums.iter_mut().zip(blocks) {
            *sum += block.unwrap_or(0.0);
        }
    }
    found
}

/// A defector, of the conformance path where somebody walks it, and a stayer.
fn stories(run: &FinishedRun) -> Result<Vec<StoryView>, ReadRunError> {
    let found = match pick(run, Pick::Path, None, None)? {
        Some(found) => Some(found),
        None => pick(run, Pick::Defector, None, None)?,
    };
    let Some((replicate, person)) = found else {
        return Ok(Vec::new());
    };
    let records = read_story_records(run, replicate)?;
    let view = |person: PersonId| StoryView::of(run.setting(), &records, replicate, person).ok();
    let first = view(person);
    let beside = first.as_ref().and_then(|first| first.stayer).and_then(|stayer| view(PersonId(stayer)));
    Ok(first.into_iter().chain(beside).collect())
}
