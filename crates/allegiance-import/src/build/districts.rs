//! Governorates and districts of places: by boundaries, else by the table,
//! else by the nearest place that has one, else by a grid.

use std::collections::{BTreeMap, BTreeSet};

use super::boundaries::Boundaries;
use super::period::Period;
use super::settlements::{Map, Origin};
use super::{BuildError, BuildRequest};
use allegiance_scenario::event_rows::distance_km;

/// Names the districts of all places.
pub(super) fn name(
    request: &BuildRequest,
    period: &Period<'_>,
    map: &mut Map,
    boundaries: Option<&Boundaries>,
) -> Result<(), BuildError> {
    let has_own = map.places.iter().any(|place| place.origin == Origin::Table && !place.admin[0].is_empty());
    let of_events = map.places.iter().any(|place| place.origin == Origin::Events && !place.admin[0].is_empty());
    if let Some(boundaries) = boundaries {
        let found: Vec<Option<[String; 3]>> = map
            .places
            .iter()
            .map(|place| {
                let (governorate, district) = boundaries.find(place.point)?;
                Some([governorate.to_owned(), district.to_owned(), place.admin[2].clone()])
            })
            .collect();
        if found.iter().all(Option::is_none) {
            return Err(BuildError::Question(format!(
                "{}:{}: none of the {} polygons holds any of the {} places of {}; is it a file of another country, or in other coordinates than degrees? without boundaries, districts are those of the table or the events",
                request.boundaries.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
                boundaries.first_line,
                boundaries.n_units(),
                map.places.len(),
                map.table_name
            )));
        }
        let n_nested = map.places.iter().filter(|place| boundaries.is_nested(place.point)).count();
        let nested = match n_nested {
            0 => String::new(),
            1 => "; 1 place lies in several".to_owned(),
            n => format!("; {n} places lie in several"),
        };
        map.districts = format!(
            "the smallest polygon of {} that holds the place ({}{nested})",
            boundaries.name, boundaries.property
        );
        take(map, &found);
    } else if has_own {
        let named = name_codes(period, map);
        map.districts = format!("the administrative columns of {}{named}", map.table_name);
        let found: Vec<Option<[String; 3]>> = map
            .places
            .iter()
            .map(|place| {
                let is_own = place.origin != Origin::Events && !place.admin[0].is_empty();
                is_own.then(|| with_district(&place.admin))
            })
            .collect();
        take(map, &found);
    } else if of_events {
        "adm_1 and adm_2 of the events".clone_into(&mut map.districts);
        let found: Vec<Option<[String; 3]>> =
            map.places.iter().map(|place| (!place.admin[0].is_empty()).then(|| with_district(&place.admin))).collect();
        take(map, &found);
    } else {
        "cells of one degree, since neither table nor events name districts".clone_into(&mut map.districts);
        map.n_district_guessed = map.places.len();
        for place in &mut map.places {
            let (north, east) = (place.point.0.floor(), place.point.1.floor());
            let cell = format!("cell {north} north {east} east");
            place.admin = [request.country.clone(), cell, String::new()];
        }
    }
    Ok(())
}

/// Gives the codes of a table the names that most events at its places have for the same levels;
/// says for how many of the widest.
fn name_codes(period: &Period<'_>, map: &mut Map) -> String {
    if !map.has_codes {
        return String::new();
    }
    // By the codes of the first levels: how often each name occurs.
    let mut counts: BTreeMap<Vec<String>, BTreeMap<String, usize>> = BTreeMap::new();
    for event in period.events.iter().chain(&period.before).filter(|event| event.is_located()) {
        let Some(place) = map.find(event).map(|found| &map.places[found.place]) else { continue };
        for depth in (1..=event.adm.len()).take_while(|&depth| !place.admin[depth - 1].is_empty()) {
            let name = event.adm[depth - 1].to_string();
            if place.origin == Origin::Table && !name.is_empty() {
                *counts.entry(place.admin[..depth].to_vec()).or_default().entry(name).or_default() += 1;
            }
        }
    }
    let commonest = |names: BTreeMap<String, usize>| names.into_iter().max_by_key(|(_, n)| *n);
    let mut found: Vec<(usize, Vec<String>, String)> =
        counts.into_iter().filter_map(|(codes, names)| commonest(names).map(|(name, n)| (n, codes, name))).collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    // Units beside one another may get one name from a few events across the border; most decide.
    let mut taken: BTreeSet<(Vec<String>, String)> = BTreeSet::new();
    found.retain(|(_, codes, name)| taken.insert((codes[..codes.len() - 1].to_vec(), name.clone())));
    let names: BTreeMap<Vec<String>, String> = found.into_iter().map(|(_, codes, name)| (codes, name)).collect();
    let mut codes: BTreeMap<String, bool> = BTreeMap::new();
    for place in map.places.iter_mut().filter(|place| place.origin == Origin::Table && !place.admin[0].is_empty()) {
        let of_place = place.admin.clone();
        codes.insert(of_place[0].clone(), names.contains_key(&of_place[..1]));
        for depth in 1..=of_place.len() {
            if let Some(name) = names.get(&of_place[..depth]) {
                place.admin[depth - 1].clone_from(name);
            }
        }
    }
    let n_named = codes.values().filter(|is_named| **is_named).count();
    format!(
        ", whose codes have the names that most events there give ({n_named} of {} codes of the widest level)",
        codes.len()
    )
}

/// The levels, with the governorate for a district that isn't named.
fn with_district(admin: &[String; 3]) -> [String; 3] {
    let [governorate, district, subdistrict] = admin.clone();
    let district = if district.is_empty() { governorate.clone() } else { district };
    [governorate, district, subdistrict]
}

/// Takes what was found; who found nothing takes the nearest's.
fn take(map: &mut Map, found: &[Option<[String; 3]>]) {
    let known: Vec<((f64, f64), &[String; 3])> =
        map.places.iter().zip(found).filter_map(|(place, admin)| Some((place.point, admin.as_ref()?))).collect();
    let mut n_guessed = 0;
    let admins: Vec<[String; 3]> = map
        .places
        .iter()
        .zip(found)
        .map(|(place, admin)| {
            admin.clone().unwrap_or_else(|| {
                n_guessed += 1;
                let distances = known.iter().map(|(point, admin)| (distance_km(place.point, *point), *admin));
                let (_, [governorate, district, _]) =
                    distances.min_by(|a, b| a.0.total_cmp(&b.0)).expect("one place has a district");
                [governorate.clone(), district.clone(), String::new()]
            })
        })
        .collect();
    map.n_district_guessed = n_guessed;
    for (place, admin) in map.places.iter_mut().zip(admins) {
        place.admin = admin;
    }
}
