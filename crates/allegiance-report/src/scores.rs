//! Scores as text for people.

use crate::result_table::{Column, ResultTable};
use allegiance_lab::score::{Forecaster, Level, LevelSummary, Placed, RunScores, SCORE_NAMES, ScoreRow};
use allegiance_record::difference::Difference;
use allegiance_record::placed::{MissingDeaths, ReplayedSide};
use allegiance_show::difference::few_note;
use allegiance_show::text::{columns, count, number as whole, thousands};
use std::fmt::Write as _;

/// The scores of a run of `scenario` as text: a table for each level and type of
/// violence, and what they can't tell.
pub fn render_scores(scenario: &str, scores: &RunScores) -> String {
    let mut text = format!(
        "Scores of {scenario} · {} · {} to {}\n",
        count(scores.n_replicates as usize, "replicate"),
        scores.first,
        scores.last,
    );
    if let Some(note) = few_note(scores.n_replicates as usize, "replicate") {
        let _ = writeln!(text, "{note}");
    }
    if scores.is_replay {
        text.push_str(&replay_head(&scores.replay, &scores.replay_missing));
    }
    text.push_str(
        "Lower is better. CRPS and interval score in deaths, ignorance in bits; means over units\nand months.",
    );
    text.push_str(if scores.is_replay {
        "\n"
    } else {
        " In brackets: model less baseline with its 95% interval over units, below\n0 where the model is better.\n"
    });
    for level in &scores.levels {
        text.push_str(&describe(level, scores.n_replicates));
        let mut of_level = scores.rows.iter().filter(|row| row.level == level.level).peekable();
        while let Some(first) = of_level.peek().map(|row| row.violence) {
            let mut rows = Vec::new();
            while let Some(row) = of_level.next_if(|row| row.violence == first) {
                rows.push(row);
            }
            text.push_str(&table(first.word(), &rows));
            if !scores.is_replay {
                text.push_str(&verdict(&rows));
            }
        }
    }
    for violence in &scores.absent {
        write!(text, "\nThe record holds no {} violence; none was scored.\n", violence.word())
            .expect("a string takes any text");
    }
    let n_months = scores.last.since(scores.first) + 1;
    write!(
        text,
        "\n{} of one war say little: the months of a unit aren't independent, nor are\n\
         neighbouring units, so the intervals are too narrow. A better score shows where and\n\
         when people died, not why.\n",
        count(n_months.max(0) as usize, "month"),
    )
    .expect("a string takes any text");
    text
}

/// The scores, for other programs and papers: a row for each score of each forecaster.
pub fn table_of_scores(scenario: &str, scores: &RunScores) -> ResultTable {
    let rows = scores.rows.iter().flat_map(|row| {
        SCORE_NAMES.iter().enumerate().map(|(at, &name)| {
            [
                row.level.word().into(),
                row.violence.word().into(),
                row.forecaster.word().into(),
                name.into(),
                row.scores.map(|found| found.values()[at]).into(),
                row.model_less_this.as_ref().map(|found| &found[at]).into(),
            ]
        })
    });
    ResultTable::new(
        format!(
            "{} Scores of {scenario} over {}, {} to {}: lower is better; the model's less each baseline's with the 95% \
             interval over units.",
            scores.note(),
            count(scores.n_replicates as usize, "replicate"),
            scores.first,
            scores.last
        ),
        [
            Column::text("level"),
            Column::text("violence"),
            Column::text("forecaster"),
            Column::text("score"),
            Column::number("value"),
            Column::range("model_less_this"),
        ],
        rows,
    )
}

/// What a reader must know before the scores of a run that was given its record.
fn replay_head(sides: &[ReplayedSide], missing: &[MissingDeaths]) -> String {
    let mut text = String::from(
        "NOT A FORECAST: this run replays a record (mode observed), so it was given its incidents. The scores\n\
         say how well the replay and the observation model give a record back; baselines are listed, and\n\
         not compared with it.\n",
    );
    let total = ReplayedSide::total(sides);
    if total.not_placed() > 0.0 {
        let of_sides = sides.iter().filter(|side| side.not_placed() > 0.0);
        let parts: Vec<String> =
            of_sides.map(|side| format!("{} {}", side.side, whole(side.not_placed(), 0))).collect();
        writeln!(
            text,
            "The replay could not place {} of the {} deaths of its record (mean per replicate): {}.",
            whole(total.not_placed(), 0),
            thousands(u64::from(total.deaths_in_record)),
            parts.join(", "),
        )
        .expect("a string takes any text");
        for (what, of) in [("By kind of violence", VIOLENCE), ("By place", PLACE)] {
            let sums = MissingDeaths::by(missing, of);
            let parts: Vec<String> =
                sums.iter().take(MOST_NAMED).map(|(name, sum)| format!("{name} {}", whole(*sum, 0))).collect();
            let n_more = sums.len().saturating_sub(MOST_NAMED);
            let more = if n_more > 0 { format!(", and {n_more} more") } else { String::new() };
            if !parts.is_empty() {
                writeln!(text, "{what}: {}{more}.", parts.join(", ")).expect("a string takes any text");
            }
        }
    }
    text
}

/// Kinds and places that are named; the others are counted.
const MOST_NAMED: usize = 6;
const VIOLENCE: fn(&MissingDeaths) -> &str = |part| &part.violence;
const PLACE: fn(&MissingDeaths) -> &str = |part| &part.place;

fn describe(level: &LevelSummary, n_replicates: u32) -> String {
    let noun = match level.level {
        Level::PrioGrid => "PRIO-GRID cell",
        Level::District => "district",
    };
    let placed = |who: &str, placed: &Placed, n: u64| {
        let of = |dead: u64| thousands((dead + n / 2) / n);
        format!(
            "{who}: {} deaths in {} events counted; left out {} deaths known to a governorate at best, {} where the scenario has no place\n",
            of(placed.counted.dead),
            of(placed.counted.events),
            of(placed.vague.dead),
            of(placed.elsewhere.dead),
        )
    };
    format!(
        "\n== {} ==\n{}{}",
        count(level.n_units, noun),
        placed("record", &level.record, 1),
        placed("run, mean per replicate", &level.reported, u64::from(n_replicates.max(1))),
    )
}

fn table(violence: &str, rows: &[&ScoreRow]) -> String {
    let mut cells = vec![[violence, "CRPS", "", "ignorance", "", "interval", ""].map(str::to_owned).to_vec()];
    for row in rows {
        let mut line = vec![row.forecaster.word().to_owned()];
        match &row.scores {
            None => line.push("the record begins too late".to_owned()),
            Some(scores) => {
                for (at, value) in scores.values().into_iter().enumerate() {
                    line.push(number(value));
                    line.push(row.model_less_this.as_ref().map_or_else(String::new, |found| bracket(&found[at])));
                }
            }
        }
        cells.push(line);
    }
    format!("\n{}", columns(&cells, ""))
}

fn number(value: f64) -> String {
    whole(value, if value.abs() >= 100.0 { 0 } else { 2 })
}

fn bracket(difference: &Difference) -> String {
    let mean = number(difference.mean);
    match difference.interval {
        Some(interval) => format!("({mean}; {} to {})", number(interval.low), number(interval.high)),
        None if difference.n_differ == 0 => "(no unit differs)".to_owned(),
        None => format!("({mean}; one unit)"),
    }
}

/// A line per score on which baselines the model beats.
fn verdict(rows: &[&ScoreRow]) -> String {
    let mut text = String::new();
    for (at, name) in SCORE_NAMES.iter().enumerate() {
        let among = |is_there: fn(&Difference) -> bool| -> Vec<&str> {
            let there =
                rows.iter().filter(|row| row.model_less_this.as_ref().is_some_and(|found| is_there(&found[at])));
            there.map(|row| row.forecaster.word()).collect()
        };
        let parts = [
            ("better than", among(Difference::is_below)),
            ("worse than", among(Difference::is_above)),
            ("not distinguished from", among(|found| !found.is_clear())),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(how, names)| format!("{how} {}", names.join(", ")))
            .collect();
        writeln!(text, "by {name} the {} is {}", Forecaster::Model.word(), parts.join("; "))
            .expect("a string takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{number, replay_head};
    use allegiance_record::placed::{MissingDeaths, ReplayedSide};

    #[test]
    fn every_count_has_its_thousands_apart() {
        let side = |side: &str, deaths_in_record, deaths_replayed| ReplayedSide {
            side: side.to_owned(),
            deaths_in_record,
            deaths_replayed,
        };
        let part = |violence: &str, place: &str, deaths_replayed| MissingDeaths {
            side: "isis".to_owned(),
            violence: violence.to_owned(),
            place: place.to_owned(),
            deaths_in_record: 3_000,
            deaths_replayed,
            events_not_whole: 1.0,
        };
        let missing = [part("state-based", "ford", 400.0), part("non-state", "ford", 1_000.0)];
        let head = replay_head(&[side("isis", 3_010, 10.0), side("civilians", 2_000, 400.0)], &missing);
        let told = "The replay could not place 4,600 of the 5,010 deaths of its record (mean per replicate): isis 3,000, \
                    civilians 1,600.\nBy kind of violence: state-based 2,600, non-state 2,000.\nBy place: ford 4,600.\n";
        assert!(head.ends_with(told), "{head}");
        assert_eq!([12_345.6, 99.5, -1_234.0].map(number), ["12,346", "99.50", "-1,234"]);
    }
}
