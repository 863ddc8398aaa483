//! Dead of a record by type of violence, month and unit.

use crate::score::month::Month;
use crate::score::units::{Units, Unplaced};
use allegiance_record::observe::{RecordRow, Violence};
use serde::Serialize;

/// A type of violence, or all that the record holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Every type that the record holds.
    All,
    /// One type.
    Of(Violence),
}

impl Class {
    /// The word that tables and messages use.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Of(violence) => violence.word(),
        }
    }

    /// Whether events of a type belong to it.
    fn holds(self, violence: Violence) -> bool {
        self == Self::All || self == Self::Of(violence)
    }
}

impl Serialize for Class {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Events and their dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Events.
    pub events: u64,
    /// Their dead, best estimate.
    pub dead: u64,
}

impl Tally {
    fn add(&mut self, row: &RecordRow) {
        self.events += 1;
        self.dead += u64::from(row.best);
    }
}

/// What became of the events of the months that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Placed {
    /// Given to a unit.
    pub counted: Tally,
    /// Left out: known to a governorate at best.
    pub vague: Tally,
    /// Left out: where the scenario has no place.
    pub elsewhere: Tally,
}

impl Placed {
    /// Adds what became of the rows of some types and months.
    pub(super) fn add(&mut self, rows: &[RecordRow], types: &[Violence], units: &Units, (first, last): (Month, Month)) {
        for row in rows.iter().filter(|row| types.contains(&row.violence)) {
            if !(first..=last).contains(&Month::of(row.middle())) {
                continue;
            }
            match units.unit_of(row) {
                Ok(_) => self.counted.add(row),
                Err(Unplaced::Vague) => self.vague.add(row),
                Err(Unplaced::Elsewhere) => self.elsewhere.add(row),
            }
        }
    }
}

/// The dead of one class: best estimates, summed. Shape: (month, unit), from the
/// first month on.
pub(super) fn count(
    rows: &[RecordRow],
    types: &[Violence],
    class: Class,
    units: &Units,
    (first, last): (Month, Month),
) -> Vec<Vec<f64>> {
    let n_months = last.since(first) + 1;
    let mut counts = vec![vec![0.0; units.names().len()]; n_months.max(0) as usize];
    for row in rows {
        let month = Month::of(row.middle()).since(first);
        if !(0..n_months).contains(&month) || !class.holds(row.violence) || !types.contains(&row.violence) {
            continue;
        }
        if let Ok(unit) = units.unit_of(row) {
            counts[month as usize][unit] += f64::from(row.best);
        }
    }
    counts
}
