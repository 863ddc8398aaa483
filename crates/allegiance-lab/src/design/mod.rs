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

use allegiance_model::parameters::Spread;
use allegiance_model::random::{Draws, Purpose};
use serde::{Deserialize, Serialize};

/// How a range is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Evenly.
    Linear,
    /// Evenly in the logarithm; both ends are above 0.
    Log,
    /// Over the whole numbers from one end to the other, both included.
    Whole,
}

/// The values that a factor takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Values {
    /// A range of numbers.
    Range {
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
        /// How it is walked.
        scale: Scale,
    },
    /// A list of words, numbers or flags.
    List {
        /// The values.
        values: Vec<String>,
    },
}

/// One thing that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Factor {
    /// The key by which a caller sets it.
    pub key: String,
    /// Its values.
    pub values: Values,
}

/// The value of a factor in one row.
#[derive(Debug, Clone, PartialEq)]
pub enum FactorValue {
    /// A value of a range.
    Number(f64),
    /// A value of a list.
    Word(String),
}

impl std::fmt::Display for FactorValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl Factor {
    /// The value at a coordinate in 0-1.
    pub fn value_at(&self, coordinate: f64) -> FactorValue {
        match &self.values {
            Values::Range { low, high, scale } => FactorValue::Number(match scale {
                Scale::Linear => Spread::Flat.value_at((*low, *high), coordinate),
                Scale::Log => Spread::LogFlat.value_at((*low, *high), coordinate),
                Scale::Whole => {
                    let (first, last) = (low.round(), high.round());
                    (first + (coordinate * (last - first + 1.0)).floor()).clamp(first, last)
                }
            }),
            Values::List { values } => {
                let at = (coordinate * values.len() as f64) as usize;
                FactorValue::Word(values[at.min(values.len() - 1)].clone())
            }
        }
    }

    /// The coordinates of a number of levels: both ends and evenly between
    /// them for a range, every value of a list.
    fn grid_coordinates(&self, n_levels: u32) -> Vec<f64> {
        match &self.values {
            Values::Range { .. } => (0..n_levels).map(|at| f64::from(at) / f64::from(n_levels - 1)).collect(),
            Values::List { values } => {
                let n = values.len() as f64;
                (0..values.len()).map(|at| (at as f64 + 0.5) / n).collect()
            }
        }
    }
}

/// How rows are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sampler {
    /// Every combination of levels; the last factor moves fastest.
    Grid {
        /// Levels of a range, 2 or more.
        n_levels: u32,
    },
    /// Independent uniform draws.
    Random {
        /// Rows.
        n_rows: u32,
    },
    /// One row in each of `n_rows` slices of every factor.
    LatinHypercube {
        /// Rows.
        n_rows: u32,
    },
    /// A Sobol sequence with a random digital shift.
    Sobol {
        /// Rows.
        n_rows: u32,
    },
    /// The matrices that Sobol's indices need; see [`saltelli_row`].
    Saltelli {
        /// Rows of the matrices A and B.
        n_base: u32,
    },
    /// Trajectories of one step in each factor; see [`trajectory`].
    Morris {
        /// Trajectories.
        n_trajectories: u32,
        /// Levels, even.
        n_levels: u32,
    },
}

/// A design: factors, and how rows are chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// What varies.
    pub factors: Vec<Factor>,
    /// How rows are chosen.
    pub sampler: Sampler,
    /// Seed of the sampler.
    pub seed: u64,
}

impl Design {
    /// Number of rows.
    pub fn n_rows(&self) -> u32 {
        let n_factors = self.factors.len() as u32;
        match self.sampler {
            Sampler::Grid { n_levels } => {
                self.factors.iter().map(|factor| factor.grid_coordinates(n_levels).len() as u32).product()
            }
            Sampler::Random { n_rows } | Sampler::LatinHypercube { n_rows } | Sampler::Sobol { n_rows } => n_rows,
            Sampler::Saltelli { n_base } => n_base * (n_factors + 2),
            Sampler::Morris { n_trajectories, .. } => n_trajectories * (n_factors + 1),
        }
    }

    /// The coordinates of every row. Shape: `(n_rows, n_factors)`.
    ///
    /// # Source
    /// Latin hypercube: `McKay`, Beckman & Conover (1979), A comparison of three
    /// methods for selecting values of input variables, section 2.
    pub fn points(&self) -> Vec<Vec<f64>> {
        let draws = Draws::of_population(self.seed);
        let n_factors = self.factors.len();
        let rows = 0..self.n_rows();
        match self.sampler {
            Sampler::Grid { n_levels } => self.grid(n_levels),
            Sampler::Random { .. } => rows
                .map(|row| (0..n_factors as u32).map(|at| draws.uniform(Purpose::DesignPoint, row, at, 0)).collect())
                .collect(),
            Sampler::LatinHypercube { n_rows } => {
                let columns: Vec<Vec<f64>> =
                    (0..n_factors as u32).map(|at| latin_hypercube_point(draws, n_rows, at)).collect();
                rows.map(|row| columns.iter().map(|column| column[row as usize]).collect()).collect()
            }
            Sampler::Sobol { n_rows } => sobol_sequence::shifted_points(draws, n_factors, n_rows),
            Sampler::Saltelli { n_base } => {
                saltelli_points(&sobol_sequence::shifted_points(draws, 2 * n_factors, n_base))
            }
            Sampler::Morris { n_trajectories, n_levels } => {
                (0..n_trajectories).flat_map(|number| trajectory(draws, number, n_factors, n_levels)).collect()
            }
        }
    }

    fn grid(&self, n_levels: u32) -> Vec<Vec<f64>> {
        let mut points = vec![Vec::new()];
        for factor in &self.factors {
            let coordinates = factor.grid_coordinates(n_levels);
            let longer = |point: &Vec<f64>| {
                let point = point.clone();
                coordinates.clone().into_iter().map(move |at| [point.as_slice(), &[at]].concat())
            };
            points = points.iter().flat_map(longer).collect();
        }
        points
    }

    /// The values of the factors at the coordinates of a row.
    pub fn values_at(&self, point: &[f64]) -> Vec<FactorValue> {
        self.factors.iter().zip(point).map(|(factor, &coordinate)| factor.value_at(coordinate)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Design, Factor, FactorValue, Sampler, Scale, Values};

    fn range(low: f64, high: f64, scale: Scale) -> Factor {
        Factor { key: "a.b".to_owned(), values: Values::Range { low, high, scale } }
    }

    fn number(factor: &Factor, coordinate: f64) -> f64 {
        match factor.value_at(coordinate) {
            FactorValue::Number(number) => number,
            FactorValue::Word(word) => panic!("{word} is no number"),
        }
    }

    #[test]
    fn a_coordinate_becomes_a_value_on_each_scale() {
        assert!((number(&range(2.0, 6.0, Scale::Linear), 0.25) - 3.0).abs() < 1e-12);
        assert!((number(&range(0.01, 1.0, Scale::Log), 0.5) - 0.1).abs() < 1e-12);
        let dice = range(1.0, 6.0, Scale::Whole);
        let faces: Vec<f64> = (0..6).map(|at| number(&dice, (f64::from(at) + 0.5) / 6.0)).collect();
        assert_eq!(faces, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert!((number(&dice, 1.0) - 6.0).abs() < 1e-12);
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
        let rows: Vec<String> = design
            .points()
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
            let points = design.points();
            assert_eq!(points.len(), design.n_rows() as usize, "{sampler:?}");
            let is_inside = |point: &Vec<f64>| point.len() == 3 && point.iter().all(|at| (0.0..=1.0).contains(at));
            assert!(points.iter().all(is_inside), "{sampler:?}");
        }
    }

    #[test]
    fn more_random_rows_leave_the_first_ones_as_they_are() {
        let of = |n_rows| Design {
            factors: vec![range(0.0, 1.0, Scale::Linear)],
            sampler: Sampler::Random { n_rows },
            seed: 5,
        };
        assert_eq!(of(10).points(), of(20).points()[..10]);
    }
}
