//! What becomes of a prisoner who isn't executed: he is let go home, exchanged,
//! taken into his captor's service, or held.
//!
//! # Form
//! One draw on capture decides, by the captor's policies where it has them:
//!
//! ```text
//! P(let go) = r_l   P(exchanged) = r_x   P(recruited) = r_q exp(-c_q distance) [local]   held otherwise
//! ```
//!
//! scaled to a sum of 1 where they are more, with the distance of causes of his group and the captor's. Each
//! happens after an exponential time of mean `t_l`, `t_x` or `t_q`. Who is let go deserts, a foreigner leaves
//! the country. Who is exchanged or ransomed is back with his unit. Who is recruited serves with others like him in
//! a unit at the captor's main body, under the suspicion of one who comes over (see arrival); where the captor has no force left he goes
//! back to his own. Who is held stays so until his captor's group is gone: then all its prisoners return. Off by
//! default: then all prisoners return after a mean of `combat.detention_days`.
//!
//! # Source
//! Evidence A8 and the ledger of prisoners in evidence B: exchange, ransom and release by local deals were
//! common, and differed by captor. No shares exist; all magnitudes are judgement.

use crate::arrival;
use crate::exits;
use crate::ids::{GroupId, PlaceId, Row, UnitId};
use crate::maths::{exp, ln};
use crate::model::Model;
use crate::movement;
use crate::muster::{self, Event};
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::{Mechanism, Policy};
use crate::state::{Due, UnitState};
use crate::tables::{AllegianceKind, ExitKind, Standing};

parameters! {
    /// What becomes of prisoners.
    pub struct PrisonerParameters = "prisoners" {
        /// Share of the prisoners spared that are let go home.
        released_share: "r_l", "share", 0.1 in 0.0..0.3, Judgement, "no number exists";
        /// Share of them that are exchanged or ransomed.
        exchanged_share: "r_x", "share", 0.4 in 0.1..0.7 off 0.0, Judgement, "no number exists; exchanges and ransoms were common";
        /// Share of them that a captor of the same cause takes into its service.
        recruited_share: "r_q", "share", 0.1 in 0.0..0.4, Judgement, "no number exists";
        /// Fall of the log of that share from no to full distance of causes.
        cause_distance: "c_q", "log", 3.0 in 1.0..6.0 off 0.0, Judgement, "no number exists";
        /// Mean days until one who is let go is.
        release_days: "t_l", "d", 10.0 in 2.0..45.0, Judgement, "no number exists";
        /// Mean days until an exchange or a ransom.
        exchange_days: "t_x", "d", 60.0 in 15.0..180.0, Judgement, "as combat.detention_days; no number exists";
        /// Mean days until one who is recruited serves.
        recruitment_days: "t_q", "d", 30.0 in 7.0..90.0, Judgement, "no number exists";
    }
}

/// What becomes of a prisoner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Released,
    Exchanged,
    Recruited,
    Held,
}

/// The shares of prisoners that a captor lets go, exchanges and recruits, for one of them.
fn shares(model: &Model<'_>, row: Row, captor: GroupId) -> [(Fate, f64); 3] {
    let parameters = &model.world.setup.parameters.prisoners;
    let stated = |policy, usual| model.groups.policy(captor, policy).unwrap_or(usual);
    let state = model.people.at(row);
    let willing = match state.group {
        Some(group) if !state.is_foreign => {
            exp(-parameters.cause_distance * model.world.setup.cause_distance(group, captor))
        }
        _ => 0.0,
    };
    let released = stated(Policy::PrisonersReleased, parameters.released_share);
    let exchanged = stated(Policy::PrisonersExchanged, parameters.exchanged_share);
    let recruited = stated(Policy::PrisonersRecruited, parameters.recruited_share) * willing;
    let scale = (released + exchanged + recruited).max(1.0);
    [(Fate::Released, released / scale), (Fate::Exchanged, exchanged / scale), (Fate::Recruited, recruited / scale)]
}

/// Decides what becomes of a prisoner.
pub(crate) fn hold(model: &mut Model<'_>, row: Row, captor: GroupId) {
    // A group that is gone can still be the one that a place was attacked for.
    model.groups.gates_opened[captor.idx()] &= model.groups.is_alive[captor.idx()];
    let parameters = &model.world.setup.parameters.prisoners;
    let mut stream = model.draws.stream(Purpose::PrisonerPolicy, model.people.at(row).person.0, model.day, 0);
    let u = stream.uniform();
    let mut upto = 0.0;
    let mut fate = Fate::Held;
    for (next, share) in shares(model, row, captor) {
        upto += share;
        if fate == Fate::Held && u < upto {
            fate = next;
        }
    }
    let (due, mean_days) = match fate {
        Fate::Released => (Due::Parole(row), parameters.release_days),
        Fate::Exchanged => (Due::Release(row), parameters.exchange_days),
        Fate::Recruited => (Due::Recruitment(row), parameters.recruitment_days),
        Fate::Held => {
            model.people.at_mut(row).held_until = None;
            return;
        }
    };
    let day = model.day.saturating_add(1 + (-ln(stream.uniform()) * mean_days) as u32);
    muster::hold_until(model, row, day, due);
}

/// Whether what was put down for a captive holds today: what was for an earlier
/// captivity doesn't.
pub(crate) fn is_due(model: &Model<'_>, row: Row) -> bool {
    let state = model.people.at(row);
    matches!(state.standing, Standing::Prisoner | Standing::Detained) && state.held_until == Some(model.day)
}

/// A prisoner goes home, or leaves the country.
pub(crate) fn go_home(model: &mut Model<'_>, row: Row) {
    let captor = model.people.at_mut(row).captor.take();
    let event = Event { to_group: captor, ..Event::default() };
    muster::record(model, row, AllegianceKind::Release, None, event);
    let way = if model.people.at(row).is_foreign { ExitKind::Departure } else { ExitKind::Desertion };
    muster::record(model, row, way.turn(), None, Event::default());
    exits::be_gone(model, row, way);
}

/// A prisoner enters the service of his captor; where that has no force left he is free.
pub(crate) fn change_sides(model: &mut Model<'_>, row: Row) {
    let captor = model.people.at(row).captor.filter(|&captor| model.groups.is_alive[captor.idx()]);
    let at = captor.and_then(|captor| Some((captor, movement::strongest_place(model, captor, None)?)));
    let Some((captor, place)) = at else {
        muster::set_free(model, row);
        return;
    };
    model.people.at_mut(row).captor = None;
    let old_unit = model.people.at(row).unit;
    let event = Event { place: Some(place), to_group: Some(captor), ..Event::default() };
    muster::record(model, row, AllegianceKind::Release, None, event);
    muster::record(model, row, ExitKind::Defection.turn(), None, event);
    exits::be_gone(model, row, ExitKind::Defection);
    let unit = unit_of_recruits(model, captor, place);
    arrival::receive(model, row, unit, old_unit, event);
}

/// The unit in which a group's former prisoners serve; a new one at its main body
/// where that has nobody left or no room.
fn unit_of_recruits(model: &mut Model<'_>, group: GroupId, place: PlaceId) -> UnitId {
    let has_room = |&unit: &UnitId| {
        let unit = model.units.at(unit);
        unit.n_active > 0 && muster::has_room(&model.world.setup, unit)
    };
    if let Some(unit) = model.groups.unit_of_recruits[group.idx()].filter(has_room) {
        return unit;
    }
    let unit = model.units.add(UnitState::new(group, place));
    model.groups.unit_of_recruits[group.idx()] = Some(unit);
    unit
}

/// The prisoners of groups that are gone return to their units.
pub(crate) fn open_gates(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Prisoners) {
        return;
    }
    for group in model.groups.ids() {
        let was_opened = model.groups.gates_opened[group.idx()];
        model.groups.gates_opened[group.idx()] = !model.groups.is_alive[group.idx()];
        if model.groups.is_alive[group.idx()] || was_opened {
            continue;
        }
        for row in (0..model.people.list.len()).map(|row| Row(row as u32)) {
            let state = model.people.at(row);
            if state.standing == Standing::Prisoner && state.captor == Some(group) {
                muster::set_free(model, row);
            }
        }
    }
}
