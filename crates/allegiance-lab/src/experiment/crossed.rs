//! What a difference depends on: theories, parameters and luck apart, and what knowing
//! one of them would change.
//!
//! Every arm is run in every setting, which is a pair of theories with one draw of all
//! parameters from their priors, a few replicates each, with the same luck in all arms.
//! Each draw belongs to one pair of theories, and each replicate to one draw, so that the
//! variance splits without remainder.

use super::priors::ShareAbove;
use super::variants::Variant;
use crate::inference::Prior;
use crate::measured::Measured;
use allegiance_model::random::{Draws, Purpose};
use allegiance_model::setup::Theory;
use allegiance_record::intervals::quantile;
use serde::{Deserialize, Serialize};

/// Resamples of the draws within each theory.
const N_RESAMPLES: u32 = 400;
/// Shuffles of the draws within each theory.
const N_SHUFFLES: u32 = 200;
/// Fewest draws under each theory from which their spread is told.
pub const FEWEST_DRAWS: u32 = 3;
/// At most so many parameters are named.
const MOST_NAMED: usize = 5;
/// A difference within this share of the baseline's mean is called about none: how often one
/// is exactly none depends on how many replicates are looked at.
pub const ABOUT_NONE: f64 = 0.01;
/// Replicates' worth of the settings' common noise in each setting's own, which a few
/// replicates tell badly.
const SHARED_NOISE: f64 = 2.0;

/// Parts of a variance, which add up to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Parts {
    /// Of the arms: how far their means lie apart; 0 for a difference.
    pub arm: f64,
    /// Of the theories: how far their means lie apart.
    pub theory: f64,
    /// Of the parameters: how far draws under one theory lie apart.
    pub parameters: f64,
    /// Of luck: how far replicates of one setting lie apart.
    pub luck: f64,
}

/// What knowing one thing would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knowing {
    /// What is known: `everything`, `theory`, or the name of a parameter.
    pub what: String,
    /// Share of the difference's variance, free of luck, that it accounts for by itself.
    pub share: f64,
    /// Probability that the answer (more, less, about none), once it is known, is another
    /// than that of the mean over everything.
    pub changes: f64,
    /// How much better the chosen one of the two arms does on average where it is chosen
    /// after knowing, in the outcome's unit, whichever direction is the better one.
    pub worth: f64,
}

/// One difference over theories, parameters and luck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossedDifference {
    /// Settings in which the outcome exists in some pair of replicates.
    pub n_settings: usize,
    /// Mean difference, each pair of theories weighing the same.
    pub mean: f64,
    /// What counts as about no difference, in the outcome's unit.
    pub about_none: f64,
    /// Probability that the true difference, free of luck, is more than about none: each
    /// pair of theories as likely as the others, parameters drawn from their priors.
    pub above: ShareAbove,
    /// The same below.
    pub below: ShareAbove,
    /// What one replicate's difference varies by.
    pub parts: Parts,
    /// What knowing would change: everything, the theory, then the parameters whose part is
    /// told apart from chance, the most first.
    pub knowing: Vec<Knowing>,
}

/// One outcome over arms, theories, parameters and luck.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeParts {
    /// Name of the outcome.
    pub outcome: String,
    /// What one replicate varies by.
    pub parts: Parts,
}

/// The settings of an experiment: which theories, and where each draw lies in its priors.
pub(super) struct Settings {
    /// Of each setting, the position of its theories.
    theory_of: Vec<usize>,
    n_theories: usize,
    /// Names of the parameters.
    parameters: Vec<String>,
    /// Of each parameter, the position of each setting in its prior, 0-1.
    positions: Vec<Vec<f64>>,
}

impl Settings {
    pub(super) fn of(variants: &[Variant]) -> Self {
        let mut theories: Vec<Theory> = Vec::new();
        let (mut theory_of, mut parameters, mut positions) = (Vec::new(), Vec::new(), Vec::new());
        for variant in variants {
            let Variant::Crossed { theory, values, .. } = variant else { continue };
            theory_of.push(theories.iter().position(|known| known == theory).unwrap_or(theories.len()));
            if !theories.contains(theory) {
                theories.push(*theory);
            }
            if parameters.is_empty() {
                parameters = values.iter().map(|(path, _)| path.clone()).collect();
                positions = vec![Vec::new(); parameters.len()];
            }
            for ((path, value), of) in values.iter().zip(&mut positions) {
                of.push(Prior::of(path).map_or(0.5, |prior| prior.position_of(*value)));
            }
        }
        Self { theory_of, n_theories: theories.len(), parameters, positions }
    }

    /// An arm's difference from the baseline in one outcome; `None` where settings are too
    /// few, or the outcome exists in none.
    pub(super) fn difference(
        &self,
        crossed: &[Vec<Measured>],
        (baseline, arm): (usize, usize),
        outcome: usize,
    ) -> Option<CrossedDifference> {
        let column = |arms: &[Measured], arm: usize| arms[arm].column(outcome);
        let of_setting = |(at, arms): (usize, &Vec<Measured>)| {
            let pairs = column(arms, baseline).into_iter().zip(column(arms, arm));
            Cell::of(self.theory_of[at], at, pairs.map(|(first, second)| second - first))
        };
        let cells: Vec<Cell> = crossed.iter().enumerate().filter_map(of_setting).collect();
        let of_baseline =
            |(at, arms): (usize, &Vec<Measured>)| Cell::of(self.theory_of[at], at, column(arms, baseline).into_iter());
        let level: Vec<Cell> = crossed.iter().enumerate().filter_map(of_baseline).collect();
        let about_none = ABOUT_NONE * Split::of(&level, self.n_theories)?.mean.abs();
        self.told(&cells, about_none)
    }

    /// What the settings' differences amount to.
    fn told(&self, cells: &[Cell], about_none: f64) -> Option<CrossedDifference> {
        let split = Split::of(cells, self.n_theories)?;
        let shares = |cells: &[Cell]| shares_beyond(cells, self.n_theories, about_none);
        let [above, below] = shares(cells);
        let mut resampled: [Vec<f64>; 2] = Default::default();
        for number in 0..N_RESAMPLES {
            let found = shares(&resample(cells, self.n_theories, number));
            found.into_iter().zip(&mut resampled).for_each(|(share, all)| all.push(share));
        }
        let interval = |share: f64, mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            Some(ShareAbove { share, low: quantile(&all, 0.025)?.min(share), high: quantile(&all, 0.975)?.max(share) })
        };
        let [above_all, below_all] = resampled;
        Some(CrossedDifference {
            n_settings: cells.len(),
            mean: split.mean,
            about_none,
            above: interval(above, above_all)?,
            below: interval(below, below_all)?,
            parts: split.parts(0.0),
            knowing: self.knowing(cells, &split, about_none),
        })
    }

    /// What one outcome varies by over arms and settings.
    pub(super) fn parts(&self, crossed: &[Vec<Measured>], outcome: usize) -> Option<Parts> {
        let n_arms = crossed.first()?.len();
        let cells_of = |arm: usize| -> Vec<Cell> {
            let cell = |(at, arms): (usize, &Vec<Measured>)| {
                Cell::of(self.theory_of[at], at, arms[arm].column(outcome).into_iter())
            };
            crossed.iter().enumerate().filter_map(cell).collect()
        };
        let splits: Vec<Split> =
            (0..n_arms).map(|arm| Split::of(&cells_of(arm), self.n_theories)).collect::<Option<_>>()?;
        let mean = |of: &dyn Fn(&Split) -> f64| splits.iter().map(of).sum::<f64>() / n_arms as f64;
        let middle = mean(&|split| split.mean);
        // What is left of luck in the arms' means, which share it, is far below their distance.
        let between = mean(&|split| (split.mean - middle) * (split.mean - middle));
        let within = Split {
            mean: middle,
            theory: mean(&|split| split.theory),
            parameters: mean(&|split| split.parameters),
            luck: mean(&|split| split.luck),
            noise: 0.0,
            theory_means: Vec::new(),
            n_draws: 0.0,
        };
        Some(within.parts(between))
    }

    /// What knowing everything, the theory or single parameters would change.
    ///
    /// # Source
    /// Felli & Hazen (1998), Sensitivity analysis and the expected value of perfect
    /// information; Strong, Oakley & Brennan (2014), Estimating multiparameter partial expected
    /// value of perfect information from a probabilistic sensitivity analysis sample, for the
    /// regression: here on the position in the prior and its square.
    fn knowing(&self, cells: &[Cell], split: &Split, about_none: f64) -> Vec<Knowing> {
        let free_of_luck = split.theory + split.parameters;
        let answer = |mean: f64| (mean > about_none, mean < -about_none);
        let known = |what: &str, share: f64, means: &[f64]| Knowing {
            what: what.to_owned(),
            share: if free_of_luck > 0.0 { (share / free_of_luck).clamp(0.0, 1.0) } else { 0.0 },
            changes: share_of(means, |&mean| answer(mean) != answer(split.mean)),
            worth: (average(means.iter().map(|&mean| mean.max(0.0))) - split.mean.max(0.0)).max(0.0),
        };
        let truths: Vec<f64> = free_of_noise(cells, self.n_theories).into_iter().map(|(_, truth)| truth).collect();
        let shrunken = (split.theory / (split.theory + split.noise_of_theory())).sqrt();
        let by_theory: Vec<f64> = split
            .theory_means
            .iter()
            .map(|mean| split.mean + if shrunken.is_finite() { shrunken } else { 0.0 } * (mean - split.mean))
            .collect();
        let mut all = vec![known("everything", free_of_luck, &truths), known("theory", split.theory, &by_theory)];
        let regressions = Regressions::of(self, cells);
        let mut found: Vec<Knowing> = regressions
            .told()
            .into_iter()
            .map(|(parameter, share, fitted)| {
                let means: Vec<f64> = fitted.iter().map(|fitted| split.mean + fitted).collect();
                known(&self.parameters[parameter], share, &means)
            })
            .collect();
        found.sort_by(|a, b| b.share.total_cmp(&a.share));
        all.extend(found.into_iter().take(MOST_NAMED));
        all
    }
}

fn average(values: impl Iterator<Item = f64>) -> f64 {
    let (n, sum) = values.fold((0.0, 0.0), |(n, sum), value| (n + 1.0, sum + value));
    sum / n
}

fn share_of(values: &[f64], is_one: impl Fn(&f64) -> bool) -> f64 {
    values.iter().filter(|value| is_one(value)).count() as f64 / values.len().max(1) as f64
}

/// One setting's replicates.
#[derive(Debug, Clone, Copy)]
struct Cell {
    theory: usize,
    /// Its number among the settings.
    setting: usize,
    /// Mean over its replicates.
    mean: f64,
    /// Variance of a replicate; 0 for a single one.
    luck: f64,
    /// Replicates.
    n: f64,
}

impl Cell {
    /// `None` where no value is finite.
    fn of(theory: usize, setting: usize, values: impl Iterator<Item = f64>) -> Option<Self> {
        let finite: Vec<f64> = values.filter(|value| value.is_finite()).collect();
        if finite.is_empty() {
            return None;
        }
        let n = finite.len() as f64;
        let mean = average(finite.iter().copied());
        let squares: f64 = finite.iter().map(|value| (value - mean) * (value - mean)).sum();
        Some(Self { theory, setting, mean, luck: if n > 1.0 { squares / (n - 1.0) } else { 0.0 }, n })
    }

    /// Variance of its mean.
    fn noise(&self) -> f64 {
        self.luck / self.n
    }
}

/// The cells of each theory that has enough of them.
fn by_theory(cells: &[Cell], n_theories: usize) -> Vec<Vec<Cell>> {
    let of = |theory: usize| cells.iter().copied().filter(move |cell| cell.theory == theory).collect::<Vec<Cell>>();
    (0..n_theories).map(of).filter(|cells| cells.len() >= FEWEST_DRAWS as usize).collect()
}

/// How a variance splits.
///
/// # Source
/// Searle, Casella & `McCulloch` (1992), Variance components, chapter 4: sums of squares of
/// nested classes, with the theories taken as they are and not as a sample of theories.
#[derive(Debug, Clone)]
struct Split {
    mean: f64,
    theory: f64,
    parameters: f64,
    luck: f64,
    /// Variance of a setting's mean by luck.
    noise: f64,
    theory_means: Vec<f64>,
    /// Draws of a theory.
    n_draws: f64,
}

impl Split {
    /// `None` where no theory has enough draws.
    fn of(cells: &[Cell], n_theories: usize) -> Option<Self> {
        let theories = by_theory(cells, n_theories);
        if theories.is_empty() {
            return None;
        }
        let over = |of: &dyn Fn(&Vec<Cell>) -> f64| average(theories.iter().map(of));
        let mean_of = |cells: &Vec<Cell>| average(cells.iter().map(|cell| cell.mean));
        let noise = over(&|cells| average(cells.iter().map(Cell::noise)));
        let spread = over(&|cells| {
            let mean = mean_of(cells);
            cells.iter().map(|cell| (cell.mean - mean) * (cell.mean - mean)).sum::<f64>() / (cells.len() as f64 - 1.0)
        });
        let n_draws = over(&|cells| cells.len() as f64);
        let theory_means: Vec<f64> = theories.iter().map(mean_of).collect();
        let mean = average(theory_means.iter().copied());
        let n = theory_means.len() as f64;
        let apart = average(theory_means.iter().map(|of| (of - mean) * (of - mean)));
        Some(Self {
            mean,
            theory: (apart - (1.0 - 1.0 / n) * spread / n_draws).max(0.0),
            parameters: (spread - noise).max(0.0),
            luck: over(&|cells| average(cells.iter().map(|cell| cell.luck))),
            noise,
            theory_means,
            n_draws,
        })
    }

    /// Variance of a theory's mean that isn't the theory's.
    fn noise_of_theory(&self) -> f64 {
        (self.parameters + self.noise) / self.n_draws
    }

    /// The parts, with that of the arms beside them; all luck where nothing varies.
    fn parts(&self, arm: f64) -> Parts {
        let all = arm + self.theory + self.parameters + self.luck;
        if all <= 0.0 {
            return Parts { arm: 0.0, theory: 0.0, parameters: 0.0, luck: 1.0 };
        }
        Parts { arm: arm / all, theory: self.theory / all, parameters: self.parameters / all, luck: self.luck / all }
    }
}

/// The true means of the settings as far as they can be told, with the theory of each: drawn
/// towards the theory's mean, each by its own noise, just so far that they scatter as the true ones do.
///
/// # Source
/// Louis (1984), Estimating a population of parameter values using Bayes and empirical Bayes
/// methods: the square root of the usual shrinkage keeps the spread.
fn free_of_noise(cells: &[Cell], n_theories: usize) -> Vec<(usize, f64)> {
    let of_theory = |cells: Vec<Cell>| {
        let n = cells.len() as f64;
        let mean = average(cells.iter().map(|cell| cell.mean));
        let noise = average(cells.iter().map(Cell::noise));
        let spread = cells.iter().map(|cell| (cell.mean - mean) * (cell.mean - mean)).sum::<f64>() / (n - 1.0);
        let between = (spread - noise).max(0.0);
        let of = move |cell: Cell| {
            let own = (cell.noise() * (cell.n - 1.0) + noise * SHARED_NOISE) / (cell.n - 1.0 + SHARED_NOISE);
            let kept = if own > 0.0 { (between / (between + own)).sqrt() } else { 1.0 };
            (cell.theory, mean + kept * (cell.mean - mean))
        };
        cells.into_iter().map(of).collect::<Vec<_>>()
    };
    by_theory(cells, n_theories).into_iter().flat_map(of_theory).collect()
}

/// The shares of true means above and below what counts as about none, each theory weighing
/// the same.
fn shares_beyond(cells: &[Cell], n_theories: usize, about_none: f64) -> [f64; 2] {
    let truths = free_of_noise(cells, n_theories);
    let mut counts = vec![[0.0; 3]; n_theories];
    for (theory, truth) in truths {
        counts[theory][2] += 1.0;
        counts[theory][0] += f64::from(u8::from(truth > about_none));
        counts[theory][1] += f64::from(u8::from(truth < -about_none));
    }
    let told: Vec<&[f64; 3]> = counts.iter().filter(|of| of[2] > 0.0).collect();
    [0, 1].map(|side| average(told.iter().map(|of| of[side] / of[2])))
}

/// The cells of each theory, drawn again with replacement.
fn resample(cells: &[Cell], n_theories: usize, number: u32) -> Vec<Cell> {
    let draws = Draws::of_population(0);
    let of_theory = |cells: Vec<Cell>| {
        let theory = cells.first().map_or(0, |cell| cell.theory as u32);
        let mut stream = draws.stream(Purpose::Bootstrap, number, 2, theory);
        (0..cells.len()).map(|_| cells[stream.below(cells.len() as u32) as usize]).collect::<Vec<_>>()
    };
    by_theory(cells, n_theories).into_iter().flat_map(of_theory).collect()
}

/// Regressions of the settings' means on each parameter, within theories.
struct Regressions {
    /// Of each parameter, two directions of unit length among the settings: its position and
    /// that squared, without the theories' means.
    directions: Vec<[Vec<f64>; 2]>,
    /// The means less those of their theories, theory by theory.
    means: Vec<f64>,
    /// Where each theory's means lie.
    theories: Vec<std::ops::Range<usize>>,
}

impl Regressions {
    fn of(settings: &Settings, cells: &[Cell]) -> Self {
        let by_theory = by_theory(cells, settings.n_theories);
        let mut theories = Vec::new();
        for cells in &by_theory {
            let first = theories.last().map_or(0, |last: &std::ops::Range<usize>| last.end);
            theories.push(first..first + cells.len());
        }
        let cells: Vec<Cell> = by_theory.into_iter().flatten().collect();
        let centred = |of: &dyn Fn(&Cell) -> f64| {
            let mut values: Vec<f64> = cells.iter().map(of).collect();
            for span in &theories {
                let mean = average(values[span.clone()].iter().copied());
                values[span.clone()].iter_mut().for_each(|value| *value -= mean);
            }
            values
        };
        let directions = settings.positions.iter().map(|positions| {
            let first = unit(centred(&|cell| positions[cell.setting]));
            let mut second = centred(&|cell| positions[cell.setting] * positions[cell.setting]);
            let along = dot(&first, &second);
            second.iter_mut().zip(&first).for_each(|(value, direction)| *value -= along * direction);
            [first, unit(second)]
        });
        let directions = directions.collect();
        Self { directions, means: centred(&|cell| cell.mean), theories }
    }

    /// What each parameter accounts for of the sum of squares of some means.
    fn accounted<'a>(&'a self, means: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.directions.iter().map(|directions| directions.iter().map(|of| dot(of, means).powi(2)).sum())
    }

    /// The parameters whose part is more than the greatest of all that chance gives in 95 of
    /// 100 shuffles: the parameter, its variance, and the mean that it gives each setting.
    fn told(&self) -> Vec<(usize, f64, Vec<f64>)> {
        let total = dot(&self.means, &self.means);
        let freedom = self.means.len() as f64 - self.theories.len() as f64 - 2.0;
        if freedom < 1.0 || total <= 0.0 {
            return Vec::new();
        }
        let draws = Draws::of_population(0);
        let mut greatest: Vec<f64> = (0..N_SHUFFLES)
            .map(|number| {
                let mut stream = draws.stream(Purpose::Bootstrap, number, 3, 0);
                let mut shuffled = self.means.clone();
                for span in &self.theories {
                    for last in (span.start + 1..span.end).rev() {
                        let other = span.start + stream.below((last - span.start + 1) as u32) as usize;
                        shuffled.swap(last, other);
                    }
                }
                self.accounted(&shuffled).fold(0.0, f64::max)
            })
            .collect();
        greatest.sort_by(f64::total_cmp);
        let least = quantile(&greatest, 0.95).unwrap_or(f64::INFINITY);
        let n = self.means.len() as f64;
        let told = self.accounted(&self.means).enumerate().filter(|&(_, found)| found > least);
        told.map(|(parameter, found)| {
            let rest = (total - found) / freedom;
            // Two directions of pure chance account for twice that.
            let share = (found - 2.0 * rest).max(0.0) / n;
            let kept = (share * n / found).sqrt();
            let [first, second] = &self.directions[parameter];
            let (a, b) = (kept * dot(first, &self.means), kept * dot(second, &self.means));
            (parameter, share, first.iter().zip(second).map(|(x, y)| a * x + b * y).collect())
        })
        .collect()
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The same direction with length 1; zeros stay.
fn unit(mut values: Vec<f64>) -> Vec<f64> {
    let length = dot(&values, &values).sqrt();
    if length > 1e-12 {
        for value in &mut values {
            *value /= length;
        }
    } else {
        values.fill(0.0);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::{Cell, CrossedDifference, Settings, free_of_noise};
    use crate::measured::Measured;
    use allegiance_model::random::{Draws, Purpose};

    const N_THEORIES: usize = 8;
    const N_PARAMETERS: usize = 30;

    /// Settings whose parameters lie anywhere.
    fn settings(seed: u64, n_draws: usize) -> Settings {
        let n = N_THEORIES * n_draws;
        let mut stream = Draws::of_population(seed).stream(Purpose::Bootstrap, 0, 9, 0);
        Settings {
            theory_of: (0..n).map(|at| at % N_THEORIES).collect(),
            n_theories: N_THEORIES,
            parameters: (0..N_PARAMETERS).map(|at| format!("parameter {at}")).collect(),
            positions: (0..N_PARAMETERS).map(|_| (0..n).map(|_| stream.uniform()).collect()).collect(),
        }
    }

    /// Cells with a true mean each, seen through replicates whose standard deviation is `luck`.
    fn cells(settings: &Settings, seed: u64, (n, luck): (u32, f64), truth: impl Fn(usize) -> f64) -> Vec<Cell> {
        let draws = Draws::of_population(seed);
        let cell = |(at, &theory): (usize, &usize)| {
            let mut stream = draws.stream(Purpose::Bootstrap, at as u32, 8, 0);
            let middle = truth(at);
            Cell::of(theory, at, (0..n).map(|_| middle + luck * stream.normal()).collect::<Vec<_>>().into_iter())
        };
        settings.theory_of.iter().enumerate().filter_map(cell).collect()
    }

    fn told(settings: &Settings, cells: &[Cell]) -> CrossedDifference {
        settings.told(cells, 0.05).unwrap()
    }

    fn close(found: f64, expected: f64, within: f64) {
        assert!((found - expected).abs() < within, "{found} instead of {expected}");
    }

    /// Theories apart by a variance of 4, draws by 9 / 12 (uniform over 3), replicates by 1.
    #[test]
    fn the_parts_are_those_that_were_put_in() {
        let settings = settings(1, 200);
        let truth = |at: usize| {
            let of_theory = [-2.0, 2.0][at % 2];
            of_theory + 3.0 * settings.positions[4][at]
        };
        let found = told(&settings, &cells(&settings, 2, (4, 1.0), truth));
        let all = 4.0 + 0.75 + 1.0;
        close(found.parts.theory, 4.0 / all, 0.02);
        close(found.parts.parameters, 0.75 / all, 0.02);
        close(found.parts.luck, 1.0 / all, 0.02);
        close(found.parts.arm + found.parts.theory + found.parts.parameters + found.parts.luck, 1.0, 1e-12);
    }

    /// Truths as wars have them: under half of the theories nothing but a trace, under the
    /// others skewed, with more luck than spread.
    fn as_in_wars(settings: &Settings, at: usize) -> f64 {
        let u = settings.positions[0][at];
        if at % N_THEORIES < 4 { 0.01 * (u - 0.5) } else { 1.6 * u * u * u - 0.3 }
    }

    /// From a few replicates as from many: each within .05 of the truth.
    #[test]
    fn four_and_forty_eight_replicates_tell_the_same_probability_of_a_sign() {
        let settings = settings(3, 250);
        let n = settings.theory_of.len();
        let share = |is_one: &dyn Fn(f64) -> bool| {
            (0..n).filter(|&at| is_one(as_in_wars(&settings, at))).count() as f64 / n as f64
        };
        let (above, below) = (share(&|truth| truth > 0.05), share(&|truth| truth < -0.05));
        for (replicates, within) in [(4, 0.05), (48, 0.02)] {
            let luck = |at: usize| if at % N_THEORIES < 4 { 0.02 } else { 0.5 };
            let draws = Draws::of_population(5);
            let cell = |at: usize| {
                let mut stream = draws.stream(Purpose::Bootstrap, at as u32, 8, replicates);
                let values: Vec<f64> =
                    (0..replicates).map(|_| as_in_wars(&settings, at) + luck(at) * stream.normal()).collect();
                Cell::of(settings.theory_of[at], at, values.into_iter())
            };
            let found = told(&settings, &(0..n).filter_map(cell).collect::<Vec<_>>());
            close(found.above.share, above, within);
            close(found.below.share, below, within);
            assert!(found.above.low <= above + 0.03 && above - 0.03 <= found.above.high, "{found:?}");
        }
    }

    /// What luck alone scatters is drawn together, what truly scatters isn't.
    #[test]
    fn true_means_scatter_as_they_do_without_noise() {
        let settings = settings(6, 100);
        let spread = |cells: &[Cell]| {
            let truths = free_of_noise(cells, N_THEORIES);
            let mean = truths.iter().map(|of| of.1).sum::<f64>() / truths.len() as f64;
            truths.iter().map(|of| (of.1 - mean).powi(2)).sum::<f64>() / truths.len() as f64
        };
        close(spread(&cells(&settings, 7, (4, 2.0), |_| 1.0)), 0.0, 0.12);
        let wide = |at: usize| 4.0 * settings.positions[1][at];
        close(spread(&cells(&settings, 7, (4, 2.0), wide)), 16.0 / 12.0, 0.15);
    }

    /// The difference is `3 u - 1` in one parameter, half on average: knowing it changes the answer
    /// where that is .05 or less, and is worth the mean of `1 - 3 u` where that is positive, a sixth.
    #[test]
    fn the_parameter_that_decides_is_named_with_what_knowing_it_is_worth() {
        let settings = settings(11, 60);
        let found = told(&settings, &cells(&settings, 12, (4, 0.4), |at| 3.0 * settings.positions[7][at] - 1.0));
        let names: Vec<&str> = found.knowing.iter().map(|known| known.what.as_str()).collect();
        assert_eq!(names, ["everything", "theory", "parameter 7"]);
        let parameter = &found.knowing[2];
        close(parameter.changes, 0.35, 0.05);
        close(parameter.worth, 1.0 / 6.0, 0.03);
        close(parameter.share, 1.0, 0.05);
        let theory = &found.knowing[1];
        assert!(theory.share < 0.05 && theory.changes < 1e-12, "{theory:?}");
    }

    /// Of 30 parameters that do nothing, in one of twenty experiments one is named.
    #[test]
    fn of_parameters_that_do_nothing_none_is_named() {
        let settings = settings(13, 10);
        let draws = Draws::of_population(14);
        let n_named = (0..100_u64)
            .filter(|&seed| {
                let mut stream = draws.stream(Purpose::Bootstrap, seed as u32, 7, 0);
                let truths: Vec<f64> = settings.theory_of.iter().map(|_| stream.normal()).collect();
                told(&settings, &cells(&settings, seed, (4, 1.0), |at| truths[at])).knowing.len() > 2
            })
            .count();
        assert!(n_named <= 12, "{n_named} of 100");
    }

    /// Two arms that lie 2 apart around settings that scatter by 1: an outcome's parts.
    #[test]
    fn arms_are_a_part_of_what_an_outcome_varies_by() {
        let settings = settings(15, 50);
        let draws = Draws::of_population(16);
        let crossed: Vec<Vec<Measured>> = (0..settings.theory_of.len())
            .map(|at| {
                let mut stream = draws.stream(Purpose::Bootstrap, at as u32, 6, 0);
                let middle = stream.normal();
                let values: Vec<f64> = (0..4).map(|_| middle + stream.normal()).collect();
                let arm = |by: f64| Measured {
                    digests: vec![String::new(); 4],
                    outcomes: values.iter().map(|value| vec![value + by]).collect(),
                };
                vec![arm(-1.0), arm(1.0)]
            })
            .collect();
        let parts = settings.parts(&crossed, 0).unwrap();
        close(parts.arm, 1.0 / 3.0, 0.03);
        close(parts.parameters, 1.0 / 3.0, 0.05);
        close(parts.luck, 1.0 / 3.0, 0.03);
        let difference = settings.difference(&crossed, (0, 1), 0).unwrap();
        close(difference.mean, 2.0, 1e-12);
        close(difference.above.share, 1.0, 1e-12);
    }

    #[test]
    fn without_settings_nothing_is_told() {
        let nothing = Settings::of(&[]);
        assert!(nothing.parts(&[], 0).is_none() && nothing.difference(&[], (0, 1), 0).is_none());
    }
}
