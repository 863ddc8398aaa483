//! Branches of a history: the same war up to a moment, then other luck, with
//! or without one incident or one exposure.
//!
//! A laboratory clones a [`Model`] and branches the clones off. In a run of its
//! own nothing here acts. What an incident consists of is in the file of its
//! mechanism; this one only tells it not to happen.

use crate::exits::LowDraws;
use crate::ids::{GroupId, IncidentId, PersonId, PlaceId};
use crate::model::Model;
use crate::state::Due;

/// How a model differs from the run that it was cloned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Branch {
    /// The incident that doesn't happen, until it hasn't.
    incident: Option<IncidentId>,
    /// The assault that didn't happen: by whom, where, and on which day.
    assault: Option<(GroupId, PlaceId, u32)>,
    /// The incident that never reaches this person.
    exposure: Option<(PersonId, IncidentId)>,
    /// The day from whose news on luck is another, and the branch's number.
    luck: Option<(u32, u32)>,
}

impl Model<'_> {
    /// Takes an incident out of the days to come, by the number that it has in
    /// the run. Up to it the branch must have the run's luck, and so the run's
    /// numbers.
    ///
    /// Executions of prisoners are part of the assault before them and can't
    /// be taken out alone.
    pub fn take_out_incident(&mut self, incident: IncidentId) {
        self.branch.incident = Some(incident);
    }

    /// Keeps an incident from ever reaching a person, on any way, from the
    /// news of today on. Claims that his unit hears about it stay.
    pub fn take_out_exposure(&mut self, person: PersonId, incident: IncidentId) {
        self.branch.exposure = Some((person, incident));
    }

    /// Gives the model other luck from a day on: from the moment at which the
    /// day's incidents have happened and it is settled who hears of them
    /// today. Branches of the same number share their luck.
    pub fn branch_off(&mut self, day: u32, number: u32) {
        self.branch.luck = Some((day, number));
    }
}

/// Whether the incident about to happen is taken out of the history.
pub(crate) fn takes_out_next(model: &mut Model<'_>) -> bool {
    let next = IncidentId::from_idx(model.incident_facts.len());
    let is_taken_out = model.branch.incident == Some(next);
    if is_taken_out {
        model.branch.incident = None;
    }
    is_taken_out
}

/// Whether the assault about to happen is taken out. The group then doesn't
/// try the same place again on that day with other units: those would have had
/// nothing left to take.
pub(crate) fn takes_out_assault(model: &mut Model<'_>, group: GroupId, place: PlaceId) -> bool {
    let assault = Some((group, place, model.day));
    if takes_out_next(model) {
        model.branch.assault = assault;
    }
    model.branch.assault == assault
}

/// Branches off where a laboratory asked for it; nothing in a run.
#[inline(never)]
pub(crate) fn turn(model: &mut Model<'_>) {
    if let Some((person, incident)) = model.branch.exposure
        && let Some(row) = model.people.row_of(person)
    {
        model.today.exposures.retain(|exposure| (exposure.row, exposure.incident) != (row, incident));
        model
            .news_due
            .forget(|due| matches!(due, Due::News { row: to, incident: of, .. } if (*to, *of) == (row, incident)));
    }
    if let Some((day, number)) = model.branch.luck
        && day == model.day
    {
        model.branch.luck = None;
        model.draws = model.draws.of_branch(number);
        // They were drawn ahead, with the run's luck.
        model.low_draws = LowDraws::default();
    }
}
