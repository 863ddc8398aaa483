//! The dated changes of a scenario.

use super::Dense;
use super::muster::Event;
use crate::ids::{GroupId, PlaceId};
use crate::setup::{Change, Policy};
use crate::tables::{AllegianceKind, Standing, Table as _};

impl Dense<'_> {
    /// Makes today's changes; gives the assaults that they order.
    pub(super) fn apply_timeline(&mut self) -> Vec<(GroupId, PlaceId)> {
        let world = self.world;
        let mut orders = Vec::new();
        for entry in &world.setup.timeline {
            if entry.day != self.day {
                continue;
            }
            match entry.change {
                Change::Relation { a, b, kind } => self.set_relation(a, b, kind),
                Change::Pay { group, usd_per_month } => self.groups[group.idx()].pay_usd = usd_per_month,
                Change::Strikes { group, per_month } => self.groups[group.idx()].strikes_per_month = per_month,
                Change::Policy { policy, group, value } => {
                    self.groups[group.idx()].changed_policies.push((policy, value));
                }
                Change::Control { place, group, share } => self.take_control(place, group, share),
                Change::Lever { lever, group, value } => self.groups[group.idx()].levers[lever as usize] = value,
                Change::Assault { group, place } => orders.push((group, place)),
                Change::Inflow { group, rank, is_foreign, per_month } => {
                    let inflow = &mut self.groups[group.idx()].inflow;
                    inflow.retain(|&(other, foreign, _)| (other, foreign) != (rank, is_foreign));
                    inflow.push((rank, is_foreign, per_month));
                }
                Change::Arms { group, discipline } => self.groups[group.idx()].discipline = discipline,
                Change::Revenue { group, usd_per_place_per_month } => {
                    self.groups[group.idx()].revenue_usd = Some(usd_per_place_per_month);
                }
                Change::Shock { group, log_odds } => self.groups[group.idx()].shock = log_odds,
                Change::Conscripts { group, men } => {
                    let n_rows = self.records.allegiance.n_rows();
                    self.groups[group.idx()].conscripts = Some((men, n_rows));
                }
                Change::Dissolve { group } => self.dissolve(group),
                Change::Happening => {}
            }
        }
        orders
    }

    /// A group's policy as last changed, or as on the first day.
    pub(super) fn policy(&self, group: GroupId, policy: Policy) -> Option<f64> {
        let changes = self.groups[group.idx()].changed_policies.iter();
        let changed = changes.rev().find(|(of, _)| *of == policy).map(|&(_, value)| value);
        let first = &self.world.setup.groups[group.idx()];
        changed.or(match policy {
            Policy::PrisonersExecuted => Some(first.prisoners_executed_share),
            Policy::SoldiersExecuted => first.soldiers_executed_share,
            Policy::ForeignPrisonersExecuted => first.foreign_prisoners_executed_share,
            Policy::LeaversExecuted => first.leavers_executed_share,
            Policy::ForeignLeaversExecuted => first.foreign_leavers_executed_share,
            Policy::PrisonersReleased => first.prisoners_released_share,
            Policy::PrisonersExchanged => first.prisoners_exchanged_share,
            Policy::PrisonersRecruited => first.prisoners_recruited_share,
            Policy::KinReprisals => first.kin_reprisals_per_month,
            Policy::BlockingTroops => Some(first.blocking_troops),
            Policy::Guards => Some(first.guards),
        })
    }

    /// Everyone of the group goes home, unit by unit; the foreign leave the
    /// country.
    fn dissolve(&mut self, group: GroupId) {
        self.groups[group.idx()].is_alive = false;
        for unit in self.unit_ids() {
            if self.unit(unit).group != group {
                continue;
            }
            for person in self.members(unit) {
                let (kind, standing) = if self.person(person).is_foreign {
                    (AllegianceKind::Departure, Standing::Departed)
                } else {
                    (AllegianceKind::Desertion, Standing::Deserter)
                };
                self.record(person, kind, None, Event::default());
                self.leave_group(person, standing);
            }
        }
    }
}
