//! How many live where: the table's numbers, a floor where it has none, and
//! the rest of a total that the user gives.

use std::collections::BTreeMap;

use super::settlements::{Draft, Origin};
use super::{BuildError, BuildRequest};
use allegiance_scenario::share_out;

/// Inhabitants of a place of unknown size.
pub(super) const FLOOR: u32 = 1_000;
/// The most that a place of unknown size gets of a given total.
pub(super) const MOST_UNKNOWN: u32 = 20_000;
/// More people than a place may have.
const MOST_IN_PLACE: u32 = 40_000_000;
/// More people than the engine can number.
const MOST_PEOPLE: u64 = 1_000_000_000;

/// How the people were spread.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spread {
    /// Places of known size and their people, as the table has them.
    pub(super) n_known: usize,
    pub(super) population_known: u64,
    /// What known sizes were multiplied by.
    pub(super) factor: f64,
    /// Places of unknown size, those of events among them, and what each got.
    pub(super) n_unknown: usize,
    pub(super) each_unknown: u32,
    /// Places of the countryside and their people.
    pub(super) n_rural: usize,
    pub(super) population_rural: u64,
}

/// Gives every place its inhabitants, and adds the countryside.
pub(super) fn spread(request: &BuildRequest, drafts: &mut Vec<Draft>) -> Result<Spread, BuildError> {
    let n_known = drafts.iter().filter(|draft| draft.known.is_some()).count();
    let n_unknown = drafts.len() - n_known;
    let population_known: u64 = drafts.iter().filter_map(|draft| draft.known).map(u64::from).sum();
    let floors = n_unknown as u64 * u64::from(FLOOR);
    let total = request.population.unwrap_or(population_known + floors);
    if total > MOST_PEOPLE {
        let path = request.places.display();
        return Err(BuildError::Question(match request.population {
            Some(_) => format!("the population is {total}; a scenario has at most {MOST_PEOPLE}"),
            None => format!(
                "the places of {path} have {total} inhabitants; a scenario has at most {MOST_PEOPLE}; leave out rows of whole regions, or give the population"
            ),
        }));
    }
    let least = floors + n_known as u64;
    if total < least {
        return Err(BuildError::Question(format!(
            "the population is {total}, too few for {} places, of which {n_unknown} are of unknown size; must be {least} or more",
            drafts.len()
        )));
    }
    let factor =
        if population_known + floors > total { (total - floors) as f64 / population_known as f64 } else { 1.0 };
    let rest = total.saturating_sub(population_known);
    let each_unknown = rest
        .checked_div(n_unknown as u64)
        .map_or(FLOOR, |each| each.clamp(u64::from(FLOOR), u64::from(MOST_UNKNOWN)) as u32);
    for draft in drafts.iter_mut() {
        draft.population =
            draft.known.map_or(each_unknown, |known| ((f64::from(known) * factor).floor() as u32).max(1));
    }
    let settled: u64 = drafts.iter().map(|draft| u64::from(draft.population)).sum();
    let rural = total.saturating_sub(settled);
    let n_before = drafts.len();
    // A handful left over by rounding makes no countryside.
    if request.population.is_some() && rural > n_before as u64 {
        add_countryside(drafts, rural as u32);
    }
    if let Some(crowded) = drafts.iter().find(|draft| draft.population > MOST_IN_PLACE) {
        return Err(BuildError::Question(format!(
            "the population of {total} puts {} people into {:?}; a place has at most {MOST_IN_PLACE}; give a table with more places",
            crowded.population, crowded.name
        )));
    }
    Ok(Spread {
        n_known,
        population_known,
        factor,
        n_unknown,
        each_unknown,
        n_rural: drafts.len() - n_before,
        population_rural: drafts[n_before..].iter().map(|draft| u64::from(draft.population)).sum(),
    })
}

/// One place for each cell of half a degree that has places: at their middle,
/// called after the largest, with people in proportion to their number.
fn add_countryside(drafts: &mut Vec<Draft>, rural: u32) {
    let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (at, draft) in drafts.iter().enumerate() {
        let cell = |degrees: f64| (degrees * 2.0).floor() as i64;
        cells.entry((cell(draft.point.0), cell(draft.point.1))).or_default().push(at);
    }
    let weights: Vec<f64> = cells.values().map(|members| members.len() as f64).collect();
    let shares = share_out(rural, &weights);
    for (members, population) in cells.into_values().zip(shares).filter(|(_, population)| *population > 0) {
        let n = members.len() as f64;
        let mean = |pick: fn(&Draft) -> f64| members.iter().map(|&at| pick(&drafts[at])).sum::<f64>() / n;
        let point = (mean(|draft| draft.point.0), mean(|draft| draft.point.1));
        let largest = members.iter().copied().max_by_key(|&at| (drafts[at].known.unwrap_or(0), std::cmp::Reverse(at)));
        let largest = &drafts[largest.expect("a cell has places")];
        let countryside = Draft {
            name: largest
                .name
                .strip_prefix("Place ")
                .map_or_else(|| format!("Countryside of {}", largest.name), |rest| format!("Countryside {rest}")),
            point,
            known: None,
            population,
            origin: Origin::Countryside,
            admin: largest.admin.clone(),
        };
        drafts.push(countryside);
    }
}
