//! What a question of but-for takes out, and what it looks at.

use allegiance_model::ids::{IncidentId, PersonId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Exposure, Incident, Records};
use allegiance_record::but_for::{TakenOut, usual_incident};
use allegiance_record::outcomes::Outcome;

use crate::comparison::parse_outcome;
use crate::{Fix, TaskError};

/// The outcomes of the person's group that are looked at where none is named.
const USUAL_GROUP_OUTCOMES: &[&str] = &["exits", "members_end", "control_end"];

/// Who, when, and what is taken out.
#[derive(Debug, Clone, Copy)]
pub struct ButForQuestion {
    /// The person.
    pub person: u32,
    /// The replicate.
    pub replicate: u32,
    /// An incident that never happens.
    pub incident: Option<u32>,
    /// An incident that never reaches the person.
    pub exposure: Option<u32>,
}

/// What is taken out.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    /// How it is taken out.
    pub taken_out: TakenOut,
    /// The incident, as the run recorded it.
    pub incident: Incident,
}

/// What a question takes out: without a number, the incident behind the
/// person's first exit, or else the first that reached him.
///
/// # Errors
/// Where there is no such incident.
pub fn choose_incident(question: ButForQuestion, records: &Records) -> Result<Chosen, TaskError> {
    let person = PersonId(question.person);
    let exposures: Vec<Exposure> = records.exposures.rows().filter(|row| row.person == person).collect();
    let exists = |number: u32| {
        records.incidents.rows().find(|row| row.incident == IncidentId(number)).ok_or_else(|| {
            let n = records.incidents.incident.len();
            let replicate = question.replicate;
            TaskError::question(format!("replicate {replicate} has no incident {number}; it has {n}, numbered from 0"))
        })
    };
    if let Some(number) = question.incident {
        let incident = exists(number)?;
        return Ok(Chosen { taken_out: TakenOut::Incident(incident.incident), incident });
    }
    if let Some(number) = question.exposure {
        let incident = exists(number)?;
        let first = exposures.iter().find(|row| row.incident == incident.incident).ok_or_else(|| {
            let person = question.person;
            TaskError::question(format!("incident {number} never reached person {person}; {}", list(&exposures)))
        })?;
        return Ok(Chosen { taken_out: TakenOut::Exposure(incident.incident, first.day.0), incident });
    }
    let number = usual_incident(records, person).ok_or_else(|| {
        let ButForQuestion { person, replicate, .. } = question;
        let text = format!("no incident of his own group reached person {person} in replicate {replicate}");
        TaskError::fixable(text, Fix::NameIncident)
    })?;
    Ok(Chosen { taken_out: TakenOut::Incident(number), incident: exists(number.0)? })
}

fn list(exposures: &[Exposure]) -> String {
    let mut numbers: Vec<u32> = exposures.iter().map(|row| row.incident.0).collect();
    numbers.dedup();
    if numbers.is_empty() {
        return "none did".to_owned();
    }
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("those that did are {}", numbers.join(", "))
}

/// The outcomes named, or the usual ones of the war and of the person's group.
///
/// # Errors
/// Where a name isn't an outcome of the scenario.
pub fn outcomes_of_person(
    names: &[String],
    person: u32,
    records: &Records,
    (scenario_id, setup): (&str, &Setup),
) -> Result<Vec<Outcome>, TaskError> {
    let parse = |name: &str| parse_outcome(name, (scenario_id, setup));
    if !names.is_empty() {
        return names.iter().map(|name| parse(name)).collect();
    }
    let group = records.persons.rows().find(|row| row.person == PersonId(person));
    let group = group.and_then(|row| row.first_group.or(row.group));
    let of_group = group.map(|group| setup.groups[group.idx()].id.clone());
    let names =
        of_group.iter().flat_map(|id| USUAL_GROUP_OUTCOMES.iter().map(move |word| format!("groups.{id}.{word}")));
    names.chain(["deaths".to_owned(), "deaths_civilians".to_owned()]).map(|name| parse(&name)).collect()
}
