//! How far a newcomer is accepted by his new side, and who of those who left wants
//! back.
//!
//! # Form
//! Whoever is taken in by another group starts with an acceptance `a` of 0. Once a week, of one who serves:
//!
//! ```text
//! a <- a + s (A - a)      s = min(1, a_t + a_v [voucher] + a_k [kin killed by the old group] + a_w wounds)
//! ```
//!
//! with the wounds of that week, and `A` below 1: nobody is wholly accepted, and nobody at once. Acceptance
//! decides four things:
//!
//! ```text
//! arrest          h_a suspicion (1 - a)
//! rank            while a < A_r he commands only where nobody else can
//! exit            + b_a (1 - a) on the log-hazard, in the block cohesion
//! kin at home     hazard of harm by the old group times (1 - a_s a): neighbours shelter them
//! ```
//!
//! Once a week too, a deserter whose old group stands within `exits.host_reach_km` of his home goes back to it with the
//! hazard
//!
//! ```text
//! h_w sig(L - L_w) F / (F + F_enemies)      a month
//! ```
//!
//! with `L` his conviction when he left and `F` the active members of the group and of its enemies. Off by
//! default: then suspicion alone follows a newcomer, and nobody comes back.
//!
//! # Source
//! Kao & Revkin (2021), Godefroidt & Langer (2023) for what counts with neighbours; Mironova, Alhamad & Whitt
//! (2020) on fighters who left: some of committed mind want back, and the weakness of their group keeps
//! them away. All magnitudes are judgement.

use crate::ids::{GroupId, Row};
use crate::maths::{logistic, weekly_probability};
use crate::model::Model;
use crate::movement;
use crate::muster::{self, Event};
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::relations::group_sizes;
use crate::setup::Mechanism;
use crate::state::Acceptance;
use crate::tables::{AllegianceKind, Rank, Standing};

parameters! {
    /// Acceptance by a new side, and return to the old one.
    pub struct AcceptanceParameters = "acceptance" {
        /// The most that a newcomer is accepted.
        ceiling: "A", "share", 0.8 in 0.5..0.95, Judgement, "nobody is wholly accepted; no number exists";
        /// Share of the way to it that a week in service goes.
        by_time: "a_t", "share", 0.01 in 0.002..0.05, Judgement, "no number exists; half of the way in a year and a half";
        /// What a voucher on arrival adds to that.
        by_voucher: "a_v", "share", 0.02 in 0.0..0.1, Judgement, "sign: Godefroidt & Langer 2023";
        /// What kin killed by the old group add.
        by_kin_killed: "a_k", "share", 0.02 in 0.0..0.1, Judgement, "sign: Kao & Revkin 2021";
        /// What a wound in the service of the new side adds, in its week.
        by_wound: "a_w", "share", 0.3 in 0.1..0.6, Judgement, "a costly signal; no number exists";
        /// Acceptance below which nobody commands while another can.
        command_from: "A_r", "share", 0.5 in 0.2..0.8, Judgement, "no number exists";
        /// Rise of the log-hazard of exit for one who isn't accepted at all.
        rejection: "b_a", "log-hazard", 0.5 in 0.0..1.5, Judgement, "no number exists";
        /// Share of the harm to kin that neighbours avert for one who is wholly accepted.
        shelter: "a_s", "share", 0.5 in 0.0..0.9, Judgement, "no number exists";
        /// Hazard that a deserter of full conviction goes back to a group without enemies.
        return_per_month: "h_w", "1/month", 0.05 in 0.01..0.2 off 0.0, Judgement, "sign: Mironova, Alhamad & Whitt 2020";
        /// Conviction at which that hazard is half of it.
        committed_from: "L_w", "log-odds", 1.5 in 0.0..3.0, Judgement, "about belief.conviction_mean; no number exists";
    }
}

/// Acceptance after a week that goes a share of the way to the ceiling.
fn step(level: f64, share: f64, ceiling: f64) -> f64 {
    level + share.min(1.0) * (ceiling - level)
}

/// A newcomer is known for how he came.
pub(crate) fn begin(model: &mut Model<'_>, row: Row, is_vouched: bool, lost_kin: bool) {
    if model.runs(Mechanism::Acceptance) {
        let (day, n_wounds) = (model.day, model.people.at(row).n_wounds);
        model.people.mind_mut(row).acceptance = Some(Acceptance { level: 0.0, is_vouched, lost_kin, n_wounds, day });
    }
}

/// How far a newcomer is accepted; none of anyone else.
pub(crate) fn level(model: &Model<'_>, row: Row) -> Option<f64> {
    model.people.mind(row).acceptance.map(|acceptance| acceptance.level)
}

/// What the lack of it adds to the log-hazard of exit; it never grows until he
/// comes to another group.
pub(crate) fn rejection(model: &Model<'_>, row: Row) -> f64 {
    level(model, row).map_or(0.0, |level| model.world.setup.parameters.acceptance.rejection * (1.0 - level))
}

/// Whether nothing speaks against a member's taking command.
pub(crate) fn may_command(model: &Model<'_>, row: Row) -> bool {
    level(model, row).is_none_or(|level| level >= model.world.setup.parameters.acceptance.command_from)
}

/// Factor on the hazard that kin of a leaver are harmed.
pub(crate) fn exposure_of_kin(model: &Model<'_>, row: Row) -> f64 {
    level(model, row).map_or(1.0, |level| 1.0 - model.world.setup.parameters.acceptance.shelter * level)
}

/// Once a week newcomers are accepted a little more, and leavers go back or don't.
#[inline(never)]
pub(crate) fn review(model: &mut Model<'_>) {
    if !model.runs(Mechanism::Acceptance) || !model.ends_week() {
        return;
    }
    for at in 0..model.newcomers.len() {
        accept(model, model.newcomers[at]);
    }
    let sizes = group_sizes(model);
    for at in 0..model.leavers.len() {
        let row = model.leavers[at];
        if let Some(group) = wants_back(model, row, &sizes) {
            come_back(model, row, group);
        }
    }
}

fn accept(model: &mut Model<'_>, row: Row) {
    let parameters = &model.world.setup.parameters.acceptance;
    let state = model.people.at(row);
    let (day, n_wounds, serves) = (model.day, state.n_wounds, state.standing == Standing::Active);
    let Some(acceptance) = &mut model.people.mind_mut(row).acceptance else { return };
    // Who came over twice is listed twice.
    if !serves || acceptance.day == day {
        return;
    }
    let sum = parameters.by_time
        + if acceptance.is_vouched { parameters.by_voucher } else { 0.0 }
        + if acceptance.lost_kin { parameters.by_kin_killed } else { 0.0 }
        + parameters.by_wound * f64::from(n_wounds - acceptance.n_wounds);
    (acceptance.level, acceptance.n_wounds, acceptance.day) =
        (step(acceptance.level, sum, parameters.ceiling), n_wounds, day);
}

/// The group that a deserter goes back to this week.
fn wants_back(model: &Model<'_>, row: Row, sizes: &[u32]) -> Option<GroupId> {
    let parameters = &model.world.setup.parameters.acceptance;
    let u = model.draws.uniform(Purpose::WantsBack, model.people.number[row.idx()].0, model.day, 0);
    if u >= weekly_probability(parameters.return_per_month) {
        return None;
    }
    let state = model.people.at(row);
    let old =
        state.old_group.filter(|&old| state.standing == Standing::Deserter && model.groups.is_alive[old.idx()])?;
    let home = state.home?;
    let own = f64::from(sizes[old.idx()]);
    let enemies: f64 = model.groups.enemies_at(home, old).map(|other| f64::from(sizes[other.idx()])).sum();
    let committed = logistic(model.people.mind(row).conviction_on_leaving - parameters.committed_from);
    let hazard = parameters.return_per_month * committed * own / (own + enemies).max(1.0);
    let reach_km = model.world.setup.parameters.exits.host_reach_km;
    (u < weekly_probability(hazard) && movement::stands_within(model, old, home, reach_km)).then_some(old)
}

fn come_back(model: &mut Model<'_>, row: Row, group: GroupId) {
    let Some(home) = model.people.at(row).home else { return };
    let unit = muster::unit_near(model, group, home);
    let event = Event { place: Some(home), to_group: Some(group), ..Event::default() };
    let mut entry = muster::allegiance_row(model, row, AllegianceKind::Join, None, event);
    muster::enlist(model, row, unit, Rank::RankAndFile);
    entry.unit = Some(unit);
    entry.conviction = Some(crate::belief::conviction_now(model, row));
    model.records.allegiance.push(entry);
    model.groups.tally[group.idx()].joined += 1;
}

#[cfg(test)]
mod tests {
    use super::{begin, step};
    use crate::dense::worlds::small_war;
    use crate::ids::UnitId;
    use crate::model::Model;
    use crate::muster::{Event, die};
    use crate::setup::Mechanism;
    use crate::tables::Outcome;
    use crate::world::World;

    /// Which member of the first unit commands it after the commander's death, where
    /// the second came over from an enemy.
    fn successor(acceptance_of_second: f64) -> Option<usize> {
        let mut setup = small_war();
        setup.switches.set(Mechanism::Acceptance, true);
        let world = World::build(setup);
        let mut model = Model::new(&world, 0);
        let members = model.units.at(UnitId(0)).members.clone();
        begin(&mut model, members[1], false, false);
        if let Some(acceptance) = &mut model.people.mind_mut(members[1]).acceptance {
            acceptance.level = acceptance_of_second;
        }
        die(&mut model, members[0], Outcome::Combat, Event::default());
        let commander = model.units.at(UnitId(0)).commander;
        members.iter().position(|&member| Some(member) == commander)
    }

    #[test]
    fn who_is_not_accepted_is_passed_over_for_command() {
        assert_eq!(successor(0.1), Some(2));
        assert_eq!(successor(0.6), Some(1));
    }

    #[test]
    fn acceptance_goes_the_way_of_its_closed_form_and_never_arrives() {
        let (share, ceiling) = (0.1, 0.8);
        let mut level = 0.0;
        for week in 1..200 {
            level = step(level, share, ceiling);
            let closed = ceiling * (1.0 - (0..week).fold(1.0, |left, _| left * (1.0 - share)));
            assert!((level - closed).abs() < 1e-12 && level < ceiling);
        }
        assert!(step(0.2, 0.3, ceiling) > step(0.2, 0.1, ceiling), "each signal speeds it up");
        assert!((step(0.2, 7.0, ceiling) - ceiling).abs() < 1e-12, "and no number of them passes the ceiling");
    }
}
