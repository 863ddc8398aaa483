//! State: one plain struct for each person, unit, place, group and incident.

use super::causes::Deeds;
use super::sieges::Siege;
use crate::belief::{Heard, Told};
use crate::ids::{ClanId, GroupId, HouseholdId, IncidentId, PersonId, PlaceId, UnitId};
use crate::leave::Rota;
use crate::random::{Draws, Purpose};
use crate::setup::{GroupSetup, Lever, Motives, PlaceSetup, Policy};
use crate::tables::{Channel, IncidentKind, Rank, Standing};
use crate::traits::{demography, exit_threshold};
use crate::world::World;
use std::ops::Range;

/// What ends a time away from duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Return {
    /// A wounded member recovers.
    Recovery,
    /// A wounded member dies of what an incident did to him, on the side that it
    /// was done to or on the other.
    DeathOfWounds { incident: IncidentId, is_of_target: bool },
    /// A prisoner or detained member is freed.
    Release,
    /// A prisoner is let go home.
    Parole,
    /// A prisoner enters the service of his captor.
    Recruitment,
}

/// When somebody's time away from duty ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Due {
    pub(super) day: u32,
    /// Running number of what was put on a day.
    pub(super) nth: u32,
    pub(super) what: Return,
}

/// The new side's suspicion of a former enemy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Suspicion {
    pub(super) since: u32,
    pub(super) on_arrival: f64,
    pub(super) n_wounds_since: u32,
}

/// How far the present group accepts one who came over to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Acceptance {
    pub(super) level: f64,
    pub(super) since: u32,
    pub(super) is_vouched: bool,
    pub(super) lost_kin: bool,
    /// Wounds that have been counted.
    pub(super) n_wounds: u32,
}

/// One person, touched by history or not.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about a person of its own")]
pub(super) struct Person {
    pub(super) id: PersonId,
    pub(super) home: Option<PlaceId>,
    pub(super) household: Option<HouseholdId>,
    pub(super) clan: Option<ClanId>,
    pub(super) is_foreign: bool,
    pub(super) is_female: bool,
    pub(super) age: u8,
    pub(super) leave_phase: Option<u32>,
    pub(super) exit_threshold: f64,
    pub(super) motives: Motives,
    /// How many people history touched before this one, if it did.
    pub(super) row: Option<u32>,
    pub(super) standing: Standing,
    pub(super) first_group: Option<GroupId>,
    /// The group served; kept by the dead.
    pub(super) group: Option<GroupId>,
    pub(super) old_group: Option<GroupId>,
    pub(super) unit: Option<UnitId>,
    pub(super) rank: Rank,
    /// Running number of the entry into that unit.
    pub(super) nth_enlisted: u32,
    pub(super) captor: Option<GroupId>,
    pub(super) due: Option<Due>,
    pub(super) n_wounds: u32,
    pub(super) left_day: Option<u32>,
    /// Running number among those who left a group, by decision.
    pub(super) nth_leaver: Option<u32>,
    /// Running number among those whom another group took in under suspicion.
    pub(super) nth_newcomer: Option<u32>,
    /// Who killed this civilian, and when.
    pub(super) killed_by: Option<(GroupId, u32)>,
    /// All that he saw of his group, and heard from kin, since he came to his unit.
    pub(super) heard: Heard,
    /// What he was told of whom his group fights.
    pub(super) told_of_fight: Told,
    /// What he was told of how it rules.
    pub(super) told_of_rule: Told,
    /// Day and incident of the last attack by the own group on the home.
    pub(super) home_attacked: Option<(u32, IncidentId)>,
    /// Day and incident of the last killing of kin by the own group.
    pub(super) kin_killed: Option<(u32, IncidentId)>,
    /// Until when a settlement eases both.
    pub(super) settled_until: u32,
    /// Whether he refused what he was offered for it.
    pub(super) offer_refused: bool,
    /// How the war looked to his group when he joined it, log-odds.
    pub(super) joined_outlook: f64,
    /// The day on which he came to his group.
    pub(super) joined_day: u32,
    /// Whether he was made to join his group.
    pub(super) is_forced: bool,
    /// What a theory of its own keeps of him: values with the days from which they fade.
    pub(super) kept: Vec<(f64, u32)>,
    pub(super) suspicion: Option<Suspicion>,
    pub(super) acceptance: Option<Acceptance>,
    /// Conviction on last leaving a group.
    pub(super) conviction_on_leaving: f64,
    /// The day on which he last came to a unit, and where he was then.
    pub(super) entered: Option<(u32, PlaceId)>,
}

impl Person {
    pub(super) fn is_active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// Whether news of his group's deeds can reach him as its member.
    pub(super) fn is_reachable_member_of(&self, group: GroupId) -> bool {
        self.group == Some(group) && matches!(self.standing, Standing::Active | Standing::Wounded)
    }
}

fn someone(world: &World, id: PersonId) -> Person {
    let third = 1.0 / 3.0;
    Person {
        id,
        home: None,
        household: None,
        clan: None,
        is_foreign: false,
        is_female: false,
        age: 0,
        leave_phase: None,
        exit_threshold: exit_threshold(&world.population_draws, &world.setup.parameters.traits, id),
        motives: Motives { ideology: third, material: third, social: third },
        row: None,
        standing: Standing::Civilian,
        first_group: None,
        group: None,
        old_group: None,
        unit: None,
        rank: Rank::RankAndFile,
        nth_enlisted: 0,
        captor: None,
        due: None,
        n_wounds: 0,
        left_day: None,
        nth_leaver: None,
        nth_newcomer: None,
        killed_by: None,
        heard: Heard::nothing(0.0),
        told_of_fight: Told::default(),
        told_of_rule: Told::default(),
        home_attacked: None,
        kin_killed: None,
        settled_until: 0,
        offer_refused: false,
        joined_outlook: 0.0,
        joined_day: 0,
        is_forced: false,
        kept: Vec::new(),
        suspicion: None,
        acceptance: None,
        conviction_on_leaving: 0.0,
        entered: None,
    }
}

/// Everyone who lives in a place, in order of number.
pub(super) fn inhabitants(world: &World, draws: Draws, rota: Rota) -> Vec<Person> {
    let mut people = Vec::new();
    for place_idx in 0..world.setup.places.len() {
        let place = PlaceId::from_idx(place_idx);
        for number in world.kinship.people_of_place(place) {
            let id = PersonId(number);
            let who = demography(&world.population_draws, &world.setup.parameters.traits, id);
            let household = world.kinship.household_of(id, place);
            people.push(Person {
                home: Some(place),
                household: Some(household),
                clan: Some(world.kinship.clan_of(household)),
                is_female: who.is_female,
                age: who.age,
                leave_phase: Some(rota.phase(&draws, id)),
                ..someone(world, id)
            });
        }
    }
    people
}

/// A man of 18 to 37 from outside the region.
pub(super) fn outsider(world: &World, id: PersonId, is_foreign: bool) -> Person {
    let age = 18 + (20.0 * world.population_draws.uniform(Purpose::Person, id.0, 2, 0)) as u8;
    Person { is_foreign, age, ..someone(world, id) }
}

/// One unit; its members are those who say so.
#[derive(Debug, Clone)]
pub(super) struct Unit {
    pub(super) group: GroupId,
    pub(super) place: PlaceId,
    pub(super) commander: Option<PersonId>,
    /// The last day on which it fought or marched.
    pub(super) acted_day: Option<u32>,
    /// The days on which it comes to know of each exit that succeeded.
    pub(super) exits_known: Vec<u32>,
    /// Captures of its leavers.
    pub(super) n_captures: u32,
    /// The day of each member killed or wounded.
    pub(super) losses: Vec<u32>,
    /// The days on which it came to know of executions of leavers.
    pub(super) executions_known: Vec<u32>,
    /// To whom somebody who came over told of it, and when.
    pub(super) told_of: Vec<(GroupId, u32)>,
}

impl Unit {
    pub(super) fn new(group: GroupId, place: PlaceId) -> Self {
        Self {
            group,
            place,
            commander: None,
            acted_day: None,
            exits_known: Vec::new(),
            n_captures: 0,
            losses: Vec::new(),
            executions_known: Vec::new(),
            told_of: Vec::new(),
        }
    }
}

/// One place.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Control share of each group.
    pub(super) control: Vec<f64>,
    /// The same as last recorded.
    pub(super) control_recorded: Vec<f64>,
    /// Active members of each group who were stationed here this morning.
    pub(super) force: Vec<u32>,
    /// What harm did to the support for each group, log-odds.
    pub(super) support: Vec<f64>,
    /// Reprisals of each group on leavers' kin.
    pub(super) kin_reprisals: Vec<u32>,
    /// Civilian deaths, fading.
    pub(super) recent_deaths: f64,
    pub(super) assault_day: Option<u32>,
    pub(super) siege: Option<Siege>,
    /// Households away.
    pub(super) n_away: u32,
    /// Whether each of its households is away.
    pub(super) is_away: Vec<bool>,
    /// Who ruled it, evening by evening.
    pub(super) rulers: Vec<GroupId>,
}

impl Place {
    fn new(setup: &PlaceSetup, n_groups: usize, n_households: u32) -> Self {
        Self {
            control: setup.control.clone(),
            control_recorded: vec![0.0; n_groups],
            force: vec![0; n_groups],
            support: vec![0.0; n_groups],
            kin_reprisals: vec![0; n_groups],
            recent_deaths: 0.0,
            assault_day: None,
            siege: None,
            n_away: 0,
            is_away: vec![false; n_households as usize],
            rulers: Vec::new(),
        }
    }
}

/// Every place as it stands on the first day.
pub(super) fn places(world: &World) -> Vec<Place> {
    let n_households = |place_idx| world.kinship.n_households(PlaceId::from_idx(place_idx));
    let places = world.setup.places.iter().enumerate();
    places.map(|(idx, place)| Place::new(place, world.setup.n_groups(), n_households(idx))).collect()
}

/// One group.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) is_alive: bool,
    pub(super) pay_usd: f64,
    pub(super) strikes_per_month: f64,
    pub(super) revenue_usd: Option<f64>,
    pub(super) paid_share: f64,
    pub(super) discipline: f64,
    /// What events add to the log-odds of victory.
    pub(super) shock: f64,
    /// Members who come from outside: rank, whether foreign, and rate.
    pub(super) inflow: Vec<(Rank, bool, f64)>,
    /// How many inhabitants it could raise on a day, and the joins recorded
    /// before.
    pub(super) conscripts: Option<(u32, usize)>,
    pub(super) momentum: f64,
    /// Share of the population under its control on the evening before.
    pub(super) territory: f64,
    /// The same before the first day and on every evening.
    pub(super) ground: Vec<f64>,
    /// Log-odds of victory.
    pub(super) outlook: f64,
    /// Share killed or wounded of late, as of when its members decide.
    pub(super) losses: f64,
    pub(super) levers: [f64; Lever::ALL.len()],
    /// The unit that was last raised for former prisoners.
    pub(super) unit_of_recruits: Option<UnitId>,
    /// What the timeline made of its policies.
    pub(super) changed_policies: Vec<(Policy, f64)>,
    /// What is known of its doings.
    pub(super) deeds: Deeds,
}

impl Group {
    pub(super) fn new(setup: &GroupSetup) -> Self {
        Self {
            is_alive: true,
            pay_usd: setup.pay_usd_per_month,
            strikes_per_month: setup.strikes_per_month,
            revenue_usd: None,
            paid_share: 1.0,
            discipline: setup.discipline,
            shock: 0.0,
            inflow: Vec::new(),
            conscripts: None,
            momentum: 0.0,
            territory: 0.0,
            ground: Vec::new(),
            outlook: 0.0,
            losses: 0.0,
            levers: std::array::from_fn(|lever| if lever == Lever::Amnesty as usize { setup.amnesty } else { 0.0 }),
            unit_of_recruits: None,
            changed_policies: Vec::new(),
            deeds: Deeds::default(),
        }
    }
}

/// One incident and the people in it.
#[derive(Debug, Clone)]
pub(super) struct Incident {
    pub(super) kind: IncidentKind,
    /// Where its draws are addressed.
    pub(super) address: u32,
    pub(super) day: u32,
    pub(super) perpetrator: GroupId,
    pub(super) place: PlaceId,
    /// Who held the place before it.
    pub(super) holder: GroupId,
    /// The clans of the quarter that it hit.
    pub(super) quarter: Range<u32>,
    pub(super) victims: Vec<PersonId>,
    /// Members of the perpetrator who took part.
    pub(super) participants: Vec<PersonId>,
}

impl Incident {
    pub(super) fn dead_civilians(&self) -> u32 {
        self.victims.len() as u32
    }
}

/// An incident on its way to a member.
#[derive(Debug, Clone, Copy)]
pub(super) struct News {
    pub(super) day: u32,
    pub(super) person: PersonId,
    pub(super) incident: IncidentId,
    pub(super) channel: Channel,
}
