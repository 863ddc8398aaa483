//! The tables of an experiment.

use super::Experiment;
use super::results::{ExperimentResults, Found};
use super::variants::Variant;
use crate::measured::Measured;
use allegiance_model::setup::Theory;
use allegiance_record::difference::{Difference, MeanInterval};
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};

/// Arm, outcome, theories tried, the difference, and its interval together with the others.
type Line<'a> = (&'a str, &'a str, String, String, Option<Difference>, Option<MeanInterval>);

/// One line an arm, outcome and setting.
pub(super) fn differences_table(results: &ExperimentResults) -> TableData {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for row in &results.differences {
        lines.push((&row.arm, &row.outcome, String::new(), String::new(), row.difference, row.together));
        for theory in row.agreement.theories.iter().flat_map(|agreement| &agreement.theories) {
            lines.push((&row.arm, &row.outcome, theory.belief.clone(), theory.exit.clone(), theory.difference, None));
        }
    }
    let text = |name, meaning, cell: &dyn Fn(&Line<'_>) -> Option<String>| {
        column(name, meaning, OutputKind::Text, OutputCells::Text(lines.iter().map(cell).collect()))
    };
    let real = |name, meaning, value: fn(&Difference) -> Option<f64>| {
        let cells = lines.iter().map(|line| line.4.as_ref().and_then(value)).collect();
        column(name, meaning, OutputKind::Real, OutputCells::Real(cells))
    };
    let whole = |name, meaning, value: fn(&MeanInterval) -> f64| {
        let cells = lines.iter().map(|line| line.5.as_ref().map(value)).collect();
        column(name, meaning, OutputKind::Real, OutputCells::Real(cells))
    };
    let filled = |word: &String| (!word.is_empty()).then(|| word.clone());
    TableData {
        name: "differences",
        meaning: "Paired differences of an experiment's arms from its baseline.",
        columns: vec![
            text("arm", "The arm.", &|line| Some(line.0.to_owned())),
            text("outcome", "The outcome.", &|line| Some(line.1.to_owned())),
            text("belief", "The theory of belief tried; empty for the scenario's own.", &|line| filled(&line.2)),
            text("exit", "The theory of exit tried; empty for the scenario's own.", &|line| filled(&line.3)),
            real("n_pairs", "Pairs in which the outcome exists.", |d| Some(d.n_pairs as f64)),
            real("n_differ", "Of these, pairs in which the two differ.", |d| Some(d.n_differ as f64)),
            real("mean_baseline", "Mean of the baseline over these pairs.", |d| Some(d.mean_first)),
            real("mean_arm", "Mean of the arm.", |d| Some(d.mean_second)),
            real("difference", "Mean of arm minus baseline.", |d| Some(d.mean)),
            real("low", "Lower end of the 95% interval; empty where no pair differs.", |d| Some(d.interval?.low)),
            real("high", "Upper end of the 95% interval.", |d| Some(d.interval?.high)),
            real("p", "Two-sided probability of so large a mean without a difference.", |d| Some(d.interval?.p)),
            whole(
                "low_together",
                "Lower end of the interval that holds with those of all arms and outcomes in 95 of 100 \
                   experiments.",
                |found| found.low,
            ),
            whole("high_together", "Upper end of that interval.", |found| found.high),
            whole("p_together", "Probability that any of them has so large a mean without a difference.", |found| {
                found.p
            }),
        ],
    }
}

/// One replicate of one arm: the arm, where its replicates are, and its number among them.
type Replicate<'a> = (usize, &'a Measured, usize);

/// One line an arm and replicate.
pub(super) fn replicates_table(experiment: &Experiment<'_>, arms: &[Measured]) -> TableData {
    let of_arm = |(arm, rows)| replicates_of(arm, rows);
    let lines: Vec<Replicate<'_>> = arms.iter().enumerate().flat_map(of_arm).collect();
    let mut columns = which_columns(experiment, &lines);
    columns.extend(outcome_columns(experiment, &lines));
    TableData { name: "replicates", meaning: "Outcomes of each replicate of each arm of an experiment.", columns }
}

/// One line a setting, arm and replicate.
pub(super) fn crossed_table(experiment: &Experiment<'_>, found: &Found) -> TableData {
    let n_lines = |arms: &Vec<Measured>| arms.iter().map(|rows| rows.outcomes.len()).sum();
    let numbers = found.crossed.iter().enumerate();
    let numbers = numbers.flat_map(|(at, arms)| std::iter::repeat_n(Some(at as i32), n_lines(arms))).collect();
    let lines: Vec<Replicate<'_>> = found
        .crossed
        .iter()
        .flat_map(|arms| arms.iter().enumerate().flat_map(|(arm, rows)| replicates_of(arm, rows)))
        .collect();
    let setting = "The setting, a line of the table settings.";
    let mut columns = vec![column("setting", setting, OutputKind::Index, OutputCells::Signed(numbers))];
    columns.extend(which_columns(experiment, &lines));
    columns.extend(outcome_columns(experiment, &lines));
    let meaning = "Outcomes of each replicate of each arm of an experiment in each setting of theories and parameters.";
    TableData { name: "crossed", meaning, columns }
}

/// A setting: its theories, and what was drawn under them.
struct Drawn<'a> {
    theory: Theory,
    draw: u32,
    values: &'a [(String, f64)],
}

/// One line a setting: its theories and the values drawn for it.
pub(super) fn settings_table(settings: &[Variant]) -> TableData {
    let of = |variant| match variant {
        &Variant::Crossed { theory, draw, ref values } => Some(Drawn { theory, draw, values }),
        Variant::Main | Variant::Theory(_) | Variant::Prior(..) => None,
    };
    let settings: Vec<Drawn<'_>> = settings.iter().filter_map(of).collect();
    let whole = |value: &dyn Fn(usize) -> u32| {
        OutputCells::Signed((0..settings.len()).map(|at| Some(value(at) as i32)).collect())
    };
    let text = |value: &dyn Fn(&Theory) -> &'static str| {
        OutputCells::Text(settings.iter().map(|setting| Some(value(&setting.theory).to_owned())).collect())
    };
    let mut columns = vec![
        column("setting", "Its number.", OutputKind::Index, whole(&|at| at as u32)),
        column("belief", "The theory of belief.", OutputKind::Text, text(&|theory| theory.belief.word())),
        column("exit", "The theory of exit.", OutputKind::Text, text(&|theory| theory.exit.word())),
        column("draw", "Number of the draw under these theories.", OutputKind::Index, whole(&|at| settings[at].draw)),
    ];
    let n_parameters = settings.first().map_or(0, |setting| setting.values.len());
    for parameter in 0..n_parameters {
        let cells = settings.iter().map(|setting| Some(setting.values[parameter].1)).collect();
        columns.push(OutputColumn {
            name: settings[0].values[parameter].0.clone().into(),
            ..column("", "Value drawn from the prior.", OutputKind::Real, OutputCells::Real(cells))
        });
    }
    TableData { name: "settings", meaning: "Theories and parameters of each setting of an experiment.", columns }
}

fn replicates_of(arm: usize, rows: &Measured) -> impl Iterator<Item = Replicate<'_>> {
    (0..rows.outcomes.len()).map(move |at| (arm, rows, at))
}

/// Which arm and replicate a line is of.
fn which_columns(experiment: &Experiment<'_>, lines: &[Replicate<'_>]) -> Vec<OutputColumn> {
    let ids = lines.iter().map(|line| Some(experiment.arms[line.0].id.clone())).collect();
    let numbers = lines.iter().map(|line| Some(line.2 as i32)).collect();
    let number = "Replicate number, the same luck in every arm.";
    vec![
        column("arm", "The arm.", OutputKind::Text, OutputCells::Text(ids)),
        column("replicate", number, OutputKind::Index, OutputCells::Signed(numbers)),
    ]
}

/// The outcomes of each line.
fn outcome_columns(experiment: &Experiment<'_>, lines: &[Replicate<'_>]) -> Vec<OutputColumn> {
    let of = |(outcome_idx, outcome): (usize, &allegiance_record::outcomes::Outcome)| {
        let value = |line: &Replicate<'_>| Some(line.1.outcomes[line.2][outcome_idx]).filter(|value| value.is_finite());
        OutputColumn {
            name: outcome.name.clone().into(),
            unit: outcome.unit,
            ..column("", &outcome.meaning, OutputKind::Real, OutputCells::Real(lines.iter().map(value).collect()))
        }
    };
    experiment.outcomes.iter().enumerate().map(of).collect()
}

fn column(name: &'static str, meaning: &str, kind: OutputKind, cells: OutputCells) -> OutputColumn {
    OutputColumn { name: name.into(), unit: "1", meaning: meaning.to_owned().into(), kind, nullable: true, cells }
}
