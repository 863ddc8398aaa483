//! `allegiance data build`: a scenario of any war from external tables.

use std::path::{Path, PathBuf};

use allegiance_import::build::{
    BuildError, BuildRequest, Built, CONTROL_WINDOW_DAYS, MIN_EVENTS, Undated, WITHIN_KM, build,
};
use allegiance_import::ged::DateOrder;
use allegiance_model::calendar::Date;
use allegiance_model::setup::OperationsMode;
use allegiance_record::shell_word;
use allegiance_runs::new_folder::WriteNewFolderError;
use allegiance_tasks::{TaskError, built_as_json, render_built, write_built};

use crate::failure::Failure;
use crate::ged::{Dates, parse_date};
use crate::numbers;
use crate::output;
use crate::output::Format;

const NOTES: &str = "\
Examples:
  allegiance data build --events GEDEvent_v25_1.csv --places AF.txt --country Afghanistan \\
      --from 2008-01-01 --to 2008-12-31 --population 28000000 --out afghanistan-2008
  allegiance data build --events GEDEvent_v25_1.csv --places gazetteer.csv --country Mali \\
      --from 2012-01-01 --to 2012-12-31 --boundaries admin2.geojson --groups groups.csv \\
      --mode endogenous --out mali-2012

Events: UCDP GED as UCDP, HDX, R or a spreadsheet hand it out, plain or gzipped. Needed
are id, side_a, side_b, latitude, longitude, country, the four columns of deaths, and
date_start and date_end, or at least year; other columns are passed over.
Places: the dump of GeoNames (AF.txt), a table with name, latitude, longitude and
population, or a gazetteer of OCHA in any language. Boundaries: a GeoJSON
FeatureCollection; the smallest polygon that holds a place is its district.
Groups: a CSV with the column side and any of group, name, kind, members,
foreign_share, revisionism, islamism, sectarianism, brutality, discipline,
pay_usd_per_month, pay_foreign_usd_per_month, prisoners_executed_share,
strikes_per_month, offensive_tempo and source; sides of one group are merged, and the
group none leaves a side out.

UCDP GED has no sizes of groups: they are judgement unless a table of groups gives
them. ASSUMPTIONS.md in the folder lists everything that was assumed.
Step by step: docs/howto/another-war.md";

/// Build a scenario of any war from events, places and boundaries
#[derive(Debug, clap::Args)]
#[command(after_help = NOTES)]
pub(super) struct Arguments {
    /// A table of UCDP GED: CSV, plain or gzipped
    #[arg(long, value_name = "TABLE")]
    events: PathBuf,
    /// A table of places in one of the layouts below
    #[arg(long, value_name = "TABLE")]
    places: PathBuf,
    /// The country, as the events spell it
    #[arg(long, value_name = "NAME")]
    country: String,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Date,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Date,
    /// Write to this new folder
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Polygons that name the districts
    #[arg(long, value_name = "FILE")]
    boundaries: Option<PathBuf>,
    /// The property of the polygons that names them [default: the usual one that is there]
    #[arg(long, value_name = "PROPERTY", requires = "boundaries")]
    boundary_name: Option<String>,
    /// A CSV table of what is known about groups, such as their sizes
    #[arg(long, value_name = "TABLE")]
    groups: Option<PathBuf>,
    /// Inhabitants of the whole country [default: those of the table of places]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(1..=i64::MAX))]
    population: Option<u64>,
    /// The column of the table of places that has the inhabitants, or none [default: the usual
    /// one that is there]
    #[arg(long, value_name = "COLUMN")]
    population_column: Option<String>,
    /// Only places with this country code, where the table has several
    #[arg(long, value_name = "CODE")]
    country_code: Option<String>,
    /// Where incidents come from
    #[arg(long, value_enum, default_value = "observed")]
    mode: Mode,
    /// What to do with events of which only the year is known
    #[arg(long, value_enum, default_value = "spread")]
    undated: UndatedChoice,
    /// Merge or leave out sides with fewer events, and fewer than ten times as many dead in them
    #[arg(long, value_name = "N", default_value_t = MIN_EVENTS, value_parser = numbers::whole::<usize>(1..=i64::from(u32::MAX)))]
    min_events: usize,
    /// Derive first control from the events of this many days before the start
    #[arg(long, value_name = "DAYS", default_value_t = CONTROL_WINDOW_DAYS, value_parser = numbers::from(0))]
    control_window: u32,
    /// Leave out places farther than this from every event
    #[arg(long, value_name = "KM", default_value_t = WITHIN_KM, value_parser = numbers::above_zero())]
    within_km: f64,
    /// Go on though hardly any event has a place of the table near it
    #[arg(long)]
    far_places: bool,
    /// Leave out these events, such as those whose coordinates are wrong
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = numbers::whole::<u64>(0..=i64::MAX))]
    leave_out: Vec<u64>,
    /// Which comes first in dates such as 1/2/2001, where no row tells
    #[arg(long, value_enum)]
    dates: Option<Dates>,
    /// Seed of the scenario and of days drawn for events without a date
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = numbers::seed())]
    seed: u64,
    /// Replace a folder that an earlier build has written
    #[arg(long)]
    overwrite: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Mode {
    /// The events are replayed, and only allegiance is simulated
    Observed,
    /// Groups choose their operations
    Endogenous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum UndatedChoice {
    /// Draw a day of the year for each
    Spread,
    /// Refuse them
    Refuse,
}

impl Arguments {
    fn request(&self) -> BuildRequest {
        BuildRequest {
            boundaries: self.boundaries.clone(),
            boundary_name: self.boundary_name.clone(),
            groups: self.groups.clone(),
            country_code: self.country_code.clone(),
            mode: match self.mode {
                Mode::Observed => OperationsMode::Observed,
                Mode::Endogenous => OperationsMode::Endogenous,
            },
            undated: match self.undated {
                UndatedChoice::Spread => Undated::Spread,
                UndatedChoice::Refuse => Undated::Refuse,
            },
            min_events: self.min_events,
            control_window_days: self.control_window,
            population: self.population,
            population_column: self.population_column.clone(),
            accept_far: self.far_places,
            leave_out: self.leave_out.clone(),
            dates: self.dates.map(DateOrder::from),
            within_km: self.within_km,
            seed: self.seed,
            ..BuildRequest::new(self.events.clone(), self.places.clone(), self.country.clone(), self.from, self.to)
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let built = build(&arguments.request()).map_err(failure_of)?;
    write_built(&built, &arguments.out, arguments.overwrite).map_err(|error| match error {
        TaskError::Folder(WriteNewFolderError::Exists { path }) if path.is_dir() => Failure::Output(anyhow::anyhow!(
            "{} exists already; replace it with --overwrite, or name another folder with --out",
            path.display()
        )),
        TaskError::Folder(error) => Failure::Output(error.into()),
        error => error.into(),
    })?;
    output::print(&match arguments.format {
        Format::Text => as_text(&built, &arguments.out),
        Format::Json => format!("{:#}\n", built_as_json(&built)),
    })
}

fn failure_of(error: BuildError) -> Failure {
    match error {
        BuildError::Table { name, problems } => Failure::Table { name, problems },
        BuildError::Unsound(_) => Failure::Bug(error.to_string()),
        error => Failure::Input(error.into()),
    }
}

fn as_text(built: &Built, out: &Path) -> String {
    let out = out.display().to_string();
    let word = shell_word(&out);
    let names: Vec<&str> = built.files.iter().map(|file| file.name.as_str()).collect();
    format!(
        "{}\nwritten to {out}: {}\nnext: allegiance check {word}; allegiance run {word} --replicates 5\n",
        render_built(built, "--groups"),
        names.join(", ")
    )
}
