//! `allegiance design-survey`: whom to ask what, so that rival theories can be told apart.

use std::path::PathBuf;

use allegiance_lab::inference::survey_design::{Costs, Designer, RivalSlot, SurveyDesign, reach_of};
use allegiance_model::ids::GroupId;
use allegiance_model::interviews::QUESTIONS;
use allegiance_record::evidence::usual_error;
use allegiance_report::survey_design::{render_proposal, render_questionnaire, table_of_proposal};
use allegiance_scenario::{PlannedSample, Scenario, plan_of_survey};
use allegiance_tasks::{Changes, SurveyQuestion, load_changed, read_evidence, survey_study};
use serde_json::json;

use crate::commands::documents::{check_new, put_new};
use crate::commands::recover::failure_of;
use crate::commands::theories;
use crate::failure::Failure;
use crate::numbers;
use crate::output::TableFormat;
use crate::progress::RunProgress;

const EXAMPLES: &str = "\
Examples:
  allegiance design-survey one-village --budget 5000
  allegiance design-survey one-village --between kin_and_home --between constant
  allegiance design-survey --slot belief --first-wave 15 --leaver-cost 120
  allegiance design-survey --theory mine.toml --out survey.toml --print survey.md

The people of simulated wars are asked everything, once. A design is a part of that:
some of the questions, to so many of those who left and of those who serve.
Reasons for leaving aren't proposed: in the model they read what decides.";

/// Which theories are told apart.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Slot {
    /// Those of exit
    Exit,
    /// Those of belief
    Belief,
}

/// Propose whom to ask what, and how many, to tell rival theories apart
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    #[arg(default_value = "one-village")]
    scenario: String,
    /// Which theories to tell apart
    #[arg(long, value_enum, default_value = "exit")]
    slot: Slot,
    /// Only these theories of the slot; can be repeated [default: all]
    #[arg(long, value_name = "WORD")]
    between: Vec<String>,
    /// Add a theory from a file, or one that comes with the program; can be repeated
    #[arg(long, value_name = "FILE")]
    theory: Vec<String>,
    /// A group whose former and present members can be asked; can be repeated [default: the largest]
    #[arg(long, value_name = "ID")]
    group: Vec<String>,
    /// Day of the scenario on which they are asked, from 1 [default: the last]
    #[arg(long, value_name = "DAY", value_parser = numbers::whole::<u32>(1..=5_000))]
    asked: Option<u32>,
    /// An earlier day on which those who serve then could be asked too, from 1 [default: none]
    #[arg(long, value_name = "DAY", value_parser = numbers::whole::<u32>(1..=5_000))]
    first_wave: Option<u32>,
    /// The least share of those who left and live that can be found
    #[arg(long, value_name = "SHARE", default_value_t = 0.2, value_parser = numbers::share())]
    least_found: f64,
    /// The most
    #[arg(long, value_name = "SHARE", default_value_t = 0.6, value_parser = numbers::share())]
    most_found: f64,
    /// What it costs to find and meet one who left
    #[arg(long, value_name = "COST", default_value_t = 60.0, value_parser = numbers::cost())]
    leaver_cost: f64,
    /// What it costs to meet one who serves
    #[arg(long, value_name = "COST", default_value_t = 40.0, value_parser = numbers::cost())]
    serving_cost: f64,
    /// What one question to one person costs
    #[arg(long, value_name = "COST", default_value_t = 1.0, value_parser = numbers::cost())]
    question_cost: f64,
    /// What it may cost in all
    #[arg(long, value_name = "COST", default_value_t = 5_000.0, value_parser = numbers::cost())]
    budget: f64,
    /// Evidence that is known already, or will be, from a file; can be repeated
    #[arg(long, value_name = "FILE")]
    known: Vec<PathBuf>,
    /// A parameter that is uncertain; can be repeated [default: those of recover]
    #[arg(long, value_name = "NAME")]
    parameter: Vec<String>,
    /// Change one value of the scenario first; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Wars to simulate; rounded up to a multiple of 256
    #[arg(long, value_name = "N", default_value_t = 4_096, value_parser = numbers::whole::<u32>(512..=1_000_000))]
    draws: u32,
    /// Fresh wars that show what the promise is worth
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = numbers::whole::<u32>(0..=100_000))]
    fresh: u32,
    /// Where the simulated answers are kept [default: runs/survey-SCENARIO-seedSEED, then the theories added]
    #[arg(long, value_name = "FOLDER")]
    table: Option<PathBuf>,
    /// Write the proposal as a plan of evidence, to fill in
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Write a questionnaire to print
    #[arg(long, value_name = "FILE")]
    print: Option<PathBuf>,
    /// How many threads to use, 0 for one per core; results don't depend on it
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = numbers::threads())]
    threads: usize,
    /// How to print the proposal
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    /// Print only results and errors
    #[arg(long, short)]
    quiet: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    check_new(arguments.out.iter().chain(&arguments.print))?;
    let changes = Changes { sets: arguments.set.clone(), ..Changes::default() };
    let scenario = load_changed(&arguments.scenario, &changes.assignments())?;
    let known = read_evidence(&arguments.known, &scenario)?;
    let slot = match arguments.slot {
        Slot::Exit => RivalSlot::Exit,
        Slot::Belief => RivalSlot::Belief,
    };
    let question =
        SurveyQuestion { slot, between: &arguments.between, groups: &arguments.group, asked: arguments.asked };
    let theories = theories::read(&arguments.theory)?;
    let (study, groups, asked) = survey_study(&scenario, &arguments.parameter, theories, known, question)?;
    if arguments.least_found > arguments.most_found {
        return Err(Failure::CommandLine(format!(
            "error: the least share found, {}, is above the most, {}",
            arguments.least_found, arguments.most_found
        )));
    }
    if let Some(first) = arguments.first_wave.filter(|&first| first > asked) {
        return Err(Failure::CommandLine(format!(
            "error: the first wave is on day {first}, which must be before the last, day {}",
            asked + 1
        )));
    }
    let designer = Designer {
        study: &study,
        reach: reach_of(
            &groups,
            asked,
            (arguments.least_found, arguments.most_found),
            arguments.first_wave.map(|day| day - 1),
        ),
        errors: QUESTIONS.iter().map(usual_error).collect(),
        slot,
        costs: Costs {
            of_leaver: arguments.leaver_cost,
            of_serving: arguments.serving_cost,
            of_question: arguments.question_cost,
        },
        budget: arguments.budget,
    };
    let folder =
        designer.open(&arguments.table.clone().unwrap_or_else(|| designer.usual_folder())).map_err(failure_of)?;
    let progress = RunProgress::new(arguments.quiet);
    let filled = designer.fill(&folder, arguments.draws, arguments.threads, &progress);
    progress.finish();
    filled.map_err(failure_of)?;
    let answers = designer.read(&folder, arguments.draws).map_err(failure_of)?;
    let table = designer.known_table(&folder, arguments.draws).map_err(failure_of)?;
    let proposal = designer.propose(&answers, table.as_ref(), arguments.fresh)?;
    if let Some(path) = &arguments.out {
        put_new(path, plan(&scenario, &proposal.best, (arguments, &groups, asked)).as_bytes())?;
    }
    if let Some(path) = &arguments.print {
        put_new(path, render_questionnaire(&proposal, &proposal.best).as_bytes())?;
    }
    arguments.format.print(|| render_proposal(&proposal), || json!(proposal), || table_of_proposal(&proposal))
}

/// The design as a plan of evidence.
fn plan(
    scenario: &Scenario,
    design: &SurveyDesign,
    (arguments, groups, asked): (&Arguments, &[GroupId], u32),
) -> String {
    let found = (arguments.least_found, arguments.most_found);
    let first = arguments.first_wave.map_or(asked, |day| day - 1);
    let samples: Vec<PlannedSample<'_>> = [
        PlannedSample { id: "left", who: "leavers", size: design.asked.leavers, asked, found },
        PlannedSample { id: "serve", who: "serving", size: design.asked.serving, asked, found: (1.0, 1.0) },
        PlannedSample {
            id: "served_before",
            who: "serving",
            size: design.asked.earlier,
            asked: first,
            found: (1.0, 1.0),
        },
    ]
    .into_iter()
    .filter(|sample| sample.size > 0)
    .collect();
    plan_of_survey(scenario, ("survey", &arguments.scenario), groups, &samples, &design.names)
}
