//! What a run starts from: a scenario, resolved and valid by construction.
//!
//! The scenario crate builds a [`Setup`] after checking every value; the
//! engine relies on what the field documents promise.

use core::num::NonZeroU32;

pub use crate::Mechanism;
pub use crate::belief::BeliefTheory;
use crate::calendar::Date;
use crate::case::Case;
use crate::ids::{ConstituencyId, GroupId, PlaceId};
use crate::observation::ObservationParameters;
use crate::parameters::Parameters;
use crate::tables::Rank;
use crate::theory::{OwnTheory, Slot};

pub use crate::axes::AxisSetup;
pub use crate::groups::{
    AnswerMix, FieldValue, ForeignShare, GroupField, GroupSetup, Motives, Part, Parts, PartsOf, Policy, StrikeMix,
    Takes,
};

/// Declares an enum whose variants have names in files and tables. A variant
/// means what its doc comment says, or what stands after `=>`.
macro_rules! named {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[doc = $doc:expr])+ $variant:ident = $word:expr $(=> $meaning:expr)?,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        $vis enum $name {
            $($(#[doc = $doc])+ $variant,)*
        }

        impl $name {
            /// Every variant, in the order of its code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The word of every variant, in the order of its code.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The word used in files and tables.
            pub fn word(self) -> &'static str {
                Self::WORDS[self as usize]
            }

            /// What it stands for, in a sentence or two.
            pub fn meaning(self) -> &'static str {
                const DOCS: &[&str] = &[$(concat!($($doc),+),)*];
                const OTHERS: &[Option<&str>] = &[$([$(Some($meaning),)? None][0],)*];
                OTHERS[self as usize].unwrap_or(DOCS[self as usize]).trim()
            }

            /// The variant that a word names.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.word() == word)
            }
        }
    };
}
pub(crate) use named;

named! {
    /// What kind of settlement a place is.
    pub enum PlaceKind {
        /// A city, roughly 100,000 inhabitants or more.
        City = "city",
        /// A town.
        Town = "town",
        /// A village.
        Village = "village",
        /// Scattered rural population of a subdistrict, placed at one point.
        Rural = "rural",
    }
}

named! {
    /// How observers count the dead of a kind of group.
    pub enum ReportedAs {
        /// As those of a government.
        State = "state",
        /// As those of rebels, the usual.
        Rebel = "rebel",
        /// As those of a group that hides its losses and that monitors don't count.
        Hidden = "hidden",
        /// As those of a force with a territory of its own.
        Autonomous = "autonomous",
        /// As those of inhabitants who defend their own place.
        LocalDefence = "local_defence",
    }
}

/// A kind of armed group, in the scenario's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindSetup {
    /// The identifier used in files; unique.
    pub id: String,
    /// Whom its groups draw on. Groups of one constituency may fall out with
    /// each other, are forgiven more of the harm that they do to each other's
    /// people, and are blamed for fighting each other.
    pub constituency: ConstituencyId,
    /// Whether its groups are a state: some of their members come from outside
    /// the scenario's places, and violence with them is state-based.
    pub is_state: bool,
    /// Whether its groups stay where they are stationed and neither march nor
    /// fall back.
    pub stays_home: bool,
    /// How observers count its dead.
    pub reported_as: ReportedAs,
}

impl KindSetup {
    /// The constituencies of a scenario that declares no kinds.
    pub const USUAL_CONSTITUENCIES: [&'static str; 2] = ["government", "opposition"];

    /// The kinds of a scenario that declares none: a state, and rebels and local
    /// defenders who draw on the same people.
    pub fn usual() -> Vec<Self> {
        let kind = |id: &str, constituency, is_state, stays_home, reported_as| Self {
            id: id.to_owned(),
            constituency: ConstituencyId(constituency),
            is_state,
            stays_home,
            reported_as,
        };
        vec![
            kind("state", 0, true, false, ReportedAs::State),
            kind("rebel", 1, false, false, ReportedAs::Rebel),
            kind("local_defence", 1, false, true, ReportedAs::LocalDefence),
        ]
    }
}

named! {
    /// The relation between two groups.
    pub enum RelationKind {
        /// They fight where they meet.
        War = "war",
        /// They leave each other alone.
        Truce = "truce",
        /// They fight side by side and shelter each other.
        Alliance = "alliance",
    }
}

named! {
    /// The theory that fills the slot of exit: which blocks are active.
    pub enum ExitTheory {
        /// Belief and ideology.
        Conviction = "conviction",
        /// Harm to home and kin, and the chance to leave.
        KinAndHome = "kin_and_home",
        /// Control of the home and fear of capture.
        ControlAndFear = "control_and_fear",
        /// Pay, pay that was cut, and prospects.
        Material = "material",
        /// The exits of others, and cohesion.
        Cascade = "cascade",
        /// Every block.
        Full = "full",
        /// Null: constant rates.
        Constant = "constant",
    }
}

named! {
    /// A lever that an intervention pulls on one group (evidence A15).
    pub enum Lever {
        /// Outside messages against the group that a unit hears, a month.
        OutsideMessaging = "outside_messaging",
        /// Share of the group's members whom radio that calls them home reaches.
        Radio = "radio",
        /// How far those who leave the group are offered safe passage, 0-1.
        SafePassage = "safe_passage",
        /// How far the group takes in strangers from the enemy as if vouched for, 0-1.
        Amnesty = "amnesty",
        /// Whether trusted leaders speak for taking leavers in to the group, 0-1.
        TrustedMessage = "trusted_message",
        /// Money on top of the pay of the group's members, US dollars a month.
        Stipend = "stipend",
    }
}

/// Which mechanisms run; all do by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switches {
    on: [bool; Mechanism::ALL.len()],
}

impl Default for Switches {
    fn default() -> Self {
        let mut on = [true; Mechanism::ALL.len()];
        for &mechanism in Mechanism::ALL {
            on[mechanism as usize] = mechanism.runs_by_default();
        }
        Self { on }
    }
}

impl Switches {
    /// Whether a mechanism runs.
    pub fn is_on(&self, mechanism: Mechanism) -> bool {
        self.on[mechanism as usize]
    }

    /// Switches a mechanism on or off.
    pub fn set(&mut self, mechanism: Mechanism, is_on: bool) {
        self.on[mechanism as usize] = is_on;
    }
}

/// The theories of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theory {
    /// How conviction follows from what a member saw and heard.
    pub belief: BeliefTheory,
    /// Which blocks move the hazards of exit.
    pub exit: ExitTheory,
}

impl Default for Theory {
    fn default() -> Self {
        Self { belief: BeliefTheory::SourceCredibility, exit: ExitTheory::Full }
    }
}

/// One populated place.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceSetup {
    /// The identifier used in files and tables; unique.
    pub id: String,
    /// The name shown to people.
    pub name: String,
    /// Kind of settlement.
    pub kind: PlaceKind,
    /// First administrative level.
    pub governorate: String,
    /// Second administrative level.
    pub district: String,
    /// Third administrative level.
    pub subdistrict: String,
    /// Latitude in degrees north, -90 to 90.
    pub latitude_deg: f64,
    /// Longitude in degrees east, -180 to 180.
    pub longitude_deg: f64,
    /// Inhabitants at the start; at least 1.
    pub population: u32,
    /// Control share of each group on the first day. Shape: `(n_groups,)`;
    /// each in 0-1, summing to 1 within 1e-6.
    pub control: Vec<f64>,
    /// Share of its households that are away on the first day, 0-1; read by the
    /// mechanism `flight` alone.
    pub displaced_share: f64,
}

impl PlaceSetup {
    /// The group with the largest control share on the first day, the first on a
    /// tie.
    pub fn first_holder(&self) -> GroupId {
        let first = |best: usize, group: usize| if self.control[group] > self.control[best] { group } else { best };
        GroupId::from_idx((1..self.control.len()).fold(0, first))
    }
}

/// Members of one group stationed in one place on the first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GarrisonSetup {
    /// The group.
    pub group: GroupId,
    /// Where they are stationed.
    pub place: PlaceId,
    /// How many; at least 1.
    pub members: u32,
}

/// What changes on a dated day.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// The relation between two groups becomes another.
    Relation {
        /// One group.
        a: GroupId,
        /// The other.
        b: GroupId,
        /// From this day on.
        kind: RelationKind,
    },
    /// A group's pay changes.
    Pay {
        /// The group.
        group: GroupId,
        /// New pay of local members; foreign pay changes in proportion.
        usd_per_month: f64,
    },
    /// The rate of a group's strikes changes.
    Strikes {
        /// The group.
        group: GroupId,
        /// New rate over the whole region.
        per_month: f64,
    },
    /// A group's policy changes.
    Policy {
        /// Which policy.
        policy: Policy,
        /// The group.
        group: GroupId,
        /// The new value, in the unit of its field.
        value: f64,
    },
    /// A place passes under a group's control.
    Control {
        /// The place.
        place: PlaceId,
        /// The group.
        group: GroupId,
        /// Control share that it takes, 0-1.
        share: f64,
    },
    /// A lever on a group is set to a value; 0 switches it off.
    Lever {
        /// Which lever.
        lever: Lever,
        /// On whom.
        group: GroupId,
        /// The new setting, 0 or more, in the lever's unit.
        value: f64,
    },
    /// A group is ordered to assault a place on this day, if it can reach it.
    Assault {
        /// The attacking group.
        group: GroupId,
        /// The place attacked.
        place: PlaceId,
    },
    /// Members come to a group from outside the scenario's places, at a rate.
    Inflow {
        /// The group.
        group: GroupId,
        /// Their rank.
        rank: Rank,
        /// Whether they are foreign.
        is_foreign: bool,
        /// New rate of those of this rank and origin.
        per_month: f64,
    },
    /// A group's fighting value changes: arms and training come, or run out.
    Arms {
        /// The group.
        group: GroupId,
        /// New discipline of its members.
        discipline: f64,
    },
    /// A group pays its members out of what its places yield.
    Revenue {
        /// The group.
        group: GroupId,
        /// What each place that it holds yields.
        usd_per_place_per_month: f64,
    },
    /// Something makes victory more or less likely in the eyes of a group's
    /// members and of those who might join it.
    Shock {
        /// The group.
        group: GroupId,
        /// What is added to its log-odds of victory from this day on.
        log_odds: f64,
    },
    /// Of the inhabitants only so many can still be raised by a group.
    Conscripts {
        /// The group.
        group: GroupId,
        /// How many, from this day on.
        men: u32,
    },
    /// A group dissolves: its members go home as deserters.
    Dissolve {
        /// The group.
        group: GroupId,
    },
    /// A dated fact that is shown to readers and changes nothing.
    Happening,
}

/// One dated entry of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// Day counted from the start, 0 on the first.
    pub day: u32,
    /// What changes.
    pub change: Change,
    /// Where, if the entry names a place.
    pub place: Option<PlaceId>,
    /// A short note for readers.
    pub note: String,
}

/// An event of an event table, resolved: what a monitor wrote down of one
/// incident. Unknown dead are shared out by the reader of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservedEvent {
    /// Day counted from the start, 0 on the first.
    pub day: u32,
    /// The nearest place.
    pub place: PlaceId,
    /// The first side, which is taken for the attacker.
    pub side_a: GroupId,
    /// The second side; none where civilians alone were the target.
    pub side_b: Option<GroupId>,
    /// Dead of the first side.
    pub deaths_a: u32,
    /// Dead of the second side.
    pub deaths_b: u32,
    /// Civilian dead.
    pub deaths_civilians: u32,
}

named! {
    /// Where incidents come from.
    pub enum OperationsMode {
        /// Groups choose their operations.
        Endogenous = "endogenous",
        /// Incidents come from an event table.
        Observed = "observed",
    }
}

/// What reports of the war name beside its sides and places, in the words of
/// UCDP GED. The engine makes no use of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// Its name.
    pub name: String,
    /// Its Gleditsch & Ward number; 0, which no country has, where it isn't known.
    pub gw_number: u32,
    /// The region of the world that it lies in.
    pub region: String,
    /// The conflict in which its government fights; none for one over the
    /// government.
    pub conflict: Option<String>,
}

impl Default for Country {
    /// The country of a scenario that names none.
    fn default() -> Self {
        Self { name: "Unnamed country".to_owned(), gw_number: 0, region: "Unnamed region".to_owned(), conflict: None }
    }
}

impl Country {
    /// The name of the conflict in which its government fights.
    pub fn conflict_name(&self) -> String {
        self.conflict.clone().unwrap_or_else(|| self.usual_conflict())
    }

    /// The name of a conflict over its government.
    pub fn usual_conflict(&self) -> String {
        format!("{}: Government", self.name)
    }
}

/// Everything that one run needs besides its replicate number.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// The first day.
    pub start: Date,
    /// Number of days to simulate; at least 1.
    pub n_days: u32,
    /// The seed of the synthetic population and, with the replicate number,
    /// of every draw.
    pub seed: u64,
    /// Places in order; at least one.
    pub places: Vec<PlaceSetup>,
    /// Kinds of groups in order; 1 to [`Setup::MAX_KINDS`].
    pub kinds: Vec<KindSetup>,
    /// Names of the constituencies in order; at least one.
    pub constituencies: Vec<String>,
    /// Axes of cause in order; 1 to [`Setup::MAX_AXES`].
    pub axes: Vec<AxisSetup>,
    /// Groups in order; 1 to [`Setup::MAX_GROUPS`].
    pub groups: Vec<GroupSetup>,
    /// Relation of each pair on the first day, symmetric, `Alliance` on the
    /// diagonal. Shape: `(n_groups, n_groups)`, row-major.
    pub relations: Vec<RelationKind>,
    /// Garrisons in order of group, then place.
    pub garrisons: Vec<GarrisonSetup>,
    /// Timeline in order of day.
    pub timeline: Vec<TimelineEntry>,
    /// Where incidents come from.
    pub mode: OperationsMode,
    /// Events in order of day; replayed in observed mode only.
    pub events: Vec<ObservedEvent>,
    /// The theories.
    pub theory: Theory,
    /// Theories that somebody wrote; in the slots that one fills it stands in place of those of the engine. No two
    /// fill one slot, or have a parameter of one name.
    pub own_theories: Vec<OwnTheory>,
    /// The parameters.
    pub parameters: Parameters,
    /// Which mechanisms run.
    pub switches: Switches,
    /// One in how many people is left of the scenario's own; 1 where all are.
    /// Counts of people are divided already: see [`Setup::at_scale`].
    pub scale: NonZeroU32,
    /// What observers see of the war. The engine never reads it: one history
    /// can be observed in many ways.
    pub observation: ObservationParameters,
    /// What reports of the war name.
    pub country: Country,
    /// What is known of the war, for runs to be held against.
    pub case: Option<Case>,
    /// Whether its places exist; none where the scenario doesn't say.
    pub places_are_real: Option<bool>,
}

impl Setup {
    /// The most groups that a scenario may have.
    pub const MAX_GROUPS: usize = 32;
    /// The most kinds of groups that a scenario may have.
    pub const MAX_KINDS: usize = 32;

    /// What every result says of itself.
    pub fn about(&self) -> &'static str {
        match self.places_are_real {
            Some(true) => "Simulated: synthetic people in real places; not a forecast.",
            Some(false) => "Simulated: synthetic people in invented places; not a forecast.",
            None => "Simulated: synthetic people; not a forecast.",
        }
    }

    /// The name of the theory that fills the slot of exit.
    pub fn exit_theory(&self) -> &str {
        self.own_in(Slot::Exit).map_or(self.theory.exit.word(), |own| &own.name)
    }

    /// The name of the theory that fills the slot of belief.
    pub fn belief_theory(&self) -> &str {
        self.own_in(Slot::Belief).map_or(self.theory.belief.word(), |own| &own.name)
    }

    /// The theory that somebody wrote and that fills a slot.
    pub fn own_in(&self, slot: Slot) -> Option<&OwnTheory> {
        self.own_theories.iter().find(|own| own.fills(slot))
    }

    /// Puts a theory that somebody wrote into the slots that it fills, out of which others
    /// go; one that fills none any longer goes wholly.
    pub fn put(&mut self, theory: OwnTheory) {
        for slot in theory.slots() {
            self.vacate(slot);
        }
        self.own_theories.push(theory);
    }

    /// Leaves a slot to the rules of the engine.
    pub fn vacate(&mut self, slot: Slot) {
        self.own_theories.iter_mut().for_each(|own| own.vacate(slot));
        self.own_theories.retain(|own| !own.slots().is_empty());
    }

    /// The same under other theories of the engine.
    #[must_use]
    pub fn under(&self, theory: Theory) -> Self {
        Self { theory, own_theories: Vec::new(), ..self.clone() }
    }

    /// The kind of a group.
    pub fn kind_of(&self, group: GroupId) -> &KindSetup {
        &self.kinds[self.groups[group.idx()].kind.idx()]
    }

    /// Whether two groups draw on the same constituency.
    pub fn share_constituency(&self, a: GroupId, b: GroupId) -> bool {
        self.kind_of(a).constituency == self.kind_of(b).constituency
    }

    /// Number of groups.
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// Number of inhabitants of all places.
    pub fn n_inhabitants(&self) -> u64 {
        self.places.iter().map(|place| u64::from(place.population)).sum()
    }
}
