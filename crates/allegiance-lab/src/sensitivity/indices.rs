//! Sobol's first-order and total indices.

use super::{Estimate, bootstrap};
use crate::design::{SaltelliRow, saltelli_row};
use serde::Serialize;

/// The indices of one factor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SobolIndex {
    /// Share of the variance that the factor explains alone.
    pub first_order: Estimate,
    /// Share that it explains with all its interactions.
    pub total: Estimate,
}

/// The outcome at one base row.
#[derive(Debug, Clone)]
struct BaseRow {
    a: f64,
    b: f64,
    ab: Vec<f64>,
}

/// The indices of every factor from the outcome at each row of a `saltelli`
/// design, and the number of base rows used; base rows with a missing outcome
/// are left out. `None` where fewer than two are whole or nothing varies.
///
/// `V = Var(f_A, f_B)`; first order `mean(f_B (f_AB - f_A)) / V`, with the
/// outcome centred on its mean, which lowers the estimator's variance and
/// moves no expectation; total `mean((f_A - f_AB)^2) / (2 V)`.
///
/// # Source
/// Saltelli et al. (2010), Variance based sensitivity analysis of model
/// output, table 2: first order (b), total (f), the latter due to Jansen
/// (1999), Analysis of variance designs for model output.
pub fn sobol_indices(outcomes: &[Option<f64>], n_factors: usize, seed: u64) -> Option<(Vec<SobolIndex>, usize)> {
    let mut base = whole_base_rows(outcomes, n_factors);
    if base.len() < 2 {
        return None;
    }
    let mean = base.iter().map(|row| row.a + row.b).sum::<f64>() / (2 * base.len()) as f64;
    for row in &mut base {
        row.a -= mean;
        row.b -= mean;
        row.ab.iter_mut().for_each(|value| *value -= mean);
    }
    if variance(&base, &(0..base.len()).collect::<Vec<_>>()) <= 0.0 {
        return None;
    }
    let estimates = bootstrap(base.len(), seed, |units| {
        let (n, variance) = (units.len() as f64, variance(&base, units));
        let mut values = Vec::with_capacity(2 * n_factors);
        for factor in 0..n_factors {
            let rows = || units.iter().map(|&unit| &base[unit]);
            let first: f64 = rows().map(|row| row.b * (row.ab[factor] - row.a)).sum();
            let total: f64 = rows().map(|row| (row.a - row.ab[factor]) * (row.a - row.ab[factor])).sum();
            values.push(first / n / variance);
            values.push(total / (2.0 * n) / variance);
        }
        values
    });
    let indices = estimates.chunks_exact(2).map(|pair| SobolIndex { first_order: pair[0], total: pair[1] });
    Some((indices.collect(), base.len()))
}

fn whole_base_rows(outcomes: &[Option<f64>], n_factors: usize) -> Vec<BaseRow> {
    let read = |rows: (usize, &[Option<f64>])| {
        let (base, rows) = rows;
        let mut found = BaseRow { a: 0.0, b: 0.0, ab: vec![0.0; n_factors] };
        for (at, value) in rows.iter().enumerate() {
            let value = (*value)?;
            match saltelli_row(base * (n_factors + 2) + at, n_factors).1 {
                SaltelliRow::A => found.a = value,
                SaltelliRow::B => found.b = value,
                SaltelliRow::Ab(factor) => found.ab[factor] = value,
            }
        }
        Some(found)
    };
    outcomes.chunks_exact(n_factors + 2).enumerate().filter_map(read).collect()
}

/// Variance of the outcome over the rows of A and B.
fn variance(base: &[BaseRow], units: &[usize]) -> f64 {
    let n = 2.0 * units.len() as f64;
    let values = || units.iter().flat_map(|&unit| [base[unit].a, base[unit].b]);
    let mean = values().sum::<f64>() / n;
    values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n
}
