//! What a reported record tells in ever larger wars, beside what it could tell at most.

use allegiance_lab::inference::verdict::Identifiability;
use allegiance_lab::inference::{EvidenceResult, Recovery, SlotResult};
use allegiance_show::text::{markdown_table, number, table, thousands, wrap};
use std::fmt::Write as _;

const WIDTH: usize = 98;

/// The theories of one slot in what was inferred.
type Slot = fn(&EvidenceResult) -> &SlotResult;

/// The rungs of a ladder, as text or as Markdown.
pub fn render_ladder(rungs: &[Recovery], is_markdown: bool) -> String {
    let mut text = String::from("What a reported record tells, as wars grow\n\n");
    if is_markdown {
        text.insert_str(0, "# ");
    }
    let each = |count: fn(&Recovery) -> usize| {
        let of = |rung: &Recovery| format!("{} of {}", thousands(count(rung) as u64), rung.scenario);
        rungs.iter().map(of).collect::<Vec<String>>().join(", ")
    };
    text.push_str(&wrap(
        &format!(
            "Simulated wars, whose theories and parameters are known: {}. Inferred again: {}. Told apart, named and \
             identifiable are what they are in a recovery. Right: how often the likelier of two theories is the true one, \
             over all pairs; a half is chance. Nats: what is learned of the true theory, 0 for nothing, and below 0 where \
             the inference misleads. At most: the same from every incident in which somebody died, as it happened, which \
             no record can do better than.",
            each(|rung| rung.n_draws),
            each(|rung| rung.n_truths)
        ),
        WIDTH,
        "",
    ));
    let slots: [(&str, Slot); 2] = [("exit", |found| &found.exit), ("belief", |found| &found.belief)];
    for (name, slot) in slots {
        let Some(n) = rungs.first().map(|rung| slot(&rung.results[0]).confusion.words.len()) else { continue };
        let title = format!("Theories of {name}: {n}, so {:.2} nats in all", (n as f64).ln());
        let head = ["war", "days", "reported events", "told apart", "right", "named", "nats"];
        let head: Vec<&str> = head.into_iter().chain(["at most: told apart", "right", "nats"]).collect();
        titled(&mut text, &title, &head, rungs.iter().map(|rung| row(rung, slot)).collect(), is_markdown);
    }
    let head = ["war", "identifiable", "weakly", "not", "at most: identifiable", "weakly", "not"];
    titled(&mut text, "Parameters", &head, rungs.iter().map(parameters).collect(), is_markdown);
    text
}

fn row(rung: &Recovery, slot: Slot) -> Vec<String> {
    let [events, low, high] =
        [rung.n_events.median, rung.n_events.low_90, rung.n_events.high_90].map(|value| number(value, 0));
    let of = |found: &SlotResult| {
        let n_told = found.pairs.iter().filter(|pair| pair.verdict == Identifiability::Identifiable).count();
        let right =
            found.pairs.iter().map(|pair| pair.pair.forced.share).sum::<f64>() / found.pairs.len().max(1) as f64;
        // Adding zero turns a rounded minus zero into zero.
        let gained = (100.0 * found.gained).round() / 100.0 + 0.0;
        [format!("{n_told} of {}", found.pairs.len()), format!("{:.0}%", 100.0 * right), format!("{gained:.2}")]
    };
    let record = slot(&rung.results[0]);
    let [told, right, gained] = of(record);
    let named = format!("{:.0}%", 100.0 * record.confusion.decided.share);
    let at_most =
        rung.bound.as_ref().map_or_else(|| ["–".to_owned(), "–".to_owned(), "–".to_owned()], |bound| of(slot(bound)));
    let war = [rung.scenario.clone(), rung.n_days.to_string(), format!("{events} ({low}–{high})")];
    war.into_iter().chain([told, right, named, gained]).chain(at_most).collect()
}

fn parameters(rung: &Recovery) -> Vec<String> {
    let counts = |found: &EvidenceResult| {
        [Identifiability::Identifiable, Identifiability::Weakly, Identifiability::Not]
            .map(|verdict| found.parameters.iter().filter(|parameter| parameter.verdict == verdict).count().to_string())
    };
    let kinds = [Some(&rung.results[0]), rung.bound.as_ref()].into_iter().flatten();
    std::iter::once(rung.scenario.clone()).chain(kinds.flat_map(counts)).collect()
}

fn titled(text: &mut String, title: &str, head: &[&str], rows: Vec<Vec<String>>, is_markdown: bool) {
    let _ = if is_markdown {
        write!(text, "\n## {title}\n\n{}", markdown_table(head, rows))
    } else {
        write!(text, "\n{title}\n{}", table(head, &rows))
    };
}
