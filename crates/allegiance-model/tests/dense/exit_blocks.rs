//! The hazards of exit: what each block adds to the log-hazard of each kind.

use super::Dense;
use crate::ids::{GroupId, IncidentId, PersonId, UnitId};
use crate::maths::{exp, half_life_factor, ln, logistic};
use crate::setup::{ExitTheory, Mechanism};
use crate::tables::{Allegiance, Cause, ExitKind};

/// A value for each kind of exit, in the order of [`ExitKind::ALL`].
pub(super) type PerKind = [f64; ExitKind::ALL.len()];

/// A block with its plain formula, for a member of a unit with these members.
pub(super) struct Block {
    pub(super) cause: Cause,
    value: fn(&Dense<'_>, PersonId, &[PersonId]) -> PerKind,
    pub(super) column: fn(&mut Allegiance) -> &mut Option<f64>,
}

fn same(value: f64) -> PerKind {
    [value; ExitKind::ALL.len()]
}

/// The blocks, in the order in which the logarithm of a hazard is summed.
pub(super) static BLOCKS: [Block; 8] = [
    Block {
        cause: Cause::Belief,
        value: |dense, person, _| same(dense.belief_block(person)),
        column: |row| &mut row.block_belief,
    },
    Block {
        cause: Cause::KinAndHome,
        value: |dense, person, _| dense.kin_and_home_block(person),
        column: |row| &mut row.block_kin_and_home,
    },
    Block {
        cause: Cause::Opportunity,
        value: |dense, person, _| dense.opportunity_block(person),
        column: |row| &mut row.block_opportunity,
    },
    Block {
        cause: Cause::Deterrence,
        value: |dense, person, _| same(dense.deterrence_block(person) + dense.kin_fear_block(person)),
        column: |row| &mut row.block_deterrence,
    },
    Block {
        cause: Cause::Material,
        value: |dense, person, _| same(dense.material_block(person)),
        column: |row| &mut row.block_material,
    },
    Block {
        cause: Cause::Prospects,
        value: |dense, person, _| same(dense.prospects_block(person)),
        column: |row| &mut row.block_prospects,
    },
    Block {
        cause: Cause::Cascade,
        value: |dense, person, members| same(dense.cascade_block(person, members)),
        column: |row| &mut row.block_cascade,
    },
    Block {
        cause: Cause::Cohesion,
        value: |dense, person, members| same(dense.cohesion_block(person, members)),
        column: |row| &mut row.block_cohesion,
    },
];
/// Half-life, in days, with which the exits of peers fade from attention.
const EXIT_MEMORY_DAYS: f64 = 30.0;
/// The largest absolute homogeneity.
const MAX_HOMOGENEITY: f64 = 2.0;

/// Which blocks a theory of exit holds to move the hazards (MODEL.md 6).
pub(super) fn is_active(theory: ExitTheory, block: Cause) -> bool {
    match theory {
        ExitTheory::Conviction => block == Cause::Belief,
        ExitTheory::KinAndHome => matches!(block, Cause::KinAndHome | Cause::Opportunity),
        ExitTheory::ControlAndFear => matches!(block, Cause::Opportunity | Cause::Deterrence),
        ExitTheory::Material => matches!(block, Cause::Material | Cause::Prospects),
        ExitTheory::Cascade => matches!(block, Cause::Cascade | Cause::Cohesion),
        ExitTheory::Full => true,
        ExitTheory::Constant => false,
    }
}

/// A member's hazards on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hazards {
    /// Hazard a month of each kind of exit.
    pub(super) per_month: PerKind,
    /// What each block adds to the log-hazard of each kind.
    pub(super) blocks: [PerKind; BLOCKS.len()],
}

/// A ratio of hazards as a difference of log-hazards.
fn log(ratio: f64) -> f64 {
    ln(ratio.max(1e-9))
}

/// The same for harm, which can't keep anybody from leaving.
fn log_of_harm(ratio: f64) -> f64 {
    ln(ratio.max(1.0))
}

impl Dense<'_> {
    /// The hazards of a member of a unit with these members.
    pub(super) fn hazards(&self, person: PersonId, members: &[PersonId]) -> Hazards {
        let theory = self.world.setup.theory.exit;
        let value = |block: &Block| {
            if is_active(theory, block.cause) { (block.value)(self, person, members) } else { same(0.0) }
        };
        let blocks = BLOCKS.each_ref().map(value);
        let parameters = &self.world.setup.parameters.exits;
        let mut per_month =
            [parameters.desertion_per_month, parameters.defection_per_month, parameters.departure_per_month];
        for (kind, per_month) in per_month.iter_mut().enumerate() {
            *per_month *= exp(blocks.iter().map(|block| block[kind]).sum());
        }
        Hazards { per_month, blocks }
    }

    /// The group of a member.
    pub(super) fn group_of(&self, person: PersonId) -> GroupId {
        self.person(person).group.expect("a member has a group")
    }

    /// The unit of a member.
    pub(super) fn unit_of(&self, person: PersonId) -> UnitId {
        self.person(person).unit.expect("a member has a unit")
    }

    /// `ln HR_L (L - L0) + (m_I - m_I0) / s_I [sig(L) ln OR_0 + sig(-L) ln OR_1]`.
    fn belief_block(&self, person: PersonId) -> f64 {
        let all = &self.world.setup.parameters;
        let mean = all.belief.conviction_mean;
        let above = self.conviction(person) - mean;
        let broken = logistic(-(above + mean));
        let odds = (1.0 - broken) * log(all.exits.ideologue_odds_kept) + broken * log(all.exits.ideologue_odds_broken);
        let ideology = self.person(person).motives.ideology;
        log(all.exits.conviction_hazard_ratio) * above
            + (ideology - all.exits.ideology_reference) / all.exits.ideology_span.max(0.01) * odds
    }

    /// Harm by the own group to home and kin, fading and eased by a settlement.
    fn kin_and_home_block(&self, person: PersonId) -> PerKind {
        let all = &self.world.setup.parameters;
        let p = &all.exits;
        let state = self.person(person);
        let eased = if state.settled_until > self.day { 1.0 - all.voice.settled_share } else { 1.0 };
        let fresh = |since: Option<(u32, IncidentId)>, half_life_days: f64| {
            since.map_or(0.0, |(day, _)| half_life_factor(f64::from(self.day - day), half_life_days))
        };
        let home = eased * fresh(state.home_attacked, p.home_memory_days);
        let kin = eased * fresh(state.kin_killed, p.kin_memory_days);
        let of = |home_ratio, kin_ratio| log_of_harm(home_ratio) * home + log_of_harm(kin_ratio) * kin;
        let desertion = of(p.home_attacked_desertion, p.kin_killed_desertion);
        [desertion, of(p.home_attacked_defection, p.kin_killed_defection), desertion]
    }

    /// On leave, under whose control the home is, no home to go to, radio.
    fn opportunity_block(&self, person: PersonId) -> PerKind {
        let p = &self.world.setup.parameters.exits;
        let group = self.group_of(person);
        let radio = [self.radio(group), 0.0, 0.0];
        let chance = match (self.person(person).home, self.person(person).is_foreign) {
            (None, true) => [log(p.foreign_desertion), log(p.foreign_defection), 0.0],
            (None, false) => same(0.0),
            (Some(home), _) => {
                let on_leave = f64::from(u8::from(self.is_on_leave(person)));
                let of = |leave, home_held| log(leave) * on_leave + log(home_held) * self.share(home, group);
                let desertion = of(p.leave_desertion, p.home_held_desertion);
                [desertion, of(p.leave_defection, p.home_held_defection), desertion]
            }
        };
        std::array::from_fn(|kind| chance[kind] + radio[kind])
    }

    /// Fear of capture where the member is, around the first perception.
    fn deterrence_block(&self, person: PersonId) -> f64 {
        if !self.runs(Mechanism::Deterrence) {
            return 0.0;
        }
        let all = &self.world.setup.parameters;
        let (group, unit) = (self.group_of(person), self.unit_of(person));
        let place = self.whereabouts(person).unwrap_or(self.unit(unit).place);
        let here = self.p_capture(group, place) / all.deterrence.p_capture_deep.max(1e-9);
        let perceived = self.safe_passage(group, all.interventions.safe_passage_perceived);
        let passage = perceived / self.safe_passage(group, all.interventions.safe_passage_capture).max(1e-9);
        let risk = self.perceived_risk(unit) * here * passage;
        -all.exits.fear_weight * (risk - all.deterrence.perceived_risk)
    }

    /// Fear for kin who live under the own group.
    fn kin_fear_block(&self, person: PersonId) -> f64 {
        let Some(home) = self.person(person).home else { return 0.0 };
        if !self.runs(Mechanism::Deterrence) {
            return 0.0;
        }
        let group = self.group_of(person);
        let n_known = f64::from(self.places[home.idx()].kin_reprisals[group.idx()]);
        let risk = self.kin_risk(n_known) - self.kin_risk(0.0);
        -self.world.setup.parameters.exits.kin_fear_weight * self.share(home, group) * risk
    }

    /// Pay against the alternative, and pay lost, by material motive.
    fn material_block(&self, person: PersonId) -> f64 {
        let p = &self.world.setup.parameters.exits;
        let state = self.person(person);
        let group = self.group_of(person);
        let spec = &self.world.setup.groups[group.idx()];
        let local_pay = self.pay_usd(group);
        let cut = ln((spec.pay_usd_per_month.max(10.0) / local_pay.max(10.0)).max(1.0));
        let mut pay = local_pay;
        if state.is_foreign && spec.pay_usd_per_month > 0.0 {
            pay = local_pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month;
        }
        let log_ratio = ln(pay.max(10.0) / p.alternative_pay_usd.max(10.0));
        (p.pay_cut_weight * cut - p.pay_weight * log_ratio) * state.motives.material / p.material_reference.max(0.01)
    }

    /// Territory that the group loses.
    fn prospects_block(&self, person: PersonId) -> f64 {
        let momentum = self.groups[self.group_of(person).idx()].momentum;
        let p = &self.world.setup.parameters.exits;
        log(p.decline_hazard_ratio) * (-momentum / p.decline_share.max(0.01)).clamp(-1.0, 2.0)
    }

    /// Whether the share of known exits passes the member's threshold.
    fn cascade_block(&self, person: PersonId, members: &[PersonId]) -> f64 {
        let n_active = members.iter().filter(|&&member| self.person(member).is_active()).count();
        let exits = self.exits_remembered(self.unit_of(person));
        let share = exits / (exits + n_active as f64).max(1.0);
        if share >= self.person(person).exit_threshold { self.world.setup.parameters.exits.peer_weight } else { 0.0 }
    }

    /// Known exits of a unit, each fading from the day on which it was known.
    fn exits_remembered(&self, unit: UnitId) -> f64 {
        let fade = |exits: f64, from: u32, to: u32| exits * half_life_factor(f64::from(to - from), EXIT_MEMORY_DAYS);
        let (mut exits, mut as_of) = (0.0, 0);
        for &day in self.unit(unit).exits_known.iter().filter(|&&day| day <= self.day) {
            exits = fade(exits, as_of, day) + 1.0;
            as_of = day;
        }
        fade(exits, as_of, self.day)
    }

    /// Homogeneity binds where unit and home agree, and loosens where they
    /// diverge.
    fn cohesion_block(&self, person: PersonId, members: &[PersonId]) -> f64 {
        let state = self.person(person);
        let is_home_hostile = state.home.is_some_and(|home| self.at_war(self.group_of(person), self.controller(home)));
        let is_aligned = state.home_attacked.is_none() && !is_home_hostile;
        let weighted = self.world.setup.parameters.exits.cohesion_weight * self.homogeneity(members);
        if is_aligned { -weighted } else { weighted }
    }

    /// The largest share of a unit from one subdistrict, in standard
    /// deviations above the mean.
    fn homogeneity(&self, members: &[PersonId]) -> f64 {
        let area = |person: PersonId| self.person(person).home.map(|home| self.world.area_of_place[home.idx()]);
        let homes: Vec<u32> = members.iter().filter_map(|&person| area(person)).collect();
        let n_from_there = |there: u32| homes.iter().filter(|&&area| area == there).count();
        let n_areas = self.world.setup.places.len() as u32;
        let most = (0..n_areas).map(n_from_there).max().unwrap_or(0);
        let local_share = most as f64 / members.len().max(1) as f64;
        let p = &self.world.setup.parameters.exits;
        ((local_share - p.homogeneity_mean) / p.homogeneity_sd.max(0.01)).clamp(-MAX_HOMOGENEITY, MAX_HOMOGENEITY)
    }
}
