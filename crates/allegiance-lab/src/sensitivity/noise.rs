//! How much of what varies between rows is the luck of their replicates.

/// Share of the variance of row means that comes from the replicates and not
/// from the factors: the mean squared standard error over the variance of the
/// means, at most 1. `None` where no row has two replicates or nothing varies.
///
/// With common random numbers rows share part of their luck, so that the
/// indices suffer from less noise than this.
pub fn noise_share(by_row: &[Vec<f64>]) -> Option<f64> {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let squares = |values: &[f64]| {
        let mean = mean(values);
        values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>()
    };
    let repeated: Vec<&Vec<f64>> = by_row.iter().filter(|row| row.len() >= 2).collect();
    let errors: Vec<f64> =
        repeated.iter().map(|row| squares(row) / (row.len() as f64 - 1.0) / row.len() as f64).collect();
    let means: Vec<f64> = repeated.iter().map(|row| mean(row)).collect();
    if means.len() < 2 {
        return None;
    }
    let variance = squares(&means) / (means.len() as f64 - 1.0);
    (variance > 0.0).then(|| (mean(&errors) / variance).min(1.0))
}
