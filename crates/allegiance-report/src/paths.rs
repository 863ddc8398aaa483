//! How far people go on the conformance path, in words and as data.

use crate::result_table::{Cell, Column, ResultTable};
use allegiance_record::intervals::Frequency;
use allegiance_record::paths::{Attempt, LaterCount, PathTable, Walk};
use allegiance_record::reading::ReadRun;
use allegiance_record::setting::Setting;
use allegiance_show::text::{columns, count, thousands};
use serde_json::{Value, json};

/// The counts for a terminal, and who walked all of it.
pub fn render_paths(run: &impl ReadRun, table: &PathTable) -> String {
    let manifest = run.manifest();
    let mut rows = vec![["step", "what happens", "people", "replicates", "95%"].map(str::to_owned).to_vec()];
    for step in table.steps() {
        rows.push(vec![
            step.step.to_string(),
            step.what.to_owned(),
            thousands(step.n_people),
            format!("{} of {}", step.replicates.n, step.replicates.n_cases),
            percent(step.replicates),
        ]);
    }
    let mut text = format!(
        "Simulated people who walk the conformance path in {} · seed {} · {}\n\n{}",
        manifest.scenario_id,
        manifest.seed,
        count(table.n_replicates() as usize, "replicate"),
        columns(&rows, ""),
    );
    if let Some(line) = refusers(table) {
        text = format!("{text}\n{line}\n");
    }
    if let Some(line) = afterwards(table.later()) {
        text = format!("{text}\n{line}\n");
    }
    for (replicate, walk) in &table.complete {
        text.push_str(&["  ", &walk_line(run.setting(), *replicate, walk), "\n"].concat());
    }
    text
}

/// The counts, for other programs and papers.
pub fn table_of_paths(run: &impl ReadRun, table: &PathTable) -> ResultTable {
    let manifest = run.manifest();
    let steps = table.steps();
    let rows = steps.iter().map(|step| -> [Cell; 6] {
        [
            step.step.into(),
            step.what.into(),
            (step.n_people as f64).into(),
            step.replicates.n.into(),
            step.replicates.n_cases.into(),
            step.replicates.into(),
        ]
    });
    ResultTable::new(
        format!(
            "Simulated people who walk the conformance path in {}, seed {}: each row counts those who passed all rows above \
             it; the share is of replicates with somebody, with Wilson's 95% interval.",
            manifest.scenario_id, manifest.seed
        ),
        [
            Column::number("step"),
            Column::text("what_happens"),
            Column::number("n_people"),
            Column::number("n_replicates_with"),
            Column::number("n_replicates"),
            Column::range("share"),
        ],
        rows,
    )
}

fn percent(frequency: Frequency) -> String {
    format!("{:.0}% ({:.0}–{:.0}%)", 100.0 * frequency.share, 100.0 * frequency.low_95, 100.0 * frequency.high_95)
}

/// How those who refused an offer tried to leave on the same day.
fn refusers(table: &PathTable) -> Option<String> {
    let refused = table.steps().iter().find(|step| step.step == 11)?.n_people;
    let of = |attempt| {
        let attempts = &table.attempts_of_refusers;
        attempts.get(&attempt).copied().unwrap_or(0)
    };
    let n_tried: u64 = table.attempts_of_refusers.values().sum();
    (refused > 0).then(|| {
        format!(
            "Of {} who refused, on the same day: {} stayed, {} caught leaving, {} left the war,\n\
             {} left the country, {} went over to a group that didn't defend the place,\n\
             {} turned away by a defender, {} taken in by one.",
            thousands(refused),
            thousands(refused - n_tried),
            of(Attempt::Caught),
            of(Attempt::Deserted),
            of(Attempt::Departed),
            of(Attempt::WentElsewhere),
            of(Attempt::TurnedAway),
            of(Attempt::TakenIn),
        )
    })
}

fn afterwards(later: LaterCount) -> Option<String> {
    (later.n_paths > 0).then(|| {
        format!(
            "Of {}: {} wounded later in the new group's service; the place held a week later in {};\n\
             suspected on arrival {}, less but still at the end {}; with the new group at the end {}.",
            count(later.n_paths as usize, "complete path"),
            later.n_wounded,
            later.n_place_holds,
            later.n_suspected,
            later.n_suspected_less_at_end,
            later.n_serving_at_end,
        )
    })
}

fn walk_line(setting: &Setting, replicate: u32, walk: &Walk) -> String {
    format!(
        "replicate {replicate}, {}, {}: person {} leaves {} for {}",
        setting.date(walk.day),
        setting.place(walk.place).name,
        walk.person.0,
        setting.group(walk.group).name,
        walk.host.map_or("nobody", |group| setting.group(group).name.as_str()),
    )
}

/// The counts as data.
pub fn paths_as_json(run: &impl ReadRun, table: &PathTable) -> Value {
    let setting = run.setting();
    let complete: Vec<Value> = table
        .complete
        .iter()
        .map(|(replicate, walk)| {
            json!({
                "replicate": replicate,
                "person": walk.person.0,
                "incident": walk.incident.0,
                "date": setting.date(walk.day).to_string(),
                "place": setting.place(walk.place).id,
                "group": setting.group(walk.group).id,
                "defenders": walk.defenders.map(|group| &setting.group(group).id),
                "joined": walk.host.map(|group| &setting.group(group).id),
                "later": walk.later,
            })
        })
        .collect();
    json!({
        "note": "Simulated people; not a forecast.",
        "scenario": run.manifest().scenario_id,
        "seed": run.manifest().seed,
        "n_replicates": table.n_replicates(),
        "steps": table.steps(),
        "attempts_of_refusers": table.attempts_of_refusers,
        "later": table.later(),
        "complete": complete,
    })
}
