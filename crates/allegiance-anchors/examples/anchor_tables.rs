//! Prints the tables of `docs/validation/anchors.md`.
//!
//! ```text
//! cargo run -p allegiance-anchors --release --example anchor_tables [mesa|variants|communal]
//! ```
#![expect(clippy::print_stdout, reason = "an example that prints")]

#[path = "../tests/it/reference.rs"]
mod reference;

use allegiance_anchors::communal::{self, run};
use allegiance_anchors::equivalence::{Comparison, Moments};
use allegiance_anchors::rebellion::Parameters;
use allegiance_anchors::rules::{Ratio, Rules};
use allegiance_anchors::torus::Vision;
use reference::{Columns, Setting, ours, settings};

const N_SEEDS: u64 = 600;
const N_COMMUNAL: u64 = 100;
const N_STEPS: u32 = 1_000;

fn main() {
    let wanted = std::env::args().nth(1);
    let is_wanted = |section: &str| wanted.as_deref().is_none_or(|wanted| wanted == section);
    let settings = settings();
    if is_wanted("mesa") {
        settings.iter().for_each(against_mesa);
    }
    if is_wanted("variants")
        && let Some(outbursts) = settings.iter().find(|s| s.name == "outbursts")
    {
        variants(outbursts);
    }
    if is_wanted("communal") {
        communal_outcomes();
    }
}

fn against_mesa(setting: &Setting) {
    let ours = ours(setting, setting.parameters, Rules::mesa(), N_SEEDS);
    println!("\n### `{}`, Mesa's rules\n", setting.name);
    println!(
        "| statistic | Mesa: mean (sd), n | ours: mean (sd), n | difference / sd, 90% | sd ratio, 90% | KS (limit) | equivalent |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for (name, mesa) in &setting.mesa {
        let Some(ours) = ours.get(name) else { continue };
        let c = Comparison::new(ours, mesa);
        println!(
            "| `{name}` | {} | {} | {:+.2} to {:+.2} | {:.2} to {:.2} | {:.3} ({:.3}) | {} |",
            cell(mesa),
            cell(ours),
            c.difference.0,
            c.difference.1,
            c.spread.0,
            c.spread.1,
            c.distance,
            c.critical_distance,
            if c.is_equivalent() { "yes" } else { "**no**" },
        );
    }
}

fn cell(values: &[f64]) -> String {
    let m = Moments::of(values);
    format!("{:.2} ({:.2}), {}", m.mean, m.sd, values.len())
}

fn variants(setting: &Setting) {
    let of = |parameters: Parameters, rules| ours(setting, parameters, rules, N_SEEDS / 3);
    let (mesa, p) = (Rules::mesa(), setting.parameters);
    let netlogo = Parameters { vision: Vision::Distance(7.0), ..p };
    let rows: [(&str, Columns); 5] = [
        ("Mesa's rules, `Round` (Mesa)", of(p, mesa)),
        ("Mesa's rules, `Floor`", of(p, Rules { ratio: Ratio::Floor, ..mesa })),
        ("Mesa's rules, `Exact`", of(p, Rules { ratio: Ratio::Exact, ..mesa })),
        ("`Rules::netlogo()` (`Floor`)", of(netlogo, Rules::netlogo())),
        ("`Rules::epstein()` (`Exact`)", of(p, Rules::epstein())),
    ];
    let names = ["active_mean", "active_sd", "active_max", "jailed_mean", "n_outbursts", "outburst_peak", "wait_steps"];
    println!("\n### Variants in `{}`\n\n| rules | {} |", setting.name, names.join(" | "));
    println!("| --- |{}", " --- |".repeat(names.len()));
    for (label, columns) in rows {
        let shown =
            names.map(|name| columns.get(name).filter(|v| v.len() > 1).map_or_else(|| "none".to_owned(), |v| cell(v)));
        println!("| {label} | {} |", shown.join(" | "));
    }
}

fn communal_outcomes() {
    println!("\n### Model II, {N_COMMUNAL} seeds, at most {N_STEPS} steps\n");
    println!("| vision | ratio | L | peacekeepers | annihilated | step: 10% | median | 90% | killed, mean |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let near = (Vision::Distance(1.7), "1.7");
    let far = (Vision::Steps(7), "7 steps");
    for cop_density in [0.0, 0.08] {
        communal_row(near, Ratio::Exact, 0.9, cop_density);
    }
    let densities = [0.0, 0.02, 0.04, 0.06, 0.08, 0.10];
    for cop_density in densities {
        communal_row(near, Ratio::Exact, 0.8, cop_density);
    }
    for (vision, ratio) in [(near, Ratio::Floor), (far, Ratio::Exact)] {
        for cop_density in [0.0, 0.04, 0.08] {
            communal_row(vision, ratio, 0.8, cop_density);
        }
    }
}

fn communal_row((vision, label): (Vision, &str), ratio: Ratio, legitimacy: f64, cop_density: f64) {
    let parameters = communal::Parameters { vision, ratio, legitimacy, cop_density, ..communal::Parameters::default() };
    let half = N_COMMUNAL / 2;
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let second =
            scope.spawn(move || (half + 1..=N_COMMUNAL).map(|seed| run(parameters, N_STEPS, seed)).collect::<Vec<_>>());
        let mut first: Vec<_> = (1..=half).map(|seed| run(parameters, N_STEPS, seed)).collect();
        first.extend(second.join().expect("a run doesn't panic"));
        first
    });
    let mut ends: Vec<u32> = outcomes.iter().map(|o| o.annihilated_at.unwrap_or(u32::MAX)).collect();
    ends.sort_unstable();
    let at = |share: f64| match ends[(share * (ends.len() - 1) as f64) as usize] {
        u32::MAX => format!("> {N_STEPS}"),
        end => end.to_string(),
    };
    let n_ended = ends.iter().filter(|&&end| end != u32::MAX).count();
    let killed = outcomes.iter().map(|o| f64::from(o.killed)).sum::<f64>() / N_COMMUNAL as f64;
    println!(
        "| {label} | `{ratio:?}` | {legitimacy} | {cop_density:.2} | {n_ended} of {N_COMMUNAL} | {} | {} | {} | {killed:.0} |",
        at(0.1),
        at(0.5),
        at(0.9)
    );
}
