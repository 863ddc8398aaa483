//! Worlds that strain the bounds by which the engine passes over members: a
//! bound that was too tight, or not renewed in time, would show here.

use super::compare::compare;
use super::worlds::{only, random_setup, small_war};
use crate::ids::{GroupId, PlaceId};
use crate::parameters::Parameters;
use crate::random::{Draws, Purpose};
use crate::setup::{BeliefTheory, Change, ExitTheory, Lever, Mechanism, RelationKind, Setup, TimelineEntry};

const ONE: GroupId = GroupId(0);
const OTHER: GroupId = GroupId(1);

fn war(belief: BeliefTheory, exit: ExitTheory, parameters: &[(&str, f64)]) -> Setup {
    let mut setup = small_war();
    setup.theory.belief = belief;
    setup.theory.exit = exit;
    for &(path, value) in parameters {
        setup.parameters.set(path, value).unwrap();
    }
    setup
}

fn date(setup: &mut Setup, day: u32, change: Change) {
    setup.timeline.push(TimelineEntry { day, change, place: None, note: String::new() });
}

#[test]
fn pay_is_cut_and_levers_are_pulled_in_mid_run() {
    for exit in [ExitTheory::Material, ExitTheory::KinAndHome, ExitTheory::ControlAndFear, ExitTheory::Full] {
        let parameters = [("exits.pay_cut_weight", 2.0), ("interventions.radio_hazard_ratio", 16.0)];
        let mut setup = war(BeliefTheory::Fixed, exit, &parameters);
        setup.groups[ONE.idx()].pay_usd_per_month = 800.0;
        date(&mut setup, 21, Change::Pay { group: ONE, usd_per_month: 5.0 });
        date(&mut setup, 25, Change::Lever { lever: Lever::Radio, group: OTHER, value: 1.0 });
        date(&mut setup, 30, Change::Lever { lever: Lever::SafePassage, group: ONE, value: 1.0 });
        date(&mut setup, 35, Change::Lever { lever: Lever::Stipend, group: ONE, value: 900.0 });
        date(&mut setup, 42, Change::Lever { lever: Lever::Stipend, group: ONE, value: 0.0 });
        compare(exit.word(), setup, 0);
    }
}

/// Nothing but what units hear moves anybody, far and unnoticed; in the second
/// world there is no limit to how far.
#[test]
fn claims_alone_turn_members() {
    let no_limit = [("belief.p_accuse_predator", 0.95), ("belief.partisan_accuses_rival", 0.5)];
    let motivated = [("belief.weight_rival_claim", 1.0), ("belief.discount", 0.2)];
    for (belief, more) in [
        (BeliefTheory::SourceCredibility, &[][..]),
        (BeliefTheory::SourceCredibility, &no_limit[..]),
        (BeliefTheory::MotivatedReasoning, &motivated[..]),
    ] {
        let parameters = [
            ("belief.honesty_rivals", 0.9),
            ("belief.conviction_mean", 3.0),
            ("exits.conviction_hazard_ratio", 0.3),
            ("news.background_accusations_per_month", 16.0),
            ("news.framing_per_month", 0.5),
        ];
        let mut setup = war(belief, ExitTheory::Conviction, &[&parameters[..], more].concat());
        only(&mut setup, &[Mechanism::Claims, Mechanism::Exits]);
        compare(&format!("{} {more:?}", belief.word()), setup, 0);
    }
}

/// Nothing but what is known of a group moves anybody: first a truce with those
/// whom its men joined against, then attacks and dead of its own people.
#[test]
fn what_is_known_of_a_group_turns_members_who_saw_nothing() {
    for belief in BeliefTheory::ALL.iter().copied().filter(|&belief| belief != BeliefTheory::Fixed) {
        let parameters = [
            ("belief.conviction_mean", 3.0),
            ("exits.conviction_hazard_ratio", 0.3),
            ("causes.fight_weight", 8.0),
            ("causes.harm_weight", 8.0),
            ("causes.hearing_days", 2.0),
            ("harm.civilians_per_fighter_killed", 2.0),
        ];
        let mut setup = war(belief, ExitTheory::Conviction, &parameters);
        setup.axes[0].against = vec![OTHER];
        setup.groups[ONE.idx()].cause[0] = 5.0;
        date(&mut setup, 20, Change::Relation { a: ONE, b: OTHER, kind: RelationKind::Truce });
        date(&mut setup, 40, Change::Relation { a: ONE, b: OTHER, kind: RelationKind::War });
        only(&mut setup, &[Mechanism::Causes, Mechanism::Exits, Mechanism::Operations]);
        compare(belief.word(), setup, 0);
    }
}

/// A group loses all of its ground in one day, and peers, fear and leave push
/// the same way: the chances to leave rise a thousandfold.
#[test]
fn whole_units_leave_in_numbers() {
    for exit in [ExitTheory::Material, ExitTheory::Cascade, ExitTheory::Full] {
        let parameters = [
            ("exits.decline_hazard_ratio", 30.0),
            ("exits.peer_weight", 4.0),
            ("exits.fear_weight", 6.0),
            ("exits.leave_desertion", 10.0),
            ("deterrence.p_capture_deep", 0.02),
        ];
        let mut setup = war(BeliefTheory::SourceCredibility, exit, &parameters);
        for place in 0..setup.places.len() {
            date(&mut setup, 18, Change::Control { place: PlaceId::from_idx(place), group: OTHER, share: 1.0 });
        }
        compare(exit.word(), setup, 0);
    }
}

/// Parameters at the ends of what the engine accepts and beyond their priors.
#[test]
fn parameters_at_the_ends_of_their_range() {
    for number in 0..20 {
        let mut setup = random_setup(700 + number);
        let mut stream = Draws::of_population(77).stream(Purpose::Observation, number, 0, 0);
        for info in Parameters::dictionary() {
            let (lowest, highest) = info.allowed();
            let low = lowest.max(2.0 * info.low.min(0.0));
            let value = if stream.uniform() < 0.5 { low } else { highest.min(2.0 * info.high) };
            let is_of_people = matches!(info.mechanism, "kinship" | "units" | "traits");
            if stream.uniform() < 0.2 && !is_of_people {
                setup.parameters.set(&info.path(), value).unwrap();
            }
        }
        compare(&format!("world {number}"), setup, 0);
    }
}

/// Hopes that soar and collapse, units that are shot to pieces, and homes that
/// fall: what moves whole groups in a week and units in a day.
#[test]
fn hopes_collapse_and_units_are_shot_to_pieces() {
    for exit in [ExitTheory::Material, ExitTheory::ControlAndFear, ExitTheory::Full] {
        let parameters = [
            ("exits.expectation_weight", 8.0),
            ("exits.danger_weight", 6.0),
            ("exits.protection_weight", 6.0),
            ("expectation.ground_weight", 12.0),
            ("expectation.own_side_weight", 8.0),
            ("combat.killed_share_loser", 0.2),
            ("operations.attacks_per_month", 4.0),
        ];
        let mut setup = war(BeliefTheory::SourceCredibility, exit, &parameters);
        for mechanism in [Mechanism::Expectation, Mechanism::Danger, Mechanism::Protection] {
            setup.switches.set(mechanism, true);
        }
        for (day, group) in [(4, ONE), (17, OTHER), (33, ONE), (46, OTHER)] {
            for place in 0..setup.places.len() {
                date(&mut setup, day, Change::Control { place: PlaceId::from_idx(place), group, share: 0.9 });
            }
        }
        compare(exit.word(), setup, 0);
    }
}
