//! The tables of a sweep: outcomes by row and replicate, and failed rows.

use super::SweepInput;
use super::row::RowRecord;
use crate::design::{FactorValue, Points, Values};
use allegiance_record::evidence::Item;
use allegiance_record::table::{OutputCells, OutputColumn, OutputKind, TableData};

/// One line per replicate of a finished row: factors, then outcomes.
pub(super) fn rows_table(input: &SweepInput<'_>, points: &Points, rows: &[RowRecord]) -> TableData {
    let lines: Vec<(&RowRecord, usize)> = rows
        .iter()
        .filter(|row| row.failed.is_none())
        .flat_map(|row| (0..row.outcomes.len()).map(move |replicate| (row, replicate)))
        .collect();
    let mut columns = vec![
        index("row", "Row of the design, from 0.", lines.iter().map(|(row, _)| row.row)),
        index("replicate", "Replicate number, 0 for the first.", lines.iter().map(|&(_, at)| at as u32)),
    ];
    columns.extend(factor_columns(input, points, &lines.iter().map(|(row, _)| row.row).collect::<Vec<_>>()));
    let units = input.outcomes.iter().map(|outcome| outcome.unit);
    let of_evidence = input.evidence.iter().flat_map(|of| &of.items);
    let units = units.chain(of_evidence.map(Item::unit));
    for (at, (measured, unit)) in input.measured().into_iter().zip(units).enumerate() {
        columns.push(OutputColumn {
            name: measured.name.into(),
            unit,
            meaning: measured.meaning.into(),
            kind: OutputKind::Real,
            nullable: true,
            cells: OutputCells::Real(lines.iter().map(|(row, replicate)| row.outcomes[*replicate][at]).collect()),
        });
    }
    TableData { name: "rows", meaning: "Outcomes of each replicate of each row of a design.", columns }
}

/// One line per failed row: factors, cause, exit code.
pub(super) fn failures_table(input: &SweepInput<'_>, points: &Points, rows: &[RowRecord]) -> TableData {
    let failed: Vec<_> = rows.iter().filter_map(|row| Some((row.row, row.failed.as_ref()?))).collect();
    let mut columns = vec![index("row", "Row of the design, from 0.", failed.iter().map(|&(row, _)| row))];
    columns.extend(factor_columns(input, points, &failed.iter().map(|&(row, _)| row).collect::<Vec<_>>()));
    columns.push(text("cause", "Why the row couldn't be run.", failed.iter().map(|(_, why)| why.cause.clone())));
    columns.push(index(
        "exit_code",
        "Exit code that a run of the row alone would have had.",
        failed.iter().map(|(_, why)| why.exit_code),
    ));
    TableData { name: "failures", meaning: "Rows of a design that couldn't be run.", columns }
}

fn factor_columns(input: &SweepInput<'_>, points: &Points, rows: &[u32]) -> Vec<OutputColumn> {
    let values: Vec<Vec<FactorValue>> = rows.iter().map(|&row| input.design.values_at(&points.row(row))).collect();
    let column = |at: usize, key: &str, is_number: bool| {
        let meaning = format!("The factor {key}.");
        if !is_number {
            let cells = values.iter().map(|row| Some(row[at].to_string())).collect();
            return OutputColumn {
                kind: OutputKind::Text,
                cells: OutputCells::Text(cells),
                ..real(key, meaning, Vec::new())
            };
        }
        let cells = values.iter().map(|row| match &row[at] {
            FactorValue::Number(number) => Some(*number),
            FactorValue::Word(word) => number_of(word),
        });
        real(key, meaning, cells.collect())
    };
    let factors = input.design.factors.iter().enumerate();
    factors.map(|(at, factor)| column(at, &factor.key, is_number(&factor.values))).collect()
}

fn real(name: &str, meaning: String, cells: Vec<Option<f64>>) -> OutputColumn {
    OutputColumn {
        name: name.to_owned().into(),
        unit: "1",
        meaning: meaning.into(),
        kind: OutputKind::Real,
        nullable: false,
        cells: OutputCells::Real(cells),
    }
}

fn index(name: &'static str, meaning: &'static str, values: impl Iterator<Item = u32>) -> OutputColumn {
    OutputColumn {
        name: name.into(),
        unit: "1",
        meaning: meaning.into(),
        kind: OutputKind::Index,
        nullable: false,
        cells: OutputCells::Signed(values.map(|value| Some(value as i32)).collect()),
    }
}

fn text(name: &'static str, meaning: &'static str, values: impl Iterator<Item = String>) -> OutputColumn {
    OutputColumn {
        name: name.into(),
        unit: "1",
        meaning: meaning.into(),
        kind: OutputKind::Text,
        nullable: false,
        cells: OutputCells::Text(values.map(Some).collect()),
    }
}

/// Whether a factor's column holds numbers: a range, or a list of nothing else.
fn is_number(values: &Values) -> bool {
    match values {
        Values::Range { .. } => true,
        Values::List { values } => values.iter().all(|value| number_of(value).is_some()),
    }
}

/// The number that a value of a list is, if it is one.
fn number_of(value: &str) -> Option<f64> {
    value.parse().ok().filter(|number: &f64| number.is_finite())
}
