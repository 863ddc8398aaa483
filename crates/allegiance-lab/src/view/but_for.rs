//! What would have become of a person without one incident.

use crate::but_for::{ButFor, ButForError, ButForInput, Leaving, TakenOut, but_for, usual_incident};
use crate::difference::few_note;
use crate::setting::Setting;
use crate::story::incident_sentence;
use crate::text::first_upper;
use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Incident, Records};
use serde::Serialize;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum UnansweredError {
    /// The replicate has no such incident.
    #[error("replicate {replicate} has no incident {incident}; it has {n_incidents}, numbered from 0")]
    UnknownIncident {
        /// The incident asked for.
        incident: u32,
        /// The replicate.
        replicate: u32,
        /// How many there are.
        n_incidents: usize,
    },
    /// No incident is behind anything that the person did.
    #[error(
        "no incident of his own group reached person {person} in replicate {replicate}; name the incident to take out"
    )]
    NoIncident {
        /// The person.
        person: u32,
        /// The replicate.
        replicate: u32,
    },
    /// The question can't be simulated.
    #[error(transparent)]
    ButFor(#[from] ButForError),
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ButForView {
    /// The person.
    pub person: u32,
    /// The incident taken out.
    pub incident: Option<u32>,
    /// Pairs of futures.
    pub n_replicates: u32,
    /// The answer in words.
    pub sentences: Vec<String>,
    /// Share of the futures with the incident in which he left.
    pub p_left_with: f64,
    /// Share of those without it.
    pub p_left_without: f64,
    /// With minus without.
    pub difference: f64,
    /// Lower end of its 95% interval.
    pub low: f64,
    /// Upper end of its 95% interval.
    pub high: f64,
}

/// Simulates what would have become of a person without an incident, by default
/// the one that his question is usually about. `threads` 1 needs no threads of
/// the host.
///
/// # Errors
/// See [`UnansweredError`].
pub fn answer_but_for(
    (setting, setup): (&Setting, &Setup),
    (records, replicate): (&Records, u32),
    person: PersonId,
    incident: Option<IncidentId>,
    n_futures: u32,
    threads: usize,
) -> Result<ButForView, UnansweredError> {
    let number = incident
        .or_else(|| usual_incident(records, person))
        .ok_or(UnansweredError::NoIncident { person: person.0, replicate })?;
    let mut incidents = records.incidents.rows();
    let incident = incidents.find(|row| row.incident == number).ok_or(UnansweredError::UnknownIncident {
        incident: number.0,
        replicate,
        n_incidents: records.incidents.incident.len(),
    })?;
    let taken_out = TakenOut::Incident(number);
    let input = ButForInput { setup, replicate, person, taken_out, incident, n_futures, outcomes: &[], threads };
    let found = but_for(&input)?;
    Ok(view(setting, person, &incident, &found))
}

fn view(setting: &Setting, person: PersonId, incident: &Incident, found: &ButFor) -> ButForView {
    let n = found.n_futures;
    let mut sentences = vec![
        format!("Taken out: {}", incident_sentence(setting, incident)),
        format!(
            "{n} futures from the evening of {}, each with and without it on the same luck.",
            setting.date(found.day)
        ),
    ];
    sentences.extend(few_note(n as usize, "future"));
    match &found.nothing_differs {
        Some(nothing) => sentences.push(format!("{}.", first_upper(&nothing.in_words))),
        None => sentences.extend(found.leaving.iter().chain([&found.died]).map(in_words)),
    }
    sentences
        .push("The shares are over futures that the model could have drawn, not over the one that came about.".into());
    let left = found.leaving.iter().find(|leaving| leaving.how == "left").unwrap_or(&found.died);
    ButForView {
        person: person.0,
        incident: Some(incident.incident.0),
        n_replicates: n,
        sentences,
        p_left_with: left.with.share,
        p_left_without: left.without.share,
        difference: left.difference,
        low: left.low,
        high: left.high,
    }
}

fn in_words(leaving: &Leaving) -> String {
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    format!(
        "{} by the end: {} with it, {} without it; difference {:+.0} points, 95% interval {:+.0} to {:+.0}.",
        leaving.how.replacen(|letter: char| letter.is_ascii_lowercase(), &leaving.how[..1].to_uppercase(), 1),
        percent(leaving.with.share),
        percent(leaving.without.share),
        100.0 * leaving.difference,
        100.0 * leaving.low,
        100.0 * leaving.high,
    )
}
