//! Designs: which combinations of values are run.
//!
//! A design has factors and a sampler. Row `r` is a point of the unit cube,
//! a function of the sampler, its seed and `r` alone, which each factor turns
//! into a value of its own. Nothing here runs a model.

mod latin_hypercube;
mod morris;
mod saltelli;
mod sobol_sequence;

pub use latin_hypercube::latin_hypercube_point;
pub use morris::trajectory;
pub use saltelli::{SaltelliRow, saltelli_points, saltelli_row};
pub use sobol_sequence::{MAX_DIMENSIONS, sobol_bits};

use allegiance_model::random::{Draws, Purpose};
pub use allegiance_record::design::{Design, Factor, FactorValue, Sampler, Scale, Values};

/// The coordinates of every row. Shape: `(n_rows, n_factors)`.
///
/// # Source
/// Latin hypercube: `McKay`, Beckman & Conover (1979), A comparison of three
/// methods for selecting values of input variables, section 2.
pub fn points(design: &Design) -> Vec<Vec<f64>> {
    let draws = Draws::of_population(design.seed);
    let n_factors = design.factors.len();
    let rows = 0..design.n_rows();
    match design.sampler {
        Sampler::Grid { n_levels } => grid(design, n_levels),
        Sampler::Random { .. } => rows
            .map(|row| (0..n_factors as u32).map(|at| draws.uniform(Purpose::DesignPoint, row, at, 0)).collect())
            .collect(),
        Sampler::LatinHypercube { n_rows } => {
            let columns: Vec<Vec<f64>> =
                (0..n_factors as u32).map(|at| latin_hypercube_point(draws, n_rows, at)).collect();
            rows.map(|row| columns.iter().map(|column| column[row as usize]).collect()).collect()
        }
        Sampler::Sobol { n_rows } => sobol_sequence::shifted_points(draws, n_factors, n_rows),
        Sampler::Saltelli { n_base } => saltelli_points(&sobol_sequence::shifted_points(draws, 2 * n_factors, n_base)),
        Sampler::Morris { n_trajectories, n_levels } => {
            (0..n_trajectories).flat_map(|number| trajectory(draws, number, n_factors, n_levels)).collect()
        }
    }
}

fn grid(design: &Design, n_levels: u32) -> Vec<Vec<f64>> {
    let mut points = vec![Vec::new()];
    for factor in &design.factors {
        let coordinates = factor.grid_coordinates(n_levels);
        let longer = |point: &Vec<f64>| {
            let point = point.clone();
            coordinates.clone().into_iter().map(move |at| [point.as_slice(), &[at]].concat())
        };
        points = points.iter().flat_map(longer).collect();
    }
    points
}

#[cfg(test)]
mod tests {
    use super::{Design, Factor, Sampler, Scale, Values, points};

    fn range(low: f64, high: f64, scale: Scale) -> Factor {
        Factor { key: "a.b".to_owned(), values: Values::Range { low, high, scale } }
    }

    #[test]
    fn a_grid_is_every_combination_with_the_last_factor_fastest() {
        let words = Factor {
            key: "theory.exit".to_owned(),
            values: Values::List { values: vec!["full".to_owned(), "constant".to_owned()] },
        };
        let design = Design {
            factors: vec![range(0.0, 1.0, Scale::Linear), words],
            sampler: Sampler::Grid { n_levels: 3 },
            seed: 0,
        };
        let rows: Vec<String> = points(&design)
            .iter()
            .map(|point| design.values_at(point).iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(rows, ["0 full", "0 constant", "0.5 full", "0.5 constant", "1 full", "1 constant"]);
        assert_eq!(design.n_rows(), 6);
    }

    #[test]
    fn every_sampler_has_the_rows_that_it_says_inside_the_cube() {
        let factors: Vec<Factor> = (0..3).map(|_| range(0.0, 1.0, Scale::Linear)).collect();
        for sampler in [
            Sampler::Grid { n_levels: 4 },
            Sampler::Random { n_rows: 20 },
            Sampler::LatinHypercube { n_rows: 20 },
            Sampler::Sobol { n_rows: 20 },
            Sampler::Saltelli { n_base: 8 },
            Sampler::Morris { n_trajectories: 5, n_levels: 4 },
        ] {
            let design = Design { factors: factors.clone(), sampler, seed: 3 };
            let rows = points(&design);
            assert_eq!(rows.len(), design.n_rows() as usize, "{sampler:?}");
            let is_inside = |point: &Vec<f64>| point.len() == 3 && point.iter().all(|at| (0.0..=1.0).contains(at));
            assert!(rows.iter().all(is_inside), "{sampler:?}");
        }
    }

    #[test]
    fn more_random_rows_leave_the_first_ones_as_they_are() {
        let of = |n_rows| Design {
            factors: vec![range(0.0, 1.0, Scale::Linear)],
            sampler: Sampler::Random { n_rows },
            seed: 5,
        };
        assert_eq!(points(&of(10)), points(&of(20))[..10]);
    }
}
