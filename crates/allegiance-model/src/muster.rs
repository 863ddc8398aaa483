//! Enrolment: how people enter and leave units, and how standings change.
//! Every change of a member's standing goes through here, so that the counts
//! of units stay right.

use crate::acceptance;
use crate::belief::ByClaim;
use crate::causes;
use crate::entry;
use crate::exits;
use crate::expectation;
use crate::ids::{GroupId, PersonId, PlaceId, Row, UnitId};
use crate::model::Model;
use crate::prisoners;
use crate::random::Purpose;
use crate::records;
use crate::setup::{Mechanism, Setup};
use crate::state::{Due, Grievance, Hearing, Mind, NewPerson, PersonState, UnitState};
use crate::tables::{Allegiance, AllegianceKind, Day, Outcome, Rank, Standing};
use crate::theory::{self, StateEvent};
use crate::traits::{demography, exit_threshold, motives};

/// Age of the youngest member from outside the region.
const OUTSIDER_AGE: u8 = 18;
/// Years from the youngest of them to the first age that none has.
const OUTSIDER_YEARS: f64 = 20.0;
/// The most members that a unit takes.
const MAX_UNIT_MEMBERS: f64 = 150.0;

/// Whether a unit takes another member.
pub(crate) fn has_room(setup: &Setup, unit: &UnitState) -> bool {
    (unit.members.len() as f64) < setup.scaled_down(MAX_UNIT_MEMBERS)
}

/// Enrols the members of the first day.
pub(crate) fn enrol_first_members(model: &mut Model<'_>) {
    let world = model.world;
    for first_unit in &world.first.units {
        let unit = model.units.add(UnitState::new(first_unit.group, first_unit.place));
        for member in &first_unit.members {
            let row = if member.has_home {
                materialise_inhabitant(model, member.person)
            } else {
                materialise_outsider(model, member.person, member.is_foreign)
            };
            enlist(model, row, unit, member.rank);
        }
        model.units.at_mut(unit).commander = model.units.at(unit).members.first().copied();
    }
}

/// The row of an inhabitant, materialised if history had not touched him yet.
pub(crate) fn materialise_inhabitant(model: &mut Model<'_>, person: PersonId) -> Row {
    if let Some(row) = model.people.row_of(person) {
        return row;
    }
    let world = model.world;
    let who = demography(&world.population_draws, &world.setup.parameters.traits, person);
    let new = NewPerson {
        person,
        home: Some(world.home_of(person)),
        is_foreign: false,
        is_female: who.is_female,
        age: who.age,
    };
    add_person(model, new)
}

/// The row of a new person from outside the region: a man of 18 to 37.
pub(crate) fn materialise_outsider(model: &mut Model<'_>, person: PersonId, is_foreign: bool) -> Row {
    let age =
        OUTSIDER_AGE + (OUTSIDER_YEARS * model.world.population_draws.uniform(Purpose::Person, person.0, 2, 0)) as u8;
    add_person(model, NewPerson { person, home: None, is_foreign, is_female: false, age })
}

fn add_person(model: &mut Model<'_>, new: NewPerson) -> Row {
    let world = model.world;
    let draws = &world.population_draws;
    let traits = &world.setup.parameters.traits;
    let even = crate::setup::Motives { ideology: 1.0 / 3.0, material: 1.0 / 3.0, social: 1.0 / 3.0 };
    let leave_phase = new.home.map(|_| model.rota.phase(&model.draws, new.person));
    let state = PersonState {
        person: new.person,
        home: new.home.map(|(place, _, _)| place),
        household: new.home.map(|(_, household, _)| household),
        clan: new.home.map(|(_, _, clan)| clan),
        is_foreign: new.is_foreign,
        is_female: new.is_female,
        age: new.age,
        first_group: None,
        group: None,
        old_group: None,
        unit: None,
        rank: Rank::RankAndFile,
        standing: Standing::Civilian,
        captor: None,
        held_until: None,
        n_wounds: 0,
        left_day: None,
    };
    let mind = Mind {
        motives: even,
        positions: Vec::new(),
        exit_threshold: exit_threshold(draws, traits, new.person),
        hearing: blank_hearing(0.0),
        grievance: Grievance::default(),
        joined_outlook: 0.0,
        joined_day: 0,
        is_forced: false,
        kept: Vec::new(),
        suspicion: None,
        acceptance: None,
        conviction_on_leaving: 0.0,
    };
    model.people.add(state, mind, leave_phase)
}

fn blank_hearing(prior_conviction: f64) -> Hearing {
    Hearing {
        prior_conviction,
        evidence: 0.0,
        n_kin: 0,
        n_contradictions: 0,
        told_before: ByClaim::default(),
        released: 0.0,
        social: 0.0,
    }
}

/// Makes a person a member of a unit, with a fresh mind about its group.
pub(crate) fn enlist(model: &mut Model<'_>, row: Row, unit: UnitId, rank: Rank) {
    let world = model.world;
    let group = model.units.at(unit).group;
    let parameters = &world.setup.parameters.belief;
    let state = model.people.at(row);
    let (person, is_foreign, is_first) = (state.person, state.is_foreign, state.first_group.is_none());
    let home = state.home;
    // Addressed by group and not by day: who comes back to a group thinks of it as he
    // did when he first joined, whenever that is.
    let index = 1 + u32::from(group.0);
    let z = model.draws.stream(Purpose::Conviction, person.0, 0, index).normal();
    let is_forced = is_first && !is_foreign && entry::is_forced(model, person, group);
    let loss = if is_forced { world.setup.parameters.entry.conviction_loss } else { 0.0 };
    let prior = parameters.conviction_mean + parameters.conviction_sd * z - loss;
    let mut hearing = blank_hearing(prior);
    let joined = model.units.at_mut(unit);
    hearing.told_before = joined.told;
    joined.members.push(row);
    joined.homogeneity = None;
    joined.count(Standing::Active, is_foreign, true);
    joined.commander = joined.commander.or(Some(row));
    let state = model.people.at_mut(row);
    state.group = Some(group);
    state.unit = Some(unit);
    state.rank = rank;
    state.standing = Standing::Active;
    if is_first {
        state.first_group = Some(group);
    }
    model.people.count_in_clan(row, true);
    let (outlook, day) = (expectation::logit(model, group), model.day);
    let mind = model.people.mind_mut(row);
    mind.joined_outlook = outlook;
    mind.joined_day = day;
    mind.kept = world.own.as_ref().map_or_else(Vec::new, |theory| theory.fresh_states(day));
    mind.is_forced = is_forced;
    mind.hearing = hearing;
    mind.grievance = Grievance::default();
    if is_first {
        let mean = world.setup.groups[group.idx()].motives;
        mind.motives = motives(&world.population_draws, &world.setup, person, mean, is_foreign);
        mind.positions = causes::positions(world, person, home, Some(group).filter(|_| is_foreign));
    }
    touch(model, row);
}

/// Makes a member's exit ceiling out of date: something moved his hazard.
pub(crate) fn touch(model: &mut Model<'_>, row: Row) {
    let ceiling = &mut model.people.exit_ceiling[row.idx()];
    if *ceiling != f64::INFINITY {
        *ceiling = f64::INFINITY;
        model.low_draws.touch(row);
    }
}

/// Takes a member out of his unit and group.
pub(crate) fn leave_group(model: &mut Model<'_>, row: Row, standing: Standing) {
    if model.runs(Mechanism::Acceptance) {
        model.people.mind_mut(row).conviction_on_leaving = crate::belief::conviction_now(model, row);
    }
    set_standing(model, row, standing);
    let day = model.day;
    model.people.count_in_clan(row, false);
    let state = model.people.at_mut(row);
    state.old_group = state.group.take();
    state.left_day = Some(day);
    let unit = state.unit.take();
    let mind = model.people.mind_mut(row);
    (mind.suspicion, mind.acceptance) = (None, None);
    let Some(unit) = unit else { return };
    remove_from_unit(model, row, unit);
}

fn remove_from_unit(model: &mut Model<'_>, row: Row, unit: UnitId) {
    let state = model.units.at_mut(unit);
    state.members.retain(|&member| member != row);
    state.homogeneity = None;
    if model.units.at(unit).commander == Some(row) {
        promote(model, unit);
    }
}

/// The first active member takes over a unit that lost its commander, one who is
/// accepted before others.
fn promote(model: &mut Model<'_>, unit: UnitId) {
    let members = &model.units.at(unit).members;
    let mut fit = members.iter().copied().filter(|&row| model.people.at(row).standing == Standing::Active);
    let first = fit.clone().next();
    let successor = fit.find(|&row| acceptance::may_command(model, row)).or(first);
    model.units.at_mut(unit).commander = successor;
    if let Some(row) = successor
        && model.people.at(row).rank == Rank::RankAndFile
    {
        model.people.at_mut(row).rank = Rank::UnitCommander;
    }
}

/// A member who returns to a unit without a commander makes it find one.
fn take_command(model: &mut Model<'_>, row: Row) {
    if let Some(unit) = model.people.at(row).unit.filter(|&unit| model.units.at(unit).commander.is_none()) {
        promote(model, unit);
    }
}

/// Changes a person's standing and keeps his unit's counts.
pub(crate) fn set_standing(model: &mut Model<'_>, row: Row, standing: Standing) {
    let state = model.people.at_mut(row);
    let before = std::mem::replace(&mut state.standing, standing);
    let is_foreign = state.is_foreign;
    let Some(unit) = state.unit else { return };
    let unit = model.units.at_mut(unit);
    unit.count(before, is_foreign, false);
    unit.count(standing, is_foreign, true);
    touch(model, row);
}

/// Records a member's death and takes him out of his unit.
pub(crate) fn die(model: &mut Model<'_>, row: Row, outcome: Outcome, event: Event) {
    let state = model.people.at(row);
    let (group, unit) = (state.group, state.unit);
    if let Some(group) = group {
        model.groups.tally[group.idx()].dead += 1;
        if let Some(by) = event.by.or(event.to_group) {
            expectation::note_dead(model, group, by);
        }
    }
    // Who dies of wounds was lost when he was wounded, and who is executed wasn't in danger
    // at the front.
    if let Some(unit) = unit.filter(|_| matches!(outcome, Outcome::Combat | Outcome::Strike)) {
        exits::note_loss(model, unit);
    }
    record(model, row, AllegianceKind::Death, Some(outcome), event);
    if model.people.at(row).standing != Standing::Dead {
        model.people.count_in_clan(row, false);
    }
    set_standing(model, row, Standing::Dead);
    if let Some(unit) = model.people.at_mut(row).unit.take() {
        remove_from_unit(model, row, unit);
    }
}

/// Where and why something happens to a person.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Event {
    /// Where, if not where the person is stationed.
    pub(crate) place: Option<PlaceId>,
    /// The incident behind it.
    pub(crate) incident: Option<crate::ids::IncidentId>,
    /// The group turned to, or that holds or executes him.
    pub(crate) to_group: Option<GroupId>,
    /// The group that killed or wounded him, where that isn't the same.
    pub(crate) by: Option<GroupId>,
    /// Whether the person is on leave.
    pub(crate) is_on_leave: bool,
}

/// A row of the table `allegiance` with the person's state filled in and no
/// hazards.
pub(crate) fn allegiance_row(
    model: &Model<'_>,
    row: Row,
    kind: AllegianceKind,
    outcome: Option<Outcome>,
    event: Event,
) -> Allegiance {
    let state = model.people.at(row);
    let stationed = state.unit.map(|unit| model.units.at(unit).place);
    Allegiance {
        day: Day(model.day),
        person: state.person,
        kind,
        outcome,
        group: state.group.or(state.old_group),
        to_group: event.to_group,
        unit: state.unit,
        place: event.place.or(stationed).or(state.home).unwrap_or(PlaceId(0)),
        is_foreign: state.is_foreign,
        rank: state.group.map(|_| state.rank),
        is_on_leave: event.is_on_leave,
        incident: event.incident,
        conviction: state.group.map(|_| crate::belief::conviction_now(model, row)),
        ..Allegiance::BLANK
    }
}

/// Writes a row of the table `allegiance` without hazards.
pub(crate) fn record(model: &mut Model<'_>, row: Row, kind: AllegianceKind, outcome: Option<Outcome>, event: Event) {
    let entry = allegiance_row(model, row, kind, outcome, event);
    model.records.allegiance.push(entry);
}

/// The members of a unit who are on duty or on leave.
pub(crate) fn active_members<'m>(model: &'m Model<'m>, unit: UnitId) -> impl Iterator<Item = Row> + 'm {
    let members = model.units.at(unit).members.iter().copied();
    members.filter(|&row| model.people.at(row).standing == Standing::Active)
}

/// The members of a unit who are with it today.
pub(crate) fn members_on_duty<'m>(model: &'m Model<'m>, unit: UnitId) -> impl Iterator<Item = Row> + 'm {
    active_members(model, unit).filter(|&row| !rota_has_leave(model, row))
}

/// Whether a member is at home on leave today.
pub(crate) fn is_on_leave(model: &Model<'_>, row: Row) -> bool {
    model.people.at(row).standing == Standing::Active && rota_has_leave(model, row)
}

/// Whether the rota has a member on leave today, whatever his standing.
#[inline]
pub(crate) fn rota_has_leave(model: &Model<'_>, row: Row) -> bool {
    model.people.leave_phase[row.idx()].is_some_and(|phase| model.rota.is_on_leave(phase, model.day))
}

/// Where a member is today: at home on leave, or with his unit; nobody knows
/// where a prisoner is.
pub(crate) fn whereabouts(model: &Model<'_>, row: Row) -> Option<PlaceId> {
    let state = model.people.at(row);
    if matches!(state.standing, Standing::Prisoner | Standing::Detained) {
        return None;
    }
    if is_on_leave(model, row) {
        return state.home;
    }
    state.unit.map(|unit| model.units.at(unit).place).or(state.home)
}

/// Holds a captive until a day, on which something is due: what was put down for
/// an earlier captivity no longer holds.
pub(crate) fn hold_until(model: &mut Model<'_>, row: Row, day: u32, due: Due) {
    model.people.at_mut(row).held_until = Some(day);
    model.standing_due.add(day, due);
}

/// Carries out what is due today: recoveries, deaths of wounds, releases.
#[inline(never)]
pub(crate) fn return_to_duty(model: &mut Model<'_>) {
    prisoners::open_gates(model);
    let mut told = Vec::new();
    for due in model.standing_due.take(model.day) {
        // What was put down for him holds only if nothing else has happened to him since.
        match due {
            Due::Recovery(row) if model.people.at(row).standing == Standing::Wounded => {
                set_standing(model, row, Standing::Active);
                take_command(model, row);
                record(model, row, AllegianceKind::Recovery, None, Event::default());
            }
            Due::DeathOfWounds { row, incident, is_of_target }
                if model.people.at(row).standing == Standing::Wounded =>
            {
                die(model, row, Outcome::Wounds, Event { incident: Some(incident), ..Event::default() });
                records::count_death_of_wounds(model, incident, is_of_target);
            }
            Due::Release(row) if prisoners::is_due(model, row) => set_free(model, row),
            Due::Parole(row) if prisoners::is_due(model, row) => prisoners::go_home(model, row),
            Due::Recruitment(row) if prisoners::is_due(model, row) => prisoners::change_sides(model, row),
            Due::ExitKnown(unit) => {
                model.units.at_mut(unit).note_exit(model.day);
                told.push(unit);
            }
            _ => {}
        }
    }
    for unit in told {
        theory::note_in_unit(model, unit, StateEvent::ComradeLeft);
    }
    count_forces(model);
}

/// A prisoner or detained member returns to his unit.
pub(crate) fn set_free(model: &mut Model<'_>, row: Row) {
    let captor = model.people.at_mut(row).captor.take();
    set_standing(model, row, Standing::Active);
    take_command(model, row);
    record(model, row, AllegianceKind::Release, None, Event { to_group: captor, ..Event::default() });
}

/// Counts the active members of each group stationed in each place.
fn count_forces(model: &mut Model<'_>) {
    model.places.force.fill(0);
    for unit in model.units.ids() {
        let unit = model.units.at(unit);
        if unit.n_active > 0 {
            let cell = model.places.cell(unit.place, unit.group);
            model.places.force[cell] += unit.n_active;
        }
    }
}

/// The unit of a group nearest to a place that takes another member; a new
/// one in that place where none is in reach.
pub(crate) fn unit_near(model: &mut Model<'_>, group: GroupId, place: PlaceId) -> UnitId {
    let world = model.world;
    for near in world.geography.in_turn(place, crate::geography::Geography::RADIUS_KM) {
        for &unit in &model.units.of_place[near.place.idx()] {
            let state = model.units.at(unit);
            if state.group == group && state.n_active > 0 && has_room(&world.setup, state) {
                return unit;
            }
        }
    }
    model.units.add(UnitState::new(group, place))
}
