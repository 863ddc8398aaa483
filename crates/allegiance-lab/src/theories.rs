//! Rival theories on the same world and the same draws: what each makes of
//! the same events.

use allegiance_model::setup::{BeliefTheory, ExitTheory, Setup, Theory};
use allegiance_model::tables::{AllegianceKind, Channel, Records};
use allegiance_record::setup_differences::{SetupDifference, setup_differences};
use allegiance_replay::BrokenRun;
use serde::Serialize;

use crate::paired::measure_replicates;
use allegiance_record::intervals::Interval;
use allegiance_record::paths::{LAST_STEP, walks};

/// What one theory makes of one replicate.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Turnout {
    desertions: f64,
    defections: f64,
    departures: f64,
    caught: f64,
    complaints: f64,
    /// Mean conviction before and after an attack on the home seen in person.
    before: f64,
    after: f64,
    n_paths: f64,
}

/// What one theory made of all replicates.
#[derive(Debug, Clone, Serialize)]
pub struct TheoryRow {
    /// The theory of belief.
    pub belief: &'static str,
    /// The theory of exit.
    pub exit: &'static str,
    /// What differs from the scenario under its own theories.
    pub differs: Vec<SetupDifference>,
    /// Desertions a replicate.
    pub desertions: Option<Interval>,
    /// Defections a replicate.
    pub defections: Option<Interval>,
    /// Departures a replicate.
    pub departures: Option<Interval>,
    /// Leavers caught a replicate.
    pub caught: Option<Interval>,
    /// Complaints a replicate.
    pub complaints: Option<Interval>,
    /// Mean conviction of witnesses before the attack on their home.
    pub conviction_before: Option<Interval>,
    /// The same after it.
    pub conviction_after: Option<Interval>,
    /// Replicates in which somebody walked the whole path, steps 4 to 12.
    pub n_with_path: usize,
    /// Replicates.
    pub n_replicates: usize,
}

/// The theories compared: every theory of belief with all blocks of exit, and
/// every theory of exit under the default theory of belief.
pub fn theories() -> Vec<Theory> {
    let default = Theory::default();
    let beliefs = BeliefTheory::ALL.iter().map(|&belief| Theory { belief, exit: ExitTheory::Full });
    let exits = ExitTheory::ALL.iter().filter(|&&exit| exit != ExitTheory::Full);
    beliefs.chain(exits.map(|&exit| Theory { exit, ..default })).collect()
}

/// Runs a setup under every theory with the same seeds.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub fn compare_theories(setup: &Setup, n_replicates: u32, n_threads: usize) -> Result<Vec<TheoryRow>, BrokenRun> {
    theories().into_iter().map(|theory| run_theory(setup, theory, n_replicates, n_threads)).collect()
}

fn run_theory(setup: &Setup, theory: Theory, n_replicates: u32, n_threads: usize) -> Result<TheoryRow, BrokenRun> {
    let changed = Setup { theory, ..setup.clone() };
    let all = measure_replicates(&changed, n_replicates, n_threads, turnout)?;
    let interval = |value: fn(&Turnout) -> f64| Interval::of(all.iter().map(value));
    Ok(TheoryRow {
        belief: theory.belief.word(),
        exit: theory.exit.word(),
        differs: setup_differences(setup, &changed),
        desertions: interval(|turnout| turnout.desertions),
        defections: interval(|turnout| turnout.defections),
        departures: interval(|turnout| turnout.departures),
        caught: interval(|turnout| turnout.caught),
        complaints: interval(|turnout| turnout.complaints),
        conviction_before: interval(|turnout| turnout.before),
        conviction_after: interval(|turnout| turnout.after),
        n_with_path: all.iter().filter(|turnout| turnout.n_paths > 0.0).count(),
        n_replicates: all.len(),
    })
}

fn turnout(records: &Records, setup: &Setup) -> Turnout {
    let count = |kind: AllegianceKind| records.allegiance.kind.iter().filter(|&&other| other == kind).count() as f64;
    let seen: Vec<(f64, f64)> = records
        .exposures
        .rows()
        .filter(|row| row.channel == Channel::Witnessed && row.is_home)
        .map(|row| (row.conviction_before, row.conviction_after))
        .collect();
    let mean = |value: fn(&(f64, f64)) -> f64| {
        if seen.is_empty() { f64::NAN } else { seen.iter().map(value).sum::<f64>() / seen.len() as f64 }
    };
    Turnout {
        desertions: count(AllegianceKind::Desertion),
        defections: count(AllegianceKind::Defection),
        departures: count(AllegianceKind::Departure),
        caught: count(AllegianceKind::Capture),
        complaints: count(AllegianceKind::Voice),
        before: mean(|pair| pair.0),
        after: mean(|pair| pair.1),
        n_paths: walks(records, setup.n_days).iter().filter(|walk| walk.reached == LAST_STEP).count() as f64,
    }
}
