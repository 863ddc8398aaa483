//! `allegiance data`: external data, made into what scenarios and scores read.

mod build;
mod ged_actors;
mod import_ged;

use std::path::PathBuf;

use allegiance_import::ged::{Asked, DateOrder, Wanted};
use allegiance_model::calendar::Date;
use clap::Subcommand;

use crate::failure::Failure;
use crate::ged::{Dates, parse_date};

/// Import external event data, or build a scenario from them
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Arguments),
    GedActors(ged_actors::Arguments),
    ImportGed(import_ged::Arguments),
}

/// A file of UCDP GED and which of its events are meant.
#[derive(Debug, clap::Args)]
struct Source {
    /// A table of UCDP GED: CSV, plain or gzipped
    file: PathBuf,
    /// Only events of this country, as the file spells it
    #[arg(long, value_name = "NAME")]
    country: Option<String>,
    /// Only events of this day or later, by the middle of their possible days
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    from: Option<Date>,
    /// Only events of this day or earlier
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    to: Option<Date>,
    /// Which comes first in dates such as 1/2/2001, where no row tells
    #[arg(long, value_enum)]
    dates: Option<Dates>,
}

impl Source {
    fn wanted(&self) -> Wanted<'_> {
        let asked = Asked { dates: self.dates.map(DateOrder::from), ..Asked::default() };
        Wanted { country: self.country.as_deref(), from: self.from, to: self.to, asked }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Build(arguments) => build::run(arguments),
        Command::GedActors(arguments) => ged_actors::run(arguments),
        Command::ImportGed(arguments) => import_ged::run(arguments),
    }
}
