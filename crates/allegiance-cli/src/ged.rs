//! Files of UCDP GED on their way from the reader to the laboratory.

use std::path::Path;

use allegiance_lab::observe::{RecordRow, Violence};
use allegiance_model::calendar::Date;
use allegiance_scenario::ged::{GedEvent, ReadGedError, read_ged};

use crate::failure::Failure;

/// Reads a file of UCDP GED.
pub(crate) fn read(path: &Path) -> Result<Vec<GedEvent>, Failure> {
    read_ged(path).map_err(|error| failure_of(path, error))
}

/// What to say of a table that can't be read.
pub(crate) fn failure_of(path: &Path, error: ReadGedError) -> Failure {
    match error {
        ReadGedError::Invalid(problems) => Failure::Table { name: path.display().to_string(), problems },
        error => Failure::Input(error.into()),
    }
}

/// An event as the laboratory takes it.
pub(crate) fn record_row(event: &GedEvent) -> RecordRow {
    RecordRow {
        id: event.id,
        relid: event.relid.clone(),
        year: event.year,
        violence: Violence::from_code(u32::from(event.type_of_violence)).expect("the reader allows 1, 2 and 3"),
        dyad_name: event.dyad_name.clone(),
        side_a: event.side_a.clone(),
        side_a_id: event.side_a_new_id,
        side_b: event.side_b.clone(),
        side_b_id: event.side_b_new_id,
        where_prec: event.where_prec,
        adm_1: event.adm_1.clone(),
        adm_2: event.adm_2.clone(),
        latitude_deg: event.latitude_deg,
        longitude_deg: event.longitude_deg,
        priogrid_gid: event.priogrid_gid,
        country: event.country.clone(),
        region: event.region.clone(),
        event_clarity: event.event_clarity,
        date_prec: event.date_prec,
        date_start: event.date_start,
        date_end: event.date_end,
        deaths_a: event.deaths_a,
        deaths_b: event.deaths_b,
        deaths_civilians: event.deaths_civilians,
        deaths_unknown: event.deaths_unknown,
        best: event.best,
        high: event.high,
        low: event.low,
        gwno_a: event.gwnoa,
        gwno_b: event.gwnob,
    }
}

/// Reads a date of the command line.
pub(crate) fn parse_date(text: &str) -> Result<Date, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let date = match parts.as_slice() {
        [year, month, day] if [year.len(), month.len(), day.len()] == [4, 2, 2] => {
            let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
            number(year).zip(number(month)).zip(number(day))
        }
        _ => None,
    };
    let date = date.and_then(|((year, month), day): ((u32, u32), u32)| Date::from_ymd(year as i32, month, day));
    date.ok_or_else(|| "must be a date such as 2014-01-12".to_owned())
}
