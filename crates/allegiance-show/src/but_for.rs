//! An answer of but-for as text for people.

use crate::difference::{few_note, in_words, same_futures_sentence};
use crate::text::{columns, in_points, signed, thousands};
use allegiance_record::but_for::{ButFor, ButForInput, Leaving, TakenOut};
use std::fmt::Write as _;

/// The answer as text: the question, the shares with their difference, and the war.
pub fn render_but_for(input: &ButForInput<'_>, found: &ButFor) -> String {
    let (setup, incident) = (input.setup, &input.incident);
    let what = match input.taken_out {
        TakenOut::Incident(_) => "taken out",
        TakenOut::Exposure(..) => "hidden from this person only",
    };
    let mut text = format!(
        "Person {} in replicate {}. Simulated person: synthetic, no one real.\n\
         Incident {}, {what}: {} by {} in {} on {}.\n\
         {} futures from the evening of {}, each with and without it on the same random draws; 95% intervals.\n\n",
        input.person.0,
        input.replicate,
        incident.incident.0,
        incident.kind.word(),
        setup.groups[incident.perpetrator.idx()].name,
        setup.places[incident.place.idx()].name,
        setup.start.plus_days(incident.day.0),
        thousands(u64::from(found.n_futures)),
        setup.start.plus_days(found.day),
    );
    if let Some(note) = few_note(found.n_futures as usize, "future") {
        let _ = writeln!(text, "{note}\n");
    }
    if let Some(nothing) = &found.nothing_differs {
        let _ = writeln!(text, "{}\n", same_futures_sentence(nothing));
        return text;
    }
    let mut rows = vec![["by the end", "with", "without", "difference"].map(str::to_owned).to_vec()];
    rows.extend(found.leaving.iter().chain(std::iter::once(&found.died)).map(leaving_row));
    text.push_str(&columns(&rows, ""));
    text.push('\n');
    let mut rows = vec![["the war", "with", "without", "difference"].map(str::to_owned).to_vec()];
    for change in &found.war {
        rows.push(match change.difference {
            Some(d) => vec![
                change.outcome.clone(),
                format!("{:.2}", d.mean_second),
                format!("{:.2}", d.mean_first),
                in_words(Some(&d), &|value| format!("{value:+.2}")),
            ],
            None => vec![change.outcome.clone(), "–".to_owned(), "–".to_owned(), "–".to_owned()],
        });
    }
    text.push_str(&columns(&rows, ""));
    let _ = writeln!(
        text,
        "\nThe shares are over futures that the model could have drawn, not over the one that came about. Differences\n\
         are of the shares before rounding."
    );
    text
}

fn leaving_row(row: &Leaving) -> Vec<String> {
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let points = |share: f64| signed(100.0 * share, 0);
    let difference = in_points(&points(row.difference));
    let interval = row.low.zip(row.high).map(|(low, high)| format!(" [{}, {}]", points(low), points(high)));
    vec![
        row.how.to_owned(),
        percent(row.with.share),
        percent(row.without.share),
        difference + &interval.unwrap_or_default(),
    ]
}
