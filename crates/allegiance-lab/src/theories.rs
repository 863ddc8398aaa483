//! Rival theories on the same world and the same draws: what each makes of
//! the same events.

use allegiance_model::setup::{BeliefTheory, ExitTheory, Setup, Theory};
use allegiance_model::tables::{Channel, Records};
use allegiance_model::theory::OwnTheory;
use allegiance_record::setup_differences::{SetupDifference, setup_differences};
use serde::Serialize;

use crate::paired::{Replicates, StudyError, StudySubject};
use allegiance_record::ReplicateSummary;
use allegiance_record::intervals::Interval;
use allegiance_record::outcomes::OutcomeInput;
use allegiance_record::paths::{LAST_STEP, walks};

/// What one theory made of all replicates.
#[derive(Debug, Clone, Serialize)]
pub struct TheoryRow {
    /// The theory of belief.
    pub belief: String,
    /// The theory of exit.
    pub exit: String,
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
    /// The first row with the same tables in every replicate, by its theories of
    /// belief and exit: no replicate differs between the two.
    pub same_as: Option<[String; 2]>,
    #[serde(skip)]
    digests: Vec<String>,
}

/// The theories compared: every theory of belief with all blocks of exit, and
/// every theory of exit under the default theory of belief.
pub fn theories() -> Vec<Theory> {
    let default = Theory::default();
    let beliefs = BeliefTheory::ALL.iter().map(|&belief| Theory { belief, exit: ExitTheory::Full });
    let exits = ExitTheory::ALL.iter().filter(|&&exit| exit != ExitTheory::Full);
    beliefs.chain(exits.map(|&exit| Theory { exit, ..default })).collect()
}

/// The setup under each theory that is compared: those of the engine, then its own, by
/// themselves and together, and others that somebody wrote.
fn rivals(setup: &Setup, others: &[OwnTheory]) -> Vec<Setup> {
    let mut rivals: Vec<Setup> = theories().into_iter().map(|theory| setup.under(theory)).collect();
    let own = setup.own_theories.iter().chain(others);
    rivals.extend(own.map(|own| Setup { own_theories: vec![own.clone()], ..setup.under(Theory::default()) }));
    rivals.extend((setup.own_theories.len() > 1).then(|| setup.clone()));
    rivals
}

/// What a comparison of theories is of: so many replicates under each.
pub fn theories_subject<'a>(setup: &'a Setup, others: &'a [OwnTheory], n_replicates: &'a u32) -> StudySubject<'a> {
    StudySubject { head: "theories.json", setup, theories: others, numbers: std::slice::from_ref(n_replicates) }
}

/// Runs a setup under every theory of the engine, and `others` that somebody wrote,
/// with the same seeds.
///
/// # Errors
/// See [`StudyError`].
pub fn compare_theories(
    setup: &Setup,
    others: &[OwnTheory],
    n_replicates: u32,
    replicates: &Replicates<'_>,
) -> Result<Vec<TheoryRow>, StudyError> {
    let rivals = rivals(setup, others);
    replicates.begin(rivals.len() as u64 * u64::from(n_replicates));
    let mut rows: Vec<TheoryRow> = Vec::new();
    for changed in &rivals {
        let mut row = run_theory(setup, changed, n_replicates, replicates)?;
        let same = rows.iter().find(|other| other.digests == row.digests);
        row.same_as = same.map(|other| [other.belief.clone(), other.exit.clone()]);
        rows.push(row);
    }
    Ok(rows)
}

fn run_theory(
    setup: &Setup,
    changed: &Setup,
    n_replicates: u32,
    replicates: &Replicates<'_>,
) -> Result<TheoryRow, StudyError> {
    let (belief, exit) = (changed.belief_theory().to_owned(), changed.exit_theory().to_owned());
    let all = replicates
        .measure(&format!("{belief}-{exit}"), changed, n_replicates, |_, records, setup| turnout(records, setup))?;
    let interval = |at: usize| Interval::of(all.outcomes.iter().map(|turnout| turnout[at]));
    Ok(TheoryRow {
        belief,
        exit,
        differs: setup_differences(setup, changed),
        desertions: interval(0),
        defections: interval(1),
        departures: interval(2),
        caught: interval(3),
        complaints: interval(4),
        conviction_before: interval(5),
        conviction_after: interval(6),
        n_with_path: all.outcomes.iter().filter(|turnout| turnout[7] > 0.0).count(),
        n_replicates: all.outcomes.len(),
        same_as: None,
        digests: all.digests,
    })
}

/// What a theory makes of a replicate, in the order of [`TheoryRow`].
fn turnout(records: &Records, setup: &Setup) -> Vec<f64> {
    let summary = ReplicateSummary::of(records, setup, &[]);
    let view = OutcomeInput::new(records, setup, &summary);
    let seen: Vec<(f64, f64)> = records
        .exposures
        .rows()
        .filter(|row| row.channel == Channel::Witnessed && row.is_home)
        .map(|row| (row.conviction_before, row.conviction_after))
        .collect();
    let mean = |value: fn(&(f64, f64)) -> f64| {
        if seen.is_empty() { f64::NAN } else { seen.iter().map(value).sum::<f64>() / seen.len() as f64 }
    };
    let n_paths = walks(records, setup.n_days).iter().filter(|walk| walk.reached == LAST_STEP).count();
    vec![
        view.war("desertions"),
        view.war("defections"),
        view.war("departures"),
        view.war("captures"),
        view.war("complaints"),
        // Mean conviction before and after an attack on the home seen in person.
        mean(|pair| pair.0),
        mean(|pair| pair.1),
        n_paths as f64,
    ]
}
