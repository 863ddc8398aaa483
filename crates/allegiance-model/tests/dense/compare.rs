//! Runs a setup in the engine and in the dense reference, and tells where their
//! records differ first.

use super::run;
use super::worlds::run as run_engine;
use crate::setup::Setup;
use crate::tables::{Cells, Column, Records};
use crate::world::World;

/// Fails where one replicate of a setup differs between engine and reference.
pub(super) fn compare(what: &str, setup: Setup, replicate: u32) {
    let world = World::build(setup);
    let (engine, dense) = (run_engine(&world, replicate), run(&world, replicate));
    if let Some(difference) = first_difference(&engine, &dense) {
        panic!("{what}: {difference}");
    }
}

/// The first difference between what the engine and the dense reference
/// recorded: of the earliest day, in the order of tables, rows and columns.
fn first_difference(engine: &Records, dense: &Records) -> Option<String> {
    let names = Records::dictionary().into_iter().map(|table| table.name);
    let tables = engine.tables().into_iter().zip(dense.tables());
    let found = names.zip(tables).filter_map(|(name, (engine, dense))| difference(name, &engine, &dense));
    found.min_by_key(|&(day, _)| day).map(|(_, what)| what)
}

/// The day and text of the first difference in a table; tables without days
/// come last.
fn difference(name: &str, engine: &[Column], dense: &[Column]) -> Option<(u32, String)> {
    let n_rows = |columns: &[Column]| n_cells(&columns[0].cells);
    for row in 0..n_rows(engine).max(n_rows(dense)) {
        for (of_engine, of_dense) in engine.iter().zip(dense) {
            let (a, b) = (cell(&of_engine.cells, row), cell(&of_dense.cells, row));
            if a != b {
                let known = if row < n_rows(engine) { engine } else { dense };
                let day = known.iter().find(|column| column.info.name == "day");
                let day = day.map_or(u32::MAX, |column| whole(&column.cells, row));
                let column = of_engine.info.name;
                let what = format!("table {name}, row {row}, column {column}: engine {a}, dense {b}");
                return Some((day, format!("{what}\n  engine {}\n  dense  {}", text(engine, row), text(dense, row))));
            }
        }
    }
    None
}

fn n_cells(cells: &Cells) -> usize {
    match cells {
        Cells::Whole(cells) => cells.len(),
        Cells::Real(cells) => cells.len(),
        Cells::Flag(cells) => cells.len(),
    }
}

fn whole(cells: &Cells, row: usize) -> u32 {
    match cells {
        Cells::Whole(cells) => cells[row].unwrap_or(u32::MAX),
        Cells::Real(_) | Cells::Flag(_) => u32::MAX,
    }
}

/// A cell as text, which tells any two numbers apart, the two zeros too.
fn cell(cells: &Cells, row: usize) -> String {
    match cells {
        Cells::Whole(cells) => format!("{:?}", cells.get(row)),
        Cells::Real(cells) => format!("{:?}", cells.get(row)),
        Cells::Flag(cells) => format!("{:?}", cells.get(row)),
    }
}

fn text(columns: &[Column], row: usize) -> String {
    let cells = columns.iter().map(|column| format!("{} {}", column.info.name, cell(&column.cells, row)));
    cells.collect::<Vec<_>>().join(", ").replace("Some(", "(")
}

#[cfg(test)]
mod tests {
    use super::super::worlds::{run_setup, small_war};
    use super::first_difference;
    use crate::tables::ControlShares;

    #[test]
    fn one_cell_is_enough_and_the_earliest_day_is_named() {
        let mut setup = small_war();
        setup.n_days = 10;
        let records = run_setup(setup, 0);
        assert_eq!(first_difference(&records, &records.clone()), None);
        let mut other = records.clone();
        let late = other.groups.momentum.len() - 1;
        other.groups.momentum[late] = f64::from_bits(other.groups.momentum[late].to_bits() + 1);
        let found = first_difference(&records, &other).expect("a bit is a difference");
        assert!(found.starts_with(&format!("table groups, row {late}, column momentum")), "{found}");
        other.persons.age[3] += 1;
        other.control = ControlShares::default();
        other.control.push(records.control.row(0));
        let found = first_difference(&records, &other).expect("a missing row is a difference");
        assert!(found.starts_with("table control, row 1, column day"), "{found}");
    }
}
