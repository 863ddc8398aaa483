//! What a member heard and saw about his group, counted by claim.
//!
//! # Form
//! Accusations and denials are of one claim (see causes). A war on others of the constituency is an
//! accusation that the group doesn't fight the enemy that its men joined against, and its command's framing
//! answers that; dead civilians, and what outsiders send, accuse it of how it rules. What a member saw himself and
//! what befell his kin counts against both, and so does a command caught lying, for it is one command:
//!
//! ```text
//! L = w L_1 + (1 - w) L_2
//! ```
//!
//! with the conviction of each claim by the theory of belief, from the same conviction on joining, and the
//! member's own weight `w` of the first. Where no axis of cause sets the group against anybody, or the mechanism of
//! causes doesn't run, all is said of the second and `w` is 0.

use crate::causes::{self, Claim};
use crate::ids::{GroupId, Row};
use crate::model::Model;
use crate::setup::Mechanism;

/// Something of each claim.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ByClaim<T> {
    /// Of the claim that the group fights those whom its men joined against.
    pub fight: T,
    /// Of the claim that it rules over their own.
    pub rule: T,
}

impl<T> ByClaim<T> {
    /// That of one claim.
    pub fn of(&self, claim: Claim) -> &T {
        match claim {
            Claim::Fight => &self.fight,
            Claim::Rule => &self.rule,
        }
    }

    /// That of one claim, to change it.
    pub fn of_mut(&mut self, claim: Claim) -> &mut T {
        match claim {
            Claim::Fight => &mut self.fight,
            Claim::Rule => &mut self.rule,
        }
    }

    /// Something else of each.
    pub fn map<U>(&self, what: impl Fn(&T) -> U) -> ByClaim<U> {
        ByClaim { fight: what(&self.fight), rule: what(&self.rule) }
    }
}

impl ByClaim<f64> {
    /// The mean, with a weight of the first claim; the second's own where the
    /// first has none.
    pub fn mean(&self, fight_weight: f64) -> f64 {
        if fight_weight > 0.0 { fight_weight * self.fight + (1.0 - fight_weight) * self.rule } else { self.rule }
    }
}

/// What others told of one claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Told {
    /// Accusations from rivals.
    pub n_rivals: u32,
    /// Accusations from outside media.
    pub n_outside: u32,
    /// Denials and justifications by the own command.
    pub n_denials: u32,
}

impl Told {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            n_rivals: self.n_rivals + other.n_rivals,
            n_outside: self.n_outside + other.n_outside,
            n_denials: self.n_denials + other.n_denials,
        }
    }

    /// What was told since.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            n_rivals: self.n_rivals.saturating_sub(before.n_rivals),
            n_outside: self.n_outside.saturating_sub(before.n_outside),
            n_denials: self.n_denials.saturating_sub(before.n_denials),
        }
    }
}

/// Everything that a member heard and saw that bears on one claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// Conviction on joining, log-odds.
    pub prior_conviction: f64,
    /// Direct evidence against the group, log-odds.
    pub evidence: f64,
    /// Accusations from kin and neighbours.
    pub n_kin: u32,
    /// What rivals, outside media and the own command told.
    pub told: Told,
    /// Times that the own command was caught lying in person.
    pub n_contradictions: u32,
    /// Share of discounted bad news released by contradictions.
    pub released: f64,
    /// What the convictions of others have added to his own.
    pub social: f64,
}

impl Heard {
    /// A member who has heard and seen nothing.
    pub fn nothing(prior_conviction: f64) -> Self {
        Self {
            prior_conviction,
            evidence: 0.0,
            n_kin: 0,
            told: Told::default(),
            n_contradictions: 0,
            released: 0.0,
            social: 0.0,
        }
    }

    /// Accusations from all sources.
    pub fn n_accusations(&self) -> u32 {
        self.n_kin + self.told.n_rivals + self.told.n_outside
    }
}

/// Everything that a member heard and saw about his group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeardOfGroup {
    /// By the claim on which it bears.
    pub by_claim: ByClaim<Heard>,
    /// His weight of the claim that the group fights those whom he joined against.
    pub fight_weight: f64,
}

impl HeardOfGroup {
    /// The mean of something of each claim by the weights; one that weighs nothing
    /// isn't asked for.
    pub(crate) fn mean(&self, of: impl Fn(&Heard) -> f64) -> f64 {
        if self.fight_weight > 0.0 { self.by_claim.map(of).mean(self.fight_weight) } else { of(&self.by_claim.rule) }
    }

    /// What was told of both claims.
    pub fn told(&self) -> Told {
        self.by_claim.fight.told.plus(self.by_claim.rule.told)
    }

    /// Accusations of both claims from all sources.
    pub fn n_accusations(&self) -> u32 {
        self.by_claim.fight.n_accusations() + self.by_claim.rule.n_accusations()
    }
}

/// The claim on which something said of a group bears: the second where nothing
/// sets the group against anybody.
pub(crate) fn claim_at_stake(model: &Model<'_>, group: GroupId, claim: Claim) -> Claim {
    let is_against_somebody = model.runs(Mechanism::Causes) && causes::is_against_somebody(&model.world.setup, group);
    if is_against_somebody { claim } else { Claim::Rule }
}

/// What a member has heard up to now: his own record, and what his unit heard
/// since he came to it.
pub(crate) fn heard(model: &Model<'_>, row: Row) -> HeardOfGroup {
    let hearing = &model.people.mind(row).hearing;
    let told = model.people.at(row).unit.map_or_else(ByClaim::default, |unit| model.units.at(unit).told);
    let claims = causes::claims_of(model, row);
    // Kin and neighbours tell of harm.
    let of = |against: f64, n_kin: u32, told: Told, before: Told| Heard {
        prior_conviction: hearing.prior_conviction,
        evidence: hearing.evidence + against,
        n_kin,
        told: told.since(before),
        n_contradictions: hearing.n_contradictions,
        released: hearing.released,
        social: hearing.social,
    };
    let against = |of: fn(&causes::Claims) -> f64| claims.as_ref().map_or(0.0, of);
    HeardOfGroup {
        by_claim: ByClaim {
            fight: of(against(|claims| claims.against_fight), 0, told.fight, hearing.told_before.fight),
            rule: of(against(|claims| claims.against_rule), hearing.n_kin, told.rule, hearing.told_before.rule),
        },
        fight_weight: against(|claims| claims.fight_weight),
    }
}
