//! `allegiance compare`: two scenarios on the same seeds.

use std::path::PathBuf;

use allegiance_lab::experiment::{
    Arm, Experiment, Precision, Robustness, Variant, run_experiment, run_experiment_into,
};
use allegiance_lab::outcomes::{Outcome, outcome_names};
use allegiance_model::parameters::Parameters;
use allegiance_model::setup::Setup;
use allegiance_scenario::{Scenario, apply_set, load};

use crate::cli::Format;
use crate::commands::experiment::{failure_of, print_results};
use crate::failure::Failure;
use crate::output;
use crate::progress::PieceProgress;

/// The outcomes of the whole war that are compared where none is named.
const USUAL_OUTCOMES: &[&str] = &["deaths", "deaths_civilians", "desertions", "defections"];
/// The outcomes of each group that are compared where none is named.
const USUAL_GROUP_OUTCOMES: &[&str] = &["members_end", "control_end"];
/// Fewest replicates before a width can stop the comparison.
const FEWEST: u32 = 20;

const EXAMPLES: &str = "\
Examples:
  allegiance compare one-village --set-b mechanisms.voice=false
  allegiance compare one-village my-village --outcome groups.isis.members_end
  allegiance compare north-syria-2014 --set days=30 --set-b groups.isis.pay_usd_per_month=100 -n 40 --theories

B is A where only --set-b is given. B runs on A's seed, so that both share
their luck. allegiance outcomes lists what can be compared.";

/// Compare two scenarios on the same seeds, with intervals of the differences
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    a: String,
    /// What it is compared with [default: A]
    b: Option<String>,
    /// Change a value of both scenarios; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Change a value of B only; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set_b: Vec<String>,
    /// An outcome to compare; can be repeated
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// Most replicates of each
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100,
          value_parser = clap::value_parser!(u32).range(2..=100_000))]
    replicates: u32,
    /// Stop as soon as the interval of the first outcome is this far from its middle
    #[arg(long, value_name = "WIDTH")]
    half_width: Option<f64>,
    /// Look at the sign under every theory, too
    #[arg(long)]
    theories: bool,
    /// Look at the sign in this many draws of all parameters, too
    #[arg(long, value_name = "N", default_value_t = 0)]
    prior_draws: u32,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
    /// Keep the results in a folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Replace older results in the folder
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// Continue an unfinished comparison in the folder
    #[arg(long, requires = "out", conflicts_with = "overwrite")]
    resume: bool,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Say nothing but results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.b.is_none() && arguments.set_b.is_empty() {
        return Err(Failure::Input(anyhow::anyhow!(
            "there is nothing to compare {} with; name a second scenario, or change something with --set-b",
            arguments.a
        )));
    }
    if arguments.half_width.is_some_and(|width| !(width.is_finite() && width >= 0.0)) {
        return Err(Failure::Input(anyhow::anyhow!("--half-width must be a number of 0 or more")));
    }
    let read = |name: &str| load(name).map_err(|error| Failure::from_load(name, error));
    let a = read(&arguments.a)?;
    let mut b = read(arguments.b.as_ref().unwrap_or(&arguments.a))?;
    b.setup.seed = a.setup.seed;
    let scenarios = [&a, &b];
    // Fails on a change that neither scenario takes, before anything is run.
    for (arm, scenario) in scenarios.iter().enumerate() {
        change(&mut scenario.setup.clone(), arguments, arm).map_err(|error| Failure::Input(error.into()))?;
    }
    let shared = shared_parameters(&a.setup, &b.setup);
    let build = |arm: usize, variant: &Variant| {
        let mut setup = scenarios[arm].setup.clone();
        keep_shared(variant, &shared).apply(&mut setup)?;
        change(&mut setup, arguments, arm).map_err(|error| error.to_string())?;
        Ok(setup)
    };
    let experiment = experiment_of(arguments, scenarios, &build)?;
    let progress = PieceProgress::new(arguments.quiet, "pieces at most");
    let result = match &arguments.out {
        None => run_experiment(&experiment, arguments.threads, &progress).map(|results| (None, results)),
        Some(out) => {
            let how = (arguments.overwrite, arguments.resume);
            run_experiment_into(&experiment, out, how, arguments.threads, env!("CARGO_PKG_VERSION"), &progress)
                .map(|(folder, results)| (Some(folder), results))
        }
    };
    progress.finish();
    let (folder, results) = result.map_err(failure_of)?;
    print_results(&results, arguments.format)?;
    if let (Some(folder), false) = (folder, arguments.quiet) {
        output::talk(&format!("written to {}", folder.display()));
    }
    Ok(())
}

/// Makes the changes of the command line to one of the two.
fn change(setup: &mut Setup, arguments: &Arguments, arm: usize) -> Result<(), allegiance_scenario::ApplySetError> {
    let of_b = arguments.set_b.iter().filter(|_| arm == 1);
    arguments.set.iter().chain(of_b).try_for_each(|assignment| apply_set(setup, assignment))
}

/// The parameters that both scenarios set alike: what they differ in isn't
/// drawn, or it would no longer be what is compared.
fn shared_parameters(a: &Setup, b: &Setup) -> Vec<String> {
    let paths = Parameters::dictionary().map(allegiance_model::parameters::ParameterInfo::path);
    paths.filter(|path| a.parameters.value(path) == b.parameters.value(path)).collect()
}

fn keep_shared(variant: &Variant, shared: &[String]) -> Variant {
    match variant {
        Variant::Prior(number, values) => {
            Variant::Prior(*number, values.iter().filter(|(path, _)| shared.contains(path)).cloned().collect())
        }
        other => other.clone(),
    }
}

fn experiment_of<'a>(
    arguments: &Arguments,
    [a, b]: [&Scenario; 2],
    build: &'a (dyn Fn(usize, &Variant) -> Result<Setup, String> + Sync),
) -> Result<Experiment<'a>, Failure> {
    let outcomes = outcomes_of(arguments, a, b)?;
    let changes =
        if arguments.set_b.is_empty() { String::new() } else { format!(" with {}", arguments.set_b.join(", ")) };
    Ok(Experiment {
        id: "compare".to_owned(),
        title: format!("{} against {}", a.id, b.id),
        question: format!("What differs between {} and {}{changes}?", a.title, b.title),
        scenario_id: a.id.clone(),
        texts: vec![format!("# allegiance compare {} {}{changes}\n", a.id, b.id)],
        arms: vec![
            Arm { id: "a".to_owned(), title: a.title.clone() },
            Arm { id: "b".to_owned(), title: format!("{}{changes}", b.title) },
        ],
        baseline: 0,
        outcomes,
        precision: Precision {
            outcome: 0,
            half_width: arguments.half_width,
            batch: FEWEST.min(arguments.replicates),
            min: FEWEST.min(arguments.replicates),
            max: arguments.replicates,
        },
        robustness: Robustness {
            theories: arguments.theories,
            replicates: arguments.replicates.min(FEWEST),
            prior_draws: arguments.prior_draws,
            prior_replicates: 4,
            seed: 0,
        },
        build,
    })
}

/// The outcomes asked for, or the usual ones that both scenarios have.
fn outcomes_of(arguments: &Arguments, a: &Scenario, b: &Scenario) -> Result<Vec<Outcome>, Failure> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    for name in &arguments.outcome {
        for scenario in [a, b] {
            let outcome = Outcome::parse(name, &scenario.setup).map_err(|_unknown| {
                Failure::Input(anyhow::anyhow!(
                    "{name:?} isn't an outcome of {}; list them with: allegiance outcomes {}",
                    scenario.id,
                    scenario.id
                ))
            })?;
            if std::ptr::eq(scenario, a) {
                outcomes.push(outcome);
            }
        }
    }
    if !outcomes.is_empty() {
        return Ok(outcomes);
    }
    let is_usual = |name: &String| {
        USUAL_OUTCOMES.contains(&name.as_str())
            || name.starts_with("groups.")
                && name.rsplit_once('.').is_some_and(|(_, word)| USUAL_GROUP_OUTCOMES.contains(&word))
    };
    let names = outcome_names(&a.setup).into_iter().filter(is_usual);
    Ok(names
        .filter(|name| Outcome::parse(name, &b.setup).is_ok())
        .filter_map(|name| Outcome::parse(&name, &a.setup).ok())
        .collect())
}
