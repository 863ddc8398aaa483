//! Reads the events of a country from a file of UCDP GED in any layout.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use allegiance_model::calendar::Date;

use super::{BuildError, BuildRequest, Undated, file_name, undated};
use crate::ged::no_such_country;
use allegiance_scenario::csv_table::count;
use allegiance_scenario::event_rows::{
    Asked, EventFile as Table, EventRow, OfficialRow, RowRange, RowReader, Seen, VAGUE, share_unknown, whole_of,
};
use allegiance_scenario::problem::Problems;
use allegiance_scenario::text_file::read_text;

pub(super) use allegiance_scenario::event_rows::is_government;

/// The type of violence in which one side is a government.
pub(super) const STATE_BASED: u8 = 1;

/// An event of the country.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) row: EventRow,
    /// First and second administrative level; may be empty.
    pub(super) adm: [Arc<str>; 2],
    /// Whether its day was drawn, since only the year is known.
    pub(super) is_undated: bool,
    /// The precision of its date, 1 the day to 5 the year.
    pub(super) date_precision: u64,
    /// Where it stands in the file.
    at: RowRange,
    /// Whether its dead of unknown side were given to one.
    is_given: bool,
}

impl Event {
    /// The armed sides; one where both have one name.
    pub(super) fn sides(&self) -> impl Iterator<Item = &str> {
        let b = (!self.row.is_one_sided() && !self.is_of_one_side()).then_some(&*self.row.side_b);
        std::iter::once(&*self.row.side_a).chain(b)
    }

    /// Whether both sides have one name, as placeholders of unknown groups may.
    pub(super) fn is_of_one_side(&self) -> bool {
        self.row.side_a == self.row.side_b
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

    /// Dead civilians: in one-sided violence all but those of the first side.
    pub(super) fn n_civilians(&self) -> u32 {
        let row = &self.row;
        let more = if row.is_one_sided() { row.deaths_b + row.deaths_unknown } else { 0 };
        row.deaths_civilians + more
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
    /// Those of the period and of the days before it that tell of control.
    pub(super) events: Vec<Event>,
    /// The first and the last day of the country's events, and the line of one.
    pub(super) days: Option<(Date, Date, u32)>,
    /// All sides of the country, at any time.
    pub(super) sides: BTreeSet<Arc<str>>,
    /// Useful columns that it lacks, and what stands in for them.
    pub(super) lacking: Vec<(&'static str, &'static str)>,
    /// What was made of the file, each a clause.
    pub(super) notes: Vec<String>,
    /// Foreign states of whom no dead is known, and how many events' dead of
    /// unknown side were given to their opponents.
    pub(super) remote: Vec<String>,
    pub(super) n_given_to_opponents: usize,
    table: Table<'static>,
}

impl EventFile {
    /// A foreign state without a single known dead of its own in the period and
    /// the days before strikes from
    /// afar: whoever died in its events and is of unknown side was of the other.
    fn give_unknown_to_opponents(&mut self, request: &BuildRequest) {
        let own = own_government(&request.country, &self.events);
        let mut known: BTreeMap<String, u64> = BTreeMap::new();
        for event in &self.events {
            let dead = [event.row.deaths_a, event.row.deaths_b];
            for (side, dead) in event.sides().zip(dead) {
                if is_government(side) && side.split(", ").all(|part| part != own) {
                    *known.entry(side.to_owned()).or_default() += u64::from(dead);
                }
            }
        }
        self.remote = known.into_iter().filter(|(_, dead)| *dead == 0).map(|(side, _)| side).collect();
        for event in self.events.iter_mut().filter(|event| !event.row.is_one_sided()) {
            let is_remote = |side: &str| self.remote.iter().any(|remote| remote == side);
            let (a, b) = (is_remote(&event.row.side_a), is_remote(&event.row.side_b));
            let unknown = event.row.deaths_unknown;
            if a == b || unknown == 0 {
                continue;
            }
            *(if a { &mut event.row.deaths_b } else { &mut event.row.deaths_a }) += unknown;
            event.row.deaths_unknown = 0;
            event.is_given = true;
            self.n_given_to_opponents += 1;
        }
    }

    /// Gives all 49 official cells of each event, completed.
    pub(super) fn each_row(&self, events: &[&Event], mut take: impl FnMut(&OfficialRow<'_>)) {
        let mut rows = self.table.again();
        for event in events {
            let mut row = rows.row(event.at);
            if event.is_undated {
                date(&mut row, event.row.date);
            }
            row.complete();
            if event.is_undated {
                row.set("date_prec", event.date_precision.to_string());
            }
            if event.is_given {
                row.set("deaths_a", event.row.deaths_a.to_string());
                row.set("deaths_b", event.row.deaths_b.to_string());
                row.set("deaths_unknown", event.row.deaths_unknown.to_string());
            }
            take(&row);
        }
    }

    /// What most of the events have in a column, of those that have anything there.
    pub(super) fn commonest<'e>(&self, events: impl IntoIterator<Item = &'e Event>, column: &str) -> Option<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let mut rows = self.table.again();
        for event in events {
            let text = rows.cell(event.at, column);
            match counts.get_mut(&*text) {
                Some(n) => *n += 1,
                None if text.is_empty() => {}
                None => drop(counts.insert(text.into_owned(), 1)),
            }
        }
        counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(text, _)| text)
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
    let asked = Asked { dates: request.dates, ..Asked::default() };
    let table = Table::read(Cow::Owned(text.text), text.encoding, file_idx, asked, &mut problems);
    let Some(table) = table else { return Err(refused(problems)) };
    let mut found = Found::default();
    let notes = found.read_rows(&table, request, &mut problems);
    if problems.has_errors() {
        return Err(refused(problems));
    }
    if found.sides.is_empty() {
        return Err(BuildError::Question(found.nothing(request, &table)));
    }
    found.events.shrink_to_fit();
    let mut file = EventFile {
        name: file_name(path),
        events: found.events,
        days: found.days,
        sides: found.sides,
        lacking: table.lacking(),
        notes,
        remote: Vec::new(),
        n_given_to_opponents: 0,
        table,
    };
    // Rows of vague events are never written.
    file.table.keep_only(file.events.iter_mut().filter(|event| event.is_located()).map(|event| &mut event.at));
    file.give_unknown_to_opponents(request);
    Ok(file)
}

/// What a file holds of the country.
#[derive(Debug, Default)]
struct Found {
    events: Vec<Event>,
    days: Option<(Date, Date, u32)>,
    sides: BTreeSet<Arc<str>>,
    /// Events that the request leaves out.
    n_left_out: usize,
    /// Countries that aren't the one asked for.
    countries: BTreeSet<String>,
    /// The line of the first row of one of these.
    first_elsewhere: u32,
}

impl Found {
    /// Reads every row of the country, and gives what was made of the file.
    fn read_rows(&mut self, table: &Table<'_>, request: &BuildRequest, problems: &mut Problems) -> Vec<String> {
        let mut reader = RowReader::new(problems);
        let mut seen = Seen::default();
        let mut rows = table.rows();
        while rows.advance(&mut reader) {
            let country = rows.peek("country");
            if country != request.country {
                if self.countries.is_empty() {
                    self.first_elsewhere = rows.range().line();
                }
                if !self.countries.contains(country) {
                    self.countries.insert(country.to_owned());
                }
                continue;
            }
            if whole_of(rows.peek("id")).is_some_and(|id| request.leave_out.contains(&id)) {
                self.n_left_out += 1;
                continue;
            }
            let Some(event) = read_event(rows.official(), rows.range(), request, &mut reader) else { continue };
            if seen.is_new(event.row.id, rows.range(), table, &mut reader) {
                self.add(event, request);
            }
        }
        reader.count_more();
        let mut notes = rows.notes();
        notes.extend(seen.note());
        if self.n_left_out > 0 {
            notes.push(format!("{} left out as asked", count(self.n_left_out, "event")));
        }
        notes
    }

    /// What to say where there is no event of the country.
    fn nothing(&self, request: &BuildRequest, table: &Table<'_>) -> String {
        let path = &request.events;
        let first = format!("{}:{}:", path.display(), table.first_line());
        if self.n_left_out > 0 {
            let events = count(self.n_left_out, "event");
            format!("{first} nothing is left of {}: {events} left out as asked", request.country)
        } else if self.countries.is_empty() {
            format!("{first} has a header but no rows; nothing can be built of it")
        } else {
            no_such_country(path, self.first_elsewhere, &request.country, &self.countries)
        }
    }

    /// Keeps an event of the period or of the days before it.
    fn add(&mut self, event: Event, request: &BuildRequest) {
        for side in [Some(&event.row.side_a), Some(&event.row.side_b).filter(|_| !event.row.is_one_sided())] {
            self.sides.extend(side.cloned());
        }
        let date = event.row.date;
        let line = event.row.spot.line;
        let alone = (date, date, line);
        self.days = Some(self.days.map_or(alone, |(first, last, line)| (first.min(date), last.max(date), line)));
        if date <= request.to && i64::from(date.days_since_1970()) >= request.first_before() {
            self.events.push(event);
        }
    }
}

/// Reads a row of the country.
fn read_event(
    mut row: OfficialRow<'_>,
    at: RowRange,
    request: &BuildRequest,
    reader: &mut RowReader<'_>,
) -> Option<Event> {
    let is_undated = row.cell("date_start").is_empty() && !row.cell("year").is_empty();
    if is_undated {
        if request.undated == Undated::Refuse {
            let allowed = "must be a date, since events without one are refused";
            reader.refuse(row.spot, "date_start", "is empty".to_owned(), allowed);
            return None;
        }
        let Some(day) = drawn_day(&row, request.seed) else {
            let found = format!("is {:?}", row.cell("year"));
            reader.refuse(row.spot, "year", found, "must be a year such as 2014, where there is no date");
            return None;
        };
        date(&mut row, day);
    }
    let stated = row.cell("date_prec").to_owned();
    row.complete();
    let read = reader.read(&row)?;
    if read.latitude_deg == 0.0 && read.longitude_deg == 0.0 {
        let found = format!("and longitude of event {} are 0, off Africa, as where nobody knew them", read.id);
        let allowed = format!("must be its location; correct the row, or leave event {} out (leave-out)", read.id);
        reader.refuse(row.spot, "latitude", found, &allowed);
        return None;
    }
    let precision = whole_of(&stated).unwrap_or(if is_undated { 5 } else { 1 });
    let adm = ["adm_1", "adm_2"].map(|column| reader.shared(row.cell(column)));
    Some(Event { row: read, adm, is_undated, date_precision: precision, at, is_given: false })
}

/// Writes a day into a row without a date.
fn date(row: &mut OfficialRow<'_>, day: Date) {
    for column in ["date_start", "date_end"] {
        row.set(column, day.to_string());
    }
}

/// The day drawn for a row; `None` where its year isn't one. A wrong
/// identifier is found later.
fn drawn_day(row: &OfficialRow<'_>, seed: u64) -> Option<Date> {
    let year = whole_of(row.cell("year")).and_then(|year| u32::try_from(year).ok())?;
    undated::day_of(seed, whole_of(row.cell("id")).unwrap_or_default(), year)
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
