//! In observed mode: which deaths of the record a replay could place.

use crate::summary::{WIDTH, group_name};
use crate::text::{number, table, wrap};
use allegiance_record::placed::{CIVILIANS, MissingDeaths, ReplayedSide, WHY_NOT_PLACED};
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
        text.push_str(&missing_parts(input, digits));
    }
    text
}

/// Parts that are listed; the others are counted.
const MOST_LISTED: usize = 10;

/// What couldn't be placed, by side, kind of violence and place.
fn missing_parts(input: &SummaryInput<'_>, digits: usize) -> String {
    let missing = MissingDeaths::all(input.setup, input.replicates.iter().filter_map(|one| one.replayed.as_ref()));
    let group = |id: &str| input.setup.groups.iter().position(|group| group.id == id);
    let place = |id: &str| input.setup.places.iter().find(|place| place.id == id).map(|place| place.name.clone());
    let row = |part: &MissingDeaths| {
        vec![
            group(&part.side).map_or_else(|| part.side.clone(), |at| group_name(input, at)),
            part.violence.replace('_', " "),
            place(&part.place).unwrap_or_default(),
            number(f64::from(part.deaths_in_record), 0),
            number(part.not_placed(), digits),
            number(part.events_not_whole, digits),
        ]
    };
    let rows: Vec<Vec<String>> = missing.iter().take(MOST_LISTED).map(row).collect();
    let header = ["not placed, by side", "violence", "place", "in the record", "not placed", "events"];
    let mut text = table(&header, &rows);
    let n_more = missing.len().saturating_sub(MOST_LISTED);
    if n_more > 0 {
        let rest: f64 = missing.iter().skip(MOST_LISTED).map(MissingDeaths::not_placed).sum();
        text.push_str(&wrap(
            &format!("And {} more with {} deaths; all are in run.json, replay_missing.", n_more, number(rest, digits)),
            WIDTH,
            "  ",
        ));
    }
    text
}
