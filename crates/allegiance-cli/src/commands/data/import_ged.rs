//! `allegiance data import-ged`: an event table from a file of UCDP GED.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use allegiance_import::ged::{ActorTable, Import, ReadNotes, import_ged, read_actors, read_wanted};
use allegiance_record::observe::invariants::broken;
use allegiance_record::observe::{RecordRow, Violence};
use allegiance_runs::new_folder::write_new_folder;
use allegiance_scenario::{builtin, load};
use serde_json::json;

use super::{Source, ged_actors};
use crate::failure::Failure;
use crate::ged;
use crate::output;
use crate::output::Format;
use crate::text::{count, thousands};

const EXAMPLES: &str = "\
Examples:
  allegiance data ged-actors GEDEvent_v25_1.csv --country Syria --format csv --out actors.csv
  allegiance data import-ged GEDEvent_v25_1.csv --country Syria --from 2013-01-01 \\
      --to 2014-03-31 --actors actors.csv --out syria-record
  allegiance data import-ged GEDEvent_v25_1.csv --country Syria --from 2014-01-01 \\
      --to 2014-03-31 --actors actors.csv --extends north-syria-2014 --out replay

The actor table is a CSV with the columns actor and group; an empty group leaves a
side's events out. The folder holds events.csv, in the official columns with every
cell as it was (dates with the year first, empty cells filled), import.json, and the lines that a scenario in observed mode needs.
Score a run against events.csv with: allegiance score.";

/// How many unmapped sides are listed.
const MOST_LISTED: usize = 20;

/// Make the event table of a scenario, or a record to score, from a UCDP GED file
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// A CSV table that gives each side (actor) its group
    #[arg(long, value_name = "TABLE")]
    actors: PathBuf,
    /// Write to this new folder
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Write a whole scenario that replays the events in this built-in one
    #[arg(long, value_name = "SCENARIO")]
    extends: Option<String>,
    /// Leave out events of sides that the table doesn't map, instead of refusing
    #[arg(long)]
    skip_unmapped: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let file = &arguments.source.file;
    let (events, notes) = read_wanted(file, arguments.source.wanted()).map_err(|error| ged::failure_of(file, error))?;
    let actors = read_actors(&arguments.actors).map_err(|error| ged::failure_of(&arguments.actors, error))?;
    if let Some(base) = &arguments.extends {
        check_groups(base, &arguments.actors, &actors)?;
    }
    let import = import_ged(&events, &actors);
    refuse(arguments, &actors, (events.len(), &notes), &import)?;
    let report = report_of(&import, &notes);
    let json = format!("{report:#}\n");
    let toml_name = if arguments.extends.is_some() { "scenario.toml" } else { "actors.toml" };
    let files = [
        ("import.json".to_owned(), json.clone().into_bytes()),
        ("events.csv".to_owned(), import.events_csv().into_bytes()),
        (toml_name.to_owned(), scenario_text(&import, &actors, arguments).into_bytes()),
    ];
    write_new_folder(&arguments.out, &files).map_err(|error| Failure::Output(error.into()))?;
    output::print(&match arguments.format {
        Format::Text => as_text(&import, &notes, &arguments.out, toml_name),
        Format::Json => json,
    })
}

/// Refuses groups that the scenario to extend doesn't have.
fn check_groups(base: &str, table: &Path, actors: &ActorTable) -> Result<(), Failure> {
    if !builtin::names().any(|name| name == base) {
        let names: Vec<&str> = builtin::names().collect();
        let text = format!(
            "--extends is {base:?}; must be a built-in scenario ({}); for one of your own, leave it out and put the lines of actors.toml into that scenario",
            names.join(", ")
        );
        return Err(Failure::Input(anyhow::Error::msg(text)));
    }
    let scenario = load(base).map_err(|error| Failure::from_load(base, error))?;
    let groups: Vec<&str> = scenario.setup.groups.iter().map(|group| group.id.as_str()).collect();
    let wrong = actors
        .iter()
        .find_map(|(actor, group)| Some((actor, group.as_deref()?)).filter(|(_, id)| !groups.contains(id)));
    wrong.map_or(Ok(()), |(actor, group)| {
        let text = format!(
            "{} gives {actor:?} the group {group:?}, which {base} doesn't have; its groups are {}",
            table.display(),
            groups.join(", ")
        );
        Err(Failure::Input(anyhow::Error::msg(text)))
    })
}

/// Refuses an import that would keep nothing, or leave out what nobody spoke of.
fn refuse(
    arguments: &Arguments,
    actors: &ActorTable,
    (n_events, notes): (usize, &ReadNotes),
    import: &Import<'_>,
) -> Result<(), Failure> {
    if !import.unmapped.is_empty() && !arguments.skip_unmapped {
        let mut text = format!(
            "{} doesn't map {} of {}:\n",
            arguments.actors.display(),
            count(import.unmapped.len(), "side"),
            count(import.n_unmapped, "event"),
        );
        text.push_str(&list_unmapped(import));
        text.push_str("map each to a group, or to nothing to leave its events out; or use --skip-unmapped");
        return Err(Failure::Input(anyhow::Error::msg(text)));
    }
    if actors.values().all(Option::is_none) {
        let text = format!("{} gives no side a group; fill the column group", arguments.actors.display());
        return Err(Failure::Input(anyhow::Error::msg(text)));
    }
    if import.kept.is_empty() {
        let file = arguments.source.file.display();
        let text = format!(
            "no event of {file} is kept: of {}, {} are of another country or time, {} of sides that aren't mapped, {} of sides left out, {} within one group",
            thousands((n_events + notes.n_elsewhere) as u64),
            thousands(notes.n_elsewhere as u64),
            thousands(import.n_unmapped as u64),
            thousands(import.n_left_out as u64),
            thousands(import.n_within_group as u64),
        );
        return Err(Failure::Input(anyhow::Error::msg(text)));
    }
    Ok(())
}

fn list_unmapped(import: &Import<'_>) -> String {
    let mut text = String::new();
    for side in import.unmapped.iter().take(MOST_LISTED) {
        let hint = side.hint.as_ref().map_or_else(String::new, |hint| format!("; {hint}"));
        let events = count(side.n_events, "event");
        writeln!(text, "  {:?}: {events} with {}{hint}", side.actor, count(side.n_deaths as usize, "death"))
            .expect("a string takes any text");
    }
    if import.unmapped.len() > MOST_LISTED {
        writeln!(text, "  and {} more", thousands((import.unmapped.len() - MOST_LISTED) as u64))
            .expect("a string takes any text");
    }
    text
}

fn scenario_text(import: &Import<'_>, actors: &ActorTable, arguments: &Arguments) -> String {
    import.scenario_toml(actors, arguments.extends.as_deref())
}

/// What broke a rule of the data set, by rule.
fn broken_rules(import: &Import<'_>) -> Vec<(&'static str, usize)> {
    let rows: Vec<RecordRow> = import.kept.iter().map(|event| event.row.clone()).collect();
    broken(&rows).into_iter().map(|(invariant, n_rows)| (invariant.rule, n_rows)).collect()
}

/// All who were killed in the events, best estimate.
fn deaths(import: &Import<'_>) -> u64 {
    import.kept.iter().map(|event| u64::from(event.row.best)).sum()
}

fn report_of(import: &Import<'_>, notes: &ReadNotes) -> serde_json::Value {
    let of_type = |kind: Violence| import.kept.iter().filter(|event| event.row.violence == kind).count();
    let rules = broken_rules(import);
    json!({
        "events": import.kept.len(),
        "deaths": deaths(import),
        "state_based": of_type(Violence::StateBased),
        "non_state": of_type(Violence::NonState),
        "one_sided": of_type(Violence::OneSided),
        "left_out": {
            "other_country_or_time": notes.n_elsewhere,
            "side_left_out": import.n_left_out,
            "within_one_group": import.n_within_group,
            "unmapped": import.n_unmapped,
        },
        "unmapped": import.unmapped.iter().map(ged_actors::as_json).collect::<Vec<_>>(),
        "unused_actors": import.unused,
        "broken_rules": rules.iter().map(|(rule, n)| json!({ "rule": rule, "events": n })).collect::<Vec<_>>(),
        "read": notes.notes,
        "cite": CITE,
    })
}

/// What UCDP asks of those who use its data.
const CITE: &str = "UCDP GED, CC BY 4.0: cite the version you downloaded and Sundberg & Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal of Peace Research 50(4)";

fn as_text(import: &Import<'_>, notes: &ReadNotes, out: &Path, toml_name: &str) -> String {
    let of_type =
        |kind: Violence| thousands(import.kept.iter().filter(|event| event.row.violence == kind).count() as u64);
    let mut text = format!(
        "{} with {} of both sides and civilians: {} state-based, {} non-state, {} one-sided\n",
        count(import.kept.len(), "event"),
        count(deaths(import) as usize, "death"),
        of_type(Violence::StateBased),
        of_type(Violence::NonState),
        of_type(Violence::OneSided),
    );
    let left_out = [
        (notes.n_elsewhere, "of another country or time"),
        (import.n_left_out, "of sides that the table leaves out"),
        (import.n_within_group, "between two names of one group"),
        (import.n_unmapped, "of sides that the table doesn't map"),
    ];
    for (n, why) in left_out.into_iter().filter(|&(n, _)| n > 0) {
        writeln!(text, "left out: {} {why}", count(n, "event")).expect("a string takes any text");
    }
    for note in &notes.notes {
        writeln!(text, "read: {note}").expect("a string takes any text");
    }
    text.push_str(&list_unmapped(import));
    for name in &import.unused {
        writeln!(text, "the table maps {name:?}, which no event asked for has").expect("a string takes any text");
    }
    for (rule, n) in broken_rules(import) {
        writeln!(text, "kept as they are: {} where it isn't so that {rule}", count(n, "event"))
            .expect("a string takes any text");
    }
    write!(text, "written to {}: events.csv, {toml_name}, import.json\n{CITE}\n", out.display())
        .expect("a string takes any text");
    text
}
