//! What the command line accepts.

use clap::{Parser, Subcommand};

use crate::commands::{
    audit, but_for, calibrate, check, compare, completions, conformance, data, design_survey, evidence, experiment,
    explore, man, new, outcomes, parameters, paths, recover, report, resume, run, scales, scenarios, schema, score,
    sensitivity, story, sweep, theories, tournament, verify,
};

/// What `allegiance` alone prints.
pub(crate) const SHORT_HELP: &str = "\
Allegiance simulates allegiance in civil war: who stays silent, complains,
deserts or changes sides, and why. People are synthetic; it is no forecast.

Start with:
  allegiance run one-village    simulate a built-in scenario, say what happened
  allegiance explore            see it in the browser
  allegiance scenarios          list the built-in scenarios

Every command: allegiance help
";

const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 a mistake in the scenario or in a value; 2 a mistake in
the command line; 3 the results could not be written; 70 a bug.";

/// The version with the commit.
pub(crate) const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("ALLEGIANCE_GIT"), ")");

/// Simulate allegiance in civil war, one agent per inhabitant, on synthetic people
#[derive(Debug, Parser)]
#[command(name = "allegiance", version = VERSION, after_help = EXIT_CODES, max_term_width = 90)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(run::Arguments),
    Resume(resume::Arguments),
    Verify(verify::Arguments),
    Story(story::Arguments),
    ButFor(but_for::Arguments),
    Explore(explore::Arguments),
    Paths(paths::Arguments),
    Report(report::Arguments),
    Score(score::Arguments),
    New(new::Arguments),
    Data(data::Arguments),
    Check(check::Arguments),
    Scenarios(scenarios::Arguments),
    Compare(compare::Arguments),
    Experiment(experiment::Arguments),
    Sweep(sweep::Arguments),
    Sensitivity(sensitivity::Arguments),
    Outcomes(outcomes::Arguments),
    Conformance(conformance::Arguments),
    Theories(theories::Arguments),
    Evidence(evidence::Arguments),
    DesignSurvey(design_survey::Arguments),
    Recover(recover::Arguments),
    Calibrate(calibrate::Arguments),
    Tournament(tournament::Arguments),
    Scales(scales::Arguments),
    Audit(audit::Arguments),
    Parameters(parameters::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}
