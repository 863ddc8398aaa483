//! A tournament of theories as text.

use crate::result_table::{Cell, Column, ResultTable};
use allegiance_lab::inference::Tournament;
use allegiance_lab::inference::confusion::NAMED_FROM;
use allegiance_lab::inference::log_score::LogScores;
use allegiance_show::text::{count, number, table, thousands, wrap};
use std::fmt::Write as _;

/// What the theories were put to.
fn known(tournament: &Tournament) -> String {
    let events = tournament.n_events.map(|n| count(n, "reported event"));
    events.into_iter().chain(tournament.evidence.iter().cloned()).collect::<Vec<String>>().join(" and ")
}

/// The tournament for a terminal.
pub fn render_tournament(tournament: &Tournament) -> String {
    let mut text = format!(
        "{}: which theory could have produced this: {}\n\
         {} simulated wars of {} under all theories and their priors, of {} reported events ({} to {} in 90%\n\
         of them); the nearest {} decide; a theory is named from a posterior probability of {NAMED_FROM} on\n\n",
        tournament.scenario,
        known(tournament),
        thousands(tournament.n_draws as u64),
        tournament.scenario,
        number(tournament.n_events_simulated.median, 0),
        number(tournament.n_events_simulated.low_90, 0),
        number(tournament.n_events_simulated.high_90, 0),
        thousands(tournament.n_neighbours as u64)
    );
    for slot in &tournament.slots {
        let _ = writeln!(text, "THEORIES OF {:<22} posterior   95% interval  odds to null", slot.slot.to_uppercase());
        for found in &slot.contestants {
            let _ = writeln!(
                text,
                "  {:<32} {:>9.3}   {:.3}–{:.3} {:>12.2}",
                found.theory, found.posterior, found.low_95, found.high_95, found.odds_to_null
            );
        }
        let _ = writeln!(
            text,
            "  {}\n",
            slot.named.as_deref().map_or_else(
                || if tournament.is_refused {
                    "none is named: what is known is unlike what the simulated wars give".to_owned()
                } else {
                    format!("none is named: {} of {} don't decide", known(tournament), tournament.scenario)
                },
                |theory| format!("named, for {} of {}: {theory}", known(tournament), tournament.scenario)
            )
        );
    }
    let _ = writeln!(text, "PARAMETERS, over all theories{:>32}   90% interval", "median");
    for (path, interval) in &tournament.parameters {
        let _ =
            writeln!(text, "  {path:<48} {:>10.4}   {:.4}–{:.4}", interval.median, interval.low_90, interval.high_90);
    }
    if let Some(scores) = &tournament.log_scores {
        text.push_str(&render_scores(scores));
    }
    let unlike = &tournament.unlike;
    let _ = writeln!(
        text,
        "\nOf {} summaries of it, {} lie outside nearly all simulated wars{}",
        tournament.n_summaries,
        unlike.len(),
        if unlike.is_empty() { "." } else { ":" },
    );
    if !unlike.is_empty() {
        text.push_str(&wrap(&unlike.join(", "), 96, "  "));
    }
    let _ = writeln!(
        text,
        "How far such answers can be trusted, for wars of {}, is what a recovery on it tells.",
        tournament.scenario
    );
    text
}

/// The tournament, for other programs and papers.
pub fn table_of_tournament(tournament: &Tournament) -> ResultTable {
    let rows = tournament.slots.iter().flat_map(|slot| {
        slot.contestants.iter().map(|found| {
            let is_named = slot.named.as_ref() == Some(&found.theory);
            [
                slot.slot.into(),
                found.theory.clone().into(),
                Cell::Range(Some([found.posterior, found.low_95, found.high_95])),
                found.odds_to_null.into(),
                if is_named { "yes" } else { "no" }.into(),
            ]
        })
    });
    ResultTable::new(
        format!(
            "{}, from {}: posterior probabilities of the theories of each slot, all as likely before, with the 95% interval \
             that {} simulated wars allow; named from {NAMED_FROM} on.",
            tournament.scenario,
            known(tournament),
            thousands(tournament.n_draws as u64),
        ),
        [
            Column::text("slot"),
            Column::text("theory"),
            Column::range("posterior"),
            Column::number("odds_to_null"),
            Column::text("named"),
        ],
        rows,
    )
}

/// Scores on a joint table, and what is predicted for each of its cells.
fn render_scores(scores: &LogScores) -> String {
    let mut text = format!(
        "\nWHO ANSWERS YES, of {} people in {} cells: log score a person in ten-fold cross-validation, in nats\n",
        thousands(u64::from(scores.n_persons)),
        scores.cells.len()
    );
    let rows = scores
        .scores
        .iter()
        .map(|score| vec![score.predictor.clone(), number(score.score, 4), format!("{:+.4}", score.gain)]);
    text.push_str(&table(&["predicted by", "score", "above shares"], &rows.collect::<Vec<_>>()));
    let percent = |share: f64| format!("{:.0}%", (100.0 * share).round() + 0.0);
    let mut header = vec!["cell", "people", "found"];
    header.extend(scores.scores.iter().map(|score| score.predictor.as_str()));
    let rows = scores.cells.iter().enumerate().map(|(at, cell)| {
        let mut row = vec![cell.clone(), scores.n[at].to_string(), percent(scores.found[at])];
        row.extend(scores.scores.iter().map(|score| percent(score.predicted[at])));
        row
    });
    text.push('\n');
    text.push_str(&table(&header, &rows.collect::<Vec<_>>()));
    text
}
