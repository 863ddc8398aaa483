//! What was run: world, theories, luck, and what was changed.

use crate::facts::ReportFacts;
use crate::html::{count, folded, plain, table, texts};
use allegiance_model::parameters::{ParameterInfo, Parameters};
use allegiance_record::placed::{CIVILIANS, MissingDeaths, ReplayedSide, WHY_NOT_PLACED};
use allegiance_show::difference::few_note;
use allegiance_show::text::number;
use maud::{Markup, html};

/// Units that need no name beside a number.
const UNITLESS: [&str; 3] = ["1", "share", "probability"];

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let (manifest, setup) = (&facts.manifest, &facts.setup);
    let members: u64 = setup.groups.iter().map(|group| u64::from(group.members)).sum();
    let world = format!(
        "{} inhabitants of {}; {} with {} members",
        number(setup.n_inhabitants() as f64, 0),
        count(setup.places.len(), "place"),
        count(setup.groups.len(), "armed group"),
        number(members as f64, 0),
    );
    html! {
        @if !facts.scenario.description.trim().is_empty() { p { (facts.scenario.description.trim()) } }
        dl.facts {
            dt { "Scenario" } dd { (manifest.scenario_title) " (" code { (manifest.scenario_id) } ")" }
            dt { "World" } dd { (world) ". Everyone is an agent; people are synthetic." }
            dt { "Days" } dd { (manifest.n_days) ", from " (manifest.start) " to " (manifest.end) }
            dt { "Replicates" } dd { (replicates(facts)) }
            dt { "Seed" } dd { (manifest.seed) }
            dt { "Theory of belief" } dd { (plain(&manifest.theory.belief)) }
            dt { "Theory of exit" } dd { (plain(&manifest.theory.exit)) }
            @for (words, mechanisms) in [("Switched off", &manifest.switched_off), ("Switched on", &manifest.switched_on)] {
                @if !mechanisms.is_empty() {
                    dt { (words) } dd { (mechanisms.iter().map(|word| plain(word)).collect::<Vec<_>>().join(", ")) }
                }
            }
            @if !manifest.changes.is_empty() {
                dt { "Changed by the user" } dd { code { (manifest.changes.join(" · ")) } }
            }
        }
        (replay(facts))
        (changed(facts))
        @if !facts.overview.happenings.is_empty() {
            (folded(&format!("Dated happenings of the scenario ({})", facts.overview.happenings.len()), &happenings(facts)))
        }
    }
}

/// In observed mode: that a record was replayed, and what is missing from the replay.
fn replay(facts: &ReportFacts) -> Markup {
    let sides = &facts.manifest.replay;
    if sides.is_empty() {
        return html! {};
    }
    let total = ReplayedSide::total(sides);
    let names = facts.setting.groups.iter().map(|group| group.name.as_str()).chain([CIVILIANS]);
    let row = |name: &str, side: &ReplayedSide| {
        let [replayed, missing] = [side.deaths_replayed, side.not_placed()].map(|deaths| number(deaths, 1));
        vec![name.to_owned(), number(f64::from(side.deaths_in_record), 0), replayed, missing]
    };
    let mut rows: Vec<Vec<String>> = names.zip(sides).map(|(name, side)| row(name, side)).collect();
    rows.push(row("all", &total));
    html! {
        p {
            "This run replays a record (mode observed): its incidents are those of an event table, and only allegiance is "
            "simulated. Of " (number(f64::from(total.deaths_in_record), 0)) " deaths in the record, "
            (number(total.not_placed(), 1)) " could not be placed"
            @if facts.n_replicates() > 1 { " (mean over replicates)" } ". "
            @if total.not_placed() > 0.0 { (WHY_NOT_PLACED) }
        }
        (table("Deaths of the replayed record, by side", &texts(["side", "in the record", "replayed", "not placed"]), &rows))
        (missing_parts(facts))
    }
}

/// Parts that are listed; the others are counted.
const MOST_LISTED: usize = 30;

/// What couldn't be placed, by side, kind of violence and place.
fn missing_parts(facts: &ReportFacts) -> Markup {
    let missing = &facts.manifest.replay_missing;
    if missing.is_empty() {
        return html! {};
    }
    let setup = &facts.setup;
    let side =
        |id: &str| setup.groups.iter().find(|group| group.id == id).map_or(CIVILIANS, |group| &group.name).to_owned();
    let place = |id: &str| setup.places.iter().find(|place| place.id == id).map_or(id, |place| &place.name).to_owned();
    let row = |part: &MissingDeaths| {
        let [missing, events] = [part.not_placed(), part.events_not_whole].map(|value| number(value, 1));
        let record = number(f64::from(part.deaths_in_record), 0);
        vec![side(&part.side), plain(&part.violence), place(&part.place), record, missing, events]
    };
    let rows: Vec<Vec<String>> = missing.iter().take(MOST_LISTED).map(row).collect();
    let header = texts(["side", "violence", "place", "in the record", "not placed", "events not whole"]);
    let n_more = missing.len().saturating_sub(MOST_LISTED);
    html! {
        (folded("Deaths that could not be placed, by side, kind of violence and place", &html! {
            (table("Deaths of the record that could not be placed", &header, &rows))
            @if n_more > 0 { p { "And " (n_more) " more, in " code { "run.json" } " under " code { "replay_missing" } "." } }
        }))
    }
}

fn replicates(facts: &ReportFacts) -> String {
    match facts.manifest.n_replicates {
        1 => "1: one possible history. Another replicate of the same world would differ.".to_owned(),
        n => {
            let few = few_note(n as usize, "replicate").map_or_else(String::new, |note| format!(" {note}"));
            format!(
                "{n}, each one possible history of the same world. Numbers below are medians over them, with the interval \
                 that holds nine tenths of them.{few}"
            )
        }
    }
}

/// The parameters off their defaults, in words.
fn changed(facts: &ReportFacts) -> Markup {
    let changed = &facts.manifest.changed_parameters;
    let info =
        |path: &str| -> Option<&'static ParameterInfo> { Parameters::dictionary().find(|info| info.path() == path) };
    html! {
        @if changed.is_empty() {
            p { "Every parameter of the model is at its default." }
        } @else {
            p { "Off their defaults, by the scenario or by the user:" }
            ul.sentences {
                @for (path, change) in changed {
                    li {
                        code { (path) } " is " (change.value) " instead of " (change.default)
                        @if let Some(info) = info(path) {
                            @if !UNITLESS.contains(&info.unit) { " " (info.unit) }
                            ": " (lower_first(info.meaning.trim()))
                        }
                    }
                }
            }
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    let rest = letters.as_str();
    // Names such as DeGroot and abbreviations keep their capitals.
    if rest.chars().next().is_none_or(char::is_uppercase) {
        return text.to_owned();
    }
    first.map_or_else(String::new, |first| first.to_lowercase().to_string() + rest)
}

fn happenings(facts: &ReportFacts) -> Markup {
    html! {
        dl.facts {
            @for happening in &facts.overview.happenings {
                dt { (facts.setting.date(happening.day)) }
                dd {
                    (happening.text)
                    @if let Some(place) = happening.place.and_then(|place| facts.setting.places.get(place as usize)) {
                        " (" (place.name) ")"
                    }
                }
            }
        }
    }
}
