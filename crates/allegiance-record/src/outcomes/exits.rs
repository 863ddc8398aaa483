//! Exits: what came of an attempt to leave, and who made it.
//!
//! An attempt is a desertion, a defection or a departure that succeeds, or a
//! capture on the way. A captured leaver may be executed.

use crate::exits::exits_among;
use allegiance_model::ids::{GroupId, PersonId, PlaceId};
use allegiance_model::setup::Setup;
use allegiance_model::tables::{Allegiance, AllegianceKind, IncidentKind, Rank, Records};
use std::collections::{BTreeMap, BTreeSet};

/// What came of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Whatever came of it.
    Attempted,
    /// He left.
    Left,
    /// He was caught.
    Caught,
    /// He was caught and executed.
    Executed,
}

/// A measure of attempts, whole or by class: `exits`, `exits.foreign`,
/// `groups.isis.captured.under_18`.
#[derive(Debug)]
pub struct ExitMeasure {
    /// Its name for the whole war.
    pub name: &'static str,
    /// Its name for a group, which follows `groups.ID.`.
    pub group_name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What it counts.
    pub stage: Stage,
}

/// The measures of attempts.
pub const EXIT_MEASURES: &[ExitMeasure] = &[
    ExitMeasure {
        name: "exit_attempts",
        group_name: "exit_attempts",
        meaning: "attempts to leave: exits and captures",
        stage: Stage::Attempted,
    },
    ExitMeasure {
        name: "exits",
        group_name: "exits",
        meaning: "desertions, defections and departures",
        stage: Stage::Left,
    },
    ExitMeasure {
        name: "captures",
        group_name: "captured",
        meaning: "members caught while leaving",
        stage: Stage::Caught,
    },
    ExitMeasure {
        name: "executed_leaving",
        group_name: "executed_leaving",
        meaning: "members executed by their own group after they were caught leaving",
        stage: Stage::Executed,
    },
];

/// A class of those who try to leave; the name follows that of a measure.
#[derive(Debug)]
pub struct ExitClass {
    /// Its name.
    pub name: &'static str,
    /// Who is in it.
    pub meaning: &'static str,
    /// Whether somebody is.
    holds: fn(&Leaver) -> bool,
}

const fn class(name: &'static str, meaning: &'static str, holds: fn(&Leaver) -> bool) -> ExitClass {
    ExitClass { name, meaning, holds }
}

/// The classes: by age, origin, rank, and home.
pub const EXIT_CLASSES: &[ExitClass] = &[
    class("under_18", "aged under 18 on the first day", |leaver| leaver.is_aged(0, 17)),
    class("age_18_24", "aged 18 to 24 on the first day", |leaver| leaver.is_aged(18, 24)),
    class("age_25_34", "aged 25 to 34 on the first day", |leaver| leaver.is_aged(25, 34)),
    class("age_35_up", "aged 35 or more on the first day", |leaver| leaver.is_aged(35, u32::MAX)),
    class("local", "local members", |leaver| !leaver.is_foreign),
    class("foreign", "foreign members", |leaver| leaver.is_foreign),
    class("rank_and_file", "of the rank and file", |leaver| leaver.rank == Some(Rank::RankAndFile)),
    class("commanders", "commanders and leaders, of units and above", |leaver| {
        leaver.rank.is_some_and(|rank| rank != Rank::RankAndFile)
    }),
    class("home_attacked", "whose home their own group had assaulted by then", |leaver| leaver.is_home_attacked),
    class("home_not_attacked", "local members whose home their own group hadn't assaulted by then", |leaver| {
        !leaver.is_foreign && !leaver.is_home_attacked
    }),
    class("home_held_by_own", "whose home their own group controlled most of then", |leaver| {
        leaver.holder.is_some() && leaver.holder == leaver.group
    }),
    class("home_held_by_others", "whose home another group controlled most of then", |leaver| {
        leaver.holder.is_some() && leaver.holder != leaver.group
    }),
];

/// Somebody who tried to leave, as he stood then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Leaver {
    group: Option<GroupId>,
    kind: AllegianceKind,
    age: Option<u32>,
    is_foreign: bool,
    rank: Option<Rank>,
    is_home_attacked: bool,
    /// The group that controlled most of his home.
    holder: Option<GroupId>,
}

impl Leaver {
    fn is_aged(&self, from: u32, to: u32) -> bool {
        self.age.is_some_and(|age| (from..=to).contains(&age))
    }

    fn is_at(&self, stage: Stage) -> bool {
        match stage {
            Stage::Attempted => self.kind.is_exit() || self.kind == AllegianceKind::Capture,
            Stage::Left => self.kind.is_exit(),
            Stage::Caught => self.kind == AllegianceKind::Capture,
            Stage::Executed => self.kind == AllegianceKind::Execution,
        }
    }
}

/// How many of a class, or of all, came to a stage, in one group or in all.
pub(super) fn count(leavers: &[Leaver], stage: Stage, class: Option<&ExitClass>, group: Option<GroupId>) -> f64 {
    let is_counted = |leaver: &&Leaver| {
        leaver.is_at(stage)
            && class.is_none_or(|class| (class.holds)(leaver))
            && group.is_none_or(|group| leaver.group == Some(group))
    };
    leavers.iter().filter(is_counted).count() as f64
}

/// Everybody who tried to leave, once for each attempt, and once more where he was
/// executed.
pub(super) fn leavers(records: &Records, setup: &Setup) -> Vec<Leaver> {
    let turns = exits_among(records, |kind| matches!(kind, AllegianceKind::Capture | AllegianceKind::Execution));
    let of_persons: BTreeSet<PersonId> = turns.iter().map(|row| row.person).collect();
    let persons = records.persons.rows().filter(|row| of_persons.contains(&row.person));
    let known: BTreeMap<PersonId, (u32, Option<PlaceId>)> =
        persons.map(|row| (row.person, (row.age, row.home))).collect();
    let mut homes = Homes::new(records, setup);
    let leaver = |row: Allegiance| {
        homes.advance(row.day.0);
        let (age, home) = known.get(&row.person).map_or((None, None), |&(age, home)| (Some(age), home));
        Leaver {
            group: row.group,
            kind: row.kind,
            age,
            is_foreign: row.is_foreign,
            rank: row.rank,
            is_home_attacked: home.zip(row.group).is_some_and(|key| homes.attacked.contains(&key)),
            holder: home.and_then(|home| homes.holder(home)),
        }
    };
    turns.into_iter().map(leaver).collect()
}

/// Who holds each place, and which groups have assaulted it, day by day.
struct Homes<'a> {
    control: std::iter::Peekable<Box<dyn Iterator<Item = allegiance_model::tables::ControlShare> + 'a>>,
    assaults: std::iter::Peekable<Box<dyn Iterator<Item = allegiance_model::tables::Incident> + 'a>>,
    shares: Vec<Vec<f64>>,
    attacked: BTreeSet<(PlaceId, GroupId)>,
}

impl<'a> Homes<'a> {
    fn new(records: &'a Records, setup: &Setup) -> Self {
        let control: Box<dyn Iterator<Item = _> + 'a> = Box::new(records.control.rows());
        let incidents = records.incidents.rows().filter(|row| row.kind == IncidentKind::Assault);
        let assaults: Box<dyn Iterator<Item = _> + 'a> = Box::new(incidents);
        Self {
            control: control.peekable(),
            assaults: assaults.peekable(),
            shares: setup.places.iter().map(|place| place.control.clone()).collect(),
            attacked: BTreeSet::new(),
        }
    }

    /// Takes in the assaults up to a day, and the control at the end of the day
    /// before; turns are in order of day.
    fn advance(&mut self, day: u32) {
        while let Some(row) = self.control.next_if(|row| row.day.0 < day) {
            let shares = &mut self.shares[row.place.idx()];
            if shares.len() <= row.group.idx() {
                shares.resize(row.group.idx() + 1, 0.0);
            }
            shares[row.group.idx()] = row.share;
        }
        while let Some(row) = self.assaults.next_if(|row| row.day.0 <= day) {
            self.attacked.insert((row.place, row.perpetrator));
        }
    }

    fn holder(&self, place: PlaceId) -> Option<GroupId> {
        let shares = self.shares[place.idx()].iter().enumerate().filter(|(_, share)| **share > 0.0);
        let most = shares.max_by(|a, b| a.1.total_cmp(b.1));
        most.map(|(group, _)| GroupId::from_idx(group))
    }
}
