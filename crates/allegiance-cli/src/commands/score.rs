//! `allegiance score`: a run against a record, next to baselines.

use std::path::PathBuf;

use allegiance_import::ged::{Asked, DateOrder};
use allegiance_lab::score::{Month, SCORE_NAMES, score_run, write_scores};
use allegiance_report::scores::{render_scores, table_of_scores};
use allegiance_tasks::read_record_as;
use serde_json::json;

use crate::commands::story::open;
use crate::failure::Failure;
use crate::ged::{self, Dates};
use crate::output;
use crate::output::TableFormat;

const ABOUT: &str = "\
The replicates' reported records are taken as a forecast of deaths by unit and
calendar month, and scored as the VIEWS prediction challenge 2023/24 scores its
forecasts: CRPS, ignorance over its bins (1000 draws), and the score of the central
90% interval. Lower is better. Baselines that need no model are scored the same way;
they see the record up to the month before. A run that replays a record (mode
observed) was given its incidents: it is scored, and not compared. Intervals are 95%, over
units. The record is a table of UCDP GED, plain or gzipped,
such as events.csv of: allegiance data import-ged.

Example:
  allegiance score runs/base --record record/events.csv --out scores";

/// Score a run against a record of events, next to baselines that need no model
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// The record: a table of UCDP GED
    #[arg(long, value_name = "FILE")]
    record: PathBuf,
    /// Which comes first in dates of the record such as 1/2/2001, where no row tells
    #[arg(long, value_enum)]
    dates: Option<Dates>,
    /// First month scored, such as 2014-01 [default: the first whole one that both hold]
    #[arg(long, value_name = "MONTH", value_parser = parse_month)]
    from: Option<Month>,
    /// Last month scored [default: the last whole one that both hold]
    #[arg(long, value_name = "MONTH", value_parser = parse_month)]
    to: Option<Month>,
    /// Also write the scores, and those of every unit and month, to this new folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// How to print the scores
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
}

fn parse_month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "must be a month such as 2014-01".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let asked = Asked { dates: arguments.dates.map(DateOrder::from), ..Asked::default() };
    let (record, notes) =
        read_record_as(&arguments.record, asked).map_err(|error| ged::failure_of(&arguments.record, error))?;
    ged::tell(&arguments.record, &notes);
    let scores =
        score_run(&run, &record, arguments.from, arguments.to).map_err(|error| Failure::Input(error.into()))?;
    let manifest = run.manifest();
    let json = json!({
        "note": scores.note(),
        "scenario": manifest.scenario_id,
        "seed": manifest.seed,
        "run_digest": manifest.digest,
        "record_read": notes.notes,
        "score_names": SCORE_NAMES,
        "scores": scores,
    });
    if let Some(out) = &arguments.out {
        write_scores(&scores, &format!("{json:#}\n"), out).map_err(|error| Failure::Output(error.into()))?;
    }
    if scores.is_replay && arguments.format != TableFormat::Text {
        output::talk(&format!("{}: {}", arguments.run.display(), scores.note()));
    }
    let scenario = &manifest.scenario_id;
    arguments.format.print(|| render_scores(scenario, &scores), || json, || table_of_scores(scenario, &scores))
}
