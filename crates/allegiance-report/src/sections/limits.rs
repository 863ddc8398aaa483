//! What a run supports and what it doesn't.

use crate::facts::{Compared, ReportFacts};
use maud::{Markup, html};

/// What the inference found that a reported record can tell, from the page of
/// recovery: each is a line of its summary, which a test compares.
const RECOVERY: [&str; 5] = [
    "identifiable: `operations.attacks_per_month`, `harm.civilians_per_fighter_killed`",
    "weakly: `combat.killed_share_loser`, `harm.repression_per_month`, `observation.intercept`",
    "not: `joining.per_month`, `exits.desertion_per_month`, `exits.home_attacked_defection`, `belief.conviction_mean`, `deterrence.p_capture_deep`",
    "theories of belief: pairs distinguished: 0 clearly, 0 weakly, 10 not; one is named at all in 0% of wars",
    "theories of exit: pairs distinguished: 0 clearly, 0 weakly, 21 not; one is named at all in 0% of wars",
];

pub(crate) fn section(facts: &ReportFacts) -> Markup {
    let is_alone = facts.manifest.n_replicates == 1;
    let has_rival = facts.compared.iter().any(|compared| match compared {
        Compared::Run { manifest, .. } => manifest.theory != facts.manifest.theory,
        Compared::Experiment(results) => results.n_theory_replicates > 0,
    });
    let has_priors = facts
        .compared
        .iter()
        .any(|compared| matches!(compared, Compared::Experiment(results) if results.n_prior_draws > 0));
    html! {
        h3 { "It supports" }
        ul.sentences {
            li { "What these rules produce from this start, as checked by anyone who runs it again: the same seed gives the same bytes." }
            @if is_alone { li { "That this history is possible under the rules. One replicate says nothing about how likely it is." } }
            @else { li { "How far the random draws alone spread the outcomes: the intervals over replicates." } }
            @if !facts.compared.is_empty() {
                li { "What the compared change does within the model, with its interval." }
            }
        }
        h3 { "It doesn't support" }
        ul.sentences {
            li { "Anything about a real person. Every person is synthetic." }
            li { "A forecast. The intervals are those of the rules, not of the world." }
            li { "That a mechanism is real, or that a theory is right: rivals can produce the same record." }
            @if !has_rival { li { "Whether a finding holds under another theory: one pair of theories was run." } }
            @if !has_priors { li { "Anything about the sensitivity to parameters: they are at one value each. Use " code { "allegiance sensitivity" } "." } }
            li { "Single towns: most control on the first day is a rule, not a report. Governorates are about the finest that mean anything." }
            li { "Women's part beyond kinship, ceasefires, taxes, courts, supply and outside states, which aren't modelled." }
        }
        h3 { "What a record could tell at all" }
        p {
            "Before anything is inferred from a real record, the same inference was put to simulated wars whose parameters and theories are "
            "known. From the reported record alone, in the scenario one-village:"
        }
        ul.sentences { @for line in RECOVERY { li { (line.replace('`', "")) } } }
        p {
            "So a reported record doesn't distinguish the theories, and neither does this report. Docs: "
            code { "docs/concepts/limits.md" } ", " code { "docs/validation/generated/recovery.md" } ", "
            code { "docs/concepts/model.md" } "."
        }
        ul.sentences { @for assumption in &facts.overview.assumptions { li { (assumption) } } }
    }
}

#[cfg(test)]
mod tests {
    use super::RECOVERY;

    #[test]
    fn the_verdicts_are_those_of_the_page_of_recovery() {
        let Some(root) = crate::repository::root() else { return };
        let page = fs_err::read_to_string(root.join("docs/validation/generated/recovery.md"))
            .expect("the page of recovery is there");
        for line in RECOVERY {
            assert!(page.contains(&format!("- {line}\n")), "not on the page any more: {line}");
        }
    }
}
