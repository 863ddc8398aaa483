//! What a group is like where nothing is known of it: one profile a class.
//!
//! # Source
//! Judgement, after the groups of `north-syria-2014` and the evidence on them;
//! nothing in UCDP GED tells the character of a group.

use allegiance_model::ids::KindId;
use allegiance_model::setup::{AnswerMix, AxisSetup, ForeignShare, GroupSetup, Motives};

/// What a side of the record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// The country's own government.
    Government,
    /// Governments of other countries.
    ForeignState,
    /// Not a government; fights one, or attacks civilians only.
    Rebel,
    /// Fights no government, only others who are none.
    Militia,
}

impl Class {
    /// The kind of group as the scenario has it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Government | Self::ForeignState => "state",
            Self::Rebel => "rebel",
            Self::Militia => "militia",
        }
    }

    /// The class, for people.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Government => "the government",
            Self::ForeignState => "a foreign state",
            Self::Rebel => "rebels (they fight a government, or civilians alone)",
            Self::Militia => "a militia (it fights no government)",
        }
    }
}

/// The profile of a class, as a group without a kind and a size; the foreign share is the
/// same in every rank.
pub(super) fn profile(class: Class) -> GroupSetup {
    let rebel = Profile {
        cause: [3.0, 3.0, 3.0],
        brutality: 0.3,
        discipline: 1.0,
        pay: 60.0,
        foreign: 0.0,
        motives: [0.25, 0.25, 0.5],
        answers: [0.4, 0.5, 0.1],
        executed: 0.2,
        tempo: 1.0,
        recruits: true,
    };
    let profile = match class {
        Class::Rebel => rebel,
        Class::Government => Profile {
            cause: [1.0, 2.0, 2.0],
            brutality: 0.5,
            discipline: 1.1,
            pay: 110.0,
            motives: [0.25, 0.35, 0.4],
            answers: [0.5, 0.1, 0.4],
            tempo: 0.8,
            // Its recruits come from all over the country, not from where it fights.
            recruits: false,
            ..rebel
        },
        Class::ForeignState => Profile {
            cause: [1.0, 1.0, 1.0],
            brutality: 0.2,
            discipline: 1.3,
            pay: 1000.0,
            foreign: 1.0,
            motives: [0.3, 0.4, 0.3],
            answers: [0.5, 0.2, 0.3],
            executed: 0.05,
            tempo: 0.3,
            recruits: false,
        },
        Class::Militia => Profile {
            cause: [2.0, 3.0, 3.0],
            brutality: 0.2,
            pay: 0.0,
            motives: [0.2, 0.1, 0.7],
            answers: [0.3, 0.6, 0.1],
            executed: 0.1,
            tempo: 0.3,
            ..rebel
        },
    };
    profile.group()
}

/// What the profiles differ in; every other field of a group has its default.
struct Profile {
    /// On the usual axes: 1 to 5.
    cause: [f64; AxisSetup::USUAL.len()],
    brutality: f64,
    discipline: f64,
    pay: f64,
    foreign: f64,
    /// Ideology, material, social.
    motives: [f64; 3],
    /// Ignore, offer, punish.
    answers: [f64; 3],
    executed: f64,
    tempo: f64,
    recruits: bool,
}

impl Profile {
    fn group(&self) -> GroupSetup {
        let [ideology, material, social] = self.motives;
        let [ignore, offer, punish] = self.answers;
        GroupSetup {
            cause: self.cause.to_vec(),
            brutality: self.brutality,
            discipline: self.discipline,
            pay_usd_per_month: self.pay,
            pay_foreign_usd_per_month: self.pay,
            foreign_share: in_every_rank(self.foreign),
            motives: Motives { ideology, material, social },
            answers: AnswerMix { ignore, offer, punish },
            prisoners_executed_share: self.executed,
            offensive_tempo: self.tempo,
            recruits: self.recruits,
            ..GroupSetup::blank("", "", KindId(0))
        }
    }
}

/// A foreign share that is the same in every rank.
pub(super) fn in_every_rank(share: f64) -> ForeignShare {
    ForeignShare { rank_and_file: share, unit_commander: share, field_commander: share, leadership: share }
}
