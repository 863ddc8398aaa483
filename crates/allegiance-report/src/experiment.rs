//! An experiment's results as text.

use crate::sweep::short;
use allegiance_lab::experiment::{ArmOutcome, ExperimentResults, Stop};
use allegiance_show::setup_differences::render_setup_differences;
use allegiance_show::text::wrap;
use std::fmt::Write as _;

const WIDTH: usize = 98;

/// The results as text for a terminal.
pub fn render_experiment(results: &ExperimentResults) -> String {
    let mut text = format!("{}\n{}\n\n", results.title, results.about);
    text.push_str(&wrap(results.question.trim(), WIDTH, ""));
    text.push('\n');
    let baseline = results.arms.iter().find(|arm| arm.id == results.baseline);
    let title = baseline.map_or("", |arm| arm.title.as_str());
    text.push_str(&wrap(
        &format!(
            "Each arm minus the baseline, {} ({title}), on {}: means over {} replicates with the same luck, 95% \
             bootstrap interval in brackets. {}",
            results.baseline,
            results.scenario,
            results.n_replicates,
            why_stopped(results)
        ),
        WIDTH,
        "",
    ));
    text.push_str(&explain_agreement(results));
    text.push('\n');
    for arm in results.arms.iter().filter(|arm| arm.id != results.baseline) {
        let _ = writeln!(text, "  {:<16} {}", arm.id, arm.title);
        text.push_str(&render_setup_differences("What differs:", &arm.differs, "    "));
    }
    for of_outcome in results.differences.chunk_by(|a, b| a.outcome == b.outcome) {
        render_outcome(&mut text, results, of_outcome);
    }
    text.push('\n');
    text.push_str(&wrap(
        "A difference says what the model does under its assumptions and the sizes chosen for each arm. Whether arms \
         of unlike kinds are of like size is a judgement that no table makes.",
        WIDTH,
        "",
    ));
    text
}

fn why_stopped(results: &ExperimentResults) -> String {
    let Some(wanted) = results.half_width else {
        return String::new();
    };
    let wanted = short(wanted);
    match results.stopped {
        Stop::Precise => {
            format!("That many made every interval of {} at most {wanted} wide on each side.", results.decided_by)
        }
        Stop::Most | Stop::Fixed => format!(
            "Some interval of {} is still wider than {wanted} on a side: the most replicates were reached.",
            results.decided_by
        ),
    }
}

fn explain_agreement(results: &ExperimentResults) -> String {
    let mut text = String::new();
    if results.n_theory_replicates > 0 {
        text.push_str(&wrap(
            &format!(
                "Theories: under how many the interval lies above zero (+), below (-), or includes it (?), from {} \
                 replicates each.",
                results.n_theory_replicates
            ),
            WIDTH,
            "",
        ));
    }
    if results.n_prior_draws > 0 {
        text.push_str(&wrap(
            &format!(
                "Priors: in how many of {} draws of all parameters the mean of {} replicates is above, below or at \
                 zero; then the middle 90% of these means.",
                results.n_prior_draws, results.n_prior_replicates
            ),
            WIDTH,
            "",
        ));
    }
    text
}

fn render_outcome(text: &mut String, results: &ExperimentResults, rows: &[ArmOutcome]) {
    let Some(first) = rows.first() else { return };
    let mean = rows.iter().find_map(|row| row.difference).map_or("–".to_owned(), |d| short(d.mean_first));
    let _ = writeln!(text, "\n{} ({}); {} {mean}", first.outcome, first.unit, results.baseline);
    let mut header = format!("  {:<16} {:>28}", "", "difference");
    if rows.iter().any(|row| row.agreement.theories.is_some()) {
        let _ = write!(header, "  {:>13}", "theories");
    }
    if rows.iter().any(|row| row.agreement.priors.is_some()) {
        let _ = write!(header, "  {:>16}  range", "priors");
    }
    let _ = writeln!(text, "{header}");
    for row in rows {
        let difference = row
            .difference
            .map_or("–".to_owned(), |d| format!("{} [{}, {}]", signed(d.mean), signed(d.low), signed(d.high)));
        let mut line = format!("  {:<16} {difference:>28}", row.arm);
        if let Some(theories) = &row.agreement.theories {
            let cell = format!("+{} -{} ?{}", theories.n_up, theories.n_down, theories.n_unclear);
            let _ = write!(line, "  {cell:>13}");
        }
        if let Some(priors) = &row.agreement.priors {
            let cell = format!("+{} -{} 0:{}", priors.n_up, priors.n_down, priors.n_zero);
            let range = priors
                .differences
                .map_or("–".to_owned(), |range| format!("{} to {}", signed(range.low_90), signed(range.high_90)));
            let _ = write!(line, "  {cell:>16}  {range}");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// A number with its sign; what is nothing in print has none.
fn signed(value: f64) -> String {
    let text = short(value);
    if text.bytes().all(|byte| b"-0.".contains(&byte)) {
        "0".to_owned()
    } else if value > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}
