//! Reads cells of tables of others, and says what is wrong with them.

use std::collections::BTreeMap;

use allegiance_scenario::csv_table::{count, number_hint, whole_hint, with_hint};
use allegiance_scenario::event_rows::whole_of;
use allegiance_scenario::problem::{Problems, Spot};

/// Mistakes in one column that are listed; the others are counted.
const MOST_LISTED: usize = 3;

/// Collects what is wrong, a few of each column.
pub(super) struct Mistakes<'p> {
    pub(super) problems: &'p mut Problems,
    /// By column: how many cells are wrong, and where the first unlisted is.
    by_column: BTreeMap<String, (usize, Spot)>,
}

impl<'p> Mistakes<'p> {
    pub(super) fn new(problems: &'p mut Problems) -> Self {
        Self { problems, by_column: BTreeMap::new() }
    }

    pub(super) fn refuse(&mut self, spot: Spot, column: &str, found: String, allowed: &str) {
        let (n_before, first_unlisted) = self.by_column.entry(column.to_owned()).or_insert((0, spot));
        *n_before += 1;
        if *n_before <= MOST_LISTED {
            self.problems.error(spot, column, found).allowed(allowed);
        } else if *n_before == MOST_LISTED + 1 {
            *first_unlisted = spot;
        }
    }

    /// Says how many mistakes weren't listed.
    pub(super) fn count_more(self) {
        for (column, (n_all, spot)) in self.by_column {
            if n_all > MOST_LISTED {
                let rows = count(n_all - MOST_LISTED, "more row");
                self.problems.error(spot, column, format!("is wrong in {rows} from here on"));
            }
        }
    }

    pub(super) fn number(&mut self, spot: Spot, column: &str, cell: &str, (low, high): (f64, f64)) -> Option<f64> {
        match cell.parse::<f64>() {
            Ok(number) if (low..=high).contains(&number) => Some(number),
            _ => {
                let allowed = with_hint(format!("must be a number from {low} to {high}"), number_hint(cell));
                self.refuse(spot, column, describe(cell), &allowed);
                None
            }
        }
    }

    pub(super) fn whole(&mut self, spot: Spot, column: &str, cell: &str, (low, high): (u64, u64)) -> Option<u64> {
        match whole_of(cell) {
            Some(whole) if (low..=high).contains(&whole) => Some(whole),
            _ => {
                let allowed = with_hint(format!("must be a whole number from {low} to {high}"), whole_hint(cell));
                self.refuse(spot, column, describe(cell), &allowed);
                None
            }
        }
    }
}

fn describe(cell: &str) -> String {
    if cell.is_empty() { "is empty".to_owned() } else { format!("is {cell:?}") }
}
