//! From what people ask for to what the laboratory is given, the same way for
//! every caller.
//!
//! The laboratory knows no scenario format and the formats know no laboratory;
//! the command line and the Python package both meet them here: a scenario
//! with its changes, a design, an experiment, a comparison, a person and the
//! incident that is taken out, a record, evidence, a survey to design, theories to tell apart, a run to report or verify, and
//! what was built of others' tables, with its words.
//!
//! Not here: running anything, printing, names of options.

mod audits;
mod builds;
mod calibrations;
mod changes;
mod comparison;
mod designs;
mod error;
mod evidence;
mod experiments;
mod incidents;
mod new_scenario;
mod persons;
mod records;
mod reports;
mod runs;
mod surveys;
mod theories;
mod verifications;

pub use audits::{AuditQuestion, audit_variants};
pub use builds::{built_as_json, render_built, write_built};
pub use calibrations::calibration_of;
pub use changes::{Changes, load_changed};
pub use comparison::Comparison;
pub use designs::sweep_input;
pub use error::{Fix, TaskError, fix_of};
pub use evidence::{check_found, evidence_of, read_evidence};
pub use experiments::{build_arm, experiment_of};
pub use incidents::{ButForQuestion, Chosen, choose_incident, outcomes_of_person};
pub use new_scenario::{StartFrom, new_scenario};
pub use persons::{StoryQuestion, choose_person, tell_stories};
pub use records::{read_record, read_record_as};
pub use reports::{report_page, usual_report};
pub use runs::{input_of, open_run, scenario_of, scenario_to_go_on, setups_of_runs};
pub use surveys::{SurveyQuestion, survey_study};
pub use theories::{TheoryRecord, distinct_theories, study_of};
pub use verifications::{CheckedFiles, Verification, help_to_verify, input_again, render_verification};
