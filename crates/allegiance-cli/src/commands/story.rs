//! `allegiance story`: why a simulated person stayed or left.

use std::path::{Path, PathBuf};

use allegiance_lab::FinishedRun;
use allegiance_lab::story::{Pick, Story, pick, read_story_records, render_story, stayer_beside, tell};
use allegiance_model::ids::{PersonId, PlaceId};
use clap::ValueEnum;
use serde_json::json;

use crate::cli::Format;
use crate::failure::Failure;
use crate::output;
use crate::text::count;

const EXAMPLES: &str = "\
Examples:
  allegiance story runs/base
  allegiance story runs/base --pick defector --beside
  allegiance story runs/base --pick stayer --place tall_rumman
  allegiance story runs/base --replicate 3 --person 1284

Without --person and --pick, the story is of somebody who walks the conformance
path (see allegiance paths), or else of a defector. The pick is the first who
fits: lowest replicate, then earliest day, then lowest number.";

/// Tell why a simulated person stayed or left, from the record of a run
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a finished run
    run: PathBuf,
    /// Tell of this person, by number
    #[arg(long, value_name = "ID", conflicts_with_all = ["pick", "place"])]
    person: Option<u32>,
    /// Look in this replicate only [default: 0 with --person, else all]
    #[arg(long, value_name = "N")]
    replicate: Option<u32>,
    /// Tell of the first person of a kind
    #[arg(long, value_enum, value_name = "KIND")]
    pick: Option<PickWord>,
    /// Pick somebody whose home is this place, by identifier or name
    #[arg(long, value_name = "PLACE")]
    place: Option<String>,
    /// Tell also of a member from the same home and group who stayed
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

    fn word(self) -> String {
        let word = self.to_possible_value();
        word.map_or_else(String::new, |word| word.get_name().to_owned())
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let run = open(&arguments.run)?;
    let place = place_of(&run, arguments)?;
    let (replicate, person) = choose(&run, arguments, place)?;
    let told = stories(&run, replicate, person, arguments.beside)?;
    let is_alone = told.len() == 1;
    output::print(&match arguments.format {
        Format::Text => as_text(&told),
        Format::Json => as_json(&told, arguments.beside),
    })?;
    if arguments.beside && is_alone {
        output::talk("nobody from the same home and group stayed until the end");
    }
    Ok(())
}

/// Opens a run for reading, with the names of its scenario's groups.
pub(crate) fn open(folder: &Path) -> Result<FinishedRun, Failure> {
    let mut run = FinishedRun::open(folder).map_err(input)?;
    let scenario = folder.join("scenario");
    // The run holds its scenario's files; without them, identifiers must do.
    if let Ok(scenario) = allegiance_scenario::load(&scenario.display().to_string()) {
        let groups = scenario.setup.groups;
        run.name_groups(|id| {
            let found = groups.iter().find(|group| group.id == id);
            found.map(|group| group.name.clone())
        });
    }
    Ok(run)
}

fn input(error: impl Into<anyhow::Error>) -> Failure {
    Failure::Input(error.into())
}

fn place_of(run: &FinishedRun, arguments: &Arguments) -> Result<Option<PlaceId>, Failure> {
    let Some(word) = &arguments.place else {
        return Ok(None);
    };
    run.find_place(word).map(Some).ok_or_else(|| {
        input(anyhow::anyhow!(
            "there is no place {word:?} in the run; its places are in {}",
            run.folder().join("places.parquet").display()
        ))
    })
}

/// Whose story is told.
fn choose(run: &FinishedRun, arguments: &Arguments, place: Option<PlaceId>) -> Result<(u32, PersonId), Failure> {
    if let Some(person) = arguments.person {
        return Ok((arguments.replicate.unwrap_or(0), PersonId(person)));
    }
    let find = |what: Pick| pick(run, what, arguments.replicate, place).map_err(input);
    let found = match arguments.pick {
        Some(word) => find(word.pick())?,
        None => match find(Pick::Path)? {
            Some(found) => Some(found),
            None => find(Pick::Defector)?,
        },
    };
    found.ok_or_else(|| input(anyhow::Error::msg(nobody(run, arguments))))
}

/// What to say where nobody fits.
fn nobody(run: &FinishedRun, arguments: &Arguments) -> String {
    let who = match arguments.pick {
        Some(PickWord::Path) => "nobody walks the whole path".to_owned(),
        Some(word) => format!("there is no {}", word.word()),
        None => "there is no defector".to_owned(),
    };
    let place = arguments.place.as_ref().map_or_else(String::new, |place| format!(" from {place}"));
    let whence = arguments.replicate.map_or_else(
        || format!("the run's {}", count(run.manifest().n_replicates as usize, "replicate")),
        |replicate| format!("replicate {replicate}"),
    );
    format!("{who}{place} in {whence}; try another --pick, or more replicates")
}

/// The story, and beside it that of a stayer where one is asked for and found.
fn stories(run: &FinishedRun, replicate: u32, person: PersonId, beside: bool) -> Result<Vec<Story>, Failure> {
    let records = read_story_records(run, replicate).map_err(input)?;
    let mut people = vec![person];
    if beside {
        people.extend(stayer_beside(&records, person));
    }
    let told = people.into_iter().map(|person| tell(run, &records, replicate, person));
    told.collect::<Result<Vec<_>, _>>().map_err(input)
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
