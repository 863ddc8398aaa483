//! Inference: what a record can tell about parameters and theories.
//!
//! A [`Study`] simulates a reference table from its priors; [`recover`] asks
//! whether truths can be found again from the record that the observation
//! model leaves of them, before anything is inferred from a real one.
//!
//! Written here because no crate does approximate Bayesian computation. Of the
//! established libraries, pyABC and sbi (Python) and `EasyABC` (R) run the same
//! algorithms, but they'd drive the simulator through another language and
//! process, draw from generators in turn, and tie results to the number of
//! workers or to a training run; the regressions and neighbours needed here
//! are short, and draws stay addressed.

pub mod adjust;
mod calibrate;
mod cholesky;
pub mod confusion;
pub mod coverage;
pub mod draw_table;
pub mod instruments;
pub mod learned;
pub mod log_score;
pub mod neighbours;
pub mod prior;
pub mod record;
pub mod record_summaries;
mod recover;
pub mod reference;
pub mod smc;
pub mod softmax;
pub mod survey_design;
pub mod targets;
mod tournament;
pub mod verdict;
pub mod workers;

pub use calibrate::{Calibrated, Calibration, CalibrationCourse, CalibrationEffort, Marginal, Moved, Predicted};
pub use draw_table::{DrawFolder, DrawTableError, WHOLE};
pub use instruments::Instrument;
pub use prior::{FindPriorError, Prior};
pub use record::{ReadRecordError, SeenEvent, read_rows, seen_events};
pub use recover::{
    Evidence, EvidenceResult, Inference, Inferred, PairResult, ParameterResult, RecoverError, Recovery, SlotResult,
    evidences, recover,
};
pub use reference::{ReferenceTable, RivalTheoryError, Study, War};
pub use smc::SmcSettings;
pub use targets::Aims;
pub use tournament::{Contest, Tournament, TournamentCheck, check_tournament, tournament};

/// Parameters that a recovery of `one-village` asks about: two of fighting,
/// two of harm to civilians, five of allegiance, and how much gets reported.
pub const RECOVERED: [&str; 10] = [
    "operations.attacks_per_month",
    "combat.killed_share_loser",
    "harm.civilians_per_fighter_killed",
    "harm.repression_per_month",
    "joining.per_month",
    "exits.desertion_per_month",
    "exits.home_attacked_defection",
    "belief.conviction_mean",
    "deterrence.p_capture_deep",
    "observation.intercept",
];
