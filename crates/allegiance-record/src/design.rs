//! Designs as data: which values vary, and how rows are chosen. A file states
//! one, and the laboratory runs its rows.

use allegiance_model::parameters::Spread;
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

impl Values {
    /// The values that are listed; none of a range.
    pub fn listed(&self) -> &[String] {
        match self {
            Self::List { values } => values,
            Self::Range { .. } => &[],
        }
    }
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
    pub fn grid_coordinates(&self, n_levels: u32) -> Vec<f64> {
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
    /// The matrices that Sobol's indices need.
    Saltelli {
        /// Rows of the matrices A and B.
        n_base: u32,
    },
    /// Trajectories of one step in each factor.
    Morris {
        /// Trajectories.
        n_trajectories: u32,
        /// Levels, even.
        n_levels: u32,
    },
}

impl Sampler {
    /// Whether its rows tell what an outcome depends on.
    pub fn tells_sensitivity(self) -> bool {
        matches!(self, Self::Saltelli { .. } | Self::Morris { .. })
    }
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
    /// Number of rows; a real number, since a grid may have more than can be counted.
    pub fn size(&self) -> f64 {
        let n_factors = self.factors.len() as f64;
        match self.sampler {
            Sampler::Grid { n_levels } => {
                self.factors.iter().map(|factor| factor.grid_coordinates(n_levels).len() as f64).product()
            }
            Sampler::Random { n_rows } | Sampler::LatinHypercube { n_rows } | Sampler::Sobol { n_rows } => {
                f64::from(n_rows)
            }
            Sampler::Saltelli { n_base } => f64::from(n_base) * (n_factors + 2.0),
            Sampler::Morris { n_trajectories, .. } => f64::from(n_trajectories) * (n_factors + 1.0),
        }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> u32 {
        self.size() as u32
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
    fn a_grid_beyond_counting_has_its_size() {
        let factors = vec![range(0.0, 1.0, Scale::Linear); 100];
        let design = Design { factors, sampler: Sampler::Grid { n_levels: 2 }, seed: 0 };
        assert_eq!((design.size().log2().round() as u32, design.n_rows()), (100, u32::MAX));
    }
}
