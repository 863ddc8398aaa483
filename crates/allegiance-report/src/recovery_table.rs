//! What evidence tells apart, for other programs and papers.

use crate::result_table::{Cell, Column, ResultTable};
use allegiance_lab::inference::{EvidenceResult, PairResult, ParameterResult, Recovery};
use allegiance_show::text::thousands;

/// A row for each war, kind of evidence, and parameter or pair of theories.
pub fn table_of_recoveries(recoveries: &[Recovery]) -> ResultTable {
    let of = |recovery: &Recovery| {
        format!(
            "{} (seed {}, {} simulated wars, {} synthetic truths)",
            recovery.scenario,
            recovery.seed,
            thousands(recovery.n_draws as u64),
            thousands(recovery.n_truths as u64)
        )
    };
    let wars: Vec<String> = recoveries.iter().map(of).collect();
    ResultTable::new(
        format!(
            "Recovery on {}: how often the 90% interval of a parameter held the truth, and how often the likelier of two \
             theories is the true one, with 95% intervals.",
            wars.join(", ")
        ),
        [
            Column::text("scenario"),
            Column::text("evidence"),
            Column::text("kind"),
            Column::text("what"),
            Column::range("coverage_90"),
            Column::number("contraction"),
            Column::number("correlation"),
            Column::range("forced"),
            Column::range("decided"),
            Column::range("right"),
            Column::text("verdict"),
        ],
        recoveries.iter().flat_map(|recovery| {
            let results = recovery.results.iter().chain(&recovery.bound);
            results.flat_map(|result| rows_of(&recovery.scenario, result))
        }),
    )
}

fn rows_of(scenario: &str, result: &EvidenceResult) -> Vec<[Cell; 11]> {
    let evidence = result.evidence.as_str();
    let parameter = |found: &ParameterResult| {
        let calibration = &found.calibration;
        [
            scenario.into(),
            evidence.into(),
            "parameter".into(),
            found.path.clone().into(),
            calibration.coverage_90.into(),
            calibration.contraction.into(),
            calibration.correlation.into(),
            Cell::Range(None),
            Cell::Range(None),
            Cell::Range(None),
            found.verdict.word().into(),
        ]
    };
    let pair = |kind: &str, found: &PairResult| {
        let pair = &found.pair;
        [
            scenario.into(),
            evidence.into(),
            kind.into(),
            format!("{} / {}", pair.first, pair.second).into(),
            Cell::Range(None),
            Cell::Number(None),
            Cell::Number(None),
            pair.forced.into(),
            pair.decided.into(),
            pair.right.into(),
            found.verdict.word().into(),
        ]
    };
    let parameters = result.parameters.iter().map(parameter);
    let beliefs = result.belief.pairs.iter().map(|found| pair("theories of belief", found));
    let exits = result.exit.pairs.iter().map(|found| pair("theories of exit", found));
    parameters.chain(beliefs).chain(exits).collect()
}
