//! Exits of whole units, which no hazard of their members decides: units that give up (see settlement), pass
//! to an ally (see absorption) or break away (see splits).

use super::leaving::be_gone;
use crate::arrival;
use crate::ids::{GroupId, Row, UnitId};
use crate::model::Model;
use crate::muster::{self, Event};
use crate::state::UnitState;
use crate::tables::{Cause, ExitKind};

/// Members of a unit serve another group from now on, in a unit of their own where they stand.
pub(crate) fn hand_over(model: &mut Model<'_>, unit: UnitId, host: GroupId, members: &[Row]) {
    let place = model.units.at(unit).place;
    let new_unit = model.units.add(UnitState::new(host, place));
    for &row in members {
        leave_with_unit(model, row, Some(host));
        let event = Event { place: Some(place), to_group: Some(host), ..Event::default() };
        arrival::receive(model, row, new_unit, Some(unit), event);
    }
}

/// A member leaves because his unit does: to a host, or home, or abroad.
pub(crate) fn leave_with_unit(model: &mut Model<'_>, row: Row, host: Option<GroupId>) {
    let way = match (host, model.people.at(row).is_foreign) {
        (Some(_), _) => ExitKind::Defection,
        (None, true) => ExitKind::Departure,
        (None, false) => ExitKind::Desertion,
    };
    let event = Event {
        place: muster::whereabouts(model, row),
        to_group: host,
        is_on_leave: muster::is_on_leave(model, row),
        ..Event::default()
    };
    let mut entry = muster::allegiance_row(model, row, way.turn(), None, event);
    entry.cause = Some(Cause::WithUnit);
    model.records.allegiance.push(entry);
    be_gone(model, row, way);
}
