//! `allegiance explore`: a page in the browser that shows one run, or two side by side.

use std::path::{Path, PathBuf};

use allegiance_explore::{Door, Exhibit, Exhibition, Interrupt, Origin, ServeError, ShowRunsError, files_of, serve};
use allegiance_record::Manifest;
use allegiance_replay::Progress;
use allegiance_runs::new_folder::write_new_folder;
use allegiance_runs::{RunError, RunOptions};
use allegiance_show::summary::render_summary;
use allegiance_show::text::thousands;
use allegiance_show::view::ScenarioFiles;
use tempfile::TempDir;

use crate::commands::run::{failure_of, signed};
use crate::commands::story::open;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::progress::RunProgress;
use crate::text::count;
use allegiance_scenario::{Scenario, replacing};
use allegiance_tasks::{Changes, input_of, load_changed, scenario_to_go_on};

/// The most runs next to the first: more maps would be too small to read.
const MOST_OTHERS: usize = 5;
/// Replicates of a scenario where none are asked for: enough for an interval,
/// few enough to wait for.
const USUAL_REPLICATES: u32 = 8;

const EXAMPLES: &str = "\
Examples:
  allegiance explore
  allegiance explore runs/base
  allegiance explore one-village --theory-b fixed
  allegiance explore one-village --theories fixed,constant,motivated_reasoning
  allegiance explore runs/base runs/other --port 8080 --no-open
  allegiance explore runs/base --export site

A scenario is simulated first, into a folder that is removed at the end. Several are
shown side by side, paired by replicate: they need the same places, groups and
seed. The page is for this machine alone and needs no network; Ctrl-C ends it.";

/// Show a run in the browser, or several side by side
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder of a finished run, or a scenario to simulate
    #[arg(value_name = "RUN|SCENARIO", default_value = "one-village")]
    first: String,
    /// More runs or scenarios to show next to it, at most five
    #[arg(value_name = "RUN|SCENARIO")]
    others: Vec<String>,
    /// Show the same scenario under each of these theories next to it, separated by commas
    #[arg(long, value_name = "WORDS", value_delimiter = ',', conflicts_with_all = ["others", "theory_b", "set_b"])]
    theories: Vec<String>,
    /// Show the same scenario under another theory next to it; can be repeated
    #[arg(long, value_name = "WORD")]
    theory_b: Vec<String>,
    /// Show the same scenario with a changed value next to it; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set_b: Vec<String>,
    /// How many replicates to simulate of a scenario [default: 8]
    #[arg(long, short = 'n', value_name = "N", value_parser = numbers::whole::<u32>(1..=1_000))]
    replicates: Option<u32>,
    /// Replace the scenario's seed
    #[arg(long, value_name = "SEED", value_parser = numbers::seed())]
    seed: Option<u64>,
    /// Replace the scenario's number of days
    #[arg(long, value_name = "DAYS", value_parser = numbers::days())]
    days: Option<u32>,
    /// Use another theory of belief or exit; can be repeated
    #[arg(long, value_name = "WORD")]
    theory: Vec<String>,
    /// Change a value of the scenario; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// Listen on this port of 127.0.0.1 [default: any free port]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u16>(1..=65_535))]
    port: Option<u16>,
    /// Write the page with all that it shows to a new folder, for any web server, and end
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["port", "no_open", "until_input_ends"])]
    export: Option<PathBuf>,
    /// Only print the page's address, don't open a browser
    #[arg(long)]
    no_open: bool,
    /// Also end the page when standard input ends, as it does when the program that started this one is gone
    #[arg(long)]
    until_input_ends: bool,
    /// Print only the page's address and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let door = Door::open(arguments.port).map_err(|error| match error {
        ServeError::Listen { .. } => Failure::Input(anyhow::anyhow!("{error}; name a free one with --port")),
        stopped @ ServeError::Stopped(_) => Failure::Output(stopped.into()),
    })?;
    let interrupt = Interrupt::listen(arguments.until_input_ends).map_err(|error| Failure::Output(error.into()))?;
    let hall = Hall { arguments, interrupt: &interrupt, folder: temporary_folder()? };
    let Some(exhibition) = hall.exhibition()? else {
        return Ok(());
    };
    if let Some(folder) = &arguments.export {
        return export(&exhibition, folder, arguments.quiet);
    }
    let url = door.url();
    output::print(&format!("{url}\n"))?;
    if !arguments.quiet {
        output::talk("the page is for this machine alone; Ctrl-C ends it");
    }
    if !arguments.no_open && has_display() && open::that_detached(&url).is_err() {
        output::talk(&format!("no browser could be opened; open {url} yourself"));
    }
    serve(exhibition, door, &interrupt).map_err(|error| Failure::Output(error.into()))
}

/// Writes what is shown as the files of a site.
fn export(exhibition: &Exhibition, folder: &Path, is_quiet: bool) -> Result<(), Failure> {
    let files = files_of(exhibition).map_err(|error| Failure::Input(ShowRunsError::from(error).into()))?;
    write_new_folder(folder, &files).map_err(|error| {
        let hint = if error.fix().is_some() { "; name another one, or remove it" } else { "" };
        Failure::Output(anyhow::anyhow!("{error}{hint}"))
    })?;
    if !is_quiet {
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        output::talk(&format!(
            "{} of {} kB; put the folder on a web server, as browsers open no such page from the disk",
            count(files.len(), "file"),
            thousands((bytes / 1000) as u64)
        ));
        output::talk(&output::where_it_lies(folder, false));
    }
    Ok(())
}

/// What the command line changes of a scenario, under a seed.
fn changes_to(seed: Option<u64>, arguments: &Arguments) -> Vec<String> {
    let (theories, sets) = (arguments.theory.clone(), arguments.set.clone());
    Changes { seed, days: arguments.days, theories, sets, scale: None }.assignments()
}

fn temporary_folder() -> Result<TempDir, Failure> {
    let made = tempfile::Builder::new().prefix("allegiance-explore-").tempdir();
    made.map_err(|error| Failure::Output(anyhow::Error::new(error).context("can't make a temporary folder")))
}

/// Whether a browser would have somewhere to appear.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Where what is shown is put together.
struct Hall<'a> {
    arguments: &'a Arguments,
    interrupt: &'a Interrupt,
    /// Where scenarios are simulated into; removed at the end.
    folder: TempDir,
}

/// A scenario to simulate.
struct Simulation {
    scenario: String,
    changes: Vec<String>,
    n_replicates: u32,
}

impl Hall<'_> {
    /// What is shown; none where the user stopped it while it was simulated.
    fn exhibition(&self) -> Result<Option<Exhibition>, Failure> {
        let first = self.first()?;
        let mut wanted = self.others(&first)?;
        wanted.insert(0, first);
        // Mistakes in any come out before anything is simulated.
        for one in &wanted {
            if let Wanted::Simulation(simulation) = one {
                load_changed(&simulation.scenario, &simulation.changes)?;
            }
        }
        let mut exhibits = Vec::new();
        for (name, wanted) in wanted.into_iter().enumerate() {
            exhibits.push(match wanted {
                Wanted::Run(folder) => exhibit(Path::new(&folder), scenario_in(&folder))?,
                Wanted::Simulation(simulation) => match self.simulate(&simulation, &name.to_string())? {
                    Some(exhibit) => exhibit,
                    None => return Ok(None),
                },
            });
        }
        Exhibition::of(exhibits).map(Some).map_err(|error| Failure::Input(error.into()))
    }

    fn first(&self) -> Result<Wanted, Failure> {
        let arguments = self.arguments;
        let changes = changes_to(arguments.seed, arguments);
        let others_are_runs = arguments.theories.is_empty() && arguments.others.iter().all(|other| is_run(other));
        if !is_run(&arguments.first) {
            return Ok(Wanted::Simulation(Simulation {
                scenario: arguments.first.clone(),
                changes,
                n_replicates: arguments.replicates.unwrap_or(USUAL_REPLICATES),
            }));
        }
        let asks_for_another = !changes.is_empty() || arguments.replicates.is_some();
        if others_are_runs && asks_for_another {
            return Err(Failure::Input(anyhow::anyhow!(
                "{} is a finished run, which --seed, --days, --theory, --set and --replicates can't change; set a \
                 changed one next to it with --theory-b or --set-b",
                arguments.first
            )));
        }
        Ok(Wanted::Run(arguments.first.clone()))
    }

    /// What stands next to the first.
    fn others(&self, first: &Wanted) -> Result<Vec<Wanted>, Failure> {
        let arguments = self.arguments;
        let of_b =
            Changes { theories: arguments.theory_b.clone(), sets: arguments.set_b.clone(), ..Changes::default() };
        let of_b = of_b.assignments();
        if arguments.others.len().max(arguments.theories.len()) > MOST_OTHERS {
            return Err(Failure::Input(anyhow::anyhow!("at most {MOST_OTHERS} can be shown next to the first")));
        }
        if arguments.others.len() > 1 && !of_b.is_empty() {
            return Err(Failure::Input(anyhow::anyhow!(
                "--theory-b and --set-b change one run next to the first, and {} are named; name one",
                arguments.others.len()
            )));
        }
        if !arguments.theories.is_empty() {
            let under = |theory: &String| -> Result<Wanted, Failure> {
                let of_it = Changes { theories: vec![theory.clone()], ..Changes::default() };
                Ok(changed(first.again()?, &of_it.assignments()))
            };
            return arguments.theories.iter().map(under).collect();
        }
        if arguments.others.is_empty() {
            return if of_b.is_empty() { Ok(Vec::new()) } else { Ok(vec![changed(first.again()?, &of_b)]) };
        }
        arguments.others.iter().map(|other| self.other(first, other, &of_b)).collect()
    }

    /// A run or scenario next to the first, with some changes.
    fn other(&self, first: &Wanted, other: &str, of_b: &[String]) -> Result<Wanted, Failure> {
        match (is_run(other), of_b.is_empty()) {
            (true, true) => Ok(Wanted::Run(other.to_owned())),
            (true, false) => Err(Failure::Input(anyhow::anyhow!(
                "{other} is a finished run, which --theory-b and --set-b can't change; leave it out, or name its \
                 scenario instead"
            ))),
            (false, _) => {
                // All need the same people, whatever seed the other has.
                let seed = first.seed()?;
                let base = Simulation {
                    scenario: other.to_owned(),
                    changes: changes_to(Some(seed), self.arguments),
                    n_replicates: self.arguments.replicates.unwrap_or(first.n_replicates()?),
                };
                Ok(changed(base, of_b))
            }
        }
    }

    /// Simulates a scenario into the temporary folder; none where the user
    /// stopped it.
    fn simulate(&self, simulation: &Simulation, name: &str) -> Result<Option<Exhibit>, Failure> {
        let arguments = self.arguments;
        let scenario = load_changed(&simulation.scenario, &simulation.changes)?;
        if !arguments.quiet {
            let replicates = count(simulation.n_replicates as usize, "replicate");
            let changes = simulation.changes.join(" ");
            let changed = if changes.is_empty() { changes } else { format!(" with {changes}") };
            output::talk(&format!("simulating {} of {}{changed}", replicates, scenario.id));
        }
        let out = self.folder.path().join(name);
        let options = signed(RunOptions {
            replicates: simulation.n_replicates,
            threads: arguments.threads,
            changes: simulation.changes.clone(),
            ..RunOptions::new(&out)
        });
        let progress = Stoppable { bar: RunProgress::new(arguments.quiet), interrupt: self.interrupt };
        let result = allegiance_runs::run(&input_of(scenario), &options, &render_summary, &progress);
        progress.bar.finish();
        match result {
            Ok(_) => exhibit(&out, simulation.scenario.clone()).map(Some),
            Err(RunError::Cancelled { .. }) => Ok(None),
            Err(error) => Err(failure_of(error)),
        }
    }
}

/// A simulation with further changes.
fn changed(base: Simulation, changes: &[String]) -> Wanted {
    let changes = replacing(&base.changes, changes);
    Wanted::Simulation(Simulation { changes, ..base })
}

/// One of the runs to show.
enum Wanted {
    /// The folder of a finished run.
    Run(String),
    /// A scenario.
    Simulation(Simulation),
}

impl Wanted {
    /// What would give the same run again.
    fn again(&self) -> Result<Simulation, Failure> {
        match self {
            Self::Run(folder) => {
                let manifest = manifest_of(folder)?;
                Ok(Simulation {
                    scenario: scenario_in(folder),
                    changes: manifest.changes,
                    n_replicates: manifest.n_replicates,
                })
            }
            Self::Simulation(Simulation { scenario, changes, n_replicates }) => {
                Ok(Simulation { scenario: scenario.clone(), changes: changes.clone(), n_replicates: *n_replicates })
            }
        }
    }

    fn seed(&self) -> Result<u64, Failure> {
        match self {
            Self::Run(folder) => Ok(manifest_of(folder)?.seed),
            Self::Simulation(one) => Ok(load_changed(&one.scenario, &one.changes)?.setup.seed),
        }
    }

    fn n_replicates(&self) -> Result<u32, Failure> {
        Ok(self.again()?.n_replicates)
    }
}

fn manifest_of(folder: &str) -> Result<Manifest, Failure> {
    Ok(open(Path::new(folder))?.manifest().clone())
}

/// Whether a word means a run folder, finished or not, rather than a scenario.
fn is_run(word: &str) -> bool {
    let partial = format!("{}.partial", word.trim_end_matches(['/', '\\']));
    Path::new(word).join("run.json").exists() || (!Path::new(word).exists() && Path::new(&partial).is_dir())
}

/// The scenario that lies in the folder of a run.
fn scenario_in(folder: &str) -> String {
    Path::new(folder).join("scenario").display().to_string()
}

/// A run folder, with what it was made from where that can be had; `named` is what
/// the command line takes for its scenario.
fn exhibit(folder: &Path, named: String) -> Result<Exhibit, Failure> {
    let run = open(folder)?;
    let origin = scenario_to_go_on(&run).map(|Scenario { setup, files, .. }| {
        let files = files.into_iter().map(|file| (file.name, file.text)).collect();
        Origin { setup, scenario: ScenarioFiles { named: Some(named), files } }
    });
    let origin = origin.map_err(|failure| {
        let text = failure.to_string();
        text.strip_prefix("error: ").unwrap_or(&text).to_owned()
    });
    Exhibit::new(run, origin).map_err(|error| Failure::Input(ShowRunsError::from(error).into()))
}

/// A progress bar that stops the run where the user asks for it.
struct Stoppable<'a> {
    bar: RunProgress,
    interrupt: &'a Interrupt,
}

impl Progress for Stoppable<'_> {
    fn begin(&self, n_replicates: u32, n_kept: u32, n_days: u32) {
        self.bar.begin(n_replicates, n_kept, n_days);
    }

    fn day_done(&self, replicate: u32, day: u32) {
        self.bar.day_done(replicate, day);
    }

    fn replicate_done(&self, replicate: u32) {
        self.bar.replicate_done(replicate);
    }

    fn merging(&self, table: &str) {
        self.bar.merging(table);
    }

    fn is_cancelled(&self) -> bool {
        self.interrupt.is_raised()
    }
}
