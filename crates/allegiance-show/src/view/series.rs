//! How the groups fare, day by day.

use super::rounded;
use allegiance_model::tables::GroupDay;
use allegiance_record::reading::ReadRun;
use allegiance_record::spread::Spread;
use serde::{Deserialize, Serialize};

/// What a series measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Measure {
    /// Active members.
    Strength,
    /// Members killed so far.
    Deaths,
    /// Joined so far.
    Joins,
    /// Deserted, defected or departed so far.
    Exits,
    /// Civilians killed by the group so far.
    CiviliansKilled,
    /// Share of the population under its control.
    PopulationShare,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 6] =
        [Self::Strength, Self::Deaths, Self::Joins, Self::Exits, Self::CiviliansKilled, Self::PopulationShare];

    /// The measure as people read it, after a group's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strength => "active members",
            Self::Deaths => "members killed",
            Self::Joins => "joins",
            Self::Exits => "exits",
            Self::CiviliansKilled => "civilians killed",
            Self::PopulationShare => "share of the population under control",
        }
    }

    /// Digits after the point of its values.
    pub(super) fn digits(self) -> i32 {
        if self == Self::PopulationShare { 5 } else { 0 }
    }

    fn value(self, row: &GroupDay) -> f64 {
        match self {
            Self::Strength => f64::from(row.n_members),
            Self::Deaths => f64::from(row.dead),
            Self::Joins => f64::from(row.joined),
            Self::Exits => f64::from(row.deserted + row.defected + row.departed),
            Self::CiviliansKilled => f64::from(row.civilians_killed),
            Self::PopulationShare => rounded(row.population_share, self.digits()),
        }
    }
}

/// One measure of one group in one replicate.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Series {
    /// What is measured.
    pub measure: Measure,
    /// The group, by its position.
    pub group: u8,
    /// One value a day.
    pub values: Vec<f64>,
}

/// Every measure of every group on some days of a replicate, by measure, then group.
pub fn series(days: impl Iterator<Item = GroupDay>, n_groups: usize) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::with_capacity(Measure::ALL.len() * n_groups);
    for measure in Measure::ALL {
        all.extend((0..n_groups).map(|group| Series { measure, group: group as u8, values: Vec::new() }));
    }
    for row in days {
        for (at, measure) in Measure::ALL.into_iter().enumerate() {
            all[at * n_groups + row.group.idx()].values.push(measure.value(&row));
        }
    }
    all
}

/// The series of every replicate of a finished run, in their order.
///
/// # Errors
/// Where a table of the run can't be read.
pub fn series_of_run<R: ReadRun>(run: &R, spread: &impl Spread) -> Result<Vec<Vec<Series>>, R::Error> {
    let n_groups = run.setting().groups.len();
    let read = |replicate: usize| Ok(series(run.records_of(replicate as u32, &["groups"])?.groups.rows(), n_groups));
    spread.each(run.replicates().len(), read).into_iter().collect()
}
