//! The page of the ODD protocol: framing prose with lists from the code.

use std::fmt::Write as _;

use allegiance_model::axes::CAUSE;
use allegiance_model::parameters::{ParameterInfo, ParameterSet as _, Parameters, Tag};
use allegiance_model::setup::GroupSetup;
use allegiance_record::ObservationParameters;

use super::markdown::{code, one_line, table};
use super::parameters::{path_of, title_of};
use super::template::fill;
use crate::rust_source::{
    Documented, ENGINE, Phase, Source, file, file_of_mechanism, files, find_function, other_file, phases, prose,
};

const TEMPLATE: &str = include_str!("../../templates/odd.md");
/// Mechanisms without parameters that take part in a day.
const WITHOUT_PARAMETERS: [(&str, &str); 8] = [
    ("timeline", "Dated changes of the scenario."),
    ("inflow", "Members from off the map."),
    ("conscripts", "The pool of conscripts."),
    ("revenue", "Pay as far as revenue goes."),
    ("muster", "Enrolment and changes of standing."),
    ("observed", "Incidents from an event table."),
    ("branch", "Branches of a history."),
    ("records", "The true record."),
];

pub(super) fn page() -> String {
    let all = all_parameters();
    fill(TEMPLATE, |name, argument| match name {
        "patterns" => Some(patterns()),
        "n-parameters" => Some(all.len().to_string()),
        "n-judgement" => Some(all.iter().filter(|info| info.tag == Tag::Judgement).count().to_string()),
        "struct" => argument.split_once(' ').map(|(path, name)| struct_fields(path, name)),
        "group-fields" => Some(group_fields()),
        "phases" => Some(phase_list()),
        "purposes" => Some(purposes()),
        "changes" => Some(changes()),
        "submodels" => Some(submodels()),
        _ => None,
    })
}

fn all_parameters() -> Vec<&'static ParameterInfo> {
    Parameters::dictionary().chain(ObservationParameters::INFO).collect()
}

fn patterns() -> String {
    let case = super::outcomes::case_of("north-syria-2014");
    let rows = case.patterns.iter().map(|pattern| {
        let band = format!("{} to {}", pattern.low, pattern.high);
        let cells = [&pattern.id, &pattern.name, pattern.layer.word(), &band, &pattern.source];
        cells.map(str::to_owned).to_vec()
    });
    table(&["id", "pattern", "judged on what", "band", "source"], rows)
}

fn struct_fields(path: &str, name: &str) -> String {
    let rows = file(path).fields(name);
    table(&["variable", "meaning"], rows.iter().map(|field| vec![code(&field.name), one_line(&prose(&field.doc))]))
}

fn group_fields() -> String {
    let cause = vec![code(CAUSE), "Its score on each of the scenario's axes of cause, 1 least to 5 most.".to_owned()];
    let rows = GroupSetup::FIELDS.iter().map(|field| vec![code(field.name), field.meaning.to_owned()]);
    table(&["variable", "meaning"], std::iter::once(cause).chain(rows))
}

fn link(path: &str) -> String {
    format!("[{path}](../../{ENGINE}/{path})")
}

/// The phases of the day in order, with their modules and first sentences.
fn phase_list() -> String {
    let mut text = String::new();
    for (at, phase) in phases().iter().enumerate() {
        let (path, function) = find_function(&phase.module, &phase.function);
        let case = phase.case.as_ref().map(|case| format!(" (mode `{case}` only)")).unwrap_or_default();
        let (name, what) = (name_of(phase), function.summary());
        writeln!(text, "{}. `{name}`{case}, in {}: {what}", at + 1, link(path)).expect("a string takes any text");
    }
    text
}

fn name_of(phase: &Phase) -> String {
    format!("{}::{}", phase.module, phase.function)
}

fn purposes() -> String {
    let mut purposes = file("random.rs").variants("Purpose");
    purposes.sort_by_key(|purpose| purpose.rest.parse::<u32>().unwrap_or(u32::MAX));
    let rows = purposes.iter().map(|purpose| vec![purpose.rest.clone(), code(&purpose.name), purpose.summary()]);
    table(&["number", "purpose", "what is drawn"], rows)
}

fn changes() -> String {
    let changes = file("setup.rs").variants("Change");
    table(&["change", "what it does"], changes.iter().map(|change| vec![code(&change.name), change.summary()]))
}

fn submodels() -> String {
    let mut mechanisms: Vec<&str> = all_parameters().iter().map(|info| info.mechanism).collect();
    mechanisms.dedup();
    let with_parameters = mechanisms.into_iter().map(|mechanism| (mechanism, title_of(mechanism), path_of(mechanism)));
    let without = WITHOUT_PARAMETERS
        .into_iter()
        .map(|(module, title)| (module, title.to_owned(), format!("{ENGINE}/{module}.rs")));
    let all = with_parameters.chain(without).enumerate();
    all.map(|(at, (name, title, path))| submodel(at + 1, name, &title, &path)).collect::<Vec<_>>().join("\n\n")
}

fn submodel(number: usize, name: &str, title: &str, path: &str) -> String {
    let title = lower_first(title.trim_end_matches('.'));
    let heading = if title == name { title } else { format!("{name}: {title}") };
    let mut parts = vec![format!("### 7.{number} {heading}")];
    let files = files_of(name);
    parts.push(format!("In [{path}](../../{path}). {}", called(&files)).trim_end().to_owned());
    parts.push(files[0].module_docs());
    let others = files[1..].iter().filter(|file| file.form().is_some());
    parts.extend(others.map(|file| format!("#### {}\n\n{}", code(&file.path), file.module_docs())));
    let stated: Vec<String> = files.iter().flat_map(|file| file.formulas()).map(|function| stated(&function)).collect();
    if !stated.is_empty() {
        parts.push(format!("**Formulas in its doc comments.**\n\n{}", stated.concat()));
    }
    let fixed: Vec<Documented> = files.iter().flat_map(|file| file.constants()).collect();
    if !fixed.is_empty() {
        let row = |number: &Documented| vec![code(&number.name), number.rest.clone(), number.summary()];
        parts.push(format!(
            "**Fixed in the code.**\n\n{}",
            table(&["number", "value", "meaning"], fixed.iter().map(row))
        ));
    }
    let own: Vec<&ParameterInfo> = all_parameters().into_iter().filter(|info| info.mechanism == name).collect();
    if !own.is_empty() {
        parts.push(format!("**Parameters.**\n\n{}", parameters(&own)));
    }
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

fn parameters(own: &[&ParameterInfo]) -> String {
    let row = |info: &&ParameterInfo| {
        vec![
            code(info.symbol),
            code(info.name),
            info.meaning.to_owned(),
            info.unit.to_owned(),
            format!("{} ({})", info.default, info.prior()),
            info.tag.word().to_owned(),
        ]
    };
    table(&["symbol", "parameter", "meaning", "unit", "default (range)", "tag"], own.iter().map(row))
}

fn stated(function: &Documented) -> String {
    format!("- `{}`: {}\n", function.name, one_line(&prose(&function.doc)))
}

fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

thread_local! {
    /// The observation model, which isn't in the engine.
    static OBSERVATION: &'static Source = Box::leak(Box::new(other_file("crates/allegiance-record/src/observe/mod.rs")));
}

/// The file in which a mechanism, or a phase without parameters, is described.
pub(super) fn main_file(name: &str) -> &'static Source {
    files_of(name)[0]
}

/// The files of a mechanism, the main one first: one file, or a folder.
fn files_of(name: &str) -> Vec<&'static Source> {
    if name == "observation" {
        return vec![OBSERVATION.with(|source| *source)];
    }
    let is_plain = WITHOUT_PARAMETERS.iter().any(|(module, _)| *module == name);
    let own = format!("{name}.rs");
    let main = files()
        .iter()
        .map(|file| file.path.as_str())
        .find(|path| is_plain && *path == own)
        .unwrap_or_else(|| file_of_mechanism(name));
    let mut found = vec![file(main)];
    if let Some(folder) = main.strip_suffix("mod.rs") {
        found.extend(files().iter().filter(|file| file.path.starts_with(folder) && file.path != main));
    }
    found
}

/// The phases of the day that live in some files.
fn called(files: &[&Source]) -> String {
    let is_here = |phase: &Phase| {
        let (path, _) = find_function(&phase.module, &phase.function);
        files.iter().any(|own| own.path == path)
    };
    let names: Vec<String> =
        phases().iter().filter(|phase| is_here(phase)).map(|phase| code(&name_of(phase))).collect();
    if names.is_empty() { String::new() } else { format!("In the day: {}.", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{TEMPLATE, all_parameters, files, files_of, phases};
    use crate::pages::template::unknown_parameters;
    use crate::rust_source::find_function;

    #[test]
    fn every_mechanism_has_its_form() {
        for info in all_parameters() {
            let has_form = files_of(info.mechanism).iter().any(|file| file.form().is_some());
            assert!(has_form, "the file of {} doesn't say what it computes: add `//! # Form`", info.mechanism);
        }
    }

    /// A form states the symbol of every parameter, or its name.
    #[test]
    fn forms_use_every_parameter() {
        let mut missing = Vec::new();
        for info in all_parameters() {
            let form: String = files_of(info.mechanism).iter().filter_map(|file| file.form()).collect();
            let is_in = |word: &str| {
                form.match_indices(word).any(|(at, _)| {
                    let is_edge = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
                    is_edge(form[..at].chars().next_back()) && is_edge(form[at + word.len()..].chars().next())
                })
            };
            if !is_in(info.symbol) && !is_in(info.name) {
                missing.push(format!("{} ({})", info.path(), info.symbol));
            }
        }
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn prose_names_only_parameters_that_exist() {
        assert_eq!(unknown_parameters(TEMPLATE), [""; 0]);
        for file in files() {
            assert_eq!(unknown_parameters(&file.module_docs()), [""; 0], "{}", file.path);
        }
    }

    /// A phase that no section of the submodels covers would be hidden.
    #[test]
    fn every_phase_belongs_to_a_submodel() {
        let mut names: Vec<&str> = all_parameters().iter().map(|info| info.mechanism).collect();
        names.extend(super::WITHOUT_PARAMETERS.map(|(name, _)| name));
        for phase in phases() {
            let (path, _) = find_function(&phase.module, &phase.function);
            let is_covered = names.iter().any(|name| files_of(name).iter().any(|own| own.path == path));
            assert!(is_covered, "{path}");
        }
    }
}
