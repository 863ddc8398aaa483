//! The conformance suite as a page and as text.

use crate::result_table::{Cell, Column, ResultTable};
use allegiance_show::text::thousands;
use std::fmt::Write as _;

use allegiance_lab::conformance::{Check, CheckResult, CheckVerdict, Expected, Step, steps};
use allegiance_show::difference::{few_note, in_words, nothing_in_words};

/// The checks, for other programs and papers.
pub fn table_of_conformance(results: &[CheckResult], n_replicates: u32) -> ResultTable {
    let rows = results.iter().map(|result| -> [Cell; 6] {
        [
            result.step.into(),
            result.outcome.into(),
            result.ablation.into(),
            result.difference.as_ref().into(),
            result.p_together.into(),
            word(result.verdict).into(),
        ]
    });
    ResultTable::new(
        format!(
            "Simulated: each step of the conformance path under its ablation minus the whole, means over {n_replicates} \
             replicates with the same random draws, with 95% intervals."
        ),
        [
            Column::number("step"),
            Column::text("outcome"),
            Column::text("ablation"),
            Column::range("difference"),
            Column::number("p_together"),
            Column::text("verdict"),
        ],
        rows,
    )
}

fn word(verdict: CheckVerdict) -> &'static str {
    match verdict {
        CheckVerdict::Green => "green",
        CheckVerdict::Unclear => "unclear",
        CheckVerdict::Red => "RED",
        CheckVerdict::Open => "open",
    }
}

fn expectation(expected: Expected) -> String {
    match expected {
        Expected::Falls => "falls".to_owned(),
        Expected::Rises => "rises".to_owned(),
        Expected::Within(band) => format!("within ±{band}"),
        Expected::Open => "open".to_owned(),
    }
}

fn figures(result: &CheckResult) -> [String; 3] {
    let Some(found) = &result.difference else { return std::array::from_fn(|_| "–".to_owned()) };
    let difference = result
        .nothing_differs
        .as_ref()
        .map_or_else(|| in_words(Some(found), &|value| format!("{value:+.3}")), nothing_in_words);
    [format!("{:.3}", found.mean_first), format!("{:.3}", found.mean_second), difference]
}

/// How many of the green checks stay so together.
fn together(results: &[CheckResult]) -> String {
    let is_directed = |result: &&CheckResult| {
        result.verdict == CheckVerdict::Green && result.difference.is_some_and(|found| found.is_clear())
    };
    let (n, n_together) = results.iter().filter(is_directed).fold((0, 0), |(n, n_together), result| {
        (n + 1, n_together + usize::from(result.p_together.is_some_and(|p| p < 0.05)))
    });
    format!(
        "Of the {n} green checks whose interval excludes zero, {n_together} do so after Holm's correction for all checks."
    )
}

/// The results with the check that each belongs to, in order.
fn rows(results: &[CheckResult]) -> impl Iterator<Item = (&'static Step, &'static Check, &CheckResult)> {
    let checks = steps().iter().flat_map(|step| step.checks.iter().map(move |check| (step, check)));
    checks.zip(results).map(|((step, check), result)| (step, check, result))
}

/// The suite as text for a terminal.
pub fn render_text(results: &[CheckResult], n_replicates: u32) -> String {
    let mut text = String::from("Conformance to the source's path (one-village; simulated people)\n");
    let n = |verdict| results.iter().filter(|result| result.verdict == verdict).count();
    let _ = writeln!(
        text,
        "{} green, {} unclear, {} red, {} open; {} paired seeds, 95% intervals",
        n(CheckVerdict::Green),
        n(CheckVerdict::Unclear),
        n(CheckVerdict::Red),
        n(CheckVerdict::Open),
        thousands(u64::from(n_replicates))
    );
    let _ = writeln!(text, "{}", together(results));
    if let Some(note) = few_note(n_replicates as usize, "pair") {
        let _ = writeln!(text, "{note}");
    }
    text.push('\n');
    let mut last = 0;
    for (step, check, result) in rows(results) {
        if step.number != last {
            let _ = writeln!(text, "{:>2}  {}", step.number, step.title);
            last = step.number;
        }
        let [whole, ablated, difference] = figures(result);
        let _ = writeln!(text, "    {:<8} {}: {whole}", word(result.verdict), check.outcome);
        let _ = writeln!(
            text,
            "             {}: {ablated}, difference {difference}, expected: {}",
            check.ablation,
            expectation(check.expected)
        );
    }
    text
}

/// The suite as a page of the documents, in Markdown.
pub fn render_page(results: &[CheckResult], n_replicates: u32, command: &str) -> String {
    let mut page = String::from(
        "# Conformance to the source's path\n\n\
         Generated; don't edit. Each step of the path that the project starts from is produced by a mechanism that can be \
         switched off. A check runs `one-village` over paired seeds with the mechanism on and with an ablation, and compares \
         an outcome written down beforehand. *green*: the 95% interval of the mean paired difference excludes zero in \
         the expected direction, or lies within the stated band; *unclear*: the direction is right but the interval includes \
         zero; *open*: nothing was expected, the result is to be read. The people are simulated; nothing here is a finding \
         about anyone real.\n\n",
    );
    let n_seeds = thousands(u64::from(n_replicates));
    let _ = writeln!(page, "Made by `{command}`: {n_seeds} paired seeds. {}\n", together(results));
    page.push_str("## Results\n\n| step | what happens | outcome | whole | ablation | ablated | difference (95%) | expected | verdict |\n|---|---|---|---|---|---|---|---|---|\n");
    for (step, check, result) in rows(results) {
        let [whole, ablated, difference] = figures(result);
        let _ = writeln!(
            page,
            "| {} | {} | {} | {whole} | {} | {ablated} | {difference} | {} | {} |",
            step.number,
            step.title,
            check.outcome,
            check.ablation,
            expectation(check.expected),
            word(result.verdict)
        );
    }
    page.push_str("\n## Where each step lives\n\n| step | what happens | file | function | parameters | source |\n|---|---|---|---|---|---|\n");
    for step in steps() {
        let parameters: Vec<String> = step.parameters.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(
            page,
            "| {} | {} | `{}` | `{}` | {} | {} |",
            step.number,
            step.title,
            step.file,
            step.function,
            parameters.join(", "),
            step.source
        );
    }
    page
}
