//! One row of a sweep: its values set, its replicates run and measured.

use super::SweepInput;
use crate::design::FactorValue;
use crate::evidence::simulate_asked;
use allegiance_model::World;
use allegiance_model::random::Draws;
use allegiance_record::evidence::shape_of;
use allegiance_record::outcomes::measure_outcomes;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The exit code that a run of the row alone would have had where its values
/// are refused.
pub const INPUT_CODE: u32 = 1;
/// The same where the engine stopped with a bug.
pub const BUG_CODE: u32 = 70;

/// Why a row has no outcomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRow {
    /// What was said.
    pub cause: String,
    /// The exit code that a run of the row alone would have had.
    pub exit_code: u32,
}

/// A finished row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowRecord {
    /// Its number, from 0.
    pub row: u32,
    /// Outcomes of each replicate; empty where an outcome doesn't exist.
    /// Shape: `(n_replicates, n_outcomes)`, or none where the row failed.
    pub outcomes: Vec<Vec<Option<f64>>>,
    /// Why it failed.
    pub failed: Option<FailedRow>,
}

/// Why a row couldn't be measured.
enum RowFailure {
    /// Its values are refused.
    Refused(String),
    /// A bound of the engine didn't hold.
    Bug(String),
}

/// Runs every replicate of a row.
pub(super) fn run_row(input: &SweepInput<'_>, row: u32, values: &[FactorValue]) -> RowRecord {
    let result = catch_unwind(AssertUnwindSafe(|| measure_row(input, values)));
    let failed = |cause: String, exit_code: u32| RowRecord {
        row,
        outcomes: Vec::new(),
        failed: Some(FailedRow { cause, exit_code }),
    };
    match result {
        Ok(Ok(outcomes)) => RowRecord { row, outcomes, failed: None },
        Ok(Err(RowFailure::Refused(cause))) => failed(cause, INPUT_CODE),
        Ok(Err(RowFailure::Bug(cause))) => failed(cause, BUG_CODE),
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            failed(format!("bug: {}", said.unwrap_or("the engine stopped")), BUG_CODE)
        }
    }
}

fn measure_row(input: &SweepInput<'_>, values: &[FactorValue]) -> Result<Vec<Vec<Option<f64>>>, RowFailure> {
    let mut setup = input.setup.clone();
    for (factor, value) in input.design.factors.iter().zip(values) {
        (input.apply)(&mut setup, &format!("{}={value}", factor.key)).map_err(RowFailure::Refused)?;
    }
    let world = World::build(setup);
    let measure = |replicate: u32| {
        let asked = simulate_asked(&world, replicate, &input.evidence);
        let (records, interviews) = asked.map_err(|broken| RowFailure::Bug(broken.to_string()))?;
        let mut values = measure_outcomes(&input.outcomes, &records, &world.setup, replicate);
        let draws = Draws::of_replicate(world.setup.seed, replicate);
        for evidence in &input.evidence {
            let found = evidence.measure(&records, &interviews, shape_of(&world.setup), draws);
            values.extend(found.into_iter().map(|of| of.value));
        }
        Ok(values.into_iter().map(|value| value.is_finite().then_some(value)).collect())
    };
    (0..input.n_replicates).map(measure).collect()
}
