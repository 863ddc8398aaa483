//! Expectation of victory: how a group's members, and those who might join it,
//! think that the war will end.
//!
//! # Form
//! On the first day and at the end of every week, for each group, kept within -3 to 3:
//!
//! ```text
//! logit W = w_0 + w_1 ln(F_side / F_enemies) + w_2 G - w_3 D + shock
//! G       = (ground now - ground then) / max(ground now, ground then, 0.005)     then: 26 weeks ago
//! D       = dead by its own side / dead      of its members killed or executed in the last 13 weeks
//! W_i     = sig(logit W + w_s z_i)           z_i: normal, kept within -3 to 3, his own for life
//! ```
//!
//! `F_side` are the active members of the group and its allies, `F_enemies` those of all groups at war with
//! it; a group without enemies has nobody to beat, and the term is 0. Ground is the share of the population
//! under its control; before the first day it was what it is then. Its own side are all groups of its
//! constituency, itself included. Who dies of wounds is in neither count. The shock is 0 unless a dated event
//! sets it. A member keeps the `logit W` of the day on which he joined (see the block `expectation` of the
//! hazard of exit). Joining weighs `w_p (W_i - 1/2)` in place of momentum, a leaver's choice of a host adds
//! `c_w logit W`, and a unit's hazard of giving up `u_w (1/2 - W)`. What somebody's own place saw counts
//! elsewhere alone: in who holds his home.
//!
//! # Source
//! Expected victory moves joining and staying: Gates (2002), Kuran (1991) for thresholds that differ between
//! people, Nussio & Ugarriza (2021) for decline. Fratricide as a sign of weakness: Christia (2012), Pischedda
//! (2018). All magnitudes are judgement.

use crate::control::LEAST_TERRITORY;
use crate::ids::{GroupId, PersonId, Row};
use crate::maths::{DAYS_PER_WEEK, ln, logistic};
use crate::model::Model;
use crate::parameters::parameters;
use crate::random::{Draws, Purpose};
use crate::relations::group_sizes;
use crate::setup::Mechanism;

parameters! {
    /// Expectation of victory.
    pub struct ExpectationParameters = "expectation" {
        /// Log-odds of victory where nothing speaks for either side.
        even: "w_0", "log-odds", 0.0 in -1.0..1.0, Judgement, "even odds; no number exists";
        /// Rise for one log-unit of force that the side has over its enemies.
        force_weight: "w_1", "log-odds", 0.7 in 0.3..1.5 off 0.0, Judgement, "no number exists";
        /// Rise from no gain to having gained all of the ground held.
        ground_weight: "w_2", "log-odds", 2.0 in 1.0..4.0 off 0.0, Judgement, "within hazard ratios of 1.3-4 for decline (Nussio & Ugarriza 2021)";
        /// Fall from none to all of the dead killed by the own side.
        own_side_weight: "w_3", "log-odds", 2.0 in 0.5..4.0 off 0.0, Judgement, "sign: Christia 2012, Pischedda 2018";
        /// Standard deviation of the log-odds between persons who might join.
        person_sd: "w_s", "log-odds", 0.5 in 0.2..1.0 off 0.0, Judgement, "Kuran 1991: people differ; no number exists";
        /// Rise of the log-hazard of joining from certain defeat to certain victory.
        joining_weight: "w_p", "log-hazard", 4.0 in 2.0..8.0 off 0.0, Judgement, "evidence A1";
        /// Rise of a leaver's log-odds of a host for one log-unit of the host's odds of victory.
        host_weight: "c_w", "log-odds", 0.5 in 0.0..1.0 off 0.0, Judgement, "no number exists";
        /// Rise of the log-hazard that a unit gives up from certain victory to certain defeat.
        settlement_weight: "u_w", "log-hazard", 2.0 in 0.5..4.0 off 0.0, Judgement, "no number exists";
    }
}

/// Nobody is surer of victory or defeat than this, in log-odds.
const MOST_LOGIT: f64 = 3.0;
/// Nobody is further from the others than this many standard deviations.
const MOST_DEVIATION: f64 = 3.0;
/// How far the log-odds move before exit ceilings are computed again.
const RENEWED_AFTER: f64 = 0.5;
/// Weeks over which gains of ground count: 182 days.
const GROUND_WEEKS: usize = 26;
/// Weeks over which the dead count: 91 days.
const DEAD_WEEKS: usize = 13;

/// How the war looks to a group.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Outlook {
    /// Log-odds of victory.
    pub(crate) logit: f64,
    /// The same when its members' exit ceilings were last computed for all.
    pub(crate) reference: f64,
    /// What dated events add.
    pub(crate) shock: f64,
    /// Dead of known killers so far.
    dead: Toll,
    /// Share of the population under control at the end of each of the last weeks.
    ground: [f64; GROUND_WEEKS],
    /// `dead` at these ends.
    dead_before: [Toll; DEAD_WEEKS],
}

/// Members killed, and of these those killed by their own side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Toll {
    all: u32,
    by_own_side: u32,
}

impl Outlook {
    /// Closes a week: gives the relative gain of ground and the share of the
    /// dead killed by their own side, and remembers what is now.
    fn close_week(&mut self, week: usize, ground: f64) -> (f64, f64) {
        let then = std::mem::replace(&mut self.ground[week % GROUND_WEEKS], ground);
        let before = std::mem::replace(&mut self.dead_before[week % DEAD_WEEKS], self.dead);
        let n_dead = self.dead.all - before.all;
        let by_own_side = f64::from(self.dead.by_own_side - before.by_own_side) / f64::from(n_dead.max(1));
        (gain(then, ground), by_own_side)
    }
}

/// The change of ground as a share of the larger of the two.
fn gain(then: f64, now: f64) -> f64 {
    (now - then) / now.max(then).max(LEAST_TERRITORY)
}

/// How the war looks before the first day; the first members joined with that.
pub(crate) fn start(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Expectation) {
        return;
    }
    for group in model.groups.ids() {
        let ground = model.groups.territory[group.idx()];
        model.groups.outlook[group.idx()].ground = [ground; GROUND_WEEKS];
    }
    judge(model, 0);
    for row_idx in 0..model.people.list.len() {
        let row = Row(row_idx as u32);
        if let Some(group) = model.people.at(row).group {
            model.people.mind_mut(row).joined_outlook = model.groups.outlook[group.idx()].logit;
        }
    }
}

/// The groups look at the war at the end of a week.
#[inline(never)]
pub(crate) fn review(model: &mut Model<'_>) {
    if model.runs(Mechanism::Expectation) && model.ends_week() {
        judge(model, ((model.day + 1) / DAYS_PER_WEEK) as usize);
    }
}

fn judge(model: &mut Model<'_>, week: usize) {
    let n_members = group_sizes(model);
    for group in model.groups.ids() {
        let parameters = &model.world.setup.parameters.expectation;
        let force = log_ratio_of_force(model, group, &n_members);
        let ground = model.groups.territory[group.idx()];
        let outlook = &mut model.groups.outlook[group.idx()];
        let (gain, by_own_side) = outlook.close_week(week, ground);
        let logit = parameters.even + parameters.force_weight * force + parameters.ground_weight * gain
            - parameters.own_side_weight * by_own_side
            + outlook.shock;
        outlook.logit = logit.clamp(-MOST_LOGIT, MOST_LOGIT);
        if week == 0 || (outlook.logit - outlook.reference).abs() > RENEWED_AFTER {
            outlook.reference = outlook.logit;
            model.units.mark_stale(group);
        }
    }
}

/// How much more force its side has than its enemies, as a logarithm.
fn log_ratio_of_force(model: &Model<'_>, group: GroupId, n_members: &[u32]) -> f64 {
    if model.groups.general_enemies_of(group).next().is_none() {
        return 0.0;
    }
    let side: u32 = model.groups.side_of(group).map(|other| n_members[other.idx()]).sum();
    let enemies: u32 = model.groups.general_enemies_of(group).map(|other| n_members[other.idx()]).sum();
    ln(f64::from(side.max(1)) / f64::from(enemies.max(1)))
}

/// Takes note of a member killed, and by whom.
pub(crate) fn note_dead(model: &mut Model<'_>, group: GroupId, by: GroupId) {
    let is_own_side = model.world.setup.share_constituency(group, by);
    let dead = &mut model.groups.outlook[group.idx()].dead;
    dead.all += 1;
    dead.by_own_side += u32::from(is_own_side);
}

/// The log-odds of victory of a group.
pub(crate) fn logit(model: &Model<'_>, group: GroupId) -> f64 {
    model.groups.outlook[group.idx()].logit
}

/// What the expectation of victory adds to the log-hazard of joining a group,
/// for one of average hope and for the most hopeful; none where it doesn't run.
pub(crate) fn of_joining(model: &Model<'_>, group: GroupId) -> Option<(f64, f64)> {
    let parameters = &model.world.setup.parameters.expectation;
    model.runs(Mechanism::Expectation).then(|| {
        let logit = logit(model, group);
        let of = |logit: f64| parameters.joining_weight * (logistic(logit) - 0.5);
        (of(logit), of(logit + MOST_DEVIATION * parameters.person_sd))
    })
}

/// How much less a person's own expectation adds than the most hopeful's.
pub(crate) fn less_than_most(model: &Model<'_>, group: GroupId, deviation: f64) -> f64 {
    let parameters = &model.world.setup.parameters.expectation;
    let logit = logit(model, group);
    let most = logistic(logit + MOST_DEVIATION * parameters.person_sd);
    parameters.joining_weight * (logistic(logit + deviation * parameters.person_sd) - most)
}

/// How many standard deviations more hopeful than most a person is.
pub(crate) fn deviation(draws: Draws, person: PersonId) -> f64 {
    draws.stream(Purpose::Hope, person.0, 0, 0).normal().clamp(-MOST_DEVIATION, MOST_DEVIATION)
}

/// What the outlook of a host adds to a leaver's log-odds of going there.
pub(crate) fn of_host(model: &Model<'_>, host: GroupId) -> f64 {
    let weight = model.world.setup.parameters.expectation.host_weight;
    if model.runs(Mechanism::Expectation) { weight * logit(model, host) } else { 0.0 }
}

/// What the outlook of its group adds to the log-hazard that a unit gives up.
pub(crate) fn of_settlement(model: &Model<'_>, group: GroupId) -> f64 {
    let weight = model.world.setup.parameters.expectation.settlement_weight;
    if model.runs(Mechanism::Expectation) { weight * (0.5 - logistic(logit(model, group))) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Outlook, Toll, gain};

    #[test]
    fn gains_lie_between_minus_one_and_one() {
        assert!((gain(0.2, 0.4) - 0.5).abs() < 1e-12 && (gain(0.4, 0.2) + 0.5).abs() < 1e-12);
        assert!((gain(0.0, 0.3) - 1.0).abs() < 1e-12 && (gain(0.3, 0.0) + 1.0).abs() < 1e-12);
        assert!(gain(0.0, 0.0).abs() < 1e-12 && gain(0.0, 0.001) < 0.3, "a village more or less is no landslide");
    }

    #[test]
    fn ground_counts_for_half_a_year_and_the_dead_for_a_quarter() {
        let mut outlook = Outlook { ground: [0.5; 26], ..Outlook::default() };
        outlook.close_week(0, 0.5);
        let mut gains = Vec::new();
        let mut shares = Vec::new();
        for week in 1..=30 {
            if week == 2 {
                outlook.dead = Toll { all: 10, by_own_side: 5 };
            }
            let (gain, share) = outlook.close_week(week, if week < 3 { 0.5 } else { 1.0 });
            gains.push(gain);
            shares.push(share);
        }
        let weeks_above = |values: &[f64]| values.iter().map(|&value| u32::from(value > 0.4)).sum::<u32>();
        // The gain of the third week is one until the 29th looks back at that week.
        assert_eq!((weeks_above(&gains), gains[1].to_bits(), gains[28].to_bits()), (26, 0, 0));
        assert_eq!((weeks_above(&shares), shares[0].to_bits(), shares[14].to_bits()), (13, 0, 0));
    }
}
