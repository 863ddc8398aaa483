//! `allegiance paths`: how far people go on the conformance path.

use std::path::PathBuf;

use allegiance_record::intervals::Frequency;
use allegiance_record::paths::{Attempt, LaterCount, PathTable};
use allegiance_record::shell_word;
use allegiance_record::{Walk, read_paths};
use allegiance_runs::FinishedRun;
use serde_json::json;

use crate::commands::story::open;
use crate::failure::Failure;
use crate::output;
use crate::output::Format;
use crate::text::{columns, count, thousands};

const ABOUT: &str = "\
The path: a believer who hears accusations sees, on leave at home, his own group
attack his village and kill his kin; he complains, refuses restitution, and joins a
group that defends the village the same day: the one with most men there, or
another that held at least 5% of its control the evening before. Each row counts
those who passed all rows above it. The interval is Wilson's, at 95%, over replicates.";

/// Count people who go from belief to defection, step by step, over a run's replicates
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let table = read_paths(&run).map_err(|error| Failure::Input(error.into()))?;
    output::print(&match arguments.format {
        Format::Text => as_text(&run, &table),
        Format::Json => as_json(&run, &table),
    })
}

fn as_text(run: &FinishedRun, table: &PathTable) -> String {
    let manifest = run.manifest();
    let mut rows = vec![["step", "what happens", "people", "replicates", "95%"].map(str::to_owned).to_vec()];
    for step in table.steps() {
        rows.push(vec![
            step.step.to_string(),
            step.what.to_owned(),
            thousands(step.n_people),
            format!("{} of {}", step.replicates.n, step.replicates.n_cases),
            percent(step.replicates),
        ]);
    }
    let mut text = format!(
        "Simulated people who walk the conformance path in {} · seed {} · {}\n\n{}",
        manifest.scenario_id,
        manifest.seed,
        count(table.n_replicates() as usize, "replicate"),
        columns(&rows, ""),
    );
    if let Some(line) = refusers(table) {
        text = format!("{text}\n{line}\n");
    }
    if let Some(line) = afterwards(table.later()) {
        text = format!("{text}\n{line}\n");
    }
    for (replicate, walk) in &table.complete {
        text.push_str(&["  ", &walk_line(run, *replicate, walk), "\n"].concat());
    }
    if let Some((replicate, walk)) = table.complete.first() {
        let reading = format!(
            "\nRead one: allegiance story {} --replicate {replicate} --person {}\n",
            shell_word(&run.folder().display().to_string()),
            walk.person.0
        );
        text.push_str(&reading);
    }
    text
}

fn percent(frequency: Frequency) -> String {
    format!("{:.0}% ({:.0}–{:.0}%)", 100.0 * frequency.share, 100.0 * frequency.low_95, 100.0 * frequency.high_95)
}

/// How those who refused an offer tried to leave on the same day.
fn refusers(table: &PathTable) -> Option<String> {
    let refused = table.steps().iter().find(|step| step.step == 11)?.n_people;
    let of = |attempt| {
        let attempts = &table.attempts_of_refusers;
        attempts.get(&attempt).copied().unwrap_or(0)
    };
    let n_tried: u64 = table.attempts_of_refusers.values().sum();
    (refused > 0).then(|| {
        format!(
            "Of {} who refused, on the same day: {} stayed, {} caught leaving, {} left the war,\n\
             {} left the country, {} went over to a group that didn't defend the place,\n\
             {} turned away by a defender, {} taken in by one.",
            thousands(refused),
            thousands(refused - n_tried),
            of(Attempt::Caught),
            of(Attempt::Deserted),
            of(Attempt::Departed),
            of(Attempt::WentElsewhere),
            of(Attempt::TurnedAway),
            of(Attempt::TakenIn),
        )
    })
}

fn afterwards(later: LaterCount) -> Option<String> {
    (later.n_paths > 0).then(|| {
        format!(
            "Of {}: {} wounded later in the new group's service; the place held a week later in {};\n\
             suspected on arrival {}, less but still at the end {}; with the new group at the end {}.",
            count(later.n_paths as usize, "complete path"),
            later.n_wounded,
            later.n_place_holds,
            later.n_suspected,
            later.n_suspected_less_at_end,
            later.n_serving_at_end,
        )
    })
}

fn walk_line(run: &FinishedRun, replicate: u32, walk: &Walk) -> String {
    format!(
        "replicate {replicate}, {}, {}: person {} leaves {} for {}",
        run.date(walk.day),
        run.place(walk.place).name,
        walk.person.0,
        run.group(walk.group).name,
        walk.host.map_or("nobody", |group| run.group(group).name.as_str()),
    )
}

fn as_json(run: &FinishedRun, table: &PathTable) -> String {
    let complete: Vec<serde_json::Value> = table
        .complete
        .iter()
        .map(|(replicate, walk)| {
            json!({
                "replicate": replicate,
                "person": walk.person.0,
                "incident": walk.incident.0,
                "date": run.date(walk.day).to_string(),
                "place": run.place(walk.place).id,
                "group": run.group(walk.group).id,
                "defenders": walk.defenders.map(|group| &run.group(group).id),
                "joined": walk.host.map(|group| &run.group(group).id),
                "later": walk.later,
            })
        })
        .collect();
    let value = json!({
        "note": "Simulated people; not a forecast.",
        "scenario": run.manifest().scenario_id,
        "seed": run.manifest().seed,
        "n_replicates": table.n_replicates(),
        "steps": table.steps(),
        "attempts_of_refusers": table.attempts_of_refusers,
        "later": table.later(),
        "complete": complete,
    });
    format!("{value:#}\n")
}
