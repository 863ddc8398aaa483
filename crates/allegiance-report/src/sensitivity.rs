//! The sensitivity of a sweep's outcomes as text.

use crate::result_table::{Cell, Column, ResultTable};
use crate::sweep::short;
use allegiance_lab::sensitivity::{Analysis, Estimate, FactorSensitivity, OutcomeSensitivity, Sensitivity, Verdict};
use allegiance_show::text::number;
use std::fmt::Write as _;

/// Base rows below which Sobol's indices aren't worth reading.
const FEW_BASE_ROWS: usize = 64;
/// Noise share above which more replicates are advised.
const MUCH_NOISE: f64 = 0.2;

/// The sensitivity as text for a terminal, factors by falling strength.
pub fn render_sensitivity(sensitivity: &Sensitivity) -> String {
    let mut text = format!(
        "{}\n{}\n\n{}\n",
        sensitivity.title,
        sensitivity.about,
        match sensitivity.method {
            "sobol" =>
                "Sobol's indices: share of the variance that a factor explains alone (first order) and with\nits interactions (total), without the noise of the replicates; 95% interval in brackets.",
            _ =>
                "Elementary effects of a move over a factor's whole range: mean (mu), mean size (mu*) and\nstandard deviation (sigma); 95% interval in brackets. The noise of the replicates adds to\nmu*, by so much as the last column says of a factor that does nothing, and not to the others.",
        }
    );
    for outcome in &sensitivity.outcomes {
        render_outcome(&mut text, sensitivity, outcome);
    }
    text
}

/// The sensitivity, for other programs and papers: a row for each index of each factor.
pub fn table_of_sensitivity(sensitivity: &Sensitivity) -> ResultTable {
    let rows = sensitivity.outcomes.iter().flat_map(|outcome| {
        outcome.factors.iter().flat_map(move |factor| {
            indices_of(factor).into_iter().map(move |(index, found, of_noise)| {
                [
                    outcome.outcome.clone().into(),
                    outcome.unit.clone().into(),
                    factor.factor.clone().into(),
                    index.into(),
                    Cell::Range(Some([found.value, found.low, found.high])),
                    of_noise.into(),
                ]
            })
        })
    });
    let method = if sensitivity.method == "sobol" { "Sobol's indices" } else { "Elementary effects" };
    ResultTable::new(
        format!(
            "{} {method} of {} on {}, with 95% intervals. Outcomes that the sweep doesn't tell about have no rows.",
            sensitivity.about, sensitivity.design, sensitivity.scenario
        ),
        [
            Column::text("outcome"),
            Column::text("unit"),
            Column::text("factor"),
            Column::text("index"),
            Column::range("value"),
            Column::number("of_noise"),
        ],
        rows,
    )
}

/// What is known of a factor: each index with its name, and what it would be from noise alone.
fn indices_of(factor: &FactorSensitivity) -> Vec<(&'static str, Estimate, Option<f64>)> {
    match factor.verdict {
        Verdict::Index(of) => vec![("first_order", of.first_order, None), ("total", of.total, None)],
        Verdict::Effect(of) => {
            vec![("mu_star", of.mu_star, of.mu_star_of_noise), ("mu", of.mu, None), ("sigma", of.sigma, None)]
        }
    }
}

fn render_outcome(text: &mut String, sensitivity: &Sensitivity, outcome: &OutcomeSensitivity) {
    let _ = writeln!(text, "\n{} ({})", outcome.outcome, outcome.unit);
    match outcome.analysis {
        Analysis::NothingVaries => return text.push_str("  doesn't vary, or exists in too few rows\n"),
        Analysis::HiddenByNoise => {
            return text.push_str(
                "  what the factors do can't be told from the random draws of so few replicates: there are no indices to \
                 give;\n  more replicates in each row, or more rows, would help\n",
            );
        }
        Analysis::Told => {}
    }
    let width = outcome.factors.iter().map(|factor| factor.factor.len()).max().unwrap_or(0);
    let mut order: Vec<&FactorSensitivity> = outcome.factors.iter().collect();
    order.sort_by(|a, b| strength(b).total_cmp(&strength(a)));
    let cells = |value: &Estimate| format!("{} [{}, {}]", short(value.value), short(value.low), short(value.high));
    let header =
        if sensitivity.method == "sobol" { ["first order", "total", "", ""] } else { ["mu*", "mu", "sigma", "noise"] };
    let _ = writeln!(
        text,
        "{}",
        format!("  {:width$}  {:>24}  {:>24}  {:>24}  {:>8}", "", header[0], header[1], header[2], header[3])
            .trim_end()
    );
    for factor in order {
        let columns = match &factor.verdict {
            Verdict::Index(index) => [cells(&index.first_order), cells(&index.total), String::new(), String::new()],
            Verdict::Effect(effect) => {
                let noise = effect.mu_star_of_noise.map_or_else(|| "–".to_owned(), short);
                [cells(&effect.mu_star), cells(&effect.mu), cells(&effect.sigma), noise]
            }
        };
        let [first, second, third, fourth] = &columns;
        let line = format!("  {:width$}  {first:>24}  {second:>24}  {third:>24}  {fourth:>8}", factor.factor);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    match outcome.noise_share {
        Some(share) => {
            let _ = writeln!(
                text,
                "  {}% of the variance of row means is the noise of the replicates{}",
                number(100.0 * share, 0),
                if share > MUCH_NOISE { ": more replicates per row would narrow the intervals" } else { "" }
            );
        }
        None => text
            .push_str("  rows have one replicate, so that noise counts as an effect; two or more would keep it out\n"),
    }
    if outcome.n_used < sensitivity.n_units {
        let _ = writeln!(text, "  from {} of {} whole sets of rows", outcome.n_used, sensitivity.n_units);
    }
    if sensitivity.method == "sobol" && outcome.n_used < FEW_BASE_ROWS {
        let _ = writeln!(text, "  {} base rows are few: read the intervals, not the values", outcome.n_used);
    }
}

/// By what factors are ordered.
fn strength(factor: &FactorSensitivity) -> f64 {
    match &factor.verdict {
        Verdict::Index(index) => index.total.value,
        Verdict::Effect(effect) => effect.mu_star.value,
    }
}
