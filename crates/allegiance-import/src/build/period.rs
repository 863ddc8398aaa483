//! The events of the period, and those before it that tell who was where.

use std::collections::BTreeMap;

use super::events::{Event, EventFile};
use super::groups::Cast;
use super::{BuildError, BuildRequest};
use allegiance_scenario::csv_table::count;

/// The events of a request.
#[derive(Debug)]
pub(super) struct Period<'a> {
    /// From the first day to the last.
    pub(super) events: Vec<&'a Event>,
    /// In the days before the first that tell of control.
    pub(super) before: Vec<&'a Event>,
    /// Names of all sides of the country, at any time, with their events in
    /// the period.
    pub(super) sides: BTreeMap<&'a str, usize>,
}

impl Period<'_> {
    /// The file and the line of the first event.
    pub(super) fn first_line(&self, request: &BuildRequest) -> String {
        let line = self.events.first().map_or(1, |event| event.row.spot.line);
        format!("{}:{line}", request.events.display())
    }
}

/// Splits the events of the country by the period asked for.
pub(super) fn split<'a>(request: &BuildRequest, file: &'a EventFile) -> Result<Period<'a>, BuildError> {
    let sides = file.sides.iter().map(|side| (&**side, 0)).collect();
    let mut period = Period { events: Vec::new(), before: Vec::new(), sides };
    for event in &file.events {
        let date = event.row.date;
        let is_in = (request.from..=request.to).contains(&date);
        for side in event.sides() {
            *period.sides.entry(side).or_default() += usize::from(is_in);
        }
        if is_in {
            period.events.push(event);
        } else {
            period.before.push(event);
        }
    }
    if period.events.is_empty() {
        return Err(none_in(request, file));
    }
    if !period.events.iter().any(|event| event.is_located()) {
        return Err(BuildError::Question(format!(
            "{}: none of {} of {} from {} to {} is known better than to a governorate (where_prec 4 or more), so no place can be told; choose another time",
            period.first_line(request),
            count(period.events.len(), "event"),
            request.country,
            request.from,
            request.to
        )));
    }
    Ok(period)
}

/// The events that are replayed, by day: of groups, and better located than to a
/// governorate.
pub(super) fn replayed<'a>(period: &Period<'a>, cast: &Cast) -> Vec<&'a Event> {
    let is_kept = |event: &&Event| event.is_located() && cast.groups_of(event).is_some();
    let mut kept: Vec<&Event> = period.events.iter().copied().filter(is_kept).collect();
    kept.sort_by_key(|event| (event.row.date, event.row.id));
    kept
}

fn none_in(request: &BuildRequest, file: &EventFile) -> BuildError {
    let (line, there) = file.days.map_or_else(
        || (String::new(), String::new()),
        |(first, last, line)| (format!(":{line}:"), format!("; it has them from {first} to {last}")),
    );
    BuildError::Question(format!(
        "{}{line} has no event of {} from {} to {}{there}",
        request.events.display(),
        request.country,
        request.from,
        request.to
    ))
}
