//! An experiment's results as text.

use crate::experiment_in_short::in_short;
use crate::result_table::{Column, ResultTable};
use crate::sweep::short;
use allegiance_lab::experiment::{
    ABOUT_NONE, ArmDiffers, ArmOutcome, CrossedDifference, ExperimentResults, FEWEST_DRAWS, Knowing, LEAST_TOLD, Parts,
    ShareAbove, Stop,
};
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
    text.push_str(&render_crossed(results));
    text.push('\n');
    text.push_str(&wrap(
        "A difference says what the model does under its assumptions and the sizes chosen for each arm. Whether arms \
         of unlike kinds are of like size is a judgement that no table makes.",
        WIDTH,
        "",
    ));
    text
}

/// The differences, for other programs and papers.
pub fn table_of_experiment(results: &ExperimentResults) -> ResultTable {
    let rows = results.differences.iter().map(|row| {
        let percent = match results.nothing_came(&row.arm) {
            Some(_) => String::new(),
            None => percent_in_words(row.difference.as_ref()),
        };
        let found = row.difference.as_ref();
        let interval = found.and_then(|found| found.interval);
        [
            row.arm.clone().into(),
            row.outcome.clone().into(),
            row.unit.clone().into(),
            difference_in_words(results, row).into(),
            percent.into(),
            sign_of(results, row).into(),
            found.map(|found| found.n_pairs as f64).into(),
            found.map(|found| found.mean_first).into(),
            found.map(|found| found.mean_second).into(),
            found.map(|found| found.mean).into(),
            interval.map(|interval| interval.low).into(),
            interval.map(|interval| interval.high).into(),
            row.p_together().into(),
        ]
    });
    ResultTable::new(
        format!(
            "{} Each arm minus the baseline, {}, on {}: means over {} replicates with the same random draws, 95% \
             interval in brackets.",
            results.about, results.baseline, results.scenario, results.n_replicates
        ),
        [
            Column::text("arm"),
            Column::text("outcome"),
            Column::text("unit"),
            Column::number_in_words("difference"),
            Column::number_in_words("percent"),
            Column::text("sign").printed(),
            Column::number("n_pairs").data(),
            Column::number("mean_baseline").data(),
            Column::number("mean_arm").data(),
            Column::number("difference").data(),
            Column::number("low").data(),
            Column::number("high").data(),
            Column::number("p_together").data(),
        ],
        rows,
    )
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
            "Sign: together where the interval excludes zero that holds with those of all {n} differences at once (given \
             in brackets; in 95 of 100 experiments all of them hold), alone where only the one by itself does"
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
            "Of {n} intervals, {} the sign together with all others, and {} more only by themselves.",
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
    let sign_width = rows.iter().map(|row| sign_of(results, row).chars().count()).max().unwrap_or(0).max(16);
    let mut header = format!("  {:<16} {:>width$} {:>7}  {:<sign_width$}", "", "difference", "%", "sign");
    if rows.iter().any(|row| row.agreement.theories.is_some()) {
        let _ = write!(header, "  {:>15}", "theories");
    }
    if rows.iter().any(|row| row.agreement.priors.is_some()) {
        let _ = write!(header, "  {:>17}  {:>13}  range", "priors", "above");
    }
    let _ = writeln!(text, "{}", header.trim_end());
    for row in rows {
        render_row(text, results, row, (width, sign_width));
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

/// What is known of a row's sign, with the interval that holds at once with all others where that tells it.
pub(crate) fn sign_of(results: &ExperimentResults, row: &ArmOutcome) -> String {
    if results.nothing_came(&row.arm).is_some() {
        return String::new();
    }
    let sign = sign_in_words(row.difference.as_ref(), row.p_together());
    match row.together {
        Some(found) if found.p < 0.05 && results.family.n > 1 => {
            format!("{sign} [{}, {}]", signed(found.low), signed(found.high))
        }
        _ => sign,
    }
}

fn render_row(text: &mut String, results: &ExperimentResults, row: &ArmOutcome, (width, sign_width): (usize, usize)) {
    let percent = match results.nothing_came(&row.arm) {
        Some(_) => String::new(),
        None => percent_in_words(row.difference.as_ref()),
    };
    let (difference, sign) = (difference_in_words(results, row), sign_of(results, row));
    let mut line = format!("  {:<16} {difference:>width$} {percent:>7}  {sign:<sign_width$}", row.arm);
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

/// What the differences depend on, where theories, parameters and luck were crossed.
fn render_crossed(results: &ExperimentResults) -> String {
    if results.n_crossed_draws == 0 {
        return String::new();
    }
    let mut text = String::from("\nWhat the differences depend on\n");
    let n_settings = results.differences.iter().filter_map(|row| row.agreement.crossed.as_ref());
    let Some(n_settings) = n_settings.map(|found| found.n_settings).max() else {
        let draws = results.n_crossed_draws;
        text.push_str(&wrap(
            &format!("It takes {FEWEST_DRAWS} draws under each theory, and there are {draws}."),
            WIDTH,
            "",
        ));
        return text;
    };
    text.push_str(&wrap(
        &format!(
            "{} settings: every theory of belief and of exit with {} draws of all parameters each, {} replicates of a \
             setting in every arm. More and less: how probable it is that the arm's true difference, free of luck, is \
             above or below zero by more than {:.0}% of the baseline's mean, if all theories are as likely and parameters \
             come from their priors; 95% interval in brackets. Then the parts of the variance of one replicate's difference. \
             Under each table: how probable it is that the answer becomes another once something is known, and how much \
             better the better arm then does on average, whichever direction is the better one.",
            thousands(n_settings as u64),
            results.n_crossed_draws,
            results.n_crossed_replicates,
            100.0 * ABOUT_NONE
        ),
        WIDTH,
        "",
    ));
    for of_outcome in results.differences.chunk_by(|a, b| a.outcome == b.outcome) {
        let Some(first) = of_outcome.first() else { continue };
        let parts = results.parts.iter().find(|found| found.outcome == first.outcome);
        let of = parts.map_or_else(String::new, |found| format!(": varies by {}", parts_in_words(&found.parts, true)));
        text.push('\n');
        text.push_str(&wrap(&format!("{}{of}", first.outcome), WIDTH, ""));
        let _ = writeln!(
            text,
            "  {:<16} {:>10} {:>16} {:>16}  {:>6} {:>10} {:>5}",
            "", "mean", "more", "less", "theory", "parameters", "luck"
        );
        for row in of_outcome {
            match &row.agreement.crossed {
                Some(found) => text.push_str(&crossed_row(&row.arm, found)),
                None => {
                    let _ = writeln!(text, "  {:<16} {:>10}", row.arm, "–");
                }
            }
        }
        for row in of_outcome {
            if let Some(found) = &row.agreement.crossed {
                text.push_str(&wrap(&knowing_in_words(&row.arm, found, &first.unit), WIDTH, "    "));
            }
        }
    }
    text
}

fn crossed_row(arm: &str, found: &CrossedDifference) -> String {
    let [above, below] = [found.above, found.below].map(share_in_words);
    let [theory, parameters, luck] =
        [found.parts.theory, found.parts.parameters, found.parts.luck].map(|part| format!("{:.0}%", 100.0 * part));
    format!("  {arm:<16} {:>10} {above:>16} {below:>16}  {theory:>6} {parameters:>10} {luck:>5}\n", signed(found.mean))
}

/// The parts of a variance, with the arms' where there are some.
fn parts_in_words(parts: &Parts, with_arms: bool) -> String {
    let part = |what: &str, share: f64| format!("{what} {:.0}%", 100.0 * share);
    let of_arm = with_arms.then(|| part("arm", parts.arm));
    let others = [part("theory", parts.theory), part("parameters", parts.parameters), part("luck", parts.luck)];
    of_arm.into_iter().chain(others).collect::<Vec<String>>().join(", ")
}

/// What knowing everything, the theory or a parameter would change.
fn knowing_in_words(arm: &str, found: &CrossedDifference, unit: &str) -> String {
    let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
    let of = |known: &Knowing| {
        let what = match known.what.as_str() {
            "theory" => "the theory".to_owned(),
            "everything" => "everything".to_owned(),
            parameter => format!("{parameter} ({:.0}% of the variance free of luck)", 100.0 * known.share),
        };
        let is_worth = known.changes > 0.0 && known.worth > 1e-3 * found.mean.abs();
        let worth = if is_worth { format!(", worth {}{unit}", short(known.worth)) } else { String::new() };
        format!("{what} in {:.0}%{worth}", 100.0 * known.changes)
    };
    let answer = match found.mean {
        mean if mean > found.about_none => "more",
        mean if mean < -found.about_none => "less",
        _ => "about the same",
    };
    let parameters = if found.knowing.len() > 2 { "" } else { "; no single parameter's part is told from chance" };
    let knowing: Vec<String> = found.knowing.iter().map(of).collect();
    format!("{arm}: {answer} on the whole. Knowing more would change that: {}{parameters}.", knowing.join("; "))
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
pub(crate) fn signed(value: f64) -> String {
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
            "Of 14 intervals, 5 tell the sign together with all others, and 3 more only by themselves."
        );
        assert_eq!(
            of(3, 1, 1),
            "Of 3 intervals, 1 tells the sign together with all others, and 0 more only by themselves."
        );
        assert_eq!([of(1, 1, 1), of(1, 0, 0)], ["It tells the sign.", "It doesn't tell the sign."]);
        assert_eq!(of(0, 0, 0), "There is no interval.");
    }
}
