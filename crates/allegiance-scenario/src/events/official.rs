//! A row in the official columns, whatever the layout of its file.

use std::borrow::Cow;

use allegiance_record::observe::priogrid_gid;

use super::columns::position;
use super::rows::{CIVILIANS, parse_date, whole_of};
use crate::format::EVENTS;
use crate::problem::Spot;

/// How the name of a government begins.
const GOVERNMENT: &str = "Government of ";

/// One row: its line, and its cells in the official order.
#[derive(Debug, Clone)]
pub struct OfficialRow<'c> {
    /// Where it stands.
    pub spot: Spot,
    cells: Vec<Cow<'c, str>>,
}

impl<'c> OfficialRow<'c> {
    /// A row of as many cells as there are official columns.
    pub(super) fn new(spot: Spot, cells: Vec<Cow<'c, str>>) -> Self {
        debug_assert_eq!(cells.len(), EVENTS.columns.len());
        Self { spot, cells }
    }

    /// The cell of an official column; empty for any other name.
    pub fn cell(&self, column: &str) -> &str {
        let at = EVENTS.columns.iter().position(|official| official.name == column);
        at.map_or("", |at| &self.cells[at])
    }

    /// Writes a cell.
    pub fn set(&mut self, column: &str, cell: String) {
        self.cells[position(column)] = Cow::Owned(cell);
    }

    /// All cells, in the official order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| &**cell)
    }

    /// Fills official cells that are empty, as
    /// [`STAND_INS`](super::columns::STAND_INS) says, so that the row is one
    /// that every reader takes.
    pub fn complete(&mut self) {
        let is_dated = !self.cell("date_start").is_empty();
        let start = self.cell("date_start").to_owned();
        self.fill("date_end", || parse_date(&start).map(|_| start));
        let year = parse_date(self.cell("date_start")).map(|date| date.ymd().0.to_string());
        self.fill("year", || year);
        self.fill("date_prec", || Some(if is_dated { "1" } else { "5" }.to_owned()));
        self.fill("event_clarity", || Some("1".to_owned()));
        let [side_a, side_b] = ["side_a", "side_b"].map(|column| self.cell(column).to_owned());
        self.fill("type_of_violence", || Some(type_of_violence(&side_a, &side_b).to_owned()));
        self.fill("dyad_name", || Some(format!("{side_a} - {side_b}")));
        for name in ["side_a_new_id", "side_b_new_id"] {
            self.fill(name, || Some("0".to_owned()));
        }
        let deaths = ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"];
        let sum = deaths.iter().filter_map(|name| whole_of(self.cell(name))).fold(0, u64::saturating_add);
        self.fill("best", || Some(sum.to_string()));
        let best = self.cell("best").to_owned();
        for name in ["high", "low"] {
            self.fill(name, || Some(best.clone()));
        }
        let [latitude, longitude] = ["latitude", "longitude"].map(|name| self.cell(name).parse::<f64>().unwrap_or(0.0));
        self.fill("priogrid_gid", || Some(priogrid_gid(latitude, longitude).to_string()));
    }

    /// Writes a cell that is empty.
    fn fill(&mut self, column: &str, cell: impl FnOnce() -> Option<String>) {
        if self.cell(column).is_empty()
            && let Some(cell) = cell()
        {
            self.set(column, cell);
        }
    }
}

/// The type of violence that the sides of an event make.
fn type_of_violence(side_a: &str, side_b: &str) -> &'static str {
    if side_b == CIVILIANS {
        "3"
    } else if is_government(side_a) || is_government(side_b) {
        "1"
    } else {
        "2"
    }
}

/// Whether a name is that of a government, or of several.
pub fn is_government(side: &str) -> bool {
    side.split(", ").all(|part| part.starts_with(GOVERNMENT))
}
