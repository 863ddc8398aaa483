//! What would have become of a person without one incident.

use crate::difference::{few_note, same_futures_sentence};
use crate::story::incident_sentence;
use crate::text::{in_points, signed, thousands};
use allegiance_model::ids::PersonId;
use allegiance_model::tables::Incident;
use allegiance_record::but_for::{ButFor, Leaving};
use allegiance_record::setting::Setting;
use serde::Serialize;

/// The answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ButForView {
    /// The person.
    pub person: u32,
    /// The incident taken out.
    pub incident: Option<u32>,
    /// Pairs of futures.
    pub n_replicates: u32,
    /// The answer in words.
    pub sentences: Vec<String>,
    /// Share of the futures with the incident in which he left.
    pub p_left_with: f64,
    /// Share of those without it.
    pub p_left_without: f64,
    /// With minus without.
    pub difference: f64,
    /// Lower end of its 95% interval; empty where no pair of futures differs.
    pub low: Option<f64>,
    /// Upper end of its 95% interval.
    pub high: Option<f64>,
}

impl ButForView {
    /// The answer to a question about a person and an incident.
    pub fn of(setting: &Setting, person: PersonId, incident: &Incident, found: &ButFor) -> Self {
        let n = found.n_futures;
        let mut sentences = vec![
            format!("Taken out: {}", incident_sentence(setting, incident)),
            format!(
                "{} futures from the evening of {}, each with and without it on the same random draws.",
                thousands(u64::from(n)),
                setting.date(found.day)
            ),
        ];
        sentences.extend(few_note(n as usize, "future"));
        match &found.nothing_differs {
            Some(nothing) => sentences.push(same_futures_sentence(nothing)),
            None => sentences.extend(found.leaving.iter().chain([&found.died]).map(in_words)),
        }
        sentences.push(
            "The shares are over futures that the model could have drawn, not over the one that came about. Differences are \
             of the shares before rounding."
                .into(),
        );
        let left = found.leaving.iter().find(|leaving| leaving.how == "left").unwrap_or(&found.died);
        Self {
            person: person.0,
            incident: Some(incident.incident.0),
            n_replicates: n,
            sentences,
            p_left_with: left.with.share,
            p_left_without: left.without.share,
            difference: left.difference,
            low: left.low,
            high: left.high,
        }
    }
}

fn in_words(leaving: &Leaving) -> String {
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let points = |share: f64| signed(100.0 * share, 0);
    let interval = leaving.low.zip(leaving.high);
    let interval =
        interval.map(|(low, high)| format!(", 95% interval {} to {}", points(low), points(high))).unwrap_or_default();
    format!(
        "{} by the end: {} with it, {} without it; difference {}{interval}.",
        leaving.how.replacen(|letter: char| letter.is_ascii_lowercase(), &leaving.how[..1].to_uppercase(), 1),
        percent(leaving.with.share),
        percent(leaving.without.share),
        in_points(&points(leaving.difference)),
    )
}
