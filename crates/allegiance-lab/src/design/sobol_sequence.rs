//! Sobol's sequence with the direction numbers of Joe and Kuo.
//!
//! The direction numbers come from the crate `sobol`, which carries the
//! published table; the points are tested against published ones.

use allegiance_model::random::{Draws, Purpose};
use sobol::Sobol;
use sobol::params::JoeKuoD6;

/// Dimensions that the table reaches.
pub const MAX_DIMENSIONS: usize = 1_000;
/// Dimensions of the smaller table, which is quicker to unpack.
const N_MINIMAL: usize = 100;

/// The first points of the sequence as 32-bit fractions, without a shift.
/// Shape: `(n_rows, n_dimensions)`.
///
/// # Source
/// Joe & Kuo (2008), Constructing Sobol sequences with better two-dimensional
/// projections: the table new-joe-kuo-6.
///
/// # Panics
/// For more than [`MAX_DIMENSIONS`].
pub fn sobol_bits(n_dimensions: usize, n_rows: u32) -> Vec<Vec<u32>> {
    let directions = directions(n_dimensions);
    (0..n_rows).map(|row| bits_of(&directions, row)).collect()
}

/// The direction numbers of each dimension. Shape: `(n_dimensions, 32)`.
fn directions(n_dimensions: usize) -> Vec<Vec<u32>> {
    assert!(n_dimensions <= MAX_DIMENSIONS, "the table of direction numbers has {MAX_DIMENSIONS} dimensions");
    let table = if n_dimensions <= N_MINIMAL { JoeKuoD6::minimal() } else { JoeKuoD6::standard() };
    Sobol::<u32>::init_direction_vals(n_dimensions, 32, &table)
}

/// The point of a row, in the order of Gray's code: the sum of the direction numbers of its digits.
///
/// # Source
/// Antonov & Saleev (1979), An economic method of computing LP-tau-sequences.
fn bits_of(directions: &[Vec<u32>], row: u32) -> Vec<u32> {
    let gray = row ^ (row >> 1);
    let sum = |of: &Vec<u32>| {
        let digits = of.iter().enumerate().filter(|(digit, _)| gray >> digit & 1 == 1);
        digits.fold(0, |sum, (_, direction)| sum ^ direction)
    };
    directions.iter().map(sum).collect()
}

/// The sequence, shifted digit by digit by the same random number in each
/// dimension: this keeps the evenness of the sequence and leaves its corner at
/// zero.
///
/// # Source
/// Owen (2003), Variance with alternative scramblings of digital nets,
/// section 2: the random digital shift.
#[derive(Debug, Clone)]
pub(super) struct ShiftedSobol {
    directions: Vec<Vec<u32>>,
    shift: Vec<u32>,
}

impl ShiftedSobol {
    /// The sequence with the shift of some draws.
    ///
    /// # Panics
    /// For more than [`MAX_DIMENSIONS`].
    pub(super) fn new(draws: Draws, n_dimensions: usize) -> Self {
        let shift = (0..n_dimensions as u32).map(|at| draws.block(Purpose::DesignShift, at, 0, 0)[0]).collect();
        Self { directions: directions(n_dimensions), shift }
    }

    /// A point. Shape: `(n_dimensions,)`.
    pub(super) fn point(&self, row: u32) -> Vec<f64> {
        let shifted = |(bits, by): (u32, &u32)| (f64::from(bits ^ by) + 0.5) / 4_294_967_296.0;
        bits_of(&self.directions, row).into_iter().zip(&self.shift).map(shifted).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ShiftedSobol, sobol_bits};
    use allegiance_model::random::Draws;

    #[test]
    fn the_first_points_are_the_published_ones() {
        // Joe & Kuo, Notes on generating Sobol sequences: the first ten points
        // in three dimensions, in Gray code order.
        let published = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        let found = sobol_bits(3, 10);
        for (point, expected) in found.iter().zip(published) {
            let fractions: Vec<f64> = point.iter().map(|&bits| f64::from(bits) / 4_294_967_296.0).collect();
            assert_eq!(fractions, expected);
        }
    }

    #[test]
    fn every_dimension_of_the_largest_design_is_even_also_when_shifted() {
        let sequence = ShiftedSobol::new(Draws::of_population(11), 800);
        let points: Vec<Vec<f64>> = (0..64).map(|row| sequence.point(row)).collect();
        for dimension in 0..800 {
            let mut slices: Vec<u32> = points.iter().map(|point| (point[dimension] * 64.0) as u32).collect();
            slices.sort_unstable();
            assert_eq!(slices, (0..64).collect::<Vec<_>>(), "dimension {dimension}");
        }
    }
}
