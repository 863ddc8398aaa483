//! The slots besides that of exit, and the rules by which a theory in a file can
//! fill them: what each rule is, between which ends its value is kept, what it
//! may name, and what its slot alone offers.
//!
//! A slot of which a theory states no rule keeps the rules of the engine.
//!
//! # Form
//! ```text
//! belief       L_c = conviction, for each claim c of his group;  moved += daily, every evening
//! destination  u_host = host;  u_abroad = abroad          log-odds over going home
//! joining      h = h_0 (share of the pool left) exp(log_hazard)     a month, for each group in reach
//! voice        P(complains) = complains;  P(accepts an offer) = accepts
//! ```

use super::interval::Interval;
use super::quantities::QUANTITIES;
use crate::setup::named;

named! {
    /// A slot that a theory can fill.
    pub enum Slot {
        /// What a member makes of what he saw and heard.
        Belief = "belief",
        /// Whether he leaves.
        Exit = "exit",
        /// Where a leaver goes.
        Destination = "destination",
        /// Who joins.
        Joining = "joining",
        /// Who complains, and who takes what he is offered.
        Voice = "voice",
    }
}

/// What a slot offers to its rules besides the list of quantities.
#[derive(Debug)]
pub struct Given {
    /// Its name in expressions.
    pub name: &'static str,
    /// The slot.
    pub slot: Slot,
    /// Its unit.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    low: f64,
    high: f64,
}

impl Given {
    /// The least and the most that it is.
    pub fn range(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Whether it's a count that changes only when something touches the member; units hear
    /// the others together.
    pub(crate) fn is_kept(&self) -> bool {
        self.name == "claim_from_kin"
    }

    /// A value kept within its range.
    pub(crate) fn kept(&self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }

    /// An interval kept within its range.
    pub(crate) fn kept_interval(&self, interval: Interval) -> Interval {
        Interval { low: self.kept(interval.low), high: self.kept(interval.high) }
    }
}

macro_rules! given {
    ($($slot:ident { $($name:ident: $unit:literal, $low:literal..$high:literal, $meaning:literal;)* })*) => {
        /// What the slots offer, slot by slot; whoever asks a rule gives the values of
        /// its slot in this order.
        pub static GIVEN: &[Given] = &[$($(Given {
            name: stringify!($name),
            slot: Slot::$slot,
            unit: $unit,
            meaning: $meaning,
            low: $low,
            high: $high,
        },)*)*];
    };
}

given! {
    Belief {
        moved: "log-odds", -1000.0..1000.0, "What `daily` has added since he joined.";
        unit_conviction: "log-odds", -1000.0..1000.0, "Mean conviction of the active members of his unit this evening, himself included.";
        kin_conviction: "log-odds", -1000.0..1000.0, "Mean conviction of the others of his clan in his group this evening; that of his unit where he has none.";
        claim_evidence: "log-odds", -1000.0..1000.0, "Evidence against the claim that is asked about: direct evidence, and what is known of the group where the mechanism causes runs.";
        claim_from_kin: "1", 0.0..10000.0, "Accusations of that claim heard from kin and neighbours.";
        claim_from_rivals: "1", 0.0..10000.0, "Accusations of it heard from rival groups.";
        claim_from_outside: "1", 0.0..10000.0, "Accusations of it heard from outside media.";
        claim_denials: "1", 0.0..10000.0, "Denials and justifications of it heard from his own command.";
    }
    Destination {
        host_vouched: "yes or no", 0.0..1.0, "Whether kin or co-villagers of his serve in the group.";
        host_at_attacked_home: "yes or no", 0.0..1.0, "Whether he is at home, his group attacked it today, and the group stands there.";
        host_distance: "share", 0.0..1.0, "Distance of the group's cause from his group's; by his own positions where the mechanism causes runs.";
        host_suspicion: "share", 0.0..1.0, "Suspicion that he expects from the group; 1/2 unless the mechanism stigma runs.";
        host_victory: "log-odds", -10.0..10.0, "Log-odds of the group's victory as it sees it; 0 unless the mechanism expectation runs.";
    }
    Joining {
        group_control: "share", 0.0..1.0, "Control of his place by the group.";
        group_pay: "USD/month", 0.0..100_000.0, "Pay of the group's local members today.";
        group_gain: "share", -1.0..1.0, "Territory that the group gains or loses, smoothed over 60 days.";
        group_outlook: "log-odds", -10.0..10.0, "Log-odds of the group's victory as it sees it; 0 unless the mechanism expectation runs.";
        group_support: "score", -1000.0..1000.0, "Support for the group in the place, as the mechanism support has it.";
        fear_of_holder: "log-hazard", 0.0..1000.0, "What fear of an enemy of the group, in near-complete control of the place, takes from the log-hazard in the engine's own rule.";
        clan_inside: "share", 0.0..1.0, "Members of his clan in the group, as a share of the clan's men.";
        clan_harmed: "yes or no", 0.0..1.0, "Whether an enemy of the group killed people of his clan.";
        days_since_clan_harmed: "d", 0.0..36500.0, "Days since one last did; 36,500 where none did.";
        group_distance: "share", 0.0..1.0, "Distance of his positions from the group's cause; 1/2 unless the mechanism causes runs.";
        candidate_age: "years", 0.0..120.0, "His age on the first day.";
    }
    Voice {
        conviction_before: "log-odds", -20.0..20.0, "Conviction before the news.";
        lost_kin: "yes or no", 0.0..1.0, "Whether the news is of kin killed, not of the home alone.";
        commander_from_home: "yes or no", 0.0..1.0, "Whether his commander is of the same place.";
    }
}

impl Slot {
    /// Where in [`GIVEN`] what it offers stands.
    pub(crate) fn given(self) -> core::ops::Range<usize> {
        let first = GIVEN.iter().position(|given| given.slot == self).unwrap_or(0);
        let n = GIVEN.iter().filter(|given| given.slot == self).count();
        first..first + n
    }
}

/// What a rule is, and what it may name.
#[derive(Debug)]
pub struct RuleInfo {
    /// The slot that it fills, or a part of it.
    pub slot: Slot,
    low: f64,
    high: f64,
    /// The quantities of [`GIVEN`] that it may name.
    given: &'static [&'static str],
    names: Names,
}

/// The quantities that a rule of conviction is to say.
const CONVICTIONS: [&str; 3] = ["conviction", "conviction_of_fight", "conviction_of_rule"];

/// What of a member a rule may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Every quantity and state.
    Member,
    /// The same without his conviction, which it is to say.
    MemberButConviction,
    /// Nothing: it's about one who is no member yet.
    Nobody,
}

macro_rules! rules {
    ($($variant:ident = $slot:ident $key:literal $low:literal..$high:literal $names:ident [$($given:ident),*], $meaning:literal;)*) => {
        /// A rule of a slot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Rule {
            $(#[doc = $meaning] $variant,)*
        }

        impl Rule {
            /// Every rule, slot by slot.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its key in the table of its slot.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)* }
            }

            /// What it says.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }

            /// What it is.
            pub fn info(self) -> &'static RuleInfo {
                static INFOS: &[RuleInfo] = &[$(RuleInfo {
                    slot: Slot::$slot,
                    low: $low,
                    high: $high,
                    given: &[$(stringify!($given)),*],
                    names: Names::$names,
                },)*];
                &INFOS[self as usize]
            }
        }
    };
}

rules! {
    Conviction = Belief "conviction" -1000.0..1000.0 MemberButConviction [
        moved, claim_evidence, claim_from_kin, claim_from_rivals, claim_from_outside, claim_denials
    ],
        "His conviction of a claim of his group, in log-odds, from what he saw and heard. Where the mechanism causes runs it is asked of both claims, and conviction is their mean by his own weights; elsewhere of one. It counts wherever conviction does: leaving, complaints, a unit that follows its commander, and what the tables show.";
    Daily = Belief "daily" -10.0..10.0 Member [moved, unit_conviction, kin_conviction],
        "What every evening adds to `moved`, which `conviction` has to name; 0 by default.";
    Trust = Belief "trust_in_command" 0.0..1.0 Member [moved],
        "How far he believes his command where it denies what he hears at second hand, 0 to 1; it lowers the chance that he blames his group. 0 by default.";
    Host = Destination "host" -20.0..20.0 Member [host_vouched, host_at_attacked_home, host_distance, host_suspicion, host_victory],
        "Log-odds of going over to a group in reach that is at war with his, over going home; asked for each such group.";
    Abroad = Destination "abroad" -20.0..20.0 Member [],
        "Log-odds of leaving the country, over going home.";
    Join = Joining "log_hazard" -30.0..10.0 Nobody [
        group_control, group_pay, group_gain, group_outlook, group_support, fear_of_holder, clan_inside, clan_harmed,
        days_since_clan_harmed, group_distance, candidate_age
    ],
        "What the log-hazard of joining a group in reach is above that of `joining.per_month`; asked of idle men of 15 to 40, for each group that takes men and has some left to take.";
    Complain = Voice "complains" 0.0..1.0 Member [conviction_before, lost_kin, commander_from_home],
        "Chance that he complains on the day he learns that his group attacked his home or killed his kin.";
    Accept = Voice "accepts" 0.0..1.0 Member [conviction_before, lost_kin, commander_from_home],
        "Chance that he accepts what he is offered when he complained.";
}

impl Rule {
    /// The rule of a key in the table of a slot.
    pub fn of(slot: Slot, key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.info().slot == slot && rule.key() == key)
    }

    /// The rules of a slot.
    pub fn of_slot(slot: Slot) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |rule| rule.info().slot == slot)
    }

    /// Between which ends its value is kept.
    pub fn range(self) -> (f64, f64) {
        (self.info().low, self.info().high)
    }

    /// A value kept between its ends.
    pub(crate) fn kept(self, value: f64) -> f64 {
        value.clamp(self.info().low, self.info().high)
    }

    /// An interval kept between its ends.
    pub(crate) fn kept_interval(self, interval: Interval) -> Interval {
        Interval { low: self.kept(interval.low), high: self.kept(interval.high) }
    }

    /// Whether it may name what a slot offers, by its place in [`GIVEN`].
    pub(crate) fn may_name_given(self, at: usize) -> bool {
        GIVEN[at].slot == self.info().slot && self.info().given.contains(&GIVEN[at].name)
    }

    /// Whether it may name a quantity of a member, by its place in [`QUANTITIES`].
    pub(crate) fn may_name_quantity(self, at: usize) -> bool {
        match self.info().names {
            Names::Member => true,
            Names::MemberButConviction => !CONVICTIONS.contains(&QUANTITIES[at].name),
            Names::Nobody => false,
        }
    }

    /// Whether it may name a state.
    pub(crate) fn may_name_states(self) -> bool {
        self.info().names != Names::Nobody
    }

    /// What it may name, in words.
    pub fn vocabulary(self) -> String {
        let of_member = match self.info().names {
            Names::Member => "quantities of the member, states",
            Names::MemberButConviction => "quantities of the member but convictions, states",
            Names::Nobody => "",
        };
        let given = self.info().given.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let parts = [of_member, &given, "parameters"];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::{GIVEN, QUANTITIES, Rule, Slot};
    use crate::theory::Unit;

    #[test]
    fn what_slots_offer_has_names_of_its_own_and_known_units() {
        let mut names: Vec<&str> =
            GIVEN.iter().map(|given| given.name).chain(QUANTITIES.iter().map(|quantity| quantity.name)).collect();
        let n_all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n_all);
        for given in GIVEN {
            assert!(Unit::parse(given.unit).is_some() && given.range().0 < given.range().1, "{}", given.name);
        }
        for slot in Slot::ALL {
            assert!(GIVEN[slot.given()].iter().all(|given| given.slot == *slot));
        }
    }

    #[test]
    fn rules_name_only_what_their_slots_offer_and_everything_is_named_by_some_rule() {
        for &rule in Rule::ALL {
            let info = rule.info();
            let known = |name: &&&str| GIVEN.iter().any(|given| given.slot == info.slot && given.name == **name);
            assert!(info.given.iter().all(|name| known(&name)), "{}", rule.key());
            assert_eq!(Rule::of(info.slot, rule.key()), Some(rule));
        }
        for (at, given) in GIVEN.iter().enumerate() {
            assert!(Rule::ALL.iter().any(|rule| rule.may_name_given(at)), "{}", given.name);
        }
    }
}
