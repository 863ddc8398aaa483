//! Sobol's first-order and total indices.

use super::replicated::{Shared, products};
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

/// What the rows of a `saltelli` design tell of their factors.
#[derive(Debug, Clone, PartialEq)]
pub enum Indices {
    /// The indices of every factor, and the base rows used.
    Told(Vec<SobolIndex>, usize),
    /// The factors move the outcome too little to be told from the random draws of
    /// so few replicates; from so many base rows.
    Hidden(usize),
    /// The outcome doesn't vary, or fewer than two base rows are whole.
    None,
}

/// The outcome at one base row: one number for each replicate.
#[derive(Debug, Clone)]
struct BaseRow {
    a: Vec<f64>,
    b: Vec<f64>,
    ab: Vec<Vec<f64>>,
}

/// The terms of one base row, whose means over rows give the variance and the
/// indices of every factor.
#[derive(Debug, Clone)]
struct Terms {
    variance: f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

/// The share of resamples without any variance from which on the indices, which
/// divide by it, have no ends.
const MOST_WITHOUT_VARIANCE: f64 = 0.025;

/// The indices of every factor from the outcome at each row of a `saltelli`
/// design. Shape of `outcomes`: `(n_rows, n_replicates)`; base rows in which a row
/// has fewer replicates than most are left out.
///
/// They are those of the outcome's expectation. With `f` the expectation at a row,
/// `V = Var(f_A, f_B)`; first order `mean(f_B (f_AB - f_A)) / V`; total
/// `mean((f_A - f_AB)^2) / (2 V)`. Each product of two expectations is estimated by
/// the mean product of *different* replicates, whose random draws are independent,
/// so that their noise adds nothing on average and no replicate more is needed.
/// Outcomes are centred on the mean of their replicate, which moves no expectation.
/// With one replicate a row, noise and factors can't be separated, and a row's
/// outcome stands for its expectation.
///
/// # Source
/// Saltelli et al. (2010), Variance based sensitivity analysis of model
/// output, table 2: first order (b), total (f), the latter due to Jansen
/// (1999), Analysis of variance designs for model output. Products of different
/// replicates: the U-statistic of a squared mean, Hoeffding (1948).
pub fn sobol_indices(outcomes: &[Vec<f64>], n_factors: usize, seed: u64) -> Indices {
    let n_replicates = outcomes.iter().map(Vec::len).max().unwrap_or(0);
    let base = centred(whole_base_rows(outcomes, n_factors, n_replicates), n_replicates);
    if base.len() < 2 || n_replicates == 0 || !varies(&base) {
        return Indices::None;
    }
    let all: Vec<usize> = (0..n_replicates).collect();
    let without = |left_out: Option<usize>| -> Vec<Terms> {
        let kept: Vec<usize> = all.iter().copied().filter(|&at| Some(at) != left_out).collect();
        base.iter().map(|row| terms(row, &kept)).collect()
    };
    let whole = without(None);
    // Leaving out one replicate at a time shows what all rows share of its draws.
    let n_left_out = if n_replicates >= 3 { n_replicates } else { 0 };
    let fewer: Vec<Vec<Terms>> = (0..n_left_out).map(|at| without(Some(at))).collect();
    let estimate = |terms: &[Terms], units: &[usize]| estimate(terms, units, n_factors);
    let shared = Shared::of(&whole, &fewer, &estimate);
    let (estimates, n_failed) = bootstrap(base.len(), seed, &shared, |units| estimate(&whole, units));
    if n_failed > MOST_WITHOUT_VARIANCE {
        return Indices::Hidden(base.len());
    }
    let indices = estimates.chunks_exact(2).map(|pair| SobolIndex { first_order: pair[0], total: pair[1] });
    Indices::Told(indices.collect(), base.len())
}

/// First order and total of each factor over some base rows; not numbers where
/// these have no variance.
fn estimate(terms: &[Terms], units: &[usize], n_factors: usize) -> Vec<f64> {
    let sum = |of: &dyn Fn(&Terms) -> f64| units.iter().map(|&unit| of(&terms[unit])).sum::<f64>();
    let variance = sum(&|row| row.variance);
    if variance <= 0.0 {
        return vec![f64::NAN; 2 * n_factors];
    }
    (0..n_factors)
        .flat_map(|factor| [sum(&|row| row.first[factor]), sum(&|row| row.total[factor])])
        .map(|total| total / variance)
        .collect()
}

fn terms(row: &BaseRow, replicates: &[usize]) -> Terms {
    let pick = |values: &[f64]| replicates.iter().map(|&at| values[at]).collect::<Vec<f64>>();
    let (a, b) = (pick(&row.a), pick(&row.b));
    let moves: Vec<Vec<f64>> =
        row.ab.iter().map(|ab| pick(ab).iter().zip(&a).map(|(moved, from)| moved - from).collect()).collect();
    Terms {
        variance: f64::midpoint(products(&a, &a), products(&b, &b)),
        first: moves.iter().map(|moved| products(&b, moved)).collect(),
        total: moves.iter().map(|moved| products(moved, moved) / 2.0).collect(),
    }
}

fn whole_base_rows(outcomes: &[Vec<f64>], n_factors: usize, n_replicates: usize) -> Vec<BaseRow> {
    let read = |(base, rows): (usize, &[Vec<f64>])| {
        let mut found = BaseRow { a: Vec::new(), b: Vec::new(), ab: vec![Vec::new(); n_factors] };
        for (at, values) in rows.iter().enumerate() {
            if values.len() < n_replicates {
                return None;
            }
            match saltelli_row(base * (n_factors + 2) + at, n_factors).1 {
                SaltelliRow::A => found.a.clone_from(values),
                SaltelliRow::B => found.b.clone_from(values),
                SaltelliRow::Ab(factor) => found.ab[factor].clone_from(values),
            }
        }
        Some(found)
    };
    outcomes.chunks_exact(n_factors + 2).enumerate().filter_map(read).collect()
}

/// Takes the mean of each replicate over the rows of A and B from its outcomes.
fn centred(mut base: Vec<BaseRow>, n_replicates: usize) -> Vec<BaseRow> {
    for at in 0..n_replicates {
        let mean = base.iter().map(|row| row.a[at] + row.b[at]).sum::<f64>() / (2 * base.len()).max(1) as f64;
        for row in &mut base {
            row.a[at] -= mean;
            row.b[at] -= mean;
            row.ab.iter_mut().for_each(|values| values[at] -= mean);
        }
    }
    base
}

fn varies(base: &[BaseRow]) -> bool {
    let largest =
        base.iter().flat_map(|row| row.a.iter().chain(&row.b)).fold(0.0_f64, |most, value| most.max(value.abs()));
    largest > 1e-12
}
