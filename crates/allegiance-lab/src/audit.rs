//! Artefacts: what comes out otherwise where only the way of writing a war down, its luck or
//! its scale is another.
//!
//! A conclusion that depends on the order of places in a file, on names, on the seed or on the
//! share of the people that is simulated is about the program and not about the war.

use crate::measured::Measured;
use crate::paired::{Replicates, StudyError};
use allegiance_model::setup::Setup;
use allegiance_record::difference::{MeanInterval, differences_of, mean_interval, unpaired};
use allegiance_record::outcomes::{Outcome, measure_outcomes};
use serde::Serialize;

/// One way of writing the war down, or of drawing it.
#[derive(Debug, Clone)]
pub struct AuditVariant {
    /// Its name, usable as that of a file.
    pub id: String,
    /// What is another.
    pub title: String,
    /// The war, and the same with the change whose effect is looked at, where one is.
    pub setups: Vec<Setup>,
    /// The outcomes, as these setups number their groups.
    pub outcomes: Vec<Outcome>,
    /// How many people one of its people stands for, beside the war as it is written.
    pub people: f64,
    /// Whether everything must be equal, to the last bit, and not only alike.
    pub is_same: bool,
}

/// What an audit says of one outcome under one variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It comes out alike, and the replicates are enough to say so.
    Robust,
    /// It comes out otherwise.
    Fragile,
    /// The replicates are too few to tell.
    Open,
}

impl Standing {
    /// The word used in print.
    pub fn word(self) -> &'static str {
        match self {
            Self::Robust => "robust",
            Self::Fragile => "FRAGILE",
            Self::Open => "open",
        }
    }
}

/// One outcome under one variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditCell {
    /// Its mean over replicates, or that of the differences; empty where it exists in none.
    pub mean: Option<f64>,
    /// How much more that is than in the war as it is written, with the 95% interval.
    pub departs: Option<(f64, MeanInterval)>,
    /// What that amounts to.
    pub standing: Standing,
}

/// One outcome under every variant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditRow {
    /// The outcome.
    pub outcome: String,
    /// Its unit.
    pub unit: String,
    /// Its mean in the war as it is written, or that of the differences.
    pub mean: Option<f64>,
    /// The 95% interval of the mean of the differences; empty for outcomes themselves.
    pub interval: Option<MeanInterval>,
    /// Under each variant.
    pub variants: Vec<AuditCell>,
}

/// An audit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// Identifier of the scenario.
    pub scenario: String,
    /// What its change is, where the effect of one is audited.
    pub change: Option<String>,
    /// Replicates under each variant.
    pub n_replicates: u32,
    /// An outcome is alike within this share of its mean.
    pub within: f64,
    /// What each variant is: its name and what is another.
    pub variants: Vec<[String; 2]>,
    /// The outcomes.
    pub rows: Vec<AuditRow>,
    /// Variants that must be equal to the last bit, and whether they are.
    pub same: Vec<(String, bool)>,
}

impl Audit {
    /// How many outcomes under all variants stand so.
    pub fn n(&self, standing: Standing) -> usize {
        self.rows.iter().flat_map(|row| &row.variants).filter(|cell| cell.standing == standing).count()
    }
}

/// Simulates the war as it is written, which comes first, and under each variant.
///
/// Of outcomes: robust where the 95% interval of how they depart lies within the share
/// `within` of their mean on both sides, fragile where it lies outside altogether. Of the
/// effects of a change: robust where their sign is told under the variant too and is the same, or told
/// in neither; fragile where it is told and another, or isn't told although the interval would have been narrow
/// enough to tell an effect of that size.
///
/// # Errors
/// See [`StudyError`].
///
/// # Source
/// Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach,
/// for showing that two means are alike. Galán & Izquierdo (2009), Errors and artefacts in
/// agent-based modelling, for what an artefact is.
pub fn audit(
    (scenario, change): (&str, Option<&str>),
    variants: &[AuditVariant],
    within: f64,
    n_replicates: u32,
    replicates: &Replicates<'_>,
) -> Result<Audit, StudyError> {
    let n_setups = variants.iter().map(|variant| variant.setups.len() as u64).sum::<u64>();
    replicates.begin(n_setups * u64::from(n_replicates));
    let mut measured = Vec::new();
    for variant in variants {
        let of = |(at, setup): (usize, &Setup)| {
            let name = format!("{}-{at}", variant.id);
            replicates.measure(&name, setup, n_replicates, |replicate, records, setup| {
                measure_outcomes(&variant.outcomes, records, setup, replicate)
            })
        };
        measured.push(variant.setups.iter().enumerate().map(of).collect::<Result<Vec<_>, StudyError>>()?);
    }
    let values = |variant: usize, outcome: usize| {
        let counts_people = variants[variant].outcomes[outcome].unit == "persons";
        let times = if counts_people { variants[variant].people } else { 1.0 };
        let column = |of: &Measured| of.column(outcome).into_iter().map(|value| times * value).collect();
        let columns: Vec<Vec<f64>> = measured[variant].iter().map(column).collect();
        match columns.as_slice() {
            [first, second] => differences_of(first, second),
            _ => columns.into_iter().next().unwrap_or_default(),
        }
    };
    let is_equal = |at: usize| measured[at].iter().zip(&measured[0]).all(|(of, written)| of.digests == written.digests);
    let row = |(at, outcome): (usize, &Outcome)| {
        let written = values(0, at);
        let interval = change.and_then(|_| mean_interval(&finite(&written)));
        let cell = |variant: usize| {
            let found = values(variant, at);
            let departs = unpaired(&written, &found);
            let standing = match change {
                _ if variants[variant].is_same && is_equal(variant) => Standing::Robust,
                None => alike(mean_of(&written), departs, within),
                Some(_) => same_sign((mean_of(&written), interval), mean_interval(&finite(&found))),
            };
            AuditCell { mean: mean_of(&found), departs, standing }
        };
        AuditRow {
            outcome: outcome.name.clone(),
            unit: outcome.unit.to_owned(),
            mean: mean_of(&written),
            interval,
            variants: (1..variants.len()).map(cell).collect(),
        }
    };
    let rows = variants[0].outcomes.iter().enumerate().map(row).collect();
    let same = (1..variants.len()).filter(|&at| variants[at].is_same);
    Ok(Audit {
        scenario: scenario.to_owned(),
        change: change.map(str::to_owned),
        n_replicates,
        within,
        variants: variants[1..].iter().map(|variant| [variant.id.clone(), variant.title.clone()]).collect(),
        rows,
        same: same.map(|at| (variants[at].id.clone(), is_equal(at))).collect(),
    })
}

fn finite(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| value.is_finite()).collect()
}

fn mean_of(values: &[f64]) -> Option<f64> {
    let finite = finite(values);
    (!finite.is_empty()).then(|| finite.iter().sum::<f64>() / finite.len() as f64)
}

/// Whether an outcome is alike within a share of its mean.
fn alike(written: Option<f64>, departs: Option<(f64, MeanInterval)>, within: f64) -> Standing {
    let (Some(mean), Some((_, interval))) = (written, departs) else { return Standing::Open };
    // Of nothing, only nothing is alike, but for rounding.
    let reach = (within * mean.abs()).max(1e-9);
    if interval.low >= -reach && interval.high <= reach {
        Standing::Robust
    } else if interval.low > reach || interval.high < -reach {
        Standing::Fragile
    } else {
        Standing::Open
    }
}

/// Whether the sign of an effect is the same.
fn same_sign((effect, written): (Option<f64>, Option<MeanInterval>), found: Option<MeanInterval>) -> Standing {
    let sign = |interval: Option<MeanInterval>| {
        interval.map_or(0, |interval| i32::from(interval.low > 0.0) - i32::from(interval.high < 0.0))
    };
    match (sign(written), sign(found)) {
        (0, 0) => Standing::Robust,
        (a, b) if a == b => Standing::Robust,
        (a, b) if a * b < 0 => Standing::Fragile,
        // Told as it is written, and not here: fragile where here was close enough a look.
        (_, 0) => {
            let is_close = found.zip(effect).is_none_or(|(found, effect)| found.half_width() < effect.abs());
            if is_close { Standing::Fragile } else { Standing::Open }
        }
        _ => Standing::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::{Standing, alike, same_sign};
    use allegiance_record::difference::MeanInterval;

    fn interval(low: f64, high: f64) -> MeanInterval {
        MeanInterval { low, high, p: 0.5 }
    }

    #[test]
    fn alike_needs_a_narrow_interval_and_otherwise_one_that_is_clear() {
        let of = |low, high| alike(Some(100.0), Some((f64::midpoint(low, high), interval(low, high))), 0.1);
        assert_eq!([of(-5.0, 8.0), of(-5.0, 12.0), of(11.0, 14.0), of(-30.0, -10.5)], {
            use Standing::{Fragile, Open, Robust};
            [Robust, Open, Fragile, Fragile]
        });
        assert_eq!(alike(Some(0.0), Some((0.0, interval(0.0, 0.0))), 0.1), Standing::Robust);
        assert_eq!(alike(None, None, 0.1), Standing::Open);
    }

    #[test]
    fn a_sign_is_robust_where_it_is_told_again_and_fragile_where_a_close_look_loses_it() {
        let written = (Some(4.0), Some(interval(2.0, 6.0)));
        let of = |low, high| same_sign(written, Some(interval(low, high)));
        assert_eq!(of(1.0, 9.0), Standing::Robust);
        assert_eq!(of(-9.0, -1.0), Standing::Fragile);
        assert_eq!(of(-2.0, 3.0), Standing::Fragile);
        assert_eq!(of(-9.0, 9.0), Standing::Open);
        let untold = (Some(0.1), Some(interval(-1.0, 1.2)));
        assert_eq!(same_sign(untold, Some(interval(-0.5, 0.5))), Standing::Robust);
        assert_eq!(same_sign(untold, Some(interval(0.1, 0.5))), Standing::Open);
        assert_eq!(same_sign(written, None), Standing::Fragile, "nothing differs at all");
    }
}
