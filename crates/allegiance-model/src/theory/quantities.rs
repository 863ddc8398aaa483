//! What a person, his unit, his home, his group and the day offer to a theory:
//! one list, from which names are looked up, units and ranges are checked, the
//! engine reads, and the reference page is written.
//!
//! A quantity is kept within its range, so that what is derived from the range
//! holds for every value.

use super::interval::Interval;
use super::ties::{kin_in, kin_of, shares_of_unit};
use crate::acceptance;
use crate::belief::{self, Source, SourceJudgement};
use crate::causes::Claim;
use crate::deterrence;
use crate::exits::blocks::Member;
use crate::exits::{BLOCKS, losses, share_from_one_area};
use crate::expectation;
use crate::interventions::pay_usd;
use crate::model::Model;
use crate::muster::{is_on_leave, whereabouts};
use crate::operations;

/// How a quantity can change while nothing touches a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Changes {
    /// Not at all: whatever changes it touches him.
    Never,
    /// It only rises.
    Rises,
    /// As conviction does: claims lower it by so much before all in his unit are
    /// looked at again.
    AsConviction,
    /// As the conviction of a claim does.
    AsConvictionOf(Claim),
    /// As claims do that units hear: it rises by so many before all in his unit are
    /// looked at again.
    AsClaims,
    /// In any way.
    Freely,
}

/// Whose a quantity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The member himself.
    Person,
    /// His unit.
    Unit,
    /// His home, or where he is.
    Place,
    /// His group.
    Group,
}

impl Of {
    /// Every owner, in the order of documents.
    pub const ALL: [Self; 4] = [Self::Person, Self::Unit, Self::Place, Self::Group];

    /// The heading of its quantities.
    pub fn title(self) -> &'static str {
        match self {
            Self::Person => "The member",
            Self::Unit => "His unit",
            Self::Place => "His home and where he is",
            Self::Group => "His group and the war",
        }
    }
}

/// One quantity that a theory can name.
#[derive(Debug)]
pub struct Quantity {
    /// Its name in expressions.
    pub name: &'static str,
    /// Whose it is.
    pub of: Of,
    /// Its unit.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    low: f64,
    high: f64,
    pub(crate) changes: Changes,
    read: fn(&Model<'_>, Member) -> f64,
}

impl Quantity {
    /// The least and the most that it is.
    pub fn range(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Its value for a member today.
    pub(crate) fn value(&self, model: &Model<'_>, member: Member) -> f64 {
        self.kept((self.read)(model, member))
    }

    /// A value kept within its range.
    pub(crate) fn kept(&self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }

    /// Whether it's the same for everybody in a unit, and at hand.
    pub(crate) fn is_of_unit(&self) -> bool {
        const OF_UNIT: [&str; 9] = [
            "unit_size",
            "unit_losses",
            "unit_exits",
            "capture_risk",
            "group_losses",
            "group_momentum",
            "group_territory",
            "victory",
            "day",
        ];
        OF_UNIT.contains(&self.name)
    }

    /// Where it can lie until something touches the member, who hears at most so many
    /// claims before.
    pub(crate) fn until_touched(&self, model: &Model<'_>, member: Member, n_unheard: f64) -> Interval {
        let whole = Interval { low: self.low, high: self.high };
        match self.changes {
            Changes::Never => Interval::of(self.value(model, member)),
            Changes::Rises => Interval { low: self.value(model, member), ..whole },
            Changes::AsConviction => self.down_from(model, belief::lowest_conviction(model, member.row)),
            Changes::AsConvictionOf(claim) => self.down_from(model, belief::lowest_of(model, member.row, claim)),
            Changes::AsClaims => {
                let now = self.value(model, member);
                Interval { low: now, high: (now + n_unheard).clamp(self.low, self.high) }
            }
            Changes::Freely => whole,
        }
    }

    /// Where a conviction can lie that claims can lower so far.
    fn down_from(&self, model: &Model<'_>, lowest: f64) -> Interval {
        Interval { low: (lowest - belief::most_slack(model)).clamp(self.low, self.high), high: self.high }
    }
}

/// How far claims can have lowered convictions before a unit's ceilings are
/// computed again, with room to spare (`MAX_CLAIM_SLACK` in `news`, `MAX_SLACK`
/// in `causes`).
pub(crate) const MOST_SLACK: f64 = 0.6;
/// How many claims of any kind a unit hears at most before its ceilings are
/// computed again, where a theory follows from them.
pub(crate) const MOST_UNHEARD: u8 = 8;
/// Days that stand for never.
pub(crate) const NEVER_DAYS: f64 = 36_500.0;
/// The distance that stands for farther, and for no home in the region.
const FAR_KM: f64 = 60.0;

/// Where a built-in block's quantity lies; it's kept within.
pub(crate) const BLOCK_INTERVAL: Interval = Interval { low: -50.0, high: 50.0 };

/// The column of the block that a name such as `block_belief` stands for.
pub(crate) fn block_named(name: &str) -> Option<usize> {
    let word = name.strip_prefix("block_").filter(|word| *word != "own")?;
    BLOCKS.iter().position(|block| block.cause.word() == word)
}

/// Yes or no, as expressions have it.
pub(crate) fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

fn days_since(model: &Model<'_>, day: Option<u32>) -> f64 {
    day.map_or(NEVER_DAYS, |day| f64::from(model.day - day))
}

macro_rules! quantities {
    ($($of:ident { $($name:ident: $unit:literal, $low:literal..$high:literal, $changes:expr, $meaning:literal, $read:expr;)* })*) => {
        /// Every quantity, by owner.
        pub static QUANTITIES: &[Quantity] = &[$($(Quantity {
            name: stringify!($name),
            of: Of::$of,
            unit: $unit,
            meaning: $meaning,
            low: $low,
            high: $high,
            changes: $changes,
            read: $read,
        },)*)*];
    };
}

quantities! {
    Person {
        conviction: "log-odds", -20.0..20.0, Changes::AsConviction, "Conviction: log-odds that his group serves its cause, under the theory of belief.",
            |model, member| belief::conviction_now(model, member.row);
        conviction_of_fight: "log-odds", -20.0..20.0, Changes::AsConvictionOf(Claim::Fight), "Conviction that his group fights those whom he joined against.",
            |model, member| belief::conviction_of(model, member.row, Claim::Fight);
        conviction_of_rule: "log-odds", -20.0..20.0, Changes::AsConvictionOf(Claim::Rule), "Conviction that it rules over his own as it should.",
            |model, member| belief::conviction_of(model, member.row, Claim::Rule);
        weight_of_fight: "share", 0.0..1.0, Changes::Never, "His own weight of the first of these two; conviction is their mean by it.",
            |model, member| belief::heard(model, member.row).fight_weight;
        conviction_on_joining: "log-odds", -20.0..20.0, Changes::Never, "Conviction when he joined.",
            |model, member| model.people.mind(member.row).hearing.prior_conviction;
        evidence: "log-odds", 0.0..1000.0, Changes::Never, "Direct evidence against his group: what he witnessed, and kin killed.",
            |model, member| model.people.mind(member.row).hearing.evidence;
        claims_from_kin: "1", 0.0..10000.0, Changes::Never, "Accusations of his group heard from kin and neighbours.",
            |model, member| f64::from(model.people.mind(member.row).hearing.n_kin);
        claims_from_rivals: "1", 0.0..10000.0, Changes::AsClaims, "Accusations of his group heard from rival groups.",
            |model, member| f64::from(belief::heard(model, member.row).told().n_rivals);
        claims_from_outside: "1", 0.0..10000.0, Changes::AsClaims, "Accusations of his group heard from outside media.",
            |model, member| f64::from(belief::heard(model, member.row).told().n_outside);
        denials: "1", 0.0..10000.0, Changes::AsClaims, "Denials and justifications heard from his own command.",
            |model, member| f64::from(belief::heard(model, member.row).told().n_denials);
        contradictions: "1", 0.0..10000.0, Changes::Never, "Times that he saw for himself that his command lied.",
            |model, member| f64::from(model.people.mind(member.row).hearing.n_contradictions);
        released: "share", 0.0..1.0, Changes::Never, "Share of bad news that contradictions have released, after `belief.release` each: 1 - (1 - release) to their number.",
            |model, member| model.people.mind(member.row).hearing.released;
        honesty_of_command: "probability", 0.0..1.0, Changes::Freely, "Chance that his command is an honest source, as one who judges sources by what they said (theory source_credibility) finds it.",
            |model, member| judged(model, member).honesty[Source::OwnCommand as usize];
        credence: "probability", 0.0..1.0, Changes::Freely, "Chance that the accusations he heard are honest and true, judged in the same way.",
            |model, member| judged(model, member).credence;
        home_attacked: "yes or no", 0.0..1.0, Changes::Never, "Whether his group attacked his home since he joined it, as he believes.",
            |model, member| flag(model.people.mind(member.row).grievance.home_attacked.is_some());
        days_since_home_attacked: "d", 0.0..36500.0, Changes::Rises, "Days since his group last attacked his home, 0 on the day; 36,500 where it never did.",
            |model, member| days_since(model, model.people.mind(member.row).grievance.home_attacked.map(|(day, _)| day));
        kin_killed: "yes or no", 0.0..1.0, Changes::Never, "Whether his group killed kin of his since he joined it.",
            |model, member| flag(model.people.mind(member.row).grievance.kin_killed.is_some());
        days_since_kin_killed: "d", 0.0..36500.0, Changes::Rises, "Days since his group last killed kin of his, 0 on the day; 36,500 where it never did.",
            |model, member| days_since(model, model.people.mind(member.row).grievance.kin_killed.map(|(day, _)| day));
        is_settled: "yes or no", 0.0..1.0, Changes::Freely, "Whether an answer to his complaint still settles his grievance.",
            |model, member| flag(model.people.mind(member.row).grievance.settled_until > model.day);
        offer_refused: "yes or no", 0.0..1.0, Changes::Freely, "Whether he refused what he was offered for a grievance.",
            |model, member| flag(model.people.mind(member.row).grievance.offer_refused);
        on_leave: "yes or no", 0.0..1.0, Changes::Freely, "Whether he is at home on leave today.",
            |model, member| flag(is_on_leave(model, member.row));
        motive_ideology: "share", 0.0..1.0, Changes::Never, "Weight of ideology among his motives; the three sum to 1.",
            |model, member| model.people.mind(member.row).motives.ideology;
        motive_material: "share", 0.0..1.0, Changes::Never, "Weight of pay among his motives.",
            |model, member| model.people.mind(member.row).motives.material;
        motive_social: "share", 0.0..1.0, Changes::Never, "Weight of ties among his motives.",
            |model, member| model.people.mind(member.row).motives.social;
        exit_threshold: "share", 0.0..1.0, Changes::Never, "Share of known exits at which he follows.",
            |model, member| model.people.mind(member.row).exit_threshold;
        pay: "USD/month", 0.0..100_000.0, Changes::Never, "His pay today; that of foreigners in the proportion of the first day.",
            own_pay;
        pay_on_first_day: "USD/month", 0.0..100_000.0, Changes::Never, "Pay of his group's local members on the first day.",
            |model, member| model.world.setup.groups[member.group.idx()].pay_usd_per_month;
        is_foreign: "yes or no", 0.0..1.0, Changes::Never, "Whether he is foreign.",
            |model, member| flag(model.people.at(member.row).is_foreign);
        is_forced: "yes or no", 0.0..1.0, Changes::Never, "Whether he was made to join; nobody was unless the mechanism entry runs.",
            |model, member| flag(model.people.mind(member.row).is_forced);
        is_female: "yes or no", 0.0..1.0, Changes::Never, "Whether the member is a woman or a girl.",
            |model, member| flag(model.people.at(member.row).is_female);
        age: "years", 0.0..120.0, Changes::Never, "Age on the first day.",
            |model, member| f64::from(model.people.at(member.row).age);
        rank: "1", 0.0..3.0, Changes::Freely, "0 rank and file, 1 commander of a unit, 2 of several, 3 leadership.",
            |model, member| f64::from(model.people.at(member.row).rank as u8);
        is_commander: "yes or no", 0.0..1.0, Changes::Freely, "Whether he commands his unit.",
            |model, member| flag(model.units.at(member.unit).commander == Some(member.row));
        days_served: "d", 0.0..36500.0, Changes::Rises, "Days since he came to his group, or since the first day.",
            |model, member| f64::from(model.day - model.people.mind(member.row).joined_day);
        wounds: "1", 0.0..1000.0, Changes::Freely, "Times that he was wounded.",
            |model, member| f64::from(model.people.at(member.row).n_wounds);
        is_newcomer: "yes or no", 0.0..1.0, Changes::Freely, "Whether he came over from another group; nobody unless the mechanism acceptance runs.",
            |model, member| flag(acceptance::level(model, member.row).is_some());
        acceptance: "share", 0.0..1.0, Changes::Freely, "How far his group accepts him; 1 of who didn't come over from another.",
            |model, member| acceptance::level(model, member.row).unwrap_or(1.0);
        kin_in_group: "persons", 0.0..100_000.0, Changes::Freely, "Members of his clan in his own group besides himself.",
            |model, member| kin_in(model, member.row, member.group) - 1.0;
        kin_with_enemies: "persons", 0.0..100_000.0, Changes::Freely, "Members of his clan in groups at war with his where his unit is.",
            |model, member| {
                let here = model.units.at(member.unit).place;
                kin_of(model, member.row, |group| model.groups.at_war_at(here, member.group, group))
            };
    }
    Unit {
        unit_size: "persons", 0.0..100_000.0, Changes::Freely, "Active members of his unit.",
            |model, member| model.world.setup.scaled_up(f64::from(model.units.at(member.unit).n_active));
        unit_losses: "share", 0.0..1.0, Changes::Freely, "Members of his unit killed and wounded in the last 30 days, as a share of them and of those who are left.",
            |model, member| losses::of_unit(model, member.unit);
        unit_exits: "share", 0.0..1.0, Changes::Freely, "Exits that his unit knows of as a share of them and of its members, with a half-life of 30 days.",
            |model, member| model.units.at(member.unit).exit_share(model.day);
        unit_from_one_area: "share", 0.0..1.0, Changes::Freely, "Share of his unit that comes from its commonest subdistrict.",
            |model, member| share_from_one_area(model, member.unit);
        unit_foreign: "share", 0.0..1.0, Changes::Freely, "Share of his unit that is foreign.",
            |model, member| shares_of_unit(model, member.unit).foreign();
        unit_forced: "share", 0.0..1.0, Changes::Freely, "Share of his unit that was made to join.",
            |model, member| shares_of_unit(model, member.unit).forced();
        unit_kin: "share", 0.0..1.0, Changes::Freely, "Share of his unit that is of his clan, himself included.",
            |model, member| shares_of_unit(model, member.unit).of_clan(model.people.at(member.row).clan);
        capture_risk: "probability", 0.0..1.0, Changes::Freely, "What his unit thinks is the risk of being caught on leaving, in deep territory.",
            |model, member| deterrence::perceived_risk(model, Some(member.unit));
    }
    Place {
        has_home: "yes or no", 0.0..1.0, Changes::Never, "Whether he has a home among the scenario's places.",
            |model, member| flag(model.people.at(member.row).home.is_some());
        distance_home: "km", 0.0..60.0, Changes::Freely, "Distance from his unit to his home; 60 where it's farther, and where he has none.",
            |model, member| {
                let from = model.units.at(member.unit).place;
                let home = model.people.at(member.row).home;
                home.and_then(|home| model.world.geography.distance_km(from, home)).unwrap_or(FAR_KM)
            };
        home_held: "share", 0.0..1.0, Changes::Freely, "His group's control of his home; 0 without one.",
            |model, member| model.people.at(member.row).home.map_or(0.0, |home| model.places.share(home, member.group));
        home_held_by_enemies: "share", 0.0..1.0, Changes::Freely, "Control of his home by groups at war with his there; 0 without one.",
            |model, member| model.people.at(member.row).home.map_or(0.0, |home| operations::enemy_share(model, member.group, home));
        home_deaths: "persons", 0.0..1_000_000.0, Changes::Freely, "Civilians killed at his home of late, fading over 30 days; 0 without one.",
            |model, member| {
                let home = model.people.at(member.row).home;
                home.map_or(0.0, |home| model.world.setup.scaled_up(model.places.recent_deaths[home.idx()]))
            };
        reprisals_at_home: "1", 0.0..10000.0, Changes::Freely, "Reprisals of his group on the kin of leavers that his home knows of.",
            |model, member| {
                let cell = |home| model.places.kin_reprisals[model.places.cell(home, member.group)];
                model.people.at(member.row).home.map_or(0.0, |home| f64::from(cell(home)))
            };
        here_held: "share", 0.0..1.0, Changes::Freely, "His group's control of where he is.",
            |model, member| {
                let here = whereabouts(model, member.row).unwrap_or(model.units.at(member.unit).place);
                model.places.share(here, member.group)
            };
    }
    Group {
        group_losses: "share", 0.0..1.0, Changes::Freely, "Members of his group killed and wounded in the last 30 days, as a share of them and of those who are left.",
            |model, member| losses::of_group(model, member.group);
        group_momentum: "share", -1.0..1.0, Changes::Freely, "Territory that his group gains or loses, smoothed over 60 days.",
            |model, member| model.groups.momentum[member.group.idx()];
        group_territory: "share", 0.0..1.0, Changes::Freely, "Share of the population under his group's control.",
            |model, member| model.groups.territory[member.group.idx()];
        victory: "log-odds", -10.0..10.0, Changes::Freely, "Log-odds of victory as his group sees it; 0 unless the mechanism expectation runs.",
            |model, member| expectation::logit(model, member.group);
        victory_on_joining: "log-odds", -10.0..10.0, Changes::Never, "The same when he joined.",
            |model, member| model.people.mind(member.row).joined_outlook;
        day: "d", 0.0..36500.0, Changes::Rises, "Days since the first day of the scenario.",
            |model, _| f64::from(model.day);
    }
}

fn judged(model: &Model<'_>, member: Member) -> SourceJudgement {
    model.world.belief.judge(&belief::heard(model, member.row))
}

/// A member's pay; that of the foreign in the proportion of the first day.
fn own_pay(model: &Model<'_>, member: Member) -> f64 {
    let spec = &model.world.setup.groups[member.group.idx()];
    let pay = pay_usd(model, member.group);
    if model.people.at(member.row).is_foreign && spec.pay_usd_per_month > 0.0 {
        pay * spec.pay_foreign_usd_per_month / spec.pay_usd_per_month
    } else {
        pay
    }
}
