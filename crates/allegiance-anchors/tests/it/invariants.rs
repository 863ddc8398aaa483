//! Conservation, determinism and the exact consequences of the rules.

use allegiance_anchors::rebellion::{Parameters, Rebellion};
use allegiance_anchors::rules::Rules;
use allegiance_anchors::series::run;
use allegiance_anchors::torus::Vision;

fn variants() -> [(Rules, Vision); 3] {
    [(Rules::mesa(), Vision::Steps(7)), (Rules::netlogo(), Vision::Distance(7.0)), (Rules::epstein(), Vision::Steps(7))]
}

#[test]
fn citizens_are_conserved_in_every_variant() {
    for (rules, vision) in variants() {
        let mut world = Rebellion::new(Parameters { vision, ..Parameters::default() }, rules, 5, 0);
        let n_citizens = world.n_citizens();
        for _ in 0..40 {
            let counts = world.step();
            assert_eq!(counts.active + counts.quiet + counts.jailed, n_citizens);
        }
    }
}

#[test]
fn a_seed_gives_one_history_and_another_seed_another() {
    let history = |seed| run(Parameters::default(), Rules::mesa(), 30, seed);
    assert_eq!(history(3), history(3));
    assert_ne!(history(3), history(4));
}

#[test]
fn without_cops_exactly_the_aggrieved_rebel() {
    // P is 0, so that H > T / (1 - L) decides: a share of 1 - 0.1 / 0.18.
    let parameters = Parameters { cop_density: 0.0, ..Parameters::default() };
    for (rules, vision) in variants() {
        let series = run(Parameters { vision, ..parameters }, rules, 3, 8);
        assert_eq!(series[0], series[2]);
        let share = f64::from(series[0].active) / f64::from(series[0].active + series[0].quiet);
        assert!((share - (1.0 - 0.1 / 0.18)).abs() < 0.06, "{share}");
    }
}

#[test]
fn nobody_rebels_against_a_regime_that_is_legitimate_enough() {
    let parameters = Parameters { legitimacy: 0.91, ..Parameters::default() };
    for (rules, vision) in variants() {
        let series = run(Parameters { vision, ..parameters }, rules, 20, 8);
        assert!(series.iter().all(|counts| counts.active + counts.jailed == 0));
    }
}
