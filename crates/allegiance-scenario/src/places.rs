//! The tables beside the scenario file: places, control and garrisons.

use std::rc::Rc;

use allegiance_model::setup::{PlaceKind, PlaceSetup};

use crate::csv_table::{self, CsvRow};
use crate::format;
use crate::names::Names;
use crate::problem::{Problems, Spot};
use crate::resolve::{self, get, items};
use crate::shape::{SUM_TOLERANCE, is_id, round};
use crate::tree::Table;

/// More people than any place on earth has.
const MAX_POPULATION: u32 = 40_000_000;
/// More people than the engine can number.
const MAX_TOTAL_POPULATION: u64 = 1_000_000_000;

/// A table's text and where it stands.
pub(crate) struct TableFile {
    pub(crate) file_idx: usize,
    pub(crate) text: Rc<String>,
}

/// Reads the places, without their control.
pub(crate) fn read_places(file: &TableFile, sources: &Names, problems: &mut Problems) -> (Vec<PlaceSetup>, Names) {
    let mut names = Names::new("place", "places");
    let mut places = Vec::new();
    let mut total: u64 = 0;
    let table = csv_table::read(&file.text, file.file_idx, &format::PLACES, problems);
    names.are_all &= table.is_whole;
    for row in table.rows {
        let [place, name, kind, governorate, district, subdistrict, latitude, longitude, population, source] =
            row.cells.as_slice()
        else {
            continue;
        };
        if !is_id(place) {
            problems
                .error(row.spot, "place", format!("is {place:?}"))
                .allowed("must be 1 to 64 letters, digits, _ or -");
            names.are_all = false;
        }
        if !names.add(place) {
            problems
                .error(row.spot, "place", format!("{place:?} is there twice"))
                .allowed("must be unique")
                .hint("leave one of its rows out, or give it another name");
        }
        if name.is_empty() {
            problems.error(row.spot, "name", "is empty");
        }
        let kind = PlaceKind::from_word(kind).unwrap_or_else(|| {
            problems.error(row.spot, "kind", format!("is {kind:?}")).choices(
                "allowed words",
                kind,
                PlaceKind::WORDS.iter().copied(),
            );
            PlaceKind::Rural
        });
        check_sources(&row, source, sources, problems);
        let place = PlaceSetup {
            id: place.clone(),
            name: name.clone(),
            kind,
            governorate: governorate.clone(),
            district: district.clone(),
            subdistrict: subdistrict.clone(),
            latitude_deg: number(&row, "latitude", latitude, -90.0, 90.0, problems),
            longitude_deg: number(&row, "longitude", longitude, -180.0, 180.0, problems),
            population: whole(&row, "population", population, 1, MAX_POPULATION, problems),
            control: Vec::new(),
            displaced_share: 0.0,
        };
        total += u64::from(place.population);
        places.push(place);
    }
    if total > MAX_TOTAL_POPULATION {
        problems
            .error(Spot { file_idx: file.file_idx, line: 0 }, "population", format!("sums to {total}"))
            .allowed(format!("must sum to {MAX_TOTAL_POPULATION} or less"));
    }
    (places, names)
}

/// Reads who is away on the first day into the places, by governorate.
pub(crate) fn read_displaced(scenario: &Table, sources: &Names, places: &mut [PlaceSetup], problems: &mut Problems) {
    let mut governorates = Names::new("governorate", "governorates");
    for place in &*places {
        if governorates.position(&place.governorate).is_none() {
            governorates.add(&place.governorate);
        }
    }
    let mut seen = vec![false; governorates.len()];
    for (idx, entry, spot) in items(scenario, "displaced") {
        let path = format!("displaced[{idx}]");
        resolve::check_sources(entry, &path, sources, problems);
        let named = get(entry, "governorate").and_then(|node| Some((node.as_text()?, node.spot)));
        let Some((name, name_spot)) = named else { continue };
        let Some(at) = governorates.find(name, name_spot, &format!("{path}.governorate"), problems) else { continue };
        if std::mem::replace(&mut seen[at], true) {
            problems
                .error(spot, format!("{path}.governorate"), format!("{name:?} is there twice"))
                .allowed("must be one entry for each governorate");
        }
        let share = resolve::number(entry, "share");
        for place in places.iter_mut().filter(|place| place.governorate == name) {
            place.displaced_share = share;
        }
    }
}

/// Reads the control shares into the places.
pub(crate) fn read_control(
    file: &TableFile,
    names: (&Names, &Names, &Names),
    places: &mut [PlaceSetup],
    n_groups: usize,
    problems: &mut Problems,
) {
    let (place_names, group_names, sources) = names;
    let mut cells: Vec<Option<f64>> = vec![None; places.len() * n_groups];
    let mut first_spots: Vec<Option<Spot>> = vec![None; places.len()];
    // Where a row is wrong, the sum over the others says nothing.
    let mut is_summable = vec![true; places.len()];
    let table = csv_table::read(&file.text, file.file_idx, &format::CONTROL, problems);
    // Where a row names no place, no place can be said to lack it.
    let mut is_whole = table.is_whole;
    let is_table_read = !table.rows.is_empty();
    for row in table.rows {
        let [place, group, share, source] = row.cells.as_slice() else {
            continue;
        };
        check_sources(&row, source, sources, problems);
        let share = number(&row, "share", share, 0.0, 1.0, problems);
        let place_idx = place_names.find(place, row.spot, "place", problems);
        let group_idx = group_names.find(group, row.spot, "group", problems);
        let Some(place_idx) = place_idx else {
            is_whole = false;
            continue;
        };
        first_spots[place_idx].get_or_insert(row.spot);
        let Some(group_idx) = group_idx else {
            is_summable[place_idx] = false;
            continue;
        };
        let cell = &mut cells[place_idx * n_groups + group_idx];
        if cell.is_some() {
            is_summable[place_idx] = false;
            problems
                .error(row.spot, "place", format!("{place:?} with the group {group:?} is there twice"))
                .allowed("must be one row for each pair");
        } else {
            *cell = Some(share);
        }
    }
    for (place_idx, place) in places.iter_mut().enumerate() {
        let shares = &cells[place_idx * n_groups..(place_idx + 1) * n_groups];
        place.control = shares.iter().map(|share| share.unwrap_or(0.0)).collect();
        let sum: f64 = place.control.iter().sum();
        match first_spots[place_idx] {
            // A second row of a place is told already.
            None if is_table_read && is_whole && place_names.position(&place.id) == Some(place_idx) => {
                problems
                    .error(Spot { file_idx: file.file_idx, line: 0 }, "place", format!("{:?} has no rows", place.id))
                    .allowed("every place needs control shares that sum to 1");
            }
            Some(spot)
                if is_whole && is_summable[place_idx] && sum.is_finite() && (sum - 1.0).abs() > SUM_TOLERANCE =>
            {
                problems
                    .error(spot, "share", format!("of {:?} sums to {} over its groups", place.id, round(sum)))
                    .allowed("must sum to 1 in each place");
            }
            _ => {}
        }
    }
}

/// Checks a cell that cites sources, several of them joined by `+`.
pub(crate) fn check_sources(row: &CsvRow, cell: &str, sources: &Names, problems: &mut Problems) {
    if cell.is_empty() {
        problems.error(row.spot, "source", "is empty").allowed("must be a key of [sources]");
        return;
    }
    for key in cell.split('+').map(str::trim).filter(|key| !key.is_empty()) {
        sources.find(key, row.spot, "source", problems);
    }
}

/// Reads a finite number within bounds.
fn number(row: &CsvRow, column: &str, cell: &str, low: f64, high: f64, problems: &mut Problems) -> f64 {
    match cell.parse::<f64>() {
        Ok(number) if (low..=high).contains(&number) => number,
        _ => {
            let problem = problems
                .error(row.spot, column, format!("is {cell:?}"))
                .allowed(format!("must be a number from {low} to {high}"));
            problem.hint = csv_table::number_hint(cell).map(str::to_owned);
            f64::NAN
        }
    }
}

/// Reads a whole number within bounds.
pub(crate) fn whole(row: &CsvRow, column: &str, cell: &str, low: u32, high: u32, problems: &mut Problems) -> u32 {
    match cell.parse::<u32>() {
        Ok(whole) if (low..=high).contains(&whole) => whole,
        _ => {
            let problem = problems
                .error(row.spot, column, format!("is {cell:?}"))
                .allowed(format!("must be a whole number from {low} to {high}"));
            problem.hint = csv_table::whole_hint(cell).map(str::to_owned);
            low
        }
    }
}
