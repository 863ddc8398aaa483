//! Evidence of people and groups put to a scenario's wars: what was found beside what the model gives.

use allegiance_model::World;
use allegiance_model::interviews::{Interview, Scale};
use allegiance_model::random::Draws;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use allegiance_record::Spread as _;
use allegiance_record::evidence::{Aggregate, Evidence, Item, shape_of};
use allegiance_record::intervals::Interval;
use allegiance_replay::{BrokenRun, simulate, simulate_with_interviews};
use allegiance_runs::Threads;
use serde::Serialize;

use crate::inference::reference::simulate_war_asked;

/// One replicate of a world with what its people told, where evidence asks them.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub(crate) fn simulate_asked(
    world: &World,
    replicate: u32,
    evidence: &[Evidence],
) -> Result<(Records, Vec<Interview>), BrokenRun> {
    if evidence.iter().all(|evidence| evidence.samples.is_empty()) {
        return Ok((simulate(world, replicate)?, Vec::new()));
    }
    let days: Vec<u32> = evidence.iter().flat_map(Evidence::days).collect();
    simulate_with_interviews(world, replicate, &days)
}

/// One thing that evidence says, beside what a scenario's wars give.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beside {
    /// What it is.
    pub item: String,
    /// The question as it was worded; empty for counts and maps.
    pub wording: String,
    /// What was found; empty in a plan.
    pub found: Option<Aggregate>,
    /// The 90% interval of its error.
    pub band: Option<(f64, f64)>,
    /// The same in simulated wars; empty where nobody could be asked in any.
    pub simulated: Option<Interval>,
    /// How many answered in simulated wars.
    pub n_answered: Option<Interval>,
    /// Whether it is a share, and printed in hundredths.
    pub is_share: bool,
    /// Whether it reads the reasons for leaving.
    pub is_circular: bool,
}

/// Puts evidence to `n_replicates` wars of a setup; with none, tells what was found alone.
///
/// # Errors
/// Where a bound of the engine didn't hold.
pub fn put_to_wars(
    setup: &Setup,
    evidence: &Evidence,
    n_replicates: u32,
    threads: usize,
) -> Result<Vec<Beside>, BrokenRun> {
    let measure = |replicate: usize| -> Result<Vec<Aggregate>, BrokenRun> {
        let replicate = replicate as u32;
        let (records, interviews, world) =
            simulate_war_asked(setup.clone(), replicate, std::slice::from_ref(evidence))?;
        Ok(evidence.measure(&records, &interviews, shape_of(&world.setup), Draws::of_replicate(setup.seed, replicate)))
    };
    let wars: Vec<Vec<Aggregate>> =
        Threads(threads).each(n_replicates as usize, measure).into_iter().collect::<Result<_, BrokenRun>>()?;
    let beside = |(at, item): (usize, &Item)| Beside {
        item: item.id.clone(),
        wording: item.wording.clone(),
        found: item.found,
        band: item.found.map(|found| item.band(found)),
        simulated: Interval::of(wars.iter().map(|war| war[at].value)),
        n_answered: item.scale().and_then(|_| Interval::of(wars.iter().map(|war| war[at].n))),
        is_share: item.scale().is_none_or(|scale| scale == Scale::YesOrNo) && !item.counts_members(),
        is_circular: item.is_circular(),
    };
    Ok(evidence.items.iter().enumerate().map(beside).collect())
}
