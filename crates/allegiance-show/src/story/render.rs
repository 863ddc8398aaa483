//! A story as text for people.

use super::{Story, Who};
use crate::text::{sex_and_age, wrap};
use std::fmt::Write as _;

/// Width of the text, in characters.
const WIDTH: usize = 96;
/// Left margin of what hangs below a heading.
const MARGIN: &str = "            ";

/// The story as plain text of about 96 columns, without colour.
pub fn render_story(story: &Story) -> String {
    let who = &story.who;
    let mut text = format!(
        "Simulated person {} · replicate {} of {}, seed {}\nSynthetic: no one real.\n\n",
        who.person, story.replicate, story.scenario, story.seed
    );
    text.push_str(&wrap(&story.plain, WIDTH, ""));
    text.push('\n');
    text.push_str(&hanging("Who", &who_sentences(who)));
    text.push('\n');
    let mut last = (String::new(), String::new());
    for turn in &story.path {
        let here = (turn.date.clone(), turn.place_name.clone());
        if here != last {
            let _ = writeln!(text, "{}  {}", turn.date, turn.place_name);
            last = here;
        }
        for sentence in turn.sentences.iter().chain(&turn.numbers) {
            text.push_str(&wrap(sentence, WIDTH - MARGIN.len(), MARGIN));
        }
    }
    if story.path.is_empty() {
        text.push_str("Nothing that the tables record happened to this person.\n");
    }
    text.push('\n');
    text.push_str(&hanging(if story.has_left() { "Why" } else { "Why not" }, &story.why));
    text.push_str(&hanging("At the end", std::slice::from_ref(&story.end)));
    text
}

/// Sentences below each other, with a heading in the margin of the first.
fn hanging(heading: &str, sentences: &[String]) -> String {
    let mut text = String::new();
    for sentence in sentences {
        text.push_str(&wrap(sentence, WIDTH - MARGIN.len(), MARGIN));
    }
    if text.is_empty() {
        return text;
    }
    format!("{heading:<width$}{}", &text[MARGIN.len()..], width = MARGIN.len())
}

fn who_sentences(who: &Who) -> Vec<String> {
    let home = match (&who.home_name, who.household, who.clan) {
        (Some(home), Some(household), Some(clan)) => {
            format!("from {home}, household {household}, clan {clan}")
        }
        (Some(home), ..) => format!("from {home}"),
        (None, ..) => "foreign, without a home in the scenario".to_owned(),
    };
    let mut sentences = vec![format!("{}, {home}.", sex_and_age(who.is_female, who.age))];
    if let Some(group) = &who.first_group_name {
        sentences.push(format!(
            "Motives: ideology {:.2}, material {:.2}, social {:.2}.",
            who.motive_ideology, who.motive_material, who.motive_social
        ));
        let unit = who.unit.map_or_else(String::new, |unit| format!(", unit {unit}"));
        sentences.push(format!("First group: {group}{unit}."));
    }
    sentences
}
