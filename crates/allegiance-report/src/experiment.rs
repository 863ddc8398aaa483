//! An experiment's results as text.

use crate::experiment_in_short::in_short;
use crate::sweep::short;
use allegiance_lab::experiment::{ArmDiffers, ArmOutcome, ExperimentResults, LEAST_TOLD, ShareAbove, Stop};
use allegiance_record::difference::{FEW, Family};
use allegiance_show::difference::{
    few_note, in_words, nothing_in_a_cell, nothing_in_words, nothing_sentence, percent_in_words, sign_in_words,
};
use allegiance_show::setup_differences::render_setup_differences;
use allegiance_show::text::{thousands, wrap};
use std::fmt::Write as _;

const WIDTH: usize = 98;

/// The results as text for a terminal.
pub fn render_experiment(results: &ExperimentResults) -> String {
    let mut text = format!("{}\n{}\n\n", results.title, results.about);
    text.push_str(&wrap(results.question.trim(), WIDTH, ""));
    let _ = writeln!(text, "\n{}", in_short(results));
    let baseline = results.arms.iter().find(|arm| arm.id == results.baseline);
    let title = baseline.map_or("", |arm| arm.title.as_str());
    text.push_str(&wrap(
        &format!(
            "Each arm minus the baseline, {} ({title}), on {}: means over {} replicates with the same random draws, \
             95% interval in brackets, and percent of the baseline. {}",
            results.baseline,
            results.scenario,
            thousands(u64::from(results.n_replicates)),
            why_stopped(results)
        ),
        WIDTH,
        "",
    ));
    if let Some(note) = few_note(results.n_replicates as usize, "replicate") {
        text.push_str(&wrap(&note, WIDTH, ""));
    }
    text.push_str(&wrap(&explain_sign(results), WIDTH, ""));
    text.push_str(&explain_agreement(results));
    text.push('\n');
    for arm in results.arms.iter().filter(|arm| arm.id != results.baseline) {
        let _ = writeln!(text, "  {:<16} {}", arm.id, arm.title);
        match &arm.differs {
            ArmDiffers { setup, nothing_came: Some(nothing) } if setup.is_empty() => {
                let text_of = format!("What differs: nothing. {}", nothing_sentence(nothing));
                text.push_str(&wrap(&text_of, WIDTH, "    "));
            }
            ArmDiffers { setup, nothing_came } => {
                text.push_str(&render_setup_differences("What differs:", setup, "    "));
                if let Some(nothing) = nothing_came {
                    let comes = format!("What comes of it: {}.", nothing_in_words(nothing));
                    text.push_str(&wrap(&comes, WIDTH, "    "));
                }
            }
        }
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
        Stop::Most | Stop::Fixed => {
            let needed = results.replicates_needed();
            let needed = needed.map_or_else(String::new, |n| format!("; about {} would be enough", thousands(n)));
            format!(
                "Some interval of {} is still wider than {wanted} on a side: the most replicates were reached{needed}.",
                results.decided_by
            )
        }
    }
}

fn explain_sign(results: &ExperimentResults) -> String {
    let n = results.family.n;
    let correction = match n {
        0 => return "No interval: no outcome differs in any pair of replicates.".to_owned(),
        1 => "Sign: together where the one interval excludes zero".to_owned(),
        n => format!(
            "Sign: together where the interval excludes zero after Holm's correction for all {n} intervals, alone where \
             it does so only by itself"
        ),
    };
    format!(
        "{correction}; else how many more replicates would tell it if mean and scatter stay. {}",
        signs_told(&results.family)
    )
}

/// How many of the intervals tell the sign, as the column `sign` marks them.
pub(crate) fn signs_told(family: &Family) -> String {
    let (n, n_together) = (family.n, family.n_clear_together);
    let told = |n: usize| if n == 1 { "1 tells".to_owned() } else { format!("{n} tell") };
    match n {
        0 => "There is no interval.".to_owned(),
        1 => format!("It {} the sign.", if n_together == 1 { "tells" } else { "doesn't tell" }),
        _ => format!(
            "Of {n} intervals, {} the sign after Holm's correction, and {} more only by themselves.",
            told(n_together),
            family.n_clear - n_together
        ),
    }
}

fn explain_agreement(results: &ExperimentResults) -> String {
    let mut text = String::new();
    if results.n_theory_replicates > 0 {
        let few = if (results.n_theory_replicates as usize) < FEW { ", which are few" } else { "" };
        text.push_str(&wrap(
            &format!(
                "Theories: under how many the interval lies above zero (+), below (-), or includes it (?), from {} \
                 replicates each{few}, and under how many no replicate differs at all (=).",
                results.n_theory_replicates
            ),
            WIDTH,
            "",
        ));
    }
    if results.n_prior_draws > 0 {
        text.push_str(&wrap(
            &format!(
                "Priors: the same over {} draws of all parameters, each from its own {} replicates; then the estimated \
                 share of draws with a true difference above zero with its 95% interval, and the middle 90% of the draws' means, noise \
                 included. The share is a dash where fewer than {LEAST_TOLD} draws show a sign: it can't be told.",
                thousands(u64::from(results.n_prior_draws)), thousands(u64::from(results.n_prior_replicates))
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
    let width = rows.iter().map(|row| difference_in_words(results, row).chars().count()).max().unwrap_or(0).max(28);
    let mut header = format!("  {:<16} {:>width$} {:>7}  {:<16}", "", "difference", "%", "sign");
    if rows.iter().any(|row| row.agreement.theories.is_some()) {
        let _ = write!(header, "  {:>15}", "theories");
    }
    if rows.iter().any(|row| row.agreement.priors.is_some()) {
        let _ = write!(header, "  {:>17}  {:>13}  range", "priors", "above");
    }
    let _ = writeln!(text, "{}", header.trim_end());
    for row in rows {
        render_row(text, results, row, width);
    }
}

/// A row's difference as it stands in the table.
pub(crate) fn difference_in_words(results: &ExperimentResults, row: &ArmOutcome) -> String {
    match results.nothing_came(&row.arm) {
        Some(nothing) => nothing_in_a_cell(nothing),
        None => in_words(row.difference.as_ref(), &signed),
    }
}

/// The differences in words, in the order of the results.
pub fn differences_in_words(results: &ExperimentResults) -> Vec<String> {
    let words = |row: &ArmOutcome| match results.nothing_came(&row.arm) {
        Some(nothing) => nothing_in_words(nothing),
        None => in_words(row.difference.as_ref(), &signed),
    };
    results.differences.iter().map(words).collect()
}

fn render_row(text: &mut String, results: &ExperimentResults, row: &ArmOutcome, width: usize) {
    let (percent, sign) = match results.nothing_came(&row.arm) {
        Some(_) => (String::new(), String::new()),
        None => (percent_in_words(row.difference.as_ref()), sign_in_words(row.difference.as_ref(), row.p_together)),
    };
    let difference = difference_in_words(results, row);
    let mut line = format!("  {:<16} {difference:>width$} {percent:>7}  {sign:<16}", row.arm);
    if let Some(theories) = &row.agreement.theories {
        let cell = counts([theories.n_up, theories.n_down, theories.n_unclear, theories.n_same]);
        let _ = write!(line, "  {cell:>15}");
    }
    if let Some(priors) = &row.agreement.priors {
        let cell = counts([priors.n_up, priors.n_down, priors.n_unclear, priors.n_same]);
        let share = priors.share_up.map_or("–".to_owned(), share_in_words);
        let range = priors
            .differences
            .map_or("–".to_owned(), |range| format!("{} to {}", signed(range.low_90), signed(range.high_90)));
        let _ = write!(line, "  {cell:>17}  {share:>13}  {range}");
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

/// The estimated share of draws above zero.
pub(crate) fn share_in_words(found: ShareAbove) -> String {
    let [share, low, high] = [found.share, found.low, found.high].map(|share| format!("{:.0}", 100.0 * share));
    format!("{share}% [{low}, {high}]")
}

fn counts([up, down, unclear, same]: [usize; 4]) -> String {
    let nothing = if same > 0 { format!(" ={same}") } else { String::new() };
    format!("+{up} -{down} ?{unclear}{nothing}")
}

/// A number with its sign; one that isn't zero is never printed as one.
fn signed(value: f64) -> String {
    let text = short(value);
    if text.bytes().all(|byte| b"-0.".contains(&byte)) {
        if value == 0.0 { "0".to_owned() } else { format!("{value:+.0e}") }
    } else if value > 0.0 {
        format!("+{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::signs_told;
    use allegiance_record::difference::Family;

    #[test]
    fn signs_told_together_and_alone_are_counted_apart() {
        let of = |n, n_clear, n_clear_together| signs_told(&Family { n, n_clear, n_clear_together });
        assert_eq!(
            of(14, 8, 5),
            "Of 14 intervals, 5 tell the sign after Holm's correction, and 3 more only by themselves."
        );
        assert_eq!(
            of(3, 1, 1),
            "Of 3 intervals, 1 tells the sign after Holm's correction, and 0 more only by themselves."
        );
        assert_eq!([of(1, 1, 1), of(1, 0, 0)], ["It tells the sign.", "It doesn't tell the sign."]);
        assert_eq!(of(0, 0, 0), "There is no interval.");
    }
}
