//! Joining: competing hazards of men aged 15 to 40 for the groups in reach.
//!
//! Candidates are drawn by thinning: a place draws how many of its people
//! would join under an upper bound of the hazard, then who they are; each is
//! kept with the ratio of his own hazard to the bound. The cost follows the
//! number who join, not the number who live there.
//!
//! # Form
//! Idle men of 15-40 at home and in no group, for each recruiting group with a force within `d_j`:
//!
//! ```text
//! h = h_0 exp(a_s min(clan's men inside / clan's men, 1/2) + a_c C + a_p momentum + a_w ln(pay / w_0)
//!             + a_B support + a_r half(t, tau_r) - a_d [C < C_p] - fear + appeal)        a month
//! ```
//!
//! with momentum as in control (half-life `tau_p`), or `w_p (W_i - 1/2)` in place of `a_p momentum` where the mechanism
//! `expectation` runs, `w_0` being `exits.alternative_pay_usd`, `t` the days since an enemy of the group last killed
//! one of the clan, and clan's men a fifth of its people. Fear (see support) counts where an enemy holds `C_f` or more. A share `s_i` of men is idle, for good.
//! A group whose pool of men the timeline limits finds fewer as it empties (see conscripts). The appeal is that of the
//! group's cause (see causes), 0 where that mechanism doesn't run.
//! A theory in a file may say in its own words what stands in the exponent but for the pool (see `own_rule`).
//! Foreigners join at a rate of `f_i / (1 - f_i)` for each local recruit, with `f_i` at most the
//! foreign share of the group's rank and file.
//!
//! # Source
//! Humphreys & Weinstein (2008), Arjona & Kalyvas (2012) for the signs;
//! evidence A1.

mod own_rule;

use crate::causes;
use crate::conscripts;
use crate::crew::{Crew, in_parts};
use crate::displacement;
use crate::expectation;
use crate::geography::Geography;
use crate::ids::{ClanId, GroupId, PersonId, PlaceId, Row};
use crate::interventions::{LEAST_PAY_USD, pay_usd};
use crate::maths::{DAYS_PER_MONTH, exp, half_life_factor, ln};
use crate::model::Model;
use crate::muster::{self, Event};
use crate::musters::Musters;
use crate::parameters::parameters;
use crate::random::{Purpose, Stream};
use crate::setup::Mechanism;
use crate::support::support;
use crate::tables::{AllegianceKind, Cause, Rank, Standing};
use crate::traits::demography;
use crate::world::World;

parameters! {
    /// Joining of men aged 15 to 40.
    pub struct JoiningParameters = "joining" {
        /// Baseline hazard of joining one reachable group.
        per_month: "h_0", "1/month", 0.002 in 0.0005..0.005, Judgement, "evidence A1";
        /// Rise of the log-hazard from none to all of the men of the clan inside the group.
        ties_weight: "a_s", "log-hazard", 2.0 in 1.0..3.0, Judgement, "evidence A1: Humphreys & Weinstein 2008 for the direction";
        /// Rise of the log-hazard from no to full control of the home by the group.
        control_weight: "a_c", "log-hazard", 1.5 in 0.7..2.5, Judgement, "evidence A1: Arjona & Kalyvas for the direction";
        /// Rise of the log-hazard for one unit of victory momentum.
        momentum_weight: "a_p", "log-hazard", 4.0 in 2.0..8.0, Judgement, "evidence A1";
        /// Half-life of victory momentum.
        momentum_days: "tau_p", "d", 30.0 in 10.0..90.0, Judgement, "evidence A1";
        /// Rise of the log-hazard for one log-unit of pay above the reference.
        pay_weight: "a_w", "log-hazard", 0.4 in 0.0..0.8, Judgement, "evidence A1";
        /// Rise of the log-hazard after an enemy of the group killed people of the clan.
        revenge_weight: "a_r", "log-hazard", 1.2 in 0.5..2.0, Judgement, "evidence A1: direction";
        /// Half-life of the wish for revenge.
        revenge_days: "tau_r", "d", 500.0 in 365.0..730.0, Judgement, "evidence A1: 1-2 years";
        /// Rise of the log-hazard for one unit of support for the group in the place.
        support_weight: "a_B", "log-hazard", 0.3 in 0.0..0.6, Judgement, "evidence A1: ideology secondary";
        /// Share of men aged 15 to 40 who are idle: without work that they would not leave.
        idle_share: "s_i", "share", 0.4 in 0.2 .. 0.7, Judgement, "evidence A1 speaks of idle men; war economy of 2014, no number found";
        /// Distance within which a man can reach a group.
        reach_km: "d_j", "km", 5.0 in 1.0 .. 20.0, Judgement, "no number exists; joiners had lived under the group that they joined (Arjona & Kalyvas)";
        /// Foreign recruits as a share of all who join, at most the share of foreigners among the group's rank and file.
        foreign_share_of_inflow: "f_i", "share", 0.2 in 0.1..0.3, Judgement, "evidence A1: about a fifth";
        /// Fall of the log-hazard for a group that is in reach but has no control in the place.
        distance_weight: "a_d", "log-hazard", 1.5 in 0.5..3.0, Judgement, "no number exists";
        /// Control share in the place below which the group counts as having none.
        presence_control: "C_p", "share", 0.05 in 0.01..0.2, Judgement, "no number exists";
        /// Control share of an enemy from which fear of him keeps men from joining the group.
        fear_control: "C_f", "share", 0.9 in 0.7..1.0, Judgement, "evidence A5: near-complete control";
    }
}

/// The largest share of a clan's men inside a group that raises the hazard.
const MAX_TIES: f64 = 0.5;

/// The largest share of foreigners among those who come in on a day.
const MAX_FOREIGN_SHARE: f64 = 0.95;

/// Room above a bound for the rounding of what it bounds.
const ROUNDING: f64 = 1e-9;

/// Recent deaths beyond which fear grows no more.
const MAX_FEARED_DEATHS: f64 = 10.0;

/// What draws a man to a group.
#[derive(Debug, Clone, Copy)]
struct Pull {
    group: GroupId,
    /// The place's part of the log-hazard but for what is left of a limited pool, and the room
    /// for the most hopeful above it.
    log_open: f64,
    room: f64,
    /// The place's part of the log-hazard for the most hopeful, and its largest driver.
    log_place: f64,
    place_hazard: f64,
    driver: (Cause, f64),
    hazard_per_month: f64,
}

/// What the groups in reach offer the men of a place today.
#[derive(Debug, Clone)]
struct Offers {
    place: PlaceId,
    pulls: Vec<Pull>,
    /// The most that the hazards of joining them can add up to for any man, and what of
    /// that is due to himself, as a factor.
    bound: f64,
    by_person: f64,
    /// What of that is due to their causes, as a factor.
    by_appeal: f64,
    /// What of that is due to kin; none where a theory in a file says what draws
    /// men, of which no more is known than the bound.
    limits: Option<KinLimits>,
    /// How many are drawn for a closer look.
    n_candidates: u32,
}

/// A place somebody of which may join.
struct Hopeful {
    offers: Offers,
    /// The first candidate who joins; after him, others may be drawn by their kin who did.
    first: Option<u32>,
    /// Whether the same candidates are turned away however much of a pool is left.
    is_sure: bool,
}

/// What becomes of a candidate.
enum Choice {
    /// He joins.
    Joins(Pull),
    /// He is turned away, whatever the groups offer.
    Never,
    /// He isn't drawn enough.
    Stays,
}

/// Places that are worth a part of their own.
const LEAST_PLACES: usize = 64;

/// Men join the groups in reach; foreign recruits arrive.
#[inline(never)]
pub(crate) fn recruit(model: &mut Model<'_>, crew: &dyn Crew) {
    if !model.runs(Mechanism::Joining) {
        return;
    }
    let reach_km = model.world.setup.parameters.joining.reach_km.min(Geography::RADIUS_KM);
    let mut presence = std::mem::take(&mut model.musters.joining);
    presence.renew(model, reach_km);
    let mut n_joined = vec![0; model.groups.n_groups()];
    let hopefuls = in_parts(crew, (model.places.n_places(), LEAST_PLACES), |places| {
        let found = places.filter_map(|place| look_for_hope(model, PlaceId::from_idx(place), &presence));
        found.collect::<Vec<_>>()
    });
    for Hopeful { offers, first, is_sure } in hopefuls.into_iter().flatten() {
        // Whoever joins a group whose pool is limited leaves less of it to later places.
        let is_changed = |pull: &Pull| n_joined[pull.group.idx()] > 0 && conscripts::is_limited(model, pull.group);
        if offers.pulls.iter().any(is_changed) {
            let n_before = offers.n_candidates;
            if let Some(offers) = renewed(model, offers, &presence)
                && !(is_sure && offers.n_candidates == n_before)
            {
                recruit_from(model, &offers, 0, &mut n_joined);
            }
        } else if let Some(first) = first {
            recruit_from(model, &offers, first, &mut n_joined);
        }
    }
    model.musters.joining = presence;
    for group in model.groups.ids() {
        receive_foreigners(model, group, n_joined[group.idx()]);
    }
}

/// What a place is offered, and who of it joins first. None where nobody can, whoever joins
/// elsewhere.
fn look_for_hope(model: &Model<'_>, place: PlaceId, presence: &Musters) -> Option<Hopeful> {
    let offers = offers_in(model, place, presence)?;
    let Some(limits) = offers.limits else {
        // The hazards of a rule that somebody wrote are checked as they are computed.
        return Some(Hopeful { offers, first: Some(0), is_sure: false });
    };
    let mut is_sure = true;
    let mut joins = |candidate: &u32| {
        let (person, mut stream) = drawn(model, &offers, *candidate);
        match choose(model, person, (&offers, limits), &mut stream) {
            Choice::Joins(_) => true,
            Choice::Never => false,
            Choice::Stays => {
                is_sure = false;
                false
            }
        }
    };
    let first = (0..offers.n_candidates).find(|candidate| joins(candidate));
    is_sure &= first.is_none();
    let can_change = || offers.pulls.iter().any(|pull| conscripts::is_limited(model, pull.group));
    (first.is_some() || can_change()).then_some(Hopeful { offers, first, is_sure })
}

/// The same offers with what is left of limited pools now.
fn renewed(model: &Model<'_>, offers: Offers, presence: &Musters) -> Option<Offers> {
    if offers.limits.is_none() {
        return offers_in(model, offers.place, presence);
    }
    let pulls = offers.pulls.into_iter().filter(|pull| conscripts::has_any(model, pull.group));
    let pulls = pulls.map(|pull| if conscripts::is_limited(model, pull.group) { pull.renewed(model) } else { pull });
    with_pulls(model, offers.place, pulls.collect(), (offers.by_person, offers.by_appeal, offers.limits))
}

impl Pull {
    /// With what is left of a limited pool now.
    fn renewed(self, model: &Model<'_>) -> Self {
        let log_place = self.log_open + conscripts::log_share_left(model, self.group) + self.room;
        Self { log_place, place_hazard: exp(log_place), ..self }
    }
}

/// A candidate of a place, and the draws that decide.
fn drawn(model: &Model<'_>, offers: &Offers, candidate: u32) -> (PersonId, Stream) {
    let people = model.world.kinship.people_of_place(offers.place);
    let mut stream = model.draws.stream(Purpose::JoinCandidate, offers.place.0, model.day, candidate);
    (PersonId(people.start + stream.below(people.end - people.start)), stream)
}

/// The candidates of a place join or don't, from one on.
fn recruit_from(model: &mut Model<'_>, offers: &Offers, first: u32, n_joined: &mut [u32]) {
    for candidate in first..offers.n_candidates {
        let (person, mut stream) = drawn(model, offers, candidate);
        if let Some(group) = consider(model, person, offers, &mut stream) {
            n_joined[group.idx()] += 1;
        }
    }
}

/// What the groups in reach offer the men of a place today; nothing where there is none.
fn offers_in(model: &Model<'_>, place: PlaceId, presence: &Musters) -> Option<Offers> {
    let world = model.world;
    let parameters = &world.setup.parameters.joining;
    let pulls: Vec<Pull> = model
        .groups
        .ids()
        .filter(|&group| world.setup.groups[group.idx()].recruits && model.groups.is_alive[group.idx()])
        .filter(|&group| presence.of(place, group) > 0.0 && conscripts::has_any(model, group))
        .map(|group| pull_of(model, place, group))
        .collect();
    if pulls.is_empty() {
        return None;
    }
    let is_own = own_rule::is_stated(model);
    let limits = KinLimits {
        by_ties: exp(parameters.ties_weight.max(0.0) * MAX_TIES),
        by_revenge: exp(parameters.revenge_weight.max(0.0)),
    };
    let revenge_bound = if model.places.is_bereaved[place.idx()] { parameters.revenge_weight } else { 0.0 };
    let appeal = if model.runs(Mechanism::Causes) { causes::most_appeal(&world.setup) } else { 0.0 };
    let by_person = if is_own { 1.0 } else { exp(parameters.ties_weight * MAX_TIES + revenge_bound + appeal) };
    with_pulls(model, place, pulls, (by_person, exp(appeal), (!is_own).then_some(limits)))
}

/// What pulls add up to, and how many candidates that makes; nothing without a pull.
fn with_pulls(
    model: &Model<'_>,
    place: PlaceId,
    pulls: Vec<Pull>,
    (by_person, by_appeal, limits): (f64, f64, Option<KinLimits>),
) -> Option<Offers> {
    if pulls.is_empty() {
        return None;
    }
    let bound: f64 = pulls.iter().map(|pull| pull.place_hazard).sum::<f64>() * by_person;
    let people = model.world.kinship.people_of_place(place);
    let mut count = model.draws.stream(Purpose::JoinCandidates, place.0, model.day, 0);
    // Drawn among all people, most of whom could never join: turning them away is
    // cheaper than knowing how many could.
    let n_candidates = count.binomial(people.end - people.start, (bound / DAYS_PER_MONTH).min(1.0));
    Some(Offers { place, pulls, bound, by_person, by_appeal, limits, n_candidates })
}

/// The place's part of the hazard of joining a group.
fn pull_of(model: &Model<'_>, place: PlaceId, group: GroupId) -> Pull {
    if let Some(log_place) = own_rule::most(model, place, group) {
        let driver = (Cause::Own, 0.0);
        return Pull {
            group,
            log_open: log_place,
            room: 0.0,
            log_place,
            place_hazard: exp(log_place),
            driver,
            hazard_per_month: 0.0,
        };
    }
    let parameters = &model.world.setup.parameters.joining;
    let control = model.places.share(place, group);
    let reference = model.world.setup.parameters.exits.alternative_pay_usd;
    let momentum = parameters.momentum_weight * model.groups.momentum[group.idx()];
    let (outlook, room) = match expectation::of_joining(model, group) {
        Some((usual, most)) => ((Cause::Expectation, usual), most - usual),
        None => ((Cause::Prospects, momentum), 0.0),
    };
    let drivers = [
        (
            Cause::Material,
            parameters.pay_weight * ln(pay_usd(model, group).max(LEAST_PAY_USD) / reference.max(LEAST_PAY_USD)),
        ),
        (Cause::Control, parameters.control_weight * control),
        outlook,
        (Cause::Belief, parameters.support_weight * support(model, place, group)),
    ];
    let fear = fear_of_holder(model, place, group);
    let distance = if control < parameters.presence_control { -parameters.distance_weight } else { 0.0 };
    let log_open =
        ln(parameters.per_month.max(1e-12)) + distance - fear + drivers.iter().map(|driver| driver.1).sum::<f64>();
    let driver =
        drivers.into_iter().fold((Cause::Baseline, 0.0), |best, driver| if driver.1 > best.1 { driver } else { best });
    Pull { group, log_open, room, log_place: 0.0, place_hazard: 0.0, driver, hazard_per_month: 0.0 }.renewed(model)
}

/// What terror takes from joining an enemy of the group in near-complete
/// control: `f C n` for its killings of the last weeks.
fn fear_of_holder(model: &Model<'_>, place: PlaceId, group: GroupId) -> f64 {
    let setup = &model.world.setup;
    let holder = model.places.controller(place);
    let control = model.places.share(place, holder);
    if control < setup.parameters.joining.fear_control || !model.groups.at_war_at(place, group, holder) {
        return 0.0;
    }
    let recent = setup.scaled_up(model.places.recent_deaths[place.idx()]).min(MAX_FEARED_DEATHS);
    setup.parameters.support.fear_effect * control * recent
}

/// Keeps a candidate with the ratio of his hazard to the bound, and lets him
/// join the group that the hazards pick.
fn consider(model: &mut Model<'_>, person: PersonId, offers: &Offers, stream: &mut Stream) -> Option<GroupId> {
    if let Some(limits) = offers.limits {
        let Choice::Joins(pull) = choose(model, person, (offers, limits), stream) else { return None };
        join(model, person, offers.place, pull);
        return Some(pull.group);
    }
    let u = stream.uniform() * offers.bound;
    let clan = model.world.kinship.clan_of_person(person, offers.place);
    let kin = Kin::of_clan(model, clan);
    if !can_join(model, person) {
        return None;
    }
    let positions = positions_of(model, person, offers.place);
    let candidate = own_rule::Candidate { person, place: offers.place, kin, positions: positions.as_deref() };
    own_rule::choose(model, candidate, &offers.pulls, u)
}

/// Which group draws a candidate, if any does.
fn choose(model: &Model<'_>, person: PersonId, (offers, limits): (&Offers, KinLimits), stream: &mut Stream) -> Choice {
    let world = model.world;
    let &Offers { place, ref pulls, bound, by_person, by_appeal, .. } = offers;
    // What follows goes from cheap to dear, and each step that turns him away would do
    // so in any order.
    let share = stream.uniform();
    let mut u = share * bound;
    let clan = world.kinship.clan_of_person(person, place);
    let kin = Kin::of_clan(model, clan);
    let most = kin.most(model, limits) * by_appeal;
    if u >= most * pulls.iter().map(|pull| pull.place_hazard).sum::<f64>() {
        // What the groups offer is a factor on both sides, but for rounding.
        let is_near = (share * by_person - most).abs() <= ROUNDING * most;
        return if is_near { Choice::Stays } else { Choice::Never };
    }
    if !can_join(model, person) {
        return Choice::Never;
    }
    let positions = positions_of(model, person, place);
    let has_outlook = model.runs(Mechanism::Expectation);
    let hope = if has_outlook { expectation::deviation(world.population_draws, person) } else { 0.0 };
    for pull in pulls {
        let (ties, revenge) = (kin.ties(model, pull.group), kin.revenge(model, place, pull.group));
        let appeal = positions.as_ref().map_or(0.0, |positions| causes::appeal(&world.setup, positions, pull.group));
        let less_hope = if has_outlook { expectation::less_than_most(model, pull.group, hope) } else { 0.0 };
        let hazard = exp(pull.log_place + ties + revenge + appeal + less_hope);
        if u < hazard {
            let mut driver = pull.driver;
            for other in [(Cause::SocialTies, ties), (Cause::Revenge, revenge), (Cause::Belief, appeal)] {
                if other.1 > driver.1 {
                    driver = other;
                }
            }
            return Choice::Joins(Pull { hazard_per_month: hazard, driver, ..*pull });
        }
        u -= hazard;
    }
    Choice::Stays
}

/// Whether a person is an idle man at home who serves nobody.
fn can_join(model: &Model<'_>, person: PersonId) -> bool {
    // A defector is nobody's between leaving and arriving; he's not for hire.
    let is_free = || {
        model.people.row_of(person).is_none_or(|row| {
            let state = model.people.at(row);
            state.standing == Standing::Civilian && state.old_group.is_none()
        })
    };
    is_idle_man(model.world, person) && is_free() && displacement::is_at_home(model, person)
}

/// A candidate's positions on the axes, where causes count.
fn positions_of(model: &Model<'_>, person: PersonId, place: PlaceId) -> Option<Vec<f64>> {
    model.runs(Mechanism::Causes).then(|| causes::positions(model.world, person, Some(place), None))
}

/// Whether a person is a man of 15 to 40 without work.
fn is_idle_man(world: &World, person: PersonId) -> bool {
    let (draws, parameters) = (&world.population_draws, &world.setup.parameters);
    demography(draws, &parameters.traits, person).can_bear_arms()
        && draws.uniform(Purpose::Person, person.0, 3, 0) < parameters.joining.idle_share
}

/// What binds a clan to the groups: its members inside each, and its dead by
/// each.
#[derive(Debug, Clone, Copy)]
struct Kin {
    clan: ClanId,
    n_men: f64,
}

/// The most that kin can multiply the hazard of joining a group.
#[derive(Debug, Clone, Copy)]
struct KinLimits {
    by_ties: f64,
    by_revenge: f64,
}

/// Share of a clan's people who are men of fighting age.
const SHARE_OF_MEN: f64 = 0.2;

impl Kin {
    fn of_clan(model: &Model<'_>, clan: ClanId) -> Self {
        let people = model.world.kinship.people_of_clans(&(clan.0..clan.0 + 1));
        Self { clan, n_men: (SHARE_OF_MEN * f64::from(people.end - people.start)).max(1.0) }
    }

    /// The most that the clan can multiply the hazard of joining any group.
    fn most(self, model: &Model<'_>, limits: KinLimits) -> f64 {
        let n_inside = model.people.members_of_clan(self.clan).iter().fold(0, |most, &n| most.max(n));
        // The chord from no ties to the most lies above the exponential function.
        let share_of_most = (f64::from(n_inside) / (MAX_TIES * self.n_men)).min(1.0);
        let by_ties = 1.0 + share_of_most * (limits.by_ties - 1.0);
        let is_harmed = model.places.is_clan_harmed[self.clan.idx()];
        by_ties * if is_harmed { limits.by_revenge } else { 1.0 } * (1.0 + ROUNDING)
    }

    /// Members of the clan inside a group, as a share of the clan's men.
    fn inside(self, model: &Model<'_>, group: GroupId) -> f64 {
        f64::from(model.people.members_of_clan(self.clan)[group.idx()]) / self.n_men
    }

    /// Kin and friends inside a group as a part of the log-hazard of joining it.
    fn ties(self, model: &Model<'_>, group: GroupId) -> f64 {
        model.world.setup.parameters.joining.ties_weight * self.inside(model, group).min(MAX_TIES)
    }

    /// Days since an enemy that a group has in a place last killed one of the clan.
    fn days_since_harmed(self, model: &Model<'_>, place: PlaceId, group: GroupId) -> Option<u32> {
        if !model.places.is_clan_harmed[self.clan.idx()] {
            return None;
        }
        let harms = (self.clan, GroupId(0))..=(self.clan, GroupId(u8::MAX));
        let by_enemies =
            model.places.clan_harm.range(harms).filter(|((_, by), _)| model.groups.at_war_at(place, group, *by));
        by_enemies.map(|(_, harm)| model.day - harm.last_day).min()
    }

    /// Revenge for kin killed by enemies that a group has in a place as a part of the
    /// log-hazard of joining it there.
    fn revenge(self, model: &Model<'_>, place: PlaceId, group: GroupId) -> f64 {
        let parameters = &model.world.setup.parameters.joining;
        let n_days = self.days_since_harmed(model, place, group);
        let fresh = n_days.map_or(0.0, |n_days| half_life_factor(f64::from(n_days), parameters.revenge_days));
        parameters.revenge_weight * fresh
    }
}

fn join(model: &mut Model<'_>, person: PersonId, place: PlaceId, pull: Pull) {
    let row = muster::materialise_inhabitant(model, person);
    conscripts::take_one(model, pull.group);
    enter(model, row, place, pull, Rank::RankAndFile);
}

fn enter(model: &mut Model<'_>, row: Row, place: PlaceId, pull: Pull, rank: Rank) {
    let unit = muster::unit_near(model, pull.group, place);
    let event = Event { place: Some(place), to_group: Some(pull.group), ..Event::default() };
    let mut entry = muster::allegiance_row(model, row, AllegianceKind::Join, None, event);
    muster::enlist(model, row, unit, rank);
    model.today.entered.push((row, place));
    entry.cause = Some(pull.driver.0);
    entry.hazard = Some(pull.hazard_per_month);
    entry.unit = Some(unit);
    entry.conviction = Some(crate::belief::conviction_now(model, row));
    model.records.allegiance.push(entry);
    model.groups.tally[pull.group.idx()].joined += 1;
}

/// Foreign recruits come to a group that has foreign members, in proportion
/// to the locals who joined today.
fn receive_foreigners(model: &mut Model<'_>, group: GroupId, n_joined: u32) {
    let setup = &model.world.setup;
    let foreign_share = setup.groups[group.idx()].foreign_share.rank_and_file;
    let share = setup.parameters.joining.foreign_share_of_inflow.min(foreign_share).min(MAX_FOREIGN_SHARE);
    if share <= 0.0 || n_joined == 0 {
        return;
    }
    let mut stream = model.draws.stream(Purpose::ForeignInflow, u32::from(group.0), model.day, 0);
    let n_foreign = stream.poisson(f64::from(n_joined) * share / (1.0 - share));
    admit_outsiders(model, group, n_foreign, (Rank::RankAndFile, true), &mut stream);
}

/// New people from outside, of a rank, foreign or not, come to units of a group
/// drawn at random; to none where it has none.
pub(crate) fn admit_outsiders(
    model: &mut Model<'_>,
    group: GroupId,
    n_outsiders: u32,
    (rank, is_foreign): (Rank, bool),
    stream: &mut Stream,
) {
    let bases: Vec<PlaceId> = model
        .units
        .list
        .iter()
        .filter(|unit| unit.group == group && unit.n_active > 0)
        .map(|unit| unit.place)
        .collect();
    if bases.is_empty() {
        return;
    }
    for _ in 0..n_outsiders {
        let place = bases[stream.below(bases.len() as u32) as usize];
        let person = PersonId(model.world.kinship.n_inhabitants() + model.n_outsiders);
        model.n_outsiders += 1;
        let row = muster::materialise_outsider(model, person, is_foreign);
        let pull = Pull {
            group,
            log_open: 0.0,
            room: 0.0,
            log_place: 0.0,
            place_hazard: 1.0,
            driver: (Cause::Baseline, 0.0),
            hazard_per_month: 0.0,
        };
        enter(model, row, place, pull, rank);
    }
}
