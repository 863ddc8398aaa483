//! The rows that Sobol's indices need: A, B, and A with one column of B.

/// What a row of the design is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaltelliRow {
    /// A row of the matrix A.
    A,
    /// A row of the matrix B.
    B,
    /// The row of A with the column of this factor taken from B.
    Ab(usize),
}

/// The base row and kind of a row: each base row gives A, then AB for every
/// factor, then B.
pub fn saltelli_row(row: usize, n_factors: usize) -> (usize, SaltelliRow) {
    let (base, at) = (row / (n_factors + 2), row % (n_factors + 2));
    let kind = match at {
        0 => SaltelliRow::A,
        _ if at <= n_factors => SaltelliRow::Ab(at - 1),
        _ => SaltelliRow::B,
    };
    (base, kind)
}

/// The rows of the design from points of twice as many dimensions as there
/// are factors. Shape: `(n_base * (n_factors + 2), n_factors)`.
///
/// # Source
/// Saltelli et al. (2010), Variance based sensitivity analysis of model
/// output, sections 3 and 4: matrices A, B and AB from one sequence.
pub fn saltelli_points(base: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n_factors = base.first().map_or(0, |point| point.len() / 2);
    (0..base.len() * (n_factors + 2))
        .map(|row| {
            let (at, kind) = saltelli_row(row, n_factors);
            saltelli_point(&base[at], kind)
        })
        .collect()
}

/// A row from the base point, whose first half is of A and whose second is of B.
pub(super) fn saltelli_point(base: &[f64], kind: SaltelliRow) -> Vec<f64> {
    let (a, b) = base.split_at(base.len() / 2);
    match kind {
        SaltelliRow::A => a.to_vec(),
        SaltelliRow::B => b.to_vec(),
        SaltelliRow::Ab(factor) => {
            let mut point = a.to_vec();
            point[factor] = b[factor];
            point
        }
    }
}

#[cfg(test)]
mod tests {
    use super::saltelli_points;

    #[test]
    fn a_base_row_gives_a_then_a_with_each_column_of_b_then_b() {
        let points = saltelli_points(&[vec![0.1, 0.2, 0.8, 0.9]]);
        assert_eq!(points, [[0.1, 0.2], [0.8, 0.2], [0.1, 0.9], [0.8, 0.9]]);
    }
}
