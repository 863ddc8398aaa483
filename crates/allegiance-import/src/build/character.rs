//! What a group is like where nothing is known of it: one profile a class.
//!
//! # Source
//! Judgement, after the groups of `north-syria-2014` and the evidence on them;
//! nothing in UCDP GED tells the character of a group.

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

/// The numbers of a group other than its size.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Character {
    /// Revisionism, islamism, sectarianism: 1 to 5.
    pub(super) cause: [f64; 3],
    pub(super) brutality: f64,
    pub(super) discipline: f64,
    pub(super) pay_usd_per_month: f64,
    pub(super) pay_foreign_usd_per_month: f64,
    /// Foreign share, the same in every rank.
    pub(super) foreign_share: f64,
    /// Ideology, material, social.
    pub(super) motives: [f64; 3],
    /// Ignore, offer, punish.
    pub(super) answers: [f64; 3],
    pub(super) prisoners_executed_share: f64,
    pub(super) strikes_per_month: f64,
    pub(super) offensive_tempo: f64,
    pub(super) recruits: bool,
}

impl Character {
    /// The profile of a class.
    pub(super) fn of(class: Class) -> Self {
        let rebel = Self {
            cause: [3.0, 3.0, 3.0],
            brutality: 0.3,
            discipline: 1.0,
            pay_usd_per_month: 60.0,
            pay_foreign_usd_per_month: 60.0,
            foreign_share: 0.0,
            motives: [0.25, 0.25, 0.5],
            answers: [0.4, 0.5, 0.1],
            prisoners_executed_share: 0.2,
            strikes_per_month: 0.0,
            offensive_tempo: 1.0,
            recruits: true,
        };
        match class {
            Class::Rebel => rebel,
            Class::Government => Self {
                cause: [1.0, 2.0, 2.0],
                brutality: 0.5,
                discipline: 1.1,
                pay_usd_per_month: 110.0,
                pay_foreign_usd_per_month: 110.0,
                motives: [0.25, 0.35, 0.4],
                answers: [0.5, 0.1, 0.4],
                offensive_tempo: 0.8,
                // Its recruits come from all over the country, not from where it fights.
                recruits: false,
                ..rebel
            },
            Class::ForeignState => Self {
                cause: [1.0, 1.0, 1.0],
                brutality: 0.2,
                discipline: 1.3,
                pay_usd_per_month: 1000.0,
                pay_foreign_usd_per_month: 1000.0,
                foreign_share: 1.0,
                motives: [0.3, 0.4, 0.3],
                answers: [0.5, 0.2, 0.3],
                prisoners_executed_share: 0.05,
                offensive_tempo: 0.3,
                recruits: false,
                ..rebel
            },
            Class::Militia => Self {
                cause: [2.0, 3.0, 3.0],
                brutality: 0.2,
                pay_usd_per_month: 0.0,
                pay_foreign_usd_per_month: 0.0,
                motives: [0.2, 0.1, 0.7],
                answers: [0.3, 0.6, 0.1],
                prisoners_executed_share: 0.1,
                offensive_tempo: 0.3,
                ..rebel
            },
        }
    }
}
