//! What a report is made from, read once from a finished run.

use crate::holders::{MapDays, holders};
use allegiance_lab::experiment::ExperimentResults;
use allegiance_model::exits::{BLOCKS, N_BLOCKS};
use allegiance_model::ids::PersonId;
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Allegiance, AllegianceKind, ExitKind, IncidentKind};
use allegiance_record::exits::exits;
use allegiance_record::manifest::Manifest;
use allegiance_record::nothing::NothingDiffers;
use allegiance_record::paths::{PATH_TABLES, PathTable, Walk, walks};
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::Setting;
use allegiance_record::setup_differences::{SetupDifference, setup_differences};
use allegiance_record::spread::Spread;
use allegiance_record::summary::ReplicateSummary;
use allegiance_show::story::{Pick, STORY_TABLES, pick, read_story_records};
use allegiance_show::view::{
    Bands, Holder, Overview, Pair, PairRunsError, Series, SeriesDifference, StoryView, check_pair, differences,
    nothing_differs, series, series_of_run,
};
use std::collections::BTreeMap;

/// The tables that sections of a report need, beside `groups` and `places`,
/// which every run has.
const TABLES: [&str; 8] =
    ["incidents", "allegiance", "exposures", "control", "displacement", "beliefs", "persons", "reported"];
/// The number of ways to leave.
pub(super) const N_EXITS: usize = ExitKind::ALL.len();

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
        /// What to know before a difference is read, as sentences.
        notes: Vec<String>,
        /// The second run minus the first.
        differences: Vec<SeriesDifference>,
        /// Where no replicate differs.
        nothing_differs: Option<NothingDiffers>,
        /// Pairs of replicates.
        n_pairs: usize,
    },
    /// A finished experiment.
    Experiment(Box<ExperimentResults>),
}

impl Compared {
    /// Two runs side by side, paired by replicate. `setups` are what their engines
    /// were given, or why that can't be had.
    ///
    /// # Errors
    /// Where a run can't be read; within, [`PairRunsError`] where their replicates
    /// aren't pairs.
    pub fn runs<R: ReadRun>(
        first: &R,
        second: &R,
        setups: Result<[&Setup; 2], String>,
        spread: &impl Spread,
    ) -> Result<Result<Self, PairRunsError>, R::Error> {
        if let Err(error) = check_pair(first, second) {
            return Ok(Err(error));
        }
        let (a, b) = (series_of_run(first, spread)?, series_of_run(second, spread)?);
        let nothing = nothing_differs(first.manifest(), second.manifest(), setups.as_ref().ok().copied());
        let differs = setups.as_ref().map(|[first, second]| setup_differences(first, second)).map_err(Clone::clone);
        Ok(Ok(Self::Run {
            manifest: Box::new(second.manifest().clone()),
            differs,
            notes: Pair::of_runs(first, second, setups).notes,
            differences: differences(&a, &b, first.setting(), nothing.as_ref(), spread),
            nothing_differs: nothing,
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
    pub(super) blocks: [Blocks; N_EXITS],
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
    /// How the first of them was picked.
    pub(super) picked: Pick,
    pub(super) compared: Vec<Compared>,
    /// The folder, as the user named it.
    pub(super) folder: String,
    missing: Vec<&'static str>,
}

impl ReportFacts {
    /// Reads what a report needs from a finished run, made from `setup`.
    ///
    /// # Errors
    /// Where a table can't be read. One that was left out isn't an error.
    pub fn read<R: ReadRun>(
        run: &R,
        setup: &Setup,
        scenario: ScenarioText,
        compared: Vec<Compared>,
        spread: &impl Spread,
    ) -> Result<Self, R::Error> {
        let manifest = run.manifest();
        let missing: Vec<&'static str> =
            TABLES.into_iter().filter(|&table| !manifest.tables.contains_key(table)).collect();
        let map_days = MapDays::of(manifest.n_days);
        let read = |replicate: usize| read_replicate(run, setup, map_days, &missing, replicate as u32);
        let replicates: Vec<ReplicateFacts> =
            spread.each(run.replicates().len(), read).into_iter().collect::<Result<_, _>>()?;
        let mut paths = PathTable::default();
        for (replicate, facts) in (0..).zip(&replicates) {
            paths.add(replicate, &facts.walks);
        }
        let all_series: Vec<Vec<Series>> = replicates.iter().map(|facts| facts.series.clone()).collect();
        let can_tell = !STORY_TABLES.iter().any(|table| missing.contains(table));
        let (stories, picked) = if can_tell { stories(run)? } else { (Vec::new(), Pick::Path) };
        Ok(Self {
            manifest: manifest.clone(),
            setting: run.setting().clone(),
            setup: setup.clone(),
            overview: Overview::of_run(run, Some(setup))?,
            scenario,
            bands: Bands::of(&all_series, run.setting()),
            paths,
            map_days,
            stories,
            picked,
            compared,
            folder: run.name(),
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
            "The run was written without the tables that this section needs ({}). Run it again with all tables, or with \
             these among them.",
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

fn read_replicate<R: ReadRun>(
    run: &R,
    setup: &Setup,
    map_days: MapDays,
    missing: &[&str],
    replicate: u32,
) -> Result<ReplicateFacts, R::Error> {
    let has_paths = !PATH_TABLES.iter().any(|table| missing.contains(table));
    let mut wanted = vec!["incidents", "allegiance", "control", "displacement"];
    if has_paths {
        wanted.extend(["exposures", "persons"]);
    }
    wanted.retain(|table| !missing.contains(table));
    wanted.push("groups");
    let records = run.records_of(replicate, &wanted)?;
    let mut summary = ReplicateSummary::of(&records, setup, &[]);
    let reported = read_reported(run, setup, missing, replicate, &mut summary)?;
    let series = series(records.groups.rows(), setup.n_groups());
    let walks = if has_paths { walks(&records, setup.n_days) } else { Vec::new() };
    let exits = exits(&records);
    let mut incidents: BTreeMap<IncidentKind, u32> = BTreeMap::new();
    for &kind in &records.incidents.kind {
        *incidents.entry(kind).or_default() += 1;
    }
    Ok(ReplicateFacts {
        summary,
        series,
        walks,
        holders: holders(setup, &records.control, map_days),
        blocks: std::array::from_fn(|exit| blocks_of(&exits, ExitKind::ALL[exit].turn())),
        incidents,
        reported,
    })
}

fn read_reported<R: ReadRun>(
    run: &R,
    setup: &Setup,
    missing: &[&str],
    replicate: u32,
    summary: &mut ReplicateSummary,
) -> Result<Reported, R::Error> {
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

fn blocks_of(exits: &[Allegiance], kind: AllegianceKind) -> Blocks {
    let mut found = Blocks::default();
    for row in exits.iter().filter(|row| row.kind == kind) {
        let blocks = BLOCKS.each_ref().map(|block| block.of_row(row));
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
fn stories<R: ReadRun>(run: &R) -> Result<(Vec<StoryView>, Pick), R::Error> {
    let (found, picked) = match pick(run, Pick::Path, None, None)? {
        Some(found) => (Some(found), Pick::Path),
        None => (pick(run, Pick::Defector, None, None)?, Pick::Defector),
    };
    let Some((replicate, person)) = found else {
        return Ok((Vec::new(), picked));
    };
    let records = read_story_records(run, replicate)?;
    let view = |person: PersonId| StoryView::of(run.setting(), &records, replicate, person).ok();
    let first = view(person);
    let beside = first.as_ref().and_then(|first| first.stayer).and_then(|stayer| view(PersonId(stayer)));
    Ok((first.into_iter().chain(beside).collect(), picked))
}
