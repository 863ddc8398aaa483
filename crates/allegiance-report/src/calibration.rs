//! A calibration in words: for a terminal, and as a page.

use crate::result_table::{Cell, Column, ResultTable};
use allegiance_lab::inference::verdict::WEAK_CONTRACTION;
use allegiance_lab::inference::{Calibration, CalibrationEffort, Marginal, Moved, Predicted};
use allegiance_model::parameters::Spread;
use allegiance_record::intervals::Interval;
use allegiance_record::patterns::Verdict;
use std::fmt::Write as _;

/// The calibration as Markdown that reads well in a terminal too.
pub fn render_calibration(calibration: &Calibration, effort: CalibrationEffort) -> String {
    let mut page = format!(
        "# Calibration of {} on {}\n\n\
         Belief {}, exit {}, seed {}. {} simulations; ended because {}. All patterns count at once, by a\n\
         distance in which none can buy off the others{}.\n\n",
        calibration.scenario,
        calibration.case.title,
        calibration.belief,
        calibration.exit,
        calibration.seed,
        effort.n_simulations,
        effort.ending.word(),
        if calibration.case.note.is_empty() { String::new() } else { format!("; {}", calibration.case.note) }
    );
    page.push_str(&in_short(calibration));
    generations(&mut page, calibration);
    page.push_str(
        "## Prior against posterior\n\n\
         Median and 90% interval. *Contraction* is one minus the variance over that of the prior. *Adjusted*: the\n\
         same particles, moved along a regression on their offsets from the bands (Beaumont et al. 2002), by the\n\
         patterns marked below.\n\n\
         | parameter | prior range | posterior | contraction | adjusted | contraction |\n|---|---|---|---|---|---|\n",
    );
    for moved in &calibration.parameters {
        page.push_str(&parameter_line(moved));
    }
    page.push_str(
        "\n## Predictive checks\n\nFresh wars from the posterior, not those that were accepted for fitting. Verdicts as in the patterns of a run.\n\
         *Adjusted*: fresh wars from the adjusted posterior; a star where the adjustment goes by the pattern: its\n\
         band is reached, and not by all.\n\n\
         | | pattern | band | prior | within | posterior | within | verdict | adjusted | within |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for predicted in &calibration.patterns {
        page.push_str(&pattern_line(predicted));
    }
    if !calibration.left_out.is_empty() {
        page.push_str("\nNot measurable in this scenario, so left out:\n\n");
    }
    for (id, reason) in &calibration.left_out {
        let _ = writeln!(page, "- {id}: {reason}");
    }
    page
}

fn in_short(calibration: &Calibration) -> String {
    let hit = |verdict: Verdict| {
        let ids = calibration.patterns.iter().filter(|found| found.posterior.verdict == verdict);
        let ids: Vec<&str> = ids.map(|found| found.posterior.id.as_str()).collect();
        if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
    };
    format!(
        "- hit: {}\n- missed: {}\n- without a value: {}\n- {}\n\n\
         What is missed after all this is missed by the model, and not by its numbers alone.\n\n",
        hit(Verdict::Hit),
        hit(Verdict::Missed),
        hit(Verdict::NotMeasurable),
        hardly_moved(calibration)
    )
}

/// The parameters that the patterns hardly move, as sampled and as adjusted.
fn hardly_moved(calibration: &Calibration) -> String {
    let below = |contraction: &dyn Fn(&Moved) -> f64| -> Vec<String> {
        let hardly = calibration.parameters.iter().filter(|moved| contraction(moved) < WEAK_CONTRACTION);
        hardly.map(|moved| format!("`{}`", moved.prior.path)).collect()
    };
    let sampled = below(&|moved| moved.sampled.contraction);
    let adjusted = below(&Moved::contraction);
    let names = if adjusted.is_empty() { String::new() } else { format!(": {}", adjusted.join(", ")) };
    let (least, n) = (100.0 * WEAK_CONTRACTION, calibration.parameters.len());
    if calibration.parameters.iter().any(|moved| moved.adjusted.is_some()) {
        format!(
            "parameters that the patterns hardly move (contraction below {least:.0}%): {} of {n}{names}; before the \
             adjustment {}",
            adjusted.len(),
            sampled.len()
        )
    } else {
        format!(
            "parameters that the patterns hardly move (contraction below {least:.0}%): {} of {n}{names}; the particles \
             are too few for an adjustment",
            adjusted.len()
        )
    }
}

fn generations(page: &mut String, calibration: &Calibration) {
    page.push_str(
        "| generation | tolerance | simulations | effective particles | least distance |\n|---|---|---|---|---|\n",
    );
    for (number, line) in calibration.generations.iter().enumerate() {
        let tolerance = line.tolerance.map_or_else(|| "all".to_owned(), |tolerance| format!("{tolerance:.4}"));
        let _ = writeln!(
            page,
            "| {number} | {tolerance} | {} | {:.0} | {:.4} |",
            line.n_attempts, line.effective, line.least_distance
        );
    }
    page.push('\n');
}

/// Three significant digits, for values of any size.
fn short(value: f64) -> String {
    let digits = if value == 0.0 { 0.0 } else { value.abs().log10().floor() };
    format!("{value:.*}", (2.0 - digits).clamp(0.0, 6.0) as usize)
}

fn parameter_line(moved: &Moved) -> String {
    let marginal = |found: &Marginal| {
        format!(
            "{} ({}–{}) | {:.0}%",
            short(found.median),
            short(found.low_90),
            short(found.high_90),
            100.0 * found.contraction
        )
    };
    format!(
        "| `{}` | {}–{}{} | {} | {} |\n",
        moved.prior.path,
        moved.prior.low,
        moved.prior.high,
        if moved.prior.scale == Spread::LogFlat { ", log" } else { "" },
        marginal(&moved.sampled),
        moved.adjusted.as_ref().map_or_else(|| "– | –".to_owned(), marginal)
    )
}

fn pattern_line(predicted: &Predicted) -> String {
    let found = &predicted.posterior;
    let digits = found.digits as usize;
    let interval = |interval: &Option<Interval>| {
        interval.as_ref().map_or_else(
            || "–".to_owned(),
            |i| format!("{:.*} ({:.*}–{:.*})", digits, i.median, digits, i.low_90, digits, i.high_90),
        )
    };
    format!(
        "| {}{} | {} | {:.*}–{:.*} | {} | {:.0}% | {} | {:.0}% | {} | {} | {} |\n",
        found.id,
        if predicted.adjusts { "*" } else { "" },
        found.name,
        digits,
        found.low,
        digits,
        found.high,
        interval(&predicted.prior),
        100.0 * predicted.prior_within,
        interval(&found.interval),
        100.0 * predicted.posterior_within,
        found.verdict.word(),
        interval(&predicted.adjusted),
        predicted.adjusted_within.map_or_else(|| "–".to_owned(), |share| format!("{:.0}%", 100.0 * share))
    )
}

/// The parameters, for other programs and papers.
pub fn table_of_calibration(calibration: &Calibration) -> ResultTable {
    let range = |of: &Marginal| Cell::Range(Some([of.median, of.low_90, of.high_90]));
    let rows = calibration.parameters.iter().map(|moved| -> [Cell; 6] {
        [
            moved.prior.path.clone().into(),
            moved.prior.low.into(),
            moved.prior.high.into(),
            range(&moved.sampled),
            moved.adjusted.as_ref().map_or(Cell::Range(None), range),
            moved.contraction().into(),
        ]
    });
    ResultTable::new(
        format!(
            "Calibration of {} (belief {}, exit {}, seed {}): posterior medians with 90% intervals, as sampled and adjusted; \
             contraction is one minus the posterior variance over that of the prior.",
            calibration.scenario, calibration.belief, calibration.exit, calibration.seed
        ),
        [
            Column::text("parameter"),
            Column::number("prior_low"),
            Column::number("prior_high"),
            Column::range("sampled"),
            Column::range("adjusted"),
            Column::number("contraction"),
        ],
        rows,
    )
}
