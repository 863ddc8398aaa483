//! What a member believes of his group, and what his ideology makes of it.
//!
//! # Form
//! ```text
//! ln HR_L (L - L_0) + (m_I - m_I0) / s_I (sig(L) ln OR_0 + sig(-L) ln OR_1)
//! ```
//!
//! with `L` the member's conviction, `L_0` the mean on joining, and `m_I` his motive weight of ideology.
//!
//! # Source
//! Oppenheim, Steele, Vargas & Weintraub (2015) for the interaction.

use super::{BlockBound, BlockRules, BlockWords, LEAST_SPREAD, Prepared, log};
use crate::belief;
use crate::exits::N_KINDS;
use crate::maths::logistic;
use crate::model::Model;
use crate::parameters::{Parameters, parameters};
use crate::setup::ExitTheory;

parameters! {
    /// Conviction and ideology, as a block of the hazard of exit.
    pub struct OwnParameters = "exits" {
        /// Hazard ratio of leaving for one more unit of conviction.
        conviction_hazard_ratio: "HR_L", "share", 0.45 in 0.3..0.7 within 0.05..1.0 off 1.0, Judgement, "evidence A7";
        /// Hazard ratio of an ideologue against others while the group keeps its word.
        ideologue_odds_kept: "OR_0", "1", 0.6 in 0.4..0.9 off 1.0, Judgement, "evidence A2: sign from Oppenheim et al. 2015";
        /// The same once the group broke it.
        ideologue_odds_broken: "OR_1", "1", 1.7 in 1.2..3.0 off 1.0, Judgement, "evidence A2: sign from Oppenheim et al. 2015";
        /// Motive weight of ideology at which these ratios change nothing.
        ideology_reference: "m_I0", "share", 0.3 in 0.1..0.5, Judgement, "about the mean of members who aren't recruited for it; no number exists";
        /// Motive weight of ideology above that at which they hold in full.
        ideology_span: "s_I", "share", 0.5 in 0.2..0.8, Judgement, "no number exists";
    }
}

pub(crate) const BLOCK: BlockRules = BlockRules {
    words: BlockWords {
        meaning: "Conviction and ideology.",
        moved_by: "conviction; the ideologues leave less while the group keeps its word, and more once it has broken it",
        factor: "belief",
        towards: "doubt in the group's cause",
        against: "belief in the group's cause",
        factor_explained: None,
    },
    theories: &[ExitTheory::Conviction, ExitTheory::Full],
    value: |model, member| {
        let (mean, ideology) = (mean(model), model.people.mind(member.row).motives.ideology);
        let above = belief::conviction_now(model, member.row) - mean;
        [logs(model).of_belief(above, mean, ideology); N_KINDS]
    },
    bound: BlockBound {
        until_touched: |model, member| {
            let (mean, ideology) = (mean(model), model.people.mind(member.row).motives.ideology);
            let lowest = belief::lowest_conviction(model, member.row);
            [logs(model).most_of_belief(lowest - mean, mean, ideology); N_KINDS]
        },
        by_unit: |model, unit| {
            let slack = belief::slack_of_unit(model, unit);
            if slack > 0.0 { logs(model).slope() * slack } else { 0.0 }
        },
        ..BlockBound::NEVER_ABOVE_ZERO
    },
};

fn logs<'m>(model: &'m Model<'_>) -> &'m OwnPrepared {
    &model.world.of_blocks.belief
}

/// Mean conviction on joining.
fn mean(model: &Model<'_>) -> f64 {
    model.world.setup.parameters.belief.conviction_mean
}

/// Logarithms of the hazard ratios.
#[derive(Debug, Clone)]
pub(crate) struct OwnPrepared {
    conviction: f64,
    ideologue_kept: f64,
    ideologue_broken: f64,
    reference: f64,
    span: f64,
}

impl Prepared for OwnPrepared {
    fn of(all: &Parameters) -> Self {
        let p = &all.exits.blocks.belief;
        Self {
            conviction: log(p.conviction_hazard_ratio),
            ideologue_kept: log(p.ideologue_odds_kept),
            ideologue_broken: log(p.ideologue_odds_broken),
            reference: p.ideology_reference,
            span: p.ideology_span.max(LEAST_SPREAD),
        }
    }
}

impl OwnPrepared {
    /// Log-hazard of a conviction `above` its mean on joining, and of the
    /// motive weight of ideology: an ideologue leaves less while the group
    /// keeps its word, and more once he thinks that it broke it.
    fn of_belief(&self, above: f64, mean: f64, ideology: f64) -> f64 {
        let broken = logistic(-(above + mean));
        let odds = (1.0 - broken) * self.ideologue_kept + broken * self.ideologue_broken;
        self.conviction * above + (ideology - self.reference) / self.span * odds
    }

    /// The most that [`Self::of_belief`] can be for a conviction at or above
    /// the lowest.
    fn most_of_belief(&self, lowest_above: f64, mean: f64, ideology: f64) -> f64 {
        let full_trust = self.conviction * lowest_above + (ideology - self.reference) / self.span * self.ideologue_kept;
        self.of_belief(lowest_above, mean, ideology).max(full_trust)
    }

    /// The most that the log-hazard can rise for each unit that conviction falls.
    fn slope(&self) -> f64 {
        // A logistic curve rises by a quarter for each unit at the steepest.
        let most_ideology = self.reference.max(1.0 - self.reference) / self.span;
        self.conviction.abs() + 0.25 * most_ideology * (self.ideologue_broken - self.ideologue_kept).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::OwnPrepared;
    use crate::exits::blocks::Prepared as _;
    use crate::maths::ln;
    use crate::parameters::Parameters;

    #[test]
    fn ideologues_leave_less_without_a_violation_and_more_after_one() {
        let logs = OwnPrepared::of(&Parameters::default());
        let gap =
            |conviction: f64| logs.of_belief(conviction - 1.6, 1.6, 0.8) - logs.of_belief(conviction - 1.6, 1.6, 0.3);
        assert!((gap(20.0) - ln(0.6)).abs() < 1e-6, "keeps its word: odds ratio .6");
        assert!((gap(-20.0) - ln(1.7)).abs() < 1e-6, "broke it: odds ratio 1.7");
        assert!(gap(1.6) < 0.0 && gap(-2.5) > 0.0);
    }
}
