//! Garrisons: who is stationed where on the first day.

use std::collections::BTreeMap;

use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::{GarrisonSetup, GroupSetup, PlaceSetup};

use crate::csv_table::{self, CsvTable, count};
use crate::format;
use crate::names::Names;
use crate::places::{TableFile, check_sources, whole};
use crate::problem::{Problems, Spot};

/// Men of 15 to 39 as a share of all inhabitants.
///
/// # Source
/// Evidence B5, derived.
pub(crate) const MEN_SHARE: f64 = 0.2;

/// Reads the garrisons and completes them: a group without rows is spread over
/// the places by its control share times the square root of the population.
pub(crate) fn read_garrisons(
    file: Option<&TableFile>,
    names: (&Names, &Names, &Names),
    places: &[PlaceSetup],
    groups: &[(GroupSetup, Spot)],
    problems: &mut Problems,
) -> Vec<GarrisonSetup> {
    let (place_names, group_names, sources) = names;
    let table = file.map_or_else(
        || CsvTable { rows: Vec::new(), is_whole: true },
        |file| csv_table::read(&file.text, file.file_idx, &format::GARRISONS, problems),
    );
    let mut cells: BTreeMap<(usize, usize), (u32, Spot)> = BTreeMap::new();
    // Where a row is wrong, the sum over the others says nothing.
    let is_stated = |idx| group_names.are_all && !problems.has_error_at(&format!("groups[{idx}].members"));
    let mut is_summable: Vec<bool> = (0..groups.len()).map(|idx| table.is_whole && is_stated(idx)).collect();
    for row in table.rows {
        let [group, place, members, source] = row.cells.as_slice() else {
            continue;
        };
        check_sources(&row, source, sources, problems);
        let n_before = problems.n_errors();
        let members = whole(&row, "members", members, 1, 10_000_000, problems);
        let place_idx = place_names.find(place, row.spot, "place", problems);
        let is_row_good = problems.n_errors() == n_before && place_idx.is_some();
        let Some(group_idx) = group_names.find(group, row.spot, "group", problems) else {
            continue;
        };
        is_summable[group_idx] &= is_row_good;
        let Some(place_idx) = place_idx else { continue };
        if cells.insert((group_idx, place_idx), (members, row.spot)).is_some() {
            is_summable[group_idx] = false;
            problems
                .error(row.spot, "place", format!("{place:?} with the group {group:?} is there twice"))
                .allowed("must be one row for each pair");
        }
    }
    warn_of_lone_garrisons(&cells, places, groups, problems);
    let mut garrisons = Vec::new();
    for (group_idx, (group, spot)) in groups.iter().enumerate() {
        let stationed: Vec<(usize, u32, Spot)> = cells
            .range((group_idx, 0)..=(group_idx, usize::MAX))
            .map(|(&(_, place_idx), &(members, spot))| (place_idx, members, spot))
            .collect();
        let sum: u64 = stationed.iter().map(|&(_, members, _)| u64::from(members)).sum();
        let by_place = match stationed.first() {
            Some(&(_, _, first_spot)) => {
                if is_summable[group_idx] && sum != u64::from(group.members) {
                    problems
                        .error(first_spot, "members", format!("of the group {:?} sum to {sum} over its rows", group.id))
                        .allowed(format!("must sum to {}, the members of the group in scenario.toml", group.members))
                        .hint(format!("change the rows, or set members = {sum} there"));
                }
                stationed.iter().map(|&(place_idx, members, _)| (place_idx, members)).collect()
            }
            None => allocate(group, group_idx, *spot, places, problems),
        };
        garrisons.extend(by_place.into_iter().map(|(place_idx, members)| GarrisonSetup {
            group: GroupId::from_idx(group_idx),
            place: PlaceId::from_idx(place_idx),
            members,
        }));
    }
    check_men(places, groups, &garrisons, file.map(|file| file.file_idx), problems);
    garrisons
}

/// Warns of garrisons where their group has no share of control.
fn warn_of_lone_garrisons(
    cells: &BTreeMap<(usize, usize), (u32, Spot)>,
    places: &[PlaceSetup],
    groups: &[(GroupSetup, Spot)],
    problems: &mut Problems,
) {
    if problems.has_errors() {
        return;
    }
    for (&(group_idx, place_idx), &(_, spot)) in cells {
        if places[place_idx].control[group_idx] > 0.0 {
            continue;
        }
        let (place, group) = (&places[place_idx].id, &groups[group_idx].0.id);
        let found = format!("{place:?} holds a garrison of {group:?}, which has no control share there");
        problems
            .warning(spot, "place", found)
            .hint("give it a share in the control table, or station the garrison elsewhere");
    }
}

fn allocate(
    group: &GroupSetup,
    group_idx: usize,
    spot: Spot,
    places: &[PlaceSetup],
    problems: &mut Problems,
) -> Vec<(usize, u32)> {
    let weights: Vec<f64> = places
        .iter()
        .map(|place| {
            let share = place.control.get(group_idx).copied().unwrap_or(0.0);
            share * f64::from(place.population).sqrt()
        })
        .collect();
    if group.members > 0 && !weights.iter().any(|&weight| weight > 0.0) && !problems.has_errors() {
        problems
            .error(
                spot,
                format!("groups[{group_idx}]"),
                format!("{:?} has members but no garrison and no control share", group.id),
            )
            .hint("give it rows in the control table or the garrisons table");
    }
    let shared = share_out(group.members, &weights);
    shared.into_iter().enumerate().filter(|&(_, members)| members > 0).collect()
}

/// Shares out a whole number by weights: each gets the whole part of its due,
/// and the largest remainders get the rest, the first of equals first.
pub fn share_out(total: u32, weights: &[f64]) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    if !sum.is_finite() || sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let dues: Vec<f64> = weights.iter().map(|weight| f64::from(total) * weight / sum).collect();
    let mut shares: Vec<u32> = dues.iter().map(|due| due.floor() as u32).collect();
    let mut by_remainder: Vec<usize> = (0..dues.len()).collect();
    by_remainder.sort_by(|&a, &b| dues[b].fract().total_cmp(&dues[a].fract()).then(a.cmp(&b)));
    let given: u32 = shares.iter().sum();
    let rest = total.saturating_sub(given) as usize;
    for &at in by_remainder.iter().take(rest) {
        shares[at] += 1;
    }
    shares
}

/// Compares the local members with the men who could be members.
fn check_men(
    places: &[PlaceSetup],
    groups: &[(GroupSetup, Spot)],
    garrisons: &[GarrisonSetup],
    file_idx: Option<usize>,
    problems: &mut Problems,
) {
    if problems.has_errors() {
        return;
    }
    let local_share = |group: &GroupSetup| 1.0 - group.foreign_share.rank_and_file;
    let locals: f64 = groups.iter().map(|(group, _)| f64::from(group.members) * local_share(group)).sum();
    let population: f64 = places.iter().map(|place| f64::from(place.population)).sum();
    let spot = groups.first().map_or(Spot { file_idx: 0, line: 0 }, |&(_, spot)| spot);
    let file_spot = Spot { line: 0, ..spot };
    if locals > MEN_SHARE * population {
        problems
            .error(file_spot, "groups", format!("have {locals:.0} local members together"))
            .allowed(format!(
                "the region has {:.0} men of 15 to 39 (20% of {population:.0} inhabitants)",
                MEN_SHARE * population
            ))
            .hint("lower the members of groups, raise their foreign shares, or add places");
        return;
    }
    let mut by_place = vec![0.0; places.len()];
    for garrison in garrisons {
        by_place[garrison.place.idx()] += f64::from(garrison.members) * local_share(&groups[garrison.group.idx()].0);
    }
    let crowded: Vec<&str> = places
        .iter()
        .zip(&by_place)
        .filter(|(place, members)| **members > MEN_SHARE * f64::from(place.population))
        .map(|(place, _)| place.id.as_str())
        .collect();
    if !crowded.is_empty() {
        let shown = crowded[..crowded.len().min(5)].join(", ");
        let more = if crowded.len() > 5 { ", and others" } else { "" };
        let spot = file_idx.map_or(file_spot, |file_idx| Spot { file_idx, line: 0 });
        problems
            .warning(
                spot,
                "",
                format!(
                    "{} more local members than men of 15 to 39 live there (20% of inhabitants): {shown}{more}",
                    if crowded.len() == 1 {
                        "1 place holds".to_owned()
                    } else {
                        format!("{} hold", count(crowded.len(), "place"))
                    }
                ),
            )
            .hint("their homes will be drawn from places around");
    }
}
