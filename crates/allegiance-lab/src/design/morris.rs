//! Morris' trajectories: from a random start, one step in each factor.

use allegiance_model::random::{Draws, Purpose};

/// The points of a trajectory. Each differs from the one before in one
/// factor, by `n_levels / (2 (n_levels - 1))`. Shape: `(n_factors + 1, n_factors)`.
///
/// # Source
/// Morris (1991), Factorial sampling plans for preliminary computational
/// experiments, section 3.
pub fn trajectory(draws: Draws, number: u32, n_factors: usize, n_levels: u32) -> Vec<Vec<f64>> {
    // Half of the levels lie below the step: counted in whole levels, so that
    // no coordinate strays from the grid.
    let step = n_levels / 2;
    let mut stream = draws.stream(Purpose::DesignPoint, number, 0, 2);
    let mut order: Vec<usize> = (0..n_factors).collect();
    for at in (1..n_factors).rev() {
        order.swap(at, stream.below(at as u32 + 1) as usize);
    }
    let starts: Vec<(u32, bool)> = (0..n_factors).map(|_| (stream.below(step), stream.below(2) == 0)).collect();
    let mut levels: Vec<u32> = starts.iter().map(|&(level, is_up)| if is_up { level } else { level + step }).collect();
    let coordinates = |levels: &[u32]| levels.iter().map(|&level| f64::from(level) / f64::from(n_levels - 1)).collect();
    let mut points = vec![coordinates(&levels)];
    for factor in order {
        let (level, is_up) = starts[factor];
        levels[factor] = if is_up { level + step } else { level };
        points.push(coordinates(&levels));
    }
    points
}

#[cfg(test)]
mod tests {
    use super::trajectory;
    use allegiance_model::random::Draws;

    #[test]
    fn each_point_moves_another_factor_by_the_step_and_starts_vary() {
        let draws = Draws::of_population(2);
        let mut starts = std::collections::BTreeSet::new();
        for number in 0..40 {
            let points = trajectory(draws, number, 5, 4);
            let mut moved: Vec<usize> = Vec::new();
            for pair in points.windows(2) {
                let changed: Vec<usize> = (0..5).filter(|&at| (pair[1][at] - pair[0][at]).abs() > 1e-12).collect();
                assert_eq!(changed.len(), 1);
                assert!(((pair[1][changed[0]] - pair[0][changed[0]]).abs() - 2.0 / 3.0).abs() < 1e-12);
                moved.extend(changed);
            }
            moved.sort_unstable();
            assert_eq!(moved, [0, 1, 2, 3, 4]);
            starts.insert(points[0].iter().map(|at| (at * 3.0).round() as u32).collect::<Vec<_>>());
        }
        assert!(starts.len() > 30, "{}", starts.len());
    }
}
