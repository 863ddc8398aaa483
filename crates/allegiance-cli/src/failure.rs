//! What can go wrong, with the exit code of each.

use std::fmt;

use allegiance_record::setup_differences::DifferenceKind;
use allegiance_replay::BrokenRun;
use allegiance_runs::OpenFolderError;
use allegiance_scenario::{LoadDocumentError, LoadScenarioError, Problem};
use allegiance_tasks::{Fix, TaskError, fix_of};

/// A mistake in the scenario or in a value.
const INPUT: u8 = 1;
/// A mistake in the command line.
const COMMAND_LINE: u8 = 2;
/// The results couldn't be written.
const OUTPUT: u8 = 3;
/// A bug.
pub(crate) const BUG: u8 = 70;

/// How many problems a message lists before it points to `check`.
const MOST_PROBLEMS: usize = 20;

/// Why a command failed; as text, what to tell the user.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The user's input is wrong.
    Input(anyhow::Error),
    /// The user's scenario has problems.
    Problems { name: String, problems: Vec<Problem> },
    /// The user's design or experiment has problems.
    Document { what: &'static str, problems: Vec<Problem> },
    /// A table of the user's has problems.
    Table { name: String, problems: Vec<Problem> },
    /// The input is wrong and all has been said on standard output.
    Said(String),
    /// The command line is wrong; the text is clap's.
    CommandLine(String),
    /// A result can't be written.
    Output(anyhow::Error),
    /// The engine stopped with a bug in part of the work.
    Bug(String),
}

impl Failure {
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Input(error) | Self::Output(error) if is_bug(error) => BUG,
            Self::Input(error) | Self::Output(error) if broken_promise(error).is_some() => INPUT,
            Self::Input(_) | Self::Problems { .. } | Self::Document { .. } | Self::Table { .. } | Self::Said(_) => {
                INPUT
            }
            Self::CommandLine(_) => COMMAND_LINE,
            Self::Output(_) => OUTPUT,
            Self::Bug(_) => BUG,
        }
    }

    /// A scenario that couldn't be loaded.
    pub(crate) fn from_load(name: &str, error: LoadScenarioError) -> Self {
        match error {
            LoadScenarioError::Invalid(problems) => Self::Problems { name: name.to_owned(), problems },
            error => Self::Input(error.into()),
        }
    }
}

impl From<BrokenRun> for Failure {
    fn from(broken: BrokenRun) -> Self {
        if broken.broken.is_stated() { Self::Input(broken.into()) } else { Self::Bug(broken.to_string()) }
    }
}

/// A folder that can't be opened for a result, with the options that help.
impl From<OpenFolderError> for Failure {
    fn from(error: OpenFolderError) -> Self {
        let hint = match &error {
            OpenFolderError::Unfinished { .. } => "use --resume or --overwrite",
            OpenFolderError::Exists { .. }
            | OpenFolderError::Foreign { .. }
            | OpenFolderError::Other { .. }
            | OpenFolderError::Changed { .. }
            | OpenFolderError::Unsummed { .. } => "use --out or --overwrite",
            _ => "",
        };
        let is_input = matches!(error, OpenFolderError::Changed { .. } | OpenFolderError::Unsummed { .. });
        let error = anyhow::Error::new(error);
        let error = if hint.is_empty() { error } else { anyhow::anyhow!("{error:#} ({hint})") };
        if is_input { Self::Input(error) } else { Self::Output(error) }
    }
}

impl Failure {
    /// A theory that can't be read.
    pub(crate) fn from_theory(name: &str, error: LoadDocumentError) -> Self {
        match error {
            LoadDocumentError::Invalid { what, problems } => Self::Document { what, problems },
            LoadDocumentError::NotFound { .. } => {
                let names: Vec<&str> = allegiance_scenario::builtin::theory_names().collect();
                Self::Input(anyhow::anyhow!(
                    "there is no theory {name:?}: it is neither a file nor one that comes with the program ({})",
                    names.join(", ")
                ))
            }
            error @ LoadDocumentError::Read(_) => Self::Input(error.into()),
        }
    }
}

impl From<TaskError> for Failure {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::Load { name, cause } => Self::from_load(&name, cause),
            TaskError::Document(LoadDocumentError::Invalid { what, problems }) => Self::Document { what, problems },
            error @ TaskError::Folder(_) => Self::Output(error.into()),
            error => Self::Input(error.into()),
        }
    }
}

/// Whether a bound of the engine that didn't hold is behind an error.
fn is_bug(error: &anyhow::Error) -> bool {
    let broken = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<BrokenRun>().is_some_and(|broken| !broken.broken.is_stated())
    };
    error.chain().any(broken)
}

/// The bound that the author of a theory stated and that didn't hold, where one is behind an error.
fn broken_promise(error: &anyhow::Error) -> Option<&BrokenRun> {
    error.chain().find_map(|cause| cause.downcast_ref::<BrokenRun>()).filter(|broken| broken.broken.is_stated())
}

/// What helps, in words of the command line.
fn words(fix: &Fix) -> String {
    match fix {
        Fix::ListOutcomes(scenario) => format!("list them with: allegiance outcomes {scenario}"),
        Fix::NameIncident => "name one with --incident".to_owned(),
        Fix::NameCase => {
            "name a file of patterns as `case` in its scenario.toml (docs/reference/case-format.md)".to_owned()
        }
        Fix::NameParameters => "name them with --parameter, or as `parameters` in the case".to_owned(),
        Fix::PickAnother => "try another --pick, or more replicates".to_owned(),
        Fix::SameWorld(DifferenceKind::Days) => "give both the same days with --set days=N".to_owned(),
        Fix::SameWorld(DifferenceKind::Scale) => {
            "give both the same scale with --set scale=K; allegiance scales compares scales".to_owned()
        }
        Fix::SameWorld(DifferenceKind::Seed) => "leave the seed out of the changes of one alone".to_owned(),
        Fix::SameWorld(_) => {
            "compare a scenario with a change of itself, or with one that extends it and keeps its places, groups and days"
                .to_owned()
        }
        Fix::NameAnotherOrRemove => "name another folder, or remove it".to_owned(),
        Fix::OtherFolderOrRemove => "name another folder with --out, or remove it".to_owned(),
        Fix::OtherFolder => "name another folder with --out".to_owned(),
        Fix::WriteTable(_) => "run it again without --tables, or with this one among them".to_owned(),
        Fix::RunShards => "run them with --shard 1/N to --shard N/N first".to_owned(),
        Fix::RunShardAgain => "run that shard again with --overwrite".to_owned(),
        Fix::MoreDraws => "use more --draws or fewer --truths".to_owned(),
        Fix::GiveGroups => "lower --min-events, or give the sides groups with --groups".to_owned(),
        Fix::NamePopulationColumn => {
            "name it with --population-column, or go on with --population-column none or a --population for all".to_owned()
        }
        Fix::AcceptFarPlaces => "go on all the same with --far-places".to_owned(),
        Fix::GivePopulation => "give a table with larger places, or a --population".to_owned(),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) | Self::Output(error) => {
                if let Some(broken) = broken_promise(error) {
                    return write!(f, "error: {broken}");
                }
                write!(f, "error: {error:#}")?;
                fix_of(error.as_ref()).map_or(Ok(()), |fix| write!(f, "; {}", words(&fix)))
            }
            Self::Said(text) | Self::Bug(text) => write!(f, "error: {text}"),
            Self::CommandLine(text) => f.write_str(text.trim_end()),
            Self::Document { what, problems } => {
                for problem in problems {
                    writeln!(f, "{problem}")?;
                }
                let n_errors = problems.iter().filter(|problem| problem.is_error()).count();
                write!(f, "error: the {what} has {}", crate::text::count(n_errors, "problem"))
            }
            Self::Table { name, problems } => {
                for problem in problems.iter().take(MOST_PROBLEMS) {
                    writeln!(f, "{problem}")?;
                }
                write!(f, "error: {name} has {}", crate::text::count(problems.len(), "problem"))?;
                if problems.len() > MOST_PROBLEMS {
                    write!(f, ", of which the first {MOST_PROBLEMS} are listed")?;
                }
                Ok(())
            }
            Self::Problems { name, problems } => {
                for problem in problems.iter().take(MOST_PROBLEMS) {
                    writeln!(f, "{problem}")?;
                }
                let n_errors = problems.iter().filter(|problem| problem.is_error()).count();
                write!(f, "error: the scenario has {}", crate::text::count(n_errors, "problem"))?;
                if problems.len() > MOST_PROBLEMS {
                    write!(f, "; list all with: allegiance check {}", allegiance_record::shell_word(name))?;
                }
                Ok(())
            }
        }
    }
}

/// What to say when the program itself is wrong.
pub(crate) fn report_of_bug(panic: &str) -> String {
    format!(
        "bug: {panic}\n\
         This is a mistake in Allegiance, not in your scenario. Please report it with\n\
         the command, the scenario and this version: {} ({})",
        env!("CARGO_PKG_VERSION"),
        env!("ALLEGIANCE_GIT")
    )
}

#[cfg(test)]
mod tests {
    use super::{BUG, BrokenRun, Failure, report_of_bug};
    use allegiance_lab::experiment::ExperimentError;
    use allegiance_lab::inference::DrawTableError;
    use allegiance_model::exits::{Bound, BrokenBound};
    use allegiance_model::ids::PersonId;
    use allegiance_model::tables::Cause;
    use allegiance_replay::but_for::ButForError;
    use allegiance_runs::RunError;
    use allegiance_runs::verify::VerifyError;

    #[test]
    fn a_bug_asks_to_be_reported() {
        let text = report_of_bug("index out of bounds");
        assert!(text.starts_with("bug: index out of bounds\n"));
        assert!(text.contains("Please report it"));
        assert_eq!(BUG, 70);
    }

    #[test]
    fn a_bound_of_the_engine_that_does_not_hold_is_a_bug_however_it_is_wrapped() {
        let broken = BrokenBound {
            of: Bound::Block(Cause::KinAndHome),
            person: PersonId(12),
            day: 3,
            value: 2.5,
            bound: 0.0,
            n_times: 4,
        };
        let broken = BrokenRun { replicate: 7, broken };
        let said = "replicate 7: the bound of the exit block kin_and_home doesn't hold: 2.5 is above 0 for person 12 on \
                    day 3, the first of 4 cases; exits may be missing, so there are no results; this is a bug of \
                    Allegiance, please report it";
        let alone = Failure::from(broken.clone());
        assert_eq!((alone.code(), alone.to_string()), (BUG, format!("error: {said}")));
        let wrapped = [
            anyhow::Error::from(RunError::from(broken.clone())),
            anyhow::Error::from(ExperimentError::from(broken.clone())).context("can't go on"),
            anyhow::Error::from(ButForError::from(broken.clone())),
            anyhow::Error::from(VerifyError::from(broken.clone())),
            anyhow::Error::from(DrawTableError::from(broken)),
        ];
        for failure in wrapped.into_iter().map(Failure::Input) {
            assert_eq!(failure.code(), BUG);
            assert!(failure.to_string().ends_with(&format!("the engine stopped with a bug: {said}")), "{failure}");
        }
        assert_eq!(Failure::Output(anyhow::anyhow!("the disk is full")).code(), super::OUTPUT);
    }

    #[test]
    fn a_cause_follows_its_effect_on_one_line() {
        let error = anyhow::anyhow!("the disk is full").context("can't write run.json");
        assert_eq!(Failure::Output(error).to_string(), "error: can't write run.json: the disk is full");
    }
}
