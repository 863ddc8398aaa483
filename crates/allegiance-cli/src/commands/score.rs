//! `allegiance score`: a run against a record, with baselines beside it.

use std::fmt::Write as _;
use std::path::PathBuf;

use allegiance_lab::observe::RecordRow;
use allegiance_lab::paired::Difference;
use allegiance_lab::score::{
    Forecaster, Level, LevelSummary, Month, Placed, RunScores, SCORE_NAMES, ScoreRow, score_run, write_scores,
};
use allegiance_tasks::record_row;
use serde_json::json;

use crate::cli::Format;
use crate::commands::story::open;
use crate::failure::Failure;
use crate::ged;
use crate::output;
use crate::text::{columns, count, thousands};

const ABOUT: &str = "\
The replicates' reported records are taken as a forecast of the dead by unit and
calendar month, and scored as the VIEWS prediction challenge 2023/24 scores its
forecasts: CRPS, ignorance over its bins (1000 draws), and the score of the central
90% interval. Lower is better. Baselines that need no model stand beside the model;
they see the record up to the month before. Intervals are 95%, by bootstrap over
units. The record is a table of UCDP GED in its official columns, plain or gzipped,
such as events.csv of: allegiance data import-ged.

Example:
  allegiance score runs/base --record syria-record/events.csv --out scores";

/// Score a run against a record of events, beside baselines that need no model
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// The record: a table of UCDP GED
    #[arg(long, value_name = "FILE")]
    record: PathBuf,
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
    format: Format,
}

fn parse_month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "must be a month such as 2014-01".to_owned())
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let record: Vec<RecordRow> = ged::read(&arguments.record)?.iter().map(record_row).collect();
    let scores =
        score_run(&run, &record, arguments.from, arguments.to).map_err(|error| Failure::Input(error.into()))?;
    let manifest = run.manifest();
    let json = json!({
        "note": "Simulated people: a test of a model against a record, not a forecast.",
        "scenario": manifest.scenario_id,
        "seed": manifest.seed,
        "run_digest": manifest.digest,
        "score_names": SCORE_NAMES,
        "scores": scores,
    });
    let json = format!("{json:#}\n");
    if let Some(out) = &arguments.out {
        write_scores(&scores, &json, out).map_err(|error| Failure::Output(error.into()))?;
    }
    output::print(&match arguments.format {
        Format::Text => as_text(&manifest.scenario_id, &scores),
        Format::Json => json,
    })
}

fn as_text(scenario: &str, scores: &RunScores) -> String {
    let mut text = format!(
        "Scores of {scenario} · {} · {} to {}\n\
         Lower is better. CRPS and interval score in dead, ignorance in bits; means over units\n\
         and months. In brackets: model less baseline with its 95% interval over units, below\n\
         0 where the model is better.\n",
        count(scores.n_replicates as usize, "replicate"),
        scores.first,
        scores.last,
    );
    for level in &scores.levels {
        text.push_str(&describe(level, scores.n_replicates));
        let mut of_level = scores.rows.iter().filter(|row| row.level == level.level).peekable();
        while let Some(first) = of_level.peek().map(|row| row.violence) {
            let mut rows = Vec::new();
            while let Some(row) = of_level.next_if(|row| row.violence == first) {
                rows.push(row);
            }
            text.push_str(&table(first.word(), &rows));
            text.push_str(&verdict(&rows));
        }
    }
    for violence in &scores.absent {
        write!(text, "\nThe record holds no {} violence; none was scored.\n", violence.word())
            .expect("a string takes any text");
    }
    let n_months = scores.last.since(scores.first) + 1;
    write!(
        text,
        "\n{} of one war say little: the months of a unit aren't independent, nor are\n\
         neighbouring units, so the intervals are too narrow. A better score shows where and\n\
         when people died, not why.\n",
        count(n_months.max(0) as usize, "month"),
    )
    .expect("a string takes any text");
    text
}

fn describe(level: &LevelSummary, n_replicates: u32) -> String {
    let noun = match level.level {
        Level::PrioGrid => "PRIO-GRID cell",
        Level::District => "district",
    };
    let placed = |who: &str, placed: &Placed, n: u64| {
        let of = |dead: u64| thousands((dead + n / 2) / n);
        format!(
            "{who}: {} dead in {} events counted; left out {} dead known to a governorate at best, {} where the scenario has no place\n",
            of(placed.counted.dead),
            of(placed.counted.events),
            of(placed.vague.dead),
            of(placed.elsewhere.dead),
        )
    };
    format!(
        "\n== {} ==\n{}{}",
        count(level.n_units, noun),
        placed("record", &level.record, 1),
        placed("run, mean of a replicate", &level.reported, u64::from(n_replicates.max(1))),
    )
}

fn table(violence: &str, rows: &[&ScoreRow]) -> String {
    let mut cells = vec![[violence, "CRPS", "", "ignorance", "", "interval", ""].map(str::to_owned).to_vec()];
    for row in rows {
        let mut line = vec![row.forecaster.word().to_owned()];
        match &row.scores {
            None => line.push("the record begins too late".to_owned()),
            Some(scores) => {
                for (at, value) in scores.values().into_iter().enumerate() {
                    line.push(number(value));
                    line.push(row.model_less_this.as_ref().map_or_else(String::new, |found| bracket(&found[at])));
                }
            }
        }
        cells.push(line);
    }
    format!("\n{}", columns(&cells, ""))
}

fn number(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn bracket(difference: &Difference) -> String {
    let [mean, low, high] = [difference.mean, difference.low, difference.high].map(number);
    format!("({mean}; {low} to {high})")
}

/// A line a score on which baselines the model beats.
fn verdict(rows: &[&ScoreRow]) -> String {
    let mut text = String::new();
    for (at, name) in SCORE_NAMES.iter().enumerate() {
        let among = |is_there: fn(&Difference) -> bool| -> Vec<&str> {
            let there =
                rows.iter().filter(|row| row.model_less_this.as_ref().is_some_and(|found| is_there(&found[at])));
            there.map(|row| row.forecaster.word()).collect()
        };
        let parts = [
            ("better than", among(|found| found.high < 0.0)),
            ("worse than", among(|found| found.low > 0.0)),
            ("not told apart from", among(|found| found.low <= 0.0 && found.high >= 0.0)),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(how, names)| format!("{how} {}", names.join(", ")))
            .collect();
        writeln!(text, "by {name} the {} is {}", Forecaster::Model.word(), parts.join("; "))
            .expect("a string takes any text");
    }
    text
}
