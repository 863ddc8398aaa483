//! The page of the parameters.

use std::fmt::Write as _;

use allegiance_model::MECHANISMS;
use allegiance_model::parameters::{ParameterInfo, ParameterSet as _, Parameters, Tag};
use allegiance_record::ObservationParameters;

use super::markdown::{code, table};
use super::template::fill;
use crate::rust_source::{ENGINE, file_of_mechanism};
use allegiance_cli::parameters_as_markdown;

const TAGS: [Tag; 3] = [Tag::Sourced, Tag::Derived, Tag::Judgement];

pub(super) fn page() -> String {
    fill(include_str!("../../templates/parameters.md"), |name, _| match name {
        "n" => Some(all().len().to_string()),
        "counts" => Some(counts()),
        "judgement" => Some(judgement()),
        "mechanisms" => Some(mechanisms()),
        _ => None,
    })
}

fn all() -> Vec<&'static ParameterInfo> {
    Parameters::dictionary().chain(ObservationParameters::INFO).collect()
}

/// The parameters mechanism by mechanism.
fn by_mechanism() -> Vec<Vec<&'static ParameterInfo>> {
    all().chunk_by(|a, b| a.mechanism == b.mechanism).map(<[_]>::to_vec).collect()
}

/// What the list of mechanisms says of one.
pub(super) fn title_of(mechanism: &str) -> String {
    if mechanism == "observation" {
        return "What observers see and report.".to_owned();
    }
    let entry = MECHANISMS.iter().find(|info| info.name == mechanism);
    entry.unwrap_or_else(|| panic!("no mechanism is called {mechanism}")).meaning.trim().to_owned()
}

/// The path of the file of a mechanism from the root of the repository.
pub(super) fn path_of(mechanism: &str) -> String {
    if mechanism == "observation" {
        return "crates/allegiance-model/src/observation.rs".to_owned();
    }
    format!("{ENGINE}/{}", file_of_mechanism(mechanism))
}

fn count(infos: &[&ParameterInfo], tag: Tag) -> usize {
    infos.iter().filter(|info| info.tag == tag).count()
}

fn counts() -> String {
    let row = |name: String, infos: &[&ParameterInfo]| {
        let mut cells = vec![name];
        cells.extend(TAGS.map(|tag| count(infos, tag).to_string()));
        cells.push(infos.len().to_string());
        cells
    };
    let mut rows: Vec<Vec<String>> =
        by_mechanism().iter().map(|infos| row(format!("[`{0}`](#{0})", infos[0].mechanism), infos)).collect();
    rows.push(row("all".to_owned(), &all()));
    table(&["mechanism", "sourced", "derived", "judgement", "all"], rows)
}

fn judgement() -> String {
    let mut text = String::new();
    for infos in by_mechanism() {
        let names: Vec<String> =
            infos.iter().filter(|info| info.tag == Tag::Judgement).map(|info| code(info.name)).collect();
        if !names.is_empty() {
            writeln!(text, "- `{}`: {}", infos[0].mechanism, names.join(", ")).expect("a string takes any text");
        }
    }
    text
}

fn mechanisms() -> String {
    let section = |infos: &Vec<&ParameterInfo>| {
        let mechanism = infos[0].mechanism;
        let path = path_of(mechanism);
        let title = title_of(mechanism);
        format!("### {mechanism}\n\n{title} Declared in [{path}](../../{path}).\n\n{}", parameters_as_markdown(infos))
    };
    by_mechanism().iter().map(section).collect::<Vec<_>>().join("\n")
}
