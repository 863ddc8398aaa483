//! The outcome of an assault: who wins, who is killed, wounded and captured.
//!
//! # Form
//! ```text
//! P(attackers win) = A^m / (A^m + (D d')^m)       d' = 1 + (d - 1) (enemy control share)
//! ```
//!
//! with `A`, `D` the members present, each counting his group's discipline, times `h` in his own home.
//! The share killed on each side is `Beta` with mean `f_w` (winner) or `f_l` (loser) and concentration
//! `k_f`, at most `b`; `w` are wounded for each killed. Of the losers a share `f_c` is captured, or
//! `f_o` of defenders without a line of retreat. A prisoner is executed with the captor's share
//! (policies `prisoners_executed_share` and, for those of a state, `soldiers_executed_share`); if foreign, with
//! `foreign_prisoners_executed_share` or else at `x_f` times the odds; others are held for an exponential time of mean `t_p`, or as prisoners has it. The wounded
//! die of it with probability `p_dw`, within a mean of `t_dw` days, or return after a mean of `t_w`. Losses
//! fall on members at random: rank, skill and courage do not matter. No more than `n_f` of a side come
//! to grips: with more members present, its shares killed and captured shrink by `n_f / (present)`. A
//! place that was taken changes hands at nightfall.
//!
//! # Source
//! Contest success function: Tullock (1980), Hirshleifer (1989). Loss shares
//! and break points: Dupuy; McQuie (1987); Helmbold (1971); see evidence A12.

use crate::coercion;
use crate::exits;
use crate::ids::{GroupId, IncidentId, PlaceId, Row, UnitId};
use crate::maths::{ln, powf};
use crate::model::Model;
use crate::muster::{self, Event, die, record, set_standing};
use crate::parameters::parameters;
use crate::prisoners;
use crate::random::Purpose;
use crate::setup::{Mechanism, OperationsMode, Policy};
use crate::state::Due;
use crate::tables::{AllegianceKind, Outcome, Standing};
use crate::theory::{self, StateEvent};

parameters! {
    /// The outcome of an assault.
    pub struct CombatParameters = "combat" {
        /// Exponent of the contest success function.
        decisiveness: "m", "1", 1.5 in 1.0..2.5, Judgement, "evidence A12; Tullock 1980, Hirshleifer 1989";
        /// Fighting value of a defender in built-up ground relative to an attacker.
        defender_multiplier: "d", "1", 2.5 in 1.5..4.0, Sourced, "3:1 rule (evidence A12)";
        /// Fighting value of a member in his home place relative to elsewhere.
        home_multiplier: "h", "1", 1.2 in 1.0..1.5, Judgement, "evidence A12";
        /// Mean share of the winning side killed in an assault.
        killed_share_winner: "f_w", "share", 0.03 in 0.01..0.08, Judgement, "evidence A12: Dupuy-type losses, from memory";
        /// Mean share of the losing side killed in an assault.
        killed_share_loser: "f_l", "share", 0.08 in 0.03..0.2, Judgement, "evidence A12: McQuie 1987, from memory";
        /// Concentration of the beta distribution of loss shares.
        loss_concentration: "k_f", "1", 20.0 in 8.0..60.0 within 0.1..600.0, Judgement, "no number exists";
        /// Loss share at which a side breaks off; losses in one assault are capped there.
        break_share: "b", "share", 0.15 in 0.07..0.3, Judgement, "evidence A12: most units quit below 10-20% loss";
        /// Members of one side who can come to grips in one assault; the rest of a larger force bears no losses.
        front_members: "n_f", "persons", 300.0 in 100.0..1000.0, Judgement, "streets and villages hold no more; no number exists";
        /// Wounded for each killed.
        wounded_per_killed: "w", "1", 3.0 in 2.0..5.0, Sourced, "evidence A12: classic 3:1, field conditions 2.5-4";
        /// Probability that a wounded member dies of his wounds.
        p_death_of_wounds: "p_dw", "probability", 0.1 in 0.05..0.2, Judgement, "evidence A12";
        /// Mean days until a wounded member who dies of it does.
        death_of_wounds_days: "t_dw", "d", 5.0 in 1.0..14.0, Judgement, "evidence A12: within days; no number exists";
        /// Mean days until a wounded member returns to duty.
        recovery_days: "t_w", "d", 45.0 in 20.0..90.0, Judgement, "evidence A12: half back in 45 days";
        /// Mean share of the losing side taken prisoner.
        captured_share_loser: "f_c", "share", 0.05 in 0.01..0.2, Judgement, "no number exists";
        /// Share of a losing side without a line of retreat taken prisoner.
        captured_share_cut_off: "f_o", "share", 0.3 in 0.1..0.8, Judgement, "no number exists";
        /// Odds ratio of execution for a foreign prisoner.
        execution_foreign_factor: "x_f", "1", 2.0 in 1.0..5.0, Judgement, "evidence A8: 34 foreign prisoners shot by 7 Jan 2014";
        /// Mean days until a prisoner is exchanged or freed.
        detention_days: "t_p", "d", 60.0 in 15.0..180.0, Judgement, "no number exists";
    }
}

/// The chance that the first side wins a contest of two strengths; 1 where
/// nobody defends.
pub fn contest(attackers: f64, defenders: f64, decisiveness: f64) -> f64 {
    if defenders <= 0.0 {
        return 1.0;
    }
    if attackers <= 0.0 {
        return 0.0;
    }
    1.0 / (1.0 + powf(defenders / attackers, decisiveness))
}

/// One side of an assault: the units in it and the members present.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Side {
    pub(crate) units: Vec<UnitId>,
    pub(crate) engaged: Vec<Row>,
}

impl Side {
    /// Some units with their members who are on duty.
    pub(crate) fn of_units(model: &Model<'_>, units: &[UnitId]) -> Self {
        let mut side = Self::default();
        for &unit in units {
            side.add(model, unit);
        }
        side
    }

    /// Adds a unit with its members who are on duty.
    pub(crate) fn add(&mut self, model: &Model<'_>, unit: UnitId) {
        self.units.push(unit);
        self.engaged.extend(muster::members_on_duty(model, unit));
    }

    /// Fighting strength: members by the discipline of their group, more in
    /// their own home.
    pub(crate) fn strength(&self, model: &Model<'_>, place: PlaceId) -> f64 {
        let setup = &model.world.setup;
        self.engaged
            .iter()
            .map(|&row| {
                let state = model.people.at(row);
                let discipline = state.group.map_or(1.0, |group| model.groups.discipline[group.idx()]);
                let at_home = state.home == Some(place);
                discipline * if at_home { setup.parameters.combat.home_multiplier } else { 1.0 }
            })
            .sum()
    }
}

/// What one side lost.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Losses {
    pub(crate) killed: u32,
    pub(crate) wounded: u32,
    pub(crate) captured: u32,
    pub(crate) executed: u32,
}

/// How hard a side is hit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blow {
    /// The assault.
    pub(crate) incident: IncidentId,
    /// Where.
    pub(crate) place: PlaceId,
    /// The group that takes prisoners.
    pub(crate) captor: GroupId,
    /// Share killed.
    pub(crate) killed_share: f64,
    /// Share captured.
    pub(crate) captured_share: f64,
    /// How many of the side can come to grips.
    pub(crate) front_members: f64,
    /// What the draws are for.
    pub(crate) purpose: Purpose,
}

/// Deals a side's losses: one addressed draw decides the fate of each engaged
/// member.
pub(crate) fn deal_losses(model: &mut Model<'_>, side: &Side, blow: Blow) -> Losses {
    let parameters = &model.world.setup.parameters.combat;
    let at_grips = (blow.front_members / side.engaged.len().max(1) as f64).min(1.0);
    let captured_share = blow.captured_share * at_grips;
    let fact = &model.incident_facts[blow.incident.idx()];
    let (address, is_of_target) = (fact.address, fact.perpetrator == blow.captor);
    let mut losses = Losses::default();
    for &row in &side.engaged {
        // One draw for killed, wounded, captured or none, in this order: a higher share
        // killed makes a wounded man dead, and redraws nobody else's fate.
        let state = model.people.at(row);
        let coerced = state.group.map_or(1.0, |group| coercion::losses(model, group));
        let killed_share = blow.killed_share * at_grips * coerced;
        let wounded_share = killed_share * parameters.wounded_per_killed;
        let fate = model.draws.uniform(blow.purpose, state.person.0, model.day, address);
        if fate < killed_share {
            losses.killed += 1;
            die(model, row, Outcome::Combat, blow.event(None));
        } else if fate < killed_share + wounded_share {
            losses.wounded += 1;
            wound(model, row, blow.incident, is_of_target, blow.event(None));
        } else if fate < killed_share + wounded_share + captured_share {
            losses.captured += 1;
            losses.executed += u32::from(capture(model, row, blow));
        }
    }
    losses
}

impl Blow {
    fn event(&self, to_group: Option<GroupId>) -> Event {
        Event {
            place: Some(self.place),
            incident: Some(self.incident),
            to_group,
            by: Some(self.captor),
            is_on_leave: false,
        }
    }
}

/// Wounds a member, of the side that the incident was done to or of the other:
/// he recovers after a while, or dies of it within days; in a replay nobody
/// does, since the dead of a record are all who died of the event.
pub(crate) fn wound(model: &mut Model<'_>, row: Row, incident: IncidentId, is_of_target: bool, event: Event) {
    let parameters = &model.world.setup.parameters.combat;
    let mut stream = model.draws.stream(Purpose::Recovery, model.people.at(row).person.0, model.day, 0);
    let may_die = model.world.setup.mode == OperationsMode::Endogenous;
    let dies = stream.uniform() < parameters.p_death_of_wounds && may_die;
    let mean_days = if dies { parameters.death_of_wounds_days } else { parameters.recovery_days };
    // Exponential, from tomorrow on: what is due today has been carried out.
    let days = 1 + (-ln(stream.uniform()) * mean_days) as u32;
    if let Some(unit) = model.people.at(row).unit {
        exits::note_loss(model, unit);
    }
    set_standing(model, row, Standing::Wounded);
    model.people.at_mut(row).n_wounds += 1;
    theory::note(model, row, StateEvent::Wounded);
    let due = if dies { Due::DeathOfWounds { row, incident, is_of_target } } else { Due::Recovery(row) };
    model.standing_due.add(model.day.saturating_add(days), due);
    record(model, row, AllegianceKind::Wound, None, event);
    crate::arrival::credit_wound(model, row);
}

/// The share of prisoners that a captor executes today.
pub(crate) fn executed_share(model: &Model<'_>, captor: GroupId) -> f64 {
    model.groups.policy(captor, Policy::PrisonersExecuted).unwrap_or_default()
}

/// The chance that a prisoner is executed, by his captor's policy.
fn p_executed(model: &Model<'_>, row: Row, captor: GroupId) -> f64 {
    let setup = &model.world.setup;
    let state = model.people.at(row);
    let of = |policy| model.groups.policy(captor, policy);
    let is_soldier = state.group.is_some_and(|group| setup.kind_of(group).is_state);
    let of_soldiers = of(Policy::SoldiersExecuted).filter(|_| is_soldier);
    let p_local = of_soldiers.unwrap_or_else(|| executed_share(model, captor));
    if !state.is_foreign {
        return p_local;
    }
    // The factor is on the odds of local prisoners, so that the probability stays below 1.
    let odds = setup.parameters.combat.execution_foreign_factor * p_local;
    of(Policy::ForeignPrisonersExecuted).unwrap_or_else(|| odds / (1.0 - p_local + odds).max(1e-12))
}

/// Captures a member; returns whether he was executed.
fn capture(model: &mut Model<'_>, row: Row, blow: Blow) -> bool {
    let parameters = &model.world.setup.parameters.combat;
    let state = model.people.at(row);
    let p_executed = p_executed(model, row, blow.captor);
    let mut stream = model.draws.stream(Purpose::PrisonerFate, state.person.0, model.day, 0);
    let is_executed = stream.uniform() < p_executed;
    let days = 1 + (-ln(stream.uniform()) * parameters.detention_days) as u32;
    record(model, row, AllegianceKind::Imprisonment, None, blow.event(Some(blow.captor)));
    if is_executed {
        if let Some(group) = model.people.at(row).group {
            model.groups.tally[group.idx()].executed_by_enemy += 1;
        }
        die(model, row, Outcome::Executed, blow.event(Some(blow.captor)));
    } else {
        set_standing(model, row, Standing::Prisoner);
        model.people.at_mut(row).captor = Some(blow.captor);
        if model.runs(Mechanism::Prisoners) {
            prisoners::hold(model, row, blow.captor);
        } else {
            muster::hold_until(model, row, model.day.saturating_add(days), Due::Release(row));
        }
    }
    is_executed
}

#[cfg(test)]
mod tests {
    use super::contest;

    /// evidence A12: with m 1.5 and d 2.5, an attack at 1:1 wins 20%, at 2:1
    /// 42%, at 3:1 57%.
    #[test]
    fn the_contest_gives_the_odds_of_the_literature() {
        for (ratio, expected) in [(1.0, 0.20), (2.0, 0.42), (3.0, 0.57)] {
            assert!((contest(ratio, 2.5, 1.5) - expected).abs() < 0.005);
        }
        assert!((contest(3.0, 0.0, 1.5) - 1.0).abs() < 1e-12);
        assert!(contest(0.0, 3.0, 1.5).abs() < 1e-12);
    }
}
