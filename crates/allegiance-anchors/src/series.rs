//! Statistics of a run of Model I, the twin of `bench/anchors/mesa_epstein.py`.

use crate::rebellion::{Counts, Parameters, Rebellion};
use crate::rules::Rules;
use allegiance_model::maths::sqrt;

/// An outburst is a run of steps with more actives than this; Epstein's waiting
/// times use the same.
pub const OUTBURST_THRESHOLD: u32 = 50;

/// The counts after every step of a run.
pub fn run(parameters: Parameters, rules: Rules, n_steps: usize, seed: u64) -> Vec<Counts> {
    let mut world = Rebellion::new(parameters, rules, seed, 0);
    (0..n_steps).map(|_| world.step()).collect()
}

/// One complete outburst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outburst {
    /// First step above the threshold.
    pub start: usize,
    /// First step at or below it again.
    pub end: usize,
    /// Most actives in a step.
    pub peak: u32,
    /// Actives summed over its steps, Epstein's total activation.
    pub activation: u32,
}

/// Outbursts that start at or after a step and end before the series does.
pub fn outbursts(active: &[u32], first: usize) -> Vec<Outburst> {
    let mut found = Vec::new();
    let mut start = None;
    for step in first..active.len() {
        let is_above = active[step] > OUTBURST_THRESHOLD;
        let was_above = step > 0 && active[step - 1] > OUTBURST_THRESHOLD;
        if is_above && !was_above {
            start = Some(step);
        } else if was_above
            && !is_above
            && let Some(begun) = start.take()
        {
            let spell = &active[begun..step];
            found.push(Outburst {
                start: begun,
                end: step,
                peak: spell.iter().copied().max().unwrap_or(0),
                activation: spell.iter().sum(),
            });
        }
    }
    found
}

/// Steps from the end of each outburst to the start of the next.
pub fn waits(found: &[Outburst]) -> Vec<f64> {
    found.windows(2).map(|pair| (pair[1].start - pair[0].end) as f64).collect()
}

/// The statistics of one run by name; those with nothing to average are left
/// out. `burn_in` steps are dropped but for the first steps and the population.
pub fn statistics(series: &[Counts], burn_in: usize) -> Vec<(&'static str, f64)> {
    let column = |f: fn(&Counts) -> u32| series.iter().map(f).collect::<Vec<u32>>();
    let active = column(|c| c.active);
    let kept = |values: &[u32]| values[burn_in..].iter().map(|&v| f64::from(v)).collect::<Vec<f64>>();
    let mut row = vec![
        ("population", f64::from(series[0].active + series[0].quiet + series[0].jailed)),
        ("active_at_step_1", f64::from(active[0])),
        ("active_at_step_5", f64::from(active[4])),
        ("active_at_step_20", f64::from(active[19])),
    ];
    let (is_active, quiet, jailed) = (kept(&active), kept(&column(|c| c.quiet)), kept(&column(|c| c.jailed)));
    let found = outbursts(&active, burn_in);
    let of = |f: fn(&Outburst) -> f64| mean(&found.iter().map(f).collect::<Vec<f64>>());
    let rest = [
        ("active_mean", mean(&is_active)),
        ("active_sd", deviation(&is_active)),
        ("quiet_mean", mean(&quiet)),
        ("quiet_sd", deviation(&quiet)),
        ("jailed_mean", mean(&jailed)),
        ("jailed_sd", deviation(&jailed)),
        ("active_max", is_active.iter().copied().reduce(f64::max)),
        ("n_outbursts", Some(found.len() as f64)),
        ("outburst_steps", of(|o| (o.end - o.start) as f64)),
        ("outburst_peak", of(|o| f64::from(o.peak))),
        ("outburst_activation", of(|o| f64::from(o.activation))),
        ("wait_steps", mean(&waits(&found))),
    ];
    row.extend(rest.into_iter().filter_map(|(name, value)| Some((name, value?))));
    row
}

/// The mean; none of an empty slice.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The standard deviation of a population (divisor `n`).
fn deviation(values: &[f64]) -> Option<f64> {
    let centre = mean(values)?;
    mean(&values.iter().map(|v| (v - centre) * (v - centre)).collect::<Vec<f64>>()).map(sqrt)
}

#[cfg(test)]
mod tests {
    use super::{Outburst, outbursts, waits};

    #[test]
    fn only_complete_outbursts_count() {
        let active = [60, 60, 0, 51, 80, 50, 0, 99, 0, 70];
        let found = outbursts(&active, 1);
        assert_eq!(
            found,
            [
                Outburst { start: 3, end: 5, peak: 80, activation: 131 },
                Outburst { start: 7, end: 8, peak: 99, activation: 99 },
            ]
        );
        assert!((waits(&found)[0] - 2.0).abs() < 1e-12);
    }
}
