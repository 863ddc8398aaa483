//! But-for, as data: what is asked and what the answer says.

use crate::difference::Difference;
use crate::intervals::Frequency;
use crate::nothing::NothingDiffers;
use crate::outcomes::Outcome;
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Incident, Records};
use serde::Serialize;

/// What is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenOut {
    /// The incident.
    Incident(IncidentId),
    /// The incident's reaching this person, first on this day.
    Exposure(IncidentId, u32),
}

/// A question of but-for.
#[derive(Debug)]
pub struct ButForInput<'a> {
    /// What the run's engine was given.
    pub setup: &'a Setup,
    /// The replicate.
    pub replicate: u32,
    /// The person.
    pub person: PersonId,
    /// What is taken out.
    pub taken_out: TakenOut,
    /// The incident, as the run recorded it.
    pub incident: Incident,
    /// Pairs of futures.
    pub n_futures: u32,
    /// What else is measured.
    pub outcomes: &'a [Outcome],
}

/// How often the person left, with and without.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leaving {
    /// `left`, or how: `deserted`, `defected`, `departed`.
    pub how: &'static str,
    /// Share of the futures with the incident.
    pub with: Frequency,
    /// Share of those without.
    pub without: Frequency,
    /// With minus without.
    pub difference: f64,
    /// Lower end of its 95% interval; empty where no pair of futures differs.
    pub low: Option<f64>,
    /// Upper end of its 95% interval.
    pub high: Option<f64>,
}

/// What else the incident changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WarChange {
    /// The outcome.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// From without to with, paired; empty where it exists in no pair.
    pub difference: Option<Difference>,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ButFor {
    /// Pairs of futures.
    pub n_futures: u32,
    /// The day on which they branch off.
    pub day: u32,
    /// Leaving his group by the end, and how.
    pub leaving: Vec<Leaving>,
    /// Where nothing but the incident itself differs in any pair of futures.
    pub nothing_differs: Option<NothingDiffers>,
    /// Whether he died, with and without.
    pub died: Leaving,
    /// The war.
    pub war: Vec<WarChange>,
}

/// The incident that a person's question is usually about: the one behind his
/// first exit, or else the first that reached him.
pub fn usual_incident(records: &Records, person: PersonId) -> Option<IncidentId> {
    let mut exits = records.allegiance.rows().filter(|row| row.person == person && row.kind.is_exit());
    let behind = exits.next().and_then(|row| row.incident);
    behind.or_else(|| {
        let mut exposures = records.exposures.rows();
        exposures.find(|row| row.person == person).map(|row| row.incident)
    })
}
