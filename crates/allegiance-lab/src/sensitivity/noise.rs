//! How much of what varies between rows is the luck of their replicates.

/// Share of the variance of row means that comes from luck and not from the
/// factors, at most 1; `None` where fewer than two rows have all replicates,
/// replicates are single, or nothing varies.
///
/// Replicates carry the same numbers in every row, so that part of their luck
/// is common and moves no row against another. What is left is the residual
/// of `outcome = row + replicate`: its mean square over the number of
/// replicates is the noise in a row's mean. Shape of `by_row`:
/// `(n_rows, n_replicates)`; rows with fewer values are left out.
///
/// # Source
/// Scheffé (1959), The analysis of variance, chapter 4: the two-way layout
/// with one observation per cell.
pub fn noise_share(by_row: &[Vec<f64>]) -> Option<f64> {
    let n_replicates = by_row.iter().map(Vec::len).max().filter(|&n| n >= 2)?;
    let rows: Vec<&Vec<f64>> = by_row.iter().filter(|row| row.len() == n_replicates).collect();
    if rows.len() < 2 {
        return None;
    }
    let (n_rows, n) = (rows.len() as f64, n_replicates as f64);
    let row_means: Vec<f64> = rows.iter().map(|row| row.iter().sum::<f64>() / n).collect();
    let replicate_means: Vec<f64> =
        (0..n_replicates).map(|at| rows.iter().map(|row| row[at]).sum::<f64>() / n_rows).collect();
    let mean = row_means.iter().sum::<f64>() / n_rows;
    let residuals = rows.iter().zip(&row_means).flat_map(|(row, row_mean)| {
        row.iter().zip(&replicate_means).map(move |(value, other)| value - row_mean - other + mean)
    });
    let noise = residuals.map(|residual| residual * residual).sum::<f64>() / ((n_rows - 1.0) * (n - 1.0)) / n;
    let variance = row_means.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n_rows - 1.0);
    (variance > 0.0).then(|| (noise / variance).min(1.0))
}
