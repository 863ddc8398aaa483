//! The calibration patterns of the reference case, measured in each replicate.
//!
//! The patterns are about the outbreak of fighting between ISIS and the rebels
//! of northern Syria in January 2014. In a scenario without that group, or
//! that ends too early, they are *not measurable*, which is said, not guessed.
//! C1-C5 share one source and one style of reporting: they are about three
//! independent facts, not five. Patterns that the project holds back for
//! validation are not here.

mod clashes;
mod motives;
mod quiet;
mod verdict;

pub use verdict::{PatternVerdict, Verdict, verdicts};

use crate::observe::ReportedEvent;
use allegiance_model::calendar::Date;
use allegiance_model::ids::GroupId;
use allegiance_model::setup::Setup;
use allegiance_model::tables::Records;
use serde::{Deserialize, Serialize};

/// What ties the patterns to one war.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferenceCase {
    /// Identifier of the group that the others rose against.
    pub group: &'static str,
    /// Year, month and day on which the fighting between them began: day 1 of
    /// the patterns.
    pub outbreak: (i32, u32, u32),
    /// The governorate whose loss pattern C6 is about.
    pub governorate: &'static str,
    /// Days of the fighting that C1-C3 count.
    pub n_days_counted: u32,
    /// The middle day of C2 and last day of C5.
    pub middle_day: u32,
    /// Days that C4 counts: three weeks.
    pub n_days_civilians: u32,
    /// Days within which the governorate is lost in C6.
    pub n_days_lost: u32,
    /// Days without an exposure that make a member quiet in C8 and C9.
    pub n_days_quiet: u32,
    /// Days within which a deserter who joins another group counts as having
    /// switched in C9.
    pub n_days_switch: u32,
}

/// ISIS against other non-state groups from 3 January 2014.
pub const REFERENCE: ReferenceCase = ReferenceCase {
    group: "isis",
    outbreak: (2014, 1, 3),
    governorate: "Idlib",
    n_days_counted: 20,
    middle_day: 13,
    n_days_civilians: 21,
    n_days_lost: 14,
    n_days_quiet: 30,
    n_days_switch: 30,
};

impl ReferenceCase {
    /// The group of the case in a setup.
    fn group_in(&self, setup: &Setup) -> Result<GroupId, String> {
        setup
            .groups
            .iter()
            .position(|group| group.id == self.group)
            .map(GroupId::from_idx)
            .ok_or_else(|| format!("the scenario has no group `{}`", self.group))
    }

    /// The day, counted from the start of a setup, on which the fighting began,
    /// if the run covers `n_days` from there.
    fn first_day_in(&self, setup: &Setup, n_days: u32) -> Result<u32, String> {
        let (year, month, day) = self.outbreak;
        let outbreak = Date::from_ymd(year, month, day).expect("the outbreak is a date");
        let first = u32::try_from(outbreak.days_since(setup.start))
            .map_err(|_early| format!("the run starts after {outbreak}"))?;
        if first + n_days > setup.n_days {
            let last = outbreak.plus_days(n_days.saturating_sub(1));
            return Err(format!("the run ends before {last}"));
        }
        Ok(first)
    }
}

/// Whether a pattern is judged on what happened or on what was reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The true record.
    Happened,
    /// The record after the observation model.
    Reported,
}

impl Layer {
    /// The word used in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Happened => "happened",
            Self::Reported => "reported",
        }
    }
}

/// One pattern and its band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pattern {
    /// Identifier, as in the evidence table.
    pub id: &'static str,
    /// What it says.
    pub name: &'static str,
    /// Which record it is judged on.
    pub layer: Layer,
    /// Lowest value of the band.
    pub low: f64,
    /// Highest value of the band.
    pub high: f64,
    /// Digits after the point in print.
    pub digits: usize,
    /// Where the band comes from.
    pub source: &'static str,
}

macro_rules! pattern {
    ($id:literal, $name:literal, $layer:ident, $low:literal..$high:literal, $digits:literal, $source:literal) => {
        Pattern { id: $id, name: $name, layer: Layer::$layer, low: $low, high: $high, digits: $digits, source: $source }
    };
}

/// The patterns, in order.
pub const PATTERNS: &[Pattern] = &[
    pattern!(
        "C1",
        "dead in days 1-20 (1,395 documented)",
        Happened,
        1_400.0..2_100.0,
        0,
        "SOHR and its own later corrections of 27-43%"
    ),
    pattern!("C2", "dead by day 13 over dead by day 20", Reported, 0.65..0.85, 2, "SOHR: 1,069 of 1,395"),
    pattern!("C3", "rebel over ISIS dead by day 20", Reported, 1.4..2.1, 2, "SOHR: 1.78"),
    pattern!("C4", "civilian share of dead, 3 weeks", Reported, 0.09..0.20, 2, "SOHR: 12-18%"),
    pattern!("C5", "executed prisoners over dead, day 13", Happened, 0.08..0.20, 2, "SOHR: 14.5%"),
    pattern!("C6", "Idlib places lost by ISIS in 14 days", Happened, 0.65..1.0, 2, "dated reports of Idlib towns"),
    pattern!(
        "C7a",
        "ISIS members on the first day",
        Happened,
        5_000.0..12_000.0,
        0,
        "estimates for Syria, January 2014"
    ),
    pattern!("C7b", "foreign share of ISIS, first day", Happened, 0.30..0.45, 2, "estimates for Syria, January 2014"),
    pattern!(
        "C8",
        "desertion a month without exposure",
        Happened,
        0.004..0.015,
        4,
        "base rates of other armies: 0.85% a month"
    ),
    pattern!(
        "C9",
        "switching share of quiet exits",
        Happened,
        0.1111..0.3333,
        2,
        "Syrian army to 2012: 2-8 desertions a switch"
    ),
    pattern!(
        "C11",
        "joiners who would name ideology first",
        Happened,
        0.0..0.35,
        2,
        "surveys of Syrian fighters: material and social reasons 60% or more"
    ),
    pattern!("C12", "leavers of rebel groups: can't win", Happened, 0.35..0.65, 2, "survey of 50 former FSA fighters"),
];

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

/// All patterns in one replicate, in the order of [`PATTERNS`].
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

/// A value, or why there is none.
type Measured = Result<f64, String>;

/// Measures every pattern in the record of one replicate, before (`records`)
/// and after (`reported`) the observation model.
pub fn measure(records: &Records, setup: &Setup, reported: &[ReportedEvent]) -> PatternValues {
    let values = PATTERNS
        .iter()
        .map(|pattern| {
            let (happened, seen) = measure_both(pattern.id, records, setup, reported);
            let (judged, beside) = match pattern.layer {
                Layer::Happened => (happened, seen.ok()),
                Layer::Reported => (seen, happened.ok()),
            };
            PatternValue {
                id: pattern.id.to_owned(),
                value: judged.as_ref().ok().copied(),
                beside,
                reason: judged.err(),
            }
        })
        .collect();
    PatternValues { values }
}

/// A pattern before and after the observation model.
fn measure_both(id: &str, records: &Records, setup: &Setup, reported: &[ReportedEvent]) -> (Measured, Measured) {
    let unseen = || Err("reports don't tell".to_owned());
    let clashes = |n_days| clashes::Clashes::of(records, setup, reported, n_days);
    let both = |n_days: u32, value: &dyn Fn(&clashes::Toll) -> Measured| match clashes(n_days) {
        Ok(found) => (value(&found.happened), value(&found.reported)),
        Err(reason) => (Err(reason.clone()), Err(reason)),
    };
    let case = REFERENCE;
    match id {
        "C1" => both(case.n_days_counted, &|toll| Ok(toll.all())),
        "C2" => match (clashes(case.middle_day), clashes(case.n_days_counted)) {
            (Ok(middle), Ok(whole)) => (
                clashes::ratio(middle.happened.all(), whole.happened.all(), "nobody died"),
                clashes::ratio(middle.reported.all(), whole.reported.all(), "nobody was reported dead"),
            ),
            (_, Err(reason)) | (Err(reason), _) => (Err(reason.clone()), Err(reason)),
        },
        "C3" => both(case.n_days_counted, &|toll| clashes::ratio(toll.others, toll.group, "no member of ISIS died")),
        "C4" => both(case.n_days_civilians, &|toll| clashes::ratio(toll.civilians, toll.all(), "nobody died")),
        "C5" => (
            clashes(case.middle_day)
                .and_then(|found| clashes::ratio(found.executed, found.happened.all(), "nobody died")),
            unseen(),
        ),
        "C6" => (clashes::places_lost(records, setup), unseen()),
        "C7a" => (clashes::first_members(records, setup).map(|(members, _)| members), unseen()),
        "C7b" => (
            clashes::first_members(records, setup)
                .and_then(|(members, foreign)| clashes::ratio(foreign, members, "ISIS has no members")),
            unseen(),
        ),
        "C8" => (quiet::desertion_rate(records, setup), unseen()),
        "C9" => (quiet::switching_share(records), unseen()),
        "C11" => (motives::ideologues_among_joiners(records, setup), unseen()),
        "C12" => (motives::cannot_win(records, setup), unseen()),
        _ => (Err("unknown pattern".to_owned()), unseen()),
    }
}
