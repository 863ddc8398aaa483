//! Where the run comes from, how to check it, and how to cite it.

use crate::facts::ReportFacts;
use crate::html::{folded, table, texts};
use allegiance_record::manifest::Manifest;
use allegiance_record::shell_word;
use allegiance_show::text::number;
use maud::{Markup, html};

/// Digits of a digest that name a run in a citation.
const DIGEST_DIGITS: usize = 12;
/// Bytes in a mebibyte.
const MEBIBYTE: f64 = 1_048_576.0;

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let manifest = &facts.manifest;
    let effort = &manifest.effort;
    html! {
        dl.facts {
            dt { "Program" } dd { "allegiance " (manifest.engine_version) @if let Some(git) = &manifest.git { ", commit " code { (git) } } }
            dt { "Scenario hash" } dd { code { (manifest.scenario_hash) } }
            dt { "Digest of the setup" } dd { code { (manifest.setup_digest) } }
            dt { "Digest of the run" } dd { code { (manifest.digest) } }
            dt { "Command" } dd { code { (manifest.command_line.iter().map(|word| shell_word(word)).collect::<Vec<_>>().join(" ")) } }
            dt { "Started, finished" } dd { (effort.started) ", " (effort.finished) }
            dt { "Took" } dd { (format!("{:.2}", effort.wall_seconds)) " s on " (threads(effort.threads)) (speed(manifest)) }
            @if let Some(bytes) = effort.peak_memory_bytes {
                dt { "Highest memory" } dd { (number(bytes as f64 / MEBIBYTE, 0)) " MiB" }
            }
        }
        p { "Check it: " code { "allegiance verify " (shell_word(&facts.folder)) } " simulates the run again and compares every digest." }
        (folded("Tables and their digests", &digests(manifest)))
        @if !facts.scenario.sources.is_empty() { (folded("Sources that the scenario cites", &sources(facts))) }
        h3 { "How to cite" }
        p { "Cite the program with its version, and the run by its digest:" }
        pre { (bibtex(manifest)) }
    }
}

fn threads(n: usize) -> String {
    if n == 1 { "1 thread".to_owned() } else { format!("{n} threads") }
}

fn speed(manifest: &Manifest) -> String {
    manifest.effort.agent_days_per_second.map_or_else(String::new, |speed| {
        format!(
            " ({} agents, {} million agent-days a second)",
            number(manifest.effort.n_agents as f64, 0),
            number(speed / 1e6, 1)
        )
    })
}

fn digests(manifest: &Manifest) -> Markup {
    let rows: Vec<Vec<String>> = manifest
        .tables
        .iter()
        .map(|(name, entry)| {
            let more = if entry.digests.len() > 1 {
                format!(" and {} more in run.json", entry.digests.len() - 1)
            } else {
                String::new()
            };
            let first = entry.digests.first().map_or("-", String::as_str);
            vec![name.clone(), entry.file.clone(), number(entry.n_rows as f64, 0), format!("{first}{more}")]
        })
        .collect();
    table("Tables of the run", &texts(["table", "file", "rows", "digest of the first replicate"]), &rows)
}

fn sources(facts: &ReportFacts) -> Markup {
    html! {
        dl.facts { @for (key, source) in &facts.scenario.sources { dt { (key) } dd { (source) } } }
    }
}

fn bibtex(manifest: &Manifest) -> String {
    let year = manifest.effort.started.get(..4).unwrap_or_default();
    let digest = manifest.digest.get(..DIGEST_DIGITS).unwrap_or(&manifest.digest);
    format!(
        "@software{{allegiance_{digest},\n  author  = {{{{The Allegiance contributors}}}},\n  title   = {{Allegiance: an open \
         laboratory for theories of allegiance in civil war}},\n  version = {{{}}},\n  year    = {{{year}}},\n  note    = \
         {{Simulated run of {}, seed {}, digest {}}}\n}}",
        manifest.engine_version, manifest.scenario_id, manifest.seed, manifest.digest
    )
}
