//! The calibration patterns of a scenario's case, measured in each replicate.
//!
//! A pattern that a run can't show, because it ends too early or nobody died,
//! is *not measurable*, which is said, not guessed. A scenario without a case
//! has no patterns.

mod clashes;
mod motives;
mod quiet;
mod verdict;

pub use verdict::{Band, CaseWords, PatternVerdict, Verdict, verdicts, verdicts_on};

use crate::observe::ReportedEvent;
use allegiance_model::calendar::Date;
use allegiance_model::case::{Clashes as Asked, Layer, Measure, Pattern};
use allegiance_model::ids::GroupId;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use clashes::Clashes;
use serde::{Deserialize, Serialize};

/// The day, counted from the start of a setup, on which a pattern begins, if
/// the run covers its days.
fn first_day_in(setup: &Setup, from: Date, n_days: u32) -> Result<u32, String> {
    let first = u32::try_from(from.days_since(setup.start)).map_err(|_early| format!("the run starts after {from}"))?;
    if first + n_days > setup.n_days {
        let last = from.plus_days(n_days.saturating_sub(1));
        return Err(format!("the run ends before {last}"));
    }
    Ok(first)
}

/// One pattern in one replicate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatternValue {
    /// The pattern.
    pub id: String,
    /// Its value on the layer that it is judged on.
    pub value: Option<f64>,
    /// Its value on the other layer, where it exists there.
    pub beside: Option<f64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// All patterns of a case in one replicate, in its order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PatternValues {
    /// The values.
    pub values: Vec<PatternValue>,
}

impl PatternValues {
    /// A pattern's value, on the layer that it is judged on.
    pub fn value(&self, id: &str) -> Option<f64> {
        self.values.iter().find(|value| value.id == id)?.value
    }
}

/// The patterns of a setup's case; none where it has no case.
pub fn patterns_of(setup: &Setup) -> &[Pattern] {
    setup.case.as_ref().map_or(&[], |case| &case.patterns)
}

/// A value, or why there is none.
type Measured = Result<f64, String>;

/// Measures every pattern of the setup's case in the record of one replicate,
/// before (`records`) and after (`reported`) the observation model.
pub fn measure(records: &Records, setup: &Setup, reported: &[ReportedEvent]) -> PatternValues {
    let history = History { records, setup, reported };
    let values = patterns_of(setup)
        .iter()
        .map(|pattern| {
            let of_all = |value: f64| if pattern.measure.counts_people() { setup.scaled_up(value) } else { value };
            let (happened, seen) = history.measure(&pattern.measure);
            let (happened, seen) = (happened.map(of_all), seen.map(of_all));
            let (judged, beside) = match pattern.layer {
                Layer::Happened => (happened, seen.ok()),
                Layer::Reported => (seen, happened.ok()),
            };
            PatternValue { id: pattern.id.clone(), value: judged.as_ref().ok().copied(), beside, reason: judged.err() }
        })
        .collect();
    PatternValues { values }
}

/// One replicate, before and after the observation model.
#[derive(Clone, Copy)]
struct History<'a> {
    records: &'a Records,
    setup: &'a Setup,
    reported: &'a [ReportedEvent],
}

impl History<'_> {
    fn name(&self, group: GroupId) -> &str {
        &self.setup.groups[group.idx()].name
    }

    /// A measure before and after the observation model.
    fn measure(&self, measure: &Measure) -> (Measured, Measured) {
        let Self { records, setup, .. } = *self;
        let happened = |found| (found, Err("reports don't tell".to_owned()));
        match measure {
            Measure::Deaths(asked) => self.both(asked, &|toll| Ok(toll.all())),
            Measure::EarlyDeathsShare(asked, early_days) => self.early_deaths_share(asked, *early_days),
            Measure::DeathsRatio(asked) => {
                let why_not = format!("no member of {} died", self.name(asked.group));
                self.both(asked, &|toll| clashes::ratio(toll.others, toll.group, &why_not))
            }
            Measure::CivilianShare(asked) => {
                self.both(asked, &|toll| clashes::ratio(toll.civilians, toll.all(), "nobody died"))
            }
            Measure::ExecutedShare(asked) => happened(
                Clashes::of(self, asked, asked.n_days)
                    .and_then(|found| clashes::ratio(found.executed, found.happened.all(), "nobody died")),
            ),
            Measure::PlacesLost { group, places, area, from, n_days } => {
                let why_not = format!("{} holds no place in {area}", self.name(*group));
                happened(clashes::places_lost(self, *group, places, (*from, *n_days), &why_not))
            }
            Measure::FirstMembers(group) => {
                happened(clashes::first_members(records, *group).map(|(members, _)| members))
            }
            Measure::FirstForeignShare(group) => {
                let why_not = format!("{} has no members", self.name(*group));
                happened(
                    clashes::first_members(records, *group)
                        .and_then(|(members, foreign)| clashes::ratio(foreign, members, &why_not)),
                )
            }
            Measure::QuietDesertions { quiet_days } => {
                happened(quiet::desertion_rate(records, setup.n_days, *quiet_days))
            }
            Measure::QuietSwitching { quiet_days, switch_days } => {
                happened(quiet::switching_share(records, *quiet_days, *switch_days))
            }
            Measure::IdeologyFirst(groups) => happened(motives::ideology_first(records, groups)),
            Measure::ProspectsNamed(groups) => happened(motives::prospects_named(records, groups)),
        }
    }

    fn both(&self, asked: &Asked, value: &dyn Fn(&clashes::Toll) -> Measured) -> (Measured, Measured) {
        match Clashes::of(self, asked, asked.n_days) {
            Ok(found) => (value(&found.happened), value(&found.reported)),
            Err(reason) => (Err(reason.clone()), Err(reason)),
        }
    }

    fn early_deaths_share(&self, asked: &Asked, early_days: u32) -> (Measured, Measured) {
        match (Clashes::of(self, asked, early_days), Clashes::of(self, asked, asked.n_days)) {
            (Ok(early), Ok(whole)) => (
                clashes::ratio(early.happened.all(), whole.happened.all(), "nobody died"),
                clashes::ratio(early.reported.all(), whole.reported.all(), "nobody was reported dead"),
            ),
            (_, Err(reason)) | (Err(reason), _) => (Err(reason.clone()), Err(reason)),
        }
    }
}
