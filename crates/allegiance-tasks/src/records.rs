//! Records of events on their way from the reader to the laboratory.

use std::path::Path;

use allegiance_record::observe::{RecordRow, Violence};
use allegiance_scenario::ged::{GedEvent, ReadGedError, read_ged};

/// A file of UCDP GED as the laboratory takes it.
///
/// # Errors
/// See [`ReadGedError`].
pub fn read_record(path: &Path) -> Result<Vec<RecordRow>, ReadGedError> {
    Ok(read_ged(path)?.iter().map(record_row).collect())
}

/// An event as the laboratory takes it.
pub fn record_row(event: &GedEvent) -> RecordRow {
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
