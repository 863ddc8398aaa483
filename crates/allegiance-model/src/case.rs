//! A case: what is known of one war, for its runs to be held against.
//!
//! It belongs to a scenario, and the engine makes no use of it: whoever measures
//! a run reads from it what to measure, in which days, and what was found in
//! the war itself.

use crate::calendar::Date;
use crate::ids::{GroupId, PlaceId};
use crate::setup::named;

named! {
    /// Which record a pattern is judged on.
    pub enum Layer {
        /// The true record.
        Happened = "happened",
        /// The record after the observation model.
        Reported = "reported",
    }
}

/// What is known of one war.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What it is called.
    pub title: String,
    /// What its patterns are about, as a clause.
    pub about: String,
    /// What a reader of all of them should know; may be empty.
    pub note: String,
    /// The parameters that a calibration moves unless told otherwise.
    pub parameters: Vec<String>,
    /// Patterns that runs of the scenario can't show: name and reason.
    pub left_out: Vec<(String, String)>,
    /// The patterns, in order.
    pub patterns: Vec<Pattern>,
}

/// One thing that was found in the war, with the band that a run should reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// Identifier; unique in its case.
    pub id: String,
    /// What it says.
    pub name: String,
    /// Which record it is judged on.
    pub layer: Layer,
    /// Lowest value of the band.
    pub low: f64,
    /// Highest value of the band, above the lowest.
    pub high: f64,
    /// Digits after the point in print.
    pub digits: u32,
    /// Its weight among the patterns, above 0.
    pub weight: f64,
    /// Where the band comes from.
    pub source: String,
    /// What is measured.
    pub measure: Measure,
}

/// The fighting of one group with others, during some days: assaults,
/// executions of prisoners and strikes between them, with the civilians who
/// died in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Clashes {
    /// The group.
    pub group: GroupId,
    /// The others.
    pub against: Vec<GroupId>,
    /// The first day that counts.
    pub from: Date,
    /// How many days count; at least 1.
    pub n_days: u32,
}

/// What a pattern measures in one run.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// Everyone who died in the clashes.
    Deaths(Clashes),
    /// Of these, the share who died in the first days.
    EarlyDeathsShare(Clashes, u32),
    /// Dead members of the others for each dead member of the group.
    DeathsRatio(Clashes),
    /// Share of civilians among the dead of the clashes.
    CivilianShare(Clashes),
    /// Share of executed prisoners among the dead of the clashes.
    ExecutedShare(Clashes),
    /// Of the places where the group had half of the control or more before the
    /// first day, the share where it has less at the end of the last.
    PlacesLost {
        /// The group.
        group: GroupId,
        /// The places that count.
        places: Vec<PlaceId>,
        /// What they are called together.
        area: String,
        /// The first day.
        from: Date,
        /// How many days; at least 1.
        n_days: u32,
    },
    /// Members of the group at the end of the first day of the run.
    FirstMembers(GroupId),
    /// Share of foreign members among these.
    FirstForeignShare(GroupId),
    /// Desertions a month of members to whom nothing of their own side's doing
    /// happened in so many days.
    QuietDesertions {
        /// The days.
        quiet_days: u32,
    },
    /// Of those who leave though nothing happened to them, the share who serve
    /// another group, at once or soon.
    QuietSwitching {
        /// Days in which nothing happened to them.
        quiet_days: u32,
        /// Days within which a deserter who joins another group has switched.
        switch_days: u32,
    },
    /// Share of those whose heaviest motive is ideology among the inhabitants
    /// who join the groups.
    IdeologyFirst(Vec<GroupId>),
    /// Share of those who name the prospects of the war among their reasons, among
    /// the local members of the groups who leave the country.
    ProspectsNamed(Vec<GroupId>),
}

impl Measure {
    /// Whether it counts people, so that it is in proportion to the scale of a
    /// setup.
    pub fn counts_people(&self) -> bool {
        matches!(self, Self::Deaths(_) | Self::FirstMembers(_))
    }

    /// Whether it asks to whom nothing happened, which the table of exposures tells.
    pub fn asks_for_exposures(&self) -> bool {
        matches!(self, Self::QuietDesertions { .. } | Self::QuietSwitching { .. })
    }

    /// Whether distances from it are taken on the logarithm: for counts, rates
    /// and ratios, not for shares.
    pub fn is_on_the_logarithm(&self) -> bool {
        self.counts_people() || matches!(self, Self::DeathsRatio(_) | Self::QuietDesertions { .. })
    }

    /// Whether a reported record tells it.
    pub fn is_reported(&self) -> bool {
        matches!(self, Self::Deaths(_) | Self::EarlyDeathsShare(..) | Self::DeathsRatio(_) | Self::CivilianShare(_))
    }

    /// Its unit.
    pub fn unit(&self) -> &'static str {
        match self {
            Self::Deaths(_) | Self::FirstMembers(_) => "persons",
            Self::QuietDesertions { .. } => "1/month",
            Self::DeathsRatio(_) => "1",
            _ => "share",
        }
    }
}
