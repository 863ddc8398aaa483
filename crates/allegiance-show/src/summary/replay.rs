//! In observed mode: which deaths of the record a replay could place.

use crate::summary::{WIDTH, group_name};
use crate::text::{number, table, wrap};
use allegiance_record::placed::{CIVILIANS, ReplayedSide, WHY_NOT_PLACED};
use allegiance_record::summary::SummaryInput;

pub(super) fn replay_section(input: &SummaryInput<'_>) -> String {
    let sides = ReplayedSide::all(input.setup, input.replicates.iter().filter_map(|one| one.replayed.as_ref()));
    if sides.is_empty() {
        return String::new();
    }
    let digits = usize::from(input.replicates.len() > 1);
    let name_of = |at: usize, side: &ReplayedSide| {
        if side.side == CIVILIANS { CIVILIANS.to_owned() } else { group_name(input, at) }
    };
    let row = |name: String, side: &ReplayedSide| {
        let record = f64::from(side.deaths_in_record);
        let missing = side.not_placed();
        let share = if record > 0.0 { format!(" ({}%)", number(100.0 * missing / record, 0)) } else { String::new() };
        vec![name, number(record, 0), number(side.deaths_replayed, digits), number(missing, digits) + &share]
    };
    let mut rows: Vec<Vec<String>> = sides.iter().enumerate().map(|(at, side)| row(name_of(at, side), side)).collect();
    let total = ReplayedSide::total(&sides);
    rows.push(row("all".to_owned(), &total));
    let what = if digits > 0 { " (deaths; mean per replicate)" } else { " (deaths)" };
    let header = ["", "in the record", "replayed", "not placed"];
    let mut text = format!("RECORD AND REPLAY{what}\n{}", table(&header, &rows));
    if total.not_placed() > 0.0 {
        text.push_str(&wrap(WHY_NOT_PLACED, WIDTH, "  "));
    }
    text
}
