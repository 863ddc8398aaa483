//! The page: head, contents, sections in their order.

use crate::facts::ReportFacts;
use crate::looks::{looks, patterns, style_of};
use crate::sections::{
    charts, compared, happened, in_short, leaving, limits, maps, parameters, paths, patterns, people, provenance,
    reported, what_was_run,
};
use allegiance_show::text::thousands;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The style sheet, which holds no mark-up.
const STYLE: &str = include_str!("style.css");
/// What the page may load: nothing but its own styles.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The report as one HTML file, which is well-formed XML, too.
pub fn render_report(facts: &ReportFacts) -> String {
    let looks = looks(&facts.setting.groups);
    let mut sections: Vec<(&str, String, Markup)> = vec![
        ("short", "In short".to_owned(), in_short::section(facts)),
        ("run", "What was run".to_owned(), what_was_run::section(facts)),
        ("happened", "What happened".to_owned(), happened::section(facts)),
        ("time", "Over time".to_owned(), charts::section(facts, &looks)),
        ("maps", "Who held what".to_owned(), maps::section(facts, &looks)),
        ("leaving", "Why people left, and what came of complaints".to_owned(), leaving::section(facts)),
        ("path", "The path from belief to defection".to_owned(), paths::section(facts)),
        ("people", "One who left, one who stayed".to_owned(), people::section(facts, &looks)),
        ("reported", "What would have been reported".to_owned(), reported::section(facts)),
        ("compared", compared::title(facts).to_owned(), compared::section(facts, &looks)),
        ("limits", "What this supports and what it doesn't".to_owned(), limits::section(facts)),
        ("parameters", "Parameters".to_owned(), parameters::section(facts)),
        ("provenance", "Provenance and citation".to_owned(), provenance::section(facts)),
    ];
    if let Some(case) = &facts.manifest.case {
        let after = sections.iter().position(|(id, ..)| *id == "reported").map_or(sections.len(), |at| at + 1);
        sections.insert(after, ("patterns", "Patterns hit and missed".to_owned(), patterns::section(facts, case)));
    }
    let title = &facts.manifest.scenario_title;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                (PreEscaped("<meta charset=\"utf-8\"/>"))
                (PreEscaped("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"))
                (PreEscaped(format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>")))
                title { (title) " · simulated · Allegiance" }
                style { (PreEscaped(STYLE)) (PreEscaped(style_of(&looks))) }
            }
            body {
                (patterns(&looks))
                header {
                    p.kicker { "Report of a simulation · Allegiance " (facts.manifest.engine_version) }
                    h1 { (title) }
                    p.lede { (subtitle(facts)) }
                    p.note { (facts.manifest.note()) }
                }
                nav aria-labelledby="contents" {
                    h2 id="contents" { "Contents" }
                    ol {
                        @for (id, heading, _) in &sections { li { a href=(format!("#{id}")) { (heading) } } }
                    }
                }
                main {
                    @for (id, heading, body) in &sections { (crate::html::section(id, heading, body)) }
                }
                footer { p { (facts.manifest.note()) " Made with Allegiance, an open laboratory for theories of allegiance in civil war." } }
            }
        }
    }
    .into_string()
}

fn subtitle(facts: &ReportFacts) -> String {
    let manifest = &facts.manifest;
    let history = if manifest.n_replicates == 1 {
        "one possible history".to_owned()
    } else {
        format!("{} possible histories", thousands(u64::from(manifest.n_replicates)))
    };
    format!("{} to {}: {history} of the same world", manifest.start, manifest.end)
}
