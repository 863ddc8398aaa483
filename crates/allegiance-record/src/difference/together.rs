//! Intervals of several mean differences that hold at once.

use super::student::two_sided;
use super::{ALPHA, MeanInterval, Moments, interval_at, quantile};
use allegiance_model::random::{Draws, Purpose};

/// Resamples of the pairs' signs.
const N_RESAMPLES: u32 = 2_000;

/// Intervals that all hold their true means in 95 of 100 families of comparisons, each
/// with the probability that any of the family is so far from zero where no comparison
/// has a difference: below 0.05 where the interval excludes zero. `None` where a comparison
/// has no interval alone.
///
/// `differences` holds one comparison a row, one pair a column, NaN where an outcome of the
/// pair doesn't exist; a column is one replicate, whose luck all comparisons share. So much
/// as they move together, they count as fewer.
///
/// Always the same resamples: the same differences give the same intervals, to the last bit.
///
/// # Source
/// Westfall & Young (1993), Resampling-based multiple testing, section 2.3, smallest
/// probabilities in one step; Hothorn, Bretz & Westfall (2008), Simultaneous inference in
/// general parametric models, for intervals of this kind. Signs are drawn for a replicate's
/// deviations from the means: Liu (1988), Bootstrap procedures under some non-i.i.d. models.
pub fn together(differences: &[Vec<f64>]) -> Vec<Option<MeanInterval>> {
    let finite = |row: &Vec<f64>| row.iter().copied().filter(|value| value.is_finite()).collect::<Vec<f64>>();
    let rows: Vec<Vec<f64>> = differences.iter().map(finite).collect();
    let alone: Vec<Option<MeanInterval>> = rows.iter().map(|row| super::mean_interval(row)).collect();
    let with_interval = || differences.iter().zip(&alone).filter(|(_, interval)| interval.is_some());
    if with_interval().count() < 2 {
        return alone;
    }
    let smallest = smallest_by_chance(&with_interval().map(|(row, _)| Deviations::of(row)).collect::<Vec<_>>());
    // The one that a twentieth of the families lies at or below, their own among them.
    let level = smallest[(ALPHA * f64::from(N_RESAMPLES + 1)) as usize - 1];
    let share_below = |p: f64| {
        let n_below = smallest.partition_point(|&found| found <= p);
        (1 + n_below) as f64 / f64::from(N_RESAMPLES + 1)
    };
    let of = |(row, alone): (&Vec<f64>, &Option<MeanInterval>)| {
        let p = (*alone)?.p;
        let interval = interval_at(row, &|freedom| quantile(level, freedom))?;
        Some(MeanInterval { p: share_below(p).max(p), ..interval })
    };
    rows.iter().zip(&alone).map(of).collect()
}

/// A comparison's deviations from its mean, 0 where a pair has none.
struct Deviations {
    n: f64,
    squares: f64,
    of_pair: Vec<f64>,
}

impl Deviations {
    fn of(row: &[f64]) -> Self {
        let finite: Vec<f64> = row.iter().copied().filter(|value| value.is_finite()).collect();
        let moments = Moments::of(&finite);
        // A comparison whose pairs all differ by the same isn't moved by chance.
        let is_flat = moments.sd <= 0.0;
        let deviation = |&value: &f64| if value.is_finite() && !is_flat { value - moments.mean } else { 0.0 };
        let of_pair: Vec<f64> = row.iter().map(deviation).collect();
        Self { n: moments.n, squares: of_pair.iter().map(|value| value * value).sum(), of_pair }
    }

    /// The two-sided probability of the mean under such signs.
    fn p(&self, signs: &[f64]) -> f64 {
        let sum: f64 = self.of_pair.iter().zip(signs).map(|(value, sign)| value * sign).sum();
        let spread = self.squares - sum * sum / self.n;
        if self.squares <= 0.0 {
            return 1.0;
        }
        if spread <= 1e-12 * self.squares {
            return 0.5_f64.powi(self.n as i32 - 1);
        }
        two_sided(sum * ((self.n - 1.0) / (self.n * spread)).sqrt(), self.n - 1.0)
    }
}

/// The smallest probability of a family without any difference, in each resample, sorted upwards.
fn smallest_by_chance(family: &[Deviations]) -> Vec<f64> {
    let n_pairs = family[0].of_pair.len();
    let draws = Draws::of_population(0);
    let mut signs = vec![0.0; n_pairs];
    let mut smallest: Vec<f64> = (0..N_RESAMPLES)
        .map(|number| {
            let mut stream = draws.stream(Purpose::Bootstrap, number, 1, 0);
            signs.fill_with(|| if stream.uniform() < 0.5 { -1.0 } else { 1.0 });
            family.iter().map(|of| of.p(&signs)).fold(1.0, f64::min)
        })
        .collect();
    smallest.sort_by(f64::total_cmp);
    smallest
}
