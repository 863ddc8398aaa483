//! Those who decided to leave: how, whether they are caught, and who goes with
//! them.

use super::blocks::{BLOCKS, Member};
use super::destination::{self, Destination};
use super::hazards::{Hazards, hazards};
use super::persuasion::{self, Asked};
use crate::arrival;
use crate::belief;
use crate::deterrence;
use crate::ids::{GroupId, IncidentId, PlaceId, Row, UnitId};
use crate::interviews;
use crate::maths::logistic;
use crate::model::Model;
use crate::muster::{self, Event, is_on_leave};
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::state::Due;
use crate::tables::{AllegianceKind, Cause, ExitKind, Standing};

/// Which group he goes to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum To {
    /// The one that he chose, or none.
    Chosen(Option<GroupId>),
    /// The nearest, for a defector, once he got away.
    WhoeverIsNear,
}

/// A member's decision to leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decision {
    pub(crate) row: Row,
    kind: ExitKind,
    to: To,
    pub(crate) place: PlaceId,
    is_on_leave: bool,
    incident: Option<IncidentId>,
    hazards: Hazards,
    cause: Cause,
}

impl Decision {
    /// Where and why it happens, and which group it's about.
    fn event(&self, to_group: Option<GroupId>) -> Event {
        Event {
            place: Some(self.place),
            incident: self.incident,
            to_group,
            is_on_leave: self.is_on_leave,
            ..Event::default()
        }
    }

    /// The decision of one who goes with him, in a way.
    fn of_companion(&self, model: &Model<'_>, row: Row, kind: ExitKind, hazards: &Hazards) -> Self {
        let is_on_leave = is_on_leave(model, row);
        Self { row, kind, is_on_leave, incident: None, hazards: *hazards, cause: Cause::Cascade, ..*self }
    }

    /// Writes a row of the table `allegiance` with the hazards.
    fn record(&self, model: &mut Model<'_>, turn: AllegianceKind, event: Event) {
        let mut entry = muster::allegiance_row(model, self.row, turn, None, event);
        entry.cause = Some(self.cause);
        entry.hazard = Some(self.hazards.of(ExitKind::Desertion));
        entry.hazard_defection = Some(self.hazards.of(ExitKind::Defection));
        entry.hazard_departure = Some(self.hazards.of(ExitKind::Departure));
        for (block, &value) in BLOCKS.iter().zip(self.hazards.blocks_of(self.kind)) {
            block.write(&mut entry, value);
        }
        model.records.allegiance.push(entry);
    }
}

/// A member who got away to another group, waiting to be taken in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Leaving {
    pub(crate) row: Row,
    /// The unit that he left.
    pub(crate) unit: Option<UnitId>,
    pub(crate) host: GroupId,
    pub(crate) place: PlaceId,
    pub(crate) incident: Option<IncidentId>,
}

/// Picks the kind of exit in proportion to its hazard, or by where he goes.
pub(crate) fn choose(model: &Model<'_>, member: Member, hazards: &Hazards) -> Decision {
    let Member { row, unit, .. } = member;
    let place = muster::whereabouts(model, row).unwrap_or(model.units.at(unit).place);
    let (kind, hazards, to) = if model.runs(Mechanism::Destination) {
        let Destination { kind, host, shares } = destination::choose(model, member, place);
        (kind, hazards.shared_out(shares), To::Chosen(host))
    } else {
        (kind_by_hazard(model, row, hazards), *hazards, To::WhoeverIsNear)
    };
    let (mut cause, mut most) = (Cause::Baseline, 0.0);
    for (block, &value) in BLOCKS.iter().zip(hazards.blocks_of(kind)) {
        if value > most {
            (cause, most) = (block.cause, value);
        }
    }
    let grievance = model.people.mind(row).grievance;
    Decision {
        row,
        kind,
        to,
        place,
        is_on_leave: is_on_leave(model, row),
        incident: grievance.kin_killed.or(grievance.home_attacked).map(|(_, incident)| incident),
        hazards,
        cause,
    }
}

/// The kind of exit in proportion to its hazard.
fn kind_by_hazard(model: &Model<'_>, row: Row, hazards: &Hazards) -> ExitKind {
    let person = model.people.at(row).person;
    let mut u = model.draws.uniform(Purpose::ExitKind, person.0, model.day, 0) * hazards.total();
    let mut kind = ExitKind::Desertion;
    for &next in &ExitKind::ALL[1..] {
        if u < hazards.of(kind) {
            break;
        }
        u -= hazards.of(kind);
        kind = next;
    }
    kind
}

/// A member sets out, with those whom he persuades; or they keep him.
pub(crate) fn set_out(model: &mut Model<'_>, decision: &Decision) {
    let Asked::Goes(party) = persuasion::ask(model, decision) else { return };
    let host = host_of(model, decision);
    let kind = match (host, decision.kind) {
        (Some(_), _) => ExitKind::Defection,
        (None, ExitKind::Departure) => ExitKind::Departure,
        (None, _) if model.people.at(decision.row).is_foreign => ExitKind::Departure,
        (None, _) => ExitKind::Desertion,
    };
    carry_out(model, decision, host);
    for (row, hazards) in party {
        if model.people.at(row).standing == Standing::Active {
            carry_out(model, &decision.of_companion(model, row, kind, &hazards), host);
        }
    }
}

/// The group that a leaver goes to, if any.
fn host_of(model: &Model<'_>, decision: &Decision) -> Option<GroupId> {
    match decision.to {
        To::Chosen(host) => host,
        To::WhoeverIsNear if decision.kind == ExitKind::Defection => {
            arrival::find_host(model, decision.row, decision.place)
        }
        To::WhoeverIsNear => None,
    }
}

/// A member tries to get away; where a defector finds no host, he deserts,
/// and a foreign deserter leaves the country.
fn carry_out(model: &mut Model<'_>, decision: &Decision, host: Option<GroupId>) {
    let row = decision.row;
    if let Some(caught) = deterrence::catch(model, row, decision.place) {
        let event = decision.event(model.people.at(row).group);
        decision.record(model, AllegianceKind::Capture, event);
        deterrence::punish(model, row, caught, event);
        return;
    }
    if let Some(host) = host {
        let was_commander = model.people.at(row).unit.filter(|&unit| model.units.at(unit).commander == Some(row));
        defect(model, decision, host);
        if let Some(unit) = was_commander {
            take_unit_along(model, unit, host);
        }
    } else if decision.kind == ExitKind::Departure || model.people.at(row).is_foreign {
        leave(model, decision, ExitKind::Departure, None);
    } else {
        leave(model, decision, ExitKind::Desertion, None);
    }
}

fn defect(model: &mut Model<'_>, decision: &Decision, host: GroupId) {
    let unit = model.people.at(decision.row).unit;
    leave(model, decision, ExitKind::Defection, Some(host));
    let leaving = Leaving { row: decision.row, unit, host, place: decision.place, incident: decision.incident };
    model.today.leavings.push(leaving);
}

/// Somebody is gone, in the way that was left to him.
fn leave(model: &mut Model<'_>, decision: &Decision, way: ExitKind, host: Option<GroupId>) {
    let row = decision.row;
    decision.record(model, way.turn(), decision.event(host));
    let unit = model.people.at(row).unit;
    be_gone(model, row, way);
    let visible_days = model.world.setup.parameters.exits.exit_visible_days.round() as u32;
    if let Some(unit) = unit {
        model.standing_due.add(model.day + visible_days.max(1), Due::ExitKnown(unit));
    }
}

/// A member is out of his group, and counted as gone in a way.
pub(crate) fn be_gone(model: &mut Model<'_>, row: Row, way: ExitKind) {
    interviews::note_leaving(model, row, way);
    let state = model.people.at(row);
    let (group, has_left_before) = (state.group, state.left_day.is_some());
    if let Some(group) = group {
        let tally = &mut model.groups.tally[group.idx()];
        match way {
            ExitKind::Desertion => tally.deserted += 1,
            ExitKind::Defection => tally.defected += 1,
            ExitKind::Departure => tally.departed += 1,
        }
    }
    let standing = match way {
        ExitKind::Desertion => Standing::Deserter,
        // Until the host takes him in, this evening.
        ExitKind::Defection => Standing::Civilian,
        ExitKind::Departure => Standing::Departed,
    };
    muster::leave_group(model, row, standing);
    if !has_left_before {
        model.leavers.push(row);
    }
}

/// A defecting commander takes his unit along or doesn't; if he does, each
/// member goes with his doubt, `P(predator)`, under the theories in which
/// peers matter.
fn take_unit_along(model: &mut Model<'_>, unit: UnitId, host: GroupId) {
    if !model.active_blocks.has(Cause::Cascade) {
        return;
    }
    let place = model.units.at(unit).place;
    let p_taken = model.world.setup.parameters.exits.blocks.cascade.p_commander_takes_unit;
    if !model.draws.chance(p_taken, Purpose::UnitFollows, unit.0, model.day, 0) {
        return;
    }
    let group = model.units.at(unit).group;
    for row in model.units.at(unit).members.clone() {
        let state = model.people.at(row);
        if state.standing != Standing::Active || is_on_leave(model, row) {
            continue;
        }
        let p_follows = logistic(-belief::conviction_now(model, row));
        if model.draws.chance(p_follows, Purpose::Follow, state.person.0, model.day, 0) {
            let hazards = hazards(model, Member { row, unit, group });
            let follower = Decision {
                row,
                kind: ExitKind::Defection,
                to: To::Chosen(Some(host)),
                place,
                is_on_leave: false,
                incident: None,
                hazards,
                cause: Cause::Cascade,
            };
            defect(model, &follower, host);
        }
    }
}
