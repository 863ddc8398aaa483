//! Where a leaver goes: home, abroad, or to one of the groups in reach.
//!
//! Where the mechanism doesn't run, each kind of exit has a hazard of its own, and what
//! leads to a group over what leads home is a ratio of constants.
//!
//! # Form
//! With it on, leaving has one hazard, and where he goes follows from what awaits him there:
//!
//! ```text
//! h = (h_d + h_s + h_l) exp(sum of the active blocks, as for desertion)     a month
//! P(i) proportional to exp(u_i)     over home (u = 0), abroad (u = c_f), and each reachable host at war
//!                                   with his group where he is
//! u_host = c_0 + c_v [voucher] + c_a [at home, attacked today by his group, and the host stands there]
//!          + c_k [kin killed by his group] + c_t C(home) + c_r [offer refused]
//!          - c_d (distance of causes - 1/2) - c_s (suspicion expected - 1/2) + c_w logit W_host
//! ```
//!
//! with `C(home)` his group's control of his home, which lies within its reach if he goes back to it, the
//! distance of causes as in infighting, or by his own positions (see causes), the suspicion expected as on arrival (1/2 without
//! stigma), and `W` the expectation of victory (`c_w` is 0 where the mechanism `expectation` doesn't run). A
//! foreigner can't go home. A theory in a file may say `u_host` and `c_f` in its own words. Under the theory of exit `constant` nothing but `c_0` and `c_f` counts. A
//! host may still turn him away.
//!
//! # Source
//! Choice among alternatives by utility: McFadden (1974). Signs: Kalyvas & Kocher (2007), for whom staying
//! out may cost as much as taking part; Staniland (2012) on flipping after fratricide; Petersen (2001) on
//! the pull of those who vouch.

use super::blocks::Member;
use super::{N_KINDS, PerKind};
use crate::arrival::{expected_suspicion, has_voucher};
use crate::causes;
use crate::expectation;
use crate::ids::{GroupId, PlaceId, Row};
use crate::maths::exp;
use crate::model::Model;
use crate::movement;
use crate::parameters::parameters;
use crate::random::Purpose;
use crate::setup::Mechanism;
use crate::tables::ExitKind;
use crate::theory::{Rule, flag};

parameters! {
    /// Where a leaver goes.
    pub struct DestinationParameters = "destination" {
        /// Log-odds of a host that nothing speaks for or against, over home.
        host: "c_0", "log-odds", -1.6 in -2.5..-0.7, Derived, "quiet share of switching of .17 (pattern C9): exp(c_0) / (1 + exp(c_f) + exp(c_0))";
        /// Log-odds of leaving the country, over home.
        abroad: "c_f", "log-odds", -2.1 in -3.5..-1.0, Derived, "ratio of exits.departure_per_month to exits.desertion_per_month";
        /// Rise of the log-odds of a host in which kin or co-villagers serve.
        voucher: "c_v", "log-odds", 0.7 in 0.3..1.5 off 0.0, Judgement, "sign: Petersen 2001";
        /// Rise for one at home that his group attacks today, of the host that stands there.
        home_attacked: "c_a", "log-odds", 1.5 in 0.5..2.5 off 0.0, Judgement, "sign: Staniland 2012";
        /// Rise for one whose kin his group killed.
        kin_killed: "c_k", "log-odds", 0.7 in 0.2..1.5 off 0.0, Judgement, "sign: Staniland 2012";
        /// Rise from a home beyond his group's reach to one in its hands.
        own_reach: "c_t", "log-odds", 0.7 in 0.0..1.5 off 0.0, Judgement, "sign: Kalyvas & Kocher 2007";
        /// Rise for one who complained and refused what he was offered.
        offer_refused: "c_r", "log-odds", 0.4 in 0.0..1.0 off 0.0, Judgement, "no number exists";
        /// Fall from no to full distance between the causes of his group and the host.
        cause_distance: "c_d", "log-odds", 1.0 in 0.0..2.0 off 0.0, Judgement, "no number exists";
        /// Fall from no to certain suspicion by the host.
        suspicion: "c_s", "log-odds", 1.0 in 0.0..2.0 off 0.0, Judgement, "no number exists";
    }
}

/// Where somebody goes, and how likely each way was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Destination {
    pub(crate) kind: ExitKind,
    pub(crate) host: Option<GroupId>,
    /// The chance of each kind, given that he leaves.
    pub(crate) shares: PerKind,
}

/// One value for each kind of exit, or the value of desertion for all where
/// leaving has one hazard.
pub(super) fn of_one_hazard(model: &Model<'_>, value: PerKind) -> PerKind {
    if model.runs(Mechanism::Destination) { [value[ExitKind::Desertion as usize]; N_KINDS] } else { value }
}

/// Draws where a member goes who leaves from a place today.
pub(super) fn choose(model: &Model<'_>, member: Member, place: PlaceId) -> Destination {
    let alternatives = alternatives(model, member, place);
    let total: f64 = alternatives.iter().map(|(_, _, weight)| weight).sum();
    let person = model.people.at(member.row).person;
    let mut u = model.draws.uniform(Purpose::ExitKind, person.0, model.day, 0) * total;
    let mut chosen = None;
    let mut shares = [0.0; N_KINDS];
    for (kind, host, weight) in alternatives {
        shares[kind as usize] += weight / total;
        // The first whose weights up to here hold the draw.
        if chosen.is_none() && u < weight {
            chosen = Some((kind, host));
        }
        u -= weight;
    }
    // Abroad is open to all, and takes what rounding leaves over.
    let (kind, host) = chosen.unwrap_or((ExitKind::Departure, None));
    Destination { kind, host, shares }
}

/// Where he can go, each with its weight.
fn alternatives(model: &Model<'_>, member: Member, place: PlaceId) -> Vec<(ExitKind, Option<GroupId>, f64)> {
    let mut found = Vec::new();
    if !model.people.at(member.row).is_foreign {
        found.push((ExitKind::Desertion, None, 1.0));
    }
    for host in reachable_hosts(model, member.row, place) {
        found.push((ExitKind::Defection, Some(host), exp(utility(model, member, place, host))));
    }
    let own = model.world.own.as_ref().and_then(|own| own.of_member(Rule::Abroad, model, member, &[]));
    found.push((ExitKind::Departure, None, exp(own.unwrap_or(model.world.setup.parameters.destination.abroad))));
    found
}

/// The groups at war with a member's own that have a position within reach of a
/// place, in order of number.
fn reachable_hosts(model: &Model<'_>, row: Row, place: PlaceId) -> Vec<GroupId> {
    let Some(group) = model.people.at(row).group else { return Vec::new() };
    let reach_km = model.world.setup.parameters.exits.host_reach_km;
    let is_host =
        |&host: &GroupId| model.groups.is_alive[host.idx()] && movement::stands_within(model, host, place, reach_km);
    model.groups.enemies_at(place, group).filter(is_host).collect()
}

/// What is known of a host.
#[derive(Debug, Clone, Copy)]
struct Prospect {
    is_vouched: bool,
    is_at_attacked_home: bool,
    distance: f64,
    suspicion: f64,
}

fn prospect(model: &Model<'_>, row: Row, place: PlaceId, host: GroupId) -> Prospect {
    let state = model.people.at(row);
    let grievance = model.people.mind(row).grievance;
    let is_vouched = has_voucher(model, row, host);
    Prospect {
        is_vouched,
        is_at_attacked_home: state.home == Some(place)
            && grievance.home_attacked.is_some_and(|(day, _)| day == model.day)
            && model.places.force_of(place, host) > 0,
        distance: match state.group {
            Some(group) if model.runs(Mechanism::Causes) => causes::distance_of_host(model, row, group, host),
            Some(group) => model.world.setup.cause_distance(group, host),
            None => 0.5,
        },
        suspicion: if model.runs(Mechanism::Stigma) { expected_suspicion(model, row, is_vouched) } else { 0.5 },
    }
}

/// What speaks for a host, as log-odds over going home: as the theory in a file
/// says, where it says it.
fn utility(model: &Model<'_>, member: Member, place: PlaceId, host: GroupId) -> f64 {
    let parameters = &model.world.setup.parameters.destination;
    let own = model.world.own.as_ref().filter(|own| own.has_rule(Rule::Host));
    if own.is_none() && model.active_blocks.blocks().next().is_none() {
        return parameters.host;
    }
    let row = member.row;
    let of = prospect(model, row, place, host);
    let outlook = if model.runs(Mechanism::Expectation) { expectation::logit(model, host) } else { 0.0 };
    let given = [flag(of.is_vouched), flag(of.is_at_attacked_home), of.distance, of.suspicion, outlook];
    if let Some(said) = own.and_then(|own| own.of_member(Rule::Host, model, member, &given)) {
        return said;
    }
    let state = model.people.at(row);
    let grievance = model.people.mind(row).grievance;
    let weigh = |weight: f64, holds: bool| if holds { weight } else { 0.0 };
    let own_reach = match (state.home, state.group) {
        (Some(home), Some(group)) => model.places.share(home, group),
        _ => 0.0,
    };
    parameters.host
        + weigh(parameters.voucher, of.is_vouched)
        + weigh(parameters.home_attacked, of.is_at_attacked_home)
        + weigh(parameters.kin_killed, grievance.kin_killed.is_some())
        + parameters.own_reach * own_reach
        + weigh(parameters.offer_refused, grievance.offer_refused)
        - parameters.cause_distance * (of.distance - 0.5)
        - parameters.suspicion * (of.suspicion - 0.5)
        + expectation::of_host(model, host)
}
