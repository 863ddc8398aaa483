//! A scenario of any war from tables of others: a file of UCDP GED, a table of
//! places, and, where there is one, a file of boundaries.
//!
//! [`build`] gives the files of a runnable scenario and every [`Assumption`]
//! that it took. What the tables don't tell (sizes and characters of groups,
//! control, garrisons) follows from stated rules, one file each, and is tagged
//! as judgement in what is written.
//!
//! Not here: writing files, running a model.

mod assumptions;
mod boundaries;
mod control;
mod districts;
mod doubts;
mod events;
mod garrisons;
mod given;
mod groups;
mod kinds;
mod levels;
mod mistakes;
mod near;
mod people;
mod period;
mod place_columns;
mod places;
mod population;
mod rates;
mod relations;
mod settlements;
mod sizes;
mod slug;
mod spoken;
mod undated;
mod write;

use std::path::{Path, PathBuf};

use allegiance_model::calendar::Date;
use allegiance_model::setup::OperationsMode;

use allegiance_record::Fix;
use allegiance_scenario::MAX_DAYS;
use allegiance_scenario::csv_table::count;
use allegiance_scenario::event_rows::DateOrder;
use allegiance_scenario::packed::PackedText;
use allegiance_scenario::problem::Problem;
use allegiance_scenario::text_file::ReadTextError;
use allegiance_scenario::{LoadScenarioError, ScenarioFile, load_files};

pub use assumptions::Assumption;

/// What becomes of events of which only the year is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Undated {
    /// Each falls on a day of its year, drawn by the seed and its identifier.
    #[default]
    Spread,
    /// None is taken: there must be no such event.
    Refuse,
}

/// What to build.
#[derive(Debug, Clone)]
pub struct BuildRequest {
    /// A file of UCDP GED, plain or gzipped; columns may be missing, and
    /// columns of others are passed over.
    pub events: PathBuf,
    /// A table of places in the layout of `GeoNames` or of OCHA.
    pub places: PathBuf,
    /// Polygons of districts, as `GeoJSON`.
    pub boundaries: Option<PathBuf>,
    /// The property of the polygons that names them; found by itself where
    /// it is one of the usual.
    pub boundary_name: Option<String>,
    /// A table of what is known of groups.
    pub groups: Option<PathBuf>,
    /// The country, as the events spell it.
    pub country: String,
    /// The country's code in the table of places, where that has several.
    pub country_code: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Whether incidents are replayed or chosen by the groups.
    pub mode: OperationsMode,
    /// What becomes of events without a date.
    pub undated: Undated,
    /// A side makes a group with so many events in the period, or ten times as many dead in them.
    pub min_events: usize,
    /// Events of so many days before the first say who controls what.
    pub control_window_days: u32,
    /// The column of the table of places that has the inhabitants; found by itself where
    /// it is one of the usual, and `none` where no column has them.
    pub population_column: Option<String>,
    /// Whether the table of places may lie far from the events.
    pub accept_far: bool,
    /// Events that are left out, by their identifiers.
    pub leave_out: Vec<u64>,
    /// Which comes first in dates of the events such as 1/2/2001, where no row tells.
    pub dates: Option<DateOrder>,
    /// Inhabitants of all places together; else as many as the table states.
    pub population: Option<u64>,
    /// Places farther than this from every event are left out, in kilometres.
    pub within_km: f64,
    /// Seed of the scenario and of the days of events without a date.
    pub seed: u64,
}

/// The file of the record, which is replayed or lies beside the scenario.
const EVENTS_FILE: &str = "events.csv";
/// The file that lists what was assumed.
const ASSUMPTIONS: &str = "ASSUMPTIONS.md";
/// A side makes a group with so many events in the period, or ten times as many dead in them.
pub const MIN_EVENTS: usize = 10;
/// Days before the first whose events say who controls what.
pub const CONTROL_WINDOW_DAYS: u32 = 365;
/// Places farther than this from every event are left out, in kilometres.
pub const WITHIN_KM: f64 = 50.0;

impl BuildRequest {
    /// A request with defaults for all that can be left out.
    pub fn new(events: PathBuf, places: PathBuf, country: String, from: Date, to: Date) -> Self {
        Self {
            events,
            places,
            boundaries: None,
            boundary_name: None,
            groups: None,
            country,
            country_code: None,
            from,
            to,
            mode: OperationsMode::Observed,
            undated: Undated::Spread,
            min_events: MIN_EVENTS,
            control_window_days: CONTROL_WINDOW_DAYS,
            population: None,
            population_column: None,
            accept_far: false,
            leave_out: Vec::new(),
            dates: None,
            within_km: WITHIN_KM,
            seed: 1,
        }
    }

    /// The first of the days that tell of control, since 1970.
    fn first_before(&self) -> i64 {
        i64::from(self.from.days_since_1970()) - i64::from(self.control_window_days)
    }

    fn n_days(&self) -> i64 {
        i64::from(self.to.days_since(self.from)) + 1
    }
}

/// Why a scenario couldn't be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file can't be read as text.
    #[error(transparent)]
    Text(#[from] ReadTextError),
    /// Rows or the header of a table are wrong.
    #[error("{name} has problems")]
    Table {
        /// The file.
        name: String,
        /// What is wrong, in order.
        problems: Vec<Problem>,
    },
    /// Files and request don't go together; the message says how to go on.
    #[error("{0}")]
    Question(String),
    /// The same, with what helps as data.
    #[error("{text}")]
    Fixable {
        /// What is wrong.
        text: String,
        /// What helps.
        fix: Fix,
    },
    /// The scenario built isn't one: a mistake of this module.
    #[error("the scenario built has problems: {}", list(.0))]
    Unsound(Vec<Problem>),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")
}

/// A group of the scenario, for people.
#[derive(Debug, Clone, PartialEq)]
pub struct BuiltGroup {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind, as the scenario spells it.
    pub kind: String,
    /// Members on the first day.
    pub members: u32,
    /// Whether a source was given for the members.
    pub is_size_given: bool,
    /// Events of the period in which it takes part.
    pub n_events: usize,
    /// Its own dead in these, with its share of those of unknown side.
    pub n_dead: f64,
    /// Names of sides that it stands for.
    pub sides: Vec<String>,
}

/// A scenario, built and checked.
#[derive(Debug, Clone)]
pub struct Built {
    /// Its identifier.
    pub id: String,
    /// Its files by name, `scenario.toml` first.
    pub files: Vec<ScenarioFile>,
    /// Its groups, the government first.
    pub groups: Vec<BuiltGroup>,
    /// Its places.
    pub n_places: usize,
    /// Their inhabitants.
    pub population: u64,
    /// Events of the period that the scenario holds.
    pub n_events: usize,
    /// Of these, the events without a date.
    pub n_undated: usize,
    /// The dead in them.
    pub n_dead: u64,
    /// What was assumed, the weightiest first.
    pub assumptions: Vec<Assumption>,
    /// Coordinates that are in doubt, with identifiers and lines, each a sentence.
    pub doubts: Vec<String>,
    /// What a check of the scenario warns of.
    pub warnings: Vec<Problem>,
}

/// Builds a scenario. The same tables and request give the same files.
///
/// # Errors
/// See [`BuildError`].
pub fn build(request: &BuildRequest) -> Result<Built, BuildError> {
    check_request(request)?;
    let (mut built, events) = draw_up(request)?;
    let at = built.files.len() - 1;
    built.files.insert(at, ScenarioFile { name: EVENTS_FILE.to_owned(), text: events.unpack() });
    // What the scenario reads comes back from it, uncopied; the others stay.
    let is_replayed = request.mode == OperationsMode::Observed;
    let is_read = |file: &ScenarioFile| file.name != ASSUMPTIONS && (is_replayed || file.name != EVENTS_FILE);
    let (read, others) = std::mem::take(&mut built.files).into_iter().partition(is_read);
    let scenario = load_files(read).map_err(|error| match error {
        LoadScenarioError::Invalid(problems) => BuildError::Unsound(problems),
        error => BuildError::Question(error.to_string()),
    })?;
    built.files = scenario.files;
    built.files.extend::<Vec<ScenarioFile>>(others);
    built.warnings = scenario.warnings;
    Ok(built)
}

/// The files, not yet checked, and the events. Everything else that was read for them is freed with it.
fn draw_up(request: &BuildRequest) -> Result<(Built, PackedText), BuildError> {
    let file = events::read(request)?;
    let period = period::split(request, &file)?;
    let given = request.groups.as_deref().map(|path| given::read(path, &period)).transpose()?.unwrap_or_default();
    let mut cast = groups::assign(request, &period, &given);
    let spoken = spoken::Spoken::of(&period);
    let gazetteer = places::read(request, &spoken)?;
    let polygons = boundaries::read(request, &spoken)?;
    let mut map = settlements::settle(request, &period, gazetteer)?;
    districts::name(request, &period, &mut map, polygons.as_ref())?;
    sizes::estimate(request, &mut cast, &map, &given);
    let kept = period::replayed(&period, &cast);
    // Only a replay may know where the period's deaths will be.
    let to_place = if request.mode == OperationsMode::Observed { kept.as_slice() } else { &[] };
    let civilians = garrisons::civilian_deaths(to_place, &cast, &map);
    let members = garrisons::member_deaths(to_place, &cast, &map);
    map.hold(&civilians, &members);
    let relations = relations::relate(request, &period, &cast);
    kinds::tell_apart(&mut cast, &relations);
    let mut control = control::spread(&period, &cast, &map, (request.control_window_days, request.n_days()));
    let garrisons = garrisons::station(&mut cast, &map, &mut control, to_place);
    let story = write::Draft {
        request,
        file: &file,
        period: &period,
        cast: &cast,
        map: &map,
        polygons: polygons.as_ref(),
        relations: &relations,
        control: &control,
        garrisons: &garrisons,
        kept: &kept,
        country: write::country(request, &file, &kept),
    };
    check_rest(request, &story)?;
    let assumptions = assumptions::list(&story);
    let built = Built {
        id: story.id(),
        groups: cast.groups.iter().map(groups::Group::built).collect(),
        n_places: map.places.len(),
        population: map.population(),
        n_events: kept.len(),
        n_undated: story.n_undated(),
        n_dead: kept.iter().map(|event| event.n_dead()).sum(),
        files: write::files(&story, &assumptions),
        assumptions,
        doubts: map.doubts.told.clone(),
        warnings: Vec::new(),
    };
    Ok((built, write::events(&story)))
}

/// Refuses what would leave nothing to simulate.
fn check_rest(request: &BuildRequest, story: &write::Draft<'_>) -> Result<(), BuildError> {
    if story.kept.is_empty() {
        let text = format!(
            "{}: none of {} of {} from {} to {} is left: their sides have fewer than {} each and fewer than {} dead in them, are left out, or are one group",
            story.period.first_line(request),
            count(story.period.events.len(), "event"),
            request.country,
            request.from,
            request.to,
            request.min_events,
            request.min_events as u64 * groups::DEAD_PER_EVENT
        );
        return Err(BuildError::Fixable { text, fix: Fix::GiveGroups });
    }
    if story.garrisons.rows.is_empty() {
        let text = format!(
            "{}:{}: {} with {} inhabitants, too few to station anyone among them",
            request.places.display(),
            story.map.first_line,
            count(story.map.places.len(), "place"),
            story.map.population(),
        );
        return Err(BuildError::Fixable { text, fix: Fix::GivePopulation });
    }
    Ok(())
}

fn check_request(request: &BuildRequest) -> Result<(), BuildError> {
    let n_days = request.n_days();
    let (from, to) = (request.from, request.to);
    let wrong = if n_days < 1 {
        format!("the first day, {from}, is after the last, {to}; exchange them")
    } else if n_days > MAX_DAYS {
        format!("{from} to {to} are {n_days} days; a scenario has at most {MAX_DAYS}")
    } else if !(request.within_km.is_finite() && request.within_km > 0.0) {
        format!("places are asked for within {} km of events; must be a number above 0", request.within_km)
    } else if request.min_events == 0 {
        "a group needs 0 events; must be 1 or more".to_owned()
    } else if request.population == Some(0) {
        "the population is 0; must be 1 or more".to_owned()
    } else if request.seed > i64::MAX as u64 {
        format!("the seed is {}; must be at most {}", request.seed, i64::MAX)
    } else {
        return Ok(());
    };
    Err(BuildError::Question(wrong))
}

/// A file's name without its folder.
fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
