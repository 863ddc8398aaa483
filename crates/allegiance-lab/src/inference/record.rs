//! A reported record as an outsider reads it: the columns of UCDP GED that
//! inference may use, and nothing of what lies behind them.
//!
//! A synthetic record and one read from a file are the same rows and pass
//! through [`seen_events`] alone, so that inference can't see more of a
//! synthetic war than of a real one, nor something else. Sides are found by
//! their names; the numbers of a record are its own affair.

use allegiance_model::calendar::Date;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::Setup;
use allegiance_record::observe::{RecordRow, Violence, group_named};
use std::collections::BTreeSet;

/// One reported event.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenEvent {
    /// Type of violence.
    pub violence: Violence,
    /// Side A.
    pub side_a: GroupId,
    /// Side B; empty where it is civilians.
    pub side_b: Option<GroupId>,
    /// Middle of the possible dates, in days from the start of the scenario.
    pub day: f64,
    /// The point reported, in millionths of a degree of latitude and longitude.
    pub point: [i64; 2],
    /// Precision of the location, 1 to 4.
    pub where_prec: u8,
    /// Reported dead of side A.
    pub deaths_a: u32,
    /// Reported dead of side B.
    pub deaths_b: u32,
    /// Reported dead civilians.
    pub deaths_civilians: u32,
    /// Reported dead of unknown side.
    pub deaths_unknown: u32,
    /// Lowest plausible number of dead.
    pub low: u32,
    /// Highest claimed number of dead.
    pub high: u32,
}

impl SeenEvent {
    /// Best estimate of the number of dead.
    pub fn best(&self) -> f64 {
        f64::from(self.deaths_a + self.deaths_b + self.deaths_civilians + self.deaths_unknown)
    }
}

/// Why the rows of a record can't be compared with a scenario's wars.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadRecordError {
    /// Sides that the scenario doesn't have.
    #[error(
        "the record names sides that the scenario doesn't have: {}; its groups are {}",
        unknown.join(", "), groups.join(", ")
    )]
    UnknownSides {
        /// The sides.
        unknown: Vec<String>,
        /// The scenario's groups.
        groups: Vec<String>,
    },
    /// No event falls into the scenario's days.
    #[error("none of the record's {n_rows} events falls into the scenario's days, {first} to {last}")]
    NoEvents {
        /// Rows of the record.
        n_rows: usize,
        /// First day of the scenario.
        first: Date,
        /// Last day.
        last: Date,
    },
}

/// The events of a given record within a scenario's days.
///
/// # Errors
/// See [`ReadRecordError`].
pub fn read_rows(rows: &[RecordRow], setup: &Setup) -> Result<Vec<SeenEvent>, ReadRecordError> {
    let events = seen_events(rows, setup)?;
    if events.is_empty() && !rows.is_empty() {
        let last = setup.start.plus_days(setup.n_days.saturating_sub(1));
        return Err(ReadRecordError::NoEvents { n_rows: rows.len(), first: setup.start, last });
    }
    Ok(events)
}

/// The events of a record, simulated or given, within a scenario's days; a
/// record may have none.
///
/// # Errors
/// [`ReadRecordError::UnknownSides`] where a side is no group of the scenario.
pub fn seen_events(rows: &[RecordRow], setup: &Setup) -> Result<Vec<SeenEvent>, ReadRecordError> {
    let mut sides = Sides { setup, unknown: BTreeSet::new() };
    let mut events = Vec::new();
    for row in rows {
        let day = |date: Date| f64::from(date.days_since(setup.start));
        let middle = f64::midpoint(day(row.date_start), day(row.date_end));
        if !(0.0..f64::from(setup.n_days)).contains(&middle) {
            continue;
        }
        let side_a = sides.find(&row.side_a);
        let is_one_sided = row.violence == Violence::OneSided;
        let side_b = if is_one_sided { Some(None) } else { sides.find(&row.side_b).map(Some) };
        let (Some(side_a), Some(side_b)) = (side_a, side_b) else {
            continue;
        };
        let micro = |degrees: f64| (degrees * 1e6).round() as i64;
        events.push(SeenEvent {
            violence: row.violence,
            side_a,
            side_b,
            day: middle,
            point: [micro(row.latitude_deg), micro(row.longitude_deg)],
            where_prec: row.where_prec,
            deaths_a: row.deaths_a,
            deaths_b: row.deaths_b,
            deaths_civilians: row.deaths_civilians,
            deaths_unknown: row.deaths_unknown,
            low: row.low,
            high: row.high,
        });
    }
    if sides.unknown.is_empty() {
        return Ok(events);
    }
    let groups = setup.groups.iter().map(|group| group.name.clone()).collect();
    Err(ReadRecordError::UnknownSides { unknown: sides.unknown.into_iter().collect(), groups })
}

/// The groups of a scenario as the sides of a record, with those that aren't there.
struct Sides<'a> {
    setup: &'a Setup,
    unknown: BTreeSet<String>,
}

impl Sides<'_> {
    fn find(&mut self, side: &str) -> Option<GroupId> {
        let found = group_named(self.setup, side);
        if found.is_none() {
            self.unknown.insert(side.to_owned());
        }
        found
    }
}
