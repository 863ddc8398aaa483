//! The dated changes of a scenario: relations, pay, strikes, policies, orders, and
//! what comes from off the map.

use crate::conscripts::Conscripts;
use crate::ids::GroupId;
use crate::model::Model;
use crate::muster::{self, Event};
use crate::setup::Change;
use crate::tables::{AllegianceKind, Standing};

/// Makes the changes dated today.
pub(crate) fn apply(model: &mut Model<'_>) {
    let world = model.world;
    let today = model.day;
    for entry in world.setup.timeline.iter().filter(|entry| entry.day == today) {
        match &entry.change {
            Change::Relation { a, b, kind } => model.groups.set_relation(*a, *b, *kind),
            Change::Pay { group, usd_per_month } => {
                model.groups.pay_usd[group.idx()] = *usd_per_month;
                model.units.mark_stale(*group);
            }
            Change::Strikes { group, per_month } => model.groups.strikes_per_month[group.idx()] = *per_month,
            Change::Policy { policy, group, value } => model.groups.set_policy(*group, *policy, *value),
            Change::Control { place, group, share } => model.places.capture(*place, *group, *share),
            Change::Lever { lever, group, value } => {
                model.groups.levers[group.idx()][*lever as usize] = *value;
                model.units.mark_stale(*group);
            }
            Change::Assault { group, place } => model.today.orders.push((*group, *place)),
            Change::Inflow { group, rank, is_foreign, per_month } => {
                model.groups.inflow_per_month[group.idx()][*rank as usize][usize::from(*is_foreign)] = *per_month;
            }
            Change::Arms { group, discipline } => model.groups.discipline[group.idx()] = *discipline,
            Change::Revenue { group, usd_per_place_per_month } => {
                model.groups.revenue_usd[group.idx()] = Some(*usd_per_place_per_month);
            }
            Change::Shock { group, log_odds } => model.groups.outlook[group.idx()].shock = *log_odds,
            Change::Conscripts { group, men } => {
                model.groups.conscripts[group.idx()] = Some(Conscripts { size: *men, left: *men });
            }
            Change::Dissolve { group } => dissolve(model, *group),
            Change::Happening => {}
        }
    }
}

/// Ends a group: its members go home, the foreign leave the country.
fn dissolve(model: &mut Model<'_>, group: GroupId) {
    model.groups.is_alive[group.idx()] = false;
    for unit in model.units.of_group[group.idx()].clone() {
        for row in model.units.at(unit).members.clone() {
            if model.people.at(row).standing == Standing::Dead {
                continue;
            }
            let tally = &mut model.groups.tally[group.idx()];
            let (kind, standing) = if model.people.at(row).is_foreign {
                tally.departed += 1;
                (AllegianceKind::Departure, Standing::Departed)
            } else {
                tally.deserted += 1;
                (AllegianceKind::Desertion, Standing::Deserter)
            };
            muster::record(model, row, kind, None, Event::default());
            muster::leave_group(model, row, standing);
        }
    }
}
