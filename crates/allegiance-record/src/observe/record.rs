//! A row in the columns of UCDP GED as a record is scored and checked by it,
//! whether a real one or one that a run reported.

use crate::observe::Violence;
use allegiance_model::calendar::Date;

/// One event of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRow {
    /// Identifier, unique in its record.
    pub id: u64,
    /// The other identifier, made of country, year, type, dyad and number.
    pub relid: String,
    /// Year.
    pub year: u32,
    /// Type of violence.
    pub violence: Violence,
    /// Name of the dyad.
    pub dyad_name: String,
    /// Name of side A.
    pub side_a: String,
    /// Number of side A.
    pub side_a_id: u32,
    /// Name of side B.
    pub side_b: String,
    /// Number of side B.
    pub side_b_id: u32,
    /// Precision of the location, 1 (exact) to 7.
    pub where_prec: u8,
    /// First administrative level; may be empty.
    pub adm_1: String,
    /// Second administrative level; may be empty.
    pub adm_2: String,
    /// Degrees north.
    pub latitude_deg: f64,
    /// Degrees east.
    pub longitude_deg: f64,
    /// Cell of PRIO-GRID.
    pub priogrid_gid: u32,
    /// Country.
    pub country: String,
    /// Region of the world.
    pub region: String,
    /// 1 an event by itself, 2 part of a summary.
    pub event_clarity: u8,
    /// Precision of the date, 1 (day) to 5 (more than a month).
    pub date_prec: u8,
    /// First possible day.
    pub date_start: Date,
    /// Last possible day.
    pub date_end: Date,
    /// Dead of side A.
    pub deaths_a: u32,
    /// Dead of side B.
    pub deaths_b: u32,
    /// Dead civilians.
    pub deaths_civilians: u32,
    /// Dead of unknown side.
    pub deaths_unknown: u32,
    /// Best estimate of the dead.
    pub best: u32,
    /// Highest estimate.
    pub high: u32,
    /// Lowest estimate.
    pub low: u32,
    /// Gleditsch & Ward number of side A, where it is a government.
    pub gwno_a: Option<u32>,
    /// Gleditsch & Ward number of side B, where it is a government.
    pub gwno_b: Option<u32>,
}

impl RecordRow {
    /// The middle of the days on which it may have happened, the earlier of two.
    pub fn middle(&self) -> Date {
        self.date_start.plus_days(self.n_nights().max(0) as u32 / 2)
    }

    /// Days from the first possible day to the last; negative where they are in
    /// the wrong order.
    pub fn n_nights(&self) -> i32 {
        self.date_end.days_since(self.date_start)
    }
}
