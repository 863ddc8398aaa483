//! The path of the source, and how many simulated people walk it.

use crate::facts::ReportFacts;
use crate::html::{count, table, texts};
use allegiance_show::text::{number, thousands};
use maud::{Markup, html};

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    if !facts.has_paths() {
        return html! { p { (facts.paths_left_out()) } };
    }
    let rows: Vec<Vec<String>> = facts
        .paths
        .steps()
        .iter()
        .map(|step| {
            let share = |value: f64| format!("{:.0}", 100.0 * value);
            vec![
                format!("{}. {}", step.step, step.what),
                number(step.n_people as f64, 0),
                format!(
                    "{} of {}",
                    thousands(u64::from(step.replicates.n)),
                    thousands(u64::from(step.replicates.n_cases))
                ),
                format!("{}–{}%", share(step.replicates.low_95), share(step.replicates.high_95)),
            ]
        })
        .collect();
    html! {
        p {
            "The case that the model was built on is one man's: a believer who hears accusations sees, on leave at home, "
            "his own group attack his village and kill his kin; he complains, refuses restitution, and joins a defender of "
            "the village the same day. Each row counts the simulated people who passed every row above it. The case was chosen for its "
            "outcome: it shows that such a path exists, not that it is common."
        }
        (table("People on the path, over all replicates, with the 95% interval of the share of replicates", &texts(["step", "people", "replicates", "95% interval"]), &rows))
        p { (afterwards(facts)) }
    }
}

fn afterwards(facts: &ReportFacts) -> String {
    let later = facts.paths.later();
    if later.n_paths == 0 {
        return "Nobody walks the whole path in this run. That may be chance: more replicates would tell.".to_owned();
    }
    format!(
        "Of {}, {} were wounded later in the new group's service, and {} served with it at the end; the place was still \
         held a week later in {}. Read one with: allegiance paths {}",
        count(later.n_paths as usize, "complete path"),
        later.n_wounded,
        later.n_serving_at_end,
        later.n_place_holds,
        facts.folder,
    )
}
