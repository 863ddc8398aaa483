//! Solves the normal equations of a regression.
//!
//! Thirty lines rather than a library: the matrices are small, positive
//! definite and dense, and their sums stay in one order on every processor.

/// A positive definite matrix as the product of a lower triangle and its
/// transpose.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cholesky {
    n: usize,
    /// The lower triangle, row-major, shape (n, n).
    lower: Vec<f64>,
}

impl Cholesky {
    /// Factors a matrix, row-major, shape (n, n); `None` where it isn't
    /// positive definite.
    ///
    /// # Source
    /// Golub & Van Loan (2013), Matrix computations, algorithm 4.2.1.
    pub(super) fn of(mut matrix: Vec<f64>, n: usize) -> Option<Self> {
        for row in 0..n {
            for column in 0..=row {
                let (above, below) = matrix.split_at(row * n);
                let left = if column < row { &above[column * n..column * n + column] } else { &below[..column] };
                let sum: f64 = left.iter().zip(&below[..column]).map(|(a, b)| a * b).sum();
                let rest = below[column] - sum;
                matrix[row * n + column] = if column < row {
                    rest / matrix[column * n + column]
                } else if rest > 0.0 {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Self { n, lower: matrix })
    }

    /// The solution for a right-hand side.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut x = right.to_vec();
        for row in 0..n {
            let known: f64 = self.lower[row * n..row * n + row].iter().zip(&x).map(|(l, x)| l * x).sum();
            x[row] = (x[row] - known) / self.lower[row * n + row];
        }
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|below| self.lower[below * n + row] * x[below]).sum();
            x[row] = (x[row] - known) / self.lower[row * n + row];
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::Cholesky;

    #[test]
    fn a_system_is_solved_and_one_that_is_not_positive_definite_is_refused() {
        let matrix = vec![4.0, 2.0, 0.6, 2.0, 5.0, 1.0, 0.6, 1.0, 3.0];
        let x = [1.0, -2.0, 0.5];
        let right: Vec<f64> =
            (0..3).map(|row| (0..3).map(|column| matrix[3 * row + column] * x[column]).sum()).collect();
        let found = Cholesky::of(matrix, 3).unwrap().solve(&right);
        assert!(found.iter().zip(&x).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
        assert_eq!(Cholesky::of(vec![1.0, 2.0, 2.0, 1.0], 2), None);
    }
}
