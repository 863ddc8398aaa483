//! Reads the events of a country from a file of UCDP GED that may lack columns.

use std::collections::{BTreeMap, BTreeSet};

use super::mistakes::{Mistakes, whole_of};
use super::{BuildError, BuildRequest, Undated, file_name, read_text, undated};
use allegiance_scenario::EVENTS;
use allegiance_scenario::csv_table::{CsvRow, other_length, refuse_separator};
use allegiance_scenario::event_rows::{CIVILIANS, EventRow, RowReader, parse_date};
use allegiance_scenario::event_rows::{VAGUE, share_unknown};
use allegiance_scenario::problem::{Problems, Spot, did_you_mean, list_choices};

/// Columns without which nothing can be built.
const NEEDED: &[&str] = &[
    "id",
    "side_a",
    "side_b",
    "latitude",
    "longitude",
    "country",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
];
/// Columns that would tell more, and what stands in for each.
const USEFUL: &[(&str, &str)] = &[
    (
        "type_of_violence",
        "one-sided where side_b is Civilians, state-based where a side is a government, else non-state",
    ),
    ("where_prec", "every location counts as exact"),
    ("where_coordinates", "places that only events name are called after the nearest town"),
    ("date_prec", "1 where there is a date, 5 where there is only a year"),
    ("best", "the sum of the four columns of deaths, also for low and high"),
];

/// The type of violence in which one side is a government.
pub(super) const STATE_BASED: u8 = 1;

/// An event of the country.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) row: EventRow,
    /// The location in words; may be empty.
    pub(super) place_name: String,
    /// First and second administrative level; may be empty.
    pub(super) adm: [String; 2],
    /// Whether its day was drawn, since only the year is known.
    pub(super) is_undated: bool,
    /// All 49 official cells, completed.
    pub(super) cells: Vec<String>,
}

impl Event {
    /// The armed sides.
    pub(super) fn sides(&self) -> impl Iterator<Item = &str> {
        let b = (!self.row.is_one_sided()).then_some(self.row.side_b.as_str());
        std::iter::once(self.row.side_a.as_str()).chain(b)
    }

    /// Degrees north and east.
    pub(super) fn point(&self) -> (f64, f64) {
        (self.row.latitude_deg, self.row.longitude_deg)
    }

    /// Whether its location is better than a governorate.
    pub(super) fn is_located(&self) -> bool {
        self.row.where_prec < VAGUE
    }

    /// Dead of the first and second side, with their shares of the unknown.
    pub(super) fn losses(&self) -> (u32, u32) {
        if self.row.is_one_sided() {
            return (self.row.deaths_a, 0);
        }
        let (more_a, more_b) = share_unknown(&self.row);
        (self.row.deaths_a + more_a, self.row.deaths_b + more_b)
    }

    /// The precision of its date, 1 the day to 5 the year.
    pub(super) fn date_precision(&self) -> u64 {
        whole_of(cell(&self.cells, "date_prec")).unwrap_or(1)
    }

    pub(super) fn n_dead(&self) -> u64 {
        let row = &self.row;
        [row.deaths_a, row.deaths_b, row.deaths_civilians, row.deaths_unknown].map(u64::from).iter().sum()
    }
}

/// The events of a country, and what their file is like.
#[derive(Debug)]
pub(super) struct EventFile {
    /// Its name, without the folder.
    pub(super) name: String,
    pub(super) events: Vec<Event>,
    /// Useful columns that it lacks, and what stands in for them.
    pub(super) lacking: Vec<(&'static str, &'static str)>,
    /// Foreign states of whom no dead is known, and how many events' dead of
    /// unknown side were given to their opponents.
    pub(super) remote: Vec<String>,
    pub(super) n_given_to_opponents: usize,
}

impl EventFile {
    /// A foreign state without a single known dead of its own in the period and
    /// the days before strikes from
    /// afar: whoever died in its events and is of unknown side was of the other.
    fn give_unknown_to_opponents(&mut self, request: &BuildRequest) {
        let is_in = |event: &&Event| {
            (request.first_before()..=i64::from(request.to.days_since_1970()))
                .contains(&i64::from(event.row.date.days_since_1970()))
        };
        let own = own_government(&request.country, self.events.iter().filter(is_in));
        let mut known: BTreeMap<String, u64> = BTreeMap::new();
        for event in self.events.iter().filter(is_in) {
            let dead = [event.row.deaths_a, event.row.deaths_b];
            for (side, dead) in event.sides().zip(dead) {
                if is_government(side) && side.split(", ").all(|part| part != own) {
                    *known.entry(side.to_owned()).or_default() += u64::from(dead);
                }
            }
        }
        self.remote = known.into_iter().filter(|(_, dead)| *dead == 0).map(|(side, _)| side).collect();
        for event in self.events.iter_mut().filter(|event| !event.row.is_one_sided()) {
            let is_remote = |side: &String| self.remote.contains(side);
            let (a, b) = (is_remote(&event.row.side_a), is_remote(&event.row.side_b));
            let unknown = event.row.deaths_unknown;
            if a == b || unknown == 0 || event.row.date > request.to {
                continue;
            }
            let (dead, column) =
                if a { (&mut event.row.deaths_b, "deaths_b") } else { (&mut event.row.deaths_a, "deaths_a") };
            *dead += unknown;
            event.row.deaths_unknown = 0;
            event.cells[position(column)] = dead.to_string();
            "0".clone_into(&mut event.cells[position("deaths_unknown")]);
            self.n_given_to_opponents += 1;
        }
    }
}

/// Reads the rows of the country; the others are passed over unread.
pub(super) fn read(request: &BuildRequest) -> Result<EventFile, BuildError> {
    let path = &request.events;
    let text = read_text(path)?;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let refused =
        |problems: Problems| BuildError::Table { name: path.display().to_string(), problems: problems.into_sorted() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let Some(columns) = Columns::find((&text, &header), file_idx, &mut problems) else {
        return Err(refused(problems));
    };
    let (records, countries) = of_country(&mut reader, &header, &columns, request, file_idx, &mut problems);
    if problems.has_errors() {
        return Err(refused(problems));
    }
    if records.is_empty() {
        return Err(unknown_country(request, &countries));
    }
    let events = read_records(&records, &columns, request, file_idx, &mut problems);
    if problems.has_errors() {
        return Err(refused(problems));
    }
    let lacking = USEFUL.iter().copied().filter(|(name, _)| columns.at(name).is_none()).collect();
    let mut file = EventFile { name: file_name(path), events, lacking, remote: Vec::new(), n_given_to_opponents: 0 };
    file.give_unknown_to_opponents(request);
    Ok(file)
}

fn unknown_country(request: &BuildRequest, countries: &BTreeSet<String>) -> BuildError {
    let path = request.events.display();
    let names: Vec<&str> = countries.iter().map(String::as_str).collect();
    if names.is_empty() {
        return BuildError::Question(format!("{path} has a header but no rows; nothing can be built of it"));
    }
    let hint = did_you_mean(&request.country, &names).map_or_else(String::new, |hint| format!("; {hint}"));
    BuildError::Question(format!(
        "{path} has no event of the country {:?}; {}{hint}",
        request.country,
        list_choices("its countries", &names)
    ))
}

/// Where each official column stands in the file.
struct Columns(BTreeMap<&'static str, usize>);

impl Columns {
    fn at(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }

    /// Finds the columns, or says which are missing.
    fn find(
        (first_line, header): (&str, &csv::StringRecord),
        file_idx: usize,
        problems: &mut Problems,
    ) -> Option<Self> {
        let spot = Spot { file_idx, line: 1 };
        if header.is_empty() || header.iter().all(str::is_empty) {
            problems
                .error(Spot { file_idx, line: 0 }, "", "is empty")
                .allowed("must be a table of UCDP GED with a header");
            return None;
        }
        if refuse_separator(first_line, &EVENTS.names(), spot, problems) {
            return None;
        }
        let found = EVENTS.names().into_iter().filter_map(|name| {
            let at = header.iter().position(|cell| cell.eq_ignore_ascii_case(name))?;
            Some((name, at))
        });
        let columns = Self(found.collect());
        let mut missing: Vec<String> =
            NEEDED.iter().filter(|name| columns.at(name).is_none()).map(|name| format!("{name:?}")).collect();
        if columns.at("date_start").is_none() && columns.at("year").is_none() {
            missing.push("\"date_start\" (or at least \"year\")".to_owned());
        }
        if missing.is_empty() {
            return Some(columns);
        }
        let noun = if missing.len() == 1 { "column" } else { "columns" };
        let problem = problems.error(spot, "the header", format!("lacks the {noun} {}", missing.join(", ")));
        problem.allowed(format!(
            "needed are {}, and date_start and date_end or year, named as in UCDP GED",
            NEEDED.join(", ")
        ));
        problem.hint(
            "rename the columns of the file, or add what is missing; deaths that nobody counted apart are 0 in deaths_a and deaths_b and stand in deaths_unknown",
        );
        None
    }
}

/// The records of the country with their lines, and all countries.
fn of_country(
    reader: &mut csv::Reader<&[u8]>,
    header: &csv::StringRecord,
    columns: &Columns,
    request: &BuildRequest,
    file_idx: usize,
    problems: &mut Problems,
) -> (Vec<(u32, csv::StringRecord)>, BTreeSet<String>) {
    let mut mistakes = Mistakes::new(problems);
    let country_at = columns.at("country").expect("a needed column");
    let (mut kept, mut countries) = (Vec::new(), BTreeSet::new());
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let spot = Spot { file_idx, line: 0 };
                mistakes.refuse(spot, "", format!("can't be read as CSV: {error}"), "must be a table with a header");
                break;
            }
        };
        let line = record.position().map_or(0, |position| position.line() as u32);
        if record.len() != header.len() {
            let (found, allowed) = other_length(record.len(), header.len());
            mistakes.refuse(Spot { file_idx, line }, "the row", found, &allowed);
            continue;
        }
        let country = &record[country_at];
        if country == request.country {
            kept.push((line, record));
        } else if !countries.contains(country) {
            countries.insert(country.to_owned());
        }
    }
    mistakes.count_more();
    (kept, countries)
}

fn read_records(
    records: &[(u32, csv::StringRecord)],
    columns: &Columns,
    request: &BuildRequest,
    file_idx: usize,
    problems: &mut Problems,
) -> Vec<Event> {
    let mut reader = RowReader::new(problems);
    let mut lines: BTreeMap<u64, u32> = BTreeMap::new();
    let mut events = Vec::with_capacity(records.len());
    for (line, record) in records {
        let spot = Spot { file_idx, line: *line };
        let cells = EVENTS.names().into_iter().map(|name| columns.at(name).map_or("", |at| &record[at]).to_owned());
        let mut row = CsvRow { spot, cells: cells.collect() };
        let is_undated = cell(&row.cells, "date_start").is_empty() && !cell(&row.cells, "year").is_empty();
        if is_undated && request.undated == Undated::Refuse {
            let allowed = "must be a date, since events without one are refused";
            reader.refuse(spot, "date_start", "is empty".to_owned(), allowed);
            continue;
        }
        if is_undated && !date_by_year(&mut row, request.seed) {
            let found = format!("is {:?}", cell(&row.cells, "year"));
            reader.refuse(spot, "year", found, "must be a year such as 2014, where there is no date");
            continue;
        }
        complete(&mut row.cells, is_undated);
        let Some(read) = reader.read(&row) else { continue };
        if let Some(first) = lines.insert(read.id, read.spot.line) {
            let found = format!("is {}, which line {first} has too", read.id);
            reader.refuse(spot, "id", found, "must be unique");
        }
        let text = |name: &str| cell(&row.cells, name).to_owned();
        events.push(Event {
            place_name: text("where_coordinates"),
            adm: ["adm_1", "adm_2"].map(text),
            is_undated,
            cells: row.cells,
            row: read,
        });
    }
    reader.count_more();
    events
}

fn position(name: &str) -> usize {
    EVENTS.columns.iter().position(|column| column.name == name).expect("an official column")
}

fn cell<'c>(cells: &'c [String], name: &str) -> &'c str {
    &cells[position(name)]
}

/// Writes the drawn day into a row; false where the year isn't one. A wrong
/// identifier is found later.
fn date_by_year(row: &mut CsvRow, seed: u64) -> bool {
    let year = whole_of(cell(&row.cells, "year")).and_then(|year| u32::try_from(year).ok());
    let id = whole_of(cell(&row.cells, "id")).unwrap_or_default();
    let Some(date) = year.and_then(|year| undated::day_of(seed, id, year)) else {
        return false;
    };
    for name in ["date_start", "date_end"] {
        row.cells[position(name)] = date.to_string();
    }
    true
}

/// Fills official cells that are empty, so that the row is one that importers
/// and scores read.
fn complete(cells: &mut [String], is_undated: bool) {
    let mut fill = |name: &str, value: &str| {
        let at = position(name);
        if cells[at].is_empty() {
            value.clone_into(&mut cells[at]);
        }
        cells[at].clone()
    };
    let start = fill("date_start", "");
    fill("date_end", &start);
    if let Some(date) = parse_date(&start) {
        fill("year", &date.ymd().0.to_string());
    }
    fill("date_prec", if is_undated { "5" } else { "1" });
    fill("event_clarity", "1");
    let (side_a, side_b) = (fill("side_a", ""), fill("side_b", ""));
    let kind = if side_b == CIVILIANS {
        "3"
    } else if is_government(&side_a) || is_government(&side_b) {
        "1"
    } else {
        "2"
    };
    fill("type_of_violence", kind);
    fill("dyad_name", &format!("{side_a} - {side_b}"));
    for name in ["side_a_new_id", "side_b_new_id"] {
        fill(name, "0");
    }
    let deaths = ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"];
    let sum: u64 = deaths.iter().filter_map(|name| whole_of(&fill(name, ""))).fold(0, u64::saturating_add);
    let best = fill("best", &sum.to_string());
    for name in ["high", "low"] {
        fill(name, &best);
    }
    let [latitude, longitude] = ["latitude", "longitude"].map(|name| fill(name, "").parse::<f64>().unwrap_or(0.0));
    fill("priogrid_gid", &grid_cell(latitude, longitude).to_string());
}

/// The cell of PRIO-GRID: half a degree, 720 to a row, from the south-west.
fn grid_cell(latitude_deg: f64, longitude_deg: f64) -> u32 {
    let step = |degrees: f64, most: f64| (degrees * 2.0).floor().clamp(0.0, most - 1.0) as u32;
    step(latitude_deg + 90.0, 360.0) * 720 + step(longitude_deg + 180.0, 720.0) + 1
}

/// What most of the events have in a column, of those that have anything there.
pub(super) fn commonest<'e>(events: impl IntoIterator<Item = &'e Event>, column: &str) -> Option<&'e str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in events.into_iter().map(|event| cell(&event.cells, column)).filter(|text| !text.is_empty()) {
        *counts.entry(text).or_default() += 1;
    }
    counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(a.0))).map(|(text, _)| text)
}

/// Whether a name is that of a government, or of several.
pub(super) fn is_government(side: &str) -> bool {
    side.split(", ").all(|part| part.starts_with(GOVERNMENT))
}

/// The name of the country's government: as the country is spelt, else the one
/// with a name like it that has most events.
pub(super) fn own_government<'e>(country: &str, events: impl IntoIterator<Item = &'e Event>) -> String {
    let exact = format!("{GOVERNMENT}{country}");
    let mut like: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events {
        for side in event.sides().filter(|side| is_government(side) && !side.contains(", ")) {
            let name = side.trim_start_matches(GOVERNMENT);
            if country.starts_with(name) || name.starts_with(country) {
                *like.entry(side).or_default() += 1;
            }
        }
    }
    if like.contains_key(exact.as_str()) {
        return exact;
    }
    like.into_iter().max_by_key(|(_, n_events)| *n_events).map_or(exact, |(side, _)| side.to_owned())
}

/// How the name of a government begins.
pub(super) const GOVERNMENT: &str = "Government of ";
