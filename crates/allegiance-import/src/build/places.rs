//! Reads a table of places in the layout of `GeoNames` or of OCHA.

use std::collections::{BTreeMap, BTreeSet};

use super::levels::{CODE, level_of, plain_name};
use super::mistakes::Mistakes;
use super::people::People;
use super::place_columns::{
    COUNTRY, FEATURE_CLASS, FEATURE_CODE, LATITUDE, LONGITUDE, NAME, NO_UNIT, is_known, is_variant, population_rank,
};
use super::spoken::Spoken;
use super::{BuildError, BuildRequest, file_name};
use allegiance_record::Fix;
use allegiance_scenario::csv_rows::{CsvRows, Opening};
use allegiance_scenario::csv_table::{count, no_table};
use allegiance_scenario::event_rows::{distance_km, whole_of};
use allegiance_scenario::problem::{Problems, Spot, did_you_mean, list_choices, one_line};
use allegiance_scenario::slug;
use allegiance_scenario::text_file::read_text;

/// Columns of the tab-separated dump of `GeoNames`, which has no header.
const DUMP: &[&str] = &[
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature_class",
    "feature_code",
    "country_code",
    "cc2",
    "admin1_code",
    "admin2_code",
    "admin3_code",
    "admin4_code",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification_date",
];
/// Populated places that are gone, or parts of others.
const NOT_SETTLEMENTS: &[&str] = &["PPLX", "PPLH", "PPLQ", "PPLW", "PPLCH"];
/// More people than any place on earth has.
const MAX_POPULATION: u64 = 40_000_000;

/// The layouts that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    GeoNamesDump,
    GeoNamesCsv,
    Ocha,
}

impl Layout {
    /// The layout, for people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::GeoNamesDump => "GeoNames dump",
            Self::GeoNamesCsv => "GeoNames table with a header",
            Self::Ocha => "OCHA gazetteer",
        }
    }
}

/// Rows of one name nearer than this are one place, which the table has twice.
pub(super) const SAME_KM: f64 = 1.0;
/// The column of inhabitants, where the user says that there is none.
const NO_COLUMN: &str = "none";

/// A place of the table.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) name: String,
    /// Line in the table.
    pub(super) line: u32,
    /// Degrees north and east.
    pub(super) point: (f64, f64),
    /// Inhabitants; `None` where the table has none or 0.
    pub(super) population: Option<u32>,
    /// Names or codes of its administrative levels, the widest first; may be
    /// empty.
    pub(super) admin: [String; 3],
}

/// The table of places.
#[derive(Debug)]
pub(super) struct Gazetteer {
    /// The file's name, without the folder.
    pub(super) name: String,
    pub(super) layout: Layout,
    pub(super) places: Vec<Listed>,
    /// Rows that aren't settlements, or of wider levels.
    pub(super) n_passed_over: usize,
    /// Rows without a location.
    pub(super) n_unlocated: usize,
    /// Whether the widest administrative level has codes, not names.
    pub(super) has_codes: bool,
    /// Names of rows that were one place with another.
    pub(super) merged: Vec<String>,
    /// What was made of the file, each a clause.
    pub(super) notes: Vec<String>,
}

/// Reads the table; its layout is told by its first line.
pub(super) fn read(request: &BuildRequest, spoken: &Spoken) -> Result<Gazetteer, BuildError> {
    let path = &request.places;
    let text = read_text(path)?;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let refused =
        |problems: Problems| BuildError::Table { name: path.display().to_string(), problems: problems.into_sorted() };
    let Some(sheet) = Sheet::read(&text.text, file_idx, &mut problems) else { return Err(refused(problems)) };
    let reader = Reader::of(&sheet, request, spoken)?;
    let found = reader.read(&mut problems);
    if problems.has_errors() {
        return Err(refused(problems));
    }
    let mut found = found?;
    let mut notes: Vec<String> = text.encoding.map(|encoding| format!("read as {encoding}")).into_iter().collect();
    notes.extend(reader.notes());
    let n_named = found.name_units();
    if n_named > 0 {
        notes.push(format!("administrative units of {} named by its rows of units", count(n_named, "place")));
    }
    let Listing { mut places, n_passed_over, n_unlocated, .. } = found;
    let merged = merge(&mut places);
    if reader.population.is_none() && request.population_column.is_none() && request.population.is_none() {
        return Err(ask_for_population(path, &sheet));
    }
    Ok(Gazetteer {
        name: file_name(path),
        layout: sheet.layout,
        places,
        n_passed_over,
        n_unlocated,
        has_codes: n_named == 0 && reader.has_codes(),
        merged,
        notes,
    })
}

fn ask_for_population(path: &std::path::Path, sheet: &Sheet<'_>) -> BuildError {
    let columns: Vec<&str> = sheet.header.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let text = format!(
        "{}:{}: no column of population is found; {}",
        path.display(),
        sheet.line,
        list_choices("columns", &columns)
    );
    BuildError::Fixable { text, fix: Fix::NamePopulationColumn }
}

/// Makes one place of rows that have one name and lie together; gives the names.
fn merge(places: &mut Vec<Listed>) -> Vec<String> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut is_kept = vec![true; places.len()];
    let mut merged = Vec::new();
    for at in 0..places.len() {
        let same = by_name.entry(slug(&places[at].name).replace('_', "")).or_default();
        let twin = same.iter().copied().find(|&first| distance_km(places[first].point, places[at].point) <= SAME_KM);
        match twin {
            Some(first) => {
                // Of two counts the larger, since one may leave out suburbs or be older.
                places[first].population = places[first].population.max(places[at].population);
                is_kept[at] = false;
                merged.push(places[at].name.clone());
            }
            None => same.push(at),
        }
    }
    let mut kept = is_kept.iter();
    places.retain(|_| kept.next().is_some_and(|kept| *kept));
    merged
}

/// A table and the names of its columns.
struct Sheet<'t> {
    text: &'t str,
    file_idx: usize,
    opening: Opening,
    layout: Layout,
    /// As the file has them.
    header: Vec<String>,
    /// As they are compared.
    columns: Vec<String>,
    /// The line of the header.
    line: u32,
    /// Cells in front of every row that the header doesn't name.
    n_in_front: usize,
}

impl<'t> Sheet<'t> {
    fn read(text: &'t str, file_idx: usize, problems: &mut Problems) -> Option<Self> {
        let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else {
            problems.error(Spot { file_idx, line: 0 }, "", "is empty").allowed(LAYOUTS);
            return None;
        };
        let is_dump = first.split('\t').count() >= DUMP.len() - 1 && first.split('\t').nth(4).is_some_and(is_number);
        if is_dump {
            let columns: Vec<String> = DUMP.iter().map(|&name| name.to_owned()).collect();
            let opening = Opening { separator: b'\t', word: "tabs", ..Opening::usual() };
            let layout = Layout::GeoNamesDump;
            let header = columns.clone();
            return Some(Self { text, file_idx, opening, layout, header, columns, line: 1, n_in_front: 0 });
        }
        if let Some(found) = no_table(text) {
            let line = text.lines().take_while(|line| line.trim().is_empty()).count() as u32 + 1;
            problems.error(Spot { file_idx, line }, "", found).allowed(LAYOUTS);
            return None;
        }
        let opening = Opening::of(text, is_known);
        let mut rows = CsvRows::new(&text[opening.start..], opening.separator);
        rows.advance();
        let header: Vec<String> = rows.cells().map(str::to_owned).collect();
        let columns: Vec<String> = header.iter().map(|name| plain_name(name)).collect();
        let spot = Spot { file_idx, line: rows.line() + opening.n_lines };
        let layout = layout_of(&columns, &header, spot, problems)?;
        let mut sheet = Self { text, file_idx, opening, layout, header, columns, line: spot.line, n_in_front: 0 };
        let points = [(LATITUDE, 90.0), (LONGITUDE, 180.0)].map(|(names, bound)| (sheet.column(names), bound));
        let n_right = |rows: &CsvRows<'_>, front: usize| {
            let is_right = |(at, bound): &&(Option<usize>, f64)| {
                at.is_some_and(|at| rows.cell(at + front).parse::<f64>().is_ok_and(|number| number.abs() <= *bound))
            };
            points.iter().filter(is_right).count()
        };
        sheet.n_in_front = usize::from(rows.has_row_names(sheet.columns.len(), n_right));
        Some(sheet)
    }

    /// A column under the first of its names that is there.
    fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.columns.iter().position(|column| column == name))
    }

    /// The columns that name a place, the usual first: of one language after the other, where there
    /// are several.
    fn names(&self) -> Vec<usize> {
        let usual = NAME.iter().filter_map(|name| self.columns.iter().position(|column| column == name));
        let others = (0..self.columns.len()).filter(|&at| is_variant(&self.columns[at]));
        let mut names: Vec<usize> = Vec::new();
        for at in usual.chain(others) {
            // A town and its city, say, are two things.
            let is_other =
                names.first().is_some_and(|&first| !is_variant(&self.columns[first]) || !is_variant(&self.columns[at]));
            if !is_other && !names.contains(&at) {
                names.push(at);
            }
        }
        names
    }

    /// Of several columns of names, the usual first, the one whose names most events give.
    fn spoken(&self, columns: &[usize], spoken: &Spoken, chosen: &mut Vec<String>) -> Option<usize> {
        let (&usual, others) = columns.split_first()?;
        // Names in Latin letters, as the dump has them too, are no other names.
        if others.is_empty() || self.layout == Layout::GeoNamesDump {
            return Some(usual);
        }
        let n_events = |at: usize| {
            let mut names: BTreeSet<String> = BTreeSet::new();
            self.for_each(|rows, _| {
                let name = self.cell(rows, Some(at));
                if !names.contains(name) {
                    names.insert(name.to_owned());
                }
            });
            spoken.n_events(names.iter().map(String::as_str))
        };
        let (mut best, n_usual) = (usual, n_events(usual));
        let mut most = n_usual;
        for &at in others {
            let n = n_events(at);
            if n > most {
                (best, most) = (at, n);
            }
        }
        if best != usual {
            let [taken, left] = [best, usual].map(|at| &self.header[at]);
            chosen.push(format!(
                "names are those of the column {taken}, which {} give, and of {left} {n_usual}",
                count(most, "event")
            ));
        }
        Some(best)
    }

    /// The best of the columns that a rank is given.
    fn best<R: Ord>(&self, rank: impl Fn(&str) -> Option<R>) -> Option<usize> {
        let ranked = self.columns.iter().enumerate().filter_map(|(at, column)| Some((rank(column)?, at)));
        ranked.min().map(|(_, at)| at)
    }

    /// Calls for every row that has cells, tags apart.
    fn for_each(&self, mut take: impl FnMut(&CsvRows<'_>, u32)) {
        let is_dump = self.layout == Layout::GeoNamesDump;
        let mut rows = CsvRows::with_quotes(&self.text[self.opening.start..], self.opening.separator, !is_dump);
        let mut is_header = !is_dump;
        while rows.advance() {
            let is_data = !std::mem::take(&mut is_header) && !rows.is_empty() && !rows.is_tags();
            // Files put one below the other have their headers again.
            if is_data && (is_dump || !rows.cells().eq(self.header.iter().map(String::as_str))) {
                take(&rows, rows.line() + self.opening.n_lines);
            }
        }
    }

    fn cell<'r>(&self, rows: &'r CsvRows<'_>, at: Option<usize>) -> &'r str {
        at.map_or("", |at| rows.cell(at + self.n_in_front))
    }

    fn name_of(&self, at: Option<usize>) -> &str {
        at.map_or("", |at| self.columns[at].as_str())
    }
}

/// What tables of places may be.
const LAYOUTS: &str = "must be the dump of GeoNames (19 columns, tabs, no header), a table with the columns name, latitude, longitude and population, or a gazetteer of OCHA with administrative names, pcodes and centre points";

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}

/// The layout by the names of columns, or what is missing.
fn layout_of(columns: &[String], header: &[String], spot: Spot, problems: &mut Problems) -> Option<Layout> {
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&column.as_str()));
    let has_levels = columns.iter().any(|column| level_of(column).is_some_and(|level| level.depth > 0));
    let is_ocha = has_levels && (!has(NAME) || columns.iter().any(|column| column.contains("pcode")));
    let mut missing = Vec::new();
    if !has(LATITUDE) {
        missing.push("\"latitude\"");
    }
    if !has(LONGITUDE) {
        missing.push("\"longitude\"");
    }
    if !has(NAME) && !is_ocha {
        missing.push("\"name\"");
    }
    if missing.is_empty() {
        return Some(if is_ocha { Layout::Ocha } else { Layout::GeoNamesCsv });
    }
    let noun = if missing.len() == 1 { "column" } else { "columns" };
    problems
        .error(spot, "the header", format!("lacks the {noun} {}", missing.join(", ")))
        .allowed(LAYOUTS)
        .hint(format!("the first line has {}", one_line(&header.join(", "))));
    None
}

/// Reads the rows of one layout.
struct Reader<'r> {
    sheet: &'r Sheet<'r>,
    request: &'r BuildRequest,
    latitude: Option<usize>,
    longitude: Option<usize>,
    name: Option<usize>,
    population: Option<usize>,
    country: Option<usize>,
    levels: [Option<usize>; 4],
    level: Option<usize>,
    /// The class and the code of what a row is, as `GeoNames` has them.
    feature: [Option<usize>; 2],
    /// How inhabitants are written.
    people: People,
    /// Columns of names that were taken for another because events use their names, each a clause.
    chosen: Vec<String>,
}

/// What the rows hold.
#[derive(Debug, Default)]
struct Listing {
    places: Vec<Listed>,
    n_passed_over: usize,
    n_unlocated: usize,
    /// Names of administrative units by their codes, from the widest level down.
    units: BTreeMap<Vec<String>, String>,
}

impl Listing {
    /// Gives places the names of the units whose codes they have, where the table has the names.
    fn name_units(&mut self) -> usize {
        let mut n_named = 0;
        for place in &mut self.places {
            let codes = place.admin.clone();
            for depth in 1..=codes.len() {
                if let Some(name) = self.units.get(&codes[..depth]) {
                    place.admin[depth - 1].clone_from(name);
                    n_named += usize::from(depth == 1);
                }
            }
        }
        n_named
    }
}

impl<'r> Reader<'r> {
    fn of(sheet: &'r Sheet<'r>, request: &'r BuildRequest, spoken: &Spoken) -> Result<Self, BuildError> {
        let mut chosen = Vec::new();
        let at_depth = |depth: u8| {
            let ranked = |at: usize| level_of(&sheet.columns[at]).filter(|level| level.depth == depth);
            let mut of_depth: Vec<usize> = (0..sheet.columns.len()).filter(|&at| ranked(at).is_some()).collect();
            of_depth.sort_by_key(|&at| ranked(at));
            let names: Vec<usize> =
                of_depth.iter().copied().filter(|&at| ranked(at).is_some_and(|level| level.rank < CODE)).collect();
            sheet.spoken(&names, spoken, &mut chosen).or(of_depth.first().copied())
        };
        let levels = [1, 2, 3, 4].map(at_depth);
        let population = population_column(sheet, request)?;
        let mut people = People::of(sheet.opening.separator);
        sheet.for_each(|rows, _| people.look(sheet.cell(rows, population)));
        Ok(Self {
            latitude: sheet.column(LATITUDE),
            longitude: sheet.column(LONGITUDE),
            name: sheet.spoken(&sheet.names(), spoken, &mut chosen),
            population,
            people,
            country: sheet.column(COUNTRY),
            levels,
            level: sheet.column(&["level", "admin_level"]),
            feature: [sheet.column(FEATURE_CLASS), sheet.column(FEATURE_CODE)],
            chosen,
            sheet,
            request,
        })
    }

    /// Whether the widest administrative level has codes.
    fn has_codes(&self) -> bool {
        let column = self.levels[0].and_then(|at| level_of(&self.sheet.columns[at]));
        column.is_some_and(|level| level.rank == CODE)
    }

    /// What of the file isn't as its documentation has it.
    fn notes(&self) -> Vec<String> {
        let sheet = self.sheet;
        let mut notes: Vec<String> = sheet.opening.note_of_above().into_iter().collect();
        notes.extend(self.chosen.iter().cloned());
        if sheet.opening.separator != b',' && sheet.layout != Layout::GeoNamesDump {
            notes.push(format!("columns separated by {}", sheet.opening.word));
        }
        if sheet.n_in_front > 0 {
            notes.push("the first cell of every row has no name in the header, and is passed over".to_owned());
        }
        match self.population {
            Some(at) if sheet.columns[at] != "population" => {
                notes.push(format!("inhabitants are those of the column {}", sheet.header[at]));
            }
            Some(_) => {}
            None => notes.push("no column of inhabitants".to_owned()),
        }
        notes
    }

    /// The places, or a question.
    fn read(&self, problems: &mut Problems) -> Result<Listing, BuildError> {
        let code = self.country_code().map_err(BuildError::Question)?;
        let deepest = self.deepest_level();
        let mut mistakes = Mistakes::new(problems);
        let mut listing = Listing::default();
        let sheet = self.sheet;
        let mut n_rows = 0;
        sheet.for_each(|rows, line| {
            n_rows += 1;
            let spot = Spot { file_idx: sheet.file_idx, line };
            // Programs write a separator behind the last cell, or leave the last one out.
            if rows.len() < sheet.columns.len().min(DUMP.len() - 1) {
                let found = format!("has {}", count(rows.len(), "field"));
                mistakes.refuse(spot, "the row", found, &format!("must have {}", sheet.columns.len()));
                return;
            }
            if code.as_deref().is_some_and(|code| !sheet.cell(rows, self.country).eq_ignore_ascii_case(code)) {
                return;
            }
            let is_wider = deepest.as_deref().is_some_and(|deepest| sheet.cell(rows, self.level) != deepest);
            if is_wider || !self.is_settlement(rows) {
                listing.n_passed_over += 1;
                listing.units.extend(self.unit(rows));
            } else if self.is_unlocated(rows) {
                listing.n_unlocated += 1;
            } else {
                listing.places.extend(self.read_row(spot, rows, &mut mistakes));
            }
        });
        mistakes.count_more();
        if n_rows == 0 && !problems.has_errors() {
            let spot = Spot { file_idx: sheet.file_idx, line: sheet.line };
            problems.error(spot, "", "has a header but no rows").allowed(LAYOUTS);
        }
        if listing.places.is_empty() && !problems.has_errors() {
            let path = self.request.places.display();
            let line = self.sheet.line;
            return Err(BuildError::Question(format!("{path}:{line}: holds no settlement with a location; {LAYOUTS}")));
        }
        Ok(listing)
    }

    /// The code whose rows are wanted, where the table has several.
    fn country_code(&self) -> Result<Option<String>, String> {
        let path = self.request.places.display();
        // Each with the line of its first row.
        let mut codes: BTreeMap<String, u32> = BTreeMap::new();
        if let Some(at) = self.country {
            self.sheet.for_each(|rows, line| {
                let code = self.sheet.cell(rows, Some(at));
                if !code.is_empty() && !codes.contains_key(code) {
                    codes.insert(code.to_owned(), line);
                }
            });
        }
        let names: Vec<&str> = codes.keys().map(String::as_str).collect();
        let mut lines: Vec<u32> = codes.values().copied().collect();
        lines.sort_unstable();
        let own = names.iter().find(|name| name.eq_ignore_ascii_case(&self.request.country));
        match (&self.request.country_code, own) {
            (Some(code), _) if !names.iter().any(|name| name.eq_ignore_ascii_case(code)) => {
                let hint = did_you_mean(code, &names).map_or_else(String::new, |hint| format!("; {hint}"));
                let line = lines.first().copied().unwrap_or(self.sheet.line);
                Err(format!(
                    "{path}:{line}: has no row of the country code {code:?}; {}{hint}",
                    list_choices("its codes", &names)
                ))
            }
            (Some(code), _) => Ok(Some(code.clone())),
            (None, Some(own)) if names.len() > 1 => Ok(Some((*own).to_owned())),
            (None, _) if names.len() > 1 => Err(format!(
                "{path}:{}: holds places of {}; say which with the country's code; {}",
                lines[1],
                count(names.len(), "country").replace("countrys", "countries"),
                list_choices("its codes", &names)
            )),
            (None, _) => Ok(None),
        }
    }

    /// The deepest of several administrative levels in one table.
    fn deepest_level(&self) -> Option<String> {
        let at = self.level?;
        let mut deepest: Option<String> = None;
        self.sheet.for_each(|rows, _| {
            let level = self.sheet.cell(rows, Some(at));
            if deepest.as_deref().is_none_or(|deepest| whole_of(level) >= whole_of(deepest)) {
                deepest = Some(level.to_owned());
            }
        });
        deepest
    }

    fn is_settlement(&self, rows: &CsvRows<'_>) -> bool {
        let [class, code] = self.feature.map(|at| at.map(|at| self.sheet.cell(rows, Some(at))));
        // Some tables have only one of the two.
        // Columns of the same name in other tables have words.
        let class = class.filter(|class| class.len() == 1);
        let code = code.filter(|code| (3..=5).contains(&code.len()));
        let is_populated =
            class.map_or_else(|| !code.is_some_and(|code| code.starts_with("ADM")), |class| class == "P");
        is_populated && !code.is_some_and(|code| NOT_SETTLEMENTS.contains(&code))
    }

    /// The codes and the name of the administrative unit that a row of `GeoNames` is.
    fn unit(&self, rows: &CsvRows<'_>) -> Option<(Vec<String>, String)> {
        let depth: usize = self.sheet.cell(rows, self.feature[1]).strip_prefix("ADM")?.parse().ok()?;
        let codes: Option<Vec<String>> = self.levels.get(..depth)?.iter().map(|&at| self.code(rows, at)).collect();
        let name = self.sheet.cell(rows, self.name);
        (!name.is_empty()).then_some((codes?, name.to_owned()))
    }

    /// The code or name of an administrative unit, where one is known.
    fn code(&self, rows: &CsvRows<'_>, at: Option<usize>) -> Option<String> {
        let cell = self.sheet.cell(rows, at);
        let is_none = cell.is_empty() || (self.sheet.layout != Layout::Ocha && cell == NO_UNIT);
        (!is_none).then(|| cell.to_owned())
    }

    /// Whether a row says nowhere: no coordinates, or 0 and 0.
    fn is_unlocated(&self, rows: &CsvRows<'_>) -> bool {
        let cell = |at| self.sheet.cell(rows, at);
        let is_nothing = |cell: &str| matches!(cell, "" | "NA" | "NaN" | "NULL" | "null");
        let is_zero = |cell: &str| cell.parse::<f64>().is_ok_and(|number| number == 0.0);
        let cells = [cell(self.latitude), cell(self.longitude)];
        cells.iter().all(|cell| is_nothing(cell)) || cells.iter().all(|cell| is_zero(cell))
    }

    fn read_row(&self, spot: Spot, rows: &CsvRows<'_>, mistakes: &mut Mistakes<'_>) -> Option<Listed> {
        let sheet = self.sheet;
        let cell = |at: Option<usize>| sheet.cell(rows, at);
        let mut names: Vec<String> = self.levels.iter().filter_map(|&at| self.code(rows, at)).collect();
        let name = match cell(self.name) {
            "" => names.last().cloned().unwrap_or_default(),
            // Without line breaks and blanks that only spreadsheets see.
            name => name.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        if name.is_empty() {
            mistakes.refuse(spot, sheet.name_of(self.name), "is empty".to_owned(), "must be a name");
            return None;
        }
        if sheet.layout == Layout::Ocha && names.last() != Some(&name) {
            names.push(name.clone());
        }
        let mut degrees = |at: Option<usize>, bound: f64| {
            let text = cell(at);
            mistakes.number(spot, sheet.name_of(at), &sheet.opening.with_point(text), (-bound, bound))
        };
        let (latitude, longitude) = (degrees(self.latitude, 90.0), degrees(self.longitude, 180.0));
        let population = match cell(self.population) {
            "" | "NA" | "NaN" | "NULL" | "null" => Some(0),
            // Natural Earth and others write -99 where nothing is known.
            text if text.strip_prefix("-9").is_some_and(|rest| rest.trim_matches(['9', '.', '0']).is_empty()) => {
                Some(0)
            }
            text => match self.people.read(text).filter(|people| *people <= MAX_POPULATION) {
                Some(people) => Some(people),
                None => mistakes.whole(spot, sheet.name_of(self.population), text, (0, MAX_POPULATION)),
            },
        };
        names.resize(names.len().max(3), String::new());
        Some(Listed {
            name,
            line: spot.line,
            point: (latitude?, longitude?),
            population: population.map(|population| population as u32).filter(|population| *population > 0),
            admin: [names[0].clone(), names[1].clone(), names[2].clone()],
        })
    }
}

/// The column of inhabitants: the one asked for, or the best of the usual.
fn population_column(sheet: &Sheet<'_>, request: &BuildRequest) -> Result<Option<usize>, BuildError> {
    let Some(wanted) = &request.population_column else { return Ok(sheet.best(population_rank)) };
    if wanted == NO_COLUMN {
        return Ok(None);
    }
    let plain = plain_name(wanted);
    let found = sheet.header.iter().position(|name| name == wanted);
    let found = found.or_else(|| sheet.columns.iter().position(|column| *column == plain));
    found.map(Some).ok_or_else(|| {
        let columns: Vec<&str> = sheet.header.iter().map(String::as_str).collect();
        let hint = did_you_mean(wanted, &columns).map_or_else(String::new, |hint| format!("; {hint}"));
        BuildError::Question(format!(
            "{} has no column {wanted:?}; {}{hint}",
            request.places.display(),
            list_choices("columns", &columns)
        ))
    })
}
