//! Governorates and districts of places: by boundaries, else by the table,
//! else by the nearest place that has one, else by a grid.

use super::boundaries::Boundaries;
use super::settlements::{Map, Origin};
use super::{BuildError, BuildRequest};
use allegiance_scenario::event_rows::distance_km;

/// Names the districts of all places.
pub(super) fn name(request: &BuildRequest, map: &mut Map, boundaries: Option<&Boundaries>) -> Result<(), BuildError> {
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
                "none of the {} polygons of {} holds any of the {} places of {}; is it a file of another country, or in other coordinates than degrees? without boundaries, districts are those of the table or the events",
                boundaries.n_units(),
                request.boundaries.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
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
        map.districts = format!("the administrative columns of {}", map.table_name);
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
