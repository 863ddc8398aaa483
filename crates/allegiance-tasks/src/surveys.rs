//! What a survey is designed for.

use allegiance_lab::inference::Study;
use allegiance_lab::inference::survey_design::RivalSlot;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::{BeliefTheory, ExitTheory};
use allegiance_model::theory::{OwnTheory, Slot};
use allegiance_record::evidence::Evidence;
use allegiance_scenario::{Scenario, largest_group};

use crate::TaskError;
use crate::theories::study_of;

/// What a survey is asked to tell, of whom.
#[derive(Debug, Clone, Copy)]
pub struct SurveyQuestion<'a> {
    /// Whose theories are told apart.
    pub slot: RivalSlot,
    /// Only these of them; all where none is named.
    pub between: &'a [String],
    /// Groups whose former and present members can be asked; the largest where none is named.
    pub groups: &'a [String],
    /// The day of the scenario on which they are asked, from 1; the last where none is named.
    pub asked: Option<u32>,
}

/// The study of a survey, with the groups and the day, counted from 0, on which their people are asked.
///
/// # Errors
/// [`TaskError::Question`] where a theory or a group doesn't exist, fewer than two theories are told apart, or the
/// day lies after the last; otherwise as [`study_of`].
pub fn survey_study(
    scenario: &Scenario,
    parameters: &[String],
    theories: Vec<OwnTheory>,
    known: Vec<Evidence>,
    question: SurveyQuestion<'_>,
) -> Result<(Study, Vec<GroupId>, u32), TaskError> {
    let mut study = study_of(scenario, parameters, theories, known)?;
    keep(&mut study, question)?;
    let setup = &study.setup;
    let find = |id: &String| {
        let found = setup.groups.iter().position(|group| group.id == *id).map(GroupId::from_idx);
        found.ok_or_else(|| {
            let ids: Vec<&str> = setup.groups.iter().map(|group| group.id.as_str()).collect();
            TaskError::question(format!("there is no group {id:?} in {}; groups are {}", scenario.id, ids.join(", ")))
        })
    };
    let groups: Vec<GroupId> = question.groups.iter().map(find).collect::<Result<_, _>>()?;
    let groups = if groups.is_empty() { vec![largest_group(setup)] } else { groups };
    let asked = question.asked.unwrap_or(setup.n_days);
    if asked > setup.n_days {
        return Err(TaskError::question(format!(
            "people are asked on day {asked}, and {} has {} days",
            scenario.id, setup.n_days
        )));
    }
    Ok((study, groups, asked - 1))
}

/// Leaves only the theories that are told apart; those of the other slot stay as they are uncertain.
fn keep(study: &mut Study, question: SurveyQuestion<'_>) -> Result<(), TaskError> {
    let slot = match question.slot {
        RivalSlot::Belief => Slot::Belief,
        RivalSlot::Exit => Slot::Exit,
    };
    let names: Vec<String> = match question.slot {
        RivalSlot::Belief => study.belief_names(),
        RivalSlot::Exit => study.exit_names(),
    }
    .into_iter()
    .map(str::to_owned)
    .collect();
    if let Some(unknown) = question.between.iter().find(|word| !names.contains(word)) {
        return Err(TaskError::question(format!(
            "there is no theory of {} called {unknown:?}; theories are {}",
            slot.word(),
            names.join(", ")
        )));
    }
    if question.between.len() == 1 {
        return Err(TaskError::question(format!("{} alone has no rival; name another", question.between[0])));
    }
    if !question.between.is_empty() {
        let is_meant = |name: &str| question.between.iter().any(|word| word == name);
        match question.slot {
            RivalSlot::Belief => study.beliefs.retain(|theory: &BeliefTheory| is_meant(theory.word())),
            RivalSlot::Exit => study.exits.retain(|theory: &ExitTheory| is_meant(theory.word())),
        }
        study.own.retain(|own| !own.fills(slot) || is_meant(&own.name));
    }
    Ok(())
}
