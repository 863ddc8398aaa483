//! An assault, from contact to nightfall: in one watch, or in two with the
//! day's decisions between them.
//!
//! # Form
//! Contact settles who attacks with whom. With the mechanism off, all that follows happens at once. With
//! it on, the first watch costs each side the share `w_1` of its losses, dealt as they would fall if the
//! day ended as it stands, and most of the civilians who die (`1 / w_1` for each fighter killed so far).
//! Then word spreads, and those who hear it decide: they complain, leave, come over, join the guard. The
//! second watch is fought with who is there then, by the same contest and the same luck:
//!
//! ```text
//! attackers win if u < P(A', D')      u as drawn at contact; A', D' as they stand at the second watch
//! ```
//!
//! so that where nobody came or left between the watches, the outcome is that of one watch, but for the
//! losses of the first. Whoever came to a unit of the defenders since the morning stands in its line if he
//! was in that place, else with probability `exp(-km / d_w)`. A rested unit of the defenders or of their
//! allies within `operations.reach_km` comes to their relief with probability `p_w`; local defenders never
//! do. The rest of the losses falls then, prisoners are taken, and the place changes hands at nightfall.
//!
//! # Source
//! None gives the course of a day in numbers. Assaults of hours to days with pauses, and men who went
//! over in the middle of them, are documented (evidence A12, A9); the form is judgement.

use crate::branch;
use crate::combat::{Blow, Losses, Side, contest, deal_losses};
use crate::harm::{self, Harm};
use crate::ids::{GroupId, IncidentId, PlaceId, Row, UnitId};
use crate::information::advantage;
use crate::maths::exp;
use crate::model::Model;
use crate::movement;
use crate::operations::{defender_multiplier, gather_defenders, is_rested};
use crate::parameters::parameters;
use crate::random::{Purpose, Stream};
use crate::records::{self, Course, NewIncident};
use crate::settlement;
use crate::setup::Mechanism;
use crate::tables::IncidentKind;
use crate::targets;

parameters! {
    /// An assault in two watches.
    pub struct WatchParameters = "watches" {
        /// Share of a side's losses that falls in the first watch.
        first_share: "w_1", "share", 0.4 in 0.2..0.7 within 0.05..0.95, Judgement, "no number exists";
        /// Distance at which a newcomer reaches the line before dark with probability 1/e.
        newcomer_km: "d_w", "km", 5.0 in 2.0..15.0 within 0.1..100.0, Judgement, "an hour or two on foot under fire; no number exists";
        /// Probability that a rested unit of the defenders or their allies in reach comes to the second watch.
        p_relief: "p_w", "probability", 0.15 in 0.0..0.5, Judgement, "no number exists; half of operations.p_join_ally, which has a morning to gather";
    }
}

/// Who attacks whom, and where.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Assault {
    pub(crate) group: GroupId,
    /// The group that most of the defenders belong to.
    pub(crate) target: GroupId,
    pub(crate) place: PlaceId,
}

/// An assault in progress.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Battle {
    assault: Assault,
    incident: IncidentId,
    /// The draw that decides who wins.
    luck: f64,
    /// The chance of the attackers as it stands.
    p_win: f64,
    /// How many of a side can come to grips.
    front_members: f64,
    /// Shares that the attackers and the defenders lose in dead if the day ends as it stands.
    killed_shares: [f64; 2],
    attackers: Side,
    defenders: Side,
}

/// What the two sides lost: attackers, defenders.
type LossesOfSides = [Losses; 2];

/// What part of an assault is fought.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Watch {
    /// All of it.
    Whole,
    First,
    Second,
}

impl Battle {
    fn won(&self) -> bool {
        self.luck < self.p_win
    }

    /// Whether there is anybody to fight. A place that nobody defends is walked
    /// into: no losses, no prisoners. It is an assault all the same, because its
    /// people see who takes it.
    fn is_fought(&self) -> bool {
        !self.attackers.engaged.is_empty() && !self.defenders.engaged.is_empty()
    }

    fn draw_killed_shares(&mut self, model: &Model<'_>, mut stream: Stream) {
        let parameters = &model.world.setup.parameters.combat;
        let won = self.won();
        self.killed_shares = [won, !won].map(|is_winner| {
            let mean = if is_winner { parameters.killed_share_winner } else { parameters.killed_share_loser };
            stream.beta(mean, parameters.loss_concentration).min(parameters.break_share)
        });
    }
}

/// The chance of the attackers with who is there; none without anybody.
fn chance_of_attackers(model: &Model<'_>, assault: Assault, attackers: &Side, defenders: &Side) -> f64 {
    let Assault { group, target, place } = assault;
    if attackers.engaged.is_empty() {
        return 0.0;
    }
    let strength = attackers.strength(model, place) * advantage(model, group, defenders);
    let resistance = defenders.strength(model, place)
        * defender_multiplier(model, group, place)
        * advantage(model, target, attackers);
    contest(strength, resistance, model.world.setup.parameters.combat.decisiveness)
}

/// Two sides meet: all of the assault, or its first watch.
pub(crate) fn meet(model: &mut Model<'_>, assault: Assault, attackers: Side, defenders: Side) {
    let Assault { group, place, .. } = assault;
    if branch::takes_out_assault(model, group, place) {
        return;
    }
    let p_win = chance_of_attackers(model, assault, &attackers, &defenders);
    let incident = records::open_incident(model, IncidentKind::Assault, group, place);
    let address = model.incident_facts[incident.idx()].address;
    let mut stream = model.draws.stream(Purpose::Combat, address, model.day, u32::from(group.0));
    let luck = stream.uniform();
    let front_members = targets::front_members(model, group, place);
    let killed_shares = [0.0; 2];
    let mut battle = Battle { assault, incident, luck, p_win, front_members, killed_shares, attackers, defenders };
    battle.draw_killed_shares(model, stream);
    let watch = if model.runs(Mechanism::Watches) { Watch::First } else { Watch::Whole };
    let lost = deal(model, &battle, watch);
    open_fire(model, &battle, watch, lost);
    if watch == Watch::First {
        model.today.battles.push(battle);
    } else {
        end(model, &battle, lost);
    }
}

/// Civilians die, units are committed, and the incident is there to be told.
fn open_fire(model: &mut Model<'_>, battle: &Battle, watch: Watch, lost: LossesOfSides) {
    let Assault { group, target, place } = battle.assault;
    // Civilians die by how much was fought, not by who won; those of the second watch
    // have fled or are in their cellars.
    let fighters_killed: u32 = lost.iter().map(|side| side.killed).sum();
    let first_share = if watch == Watch::First { model.world.setup.parameters.watches.first_share } else { 1.0 };
    let harm = Harm { incident: battle.incident, perpetrator: group, place };
    let victims = harm::kill_bystanders(model, harm, f64::from(fighters_killed) / first_share);
    model.places.assault_day[place.idx()] = Some(model.day);
    for &unit in battle.attackers.units.iter().chain(&battle.defenders.units) {
        model.units.at_mut(unit).acted_day = Some(model.day);
    }
    let new = NewIncident {
        target: Some(target),
        n_attackers: battle.attackers.engaged.len() as u32,
        n_defenders: battle.defenders.engaged.len() as u32,
        course: course(battle, lost),
        victims,
        // Allies who helped aren't witnesses of what the group did.
        participants: battle
            .attackers
            .engaged
            .iter()
            .copied()
            .filter(|&row| model.people.at(row).group == Some(group))
            .collect(),
        ..NewIncident::default()
    };
    records::close_incident(model, battle.incident, new);
}

/// How an assault went, as it stands. Executions are an incident of their own.
fn course(battle: &Battle, [of_attackers, of_defenders]: LossesOfSides) -> Course {
    Course {
        p_attackers_win: Some(battle.p_win),
        attackers_won: battle.won(),
        dead_perpetrator: of_attackers.killed,
        dead_target: of_defenders.killed,
        n_wounded: of_attackers.wounded + of_defenders.wounded,
        n_prisoners: of_attackers.captured + of_defenders.captured,
    }
}

/// The second watch of every assault of the day, and its end.
#[inline(never)]
pub(crate) fn fight_on(model: &mut Model<'_>) {
    let entered = sorted(&model.today.entered);
    for battle in std::mem::take(&mut model.today.battles) {
        fight_second_watch(model, battle, &entered);
    }
}

fn fight_second_watch(model: &mut Model<'_>, mut battle: Battle, entered: &[(Row, PlaceId)]) {
    let Assault { group, place, .. } = battle.assault;
    let had_won = battle.won();
    let before = [&battle.attackers, &battle.defenders].map(|side| sorted(&side.engaged));
    battle.attackers.units.retain(|unit| !model.today.gave_up.contains(unit));
    battle.attackers = Side::of_units(model, &battle.attackers.units);
    battle.defenders = gather_defenders(model, group, place);
    battle.defenders.engaged.retain(|&row| is_in_line(model, entered, row, place));
    let relief = gather_relief(model, battle.assault);
    battle.defenders.engaged.extend(&relief.engaged);
    let n_new = |side: &Side, before: &[Row]| {
        side.engaged.iter().filter(|row| before.binary_search(row).is_err()).count() as u32
    };
    let n_newcomers = (n_new(&battle.attackers, &before[0]), n_new(&battle.defenders, &before[1]));
    battle.p_win = chance_of_attackers(model, battle.assault, &battle.attackers, &battle.defenders);
    if battle.won() != had_won {
        let address = model.incident_facts[battle.incident.idx()].address;
        let stream = model.draws.stream(Purpose::SecondWatch, address, model.day, u32::from(group.0));
        battle.draw_killed_shares(model, stream);
    }
    let lost = deal(model, &battle, Watch::Second);
    for &unit in battle.defenders.units.iter().chain(&relief.units) {
        model.units.at_mut(unit).acted_day = Some(model.day);
    }
    records::amend_incident(model, battle.incident, n_newcomers, course(&battle, lost));
    end(model, &battle, lost);
}

/// The same in order, to look up in.
fn sorted<T: Copy + Ord>(list: &[T]) -> Vec<T> {
    let mut list = list.to_vec();
    list.sort_unstable();
    list
}

/// Whether a member of the garrison stands in its line: a newcomer from
/// elsewhere may come too late.
fn is_in_line(model: &Model<'_>, entered: &[(Row, PlaceId)], row: Row, place: PlaceId) -> bool {
    let Ok(at) = entered.binary_search_by_key(&row, |&(row, _)| row) else { return true };
    let from = entered[at].1;
    let km = model.world.geography.distance_km(place, from);
    let p_reaches = km.map_or(0.0, |km| exp(-km / model.world.setup.parameters.watches.newcomer_km));
    from == place
        || model.draws.chance(p_reaches, Purpose::ReachLine, model.people.at(row).person.0, model.day, place.0)
}

/// Rested units in reach, of the defenders' group and its allies, that come to
/// the second watch.
fn gather_relief(model: &Model<'_>, assault: Assault) -> Side {
    let Assault { group, target, place } = assault;
    let setup = &model.world.setup;
    let (p_relief, reach_km) = (setup.parameters.watches.p_relief, setup.parameters.operations.reach_km);
    let comes = |unit: UnitId| {
        let other = model.units.at(unit).group;
        model.groups.allied_at(place, target, other)
            && model.groups.at_war_at(place, group, other)
            && !setup.kind_of(other).stays_home
            && is_rested(model, unit)
            && model.draws.chance(p_relief, Purpose::Relief, unit.0, model.day, place.0)
    };
    let mut relief = Side::default();
    for near in &model.world.geography.within(place, reach_km)[1..] {
        for &unit in model.units.of_place[near.place.idx()].iter().filter(|&&unit| comes(unit)) {
            relief.add(model, unit);
        }
    }
    relief
}

/// Deals the losses of a watch to both sides, the defenders first.
fn deal(model: &mut Model<'_>, battle: &Battle, watch: Watch) -> LossesOfSides {
    let Assault { group, target, place } = battle.assault;
    let first_share = model.world.setup.parameters.watches.first_share;
    let (share, purpose) = match watch {
        Watch::Whole => (1.0, Purpose::Casualty),
        Watch::First => (first_share, Purpose::Casualty),
        Watch::Second => (1.0 - first_share, Purpose::SecondCasualty),
    };
    if !battle.is_fought() {
        return LossesOfSides::default();
    }
    let [of_attackers, of_defenders] = if watch == Watch::First { [0.0; 2] } else { captured_shares(model, battle) };
    let blow = |nth: usize, captor, captured_share| {
        let killed_share = battle.killed_shares[nth] * share;
        let Battle { incident, front_members, .. } = *battle;
        Blow { incident, place, captor, killed_share, captured_share, front_members, purpose }
    };
    let lost_by_defenders = deal_losses(model, &battle.defenders, blow(1, group, of_defenders));
    let lost_by_attackers = deal_losses(model, &battle.attackers, blow(0, target, of_attackers));
    [lost_by_attackers, lost_by_defenders]
}

/// Shares of the attackers and the defenders taken prisoner: of the beaten, and
/// more of them where they had nowhere to go.
fn captured_shares(model: &Model<'_>, battle: &Battle) -> [f64; 2] {
    let parameters = &model.world.setup.parameters.combat;
    let Assault { target, place, .. } = battle.assault;
    if !battle.won() {
        // Attackers came from somewhere and can go back there, so they are never cut off.
        return [parameters.captured_share_loser, 0.0];
    }
    // Before control changes hands.
    let is_cut_off = movement::line_of_retreat(model, target, place).is_none();
    [0.0, if is_cut_off { parameters.captured_share_cut_off } else { parameters.captured_share_loser }]
}

/// Who won holds the ground, and prisoners meet their fate.
fn end(model: &mut Model<'_>, battle: &Battle, [of_attackers, of_defenders]: LossesOfSides) {
    let Assault { group, target, place } = battle.assault;
    if battle.won() {
        take_place(model, group, place, &battle.attackers, &battle.defenders);
    }
    report_executions(model, place, group, target, of_defenders);
    report_executions(model, place, target, group, of_attackers);
}

/// The winner's first unit stays and the beaten fall back; control passes at
/// nightfall, so that whoever decides today decides while the fight is on.
fn take_place(model: &mut Model<'_>, group: GroupId, place: PlaceId, attackers: &Side, defenders: &Side) {
    model.today.captures.push((place, group));
    let own_unit = attackers.units.iter().copied().find(|&unit| model.units.at(unit).group == group);
    if let Some(unit) = own_unit {
        model.units.move_to(unit, place);
    }
    if model.runs(Mechanism::Settlement) {
        for &unit in &defenders.units {
            let state = model.units.at(unit);
            if state.n_active > 0 {
                settlement::note_setback(model, state.group, place);
            }
        }
    }
    movement::retreat(model, &defenders.units, place);
}

/// Prisoners executed after an assault are an incident of their own.
fn report_executions(model: &mut Model<'_>, place: PlaceId, captor: GroupId, of: GroupId, losses: Losses) {
    if losses.executed == 0 {
        return;
    }
    let incident = records::open_incident(model, IncidentKind::Execution, captor, place);
    let new = NewIncident {
        target: Some(of),
        n_defenders: losses.captured,
        course: Course::unopposed(losses.executed),
        n_executed: losses.executed,
        ..NewIncident::default()
    };
    records::close_incident(model, incident, new);
}
