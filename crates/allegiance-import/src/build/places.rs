//! Reads a table of places in the layout of `GeoNames` or of OCHA.

use std::collections::BTreeSet;

use super::mistakes::{Mistakes, whole_of};
use super::{BuildError, BuildRequest, file_name, read_text};
use allegiance_scenario::csv_table::count;
use allegiance_scenario::problem::{Problems, Spot, did_you_mean, list_choices};

/// Columns of the tab-separated dump of `GeoNames`, which has no header.
const DUMP: &[&str] = &[
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature class",
    "feature code",
    "country code",
    "cc2",
    "admin1 code",
    "admin2 code",
    "admin3 code",
    "admin4 code",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification date",
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

/// A place of the table.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) name: String,
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
}

/// Reads the table; its layout is told by its first line.
pub(super) fn read(request: &BuildRequest) -> Result<Gazetteer, BuildError> {
    let path = &request.places;
    let text = read_text(path)?;
    let mut problems = Problems::default();
    let file_idx = problems.add_file(path.display().to_string());
    let found = Sheet::read(&text, file_idx, &mut problems)
        .map(|sheet| (sheet.layout, Reader::of(sheet, request, file_idx).read(&mut problems)));
    match found {
        Some((layout, (Ok(places), n_passed_over))) if !problems.has_errors() => {
            Ok(Gazetteer { name: file_name(path), layout, places, n_passed_over })
        }
        Some((_, (Err(question), _))) if !problems.has_errors() => Err(BuildError::Question(question)),
        _ => Err(BuildError::Table { name: path.display().to_string(), problems: problems.into_sorted() }),
    }
}

/// The rows of a table with their lines, and the names of its columns.
struct Sheet {
    layout: Layout,
    columns: Vec<String>,
    rows: Vec<(u32, csv::StringRecord)>,
}

impl Sheet {
    fn read(text: &str, file_idx: usize, problems: &mut Problems) -> Option<Self> {
        let Some(first) = text.lines().find(|line| !line.trim().is_empty()) else {
            problems.error(Spot { file_idx, line: 0 }, "", "is empty").allowed(LAYOUTS);
            return None;
        };
        let is_dump = first.split('\t').count() >= DUMP.len() - 1 && first.split('\t').nth(4).is_some_and(is_number);
        let (delimiter, layout, columns) = if is_dump {
            (b'\t', Layout::GeoNamesDump, DUMP.iter().map(|&name| name.to_owned()).collect())
        } else {
            let delimiter = [b',', b';', b'\t']
                .into_iter()
                .max_by_key(|&byte| first.bytes().filter(|b| *b == byte).count() * 2 + usize::from(byte == b','))?;
            let names = first.split(char::from(delimiter)).map(|name| name.trim().trim_matches('"').to_lowercase());
            let columns: Vec<String> = names.collect();
            (delimiter, layout_of(&columns, file_idx, problems)?, columns)
        };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(!is_dump)
            .quoting(!is_dump)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut mistakes = Mistakes::new(problems);
        let mut rows = Vec::new();
        for record in reader.records() {
            let Ok(record) = record else {
                let spot = Spot { file_idx, line: 0 };
                mistakes.refuse(spot, "", "can't be read as a table".to_owned(), LAYOUTS);
                break;
            };
            let line = record.position().map_or(0, |position| position.line() as u32);
            if record.len() < columns.len().min(DUMP.len() - 1) {
                let found = format!("has {}", count(record.len(), "field"));
                mistakes.refuse(Spot { file_idx, line }, "the row", found, &format!("must have {}", columns.len()));
                continue;
            }
            rows.push((line, record));
        }
        mistakes.count_more();
        if rows.is_empty() && !problems.has_errors() {
            problems.error(Spot { file_idx, line: 1 }, "", "has a header but no rows").allowed(LAYOUTS);
        }
        Some(Self { layout, columns, rows })
    }

    /// A column under the first of its names that is there.
    fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.columns.iter().position(|column| column == name))
    }
}

/// What tables of places may be.
const LAYOUTS: &str = "must be the dump of GeoNames (19 columns, tabs, no header), a table with the columns name, latitude, longitude and population, or a gazetteer of OCHA with administrative names, pcodes and centre points";

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}

const LATITUDE: &[&str] = &["latitude", "lat", "y", "point_y", "center_lat", "centre_lat", "y_coord"];
const LONGITUDE: &[&str] = &["longitude", "lon", "lng", "long", "x", "point_x", "center_lon", "centre_lon", "x_coord"];
const NAME: &[&str] = &["name", "name_en", "asciiname", "place", "town"];
const POPULATION: &[&str] = &["population", "pop", "t_tl", "population_total", "pop_total", "total_population"];
const COUNTRY: &[&str] = &["country code", "countrycode", "country_code", "admin0pcode", "adm0_pcode", "iso2"];
const LEVEL_NAMES: [&[&str]; 4] = [
    &["adm1_en", "admin1name_en", "adm1_name", "admin1name", "adm1", "admin1code", "admin1 code", "admin1"],
    &["adm2_en", "admin2name_en", "adm2_name", "admin2name", "adm2", "admin2code", "admin2 code", "admin2"],
    &["adm3_en", "admin3name_en", "adm3_name", "admin3name", "adm3", "admin3code", "admin3 code", "admin3"],
    &["adm4_en", "admin4name_en", "adm4_name", "admin4name", "adm4"],
];

/// The layout by the names of columns, or what is missing.
fn layout_of(columns: &[String], file_idx: usize, problems: &mut Problems) -> Option<Layout> {
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&column.as_str()));
    let has_levels = LEVEL_NAMES.iter().any(|names| has(names));
    let is_ocha = columns.iter().any(|column| column.contains("pcode")) && has_levels;
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
        .error(Spot { file_idx, line: 1 }, "the header", format!("lacks the {noun} {}", missing.join(", ")))
        .allowed(LAYOUTS)
        .hint(format!("the first line has {}", columns.join(", ")));
    None
}

/// Reads the rows of one layout.
struct Reader<'r> {
    sheet: Sheet,
    request: &'r BuildRequest,
    file_idx: usize,
    latitude: Option<usize>,
    longitude: Option<usize>,
    name: Option<usize>,
    population: Option<usize>,
    country: Option<usize>,
    levels: [Option<usize>; 4],
    level: Option<usize>,
}

type Listing = (Result<Vec<Listed>, String>, usize);

impl<'r> Reader<'r> {
    fn of(sheet: Sheet, request: &'r BuildRequest, file_idx: usize) -> Self {
        Self {
            latitude: sheet.column(LATITUDE),
            longitude: sheet.column(LONGITUDE),
            name: sheet.column(NAME),
            population: sheet.column(POPULATION),
            country: sheet.column(COUNTRY),
            levels: LEVEL_NAMES.map(|names| sheet.column(names)),
            level: sheet.column(&["level", "admin_level"]),
            sheet,
            request,
            file_idx,
        }
    }

    /// The places, or a question; and how many rows were passed over.
    fn read(&self, problems: &mut Problems) -> Listing {
        let code = match self.country_code() {
            Ok(code) => code,
            Err(question) => return (Err(question), 0),
        };
        let deepest = self.deepest_level();
        let mut mistakes = Mistakes::new(problems);
        let (mut places, mut n_passed_over) = (Vec::new(), 0);
        for (line, record) in &self.sheet.rows {
            let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
            if code.as_deref().is_some_and(|code| !cell(self.country).eq_ignore_ascii_case(code)) {
                continue;
            }
            if !self.is_settlement(record) || deepest.as_deref().is_some_and(|deepest| cell(self.level) != deepest) {
                n_passed_over += 1;
                continue;
            }
            places.extend(self.read_row(*line, record, &mut mistakes));
        }
        mistakes.count_more();
        if places.is_empty() && !problems.has_errors() {
            let path = self.request.places.display();
            let question = format!("{path} holds no settlement; {LAYOUTS}");
            return (Err(question), n_passed_over);
        }
        (Ok(places), n_passed_over)
    }

    /// The code whose rows are wanted, where the table has several.
    fn country_code(&self) -> Result<Option<String>, String> {
        let path = self.request.places.display();
        let codes: BTreeSet<&str> = self.country.map_or_else(BTreeSet::new, |at| {
            self.sheet.rows.iter().filter_map(|(_, record)| record.get(at)).filter(|code| !code.is_empty()).collect()
        });
        let names: Vec<&str> = codes.iter().copied().collect();
        match &self.request.country_code {
            Some(code) if !names.iter().any(|name| name.eq_ignore_ascii_case(code)) => {
                let hint = did_you_mean(code, &names).map_or_else(String::new, |hint| format!("; {hint}"));
                Err(format!(
                    "{path} has no row of the country code {code:?}; {}{hint}",
                    list_choices("its codes", &names)
                ))
            }
            Some(code) => Ok(Some(code.clone())),
            None if names.len() > 1 => Err(format!(
                "{path} holds places of {}; say which with the country's code; {}",
                count(names.len(), "country").replace("countrys", "countries"),
                list_choices("its codes", &names)
            )),
            None => Ok(None),
        }
    }

    /// The deepest of several administrative levels in one table.
    fn deepest_level(&self) -> Option<String> {
        let at = self.level?;
        let levels = self.sheet.rows.iter().filter_map(|(_, record)| record.get(at));
        levels.max_by_key(|level| whole_of(level)).map(str::to_owned)
    }

    fn is_settlement(&self, record: &csv::StringRecord) -> bool {
        if self.sheet.layout != Layout::GeoNamesDump {
            return true;
        }
        record.get(6) == Some("P") && !record.get(7).is_some_and(|code| NOT_SETTLEMENTS.contains(&code))
    }

    fn read_row(&self, line: u32, record: &csv::StringRecord, mistakes: &mut Mistakes<'_>) -> Option<Listed> {
        let spot = Spot { file_idx: self.file_idx, line };
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let column = |at: Option<usize>| at.map_or("", |at| self.sheet.columns[at].as_str());
        let mut names: Vec<String> =
            self.levels.iter().map(|&at| cell(at).to_owned()).filter(|name| !name.is_empty()).collect();
        let name = match cell(self.name) {
            "" => names.last().cloned().unwrap_or_default(),
            name => name.to_owned(),
        };
        if name.is_empty() {
            mistakes.refuse(spot, column(self.name), "is empty".to_owned(), "must be a name");
            return None;
        }
        if self.sheet.layout == Layout::Ocha && names.last() != Some(&name) {
            names.push(name.clone());
        }
        let latitude = mistakes.number(spot, column(self.latitude), cell(self.latitude), (-90.0, 90.0));
        let longitude = mistakes.number(spot, column(self.longitude), cell(self.longitude), (-180.0, 180.0));
        let population = match cell(self.population) {
            "" => Some(0),
            text => mistakes.whole(spot, column(self.population), text, (0, MAX_POPULATION)),
        };
        names.resize(names.len().max(3), String::new());
        Some(Listed {
            name,
            point: (latitude?, longitude?),
            population: population.map(|population| population as u32).filter(|population| *population > 0),
            admin: [names[0].clone(), names[1].clone(), names[2].clone()],
        })
    }
}
