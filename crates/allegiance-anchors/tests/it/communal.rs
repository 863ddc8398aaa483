//! Model II against the published qualitative results, as frequencies over
//! seeds; the figures are in `docs/validation/anchors.md`.

use allegiance_anchors::communal::{Communal, Parameters, run};

const N_SEEDS: u64 = 24;
const N_STEPS: u32 = 400;

/// Sorted steps of annihilation, `N_STEPS + 1` where both groups survive.
fn ends(parameters: Parameters) -> Vec<u32> {
    let end = |seed| run(parameters, N_STEPS, seed).annihilated_at.unwrap_or(N_STEPS + 1);
    let mut ends: Vec<u32> = (1..=N_SEEDS).map(end).collect();
    ends.sort_unstable();
    ends
}

#[test]
fn nobody_is_killed_where_legitimacy_is_high() {
    // L = 0.9: a grievance of at most 0.1 can't pass the threshold of 0.1.
    for seed in 1..=8 {
        let parameters = Parameters { legitimacy: 0.9, ..Parameters::default() };
        let outcome = run(parameters, 200, seed);
        assert_eq!((outcome.killed, outcome.annihilated_at), (0, None));
    }
}

#[test]
fn without_peacekeepers_a_group_is_annihilated() {
    let n_annihilated = ends(Parameters::default()).iter().filter(|&&end| end <= N_STEPS).count();
    assert!(n_annihilated as u64 >= N_SEEDS * 9 / 10, "{n_annihilated} of {N_SEEDS}");
}

#[test]
fn peacekeepers_delay_annihilation() {
    // Neighbouring densities overlap at this number of seeds; these don't.
    let median = |cop_density| {
        let ends = ends(Parameters { cop_density, ..Parameters::default() });
        ends[ends.len() / 2]
    };
    let [none, few, many] = [0.0, 0.02, 0.08].map(median);
    assert!(none < few && few < many && many > 2 * none, "{none}, {few}, {many}");
}

#[test]
fn without_violence_a_group_changes_only_by_birth_and_death_of_age() {
    let still = Parameters { legitimacy: 1.0, p_clone: 0.0, ..Parameters::default() };
    let mut world = Communal::new(still, 2, 0);
    let start = world.counts().members;
    let after_half = (0..100).map(|_| world.step()).last().expect("a step").members;
    let after_all = (0..101).map(|_| world.step()).last().expect("a step").members;
    for group in 0..2 {
        let share = f64::from(after_half[group]) / f64::from(start[group]);
        assert!((share - 0.5).abs() < 0.08, "ages are uniform up to 200: {share}");
    }
    assert_eq!(after_all, [0, 0]);
}
