//! Outcome measures: what a design or an experiment can measure in each
//! replicate, by name.
//!
//! A name is that of a measure of the whole war (`deaths`), of a group
//! (`groups.ID.members_end`), of a group in a place
//! (`places.ID.control.ID`), or of a calibration pattern (`patterns.C1`).
//! Measures of exits may name a class (`exits.foreign`).
//!
//! What other commands count (theories, scales, conformance) is counted here.

mod catalogue;
mod exits;
#[cfg(test)]
mod tests;

pub use catalogue::{GROUP_MEASURES, GroupMeasure, WAR_MEASURES, WarMeasure};
pub use exits::{EXIT_CLASSES, EXIT_MEASURES, ExitClass, ExitMeasure, Stage};

use crate::observe::{Gazetteer, observe};
use crate::patterns::{PatternValues, measure, patterns_of};
use crate::summary::ReplicateSummary;
use allegiance_model::ids::{GroupId, PlaceId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use std::cell::OnceCell;

/// What a measure looks at.
#[derive(Debug)]
pub struct OutcomeInput<'a> {
    /// The record of a replicate.
    pub records: &'a Records,
    /// What the engine was given.
    pub setup: &'a Setup,
    /// What the summary keeps of it.
    pub summary: &'a ReplicateSummary,
    /// Everybody who tried to leave; found when asked for.
    leavers: OnceCell<Vec<exits::Leaver>>,
}

impl<'a> OutcomeInput<'a> {
    /// A look at a record.
    pub fn new(records: &'a Records, setup: &'a Setup, summary: &'a ReplicateSummary) -> Self {
        Self { records, setup, summary, leavers: OnceCell::new() }
    }

    /// The value of a measure of the whole war.
    ///
    /// # Panics
    /// Where the catalogue has no such measure.
    pub fn war(&self, name: &str) -> f64 {
        let measure = WAR_MEASURES.iter().find(|measure| measure.name == name);
        measure.map_or_else(|| self.exits(exit_measure(name), None, None), |measure| (measure.value)(self))
    }

    /// The value of a measure of a group.
    ///
    /// # Panics
    /// Where the catalogue has no such measure.
    pub fn group(&self, group: GroupId, name: &str) -> f64 {
        let measure = GROUP_MEASURES.iter().find(|measure| measure.name == name);
        measure
            .map_or_else(|| self.exits(exit_measure(name), None, Some(group)), |measure| (measure.value)(self, group))
    }

    fn exits(&self, measure: &ExitMeasure, class: Option<&ExitClass>, group: Option<GroupId>) -> f64 {
        let leavers = self.leavers.get_or_init(|| exits::leavers(self.records, self.setup));
        exits::count(leavers, measure.stage, class, group)
    }
}

/// The measure of exits of a name.
fn exit_measure(name: &str) -> &'static ExitMeasure {
    let found = EXIT_MEASURES.iter().find(|measure| measure.name == name || measure.group_name == name);
    found.expect("callers name measures of the catalogue")
}

/// One outcome of a scenario.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: &'static str,
    /// What it means.
    pub meaning: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    War(&'static WarMeasure),
    Group(GroupId, &'static GroupMeasure),
    Exits(Option<GroupId>, &'static ExitMeasure, Option<&'static ExitClass>),
    Control(PlaceId, GroupId),
    /// Its position in the case.
    Pattern(usize),
}

/// A name that no outcome of the scenario has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} isn't an outcome of this scenario")]
pub struct UnknownOutcomeError {
    /// The name.
    pub name: String,
    /// The names that exist.
    pub choices: Vec<String>,
}

impl Outcome {
    /// The outcome of a name in a scenario.
    ///
    /// # Errors
    /// [`UnknownOutcomeError`], with the names that exist.
    pub fn parse(name: &str, setup: &Setup) -> Result<Self, UnknownOutcomeError> {
        Self::find(name, setup)
            .ok_or_else(|| UnknownOutcomeError { name: name.to_owned(), choices: outcome_names(setup) })
    }

    fn find(name: &str, setup: &Setup) -> Option<Self> {
        let outcome = |unit, meaning: String, kind| Some(Self { name: name.to_owned(), unit, meaning, kind });
        let group_of = |id: &str| setup.groups.iter().position(|group| group.id == id).map(GroupId::from_idx);
        let parts: Vec<&str> = name.split('.').collect();
        if let Some(kind) = exits_of(&parts, &group_of) {
            let Kind::Exits(group, measure, class) = kind else { return None };
            let whose = group.map_or_else(String::new, |group| format!("{}: ", setup.groups[group.idx()].name));
            let who = class.map_or_else(String::new, |class| format!(", {}", class.meaning));
            return outcome("persons", format!("{whose}{}{who}", measure.meaning), kind);
        }
        match parts.as_slice() {
            [word] => {
                let measure = WAR_MEASURES.iter().find(|measure| measure.name == *word)?;
                outcome(measure.unit, measure.meaning.to_owned(), Kind::War(measure))
            }
            ["groups", id, word] => {
                let group = group_of(id)?;
                let measure = GROUP_MEASURES.iter().find(|measure| measure.name == *word)?;
                let meaning = format!("{}: {}", setup.groups[group.idx()].name, measure.meaning);
                outcome(measure.unit, meaning, Kind::Group(group, measure))
            }
            ["places", place, "control", id] => {
                let group = group_of(id)?;
                let place = setup.places.iter().position(|other| other.id == *place).map(PlaceId::from_idx)?;
                let (group_name, place_name) = (&setup.groups[group.idx()].name, &setup.places[place.idx()].name);
                let meaning = format!("share of control of {group_name} in {place_name} at the end");
                outcome("share", meaning, Kind::Control(place, group))
            }
            ["patterns", id] => {
                let at = patterns_of(setup).iter().position(|pattern| pattern.id == *id)?;
                let pattern = &patterns_of(setup)[at];
                let meaning = format!("calibration pattern {id}: {}", pattern.name);
                outcome(pattern.measure.unit(), meaning, Kind::Pattern(at))
            }
            _ => None,
        }
    }
}

/// The measure of exits that a name's parts are, if they are one.
fn exits_of(parts: &[&str], group_of: &dyn Fn(&str) -> Option<GroupId>) -> Option<Kind> {
    let (group, words) = match parts {
        ["groups", id, words @ ..] => (Some(group_of(id)?), words),
        words => (None, words),
    };
    let (word, class) = match words {
        [word] => (word, None),
        [word, class] => (word, Some(EXIT_CLASSES.iter().find(|other| other.name == *class)?)),
        _ => return None,
    };
    let name = |measure: &ExitMeasure| if group.is_some() { measure.group_name } else { measure.name };
    EXIT_MEASURES.iter().find(|measure| name(measure) == *word).map(|measure| Kind::Exits(group, measure, class))
}

/// The names of the outcomes of a scenario; of the places, and of the classes of
/// a group's exits, an example only.
pub fn outcome_names(setup: &Setup) -> Vec<String> {
    let mut names: Vec<String> = WAR_MEASURES.iter().map(|measure| measure.name.to_owned()).collect();
    for measure in EXIT_MEASURES {
        names.push(measure.name.to_owned());
        names.extend(EXIT_CLASSES.iter().map(|class| format!("{}.{}", measure.name, class.name)));
    }
    for group in &setup.groups {
        names.extend(EXIT_MEASURES.iter().map(|measure| format!("groups.{}.{}", group.id, measure.group_name)));
        names.extend(GROUP_MEASURES.iter().map(|measure| format!("groups.{}.{}", group.id, measure.name)));
    }
    if let (Some(place), Some(group)) = (setup.places.first(), setup.groups.first()) {
        names.push(format!("groups.{}.exits.home_attacked", group.id));
        names.push(format!("places.{}.control.{}", place.id, group.id));
    }
    names.extend(patterns_of(setup).iter().map(|pattern| format!("patterns.{}", pattern.id)));
    names
}

/// The values of outcomes in the record of one replicate; NaN where an
/// outcome doesn't exist in it, such as a mean over nobody. Shape:
/// `(outcomes.len(),)`.
pub fn measure_outcomes(outcomes: &[Outcome], records: &Records, setup: &Setup, replicate: u32) -> Vec<f64> {
    let summary = ReplicateSummary::of(records, setup, &[]);
    let view = OutcomeInput::new(records, setup, &summary);
    let mut patterns: Option<PatternValues> = None;
    outcomes
        .iter()
        .map(|outcome| match outcome.kind {
            Kind::War(measure) => (measure.value)(&view),
            Kind::Group(group, measure) => (measure.value)(&view, group),
            Kind::Exits(group, measure, class) => view.exits(measure, class, group),
            Kind::Control(place, group) => control_at_end(&view, place, group),
            Kind::Pattern(at) => {
                let measured = patterns.get_or_insert_with(|| measure_patterns(records, setup, replicate));
                measured.values.get(at).and_then(|found| found.value).unwrap_or(f64::NAN)
            }
        })
        .collect()
}

fn measure_patterns(records: &Records, setup: &Setup, replicate: u32) -> PatternValues {
    let gazetteer = Gazetteer::of(setup);
    let events = observe(records, setup, &gazetteer, &setup.observation, replicate);
    measure(records, setup, &events)
}

fn control_at_end(view: &OutcomeInput<'_>, place: PlaceId, group: GroupId) -> f64 {
    let start = view.setup.places[place.idx()].control.get(group.idx()).copied().unwrap_or(0.0);
    let changes = view.records.control.rows().filter(|row| row.place == place && row.group == group);
    changes.last().map_or(start, |row| row.share)
}
