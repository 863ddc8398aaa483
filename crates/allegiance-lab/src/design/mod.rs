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

use saltelli::saltelli_point;
use sobol_sequence::ShiftedSobol;

use allegiance_model::random::{Draws, Purpose};
pub use allegiance_record::design::{Design, Factor, FactorValue, Sampler, Scale, Values};

/// The rows of a design. Each is made when it is asked for, so that a part of a large design
/// costs no more than its own rows; of Latin hypercubes alone a row follows from all the others,
/// and they're held in memory, eight bytes a row and factor.
#[derive(Debug, Clone)]
pub struct Points {
    n_rows: u32,
    n_factors: usize,
    draws: Draws,
    made: Made,
}

/// What a row is made from.
#[derive(Debug, Clone)]
enum Made {
    /// The coordinates of each factor.
    Grid(Vec<Vec<f64>>),
    Random,
    /// The coordinates of each factor in every row.
    LatinHypercube(Vec<Vec<f64>>),
    Sobol(ShiftedSobol),
    /// The sequence in twice as many dimensions as there are factors.
    Saltelli(ShiftedSobol),
    Morris {
        n_levels: u32,
    },
}

impl Points {
    /// The rows of a design.
    pub fn of(design: &Design) -> Self {
        let draws = Draws::of_population(design.seed);
        let n_factors = design.factors.len();
        let made = match design.sampler {
            Sampler::Grid { n_levels } => {
                Made::Grid(design.factors.iter().map(|factor| factor.grid_coordinates(n_levels)).collect())
            }
            Sampler::Random { .. } => Made::Random,
            Sampler::LatinHypercube { n_rows } => {
                Made::LatinHypercube((0..n_factors as u32).map(|at| latin_hypercube_point(draws, n_rows, at)).collect())
            }
            Sampler::Sobol { .. } => Made::Sobol(ShiftedSobol::new(draws, n_factors)),
            Sampler::Saltelli { .. } => Made::Saltelli(ShiftedSobol::new(draws, 2 * n_factors)),
            Sampler::Morris { n_levels, .. } => Made::Morris { n_levels },
        };
        Self { n_rows: design.n_rows(), n_factors, draws, made }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> u32 {
        self.n_rows
    }

    /// The coordinates of a row. Shape: `(n_factors,)`.
    ///
    /// # Panics
    /// Where there is no such row.
    pub fn row(&self, row: u32) -> Vec<f64> {
        assert!(row < self.n_rows, "row {row} of {}", self.n_rows);
        match &self.made {
            Made::Grid(coordinates) => grid_row(coordinates, row),
            Made::Random => {
                (0..self.n_factors as u32).map(|at| self.draws.uniform(Purpose::DesignPoint, row, at, 0)).collect()
            }
            Made::LatinHypercube(columns) => columns.iter().map(|column| column[row as usize]).collect(),
            Made::Sobol(sequence) => sequence.point(row),
            Made::Saltelli(sequence) => {
                let (base, kind) = saltelli_row(row as usize, self.n_factors);
                saltelli_point(&sequence.point(base as u32), kind)
            }
            &Made::Morris { n_levels } => {
                let n_steps = self.n_factors as u32 + 1;
                trajectory(self.draws, row / n_steps, self.n_factors, n_levels).swap_remove((row % n_steps) as usize)
            }
        }
    }
}

/// The coordinates of every row. Shape: `(n_rows, n_factors)`.
pub fn points(design: &Design) -> Vec<Vec<f64>> {
    let points = Points::of(design);
    (0..points.n_rows()).map(|row| points.row(row)).collect()
}

/// Every combination, with the last factor fastest.
fn grid_row(coordinates: &[Vec<f64>], row: u32) -> Vec<f64> {
    let mut rest = row as usize;
    let mut point: Vec<f64> = coordinates
        .iter()
        .rev()
        .map(|levels| {
            let level = rest % levels.len();
            rest /= levels.len();
            levels[level]
        })
        .collect();
    point.reverse();
    point
}

#[cfg(test)]
mod tests {
    use super::{Design, Factor, Points, Sampler, Scale, Values, points};

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
    fn a_row_in_the_middle_of_a_million_is_had_without_the_others() {
        let factors: Vec<Factor> = (0..3).map(|_| range(0.0, 1.0, Scale::Linear)).collect();
        let of = |sampler| Points::of(&Design { factors: factors.clone(), sampler, seed: 3 });
        let sobol = of(Sampler::Sobol { n_rows: 1_000_000 });
        let shift = of(Sampler::Sobol { n_rows: 1 }).row(0);
        // Of the sequence itself, in bits: the shift is what its first point, which is zero, became.
        let bits = |at: f64| (at * 4_294_967_296.0 - 0.5) as u32;
        let published = super::sobol_bits(3, 70_001);
        for row in [1, 2, 3, 1_000, 65_535, 65_536, 70_000] {
            let found: Vec<u32> = sobol.row(row).iter().zip(&shift).map(|(&at, &by)| bits(at) ^ bits(by)).collect();
            assert_eq!(found, published[row as usize], "row {row}");
        }
        let saltelli = of(Sampler::Saltelli { n_base: 200_000 });
        let [a, ab, b] = [saltelli.row(500_000), saltelli.row(500_002), saltelli.row(500_004)];
        assert_eq!(ab, [a[0], b[1], a[2]]);
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
