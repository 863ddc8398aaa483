//! The user's table of what is known of groups.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use allegiance_model::axes::{AxisSetup, CAUSE, LEAST_SCORE, MOST_SCORE};
use allegiance_model::setup::{GroupSetup, Takes};

use super::BuildError;
use super::mistakes::Mistakes;
use super::period::Period;
use allegiance_scenario::csv_rows::{CsvRows, Opening};
use allegiance_scenario::csv_table::other_length;
use allegiance_scenario::is_id;
use allegiance_scenario::problem::{Problems, Spot, did_you_mean, list_choices};
use allegiance_scenario::text_file::read_text;

/// The column of the foreign share, which is the same in every rank.
pub(super) const FOREIGN_SHARE: &str = "foreign_share";

/// A column of numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NumberColumn {
    pub(super) name: &'static str,
    /// The field of a group that it fills.
    pub(super) path: String,
    low: f64,
    high: f64,
}

/// The columns of numbers: every number of a group, except mixes that must sum
/// to 1, which a table of single numbers can't promise.
pub(super) fn numbers() -> Vec<NumberColumn> {
    // A scenario that is built has the usual axes of cause.
    let score = |&name: &&'static str| NumberColumn {
        name,
        path: format!("{CAUSE}.{name}"),
        low: LEAST_SCORE,
        high: MOST_SCORE,
    };
    let mut columns: Vec<NumberColumn> = AxisSetup::USUAL.iter().map(score).collect();
    for field in GroupSetup::FIELDS {
        match field.takes {
            Takes::Number(low, high) | Takes::NumberOr(low, high) => {
                columns.push(NumberColumn { name: field.name, path: field.name.to_owned(), low, high });
            }
            Takes::Parts(_) if field.name == FOREIGN_SHARE => {
                columns.push(NumberColumn { name: field.name, path: field.name.to_owned(), low: 0.0, high: 1.0 });
            }
            Takes::Parts(parts) if !parts.sums_to_one => columns.extend(parts.parts.iter().map(|part| NumberColumn {
                name: part.name,
                path: format!("{}.{}", field.name, part.name),
                low: part.low,
                high: part.high,
            })),
            _ => {}
        }
    }
    columns
}

/// All other columns.
const TEXTS: &[&str] = &["side", "group", "name", "kind", "members", "source"];
/// The group of sides whose events are left out.
pub(super) const NONE: &str = "none";
/// More members than any group may have.
const MAX_MEMBERS: u64 = 10_000_000;

/// What is known of a side.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Given {
    /// Its group; [`NONE`] leaves its events out.
    pub(super) group: Option<String>,
    pub(super) name: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) members: Option<u32>,
    /// By name of the column.
    pub(super) numbers: BTreeMap<&'static str, f64>,
    pub(super) source: Option<String>,
}

impl Given {
    /// Whether its events are left out.
    pub(super) fn is_left_out(&self) -> bool {
        self.group.as_deref() == Some(NONE)
    }
}

/// What is known, by the name of the side.
pub(super) type GivenTable = BTreeMap<String, Given>;

/// Reads a table with the column `side` and any of the others.
pub(super) fn read(path: &Path, period: &Period<'_>) -> Result<GivenTable, BuildError> {
    let text = read_text(path)?.text;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let table = parse(&text, file_idx, period, &mut problems);
    if problems.has_errors() {
        return Err(BuildError::Table { name: path.display().to_string(), problems: problems.into_sorted() });
    }
    Ok(table)
}

fn parse(text: &str, file_idx: usize, period: &Period<'_>, problems: &mut Problems) -> GivenTable {
    let columns = columns();
    let opening = Opening::of(text, |cell| columns.contains(&cell));
    let mut rows = CsvRows::new(&text[opening.start..], opening.separator);
    rows.advance();
    let header: Vec<String> = rows.cells().map(str::to_owned).collect();
    let spot = Spot { file_idx, line: rows.line() + opening.n_lines };
    if !check_header(&header, &columns, spot, problems) {
        return GivenTable::new();
    }
    let mut mistakes = Mistakes::new(problems);
    let mut table = GivenTable::new();
    while rows.advance() {
        if rows.is_empty() {
            continue;
        }
        let spot = Spot { file_idx, line: rows.line() + opening.n_lines };
        if rows.len() != header.len() {
            let (found, allowed) = other_length(rows.len(), header.len());
            mistakes.refuse(spot, "the row", found, &allowed);
            continue;
        }
        let cell = |name: &str| {
            let at = header.iter().position(|column| column == name)?;
            Some(opening.with_point(rows.cell(at))).filter(|cell| !cell.is_empty())
        };
        let side = cell("side").unwrap_or_default();
        if !period.sides.contains_key(&*side) {
            unknown_side(&side, spot, period, &mut mistakes);
            continue;
        }
        let given = read_row(&cell, spot, &mut mistakes);
        if table.insert(side.to_string(), given).is_some() {
            mistakes.refuse(spot, "side", format!("{side:?} is there twice"), "must be unique");
        }
    }
    mistakes.count_more();
    table
}

/// Every column that the table may have.
fn columns() -> Vec<&'static str> {
    TEXTS.iter().copied().chain(numbers().iter().map(|column| column.name)).collect()
}

fn check_header(header: &[String], columns: &[&str], spot: Spot, problems: &mut Problems) -> bool {
    let allowed = format!("columns are {}", columns.join(", "));
    let mut is_good = true;
    if !header.iter().any(|name| name == "side") {
        problems.error(spot, "the header", "lacks the column \"side\"").allowed(allowed.clone());
        is_good = false;
    }
    // Row numbers of spreadsheets and data frames have no name.
    for name in header.iter().map(String::as_str).filter(|name| !name.is_empty() && !columns.contains(name)) {
        let problem =
            problems.error(spot, "the header", format!("has the unknown column {name:?}")).allowed(allowed.clone());
        problem.hint = did_you_mean(name, columns);
        is_good = false;
    }
    is_good
}

fn unknown_side(side: &str, spot: Spot, period: &Period<'_>, mistakes: &mut Mistakes<'_>) {
    let names: Vec<&str> = period.sides.keys().copied().collect();
    let hint = did_you_mean(side, &names).map_or_else(String::new, |hint| format!("; {hint}"));
    let allowed = format!("{}{hint}", list_choices("sides of the country's events", &names));
    mistakes.refuse(spot, "side", format!("is {side:?}, whom no event names"), &allowed);
}

fn read_row<'r>(cell: &impl Fn(&str) -> Option<Cow<'r, str>>, spot: Spot, mistakes: &mut Mistakes<'_>) -> Given {
    let mut given = Given {
        group: cell("group").map(Cow::into_owned),
        name: cell("name").map(Cow::into_owned),
        source: cell("source").map(Cow::into_owned),
        ..Given::default()
    };
    if let Some(group) = given.group.as_deref().filter(|group| !is_id(group)) {
        let allowed = "must be 1 to 64 letters, digits, _ or -, or none to leave the side's events out";
        mistakes.refuse(spot, "group", format!("is {group:?}"), allowed);
    }
    if let Some(word) = cell("kind") {
        given.kind = Some(word.to_string());
        if !is_id(&word) {
            let allowed = "must be state, rebel, militia, or a kind of your own of 1 to 64 letters, digits, _ or -";
            mistakes.refuse(spot, "kind", format!("is {word:?}"), allowed);
        }
    }
    if let Some(text) = cell("members") {
        given.members = mistakes.whole(spot, "members", &text, (0, MAX_MEMBERS)).map(|members| members as u32);
    }
    for NumberColumn { name, low, high, .. } in numbers() {
        if let Some(number) = cell(name).and_then(|text| mistakes.number(spot, name, &text, (low, high))) {
            given.numbers.insert(name, number);
        }
    }
    let states_numbers = given.members.is_some() || !given.numbers.is_empty();
    if states_numbers && given.source.is_none() {
        mistakes.refuse(spot, "source", "is empty".to_owned(), "must say where the numbers of the row come from");
    }
    given
}
