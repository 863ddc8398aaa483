//! The interval score of an ensemble.

use allegiance_record::intervals::quantile;

/// Share of the members outside the interval scored: the interval of the VIEWS
/// prediction challenge 2023/24 holds 90%.
///
/// # Source
/// Hegre et al. (2024), The 2023/24 VIEWS prediction challenge, and its
/// evaluation code. The package `views-evaluation` sets 0.05 in its base
/// profile, which isn't the challenge's.
pub(super) const ALPHA: f64 = 0.1;

/// The width of the central 90% interval of the members, plus `2 / alpha` for
/// each death that the observation lies outside. In the unit of the counts; 0 is
/// best. Quantiles are linear between members. `sorted` is in ascending order
/// and not empty.
///
/// # Source
/// Gneiting & Raftery (2007), Strictly proper scoring rules, eq. 43.
pub fn interval_score(sorted: &[f64], observed: f64) -> f64 {
    let end = |p: f64| quantile(sorted, p).expect("an ensemble has a member");
    let (lower, upper) = (end(ALPHA / 2.0), end(1.0 - ALPHA / 2.0));
    let outside = (lower - observed).max(0.0) + (observed - upper).max(0.0);
    upper - lower + 2.0 / ALPHA * outside
}
