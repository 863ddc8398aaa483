//! A recovery in words: for a terminal, and as the page of verdicts.

use allegiance_lab::inference::confusion::NAMED_FROM;
use allegiance_lab::inference::coverage::Calibration;
use allegiance_lab::inference::instruments::Instrument;
use allegiance_lab::inference::verdict::{
    COVERAGE_BAND, DECIDED_SHARE, IDENTIFIABLE_CONTRACTION, Identifiability, RIGHT_SHARE, WEAK_CONTRACTION, WEAK_FORCED,
};
use allegiance_lab::inference::{EvidenceResult, PairResult, ParameterResult, Recovery, SlotResult, TournamentCheck};
use allegiance_model::parameters::Spread;
use allegiance_record::intervals::{Frequency, Interval};
use allegiance_show::text::{first_upper, number, signed, thousands, wrap};
use std::fmt::Write as _;

/// Width of a terminal's text.
const WIDTH: usize = 98;
/// A rank histogram this unlikely under evenness is reported as uneven; one in
/// a thousand, because a report holds about a hundred of them.
const UNEVEN: f64 = 0.001;

fn percent(share: f64) -> String {
    // Adding zero turns a rounded minus zero into zero.
    format!("{:.0}%", (100.0 * share).round() + 0.0)
}

fn with_interval(frequency: &Frequency) -> String {
    format!("{:.1}% ({:.1}–{:.1})", 100.0 * frequency.share, 100.0 * frequency.low_95, 100.0 * frequency.high_95)
}

/// What another kind of evidence would make of something the record doesn't
/// identify: the instruments that would raise the verdict.
fn what_would_help(recovery: &Recovery, verdict_of: &dyn Fn(&EvidenceResult) -> Identifiability) -> String {
    let now = verdict_of(&recovery.results[0]);
    if now == Identifiability::Identifiable {
        return "the record suffices".to_owned();
    }
    let better: Vec<(Identifiability, &str)> = recovery.results[1..]
        .iter()
        .map(|result| (verdict_of(result), result.evidence.as_str()))
        .filter(|(verdict, _)| *verdict > now)
        .collect();
    let Some(best) = better.iter().map(|(verdict, _)| *verdict).max() else {
        return "nothing tried here".to_owned();
    };
    let names: Vec<&str> = better.iter().filter(|(verdict, _)| *verdict == best).map(|&(_, name)| name).collect();
    let alone: Vec<&str> = names.iter().copied().filter(|name| *name != "all instruments").collect();
    let who = if alone.is_empty() { "all instruments together".to_owned() } else { alone.join("; ") };
    format!("{who} ({})", best.word())
}

fn parameter<'a>(result: &'a EvidenceResult, path: &str) -> &'a ParameterResult {
    let found = result.parameters.iter().find(|parameter| parameter.path == path);
    found.expect("every kind of evidence has every parameter")
}

fn helps_parameter(recovery: &Recovery, path: &str) -> String {
    what_would_help(recovery, &|result| parameter(result, path).verdict)
}

fn helps_pair(recovery: &Recovery, slot: fn(&EvidenceResult) -> &SlotResult, at: usize) -> String {
    what_would_help(recovery, &|result| slot(result).pairs[at].verdict)
}

/// Of which wars a verdict speaks, and of how many events.
fn of_what(recovery: &Recovery) -> String {
    let Interval { median, low_90, high_90, .. } = recovery.n_events;
    let [median, low, high] = [median, low_90, high_90].map(|value| number(value, 0));
    format!("{median} reported events in {} days ({low}–{high} in 90% of its wars)", recovery.n_days)
}

/// Fewer simulated wars than this leave the inference itself weak.
const FEW_DRAWS: usize = 10_000;

/// What few simulated wars mean for the verdicts; empty where there are enough.
fn few_draws(recovery: &Recovery) -> Option<String> {
    (recovery.n_draws < FEW_DRAWS).then(|| {
        format!(
            "{} simulated wars are few: half of them teach the regression what to look for, so \"not\" may be a verdict \
             on this small inference and not on the record, and more draws may identify more; what is identified \
             stands, as its intervals are checked",
            thousands(recovery.n_draws as u64)
        )
    })
}

/// Which wars were simulated, and what the verdicts are about.
fn heading(recovery: &Recovery) -> String {
    let mut text = format!(
        "{}: what its reported record could tell, if the model were true (simulated wars)\n\
         Every verdict below is about {}: {}.\n\
         {} wars simulated, {} of them inferred again ({} for each pair of theories), {} neighbours each\n\n",
        recovery.scenario,
        recovery.scenario,
        of_what(recovery),
        thousands(recovery.n_draws as u64),
        thousands(recovery.n_truths as u64),
        thousands(u64::from(recovery.truths_a_pair)),
        thousands(recovery.n_neighbours as u64)
    );
    if let Some(few) = few_draws(recovery) {
        text.push_str(&wrap(&format!("{few}."), WIDTH, ""));
        text.push('\n');
    }
    text
}

/// The recovery for a terminal.
pub fn render_recovery(recovery: &Recovery) -> String {
    let record = &recovery.results[0];
    let mut text = heading(recovery);
    let _ = writeln!(
        text,
        "{:<36} {:<13} {:>11} {:>20} {:>9}  would help",
        "PARAMETERS", "from record", "contraction", "90% covers", "p(ranks)"
    );
    for found in &record.parameters {
        let Calibration { coverage_90, p_uniform, contraction, .. } = &found.calibration;
        let _ = writeln!(
            text,
            "{:<36} {:<13} {:>11} {:>20} {:>9.3}  {}",
            found.path,
            found.verdict.word(),
            percent(*contraction),
            with_interval(coverage_90),
            p_uniform,
            helps_parameter(recovery, &found.path)
        );
    }
    for (title, slot) in SLOTS {
        let found = slot(record);
        let _ = writeln!(
            text,
            "\nTHEORIES OF {}, {} with {} events: named in {}, right in {} of these; pairs distinguished: {}",
            title.to_uppercase(),
            recovery.scenario,
            number(recovery.n_events.median, 0),
            with_interval(&found.confusion.decided),
            with_interval(&found.confusion.right),
            count_verdicts(&found.pairs)
        );
        text.push_str(&confusion_lines(found));
        for other in &recovery.results[1..] {
            let with = slot(other);
            let _ = writeln!(
                text,
                "  with {:<28} named in {:>4}, right in {:>4}; pairs: {}",
                other.evidence,
                percent(with.confusion.decided.share),
                percent(with.confusion.right.share),
                count_verdicts(&with.pairs)
            );
        }
    }
    if let Some(at_most) = at_most(recovery) {
        text.push('\n');
        text.push_str(&wrap(&format!("{}.", first_upper(&at_most)), WIDTH, ""));
    }
    text.push_str(&tournament_text(recovery));
    text
}

/// What the fresh wars say of a tournament; nothing where none were simulated.
fn tournament_text(recovery: &Recovery) -> String {
    let Some(check) = &recovery.tournament else { return String::new() };
    let mut text = format!(
        "\nTOURNAMENT on {} fresh wars of {}\n",
        thousands(u64::from(check.refused.n_cases)),
        recovery.scenario
    );
    for line in tournament_lines(check) {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// How tournaments fared on fresh wars, line by line.
fn tournament_lines(check: &TournamentCheck) -> Vec<String> {
    let shares = || check.coverage_90.iter().map(|(_, found)| found.share);
    let (least, most) = (shares().fold(1.0, f64::min), shares().fold(0.0, f64::max));
    let mut lines = vec![
        format!(
            "refused as unlike the simulated wars, though they are of the same kind: {}",
            with_interval(&check.refused)
        ),
        format!("90% intervals of the parameters hold the truth in {} to {}", percent(least), percent(most)),
    ];
    for ((title, _), (named, right)) in SLOTS.iter().zip(check.named.iter().zip(&check.right)) {
        let right = if right.n_cases == 0 { "none".to_owned() } else { with_interval(right) };
        lines.push(format!("a theory of {title} is named in {}, rightly in {right} of these", with_interval(named)));
    }
    lines
}

/// A slot of the theory.
type Slot = fn(&EvidenceResult) -> &SlotResult;

/// The slots with their words.
const SLOTS: [(&str, Slot); 2] = [("belief", |result| &result.belief), ("exit", |result| &result.exit)];

fn count_verdicts(pairs: &[PairResult]) -> String {
    let count = |verdict: Identifiability| pairs.iter().filter(|pair| pair.verdict == verdict).count();
    format!(
        "{} clearly, {} weakly, {} not",
        count(Identifiability::Identifiable),
        count(Identifiability::Weakly),
        count(Identifiability::Not)
    )
}

fn confusion_lines(slot: &SlotResult) -> String {
    let words = &slot.confusion.words;
    let mut text = format!("  {:<20}", "truth \\ named");
    for at in 0..words.len() {
        let _ = write!(text, " {:>5}", format!("({})", at + 1));
    }
    text.push_str("  none\n");
    for (at, (word, counts)) in words.iter().zip(&slot.confusion.counts).enumerate() {
        let _ = write!(text, "  {:<20}", format!("({}) {word}", at + 1));
        for count in counts {
            let _ = write!(text, " {count:>5}");
        }
        text.push('\n');
    }
    text
}

/// The page of verdicts on one war, such as docs/validation/generated/recovery.md.
pub fn render_recovery_page(recovery: &Recovery, command: &str) -> String {
    let mut page = opening(recovery, command);
    if let Some(few) = few_draws(recovery) {
        page.push_str(&wrap(&format!("**Few draws.** {few}."), 100, ""));
        page.push('\n');
    }
    in_short(&mut page, recovery);
    rules(&mut page, recovery);
    parameters_section(&mut page, recovery);
    for (title, slot) in SLOTS {
        theories_section(&mut page, recovery, title, slot);
    }
    calibration_section(&mut page, recovery);
    if let Some(check) = &recovery.tournament {
        tournament_section(&mut page, recovery, check);
    }
    limits(&mut page, recovery);
    page
}

fn opening(recovery: &Recovery, command: &str) -> String {
    format!(
        "<!-- Generated by `{command}`. Run it again rather than editing. -->\n\n\
         # Recovery: what a record of this kind can tell\n\n\
         Before anything is inferred from a real record, the same inference is put to wars whose parameters\n\
         and theories are known, because they were simulated. If it can't find them again there, its answers\n\
         about a real war would mean nothing. {} wars of `{}` (seed {}) were simulated, each under parameters\n\
         drawn from their [priors](../../reference/parameters.md) and under one of the theories of belief and of\n\
         exit, drawn by lot. {} of them, {} for each pair of theories, were then taken as truths, one at a\n\
         time, and inferred from all others by what the [observation model](../../concepts/model.md) leaves of\n\
         them: the reported record in UCDP GED columns, and nothing else unless a row says so.\n\n\
         **Every verdict below is about `{}` and a record of {}.** A larger war leaves a\n\
         longer record, which may tell more: ask for it with `allegiance recover SCENARIO`.\n\n",
        thousands(recovery.n_draws as u64),
        recovery.scenario,
        recovery.seed,
        thousands(recovery.n_truths as u64),
        thousands(u64::from(recovery.truths_a_pair)),
        recovery.scenario,
        of_what(recovery)
    )
}

fn in_short(page: &mut String, recovery: &Recovery) {
    let record = &recovery.results[0];
    let with = |verdict: Identifiability| {
        let names: Vec<String> = record
            .parameters
            .iter()
            .filter(|found| found.verdict == verdict)
            .map(|found| format!("`{}`", found.path))
            .collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let _ = write!(
        page,
        "## In short\n\nFrom the reported record of `{}` alone, {}:\n\n\
         - identifiable: {}\n- weakly: {}\n- not: {}\n",
        recovery.scenario,
        of_what(recovery),
        with(Identifiability::Identifiable),
        with(Identifiability::Weakly),
        with(Identifiability::Not)
    );
    if record.parameters.iter().any(|found| found.verdict == Identifiability::Miscalibrated) {
        let _ = writeln!(page, "- no verdict, intervals miscalibrated: {}", with(Identifiability::Miscalibrated));
    }
    for (title, slot) in SLOTS {
        let found = slot(record);
        let _ = writeln!(
            page,
            "- theories of {title}: pairs distinguished: {}; one is named at all in {} of wars",
            count_verdicts(&found.pairs),
            percent(found.confusion.decided.share)
        );
    }
    if let Some(at_most) = at_most(recovery) {
        let _ = writeln!(page, "- {at_most}");
    }
    page.push('\n');
}

/// What the record could tell at most, of the theories.
fn at_most(recovery: &Recovery) -> Option<String> {
    let bound = recovery.bound.as_ref()?;
    let of = |name: &str, slot: &SlotResult| {
        let n = slot.pairs.iter().filter(|pair| pair.verdict == Identifiability::Identifiable).count();
        format!("{n} of {} pairs of {name} ({:.2} nats)", slot.pairs.len(), slot.gained.max(0.0))
    };
    Some(format!(
        "at most: every incident with dead, as it happened, would tell apart {} and {}; no record can do better",
        of("belief", &bound.belief),
        of("exit", &bound.exit)
    ))
}

fn rules(page: &mut String, recovery: &Recovery) {
    let _ = write!(
        page,
        "## Rules, fixed beforehand\n\n\
         - A parameter is *identifiable* when its posterior variance is smaller than that of its prior by {} or\n  \
           more (its *contraction*), *weakly* from {}. Both only if the 90% intervals hold the truth in\n  \
           {}–{} of wars; otherwise there is no verdict.\n\
         - A theory is *named* when its posterior probability is {NAMED_FROM} or more; otherwise the inference\n  \
           abstains.\n\
         - A pair of theories is *distinguished* when, judged by the odds between the two, one is named in {} of\n  \
           their wars and is the true one in {} of those; *weakly* when the likelier one is true in more than\n  \
           {} of them (lower end of the 95% interval).\n\n\
         Priors are the ranges of the parameter dictionary, on\n\
         {}.\n\
         Method: predictors learned by regression on half of the wars (Fearnhead & Prangle 2012), the {} nearest\n\
         wars of the other half, local-linear adjustment (Beaumont et al. 2002), shares of theories among\n\
         neighbours (Estoup et al. 2012).\n\n",
        percent(IDENTIFIABLE_CONTRACTION),
        percent(WEAK_CONTRACTION),
        percent(COVERAGE_BAND.0),
        percent(COVERAGE_BAND.1),
        percent(DECIDED_SHARE),
        percent(RIGHT_SHARE),
        percent(WEAK_FORCED),
        scales(recovery),
        thousands(recovery.n_neighbours as u64)
    );
    page.push_str("Instruments that an inquiry could add, with errors that are judgement:\n\n");
    for instrument in Instrument::ALL {
        let _ = writeln!(page, "- **{}**: {}", instrument.name(), instrument.meaning());
    }
    page.push('\n');
}

fn scales(recovery: &Recovery) -> String {
    let of = |scale: Spread| recovery.priors.iter().filter(|prior| prior.scale == scale).count();
    format!(
        "a flat scale ({}) or, where they span a factor of ten or more, on a logarithmic one ({})",
        of(Spread::Flat),
        of(Spread::LogFlat)
    )
}

fn parameters_section(page: &mut String, recovery: &Recovery) {
    page.push_str("## Parameters\n\n");
    page.push_str("| parameter | prior | from the record | contraction | 90% intervals cover | what would help |\n");
    page.push_str("|---|---|---|---|---|---|\n");
    for (found, prior) in recovery.results[0].parameters.iter().zip(&recovery.priors) {
        let scale = if prior.scale == Spread::LogFlat { ", log" } else { "" };
        let _ = writeln!(
            page,
            "| `{}` | {}–{}{scale} | {} | {} | {} | {} |",
            found.path,
            prior.low,
            prior.high,
            found.verdict.word(),
            percent(found.calibration.contraction),
            with_interval(&found.calibration.coverage_90),
            helps_parameter(recovery, &found.path)
        );
    }
    page.push_str("\nContraction with each kind of evidence; the record is always part of it:\n\n| parameter |");
    for result in &recovery.results {
        let _ = write!(page, " {} |", result.evidence);
    }
    let _ = writeln!(page, "\n|---|{}", "---|".repeat(recovery.results.len()));
    for prior in &recovery.priors {
        let _ = write!(page, "| `{}` |", prior.path);
        for result in &recovery.results {
            let _ = write!(page, " {} |", percent(parameter(result, &prior.path).calibration.contraction));
        }
        page.push('\n');
    }
    page.push('\n');
}

fn theories_section(page: &mut String, recovery: &Recovery, title: &str, slot: Slot) {
    let _ = writeln!(page, "## Theories of {title}\n");
    for (result, intro) in [
        (&recovery.results[0], "From the record alone"),
        (&recovery.results[recovery.results.len() - 1], "With the record and every instrument"),
    ] {
        let confusion = &slot(result).confusion;
        let _ = writeln!(
            page,
            "{intro}, in `{}`: how often each theory is named, by the true one. One is named in {} of wars;\n\
             of those it is the true one in {}.\n",
            recovery.scenario,
            with_interval(&confusion.decided),
            if confusion.right.n_cases == 0 { "none".to_owned() } else { with_interval(&confusion.right) }
        );
        let _ = writeln!(page, "| truth | {} | *abstains* |", confusion.words.join(" | "));
        let _ = writeln!(page, "|---|{}", "---|".repeat(confusion.words.len() + 1));
        for (word, counts) in confusion.words.iter().zip(&confusion.counts) {
            let cells: Vec<String> = counts.iter().map(ToString::to_string).collect();
            let _ = writeln!(page, "| {word} | {} |", cells.join(" | "));
        }
        page.push('\n');
    }
    page.push_str(
        "By pair. *Likelier is true*: how often the likelier of the two is the true one, where a coin would be\n\
         right in 50%.\n\n\
         | pair | from the record | likelier is true | named | with everything | what would help |\n\
         |---|---|---|---|---|---|\n",
    );
    let all = slot(&recovery.results[recovery.results.len() - 1]);
    for (at, found) in slot(&recovery.results[0]).pairs.iter().enumerate() {
        let _ = writeln!(
            page,
            "| {} / {} | {} | {} | {} | {} | {} |",
            found.pair.first,
            found.pair.second,
            found.verdict.word(),
            with_interval(&found.pair.forced),
            percent(found.pair.decided.share),
            with_interval(&all.pairs[at].pair.forced),
            helps_pair(recovery, slot, at)
        );
    }
    page.push('\n');
}

fn calibration_section(page: &mut String, recovery: &Recovery) {
    let all: Vec<(&str, &ParameterResult)> = recovery
        .results
        .iter()
        .flat_map(|result| result.parameters.iter().map(|found| (result.evidence.as_str(), found)))
        .collect();
    let n_inside = all.iter().filter(|(_, found)| found.verdict != Identifiability::Miscalibrated).count();
    let _ = write!(
        page,
        "## Are the intervals what they say\n\n\
         Of {} combinations of parameter and evidence, {} have 90% intervals that cover {}–{}. Ranks of the truth\n\
         among posterior draws are even where all is well (simulation-based calibration, Talts et al. 2018); with\n\
         as many tests, only a p-value below {UNEVEN} counts as uneven.\n\n",
        all.len(),
        n_inside,
        percent(COVERAGE_BAND.0),
        percent(COVERAGE_BAND.1)
    );
    let bad: Vec<&(&str, &ParameterResult)> = all
        .iter()
        .filter(|(_, found)| found.verdict == Identifiability::Miscalibrated || found.calibration.p_uniform < UNEVEN)
        .collect();
    if bad.is_empty() {
        page.push_str("None fails either test.\n\n");
    } else {
        page.push_str("These fail one of the two:\n\n| parameter | evidence | coverage | p of even ranks | bias of ranks |\n|---|---|---|---|---|\n");
        for (evidence, found) in bad {
            let _ = writeln!(
                page,
                "| `{}` | {evidence} | {} | {:.4} | {}% |",
                found.path,
                with_interval(&found.calibration.coverage_90),
                found.calibration.p_uniform,
                signed(100.0 * found.calibration.rank_bias, 1)
            );
        }
        page.push('\n');
    }
    page.push_str("Ranks of the truth among 19 posterior draws, from the record alone:\n\n```text\n");
    for found in &recovery.results[0].parameters {
        let ranks: Vec<String> = found.calibration.ranks.iter().map(|n| format!("{n:>3}")).collect();
        let _ = writeln!(page, "{:<36} {}  p {:.3}", found.path, ranks.join(" "), found.calibration.p_uniform);
    }
    page.push_str("```\n\n");
}

fn tournament_section(page: &mut String, recovery: &Recovery, check: &TournamentCheck) {
    let _ = write!(
        page,
        "## The tournament on fresh wars\n\n\
         {} further wars of `{}`, drawn from the same priors and not in the table, each reported, read as a record\n\
         that is given, and put to `allegiance tournament`:\n\n",
        check.refused.n_cases, recovery.scenario
    );
    for line in tournament_lines(check) {
        let _ = writeln!(page, "- {line}");
    }
    page.push_str("\n| parameter | 90% intervals hold the truth |\n|---|---|\n");
    for (path, found) in &check.coverage_90 {
        let _ = writeln!(page, "| `{path}` | {} |", with_interval(found));
    }
    page.push('\n');
}

fn limits(page: &mut String, recovery: &Recovery) {
    let _ = write!(
        page,
        "## What this does not say\n\n\
         - It is about `{}`, whose record has {}.\n  \
           It says nothing about wars with longer records.\n\
         - It is about wars that this model makes. What cannot be distinguished here cannot be distinguished in a\n  \
           real record of such a war either; what can be distinguished here may still be confused in reality, where\n  \
           no theory is true.\n\
         - Parameters other than these keep the scenario's values. Were they uncertain too, less could be told.\n\
         - The reasons of leavers are the model's own words, told with an error. A real leaver's words would first\n  \
           have to be sorted into them; that step is not in the error, so they distinguish the theories of exit partly\n  \
           by construction.\n\
         - The errors of instruments are judgement. A survey with access to few or to the wrong people is worse.\n\
         - A better inference could find more. Summaries of a record lose something, and a regression on them and\n  \
           their squares loses more. *Not identifiable* means: not by this inference.\n",
        recovery.scenario,
        of_what(recovery)
    );
}
