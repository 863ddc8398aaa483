//! What an experiment states besides its arms: how many replicates it runs, and
//! where else the sign of a difference is looked at.

/// How many replicates are run: batches, until the interval of every
/// difference of one outcome is narrow enough.
///
/// # Source
/// Chow & Robbins (1965), On the asymptotic theory of fixed-width sequential
/// confidence intervals for the mean: stopping by width keeps the coverage.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Position of the outcome that decides.
    pub outcome: usize,
    /// Half the width wanted, in its unit; the most replicates without it.
    pub half_width: Option<f64>,
    /// Replicates of a batch.
    pub batch: u32,
    /// Fewest replicates.
    pub min: u32,
    /// Most replicates.
    pub max: u32,
}

/// Where else the sign of a difference is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Robustness {
    /// Whether under every theory of belief and of exit.
    pub theories: bool,
    /// Replicates under each theory.
    pub replicates: u32,
    /// Draws of all parameters from their priors.
    pub prior_draws: u32,
    /// Replicates of each draw.
    pub prior_replicates: u32,
    /// Draws of all parameters under each theory of belief and of exit, to tell what a
    /// difference depends on.
    pub crossed_draws: u32,
    /// Replicates of each.
    pub crossed_replicates: u32,
    /// Seed of the draws.
    pub seed: u64,
}
