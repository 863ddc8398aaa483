//! `allegiance audit`: what depends on how a war is written down and drawn.

use allegiance_lab::audit::{Audit, audit};
use allegiance_lab::paired::{Replicates, StudyError, StudySubject};
use allegiance_record::digest::digest_of_bytes;
use allegiance_report::audit::{render_audit, table_of_audit};
use allegiance_scenario::{MAX_SCALE, load};
use allegiance_tasks::{AuditQuestion, audit_variants};

use crate::commands::study::Keep;
use crate::failure::Failure;
use crate::numbers;
use crate::output;
use crate::output::TableFormat;

const ABOUT: &str = "\
The war is run as it is written; with other names; with its places, people and groups
in another order; with two other seeds; and with one in so many of its people. What
comes out otherwise is an artefact: it is about the program and not about the war.

Examples:
  allegiance audit one-village
  allegiance audit one-village --set-b mechanisms.voice=false --replicates 200
  allegiance audit north-syria-2014 --scale 10 --replicates 20";

/// Check what depends on names, order, seed and scale, and is no finding
#[derive(Debug, clap::Args)]
#[command(after_help = ABOUT)]
pub(crate) struct Arguments {
    /// A built-in scenario, or a folder or file
    scenario: String,
    /// Audit the effects of this change, and not the outcomes themselves; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set_b: Vec<String>,
    /// Change a value of the scenario first; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// An outcome to audit; can be repeated [default: the usual ones]
    #[arg(long, value_name = "NAME")]
    outcome: Vec<String>,
    /// Scales to try, separated by commas: one in K people
    #[arg(long, value_name = "K,K", value_delimiter = ',', default_value = "2,5",
          value_parser = numbers::whole::<u32>(2..=MAX_SCALE))]
    scale: Vec<u32>,
    /// Replicates of each way
    #[arg(long, short = 'n', value_name = "N", default_value_t = 100,
          value_parser = numbers::whole::<u32>(2..=30_000))]
    replicates: u32,
    /// An outcome is alike within this share of its mean
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = numbers::share())]
    within: f64,
    /// How to print the audit
    #[arg(long, value_enum, default_value = "text")]
    format: TableFormat,
    #[command(flatten)]
    keep: Keep,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let scenario = load(&arguments.scenario).map_err(|error| Failure::from_load(&arguments.scenario, error))?;
    output::warn(&scenario.warnings);
    let question = AuditQuestion {
        set: &arguments.set,
        set_b: &arguments.set_b,
        outcomes: &arguments.outcome,
        scales: &arguments.scale,
    };
    let variants = audit_variants(&scenario, question)?;
    let change = (!arguments.set_b.is_empty()).then(|| arguments.set_b.join(", "));
    // What decides the results beside the war: how many, at which scales, of what.
    let names: Vec<&str> = variants[0].outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    let names = digest_of_bytes(format!("{names:?} {change:?} {}", arguments.within).as_bytes());
    let names = u32::from_str_radix(&names[..8], 16).unwrap_or(0);
    let numbers: Vec<u32> = [arguments.replicates, names].into_iter().chain(arguments.scale.iter().copied()).collect();
    let setup = variants[0].setups.last().unwrap_or(&scenario.setup);
    let subject = StudySubject { head: "audit.json", setup, theories: &[], numbers: &numbers };
    let study = |replicates: &Replicates<'_>| -> Result<Audit, StudyError> {
        audit((&scenario.id, change.as_deref()), &variants, arguments.within, arguments.replicates, replicates)
    };
    let finished = arguments.keep.run(&subject, study, |found| table_of_audit(found).told(render_audit(found)))?;
    arguments.keep.print(arguments.format, &finished)
}
