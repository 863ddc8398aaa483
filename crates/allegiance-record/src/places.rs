//! The table of places, written once a run so that readers can join on it.

use crate::table::{OutputCells, OutputColumn, OutputKind, TableData};
use allegiance_model::setup::{PlaceKind, PlaceSetup, Setup};

/// The places of a setup, one a row.
#[rustfmt::skip]
pub fn places_table(setup: &Setup) -> TableData {
    let text = |name, meaning, cell: fn(&PlaceSetup) -> &str| {
        let cells = setup.places.iter().map(|place| Some(cell(place).to_owned()));
        column(name, "1", meaning, OutputKind::Text, OutputCells::Text(cells.collect()))
    };
    let degrees = |name, meaning, cell: fn(&PlaceSetup) -> f64| {
        let cells = setup.places.iter().map(|place| Some(cell(place)));
        column(name, "deg", meaning, OutputKind::Real, OutputCells::Real(cells.collect()))
    };
    let whole = |name, unit, meaning, kind, cell: fn(&PlaceSetup) -> u32| {
        let cells = setup.places.iter().map(|place| Some(cell(place)));
        column(name, unit, meaning, kind, OutputCells::Whole(cells.collect()))
    };
    let words = PlaceKind::WORDS.iter().map(|&word| word.to_owned()).collect();
    let kinds = OutputKind::Coded("word", words);
    let people = OutputKind::Count;
    TableData {
        name: "places",
        meaning: "Every populated place of the scenario.",
        columns: vec![
            text("id", "The identifier that other tables use.", |place| &place.id),
            text("name", "The name shown to people.", |place| &place.name),
            whole("kind", "1", "Kind of settlement.", kinds, |place| place.kind as u32),
            text("governorate", "First administrative level.", |place| &place.governorate),
            text("district", "Second administrative level.", |place| &place.district),
            text("subdistrict", "Third administrative level.", |place| &place.subdistrict),
            degrees("latitude", "Degrees north.", |place| place.latitude_deg),
            degrees("longitude", "Degrees east.", |place| place.longitude_deg),
            whole("population", "persons", "Inhabitants on the first day.", people, |place| place.population),
        ],
    }
}

fn column(
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    kind: OutputKind,
    cells: OutputCells,
) -> OutputColumn {
    OutputColumn { name: name.into(), unit, meaning: meaning.into(), kind, nullable: false, cells }
}
