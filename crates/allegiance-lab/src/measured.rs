//! What studies keep of replicates: outcomes, and a digest that tells whether
//! two arms differ in anything.

use allegiance_model::tables::Records;
use allegiance_record::digest::digest_of_records;
use serde::{Deserialize, Serialize};

/// What is kept of one replicate.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptReplicate {
    /// Digest of all that was drawn or decided.
    digest: String,
    /// The outcomes; empty where one doesn't exist.
    outcomes: Vec<Option<f64>>,
}

impl KeptReplicate {
    /// A record with its outcomes; not a number where one doesn't exist.
    pub(crate) fn of(records: &Records, outcomes: &[f64]) -> Self {
        let outcomes = outcomes.iter().map(|value| value.is_finite().then_some(*value)).collect();
        Self { digest: digest_of_records(records), outcomes }
    }

    /// How many outcomes it has.
    pub(crate) fn n_outcomes(&self) -> usize {
        self.outcomes.len()
    }
}

/// Some replicates of a setup.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    /// Digest of each replicate. Shape: `(n_replicates,)`.
    pub digests: Vec<String>,
    /// The outcomes; NaN where one doesn't exist. Shape: `(n_replicates, n_outcomes)`.
    pub outcomes: Vec<Vec<f64>>,
}

impl Measured {
    /// Adds further replicates.
    pub(crate) fn extend(&mut self, more: Self) {
        self.digests.extend(more.digests);
        self.outcomes.extend(more.outcomes);
    }

    /// One outcome in every replicate.
    pub(crate) fn column(&self, outcome: usize) -> Vec<f64> {
        self.outcomes.iter().map(|row| row[outcome]).collect()
    }

    pub(crate) fn of(rows: impl IntoIterator<Item = KeptReplicate>) -> Self {
        let filled = |row: Vec<Option<f64>>| row.into_iter().map(|cell| cell.unwrap_or(f64::NAN)).collect();
        let (digests, outcomes) = rows.into_iter().map(|row| (row.digest, filled(row.outcomes))).unzip();
        Self { digests, outcomes }
    }
}
