//! The war of an audit, written down in other ways.

use allegiance_lab::audit::AuditVariant;
use allegiance_model::setup::Setup;
use allegiance_record::outcomes::Outcome;
use allegiance_scenario::Scenario;

use crate::TaskError;
use crate::comparison::{outcomes_of, parse_outcome};

/// What is audited.
#[derive(Debug, Clone, Copy)]
pub struct AuditQuestion<'a> {
    /// Changes of the scenario.
    pub set: &'a [String],
    /// The change whose effect is audited; outcomes themselves are where there is none.
    pub set_b: &'a [String],
    /// Outcomes by name; the usual ones where none is named.
    pub outcomes: &'a [String],
    /// Scales, one in so many people, beside that of the scenario.
    pub scales: &'a [u32],
}

/// The seeds beside that of the scenario: so much is added to it.
const OTHER_SEEDS: [u64; 2] = [1_000_003, 2_000_003];

/// The war as it is written, then in every other way: other names, another order, other seeds, other scales.
///
/// # Errors
/// Where a change can't be made, or an outcome doesn't exist.
pub fn audit_variants(scenario: &Scenario, question: AuditQuestion<'_>) -> Result<Vec<AuditVariant>, TaskError> {
    let setups_of = |scenario: &Scenario, more: &[String]| -> Result<Vec<Setup>, TaskError> {
        let mut changed = scenario.clone();
        changed.change(&[question.set, more].concat())?;
        let mut setups = vec![changed.setup.clone()];
        if !question.set_b.is_empty() {
            let mut with_change = scenario.clone();
            with_change.change(&[question.set, more, question.set_b].concat())?;
            setups.push(with_change.setup);
        }
        Ok(setups)
    };
    let written = setups_of(scenario, &[])?;
    let mut changed = scenario.clone();
    changed.change(question.set)?;
    let outcomes = outcomes_of(question.outcomes, &changed, &changed)?;
    let variant = |id: &str, title: String, setups: Vec<Setup>| AuditVariant {
        id: id.to_owned(),
        title,
        outcomes: outcomes.clone(),
        setups,
        people: 1.0,
        is_same: false,
    };
    let mut variants = vec![variant("written", "as it is written".to_owned(), written.clone())];
    let renamed = written.iter().map(renamed).collect();
    let names = variant("names", "places and groups have other names".to_owned(), renamed);
    variants.push(AuditVariant { is_same: true, ..names });
    let reordered = scenario.reordered(1).map_err(|cause| TaskError::Load { name: scenario.id.clone(), cause })?;
    let setups = setups_of(&reordered, &[])?;
    // Groups have other numbers there.
    let parse = |outcome: &Outcome| parse_outcome(&outcome.name, (&scenario.id, &setups[0]));
    let outcomes_there = outcomes.iter().map(parse).collect::<Result<_, TaskError>>()?;
    let title = "places, people and groups stand in another order".to_owned();
    variants.push(AuditVariant { outcomes: outcomes_there, ..variant("order", title, setups.clone()) });
    for (number, more) in (1..).zip(OTHER_SEEDS) {
        let seed = scenario.setup.seed + more;
        let setups = setups_of(scenario, &[format!("seed={seed}")])?;
        variants.push(variant(&format!("seed{number}"), format!("another seed, {seed}"), setups));
    }
    for &scale in question.scales {
        let setups = setups_of(scenario, &[format!("scale={scale}")])?;
        let people = f64::from(setups[0].scale.get()) / f64::from(written[0].scale.get());
        let scaled = variant(&format!("scale{scale}"), format!("one in {scale} people, counted {scale} times"), setups);
        variants.push(AuditVariant { people, ..scaled });
    }
    Ok(variants)
}

/// The same setup with other names.
fn renamed(setup: &Setup) -> Setup {
    let mut renamed = setup.clone();
    for (at, group) in renamed.groups.iter_mut().enumerate() {
        (group.id, group.name) = (format!("g{at}"), format!("Group {at}"));
    }
    for (at, place) in renamed.places.iter_mut().enumerate() {
        (place.id, place.name) = (format!("p{at}"), format!("Place {at}"));
    }
    renamed
}
