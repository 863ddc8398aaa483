//! What a theory keeps of each member: numbers that events raise and days fade.

use super::PreparedTheory;
use crate::ids::{Row, UnitId};
use crate::maths::half_life_factor;
use crate::model::Model;
use crate::muster;
use crate::setup::named;

named! {
    /// An event that can add to a state.
    pub enum StateEvent {
        /// His group attacked his home, as he believes.
        HomeAttacked = "home_attacked",
        /// His group killed kin of his.
        KinKilled = "kin_killed",
        /// He saw his group do harm.
        Witnessed = "witnessed",
        /// He was wounded.
        Wounded = "wounded",
        /// A member of his unit was killed or wounded.
        ComradeLost = "comrade_lost",
        /// His unit learns that a member got away from it.
        ComradeLeft = "comrade_left",
    }
}

/// The value of one state of a member, as of a day.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Kept {
    value: f64,
    day: u32,
}

/// What one state does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PreparedState {
    pub(crate) start: f64,
    pub(crate) half_life_days: f64,
    pub(crate) most: f64,
    /// What each event adds. Shape: `(n_events,)`.
    pub(crate) additions: [f64; StateEvent::ALL.len()],
}

impl PreparedState {
    fn faded(&self, kept: Kept, day: u32) -> f64 {
        kept.value * half_life_factor(f64::from(day - kept.day), self.half_life_days)
    }
}

impl PreparedTheory {
    /// The states of one who has just joined.
    pub(crate) fn fresh_states(&self, day: u32) -> Vec<Kept> {
        self.states.iter().map(|state| Kept { value: state.start, day }).collect()
    }

    /// The value of a state of a member today.
    pub(crate) fn state_of(&self, model: &Model<'_>, row: Row, at: usize) -> f64 {
        model.people.mind(row).kept.get(at).map_or(0.0, |&kept| self.states[at].faded(kept, model.day))
    }

    fn counts(&self, event: StateEvent) -> bool {
        self.states.iter().any(|state| state.additions[event as usize] != 0.0)
    }
}

/// An event happens to a member.
pub(crate) fn note(model: &mut Model<'_>, row: Row, event: StateEvent) {
    let world = model.world;
    let Some(theory) = world.own.as_ref().filter(|theory| theory.counts(event)) else { return };
    add(theory, model, row, event);
    muster::touch(model, row);
}

/// An event happens to everyone in a unit.
pub(crate) fn note_in_unit(model: &mut Model<'_>, unit: UnitId, event: StateEvent) {
    let world = model.world;
    let Some(theory) = world.own.as_ref().filter(|theory| theory.counts(event)) else { return };
    for at in 0..model.units.at(unit).members.len() {
        add(theory, model, model.units.at(unit).members[at], event);
    }
    model.units.at_mut(unit).is_stale = true;
}

fn add(theory: &PreparedTheory, model: &mut Model<'_>, row: Row, event: StateEvent) {
    let day = model.day;
    let kept = &mut model.people.mind_mut(row).kept;
    for (state, kept) in theory.states.iter().zip(kept) {
        let addition = state.additions[event as usize];
        if addition != 0.0 {
            let value = (state.faded(*kept, day) + addition).clamp(0.0, state.most);
            *kept = Kept { value, day };
        }
    }
}
