//! A tournament of theories as text.

use allegiance_lab::inference::Tournament;
use allegiance_lab::inference::confusion::NAMED_FROM;
use allegiance_show::text::{count, number, thousands, wrap};
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
