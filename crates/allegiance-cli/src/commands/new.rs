//! `allegiance new`: a scenario to start from.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use allegiance_model::calendar::Date;
use allegiance_scenario::{MAX_DAYS, MOST_NEW_PLACES, NewGroup, NewScenario, Profile};
use allegiance_tasks::{StartFrom, new_scenario};

use crate::failure::Failure;
use crate::ged::parse_date;
use crate::numbers;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  allegiance new my-war
  allegiance new my-war --start 1996-01-01 --days 365 --places 12 \\
    --group \"Government:government:400\" --group \"Hill rebels:rebel:250\" --group \"Home guard:militia\"
  allegiance new my-war --ask
  allegiance new what-if --from north-syria-2014";

/// Write a scenario to start from, which runs at once
///
/// Everything in it is invented and commented. Groups get what isn't said of them from the
/// profile of their sort: government, foreign state, rebel or militia.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The folder to write; its last part is the scenario's identifier
    folder: PathBuf,
    /// A built-in scenario to extend, instead of an invented war
    #[arg(long, value_name = "SCENARIO", conflicts_with_all = ["ask", "title", "start", "days", "group", "places"])]
    from: Option<String>,
    /// Ask for all of it, one line each, on standard input
    #[arg(long, conflicts_with_all = ["title", "start", "days", "group", "places"])]
    ask: bool,
    /// The title [default: A small war]
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The first day [default: 2000-01-01]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    start: Option<Date>,
    /// Days to simulate [default: 90]
    #[arg(long, value_name = "N", value_parser = numbers::days())]
    days: Option<u32>,
    /// A group, as NAME:PROFILE or NAME:PROFILE:MEMBERS; can be repeated [default: a government and rebels]
    #[arg(long, value_name = "GROUP", value_parser = NewGroup::parse)]
    group: Vec<NewGroup>,
    /// How many places: a town and villages around it [default: 4]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u32>(1..=i64::from(MOST_NEW_PLACES)))]
    places: Option<u32>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let from = match &arguments.from {
        Some(base) => StartFrom::Builtin(base.clone()),
        None if arguments.ask => StartFrom::Invented(ask()?),
        None => StartFrom::Invented(given(arguments)),
    };
    new_scenario(&arguments.folder, &from)?;
    let folder = arguments.folder.display();
    output::talk(&format!("written to {folder}; check it with: allegiance check {folder}"));
    output::talk(&format!("run it with: allegiance run {folder} --replicates 20"));
    Ok(())
}

fn given(arguments: &Arguments) -> NewScenario {
    let usual = NewScenario::default();
    NewScenario {
        title: arguments.title.clone().unwrap_or(usual.title),
        start: arguments.start.unwrap_or(usual.start),
        days: arguments.days.unwrap_or(usual.days),
        groups: if arguments.group.is_empty() { usual.groups } else { arguments.group.clone() },
        places: arguments.places.unwrap_or(usual.places),
    }
}

/// Asks for the parts of a war, each until the answer can be read; an empty
/// answer takes what stands in brackets.
fn ask() -> Result<NewScenario, Failure> {
    let usual = NewScenario::default();
    let title = question(&format!("Title [{}]", usual.title), |answer| Ok(answer.to_owned()), usual.title.clone())?;
    let start = question(&format!("First day [{}]", usual.start), parse_date, usual.start)?;
    let days = question(&format!("Days [{}]", usual.days), |answer| whole(answer, MAX_DAYS as u32), usual.days)?;
    let places =
        question(&format!("Places [{}]", usual.places), |answer| whole(answer, MOST_NEW_PLACES), usual.places)?;
    output::talk(&format!(
        "Groups, one a line, as NAME:PROFILE or NAME:PROFILE:MEMBERS; an empty line ends the list.\n\
        Profiles are {}.",
        Profile::WORDS.join(", ")
    ));
    let mut groups = Vec::new();
    while let Some(group) =
        question(&format!("Group {}", groups.len() + 1), |answer| NewGroup::parse(answer).map(Some), None)?
    {
        groups.push(group);
    }
    Ok(NewScenario { title, start, days, places, groups: if groups.is_empty() { usual.groups } else { groups } })
}

fn whole(answer: &str, most: u32) -> Result<u32, String> {
    let number = answer.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("{answer:?} isn't a whole number from 1 to {most}"))
}

/// Asks until an answer can be read. Where nobody is there to mend it, a wrong
/// answer ends the program.
fn question<T>(text: &str, read: impl Fn(&str) -> Result<T, String>, usual: T) -> Result<T, Failure> {
    loop {
        output::talk(&format!("{text}:"));
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map_err(|error| Failure::Input(error.into()))?;
        let answer = line.trim();
        if answer.is_empty() {
            return Ok(usual);
        }
        match read(answer) {
            Ok(value) => return Ok(value),
            Err(why) if io::stdin().is_terminal() => output::talk(&why),
            Err(why) => return Err(Failure::Input(anyhow::anyhow!("{text}: {why}"))),
        }
    }
}
