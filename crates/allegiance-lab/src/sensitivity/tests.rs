//! The estimators against functions whose indices are known.

use super::{Indices, SobolIndex, elementary_effects, noise_share, sobol_indices};
use crate::design::{Design, Factor, Sampler, Scale, Values, points, saltelli_points};
use std::f64::consts::PI;

fn design(n_factors: usize, sampler: Sampler) -> Design {
    let factor = |at: usize| Factor {
        key: format!("x.{at}"),
        values: Values::Range { low: 0.0, high: 1.0, scale: Scale::Linear },
    };
    Design { factors: (0..n_factors).map(factor).collect(), sampler, seed: 4 }
}

fn outcomes(points: &[Vec<f64>], function: impl Fn(&[f64]) -> f64) -> Vec<Vec<f64>> {
    points.iter().map(|point| vec![function(point)]).collect()
}

fn told(outcomes: &[Vec<f64>], n_factors: usize, seed: u64) -> (Vec<SobolIndex>, usize) {
    match sobol_indices(outcomes, n_factors, seed) {
        Indices::Told(indices, n) => (indices, n),
        other => panic!("there are no indices: {other:?}"),
    }
}

/// Ishigami & Homma (1990), with a = 7 and b = 0.1.
fn ishigami(point: &[f64]) -> f64 {
    let x = |at: usize| PI * (2.0 * point[at] - 1.0);
    x(0).sin() + 7.0 * x(1).sin().powi(2) + 0.1 * x(2).powi(4) * x(0).sin()
}

/// Sobol's g-function with the coefficients 0, 1, 4.5, 9, 99, 99, 99, 99.
const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

fn g_function(point: &[f64]) -> f64 {
    point.iter().zip(G).map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
}

fn close(found: f64, expected: f64, within: f64, what: &str) {
    assert!((found - expected).abs() < within, "{what}: {found} instead of {expected}");
}

#[test]
fn indices_of_ishigami_are_the_analytic_ones() {
    let design = design(3, Sampler::Saltelli { n_base: 4_096 });
    let (indices, n_used) = told(&outcomes(&points(&design), ishigami), 3, 1);
    assert_eq!(n_used, 4_096);
    let (a, b) = (7.0, 0.1);
    let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let v2 = a * a / 8.0;
    let v13 = b * b * PI.powi(8) * 8.0 / 225.0;
    let v = v1 + v2 + v13;
    let first = [v1 / v, v2 / v, 0.0];
    let total = [(v1 + v13) / v, v2 / v, v13 / v];
    for at in 0..3 {
        close(indices[at].first_order.value, first[at], 0.01, "first order");
        close(indices[at].total.value, total[at], 0.01, "total");
        let interval = indices[at].total;
        assert!(interval.low <= total[at] && total[at] <= interval.high, "{interval:?} misses {}", total[at]);
    }
}

#[test]
fn indices_of_the_g_function_are_the_analytic_ones() {
    let design = design(8, Sampler::Saltelli { n_base: 4_096 });
    let (indices, _) = told(&outcomes(&points(&design), g_function), 8, 1);
    let part = |a: f64| 1.0 / (3.0 * (1.0 + a) * (1.0 + a));
    let all: f64 = G.iter().map(|&a| 1.0 + part(a)).product();
    for (index, a) in indices.iter().zip(G) {
        close(index.first_order.value, part(a) / (all - 1.0), 0.01, "first order");
        close(index.total.value, part(a) * (all / (1.0 + part(a))) / (all - 1.0), 0.01, "total");
    }
}

#[test]
fn base_rows_with_a_missing_outcome_are_left_out() {
    let design = design(2, Sampler::Saltelli { n_base: 256 });
    let mut values = outcomes(&points(&design), |point| 3.0 * point[0] + point[1]);
    values[5].clear();
    let (indices, n_used) = told(&values, 2, 1);
    assert_eq!(n_used, 255);
    close(indices[0].first_order.value, 0.9, 0.02, "first order");
    assert_eq!(sobol_indices(&outcomes(&points(&design), |_| 1.0), 2, 1), Indices::None);
}

#[test]
fn effects_of_a_linear_function_are_its_slopes() {
    let design = design(3, Sampler::Morris { n_trajectories: 12, n_levels: 4 });
    let points = points(&design);
    let values = outcomes(&points, |point| 5.0 * point[0] - 2.0 * point[1]);
    let (effects, n_used) = elementary_effects(&points, &values, 3, 1).unwrap();
    assert_eq!(n_used, 12);
    for (effect, slope) in effects.iter().zip([5.0, -2.0, 0.0_f64]) {
        close(effect.mu.value, slope, 1e-9, "mu");
        close(effect.mu_star.value, slope.abs(), 1e-9, "mu*");
        close(effect.sigma.value, 0.0, 1e-9, "sigma");
    }
}

/// On the four levels 0, 1/3, 2/3 and 1 of the g-function, a step of 2/3 goes
/// from |4x - 2| = 2 to 2/3 or back, so that the effects of a factor are
/// +-(4/3) / (2/3) / (1 + a) = 2 / (1 + a) times the other factors' product,
/// whose mean over the levels is exact below.
#[test]
fn effects_of_the_g_function_are_those_of_its_levels() {
    let design = design(8, Sampler::Morris { n_trajectories: 4_000, n_levels: 4 });
    let points = points(&design);
    let (effects, _) = elementary_effects(&points, &outcomes(&points, g_function), 8, 1).unwrap();
    let mean_part = |a: f64| ((2.0 + a) + (2.0 / 3.0 + a)) / 2.0 / (1.0 + a);
    for (at, effect) in effects.iter().enumerate() {
        let others: f64 = (0..8).filter(|&other| other != at).map(|other| mean_part(G[other])).product();
        let expected = 2.0 / (1.0 + G[at]) * others;
        close(effect.mu_star.value / expected, 1.0, 0.03, "mu*");
        assert!(effect.mu.value.abs() < 0.1 * expected, "mu has no sign: {}", effect.mu.value);
    }
}

/// Ishigami on the four levels: x1 takes the sines 0, -s, s, 0 with
/// s = sin(pi/3), and its effects depend on x3 through 1 + 0.1 x3^4.
#[test]
fn effects_of_ishigami_are_those_of_its_levels() {
    let design = design(3, Sampler::Morris { n_trajectories: 4_000, n_levels: 4 });
    let points = points(&design);
    let (effects, _) = elementary_effects(&points, &outcomes(&points, ishigami), 3, 1).unwrap();
    let sine = (PI / 3.0).sin();
    // Both steps of x1, 0 to 2/3 and 1/3 to 1, change its sine by s.
    let weight = f64::midpoint(1.0 + 0.1 * PI.powi(4), 1.0 + 0.1 * (PI / 3.0).powi(4));
    close(effects[0].mu.value, sine * 1.5 * weight, 0.1, "mu of x1");
    // x2: the squared sine goes from 0 to 3/4, or from 3/4 to 0.
    close(effects[1].mu_star.value, 7.0 * 0.75 * 1.5, 1e-9, "mu* of x2");
    // x3: its fourth power changes between pi^4 and (pi/3)^4, times the sine of x1.
    let change = 0.1 * (PI.powi(4) - (PI / 3.0).powi(4)) * 1.5;
    close(effects[2].mu_star.value, change * sine / 2.0, 0.1, "mu* of x3");
    close(effects[2].mu.value, 0.0, 0.2, "mu of x3");
}

#[test]
fn noise_is_what_row_and_replicate_leave_over_the_variance_of_the_means() {
    // Luck that all rows share moves none against another.
    close(noise_share(&[vec![0.0, 2.0], vec![4.0, 6.0]]).unwrap(), 0.0, 1e-12, "share");
    // Residuals of 1 in size, so 4 / 1 / 2 = 2 over the variance 8 of 1 and 5.
    close(noise_share(&[vec![0.0, 2.0], vec![6.0, 4.0], vec![9.0]]).unwrap(), 0.25, 1e-12, "share");
    assert!(noise_share(&[vec![1.0], vec![2.0]]).is_none());
}

/// A linear function of two factors with indices .8 and .2, seen through the noise
/// of replicates that is `noise` times as strong as the factors; a part of it is
/// shared by all rows and grows with the first factor.
fn noisy(trial: u32, n_base: u32, n_replicates: u32, noise: f64) -> Vec<Vec<f64>> {
    use allegiance_model::random::{Draws, Purpose};
    let draws = Draws::of_population(23);
    // Independent base rows: those of a Sobol sequence are more even, and their
    // intervals then cover more often than they say.
    let base = (0..n_base).map(|row| {
        let mut stream = draws.stream(Purpose::Bootstrap, trial, row, 9);
        (0..4).map(|_| stream.uniform()).collect::<Vec<f64>>()
    });
    let points = saltelli_points(&base.collect::<Vec<_>>());
    let signal = |point: &[f64]| (12.0_f64 * 0.8).sqrt() * point[0] + (12.0_f64 * 0.2).sqrt() * point[1];
    let of_row = |(row, point): (usize, &Vec<f64>)| {
        let of_replicate = |replicate: u32| {
            let own = draws.stream(Purpose::Bootstrap, trial, row as u32, 10 + replicate).normal();
            let shared = draws.stream(Purpose::Bootstrap, trial, u32::MAX, 10 + replicate).normal();
            signal(point) + noise * (own + 0.5 * shared * (point[0] - 0.5))
        };
        (0..n_replicates).map(of_replicate).collect()
    };
    points.iter().enumerate().map(of_row).collect()
}

/// Means over rows of four replicates gave a factor of index .2 a total of about
/// .5 here.
#[test]
fn four_replicates_give_the_indices_that_many_would() {
    let n_trials = 60;
    let mut sums = [0.0; 4];
    for trial in 0..n_trials {
        let (indices, _) = told(&noisy(trial, 256, 4, 2.0), 2, 1);
        for (sum, estimate) in
            sums.iter_mut().zip([indices[0].first_order, indices[1].first_order, indices[0].total, indices[1].total])
        {
            *sum += estimate.value / f64::from(n_trials);
        }
    }
    for (found, expected) in sums.into_iter().zip([0.8, 0.2, 0.8, 0.2]) {
        close(found, expected, 0.06, "mean over trials");
    }
}

/// With 200 trials a true 95% comes out between 92 and 98.
#[test]
fn intervals_of_replicated_rows_cover_about_95_times_in_100() {
    let n_trials = 200;
    let mut n_covered = [0; 4];
    for trial in 0..n_trials {
        let (indices, _) = told(&noisy(trial, 128, 4, 1.0), 2, 1);
        for (covered, (estimate, truth)) in n_covered.iter_mut().zip([
            (indices[0].first_order, 0.8),
            (indices[1].first_order, 0.2),
            (indices[0].total, 0.8),
            (indices[1].total, 0.2),
        ]) {
            *covered += u32::from(estimate.low <= truth && truth <= estimate.high);
        }
    }
    assert!(n_covered.iter().all(|&n| (180..=199).contains(&n)), "{n_covered:?} of {n_trials}");
}

#[test]
fn what_noise_hides_has_no_indices() {
    assert_eq!(sobol_indices(&noisy(1, 32, 4, 30.0), 2, 1), Indices::Hidden(32));
}

#[test]
fn the_noise_of_replicates_adds_to_mu_star_by_what_is_said_and_to_nothing_else() {
    use allegiance_model::random::{Draws, Purpose};
    let design = design(3, Sampler::Morris { n_trajectories: 400, n_levels: 4 });
    let points = points(&design);
    let draws = Draws::of_population(6);
    let of_row = |(row, point): (usize, &Vec<f64>)| {
        let noise = |replicate: u32| draws.stream(Purpose::Bootstrap, row as u32, replicate, 20).normal();
        (0..4).map(|replicate| 5.0 * point[0] - 2.0 * point[1] + noise(replicate)).collect::<Vec<f64>>()
    };
    let outcomes: Vec<Vec<f64>> = points.iter().enumerate().map(of_row).collect();
    let (effects, _) = elementary_effects(&points, &outcomes, 3, 1).unwrap();
    // Two normal means of four over the step 2/3: standard deviation 3 / (2 sqrt 2).
    let expected = 1.5 / 2.0_f64.sqrt() * (2.0 / PI).sqrt();
    for (effect, slope) in effects.iter().zip([5.0, -2.0, 0.0]) {
        close(effect.mu.value, slope, 0.15, "mu");
        close(effect.mu_star_of_noise.unwrap(), expected, 0.06, "noise");
        assert!(effect.sigma.value < 0.5, "sigma {}", effect.sigma.value);
    }
    close(effects[2].mu_star.value, expected, 0.06, "mu* of nothing");
}
