//! `allegiance story`: why a simulated person stayed or left.

use std::path::{Path, PathBuf};

use allegiance_runs::FinishedRun;
use allegiance_show::story::{Pick, Story, render_story};
use allegiance_tasks::{StoryQuestion, open_run, tell_stories};
use clap::ValueEnum;
use serde_json::json;

use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::Format;

const EXAMPLES: &str = "\
Examples:
  allegiance story runs/base
  allegiance story runs/base --pick defector --beside
  allegiance story runs/base --pick stayer --place tall_rumman
  allegiance story runs/base --replicate 3 --person 1284

Without --person and --pick, the story is of somebody who completes the conformance
path (see allegiance paths), or else of a defector. The pick is the first who
fits: lowest replicate, then earliest day, then lowest number.";

/// Tell why a simulated person stayed or left, from the record of a run
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// Tell the story of this person, by number
    #[arg(long, value_name = "ID", conflicts_with_all = ["pick", "place"], value_parser = numbers::from(0))]
    person: Option<u32>,
    /// Look in this replicate only [default: 0 with --person, else all]
    #[arg(long, value_name = "N", value_parser = numbers::from(0))]
    replicate: Option<u32>,
    /// Tell the story of the first person of a kind
    #[arg(long, value_enum, value_name = "KIND")]
    pick: Option<PickWord>,
    /// Pick somebody whose home is this place, by identifier or name
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Also tell the story of a member from the same home and group who stayed
    #[arg(long)]
    beside: bool,
    /// How to print the story
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// The words of `--pick`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PickWord {
    // Who walks steps 4 to 12 of the conformance path.
    Path,
    // Who goes over to another group that takes him in.
    Defector,
    // Who leaves the war.
    Deserter,
    // Who leaves the country.
    Departed,
    // Who serves with his first group until the end.
    Stayer,
    // Who tries to leave and is caught.
    Captured,
    // Who joins a group.
    Joiner,
}

impl PickWord {
    fn pick(self) -> Pick {
        match self {
            Self::Path => Pick::Path,
            Self::Defector => Pick::Defector,
            Self::Deserter => Pick::Deserter,
            Self::Departed => Pick::Departed,
            Self::Stayer => Pick::Stayer,
            Self::Captured => Pick::Captured,
            Self::Joiner => Pick::Joiner,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let question = StoryQuestion {
        person: arguments.person,
        replicate: arguments.replicate,
        pick: arguments.pick.map(PickWord::pick),
        place: arguments.place.as_deref(),
        beside: arguments.beside,
    };
    let told = tell_stories(&run, question)?;
    let is_alone = told.len() == 1;
    match arguments.format {
        Format::Text => output::print_words(&as_text(&told))?,
        Format::Json => output::print(&as_json(&told, arguments.beside))?,
    }
    if arguments.beside && is_alone {
        output::talk("nobody from the same home and group stayed until the end");
    }
    Ok(())
}

/// Opens a run for reading.
pub(crate) fn open(folder: &Path) -> Result<FinishedRun, Failure> {
    open_run(folder).map_err(|error| Failure::Input(error.into()))
}

fn as_text(told: &[Story]) -> String {
    let texts: Vec<String> = told.iter().map(render_story).collect();
    texts.join(&format!("\n{}\n\n", "─".repeat(96)))
}

fn as_json(told: &[Story], beside: bool) -> String {
    let value = match told {
        [story] if !beside => json!(story),
        _ => json!({ "story": told.first(), "beside": told.get(1) }),
    };
    format!("{value:#}\n")
}
