//! What comes from off the map: members, money, and how many men are left.

use super::Dense;
use crate::ids::{GroupId, PlaceId};
use crate::random::{Purpose, Stream};
use crate::tables::{Allegiance, AllegianceKind, Cause, Rank};

impl Dense<'_> {
    /// Members come from outside, those of the lowest rank first and locals before
    /// the foreign.
    pub(super) fn receive_inflow(&mut self) {
        for group in self.group_ids() {
            if !self.groups[group.idx()].is_alive {
                continue;
            }
            let mut inflow = self.groups[group.idx()].inflow.clone();
            inflow.sort_by_key(|&(rank, is_foreign, _)| (rank, is_foreign));
            for (rank, is_foreign, per_month) in inflow {
                let index = 2 * rank as u32 + u32::from(is_foreign);
                let mut stream = self.draws.stream(Purpose::OutsideInflow, u32::from(group.0), self.day, index);
                let n = stream.poisson(per_month / 30.0);
                self.admit_outsiders(group, n, rank, is_foreign, &mut stream);
            }
        }
    }

    /// People from outside come to units of a group.
    pub(super) fn admit_outsiders(
        &mut self,
        group: GroupId,
        n: u32,
        rank: Rank,
        is_foreign: bool,
        stream: &mut Stream,
    ) {
        let n_active = self.n_active_by_unit();
        let units = self.unit_ids().filter(|&unit| self.unit(unit).group == group && n_active[unit.idx()] > 0);
        let bases: Vec<PlaceId> = units.map(|unit| self.unit(unit).place).collect();
        if bases.is_empty() {
            return;
        }
        for _ in 0..n {
            let place = bases[stream.below(bases.len() as u32) as usize];
            let person = self.add_outsider(is_foreign);
            self.join(person, group, place, Cause::Baseline, 0.0);
            self.person_mut(person).rank = rank;
        }
    }

    /// On a payday every group pays what its revenue covers.
    pub(super) fn pay_out(&mut self) {
        if !self.day.is_multiple_of(30) {
            return;
        }
        for group in self.group_ids() {
            self.groups[group.idx()].paid_share = self.covered_share(group);
        }
    }

    fn covered_share(&self, group: GroupId) -> f64 {
        let Some(per_place) = self.groups[group.idx()].revenue_usd else { return 1.0 };
        let n_held = self.place_ids().filter(|&place| self.controller(place) == group).count();
        let active = || self.people.iter().filter(|person| person.is_active() && person.group == Some(group));
        let n_foreign = active().filter(|person| person.is_foreign).count();
        let n_local = active().count() - n_foreign;
        let spec = &self.world.setup.groups[group.idx()];
        let pay = self.groups[group.idx()].pay_usd;
        let mut pay_foreign = pay;
        if spec.pay_usd_per_month > 0.0 {
            pay_foreign = pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month;
        }
        let bill = n_local as f64 * pay + n_foreign as f64 * pay_foreign;
        if bill > 0.0 { (n_held as f64 * per_place / bill).min(1.0) } else { 1.0 }
    }

    /// Share of the men whom a group could raise who haven't joined since; 1 where
    /// nothing limits them.
    pub(super) fn share_of_men_left(&self, group: GroupId) -> f64 {
        let Some((men, n_rows_before)) = self.groups[group.idx()].conscripts else { return 1.0 };
        let is_raised = |row: &Allegiance| {
            row.kind == AllegianceKind::Join
                && row.cause.is_some()
                && row.to_group == Some(group)
                && self.person(row.person).home.is_some()
        };
        let n_raised = self.records.allegiance.rows().skip(n_rows_before).filter(is_raised).count() as u32;
        if n_raised >= men { 0.0 } else { f64::from(men - n_raised) / f64::from(men) }
    }
}
