//! The run beside another, or an experiment.

use super::charts::draw_lines;
use crate::experiment::{share_in_words, signs_told};
use crate::facts::{Compared, ReportFacts};
use crate::html::{count, data, folded, plain, signed, table, texts};
use crate::looks::Look;
use crate::svg::{Line, TimeChart};
use allegiance_lab::experiment::{ArmDiffers, ArmOutcome, ExperimentResults};
use allegiance_record::difference::Difference;
use allegiance_record::manifest::Manifest;
use allegiance_record::setup_differences::SetupDifference;
use allegiance_record::shell_word;
use allegiance_show::difference::{
    few_note, in_words, nothing_in_a_cell, nothing_sentence, percent_in_words, sign_in_words,
};
use allegiance_show::setup_differences::setup_differences_in_words;
use allegiance_show::text::first_upper;
use allegiance_show::view::{Measure, SeriesDifference, label, untold_sentence};
use maud::{Markup, html};

/// The measures that are drawn.
const DRAWN: [(Measure, &str); 2] = [(Measure::Strength, "active members"), (Measure::Exits, "exits so far")];

/// Caption of the table of differences.
const LAST_DAYS: &str = "mean with 95% interval; sign: together where the interval excludes zero after Holm's correction for all comparisons, alone where it does so only \
by itself, else how many more pairs would tell it";

/// The section's title: what differs between two runs needn't be a theory.
pub(crate) fn title(facts: &ReportFacts) -> &'static str {
    match facts.compared.as_slice() {
        [] => "Theories compared",
        [Compared::Run { .. }] => "Compared with another run",
        [Compared::Experiment(_)] => "Compared in an experiment",
        more if more.iter().any(|one| matches!(one, Compared::Run { .. })) => "Compared with other runs",
        _ => "Compared in experiments",
    }
}

pub(crate) fn section(facts: &ReportFacts, looks: &[Look]) -> Markup {
    match facts.compared.as_slice() {
        [] => alone(facts),
        [one] => with(facts, looks, one),
        more => html! {
            (side_by_side(facts, more))
            @for one in more {
                h3 { (heading(facts, one)) }
                (with(facts, looks, one))
            }
        },
    }
}

fn with(facts: &ReportFacts, looks: &[Look], compared: &Compared) -> Markup {
    match compared {
        Compared::Run { manifest, differs, nothing_differs: Some(nothing), .. } => {
            html! {
                p { (nothing_sentence(nothing)) }
                (what_differs(&names_of(&facts.manifest, manifest), differs))
                (the_two(&facts.manifest, manifest))
            }
        }
        Compared::Run { manifest, differs, notes, differences, n_pairs, nothing_differs: None } => {
            html! {
                (what_differs(&names_of(&facts.manifest, manifest), differs))
                (beside(facts, looks, (manifest, *n_pairs, notes), differences))
            }
        }
        Compared::Experiment(results) => experiment(facts, results),
    }
}

/// What one of several is called.
fn heading(facts: &ReportFacts, compared: &Compared) -> String {
    match compared {
        Compared::Run { manifest, .. } => {
            let [_, other] = names_of(&facts.manifest, manifest);
            first_upper(&other)
        }
        Compared::Experiment(results) => results.title.clone(),
    }
}

/// The measures of the table of several runs.
const SIDE_BY_SIDE: [Measure; 3] = [Measure::PopulationShare, Measure::Strength, Measure::Exits];

/// Several runs in one table: each minus this run on the last day.
fn side_by_side(facts: &ReportFacts, compared: &[Compared]) -> Markup {
    let runs: Vec<(String, &[SeriesDifference])> = compared
        .iter()
        .filter_map(|one| match one {
            Compared::Run { differences, .. } => Some((heading(facts, one), differences.as_slice())),
            Compared::Experiment(_) => None,
        })
        .collect();
    if runs.len() < 2 {
        return html! {};
    }
    let rows = SIDE_BY_SIDE.into_iter().flat_map(|measure| {
        let runs = &runs;
        facts.setting.groups.iter().enumerate().map(move |(group, named)| {
            let of = |differences: &[SeriesDifference]| {
                let found =
                    differences.iter().find(|found| found.measure == measure && usize::from(found.group) == group);
                found.map_or_else(|| ["–"; 2].map(str::to_owned), |found| [found.baseline.clone(), found.words.clone()])
            };
            let baseline = runs.first().map_or_else(String::new, |(_, differences)| of(differences)[0].clone());
            let named = [format!("{}: {}", named.name, measure.name()), baseline];
            named.into_iter().chain(runs.iter().map(|(_, differences)| of(differences)[1].clone())).collect()
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let header: Vec<String> =
        texts(["", "this run, mean"]).into_iter().chain(runs.iter().map(|(name, _)| name.clone())).collect();
    table(
        "Each run minus this one on the last day that both have: mean over pairs with its 95% interval",
        &header,
        &rows,
    )
}

fn alone(facts: &ReportFacts) -> Markup {
    let manifest = &facts.manifest;
    html! {
        p {
            "One pair of theories was run (" (plain(&manifest.theory.belief)) ", " (plain(&manifest.theory.exit))
            "), so this report can't say whether any of it holds under a rival. Whether a change has the same sign under every "
            "theory: " code { "allegiance compare " (manifest.scenario_id) " --set-b KEY=VALUE --theories" }
            ". Two theories side by side: run the other with the same seed and "
            code { "allegiance report " (shell_word(&facts.folder)) " OTHER-RUN" } "."
        }
    }
}

/// Names longer than this aren't repeated in sentences.
const LONGEST_NAME: usize = 60;

/// What two runs are called: their scenarios with what was changed, their theories where that is the same, and this
/// run and the other where nothing short tells them apart.
fn names_of(first: &Manifest, second: &Manifest) -> [String; 2] {
    let by_label = [first, second].map(|run| label(&run.scenario_id, &run.changes));
    let by_theory = [first, second].map(|run| format!("{} ({})", run.scenario_id, theories(run)));
    let tells =
        |names: &[String; 2]| names[0] != names[1] && names.iter().all(|name| name.chars().count() <= LONGEST_NAME);
    let found = [by_label, by_theory].into_iter().find(tells);
    found.unwrap_or_else(|| ["this run".to_owned(), "the other run".to_owned()])
}

/// What the second run was given otherwise than this one.
fn what_differs([first, second]: &[String; 2], differs: &Result<Vec<SetupDifference>, String>) -> Markup {
    let words = match differs {
        Err(why) => return html! { p { (untold_sentence(why)) } },
        Ok(differs) => setup_differences_in_words(differs),
    };
    html! {
        p { "What differs, in " (second) " as seen from " (first) ":" @if words.is_empty() { " nothing." } }
        @if !words.is_empty() { ul.sentences { @for line in &words { li { (line) } } } }
    }
}

fn theories(manifest: &Manifest) -> String {
    format!("{} / {}", plain(&manifest.theory.belief), plain(&manifest.theory.exit))
}

/// What each of the two runs is.
fn the_two(first: &Manifest, second: &Manifest) -> Markup {
    let changes = |manifest: &Manifest| {
        if manifest.changes.is_empty() { "nothing".to_owned() } else { manifest.changes.join(", ") }
    };
    let rows: Vec<Vec<String>> = names_of(first, second)
        .into_iter()
        .zip([first, second])
        .map(|(name, manifest)| {
            vec![
                name,
                manifest.scenario_title.clone(),
                theories(manifest),
                changes(manifest),
                manifest.n_replicates.to_string(),
                manifest.n_days.to_string(),
            ]
        })
        .collect();
    table(
        "The two runs",
        &texts(["run", "scenario", "belief / exit", "changed by the user", "replicates", "days"]),
        &rows,
    )
}

fn beside(
    facts: &ReportFacts,
    looks: &[Look],
    (second, n_pairs, notes): (&Manifest, usize, &[String]),
    differences: &[SeriesDifference],
) -> Markup {
    let first = &facts.manifest;
    let n_days = first.n_days.min(second.n_days);
    let [a, b] = names_of(first, second);
    let minus = format!("{b} minus {a}");
    html! {
        p {
            (first_upper(&minus)) ", paired by replicate: pairs share their seed and every draw that their difference "
            "doesn't touch. Intervals are 95% intervals of the mean over " (count(n_pairs, "pair")) ". A difference says "
            "what the model does under its assumptions, not what would have happened."
        }
        @for note in notes { p { (note) } }
        @if first.theory == second.theory {
            p { "Both runs are under the same theories (" (theories(first)) "); what differs is the rest." }
        }
        (the_two(first, second))
        @for (measure, name) in DRAWN {
            (drawn(facts, looks, differences, (measure, name, &minus), n_days))
        }
        (table(&format!("Differences on the last day that both have, {minus}, in percent of {a}: {LAST_DAYS}"), &header(facts), &last_days(facts, differences)))
        (folded("In sentences", &html! {
            ul.sentences { @for found in differences { li { (found.sentence) } } }
        }))
    }
}

fn drawn(
    facts: &ReportFacts,
    looks: &[Look],
    differences: &[SeriesDifference],
    (measure, name, minus): (Measure, &str, &str),
    n_days: u32,
) -> Markup {
    let of_measure: Vec<&SeriesDifference> = differences.iter().filter(|found| found.measure == measure).collect();
    let lines: Vec<Line<'_>> = of_measure
        .iter()
        .filter_map(|found| {
            let look = looks.get(usize::from(found.group))?;
            let values = &found.day_values;
            let days = || (0..values.mean.len()).map(|day| day as f64);
            let edges = days().zip(values.low.iter().zip(&values.high)).map(|(day, (&low, &high))| (day, low, high));
            Some(Line {
                look,
                points: days().zip(values.mean.iter().copied()).collect(),
                band: edges.collect(),
                name: None,
            })
        })
        .collect();
    let low = of_measure.iter().flat_map(|found| &found.day_values.low).copied().fold(0.0, f64::min);
    let high = of_measure.iter().flat_map(|found| &found.day_values.high).copied().fold(0.0, f64::max);
    let chart =
        TimeChart { start: facts.setting.start, n_days, is_share: false, has_names: true, width: 860.0, height: 280.0 };
    let alt = |of: &[usize]| {
        let sentences: Vec<&str> = of.iter().map(|&at| of_measure[at].sentence.as_str()).collect();
        format!("Line chart of the difference in {name}. {}", sentences.join(" "))
    };
    let rows: Vec<Vec<String>> = (0..n_days as usize)
        .filter(|day| day % 7 == 0 || *day + 1 == n_days as usize)
        .map(|day| {
            let cell = |found: &&SeriesDifference| {
                let values = &found.day_values;
                let [low, mean, high] =
                    [&values.low, &values.mean, &values.high].map(|of| of.get(day).copied().unwrap_or(0.0));
                // Where no pair differs there is no interval, and both ends are the mean.
                let interval =
                    if low < high { format!(" ({} to {})", signed(low, 1), signed(high, 1)) } else { String::new() };
                format!("{}{interval}", signed(mean, 1))
            };
            std::iter::once(facts.setting.date(day as u32).to_string()).chain(of_measure.iter().map(cell)).collect()
        })
        .collect();
    let groups = facts.setting.groups.iter().map(|group| group.name.clone());
    let header: Vec<String> = std::iter::once("date".to_owned()).chain(groups).collect();
    html! {
        figure.wide {
            figcaption { b { "Difference in " (name) } " " span { (minus) ": mean over pairs, with its 95% band" } }
            (draw_lines(chart, &lines, (low, high), &[], &alt))
            (data(&format!("Difference in {name}: mean (95% interval)"), &header, &rows))
        }
    }
}

fn header(facts: &ReportFacts) -> Vec<String> {
    let groups = facts.setting.groups.iter().map(|group| group.name.clone());
    std::iter::once("measure".to_owned()).chain(groups).collect()
}

fn last_days(facts: &ReportFacts, differences: &[SeriesDifference]) -> Vec<Vec<String>> {
    let n_groups = facts.setting.groups.len();
    Measure::ALL
        .into_iter()
        .map(|measure| {
            let cell = |group: usize| {
                let mut of_measure = differences.iter().filter(|found| found.measure == measure);
                let found = of_measure.find(|found| usize::from(found.group) == group);
                let Some(found) = found else { return "–".to_owned() };
                let brackets: Vec<&str> = [&found.percent, &found.sign]
                    .into_iter()
                    .map(String::as_str)
                    .filter(|words| !words.is_empty())
                    .collect();
                let brackets = if brackets.is_empty() { String::new() } else { format!(" ({})", brackets.join("; ")) };
                format!("{}{brackets}", found.words)
            };
            std::iter::once(measure.name().to_owned()).chain((0..n_groups).map(cell)).collect()
        })
        .collect()
}

fn experiment(facts: &ReportFacts, results: &ExperimentResults) -> Markup {
    let baseline = results.arms.iter().find(|arm| arm.id == results.baseline);
    let title = baseline.map_or("", |arm| arm.title.as_str());
    let header = texts([
        "outcome",
        "arm",
        "difference, 95% interval",
        "percent",
        "sign told",
        "sign under the theories",
        "sign over prior draws",
    ]);
    let rows: Vec<Vec<String>> = results.differences.iter().map(|found| row(results, found)).collect();
    html! {
        p { "From the experiment " (results.title) ": " (results.question.trim()) }
        p {
            "Each arm minus the baseline, " (results.baseline) @if !title.is_empty() { " (" (title) ")" } ", over "
            (count(results.n_replicates as usize, "replicate")) " with the same random draws. " (signs_told(&results.family))
            @if results.family.n > 1 { " Together: its interval excludes zero where all of them hold at once, in 95 of 100 experiments." }
            @if results.n_theory_replicates > 0 {
                " Under the theories: under how many the interval lies above zero, below it, or includes it. "
                "A pair of theories or a draw in which no replicate differs is counted as without a difference."
            }
            @if results.scenario != facts.manifest.scenario_id {
                " The experiment is on " code { (results.scenario) } ", and this run on " code { (facts.manifest.scenario_id) } "."
            }
        }
        @if let Some(note) = few_note(results.n_replicates as usize, "replicate") { p { (note) } }
        ul.sentences {
            @for arm in results.arms.iter().filter(|arm| arm.id != results.baseline) {
                li {
                    code { (arm.id) } ": " (arm.title) ". What differs: " (listed(&arm.differs))
                }
            }
        }
        (table("Differences between arms", &header, &rows))
    }
}

fn listed(differs: &ArmDiffers) -> String {
    let words = setup_differences_in_words(&differs.setup);
    let words = if words.is_empty() { "nothing".to_owned() } else { words.join("; ") };
    let came = differs.nothing_came.as_ref().map(|nothing| format!(" {}", nothing_sentence(nothing)));
    format!("{words}.{}", came.unwrap_or_default())
}

/// The row of one arm and outcome.
fn row(results: &ExperimentResults, found: &ArmOutcome) -> Vec<String> {
    let difference = found.difference.as_ref();
    let counts = |[up, down, unclear, same]: [usize; 4]| {
        let nothing = if same > 0 { format!(", {same} without a difference") } else { String::new() };
        format!("{up} up, {down} down, {unclear} unclear{nothing}")
    };
    let theories = found
        .agreement
        .theories
        .as_ref()
        .map_or_else(|| "not tried".to_owned(), |seen| counts([seen.n_up, seen.n_down, seen.n_unclear, seen.n_same]));
    let priors = found.agreement.priors.as_ref().map_or_else(
        || "not tried".to_owned(),
        |seen| {
            let share =
                seen.share_up.map_or_else(String::new, |share| format!("; {} above zero", share_in_words(share)));
            format!("{}{share}", counts([seen.n_up, seen.n_down, seen.n_unclear, seen.n_same]))
        },
    );
    let mut cells = vec![format!("{} ({})", found.outcome, found.unit), found.arm.clone()];
    if let Some(nothing) = results.nothing_came(&found.arm) {
        cells.extend([nothing_in_a_cell(nothing), String::new(), String::new()]);
    } else {
        let sign = sign_in_words(difference, found.p_together());
        cells.extend([in_words(difference, &scaled(difference)), percent_in_words(difference), sign]);
    }
    cells.extend([theories, priors]);
    cells
}

/// Writes numbers with as many digits as the largest of a difference needs.
fn scaled(found: Option<&Difference>) -> impl Fn(f64) -> String + use<> {
    let ends = found.and_then(|found| found.interval).map_or([0.0; 2], |interval| [interval.low, interval.high]);
    let largest = ends.into_iter().chain(found.map(|found| found.mean)).fold(0.0_f64, |most, end| most.max(end.abs()));
    let digits = if largest >= 100.0 {
        0
    } else if largest >= 1.0 {
        1
    } else {
        3
    };
    move |value: f64| signed(value, digits)
}
